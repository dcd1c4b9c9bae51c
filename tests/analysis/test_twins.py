"""The methods are tested on worlds whose parameters are known; and the test can fail."""

from functools import partial

import numpy as np
import pytest

from sim.analysis.evidence import evidence_of
from sim.analysis.twins import by_importance, by_particles, calibrate_twins

SLOPES = np.random.default_rng(1).standard_normal((4, 3))


def shown(z):
    return np.exp(0.3 * (SLOPES @ z))


@pytest.mark.parametrize("sampler", [by_particles, by_importance])
def test_ranks_are_uniform_and_intervals_hold_what_they_say(sampler):
    evidence = evidence_of([""] * 4, np.zeros(4), np.full(4, 0.2))
    own = partial(sampler, size=3, members=400)
    found = calibrate_twins(shown, evidence, 3, range(100), own)
    assert 0.85 <= found.coverage <= 0.95
    assert found.uniformity().min() > 0.01


def test_a_twin_depends_on_its_number_alone():
    evidence = evidence_of([""] * 4, np.zeros(4), np.full(4, 0.2))
    own = partial(by_importance, size=3, members=400)
    whole = calibrate_twins(shown, evidence, 3, range(4), own)
    part = calibrate_twins(shown, evidence, 3, [2, 3], own)
    assert np.array_equal(whole.ranks[2:], part.ranks)


def test_a_likelihood_that_is_too_sure_is_found_out():
    """Errors of observation three times as large as the likelihood believes."""
    evidence = evidence_of([""] * 4, np.zeros(4), np.full(4, 0.6))

    def sampler(shown, evidence, seed):
        own = evidence_of([""] * 4, evidence.values, np.full(4, 0.2))
        return by_importance(shown, own, seed, 3, 400)

    assert calibrate_twins(shown, evidence, 3, range(60), sampler).coverage < 0.8
