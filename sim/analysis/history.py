"""How the model compares with what was observed: errors, bands, naive forecasts, Theil's shares.

The points were at hand when the model was fitted, so that what is found here says how well it
fits, not how well it forecasts.
"""

import math
from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy import special

from sim.analysis.measure import years_in
from sim.engine.units import factor
from sim.ensemble.observations import Observation
from sim.ensemble.sampling import generator
from sim.text import Refused, Text, near

Floats = NDArray[np.float64]

BANDS = {0.5: (0.25, 0.75), 0.9: (0.05, 0.95)}
NAIVE_POINTS, THEIL_POINTS = 3, 8
"""Points that a series needs before it is held against naive forecasts, or decomposed."""
TOLERANCE = {
    ("gdp_nominal", "level"): 0.05,
    ("population", "level"): 0.015,
    **dict.fromkeys(
        [(f"{name}_nominal", "level") for name in ("agriculture", "secondary", "services")], 0.1
    ),
    ("gdp_real", "mean_growth"): 0.003,
}
"""How far the median may lie from what was observed: a share of a level, points of a growth."""


def check_history(
    observations: Sequence[Observation], units: dict[str, str], years: Sequence[float]
) -> list[Text]:
    """Observations whose variable, year or unit the model does not have."""
    problems: list[Text] = []
    for one in observations:
        where = f"{one.variable} {one.year:g}"
        if one.variable not in units:
            hint = near(one.variable, units)
            problems.append(
                Text(
                    f"观测 {where}：模型中没有这一变量{hint.zh}",
                    f"observation {where}: the model has no such variable{hint.en}",
                )
            )
            continue
        if not {one.year, one.year if one.since is None else one.since} <= set(years):
            problems.append(
                Text(
                    f"观测 {where}：该年不在模型保存的年份内",
                    f"observation {where}: the model does not save that year",
                )
            )
        unit = unit_of(one, units[one.variable])
        try:
            factor(one.unit, unit)
        except Refused as refused:
            problems += [
                Text(f"观测 {where}：{own.zh}", f"observation {where}: {own.en}")
                for own in refused.problems
            ]
    return problems


def unit_of(one: Observation, unit: str) -> str:
    """The unit of what is observed of a variable in `unit`."""
    return {"mean_growth": "1/Year", "ratio": "Dmnl"}.get(one.measure, unit)


def shown(values: xr.DataArray, one: Observation) -> xr.DataArray:
    """What would be observed of a variable, as `one` measures it: its dims without time."""
    after = values.sel(time=one.year).drop_vars("time")
    before = after if one.since is None else values.sel(time=one.since).drop_vars("time")
    unit = str(values["time"].attrs.get("units", "Year"))
    return after.copy(data=measured(one, after.values, before.values, unit))


def measured(one: Observation, after: Floats, before: Floats, time_unit: str) -> Floats:
    """What an observation measures, from the variable in its year and in the year it is since;
    the model counts time in `time_unit`, and growth is of a year."""
    match one.measure:
        case "level":
            return after
        case "change":
            return after - before
        case "ratio":
            return after / before
        case "mean_growth":
            assert one.since is not None
            with np.errstate(invalid="ignore", divide="ignore"):  # far-off worlds show NaN
                years = (one.year - one.since) * years_in(time_unit)
                return np.asarray((after / before) ** (1.0 / years) - 1.0)
        case other:
            raise NotImplementedError(f"{other} of {one.variable}")


def compare(runs: xr.Dataset, observations: Sequence[Observation], seed: int = 1) -> xr.Dataset:
    """Each observed point beside the runs of the first scenario, in the unit of the model.

    Dims (point). `median`, and `error` = median / observed - 1, are the model's alone; the bands
    are of what would be observed: a draw of the model and an error of measurement, both. Where
    all draws agree (a point that the model starts from) `given` is True: it tests nothing.
    """
    rows = [_point(runs, one, seed) for one in observations]
    columns = {name: [row[name] for row in rows] for name in rows[0]} if rows else {}
    return xr.Dataset(
        {name: ("point", values) for name, values in columns.items()},
        attrs={"source": "Observation and draws of the baseline; bands hold measurement error"},
    )


def _point(runs: xr.Dataset, one: Observation, seed: int) -> dict[str, object]:
    unit = unit_of(one, runs[one.variable].attrs["units"])
    scale = factor(one.unit, unit)
    drawn = shown(runs[one.variable].isel(scenario=0), one).values
    drawn = drawn[runs["finite"].isel(scenario=0).values]
    observed, spread = one.value * scale, one.error * scale
    noise = generator(seed, name_of(one)).standard_normal(len(drawn))
    seen = drawn + spread * noise
    median = float(np.median(drawn))
    row: dict[str, object] = {
        "variable": one.variable,
        "year": one.year,
        "since": np.nan if one.since is None else one.since,
        "measure": one.measure,
        "unit": unit,
        "observed": observed,
        "spread": spread,
        "median": median,
        "error": median / observed - 1 if observed else np.nan,
        "given": bool(np.ptp(drawn) <= 1e-9 * abs(median)),
    }
    for share, ends in BANDS.items():
        low, high = np.quantile(seen, ends)
        row[f"low_{share:.0%}"], row[f"high_{share:.0%}"] = low, high
        row[f"inside_{share:.0%}"] = bool(low <= observed <= high)
    return row


def name_of(one: Observation) -> str:
    """What names a point: a level by its year alone, so that its error stays as it was drawn."""
    years = [one.year] if one.since is None else [one.year, one.since]
    return " ".join([one.variable, *(f"{year:g}" for year in years)])


def coverage(points: xr.Dataset, share: float) -> tuple[int, int]:
    """How many points lie in their band, of how many that test anything."""
    tested = ~points["given"].values.astype(bool)
    inside = points[f"inside_{share:.0%}"].values.astype(bool)
    return int((inside & tested).sum()), int(tested.sum())


def least_coverage(points: int, share: float = 0.9) -> int:
    """How many of so many points must lie in a band that claims to hold that share of them."""
    return math.ceil(share * points - 1e-9)


def astray(points: xr.Dataset) -> list[tuple[str, float, float, float]]:
    """Variable, year, deviation and tolerance where the median lies too far from the observed."""
    found = []
    for i in range(points.sizes["point"]):
        one = points.isel(point=i)
        name, measure = str(one["variable"].values), str(one["measure"].values)
        tolerance = TOLERANCE.get((name, measure), np.inf)
        relative = float(one["observed"]) if measure == "level" else 1.0
        deviation = float(one["median"] - one["observed"]) / relative
        if abs(deviation) > tolerance:
            found.append((name, float(one["year"]), deviation, tolerance))
    return found


def band_ratios(points: xr.Dataset, variable: str) -> Floats:
    """The model's 90 % band over that of the narrower naive forecast, for each later point.

    A naive forecast's band is what its own errors in this series support: relative errors of root
    mean square s over n forecasts give Student's t with n degrees of freedom, and the error of
    measurement is added in quadrature, since the model's band holds it as well.
    """
    series = _series(points, variable)
    years, observed = series["year"], series["observed"]
    if len(years) < 2 or (observed <= 0).any():
        return np.array([])
    steps = np.diff(years)
    logs = np.diff(np.log(observed))
    forecasts = {"last": (observed[:-1], observed[1:])}
    if len(years) >= NAIVE_POINTS:
        grown = observed[1:-1] * np.exp(logs[:-1] / steps[:-1] * steps[1:])
        forecasts["growth"] = (grown, observed[2:])
    widest = [
        special.stdtrit(len(seen), 0.95) * np.sqrt(np.mean((made / seen - 1) ** 2))
        for made, seen in forecasts.values()
    ]
    naive = np.hypot(min(widest) * observed[1:], special.ndtri(0.95) * series["spread"][1:])
    return np.asarray((series["high_90%"] - series["low_90%"])[1:] / (2 * naive))


def naive_errors(points: xr.Dataset, variable: str) -> dict[str, float]:
    """Root mean square of relative errors from the third point on: model, and naive forecasts.

    "last": the observation before. "growth": that, grown as between the two before it. Both know
    all earlier observations, and the model was fitted to all; NaN where points are too few.
    """
    series = _series(points, variable)
    years, observed, modelled = (series[name] for name in ("year", "observed", "median"))
    if len(years) < NAIVE_POINTS or (observed <= 0).any():
        return dict.fromkeys(("model", "last", "growth"), np.nan)
    last = observed[1:-1]
    rate = np.log(observed[1:-1] / observed[:-2]) / np.diff(years)[:-1]
    grown = last * np.exp(rate * np.diff(years)[1:])
    forecasts = {"model": modelled[2:], "last": last, "growth": grown}
    return {
        name: float(np.sqrt(np.mean((forecast / observed[2:] - 1) ** 2)))
        for name, forecast in forecasts.items()
    }


def theil_shares(simulated: Floats, observed: Floats) -> tuple[float, float, float]:
    """Theil's inequality proportions of the mean square error: bias, variation, covariation.

    U_m = (S̄ - Ā)² / MSE, U_s = (s_S - s_A)² / MSE, U_c = 2 (1 - r) s_S s_A / MSE; they add up
    to 1. Theil (1966), Applied Economic Forecasting; for system dynamics Sterman (1984),
    Appropriate summary statistics for evaluating the historical fit, Dynamica 10 (2), 51-66.
    Standard deviations divide by n. NaN where both are equal.
    """
    error = float(np.mean((simulated - observed) ** 2))
    if error == 0:
        return np.nan, np.nan, np.nan
    bias = float(simulated.mean() - observed.mean()) ** 2
    variation = float(simulated.std() - observed.std()) ** 2
    together = float(np.mean((simulated - simulated.mean()) * (observed - observed.mean())))
    covariation = 2 * (float(simulated.std() * observed.std()) - together)
    return bias / error, variation / error, covariation / error


def theil(points: xr.Dataset, variable: str) -> tuple[float, float, float] | None:
    """Theil's shares for one series; None where it has too few points to be decomposed."""
    series = _series(points, variable)
    if len(series["year"]) < THEIL_POINTS:
        return None
    return theil_shares(series["median"], series["observed"])


def variables(points: xr.Dataset) -> dict[str, int]:
    """The variables whose level is observed, and in how many years."""
    levels = points["variable"].values[points["measure"].values == "level"]
    names, counts = np.unique(levels.astype(str), return_counts=True)
    return dict(zip(names.tolist(), counts.tolist(), strict=True))


def _series(points: xr.Dataset, variable: str) -> dict[str, Floats]:
    """Year, observed, its error, median and band of one variable, in order of the years."""
    level = points["measure"].values == "level"
    own = points.isel(point=level & (points["variable"].values == variable))
    order = np.argsort(own["year"].values.astype(float))
    columns = ("year", "observed", "spread", "median", "low_90%", "high_90%")
    return {name: own[name].values.astype(float)[order] for name in columns}
