"""The tree that PySD's parser makes of one equation becomes the engine's expressions.

One equation of an array is read once per element, with its ranges bound to that element's
subscripts; a call of a macro is read as the macro's equations under names of their own.
"""

import functools
import itertools
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import numpy as np

from sim.engine.arrays import ARRAY_FUNCTIONS, CHAIN, reduced
from sim.engine.beside import data_files
from sim.engine.evaluate import NotKnown, value_at
from sim.engine.external import Unreadable
from sim.engine.functions import BUILTINS
from sim.engine.model import (
    HELD,
    Auxiliary,
    Call,
    Constant,
    Definition,
    Expression,
    Initial,
    Lookup,
    Number,
    Path,
    Pipeline,
    Points,
    Reference,
    Stock,
    Table,
    Variable,
    canonical,
)
from sim.engine.readings import READINGS, between_points
from sim.engine.repair import bare_logic, odd_signs
from sim.engine.schedules import SCHEDULES
from sim.engine.stages import WRITTEN_OUT
from sim.engine.subscripts import UnknownSubscript
from sim.engine.variates import VARIATES
from sim.engine.vocabulary import INSTEAD, PLAIN
from sim.engine.written import in_line
from sim.engine.xmile_functions import XMILE_FUNCTIONS, XMILE_NAMES
from sim.text import Text, like, near

if TYPE_CHECKING:
    from sim.engine.reader import ParsedMacro, Reader

T = TypeVar("T")

OPERATORS = {
    "+": "add",
    "-": "subtract",
    "*": "multiply",
    "/": "divide",
    "^": "power",
    "<": "less",
    "<=": "less_equal",
    ">": "greater",
    ">=": "greater_equal",
    "=": "equal",
    "<>": "not_equal",
    ":AND:": "and",
    ":OR:": "or",
    ":NOT:": "not",
    "and": "and",
    "or": "or",
    "negative": "negative",
}

INVERSE = {"+": "-", "-": "+", "*": "/", "/": "*"}

TABLE_FUNCTIONS = {
    "lookup_extrapolate": "extrapolate",
    "lookup_forward": "forward",
    "lookup_backward": "backward",
    "lookup_invert": "invert",
}
"""Functions of a table and an argument, and the way of reading that they mean."""

SPECIAL = {**WRITTEN_OUT, **SCHEDULES, **READINGS, **ARRAY_FUNCTIONS}
"""What is written out: by the name that is called, or the parser's word for it."""

MOST_OPERATIONS = 300_000
"""Numbers, names and calls of a model once its arrays are written out."""

GRAPH_KINDS = {
    "interpolate": "interpolate",
    "extrapolate": "extrapolate",
    "hold_backward": "backward",
}
"""What the type of a graphical function of XMILE says of an argument between and beyond points."""

DATA_KINDS = {"look_forward": "forward", "hold_backward": "backward", "raw": "raw"}
"""What the keyword of a data variable says of the times between its points."""


class Unsupported(Exception):
    """An equation that was reported and is left out."""


@dataclass(frozen=True)
class Scope:
    """Where an equation looks names up: the model, or one call of a macro within it."""

    elements: Mapping[str, Any]
    prefix: str = ""
    arguments: Mapping[str, Expression] = field(default_factory=dict)


@dataclass
class Equation:
    """Turns the tree of one equation into expressions, adding the stocks it writes out.

    `bindings` are the elements that its ranges stand for; `place` is where this element stands
    in the array's numbers, whose ranges have the lengths `shape`.
    """

    variable: Variable
    reader: "Reader"
    scope: Scope
    bindings: dict[str, str] = field(default_factory=dict)
    place: int = 0
    shape: tuple[int, ...] = ()
    parts: int = 0

    def define(self, component: Any) -> Definition:
        """What the component says the variable is."""
        kind, tree = type(component).__name__, component.ast
        if kind == "AbstractLookup":
            self.way(tree, "interpolate")
            return Table(self.points(tree))
        if kind == "AbstractData" and type(tree).__name__ == "GetDataStructure":
            return self.data(tree, component.keyword)
        match type(tree).__name__:
            case "DataStructure":
                return self.of_data(self.beside(), component.keyword)
            case "ndarray":
                return Constant(self.entry(tree))
            case "GetConstantsStructure":
                table = self.outside(tree, lambda: self.reader.sheets.constants(tree, self.shape))
                return Constant(self.entry(table))
            case "GameStructure":
                return self.define(Part(tree.expression))
        if kind == "AbstractData" and component.keyword in DATA_KINDS:
            keyword = DATA_KINDS[component.keyword]
            return Auxiliary(between_points(self, self.expression(tree), keyword))
        return self.remembered(tree) or self.computed(tree)

    def remembered(self, tree: Any) -> Definition | None:
        """What holds its value from one time to the next; None for what does not."""
        match type(tree).__name__:
            case "IntegStructure":
                return Stock(self.flow(tree), self.expression(tree.initial))
            case "InitialStructure":
                return Initial(self.expression(tree.initial))
            case "DelayFixedStructure":
                return Pipeline(
                    self.expression(tree.input),
                    self.expression(tree.delay_time),
                    self.expression(tree.initial),
                )
        return None

    def flow(self, tree: Any) -> Expression:
        """What changes a stock; one of XMILE that may not be negative loses no more than it has."""
        flow = self.expression(tree.flow)
        if not getattr(tree, "non_negative", False):
            return flow
        left = Call("divide", (Reference(self.variable.name), Reference("time_step")))
        return Call("max", (flow, Call("negative", (left,))))

    def computed(self, tree: Any) -> Definition:
        """What is a number, a path, or computed anew at each time."""
        match type(tree).__name__:
            case "InlineLookupsStructure":
                match self.reading(tree):
                    case Lookup(tuple() as points, Reference("time"), "interpolate"):
                        return Path(points)
                    case reading:
                        return Auxiliary(reading)
            case "CallStructure" if self.function(tree) == "active_initial":
                self.count("active_initial", tree.arguments, 2)
                active, initial = (self.expression(argument) for argument in tree.arguments)
                return Auxiliary(active, initial)
        expression = self.expression(tree)
        return (
            Constant(expression.value) if isinstance(expression, Number) else Auxiliary(expression)
        )

    def expression(self, tree: Any) -> Expression:
        """The expression that a parsed tree stands for."""
        self.count_operations()
        if isinstance(tree, int | float | np.number):
            return Number(_float(tree))
        if isinstance(tree, str):
            self.report(
                f"此处须为数，而不是文字 '{tree}'", f"a number is wanted, not the text '{tree}'"
            )
        match type(tree).__name__:
            case "ReferenceStructure":
                return self.reference(tree)
            case "ArithmeticStructure" | "LogicStructure":
                return self.operation(tree)
            case "CallStructure":
                return self.call(tree)
            case "InlineLookupsStructure":
                return self.reading(tree)
            case "GameStructure":
                return self.expression(tree.expression)
            case other if other in SPECIAL:
                return SPECIAL[other](self, tree)
        definition = self.remembered(tree)
        if definition is not None:
            return self.helper("initial" if isinstance(definition, Initial) else "part", definition)
        words = re.findall("[A-Z][a-z]*", type(tree).__name__.removesuffix("Structure"))
        return self.refuse_function("_".join(words))

    def count_operations(self, more: int = 1) -> None:
        """Refuses a model that grows beyond what can be compiled."""
        self.reader.operations += more
        if self.reader.operations > MOST_OPERATIONS:
            self.report(
                f"展开后的运算超过 {MOST_OPERATIONS} 个",
                f"more than {MOST_OPERATIONS} operations once all is written out",
            )

    # --- names

    def reference(self, tree: Any) -> Expression:
        """What a name means here: a macro's argument, a variable, or the place of an element."""
        name, subscripts = canonical(tree.reference), _subscripts(tree)
        if name in self.scope.arguments:
            return self.scope.arguments[name]
        if self.scope.prefix and name in self.scope.elements:
            return Reference(self.reader.local(self.scope, name, self.variable))
        if self.reader.parsed.elided and name not in self.reader.elements:
            if name == "self":
                return Reference(self.variable.name)
            if name in XMILE_NAMES:
                return XMILE_NAMES[name]
        name = self.outer(name)
        if subscripts:
            return Reference(self.indexed(name, subscripts))
        if name not in self.reader.elements and name in self.reader.ranges.labels:
            # the name of a range or an element means its place, from 1
            return Number(self.subscript(lambda: self.reader.ranges.number(name, self.bindings)))
        if declared := self.reader.subscripts_of(name):
            if self.reader.parsed.elided and self.bindings:
                return Reference(self.indexed(name, declared))
            self.report(f"{name} 须写出下标", f"{name} wants its subscripts")
        return Reference(name)

    def outer(self, name: str) -> str:
        """The model's own name for what a macro writes with a dollar sign."""
        return name if name in self.reader.elements else re.sub(r"_?\$$", "", name)

    def indexed(self, name: str, subscripts: list[str]) -> str:
        """The name of the element of an array that subscripts mean here."""
        ranges = self.reader.ranges
        named = self.by_number(name, subscripts) if self.reader.parsed.elided else subscripts
        found = [
            self.subscript(functools.partial(ranges.element, each, self.bindings)) for each in named
        ]
        return element_name(name, found)

    def by_number(self, name: str, subscripts: list[str]) -> list[str]:
        """Subscripts of XMILE, numbers among them as the elements that they count (3.7.1)."""
        ranges, sides = self.reader.ranges, self.reader.subscripts_of(name)
        found = []
        for place, subscript in enumerate(subscripts):
            own = ranges.members.get(canonical(sides[place]), ()) if place < len(sides) else ()
            counts = subscript.isdecimal() and canonical(subscript) not in own
            is_one = counts and 0 < int(subscript) <= len(own)
            found.append(own[int(subscript) - 1] if is_one else subscript)
        return found

    def subscript(self, find: Callable[[], T]) -> T:
        """What `find` makes of a subscript; reports one that means nothing here."""
        try:
            return find()
        except UnknownSubscript as error:
            self.report(*self.reader.ranges.meaningless(str(error)))

    def named(self, tree: Any) -> Any:
        """The tree, where it is a name; reports what is none."""
        if type(tree).__name__ != "ReferenceStructure":
            self.report("参数须为变量名", "an argument must be the name of a variable")
        return tree

    def table(self, tree: Any) -> str:
        """The name of the table that a reference means."""
        name, subscripts = canonical(self.named(tree).reference), _subscripts(tree)
        given = self.scope.arguments.get(name)
        if isinstance(given, Reference):
            return given.name
        if self.scope.prefix and name in self.scope.elements:
            return self.reader.local(self.scope, name, self.variable)
        return self.indexed(name, subscripts) if subscripts else name

    def with_bound(self, bindings: Mapping[str, str], tree: Any) -> Expression:
        """The expression that a tree stands for when more ranges are bound."""
        outside = self.bindings
        self.bindings = {**outside, **bindings}
        try:
            return self.expression(tree)
        finally:
            self.bindings = outside

    # --- operators and functions

    def operation(self, tree: Any) -> Expression:
        """A chain of operators of one precedence, as nested calls; AND binds before OR, powers from
        the right (Vensim reference manual, Operators; XMILE 3.3.1)."""
        arguments = [self.expression(argument) for argument in tree.arguments]
        operators = list(tree.operators)
        if len(arguments) == 1 or OPERATORS[operators[0]] not in ("and", "or"):
            return self.chain(operators, arguments)
        every = [arguments[:1]]
        for operator, argument in zip(operators, arguments[1:], strict=True):
            if OPERATORS[operator] == "or":
                every.append([])
            every[-1].append(argument)
        return reduced("or", [reduced("and", each) for each in every])

    def chain(self, operators: list[str], arguments: list[Expression]) -> Expression:
        """Operators of one precedence; long chains in halves, so that none lies too deep."""
        if len(arguments) > CHAIN and operators[0] in INVERSE:
            half = len(arguments) // 2
            joint, later = operators[half - 1], operators[half:]
            if joint in "-/":  # a - b + c = a - (b - c)
                later = [INVERSE[operator] for operator in later]
            left = self.chain(operators[: half - 1], arguments[:half])
            return Call(OPERATORS[joint], (left, self.chain(later, arguments[half:])))
        match operators, arguments:
            case ["+"], [Number(0.0), Number() as number]:  # as `repair` writes what has a power
                return number
        if len(arguments) == 1:
            only = arguments[0]
            if isinstance(only, Number) and operators[0] in ("negative", "-"):
                return Number(-only.value)
            if operators[0] == "+":
                return only
            return Call("negative" if operators[0] == "-" else OPERATORS[operators[0]], (only,))
        if operators[0] == "^":
            return functools.reduce(
                lambda power, base: Call("power", (base, power)), arguments[::-1]
            )
        result = arguments[0]
        for operator, argument in zip(operators, arguments[1:], strict=True):
            result = tested(operator, result, argument) or Call(
                OPERATORS[operator], (result, argument)
            )
        return result

    def function(self, tree: Any) -> str:
        """The name that a call calls."""
        return canonical(getattr(tree.function, "reference", str(tree.function)))

    def call(self, tree: Any) -> Expression:
        """A built-in, a macro, or a named table read like a function."""
        name = self.function(tree)
        if name in self.reader.macros:
            return self.macro(name, self.reader.macros[name], tree)
        if self.is_defined(name):
            self.count(name, tree.arguments, 1)
            return Lookup(self.table(tree.function), self.expression(tree.arguments[0]))
        if name in TABLE_FUNCTIONS:
            self.count(name, tree.arguments, 2)
            table, argument = tree.arguments
            return Lookup(self.table(table), self.expression(argument), TABLE_FUNCTIONS[name])
        if name in XMILE_FUNCTIONS and self.reader.parsed.elided:
            return XMILE_FUNCTIONS[name](self, tree)
        if name in SPECIAL:
            return SPECIAL[name](self, tree)
        if name in VARIATES:
            return self.drawn(name, tree)
        if name not in PLAIN:
            self.refuse_function(name)
        arguments = tuple(self.expression(argument) for argument in tree.arguments)
        if name == "ramp" and len(arguments) == 2:
            arguments = (*arguments, Number(float("inf")))
        self.count(name, arguments, BUILTINS[name].arity)
        return Call(name, arguments)

    def drawn(self, name: str, tree: Any) -> Expression:
        """A random function: its numbers between 0 and 1 are a hidden path of their own, whose
        stream is named for the variable and the seed that the modeller wrote."""
        self.count(name, tree.arguments, VARIATES[name][1])
        *numbers, seed = tree.arguments
        arguments = [self.expression(each) for each in numbers]
        return Call(name, (self.noise(self.number(seed) or 0.0), *arguments))

    def noise(self, seed: float) -> Reference:
        """A hidden path of numbers between 0 and 1, anew for every member and step."""
        path = self.helper("noise", Path(((0.0, 0.5),), held=True))
        self.reader.noises[path.name] = f"{path.name}\n{seed:g}"
        return path

    def is_defined(self, name: str) -> bool:
        """Whether a name that is called is a variable, a table or a macro's argument."""
        scope = self.scope
        return name in self.reader.elements or name in scope.elements or name in scope.arguments

    def count(self, name: str, arguments: Any, wanted: int) -> None:
        """Reports a call with more or fewer arguments than its function takes."""
        if len(arguments) != wanted:
            written, equation = _written(name), self.variable.equation
            hint = odd_signs(equation)
            if not hint.zh and not self.reader.parsed.elided:
                hint = bare_logic(equation)
            self.report(
                f"{written} 需要 {wanted} 个参数，而不是 {len(arguments)} 个{hint.zh}",
                f"{written} takes {wanted} arguments, not {len(arguments)}{hint.en}",
            )

    def macro(self, name: str, macro: "ParsedMacro", tree: Any) -> Expression:
        """The value of one call of a macro, its equations written out under the caller's name."""
        self.count(name, tree.arguments, len(macro.arguments))
        if f"__{name}_" in self.scope.prefix:
            self.report(f"宏 {name} 调用自身", f"the macro {name} calls itself")
        if name not in macro.elements:
            self.report(f"宏 {name} 没有定义 {name}", f"the macro {name} does not define {name}")
        arguments = [self.expression(argument) for argument in tree.arguments]
        self.parts += 1
        scope = Scope(
            macro.elements,
            f"{self.variable.name}__{name}_{self.parts}",
            dict(zip(map(canonical, macro.arguments), arguments, strict=True)),
        )
        return Reference(self.reader.local(scope, name, self.variable))

    # --- numbers

    def number(self, tree: Any) -> float | None:
        """The number that a tree has at the start of a run, if that can be known when reading."""
        return self.at_start(self.expression(tree))

    def at_start(self, expression: Expression) -> float | None:
        """The same of an expression."""
        try:
            start = value_at(Reference("initial_time"), 0.0, self.reader.definition)
            return value_at(expression, start, self.reader.definition, start=start)
        except NotKnown:
            return None

    def fixed(self, tree: Any) -> float | None:
        """The number of a tree that does not change while the model runs."""
        return self.number(tree) if self.is_constant(self.expression(tree)) else None

    def is_constant(self, expression: Expression) -> bool:
        """Whether an expression is made of numbers and constants."""
        try:
            value_at(expression, None, self.reader.definition)
        except NotKnown:
            return False
        return True

    def one_of(self, tree: Any, choices: Mapping[float, T]) -> T:
        """What the last argument of a call chooses; reports a number that is none of them."""
        asked = self.fixed(tree)
        if asked is None or asked not in choices:
            numbers = [f"{choice:g}" for choice in choices]
            self.report(
                f"最后一个参数须为 {'、'.join(numbers)} 之一，且不随时间变化",
                f"the last argument must be one of {', '.join(numbers)}, and constant",
            )
        return choices[asked]

    def entry(self, table: Any) -> float:
        """This element's number in an array of numbers, written row by row."""
        numbers = table.ravel()
        if len(numbers) != max(1, math.prod(self.shape)):
            wanted, found = math.prod(self.shape), len(numbers)
            self.report(f"需要 {wanted} 个数，而不是 {found} 个", f"{wanted} numbers, not {found}")
        return float(numbers[self.place])

    def reading(self, tree: Any) -> Lookup:
        """A table that is written where it is read."""
        way = self.way(tree.lookups, *GRAPH_KINDS)
        return Lookup(self.points(tree.lookups), self.expression(tree.argument), GRAPH_KINDS[way])

    def way(self, lookup: Any, *ways: str) -> str:
        """How a table is read, one of some ways; reports another."""
        found = str(getattr(lookup, "type", "interpolate"))
        if found not in ways:
            self.refuse(f"查表方式 {found}", f"lookup type {found}")
        return found

    def points(self, lookup: Any) -> Points:
        """The points of a table, in order of x."""
        if type(lookup).__name__ == "GetLookupsStructure":
            return self.series(lookup, lookup.x_row_or_col)
        return self.rising(
            tuple((float(x), float(y)) for x, y in zip(lookup.x, lookup.y, strict=True))
        )

    def rising(self, pairs: Points) -> Points:
        if any(late[0] <= early[0] for early, late in itertools.pairwise(pairs)):
            self.report("查表函数的 x 值须从小到大", "the x values of a table must rise")
        if not pairs:
            self.report("没有数据点", "there are no points")
        if not all(math.isfinite(number) for pair in pairs for number in pair):
            self.report("数据点须为有限的数", "the points must be finite numbers")
        return pairs

    def series(self, tree: Any, x_place: str) -> Points:
        """This element's points in a spreadsheet."""
        every = self.outside(
            tree,
            lambda: self.reader.sheets.series(tree, x_place.strip(), max(1, math.prod(self.shape))),
        )
        return self.rising(every[self.place])

    def data(self, tree: Any, keyword: str | None) -> Definition:
        """A data variable: a level by time."""
        return self.of_data(self.series(tree, tree.time_row_or_col), keyword)

    def beside(self) -> Points:
        """This variable's points in the data files beside the model."""
        name, written = self.variable.name, self.variable.written
        try:
            if name in self.reader.beside:
                return self.rising(self.reader.beside[name].points())
        except Unreadable as error:
            self.unreadable(error)
        file = data_files(self.reader.file.stem)[0]
        self.report(
            f"没有方程，也没有数据；请写出方程，或在模型旁的 {file} 或 data.xlsx 中给出"
            f"“{written}”一列，首列为时间{odd_signs(written).zh}",
            f"there is no equation and no data; write the equation, or give a column "
            f"'{written}' in {file} or data.xlsx beside the model, after one of times"
            f"{odd_signs(written).en}",
        )

    def unreadable(self, error: Unreadable) -> NoReturn:
        """Reports what cannot be read from a data file."""
        zh, en = error.said
        self.report(f"数据文件无法读取（{zh}）", f"cannot be read from its file ({en})")

    def of_data(self, points: Points, keyword: str | None) -> Definition:
        """A level by time between whose points is what the keyword says."""
        if keyword in DATA_KINDS:
            return Auxiliary(Lookup(points, HELD, DATA_KINDS[keyword]))
        return Path(points, held=True)

    def outside(self, tree: Any, read: Callable[[], Any]) -> Any:
        """What a spreadsheet holds; read once for all elements of an equation."""
        if not all(isinstance(part, str) for part in vars(tree).values()):
            self.report(
                "文件、表和单元格须写在单引号中", "file, sheet and cells stand in single quotes"
            )
        if id(tree) not in self.reader.cells:
            try:
                self.reader.cells[id(tree)] = read()
            except Unreadable as error:
                self.unreadable(error)
        return self.reader.cells[id(tree)]

    # --- what is written out, and what is refused

    def helper(self, kind: str, definition: Definition) -> Reference:
        """A reference to a variable of our own that part of this equation is written out as."""
        self.parts += 1
        name = f"{self.variable.name}__{kind}_{self.parts}"
        self.reader.variables[name] = replace(
            self.variable,
            name=name,
            written=name,
            definition=definition,
            owner=self.variable.owner or self.variable.name,
        )
        return Reference(name)

    def refuse(self, zh: str, en: str) -> NoReturn:
        """Reports something that the engine does not have."""
        self.report(f"不支持 {zh}", f"{en} is not supported")

    def leave_reported(self, name: str) -> None:
        """Leaves the equation where it needs what was reported itself, as a table may have been."""
        if {name, name.split("[")[0]} & (self.reader.parsed.failed | self.reader.left_out):
            raise Unsupported

    def look_for(self, name: str) -> None:
        """Leaves the equation where what it names is not there: reported itself, or not defined."""
        self.leave_reported(name)
        if name.split("[")[0] not in self.reader.elements:
            hint = near(name, self.reader.elements)
            self.report(f"用到的 {name} 没有定义{hint.zh}", f"{name} is not defined{hint.en}")

    def refuse_function(self, name: str) -> NoReturn:
        """Reports a function that the engine does not have, and what may be written instead."""
        self.leave_reported(name)
        instead = INSTEAD.get(name, Text("", ""))
        if not instead.zh and not self.reader.parsed.elided:
            instead = _function_like(name)
        written = _written(name)
        self.report(
            f"不支持函数 {written}" + (f"；{instead.zh}" if instead.zh else ""),
            f"{written} is not supported" + (f"; {instead.en}" if instead.en else ""),
        )

    def report(self, zh: str, en: str) -> NoReturn:
        """Notes what is wrong with this equation, and leaves it."""
        name = self.variable.written.split("[")[0] if self.bindings else self.variable.written
        said = Text(f"变量 {name}：{zh}", f"variable {name}: {en}")
        self.reader.problems.append(in_line(self.reader.file, self.variable.line, said))
        raise Unsupported


def _written(function: str) -> str:
    """A function as a modeller writes it."""
    return function.upper().replace("_", " ")


def _function_like(name: str) -> Text:
    """A hint that offers the functions most like a name, or that begin with it: IF of Excel."""
    known = [*PLAIN, *TABLE_FUNCTIONS, *VARIATES, *filter(str.islower, SPECIAL)]
    found = [own for own in known if own.startswith(f"{name}_")] or like(name, known)
    if not found:
        return Text("", "")
    offered = [_written(own) for own in found[:3]]
    return Text(f"是否想写：{'、'.join(offered)}？", f"did you mean {', '.join(offered)}?")


def tested(operator: str, left: Expression, right: Expression) -> Expression | None:
    """Whether a number is there, for a comparison with :NA:, which is no number here and equals
    none; None for another comparison."""
    given = [each for each in (left, right) if not is_none(each)]
    if operator not in ("=", "<>") or len(given) == 2:
        return None
    it = given[0] if given else left
    return Call("not_equal" if operator == "=" else "equal", (it, it))


def is_none(expression: Expression) -> bool:
    """Whether an expression is :NA:, as written."""
    return isinstance(expression, Number) and math.isnan(expression.value)


def element_name(array: str, elements: Any) -> str:
    """The name of an array's element: `x[a,b]`."""
    return f"{array}[{','.join(elements)}]"


def _subscripts(tree: Any) -> list[str]:
    return list(tree.subscripts.subscripts) if tree.subscripts else []


@dataclass(frozen=True)
class Part:
    """A tree in the place of a component, for structures inside an equation."""

    ast: Any


def _float(number: Any) -> float:
    """A number as the parser has it; whole numbers beyond all floats are infinite."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf
