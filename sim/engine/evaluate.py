"""The value of an expression at one time for one member: for the clock, and while reading."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.engine.functions import BUILTINS, LOOKUPS
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
    with np.errstate(all="ignore"):
        return _Moment(time, definition, given or {}, start).value(expression)


@dataclass
class _Moment:
    """Values at one time; `within` are the names whose values are being found."""

    time: float | None
    definition: Callable[[str], Definition | None]
    given: Mapping[str, Any]
    start: float | None
    within: set[str] = field(default_factory=set)

    def value(self, expression: Expression) -> float:
        match expression:
            case Number(value):
                return value
            case Reference(name):
                return self.named(name)
            case Call(function, arguments):
                builtin = BUILTINS[function]
                clock = [self.named("time_step" if c == "dt" else "time") for c in builtin.clock]
                return float(builtin.call(*map(self.value, arguments), *clock))
            case Lookup(table, argument, kind):
                return _read(self.points(table), kind, self.value(argument))
        raise NotImplementedError(type(expression).__name__)

    def named(self, name: str) -> float:
        if name in self.given:
            return float(self.given[name])
        if name in ("time", HELD.name) and self.time is not None:
            return self.time
        if name in self.within:
            raise NotKnown(name)
        self.within.add(name)
        try:
            return self.defined(name)
        finally:
            self.within.discard(name)

    def defined(self, name: str) -> float:
        starts = self.time is not None and self.time == self.start
        match self.definition(name):
            case Constant(value):
                return value
            case Path(points) if self.time is not None:
                return _read(points, "interpolate", self.time)
            case Auxiliary(_, initial) if starts and initial is not None:
                return self.value(initial)
            case Auxiliary(expression):
                return self.value(expression)
            case Stock(_, initial) | Initial(initial) | Pipeline(_, _, initial) if starts:
                return self.value(initial)
        raise NotKnown(name)

    def points(self, table: Points | str) -> Points:
        if not isinstance(table, str):
            return table
        found = self.definition(table)
        if not isinstance(found, Table):
            raise NotKnown(table)
        return found.points


def _read(points: Points, kind: str, at: float) -> float:
    xs, ys = zip(*points, strict=True)
    return float(LOOKUPS[kind](at, np.array(xs), np.array(ys)))
