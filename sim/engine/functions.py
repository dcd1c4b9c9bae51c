"""Vensim's built-in functions over arrays of members.

Each takes arrays or numbers that broadcast against each other and writes into `out` where one
is given. Definitions: the Vensim reference manual, entry of the same name; where the manual
leaves the rounding of time open, the choice is the one that PySD makes, so that both agree.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Value = Any  # a float or an array of float or bool, shaped (members,) or ()
Out = NDArray[Any] | None

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


def xidz(numerator: Value, denominator: Value, otherwise: Value, out: Out = None) -> Value:
    """The quotient, or `otherwise` where the denominator is zero (XIDZ)."""
    zero = np.abs(denominator) < SMALL
    quotient = np.divide(numerator, np.where(zero, 1.0, denominator))
    return select(zero, otherwise, quotient, out)


def zidz(numerator: Value, denominator: Value, out: Out = None) -> Value:
    """The quotient, or zero where the denominator is zero (ZIDZ)."""
    return xidz(numerator, denominator, 0.0, out)


def step(height: Value, start: Value, t: float, dt: float, out: Out = None) -> Value:
    """`height` from `start` on, zero before (STEP)."""
    return np.multiply(height, np.greater(t + dt / 2, start), out=out)


def ramp(slope: Value, start: Value, finish: Value, t: float, out: Out = None) -> Value:
    """What a slope has piled up between `start` and `finish` (RAMP)."""
    height = np.multiply(slope, np.subtract(np.minimum(t, finish), start))
    return np.multiply(height, np.greater(t + SMALL, start), out=out)


def pulse(start: Value, width: Value, t: float, dt: float, out: Out = None) -> Value:
    """One from `start` for `width`; a width of zero is one step (PULSE).

    PySD never lets a pulse of zero width begin; the manual does, and so do we.
    """
    after = np.greater_equal(t + SMALL, start)
    before = np.less(t, np.add(start, np.maximum(width, dt / 2)))
    return np.multiply(after, np.multiply(before, 1.0), out=out)


def pulse_train(
    start: Value, interval: Value, width: Value, end: Value, t: float, dt: float, out: Out = None
) -> Value:
    """One for `width` at the start of every `interval`, from `start` until `end` (PULSE TRAIN).

    The arguments stand in the order in which PySD's parser hands them over.
    """
    phase = np.mod(np.subtract(t + SMALL, start), interval)
    inside = np.less(phase, np.maximum(width, dt / 2))
    on = np.logical_and(np.less_equal(start, t), np.less(t, end))
    return np.multiply(np.multiply(inside, 1.0), on, out=out)


def quantum(x: Value, size: Value, out: Out = None) -> Value:
    """The multiple of `size` next to x towards zero (QUANTUM); x where size is not positive."""
    positive = np.greater(size, 0.0)
    whole = np.multiply(np.trunc(np.divide(x, np.where(positive, size, 1.0))), size)
    return select(positive, whole, x, out)


def logarithm(x: Value, base: Value, out: Out = None) -> Value:
    """The logarithm of x to a base (LOG)."""
    return np.divide(np.log(x), np.log(base), out=out)


def lookup(x: Value, xs: NDArray[np.float64], ys: NDArray[np.float64], out: Out = None) -> Value:
    """The table (xs, ys) at x: linear between its points, flat outside."""
    value = np.interp(x, xs, ys)
    if out is None:
        return value
    np.copyto(out, value)
    return out


class Pipe:
    """What DELAY FIXED holds: the inputs of the last steps, as many as the delay has.

    The delay is rounded to whole steps, at least one, once at the start. `times` is the grid on
    which the model is evaluated: every step, or every half step.
    """

    def __init__(self, delay: Value, dt: float, start: Value, members: int, times: Value) -> None:
        steps = np.floor(np.maximum(np.asarray(delay) / dt, 1.0) + 0.5 + SMALL).astype(int)
        self.steps = int(steps) if steps.ndim == 0 else steps
        self.held = np.empty((int(np.max(steps)), members))
        self.held[:] = start
        self.members = np.arange(members)
        self.per_step = round(dt / (times[1] - times[0])) if len(times) > 1 else 1

    def read(self, k: int) -> Value:
        """What comes out at grid point k."""
        row = (k // self.per_step - self.steps) % len(self.held)
        if isinstance(self.steps, int):
            return self.held[row].copy()
        return self.held[row, self.members]

    def write(self, step: int, value: Value) -> None:
        """Takes in the input of a step."""
        self.held[step % len(self.held)] = value


class Builtin(NamedTuple):
    """A function that expressions may call: its name in compiled source, and how to call it.

    `clock` names what is handed over after the arguments: the time `t`, the step `dt`.
    """

    symbol: str
    call: Callable[..., Value]
    arity: int
    clock: tuple[str, ...] = ()
    truth: bool = False


BUILTINS = {
    "add": Builtin("ADD", np.add, 2),
    "subtract": Builtin("SUBTRACT", np.subtract, 2),
    "multiply": Builtin("MULTIPLY", np.multiply, 2),
    "divide": Builtin("DIVIDE", np.divide, 2),
    "power": Builtin("POWER", np.power, 2),
    "negative": Builtin("NEGATIVE", np.negative, 1),
    "less": Builtin("LESS", np.less, 2, truth=True),
    "less_equal": Builtin("LESS_EQUAL", np.less_equal, 2, truth=True),
    "greater": Builtin("GREATER", np.greater, 2, truth=True),
    "greater_equal": Builtin("GREATER_EQUAL", np.greater_equal, 2, truth=True),
    "equal": Builtin("EQUAL", np.equal, 2, truth=True),
    "not_equal": Builtin("NOT_EQUAL", np.not_equal, 2, truth=True),
    "and": Builtin("AND", np.logical_and, 2, truth=True),
    "or": Builtin("OR", np.logical_or, 2, truth=True),
    "not": Builtin("NOT", np.logical_not, 1, truth=True),
    "min": Builtin("MIN", np.minimum, 2),
    "max": Builtin("MAX", np.maximum, 2),
    "exp": Builtin("EXP", np.exp, 1),
    "ln": Builtin("LN", np.log, 1),
    "square": Builtin("SQUARE", np.square, 1),
    "sqrt": Builtin("SQRT", np.sqrt, 1),
    "abs": Builtin("ABS", np.abs, 1),
    "integer": Builtin("INTEGER", np.trunc, 1),
    "modulo": Builtin("MODULO", np.mod, 2),
    "quantum": Builtin("QUANTUM", quantum, 2),
    "log": Builtin("LOG", logarithm, 2),
    "sin": Builtin("SIN", np.sin, 1),
    "cos": Builtin("COS", np.cos, 1),
    "tan": Builtin("TAN", np.tan, 1),
    "arcsin": Builtin("ARCSIN", np.arcsin, 1),
    "arccos": Builtin("ARCCOS", np.arccos, 1),
    "arctan": Builtin("ARCTAN", np.arctan, 1),
    "sinh": Builtin("SINH", np.sinh, 1),
    "cosh": Builtin("COSH", np.cosh, 1),
    "tanh": Builtin("TANH", np.tanh, 1),
    "if_then_else": Builtin("SELECT", select, 3),
    "xidz": Builtin("XIDZ", xidz, 3),
    "zidz": Builtin("ZIDZ", zidz, 2),
    "step": Builtin("STEP", step, 2, clock=("t", "dt")),
    "ramp": Builtin("RAMP", ramp, 3, clock=("t",)),
    "pulse_train": Builtin("PULSE_TRAIN", pulse_train, 4, clock=("t", "dt")),
    "pulse": Builtin("PULSE", pulse, 2, clock=("t", "dt")),
}
