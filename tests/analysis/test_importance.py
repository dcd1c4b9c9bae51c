"""Weighted draws say when they cannot be relied on, and particles then take over."""

import numpy as np
import pytest

from sim.analysis.evidence import evidence_of
from sim.analysis.importance import (
    Start,
    Weighted,
    importance_or_particles,
    importance_sample,
    smoothed,
)
from sim.analysis.particles import effective_size


@pytest.mark.parametrize("shape", [0.3, 0.5, 0.9])
def test_the_shape_of_a_known_tail_is_found(shape):
    weights = 1.0 + np.random.default_rng(1).pareto(1.0 / shape, 40_000)
    own, found = smoothed(weights / weights.sum())
    assert found == pytest.approx(shape, abs=0.15)
    assert own.sum() == pytest.approx(1.0)
    assert np.array_equal(np.argsort(own), np.argsort(weights)), "in the same order"


def test_equal_weights_have_no_tail():
    weights = np.full(1000, 1e-3)
    assert smoothed(weights) == (pytest.approx(weights), 0.0)
    assert smoothed(np.eye(1, 1000)[0])[1] > 0.7, "one draw has all the weight"


def test_one_draw_that_outweighs_all_by_chance_is_moved_into_line():
    weights = np.random.default_rng(1).exponential(size=20_000)
    weights[7] = 0.3 * weights.sum()
    weights /= weights.sum()
    own, _ = smoothed(weights)
    assert effective_size(weights) < 20
    assert effective_size(own) > 5000
    assert own.argmax() == 7


def test_both_number_and_tail_must_be_good():
    equal = np.full(500, 1 / 500)
    assert Weighted(np.zeros((1, 500)), equal).enough(500)
    assert not Weighted(np.zeros((1, 500)), equal).enough(501)
    assert not Weighted(np.zeros((1, 500)), equal, tail=0.8).enough(100)


def test_a_gaussian_too_narrow_is_found_out_by_the_tail_alone():
    """Draws of half the posterior's spread: worth enough by number, but the weights' variance is
    infinite. In one direction, their tail has the shape 1 - 0.5²."""
    start = Start(np.zeros(1), np.full((1, 1), 0.5))
    found = importance_sample(start, lambda z: np.zeros(z.shape[1]), 20_000, 1)
    assert found.effective > 400
    assert found.tail == pytest.approx(0.75, abs=0.12)
    assert not found.enough(400)


def test_particles_take_over_where_weights_fail():
    """A ring: no Gaussian is near it, and errors are small."""
    evidence = evidence_of(["radius"], np.array([1.5]), np.array([0.003]))

    def radius(z):
        return np.sqrt((z**2).sum(axis=0, keepdims=True))

    found = importance_or_particles(radius, evidence, 2, [600], 1)
    assert len(found.weights) == 600
    assert found.effective == pytest.approx(600), "particles all count the same"
    assert radius(found.positions) == pytest.approx(1.5, abs=0.02)
    assert np.abs(found.positions.mean(axis=1)).max() < 0.3, "all of the ring"
