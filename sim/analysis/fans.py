"""Where the variables may go: quantiles at each saved time, from counts that add up."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sim.analysis.histogram import Histogram, histogram, quantiles

DIGITS = 10
"""Quantiles are off by at most 2^-10, a thousandth: less than the line of a chart is thick."""
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
DIMS = ("scenario", "quantile", "time")


def spread(runs: xr.Dataset, variables: Sequence[str]) -> Histogram:
    """The counts of some members: a column per variable, scenario and time."""
    finite = runs["finite"].values[:, None]
    shape = (-1, finite.shape[2])
    by_time = (runs.variables[name].values.swapaxes(1, 2) for name in variables)
    if not finite.all():
        by_time = (np.where(finite, values, np.nan) for values in by_time)
    return histogram([values.reshape(shape) for values in by_time], DIGITS)


def fan_table(
    counted: Histogram,
    like: xr.Dataset,
    variables: Sequence[str],
    members: NDArray[np.int64],
    finite: NDArray[np.int64],
) -> xr.Dataset:
    """The quantiles of each variable: dims (scenario, quantile, time), its attrs those in `like`.

    `like` has the coordinates scenario (with titles) and time, and the variables themselves.
    `members` (scenario) there were, of which `finite` stayed so and count.
    """
    scenarios, times = like.sizes["scenario"], like.sizes["time"]
    found = quantiles(counted, len(variables) * scenarios * times, LEVELS)
    by_variable = found.reshape(len(variables), scenarios, times, len(LEVELS))
    return xr.Dataset(
        {
            name: (DIMS, np.moveaxis(values, 2, 1), dict(like[name].attrs))
            for name, values in zip(variables, by_variable, strict=True)
        },
        coords={
            "scenario": like["scenario"].values,
            "title_zh": ("scenario", like["title_zh"].values),
            "title_en": ("scenario", like["title_en"].values),
            "quantile": list(LEVELS),
            "time": like["time"].variable,
            "members": ("scenario", members),
            "failed_members": ("scenario", members - finite),
        },
        attrs={"quantile_error": 2.0**-DIGITS},
    )


def fans(runs: xr.Dataset, variables: Sequence[str]) -> xr.Dataset:
    """The quantiles of some variables of runs."""
    finite = runs["finite"].values
    members = np.full(len(finite), finite.shape[1])
    return fan_table(spread(runs, variables), runs, variables, members, finite.sum(axis=1))
