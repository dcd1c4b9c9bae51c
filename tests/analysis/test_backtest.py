"""Forecasts from frozen knowledge: nothing later is seen, and good ones score better."""

import numpy as np
import pytest
import xarray as xr

from sim.analysis.backtest import naive, scored, skill
from sim.analysis.evidence import evidence_of
from sim.analysis.reliability import Band, read_bands, with_skill, write_bands
from sim.ensemble.hindsight import (
    Foresight,
    carried_on,
    following,
    held,
    known_in,
    reverted,
    without_doubt,
)
from sim.ensemble.observations import Observation
from sim.ensemble.scenario import Parameter, Scenario, Setting
from sim.report.rows import skill_sentences
from sim.text import Text

YEARS = (2015.0, 2017.0, 2020.0, 2022.0)
VALUES = np.array([100.0, 110.0, 130.0, 140.0])


def forecasts(shift=0.0, spread=5.0):
    seen = [Observation("gdp", y, v, "t", 1.0, "test") for y, v in zip(YEARS, VALUES, strict=True)]
    evidence = evidence_of([f"gdp {y:g}" for y in YEARS], VALUES, np.full(4, 1.0))
    rng = np.random.default_rng(1)
    shown = VALUES[:, None] + shift + spread * rng.standard_normal((4, 5000))
    return scored(2017, evidence, seen, shown, rng.standard_normal((4, 5000)))


def test_only_what_came_later_is_forecast():
    assert [one.name for one in forecasts()] == ["gdp 2020", "gdp 2022"]


def test_naive_forecasts_know_what_was_known():
    known = [(2015.0, 100.0), (2017.0, 110.0)]
    assert naive(known, 2021.0) == (110.0, pytest.approx(110.0 * 1.1**2))
    assert np.isnan(naive([], 2020.0)).all()
    assert np.isnan(naive(known[:1], 2020.0)[1])
    first = forecasts()[0]
    assert first.last == pytest.approx(1 - 110 / 130)


def test_a_good_forecast_scores_better_than_a_bad_one():
    good, biased, vague = (skill(forecasts(*kind)) for kind in ((0, 5), (40, 5), (0, 60)))
    assert good.crps < biased.crps
    assert good.crps < vague.crps
    assert good.brier < biased.brier
    assert (good.inside_ninety, biased.inside_ninety, vague.inside_ninety) == (2, 0, 2)
    assert good.crps_beside_last < good.last
    assert sum(count for *_, count, _ in good.reliability) == good.events == 12


def test_a_path_is_held_where_it_was():
    assert held({2015.0: 1.0, 2020.0: 2.0, 2025.0: 9.0}, 2017.5) == {2015.0: 1.0, 2017.5: 1.5}
    assert held(3.0, 2017) == 3.0
    assert held({2020.0: 2.0, 2025.0: 9.0}, 2017) == {2017: 2.0}


def test_a_trend_is_carried_on_as_it_was_until_then():
    path = carried_on({2015.0: 1.0, 2017.0: 1.21, 2018.0: 5.0, 2019.0: 9.0}, 2017)
    assert path == pytest.approx({2015.0: 1.0, 2017.0: 1.21, 2018.0: 1.331, 2019.0: 1.4641})
    assert carried_on({2015.0: 0.0, 2019.0: 9.0}, 2017)[2017] == 4.5  # from nothing, no growth
    assert carried_on(3.0, 2017) == 3.0


def test_a_path_goes_back_to_the_mean_of_what_was_known():
    path = {2015.0: 100.0, 2016.0: 400.0, 2017.0: 900.0, 2019.0: 900.0}
    back = reverted(path, 2016, 2.0, {2014: 100, 2015: 100, 2016: 400, 2017: 9e9})
    normal = (100 * 100 * 400) ** (1 / 3)  # nothing after 2016
    assert back[2016] == 400.0
    assert [back[2017], back[2018]] == pytest.approx(
        [normal * (400 / normal) ** np.exp(-span / 2) for span in (1, 2)]
    )
    assert max(back) == 2019.0
    assert reverted(path, 2016, 2.0, {}) == held(path, 2016)


def test_a_path_that_follows_another_keeps_its_ratio_to_it():
    leader = {2015.0: 1.0, 2016.0: 2.0, 2018.0: 3.0}
    assert following({2015.0: 5.0, 2018.0: 50.0}, 2016, leader) == pytest.approx(
        {2015.0: 5.0, 2016.0: 20.0, 2018.0: 30.0}
    )
    assert following(7.0, 2016, leader) == 7.0


def test_tables_and_scenarios_forget_what_came_later():
    def parameter(name, value):
        return Parameter(
            name, "coal", "assumption", value, "t", "assumed", "s", "r", (0, 1e9), None
        )

    table = {
        "price": parameter("price", {2015.0: 1.0, 2022.0: 8.0}),
        "last_year": parameter("last_year", 2025.0),
    }
    words = Text("", "")
    setting = Setting({2020.0: 5.0, 2030.0: 9.0}, words)
    scenario = Scenario("s", words, words, None, {"cap": setting}, {})
    own, then = known_in(2022, table, scenario, Foresight(clocks=["last_year"]))
    assert own["last_year"].value == 2022.0
    assert own["price"].value == {2015.0: 1.0, 2022: 8.0}
    assert then.levers["cap"].value == {2020.0: 5.0, 2022: pytest.approx(5.8)}
    assert table["last_year"].value == 2025.0
    given = Foresight(clocks=["last_year"], given={"price", "cap"})
    own, then = known_in(2022, table, scenario, given)
    assert own["price"].value == table["price"].value
    assert then.levers["cap"].value == setting.value


def test_what_is_given_leaves_no_doubt_about_its_course():
    drawn = {"kind": "uniform", "low": 0.5, "high": 2.0}
    table = {
        name: Parameter(
            name, "s", "parameter", 1.2, "Dmnl", "assumed", "s", "r", distribution=drawn
        )
        for name in ("future_price_level", "price_volatility", "future_other_level")
    }
    certain = without_doubt(table, {"price"})
    told = {name: (one.value, one.distribution) for name, one in certain.items()}
    assert told == {
        "future_price_level": (1.0, None),
        "price_volatility": (0.0, None),
        "future_other_level": (1.2, drawn),
    }


def test_what_stands_beside_a_probability_is_what_came_true_of_those_like_it(tmp_path):
    bands = (Band(0.0, 0.5, 4, 1), Band(0.5, 1.0, 8, 7))
    assert read_bands(write_bands(bands, tmp_path / "skill.csv")) == bands
    assert read_bands(tmp_path / "none.csv") == ()
    stated = xr.Dataset({"probability": (("scenario", "target"), [[0.0, 0.49, 0.5, 1.0]])})
    found = with_skill(stated, bands)
    assert found["backtest_events"].values.tolist() == [[4, 4, 8, 8]]
    assert found["backtest_came_true"].values.tolist() == [[1, 1, 7, 7]]
    assert with_skill(stated, ()) is stated
    assert skill_sentences(found, "en")[0].endswith("of 50%–100%, 7 of 8 came true.")
    assert "概率为 50%–100% 的 8 次应验 7 次" in skill_sentences(found, "zh")[0]
    assert skill_sentences(stated, "zh") == []
