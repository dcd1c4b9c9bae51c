"""A program's assignments in loops over members: those together that one instruction can do for
many members, each of the others alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from sim.engine.algebra import arguments_of, is_truth, with_arguments
from sim.engine.lives import needs_of
from sim.engine.model import Call, Expression, Lookup, Number, Points, Reference
from sim.engine.program import Assignment, reads
from sim.engine.tables import SHORT, even_table

LONGEST = 40
"""Assignments in one loop: with more of them registers run out, with many more LLVM gives up."""

VECTOR = {
    *("add", "subtract", "multiply", "divide", "negative", "square", "sqrt", "abs", "integer"),
    *("less", "less_equal", "greater", "greater_equal", "equal", "not_equal", "and", "or", "not"),
    *("number", "min", "max", "exp", "ln", "power", "if_then_else"),
}
"""The functions that LLVM computes for many members at once."""

Tables = Mapping[str, Points]
Loop = list[Assignment]


def loops_of(assignments: Iterable[Assignment], tables: Tables) -> list[Loop]:
    """The assignments in an order that needs few loops, and which of them share one."""
    parts = [part for each in assignments for part in _split(each, tables)]
    _, before = needs_of(parts)
    waiting = list(range(len(parts)))
    placed: set[int] = set()
    loops: list[Loop] = []
    while waiting:
        count = len(waiting)
        for alone in (False, True):
            ready, rest = [], []
            for place in waiting:
                if before[place] <= placed and _is_alone(parts[place].expression, tables) is alone:
                    ready.append(parts[place])
                    placed.add(place)
                else:
                    rest.append(place)
            size = 1 if alone else LONGEST
            loops += [ready[start : start + size] for start in range(0, len(ready), size)]
            waiting = rest
        assert len(waiting) < count
    return loops


def crossing(loops: Sequence[Loop]) -> set[str]:
    """The names that are computed in one loop and used in another, stocks excluded."""
    home = {
        each.name: number for number, loop in enumerate(loops) for each in loop if not each.moves
    }
    return {
        name
        for number, loop in enumerate(loops)
        for each in loop
        for name in reads(each.expression)
        if home.get(name, number) != number
    }


def _is_alone(expression: Expression, tables: Tables) -> bool:
    """Whether what an expression does last has to be done member by member."""
    match expression:
        case Call(function, _):
            return function not in VECTOR
        case Lookup(table, _, kind):
            points = tables[str(table)]
            if kind not in ("interpolate", "near"):
                return True
            return len(points) > SHORT and (kind == "interpolate" or even_table(points) is None)
    return False


def _split(assignment: Assignment, tables: Tables) -> Iterator[Assignment]:
    """An assignment, after those of what in it has to be done alone, and of its arguments."""
    parts: list[Assignment] = []

    def set_aside(expression: Expression) -> Expression:
        if isinstance(expression, Number | Reference):
            return expression
        name = f"_part_{len(parts) + 1}_{assignment.name.strip('_')}"
        parts.append(Assignment(name, expression))
        return Reference(name)

    def taken_apart(expression: Expression, outermost: bool) -> Expression:
        if isinstance(expression, Number | Reference):
            return expression
        inner = [taken_apart(argument, False) for argument in arguments_of(expression)]
        alone = _is_alone(expression, tables)
        if alone:
            inner = [set_aside(argument) for argument in inner]
        whole = with_arguments(expression, inner)
        return set_aside(whole) if alone and not outermost else whole

    value = taken_apart(assignment.expression, True)
    yield from parts
    yield replace(assignment, expression=value)


def truths_of(loops: Iterable[Loop]) -> set[str]:
    """The names that hold truths."""
    return {each.name for loop in loops for each in loop if is_truth(each.expression)}
