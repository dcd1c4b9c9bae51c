"""Inputs go as far as they may, one at a time and many at once: accounts still close, stocks and
shares stay what they are."""

import math
from types import MappingProxyType

import numpy as np

from sim.analysis.reality import BASELINE, World
from sim.analysis.statements import STATEMENTS
from sim.analysis.trials import EVERY_STEP
from sim.engine.integrate import Series, clock_of
from sim.ensemble.inputs import NOISE, draw_inputs, quantiles
from sim.ensemble.scenario import Scenario
from sim.ensemble.simulate import simulate_members
from sim.text import Text

SINCE = 2022.0
"""From when a path goes to its end."""
TAILS = np.array([1e-6, 1 - 1e-6])
CHUNK = 250
CORNERS = 2000
SEED = 20
OF_USUAL_WORLDS = ("closure_halves_visits",)
"""Statements about what happens, which the right extreme undoes."""
ALWAYS = [
    statement
    for statement in STATEMENTS
    if statement.trial in (BASELINE, EVERY_STEP) and statement.name not in OF_USUAL_WORLDS
]


def ends(table):
    """Levers and assumptions at their bounds, uncertain parameters far out: {name: level} each."""
    for name, parameter in table.items():
        own = parameter.distribution
        if parameter.role in ("lever", "assumption"):
            yield from ({name: bound} for bound in parameter.bounds if math.isfinite(bound))
        elif own and own["kind"] != NOISE:
            yield from ({name: float(level)} for level in quantiles(parameter, TAILS))


def corners(table, count, rng):
    """Every lever and every assumption as usual or at either of its bounds, as chance will have it:
    {name: level} of those at a bound, `count` of them."""
    bounds = {
        name: parameter.bounds
        for name, parameter in table.items()
        if parameter.role in ("lever", "assumption") and all(map(math.isfinite, parameter.bounds))
    }
    for row in rng.integers(3, size=(count, len(bounds))):
        yield {name: bounds[name][at] for name, at in zip(bounds, row, strict=True) if at < 2}


def drawn(model, table, count):
    """Worlds from the priors: an input per uncertain parameter, and the noise."""
    nothing = Scenario("drawn", Text("", ""), Text("", ""))
    inputs = draw_inputs(model, table, [nothing], clock_of(model), count, SEED)
    steps = inputs["step"].values
    for name, column in inputs.variables.items():
        if name in inputs.data_vars and "draw" in column.dims:
            values = np.ascontiguousarray(column.transpose(..., "draw").values)
            yield str(name), Series(steps, values) if "step" in column.dims else values


def inputs_of(changes, table, usual=MappingProxyType({})):
    """The inputs of as many members, each with its own changes of what is usual."""
    given = dict(usual)
    for name in {name for change in changes for name in change}:
        level = table[name].value
        changed = [(member, own[name]) for member, own in enumerate(changes) if name in own]
        if isinstance(level, dict):
            years = np.array(sorted({*level, SINCE - 0.25, SINCE}))
            path = np.interp(years, list(level), list(level.values()))
            levels = np.repeat(path[:, None], len(changes), axis=1)
            for member, own in changed:
                levels[years >= SINCE, member] = own
            given[name] = Series(years, levels)
        else:
            given[name] = np.full(len(changes), float(level))
            for member, own in changed:
                given[name][member] = own
    return given


def world_of(model, values, members):
    """Members step by step, to be held against statements."""
    runs = simulate_members(model, {**values, "saveper": 0.125}, model.results, members=members)
    arrays = {str(name): own.values for name, own in runs.data_vars.items()}
    stocks = tuple(name for name in model.stocks if name in arrays)
    return World(arrays, arrays, runs["time"].values, stocks)


def broken(world):
    """The names of statements that do not hold, each with the members in which they do not."""
    for statement in ALWAYS:
        held = np.asarray(statement.holds(world))
        held = held.reshape(len(held), -1).all(axis=1)
        if not held.all():
            yield statement.name, np.flatnonzero(~held)


def test_what_always_holds_holds_where_one_input_goes_as_far_as_it_may(model, table):
    found = list(ends(table))
    assert len(found) > 400
    assert len(ALWAYS) > 40
    lost = []
    for start in range(0, len(found), CHUNK):
        some = found[start : start + CHUNK]
        world = world_of(model, inputs_of(some, table), len(some))
        lost += [(name, some[member]) for name, members in broken(world) for member in members]
    assert lost == []


def test_what_always_holds_holds_where_many_levers_and_assumptions_go_as_far_as_they_may(
    model, table
):
    worlds = dict(drawn(model, table, CORNERS))
    assert len(worlds) > 150
    found = list(corners(table, CORNERS, np.random.default_rng(SEED)))
    lost = []
    for start in range(0, CORNERS, CHUNK):
        own = slice(start, start + CHUNK)
        usual = {name: _some(values, own) for name, values in worlds.items()}
        world = world_of(model, inputs_of(found[own], table, usual), CHUNK)
        lost += [(name, start + member) for name, members in broken(world) for member in members]
    assert lost == []


def _some(values, members):
    if isinstance(values, Series):
        return Series(values.times, np.ascontiguousarray(values.values[:, members]))
    return values[members]


def test_every_number_stays_one_where_an_input_is_at_a_permitted_bound(model, table):
    found = [
        {name: float(bound)}
        for name, parameter in table.items()
        if (parameter.distribution or {}).get("kind") != NOISE
        for bound in parameter.bounds
        if math.isfinite(bound)
    ]
    lost = []
    for start in range(0, len(found), CHUNK):
        some = found[start : start + CHUNK]
        runs = simulate_members(model, inputs_of(some, table), model.results, members=len(some))
        for values in runs.data_vars.values():
            finite = np.isfinite(values.values).reshape(len(some), -1).all(axis=1)
            lost += [some[member] for member in np.flatnonzero(~finite)]
    assert lost == []
