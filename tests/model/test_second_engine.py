"""An engine that is neither ours nor PySD reads the same file and gives the same trajectories."""

import warnings

import numpy as np
import pytest

import sim
from sim import data

pytest.importorskip("simlin", reason="pysimlin, the second engine, is not installed")


@pytest.fixture(scope="module")
def other():
    """The model in simlin."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells of feedback loops that it does not list
        import simlin

        return simlin.load(str(data.model_file()))


def test_every_variable_is_the_same_in_a_second_engine(other):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = other.run().results
    ours = sim.simulate(sim.load_model(data.model_file()))
    compared = [name for name in ours.data_vars if name in theirs.columns]
    assert set(ours.data_vars) - set(compared) <= {"saveper", "time_step"}
    for name in compared:
        values = theirs[name].to_numpy(dtype=float)
        scale = np.abs(values).max()
        np.testing.assert_allclose(
            ours[name].values[0], values, rtol=1e-9, atol=1e-9 * scale, err_msg=name
        )


def test_a_second_engine_finds_no_fault_in_the_units(other):
    assert list(other.check_units()) == []
