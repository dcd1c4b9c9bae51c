"""A model becomes a page of NumPy source: what is computed once, what at each step, in order."""

import keyword
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from sim.engine.algebra import arguments_of, gathered, repeated, simplified
from sim.engine.functions import BUILTINS, LOOKUPS
from sim.engine.model import (
    Auxiliary,
    Call,
    Constant,
    Expression,
    Initial,
    Lookup,
    Model,
    Number,
    Path,
    Pipeline,
    Points,
    Reference,
    Stock,
    Table,
    Variable,
    parts,
    references,
)
from sim.engine.order import ordered
from sim.engine.varying import BOTH, TIME, Variation

RESERVED = {
    *("members", "inputs", "times", "dt", "k", "t", "t0", "kept", "stocks", "flows"),
    *("block", "rates", "advance", "np", "functions"),
}
"""Names that the compiled source uses for itself."""

LOOKUP_SYMBOLS = {
    kind: "LOOKUP" if kind == "interpolate" else f"LOOKUP_{kind.upper()}" for kind in LOOKUPS
}
"""How compiled source calls the ways of reading a table."""

HEADER = '''"""{title}

Written by sim from the model file; change the model, not this page.
`block` returns (stocks, flows, rates, advance) for `members` members: `rates(k, kept)` computes
everything at time `times[k]` from `stocks`, fills `flows` with d(stocks)/dt and, where `kept` is
given, the rows of `kept`; `advance(k)` moves what DELAY FIXED holds by one step.
"""

import numpy as np

from sim.engine import functions
'''


@dataclass(frozen=True)
class Page:
    """The source of a model, the stocks that are its rows, and the inputs that it reads."""

    source: str
    stocks: tuple[str, ...]
    inputs: tuple[str, ...]


@dataclass
class Writer:
    """Writes the source of a model, part by part.

    `once` are the lines before the first step, `each` those of a step; from `only_kept` on they
    run at saved times alone. `buffers` gives the arrays that `each` fills, name → dtype.
    """

    model: Model
    variation: Variation
    kept: tuple[str, ...]
    tables: dict[Points, str] = field(default_factory=dict)
    hoisted: dict[Expression, str] = field(default_factory=dict)
    once: list[str] = field(default_factory=list)
    each: list[str] = field(default_factory=list)
    free: list[str] = field(default_factory=list)
    only_kept: int = 0
    buffers: dict[str, str] = field(default_factory=dict)
    repeated: set[Expression] = field(default_factory=set)
    shared: dict[Expression, str] = field(default_factory=dict)
    temporaries: int = 0
    names: dict[str, str] = field(default_factory=dict)

    def page(self) -> Page:
        """The whole, in the order in which it is read."""
        needed = self.needed()
        run_order = ordered(
            [name for name in needed if self.is_computed(name)], self.needs_while_running
        )
        for name in run_order:  # in this order, so that no chain of variables is descended
            self.variation.of(name)
        stocks = [n for n in needed if isinstance(self.definition(n), Stock)]
        self.identify(needed)
        self.write_once(needed, stocks, run_order)
        setup_end = len(self.once)
        self.write_each(run_order, stocks)
        source = self.text(needed, stocks, setup_end)
        inputs = [n for n in needed if isinstance(self.definition(n), Constant | Path)]
        return Page(source, tuple(stocks), tuple(inputs))

    # --- what depends on what

    def variable(self, name: str) -> Variable:
        return self.model.variables[name]

    def definition(self, name: str) -> Any:
        return self.model.variables[name].definition

    def is_computed(self, name: str) -> bool:
        return isinstance(self.definition(name), Auxiliary)

    def needed(self) -> list[str]:
        """What is kept and all behind it, in the order of the file."""
        found: set[str] = set()
        open_names = [*self.kept]
        while open_names:
            name = open_names.pop()
            if name in found or isinstance(self.definition(name), Table):
                continue
            found.add(name)
            for part in parts(self.definition(name)):
                open_names.extend(references(part))
        return [name for name in self.model.variables if name in found]

    def needs_while_running(self, name: str) -> list[str]:
        found = references(self.definition(name).expression)
        return [other for other in dict.fromkeys(found) if self.is_computed(other)]

    def needs_at_start(self, name: str) -> list[str]:
        """What must be known before `name` has its value at the start."""
        match self.definition(name):
            case Stock(_, initial):
                found = references(initial)
            case Auxiliary(expression, initial):
                found = references(expression if initial is None else initial)
            case Initial(expression):
                found = references(expression)
            case Pipeline(_, delay, initial):
                found = chain(references(delay), references(initial))
            case _:
                return []
        return [other for other in dict.fromkeys(found) if not self.is_table(other)]

    def is_table(self, name: str) -> bool:
        return isinstance(self.definition(name), Table)

    # --- names in the source

    def identify(self, needed: Sequence[str]) -> None:
        taken = set(needed) | RESERVED
        for number, name in enumerate(needed):
            plain = re.sub(r"\W+", "_", name).strip("_")
            usable = plain.isidentifier() and not keyword.iskeyword(plain)
            # a leading underscore marks the compiler's own
            if usable and (plain == name or plain not in taken) and plain not in RESERVED:
                self.names[name] = plain
                taken.add(plain)
            else:
                self.names[name] = f"v{number}_{re.sub(r'[^0-9a-z]+', '_', name)}"

    def operand(self, name: str) -> str:
        return "t" if name == "time" else self.names[name]

    def operand_at_start(self, name: str) -> str:
        if name == "time":
            return "t0"
        prefix = "_start_" if self.variation.of(name) & TIME else ""
        return prefix + self.names[name]

    def table(self, table: Points | str) -> str:
        """The name of a table's arrays in the source."""
        if isinstance(table, str):
            points = self.definition(table).points
            label = re.sub(r"\W+", "_", table)
        else:
            points, label = table, "inline"
        if points not in self.tables:
            self.tables[points] = f"TABLE_{len(self.tables) + 1}_{label.upper()}"
        return self.tables[points]

    # --- before the first step

    def write_once(
        self, needed: Sequence[str], stocks: Sequence[str], run_order: Sequence[str]
    ) -> None:
        """Values that do not change with time, and all that the start needs."""
        for name in needed:
            if isinstance(self.definition(name), Constant | Path):
                prefix = "_path_" if self.variation.of(name) & TIME else ""
                self.once.append(f"{prefix}{self.names[name]} = inputs[{name!r}]")
        timeless = [name for name in run_order if not self.variation.of(name) & TIME]
        kinds = (Stock, Initial, Pipeline)
        stateful = [name for name in needed if isinstance(self.definition(name), kinds)]
        for name in ordered([*timeless, *stateful], self.needs_at_start):
            self.start(self.variable(name))
        for row, name in enumerate(stocks):
            self.once.append(f"{self.names[name]} = stocks[{row}]")
            self.once.append(f"{self.names[name]}[:] = {self.operand_at_start(name)}")
        for name in needed:
            definition = self.definition(name)
            if isinstance(definition, Pipeline):
                delay = self.inline(definition.delay, self.operand_at_start)
                start = self.operand_at_start(name)
                pipe = f"_pipe_{self.names[name]}"
                self.once.append(f"{pipe} = functions.Pipe({delay}, dt, {start}, members, times)")

    def start(self, variable: Variable) -> None:
        """Writes the value that a variable has at the start, and keeps if it is timeless."""
        target = self.operand_at_start(variable.name)
        match variable.definition:
            case Constant() | Path():
                if self.variation.of(variable.name) & TIME:
                    self.once.append(f"{target} = _path_{self.names[variable.name]}[0]")
                return
            case Stock(_, value) | Initial(value) | Pipeline(_, _, value):
                pass
            case Auxiliary(expression, initial):
                value = expression if initial is None else initial
            case _:
                raise NotImplementedError(type(variable.definition).__name__)
        self.comment(self.once, variable)
        self.once.append(f"{target} = {self.inline(simplified(value), self.operand_at_start)}")

    def comment(self, lines: list[str], variable: Variable) -> None:
        if variable.owner:
            return
        units = f"  [{variable.units}]" if variable.units else ""
        element = f"{variable.written}: " if variable.array else ""
        lines.append(f"# {element}{variable.equation}{units}")

    def inline(self, expression: Expression, operand: Callable[[str], str]) -> str:
        """The expression as one nested call that makes its own arrays."""
        match expression:
            case Number(value):
                return _literal(value)
            case Reference(name):
                return operand(name)
            case Call(function, arguments):
                inner = [self.inline(argument, operand) for argument in arguments]
                at_start = operand == self.operand_at_start
                clock = ["t0" if c == "t" and at_start else c for c in BUILTINS[function].clock]
                return f"{BUILTINS[function].symbol}({', '.join([*inner, *clock])})"
            case Lookup(table, argument, kind):
                points = self.table(table)
                return f"{LOOKUP_SYMBOLS[kind]}({self.inline(argument, operand)}, *{points})"
        raise NotImplementedError(type(expression).__name__)

    # --- at each step

    def write_each(self, run_order: Sequence[str], stocks: Sequence[str]) -> None:
        """What the flows need, and the flows; then what is only kept, in a part of its own that
        runs at saved times alone."""
        self.read_paths()
        whole = [self.definition(name).expression for name in run_order]
        whole += [self.definition(name).flow for name in stocks]
        self.repeated = repeated(map(self.prepared, whole), self.variation.level)
        moving = [self.definition(name).flow for name in stocks]
        moving += [self.definition(name).input for name in self.pipelines]
        roots = [n for part in moving for n in references(part) if self.is_computed(n)]
        needed = set(ordered(roots, self.needs_while_running))
        for name in run_order:
            if name in needed:
                self.write_auxiliary(name, "if kept is not None: ")
        for row, name in enumerate(stocks):
            self.comment(self.each, self.variable(name))
            self.once.append(f"_d_{self.names[name]} = flows[{row}]")
            self.fill(self.definition(name).flow, f"_d_{self.names[name]}")
        for name in self.pipelines:
            self.comment(self.each, self.variable(name))
            self.once.append(f"_into_{self.names[name]} = np.empty(members)")
            self.fill(self.definition(name).input, f"_into_{self.names[name]}")
        self.only_kept = len(self.each)
        for name in run_order:
            if name not in needed:
                self.write_auxiliary(name, "")

    def write_auxiliary(self, name: str, condition: str) -> None:
        """The lines that compute an auxiliary that changes with time, and keep it if wanted."""
        level, symbol = self.variation.of(name), self.names[name]
        if not level & TIME:
            return
        expression = self.definition(name).expression
        self.comment(self.each, self.variable(name))
        if level == TIME:
            self.each.append(f"{symbol} = {self.inline(simplified(expression), self.operand)}")
            return
        self.buffers[symbol] = ""
        self.fill(expression, symbol)
        if name in self.kept:
            self.each.append(f"{condition}kept[{self.kept.index(name)}] = {symbol}")

    @property
    def pipelines(self) -> list[str]:
        """The names of what DELAY FIXED defines."""
        return [name for name in self.names if isinstance(self.definition(name), Pipeline)]

    def read_paths(self) -> None:
        for name, symbol in self.names.items():
            definition = self.definition(name)
            if isinstance(definition, Constant | Path) and self.variation.of(name) & TIME:
                self.each.append(f"{symbol} = _path_{symbol}[k]")
            elif isinstance(definition, Pipeline):
                self.each.append(f"{symbol} = _pipe_{symbol}.read(k)")

    def fill(self, expression: Expression, target: str) -> None:
        """Writes the value of an expression into the buffer `target`, at each step."""
        value = self.value(self.prepared(expression), target)
        if value != target:
            self.each.append(f"np.copyto({target}, {value})")

    def value(self, expression: Expression, target: str | None) -> str:
        """The operand that holds an expression's value; computed into `target` where one is
        given, else into a temporary buffer."""
        match expression:
            case Number() | Reference():
                return self.inline(expression, self.operand)
        if self.variation.level(expression) != BOTH:
            return self.hoist(expression)
        if expression in self.shared:
            return self.shared[expression]
        if expression in self.repeated:
            target = self.shared[expression] = f"_shared_{len(self.shared) + 1}"
            self.buffers[target] = ", dtype=bool" if self.is_truth(expression) else ""
        truth = self.is_truth(expression)
        spare = None if truth else target  # may serve the first inner value that needs a buffer
        operands: list[str] = []
        for argument in arguments_of(expression):
            operand = self.value(argument, None if self.is_truth(argument) else spare)
            spare = None if operand == spare else spare
            operands.append(operand)
        self.free += [name for name in operands if name.startswith(("_number_", "_truth_"))]
        result = target or self.temporary("_truth_" if truth else "_number_")
        self.each.append(f"{self.call(expression, operands)}, out={result})")
        return result

    def prepared(self, expression: Expression) -> Expression:
        return gathered(simplified(expression), self.variation.level)

    def is_truth(self, expression: Expression) -> bool:
        return isinstance(expression, Call) and BUILTINS[expression.function].truth

    def call(self, expression: Expression, operands: list[str]) -> str:
        if isinstance(expression, Lookup):
            points = self.table(expression.table)
            return f"{LOOKUP_SYMBOLS[expression.kind]}({operands[0]}, *{points}"
        assert isinstance(expression, Call)
        builtin = BUILTINS[expression.function]
        return f"{builtin.symbol}({', '.join([*operands, *builtin.clock])}"

    def hoist(self, expression: Expression) -> str:
        """The name of a value that need not be computed for every member at every step."""
        if expression not in self.hoisted:
            timed = self.variation.level(expression) & TIME
            name = f"_{'each' if timed else 'once'}_{len(self.hoisted) + 1}"
            self.hoisted[expression] = name
            lines = self.each if timed else self.once
            lines.append(f"{name} = {self.inline(expression, self.operand)}")
        return self.hoisted[expression]

    def temporary(self, kind: str) -> str:
        for name in reversed(self.free):  # the one written last is still in the cache
            if name.startswith(kind):
                self.free.remove(name)
                return name
        self.temporaries += 1
        name = f"{kind}{self.temporaries}"
        self.buffers[name] = ", dtype=bool" if kind == "_truth_" else ""
        return name

    def share_buffers(self) -> list[str]:
        """The lines that make the buffers: names whose lives do not meet share an array, so that
        a block of members stays in the cache."""
        first: dict[str, int] = {}
        last: dict[str, int] = {}
        for number, line in enumerate(self.each):
            for word in re.findall(r"[^\W\d]\w*", "" if line.startswith("#") else line):
                if word in self.buffers:
                    first.setdefault(word, number)
                    last[word] = number
        arrays: list[tuple[int, str, list[str]]] = []  # when free again, kind, names
        for name in first:  # in the order of their first use
            for place, (end, kind, names) in enumerate(arrays):
                if end < first[name] and kind == self.buffers[name]:
                    arrays[place] = (last[name], kind, [*names, name])
                    break
            else:
                arrays.append((last[name], self.buffers[name], [name]))
        return [f"{' = '.join(names)} = np.empty(members{kind})" for _, kind, names in arrays]

    # --- the page

    def text(self, needed: Sequence[str], stocks: Sequence[str], setup_end: int) -> str:
        calls = set(re.findall(r"[A-Z_]+(?=\()", "\n".join(self.once + self.each)))
        symbols = [
            f"{builtin.symbol} = functions.BUILTINS[{name!r}].call"
            for name, builtin in BUILTINS.items()
            if builtin.symbol in calls
        ]
        others = [
            f"{symbol} = functions.LOOKUPS[{kind!r}]"
            for kind, symbol in LOOKUP_SYMBOLS.items()
            if symbol in calls - {"LOOKUP"}
        ]
        tables = [
            f"{label} = (\n    np.array({[x for x, _ in points]}),\n"
            f"    np.array({[y for _, y in points]}),\n)"
            for points, label in self.tables.items()
        ]
        piped = [self.names[name] for name in self.pipelines]
        advance = [f"_pipe_{symbol}.write(k, _into_{symbol})" for symbol in piped] or ["pass"]
        kept = [
            f"kept[{row}] = {self.names[name]}"
            for row, name in enumerate(self.kept)
            if self.names[name] not in self.buffers
        ]
        lines = [
            HEADER.format(title=f"A stock-flow model, compiled: {len(needed)} variables."),
            *symbols,
            "LOOKUP = functions.lookup",
            *others,
            *tables,
            "",
            "",
            "def block(members, inputs, times, dt):",
            f"    stocks = np.empty(({len(stocks)}, members))",
            f"    flows = np.empty(({len(stocks)}, members))",
            "    t0 = times[0]",
            *_indent(["", "# --- once: what does not change with time, and the start"], 4),
            *_indent(self.once[:setup_end], 4),
            *_indent(["", "# --- buffers, and what need not be computed at each step"], 4),
            *_indent(self.once[setup_end:], 4),
            *_indent(self.share_buffers(), 4),
            "",
            "    def rates(k, kept=None):",
            "        t = times[k]",
            *_indent(self.each[: self.only_kept], 8),
            "        if kept is not None:",
            *_indent([*self.each[self.only_kept :], *kept] or ["pass"], 12),
            "",
            "    def advance(k):",
            *_indent(advance, 8),
            "",
            "    return stocks, flows, rates, advance",
            "",
        ]
        return "\n".join(lines)


def _indent(lines: Iterable[str], by: int) -> list[str]:
    return [" " * by + line if line else "" for line in lines]


def _literal(value: float) -> str:
    return repr(value) if math.isfinite(value) else f"np.float64('{value}')"
