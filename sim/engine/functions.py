"""Vensim's built-in functions over arrays of members.

Each takes arrays or numbers that broadcast against each other and writes into `out` where one
is given. Definitions: the Vensim reference manual, entry of the same name; where the manual
leaves the rounding of time open, the choice is the one that PySD makes, so that both agree.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from sim.engine.formulas import Formula
from sim.engine.tables import Even, even_table, rises
from sim.engine.variates import VARIATES

Value = Any  # a float or an array of float or bool, shaped (members,) or ()
Out = NDArray[Any] | None

TINY = 1e-9
"""How near a time must be to a point of a table to stand on it."""

SMALL = 1e-6
"""What XIDZ and ZIDZ take for zero (Vensim reference manual, XIDZ)."""


def select(condition: Value, yes: Value, no: Value, out: Out = None) -> Value:
    """`yes` where the condition holds, else `no` (IF THEN ELSE)."""
    if out is None:
        return np.where(condition, yes, no)
    if out is yes:
        np.copyto(out, no, where=np.logical_not(condition))
    else:
        # three passes of copyto cost half of one np.where
        chosen = np.asarray(condition, dtype=bool)
        np.copyto(out, no)
        np.copyto(out, yes, where=chosen)
    return out


def number(truth: Value, out: Out = None) -> Value:
    """One where the condition holds, else zero."""
    return np.multiply(truth, 1.0, out=out)


def gamma_ln(x: Value, out: Out = None) -> Value:
    """The logarithm of the gamma function (GAMMA LN)."""
    from scipy.special import gammaln  # 0.1 s: only for models that ask for it

    return _into(out, gammaln(x))


def lookup(x: Value, xs: NDArray[np.float64], ys: NDArray[np.float64], out: Out = None) -> Value:
    """The table (xs, ys) at x: linear between its points, flat outside."""
    value = np.interp(x, xs, ys)
    if out is None:
        return value
    np.copyto(out, value)
    return out


def reader(
    xs: NDArray[np.float64], ys: NDArray[np.float64], exact: bool = False
) -> Callable[..., Value]:
    """A function of members and `out` that reads a table as `lookup` does: one whose points lie
    evenly to some ulps, by computing the interval; `exact`, a short one to the last bit, by
    counting the points that are not above x. Either takes less time than a search."""
    if exact:
        return _counting(xs, ys)
    even = even_table(tuple(zip(xs.tolist(), ys.tolist(), strict=True)))
    assert even is not None
    numbers = (even.origin, even.per, even.last)
    origin, per, last = map(np.array, numbers)
    least, base, rise = np.array(0.0), even.base, even.rise

    def read(x: NDArray[np.float64], out: NDArray[np.float64]) -> Value:
        if len(x) <= FEW:
            out[:] = [_read_one(one, even) for one in x.tolist()]
            return out
        place = x * per if not even.origin else (x - origin) * per
        place.clip(least, last, out=place)
        interval = place.astype(np.intp)  # of what is no number any, which "clip" brings back
        rise.take(interval, out=out, mode="clip")
        np.multiply(out, place, out=out)
        base.take(interval, out=place, mode="clip")
        return np.add(out, place, out=out)

    return read


def _counting(xs: NDArray[np.float64], ys: NDArray[np.float64]) -> Callable[..., Value]:
    slopes = rises(xs, ys)
    first, last, points = np.array(xs[0]), np.array(xs[-1]), [np.array(x) for x in xs[1:]]

    def read(x: NDArray[np.float64], out: NDArray[np.float64]) -> Value:
        if len(x) <= FEW:
            return lookup(x, xs, ys, out)
        inside = x.clip(first, last)
        counted, behind = np.zeros(len(x), dtype=np.uint8), np.empty(len(x), dtype=bool)
        for point in points:
            np.greater_equal(inside, point, out=behind)
            np.add(counted, behind.view(np.uint8), out=counted)
        interval = counted.astype(np.intp)
        start = xs.take(interval, mode="clip")
        np.subtract(inside, start, out=inside)
        slopes.take(interval, out=out, mode="clip")
        np.multiply(out, inside, out=out)
        ys.take(interval, out=start, mode="clip")
        return np.add(out, start, out=out)

    return read


FEW = 4
"""Members that are read one by one in less time than together."""


def _read_one(x: float, even: Even) -> float:
    """The same for one member, to the bit."""
    place = min(max((x - even.origin) * even.per, 0.0), even.last) if x == x else x
    interval = int(place) if x == x else 0
    return float(even.base[interval] + even.rise[interval] * place)


def each(values: Value, times: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """The numbers of a row, one for each time, as arrays of no dimension; a number stands for all,
    as that of an ACTIVE INITIAL does which does not change after the start."""
    return [np.asarray(value) for value in np.broadcast_to(values, times.shape)]


def lookup_extrapolate(
    x: Value, xs: NDArray[np.float64], ys: NDArray[np.float64], out: Out = None
) -> Value:
    """The table at x, its first and last line carried on outside (LOOKUP EXTRAPOLATE)."""
    right = np.clip(np.searchsorted(xs, x), 1, len(xs) - 1)
    left = right - 1
    slope = (ys[right] - ys[left]) / (xs[right] - xs[left])
    return _into(out, ys[left] + slope * (np.asarray(x) - xs[left]))


def lookup_forward(
    x: Value, xs: NDArray[np.float64], ys: NDArray[np.float64], out: Out = None
) -> Value:
    """The value at the next point of the table (LOOKUP FORWARD, :LOOK FORWARD:)."""
    place = np.searchsorted(xs, np.asarray(x) - TINY, side="left")
    return _into(out, ys[np.minimum(place, len(xs) - 1)])


def lookup_backward(
    x: Value, xs: NDArray[np.float64], ys: NDArray[np.float64], out: Out = None
) -> Value:
    """The value at the last point of the table (LOOKUP BACKWARD, :HOLD BACKWARD:)."""
    place = np.searchsorted(xs, np.asarray(x) + TINY, side="right") - 1
    return _into(out, ys[np.maximum(place, 0)])


def lookup_raw(
    x: Value, xs: NDArray[np.float64], ys: NDArray[np.float64], out: Out = None
) -> Value:
    """The value at a point of the table, elsewhere none (:RAW:)."""
    held = lookup_backward(x, xs, ys)
    there = np.abs(lookup_backward(x, xs, xs) - x) <= TINY
    return _into(out, np.where(there, held, np.nan))


def lookup_invert(
    y: Value, xs: NDArray[np.float64], ys: NDArray[np.float64], out: Out = None
) -> Value:
    """Where a rising or falling table has the value y (LOOKUP INVERT)."""
    order = slice(None) if ys[-1] >= ys[0] else slice(None, None, -1)
    return lookup(y, ys[order], xs[order], out)


LOOKUPS: dict[str, Callable[..., Value]] = {
    "interpolate": lookup,
    "near": lookup,
    "extrapolate": lookup_extrapolate,
    "forward": lookup_forward,
    "backward": lookup_backward,
    "raw": lookup_raw,
    "invert": lookup_invert,
}
"""The ways of reading a table; `near` is `interpolate` where the last bits do not matter."""


def aligned(*shape: int) -> NDArray[np.float64]:
    """Room for numbers from the start of a cache line on: NumPy reads and writes it a few per cent
    faster, since no vector of the processor lies across two lines."""
    count = math.prod(shape)
    room = np.empty(count + LINE)
    first = -(room.ctypes.data // room.itemsize) % LINE
    return room[first : first + count].reshape(shape)


LINE = 8
"""Numbers in a cache line."""


def mover(lengths: NDArray[np.float64]) -> Callable[[Value, Value, int, float], Any]:
    """What moves a stock in place: `move(flow, stock, members, length)` adds the flow times the
    length of a step, in one pass where all `lengths` are powers of two (BLAS's axpy, Lawson et al.
    1979, doi:10.1145/355841.355847).

    Such a product is exact. Of others axpy rounds some together with the sum and some before it,
    depending on the processor and on where in a block a member lies.
    """
    if np.all(np.frexp(lengths)[0] == 0.5):
        from scipy.linalg.blas import daxpy  # takes a moment: only where it is used

        return cast(Callable[..., Any], daxpy)

    def move(flow: Value, stock: Value, members: int, length: float) -> None:
        np.add(stock, flow * length, out=stock)

    return move


def rows(length: int, values: Sequence[Value]) -> NDArray[np.float64]:
    """Values, each a number or an array (length,), as the rows of one array."""
    whole = np.empty((len(values), length))
    for row, value in zip(whole, values, strict=True):
        row[:] = value
    return whole


def _into(out: Out, value: Value) -> Value:
    """The value, in `out` where one is given."""
    if out is None:
        return value
    np.copyto(out, value)
    return out


def _stacked(values: tuple[Value, ...]) -> NDArray[np.float64]:
    """Values that broadcast, one above the other; the first axis counts them."""
    return np.stack(np.broadcast_arrays(*(np.asarray(value, dtype=float) for value in values)))


def pick(place: Value, *values: Value, out: Out = None) -> Value:
    """The value at a place, from 0; none outside (VECTOR REORDER, VECTOR ELM MAP)."""
    place, *shaped = np.broadcast_arrays(np.asarray(place, dtype=float), *values)
    whole = np.nan_to_num(np.rint(place), nan=-1.0).astype(int)
    inside = (whole >= 0) & (whole < len(shaped))
    chosen = (
        np.choose(np.where(inside, whole, 0), shaped)
        if len(shaped) <= 32
        else (np.take_along_axis(np.stack(shaped), np.where(inside, whole, 0)[None], axis=0)[0])
    )
    return _into(out, np.where(inside, chosen, np.nan))


def sort_order(place: float, direction: Value, *values: Value, out: Out = None) -> Value:
    """Which value, from 0, comes at a place in rising order; falling where `direction` is not
    positive (VECTOR SORT ORDER)."""
    return _into(out, _order(direction, values)[int(place)])


def rank(place: float, direction: Value, *values: Value, out: Out = None) -> Value:
    """The rank, from 1, of the value at a place (VECTOR RANK)."""
    return _into(out, np.argsort(_order(direction, values), axis=0)[int(place)] + 1.0)


def _order(direction: Value, values: tuple[Value, ...]) -> NDArray[np.float64]:
    rising = np.argsort(_stacked(values), axis=0, kind="stable").astype(float)
    return np.where(np.greater(direction, 0.0), rising, rising[::-1])


def inverse(row: float, column: float, *entries: Value, out: Out = None) -> Value:
    """One entry, from 0, of the inverse of a square matrix given row by row; none where it is
    singular (INVERT MATRIX)."""
    size = math.isqrt(len(entries))
    flat = np.moveaxis(_stacked(entries), 0, -1)
    matrix = flat.reshape(*flat.shape[:-1], size, size)
    singular = ~(np.abs(np.linalg.det(matrix)) > 0.0)
    usable = np.where(singular[..., None, None], np.eye(size), matrix)
    entry = np.linalg.inv(usable)[..., int(row), int(column)]
    return _into(out, np.where(singular, np.nan, entry))


def taken(
    price: Value,
    request: Value,
    profile: Value,
    priority: Value,
    width: Value,
    extra: Value = 0.0,
    out: Out = None,
) -> Value:
    """What a target of a priority profile takes at a price (ALLOCATE AVAILABLE).

    Profiles, as Vensim numbers them: 1 rectangular, 2 triangular, 3 normal, 4 exponential.
    """
    from scipy.special import ndtr  # 0.1 s: only for models that allocate

    u = np.divide(np.subtract(price, priority), width)
    near = np.clip(u, -0.5, 0.5)
    low = np.minimum(u, 0.0)
    shares = {
        1: 0.5 - near,
        2: np.where(u < 0.0, 1.0 - 2.0 * (near + 0.5) ** 2, 2.0 * (0.5 - near) ** 2),
        3: ndtr(-u),
        4: np.where(u < 0.0, 1.0 - 0.5 * np.exp(low), 0.5 * np.exp(-np.maximum(u, 0.0))),
    }
    share = np.select([np.equal(profile, kind) for kind in shares], list(shares.values()), np.nan)
    return _into(out, np.multiply(request, share))


def clearing_price(available: Value, *targets: Value, out: Out = None) -> Value:
    """The price at which all targets together take what is available (ALLOCATE AVAILABLE).

    `targets` are request, profile, priority, width and extra of each in turn. Found by halving:
    what is taken falls with the price.
    """
    each = [targets[start : start + 5] for start in range(0, len(targets), 5)]
    reach = [40.0 * np.asarray(width) for _, _, _, width, _ in each]
    low = np.minimum.reduce([t[2] - far for t, far in zip(each, reach, strict=True)])
    high = np.maximum.reduce([t[2] + far for t, far in zip(each, reach, strict=True)])
    for _ in range(64):
        middle = (low + high) / 2.0
        total = sum(taken(middle, *target) for target in each)
        too_much = np.greater(total, available)
        low, high = np.where(too_much, middle, low), np.where(too_much, high, middle)
    return _into(out, (low + high) / 2.0)


def pipe_steps(delay: Value, dt: float, held: NDArray[np.float64]) -> Value:
    """A fixed delay in whole steps, at least one. held: the time at which each step began, for
    every point of the grid."""
    # what is not out before the run ends need not be held any longer
    longest = len(held) // points_of_step(held) + 1
    rounded = np.floor(np.asarray(delay, dtype=float) / dt + 0.5 + SMALL)
    return np.clip(np.nan_to_num(rounded, nan=1.0), 1.0, longest).astype(int)


def points_of_step(held: NDArray[np.float64]) -> int:
    """How many points of the grid each step has: all have the time at which it began."""
    return int(np.count_nonzero(held == held[0]))


class Pipe:
    """What DELAY FIXED holds: the inputs of the last steps, as many as the delay has.

    The delay is rounded to whole steps, at least one, once at the start. What comes out is the same
    at all points of the grid that a step has; `held` has the time at which it began for each.
    """

    def __init__(
        self, delay: Value, dt: float, start: Value, members: int, held: NDArray[np.float64]
    ) -> None:
        self.points = points_of_step(held)
        steps = pipe_steps(delay, dt, held)
        self.steps = int(steps) if steps.ndim == 0 else steps
        # one row more than the delay: what went in at this step covers nothing still to come out
        self.held = np.empty((int(np.max(steps)) + 1, members))
        self.held[:] = start
        self.members = np.arange(members)

    def read(self, k: int) -> Value:
        """What comes out at the k-th point of the grid."""
        row = (k // self.points - self.steps) % len(self.held)
        if isinstance(self.steps, int):
            return self.held[row].copy()
        return self.held[row, self.members]

    def write(self, step: int, value: Value) -> None:
        """Takes in the input of a step."""
        self.held[step % len(self.held)] = value


ANY = -1


class Builtin(NamedTuple):
    """A function that expressions may call: its name in compiled source, and how to call it.

    `call` takes arrays; `one` is the value of one member in restricted Python, with {0}, {1}
    for the arguments: operators, and functions of `scalars`. What has a `formula` needs neither: it
    is computed from the functions that the formula names. What has no `one` runs in NumPy alone.
    `clock` names what is handed over after the arguments: the time `t`, the step `dt`.
    An `arity` of ANY takes as many arguments as are given. The result may be a truth, and
    `truths` says which arguments are.
    """

    symbol: str
    call: Callable[..., Value]
    arity: int
    clock: tuple[str, ...] = ()
    truth: bool = False
    one: str = ""
    truths: tuple[int, ...] = ()
    formula: Formula | None = None


def _derived(symbol: str, parameters: str, text: str) -> Builtin:
    formula = Formula(parameters, text, SMALL=SMALL, TINY=TINY)
    calls = {name: builtin.call for name, builtin in PRIMITIVE.items()}
    arity = len(formula.parameters)
    return Builtin(symbol, formula.over(calls), arity, formula.clock, formula=formula)


def _compared(symbol: str, call: Callable[..., Value], sign: str) -> Builtin:
    return Builtin(symbol, call, 2, truth=True, one=f"{{0}} {sign} {{1}}")


def _of_one(symbol: str, call: Callable[..., Value], name: str = "") -> Builtin:
    return Builtin(symbol, call, 1, one=f"{name or symbol.lower()}({{0}})")


def _drawn(name: str, call: Callable[..., Value], arity: int) -> Builtin:
    def drawn(*arguments: Value, out: Out = None) -> Value:
        return _into(out, call(*arguments))

    return Builtin(name.upper(), drawn, arity)


PRIMITIVE = {
    "add": Builtin("ADD", np.add, 2, one="{0} + {1}"),
    "subtract": Builtin("SUBTRACT", np.subtract, 2, one="{0} - {1}"),
    "multiply": Builtin("MULTIPLY", np.multiply, 2, one="{0} * {1}"),
    "divide": Builtin("DIVIDE", np.divide, 2, one="{0} / {1}"),
    "power": Builtin("POWER", np.power, 2, one="power({0}, {1})"),
    "negative": Builtin("NEGATIVE", np.negative, 1, one="-{0}"),
    "less": _compared("LESS", np.less, "<"),
    "less_equal": _compared("LESS_EQUAL", np.less_equal, "<="),
    "greater": _compared("GREATER", np.greater, ">"),
    "greater_equal": _compared("GREATER_EQUAL", np.greater_equal, ">="),
    "equal": _compared("EQUAL", np.equal, "=="),
    "not_equal": _compared("NOT_EQUAL", np.not_equal, "!="),
    "and": Builtin("AND", np.logical_and, 2, (), True, "{0} & {1}", (0, 1)),
    "or": Builtin("OR", np.logical_or, 2, (), True, "{0} | {1}", (0, 1)),
    "not": Builtin("NOT", np.logical_not, 1, (), True, "not {0}", (0,)),
    "number": Builtin("NUMBER", number, 1, one="select({0}, 1.0, 0.0)", truths=(0,)),
    "min": Builtin("MIN", np.minimum, 2, one="minimum({0}, {1})"),
    "max": Builtin("MAX", np.maximum, 2, one="maximum({0}, {1})"),
    "exp": _of_one("EXP", np.exp),
    "ln": _of_one("LN", np.log, "log"),
    "square": _of_one("SQUARE", np.square),
    "sqrt": _of_one("SQRT", np.sqrt),
    "abs": _of_one("ABS", np.abs, "fabs"),
    "integer": _of_one("INTEGER", np.trunc, "trunc"),
    "modulo": Builtin("MODULO", np.mod, 2, one="modulo({0}, {1})"),
    "sin": _of_one("SIN", np.sin),
    "cos": _of_one("COS", np.cos),
    "tan": _of_one("TAN", np.tan),
    "arcsin": _of_one("ARCSIN", np.arcsin, "asin"),
    "arccos": _of_one("ARCCOS", np.arccos, "acos"),
    "arctan": _of_one("ARCTAN", np.arctan, "atan"),
    "sinh": _of_one("SINH", np.sinh),
    "cosh": _of_one("COSH", np.cosh),
    "tanh": _of_one("TANH", np.tanh),
    "gamma_ln": Builtin("GAMMA_LN", gamma_ln, 1),
    "if_then_else": Builtin("SELECT", select, 3, one="select({0}, {1}, {2})", truths=(0,)),
    "pick": Builtin("PICK", pick, ANY, one="pick({0}, {rest})"),
    "sort_order": Builtin("SORT_ORDER", sort_order, ANY, one="sort_order({0}, {1}, {rest})"),
    "rank": Builtin("RANK", rank, ANY, one="rank({0}, {1}, {rest})"),
    "inverse": Builtin("INVERSE", inverse, ANY),
    "taken": Builtin("TAKEN", taken, 6),
    "clearing_price": Builtin("CLEARING_PRICE", clearing_price, ANY),
    **{name: _drawn(name, call, arity) for name, (call, arity) in VARIATES.items()},
}
"""What every kernel computes by itself."""

DERIVED = {
    # XIDZ, ZIDZ: the quotient, or another value where the denominator is next to zero
    "xidz": _derived("XIDZ", "above below other", "other if abs(below) < SMALL else above / below"),
    "zidz": _derived("ZIDZ", "above below", "0.0 if abs(below) < SMALL else above / below"),
    "log": _derived("LOG", "x base", "ln(x) / ln(base)"),
    # the multiple of `size` next to x towards zero; x where size is not positive
    "quantum": _derived("QUANTUM", "x size", "integer(x / size) * size if size > 0 else x"),
    "step": _derived("STEP", "height start", "height * number(t + dt / 2 > start)"),
    "ramp": _derived(
        "RAMP",
        "slope start finish",
        "slope * (min(t, finish) - start) * number(t + SMALL > start)",
    ),
    # a width of zero is one step; PySD never lets such a pulse begin, the manual does
    "pulse": _derived(
        "PULSE",
        "start width",
        "number(t + SMALL >= start and t < start + max(width, dt / 2))",
    ),
    # the arguments stand in the order in which PySD's parser hands them over
    "pulse_train": _derived(
        "PULSE_TRAIN",
        "start interval width end",
        "number(modulo(t + SMALL - start, interval) < max(width, dt / 2)"
        " and (start <= t and t < end))",
    ),
    # these have no name in Vensim: whether a value lies from one to another
    "inside": _derived("INSIDE", "x low high", "low - TINY <= x and x <= high + TINY"),
    # a time, as what a table by time is read at
    "moment": _derived("MOMENT", "time", "time"),
    # whether a period of so many begins in this step, counted from a start
    "begins": _derived("BEGINS", "start length", "number(modulo(t + SMALL - start, length) < dt)"),
}
"""What is written in terms of the others."""

BUILTINS = PRIMITIVE | DERIVED
