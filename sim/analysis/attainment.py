"""Which targets are met, and how surely: the share of draws in which each is attained."""

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sim.analysis.histogram import Histogram, means, quantiles
from sim.analysis.tally import DIGITS, Tally, groups, tally, thresholds
from sim.ensemble.target import Target

Share = TypeVar("Share", float, xr.DataArray)

LEVELS = (0.05, 0.5, 0.95)
Floats = NDArray[np.float64]
BOTH = ("scenario", "target")


def attainment(runs: xr.Dataset, targets: Sequence[Target], independent: float = 1.0) -> xr.Dataset:
    """The probability of every target in every scenario, and of all together.

    As `attainment_table` of the tally of these runs.
    """
    return attainment_table(tally(runs, targets), targets, runs, independent)


def attainment_table(
    counted: Tally, targets: Sequence[Target], labels: xr.Dataset, independent: float = 1.0
) -> xr.Dataset:
    """What the counts of an ensemble say of the targets, by scenario.

    By target: probability, quantiles, shortfall where missed (mean and quantiles), in the unit of
    the target; `attained_by` (…, time): the share that has met it at some time up to then. By
    group, and of all targets together: the joint probability. `both_missed` (scenario, target,
    other). `threshold_probability` (scenario, threshold). Where there are two scenarios, the
    difference of the first from the second, with the error of paired draws.

    Members that did not stay finite are counted in `failed_members` and left out of the rest.
    `independent` is the share of draws that count as independent ones in standard errors;
    `independent_members` says how many these are.
    Shares are exact; quantiles are off by at most the share that `quantile_error` in attrs says.
    `labels` has the coordinates scenario (with titles) and time.
    """
    draws = xr.DataArray(counted.finite.astype(float), dims="scenario")
    sure = draws * independent

    def share(count: NDArray[np.int64], *dims: str) -> xr.DataArray:
        return xr.DataArray(count.astype(float), dims=("scenario", *dims)) / draws.where(draws > 0)

    low, middle, high = _quantiles(counted.values, counted.met.shape)
    least, typical, most = _quantiles(counted.shortfalls, counted.met.shape)
    mean = means(counted.shortfalls, counted.met.size).reshape(counted.met.shape)
    odds = {
        "": share(counted.met, "target"),
        "group_": share(counted.groups, "group"),
        "joint_": share(counted.together),
    }
    table = xr.Dataset(
        {f"{kind}probability": found for kind, found in odds.items()}
        | {f"{kind}standard_error": standard_error(found, sure) for kind, found in odds.items()}
        | {
            "median": (BOTH, middle),
            "p05": (BOTH, low),
            "p95": (BOTH, high),
            "shortfall_mean": (BOTH, mean),
            "shortfall_p05": (BOTH, least),
            "shortfall_median": (BOTH, typical),
            "shortfall_p95": (BOTH, most),
            "attained_by": share(counted.first[..., :-1].cumsum(axis=2), "target", "time"),
            "both_missed": share(counted.both_missed, "target", "other"),
            "threshold_probability": share(counted.beyond, "threshold"),
            "members": ("scenario", counted.members),
            "failed_members": ("scenario", counted.members - counted.finite),
            "independent_members": ("scenario", np.rint(sure.values).astype(np.int64)),
        },
        attrs={"quantile_error": 2.0**-DIGITS},
    )
    if len(counted.members) == 2:
        table = table.assign(_difference(counted, independent))
    return _with_coordinates(table, labels, targets)


def standard_error(probability: Share, draws: Share) -> Share:
    """The standard error of a share, which stays above zero where none or all attain.

    The share is shrunk by two successes and two failures first (Agresti, Coull 1998,
    10.1080/00031305.1998.10480550). Latin hypercube and Sobol draws are surer than that.
    """
    shrunk = (probability * draws + 2) / (draws + 4)
    error: Share = (shrunk * (1 - shrunk) / (draws + 4)) ** 0.5
    return error


def _quantiles(counted: Histogram, shape: tuple[int, ...]) -> tuple[Floats, ...]:
    found = quantiles(counted, int(np.prod(shape)), LEVELS)
    return tuple(column.reshape(shape) for column in found.T)


def _difference(counted: Tally, independent: float) -> dict[str, xr.DataArray]:
    """First scenario less second, over the draws that stayed finite in both."""
    gained, lost = (xr.DataArray(own, dims="target") for own in (counted.gained, counted.lost))
    gain, error = paired_difference(gained, lost, int(counted.paired), independent)
    return {"difference": gain, "difference_standard_error": error}


def paired_difference(
    gained: xr.DataArray, lost: xr.DataArray, draws: int | xr.DataArray, independent: float = 1.0
) -> tuple[xr.DataArray, xr.DataArray]:
    """By how much a share is greater than another of the same draws, and its standard error: of so
    many `gained` are in the first alone, `lost` in the second alone.

    The error stays above zero where none or few are: half a draw is added first to those in the
    first alone, in the second alone, in both and in neither (Agresti, Min 2005, 10.1002/sim.1781).
    """
    count = np.maximum(draws, 1)
    sure = count * independent + 2
    gain, apart = (gained - lost) / count, (gained + lost) / count
    shrunk = gain * (1 - 2 / sure)
    spread = apart * (1 - 2 / sure) + 1 / sure - shrunk**2
    return gain, (spread / sure) ** 0.5


def odds_of(met: xr.DataArray, independent: float = 1.0) -> xr.Dataset:
    """The share of draws in which something holds, as `attainment_table` has it of targets.

    met: true (or 1) where it holds, NaN where a draw is to be left out; draw among the dims. Has
    `probability` and `standard_error`; where there are two scenarios also `difference`, of the
    first from the second, and `difference_standard_error`, of the draws that both have.
    """
    met = met.astype(float)
    share, draws = met.mean("draw"), met.count("draw")
    error = standard_error(share, draws * independent)
    table = xr.Dataset({"probability": share, "standard_error": error})
    if met.sizes.get("scenario") != 2:
        return table
    first, second = (met.isel(scenario=place, drop=True) for place in (0, 1))
    gain, error = paired_difference(
        (first > second).sum("draw"),
        (second > first).sum("draw"),
        (first - second).count("draw"),
        independent,
    )
    return table.assign(difference=gain, difference_standard_error=error)


def _with_coordinates(
    table: xr.Dataset, labels: xr.Dataset, targets: Sequence[Target]
) -> xr.Dataset:
    def column(values: list[Any]) -> tuple[str, NDArray[Any]]:
        return "target", np.array(values, dtype=None if values else str)

    names = [target.name for target in targets]
    wanted = thresholds(targets)
    return table.assign_coords(
        scenario=labels["scenario"].values,
        title_zh_scenario=("scenario", labels["title_zh"].values),
        title_en_scenario=("scenario", labels["title_en"].values),
        time=labels["time"].variable,
        group=list(groups(targets)),
        group_targets=("group", [len(places) for places in groups(targets).values()]),
        target=names,
        other=names,
        threshold_target=("threshold", [target.name for _, target in wanted]),
        threshold_value=("threshold", [target.value for _, target in wanted]),
        title_zh=column([target.title.zh for target in targets]),
        title_en=column([target.title.en for target in targets]),
        unit=column([target.unit for target in targets]),
        year=column([target.year for target in targets]),
        sense=column([target.sense for target in targets]),
        wanted=column([target.value for target in targets]),
        clause=column([target.clause for target in targets]),
        nature=column([target.nature for target in targets]),
        basis=column([target.basis for target in targets]),
        time_unit=column([target.time_unit for target in targets]),
        group_of=column([target.group for target in targets]),
        variable=column([target.variable for target in targets]),
    )
