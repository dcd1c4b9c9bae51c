"""Vensim's random functions: what a number between 0 and 1 becomes under each distribution.

Each takes the number u first and cuts its distribution off at `low` and `high` (Vensim reference
manual, RANDOM …: values outside are drawn anew, which is the distribution between the limits).
`shift` and `stretch` move and widen a standard distribution. Where u comes from: `Model.noises`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

Value = Any


def _between(
    cdf: Callable[[Value], Value], ppf: Callable[[Value], Value], u: Value, low: Value, high: Value
) -> Value:
    """The quantile u of a continuous distribution cut off at `low` and `high`."""
    first, last = cdf(np.asarray(low, dtype=float)), cdf(np.asarray(high, dtype=float))
    return np.clip(ppf(first + u * (last - first)), low, high)


def _whole(cdf: Callable[[Value], Value], u: Value, low: Value, high: Value, most: Value) -> Value:
    """The smallest whole number from `low` to `high` at which the cumulated share reaches u; found
    by halving, since the inverses of SciPy round."""
    least = np.maximum(np.ceil(low), 0.0)
    below = np.where(least > 0, cdf(np.maximum(least - 1, 0)), 0.0)
    greatest = np.minimum(np.floor(high), most)
    wanted = below + u * (cdf(greatest) - below)
    left, right = np.broadcast_arrays(least + 0.0 * wanted, greatest + 0.0 * wanted)
    for _ in range(64):
        middle = np.floor((left + right) / 2)
        enough = cdf(middle) >= wanted
        left, right = np.where(enough, left, middle + 1), np.where(enough, middle, right)
        left = np.minimum(left, right)
    return right


def uniform(u: Value, low: Value, high: Value) -> Value:
    """RANDOM UNIFORM; RANDOM 0 1 from 0 to 1."""
    return low + u * (np.asarray(high) - low)


def normal(u: Value, low: Value, high: Value, mean: Value, sd: Value) -> Value:
    """RANDOM NORMAL."""
    from scipy.special import ndtr, ndtri  # 0.1 s: only for models that draw

    return _between(lambda x: ndtr((x - mean) / sd), lambda p: mean + sd * ndtri(p), u, low, high)


def exponential(u: Value, low: Value, high: Value, shift: Value, stretch: Value) -> Value:
    """RANDOM EXPONENTIAL: of mean 1, stretched and shifted."""
    return _between(
        lambda x: -np.expm1(-np.maximum((x - shift) / stretch, 0.0)),
        lambda p: shift - stretch * np.log1p(-p),
        u,
        low,
        high,
    )


def triangular(u: Value, low: Value, high: Value, start: Value, peak: Value, stop: Value) -> Value:
    """RANDOM TRIANGULAR (Evans, Hastings, Peacock 2000, ch. 40)."""
    wide, left, right = stop - start, peak - start, stop - peak

    def cdf(x: Value) -> Value:
        x = np.clip(x, start, stop)
        return np.where(
            x < peak, (x - start) ** 2 / (wide * left), 1 - (stop - x) ** 2 / (wide * right)
        )

    def ppf(p: Value) -> Value:
        return np.where(
            p < left / wide,
            start + np.sqrt(p * wide * left),
            stop - np.sqrt((1 - p) * wide * right),
        )

    return _between(cdf, ppf, u, low, high)


def weibull(u: Value, low: Value, high: Value, shape: Value, shift: Value, stretch: Value) -> Value:
    """RANDOM WEIBULL: of scale 1, stretched and shifted."""
    return _between(
        lambda x: -np.expm1(-(np.maximum((x - shift) / stretch, 0.0) ** shape)),
        lambda p: shift + stretch * (-np.log1p(-p)) ** (1.0 / shape),
        u,
        low,
        high,
    )


def gamma(u: Value, low: Value, high: Value, order: Value, shift: Value, stretch: Value) -> Value:
    """RANDOM GAMMA: of scale 1, stretched and shifted."""
    from scipy.special import gammainc, gammaincinv

    return _between(
        lambda x: gammainc(order, np.maximum((x - shift) / stretch, 0.0)),
        lambda p: shift + stretch * gammaincinv(order, p),
        u,
        low,
        high,
    )


def beta(
    u: Value, low: Value, high: Value, a: Value, b: Value, shift: Value, stretch: Value
) -> Value:
    """RANDOM BETA: from 0 to 1, stretched and shifted."""
    from scipy.special import betainc, betaincinv

    return _between(
        lambda x: betainc(a, b, np.clip((x - shift) / stretch, 0.0, 1.0)),
        lambda p: shift + stretch * betaincinv(a, b, p),
        u,
        low,
        high,
    )


def poisson(u: Value, low: Value, high: Value, mean: Value, shift: Value, stretch: Value) -> Value:
    """RANDOM POISSON: a number of events, stretched and shifted."""
    from scipy.special import pdtr

    far = np.asarray(mean) + 40.0 * np.sqrt(np.asarray(mean) + 1.0) + 40.0
    limits = (np.asarray(low) - shift) / stretch, (np.asarray(high) - shift) / stretch
    return shift + stretch * _whole(lambda k: pdtr(k, mean), u, *limits, far)


def binomial(
    u: Value, low: Value, high: Value, share: Value, trials: Value, shift: Value, stretch: Value
) -> Value:
    """RANDOM BINOMIAL: a number of successes, stretched and shifted."""
    from scipy.special import bdtr

    limits = (np.asarray(low) - shift) / stretch, (np.asarray(high) - shift) / stretch
    return shift + stretch * _whole(
        lambda k: bdtr(k, np.asarray(trials, dtype=int), share), u, *limits, np.asarray(trials)
    )


def negative_binomial(
    u: Value, low: Value, high: Value, share: Value, wanted: Value, shift: Value, stretch: Value
) -> Value:
    """RANDOM NEGATIVE BINOMIAL: the number of trials until so many are successes, stretched and
    shifted."""
    from scipy.special import betainc

    share, wanted = np.asarray(share), np.asarray(wanted)
    far = wanted / share + 40.0 * np.sqrt(wanted * (1.0 - share)) / share + 40.0
    limits = (np.asarray(low) - shift) / stretch, (np.asarray(high) - shift) / stretch

    def cdf(trials: Value) -> Value:
        failures = np.maximum(trials - wanted, 0.0)
        return np.where(trials < wanted, 0.0, betainc(wanted, failures + 1.0, share))

    return shift + stretch * _whole(cdf, u, *limits, far)


VARIATES: dict[str, tuple[Callable[..., Value], int]] = {
    "random_uniform": (uniform, 3),
    "random_normal": (normal, 5),
    "random_exponential": (exponential, 5),
    "random_triangular": (triangular, 6),
    "random_weibull": (weibull, 6),
    "random_gamma": (gamma, 6),
    "random_beta": (beta, 7),
    "random_poisson": (poisson, 6),
    "random_binomial": (binomial, 7),
    "random_negative_binomial": (negative_binomial, 7),
}
"""By the name of the function: what it computes, and of how many numbers, u among them. Called
with the seed in the place of u, at the end."""
