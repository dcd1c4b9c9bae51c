"""An ensemble, a target of one's own, two levers, a calibration to some years: from Python.

    python docs/examples/an_economists_session.py [draws]

All that comes back is a labelled table (xarray): dims and units stand in it, `to_dataframe()` takes
it to pandas. Nothing is written, and nothing printed but what stands here.
"""

import sys

import sim


def main(draws: int = 1000) -> None:
    """Prints what each question is answered with."""
    result = sim.run("high_methane", draws=draws, seed=1, workers="auto")
    gdp = result.runs["gdp_real"]  # dims (scenario, draw, time)
    print(f"{gdp.attrs['label_en']}, {gdp.attrs['units']}, median by scenario in 2035:")
    for name, median in gdp.sel(time=2035).median("draw").to_series().items():
        print(f"  {name}: {median:.0f}")

    # a target of one's own: whatever is true or false of every draw; both scenarios share draws,
    # so that their difference is surer than either
    grown = gdp.sel(time=2035) >= 1.5 * gdp.sel(time=2020)
    odds = result.odds(grown)
    for name in odds["scenario"].values:
        here = odds.sel(scenario=name)
        print(f"  1.5 times 2020, {name}: {pm(here['probability'], here['standard_error'])}")
    print(f"  the difference: {pm(odds['difference'], odds['difference_standard_error'])}")

    # two levers, every pair of levels; `unstack` makes them dims
    levers = {"coal_cap": [4000, 5000], "methane_drilling_permits": {"times": [0.8, 1.2]}}
    swept = sim.sweep(levers=levers, draws=draws // 2, targets=["cbm_output"])
    table = swept["probability"].sel(target="cbm_output").set_index(point=list(levers))
    print(table.unstack("point").to_pandas())

    # a calibration to what was known at the end of 2019: what it narrowed most
    learnt = sim.calibrate(until=2019, members=draws)
    assert learnt.diagnosis["settled"], "the draws have not settled: ask for more members"
    told = learnt.told.to_dataframe().sort_values("narrowed")
    print(told[["label_en", "prior_median", "posterior_median", "narrowed"]].head(3).to_string())


def pm(value: float, error: float) -> str:
    """A share and its standard error."""
    return f"{float(value):.1%} ± {float(error):.1%}"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
