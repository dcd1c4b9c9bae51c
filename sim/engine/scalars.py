"""The functions of one member that the numba kernel calls, written so that LLVM can compute many
members with one instruction: no branches, no calls of the C library, where that is possible.

Their names stand in `functions.BUILTINS` under `one`; their meaning is that of `call` there, to
1e-12. What calls the C library all the same is not in `loops.VECTOR`: it gets a loop of its own.
"""

import math
from typing import Any

import numpy as np
from llvmlite import ir
from numba import carray, njit, types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

from sim.engine.functions import TINY
from sim.engine.tables import SHORT, Even, even_table, rises


def compiled(function: Any) -> Any:
    """A function compiled into whoever calls it."""
    return njit(function, error_model="numpy", forceinline=True)


def fused(function: Any) -> Any:
    """The same, products and sums in it rounded together where the processor does that at once."""
    return njit(function, error_model="numpy", forceinline=True, fastmath={"contract"})


def _unary(name: str) -> Any:
    """A function of one number that the processor has."""

    @intrinsic
    def function(typing: Any, x: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            double = ir.DoubleType()
            found = builder.module.declare_intrinsic(f"llvm.{name}", [double])
            return builder.call(found, arguments)

        return types.float64(types.float64), generate

    return function


fabs, sqrt, trunc, floor = (_unary(name) for name in ("fabs", "sqrt", "trunc", "floor"))


@intrinsic
def select(typing: Any, condition: Any, yes: Any, no: Any) -> Any:
    """`yes` where the condition holds, else `no`, both computed."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        truth, *values = arguments
        return builder.select(context.is_true(builder, types.boolean, truth), *values)

    return types.float64(types.boolean, types.float64, types.float64), generate


@intrinsic
def _bits(typing: Any, x: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.int64(types.float64), generate


@intrinsic
def _double(typing: Any, x: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.int64), generate


LINE = 64
"""Bytes of a line of the cache: a register's worth should not lie across two of them."""


@intrinsic
def _room(typing: Any, size: Any) -> Any:
    if not isinstance(size, types.IntegerLiteral):
        return None

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        count = ir.Constant(ir.IntType(64), size.literal_value)
        room = cgutils.alloca_once(builder, ir.DoubleType(), size=count)
        room.align = LINE
        return room

    return types.CPointer(types.float64)(size), generate


@intrinsic
def whole_registers(typing: Any) -> Any:
    """Makes LLVM use registers of 512 bits where the processor has them: for Intel's it would
    take half of each."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        # llvmlite writes out any attribute, but its own list has none with a value
        set.add(builder.function.attributes, '"prefer-vector-width"="512"')
        return context.get_dummy_value()

    return types.none(), generate


def called(function: Any) -> Any:
    """A function that is called, one member at a time."""
    return njit(function, error_model="numpy")


@compiled
def scratch(size):
    """Room for so many numbers on the stack: LLVM knows that nothing else points into it."""
    return carray(_room(size), (size,))


@compiled
def square(x):
    """The product with itself."""
    return x * x


@compiled
def minimum(a, b):
    """The smaller; no number where one is none."""
    return select((a < b) | (a != a), a, b)


@compiled
def maximum(a, b):
    """The larger; no number where one is none."""
    return select((a > b) | (a != a), a, b)


LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10


@fused
def exp(x):
    """Reduced to |r| <= ln(2)/2, there the series to the thirteenth power: within one ulp or two.

    Cody and Waite (1980), chapter 6; ln 2 in two parts as in FreeBSD's e_exp.c. The series goes by
    powers of r that are computed side by side (Estrin 1960), so that none waits for the last.
    """
    inside = select(x > -746.0, select(x < 710.0, x, 710.0), -746.0)
    n = floor(inside * 1.4426950408889634 + 0.5)
    r = (inside - n * LN2_HIGH) - n * LN2_LOW
    r2 = r * r
    r4 = r2 * r2
    low = (0.008333333333333333 * r + 0.041666666666666664) * r2 + (0.16666666666666666 * r + 0.5)
    middle = (2.7557319223985893e-06 * r + 2.48015873015873e-05) * r2 + (
        0.0001984126984126984 * r + 0.001388888888888889
    )
    high = (1.6059043836821613e-10 * r + 2.08767569878681e-09) * r2 + (
        2.505210838544172e-08 * r + 2.755731922398589e-07
    )
    p = (((high * r4 + middle) * r4 + low) * r2 + r) + 1.0
    half = np.int64(n * 0.5)
    rest = np.int64(n) - half
    value = p * _double((half + 1023) << 52) * _double((rest + 1023) << 52)
    return select(x < 710.0, value, select(x != x, x, select(x > 709.782712893384, np.inf, value)))


@fused
def log(x):
    """As in FreeBSD's e_log.c (Sun Microsystems 1993), without its branches."""
    tiny = x < 2.2250738585072014e-308
    bits = _bits(select(tiny, x * 18014398509481984.0, x))
    shift = (bits >> 52) - 1023
    mantissa = _double((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000)
    large = mantissa > 1.4142135623730951
    k = np.float64(shift) + select(large, 1.0, 0.0) - select(tiny, 54.0, 0.0)
    f = select(large, 0.5 * mantissa, mantissa) - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    odd = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373))
    even = z * (
        0.6666666666666735
        + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586))
    )
    half = 0.5 * f * f
    value = k * LN2_HIGH - ((half - (s * (half + odd + even) + k * LN2_LOW)) - f)
    special = select(x == 0.0, -np.inf, select(x > 0.0, x, np.nan))
    return select((x > 0.0) & (x < np.inf), value, special)


@compiled
def power(x, y):
    """exp(y ln|x|) with the sign that a whole y gives."""
    value = exp(y * log(fabs(x)))
    whole = trunc(y) == y
    odd = whole & (trunc(0.5 * y) != 0.5 * y)
    signed = select(x < 0.0, select(whole, select(odd, -value, value), np.nan), value)
    return select((y == 0.0) | (x == 1.0), 1.0, signed)


FEW = 11
"""Intervals of a table up to which choosing among all takes less time than fetching one."""


def reader(xs: NDArray[np.float64], ys: NDArray[np.float64], exact: bool = False) -> Any:
    """A function of x that reads one table, its points written into the instructions; `exact` to
    the last bit as NumPy does."""
    even = None if exact else even_table(tuple(zip(xs.tolist(), ys.tolist(), strict=True)))
    if even is None and len(xs) > SHORT:
        return _searching(xs, ys, rises(xs, ys))

    @intrinsic
    def read(typing: Any, x: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            if even is None:
                return _among(builder, arguments[0], xs, ys, rises(xs, ys))
            return _evenly(builder, arguments[0], even)

        return types.float64(types.float64), generate

    return read


def _number(value: float) -> ir.Constant:
    return ir.Constant(ir.DoubleType(), float(value))


def _clamped(builder: Any, x: Any, low: float, high: float) -> Any:
    over = builder.fcmp_ordered(">", x, _number(high))
    under = builder.fcmp_ordered("<", x, _number(low))
    return builder.select(under, _number(low), builder.select(over, _number(high), x))


def _evenly(builder: Any, x: Any, even: Even) -> Any:
    """A table whose points lie evenly: `base + rise * place` in each of its intervals."""
    from_origin = builder.fsub(x, _number(even.origin)) if even.origin else x
    place = _clamped(builder, builder.fmul(from_origin, _number(even.per)), 0.0, even.last)
    pairs = [even.base, even.rise]
    if even.last <= FEW:
        base, rise = (_number(column[0]) for column in pairs)
        for interval in range(1, len(even.base) - 1):
            behind = builder.fcmp_ordered(">=", place, _number(interval))
            base = builder.select(behind, _number(even.base[interval]), base)
            rise = builder.select(behind, _number(even.rise[interval]), rise)
    else:
        known = builder.select(builder.fcmp_ordered("ord", place, place), place, _number(0.0))
        left = builder.fptosi(known, ir.IntType(64))
        base, rise = (_fetched(builder, column, left) for column in pairs)
    return builder.fadd(base, builder.fmul(rise, place))


def _fetched(builder: Any, column: NDArray[np.float64], place: Any) -> Any:
    numbers = ir.ArrayType(ir.DoubleType(), len(column))
    constant = ir.Constant(numbers, [_number(value) for value in column])
    name = builder.module.get_unique_name(".table")
    array = cgutils.global_constant(builder.module, name, constant)
    return builder.load(builder.gep(array, [ir.Constant(ir.IntType(64), 0), place]))


def _among(builder: Any, x: Any, *columns: NDArray[np.float64]) -> Any:
    """A short table whose points lie unevenly: its intervals are gone through."""
    xs, ys, slopes = columns
    inside = _clamped(builder, x, xs[0], xs[-1])
    start, value, slope = (_number(column[0]) for column in columns)
    for interval in range(1, len(xs) - 1):
        behind = builder.fcmp_ordered(">=", inside, _number(xs[interval]))
        start = builder.select(behind, _number(xs[interval]), start)
        value = builder.select(behind, _number(ys[interval]), value)
        slope = builder.select(behind, _number(slopes[interval]), slope)
    return builder.fadd(value, builder.fmul(slope, builder.fsub(inside, start)))


def _searching(
    xs: NDArray[np.float64], ys: NDArray[np.float64], slopes: NDArray[np.float64]
) -> Any:
    """A long table whose points lie unevenly: the interval is searched."""

    @called
    def read(x):
        inside = min(max(x, xs[0]), xs[-1])
        left = min(max(np.searchsorted(xs, inside, side="right") - 1, 0), len(xs) - 2)
        value = ys[left] + slopes[left] * (inside - xs[left])
        return value if x == x else x

    return read


@called
def read_extrapolate(x, xs, ys):
    """A table, its first and last line carried on outside (LOOKUP EXTRAPOLATE)."""
    right = min(max(np.searchsorted(xs, x), 1), len(xs) - 1)
    left = right - 1
    return ys[left] + (ys[right] - ys[left]) / (xs[right] - xs[left]) * (x - xs[left])


@called
def read_forward(x, xs, ys):
    """The value at the next point of a table (LOOKUP FORWARD)."""
    return ys[min(np.searchsorted(xs, x - TINY), len(xs) - 1)]


@called
def read_backward(x, xs, ys):
    """The value at the last point of a table (LOOKUP BACKWARD)."""
    return ys[max(np.searchsorted(xs, x + TINY, side="right") - 1, 0)]


@called
def read_raw(x, xs, ys):
    """The value at a point of a table, elsewhere none (:RAW:)."""
    return read_backward(x, xs, ys) if abs(read_backward(x, xs, xs) - x) <= TINY else np.nan


@called
def read_invert(y, xs, ys):
    """Where a rising or falling table has the value y (LOOKUP INVERT)."""
    if ys[-1] >= ys[0]:
        return np.interp(y, ys, xs)
    return np.interp(y, ys[::-1], xs[::-1])


sin, cos, tan = math.sin, math.cos, math.tan
asin, acos, atan = math.asin, math.acos, math.atan
sinh, cosh, tanh = math.sinh, math.cosh, math.tanh


@called
def modulo(x, y):
    """The rest of a division, with the sign of y (MODULO)."""
    return x % y


@called
def pick(place, values):
    """The value at a place, from 0; none outside (VECTOR ELM MAP)."""
    whole = round(place) if place == place else -1
    return values[whole] if 0 <= whole < len(values) else np.nan


@called
def _less(a, b):
    """Whether a sorts before b; what is no number comes last."""
    return a < b or (b != b and a == a)


@called
def _rank(direction, values, at):
    """How many values come before the one `at` a place; equal ones in their order."""
    before = 0
    for other in range(len(values)):
        sooner = other < at and not _less(values[at], values[other])
        before += sooner or _less(values[other], values[at])
    return before if direction > 0.0 else len(values) - 1 - before


@called
def sort_order(place, direction, values):
    """Which value, from 0, comes at a place (VECTOR SORT ORDER)."""
    for at in range(len(values)):
        if _rank(direction, values, at) == int(place):
            return float(at)
    return np.nan


@called
def rank(place, direction, values):
    """The rank, from 1, of the value at a place (VECTOR RANK)."""
    return _rank(direction, values, int(place)) + 1.0
