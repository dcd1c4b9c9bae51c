"""How much a feedback loop matters: its links cut one at a time, in sampled worlds.

A link is cut by holding its cause, for that one equation, at its value of the start. What then
changes in the cause itself, whose own equation stands, has come back around the loop. The loop
counts as cut at the link that the fewest named loops share, so that little else is cut with it
(structure note, test 42: a cut that moves its series by less than 0.1 % marks a weak loop).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.analysis.signs import Floats
from sim.engine.compile import compile_model
from sim.engine.graph import acting
from sim.engine.integrate import clock_of
from sim.engine.model import (
    Auxiliary,
    Call,
    Definition,
    Expression,
    Initial,
    Lookup,
    Model,
    Reference,
    Stock,
)
from sim.ensemble.inputs import draw_inputs
from sim.ensemble.loops import Loop
from sim.ensemble.scenario import Parameter, Scenario
from sim.ensemble.simulate import simulate, varying_dims

HELD = "held at the start"
"""How the value of a cut cause is called in the model that is cut."""
WEAK = 0.001
"""A change of the series below which a loop is weak."""


@dataclass(frozen=True)
class Cut:
    """What cutting one link of a loop does to the link's cause, relative to its own size.

    `median` is the median over draws of the largest change over time, `share` the share of draws
    in which it is above `WEAK`.
    """

    loop: Loop
    cause: str
    effect: str
    median: float
    share: float


def rarest_link(loop: Loop, loops: Sequence[Loop]) -> tuple[str, str]:
    """The link of a loop that the fewest loops have; the first of several."""
    shared = Counter((cause, effect) for one in loops for cause, effect, _ in one.links)
    cause, effect, _ = min(loop.links, key=lambda link: shared[link[:2]])
    return cause, effect


def without_link(model: Model, cause: str, effect: str) -> Model:
    """The model in which one equation reads the value that a cause had at the start."""
    held = f"{cause} {HELD}"
    variable = model.variables[effect]
    origin = replace(
        model.variables[cause], name=held, written=held, definition=Initial(Reference(cause))
    )
    changed = replace(variable, definition=_held(variable.definition, cause, held))
    if cause not in {n for part in acting(variable.definition) for n in _names(part)}:
        raise ValueError(f"{effect} does not read {cause} by itself")
    variables = {**model.variables, held: origin, effect: changed}
    return replace(model, variables=variables)


def _held(definition: Definition, cause: str, held: str) -> Definition:
    match definition:
        case Stock(flow, initial):
            return Stock(_replaced(flow, cause, held), initial)
        case Auxiliary(expression, initial):
            return Auxiliary(_replaced(expression, cause, held), initial)
    raise ValueError(f"a {type(definition).__name__} is not cut")


def _replaced(expression: Expression, cause: str, held: str) -> Expression:
    match expression:
        case Reference(name) if name == cause:
            return Reference(held)
        case Call(function, arguments):
            return Call(function, tuple(_replaced(each, cause, held) for each in arguments))
        case Lookup(points, argument, kind):
            return Lookup(points, _replaced(argument, cause, held), kind)
    return expression


def _names(expression: Expression) -> set[str]:
    match expression:
        case Reference(name):
            return {name}
        case Call(_, arguments):
            return set().union(*map(_names, arguments))
        case Lookup(_, argument, _):
            return _names(argument)
    return set()


def cuts(
    model: Model,
    table: Mapping[str, Parameter],
    scenario: Scenario,
    loops: Sequence[Loop],
    draws: int,
    seed: int,
) -> Iterator[Cut]:
    """What cutting each loop at its rarest link does, in the order of the loops."""
    links = [rarest_link(loop, loops) for loop in loops]
    usual = _series(model, table, scenario, [cause for cause, _ in links], draws, seed)
    for loop, (cause, effect) in zip(loops, links, strict=True):
        other = _series(without_link(model, cause, effect), table, scenario, [cause], draws, seed)
        size = np.maximum(np.abs(usual[cause]).max(axis=1), 1e-12)
        change = np.abs(other[cause] - usual[cause]).max(axis=1) / size
        share = float(np.mean(change > WEAK))
        yield Cut(loop, cause, effect, float(np.median(change)), share)


def _series(
    model: Model,
    table: Mapping[str, Parameter],
    scenario: Scenario,
    names: Sequence[str],
    draws: int,
    seed: int,
) -> dict[str, Floats]:
    """Variables over the saved times: (draw, time)."""
    clock = clock_of(model)
    inputs = draw_inputs(model, table, [scenario], clock, draws, seed)
    system = compile_model(model, varying_dims(inputs), list(dict.fromkeys(names)))
    runs = simulate(model, system, inputs, clock)
    return {name: np.asarray(runs[name].values[0], dtype=float) for name in system.kept}
