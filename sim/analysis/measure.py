"""What a target asks of the runs: its quantity year by year, whether it is met, what is missing."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sim.engine.units import factor
from sim.ensemble.target import Target
from sim.text import Refused, Text, near

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


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


def unit_of(target: Target, unit: str) -> str:
    """The unit in which a target's quantity is computed from a variable in `unit`."""
    return "1/Year" if target.measure == "mean_growth" else unit


def course(runs: xr.Dataset, target: Target) -> tuple[Floats, Floats]:
    """What a target is about, in its unit, at each time: the times, and (scenario, draw, time).

    Of a change or a growth, the times after `since`.
    """
    return _course(runs, target, slice(None))


def _course(
    runs: xr.Dataset, target: Target, there: slice | NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """`course` of some of the times, that of `since` among them."""
    own = runs.variables[target.variable]
    values, times = own.values[..., there], runs.variables["time"].values[there]
    if target.since is not None:
        before = values[..., times == target.since]
        values, times = values[..., times > target.since], times[times > target.since]
        if target.measure == "change":
            values = values - before
        else:
            years = (times - target.since) * years_in(target.time_unit)
            values = mean_growth(before, values, years)
    scale = factor(unit_of(target, own.attrs["units"]), target.unit)
    return times, as_reported(values if scale == 1.0 else values * scale, target)


def as_reported(values: Floats, target: Target) -> Floats:
    """Values in the unit of a target, to the step to which it is published, halves upwards."""
    step = target.reported_to
    return np.floor(values / step + 0.5) * step if step else values


def years_in(unit: str) -> float:
    """Years in the unit in which a model counts time; one where that is no unit of time."""
    try:
        return factor(unit.strip().capitalize(), "Year")
    except Refused:
        return 1.0


def mean_growth(before: Floats, after: Floats, years: Floats) -> Floats:
    """Compound growth a year between two levels; from nothing to something it is infinite."""
    start, end = np.maximum(before, 0.0), np.maximum(after, 0.0)
    beside = np.where(end > 0, np.inf, 1.0)
    ratio: Floats = np.divide(end, start, out=beside, where=np.broadcast_to(start > 0, end.shape))
    return ratio ** (1.0 / years) - 1.0


def quantity(runs: xr.Dataset, target: Target) -> xr.DataArray:
    """What a target is about in its year, in its unit: dims (scenario, draw)."""
    ends = [year for year in (target.since, target.year) if year is not None]
    values = _course(runs, target, np.isin(runs.variables["time"].values, ends))[1]
    return xr.DataArray(values[..., -1], dims=("scenario", "draw"))


def attained(values: Floats, target: Target) -> Booleans:
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
            return np.abs(values - target.value) <= target.band * abs(target.value)
        case "watched":
            return np.zeros(values.shape, dtype=bool)
    raise NotImplementedError(target.sense)


def shortfall(values: Floats, target: Target) -> Floats:
    """How much each value is short of the target (of "about": of its band), in its unit."""
    match target.sense:
        case "at_least" | "above":
            return target.value - values
        case "at_most" | "below":
            return values - target.value
        case "about":
            return np.abs(values - target.value) - target.band * abs(target.value)
    raise NotImplementedError(target.sense)
