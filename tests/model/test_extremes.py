"""One input at a time goes as far as it may: accounts still close, stocks and shares stay what they
are."""

import math

import numpy as np
import pytest

from sim.analysis.reality import BASELINE, World
from sim.analysis.statements import STATEMENTS
from sim.analysis.trials import EVERY_STEP
from sim.engine.integrate import Series
from sim.ensemble.inputs import NOISE, quantiles
from sim.ensemble.simulate import simulate_members

SINCE = 2022.0
"""From when a path goes to its end."""
TAILS = np.array([1e-6, 1 - 1e-6])
CHUNK = 50
OF_USUAL_WORLDS = ("closure_halves_visits",)
"""Statements about what happens, which the right extreme undoes."""


def ends(table):
    """Levers and assumptions at their bounds, uncertain parameters far out: (name, level) each."""
    for name, parameter in table.items():
        own = parameter.distribution
        if parameter.role in ("lever", "assumption"):
            yield from ((name, bound) for bound in parameter.bounds if math.isfinite(bound))
        elif own and own["kind"] != NOISE:
            yield from ((name, float(level)) for level in quantiles(parameter, TAILS))


def inputs_of(some, table):
    """The inputs of as many members, each with one of its inputs changed."""
    given = {}
    for name in {name for name, _ in some}:
        usual = table[name].value
        changed = [(member, level) for member, (own, level) in enumerate(some) if own == name]
        if isinstance(usual, dict):
            years = np.array(sorted({*usual, SINCE - 0.25, SINCE}))
            path = np.interp(years, list(usual), list(usual.values()))
            levels = np.repeat(path[:, None], len(some), axis=1)
            for member, level in changed:
                levels[years >= SINCE, member] = level
            given[name] = Series(years, levels)
        else:
            given[name] = np.full(len(some), float(usual))
            for member, level in changed:
                given[name][member] = level
    return given


@pytest.fixture(scope="module")
def worlds(model, table):
    """What was changed, and the world that it makes, step by step; CHUNK members at a time."""
    found = list(ends(table))
    assert len(found) > 400

    def each():
        for start in range(0, len(found), CHUNK):
            some = found[start : start + CHUNK]
            values = {**inputs_of(some, table), "saveper": 0.125}
            runs = simulate_members(model, values, model.results, members=len(some))
            arrays = {str(name): own.values for name, own in runs.data_vars.items()}
            stocks = tuple(name for name in model.stocks if name in arrays)
            yield some, World(arrays, arrays, runs["time"].values, stocks)

    return each


def test_what_always_holds_holds_where_one_input_goes_as_far_as_it_may(worlds):
    always = [
        statement
        for statement in STATEMENTS
        if statement.trial in (BASELINE, EVERY_STEP) and statement.name not in OF_USUAL_WORLDS
    ]
    assert len(always) > 40
    broken = set()
    for some, world in worlds():
        for statement in always:
            held = np.asarray(statement.holds(world))
            held = held.reshape(len(held), -1).all(axis=1)
            broken |= {(statement.name, *some[member]) for member in np.flatnonzero(~held)}
    assert broken == set()


def test_every_number_stays_one_where_an_input_is_at_a_permitted_bound(model, table):
    found = [
        (name, float(bound))
        for name, parameter in table.items()
        if (parameter.distribution or {}).get("kind") != NOISE
        for bound in parameter.bounds
        if math.isfinite(bound)
    ]
    lost = set()
    for start in range(0, len(found), CHUNK):
        some = found[start : start + CHUNK]
        runs = simulate_members(model, inputs_of(some, table), model.results, members=len(some))
        for values in runs.data_vars.values():
            finite = np.isfinite(values.values).reshape(len(some), -1).all(axis=1)
            lost |= {some[member] for member in np.flatnonzero(~finite)}
    assert lost == set()
