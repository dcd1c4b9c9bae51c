"""A Model becomes a System: readable NumPy source that computes a block of members at once.

What varies decides where a value is computed. What varies neither with time nor by member, or
by member only, is computed once, before the first step. What varies with time only is computed
once per step, as a number. The rest is computed at each step for all members, operation by
operation, into buffers that are made once. Compiled source says which is which, and above
every variable stands its equation as the modeller wrote it.
"""

import keyword
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Any

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
from sim.text import Refused, Text, near

MEMBER = 1
TIME = 2
BOTH = MEMBER | TIME

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
class System:
    """A compiled model: its source, what it keeps, and what its inputs may vary over.

    `varying` gives the inputs that differ by member (1), with time (2) or both (3); all others
    are numbers. `stocks` are the rows of the state, `kept` those of what is kept.
    """

    source: str
    kept: tuple[str, ...]
    stocks: tuple[str, ...]
    inputs: tuple[str, ...]
    varying: Mapping[str, int]

    @property
    def block(self) -> Callable[..., Any]:
        """The function `block(members, inputs, times, dt)` that the source defines."""
        return _defined(self.source)


@lru_cache(maxsize=16)
def _defined(source: str) -> Callable[..., Any]:
    """The function that a source defines; a worker meets the same source with every block."""
    namespace: dict[str, Any] = {}
    exec(compile(source, "<compiled model>", "exec"), namespace)
    function: Callable[..., Any] = namespace["block"]
    return function


def compile_model(
    model: Model, varying: Mapping[str, int] | None = None, keep: Sequence[str] | None = None
) -> System:
    """The System that computes the variables in `keep` (default: all results).

    `varying` says which inputs differ by member (1), with time (2), or both (3).
    Raises Refused for an algebraic loop (named), for an unknown name in `keep` or `varying`.
    """
    kept = tuple(model.results if keep is None else keep)
    refuse_unknown(model, varying or {}, kept)
    writer = _Writer(model, dict(varying or {}), kept)
    return writer.system()


def refuse_unknown(model: Model, wanted: Iterable[str], kept: Iterable[str]) -> None:
    """Refuses inputs and results that the model does not have, all at once."""
    inputs, results = model.inputs, set(model.results)
    problems = []
    for name in wanted:
        if name not in inputs:
            hint = near(name, inputs)
            problems.append(
                Text(
                    f"{name} 不是模型的常数或路径，不能作为输入{hint.zh}",
                    f"{name} is no constant or path of the model, so it is no input{hint.en}",
                )
            )
    for name in kept:
        if name not in results:
            hint = near(name, results)
            problems.append(
                Text(
                    f"模型中没有变量 {name}{hint.zh}", f"the model has no variable {name}{hint.en}"
                )
            )
    if problems:
        raise Refused(*problems)


def ordered(names: Iterable[str], needs: Callable[[str], Iterable[str]]) -> list[str]:
    """The names and all that they need, needed first; refuses a circle by naming it."""
    order: list[str] = []
    state: dict[str, int] = {}  # 1: being visited, 2: done
    for root in names:
        stack = [(root, iter(needs(root)))] if root not in state else []
        state.setdefault(root, 1)
        while stack:
            name, rest = stack[-1]
            for other in rest:
                if state.get(other) == 1:
                    path = [entry for entry, _ in stack]
                    raise _loop(path[path.index(other) :])
                if other not in state:
                    state[other] = 1
                    stack.append((other, iter(needs(other))))
                    break
            else:
                stack.pop()
                state[name] = 2
                order.append(name)
    return order


def _loop(names: list[str]) -> Refused:
    circle = " → ".join([*names, names[0]])
    return Refused(
        Text(
            f"代数环：{circle}；请在环中加入存量（如 SMOOTH 或 DELAY）",
            f"algebraic loop: {circle}; put a stock into it (SMOOTH or DELAY, for instance)",
        )
    )


@dataclass
class _Writer:
    """Writes the source of a model, part by part."""

    model: Model
    varying: dict[str, int]
    kept: tuple[str, ...]
    tables: dict[Points, str] = field(default_factory=dict)
    hoisted: dict[Expression, str] = field(default_factory=dict)
    once: list[str] = field(default_factory=list)
    each: list[str] = field(default_factory=list)
    free: list[str] = field(default_factory=list)
    only_kept: int = 0
    buffers: dict[str, str] = field(default_factory=dict)
    shared: dict[Expression, str] = field(default_factory=dict)
    shared_names: list[str] = field(default_factory=list)
    temporaries: int = 0
    levels: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def system(self) -> System:
        """The whole, in the order in which it is read."""
        needed = self.needed()
        run_order = ordered(
            [name for name in needed if self.is_computed(name)], self.needs_while_running
        )
        for name in run_order:
            self.levels[name] = self.level_of(self.variable(name))
        stocks = [n for n in needed if isinstance(self.definition(n), Stock)]
        self.identify(needed)
        self.write_once(needed, stocks, run_order)
        setup_end = len(self.once)
        self.write_each(run_order, stocks)
        source = self.page(needed, stocks, setup_end)
        inputs = [n for n in needed if isinstance(self.definition(n), Constant | Path)]
        return System(source, self.kept, tuple(stocks), tuple(inputs), dict(self.varying))

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

    # --- over what a value varies

    def level_of(self, variable: Variable) -> int:
        match variable.definition:
            case Stock() | Pipeline():
                return BOTH
            case Constant():
                return self.varying.get(variable.name, 0)
            case Path():
                return self.varying.get(variable.name, TIME)
            case Initial():
                return MEMBER
            case Auxiliary(expression, initial):
                level = self.level(expression)
                return level if initial is None else level | TIME
        raise NotImplementedError(type(variable.definition).__name__)

    def level(self, expression: Expression) -> int:
        match expression:
            case Number():
                return 0
            case Reference("time"):
                return TIME
            case Reference(name):
                if name not in self.levels:
                    self.levels[name] = self.level_of(self.variable(name))
                return self.levels[name]
            case Call(function, arguments):
                clock = TIME if "t" in BUILTINS[function].clock else 0
                for argument in arguments:
                    clock |= self.level(argument)
                return clock
            case Lookup(_, argument):
                return self.level(argument)
        raise NotImplementedError(type(expression).__name__)

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
        prefix = "_start_" if self.levels_at(name) & TIME else ""
        return prefix + self.names[name]

    def levels_at(self, name: str) -> int:
        return self.level(Reference(name))

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
                prefix = "_path_" if self.levels_at(name) & TIME else ""
                self.once.append(f"{prefix}{self.names[name]} = inputs[{name!r}]")
        timeless = [name for name in run_order if not self.levels_at(name) & TIME]
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
                if self.levels_at(variable.name) & TIME:
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
        self.find_shared(run_order, stocks)
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
        level, symbol = self.levels_at(name), self.names[name]
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
            if isinstance(definition, Constant | Path) and self.levels_at(name) & TIME:
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
        if self.level(expression) != BOTH:
            return self.hoist(expression)
        if expression in self.shared:
            if self.shared[expression]:
                return self.shared[expression]
            target = self.shared[expression] = f"_shared_{len(self.shared_names) + 1}"
            self.shared_names.append(target)
            self.buffers[target] = ", dtype=bool" if self.is_truth(expression) else ""
        operands: list[str] = []
        inner = expression.arguments if isinstance(expression, Call) else (expression.argument,)
        truth = isinstance(expression, Call) and BUILTINS[expression.function].truth
        spare = (
            None if truth else target
        )  # the target may serve the first inner value that needs one
        for argument in inner:
            operand = self.value(argument, None if self.is_truth(argument) else spare)
            if operand == spare:
                spare = None
            operands.append(operand)
        for operand in operands:
            if operand.startswith(("_number_", "_truth_")):
                self.free.append(operand)
        result = target or self.temporary("_truth_" if truth else "_number_")
        self.each.append(f"{self.call(expression, operands)}, out={result})")
        return result

    def find_shared(self, run_order: Sequence[str], stocks: Sequence[str]) -> None:
        """Notes what is computed for every member in more than one place of a step."""
        whole = [self.definition(name).expression for name in run_order]
        whole += [self.definition(name).flow for name in stocks]
        seen: set[Expression] = set()
        open_parts = [self.prepared(expression) for expression in whole]
        while open_parts:
            expression = open_parts.pop()
            if isinstance(expression, Number | Reference) or self.level(expression) != BOTH:
                continue
            if expression in seen:
                self.shared[expression] = ""  # computed, and named, where it is first met
                continue
            seen.add(expression)
            open_parts.extend(_arguments(expression))

    def prepared(self, expression: Expression) -> Expression:
        """The same value by fewer operations per member."""
        return self.gathered(simplified(expression))

    def gathered(self, expression: Expression) -> Expression:
        """Products and quotients with the factors together that need not be multiplied for
        every member at every step."""
        match expression:
            case Call("multiply" | "divide") if self.level(expression) == BOTH:
                above, below = self.factors(expression)
                timeless = [[f for f in fs if not self.level(f) & TIME] for fs in (above, below)]
                timed = [[f for f in fs if self.level(f) == TIME] for fs in (above, below)]
                rest = [[f for f in fs if self.level(f) == BOTH] for fs in (above, below)]
                if max(sum(map(len, timeless)), sum(map(len, timed))) > 1:
                    groups = [_quotient(*group) for group in (timeless, timed) if any(group)]
                    return _quotient([*rest[0], *groups], rest[1])
        match expression:
            case Call(function, arguments):
                return Call(function, tuple(self.gathered(argument) for argument in arguments))
            case Lookup(table, argument, kind):
                return Lookup(table, self.gathered(argument), kind)
        return expression

    def factors(self, expression: Expression) -> tuple[list[Expression], list[Expression]]:
        """What is multiplied, and what is divided by, in a chain of products and quotients."""
        match expression:
            case Call("multiply", (left, right)):
                up, down = self.factors(left)
                more_up, more_down = self.factors(right)
                return [*up, *more_up], [*down, *more_down]
            case Call("divide", (left, right)):
                up, down = self.factors(left)
                return up, [*down, self.gathered(right)]
        return [self.gathered(expression)], []

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
            timed = self.level(expression) & TIME
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

    def page(self, needed: Sequence[str], stocks: Sequence[str], setup_end: int) -> str:
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


def _arguments(expression: Expression) -> tuple[Expression, ...]:
    match expression:
        case Call(_, arguments):
            return arguments
        case Lookup(_, argument):
            return (argument,)
    return ()


def _quotient(above: Sequence[Expression], below: Sequence[Expression]) -> Expression:
    """The product of `above` over the product of `below`."""
    product: Expression = _product(above) if above else Number(1.0)
    return Call("divide", (product, _product(below))) if below else product


def _product(factors: Sequence[Expression]) -> Expression:
    product = factors[0]
    for factor in factors[1:]:
        product = Call("multiply", (product, factor))
    return product


def simplified(expression: Expression) -> Expression:
    """The same value by cheaper operations: x^2 as a product with itself, x^0.5 as a root."""
    match expression:
        case Call("power", (base, Number(2.0))):
            return Call("square", (simplified(base),))
        case Call("power", (base, Number(0.5))):
            return Call("sqrt", (simplified(base),))
        case Call(function, arguments):
            return Call(function, tuple(simplified(argument) for argument in arguments))
        case Lookup(table, argument, kind):
            return Lookup(table, simplified(argument), kind)
    return expression


def _indent(lines: Iterable[str], by: int) -> list[str]:
    return [" " * by + line if line else "" for line in lines]


def _literal(value: float) -> str:
    return repr(value) if math.isfinite(value) else f"np.float64('{value}')"
