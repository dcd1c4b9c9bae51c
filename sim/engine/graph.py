"""What acts on what in a model: the causal graph.

Two readings of "depends": the *sources* of a variable are all that its equation reads, initial
values included; its *causes* act while time runs, which is what feedback is made of. The stocks
that a SMOOTH or DELAY was written out as count as part of their owner.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from sim.engine.model import (
    Auxiliary,
    Definition,
    Expression,
    Model,
    Pipeline,
    Stock,
    Table,
    parts,
    references,
)

Names = dict[str, list[str]]
"""Variable → variables, in the order of its equation, each once."""


def sources(model: Model) -> Names:
    """Variable → all that its equation reads, as the modeller wrote both."""
    found = _read(model, parts)
    return {name: [other for other in others if other != name] for name, others in found.items()}


def causes(model: Model) -> Names:
    """Variable → what acts on it while time runs; a stock that drains by itself is its own cause.

    Tables are no causes: they are how a cause acts.
    """
    found = _read(model, acting)
    tables = {name for name, v in model.variables.items() if isinstance(v.definition, Table)}
    stocks = {name for name, v in model.variables.items() if isinstance(v.definition, Stock)}
    return {
        name: [o for o in others if o not in tables and (o != name or name in stocks)]
        for name, others in found.items()
    }


def acting(definition: Definition) -> tuple[Expression, ...]:
    """The expressions that a definition computes with while time runs."""
    match definition:
        case Stock(flow, _):
            return (flow,)
        case Auxiliary(expression, _):
            return (expression,)
        case Pipeline(value, _, _):
            return (value,)
        case _:
            return ()


def _read(model: Model, of: Callable[[Definition], tuple[Expression, ...]]) -> Names:
    found: dict[str, dict[str, None]] = {}
    for variable in model.variables.values():
        reader = found.setdefault(variable.owner or variable.name, {})
        reader |= dict.fromkeys(
            model.variables[n].owner or n for n in _names(of, variable.definition)
        )
    return {name: list(others) for name, others in found.items()}


def _names(
    of: Callable[[Definition], tuple[Expression, ...]], definition: Definition
) -> Iterator[str]:
    for expression in of(definition):
        yield from references(expression)


def distances(name: str, needs: Names) -> dict[str, int]:
    """Everything that lies upstream of a variable → in how many steps, itself at zero."""
    steps = {name: 0}
    front = [name]
    while front:
        onward = dict.fromkeys(other for one in front for other in needs.get(one, ()))
        front = [other for other in onward if other not in steps]
        steps |= dict.fromkeys(front, max(steps.values()) + 1)
    return steps


def opened(model: Model) -> Model:
    """The model with the stocks behind SMOOTH and DELAY as variables in their own right."""
    return replace(model, variables={n: replace(v, owner="") for n, v in model.variables.items()})
