"""A model becomes a program: assignments in order, each where its value has to be computed.

This is the one form between the model and what computes it: NumPy source (`source.py`), the
numba kernel (`kernel_source.py`) and the scalar C program of the benchmarks are printed from it.
"""

import keyword
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from sim.engine.algebra import (
    LONG,
    arguments_of,
    count_factors,
    gathered,
    inverted,
    is_product,
    numeric,
    repeated,
    sharp_parts,
    simplified,
    spliced,
)
from sim.engine.formulas import STEP
from sim.engine.functions import BUILTINS, LOOKUPS
from sim.engine.model import (
    HELD,
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
from sim.engine.varying import BOTH, MEMBER, TIME, Variation

SCALARS = {
    *(word for each in BUILTINS.values() for word in re.findall(r"\w+(?=\()", each.one)),
    *("scratch", "reader", "whole_registers", *(f"read_{kind}" for kind in LOOKUPS)),
}
"""What a kernel may take from `scalars.py`."""

RESERVED = SCALARS | {
    *("members", "inputs", "times", "dt", "held", "k", "t", "t0", "kept", "stocks", "flows"),
    *(
        "block",
        "rates",
        "advance",
        "step",
        "length",
        "lengths",
        "method",
        "np",
        "functions",
        "njit",
        "tables",
        "setup",
        "steps",
    ),
    *("numbers", "starts", "by_member", "by_time", "by_both", "delays", "fixed"),
    *("min", "max", "range", "len"),
}
"""Names that compiled source uses for itself."""

CLOCK = {"t0": 0, "dt": 0, "t": TIME, "held": TIME}
"""The clock's names in a program, and over what each varies."""


@dataclass(frozen=True)
class Assignment:
    """A name in the program and the expression over names before it; `about` are the modeller's
    equations that it computes. One that `moves` is a stock, to which the expression times the
    length of the step is added."""

    name: str
    expression: Expression
    about: tuple[str, ...] = ()
    moves: bool = False


@dataclass(frozen=True)
class InputOf:
    """An input of the model, its name in the program, over what it varies, and whether it is held
    within a step."""

    name: str
    symbol: str
    level: int
    held: bool


@dataclass(frozen=True)
class StockOf:
    """A stock, its name in the program, and what holds its start and its rate of change."""

    name: str
    symbol: str
    start: str
    flow: str


@dataclass(frozen=True)
class PipeOf:
    """What DELAY FIXED defines, and what holds its delay, its start and what goes in."""

    symbol: str
    delay: str
    start: str
    input: str


@dataclass
class Program:
    """What is computed, in order, by when: names are identifiers, tables stand by label.

    `once`: before the first step, for all members or for none; `grid`: by time alone, for all
    times at once; `each`: per member and time, all that the flows need; `saved`: the rest, at
    saved times. `kept` holds what is kept: names or numbers. `levels` says over what each
    name varies; of the clock's names `t0` is the start, `t` the time, `held` that at which the step
    began, and `dt` its length. `equations` of the model change with time and equal no other
    variable; `size` variables it has in all.
    """

    size: int
    equations: int = 0
    inputs: list[InputOf] = field(default_factory=list)
    tables: dict[str, Points] = field(default_factory=dict)
    once: list[Assignment] = field(default_factory=list)
    grid: list[Assignment] = field(default_factory=list)
    each: list[Assignment] = field(default_factory=list)
    saved: list[Assignment] = field(default_factory=list)
    stocks: list[StockOf] = field(default_factory=list)
    pipes: list[PipeOf] = field(default_factory=list)
    kept: list[Expression] = field(default_factory=list)
    levels: dict[str, int] = field(default_factory=lambda: dict(CLOCK))


def reads(expression: Expression) -> Iterator[str]:
    """The names in a program's expression, tables excluded."""
    if isinstance(expression, Reference):
        yield expression.name
    for argument in arguments_of(expression):
        yield from reads(argument)


def program_of(model: Model, variation: Variation, kept: Sequence[str]) -> Program:
    """The program that computes the variables in `kept`, and nothing that they do not need."""
    return _Builder(model, variation, tuple(kept)).build()


@dataclass
class _Builder:
    """Builds a program part by part; names of the model become names of the program."""

    model: Model
    variation: Variation
    kept: tuple[str, ...]
    names: dict[str, str] = field(default_factory=dict)
    same: dict[str, Expression] = field(default_factory=dict)
    held: dict[Expression, str] = field(default_factory=dict)
    repeated: set[Expression] = field(default_factory=set)
    prepared: dict[str, Expression] = field(default_factory=dict)
    inside: dict[str, list[str]] = field(default_factory=dict)
    labels: dict[Points, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def build(self) -> Program:
        needed = self.needed()
        self.program = Program(len(needed))
        run_order = ordered(
            [name for name in needed if self.is_computed(name)], self.needs_while_running
        )
        for name in run_order:  # in this order, so that no chain of variables is descended
            self.variation.of(name)
        self.identify(needed)
        self.read_inputs(needed)
        self.write_start(needed, run_order)
        self.write_running(needed, run_order)
        self.program.kept = [self.operand(name) for name in self.kept]
        self.program.equations = sum(map(self.is_own, needed))
        return self.program

    def is_own(self, name: str) -> bool:
        """Whether a variable changes with time, by an equation that is no other's."""
        own = name not in self.prepared or self.names[name] in self.program.levels
        changing = isinstance(self.definition(name), Stock | Auxiliary)
        return changing and own and bool(self.variation.of(name) & TIME)

    # --- what depends on what

    def definition(self, name: str) -> Any:
        return self.model.variables[name].definition

    def is_computed(self, name: str) -> bool:
        return isinstance(self.definition(name), Auxiliary)

    def is_table(self, name: str) -> bool:
        return isinstance(self.definition(name), Table)

    def needed(self) -> list[str]:
        """What is kept and all behind it, in the order of the file."""
        found: set[str] = set()
        open_names = [*self.kept]
        while open_names:
            name = open_names.pop()
            if name in found or self.is_table(name):
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

    # --- names

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

    def fresh(self, kind: str) -> str:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        return f"_{kind}_{self.counts[kind]}"

    def operand(self, name: str) -> Expression:
        """What holds a variable while the model runs."""
        if name in self.same:
            return self.same[name]
        clock = {"time": "t", HELD.name: "held", STEP.name: "dt"}
        return Reference(clock.get(name) or self.names[name])

    def operand_at_start(self, name: str) -> Expression:
        """What holds a variable's value at the start."""
        if name in ("time", HELD.name):
            return Reference("t0")
        if name != STEP.name and self.variation.of(name) & TIME:
            return Reference(f"_start_{self.names[name]}")
        return self.operand(name)

    def named(self, expression: Expression, operand: Callable[[str], Expression]) -> Expression:
        """An expression of the model over names of the program."""
        match expression:
            case Reference(name):
                return operand(name)
            case Call(function, arguments):
                return Call(function, tuple(self.named(each, operand) for each in arguments))
            case Lookup(table, argument, kind):
                return Lookup(self.label(table), self.named(argument, operand), kind)
        return expression

    def label(self, table: Points | str) -> str:
        """The name of a table in the program."""
        points = self.definition(table).points if isinstance(table, str) else table
        if points not in self.labels:
            word = re.sub(r"\W+", "_", table) if isinstance(table, str) else "inline"
            self.labels[points] = f"TABLE_{len(self.labels) + 1}_{word.upper()}"
            self.program.tables[self.labels[points]] = points
        return self.labels[points]

    def about(self, name: str) -> tuple[str, ...]:
        """The equation of a variable, behind those of the factors that stand inside of it."""
        variable: Variable = self.model.variables[name]
        inner = tuple(line for factor in self.inside.get(name, ()) for line in self.about(factor))
        if variable.owner:
            return inner
        units = f"  [{variable.units}]" if variable.units else ""
        element = f"{variable.written}: " if variable.array else ""
        return (*inner, f"{element}{variable.equation}{units}")

    def assign(
        self,
        lines: list[Assignment],
        name: str,
        level: int,
        value: Expression,
        about: tuple[str, ...] = (),
    ) -> None:
        lines.append(Assignment(name, value, about))
        self.program.levels[name] = level

    # --- before the first step

    def read_inputs(self, needed: Sequence[str]) -> None:
        for name in needed:
            definition = self.definition(name)
            if isinstance(definition, Constant | Path):
                level = self.variation.of(name)
                held = isinstance(definition, Path) and definition.held
                self.program.inputs.append(InputOf(name, self.names[name], level, held))
                self.program.levels[self.names[name]] = level

    def write_start(self, needed: Sequence[str], run_order: Sequence[str]) -> None:
        """Values that do not change with time, and all that the start needs."""
        timeless = [name for name in run_order if not self.variation.of(name) & TIME]
        kinds = (Stock, Initial, Pipeline)
        stateful = [name for name in needed if isinstance(self.definition(name), kinds)]
        for name in ordered([*timeless, *stateful], self.needs_at_start):
            self.start(name)
        for name in needed:
            match self.definition(name):
                case Stock():
                    symbol = self.names[name]
                    stock = StockOf(name, symbol, f"_start_{symbol}", f"_d_{symbol}")
                    self.program.stocks.append(stock)
                    self.program.levels[symbol] = BOTH
                case Pipeline(_, delay, _):
                    symbol = self.names[name]
                    pipe = PipeOf(symbol, f"_delay_{symbol}", f"_start_{symbol}", f"_into_{symbol}")
                    value = self.named(numeric(simplified(delay)), self.operand_at_start)
                    self.assign(self.program.once, pipe.delay, MEMBER, value)
                    self.program.pipes.append(pipe)
                    self.program.levels[symbol] = BOTH

    def start(self, name: str) -> None:
        """The value that a variable has at the start, and keeps if it is timeless."""
        level = self.variation.of(name)
        target = self.operand_at_start(name)
        match self.definition(name):
            case Constant() | Path():
                if level & TIME and isinstance(target, Reference):
                    first = Call("first", (self.operand(name),))
                    self.assign(self.program.once, target.name, level & MEMBER, first)
                return
            case Stock(_, value) | Initial(value) | Pipeline(_, _, value):
                pass
            case Auxiliary(expression, initial):
                value = expression if initial is None else initial
            case _:
                raise NotImplementedError(type(self.definition(name)).__name__)
        value = self.named(numeric(simplified(value)), self.operand_at_start)
        assert isinstance(target, Reference)
        self.assign(self.program.once, target.name, level & MEMBER, value, self.about(name))

    # --- at each step

    def write_running(self, needed: Sequence[str], run_order: Sequence[str]) -> None:
        """What the flows need, and the flows; then what is only kept."""
        stocks = [name for name in needed if isinstance(self.definition(name), Stock)]
        pipes = [name for name in needed if isinstance(self.definition(name), Pipeline)]
        moving = [(n, f"_d_{self.names[n]}", self.definition(n).flow) for n in stocks]
        moving += [(n, f"_into_{self.names[n]}", self.definition(n).input) for n in pipes]
        own = {name: self.definition(name).expression for name in run_order}
        self.prepare(own | {name: part for name, _, part in moving})
        roots = [n for _, _, part in moving for n in references(part) if self.is_computed(n)]
        for_flows = set(ordered(roots, self.needs_while_running))
        with_values = [name for name in run_order if name in self.prepared]
        for name in with_values:
            if name in for_flows:
                self.write_auxiliary(name, self.program.each)
        for name, target, _ in moving:
            value = self.placed(self.prepared[name], self.program.each)
            self.assign(self.program.each, target, BOTH, value, self.about(name))
        for name in with_values:
            if name not in for_flows:
                self.write_auxiliary(name, self.program.saved)

    def prepare(self, expressions: Mapping[str, Expression]) -> None:
        """What is computed at each step, by its name, in the form that costs least."""
        level = self.variation.level
        plain = {name: numeric(simplified(value)) for name, value in expressions.items()}
        exact = self.before_edges(plain.values())
        loose = self.with_factors({n: value for n, value in plain.items() if n not in exact}, plain)
        rest = {name: gathered(value, level) for name, value in loose.items()}
        exactly = {name: plain[name] for name in plain if name in exact}
        self.prepared = exactly | dict(zip(rest, inverted(list(rest.values()), level), strict=True))
        self.repeated = repeated(self.prepared.values(), level)

    def with_factors(
        self, loose: Mapping[str, Expression], plain: Mapping[str, Expression]
    ) -> dict[str, Expression]:
        """The expressions in `loose`, in which a product that only one other of all in `plain`
        multiplies with or divides by stands inside of that one, and has no value of its own."""
        level = self.variation.level
        uses = Counter(name for value in plain.values() for name in references(value))
        often = repeated(plain.values(), level)
        kept = set(self.kept)
        products: dict[str, Expression] = {}
        for name, value in loose.items():  # factors come before what they are factors of
            alone = uses[name] == 1 and name not in kept and self.is_computed(name)
            if alone and is_product(value) and level(value) == BOTH and value not in often:
                whole = spliced(value, products)
                if count_factors(whole) < LONG:
                    products[name] = whole
        found = {name: spliced(value, products) for name, value in loose.items()}
        for name, value in found.items():
            left = set(references(value))
            read = dict.fromkeys(references(loose[name]))
            self.inside[name] = [n for n in read if n in products and n not in left]
        gone = {factor for factors in self.inside.values() for factor in factors}
        return {name: value for name, value in found.items() if name not in gone}

    def before_edges(self, expressions: Iterable[Expression]) -> set[str]:
        """The auxiliaries behind what a last bit may carry over an edge."""
        roots = [
            name
            for expression in expressions
            for part in sharp_parts(expression)
            for name in references(part)
            if name != STEP.name and self.is_computed(name)
        ]
        return set(ordered(roots, self.needs_while_running))

    def write_auxiliary(self, name: str, lines: list[Assignment]) -> None:
        """An auxiliary that changes with time; what equals another value is no value of its own."""
        level, symbol = self.variation.of(name), self.names[name]
        if not level & TIME:
            return
        value = self.prepared[name]
        own_level = self.variation.level(value)
        if isinstance(value, Number | Reference):
            self.same[name] = self.named(value, self.operand)
        elif value in self.held:
            self.same[name] = Reference(self.held[value])
        elif own_level == BOTH:
            placed = self.placed(value, lines, whole=True)
            self.assign(lines, symbol, BOTH, placed, self.about(name))
            self.held[value] = symbol
        elif own_level == TIME:
            named = self.named(value, self.operand)
            self.assign(self.program.grid, symbol, TIME, named, self.about(name))
            self.held[value] = symbol
        else:  # ACTIVE INITIAL of what does not change afterwards
            self.same[name] = Reference(self.hoisted(value))

    def placed(
        self, expression: Expression, lines: list[Assignment], whole: bool = False
    ) -> Expression:
        """The expression with all that is computed elsewhere as the name that holds it; what
        occurs more than once is given a name, unless it is the `whole` of a variable."""
        if isinstance(expression, Number | Reference):
            return self.named(expression, self.operand)
        if self.variation.level(expression) != BOTH:
            return Reference(self.hoisted(expression))
        if expression in self.held:
            return Reference(self.held[expression])
        inner = tuple(self.placed(argument, lines) for argument in arguments_of(expression))
        if isinstance(expression, Lookup):
            value: Expression = Lookup(self.label(expression.table), inner[0], expression.kind)
        else:
            assert isinstance(expression, Call)
            value = Call(expression.function, inner)
        if whole or expression not in self.repeated:
            return value
        name = self.held[expression] = self.fresh("shared")
        self.assign(lines, name, BOTH, value)
        return Reference(name)

    def hoisted(self, expression: Expression) -> str:
        """The name of a value that need not be computed for every member at every step."""
        if expression not in self.held:
            level = self.variation.level(expression)
            name = self.held[expression] = self.fresh("each" if level & TIME else "once")
            lines = self.program.grid if level & TIME else self.program.once
            self.assign(lines, name, level, self.named(expression, self.operand))
        return self.held[expression]
