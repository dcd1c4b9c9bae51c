"""The method is tested on worlds whose parameters are known; and the test can fail."""

import numpy as np

from sim.analysis.evidence import evidence_of
from sim.analysis.twins import calibrate_twins

SLOPES = np.random.default_rng(1).standard_normal((4, 3))


def shown(z):
    return np.exp(0.3 * (SLOPES @ z))


def test_ranks_are_uniform_and_intervals_hold_what_they_say():
    evidence = evidence_of([""] * 4, np.zeros(4), np.full(4, 0.2))
    found = calibrate_twins(shown, evidence, 3, 100, 400, 1)
    assert 0.85 <= found.coverage <= 0.95
    assert found.uniformity().min() > 0.01


def test_a_likelihood_that_is_too_sure_is_found_out():
    """Errors of observation twice as large as the likelihood believes."""
    sure = evidence_of([""] * 4, np.zeros(4), np.full(4, 0.2))
    noise = np.random.default_rng(2)

    def noisier(z):
        found = shown(z)
        return found + (0.5 * noise.standard_normal(found.shape) if z.shape[1] == 60 else 0.0)

    found = calibrate_twins(noisier, sure, 3, 60, 400, 1)
    assert found.coverage < 0.8
