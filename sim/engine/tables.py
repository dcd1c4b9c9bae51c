"""Table functions whose points lie evenly: the interval is computed, and not searched for."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.model import Points

FINEST = 512
"""Intervals of an even table that stands for one whose own points lie unevenly."""

SHORT = 16
"""Points up to which counting those at or below x is faster than searching."""


class Even(NamedTuple):
    """A table read as `base + rise * place`, where `place` counts intervals from the origin.

    `per` is intervals per unit of x, `last` the number of intervals; `base` and `rise` have a
    row more than there are intervals, for what lies on or behind the last point.
    """

    origin: float
    per: float
    last: float
    base: NDArray[np.float64]
    rise: NDArray[np.float64]


@lru_cache(maxsize=4096)
def even_table(points: Points) -> Even | None:
    """The same function over even intervals, to some ulps; None where no such grid has all the
    points among its own."""
    if not _rising(points):
        return None
    xs, ys = (np.array(column, dtype=float) for column in zip(*points, strict=True))
    for parts in (1, 2, 3, 4, 5):
        per = parts / np.min(np.diff(xs))
        places = (xs - xs[0]) * per
        last = np.rint(places[-1])
        if last <= FINEST and np.abs(places - np.rint(places)).max() < 1e-13 * max(last, 8.0):
            with np.errstate(over="ignore", invalid="ignore"):
                grid = np.interp(np.arange(last + 1), np.rint(places), ys)
                rise = np.append(np.diff(grid), 0.0)
                base = grid - rise * np.arange(last + 1)
            if not np.isfinite([base, rise]).all():
                return None
            return Even(float(xs[0]), float(last / (xs[-1] - xs[0])), float(last), base, rise)
    return None


def is_short(points: Points) -> bool:
    """Whether a table may be read by counting its points."""
    return len(points) <= SHORT and _rising(points)


def _rising(points: Points) -> bool:
    xs, ys = zip(*points, strict=True)
    finite = bool(np.isfinite([xs, ys]).all())
    return len(xs) > 1 and finite and bool((np.diff(xs) > 0.0).all())


def rises(xs: NDArray[np.float64], ys: NDArray[np.float64]) -> NDArray[np.float64]:
    """The slope of each interval of a table; none behind its last point."""
    return np.append(np.diff(ys) / np.diff(xs), 0.0)
