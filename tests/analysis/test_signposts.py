"""Signposts name what moves a target, and nothing that only chance puts beside it."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from sim.analysis.drivers import by_chance
from sim.analysis.signposts import moves_median, signposts
from sim.ensemble.target import watched
from sim.text import Text

DRAWS, IDLE = 1_000, 150
AIM = replace(
    watched("y", Text("目标", "aim"), 2025, "%", "Year"), name="aim", sense="at_least", value=100.0
)


def studied(seed: int, most: float = np.inf) -> tuple[xr.Dataset, xr.Dataset]:
    """A quantity that follows one of many inputs, and stops at `most`."""
    rng = np.random.default_rng(seed)
    columns = {f"idle_{i}": rng.normal(size=DRAWS) for i in range(IDLE)}
    columns["cause"] = rng.normal(size=DRAWS)
    y = np.minimum(100 + columns["cause"] + rng.normal(size=DRAWS), most)
    attrs = {"label_zh": "甲", "label_en": "one", "role": "parameter"}
    inputs = xr.Dataset({name: ("draw", values, attrs) for name, values in columns.items()})
    runs = xr.Dataset(
        {
            "y": (("scenario", "draw", "time"), y[None, :, None], {"units": "%"}),
            "finite": (("scenario", "draw"), np.ones((1, DRAWS), bool)),
        },
        coords={"scenario": ["one"], "draw": np.arange(DRAWS), "time": [2025.0]},
    )
    return inputs.assign_coords(draw=np.arange(DRAWS)), runs


def test_inputs_that_go_with_a_target_by_chance_alone_are_seldom_named():
    """One of the idle 150 in one study of twenty: of forty studies in two, rarely in seven."""
    named = [signposts(*studied(seed), [AIM])["aim"]["input"].values for seed in range(40)]
    assert all(str(names[0]) == "cause" for names in named)
    assert sum(len(names) > 1 for names in named) < 7


def test_the_bound_of_chance_falls_with_the_root_of_draws_and_rises_with_inputs():
    assert by_chance(150, 10_001) == pytest.approx(by_chance(150, 2_501) / 2)
    assert by_chance(1, 10_001) == pytest.approx(0.0196, abs=1e-4)
    assert by_chance(150, 1_000) > by_chance(10, 1_000)


def test_at_a_limit_odds_tell_what_medians_do_not():
    inputs, runs = studied(1, most=100.0)
    runs["y"] = runs["y"].where(runs["y"] < 98.5, 100.0)
    signs = signposts(inputs, runs, [AIM])["aim"]
    assert not moves_median(signs)
    low, high = signs["probability"].values[0]
    assert low < signs.attrs["probability"] < high
    assert moves_median(signposts(*studied(1), [AIM])["aim"])
