"""Sobol indices: the share of an output's variance that a factor explains.

First order: alone. Total: with all its interactions. Second order: a pair together, beyond both
alone. Saltelli et al. (2010), 10.1016/j.cpc.2009.09.018; the design is theirs, the points are
SALib's order, so that `SALib.analyze.sobol` reads the same outputs (a test does).

The three formulas stand here and not in a call of SALib because its resampling of one output
takes as long as the county model; here all outputs and resamples are products of matrices.
"""

import itertools

import numpy as np
from numpy.typing import NDArray

from sim.analysis.sensitivity.estimate import Estimate, Floats, estimated, resampling_weights
from sim.analysis.sensitivity.groups import Groups, membership
from sim.ensemble.design import INSIDE, Design, sobol_points


def design(columns: int, groups: Groups, base: int, seed: int, second_order: bool) -> Design:
    """Base samples A and B, and A with the columns of one group from B, for every group.

    With `second_order` also B with the columns of one group from A. The points of one base
    sample stand together: A, A with B's …, (B with A's …,) B.
    """
    points = np.clip(sobol_points(2 * columns, base, seed), INSIDE, 1 - INSIDE)
    a, b = points[:, :columns], points[:, columns:]
    from_b = _from_b(columns, groups, second_order)
    per_sample = len(from_b)

    def rows(start: int, stop: int) -> Floats:
        sample, kind = np.divmod(np.arange(start, stop), per_sample)
        return np.where(from_b[kind], b[sample], a[sample])

    return Design(base * per_sample, rows)


def _from_b(columns: int, groups: Groups, second_order: bool) -> NDArray[np.bool_]:
    """For every point of a base sample, which columns come from B."""
    own = membership(columns, groups)
    neither, both = np.zeros((1, columns), dtype=bool), np.ones((1, columns), dtype=bool)
    return np.vstack([neither, own, ~own, both] if second_order else [neither, own, both])


def indices(outputs: Floats, groups: Groups, seed: int, second_order: bool) -> dict[str, Estimate]:
    """`total`, `first` (group, output) and `second` (group, group, output).

    outputs: (members, outputs), in the order of the design. A base sample in which some member
    failed (NaN) is left out whole.
    """
    count = len(groups)
    samples = outputs.reshape(-1, (2 * count if second_order else count) + 2, outputs.shape[1])
    samples = samples[np.isfinite(samples).all(axis=(1, 2))]
    a, b = samples[:, 0], samples[:, -1]
    centre = np.concatenate([a, b]).mean(axis=0)  # the estimators are biased far from zero
    samples = samples - centre
    a, b = samples[:, 0], samples[:, -1]
    weights = resampling_weights(len(samples), seed)
    variance = _variance(a, b, weights)
    first = np.stack([weights @ (b * (samples[:, 1 + j] - a)) for j in range(count)], axis=1)
    total = np.stack([weights @ (a - samples[:, 1 + j]) ** 2 / 2 for j in range(count)], axis=1)
    first, total = first / variance[:, None], total / variance[:, None]
    found = {"total": estimated(total), "first": estimated(first)}
    if second_order:
        found["second"] = _second(samples, count, weights, first, variance)
    return found


def _variance(a: Floats, b: Floats, weights: Floats) -> Floats:
    """The variance of each output in each resample; NaN where it is the same in all members."""
    mean = (weights @ a + weights @ b) / 2
    variance = (weights @ a**2 + weights @ b**2) / 2 - mean**2
    varies = np.ptp(np.concatenate([a, b]), axis=0) > 0
    return np.where(varies & (variance > 0), variance, np.nan)


def _second(
    samples: Floats, count: int, weights: Floats, first: Floats, variance: Floats
) -> Estimate:
    """Of every pair, what it explains beyond both alone (Saltelli 2002, 10.1016/S0010-4655(02)
    00280-1)."""
    value = np.full((count, count, samples.shape[2]), np.nan)
    half = value.copy()
    product = samples[:, 0] * samples[:, -1]
    for j, k in itertools.combinations(range(count), 2):
        pair = samples[:, 1 + count + j] * samples[:, 1 + k] - product
        beyond = estimated(weights @ pair / variance - first[:, j] - first[:, k])
        value[j, k] = value[k, j] = beyond.value
        half[j, k] = half[k, j] = beyond.half
    return Estimate(value, half)
