"""A program becomes the source of a numba kernel: a few members at a time through all the steps.

Eight doubles fit into one register of a modern processor. 16 or 32 members go through a step
together: what is computed for them stands in loops over the lanes, which LLVM turns into
instructions over whole registers, and what they hold between loops fits into the first cache.
"""

import re
from collections.abc import Iterable, Iterator

from sim.engine.algebra import arguments_of
from sim.engine.functions import BUILTINS
from sim.engine.loops import LONGEST, Loop, crossing, loops_of, truths_of
from sim.engine.model import Call, Expression, Lookup, Number, Reference
from sim.engine.program import SCALARS, Program, reads
from sim.engine.source import heading, indented, literal, setup_lines
from sim.engine.varying import BOTH, MEMBER, TIME

FEW, MANY = 16, 32
"""Members that go through a step together; many where their values all stay in the first cache."""

HEADER = '''"""A stock-flow model, compiled for numba: {size} variables.

Written by sim from the model file; change the model, not this page.
`setup` computes all that does not differ by both member and time; `steps` takes members `_first`
to `_last` through all the steps, and fills `_saved` (kept, saved times, members).
"""

import numpy as np
from numba import njit

from sim.engine import functions
'''

PARAMETERS = (
    *("_first", "_last", "times", "_lengths", "dt", "_rows", "_stages", "_numbers", "_starts"),
    *("_by_member", "_by_time", "_by_both", "_delays", "_saved", "_lanes"),
)


def unsupported(program: Program) -> list[str]:
    """The functions of a program's steps that the kernel does not have."""
    found = {
        expression.function
        for assignment in (*program.each, *program.saved)
        for expression in _within(assignment.expression)
        if isinstance(expression, Call) and not BUILTINS[expression.function].one
    }
    return sorted(found)


def kernel_source(program: Program) -> str:
    """The page that defines `setup` and `steps`, which `kernel.py` runs."""
    lanes = _Lanes(program)
    steps = list(lanes.steps())
    before = [*setup_lines(program), *lanes.handed_over()]
    words = set(re.findall(r"\w+", "\n".join(steps)))
    scalars = ", ".join(sorted((SCALARS & words) | {"scratch", "reader"}))
    return "\n".join(
        [
            *heading(program, before, HEADER),
            *["", f"from sim.engine.scalars import {scalars}", ""],
            *(line for table in program.tables for line in _table_lines(table, words)),
            f"LANES = {lanes.lanes}",
            f"_OF_SAVED = np.array({list(lanes.kept_inside())}, dtype=np.int64)",
            f"_OF_SCRATCH = np.array({list(lanes.kept_inside().values())}, dtype=np.int64)",
            *["", ""],
            "def setup(members, inputs, times, dt):",
            *indented(before, 4),
            *["", "", '@njit(cache=True, error_model="numpy", nogil=True)'],
            f"def steps({', '.join(PARAMETERS)}):",
            *indented(steps, 4),
            "",
        ]
    )


def scalar(expression: Expression) -> str:
    """The value of one member as one expression in restricted Python."""
    match expression:
        case Number(value):
            return literal(value) if value >= 0.0 else f"({literal(value)})"
        case Reference(name):
            return name
        case Call(function, arguments):
            inner = [scalar(argument) for argument in arguments]
            form = BUILTINS[function].one
            named = sum(f"{{{place}}}" in form for place in range(len(inner)))
            text = form.format(*inner, rest=f"({', '.join(inner[named:])},)")
            return text if "(" in form else f"({text})"
        case Lookup(table, argument, kind):
            return _read(scalar(argument), str(table), kind)
    raise NotImplementedError(type(expression).__name__)


def _read(x: str, table: str, kind: str) -> str:
    if kind in ("interpolate", "near"):
        return f"{'AT' if kind == 'near' else 'EXACTLY_AT'}_{table}({x})"
    return f"read_{kind}({x}, X_{table}, Y_{table})"


def _table_lines(table: str, words: set[str]) -> list[str]:
    """What the kernel reads of a table: its functions, or its columns."""
    parts = {
        f"AT_{table}": f"AT_{table} = reader(*{table})",
        f"EXACTLY_AT_{table}": f"EXACTLY_AT_{table} = reader(*{table}, exact=True)",
        f"X_{table}": f"X_{table}, Y_{table} = {table}",
    }
    return [line for word, line in parts.items() if word in words]


def _within(expression: Expression) -> Iterator[Expression]:
    yield expression
    for argument in arguments_of(expression):
        yield from _within(argument)


class _Lanes:
    """Where the values of members lie between the loops, and the lines of the loops.

    The scratch holds rows of a number for each of them: stocks, flows, what Runge and Kutta's
    method adds to them, what differs by member, paths by member, pipes, and what crosses from loop
    to loop.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.lanes = FEW if len(program.each) > LONGEST else MANY
        self.each = loops_of(program.each, program.tables)
        self.saved = loops_of(program.saved, program.tables)
        self.truths = truths_of([*self.each, *self.saved])
        computed = {each.name for loop in [*self.each, *self.saved] for each in loop}
        kept = [value.name for value in program.kept if isinstance(value, Reference)]
        used = dict.fromkeys(
            name
            for loop in [*self.each, *self.saved]
            for each in loop
            for name in reads(each.expression)
            if name not in computed
        )
        level, inputs = program.levels, {each.symbol for each in program.inputs}
        self.numbers = [name for name in used if level[name] == 0 and name != "dt"]
        self.by_member = [name for name in used if level[name] == MEMBER]
        self.by_time = [name for name in used if level[name] == TIME and name != "t"]
        paths = [*used, *kept]
        self.by_both = [n for n in dict.fromkeys(paths) if level[n] == BOTH and n in inputs]
        stocks = [stock.symbol for stock in program.stocks]
        flows = [stock.flow for stock in program.stocks]
        pipes = [pipe.symbol for pipe in program.pipes]
        lasting = {pipe.input for pipe in program.pipes} | (computed & set(kept))
        also = crossing([*self.each, *self.saved]) | lasting
        places = [*stocks, *flows, *(f"_start{n}" for n in stocks), *(f"_sum{n}" for n in stocks)]
        places += [*self.by_member, *self.by_both, *pipes]
        places += sorted(also & (lasting - set(places)))
        self.rows = {name: row for row, name in enumerate(places)}
        self.share_rows(also)
        self.size = (max(self.rows.values(), default=0) + 1) * self.lanes

    def share_rows(self, crossing: set[str]) -> None:
        """Gives the other names that cross from loop to loop rows that are free again."""
        loops = [*self.each, *self.saved]
        last = {
            n: number
            for number, loop in enumerate(loops)
            for a in loop
            for n in reads(a.expression)
        }
        size = len(self.rows)
        ends: dict[int, list[int]] = {}
        free: list[int] = []
        for number, loop in enumerate(loops):
            free += ends.pop(number - 1, [])
            for each in loop:
                if each.name in crossing and each.name not in self.rows:
                    if not free:
                        free.append(size)
                        size += 1
                    self.rows[each.name] = free.pop()
                    ends.setdefault(last[each.name], []).append(self.rows[each.name])

    def handed_over(self) -> list[str]:
        """The lines in which `setup` gives its values to `steps`: the last of its arguments, and
        what is kept of values that do not differ by both member and time."""
        program = self.program
        starts = [stock.start for stock in program.stocks]
        starts += [pipe.start for pipe in program.pipes]
        delays = [f"functions.pipe_steps({pipe.delay}, dt, times)" for pipe in program.pipes]
        inside = self.kept_inside()
        fixed = [
            f"{row}: {self.kept_outside(value)}"
            for row, value in enumerate(program.kept)
            if row not in inside
        ]
        return [
            *["", "# --- what the steps need"],
            f"numbers = functions.rows(1, {_tuple(self.numbers)})[:, 0]",
            f"starts = functions.rows(members, {_tuple(starts)})",
            f"by_member = functions.rows(members, {_tuple(self.by_member)})",
            f"by_time = functions.rows(len(times), {_tuple(self.by_time)})",
            f"by_both = {_tuple(f'np.ascontiguousarray({name})' for name in self.by_both)}",
            f"delays = functions.rows(members, {_tuple(delays)}).astype(np.int64)",
            f"fixed = {{{', '.join(fixed)}}}",
            "return (numbers, starts, by_member, by_time, by_both, delays), fixed",
        ]

    def kept_outside(self, value: Expression) -> str:
        if isinstance(value, Number):
            return literal(value.value)
        assert isinstance(value, Reference)
        name = "times" if value.name == "t" else value.name
        return f"{name}[:, None]" if self.program.levels[value.name] == TIME else name

    def steps(self) -> Iterator[str]:
        """The body of the kernel."""
        program, stocks = self.program, len(self.program.stocks)
        yield "whole_registers()"
        yield f"_s = scratch({self.size})"
        for place, name in enumerate(self.numbers):
            yield f"{name} = _numbers[{place}]"
        if program.pipes:
            yield f"_held = np.empty(({len(program.pipes)}, _delays.max() + 1, {self.lanes}))"
        yield f"for _m in range(_first, _last, {self.lanes}):"
        yield f"    _own = min({self.lanes}, _last - _m)"
        yield from indented(self.fill("_starts[_j, _of]", 0, stocks), 4)
        yield from indented(self.fill_pipes(), 4)
        first = self.rows[self.by_member[0]] if self.by_member else 0
        yield from indented(self.fill("_by_member[_j, _of]", first, len(self.by_member)), 4)
        yield "    for _k in range(len(_lengths) + 1):"
        yield "        for _stage in range(_stages):"
        yield "            _at = _k if _stages == 1 else 2 * _k + (_stage + 1) // 2"
        yield from indented(self.at_stage(), 12)
        yield "            if _stage == 0 and _rows[_k] >= 0:"
        yield from indented(self.save(), 16)
        yield "            if _k == len(_lengths):"
        yield "                break"
        yield from indented(self.advance_pipes(), 12)
        yield from indented(_update(stocks * self.lanes, stocks), 12)

    def fill(self, source: str, first: int, count: int) -> list[str]:
        """Lines that read rows of the members' own into the scratch; lanes behind the last
        member compute it again."""
        if not count:
            return []
        return [
            f"for _j in range({count}):",
            "    for _i in range(_lanes):",
            "        _of = min(_m + _i, _last - 1)",
            f"        _s[({first} + _j) * {self.lanes} + _i] = {source}",
        ]

    def fill_pipes(self) -> list[str]:
        stocks, pipes = len(self.program.stocks), len(self.program.pipes)
        if not pipes:
            return []
        return [
            f"for _j in range({pipes}):",
            "    for _step in range(_held.shape[1]):",
            "        for _i in range(_lanes):",
            "            _of = min(_m + _i, _last - 1)",
            f"            _held[_j, _step, _i] = _starts[{stocks} + _j, _of]",
        ]

    def at_stage(self) -> Iterator[str]:
        """What is read for a stage, and the loops."""
        yield "t = times[_at]"
        for place, name in enumerate(self.by_time):
            yield f"{name} = _by_time[{place}, _at]"
        for place, name in enumerate(self.by_both):
            yield from self.fill(f"_by_both[{place}][_at, _of]", self.rows[name], 1)
        if self.program.pipes:
            first = self.rows[self.program.pipes[0].symbol]
            yield "_step = _at if _stages == 1 else _at // 2"
            source = "_held[_j, (_step - _delays[_j, _of]) % _held.shape[1], _i]"
            yield from self.fill(source, first, len(self.program.pipes))
        for loop in self.each:
            yield from self.loop(loop)

    def loop(self, loop: Loop) -> Iterator[str]:
        own = {each.name for each in loop}
        # LLVM would take short loops of a known length apart before it sees what they repeat
        yield "for _i in range(_lanes):"
        for name in dict.fromkeys(n for each in loop for n in reads(each.expression)):
            if name in self.rows and name not in own:
                test = " != 0.0" if name in self.truths else ""
                yield f"    {name} = _s[{self.rows[name] * self.lanes} + _i]{test}"
        for each in loop:
            if each.about:
                yield f"    # {each.about}"
            yield f"    {each.name} = {scalar(each.expression)}"
            if each.name in self.rows:
                value = f"select({each.name}, 1.0, 0.0)" if each.name in self.truths else each.name
                yield f"    _s[{self.rows[each.name] * self.lanes} + _i] = {value}"

    def save(self) -> Iterator[str]:
        """What is computed at saved times alone, and what is kept."""
        for loop in self.saved:
            yield from self.loop(loop)
        if self.kept_inside():
            yield "_row = _rows[_k]"
            yield "for _j in range(len(_OF_SAVED)):"
            yield "    for _i in range(_own):"
            yield "        _saved[_OF_SAVED[_j], _row, _m + _i] = _s[_OF_SCRATCH[_j] + _i]"
        elif not self.saved:
            yield "pass"

    def kept_inside(self) -> dict[int, int]:
        """Row of what is kept → where it lies in the scratch."""
        return {
            row: self.rows[value.name] * self.lanes
            for row, value in enumerate(self.program.kept)
            if isinstance(value, Reference) and self.program.levels[value.name] == BOTH
        }

    def advance_pipes(self) -> Iterator[str]:
        if not self.program.pipes:
            return
        yield "if _stage == 0:"
        for place, pipe in enumerate(self.program.pipes):
            row = self.rows[pipe.input] * self.lanes
            yield "    for _i in range(_lanes):"
            yield f"        _held[{place}, _k % _held.shape[1], _i] = _s[{row} + _i]"


def _update(size: int, stocks: int) -> list[str]:
    """One step of Euler's, or one of the four stages of Runge's and Kutta's; `size` numbers of
    stocks, then of flows, then of the stocks at the start of the step, then of flows added up.

    Each has a loop of its own: LLVM would compute all in one and choose, also from rows that hold
    nothing yet, and what chance left there may be numbers so small that they take a hundred times
    as long.
    """
    start, total = f"_s[{2 * size} + _i]", f"_s[{3 * size} + _i]"
    ways = {
        "if _stages == 1:": ["_s[_i] += _flow * _h"],
        "elif _stage == 0:": [
            f"{start} = _s[_i]",
            f"{total} = _flow",
            f"_s[_i] = {start} + _flow * (_h / 2)",
        ],
        "elif _stage < 3:": [
            f"{total} += 2.0 * _flow",
            f"_s[_i] = {start} + _flow * (_h / 2 if _stage == 1 else _h)",
        ],
        "else:": [f"_s[_i] = {start} + ({total} + _flow) * (_h / 6.0)"],
    }
    lines = ["_h = _lengths[_k]"]
    for way, body in ways.items():
        whole = [f"for _i in range({stocks} * _lanes):", f"    _flow = _s[{size} + _i]"]
        lines += [way, *indented([*whole, *indented(body, 4)], 4)]
    return lines


def _tuple(names: Iterable[str]) -> str:
    return "(" + "".join(f"{name}, " for name in names).rstrip() + ")"
