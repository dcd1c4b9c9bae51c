"""Posteriors that are known: linear with Gaussian errors, and logistic growth."""

import numpy as np
import pytest

from sim.analysis.evidence import evidence_of
from sim.analysis.importance import importance_sample, linear_start
from sim.analysis.particles import (
    effective_size,
    independent,
    next_degree,
    normalised,
    resample,
    sample_posterior,
)
from sim.analysis.walkers import independent_draws, split_r_hat, walk_posterior


def linear(parameters, observations, seed):
    """A linear model of standard normal parameters, and its exact posterior (Bishop 2006)."""
    rng = np.random.default_rng(seed)
    slopes = rng.standard_normal((observations, parameters))
    errors = np.full(observations, 0.3)
    seen = slopes @ rng.standard_normal(parameters) + errors * rng.standard_normal(observations)
    covariance = np.linalg.inv(np.eye(parameters) + slopes.T @ (slopes / errors[:, None] ** 2))
    mean = covariance @ slopes.T @ (seen / errors**2)
    evidence = evidence_of([""] * observations, seen, errors)
    return lambda z: evidence.log_likelihood(slopes @ z), mean, covariance


@pytest.mark.parametrize("seed", [1, 2])
def test_the_posterior_of_a_linear_model_is_found(seed):
    log_likelihood, mean, covariance = linear(parameters=8, observations=12, seed=seed)
    found = sample_posterior(log_likelihood, 8, 20_000, seed)
    spread = np.sqrt(np.diag(covariance))
    assert found.settled
    assert (np.abs(found.positions.mean(axis=1) - mean) / spread).max() < 0.03
    assert np.abs(found.positions.std(axis=1) / spread - 1).max() < 0.03


def test_parameters_that_nothing_tells_of_keep_their_prior():
    log_likelihood, _, _ = linear(parameters=2, observations=3, seed=4)
    found = sample_posterior(lambda z: log_likelihood(z[:2]), 40, 4000, 1)
    assert np.abs(found.positions[2:].mean(axis=1)).max() < 0.08
    assert np.abs(found.positions[2:].std(axis=1) - 1).max() < 0.06


def logistic(z):
    """Logistic growth seen at five times: rate and capacity lognormal, (times, members)."""
    rate, capacity = 0.5 * np.exp(0.4 * z[0]), 100 * np.exp(0.3 * z[1])
    times = np.array([2.0, 5.0, 8.0, 11.0, 14.0])[:, None]
    return capacity / (1 + (capacity / 5.0 - 1) * np.exp(-rate * times))


@pytest.fixture(scope="module")
def growth():
    """Evidence of logistic growth, and its posterior by quadrature on a fine grid."""
    truth = logistic(np.array([[0.6], [-0.5]]))[:, 0]
    evidence = evidence_of([""] * 5, truth, 0.05 * truth)
    axis = np.linspace(-5, 5, 1201)
    grid = np.array(np.meshgrid(axis, axis, indexing="ij")).reshape(2, -1)
    weights = normalised(evidence.log_likelihood(logistic(grid)) - 0.5 * (grid**2).sum(axis=0))
    mean = grid @ weights
    spread = np.sqrt(((grid - mean[:, None]) ** 2) @ weights)
    return evidence, mean, spread


def apart(positions, mean, spread, weights=None):
    """How far mean and spread of draws are from what they should be, in parts of the spread."""
    own = np.full(positions.shape[1], 1 / positions.shape[1]) if weights is None else weights
    middle = positions @ own
    width = np.sqrt(((positions - middle[:, None]) ** 2) @ own)
    return max((np.abs(middle - mean) / spread).max(), np.abs(width / spread - 1).max())


def test_particles_find_the_posterior_of_logistic_growth(growth):
    evidence, *exact = growth
    found = sample_posterior(lambda z: evidence.log_likelihood(logistic(z)), 2, 20_000, 1)
    assert apart(found.positions, *exact) < 0.03


def test_walkers_find_the_posterior_of_logistic_growth(growth):
    evidence, *exact = growth
    found = walk_posterior(lambda z: evidence.log_likelihood(logistic(z)), 2, 64, 4000, 1)
    assert found.r_hat.max() < 1.05
    assert apart(found.positions, *exact) < 0.03


def test_importance_finds_the_posterior_of_logistic_growth(growth):
    evidence, *exact = growth
    start = linear_start(logistic, evidence, 2, 1)
    found = importance_sample(start, lambda z: evidence.log_likelihood(logistic(z)), 40_000, 1)
    assert found.effective > 4000
    assert apart(found.positions, *exact, found.weights) < 0.03
    unweighted = start.positions(np.random.default_rng(1).standard_normal((2, 40_000)))
    assert apart(unweighted, *exact) > 0.03


def test_particles_find_from_a_gaussian_nearby_what_they_find_from_the_prior(growth):
    evidence, *exact = growth
    start = linear_start(logistic, evidence, 2, 1)
    gain = start.gain(lambda z: evidence.log_likelihood(logistic(z)))
    found = sample_posterior(gain, 2, 20_000, 1)
    assert apart(start.positions(found.positions), *exact) < 0.03


def test_a_linear_model_is_known_from_its_regression():
    slopes = np.random.default_rng(1).standard_normal((3, 5))
    evidence = evidence_of([""] * 3, np.array([1.0, -2.0, 0.5]), np.full(3, 0.3))
    start = linear_start(lambda z: slopes @ z + 1.0, evidence, 5, 1)
    covariance = np.linalg.inv(np.eye(5) + slopes.T @ slopes / 0.09)
    assert start.factor @ start.factor.T == pytest.approx(covariance, abs=1e-9)
    assert start.mean == pytest.approx(covariance @ slopes.T @ (evidence.values - 1.0) / 0.09)


def test_the_same_seed_gives_the_same_particles():
    log_likelihood, _, _ = linear(parameters=3, observations=4, seed=1)
    first, again, other = (sample_posterior(log_likelihood, 3, 500, seed) for seed in (1, 1, 2))
    assert np.array_equal(first.positions, again.positions)
    assert not np.array_equal(first.positions, other.positions)


def test_no_world_near_the_data_is_said():
    with pytest.raises(ValueError, match="no world"):
        sample_posterior(lambda z: np.full(z.shape[1], -np.inf), 2, 100, 1)


def test_half_of_the_particles_count_at_the_next_degree():
    found = -0.5 * np.random.default_rng(1).standard_normal(1000) ** 2 * 100
    after = next_degree(found, 0.0)
    assert effective_size(normalised(after * found)) == pytest.approx(500, rel=0.01)


def test_resampling_copies_in_proportion_to_weight():
    weights = np.array([0.5, 0.0, 0.25, 0.25])
    counts = np.bincount(resample(weights, np.random.default_rng(1)), minlength=4)
    assert counts.tolist() == [2, 0, 1, 1]


def test_shared_errors_count_once():
    """Two figures whose errors are the same tell hardly more than one."""
    alone = evidence_of(["a"], np.array([1.0]), np.array([0.1]))
    both = evidence_of(["a", "b"], np.ones(2), np.full(2, 0.1), ["office", "office"], 0.999)
    apart = np.array([[1.1], [1.1]])
    assert both.log_likelihood(apart)[0] == pytest.approx(
        alone.log_likelihood(apart[:1])[0], rel=0.01
    )


def test_an_observation_that_no_world_explains_is_named():
    evidence = evidence_of(["a", "b"], np.array([1.0, 50.0]), np.array([0.1, 0.1]))
    seen = np.array([[0.9, 1.05], [1.0, 2.0]])
    assert evidence.unexplained(seen) == [(1, pytest.approx(480.0))]


def test_walkers_find_the_same_posterior():
    """Two methods that share the likelihood alone."""
    log_likelihood, mean, covariance = linear(parameters=4, observations=6, seed=3)
    found = walk_posterior(log_likelihood, 4, 64, 4000, 1)
    spread = np.sqrt(np.diag(covariance))
    assert found.r_hat.max() < 1.05
    assert (np.abs(found.positions.mean(axis=1) - mean) / spread).max() < 0.03
    assert np.abs(found.positions.std(axis=1) / spread - 1).max() < 0.03


def test_a_chain_that_has_not_settled_says_so():
    log_likelihood, _, _ = linear(parameters=4, observations=6, seed=3)
    assert walk_posterior(log_likelihood, 4, 16, 12, 1).r_hat.max() > 1.1


def test_a_share_of_equal_draws_errs_as_that_of_so_many_independent_ones():
    rng, tilt = np.random.default_rng(1), 1.5
    shares, worth = [], []
    for _ in range(2000):
        proposed = rng.standard_normal((1, 1000))
        weights = normalised(tilt * proposed[0])  # of draws about 0 they make some about 1.5
        equal = proposed[:, resample(weights, rng, 200)]
        shares.append((equal > tilt).mean())
        worth.append(independent(equal))
    assert np.mean(worth) < 120, "few of 200"
    assert np.var(shares) * np.mean(worth) == pytest.approx(0.25, rel=0.1)


def test_chains_that_remember_are_worth_fewer_draws():
    rng, remembers, walkers, steps = np.random.default_rng(1), 0.9, 100, 4000
    chain = np.empty((steps, walkers, 1))
    place = rng.standard_normal((walkers, 1))
    for step in range(steps):
        noise = rng.standard_normal((walkers, 1))
        place = remembers * place + np.sqrt(1 - remembers**2) * noise
        chain[step] = place
    worth = independent_draws(float(split_r_hat(chain).max()), steps, walkers)
    exact = walkers * steps * (1 - remembers) / (1 + remembers)
    assert worth == pytest.approx(exact, rel=0.25)
