"""A program becomes a page of NumPy source: what is computed once, what at each step, in order."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import heappop, heappush

from sim.engine.algebra import arguments_of, is_truth
from sim.engine.functions import BUILTINS, LOOKUPS
from sim.engine.lives import soon_used, whole_step
from sim.engine.model import Call, Expression, Lookup, Number, Points, Reference
from sim.engine.program import Assignment, Program
from sim.engine.tables import even_table, is_short
from sim.engine.varying import BOTH, TIME

LOOKUP_SYMBOLS = {kind: f"LOOKUP_{kind.upper()}" for kind in LOOKUPS}
LOOKUP_SYMBOLS |= {"interpolate": "LOOKUP", "near": "LOOKUP"}
"""How compiled source calls the ways of reading a table."""

BY_TIME = {"t": "times", "held": "held"}
"""How compiled source calls the arrays of the clock."""

NUMBERS, TRUTHS = "functions.aligned(members)", "np.empty(members, dtype=bool)"
"""How compiled source makes a buffer."""

HEADER = '''"""A stock-flow model, compiled: {size} variables.

Written by sim from the model file; change the model, not this page.
`block` returns how `members` members step. By Euler's method it is `step(k, length, kept)`, which
computes everything at time `times[k]`, fills the rows of `kept` where it is given, and moves each
stock on by its flow times that length (MOVE). By Runge's and Kutta's it is (stocks, flows, rates,
advance): `rates(k, kept)` fills `flows` with d(stocks)/dt instead, `advance(k)` moves what DELAY
FIXED holds. `held[k]` is the time at which the step began that `times[k]` belongs to.
"""

import numpy as np

from sim.engine import functions
'''


def numpy_source(program: Program) -> str:
    """The page that defines `block(members, inputs, times, held, dt, lengths, method)`."""
    stocks, pipes = program.stocks, program.pipes
    whole = Steps(whole_step(program), {stock.symbol for stock in stocks})
    rates = Steps(program, {stock.flow for stock in stocks})
    before = setup_lines(program)
    state = [line for row in range(len(stocks)) for line in _stock_lines(program, row)]
    state += [
        f"_pipe_{pipe.symbol} = functions.Pipe({pipe.delay}, dt, {pipe.start}, members, held)"
        for pipe in pipes
    ]
    advance = [f"_pipe_{pipe.symbol}.write(k, {pipe.input})" for pipe in pipes]
    lines = [
        *heading(program, [*before, *whole.lines, *rates.lines]),
        *_step_lines(program, whole, rates),
        *["", ""],
        "def block(members, inputs, times, held, dt, lengths, method):",
        # Python puts in an instruction for each name that an inner function reads, each time moving
        # all up to the first branch: without one a long page takes ten times as long to compile
        "    if not members:",
        '        raise ValueError("a block has members")',
        *indented(before, 4),
        *indented(["", "# --- numbers as arrays: NumPy takes them in half the time"], 4),
        *indented(_number_lines(whole, rates), 4),
        *indented(["", "# --- the state"], 4),
        f"    stocks = functions.aligned({len(stocks)}, members)",
        *indented(state, 4),
        "",
        "    def advance(k):",
        *indented(advance or ["pass"], 8),
        "",
        '    if method == "euler":',
        *indented(whole.share_buffers(), 8),
        *(["        MOVE = functions.mover(lengths)"] if stocks else []),
        "",
        "        def step(k, length, kept=None):",
        *indented(whole.lines, 12),
        "            advance(k)",
        "",
        "        return step",
        "",
        f"    flows = functions.aligned({len(stocks)}, members)",
        *(f"    {stock.flow} = flows[{row}]" for row, stock in enumerate(stocks)),
        *indented(rates.share_buffers(), 4),
        "",
        "    def rates(k, kept=None):",
        *indented(rates.lines or ["pass"], 8),
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


def _step_lines(program: Program, *ways: "Steps") -> list[str]:
    """What the steps alone need: readers of tables, and numbers."""
    lines = "\n".join(line for steps in ways for line in steps.lines)
    literals = {name: number for steps in ways for name, number in steps.literals.items()}
    readers = [
        f"{symbol}{table} = functions.reader(*{table}{exact})"
        for table in program.tables
        for symbol, exact in (("AT_", ""), ("EXACTLY_AT_", ", exact=True"))
        if re.search(rf"\b{symbol}{table}\(", lines)
    ]
    return [*readers, *(f"{name} = np.array({literal(n)})" for name, n in literals.items())]


def _number_lines(*ways: "Steps") -> list[str]:
    """The lines that turn into arrays what holds a number, or one for each time."""
    once = dict.fromkeys(name for steps in ways for name in steps.once)
    by_time = dict.fromkeys(name for steps in ways for name in steps.by_time)
    lines = [f"{name} = np.asarray({name})" for name in once]
    return lines + [f"{name} = functions.each({name}, times)" for name in by_time]


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
    return [*comments(assignment), f"{assignment.name} = {nested(assignment.expression, time)}"]


def comments(assignment: Assignment) -> list[str]:
    """The modeller's equations above what computes them."""
    return [f"# {equation}" for equation in assignment.about]


def _stock_lines(program: Program, row: int) -> list[str]:
    stock = program.stocks[row]
    return [f"{stock.symbol} = stocks[{row}]", f"{stock.symbol}[:] = {stock.start}"]


def _table(label: str, points: Points) -> list[str]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return [f"{label} = (", f"    np.array({xs}),", f"    np.array({ys}),", ")"]


@dataclass
class Steps:
    """Writes the lines of a step, operation by operation, into buffers; what is computed at saved
    times alone, and what is saved, under `if kept is not None`.

    `own` are the names that have arrays of their own, `buffers` gives the arrays that the lines
    fill, name → how they are made; `literals` the numbers that they use; `once` and `by_time` the
    names that hold a number, or one for each time.
    """

    program: Program
    own: set[str]
    lines: list[str] = field(default_factory=list)
    buffers: dict[str, str] = field(default_factory=dict)
    literals: dict[str, float] = field(default_factory=dict)
    once: dict[str, None] = field(default_factory=dict)
    by_time: dict[str, None] = field(default_factory=dict)
    free: list[str] = field(default_factory=list)
    temporaries: int = 0

    def __post_init__(self) -> None:
        program = self.program
        self.inputs = {each.symbol for each in program.inputs}
        self.pipes = {pipe.symbol for pipe in program.pipes}
        assignments = [*program.each, *program.saved]
        saved = {one.name for one in program.saved}
        rows: dict[str, list[str]] = {one.name: [] for one in assignments}
        rest: list[str] = []
        for row, value in enumerate(program.kept):
            name = value.name if isinstance(value, Reference) else ""
            copy = f"kept[{row}] = {self.operand(value)}"
            rows.get(name, rest).append(copy)
        lasting = self.own | {pipe.input for pipe in program.pipes}  # these are read after the step
        for one in soon_used(assignments, lasting):
            if one.moves:
                self.write(rows[one.name], when_kept=True)
            self.write(self.assigned(one), when_kept=one.name in saved)
            if not one.moves:
                self.write(rows[one.name], when_kept=True)
        self.write(rest, when_kept=True)

    def write(self, lines: list[str], when_kept: bool) -> None:
        """Adds lines, under the condition where they are for saved times alone."""
        if not when_kept:
            self.lines += lines
        elif lines:
            if not (self.lines and self.lines[-1].startswith(" ")):
                self.lines.append("if kept is not None:")
            self.lines += indented(lines, 4)

    def assigned(self, assignment: Assignment) -> list[str]:
        """The lines of one assignment."""
        name, expression = assignment.name, assignment.expression
        lines = comments(assignment)
        if assignment.moves:
            return [*lines, f"MOVE({self.operand(expression)}, {name}, members, length)"]
        if name not in self.own:
            self.buffers[name] = TRUTHS if is_truth(expression) else NUMBERS
        value = self.value(expression, name, lines)
        if value != name:
            lines.append(f"np.copyto({name}, {value})")
        return lines

    def operand(self, expression: Expression) -> str:
        """A number or a name; of what changes with time alone, its value at this time."""
        if isinstance(expression, Number):
            return self.literal(expression.value)
        assert isinstance(expression, Reference)
        name = expression.name
        if name in BY_TIME:
            return f"{BY_TIME[name]}[k]"
        if name in self.pipes:
            return f"_pipe_{name}.read(k)"
        match self.program.levels[name]:
            case 0:
                self.once[name] = None
            case level if level == TIME:
                self.by_time[name] = None
                return f"{name}[k]"
            case level if level == BOTH and name in self.inputs:
                return f"{name}[k]"
        return name

    def literal(self, value: float) -> str:
        """The name of a number, which says it: _0_5."""
        said = repr(value).removesuffix(".0")
        name = "_" + said.translate({ord("."): "_", ord("-"): "m", ord("+"): "p"})
        self.literals[name] = value
        return name

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
            points = self.program.tables[str(expression.table)]
            if expression.kind == "near" and even_table(points):
                return f"AT_{expression.table}({operands[0]}"
            if expression.kind in ("near", "interpolate") and is_short(points):
                return f"EXACTLY_AT_{expression.table}({operands[0]}"
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
        for number, line in enumerate(self.lines):
            for word in re.findall(r"[^\W\d]\w*", "" if line.lstrip().startswith("#") else line):
                if word in self.buffers:
                    first.setdefault(word, number)
                    last[word] = number
        for pipe in self.program.pipes:  # read after the step
            last[pipe.input] = len(self.lines)
        arrays: list[tuple[str, list[str]]] = []  # how made, names
        busy: list[tuple[int, int]] = []  # until which line, and which array
        free: dict[str, list[int]] = {made: [] for made in self.buffers.values()}
        for name, begin in first.items():  # in the order of their first use
            while busy and busy[0][0] < begin:
                _, place = heappop(busy)
                heappush(free[arrays[place][0]], place)
            made = self.buffers[name]
            if not free[made]:
                heappush(free[made], len(arrays))
                arrays.append((made, []))
            place = heappop(free[made])  # the first that is free
            arrays[place][1].append(name)
            heappush(busy, (last[name], place))
        return [f"{' = '.join(names)} = {made}" for made, names in arrays]


def indented(lines: Iterable[str], by: int) -> list[str]:
    """The lines, moved to the right."""
    return [" " * by + line if line else "" for line in lines]
