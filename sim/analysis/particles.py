"""A posterior by particles: worlds drawn from the prior, led towards what was observed.

Sequential Monte Carlo over a standard normal space (Del Moral, Doucet, Jasra 2006,
10.1111/j.1467-9868.2006.00553.x): the likelihood is switched on by degrees, each degree chosen
so that half of the particles still count (Jasra, Stephens, Doucet, Tsagaris 2011,
10.1111/j.1467-9469.2010.00723.x); then particles are resampled and moved by a Markov kernel that
keeps the tempered posterior. The kernel is Crank-Nicolson's, around the mean and covariance of
the particles themselves (Cotter, Roberts, Stuart, White 2013, 10.1214/13-STS421): it does not
degrade with the number of parameters.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

from sim.ensemble.sampling import generator

Floats = NDArray[np.float64]
LogLikelihood = Callable[[Floats], Floats]
"""(parameters, members) standard normal → (members,) log likelihood."""
Progress = Callable[[float], None]
"""Told how much of the likelihood is switched on, from 0 to 1."""

KEPT = 0.5
"""The share of particles that still count when the next degree is chosen."""
STEPS = (3, 60)
"""How often particles are moved at each degree: at least, and at most."""
FORGOTTEN = 0.1
"""Moves end when no parameter's correlation with its place before them is above this (but see
`forgotten`) …"""
WANTED_ACCEPTANCE = 0.3
"""… and are sized so that about this share of proposals is taken."""


@dataclass(frozen=True)
class Particles:
    """A sample of the posterior, each particle counting the same.

    positions: (parameters, members) in standard normal space. log_likelihood: (members,).
    `degrees` are the degrees of the likelihood that were used; `acceptance` and `correlation` tell,
    by degree, the share of moves taken and the largest correlation left with the place before.
    `ancestors` is how many particles of the prior have descendants; `evaluations` how often the
    model ran for one member.
    """

    positions: Floats
    log_likelihood: Floats
    degrees: tuple[float, ...]
    acceptance: tuple[float, ...]
    correlation: tuple[float, ...]
    ancestors: int
    evaluations: int

    @property
    def settled(self) -> bool:
        """Whether moves made every degree's particles forget where they came from."""
        return all(found <= forgotten(self.positions.shape[1]) for found in self.correlation)


def forgotten(members: int) -> float:
    """The correlation at which particles have forgotten their place before: `FORGOTTEN`, or three
    standard errors of the correlation of so many particles where that is more."""
    return max(FORGOTTEN, 3.0 / float(np.sqrt(members)))


def sample_posterior(
    log_likelihood: LogLikelihood,
    parameters: int,
    members: int,
    seed: int,
    progress: Progress | None = None,
) -> Particles:
    """Particles of the posterior whose prior is standard normal in every parameter.

    The same seed gives the same particles. Raises ValueError when no particle of the prior has a
    likelihood above zero.
    """
    positions = generator(seed, "calibration prior").standard_normal((parameters, members))
    found = log_likelihood(positions)
    if not np.isfinite(found).any():
        raise ValueError("no world of the prior comes near to what was observed")
    degree, evaluations = 0.0, members
    ancestors = np.arange(members)
    degrees: list[float] = []
    acceptance: list[float] = []
    correlation: list[float] = []
    scale = 0.5
    while degree < 1.0:
        after = next_degree(found, degree)
        weights = normalised((after - degree) * finite(found))
        chosen = resample(weights, generator(seed, f"calibration resample {len(degrees)}"))
        kernel = Kernel.around(positions, weights)
        positions, found, ancestors = positions[:, chosen], found[chosen], ancestors[chosen]
        stage = f"move {len(degrees)}"
        moved = _moved(log_likelihood, positions, found, after, kernel, scale, seed, stage)
        positions, found, scale = moved.positions, moved.log_likelihood, moved.scale
        evaluations += moved.evaluations
        degree = after
        degrees.append(degree)
        acceptance.append(moved.acceptance)
        correlation.append(moved.correlation)
        if progress is not None:
            progress(degree)
    return Particles(
        positions,
        found,
        tuple(degrees),
        tuple(acceptance),
        tuple(correlation),
        len(np.unique(ancestors)),
        evaluations,
    )


def next_degree(log_likelihood: Floats, degree: float) -> float:
    """The degree at which `KEPT` of the particles count that all count at `degree`; at most 1."""
    possible = finite(log_likelihood)
    wanted = KEPT * effective_size(normalised(0.0 * possible))

    def enough(after: float) -> bool:
        return effective_size(normalised((after - degree) * possible)) >= wanted

    if enough(1.0):
        return 1.0
    low, high = degree, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if enough(middle) else (low, middle)
    return max(low, float(np.nextafter(degree, 1.0)))


def normalised(log_weights: Floats) -> Floats:
    """Weights that add up to 1, from their logarithms."""
    weights: Floats = np.exp(log_weights - log_weights.max())
    weights /= weights.sum()
    return weights


def effective_size(weights: Floats) -> float:
    """How many equal draws the weighted ones are worth (Kong, Liu, Wong 1994,
    10.1080/01621459.1994.10476469)."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def independent(positions: Floats) -> float:
    """How many independent draws those of (parameters, members) are worth where some are the same:
    those that were resampled from weights, and not all moved since."""
    _, counts = np.unique(positions[0], return_counts=True)  # no two worlds share a value by chance
    return effective_size(counts.astype(float))


def resample(
    weights: Floats, rng: np.random.Generator, count: int | None = None
) -> NDArray[np.intp]:
    """Systematic resampling: which member stands at each of `count` places, by default as many as
    there are members (Kitagawa 1996, 10.1080/10618600.1996.10474692)."""
    count = count or len(weights)
    places = (np.arange(count) + rng.random()) / count
    return np.minimum(np.searchsorted(np.cumsum(weights), places), len(weights) - 1)


def finite(log_likelihood: Floats) -> Floats:
    """Impossible worlds get a weight of zero without making 0 * inf."""
    return np.where(np.isfinite(log_likelihood), log_likelihood, -1e300)


@dataclass(frozen=True)
class Kernel:
    """A Gaussian around which Crank-Nicolson's proposals turn: its mean and Cholesky factor."""

    mean: Floats
    factor: Floats

    @classmethod
    def around(cls, positions: Floats, weights: Floats) -> "Kernel":
        """The Gaussian of weighted particles, where it differs from the prior.

        In most directions the data say nothing, and what covariance of so few particles lies
        within Marchenko's and Pastur's bounds (1967, 10.1070/SM1967v001n04ABEH001994) is what
        chance makes of the prior's 1: there it is 1.
        """
        mean = positions @ weights
        centred = positions - mean[:, None]
        values, vectors = np.linalg.eigh((centred * weights) @ centred.T)
        chance = np.sqrt(len(positions) / effective_size(weights))
        low, high = max(1.0 - chance, 0.0) ** 2, (1.0 + chance) ** 2
        values = np.where((values > low) & (values < high), 1.0, np.maximum(values, 1e-9))
        covariance = (vectors * values) @ vectors.T
        return cls(np.asarray(mean), np.asarray(np.linalg.cholesky(covariance)))

    def log_density(self, positions: Floats) -> Floats:
        """Up to a constant; (members,)."""
        apart = solve_triangular(self.factor, positions - self.mean[:, None], lower=True)
        return np.asarray(-0.5 * np.einsum("pm,pm->m", apart, apart))

    def proposal(self, positions: Floats, scale: float, rng: np.random.Generator) -> Floats:
        """A step that leaves this Gaussian as it is; scale 1 forgets the place before."""
        noise = self.factor @ rng.standard_normal(positions.shape)
        stay = np.sqrt(1.0 - scale**2)
        away = positions - self.mean[:, None]
        return np.asarray(self.mean[:, None] + stay * away + scale * noise)


@dataclass(frozen=True)
class _Moved:
    positions: Floats
    log_likelihood: Floats
    scale: float
    acceptance: float
    correlation: float
    evaluations: int


def _moved(
    log_likelihood: LogLikelihood,
    positions: Floats,
    found: Floats,
    degree: float,
    kernel: Kernel,
    scale: float,
    seed: int,
    stage: str,
) -> _Moved:
    """Metropolis-Hastings moves until the particles have forgotten where they came from."""
    before, taken = positions, []
    beside = _beside(positions, found, degree, kernel)
    for step in range(STEPS[1]):
        rng = generator(seed, f"calibration {stage} {step}")
        proposed = kernel.proposal(positions, scale, rng)
        likelihood = log_likelihood(proposed)
        density = _beside(proposed, likelihood, degree, kernel)
        accept = np.log(rng.random(len(found))) < density - beside
        positions = np.where(accept, proposed, positions)
        found, beside = np.where(accept, likelihood, found), np.where(accept, density, beside)
        taken.append(float(accept.mean()))
        scale = float(np.clip(scale * np.exp(taken[-1] - WANTED_ACCEPTANCE), 0.02, 1.0))
        left = _correlation(before, positions)
        if step + 1 >= STEPS[0] and left <= forgotten(len(found)):
            break
    evaluations = len(taken) * len(found)
    return _Moved(positions, found, scale, float(np.mean(taken)), left, evaluations)


def _beside(positions: Floats, found: Floats, degree: float, kernel: Kernel) -> Floats:
    """The log of tempered posterior over kernel's Gaussian: what a proposal is judged by."""
    prior = -0.5 * np.einsum("pm,pm->m", positions, positions)
    return np.asarray(degree * finite(found) + prior - kernel.log_density(positions))


def _correlation(before: Floats, after: Floats) -> float:
    """The largest correlation, over parameters, of particles with their places before."""
    a, b = (x - x.mean(axis=1, keepdims=True) for x in (before, after))
    spread = np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1))
    found = (a * b).sum(axis=1) / np.where(spread > 0, spread, 1.0)
    return float(found.max())
