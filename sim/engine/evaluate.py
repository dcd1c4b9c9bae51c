"""The value of an expression at one time for one member: for the clock, and while reading."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from sim.engine.functions import BUILTINS, LOOKUPS
from sim.engine.model import (
    Auxiliary,
    Call,
    Constant,
    Definition,
    Expression,
    Initial,
    Lookup,
    Number,
    Path,
    Points,
    Reference,
    Stock,
    Table,
)


class NotKnown(Exception):
    """A value that depends on more than constants and the time; holds the name."""


def value_at(
    expression: Expression,
    time: float | None,
    definition: Callable[[str], Definition | None],
    given: Mapping[str, Any] | None = None,
    start: float | None = None,
) -> float:
    """The value of an expression at `time`, from constants, tables and the time alone.

    `definition` says what a name is, `given` replaces some; with `time` None nothing may depend
    on it. At `start` stocks have their initial values. Raises NotKnown.
    """
    within: set[str] = set()

    def named(name: str) -> float:
        if name in (given or {}):
            return float((given or {})[name])
        if name == "time" and time is not None:
            return time
        if name in within:
            raise NotKnown(name)
        within.add(name)
        try:
            return defined(name, definition(name))
        finally:
            within.discard(name)

    def defined(name: str, found: Definition | None) -> float:
        match found:
            case Constant(value):
                return value
            case Path(points) if time is not None:
                return read(points, "interpolate", time)
            case Auxiliary(expression, initial):
                return of(initial if initial is not None and time == start else expression)
            case Stock(_, initial) | Initial(initial) if time is not None and time == start:
                return of(initial)
        raise NotKnown(name)

    def read(points: Points, kind: str, at: float) -> float:
        xs, ys = zip(*points, strict=True)
        return float(LOOKUPS[kind](at, np.array(xs), np.array(ys)))

    def of(expression: Expression) -> float:
        match expression:
            case Number(value):
                return value
            case Reference(name):
                return named(name)
            case Call(function, arguments):
                builtin = BUILTINS[function]
                clock = {
                    word: named("time_step" if word == "dt" else "time") for word in builtin.clock
                }
                values = [of(argument) for argument in arguments]
                return float(builtin.call(*values, *clock.values()))
            case Lookup(str(name), argument, kind):
                table = definition(name)
                if not isinstance(table, Table):
                    raise NotKnown(name)
                return read(table.points, kind, of(argument))
            case Lookup(points, argument, kind) if not isinstance(points, str):
                return read(points, kind, of(argument))
        raise NotImplementedError(type(expression).__name__)

    with np.errstate(all="ignore"):
        return of(expression)
