"""Twins: worlds whose parameters are known, calibrated on what they show, as a test of the method.

Simulation-based calibration (Talts et al. 2018, arXiv:1804.06788): where prior, likelihood and
sampler fit together, the rank of the true parameter among the draws of its posterior is uniform,
and an interval of 90 % holds it 90 % of the time.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.analysis.evidence import Evidence, Floats
from sim.analysis.particles import sample_posterior
from sim.ensemble.sampling import generator

Shown = Callable[[Floats], Floats]
"""(parameters, members) standard normal → (observations, members)."""
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
    shown: Shown,
    evidence: Evidence,
    parameters: int,
    twins: int,
    members: int,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> Twins:
    """`twins` worlds of the prior, each calibrated on its own observations with `members` draws.

    `evidence` says which errors observations have; its values are replaced by each twin's.
    """
    truths = generator(seed, "twins").standard_normal((parameters, twins))
    errors = np.linalg.cholesky(evidence.covariance)
    noise = errors @ generator(seed, "twins' errors").standard_normal((len(errors), twins))
    observed = shown(truths) + noise
    ranks, inside = [], []
    for twin in range(twins):
        own = replace(evidence, values=observed[:, twin])
        found = sample_posterior(_likelihood(shown, own), parameters, members, seed + twin)
        chosen = generator(seed, f"twin {twin}").choice(members, DRAWS, replace=False)
        truth = truths[:, twin : twin + 1]
        ranks.append((found.positions[:, chosen] < truth).sum(axis=1))
        low, high = np.quantile(found.positions, (0.05, 0.95), axis=1)
        inside.append((low <= truth[:, 0]) & (truth[:, 0] <= high))
        if progress is not None:
            progress(twin + 1, twins)
    return Twins(np.array(ranks), np.array(inside))


def _likelihood(shown: Shown, evidence: Evidence) -> Callable[[Floats], Floats]:
    return lambda positions: evidence.log_likelihood(shown(positions))
