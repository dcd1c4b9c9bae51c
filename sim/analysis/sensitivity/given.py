"""Indices from any independent sample: what of the output goes with which factor.

points: (members, factors) in the unit cube. outputs: (members, outputs). Members that failed
(NaN) are left out. Every result is (factor, output).
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.analysis.sensitivity.estimate import (
    Z975,
    Estimate,
    Floats,
    estimated,
    resampling_weights,
)

SLICES = 10
FEW_RESAMPLES = 30
"""Where a resample costs more than a product of matrices."""


def sound(points: Floats, outputs: Floats) -> tuple[Floats, Floats]:
    """The members that stayed finite in every output."""
    kept = np.isfinite(outputs).all(axis=1)
    return points[kept], outputs[kept]


def rank_correlation(points: Floats, outputs: Floats, seed: int) -> dict[str, Estimate]:
    """`prcc`: the partial rank correlation, what is left of each when all others are taken out.

    Iman, Conover (1979), 10.1080/00401706.1979.10489750; Marino et al. (2008),
    10.1016/j.jtbi.2008.04.011. From the inverse of the correlation matrix of the ranks.
    """
    from scipy.stats import rankdata

    points, outputs = sound(points, outputs)
    x, y = (rankdata(values, axis=0) for values in (points, outputs))
    weights = resampling_weights(len(x), seed)
    return {"prcc": estimated(np.stack([_partial(x, y, own) for own in weights]))}


def _partial(x: Floats, y: Floats, weights: Floats) -> Floats:
    """The partial correlation of every column of x with every column of y, the others of x given.

    With P the inverse of x's correlations and r those with y, b = P r and s = 1 − r·b, it is
    b / sqrt(b² + s diag P) (the inverse of the whole matrix, by blocks).
    """
    x, y = _standardised(x, weights), _standardised(y, weights)
    inverse = np.linalg.pinv(x.T @ x, hermitian=True)
    with_y = x.T @ y
    b = inverse @ with_y
    unexplained = 1 - (with_y * b).sum(axis=0)
    beside = np.sqrt(b**2 + np.diag(inverse)[:, None] * np.maximum(unexplained, 0))
    # what others explain whole leaves nothing to go with
    found: Floats = np.divide(b, beside, out=np.zeros_like(b), where=beside != 0)
    return found


def _standardised(values: Floats, weights: Floats) -> Floats:
    """Weighted columns whose products are correlations; NaN where a column does not vary."""
    centred = (values - weights @ values) * np.sqrt(weights)[:, None]
    length = np.sqrt((centred**2).sum(axis=0))
    found: Floats = centred / np.where(length > 1e-12, length, np.nan)
    return found


def regional(points: Floats, met: Floats, seed: int) -> dict[str, Estimate]:
    """`ks` and `shift`: how far worlds that meet a target (1) lie from worlds that miss it (0).

    `ks` is the largest distance of the two cumulative distributions of a factor (two-sample
    Kolmogorov-Smirnov; Hornberger, Spear 1981; Saltelli et al. 2008, ch. 5), `shift` how much
    higher the factor's mean quantile is where the target is met. NaN where all meet or miss it.
    """
    points, met = sound(points, met)
    weights = resampling_weights(len(points), seed, FEW_RESAMPLES)
    hit, miss = weights @ met, weights @ (1 - met)
    with np.errstate(invalid="ignore", divide="ignore"):
        signed = [
            weights * (met[:, o] / hit[:, [o]] - (1 - met[:, o]) / miss[:, [o]])
            for o in range(met.shape[1])
        ]
    order = np.argsort(points, axis=0)
    ks = [
        [np.abs(np.cumsum(one[:, order[:, f]], axis=1)).max(axis=1) for one in signed]
        for f in range(points.shape[1])
    ]
    shift = [one @ points for one in signed]
    return {
        "ks": estimated(np.moveaxis(np.array(ks), 2, 0)),
        "shift": estimated(np.moveaxis(np.array(shift), 0, 2)),
    }


def pawn(points: Floats, outputs: Floats, seed: int) -> dict[str, Estimate]:
    """`pawn`: how far the distribution of the output moves when a factor is held in a slice.

    The median over ten slices of the Kolmogorov-Smirnov distance (Pianosi, Wagener 2018,
    10.1016/j.envsoft.2018.07.019). `SALib.analyze.pawn` gives the same number (a test); one
    output and one resample at a time it takes longer than the model.
    """
    points, outputs = sound(points, outputs)
    weights = resampling_weights(len(points), seed, FEW_RESAMPLES)
    edges = np.quantile(points, np.linspace(0, 1, SLICES + 1)[1:-1], axis=0)
    slices = [np.searchsorted(edges[:, f], points[:, f], "right") for f in range(points.shape[1])]
    values = [
        np.stack([_slice_distance(order, own, weights) for own in slices], axis=1)
        for order in _orders(outputs)
    ]
    return {"pawn": estimated(np.stack(values, axis=2))}


def _orders(outputs: Floats) -> Iterator[tuple[NDArray[np.intp], NDArray[np.bool_]]]:
    """For every output the members in rising order, and where a run of equal values ends."""
    for column in outputs.T:
        order = np.argsort(column, kind="stable")
        rising = column[order]
        yield order, np.append(rising[1:] != rising[:-1], True)


def _slice_distance(
    order: tuple[NDArray[np.intp], NDArray[np.bool_]], slices: NDArray[np.intp], weights: Floats
) -> Floats:
    """The median distance over the slices in each resample: (resamples,)."""
    members, ends = order
    inside = (slices[members, None] == np.arange(SLICES)).astype(float)
    if ends.sum() == 1:
        return np.full(len(weights), np.nan)
    found = np.empty(len(weights))
    for row, own in enumerate(weights[:, members]):
        conditional = np.cumsum(own[:, None] * inside, axis=0)
        with np.errstate(invalid="ignore"):
            conditional /= conditional[-1]
        distance = np.abs(conditional - np.cumsum(own)[:, None])[ends].max(axis=0)
        found[row] = np.nanmedian(distance)
    return found


def delta(points: Floats, outputs: Floats, seed: int) -> dict[str, Estimate]:
    """`delta`: half the area between the output's density and its density given the factor.

    Borgonovo (2007), 10.1016/j.ress.2006.04.015, estimated by SALib as Plischke, Borgonovo,
    Smith (2013), 10.1016/j.ejor.2012.11.047, have it, the bias of resampling taken out (their
    equation 30). That of smoothing the densities stays: a tenth or two of a strong factor's delta
    with a thousand members (a test), more than the interval, which is that of chance.
    """
    points, outputs = sound(points, outputs)
    count, factors = points.shape
    rng = np.random.default_rng(seed)
    picks = [np.arange(count), *rng.integers(count, size=(FEW_RESAMPLES // 3, count))]
    value, half = np.full((2, factors, outputs.shape[1]), np.nan)
    for column, output in enumerate(outputs.T):
        if np.ptp(output) == 0:
            continue
        found = np.array([_deltas(points[pick], output[pick]) for pick in picks])
        value[:, column] = 2 * found[0] - found[1:].mean(axis=0)
        half[:, column] = Z975 * found[1:].std(axis=0, ddof=1)
    return {"delta": Estimate(value, half)}


def _deltas(points: Floats, output: Floats) -> Floats:
    """Delta of every factor in one sample; classes as many as Plischke et al. propose."""
    from SALib.analyze.delta import calc_delta

    count = len(output)
    exponent = 2.0 / (7.0 + np.tanh((1500.0 - count) / 500.0))
    edges = np.linspace(0, count, min(int(np.ceil(count**exponent)), 48) + 1)
    grid = np.linspace(output.min(), output.max(), 100)
    return np.array([calc_delta(output, grid, column, edges) for column in points.T])
