"""A program becomes a page of NumPy source: what is computed once, what at each step, in order."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from sim.engine.algebra import arguments_of, is_truth
from sim.engine.functions import BUILTINS, LOOKUPS
from sim.engine.lives import soon_used
from sim.engine.model import Call, Expression, Lookup, Number, Points, Reference
from sim.engine.program import Assignment, Program
from sim.engine.tables import even_table
from sim.engine.varying import BOTH, TIME

LOOKUP_SYMBOLS = {kind: f"LOOKUP_{kind.upper()}" for kind in LOOKUPS}
LOOKUP_SYMBOLS |= {"interpolate": "LOOKUP", "near": "LOOKUP"}
"""How compiled source calls the ways of reading a table."""

NUMBERS, TRUTHS = "functions.aligned(members)", "np.empty(members, dtype=bool)"
"""How compiled source makes a buffer."""

HEADER = '''"""A stock-flow model, compiled: {size} variables.

Written by sim from the model file; change the model, not this page.
`block` returns (stocks, flows, rates, advance) for `members` members: `rates(k, kept)` computes
everything at time `times[k]` from `stocks`, fills `flows` with d(stocks)/dt and, where `kept` is
given, the rows of `kept`; `advance(k)` moves what DELAY FIXED holds by one step.
"""

import numpy as np

from sim.engine import functions
'''


def numpy_source(program: Program) -> str:
    """The page that defines `block(members, inputs, times, dt)`."""
    program = replace(program, each=soon_used(program))
    steps = Steps(program)
    steps.write()
    before = setup_lines(program)
    names = [stock.symbol for stock in program.stocks]
    rows = [line for row, name in enumerate(names) for line in _stock_lines(program, row, name)]
    for pipe in program.pipes:
        arguments = f"{pipe.delay}, dt, {pipe.start}, members, times"
        rows.append(f"_pipe_{pipe.symbol} = functions.Pipe({arguments})")
    advance = [f"_pipe_{pipe.symbol}.write(k, {pipe.input})" for pipe in program.pipes]
    lines = [
        *heading(program, [*before, *steps.each, *steps.saved]),
        *_step_lines(program, steps),
        *["", ""],
        "def block(members, inputs, times, dt):",
        f"    stocks = functions.aligned({len(names)}, members)",
        f"    flows = functions.aligned({len(names)}, members)",
        *indented(before, 4),
        *indented(["", "# --- numbers as arrays: NumPy takes them in half the time"], 4),
        *indented(steps.number_lines(), 4),
        *indented(["", "# --- the state, and buffers"], 4),
        *indented(rows, 4),
        *indented(steps.share_buffers(), 4),
        "",
        "    def rates(k, kept=None):",
        *indented(steps.each or ["pass"], 8),
        "        if kept is not None:",
        *indented(steps.saved or ["pass"], 12),
        "",
        "    def advance(k):",
        *indented(advance or ["pass"], 8),
        "",
        "    return stocks, flows, rates, advance",
        "",
    ]
    return "\n".join(lines)


def heading(program: Program, lines: Iterable[str], header: str = HEADER) -> list[str]:
    """The title of a page, the functions that its `lines` call, and the tables."""
    calls = set(re.findall(r"[A-Z_]+(?=\()", "\n".join(lines)))
    symbols = [
        f"{builtin.symbol} = functions.BUILTINS[{name!r}].call"
        for name, builtin in BUILTINS.items()
        if builtin.symbol in calls
    ]
    lookups = [
        f"{symbol} = functions.LOOKUPS[{kind!r}]"
        for kind, symbol in LOOKUP_SYMBOLS.items()
        if symbol in calls and kind != "near"
    ]
    tables = [line for label, points in program.tables.items() for line in _table(label, points)]
    return [header.format(size=program.size), *symbols, *lookups, *tables]


def _step_lines(program: Program, steps: "Steps") -> list[str]:
    """What the steps alone need: readers of tables, and numbers."""
    lines = "\n".join([*steps.each, *steps.saved])
    readers = [
        f"AT_{table} = functions.reader(*{table})"
        for table in program.tables
        if f"AT_{table}(" in lines
    ]
    return [*readers, *(f"{name} = np.array({literal(n)})" for name, n in steps.literals.items())]


def setup_lines(program: Program) -> list[str]:
    """The lines before the first step: inputs, what does not change, what changes by time alone."""
    inputs = [f"{each.symbol} = inputs[{each.name!r}]" for each in program.inputs]
    return [
        "t0 = times[0]",
        *["", "# --- inputs; those that change with time have a row for each time"],
        *inputs,
        *["", "# --- once: what does not change with time, and the start"],
        *(line for each in program.once for line in _whole(each, "t0")),
        *["", "# --- by time alone: for all times at once"],
        *(line for each in program.grid for line in _whole(each, "times")),
    ]


def nested(expression: Expression, time: str) -> str:
    """The expression as one nested call that makes its own arrays, at the time named `time`."""
    match expression:
        case Number(value):
            return literal(value)
        case Reference(name):
            return time if name == "t" else name
        case Call("first", (path,)):
            return f"{nested(path, time)}[0]"
        case Call(function, arguments):
            inner = [nested(argument, time) for argument in arguments]
            return f"{BUILTINS[function].symbol}({', '.join(inner)})"
        case Lookup(table, argument, kind):
            return f"{LOOKUP_SYMBOLS[kind]}({nested(argument, time)}, *{table})"
    raise NotImplementedError(type(expression).__name__)


def literal(value: float) -> str:
    """A number in source."""
    return repr(value) if math.isfinite(value) else f"np.float64('{value}')"


def _whole(assignment: Assignment, time: str) -> list[str]:
    comment = [f"# {assignment.about}"] if assignment.about else []
    return [*comment, f"{assignment.name} = {nested(assignment.expression, time)}"]


def _stock_lines(program: Program, row: int, name: str) -> list[str]:
    stock = program.stocks[row]
    return [
        f"{name} = stocks[{row}]",
        f"{name}[:] = {stock.start}",
        f"{stock.flow} = flows[{row}]",
    ]


def _table(label: str, points: Points) -> list[str]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return [f"{label} = (", f"    np.array({xs}),", f"    np.array({ys}),", ")"]


@dataclass
class Steps:
    """Writes the lines of a step, operation by operation, into buffers.

    `buffers` gives the arrays that the lines fill, name → how they are made; `literals` the numbers
    that they use; `once` and `by_time` the names that hold a number, or one for each time.
    """

    program: Program
    each: list[str] = field(default_factory=list)
    saved: list[str] = field(default_factory=list)
    buffers: dict[str, str] = field(default_factory=dict)
    literals: dict[str, float] = field(default_factory=dict)
    once: dict[str, None] = field(default_factory=dict)
    by_time: dict[str, None] = field(default_factory=dict)
    free: list[str] = field(default_factory=list)
    temporaries: int = 0

    def write(self) -> None:
        """What the flows need at each step, then what is computed at saved times alone."""
        rows: dict[str, list[int]] = {}
        rest = []
        computed = {assignment.name for assignment in self.program.each + self.program.saved}
        for row, value in enumerate(self.program.kept):
            if isinstance(value, Reference) and value.name in computed:
                rows.setdefault(value.name, []).append(row)
            else:
                rest.append(f"kept[{row}] = {self.operand(value)}")
        for assignment in self.program.each:
            self.assign(assignment, self.each)
            for row in rows.get(assignment.name, []):  # at once, so that its buffer is free again
                self.each.append(f"if kept is not None: kept[{row}] = {assignment.name}")
        for assignment in self.program.saved:
            self.assign(assignment, self.saved)
            self.saved += [
                f"kept[{row}] = {assignment.name}" for row in rows.get(assignment.name, [])
            ]
        self.saved += rest

    def assign(self, assignment: Assignment, lines: list[str]) -> None:
        if assignment.about:
            lines.append(f"# {assignment.about}")
        name, expression = assignment.name, assignment.expression
        if name not in {stock.flow for stock in self.program.stocks}:
            self.buffers[name] = TRUTHS if is_truth(expression) else NUMBERS
        value = self.value(expression, name, lines)
        if value != name:
            lines.append(f"np.copyto({name}, {value})")

    def operand(self, expression: Expression) -> str:
        """A number or a name; of what changes with time alone, its value at this time."""
        if isinstance(expression, Number):
            return self.literal(expression.value)
        assert isinstance(expression, Reference)
        name = expression.name
        if name == "t":
            return "times[k]"
        if any(pipe.symbol == name for pipe in self.program.pipes):
            return f"_pipe_{name}.read(k)"
        by_input = any(each.symbol == name for each in self.program.inputs)
        match self.program.levels[name]:
            case 0:
                self.once[name] = None
            case level if level == TIME:
                self.by_time[name] = None
                return f"{name}[k]"
            case level if level == BOTH and by_input:
                return f"{name}[k]"
        return name

    def literal(self, value: float) -> str:
        """The name of a number, which says it: _0_5."""
        said = repr(value).removesuffix(".0")
        name = "_" + said.translate({ord("."): "_", ord("-"): "m", ord("+"): "p"})
        self.literals[name] = value
        return name

    def number_lines(self) -> list[str]:
        """The lines that turn into arrays what holds a number, or one for each time."""
        lines = [f"{name} = np.asarray({name})" for name in self.once]
        return lines + [f"{name} = functions.each({name}, times)" for name in self.by_time]

    def value(self, expression: Expression, target: str | None, lines: list[str]) -> str:
        """The operand that holds an expression's value; computed into `target` where one is
        given, else into a temporary buffer."""
        if isinstance(expression, Number | Reference):
            return self.operand(expression)
        truth = is_truth(expression)
        spare = None if truth else target  # may serve the first inner value that needs a buffer
        operands: list[str] = []
        for argument in arguments_of(expression):
            operand = self.value(argument, None if is_truth(argument) else spare, lines)
            spare = None if operand == spare else spare
            operands.append(operand)
        self.free += [name for name in operands if name.startswith(("_number_", "_truth_"))]
        result = target or self.temporary("_truth_" if truth else "_number_")
        lines.append(f"{self.call(expression, operands)}, out={result})")
        return result

    def call(self, expression: Expression, operands: list[str]) -> str:
        if isinstance(expression, Lookup):
            if expression.kind == "near" and even_table(self.program.tables[str(expression.table)]):
                return f"AT_{expression.table}({operands[0]}"
            return f"{LOOKUP_SYMBOLS[expression.kind]}({operands[0]}, *{expression.table}"
        assert isinstance(expression, Call)
        return f"{BUILTINS[expression.function].symbol}({', '.join(operands)}"

    def temporary(self, kind: str) -> str:
        for name in reversed(self.free):  # the one written last is still in the cache
            if name.startswith(kind):
                self.free.remove(name)
                return name
        self.temporaries += 1
        name = f"{kind}{self.temporaries}"
        self.buffers[name] = TRUTHS if kind == "_truth_" else NUMBERS
        return name

    def share_buffers(self) -> list[str]:
        """The lines that make the buffers: names whose lives do not meet share an array, so that
        a block of members stays in the cache."""
        first: dict[str, int] = {}
        last: dict[str, int] = {}
        for number, line in enumerate([*self.each, *self.saved]):
            for word in re.findall(r"[^\W\d]\w*", "" if line.startswith("#") else line):
                if word in self.buffers:
                    first.setdefault(word, number)
                    last[word] = number
        for pipe in self.program.pipes:  # read after the step
            last[pipe.input] = len(self.each) + len(self.saved)
        arrays: list[tuple[int, str, list[str]]] = []  # when free again, how made, names
        for name in first:  # in the order of their first use
            for place, (end, made, names) in enumerate(arrays):
                if end < first[name] and made == self.buffers[name]:
                    arrays[place] = (last[name], made, [*names, name])
                    break
            else:
                arrays.append((last[name], self.buffers[name], [name]))
        return [f"{' = '.join(names)} = {made}" for _, made, names in arrays]


def indented(lines: Iterable[str], by: int) -> list[str]:
    """The lines, moved to the right."""
    return [" " * by + line if line else "" for line in lines]
