"""Shapley effects: an output's variance shared out among the factors, interactions divided fairly.

Owen (2014), 10.1137/130936233; Song, Nelson, Staum (2016), 10.1137/15M1048070; estimated by
walks from one sample to another (Goda 2021, 10.1016/j.ress.2021.107702). SALib shares out; the
walks are made here because SALib's know no groups.
"""

import numpy as np

from sim.analysis.sensitivity.estimate import Estimate, Floats
from sim.analysis.sensitivity.groups import Groups, membership
from sim.ensemble.design import Design, array_design


def design(columns: int, groups: Groups, base: int, seed: int) -> Design:
    """`base` walks from one random point to another, a group at a time, in random order."""
    rng = np.random.default_rng(seed)
    start, end = rng.random((2, base, 1, columns))
    moved = _moved(len(groups), base, seed) @ membership(columns, groups)
    return array_design(np.where(moved, end, start).reshape(-1, columns))


def _moved(count: int, base: int, seed: int) -> np.ndarray:
    """Which groups have moved after each step of each walk: (walk, step, group)."""
    order = np.random.default_rng([seed, 1]).permuted(np.tile(np.arange(count), (base, 1)), axis=1)
    turn = np.argsort(order, axis=1)  # at which step each group moves
    return np.arange(count + 1)[None, :, None] > turn[:, None, :]


def indices(outputs: Floats, groups: Groups, seed: int) -> dict[str, Estimate]:
    """`shapley`: the shares of the variance, (group, output); they sum to one.

    A walk with a failed member is left out.
    """
    from SALib.analyze import shapley

    count = len(groups)
    walks = outputs.reshape(-1, count + 1, outputs.shape[1])
    sound = np.isfinite(walks).all(axis=(1, 2))
    # SALib reads from the points only which factor moved: one coordinate per group says it
    moved = _moved(count, len(walks), seed)[sound].reshape(-1, count).astype(float)
    problem = {"num_vars": count, "names": list(groups)}
    value = np.full((count, outputs.shape[1]), np.nan)
    half = value.copy()
    for column, output in enumerate(walks[sound].reshape(-1, outputs.shape[1]).T):
        if np.ptp(output) > 0:
            one = shapley.analyze(problem, moved, output)
            value[:, column] = one["shapley_normalized"]
            half[:, column] = one["shapley_normalized_conf"]
    return {"shapley": Estimate(value, half)}
