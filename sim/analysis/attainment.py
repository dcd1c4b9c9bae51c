"""Which targets are met, and how surely: the share of draws in which each is attained."""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from sim.engine.units import factor
from sim.ensemble.target import Target
from sim.text import Refused, Text, near


def check_targets(targets: Sequence[Target], units: dict[str, str], years: Sequence[float]) -> None:
    """Refuses targets whose variable, year or unit the model does not have, all at once.

    `units` gives the unit of every variable of the model, `years` the years that are saved.
    """
    absent = [target for target in targets if target.variable not in units]
    there = [target for target in targets if target.variable in units]
    problems = [_absent(absent, there, units)] if absent else []
    for target in there:
        for year in (target.year, target.since):
            if year is not None and year not in years:
                problems.append(
                    Text(
                        f"目标 {target.name}：{year} 年不在模型保存的年份内",
                        f"target {target.name}: {year} is not among the years that are saved",
                    )
                )
        try:
            factor(unit_of(target, units[target.variable]), target.unit)
        except Refused as refused:
            problems += [
                Text(f"目标 {target.name}：{p.zh}", f"target {target.name}: {p.en}")
                for p in refused.problems
            ]
    if problems:
        raise Refused(*problems)


def _absent(absent: Sequence[Target], there: Sequence[Target], units: dict[str, str]) -> Text:
    """What is said of targets whose variables the model lacks, and the way out."""
    names = ", ".join(f"{target.name} ({target.variable})" for target in absent)
    rest = ",".join(target.name for target in there)
    way = Text(f"；只看其余目标：targets={rest}", f"; for the others alone: targets={rest}")
    if not there:
        way = Text(
            "；不涉及规划目标的模型请在 Python 中用 sim.simulate 运行",
            "; a model without these targets runs from Python with sim.simulate",
        )
    hint = near(absent[0].variable, units) if len(absent) == 1 else Text("", "")
    return Text(
        f"模型中没有这些目标的变量：{names}{hint.zh}{way.zh}",
        f"the model lacks the variables of these targets: {names}{hint.en}{way.en}",
    )


def quantity(runs: xr.Dataset, target: Target) -> xr.DataArray:
    """What a target is about, in its unit: dims (scenario, draw)."""
    own = runs[target.variable]
    values = own.sel(time=target.year).drop_vars("time")
    if target.since is not None:
        before = own.sel(time=target.since).drop_vars("time")
        change = target.measure == "change"
        values = values - before if change else mean_growth(before, values, _years(target))
    return values * factor(unit_of(target, own.attrs["units"]), target.unit)


def unit_of(target: Target, unit: str) -> str:
    """The unit in which a target's quantity is computed from a variable in `unit`."""
    return "1/Year" if target.measure == "mean_growth" else unit


def mean_growth(before: xr.DataArray, after: xr.DataArray, years: int) -> xr.DataArray:
    """Compound growth a year between two levels; from nothing to something it is infinite."""
    start, end = np.maximum(before.values, 0.0), np.maximum(after.values, 0.0)
    beside = np.where(end > 0, np.inf, 1.0)
    ratio = np.divide(end, start, out=beside, where=start > 0)
    return after.copy(data=ratio ** (1.0 / years) - 1.0)


def _years(target: Target) -> int:
    assert target.since is not None
    return target.year - target.since


def attained(values: xr.DataArray, target: Target) -> xr.DataArray:
    """Whether each value meets the target."""
    match target.sense:
        case "at_least":
            return values >= target.value
        case "at_most":
            return values <= target.value
        case "above":
            return values > target.value
        case "below":
            return values < target.value
        case "about":
            return abs(values - target.value) <= target.band * abs(target.value)
    raise NotImplementedError(target.sense)


def standard_error(probability: xr.DataArray, draws: xr.DataArray) -> xr.DataArray:
    """The standard error of a share, which stays above zero where none or all attain.

    The share is shrunk by two successes and two failures first (Agresti, Coull 1998,
    10.1080/00031305.1998.10480550). Latin hypercube and Sobol draws are surer than that.
    """
    shrunk = (probability * draws + 2) / (draws + 4)
    return (shrunk * (1 - shrunk) / (draws + 4)) ** 0.5


def attainment(runs: xr.Dataset, targets: Sequence[Target]) -> xr.Dataset:
    """The probability of every target in every scenario, and of all together.

    Dims (scenario, target); quantiles in the unit of the target. Members that did not stay
    finite are counted in `failed_members` and left out of every share and quantile. The
    difference of the first two scenarios has the error of paired draws.
    """
    finite = runs["finite"]
    values = xr.concat(
        [quantity(runs, target).reset_coords(drop=True) for target in targets], dim="target"
    ).where(finite)
    met = xr.concat([attained(values[i], t) for i, t in enumerate(targets)], dim="target")
    draws = finite.sum("draw")
    share = met.where(finite).mean("draw")
    together = met.all("target").where(finite).mean("draw")
    low, middle, high = _quantiles(values)
    table = xr.Dataset(
        {
            "probability": share,
            "standard_error": standard_error(share, draws),
            "median": middle,
            "p05": low,
            "p95": high,
            "joint_probability": together,
            "joint_standard_error": standard_error(together, draws),
            "members": xr.full_like(draws, runs.sizes["draw"]),
            "failed_members": runs.sizes["draw"] - draws,
        }
    )
    if runs.sizes["scenario"] == 2:
        table = table.assign(_difference(met, finite))
    return _with_coordinates(table.transpose("scenario", "target"), runs, targets)


def _quantiles(values: xr.DataArray) -> tuple[xr.DataArray, xr.DataArray, xr.DataArray]:
    """The 5, 50 and 95 % quantiles over draws, those that are not finite left out."""
    dims = tuple(dim for dim in values.dims if dim != "draw")
    ordered = values.transpose(*dims, "draw").values
    with np.errstate(invalid="ignore"):  # growth from nothing is infinite
        if np.isnan(ordered).any():
            found = np.nanquantile(ordered, (0.05, 0.5, 0.95), axis=-1)
        else:
            found = np.quantile(ordered, (0.05, 0.5, 0.95), axis=-1)
    template = values.isel(draw=0, drop=True).transpose(*dims)
    low, middle, high = (template.copy(data=part) for part in found)
    return low, middle, high


def _difference(met: xr.DataArray, finite: xr.DataArray) -> dict[str, xr.DataArray]:
    """First scenario less second, over the draws that stayed finite in both."""
    both = finite.all("scenario")
    gain = met.isel(scenario=0, drop=True).astype(float) - met.isel(scenario=1, drop=True)
    gain = gain.where(both)
    spread = gain.std("draw", ddof=1) if met.sizes["draw"] > 1 else gain.mean("draw") * 0
    return {
        "difference": gain.mean("draw"),
        "difference_standard_error": spread / np.sqrt(both.sum("draw")),
    }


def _with_coordinates(table: xr.Dataset, runs: xr.Dataset, targets: Sequence[Target]) -> xr.Dataset:
    def column(values: list[object]) -> tuple[str, list[object]]:
        return "target", values

    return table.assign_coords(
        scenario=runs["scenario"],
        title_zh_scenario=runs["title_zh"],
        title_en_scenario=runs["title_en"],
        target=[target.name for target in targets],
        title_zh=column([target.title.zh for target in targets]),
        title_en=column([target.title.en for target in targets]),
        unit=column([target.unit for target in targets]),
        year=column([target.year for target in targets]),
        sense=column([target.sense for target in targets]),
        wanted=column([target.value for target in targets]),
        clause=column([target.clause for target in targets]),
        nature=column([target.nature for target in targets]),
        variable=column([target.variable for target in targets]),
    )
