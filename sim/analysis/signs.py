"""The sign of every link of the causal graph, found by moving each cause a little.

Test of the signed incidence of a model: a link is + where the effect moves with its cause, all
else held (Sterman, Business Dynamics, 2000, section 5.2.1). A stock moves with what raises its
net flow. What lies behind a SMOOTH or DELAY is followed through to its owner.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engine.compile import compile_model
from sim.engine.functions import BUILTINS, LOOKUPS
from sim.engine.graph import acting, opened
from sim.engine.integrate import clock_of
from sim.engine.model import (
    HELD,
    Call,
    Expression,
    Lookup,
    Model,
    Number,
    Reference,
    Table,
    references,
)
from sim.ensemble.inputs import draw_inputs
from sim.ensemble.scenario import Parameter, Scenario
from sim.ensemble.simulate import simulate, varying_dims

Floats = NDArray[np.float64]
Signs = NDArray[np.int8]

STEP = 0.01
"""By how much a cause is raised, relative to its size."""
NOISE = 1e-12
"""Relative to the largest value of the effect: what rounding may do."""


@dataclass(frozen=True)
class Worlds:
    """Sampled worlds: every variable, those behind SMOOTH and DELAY too, as (draw, time)."""

    values: Mapping[str, Floats]
    times: Floats
    dt: float


def sample(
    model: Model,
    table: Mapping[str, Parameter],
    scenario: Scenario,
    draws: int,
    seed: int,
    years: Sequence[float],
) -> Worlds:
    """Worlds of one scenario, at the saved times nearest to some years."""
    whole, clock = opened(model), clock_of(model)
    inputs = draw_inputs(model, table, [scenario], clock, draws, seed)
    system = compile_model(whole, varying_dims(inputs))
    runs = simulate(whole, system, inputs, clock)
    places = [int(np.argmin(np.abs(clock.saved - year))) for year in years]
    values = {str(name): runs.variables[name].values[0][:, places] for name in runs.data_vars}
    return Worlds(values, np.asarray(clock.saved)[places], clock.dt)


def link_signs(model: Model, worlds: Worlds) -> dict[tuple[str, str], Signs]:
    """(cause, effect) → its sign, (draw, time): 1, -1, or 0 where the effect does not move."""
    direct = {
        (cause, name): _sign(model, expression, cause, worlds)
        for name, variable in model.variables.items()
        for expression in acting(variable.definition)
        for cause in dict.fromkeys(references(expression))
        if not isinstance(model.definition(cause), Table)
    }
    return _through_hidden(model, direct)


def _sign(model: Model, expression: Expression, cause: str, worlds: Worlds) -> Signs:
    """The sign of what raising one cause does to an expression."""
    usual = worlds.values[cause]
    size = np.abs(usual)
    largest = float(size.max())
    raised = usual + STEP * np.where(size > 1e-9 * largest, size, largest or 1.0)
    with np.errstate(all="ignore"):
        before = value_of(model, expression, worlds.values, worlds)
        after = value_of(model, expression, {**worlds.values, cause: raised}, worlds)
        change = np.broadcast_to(np.asarray(after, float) - np.asarray(before, float), usual.shape)
        moved = np.abs(change) > NOISE * np.max(np.abs(before), initial=0.0)
    return np.where(moved, np.sign(np.nan_to_num(change)), 0).astype(np.int8)


def value_of(
    model: Model, expression: Expression, values: Mapping[str, Floats], worlds: Worlds
) -> Floats:
    """The value of an expression in every world and at every time."""
    match expression:
        case Number(value):
            return np.asarray(value)
        case Reference("time" | HELD.name):
            return worlds.times
        case Reference(name):
            return values[name]
        case Call(function, arguments):
            builtin = BUILTINS[function]
            clock = [worlds.dt if name == "dt" else worlds.times for name in builtin.clock]
            given = [value_of(model, argument, values, worlds) for argument in arguments]
            return np.asarray(builtin.call(*given, *clock))
        case Lookup(table, argument, kind):
            points = table
            if isinstance(table, str):
                found = model.definition(table)
                assert isinstance(found, Table)
                points = found.points
            xs, ys = np.array(points, dtype=float).T
            return np.asarray(LOOKUPS[kind](value_of(model, argument, values, worlds), xs, ys))
    raise NotImplementedError(type(expression).__name__)


def _through_hidden(
    model: Model, direct: Mapping[tuple[str, str], Signs]
) -> dict[tuple[str, str], Signs]:
    """The links between what the modeller wrote: chains through hidden stocks are one link.

    Where several chains link the same two, the sign is theirs where they agree, else 0.
    """
    found: dict[tuple[str, str], Signs] = {}
    onward: dict[str, list[tuple[str, Signs]]] = {}
    for (cause, effect), signs in direct.items():
        onward.setdefault(cause, []).append((effect, signs))
    for cause, variable in model.variables.items():
        if variable.owner:
            continue
        front: list[tuple[str, Signs, tuple[str, ...]]] = [
            (effect, signs, (effect,)) for effect, signs in onward.get(cause, [])
        ]
        while front:
            effect, signs, path = front.pop()
            if not model.variables[effect].owner:
                known = found.get((cause, effect))
                found[cause, effect] = signs if known is None else _agreed(known, signs)
                continue
            front += [
                (further, (signs * more).astype(np.int8), (*path, further))
                for further, more in onward.get(effect, [])
                if further not in path
            ]
    return found


def _agreed(one: Signs, other: Signs) -> Signs:
    return np.sign(one.astype(int) + other).astype(np.int8)
