"""A program becomes the source of a numba kernel: a few members at a time through all the steps.

Eight doubles fit into one register of a modern processor. LANES members go through a step
together: what is computed for them stands in loops over the lanes, which LLVM turns into
instructions over whole registers, and what they hold between loops fits into the first cache.
A function that LLVM cannot compute so has a loop of its own.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sim.engine.algebra import arguments_of, is_truth
from sim.engine.functions import BUILTINS
from sim.engine.model import Call, Expression, Lookup, Number, Points, Reference
from sim.engine.program import Assignment, Program
from sim.engine.source import heading, literal, setup_lines
from sim.engine.tables import SHORT, even_points
from sim.engine.varying import BOTH, MEMBER, TIME

LANES = 16
LONGEST_LOOP = 200
"""Assignments in one loop over the lanes: longer ones take LLVM long to compile."""

VECTOR = {
    *("add", "subtract", "multiply", "divide", "negative", "square", "sqrt", "abs", "integer"),
    *("less", "less_equal", "greater", "greater_equal", "equal", "not_equal", "and", "or", "not"),
    *("number", "min", "max", "exp", "ln", "power", "if_then_else"),
}
"""The functions that LLVM computes for all lanes at once."""


def unsupported(program: Program) -> list[str]:
    """The functions of a program that the kernel does not have."""
    found = {
        expression.function
        for assignment in (*program.each, *program.saved)
        for expression in _whole(assignment.expression)
        if isinstance(expression, Call) and not BUILTINS[expression.function].one
    }
    return sorted(found)


def kernel_source(program: Program) -> str:
    """The page that defines `setup` and `steps`, which `kernel.py` runs."""
    return _Kernel(program).page()


def _whole(expression: Expression) -> Iterator[Expression]:
    yield expression
    for argument in arguments_of(expression):
        yield from _whole(argument)


def scalar(expression: Expression, tables: dict[str, Points]) -> str:
    """The value of one member as one expression in restricted Python."""
    match expression:
        case Number(value):
            return literal(value) if value >= 0.0 else f"({literal(value)})"
        case Reference(name):
            return name
        case Call(function, arguments):
            inner = [scalar(argument, tables) for argument in arguments]
            form = BUILTINS[function].one
            rest = inner[sum(f"{{{place}}}" in form for place in range(len(inner))) :]
            text = form.format(*inner, rest=f"({', '.join(rest)},)")
            return text if "(" in form else f"({text})"
        case Lookup(table, argument, kind):
            return _read(scalar(argument, tables), str(table), kind, tables)
    raise NotImplementedError(type(expression).__name__)


def _read(x: str, table: str, kind: str, tables: dict[str, Points]) -> str:
    if kind not in ("interpolate", "invert"):
        return f"read_{kind}({x}, *{table})"
    points = tables[table]
    if kind == "interpolate" and (even := even_points(points)):
        origin, per, last = even.origin, even.per, even.last
        return f"read_even({x}, {origin!r}, {per!r}, {last!r}, {table}_BASE, {table}_RISE)"
    short = len(points) <= SHORT
    suffix = "_INVERSE" if kind == "invert" else ""
    names = ", ".join(f"{table}{suffix}_{part}" for part in ("X", "Y", "RISES"))
    return f"read_{'near' if short else 'long'}({x}, {names})"


@dataclass
class _Kernel:
    """Writes the kernel's page."""

    program: Program
    rows: dict[str, int] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def page(self) -> str:
        program = self.program
        split = [list(self.split(part)) for part in (program.each, program.saved)]
        self.inputs = {each.symbol for each in program.inputs}
        self.truths = {a.name for part in split for a in part if is_truth(a.expression)}
        used = self.used(split)
        levels = program.levels
        self.numbers = [name for name in used if levels.get(name, BOTH) == 0 and name != "dt"]
        self.by_member = [name for name in used if levels.get(name) == MEMBER]
        self.by_time = [name for name in used if levels.get(name) == TIME and name != "t"]
        self.by_both = [n for n in used if n in self.inputs and levels[n] == BOTH]
        ...
        return ""

    def split(self, assignments: Iterable[Assignment]) -> Iterator[Assignment]:
        ...
