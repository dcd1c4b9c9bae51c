"""What is asked of the points of tables and of data variables, written out as readings of tables.

Definitions: Vensim reference manual, vensim.com/documentation/fn_….html, entry of the same name:
lookup_slope, lookup_area, vector_lookup, random, get_data_between_times, get_data_min, time_shift
(and function_changes.html for GET DATA AT TIME and the like).
"""

import itertools
import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.engine.algebra import arguments_of, with_arguments
from sim.engine.arrays import reduced, row_of
from sim.engine.functions import TINY
from sim.engine.model import (
    HELD,
    Auxiliary,
    Call,
    Expression,
    Lookup,
    Number,
    Path,
    Points,
    Reference,
    Table,
)
from sim.engine.terms import HALF, NONE, ONE, ZERO, minus, over, plus, times

if TYPE_CHECKING:
    from sim.engine.equation import Equation

TIME = Reference("time")


# --- tables


def table_of(equation: "Equation", tree: Any) -> tuple[str, Points]:
    """The name and the points of the table that an argument names; reports what is none."""
    name = equation.table(tree)
    match equation.reader.definition(name):
        case Table(points) if len(points) > 1:
            return name, points
        case Table():
            equation.report(f"{name} 须有两个以上的点", f"{name} wants two points at least")
    equation.look_for(name)
    return equation.report(f"{name} 不是表函数", f"{name} is no table function")


def slopes_of(points: Points) -> list[float]:
    """The slope of each interval of a table."""
    return [(y - before) / (x - left) for (left, before), (x, y) in itertools.pairwise(points)]


def _slope(equation: "Equation", tree: Any) -> Expression:
    """LOOKUP SLOPE: the slope of the table at x, at a point the mean of those on both sides, of
    the outermost the one that there is; outside 0 (mode 0), the next interval's (1), none (-1)."""
    equation.count("lookup_slope", tree.arguments, 3)
    table, argument, mode = tree.arguments
    _, points = table_of(equation, table)
    x = equation.expression(argument)
    outside = equation.one_of(mode, {0.0: ZERO, 1.0: None, -1.0: NONE})
    xs, halves = [x for x, _ in points], [slope / 2 for slope in slopes_of(points)]
    after = Lookup(tuple(zip(xs[:-1], halves, strict=True)), x, "backward")
    before = Lookup(tuple(zip(xs[1:], halves, strict=True)), x, "forward")
    slope = plus(before, after)
    if outside is None:
        return slope
    return _inside(x, Number(xs[0]), Number(xs[-1]), slope, outside)


def _inside(
    x: Expression, low: Expression, high: Expression, value: Expression, other: Expression
) -> Expression:
    """A value where x lies between limits or on one, else another."""
    return Call("if_then_else", (Call("inside", (x, low, high)), value, other))


def _area(equation: "Equation", tree: Any) -> Expression:
    """LOOKUP AREA: the area under the table from one x to another; it goes on level outside."""
    equation.count("lookup_area", tree.arguments, 3)
    table, *ends = tree.arguments
    name, points = table_of(equation, table)
    first, last = (area_to(name, points, equation.expression(end)) for end in ends)
    return minus(last, first)


def area_to(table: Points | str, points: Points, x: Expression) -> Expression:
    """The area under a table from its first point to x."""
    left = Lookup(tuple((x, x) for x, _ in points), x, "backward")
    height = times(HALF, plus(Lookup(table, x, "backward"), Lookup(table, x)))
    return plus(Lookup(areas_of(points), x, "backward"), times(minus(x, left), height))


def areas_of(points: Points) -> Points:
    """The area under a table from its first point to each."""
    parts = [(x - left) * (y + before) / 2 for (left, before), (x, y) in itertools.pairwise(points)]
    sums = itertools.accumulate(parts, initial=0.0)
    return tuple((x, area) for (x, _), area in zip(points, sums, strict=True))


def density(equation: "Equation", points: Points) -> Points:
    """A table scaled so that the area under it is one; reports one that is negative, or level at
    zero."""
    whole = areas_of(points)[-1][1]
    if min(y for _, y in points) < 0.0 or not 0.0 < whole < math.inf:
        equation.report(
            "分布的表函数不能有负值，也不能全为 0",
            "the table of a distribution may not be negative, nor zero everywhere",
        )
    return tuple((x, y / whole) for x, y in points)


def share_to(points: Points, x: Expression) -> Expression:
    """The area under a density up to x: from 0 to 1."""
    inside = Call("max", (Number(points[0][0]), Call("min", (x, Number(points[-1][0])))))
    return area_to(points, points, inside)


def _random_lookup(equation: "Equation", tree: Any) -> Expression:
    """RANDOM LOOKUP: the table is the density, stretched and shifted, then cut off."""
    equation.count("random_lookup", tree.arguments, 6)
    table, low, high, shift, stretch, seed = tree.arguments
    points = density(equation, table_of(equation, table)[1])
    moved, wide = equation.expression(shift), equation.expression(stretch)
    first, last = (
        share_to(points, over(minus(equation.expression(end), moved), wide)) for end in (low, high)
    )
    noise = equation.noise(equation.number(seed) or 0.0)
    return plus(
        moved, times(wide, _quantile(points, plus(first, times(noise, minus(last, first)))))
    )


def _quantile(points: Points, share: Expression) -> Expression:
    """Where the area under a density reaches a share: in each interval the root of a quadratic
    equation, in the form that stands level intervals and such as begin at zero."""
    areas = [area for _, area in areas_of(points)][:-1]
    slopes = slopes_of(points)

    def of(values: list[float]) -> Expression:
        # of intervals without an area the last is taken
        held = dict(zip(areas, values, strict=True))
        return Lookup(tuple(held.items()), share, "backward")

    left, height = of([x for x, _ in points[:-1]]), of([y for _, y in points[:-1]])
    more = Call("max", (ZERO, minus(share, of(areas))))
    square = plus(Call("square", (height,)), times(times(Number(2.0), of(slopes)), more))
    root = Call("sqrt", (Call("max", (ZERO, square)),))
    beyond = over(times(Number(2.0), more), Call("max", (plus(height, root), Number(1e-300))))
    return plus(left, beyond)


def _vector_lookup(equation: "Equation", tree: Any) -> Expression:
    """VECTOR LOOKUP: the elements from the named one on are the values of a table whose points lie
    evenly from one x to another. Modes 0, 2, 3 and 4: level outside, backward, extrapolated,
    forward."""
    equation.count("vector_lookup", tree.arguments, 5)
    vector, argument, low, high, mode = tree.arguments
    start, elements = row_of(equation, vector)
    values = elements[start:]
    if len(values) < 2:
        equation.report(
            "VECTOR LOOKUP 从所写的元素起须有两个以上元素",
            "VECTOR LOOKUP wants two elements at least from the one that is named on",
        )
    x, first, last = (equation.expression(each) for each in (argument, low, high))
    way = equation.one_of(mode, {0.0: "level", 2.0: "backward", 3.0: "extrapolate", 4.0: "forward"})
    end = Number(float(len(values) - 1))
    place = times(end, over(minus(x, first), minus(last, first)))
    inside = Call("max", (ZERO, Call("min", (place, end))))
    match way:
        case "backward":
            return Call("pick", (_whole(inside), *values))
        case "forward":
            return Call("pick", (minus(end, _whole(minus(end, inside))), *values))
    left = Call("max", (ZERO, Call("min", (_whole(inside), minus(end, ONE)))))
    here, there = (Call("pick", (at, *values)) for at in (left, plus(left, ONE)))
    share = minus(place if way == "extrapolate" else inside, left)
    return plus(here, times(share, minus(there, here)))


def _whole(place: Expression) -> Expression:
    """The place at or before a place; what lies next to one stands on it."""
    return Call("integer", (plus(place, Number(TINY)),))


# --- data variables


def data_of(equation: "Equation", tree: Any) -> Points:
    """The points of the data variable that an argument names; reports what is none."""
    expression = equation.expression(equation.named(tree))
    if isinstance(expression, Reference):
        if points := _points(equation, expression.name):
            return points
        equation.look_for(expression.name)
    return equation.report(
        f"第一个参数须为有数据点的数据变量，{tree.reference} 不是",
        f"the first argument must be a data variable with points, {tree.reference} is none",
    )


def _points(equation: "Equation", name: str) -> Points | None:
    """The points of a data variable; None for what is none. What is asked for them can be no input
    any more, for an input is known at the times of steps alone."""
    match equation.reader.definition(name):
        case Path(points) | Auxiliary(Lookup(tuple() as points, Reference("time" | HELD.name))):
            equation.reader.looked_into.add(name)
            return points
    return None


def _at(points: Points, time: Expression, kind: str) -> Expression:
    """The points read at a time."""
    return Lookup(points, time if time == TIME else Call("moment", (time,)), kind)


def _between_times(equation: "Equation", tree: Any) -> Expression:
    """GET DATA BETWEEN TIMES: the value at a time; between two points on the line (mode 0), the
    later one's (1), the earlier one's (-1); none before the first and after the last.

    At a point its own value, as the manual has it; Vensim is said to round times down in modes 1
    and -1 (the C runtime of SDEverywhere), which is the same at whole times.
    """
    equation.count("get_data_between_times", tree.arguments, 3)
    data, time, mode = tree.arguments
    points = data_of(equation, data)
    kind = equation.one_of(mode, {0.0: "interpolate", 1.0: "forward", -1.0: "backward"})
    when = equation.expression(time)
    ends = (Number(points[0][0]), Number(points[-1][0]))
    return _inside(when, *ends, _at(points, when, kind), NONE)


def _at_time(equation: "Equation", tree: Any) -> Expression:
    """GET DATA AT TIME: the value of the point at a time; none where there is no point."""
    equation.count("get_data_at_time", tree.arguments, 2)
    data, time = tree.arguments
    return _at(data_of(equation, data), equation.expression(time), "raw")


def _end(name: str, place: int) -> Callable[["Equation", Any], Expression]:
    def end(equation: "Equation", tree: Any) -> Expression:
        equation.count(name, tree.arguments, 1)
        return Number(data_of(equation, tree.arguments[0])[place][0])

    return end


def _over_times(name: str) -> Callable[["Equation", Any], Expression]:
    """GET DATA MIN, MAX, MEAN and TOTAL POINTS of what lies from one time to another; none where
    there is no point (the number of points: 0)."""

    def over_times(equation: "Equation", tree: Any) -> Expression:
        equation.count(name, tree.arguments, 3)
        data, *ends = tree.arguments
        points = data_of(equation, data)
        first, last = (equation.expression(end) for end in ends)

        def each(values: list[float], outside: float) -> list[Expression]:
            return [
                _inside(Number(x), first, last, Number(value), Number(outside))
                for (x, _), value in zip(points, values, strict=True)
            ]

        equation.count_operations(2 * len(points))
        count = reduced("add", each([1.0] * len(points), 0.0))
        ys = [y for _, y in points]
        match name:
            case "get_data_total_points":
                return count
            case "get_data_mean":
                return over(reduced("add", each(ys, 0.0)), count)
            case _:
                function = name.removeprefix("get_data_")
                nothing = math.inf if function == "min" else -math.inf
                extreme = reduced(function, each(ys, nothing))
                return Call("if_then_else", (Call("greater", (count, ZERO)), extreme, NONE))

    return over_times


def _time_shift(equation: "Equation", tree: Any) -> Expression:
    """TIME SHIFT: what a data variable is so much later."""
    equation.count("time_shift", tree.arguments, 2)
    data, shift = tree.arguments
    points, by = data_of(equation, data), equation.expression(shift)
    if not equation.is_constant(by):
        equation.report(
            "TIME SHIFT 的第二个参数须为数或常数",
            "the second argument of TIME SHIFT must be a number or a constant",
        )
    if isinstance(by, Number):
        return Lookup(tuple((x - by.value, y) for x, y in points), HELD)
    return _at(points, plus(HELD, by), "interpolate")


def between_points(equation: "Equation", expression: Expression, kind: str) -> Expression:
    """A data equation whose data are read as the keyword of its variable says."""
    match expression:
        case Reference(name) if points := _points(equation, name):
            return Lookup(points, HELD, kind)
        case Lookup(tuple(), _, "interpolate"):
            return replace(expression, kind=kind)
    return with_arguments(
        expression, (between_points(equation, each, kind) for each in arguments_of(expression))
    )


READ_FROM_TABLES: dict[str, Callable[["Equation", Any], Expression]] = {
    "lookup_slope": _slope,
    "lookup_area": _area,
}
READ_FROM_DATA: dict[str, Callable[["Equation", Any], Expression]] = {
    "get_data_between_times": _between_times,
    "get_data_at_time": _at_time,
    "get_data_first_time": _end("get_data_first_time", 0),
    "get_data_last_time": _end("get_data_last_time", -1),
    **{
        name: _over_times(name)
        for name in ("get_data_min", "get_data_max", "get_data_mean", "get_data_total_points")
    },
    "time_shift": _time_shift,
}
READINGS = {
    **READ_FROM_TABLES,
    **READ_FROM_DATA,
    "random_lookup": _random_lookup,
    "vector_lookup": _vector_lookup,
}
"""By the name that is called."""
