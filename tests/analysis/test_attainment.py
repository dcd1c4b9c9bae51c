"""Attainment against counts done by hand."""

import numpy as np
import pytest
import xarray as xr

import sim
from sim.analysis.attainment import attainment, attainment_table, odds_of, paired_difference
from sim.analysis.drivers import drivers, ranks
from sim.analysis.measure import check_targets, quantity
from sim.analysis.tally import tally, total
from sim.ensemble.target import Target
from sim.text import Text


def target(name="t", **changes):
    entries = {
        "title": Text("目标", "target"),
        "clause": "第一章",
        "variable": "share",
        "year": 2025,
        "value": 50.0,
        "unit": "%",
        "sense": "at_least",
        "nature": "expected",
        "group": "whole",
        "basis": "ratio",
    }
    return Target(name=name, **{**entries, **changes})


@pytest.fixture
def runs():
    """100 draws: share in 2025 is 0.005, 0.015 … 0.995 in a; ten points more in b; 2020: 0.3."""
    share = (np.arange(100) + 0.5) / 100
    values = np.stack([np.stack([np.full(100, 0.3), share + gain], axis=1) for gain in (0.1, 0.0)])
    return xr.Dataset(
        {"share": (("scenario", "draw", "time"), values, {"units": "Dmnl"})},
        coords={
            "scenario": ["a", "b"],
            "title_zh": ("scenario", ["甲", "乙"]),
            "title_en": ("scenario", ["A", "B"]),
            "time": [2020.0, 2025.0],
            "draw": np.arange(100),
            "finite": (("scenario", "draw"), np.ones((2, 100), dtype=bool)),
        },
    )


@pytest.mark.parametrize(
    ("changes", "a", "b"),
    [
        ({}, 0.60, 0.50),
        ({"sense": "at_most"}, 0.40, 0.50),
        ({"sense": "about", "band": 0.1}, 0.10, 0.10),
        ({"sense": "above", "since": 2020, "measure": "change", "value": 0.0}, 0.80, 0.70),
        ({"sense": "below", "since": 2020, "measure": "change", "value": 0.0}, 0.20, 0.30),
        ({"value": 0.5, "unit": "Dmnl"}, 0.60, 0.50),
        ({"reported_to": 2.0}, 0.61, 0.51),  # 49.5 is published as 50, 48.5 as 48
    ],
)
def test_the_probability_is_the_share_of_draws_that_attain(runs, changes, a, b):
    table = attainment(runs, [target(**changes)])
    assert table["probability"].values[:, 0] == pytest.approx([a, b])


@pytest.mark.parametrize(
    ("start", "end", "growth"),
    [(100.0, 161.051, 10.0), (100.0, 100.0, 0.0), (100.0, 0.0, -100.0), (0.0, 5.0, np.inf),
     (0.0, 0.0, 0.0), (-3.0, 5.0, np.inf)],
)  # fmt: skip
def test_mean_growth_is_compound_and_in_percent_a_year(runs, start, end, growth):
    runs["share"].values[:] = [start, end]
    grown = target(since=2020, measure="mean_growth", unit="%/Year", value=10.0 - 1e-9)
    check_targets([grown], {"share": "万吨"}, [2020.0, 2025.0])
    assert quantity(runs, grown).values == pytest.approx(growth)
    assert attainment(runs, [grown])["probability"].values[0, 0] == (growth >= 10)


def test_quantiles_are_in_the_unit_of_the_target(runs):
    table = attainment(runs, [target()])
    assert table["median"].values[:, 0] == pytest.approx([60.0, 50.0])
    assert table["p05"].values[1, 0] == pytest.approx(np.quantile(np.arange(100) + 0.5, 0.05))


def test_the_joint_probability_is_that_of_all_at_once(runs):
    both = [target("low", value=30.0), target("high", sense="at_most", value=70.0)]
    table = attainment(runs, both)
    assert table["joint_probability"].values == pytest.approx([0.40, 0.40])


def test_the_difference_has_the_error_of_paired_draws(runs):
    table = attainment(runs, [target()])
    gain = np.array([0.0] * 90 + [1.0] * 10 + [0.0, 0.0, 1.0, -1.0])
    weight = np.array([1.0] * 100 + [0.5] * 4)
    mean = np.average(gain, weights=weight)
    spread = np.average((gain - mean) ** 2, weights=weight)
    assert float(table["difference"][0]) == pytest.approx(0.10)
    assert float(table["difference_standard_error"][0]) == pytest.approx((spread / 102) ** 0.5)


@pytest.mark.parametrize(
    ("draws", "first", "second"),
    [(100, 0.003, 0.0), (500, 0.003, 0.001), (500, 0.05, 0.01), (2000, 0.3, 0.05)],
)
def test_the_error_of_a_difference_covers_as_often_as_it_says(draws, first, second):
    """Also where hardly a draw differs: there an error of zero held the truth one time in four."""
    rng = np.random.default_rng(7)
    counts = rng.multinomial(draws, [first, second, 1 - first - second], 4000)
    gained, lost = (xr.DataArray(counts[:, place], dims="sample") for place in (0, 1))
    gain, error = paired_difference(gained, lost, draws)
    covered = float((abs(gain - (first - second)) <= 1.96 * error).mean())
    assert covered > 0.93
    if draws * first > 5:
        assert covered < 0.97


def test_what_one_asks_oneself_has_the_odds_of_a_target(runs):
    runs["share"].values[0, 98, 1] = np.nan
    runs["finite"].values[0, 98] = False
    table = attainment(runs, [target()], 0.5).isel(target=0)
    met = (runs["share"].sel(time=2025) >= 0.5).where(runs["finite"])
    own = odds_of(met, 0.5)
    for name in ("probability", "standard_error", "difference", "difference_standard_error"):
        np.testing.assert_allclose(own[name], table[name], rtol=1e-12, err_msg=name)

    # other dims stay, and one scenario alone has nothing to differ from
    by_time = odds_of((runs["share"] >= 0.5).isel(scenario=1))
    assert by_time["probability"].values.tolist() == [0.0, 0.5]
    assert "difference" not in by_time


def test_an_error_is_left_where_none_or_all_attain(runs):
    table = attainment(runs, [target(value=200.0)])
    assert float(table["probability"][0, 0]) == 0.0
    assert 0 < float(table["standard_error"][0, 0]) < 0.05


def test_a_member_that_is_not_finite_is_counted_and_left_out(runs):
    runs["share"].values[0, 99, 1] = np.nan
    runs["finite"].values[0, 99] = False
    table = attainment(runs, [target()])
    assert table["failed_members"].values.tolist() == [1, 0]
    assert float(table["probability"][0, 0]) == pytest.approx(59 / 99)
    assert np.isfinite(table["median"]).all()


def test_the_standard_error_covers_as_often_as_it_says():
    """Over many samples of a known share, ±2 errors hold the truth about 95 % of the time."""
    rng = np.random.default_rng(5)
    from sim.analysis.attainment import standard_error

    hits = rng.binomial(200, 0.03, 4000) / 200
    error = standard_error(xr.DataArray(hits), xr.DataArray(200)).values
    assert 0.93 < (abs(hits - 0.03) <= 2 * error).mean() < 0.999


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"variable": "shares"}, "did you mean share"),
        ({"unit": "万吨"}, "cannot be converted"),
        ({"year": 2041}, "2041 is not among the years"),
    ],
)
def test_a_target_that_does_not_fit_the_model_is_refused(changes, said):
    with pytest.raises(sim.Refused, match=said):
        check_targets([target(**changes)], {"share": "Dmnl"}, [2020.0, 2025.0])


def plan():
    """Four targets in two groups, one with thresholds, one that asks for a change."""
    return [
        target("low", value=30.0, group="coal", thresholds=(10.0, 30.0, 99.0)),
        target("high", sense="at_most", value=70.0, group="coal"),
        target("about", sense="about", band=0.1, group="town"),
        target("rise", since=2020, measure="change", sense="above", value=0.0, group="town"),
    ]


def test_counts_of_parts_add_up_to_those_of_the_whole_bit_for_bit(runs):
    runs["finite"].values[0, 17] = False
    whole = tally(runs, plan())
    parts = [tally(runs.isel(draw=slice(*ends)), plan()) for ends in ((0, 1), (1, 60), (60, 100))]
    table = attainment_table(whole, plan(), runs)
    xr.testing.assert_identical(table, attainment_table(total(parts), plan(), runs))
    assert len(total(parts).values.keys) == len(whole.values.keys)


def test_groups_are_judged_together_and_failures_in_pairs(runs):
    table = attainment(runs, plan())
    b = table.sel(scenario="b")
    assert list(table["group"].values) == ["coal", "town"]
    assert b["group_probability"].values == pytest.approx([0.40, 0.10])  # 30-70; 45-55
    assert float(b["joint_probability"]) == pytest.approx(0.10)
    missed = b["both_missed"]
    assert float(missed.sel(target="low", other="low")) == pytest.approx(0.30)
    assert float(missed.sel(target="low", other="rise")) == pytest.approx(0.30)
    assert float(missed.sel(target="low", other="high")) == 0.0
    assert np.array_equal(missed, missed.transpose("other", "target"))


def test_thresholds_have_odds_of_their_own(runs):
    table = attainment(runs, plan()).sel(scenario="b")
    assert table["threshold_value"].values.tolist() == [10, 30, 99]
    assert set(table["threshold_target"].values) == {"low"}
    assert table["threshold_probability"].values == pytest.approx([0.90, 0.70, 0.01])


def test_what_is_missing_is_that_of_those_that_miss(runs):
    b = attainment(runs, plan()).sel(scenario="b")
    low = 30 - (np.arange(30) + 0.5)  # the shares below 30 %
    assert float(b["shortfall_mean"].sel(target="low")) == pytest.approx(low.mean(), rel=1e-3)
    assert float(b["shortfall_median"].sel(target="low")) == pytest.approx(np.median(low))
    assert float(b["shortfall_p95"].sel(target="high")) == pytest.approx(
        np.quantile(np.arange(30) + 0.5, 0.95)
    )
    assert float(b["shortfall_p05"].sel(target="about")) > 0
    never_missed = attainment(runs, [target(value=-1.0)])
    assert np.isnan(never_missed["shortfall_mean"]).all()


def test_the_first_year_attained_is_the_first(runs):
    """Everyone is at 30 % in 2020; in 2025 as many as the probability says, or more."""
    b = attainment(runs, plan()).sel(scenario="b")
    by = b["attained_by"]
    assert by.sel(target="low").values == pytest.approx([1.0, 1.0])
    assert by.sel(target="high").values == pytest.approx([1.0, 1.0])
    assert by.sel(target="about").values == pytest.approx([0.0, 0.10])
    assert by.sel(target="rise").values == pytest.approx([0.0, 0.70])  # no change before 2020


def test_no_targets_are_no_problem(runs):
    table = attainment(runs, [])
    assert table.sizes["target"] == 0
    assert table["joint_probability"].values.tolist() == [1.0, 1.0]


def test_drivers_are_ranked_by_spearmans_correlation():
    from scipy import stats

    rng = np.random.default_rng(2)
    x, y, z = rng.random((3, 500))
    values = np.round(np.exp(3 * x) - 2 * y, 1)  # with ties
    runs = xr.Dataset(
        {"v": (("scenario", "draw", "time"), values[None, :, None], {"units": "Dmnl"})},
        coords={
            "scenario": ["a"],
            "time": [2025.0],
            "draw": np.arange(500),
            "finite": (("scenario", "draw"), np.ones((1, 500), dtype=bool)),
        },
    )
    labels = {"label_zh": "甲", "label_en": "A", "role": "parameter"}
    inputs = xr.Dataset({n: ("draw", v, labels) for n, v in (("x", x), ("y", y), ("z", z))})
    table = drivers(inputs, runs, [target(variable="v", unit="Dmnl")])
    assert table["input"].values[0].tolist() == ["x", "y", ""]  # z goes with it by chance alone
    assert abs(stats.spearmanr(z, values).statistic) < table.attrs["by_chance"] < 0.15
    for name, column in (("x", x), ("y", y)):
        rank = table["input"].values[0].tolist().index(name)
        expected = stats.spearmanr(column, values).statistic
        assert float(table["correlation"][0, rank]) == pytest.approx(expected, abs=1e-12)
    assert np.allclose(ranks(np.ones(5)), 0.0)


@pytest.mark.parametrize(("unit", "a_year"), [("Month", 12), ("months", 12), ("Quarter", 4)])
def test_growth_is_of_a_year_whatever_the_model_counts(runs, unit, a_year):
    runs["share"].values[:] = [100.0, 121.0]
    runs = runs.assign_coords(time=[0.0, 2.0 * a_year])
    grown = target(
        year=2 * a_year, since=0, measure="mean_growth", unit="%/年", value=10, time_unit=unit
    )
    assert quantity(runs, grown).values == pytest.approx(10.0)
