"""Twins: worlds whose parameters are known, calibrated on what they show, as a test of the method.

Simulation-based calibration (Talts et al. 2018, arXiv:1804.06788): where prior, likelihood and
sampler fit together, the rank of the true parameter among the draws of its posterior is uniform,
and an interval of 90 % holds it 90 % of the time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.analysis.evidence import Evidence, Floats
from sim.analysis.importance import importance_sample, linear_start
from sim.analysis.particles import sample_posterior
from sim.ensemble.sampling import generator

Shown = Callable[[Floats], Floats]
"""(parameters, members) standard normal → (observations, members)."""
Sampler = Callable[[Shown, Evidence, int], Floats]
"""(what worlds show, what was observed, seed) → draws of the posterior (parameters, draws)."""
DRAWS = 99
"""Draws of a posterior that a rank is counted among: ranks run from 0 to 99."""
BINS = 10


@dataclass(frozen=True)
class Twins:
    """ranks: (twins, parameters), 0 … DRAWS. inside: whether the 90 % interval holds the truth."""

    ranks: NDArray[np.int_]
    inside: NDArray[np.bool_]

    @property
    def coverage(self) -> float:
        """The share of parameters, over all twins, that their 90 % interval holds."""
        return float(self.inside.mean())

    def uniformity(self) -> Floats:
        """The probability, by parameter, of ranks as uneven as these if all is well.

        Pearson's test over ten bins; (parameters,).
        """
        expected = len(self.ranks) / BINS
        bins = self.ranks * BINS // (DRAWS + 1)
        counts = np.stack([(bins == place).sum(axis=0) for place in range(BINS)])
        statistic = ((counts - expected) ** 2 / expected).sum(axis=0)
        return np.asarray(special.chdtrc(BINS - 1, statistic))


def calibrate_twins(
    shown: Shown, evidence: Evidence, parameters: int, twins: Sequence[int], sampler: Sampler
) -> Twins:
    """Worlds of the prior by their numbers, each calibrated by `sampler` on its own observations.

    A twin depends on its number alone. `evidence` says which errors observations have; its values
    are replaced by each twin's.
    """
    factor = np.linalg.cholesky(evidence.covariance)
    ranks, inside = [], []
    for twin in twins:
        rng = generator(twin, "twin")
        truth = rng.standard_normal((parameters, 1))
        observed = shown(truth)[:, 0] + factor @ rng.standard_normal(len(factor))
        found = sampler(shown, replace(evidence, values=observed), twin)
        chosen = rng.choice(found.shape[1], DRAWS, replace=False)
        ranks.append((found[:, chosen] < truth).sum(axis=1))
        low, high = np.quantile(found, (0.05, 0.95), axis=1)
        inside.append((low <= truth[:, 0]) & (truth[:, 0] <= high))
    return Twins(np.array(ranks), np.array(inside))


def by_particles(shown: Shown, evidence: Evidence, seed: int, size: int, members: int) -> Floats:
    """Draws as `sim calibrate method=particles` takes them, of `size` parameters."""
    return sample_posterior(_likelihood(shown, evidence), size, members, seed).positions


def by_importance(shown: Shown, evidence: Evidence, seed: int, size: int, members: int) -> Floats:
    """Draws as `sim calibrate` takes them, and `sim assess` where it calibrates anew."""
    start = linear_start(shown, evidence, size, seed)
    return importance_sample(start, _likelihood(shown, evidence), members, seed).equal(seed)


def _likelihood(shown: Shown, evidence: Evidence) -> Callable[[Floats], Floats]:
    return lambda positions: evidence.log_likelihood(shown(positions))
