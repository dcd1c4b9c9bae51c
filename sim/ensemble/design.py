"""Which points of the unit cube are to be computed."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

INSIDE = 1e-9
"""How far points stay from the faces of the cube, where a quantile may be infinite."""


@dataclass(frozen=True)
class Design:
    """`size` points; `rows(start, stop)` are some of them, (stop − start, columns), in (0, 1)."""

    size: int
    rows: Callable[[int, int], Floats]


def array_design(points: Floats) -> Design:
    """The design of points that lie in memory."""
    inside = np.clip(points, INSIDE, 1 - INSIDE)
    return Design(len(points), lambda start, stop: inside[start:stop])


def latin_hypercube(columns: int, count: int, seed: int) -> Design:
    """One point in each of `count` strata of every column (McKay, Beckman, Conover 1979)."""
    from scipy.stats import qmc

    sampler = qmc.LatinHypercube(columns, rng=np.random.default_rng(seed))
    return array_design(sampler.random(count))


def sobol_points(columns: int, count: int, seed: int) -> Floats:
    """Scrambled Sobol points (Owen 1998, 10.1006/jcom.1998.0487): (count, columns)."""
    import warnings

    from scipy.stats import qmc

    with warnings.catch_warnings():  # a count that is no power of two is balanced a little less
        warnings.simplefilter("ignore", UserWarning)
        points: Floats = qmc.Sobol(columns, rng=np.random.default_rng(seed)).random(count)
        return points
