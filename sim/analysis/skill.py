"""How good a forecast was: coverage of its bands, CRPS, and the Brier score of events."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def crps(forecast: Floats, observed: float, weights: Floats | None = None) -> float:
    """The continuous ranked probability score of draws (members,), in the unit of the observation.

    E|X - y| - E|X - X'| / 2, smaller is better; for a single value it is the absolute error.
    Gneiting, Raftery (2007), 10.1198/016214506000001437, eq. 21; here for weighted draws.
    """
    order = np.argsort(forecast)
    values = forecast[order]
    own = np.full(len(values), 1.0 / len(values)) if weights is None else weights[order]
    below = np.cumsum(own) - own / 2  # the share of worlds below each, itself counted half
    spread = 2.0 * float(np.sum(own * values * (2.0 * below - 1.0)))
    return float(np.sum(own * np.abs(values - observed))) - spread / 2.0


def inside(forecast: Floats, observed: float, share: float, weights: Floats | None = None) -> bool:
    """Whether the central band that holds `share` of the draws holds the observation."""
    low, high = quantiles(forecast, ((1 - share) / 2, (1 + share) / 2), weights)
    return bool(low <= observed <= high)


def brier(probability: Floats, happened: Floats) -> float:
    """The mean square of probability less outcome (Brier 1950): 0 is perfect, 0.25 is a coin."""
    return float(np.mean((probability - happened) ** 2))


def quantiles(values: Floats, at: tuple[float, ...], weights: Floats | None = None) -> Floats:
    """The quantiles of draws that do not all count the same: the value at which their weights
    add up to each of `at`, between the middles of neighbouring weights."""
    if weights is None:
        return np.quantile(values, at)
    order = np.argsort(values)
    reached = np.cumsum(weights[order]) - weights[order] / 2
    return np.interp(at, reached / weights.sum(), values[order])
