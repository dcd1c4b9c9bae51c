"""A posterior by importance weighting, from a Gaussian near it.

What worlds show is regressed on their parameters; where that were all, the posterior would be
Gaussian and known. It is done again around what was found, for the model bends (so does the
ensemble smoother with multiple data assimilation, Emerick, Reynolds 2013,
10.1016/j.cageo.2012.03.011). What regression leaves unexplained counts as an error of
observation, so that the Gaussian is rather too wide than too narrow, as it must be. Weights then
make its draws the posterior's. Particles go further where few of them count.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.analysis.evidence import Evidence, Floats
from sim.analysis.particles import LogLikelihood, effective_size, finite, normalised, resample
from sim.ensemble.sampling import generator

Shown = Callable[[Floats], Floats]
"""(parameters, members) standard normal → (observations, members)."""
ROUNDS = 3
WORLDS = 12
"""Worlds that are regressed, for each parameter …"""
LEAST = 256
"""… and at least."""


@dataclass(frozen=True)
class Start:
    """A Gaussian over standard normal space: its mean and Cholesky factor.

    Particles live in coordinates in which it is standard normal. What tells there is prior times
    likelihood over it, so that `sample_posterior` of `gain` finds the posterior, as from the
    prior, by fewer degrees.
    """

    mean: Floats
    factor: Floats

    def positions(self, own: Floats) -> Floats:
        """Positions in standard normal space of places in its own coordinates; (parameters,
        members) both."""
        return np.asarray(self.mean[:, None] + self.factor @ own)

    def gain(self, log_likelihood: LogLikelihood) -> LogLikelihood:
        """The log of prior times likelihood over this Gaussian, in its own coordinates."""

        def gained(own: Floats) -> Floats:
            found = self.positions(own)
            beside = np.einsum("pm,pm->m", own, own) - np.einsum("pm,pm->m", found, found)
            return np.asarray(log_likelihood(found) + 0.5 * beside)

        return gained


@dataclass(frozen=True)
class Weighted:
    """Draws that do not all count the same: positions (parameters, members) in standard normal
    space, weights (members,) that add up to 1."""

    positions: Floats
    weights: Floats

    @property
    def effective(self) -> float:
        """Equal draws that these are worth."""
        return effective_size(self.weights)

    def equal(self, seed: int, members: int | None = None) -> Floats:
        """Positions that all count the same, each draw as often as its weight says: `members`, by
        default as many as there are."""
        chosen = resample(self.weights, generator(seed, "equal draws"), members)
        return np.asarray(self.positions[:, chosen])


def importance_sample(
    start: Start, log_likelihood: LogLikelihood, members: int, seed: int
) -> Weighted:
    """Draws of `start`, weighted to be the posterior's, each as often as its weight says; those
    that count for nothing are left out."""
    parameters = len(start.mean)
    own = generator(seed, "importance").standard_normal((parameters, members))
    weights = normalised(finite(start.gain(log_likelihood)(own)))
    picked = resample(weights, generator(seed, "importance resample"))
    chosen, counts = np.unique(picked, return_counts=True)
    return Weighted(start.positions(own[:, chosen]), counts / members)


def linear_start(shown: Shown, evidence: Evidence, parameters: int, seed: int) -> Start:
    """The Gaussian posterior of `shown` made linear; the same seed gives the same."""
    found = Start(np.zeros(parameters), np.eye(parameters))
    members = worlds_regressed(parameters) // ROUNDS
    for number in range(ROUNDS):
        normal = generator(seed, f"linear start {number}").standard_normal((parameters, members))
        positions = found.positions(normal)
        found = linear_posterior(positions, shown(positions), evidence)
    return found


def worlds_regressed(parameters: int) -> int:
    """How many worlds `linear_start` looks at."""
    return ROUNDS * max(WORLDS * parameters, LEAST)


def linear_posterior(positions: Floats, seen: Floats, evidence: Evidence) -> Start:
    """The posterior under a standard normal prior if what worlds show were linear.

    positions: (parameters, members). seen: (observations, members); worlds that are not finite
    are left out. Bishop (2006), Pattern recognition and machine learning, eqs 2.113-2.117.
    """
    finite = np.isfinite(seen).all(axis=0)
    positions, seen = positions[:, finite], seen[:, finite]
    parameters, members = positions.shape
    design = np.vstack([np.ones(members), positions])
    found, *_ = np.linalg.lstsq(design.T, seen.T, rcond=None)
    level, slopes = found[0], found[1:].T
    left = seen - level[:, None] - slopes @ positions
    bent = left @ left.T / max(members - parameters - 1, 1)
    covariance = slopes @ slopes.T + evidence.covariance + bent
    taken = np.linalg.solve(covariance, slopes).T  # (parameters, observations)
    spread = np.eye(parameters) - taken @ slopes
    return Start(taken @ (evidence.values - level), np.linalg.cholesky((spread + spread.T) / 2))
