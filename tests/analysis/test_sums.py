"""Means that add up: exactly over blocks, and of parts to their whole."""

import numpy as np
import pytest
import xarray as xr

from sim.analysis.sums import STEP, means, summed, sums


def runs(draws=301, seed=1):
    rng = np.random.default_rng(seed)
    dims = ("scenario", "draw", "time")
    own = {name: (dims, rng.normal(0, 10.0**size, (2, draws, 3)), {"units": "t"})
           for name, size in (("a", 0), ("b", 4), ("c", 11))}  # fmt: skip
    finite = np.ones((2, draws), bool)
    finite[0, 3] = False
    table = xr.Dataset(own, {"scenario": ["x", "y"], "time": [0.0, 1.0, 2.0],
                             "finite": (("scenario", "draw"), finite)})  # fmt: skip
    table["a"].values[0, 3] = np.nan
    return table


def test_blocks_of_any_size_in_any_order_give_the_same_sums():
    table = runs()
    whole = sums(table, ["a", "b", "c"])
    for size in (1, 7, 100):
        parts = [
            sums(table.isel(draw=slice(at, at + size)), ["a", "b", "c"])
            for at in range(0, 301, size)
        ]
        found = summed(parts[::-1])
        assert (found.totals == whole.totals).all()
        assert list(found.members) == [300, 301]


def test_a_mean_is_that_of_the_members_that_stayed_finite():
    table = runs()
    found = means(table, ["a", "b"])
    good = np.delete(table["a"].values[0], 3, axis=0)
    assert found["a"].values[0] == pytest.approx(good.mean(axis=0), abs=STEP)
    assert found["b"].values[1] == pytest.approx(table["b"].values[1].mean(axis=0), abs=STEP)
    assert found["a"].attrs["units"] == "t"


def test_a_scenario_without_a_sound_member_has_no_mean():
    table = runs()
    table["finite"].values[0] = False
    assert np.isnan(means(table, ["a"])["a"].values[0]).all()
