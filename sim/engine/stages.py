"""SMOOTH, DELAY, TREND, FORECAST, NPV and SAMPLE IF TRUE, written out as what they stand for.

Formulas: Vensim reference manual, entry of the same name.
"""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim.engine.model import Auxiliary, Call, Expression, Number, Pipeline, Reference, Stock
from sim.engine.terms import ONE, ZERO, minus, over, plus, times

if TYPE_CHECKING:
    from sim.engine.equation import Equation

STEP = Number(0.0)
"""The delay of a pipeline that holds one step: a delay is at least that long."""


def _share(time: Expression, order: int) -> Expression:
    """The time that one of `order` stages has."""
    return time if order == 1 else over(time, Number(float(order)))


def _order(equation: "Equation", tree: Any) -> int:
    """The order at the start of the run, in whole stages."""
    order = equation.number(tree.order)
    if order is None or not 1 <= order < 1000:
        equation.refuse("不是数字的阶数", "an order that is no number from 1 on")
    return int(order)


def _smooth(equation: "Equation", tree: Any) -> Expression:
    """SMOOTH of order n: n stocks that each close their gap within time/n."""
    source = equation.expression(tree.input)
    order = _order(equation, tree)
    rate = _share(equation.expression(tree.smooth_time), order)
    # SMOOTH(x, t) begins at x: read once, or SMOOTH in SMOOTH in SMOOTH is read 2^3 times
    initial = source if tree.initial is tree.input else equation.expression(tree.initial)
    for _ in range(order):
        stage = f"{equation.variable.name}__smooth_{equation.parts + 1}"
        flow = over(minus(source, Reference(stage)), rate)
        source = equation.helper("smooth", Stock(flow, initial))
    return source


def _delay(equation: "Equation", tree: Any) -> Expression:
    """DELAY of order n: n stocks in a row, each emptied within time/n."""
    stay = _share(equation.expression(tree.delay_time), order := _order(equation, tree))
    return _row(equation, tree, [stay] * order)[-1]


def _row(equation: "Equation", tree: Any, stays: list[Expression]) -> list[Expression]:
    """What flows out of each of a row of stocks that empty within their times."""
    inflow = equation.expression(tree.input)
    start = inflow if tree.initial is tree.input else equation.expression(tree.initial)
    initial = times(start, stays[0])
    outflows = []
    for stay in stays:
        stage = Reference(f"{equation.variable.name}__delay_{equation.parts + 1}")
        outflow = over(stage, stay)
        equation.helper("delay", Stock(minus(inflow, outflow), initial))
        outflows.append(outflow)
        inflow = outflow
    return outflows


def _delay_n(equation: "Equation", tree: Any) -> Expression:
    """DELAY N: a DELAY of any order, in which a change of the delay time wanders down the row.

    Stages shorter than a step are left out, as Vensim does.
    """
    order = _order(equation, tree)
    time, step = equation.number(tree.delay_time), equation.number(_TIME_STEP)
    if time is not None and step:
        order = max(1, math.floor(min(order, time / step + 1e-9)))
    now = equation.expression(tree.delay_time)
    delays = [now]
    if not equation.is_constant(now):
        for _ in range(1, order):
            delays.append(equation.helper("time", Pipeline(delays[-1], STEP, now)))
    delays += [now] * (order - len(delays))
    outflows = _row(equation, tree, [_share(time, order) for time in delays])
    if equation.is_constant(now):
        return outflows[-1]
    last = Reference(f"{equation.variable.name}__delay_{equation.parts}")
    before = equation.helper("time", Pipeline(now, STEP, now))
    return over(last, _share(before, order))


class ReferenceStructure:
    """The parser's word for a name, for names of our own."""

    subscripts = None

    def __init__(self, reference: str) -> None:
        self.reference = reference


_TIME_STEP = ReferenceStructure("time_step")


def _average(
    equation: "Equation", source: Expression, time: Expression, start: Expression
) -> Reference:
    name = Reference(f"{equation.variable.name}__average_{equation.parts + 1}")
    return equation.helper("average", Stock(over(minus(source, name), time), start))


def _trend(equation: "Equation", tree: Any) -> Expression:
    """TREND: the fractional rate of change of the input about its average."""
    source = equation.expression(tree.input)
    time = equation.expression(tree.average_time)
    start = over(source, plus(ONE, times(equation.expression(tree.initial_trend), time)))
    average = _average(equation, source, time, start)
    return Call("zidz", (minus(source, average), times(time, Call("abs", (average,)))))


def _forecast(equation: "Equation", tree: Any) -> Expression:
    """FORECAST: the input carried along its trend to the horizon. FORCST of XMILE may name a trend
    to begin with, which means what that of TREND does."""
    source = equation.expression(tree.input)
    time = equation.expression(tree.average_time)
    start = over(source, plus(ONE, times(equation.expression(tree.initial_trend), time)))
    average = _average(equation, source, time, start)
    growth = Call("zidz", (minus(source, average), times(time, average)))
    horizon = equation.expression(tree.horizon)
    return times(source, plus(ONE, times(growth, horizon)))


def _sample_if_true(equation: "Equation", tree: Any) -> Expression:
    """SAMPLE IF TRUE: the input while the condition holds, then what it was last."""
    condition, value = equation.expression(tree.condition), equation.expression(tree.input)
    initial = equation.expression(tree.initial)
    held = Reference(f"{equation.variable.name}__held_{equation.parts + 2}")
    sample = equation.helper("sample", Auxiliary(Call("if_then_else", (condition, value, held))))
    equation.helper("held", Pipeline(sample, STEP, initial))
    return sample


def _net_present_value(name: str) -> Callable[["Equation", Any], Expression]:
    """NPV: a stream discounted to the start and added up, times a factor; NPVE: as it is at the
    end of each step, as spreadsheets have it."""

    def value(equation: "Equation", tree: Any) -> Expression:
        equation.count(name, tree.arguments, 4)
        stream, rate, initial, factor = (equation.expression(each) for each in tree.arguments)
        step = Reference("time_step")
        weight = Reference(f"{equation.variable.name}__discount_{equation.parts + 1}")
        growth = plus(ONE, times(rate, step))
        decay = over(times(weight, rate), growth)
        first = ONE if name == "npv" else over(ONE, growth)
        equation.helper("discount", Stock(Call("negative", (decay,)), first))
        now = times(stream, weight)
        total = equation.helper("total", Stock(now, initial))
        return times(plus(total, times(now, step)), factor)

    return value


def _get_time_value(equation: "Equation", tree: Any) -> Expression:
    """GET TIME VALUE in the model's own units: the time, or its start, moved by an offset."""
    equation.count("get_time_value", tree.arguments, 3)
    relative, offset, measure = tree.arguments
    asked = equation.fixed(relative)
    start = None if asked is None else {0.0: "time", 1.0: "initial_time"}.get(asked)
    if start is None or equation.fixed(measure) != 0.0:
        equation.report(
            "不支持 GET TIME VALUE 的历法换算；只可写 GET TIME VALUE(0 或 1, 偏移, 0)，"
            "年、季、月请由 Time 算出，如 INTEGER(Time)、MODULO(Time, 1)*12",
            "GET TIME VALUE of a calendar is not supported, only GET TIME VALUE(0 or 1, offset, 0);"
            " work years and months out of Time: INTEGER(Time), MODULO(Time, 1)*12",
        )
    return plus(Reference(start), equation.expression(offset))


def _modulo(equation: "Equation", tree: Any) -> Expression:
    """MODULO: what a division towards zero leaves, with the sign of the first number, as in C; MOD
    of XMILE has the sign of the second."""
    equation.count("modulo", tree.arguments, 2)
    x, y = (equation.expression(each) for each in tree.arguments)
    if equation.reader.parsed.elided:
        return Call("modulo", (x, y))
    if not (isinstance(y, Number) and y.value > 0.0):
        y = Call("abs", (y,))
    rest = Call("modulo", (Call("abs", (x,)), y))
    return Call("if_then_else", (Call("less", (x, ZERO)), Call("negative", (rest,)), rest))


def _pi(equation: "Equation", tree: Any) -> Expression:
    """PI: the number."""
    equation.count("pi", tree.arguments, 0)
    return Number(math.pi)


def _random_0_1(equation: "Equation", tree: Any) -> Expression:
    """RANDOM 0 1: the number itself."""
    equation.count("random_0_1", tree.arguments, 0)
    return equation.noise(0.0)


def _pink_noise(equation: "Equation", tree: Any) -> Expression:
    """RANDOM PINK NOISE: white noise smoothed over its correlation time, of the wanted spread
    (Sterman 2000, Business Dynamics, appendix B)."""
    equation.count("random_pink_noise", tree.arguments, 4)
    mean, spread, time = (equation.expression(each) for each in tree.arguments[:3])
    noise = equation.noise(equation.number(tree.arguments[3]) or 0.0)
    far = Number(math.inf)
    white = Call("random_normal", (noise, Call("negative", (far,)), far, ZERO, ONE))
    share = over(Reference("time_step"), time)
    scale = Call("sqrt", (over(minus(Number(2.0), share), share),))
    pink = Reference(f"{equation.variable.name}__pink_{equation.parts + 1}")
    wanted = plus(mean, times(spread, times(scale, white)))
    return equation.helper("pink", Stock(over(minus(wanted, pink), time), mean))


def _fixed_delay(name: str, count: int) -> Callable[["Equation", Any], Expression]:
    """DELAY MATERIAL, DELAY INFORMATION: what went in a delay ago; they differ from each other, in
    what is lost or held, where the delay changes."""
    written = name.upper().replace("_", " ")

    def delay(equation: "Equation", tree: Any) -> Expression:
        equation.count(name, tree.arguments, count)
        source, delay, initial, *_ = tree.arguments
        time = equation.expression(delay)
        if not equation.is_constant(time):
            equation.report(
                f"不支持延迟时间变化的 {written}；可改用 DELAY N",
                f"{written} whose delay changes is not supported; DELAY N may do",
            )
        start = equation.expression(initial)
        kind = name.removeprefix("delay_")
        return equation.helper(kind, Pipeline(equation.expression(source), time, start))

    return delay


def _time_base(equation: "Equation", tree: Any) -> Expression:
    """TIME BASE: time in another unit, from a start on."""
    equation.count("time_base", tree.arguments, 2)
    start, slope = (equation.expression(each) for each in tree.arguments)
    return plus(start, times(Reference("time"), slope))


def _endless_ramp(equation: "Equation", tree: Any) -> Expression:
    """RAMP of XMILE: it does not end."""
    slope, start = (equation.expression(each) for each in tree.arguments)
    return Call("ramp", (slope, start, Number(math.inf)))


WRITTEN_OUT: dict[str, Callable[["Equation", Any], Expression]] = {
    "SmoothStructure": _smooth,
    "SmoothNStructure": _smooth,
    "DelayStructure": _delay,
    "DelayNStructure": _delay_n,
    "TrendStructure": _trend,
    "ForecastStructure": _forecast,
    "SampleIfTrueStructure": _sample_if_true,
    "npv": _net_present_value("npv"),
    "npve": _net_present_value("npve"),
    "get_time_value": _get_time_value,
    "modulo": _modulo,
    "xramp": _endless_ramp,
    "random_0_1": _random_0_1,
    "random_pink_noise": _pink_noise,
    "delay_material": _fixed_delay("delay_material", 4),
    "delay_information": _fixed_delay("delay_information", 3),
    "time_base": _time_base,
    "pi": _pi,
}
"""By the parser's word for them, or the name that is called."""
