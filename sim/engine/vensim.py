"""A Vensim file becomes a Model; the only door to PySD's parser.

PySD parses each equation into a tree of its own; here the tree is turned into the few kinds of
expression that the engine knows, and SMOOTH, DELAY, TREND and FORECAST are written out as the
stocks that they stand for (formulas: Vensim reference manual, entry of the same name).
"""

import itertools
import math
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path as File
from typing import Any, NoReturn

from sim.engine.functions import BUILTINS
from sim.engine.model import (
    CONTROL,
    Auxiliary,
    Call,
    Constant,
    Definition,
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
    canonical,
    parts,
    references,
)
from sim.text import Refused, Text, near

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
    "negative": "negative",
}


@dataclass(frozen=True)
class Written:
    """An equation as it stands in the file: line, name as written, text, units and comment."""

    line: int
    name: str
    equation: str
    units: str
    comment: str


def read_mdl(path: File | str) -> Model:
    """The model in a Vensim text file.

    Raises Refused when the file cannot be read, is not UTF-8, breaks off, or uses what the
    engine does not have: each by name, variable and line.
    """
    file = File(path)
    written = _equations(_text_of(file))
    if not written:
        raise Refused(
            Text(
                f"{file}: 不含任何方程；请给出 Vensim 文本格式（.mdl）的模型文件",
                f"{file}: holds no equation; a Vensim text model (.mdl) is wanted",
            )
        )
    _refuse_collisions(file, written)
    reader = _Reader(file, {canonical(entry.name): entry for entry in written})
    for element in _parse(file, written):
        reader.read(element)
    model = Model(reader.variables)
    _refuse_problems(file, reader, model)
    return model


def _text_of(file: File) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(
            Text(
                f"{file}: 不是 UTF-8 编码；请在 Vensim 中另存为 UTF-8",
                f"{file}: not UTF-8; save it as UTF-8 from Vensim",
            )
        ) from error
    except OSError as error:
        raise Refused(
            Text(
                f"找不到或无法读取模型文件 {file}（{error.strerror}）",
                f"the model file {file} cannot be read ({error.strerror})",
            )
        ) from error


ENTRY = re.compile(
    r'((?:"(?:\\.|[^"\\])*"|[^~|"])*)~((?:"(?:\\.|[^"\\])*"|[^~|"])*)(?:~([^|]*))?\|'
)
"""Equation ~ units ~ comment | — quoted names may hold any character."""


def _equations(text: str) -> list[Written]:
    """The equations of a file in order, as written; PySD keeps neither lines nor text."""
    body = text.split("\\\\\\---///", 1)[0]
    found: list[Written] = []
    for entry in ENTRY.finditer(body):
        lead = re.match(r"\s*(\{[^}]*\}\s*)*", entry.group(1))
        skipped = lead.end() if lead else 0
        equation = entry.group(1)[skipped:].replace("\\\n", " ")
        equation = re.sub(r"\s+", " ", equation).strip()
        if equation.startswith("*"):
            continue
        name = re.match(r'\s*("(?:\\.|[^"\\])*"|[^=(:\[]+)', equation)
        found.append(
            Written(
                line=body.count("\n", 0, entry.start() + skipped) + 1,
                name=name.group(1).strip() if name else equation,
                equation=equation,
                units=re.sub(r"\[.*", "", entry.group(2)).strip(),
                comment=re.sub(r"\s+", " ", (entry.group(3) or "").split("~")[0]).strip(),
            )
        )
    return found


def _refuse_collisions(file: File, written: list[Written]) -> None:
    first: dict[str, Written] = {}
    problems = []
    for entry in written:
        other = first.setdefault(canonical(entry.name), entry)
        if other is not entry and "[" not in entry.equation.split("=")[0]:
            problems.append(
                Text(
                    f"{file} 第 {entry.line} 行：{entry.name} 与第 {other.line} 行的 {other.name} "
                    "重名；请改名",
                    f"{file} line {entry.line}: {entry.name} has the same name as {other.name} in "
                    f"line {other.line}; rename one",
                )
            )
    if problems:
        raise Refused(*problems)


def _parse(file: File, written: list[Written]) -> list[Any]:
    """PySD's elements of the main section."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pysd.translators.vensim.vensim_file import VensimFile  # 0.6 s: only when a file is new

        try:
            parser = VensimFile(file, encoding="utf-8-sig")
            parser.parse()
            sections = parser.get_abstract_model().sections
        except Exception as error:  # the parser raises its grammar library's errors, and its own
            raise _unparsable(file, written, error) from error
    if len(sections) > 1:
        names = ", ".join(str(section.name) for section in sections[1:])
        raise Refused(
            Text(
                f"{file}: 暂不支持宏（{names}）", f"{file}: macros are not supported yet ({names})"
            )
        )
    main = sections[0]
    if main.subscripts:
        names = ", ".join(str(subscript.name) for subscript in main.subscripts)
        raise Refused(
            Text(
                f"{file}: 暂不支持下标（{names}）",
                f"{file}: subscripts are not supported yet ({names})",
            )
        )
    return list(main.elements)


def _unparsable(file: File, written: list[Written], error: Exception) -> Refused:
    """The refusal of a file that the parser cannot read: every equation that it stops at."""
    from pysd.translators.vensim.vensim_element import Element

    problems = []
    for entry in written:
        try:
            Element(entry.equation, entry.units, entry.comment).parse().parse()
        except Exception as found:  # of the parser's grammar library, or its own
            problems.append(_stopped(file, entry, found))
    if not problems:
        what = " ".join(str(error).split())[:200]
        problems = [Text(f"{file}: 无法解析（{what}）", f"{file}: cannot be parsed ({what})")]
    return Refused(*problems)


def _stopped(file: File, entry: Written, found: Exception) -> Text:
    place = re.search(r"at '(.{0,40}?)'? \(line", " ".join(str(found).split()))
    at = place.group(1).strip() if place else ""
    return Text(
        f"{file} 第 {entry.line} 行，变量 {entry.name}：方程无法解析"
        + (f"，停在“{at}”" if at else "")
        + "；检查括号和逗号，以及文件是否在中途截断",
        f"{file} line {entry.line}, variable {entry.name}: the equation cannot be parsed"
        + (f", it stops at '{at}'" if at else "")
        + "; look at brackets and commas, and whether the file breaks off",
    )


@dataclass
class _Reader:
    """Collects variables and what is wrong with them."""

    file: File
    written: dict[str, Written]
    variables: dict[str, Variable] = field(default_factory=dict)
    problems: list[Text] = field(default_factory=list)

    def read(self, element: Any) -> None:
        """Adds the variable that a parsed element defines, and the stocks written out of it."""
        name = canonical(element.name)
        entry = self.written.get(name) or Written(0, element.name, "", element.units or "", "")
        base = Variable(
            name=name,
            written=element.name.strip().strip('"'),
            definition=Constant(0.0),
            units=entry.units,
            comment=entry.comment,
            equation=entry.equation,
            line=entry.line,
        )
        equation = _Equation(base, self)
        try:
            if len(element.components) != 1:
                equation.refuse("下标方程", "several subscripted equations")
            definition = equation.define(element.components[0])
        except _Unsupported:
            return
        self.variables[name] = replace(base, definition=definition)


class _Unsupported(Exception):
    """An equation that was reported and is left out."""


@dataclass
class _Equation:
    """Turns the tree of one equation into expressions, adding the stocks it writes out."""

    variable: Variable
    reader: _Reader
    parts: int = 0

    def define(self, component: Any) -> Definition:
        """What the component says the variable is."""
        kind = type(component).__name__
        tree = component.ast
        if kind == "AbstractLookup":
            return Table(self.points(tree))
        if kind == "AbstractData":
            self.refuse("数据变量", "data variables")
        match type(tree).__name__:
            case "IntegStructure":
                return Stock(self.expression(tree.flow), self.expression(tree.initial))
            case "InitialStructure":
                return Initial(self.expression(tree.initial))
            case "DelayFixedStructure":
                return Pipeline(
                    self.expression(tree.input),
                    self.expression(tree.delay_time),
                    self.expression(tree.initial),
                )
            case "InlineLookupsStructure":
                argument = self.expression(tree.argument)
                points = self.points(tree.lookups)
                if argument == Reference("time"):
                    return Path(points)
                return Auxiliary(Lookup(points, argument))
            case "CallStructure" if self.function(tree) == "active_initial":
                active, initial = (self.expression(argument) for argument in tree.arguments)
                return Auxiliary(active, initial)
        expression = self.expression(tree)
        return (
            Constant(expression.value) if isinstance(expression, Number) else Auxiliary(expression)
        )

    def expression(self, tree: Any) -> Expression:
        """The expression that a parsed tree stands for."""
        if isinstance(tree, int | float):
            return Number(float(tree))
        match type(tree).__name__:
            case "ReferenceStructure":
                if tree.subscripts:
                    self.refuse("下标", "subscripts")
                return Reference(canonical(tree.reference))
            case "ArithmeticStructure" | "LogicStructure":
                return self.operation(tree)
            case "CallStructure":
                return self.call(tree)
            case "InlineLookupsStructure":
                return Lookup(self.points(tree.lookups), self.expression(tree.argument))
            case other if other in WRITTEN_OUT:
                return WRITTEN_OUT[other](self, tree)
            case "InitialStructure":
                return self.helper("initial", Initial(self.expression(tree.initial)))
            case "DelayFixedStructure" | "IntegStructure":
                return self.helper("part", self.define(_Component(tree)))
            case other:
                words = re.findall("[A-Z][a-z]*", other.removesuffix("Structure"))
                written = " ".join(words).upper()
                return self.refuse(f"函数 {written}", written)

    def operation(self, tree: Any) -> Expression:
        """A chain of equal operators, as nested calls; powers bind from the right."""
        arguments = [self.expression(argument) for argument in tree.arguments]
        operators = list(tree.operators)
        if len(arguments) == 1:
            only = arguments[0]
            if isinstance(only, Number) and operators[0] in ("negative", "-"):
                return Number(-only.value)
            if operators[0] == "+":
                return only
            return Call("negative" if operators[0] == "-" else OPERATORS[operators[0]], (only,))
        if operators[0] == "^":
            return self.power(arguments)
        result = arguments[0]
        for operator, argument in zip(operators, arguments[1:], strict=True):
            result = Call(OPERATORS[operator], (result, argument))
        return result

    def power(self, arguments: list[Expression]) -> Expression:
        """A chain of powers, which bind from the right.

        PySD reads -2^2 and (-2)^2 as the same tree; Vensim means -(2^2) by the first.
        """
        base = arguments[0]
        bracketed = re.search(r"\(\s*-[\s\d.]+\)\s*\^", self.variable.equation)
        if isinstance(base, Number) and base.value < 0 and not bracketed:
            return Call("negative", (self.power([Number(-base.value), *arguments[1:]]),))
        result = arguments.pop()
        while arguments:
            result = Call("power", (arguments.pop(), result))
        return result

    def function(self, tree: Any) -> str:
        """The name that a call calls."""
        return canonical(getattr(tree.function, "reference", str(tree.function)))

    def call(self, tree: Any) -> Expression:
        """A built-in, or a named table read like a function."""
        name = self.function(tree)
        arguments = tuple(self.expression(argument) for argument in tree.arguments)
        if name in self.reader.written and len(arguments) == 1:
            return Lookup(name, arguments[0])
        if name == "ramp" and len(arguments) == 2:
            arguments = (*arguments, Number(float("inf")))
        if name == "pi" and not arguments:
            return Number(math.pi)
        if name not in BUILTINS:
            self.refuse(f"函数 {name.upper().replace('_', ' ')}", name.upper().replace("_", " "))
        if len(arguments) != BUILTINS[name].arity:
            written = name.upper().replace("_", " ")
            wanted = BUILTINS[name].arity
            self.report(
                f"{written} 需要 {wanted} 个参数，而不是 {len(arguments)} 个",
                f"{written} takes {wanted} arguments, not {len(arguments)}",
            )
        return Call(name, arguments)

    def points(self, lookup: Any) -> Points:
        """The points of a table, in order of x."""
        if getattr(lookup, "type", "interpolate") != "interpolate":
            self.refuse(f"查表方式 {lookup.type}", f"lookup type {lookup.type}")
        pairs = tuple((float(x), float(y)) for x, y in zip(lookup.x, lookup.y, strict=True))
        if any(late[0] <= early[0] for early, late in itertools.pairwise(pairs)):
            self.report("查表函数的 x 值须从小到大", "the x values of a table must rise")
        return pairs

    def helper(self, kind: str, definition: Definition) -> Reference:
        """A reference to a variable of our own that part of this equation is written out as."""
        self.parts += 1
        name = f"{self.variable.name}__{kind}_{self.parts}"
        self.reader.variables[name] = replace(
            self.variable, name=name, written=name, definition=definition, owner=self.variable.name
        )
        return Reference(name)

    def refuse(self, zh: str, en: str) -> NoReturn:
        """Reports something that the engine does not have."""
        self.report(f"不支持 {zh}", f"{en} is not supported")

    def report(self, zh: str, en: str) -> NoReturn:
        """Notes what is wrong with this equation, and leaves it."""
        where = f"{self.reader.file} "
        line, name = self.variable.line, self.variable.written
        self.reader.problems.append(
            Text(
                f"{where}第 {line} 行，变量 {name}：{zh}",
                f"{where}line {line}, variable {name}: {en}",
            )
        )
        raise _Unsupported


@dataclass(frozen=True)
class _Component:
    """A tree in the place of a component, for structures inside an equation."""

    ast: Any


def _plus(a: Expression, b: Expression) -> Expression:
    return Call("add", (a, b))


def _minus(a: Expression, b: Expression) -> Expression:
    return Call("subtract", (a, b))


def _times(a: Expression, b: Expression) -> Expression:
    return Call("multiply", (a, b))


def _over(a: Expression, b: Expression) -> Expression:
    return Call("divide", (a, b))


def _share(time: Expression, order: int) -> Expression:
    """The time that one of `order` stages has."""
    return time if order == 1 else _over(time, Number(float(order)))


def _order(equation: _Equation, tree: Any) -> int:
    order = equation.expression(tree.order)
    if not isinstance(order, Number) or order.value < 1 or order.value != int(order.value):
        equation.refuse("非整数阶数", "an order that is no whole number")
    return int(order.value)


def _smooth(equation: _Equation, tree: Any) -> Expression:
    """SMOOTH of order n: n stocks that each close their gap within time/n."""
    source = equation.expression(tree.input)
    order = _order(equation, tree)
    rate = _share(equation.expression(tree.smooth_time), order)
    initial = equation.expression(tree.initial)
    for _ in range(order):
        stage = f"{equation.variable.name}__smooth_{equation.parts + 1}"
        flow = _over(_minus(source, Reference(stage)), rate)
        source = equation.helper("smooth", Stock(flow, initial))
    return source


def _delay(equation: _Equation, tree: Any) -> Expression:
    """DELAY of order n: n stocks in a row, each emptied within time/n."""
    inflow = equation.expression(tree.input)
    order = _order(equation, tree)
    stay = _share(equation.expression(tree.delay_time), order)
    initial = _times(equation.expression(tree.initial), stay)
    for _ in range(order):
        stage = Reference(f"{equation.variable.name}__delay_{equation.parts + 1}")
        outflow = _over(stage, stay)
        equation.helper("delay", Stock(_minus(inflow, outflow), initial))
        inflow = outflow
    return inflow


def _average(
    equation: _Equation, source: Expression, time: Expression, start: Expression
) -> Reference:
    name = Reference(f"{equation.variable.name}__average_{equation.parts + 1}")
    return equation.helper("average", Stock(_over(_minus(source, name), time), start))


def _trend(equation: _Equation, tree: Any) -> Expression:
    """TREND: the fractional rate of change of the input about its average."""
    source = equation.expression(tree.input)
    time = equation.expression(tree.average_time)
    start = _over(source, _plus(Number(1.0), _times(equation.expression(tree.initial_trend), time)))
    average = _average(equation, source, time, start)
    return Call("zidz", (_minus(source, average), _times(time, Call("abs", (average,)))))


def _forecast(equation: _Equation, tree: Any) -> Expression:
    """FORECAST: the input carried along its trend to the horizon."""
    source = equation.expression(tree.input)
    time = equation.expression(tree.average_time)
    start = _over(source, _plus(Number(1.0), equation.expression(tree.initial_trend)))
    average = _average(equation, source, time, start)
    growth = Call("zidz", (_minus(source, average), _times(time, average)))
    horizon = equation.expression(tree.horizon)
    return _times(source, _plus(Number(1.0), _times(growth, horizon)))


WRITTEN_OUT: dict[str, Callable[[_Equation, Any], Expression]] = {
    "SmoothStructure": _smooth,
    "DelayStructure": _delay,
    "TrendStructure": _trend,
    "ForecastStructure": _forecast,
}


def _refuse_problems(file: File, reader: _Reader, model: Model) -> None:
    """Refuses what could not be read, what is not defined, and what the clock lacks."""
    problems = list(reader.problems)
    known = set(model.variables)
    reported = set(reader.written) - known  # equations that were left out above
    for variable in model.variables.values():
        needed = {n for part in parts(variable.definition) for n in references(part)}
        for name in sorted(needed - known - reported):
            hint = near(name, known)
            problems.append(
                Text(
                    f"{file} 第 {variable.line} 行，变量 {variable.written}：用到的 {name} 没有定义"
                    f"{hint.zh}",
                    f"{file} line {variable.line}, variable {variable.written}: {name} is not "
                    f"defined{hint.en}",
                )
            )
    for name in CONTROL:
        if name not in known | reported:
            written = name.upper().replace("_", " ")
            problems.append(
                Text(
                    f"{file}: 缺少 {written}；文件是否在中途截断？",
                    f"{file}: {written} is missing; does the file break off?",
                )
            )
    if problems:
        raise Refused(*dict.fromkeys(problems))
