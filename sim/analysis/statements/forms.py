"""Forms that statements take, of variables by name."""

from collections.abc import Callable, Sequence

import numpy as np

from sim.analysis.reality import Bools, Floats, World

EXACT = 1e-9
"""Relative: what rounding leaves of an equality."""
SIGNED_STOCKS = (
    *("coal_price_deviation", "methane_price_deviation", "yield_weather"),
    "perceived_methane_cash_flow",
)
"""Stocks that may be negative: logarithms, and what may be lost; not amounts."""

Holds = Callable[[World], Bools]


def close(one: Floats, other: Floats) -> Bools:
    """Equal but for rounding; never where one is not a number."""
    size = np.maximum(np.maximum(np.abs(one), np.abs(other)), 1e-12)
    held: Bools = np.abs(one - other) <= EXACT * size
    return held


def not_above(one: Floats, other: Floats) -> Bools:
    """At most, but for rounding; never where one is not a number."""
    held: Bools = one <= other + EXACT * np.maximum(np.abs(other), 1e-6)
    return held


def every(held: Sequence[Bools]) -> Bools:
    """Where all hold."""
    both: Bools = np.all(np.broadcast_arrays(*held), axis=0)
    return both


def sums(whole: str, *parts: str) -> Holds:
    """A whole is the sum of its parts."""
    return lambda w: close(w[whole], np.sum(np.broadcast_arrays(*(w[p] for p in parts)), axis=0))


def limited(name: str, *limits: str) -> Holds:
    """A variable is at most each of its limits."""

    def holds(w: World) -> Bools:
        return every([not_above(w[name], w[limit]) for limit in limits])

    return holds


def between(low: float, high: float, *names: str) -> Holds:
    """Variables stay between two numbers."""
    return lambda w: every([(w[name] >= low - EXACT) & (w[name] <= high + EXACT) for name in names])


def never_rises(name: str, since: float = 2015) -> Holds:
    """A variable does not rise from one saved time to the next, from a year on."""
    return lambda w: not_above(_after(w, name, since)[:, 1:], _after(w, name, since)[:, :-1])


def never_falls(name: str) -> Holds:
    """A variable does not fall from one saved time to the next."""
    return lambda w: not_above(w[name][:, :-1], w[name][:, 1:])


def nothing(name: str, since: float = 2015, most: float = 1e-9) -> Holds:
    """A variable is zero (or next to it) from a year on."""
    return lambda w: np.abs(_after(w, name, since)) <= most


def below_baseline(name: str, since: float, share: float = 1.0) -> Holds:
    """A variable is at most a share of what it is in the baseline, from a year on."""
    return lambda w: not_above(_after(w, name, since), share * w.base[name][:, w.times >= since])


def above_baseline(name: str, since: float) -> Holds:
    """A variable is at least what it is in the baseline, from a year on."""
    return lambda w: not_above(w.base[name][:, w.times >= since], _after(w, name, since))


def unmoved(name: str, year: float) -> Holds:
    """In one year a variable is what it is in the baseline."""
    return lambda w: close(w.at(name, year), w.base[name][:, w.times == year])


def accumulates(stock: Callable[[World], Floats], rate: Callable[[World], Floats]) -> Holds:
    """A stock changes at each step by the rate of its flows, and by nothing else (Euler)."""

    def holds(w: World) -> Bools:
        level, flow = stock(w), np.broadcast_to(rate(w), stock(w).shape)
        return close(level[:, 1:], level[:, :-1] + w.dt * flow[:, :-1])

    return holds


def _after(w: World, name: str, since: float) -> Floats:
    return w[name][:, w.times >= since]


def all_finite(w: World) -> Bools:
    """Every variable is a finite number at all times."""
    shape = w[w.stocks[0]].shape
    return every([np.broadcast_to(np.isfinite(v), shape) for v in w.runs.values()])


def no_stock_negative(w: World) -> Bools:
    """Every stock that is an amount is at least zero."""
    amounts = [w[name] >= 0 for name in w.stocks if name not in SIGNED_STOCKS]
    return every(amounts)


def product(whole: str, *factors: str) -> Holds:
    """A variable is the product of others."""
    return lambda w: close(w[whole], np.prod(np.broadcast_arrays(*(w[f] for f in factors)), axis=0))


def falls_between(name: str, year: float, later: float, share: float) -> Holds:
    """In a later year a variable is at most a share of what it is in a year."""
    return lambda w: not_above(w.at(name, later), share * w.at(name, year))


def within_baseline(name: str, year: float, share: float) -> Holds:
    """In one year a variable is within a share of what it is in the baseline."""

    def holds(w: World) -> Bools:
        held: Bools = np.abs(w.at(name, year) / w.base[name][:, w.times == year] - 1) <= share
        return held

    return holds
