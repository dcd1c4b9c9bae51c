"""Whether both sides of every equation measure the same, in the same unit.

Units that measure the same but differ in size (万吨 and 吨) do not match either: a conversion
must stand in the equation, as a constant with a unit of its own. Numbers written into an
equation have no dimension; 0, :NA:, and what a table without a unit gives, have any.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sim.engine.model import (
    HELD,
    Auxiliary,
    Call,
    Expression,
    Initial,
    Lookup,
    Model,
    Number,
    Pipeline,
    Reference,
    Stock,
    Variable,
)
from sim.engine.units import registry
from sim.text import Text

Measure = Any
"""What an expression measures: a unit of pint; None fits anything."""

SAME = {
    *("add", "subtract", "min", "max", "modulo", "quantum"),
    *("less", "less_equal", "greater", "greater_equal", "equal", "not_equal"),
}
"""Functions whose arguments measure the same."""
TRUTH = {
    *("less", "less_equal", "greater", "greater_equal", "equal", "not_equal"),
    *("and", "or", "not"),
}
KEEPING = {"negative", "abs", "integer"}
PURE = {
    *("exp", "ln", "log", "sin", "cos", "tan", "arcsin", "arccos", "arctan"),
    *("sinh", "cosh", "tanh", "gamma_ln"),
}
"""Functions of a pure number that give a pure number."""
POWERS = {"square": 2.0, "sqrt": 0.5}
TIMES = {
    **{"step": (1,), "ramp": (1, 2), "pulse": (0, 1), "pulse_train": (0, 1, 2, 3)},
    **{"moment": (0,), "begins": (0, 1)},
}
"""Functions of time, and which of their arguments are times."""


SIGNS = {
    **{"add": "+", "subtract": "-", "equal": "=", "not_equal": "<>"},
    **{"less": "<", "less_equal": "<=", "greater": ">", "greater_equal": ">="},
}
OWN = {"moment": Text("数据", "data"), "begins": Text("财务期", "a fiscal period")}
"""Functions that no equation calls: they are written out of others."""


def wrong_units(model: Model) -> list[Text]:
    """What is wrong with the model's units: each equation with both its sides; nothing, if none."""
    unknown = [_unknown(name, text) for name, text in unknown_units(model).items()]
    return unknown + mismatched_units(model)


def unknown_units(model: Model) -> dict[str, str]:
    """Variable → its unit, of those whose unit is not known; empty where none is written."""
    return _Reader(model).unknown


def mismatched_units(model: Model) -> list[Text]:
    """Each equation whose units do not match, with both its sides. Of one that is written out only
    what is wrong first: the rest follows from it."""
    reader = _Reader(model)
    long = {variable.owner for variable in model.variables.values() if variable.owner}
    found: dict[str, list[Text]] = {}
    for variable in model.variables.values():
        own = found.setdefault(variable.owner or variable.name, [])
        own += [_said(variable, model, mismatch) for mismatch in reader.mismatches(variable)]
    return [text for name, own in found.items() for text in (own[:1] if name in long else own)]


def conversion(unit: str) -> float | None:
    """What a constant must be that converts units: 0.0001 for 亿元*吨/(元*万吨).

    None for a unit that converts nothing, or is not known.
    """
    try:
        parsed = _parsed(unit)
    except ValueError:
        return None
    if len(parsed._units) < 2 or not parsed.dimensionless:
        return None
    return 1.0 / _root(parsed)[1]


def written(unit: Measure) -> str:
    """A unit as the model's files write it: 万吨/(Year*Year)."""
    if unit is None:
        return "?"
    powers = {str(name): power for name, power in unit._units.items() if str(name) != "Dmnl"}
    above = [text for name, power in powers.items() for text in _factors(name, power)]
    below = [text for name, power in powers.items() for text in _factors(name, -power)]
    if not below:
        return "*".join(above) or "Dmnl"
    under = below[0] if len(below) == 1 else f"({'*'.join(below)})"
    return f"{'*'.join(above) or '1'}/{under}"


def _factors(name: str, power: float) -> list[str]:
    if power <= 0:
        return []
    return [name] * round(power) if power == round(power) else [f"{name}^{power:g}"]


@dataclass(frozen=True)
class Mismatch:
    """Two measures that should be the same and are not, and where in the equation."""

    where: Text
    found: Measure
    wanted: Measure


@dataclass
class _Reader:
    """Reads what the expressions of one model measure; collects what does not fit."""

    model: Model
    unknown: dict[str, str] = field(default_factory=dict)
    found: list[Mismatch] = field(default_factory=list)
    declared: dict[str, Measure] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, variable in self.model.variables.items():
            if not variable.owner:
                self.declared[name] = self._declared(variable)
        step = self.model.variables.get("time_step")
        self.time: Measure = self.declared.get("time_step") if step else None
        self.none = registry().Unit("dimensionless")

    def _declared(self, variable: Variable) -> Measure:
        try:
            return _parsed(variable.units)
        except ValueError:
            self.unknown[variable.name] = variable.units
            return None

    def mismatches(self, variable: Variable) -> list[Mismatch]:
        """What does not fit in the equation of one variable."""
        self.found = []
        for where, expression, wanted in self._sides(variable):
            if _has_names(expression):
                self._same(where, self.measure(expression), wanted)
            else:
                self.measure(expression)  # a number alone is in the unit of its variable
        return self.found

    def _sides(self, variable: Variable) -> Iterator[tuple[Text, Expression, Measure]]:
        own = self.of(variable.name)
        start = Text("初始值", "the initial value")
        match variable.definition:
            case Stock(flow, initial):
                rate = own / self.time if own is not None and self.time is not None else None
                where = Text("流量（存量单位/时间单位）", "the flow (unit of the stock per time)")
                yield where, flow, rate
                yield start, initial, own
            case Auxiliary(expression, other):
                yield Text("等号两边", "both sides"), expression, own
                if other is not None:
                    yield start, other, own
            case Initial(expression):
                yield Text("等号两边", "both sides"), expression, own
            case Pipeline(value, delay, initial):
                yield Text("延迟的输入", "the input of the delay"), value, own
                yield Text("延迟时间", "the delay time"), delay, self.time
                yield start, initial, own

    def of(self, name: str) -> Measure:
        """What a variable measures; stocks of a SMOOTH or DELAY measure what they start from,
        pipelines what goes in."""
        if name in self.declared:
            return self.declared[name]
        self.declared[name] = None  # while a loop through itself is read
        before, self.found = self.found, []
        match self.model.variables[name].definition:
            case (
                Stock(_, expression)
                | Auxiliary(expression)
                | Initial(expression)
                | Pipeline(expression)
            ):
                self.declared[name] = self.measure(expression)
        self.found = before
        return self.declared[name]

    def measure(self, expression: Expression) -> Measure:
        """What an expression measures; notes what does not fit inside it."""
        match expression:
            case Number(value):
                return None if value == 0 or math.isnan(value) else self.none
            case Reference("time" | HELD.name):
                return self.time
            case Reference(name):
                return self.of(name)
            case Lookup(table, argument):
                self._argument_of_table(argument)
                return self.of(table) if isinstance(table, str) else None
            case Call(function, arguments):
                return self._call(function, arguments)

    def _argument_of_table(self, argument: Expression) -> None:
        found = self.measure(argument)
        if argument not in (Reference("time"), HELD):
            where = Text("表函数的自变量", "the argument of a table")
            self._same(where, found, self.none)

    def _call(self, function: str, arguments: Sequence[Expression]) -> Measure:
        measures = [self.measure(argument) for argument in arguments]
        where = _terms(function)
        match function:
            case "multiply":
                return self._times(measures[0], measures[1])
            case "divide" | "zidz" | "xidz":
                quotient = self._over(measures[0], measures[1])
                return self._all_same(where, [quotient, *measures[2:]])
            case "power":
                return self._power(arguments, measures)
            case "if_then_else":
                return self._all_same(where, measures[1:])
        if function in SAME:
            same = self._all_same(where, measures)
            return self.none if function in TRUTH else same
        return self._of_one_kind(function, measures)

    def _of_one_kind(self, function: str, measures: list[Measure]) -> Measure:
        """What the functions measure that are treated alike, kind by kind."""
        if function in TRUTH:
            return self.none
        if function in KEEPING:
            return measures[0]
        if function in POWERS:
            return None if measures[0] is None else measures[0] ** POWERS[function]
        if function in PURE:
            for measure in measures:
                where = Text(
                    f"{_called(function)} 的自变量", f"the argument of {_called(function)}"
                )
                self._same(where, measure, self.none)
            return self.none
        if function in TIMES:
            return self._in_time(function, measures)
        return None  # what picks, orders, allocates or draws: whatever fits

    def _times(self, one: Measure, other: Measure) -> Measure:
        if one is None or other is None:
            return one or other
        return one * other

    def _over(self, above: Measure, below: Measure) -> Measure:
        if below is None:
            return above
        return self.none / below if above is None else above / below

    def _power(self, arguments: Sequence[Expression], measures: list[Measure]) -> Measure:
        base, exponent = measures
        self._same(Text("指数", "the exponent"), exponent, self.none)
        if isinstance(arguments[1], Number):
            return None if base is None else base ** arguments[1].value
        where = Text("乘方的底数（指数不是数字）", "the base of a power whose exponent varies")
        self._same(where, base, self.none)
        return self.none

    def _in_time(self, function: str, measures: list[Measure]) -> Measure:
        own = OWN.get(function, Text(_called(function), _called(function)))
        where = Text(f"{own.zh} 的时间", f"a time of {own.en}")
        for place in TIMES[function]:
            self._same(where, measures[place], self.time)
        if function == "ramp":
            return self._times(measures[0], self.time)
        return measures[0] if function == "step" else self.none

    def _all_same(self, where: Text, measures: Sequence[Measure]) -> Measure:
        """What all measure; where they do not, what the first with a dimension does: a number
        written into the equation is likelier to be the odd one."""
        known = [measure for measure in measures if measure is not None]
        wanted = next((one for one in known if one is not self.none), known[0] if known else None)
        for measure in known:
            self._same(where, measure, wanted)
        return wanted

    def _same(self, where: Text, found: Measure, wanted: Measure) -> None:
        if found is not None and wanted is not None and _root(found) != _root(wanted):
            self.found.append(Mismatch(where, found, wanted))


def _called(function: str) -> str:
    """A function as a modeller writes it."""
    return function.upper().replace("_", " ")


def _terms(function: str) -> Text:
    """What a function or a sign has on its sides."""
    if sign := SIGNS.get(function):
        return Text(f"“{sign}”两边", f"both sides of {sign}")
    return Text(f"{_called(function)} 的各项", f"the terms of {_called(function)}")


def _has_names(expression: Expression) -> bool:
    match expression:
        case Number():
            return False
        case Call(_, arguments):
            return any(_has_names(argument) for argument in arguments)
    return True


@cache
def _parsed(text: str) -> Measure:
    """The unit that a text says; raises ValueError for one that is not known."""
    if not text:
        raise ValueError("no unit")
    try:
        return registry().Unit(text)
    except Exception as error:  # pint raises its own, tokenize's and AttributeError
        raise ValueError(text) from error


@cache
def _root(unit: Measure) -> tuple[tuple[tuple[str, float], ...], float]:
    """Dimensions and size of a unit, fit for comparison; itself where its size is no number."""
    try:
        root: Any = registry().Quantity(1.0, unit).to_root_units()
        is_sized = 0.0 < root.magnitude < math.inf
    except OverflowError:  # a year to the power of 400
        is_sized = False
    if not is_sized:
        return ((str(unit), 1.0),), 1.0
    powers = ((str(name), round(float(p), 9)) for name, p in root.units._units.items())
    size = float(f"{root.magnitude:.9g}")
    return tuple(sorted((name, power) for name, power in powers if power)), size


def _unknown(name: str, text: str) -> Text:
    if not text:
        return Text(f"{name} 没有写单位", f"{name} has no unit")
    return Text(
        f"{name} 的单位“{text}”不认识；请改正，或写进 sim/engine/units.py",
        f"{name}: the unit {text!r} is not known; correct it or define it in sim/engine/units.py",
    )


def _said(variable: Variable, model: Model, mismatch: Mismatch) -> Text:
    owner = model.variables.get(variable.owner, variable)
    found, wanted = written(mismatch.found), written(mismatch.wanted)
    size = _difference_in_size(mismatch)
    equation = " ".join(owner.equation.split())
    zh = f"（量纲相同，缺少换算 ×{size:g}）" if size else ""
    en = f" (the same dimension: a conversion by {size:g} is missing)" if size else ""
    part = Text("函数写成存量后，", "written out as stocks, ") if variable.owner else Text("", "")
    return Text(
        f"{owner.name}（第 {owner.line} 行）{part.zh}{mismatch.where.zh}的单位是 {found}，"
        f"应为 {wanted}{zh}\n    {equation}",
        f"{owner.name} (line {owner.line}), {part.en}{mismatch.where.en}: in {found}, "
        f"should be in {wanted}{en}\n    {equation}",
    )


def _difference_in_size(mismatch: Mismatch) -> float | None:
    (one, size), (other, expected) = _root(mismatch.found), _root(mismatch.wanted)
    return size / expected if one == other and not math.isclose(size, expected) else None
