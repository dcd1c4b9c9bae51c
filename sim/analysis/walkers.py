"""A posterior by walkers: an ensemble Markov chain that checks what the particles found.

Stretch and differential-evolution moves of emcee (Foreman-Mackey et al. 2013, 10.1086/670067;
ter Braak, Vrugt 2008, 10.1007/s11222-008-9104-9) over the same standard normal space. It shares
neither tempering, resampling nor kernel with `particles`, only the likelihood.
"""

from dataclasses import dataclass

import numpy as np

from sim.analysis.evidence import Floats
from sim.analysis.particles import LogLikelihood, Progress
from sim.ensemble.sampling import generator

WARM_UP = 0.5
"""The share of steps that is thrown away."""


@dataclass(frozen=True)
class Walked:
    """Draws of a chain: positions (parameters, draws), and whether it has settled.

    r_hat: (parameters,), the split potential scale reduction (Gelman et al. 2013, Bayesian data
    analysis, 11.4); below about 1.05 it is settled. independent: how many independent draws
    they are worth, in the parameter that mixes worst. steps: those kept.
    """

    positions: Floats
    r_hat: Floats
    independent: float
    steps: int
    acceptance: float


def walk_posterior(
    log_likelihood: LogLikelihood,
    parameters: int,
    walkers: int,
    steps: int,
    seed: int,
    progress: Progress | None = None,
) -> Walked:
    """A chain of `walkers` over `steps`, from the prior; the same seed gives the same chain."""
    import emcee

    def log_posterior(positions: Floats) -> Floats:
        prior = -0.5 * np.einsum("wp,wp->w", positions, positions)
        return np.asarray(prior + log_likelihood(np.ascontiguousarray(positions.T)))

    moves = [(emcee.moves.StretchMove(), 0.3), (emcee.moves.DEMove(), 0.6)]
    moves.append((emcee.moves.DESnookerMove(), 0.1))
    sampler = emcee.EnsembleSampler(walkers, parameters, log_posterior, moves=moves, vectorize=True)
    rng = generator(seed, "calibration walkers")
    sampler.random_state = np.random.RandomState(rng.integers(2**32)).get_state()
    start = rng.standard_normal((walkers, parameters))
    for step, _ in enumerate(sampler.sample(start, iterations=steps), start=1):
        if progress is not None:
            progress(step / steps)
    kept = sampler.get_chain(discard=int(steps * WARM_UP))  # (steps, walkers, parameters)
    r_hat = split_r_hat(kept)
    return Walked(
        np.ascontiguousarray(kept.reshape(-1, parameters).T),
        r_hat,
        independent_draws(float(r_hat.max()), len(kept), walkers),
        len(kept),
        float(np.mean(sampler.acceptance_fraction)),
    )


def split_r_hat(chain: Floats) -> Floats:
    """The potential scale reduction of each parameter: chain is (steps, walkers, parameters).

    Every walker's two halves are a chain each.
    """
    half = len(chain) // 2
    parts = np.concatenate([chain[:half], chain[half : 2 * half]], axis=1)
    between = parts.mean(axis=0).var(axis=0, ddof=1)
    within = parts.var(axis=0, ddof=1).mean(axis=0)
    return np.asarray(np.sqrt((half - 1) / half + between / np.maximum(within, 1e-300)))


def independent_draws(r_hat: float, steps: int, walkers: int) -> float:
    """How many independent draws a chain is worth whose split scale reduction is this.

    Gelman et al. (2004), Bayesian data analysis, 2nd edition, 11.6: m n var+ / B of m chains of
    n steps each, which the reduction holds: var+ = r_hat² W, B / n = var+ - (n - 1) / n W.
    """
    half = steps // 2
    between = r_hat**2 - (half - 1) / half
    return float(min(2 * walkers * r_hat**2 / max(between, 1e-300), 2 * walkers * half))
