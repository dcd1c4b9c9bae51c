"""Runs and back-tests forecast prices by one method: the same noise, and the same way of paths."""

from dataclasses import replace

import numpy as np
import pytest

from sim import data
from sim.analysis import prices
from sim.config import compose_for
from sim.config.backtest import BACKTEST

LAST = {
    "coal_price": "last_observed_price_year",
    "methane_price": "last_observed_methane_price_year",
}


@pytest.mark.parametrize("price", LAST)
@pytest.mark.parametrize("span", [1, 3, 9])
def test_the_model_wanders_as_the_check_of_prices_says(ensemble, table, price, span):
    deviation = ensemble("baseline").runs[f"{price}_deviation"].isel(scenario=0)
    found = deviation.sel(time=table[LAST[price]].value + span).values
    bare = {name: one for name, one in table.items() if name != f"future_{price}_level"}
    said = prices.deviations(price, bare, span, 1)
    ends = (0.1, 0.25, 0.75, 0.9)
    assert np.quantile(found, ends) == pytest.approx(
        np.quantile(said, ends), abs=0.2 * float(np.std(said))
    )


@pytest.mark.parametrize("price", LAST)
def test_prices_do_not_wander_while_they_are_known(ensemble, table, price):
    last = table[LAST[price]].value
    assert last == max(
        year for year in table[price].value if year <= 2025 and year not in table[price].unobserved
    )
    known = ensemble("baseline").runs[f"{price}_deviation"].sel(time=slice(2015, last))
    assert np.abs(known.values).max() == 0


def test_the_baseline_goes_on_as_paths_do_after_a_frozen_year(table):
    settings = compose_for(BACKTEST, scenario="baseline")
    earlier = prices.read_prices(data.conf_folder() / "prices.csv")
    history = prices.history_of(table, "coal_price", earlier, 2025)
    foresight = replace(settings.foresight, histories={"coal_price": history})
    for name in ("coal_price", *foresight.following):
        written, method = table[name].value, foresight.path(name, table, 2025)
        for year in range(2026, 2036):
            one, other = (np.interp(year, list(p), list(p.values())) for p in (written, method))
            assert one == pytest.approx(other, rel=0.1), (name, year)
