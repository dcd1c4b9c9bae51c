"""What goes in comes out by a schedule: DELAY PROFILE, DELAY CONVEYOR and depreciation, written out
as stocks and pipelines.

Definitions: Vensim reference manual, vensim.com/documentation/fn_….html, entry of the same name;
of conveyors also mgu09_initialization_of_conveyors.html and mgu09_material_in_conveyors.html.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sim.engine.arrays import reduced, row_of
from sim.engine.model import Auxiliary, Call, Expression, Number, Pipeline, Points, Reference, Stock
from sim.engine.readings import TIME, density, share_to, table_of
from sim.engine.stages import STEP, ReferenceStructure
from sim.engine.terms import HALF, ONE, ZERO, minus, over, plus, times

if TYPE_CHECKING:
    from sim.engine.equation import Equation

START, LENGTH = Reference("initial_time"), Reference("time_step")

MOST_SHARES = 1000
"""Steps over which a DELAY PROFILE is spread."""


def _sample_until(equation: "Equation", tree: Any) -> Expression:
    """SAMPLE UNTIL: follows the input a step behind until a time, then stays.

    No function of Vensim's but a macro of the models of Climate Interactive (C-LEARN), which
    others have taken over.
    """
    equation.count("sample_until", tree.arguments, 3)
    last, value, initial = (equation.expression(each) for each in tree.arguments)
    held = Reference(f"{equation.variable.name}__sample_{equation.parts + 1}")
    open_ = minus(ONE, Call("step", (ONE, last)))
    return equation.helper("sample", Stock(times(open_, over(minus(value, held), LENGTH)), initial))


# --- delays


def _delay_profile(equation: "Equation", tree: Any) -> Expression:
    """DELAY PROFILE: each input comes out by a profile, scaled to an area of one and so that the
    mean delay is the delay time; before the start the input grew to `init` at the rate `grow`.

    How Vensim parts a profile into steps the manual leaves open; here each step has the share
    from half a step before to half a step after, the first all before it, for what goes in comes
    out a step later at the earliest. Over time what goes in comes out.
    """
    equation.count("delay_profile", tree.arguments, 5)
    table, source, delay, initial, growth = tree.arguments
    points = density(equation, table_of(equation, table)[1])
    mean = _mean(points)
    if points[0][0] < 0.0 or mean <= 0.0:
        equation.report(
            "DELAY PROFILE 的表函数的 x 值须从 0 起",
            "the x values of the table of a DELAY PROFILE begin at 0",
        )
    time = equation.expression(delay)
    if not equation.is_constant(time):
        equation.report(
            "不支持延迟时间变化的 DELAY PROFILE；可改用 DELAY N",
            "DELAY PROFILE whose delay changes is not supported; DELAY N may do",
        )
    longest = time.value / mean * points[-1][0] if isinstance(time, Number) else None
    steps = _steps_until(equation, longest)
    equation.count_operations(8 * steps)
    before = [ZERO, *(share_to(points, _scaled(k + 0.5, time, mean)) for k in range(1, steps)), ONE]
    start, rate = equation.expression(initial), equation.expression(growth)
    value, parts = equation.expression(source), []
    for k in range(1, steps + 1):
        back = times(Number(float(k)), LENGTH)
        then = start
        if rate != ZERO:
            then = times(start, Call("exp", (Call("negative", (times(rate, back),)),)))
        value = equation.helper("gone", Pipeline(value, STEP, then))
        parts.append(times(value, minus(before[k], before[k - 1])))
    return reduced("add", parts)


def _scaled(steps: float, time: Expression, mean: float) -> Expression:
    """So many steps on the axis of a profile, on which the delay time is the mean."""
    return over(times(Number(steps * mean), LENGTH), time)


def _mean(points: Points) -> float:
    """The mean of a density."""
    pairs = itertools.pairwise(points)
    return sum((x - a) * (y * (2 * x + a) + b * (x + 2 * a)) / 6 for (a, b), (x, y) in pairs)


def _steps_until(equation: "Equation", longest: float | None) -> int:
    """The steps of the longest delay, or of the whole run, if that is shorter or no delay is
    known; reports what is too many, or not known."""
    start, end, step = (
        equation.number(ReferenceStructure(name))
        for name in ("initial_time", "final_time", "time_step")
    )
    if start is None or end is None or not step or step <= 0.0:
        equation.report(
            "DELAY PROFILE 要求起止时间和步长为已知的数",
            "DELAY PROFILE wants a known start, end and step of time",
        )
    run = math.ceil((end - start) / step) + 1
    steps = run if longest is None else min(run, math.ceil(longest / step - HALF.value))
    if steps > MOST_SHARES:
        equation.report(
            f"DELAY PROFILE 最多分 {MOST_SHARES} 步；请加大 TIME STEP，或改用 DELAY N",
            f"a DELAY PROFILE has {MOST_SHARES} steps at most; take a longer TIME STEP, or DELAY N",
        )
    return max(1, steps)


def _delay_conveyor(equation: "Equation", tree: Any) -> Expression:
    """DELAY CONVEYOR: what went in comes out a delay later, less what leaked on the way: of all
    that is on the conveyor, what is just added too, a share in each step. What was on it at the
    start comes out as a profile says, which is scaled to it and to the delay."""
    equation.count("delay_conveyor", tree.arguments, 6)
    source, delay, leak, table, amount, first_delay = tree.arguments
    points = density(equation, table_of(equation, table)[1])
    time = equation.expression(delay)
    if not equation.is_constant(time) or (
        equation.expression(first_delay) != time
        and (equation.fixed(first_delay) != equation.fixed(delay))
    ):
        equation.report(
            "不支持传送时间变化、或与初始传送时间不同的 DELAY CONVEYOR；可改用 DELAY N",
            "DELAY CONVEYOR whose time changes, or differs from the initial one, is not supported; "
            "DELAY N may do",
        )
    value, rate = equation.expression(source), equation.expression(leak)
    left = _left_over(equation, rate)
    carried = equation.helper("carried", Pipeline(over(value, left), time, ZERO))
    ends = [over(minus(TIME, START), time), over(plus(minus(TIME, START), LENGTH), time)]
    low, wide = points[0][0], points[-1][0] - points[0][0]
    shares = [share_to(points, plus(Number(low), times(Number(wide), end))) for end in ends]
    begun = times(over(equation.expression(amount), LENGTH), minus(shares[1], shares[0]))
    return times(left, plus(begun, carried))


def _left_over(equation: "Equation", rate: Expression) -> Expression:
    """What is left of one that leaks from the start on."""
    if rate == ZERO:
        return ONE
    left = Reference(f"{equation.variable.name}__left_{equation.parts + 1}")
    return equation.helper("left", Stock(Call("negative", (times(rate, left),)), ONE))


# --- depreciation


def _straightline(equation: "Equation", tree: Any) -> Expression:
    """DEPRECIATE STRAIGHTLINE: what was invested in a fiscal period is written off in equal parts
    in this period and those that follow, n in all; of this one's in the moment of investment.
    Before the start investment stood at `init`. Fiscal periods are counted from the start.

    With I the investment of a period and C all of it: s/n + (C(now) - C(n-1 periods ago))/(n f),
    each C at the beginning of its period; the lifetime is rounded to whole periods f.
    """
    equation.count("depreciate_straightline", tree.arguments, 4)
    stream, life, period, initial = (equation.expression(each) for each in tree.arguments)
    count = Call("max", (ONE, Call("integer", (plus(over(life, period), HALF),))))
    earlier = minus(count, ONE)
    total = _at_periods(equation, minus(stream, initial), START, period)
    old = equation.helper("old", Pipeline(total, times(earlier, period), ZERO))
    # a pipeline of no length would hold a step
    late = Call("if_then_else", (Call("greater", (earlier, HALF)), minus(total, old), ZERO))
    written_off = plus(times(times(earlier, period), initial), late)
    return plus(over(stream, count), over(written_off, times(count, period)))


def _by_schedule(equation: "Equation", tree: Any) -> Expression:
    """DEPRECIATE BY SCHEDULE: the shares of a schedule, scaled to one, in the fiscal periods from
    that of the investment on; the first as it is made. Without earlier investment."""
    equation.count("depreciate_by_schedule", tree.arguments, 5)
    stream, schedule, initial, life, begin = tree.arguments
    place, row = row_of(equation, schedule)
    if equation.fixed(initial) != 0.0:
        equation.report(
            "DEPRECIATE BY SCHEDULE 的初始折旧只支持 0",
            "the initial depreciation of DEPRECIATE BY SCHEDULE can only be 0",
        )
    shares: Sequence[Expression] = row[place:]
    whole = reduced("add", list(shares))
    invested = equation.expression(stream)
    period = over(equation.expression(life), Number(float(len(shares))))
    first = equation.expression(begin)
    total = _at_periods(equation, invested, START if first == TIME else first, period)
    parts, newer = [times(shares[0], invested)], total
    for place, share in enumerate(shares[1:], 1):
        back = times(Number(float(place)), period)
        older = equation.helper("old", Pipeline(total, back, ZERO))
        parts.append(over(times(share, minus(newer, older)), period))
        newer = older
    return over(reduced("add", parts), whole)


def _at_periods(
    equation: "Equation", flow: Expression, begin: Expression, length: Expression
) -> Reference:
    """All that has flowed since the start, as it was when this period began."""
    total = equation.helper("total", Stock(flow, ZERO))
    now = Reference(f"{equation.variable.name}__held_{equation.parts + 2}")
    begins = Call("begins", (begin, length))
    held = equation.helper("period", Auxiliary(Call("if_then_else", (begins, total, now))))
    equation.helper("held", Pipeline(held, STEP, ZERO))
    return held


SCHEDULES: dict[str, Callable[["Equation", Any], Expression]] = {
    "sample_until": _sample_until,
    "delay_profile": _delay_profile,
    "delay_conveyor": _delay_conveyor,
    "depreciate_straightline": _straightline,
    "depreciate_by_schedule": _by_schedule,
}
"""By the name that is called."""
