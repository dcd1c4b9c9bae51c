"""A program becomes the source of a numba kernel: a few members at a time through all the steps.

Eight doubles fit into one register of a modern processor. 16 or 32 members go through a step
together: what is computed for them stands in loops over the lanes, which LLVM turns into
instructions over whole registers, and what they hold between loops fits into the first cache.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sim.engine.algebra import arguments_of
from sim.engine.functions import BUILTINS
from sim.engine.lives import soon_used, whole_step
from sim.engine.loops import LONGEST, Loop, crossing, loops_of, truths_of
from sim.engine.model import Call, Expression, Lookup, Number, Reference
from sim.engine.program import SCALARS, Assignment, Program, reads
from sim.engine.source import comments, heading, indented, literal, setup_lines
from sim.engine.varying import BOTH, MEMBER, TIME

FEW, MANY = 16, 32
"""Members that go through a step together; many where their values all stay in the first cache."""

HEADER = '''"""A stock-flow model, compiled for numba: {size} variables.

Written by sim from the model file; change the model, not this page.
`setup` computes all that does not differ by both member and time; `euler` and `rk4` take members
`_first` to `_last` through all the steps, and fill `_saved` (kept, saved times, members).
"""

import numpy as np
from numba import njit

from sim.engine import functions
'''

PARAMETERS = (
    *("_first", "_last", "times", "_lengths", "dt", "_rows", "_numbers", "_starts"),
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
    """The page that defines `setup`, `euler` and `rk4`, which `kernel.py` runs."""
    handed = handed_over(program)
    ways = {"euler": _Euler(program, handed), "rk4": _RungeKutta(program, handed)}
    steps = {way: list(lanes.steps()) for way, lanes in ways.items()}
    before = [*setup_lines(program), *_return_lines(program, handed)]
    words = set(re.findall(r"\w+", "\n".join(line for lines in steps.values() for line in lines)))
    scalars = ", ".join(sorted((SCALARS & words) | {"scratch", "reader"}))
    return "\n".join(
        [
            *heading(program, before, HEADER),
            *["", f"from sim.engine.scalars import {scalars}", ""],
            *(line for table in program.tables for line in _table_lines(table, words)),
            f"LANES = {ways['euler'].lanes}",
            f"_OF_SAVED = np.array({list(kept_inside(program))}, dtype=np.int64)",
            *(
                f"{way.of_scratch} = np.array({way.kept_places()}, dtype=np.int64)"
                for way in ways.values()
            ),
            *["", ""],
            "def setup(members, inputs, times, held, dt):",
            *indented(before, 4),
            *(line for way, lines in steps.items() for line in _compiled(way, lines)),
            "",
        ]
    )


def _compiled(name: str, lines: list[str]) -> list[str]:
    return [
        *["", "", '@njit(cache=True, error_model="numpy", nogil=True)'],
        f"def {name}({', '.join(PARAMETERS)}):",
        *indented(lines, 4),
    ]


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


@dataclass(frozen=True)
class Handed:
    """The names whose values the steps are given, by what they vary over; in the order in which
    `setup` hands them over."""

    numbers: list[str]
    by_member: list[str]
    by_time: list[str]
    by_both: list[str]


def handed_over(program: Program) -> Handed:
    """What the steps of a program read and do not compute."""
    assignments = [*program.each, *program.saved]
    computed = {each.name for each in assignments}
    read = dict.fromkeys(name for each in assignments for name in reads(each.expression))
    used = [name for name in read if name not in computed]
    level, inputs = program.levels, {each.symbol for each in program.inputs}
    kept = [value.name for value in program.kept if isinstance(value, Reference)]
    paths = dict.fromkeys([*used, *kept])
    return Handed(
        numbers=[name for name in used if level[name] == 0 and name != "dt"],
        by_member=[name for name in used if level[name] == MEMBER],
        by_time=[name for name in used if level[name] == TIME and name != "t"],
        by_both=[name for name in paths if level[name] == BOTH and name in inputs],
    )


def _return_lines(program: Program, handed: Handed) -> list[str]:
    """The lines in which `setup` gives its values to the steps: the last of their arguments, and
    what is kept of values that do not differ by both member and time."""
    starts = [stock.start for stock in program.stocks]
    starts += [pipe.start for pipe in program.pipes]
    delays = [f"functions.pipe_steps({pipe.delay}, dt, held)" for pipe in program.pipes]
    fixed = [
        f"{row}: {_kept_outside(program, value)}"
        for row, value in enumerate(program.kept)
        if row not in kept_inside(program)
    ]
    return [
        *["", "# --- what the steps need"],
        f"numbers = functions.rows(1, {_tuple(handed.numbers)})[:, 0]",
        f"starts = functions.rows(members, {_tuple(starts)})",
        f"by_member = functions.rows(members, {_tuple(handed.by_member)})",
        f"by_time = functions.rows(len(times), {_tuple(handed.by_time)})",
        f"by_both = {_tuple(f'np.ascontiguousarray({name})' for name in handed.by_both)}",
        f"delays = functions.rows(members, {_tuple(delays)}).astype(np.int64)",
        f"fixed = {{{', '.join(fixed)}}}",
        "return (numbers, starts, by_member, by_time, by_both, delays), fixed",
    ]


def kept_inside(program: Program) -> dict[int, str]:
    """Row of what is kept → the name, where only the steps know the value."""
    return {
        row: value.name
        for row, value in enumerate(program.kept)
        if isinstance(value, Reference) and program.levels[value.name] == BOTH
    }


def _kept_outside(program: Program, value: Expression) -> str:
    if isinstance(value, Number):
        return literal(value.value)
    assert isinstance(value, Reference)
    name = "times" if value.name == "t" else value.name
    return f"{name}[:, None]" if program.levels[value.name] == TIME else name


class _Lanes:
    """Where the values of members lie between the loops, and the lines of the loops.

    The scratch holds rows of a number for each of them: stocks, what the method needs besides
    (`further`), what differs by member, paths by member, pipes, and what crosses from loop to loop.
    """

    of_scratch = ""
    """The name of the rows that hold what is kept."""

    def __init__(
        self, program: Program, handed: Handed, each: list[Assignment], further: list[str]
    ) -> None:
        self.program, self.handed = program, handed
        self.before: Mapping[str, int] = {}  # rows of stocks as they were at the step's start
        self.lanes = FEW if len(program.each) > LONGEST else MANY
        self.each = loops_of(each, program.tables)
        self.saved = loops_of(program.saved, program.tables)
        self.truths = truths_of([*self.each, *self.saved])
        self.stocks = [stock.symbol for stock in program.stocks]
        computed = {each.name for loop in [*self.each, *self.saved] for each in loop}
        pipes = [pipe.symbol for pipe in program.pipes]
        lasting = {pipe.input for pipe in program.pipes}
        lasting |= computed.intersection(kept_inside(program).values())
        also = crossing([*self.each, *self.saved]) | lasting
        places = [*self.stocks, *further, *handed.by_member, *handed.by_both, *pipes]
        places += sorted(lasting - set(places))
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

    def steps(self) -> Iterator[str]:
        """The body of the kernel."""
        program, handed = self.program, self.handed
        yield "whole_registers()"
        yield f"_s = scratch({self.size})"
        for place, name in enumerate(handed.numbers):
            yield f"{name} = _numbers[{place}]"
        if program.pipes:
            yield f"_held = np.empty(({len(program.pipes)}, _delays.max() + 1, {self.lanes}))"
        yield f"for _m in range(_first, _last, {self.lanes}):"
        yield f"    _own = min({self.lanes}, _last - _m)"
        yield from indented(self.fill("_starts[_j, _of]", 0, len(self.stocks)), 4)
        yield from indented(self.fill_pipes(), 4)
        first = self.rows[handed.by_member[0]] if handed.by_member else 0
        yield from indented(self.fill("_by_member[_j, _of]", first, len(handed.by_member)), 4)
        yield "    for _k in range(len(_lengths) + 1):"
        yield from indented(self.step(), 8)

    def step(self) -> Iterator[str]:
        """The lines of one step."""
        raise NotImplementedError

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
        pipes = len(self.program.pipes)
        if not pipes:
            return []
        return [
            f"for _j in range({pipes}):",
            "    for _step in range(_held.shape[1]):",
            "        for _i in range(_lanes):",
            "            _of = min(_m + _i, _last - 1)",
            f"            _held[_j, _step, _i] = _starts[{len(self.stocks)} + _j, _of]",
        ]

    def at(self, time: str) -> Iterator[str]:
        """What is read for the time at a place of the grid, and the loops."""
        yield f"t = times[{time}]"
        for place, name in enumerate(self.handed.by_time):
            yield f"{name} = _by_time[{place}, {time}]"
        for place, name in enumerate(self.handed.by_both):
            yield from self.fill(f"_by_both[{place}][{time}, _of]", self.rows[name], 1)
        if self.program.pipes:
            first = self.rows[self.program.pipes[0].symbol]
            source = "_held[_j, (_k - _delays[_j, _of]) % _held.shape[1], _i]"
            yield from self.fill(source, first, len(self.program.pipes))
        for loop in self.each:
            yield from self.loop(loop)

    def loop(self, loop: Loop, before: Mapping[str, int] | None = None) -> Iterator[str]:
        """The lines of a loop, which reads the scratch; some names in rows that are given."""
        places = {**self.rows, **(before or {})}
        own = {each.name for each in loop if not each.moves}
        read = [name for each in loop for name in reads(each.expression)]
        read += [each.name for each in loop if each.moves]
        # LLVM would take short loops of a known length apart before it sees what they repeat
        yield "for _i in range(_lanes):"
        for name in dict.fromkeys(read):
            if name in places and name not in own:
                test = " != 0.0" if name in self.truths else ""
                yield f"    {name} = _s[{places[name] * self.lanes} + _i]{test}"
        for each in loop:
            yield from indented(comments(each), 4)
            move = f"{each.name} + _length * " if each.moves else ""
            yield f"    {each.name} = {move}{scalar(each.expression)}"
            if each.name in self.rows:
                value = f"select({each.name}, 1.0, 0.0)" if each.name in self.truths else each.name
                yield f"    _s[{self.rows[each.name] * self.lanes} + _i] = {value}"

    def save(self) -> Iterator[str]:
        """What is computed at saved times alone, and what is kept."""
        for loop in self.saved:
            yield from self.loop(loop, self.before)
        if kept_inside(self.program):
            yield "_row = _rows[_k]"
            yield "for _j in range(len(_OF_SAVED)):"
            yield "    for _i in range(_own):"
            yield f"        _saved[_OF_SAVED[_j], _row, _m + _i] = _s[{self.of_scratch}[_j] + _i]"
        elif not self.saved:
            yield "pass"

    def kept_places(self) -> list[int]:
        """Where in the scratch lies what is kept."""
        rows = {**self.rows, **self.before}
        return [rows[name] * self.lanes for name in kept_inside(self.program).values()]

    def advance_pipes(self) -> Iterator[str]:
        for place, pipe in enumerate(self.program.pipes):
            row = self.rows[pipe.input] * self.lanes
            yield "for _i in range(_lanes):"
            yield f"    _held[{place}, _k % _held.shape[1], _i] = _s[{row} + _i]"


class _Euler(_Lanes):
    """Steps in which a stock moves on as soon as nothing reads it any more; what is saved reads the
    stocks in rows that keep them as they were."""

    of_scratch = "_OF_EULER"

    def __init__(self, program: Program, handed: Handed) -> None:
        lasting = {stock.symbol for stock in program.stocks}
        lasting |= {pipe.input for pipe in program.pipes}
        each = soon_used(whole_step(program).each, lasting)
        super().__init__(program, handed, each, [f"_at{stock.symbol}" for stock in program.stocks])
        self.before = {name: self.rows[f"_at{name}"] for name in self.stocks}

    def step(self) -> Iterator[str]:
        size = len(self.stocks)
        yield "_length = _lengths[_k] if _k < len(_lengths) else 0.0"
        if size:
            yield "if _rows[_k] >= 0:"
            yield f"    for _i in range({size} * _lanes):"
            yield f"        _s[{size * self.lanes} + _i] = _s[_i]"
        yield from self.at("_k")
        yield "if _rows[_k] >= 0:"
        yield from indented(self.save(), 4)
        yield from self.advance_pipes()


class _RungeKutta(_Lanes):
    """Steps of four stages, each of which needs all flows of the one before."""

    of_scratch = "_OF_RK4"

    def __init__(self, program: Program, handed: Handed) -> None:
        flows = [stock.flow for stock in program.stocks]
        each = soon_used(program.each, {*flows, *(pipe.input for pipe in program.pipes)})
        further = [
            f"_{word}{stock.symbol}" for word in ("start", "sum") for stock in program.stocks
        ]
        super().__init__(program, handed, each, [*flows, *further])

    def step(self) -> Iterator[str]:
        yield "for _stage in range(4):"
        yield "    _at = 3 * _k + (_stage + 1) // 2"
        yield from indented(self.at("_at"), 4)
        yield "    if _stage == 0 and _rows[_k] >= 0:"
        yield from indented(self.save(), 8)
        yield "    if _k == len(_lengths):"
        yield "        break"
        if self.program.pipes:
            yield "    if _stage == 0:"
            yield from indented(self.advance_pipes(), 8)
        yield from indented(_stage_lines(len(self.stocks) * self.lanes, len(self.stocks)), 4)


def _stage_lines(size: int, stocks: int) -> list[str]:
    """One of the four stages of Runge's and Kutta's; `size` numbers of stocks, then of flows, then
    of the stocks at the start of the step, then of flows added up.

    Each has a loop of its own: LLVM would compute all in one and choose, also from rows that hold
    nothing yet, and what chance left there may be numbers so small that they take a hundred times
    as long.
    """
    start, total = f"_s[{2 * size} + _i]", f"_s[{3 * size} + _i]"
    ways = {
        "if _stage == 0:": [
            f"{start} = _s[_i]",
            f"{total} = _flow",
            f"_s[_i] = {start} + _flow * (_length / 2)",
        ],
        "elif _stage < 3:": [
            f"{total} += 2.0 * _flow",
            f"_s[_i] = {start} + _flow * (_length / 2 if _stage == 1 else _length)",
        ],
        "else:": [f"_s[_i] = {start} + ({total} + _flow) * (_length / 6.0)"],
    }
    lines = ["_length = _lengths[_k]"]
    for way, body in ways.items():
        whole = [f"for _i in range({stocks} * _lanes):", f"    _flow = _s[{size} + _i]"]
        lines += [way, *indented([*whole, *indented(body, 4)], 4)]
    return lines


def _tuple(names: Iterable[str]) -> str:
    return "(" + "".join(f"{name}, " for name in names).rstrip() + ")"
