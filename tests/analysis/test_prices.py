"""The process of prices: what past prices tell of it, and whether its bands hold what they say."""

from dataclasses import replace

import numpy as np
import pytest

from sim import data
from sim.analysis import prices
from sim.ensemble.observations import Observation
from sim.ensemble.scenario import read_parameters

TABLE = read_parameters(data.sector_folder())
EARLIER = prices.read_prices(data.conf_folder() / "prices.csv")


def wandering(seed, volatility=0.22, time=6.0, years=25):
    """Yearly prices that the process itself makes, from its stationary state on."""
    rng = np.random.default_rng(seed)
    stays, spread = np.exp(-1 / time), volatility * np.sqrt(time / 2)
    logs = [spread * rng.standard_normal()]
    for _ in range(years - 1):
        logs.append(stays * logs[-1] + spread * np.sqrt(1 - stays**2) * rng.standard_normal())
    return {2001.0 + year: 500 * float(np.exp(value)) for year, value in enumerate(logs)}


def coal(path):
    return TABLE | {"coal_price": replace(TABLE["coal_price"], value=path)}


def test_earlier_prices_meet_the_path_in_its_first_year():
    earlier = [
        Observation("p", year, value, "t", 1.0, "s") for year, value in ((2013, 2), (2015, 4))
    ]
    path = replace(TABLE["coal_price"], name="p", value={2015.0: 10.0, 2016.0: 12.0, 2030.0: 99.0})
    known = prices.history_of({"p": path}, "p", earlier, 2016)
    assert known == {2013: 5.0, 2015: 10.0, 2016: 12.0}
    assert prices.history_of({"p": path}, "p", [], 2015) == {2015: 10.0}
    assert prices.history_of({}, "p", earlier, 2016) == {}


def test_an_estimate_finds_the_volatility_that_made_the_prices():
    for made in (0.1, 0.3):
        found, _ = prices.estimated(wandering(1, made, years=200))
        assert found["p5"] < made < found["p95"] < 1.5 * found["p5"]


def test_the_volatility_of_coal_was_known_before_2021():
    today = TABLE["coal_price_volatility"].value
    for year in (2014, 2017, 2020):
        told, _ = prices.estimated(prices.history_of(TABLE, "coal_price", EARLIER, year))
        assert np.sqrt(told["p5"] * told["p95"]) == pytest.approx(today, rel=1 / 7), year


def test_without_prices_the_estimate_is_what_was_believed_before():
    volatility, time = prices.estimated({2015: 100.0})
    assert (volatility["p5"], volatility["p95"]) == pytest.approx(prices.VOLATILITY, rel=0.03)
    assert (time["p5"], time["p95"]) == pytest.approx(prices.REVERSION, rel=0.03)


def test_bands_hold_nine_in_ten_prices_that_the_process_makes(monkeypatch):
    monkeypatch.setattr(prices, "MEMBERS", 1000)
    held = [
        np.mean([one.inside for one in prices.forecasts(*asked(coal(wandering(seed)), []))])
        for seed in range(12)
    ]
    assert 0.85 < np.mean(held) < 0.97


def asked(table, earlier):
    return ["coal_price"], ["coal_price"], table, earlier, 2025, 1


def test_forecasts_know_nothing_of_what_came_after_their_year():
    path = dict(TABLE["coal_price"].value)
    later = path | {year: 3 * value for year, value in path.items() if year > 2020}
    both = [prices.forecasts(*asked(coal(one), EARLIER)) for one in (path, later)]
    until = [
        [(one.known, one.year, one.p05, one.p95) for one in found if one.known <= 2020]
        for found in both
    ]
    assert until[0] == until[1]
    assert both[0] != both[1]


def test_the_process_holds_most_past_prices_of_coal_and_says_how_rare_2022_was():
    found = prices.forecasts(*asked(TABLE, EARLIER))
    inside = np.mean([one.inside for one in found])
    assert 0.8 <= inside <= 0.95
    doubled = next(one for one in found if (one.known, one.year) == (2020, 2022))
    assert doubled.observed > doubled.p95
    assert 0 < doubled.farther < 0.05


def test_what_runs_draw_is_what_all_prices_known_today_tell():
    until = TABLE["last_observed_price_year"].value
    for price in ("coal_price", "methane_price"):
        known = prices.history_of(TABLE, price, EARLIER, until)
        told = prices.with_process(TABLE, price, known)
        for name in prices.process_of(price):
            assert TABLE[name].distribution == told[name].distribution, name
            assert TABLE[name].value == pytest.approx(told[name].value, rel=1e-3)


def test_a_process_that_a_user_fixes_is_left_alone():
    fixed = replace(TABLE["coal_price_volatility"], value=0.1, distribution=None)
    table = TABLE | {fixed.name: fixed}
    assert prices.with_process(table, "coal_price", wandering(1)) == table


def test_a_year_that_nobody_observed_is_no_price():
    """Between two observed prices a straight line does not wander: it would calm the process."""
    steady = wandering(3, 0.2, years=41)
    observed = {year: price for year, price in steady.items() if year % 3 != 2}
    filled = steady | {
        year: float(np.sqrt(steady[year - 1] * steady[year + 1]))
        for year in steady
        if year not in observed
    }
    path = replace(
        TABLE["coal_price"], value=filled, unobserved=tuple(filled.keys() - observed.keys())
    )
    known = prices.history_of({"coal_price": path}, "coal_price", [], 2041)
    assert known == observed
    told, _ = prices.estimated(known)
    calm, _ = prices.estimated(filled)
    assert calm["p95"] < np.sqrt(told["p5"] * told["p95"])
    assert told["p5"] < 0.2 < told["p95"]


def test_no_price_is_forecast_from_or_for_an_unobserved_year():
    guessed = set(TABLE["methane_price"].unobserved)
    assert guessed
    found = prices.forecasts(["methane_price"], [], TABLE, EARLIER, 2025, 1)
    assert found
    assert not guessed & {year for one in found for year in (one.known, one.year)}
