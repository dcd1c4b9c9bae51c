"""New observations move the odds as Bayes says; early signs tell worlds apart."""

import numpy as np
import pytest
import xarray as xr

from sim.analysis.assessment import beliefs, reassessed, required, weights_of
from sim.analysis.early_signs import best_threshold, early_signs
from sim.analysis.evidence import evidence_of
from sim.analysis.particles import effective_size
from sim.analysis.skill import brier, crps, inside, quantiles
from sim.ensemble.target import Target
from sim.text import Text

DRAWS = 20_000


def target(value=1.0, year=2025, sense="at_least"):
    return Target(
        name="output",
        title=Text("产量", "output"),
        clause="1",
        variable="output",
        year=year,
        value=value,
        unit="t",
        sense=sense,
        nature="expected",
        group="coal",
        basis="physical",
    )


def runs_of(years, **columns):
    """Runs of one scenario: each column (draws, years)."""
    dims = ("scenario", "draw", "time")
    draws = len(next(iter(columns.values())))
    finite = np.ones((1, draws), bool)
    return xr.Dataset(
        {name: (dims, np.asarray(own)[None], {"units": "t"}) for name, own in columns.items()},
        coords={"scenario": ["baseline"], "time": years, "finite": (dims[:2], finite)},
    )


@pytest.fixture
def worlds():
    """Output in 2023 is x, in 2025 x plus luck; both standard normal."""
    rng = np.random.default_rng(1)
    x, luck = rng.standard_normal((2, DRAWS))
    noise = rng.standard_normal((DRAWS, 2))
    runs = runs_of([2023.0, 2025.0], output=np.stack([x, x + luck], axis=1), noise=noise)
    drawn = {name: ("draw", own, {"label_en": name}) for name, own in (("x", x), ("luck", luck))}
    inputs = xr.Dataset({**drawn, "fixed": 1.0}, coords={"scenario": ["baseline"]})
    return inputs, runs


def test_the_odds_after_an_observation_are_bayes(worlds):
    """x seen as 1 ± 0.5: posterior N(0.8, 0.2), so that x + luck is N(0.8, 1.2)."""
    from scipy.stats import norm

    inputs, runs = worlds
    evidence = evidence_of(["x"], np.array([1.0]), np.array([0.5]))
    weights = weights_of(evidence.log_likelihood(runs["output"].values[0, :, :1].T))
    found = reassessed(runs, [target()], weights)
    exact = [1 - norm.cdf(1, 0, np.sqrt(2)), 1 - norm.cdf(1, 0.8, np.sqrt(1.2))]
    errors = found["standard_error"].values[0]
    assert np.all(np.abs(found["probability"].values[0] - exact) < 3 * errors)
    assert float(found["median"].sel(when="after")[0]) == pytest.approx(0.8, abs=0.05)
    assert float(found["change"][0]) == pytest.approx(np.diff(found["probability"].values[0])[0])
    moved = beliefs(inputs, inputs, weights)
    assert list(moved["parameter"].values) == ["x", "luck"]
    assert moved["after"].values[0] == pytest.approx(0.8, abs=0.03)
    assert moved["narrowed"].values[0] == pytest.approx(np.sqrt(0.2), abs=0.03)
    assert moved["narrowed"].values[1] == pytest.approx(1.0, abs=0.03)


def test_the_error_of_a_weighted_probability_is_the_spread_over_samples():
    """Standard errors against the spread of 200 repetitions."""
    found = []
    for seed in range(200):
        x, luck = np.random.default_rng(seed).standard_normal((2, 500))
        weights = weights_of(-0.5 * ((x - 1) / 0.5) ** 2)
        runs = runs_of([2025.0], output=(x + luck)[:, None])
        row = reassessed(runs, [target()], weights).sel(when="after")
        found.append((float(row["probability"][0]), float(row["standard_error"][0])))
    probabilities, errors = np.array(found).T
    assert errors.mean() == pytest.approx(probabilities.std(), rel=0.15)


def test_no_observation_changes_nothing(worlds):
    _, runs = worlds
    found = reassessed(runs, [target()], np.ones(DRAWS))
    assert float(found["change"][0]) == 0.0
    assert float(found["change_standard_error"][0]) == 0.0


def test_an_early_sign_is_the_variable_that_decides(worlds):
    _, runs = worlds
    (sign,) = early_signs(runs, [target(0.0)], ["output", "noise"], [2023.0])
    assert (sign.variable, sign.above) == ("output", True)
    assert sign.threshold == pytest.approx(0.0, abs=0.25)
    assert sign.if_good == pytest.approx(0.75, abs=0.03)  # two standard normals agree in sign
    assert sign.missed_alarms == pytest.approx(0.25, abs=0.06)


def test_beside_the_surest_sign_stands_an_earlier_one_that_is_nearly_as_good():
    """Output in 2025 is known to 0.6 of its spread in 2024, to 0.7 in 2023, to nothing in 2022."""
    rng = np.random.default_rng(1)
    final, early, late, luck = rng.standard_normal((4, DRAWS))
    output = np.stack([luck, final + 0.7 * early, final + 0.6 * late, final], axis=1)
    runs = runs_of([2022.0, 2023.0, 2024.0, 2025.0], output=output)
    years = [2022.0, 2023.0, 2024.0]
    found = early_signs(runs, [target(0.0)], ["output"], years)
    assert [(sign.kind, sign.year) for sign in found] == [("earliest", 2023), ("surest", 2024)]
    (only,) = early_signs(runs, [target(0.0)], ["output"], [2022.0, 2024.0])
    assert (only.kind, only.year) == ("surest", 2024)


def test_what_is_certain_has_no_sign(worlds):
    _, runs = worlds
    assert early_signs(runs, [target(-100.0)], ["output"], [2023.0]) == []
    assert early_signs(runs, [target(0.0, year=2023)], ["output"], [2023.0]) == []


def test_the_best_threshold_parts_what_can_be_parted():
    values = np.array([1.0, 2.0, 3.0, 4.0])
    assert best_threshold(values, np.array([False, False, True, True])) == (2.5, True)
    assert best_threshold(values, np.array([True, True, True, False])) == (3.5, False)


def test_the_required_path_is_a_straight_line():
    assert required(2.0, 2020, target(12.0), 2022) == pytest.approx(6.0)
    assert required(2.0, 2020, target(12.0), 2030) == pytest.approx(12.0)


def test_crps_of_a_normal_forecast_is_the_published_one():
    """Gneiting, Raftery (2007), eq. 5, at the mean: sigma (sqrt(2) - 1) / sqrt(pi)."""
    draws = np.random.default_rng(1).standard_normal(200_000)
    assert crps(draws, 0.0) == pytest.approx((np.sqrt(2) - 1) / np.sqrt(np.pi), rel=0.01)
    assert crps(np.array([3.0]), 1.0) == pytest.approx(2.0)
    weights = np.array([0.25, 0.75])
    repeated = crps(np.array([0.0, 1.0, 1.0, 1.0]), 0.0)
    assert crps(np.array([0.0, 1.0]), 0.0, weights) == pytest.approx(repeated)


def test_bands_and_brier():
    values = np.arange(101.0)
    assert inside(values, 5.0, 0.9)
    assert not inside(values, 4.9, 0.9)
    assert brier(np.array([1.0, 0.5]), np.array([1.0, 0.0])) == pytest.approx(0.125)
    uneven = np.where(values < 50, 0.0, 1.0)
    assert quantiles(values, (0.5,), uneven)[0] == pytest.approx(75.0)
    assert effective_size(uneven) == pytest.approx(51)


def test_draws_of_which_one_half_knows_one_outcome_alone_have_no_sign():
    values = np.arange(20.0)
    met = np.arange(20) % 2 == 0  # the half that finds a threshold attains, the other never
    runs = runs_of([2023.0, 2025.0], output=np.stack([values, np.where(met, 1.0, -1.0)], axis=1))
    assert early_signs(runs, [target(0.0)], ["output"], [2023.0]) == []
