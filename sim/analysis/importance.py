"""A posterior by importance weighting, from a Gaussian near it.

What worlds show is regressed on their parameters; where that were all, the posterior would be
Gaussian and known. It is done again around what was found, for the model bends (so does the
ensemble smoother with multiple data assimilation, Emerick, Reynolds 2013,
10.1016/j.cageo.2012.03.011). What regression leaves unexplained counts as an error of
observation, so that the Gaussian is rather too wide than too narrow, as it must be. Weights then
make its draws the posterior's. Where few of them count, or a few for most, they say nothing to be
relied on, and `Weighted.enough` says so: particles go further.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from sim.analysis.evidence import Evidence, Floats
from sim.analysis.particles import (
    LogLikelihood,
    Progress,
    effective_size,
    finite,
    normalised,
    resample,
    sample_posterior,
)
from sim.ensemble.sampling import generator

Shown = Callable[[Floats], Floats]
"""(parameters, members) standard normal → (observations, members)."""
ROUNDS = 3
WORLDS = 12
"""Worlds that are regressed, for each parameter …"""
LEAST = 256
"""… and at least."""
LEAST_TAIL = 20
"""Weights that a tail is judged by, at least."""
PARTICLES = 2000
"""Draws of an ensemble that only particles can calibrate, at most: a probability then has a
standard error of at most 1.1 points."""
PROPOSED = 10
"""Draws that are weighed by importance, for each one that is wanted: on history they are worth two
equal ones, so that those wanted err little more than independent ones."""
BATCH = 4096
"""Draws that are weighed at a time: what lies between two reports of progress."""
ENOUGH = 400
"""Equal draws that the weighted ones must be worth: a probability then has a standard error of at
most 2.5 points."""
HEAVY = 0.7
"""The shape of the weights' tail from which on their number of equal draws cannot be believed
either: a few of them decide (see `smoothed`). Below 0.5 weights have a variance."""


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
    space, weights (members,) that add up to 1; `tail`, the shape of the tail that the weights had,
    see `smoothed`."""

    positions: Floats
    weights: Floats
    tail: float = 0.0

    @property
    def effective(self) -> float:
        """Equal draws that these are worth."""
        return effective_size(self.weights)

    def enough(self, least: float) -> bool:
        """Whether they are worth so many equal draws, and that can be believed."""
        return self.effective >= least and self.tail < HEAVY

    def equal(self, seed: int, members: int | None = None) -> Floats:
        """Positions that all count the same, each draw as often as its weight says: `members`, by
        default as many as there are."""
        chosen = resample(self.weights, generator(seed, "equal draws"), members)
        return np.asarray(self.positions[:, chosen])


def importance_sample(
    start: Start,
    log_likelihood: LogLikelihood,
    members: int,
    seed: int,
    progress: Progress | None = None,
) -> Weighted:
    """Draws of `start`, weighted to be the posterior's, each as often as its weight says; those
    that count for nothing are left out."""
    parameters = len(start.mean)
    own = generator(seed, "importance").standard_normal((parameters, members))
    gain, gained = start.gain(log_likelihood), list[Floats]()
    parts = np.array_split(own, -(-members // BATCH), axis=1)
    for part in parts:
        gained.append(gain(part))
        if progress is not None:
            progress(len(gained) / len(parts))
    weights, tail = smoothed(normalised(finite(np.concatenate(gained))))
    picked = resample(weights, generator(seed, "importance resample"))
    chosen, counts = np.unique(picked, return_counts=True)
    return Weighted(start.positions(own[:, chosen]), counts / members, tail)


def smoothed(weights: Floats) -> tuple[Floats, float]:
    """Weights that add up to 1, the largest moved to where a generalised Pareto distribution has
    them, so that none counts for many by chance alone; and its shape, 0 where they are all alike.

    Vehtari, Simpson, Gelman, Yao, Gabry (2024), Pareto smoothed importance sampling, Journal of
    Machine Learning Research 25:72, arXiv:1507.02646.
    """
    count = min(len(weights) // 5, int(3 * np.sqrt(len(weights))))
    order = np.argsort(weights, kind="stable")
    largest, cut = order[-count:], weights[order[-count - 1]]
    above = weights[largest] - cut
    if count < LEAST_TAIL or not above[0] < above[-1]:
        return weights, 0.0
    scale, places = above.mean(), (np.arange(count) + 0.5) / count
    shape, _, width = stats.genpareto.fit(above / scale, floc=0.0)
    with np.errstate(over="ignore"):
        expected = cut + scale * stats.genpareto.ppf(places, shape, scale=width)
    found = weights.copy()
    found[largest] = np.minimum(expected, weights.max())
    return found / found.sum(), float(shape)


def importance_or_particles(
    shown: Shown,
    evidence: Evidence,
    parameters: int,
    draws: Sequence[int],
    seed: int,
    least: float = ENOUGH,
    progress: Progress | None = None,
) -> Weighted:
    """Draws of the posterior by importance, of `draws` the first number that is enough, or where
    none is particles led on from the Gaussian, which takes long; `progress` is of these."""

    def log_likelihood(positions: Floats) -> Floats:
        return evidence.log_likelihood(shown(positions))

    start = linear_start(shown, evidence, parameters, seed)
    for number in draws:
        found = importance_sample(start, log_likelihood, number, seed)
        if found.enough(min(least, number / 2)):
            return found
    gain, members = start.gain(log_likelihood), min(draws[-1], PARTICLES)
    particles = sample_posterior(gain, parameters, members, seed, progress)
    return Weighted(start.positions(particles.positions), np.full(members, 1.0 / members))


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
