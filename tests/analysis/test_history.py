"""The comparison with what was observed, on numbers whose answer is known."""

import numpy as np
import pytest
import xarray as xr

from sim.analysis.history import (
    astray,
    band_ratios,
    check_history,
    compare,
    coverage,
    least_coverage,
    naive_errors,
    theil,
    theil_shares,
    variables,
)
from sim.ensemble.observations import Observation

YEARS = np.arange(2015.0, 2026.0)


def observation(variable: str, year: float, value: float, error: float = 0.1) -> Observation:
    return Observation(variable, year, value, "万吨/Year", error, "test")


@pytest.fixture
def runs() -> xr.Dataset:
    """Output 100, 110, … with a spread of 10 %; a start that all draws share."""
    rng = np.random.default_rng(0)
    values = np.geomspace(100, 250, len(YEARS)) * rng.normal(1, 0.1, (1, 4000, 1))
    values[:, :, 0] = 100
    dims = ("scenario", "draw", "time")
    return xr.Dataset(
        {"output": (dims, values, {"units": "万吨/Year"})},
        coords={"time": YEARS, "finite": (dims[:2], np.ones((1, 4000), bool))},
    )


def test_a_point_is_held_against_median_and_bands(runs: xr.Dataset) -> None:
    middle = float(runs["output"].sel(time=2020).median())
    seen = compare(runs, [observation("output", 2020, v * middle) for v in (1, 1.1, 1.3)])
    assert seen["error"].values == pytest.approx([0, 1 / 1.1 - 1, 1 / 1.3 - 1], abs=1e-9)
    assert seen["inside_50%"].values.tolist() == [True, False, False]
    assert seen["inside_90%"].values.tolist() == [True, True, False]
    assert coverage(seen, 0.9) == (2, 3)


def test_a_point_that_all_draws_share_tests_nothing(runs: xr.Dataset) -> None:
    seen = compare(runs, [observation("output", 2015, 100), observation("output", 2020, 900)])
    assert seen["given"].values.tolist() == [True, False]
    assert coverage(seen, 0.9) == (0, 1)


def test_the_error_of_measurement_widens_the_band(runs: xr.Dataset) -> None:
    far = 1.3 * float(runs["output"].sel(time=2020).median())
    seen = compare(runs, [observation("output", 2020, far, error) for error in (0.1, 60)])
    assert seen["inside_90%"].values.tolist() == [False, True]


def test_units_of_observation_and_model_may_differ(runs: xr.Dataset) -> None:
    one = Observation("output", 2020, 1_500_000, "吨/Year", 0, "test")
    assert compare(runs, [one])["observed"].values.tolist() == [150.0]


def test_a_member_that_failed_is_left_out(runs: xr.Dataset) -> None:
    runs["output"].values[0, 0] = np.nan
    runs["finite"].values[0, 0] = False
    assert np.isfinite(compare(runs, [observation("output", 2020, 150)])["median"].item())


def test_what_cannot_be_compared_is_said() -> None:
    wrong = [
        observation("outptu", 2020, 1),
        observation("output", 1999, 1),
        Observation("output", 2020, 1, "万人", 0, "test"),
    ]
    said = [text.en for text in check_history(wrong, {"output": "万吨/Year"}, list(YEARS))]
    assert "did you mean output" in said[0]
    assert "does not save that year" in said[1]
    assert "cannot be converted" in said[2]


@pytest.mark.parametrize(("points", "least"), [(0, 0), (1, 1), (10, 9), (28, 26), (100, 90)])
def test_the_least_coverage_is_nine_in_ten(points: int, least: int) -> None:
    assert least_coverage(points) == least


def test_constant_growth_forecasts_what_grows_constantly(runs: xr.Dataset) -> None:
    values = [(2015, 100), (2017, 121), (2018, 133.1), (2020, 161.051)]
    seen = compare(runs, [observation("output", *value) for value in values])
    errors = naive_errors(seen, "output")
    assert errors["growth"] == pytest.approx(0, abs=1e-9)
    by_hand = np.sqrt(((1 / 1.1 - 1) ** 2 + (1 / 1.21 - 1) ** 2) / 2)
    assert errors["last"] == pytest.approx(by_hand)
    assert errors["model"] > 0


def test_a_median_too_far_from_gdp_is_named(runs: xr.Dataset) -> None:
    found = runs.rename(output="gdp_nominal")
    middle = float(found["gdp_nominal"].sel(time=2020).median())
    points = compare(found, [observation("gdp_nominal", 2020, middle * v) for v in (0.97, 0.9)])
    assert [round(deviation, 3) for _, _, deviation, _ in astray(points)] == [0.111]


def test_bands_are_held_against_what_naive_errors_support(runs: xr.Dataset) -> None:
    """Two points 10 % apart: Student's t of one degree, 6.31, times 1/11 of 110."""
    points = compare(runs, [observation("output", *one, 0.0) for one in ((2016, 100), (2017, 110))])
    width = float(points["high_90%"][1] - points["low_90%"][1])
    assert band_ratios(points, "output") == pytest.approx([width / (2 * 6.3138 * 10)], rel=1e-4)
    assert len(band_ratios(compare(runs, [observation("output", 2016, 100)]), "output")) == 0


def test_two_points_are_too_few_for_naive_forecasts(runs: xr.Dataset) -> None:
    seen = compare(runs, [observation("output", 2016, 1), observation("output", 2017, 1)])
    assert np.isnan(list(naive_errors(seen, "output").values())).all()
    assert theil(seen, "output") is None
    assert variables(seen) == {"output": 2}


def test_theil_names_the_kind_of_error() -> None:
    observed = np.array([1.0, 2, 3, 4, 5, 6, 7, 8])
    assert theil_shares(observed + 2, observed) == pytest.approx((1, 0, 0))
    wider = observed.mean() + 2 * (observed - observed.mean())
    assert theil_shares(wider, observed) == pytest.approx((0, 1, 0))
    turned = observed[::-1].copy()
    assert theil_shares(turned, observed) == pytest.approx((0, 0, 1))
    assert sum(theil_shares(observed**1.5, observed)) == pytest.approx(1)
    assert np.isnan(theil_shares(observed, observed)).all()


def test_a_series_of_eight_points_is_decomposed(runs: xr.Dataset) -> None:
    seen = compare(runs, [observation("output", year, 120) for year in range(2016, 2024)])
    shares = theil(seen, "output")
    assert shares is not None
    assert sum(shares) == pytest.approx(1)


@pytest.mark.parametrize(
    ("measure", "unit", "wanted"),
    [("change", "万吨/Year", 20.0), ("ratio", "Dmnl", 1.2), ("mean_growth", "%/年", 20.0)],
)
def test_a_figure_of_two_years_is_measured_between_them(
    measure: str, unit: str, wanted: float
) -> None:
    dims = ("scenario", "draw", "time")
    steady = xr.Dataset(
        {"output": (dims, 100 * 1.2 ** np.arange(3.0)[None, None], {"units": "万吨/Year"})},
        coords={"time": YEARS[:3], "finite": (dims[:2], [[True]])},
    )
    one = Observation("output", 2016, wanted, unit, 0, "test", since=2015, measure=measure)
    assert check_history([one], {"output": "万吨/Year"}, list(YEARS)) == []
    assert compare(steady, [one])["error"].values == pytest.approx([0], abs=1e-12)


def test_observed_growth_is_of_a_year_where_the_model_counts_months() -> None:
    dims, months = ("scenario", "draw", "time"), np.array([0.0, 12.0, 24.0])
    grown = 100 * 1.2 ** (months / 12)
    runs = xr.Dataset(
        {"output": (dims, grown[None, None], {"units": "万吨/Year"})},
        coords={"time": ("time", months, {"units": "Month"}), "finite": (dims[:2], [[True]])},
    )
    one = Observation("output", 24, 20, "%/年", 0, "test", since=0, measure="mean_growth")
    assert compare(runs, [one])["error"].values == pytest.approx([0], abs=1e-12)


def test_a_figure_of_two_years_is_no_point_of_a_series(runs: xr.Dataset) -> None:
    growth = Observation("output", 2017, 9, "%/年", 1, "t", since=2015, measure="mean_growth")
    points = compare(runs, [observation("output", 2016, 110), growth])
    assert variables(points) == {"output": 1}
