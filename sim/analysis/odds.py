"""The odds behind the odds: how they change by year, and how far off a miss is."""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from sim.analysis.attainment import standard_error
from sim.analysis.measure import attained, course, quantity, shortfall
from sim.ensemble.target import Target


def by_year(runs: xr.Dataset, targets: Sequence[Target], independent: float = 1.0) -> xr.Dataset:
    """The probability that a target's level is met in each year, with its standard error.

    Dims (target, scenario, time). What the plan asks for one year is held against every year. A
    target of change or growth has no level by year: it must not be among `targets`.
    `independent`: see `attainment_table`.
    """
    finite = runs["finite"].transpose("scenario", "draw")
    draws = finite.sum("draw")
    met = np.stack([attained(course(runs, target)[1], target) for target in targets])
    good = finite.values.astype(bool)[..., None]
    share = xr.DataArray(
        (met & good).sum(axis=2) / np.maximum(good.sum(axis=1), 1),
        dims=("target", "scenario", "time"),
        coords={"target": [target.name for target in targets], "time": runs["time"].values},
    )
    error = standard_error(share, independent * draws.drop_vars(list(draws.coords)))
    return xr.Dataset({"probability": share, "standard_error": error})


def margins(runs: xr.Dataset, targets: Sequence[Target]) -> xr.DataArray:
    """How far each draw is on the right side of each target, as a share of what is wanted.

    Dims (target, scenario, draw); below zero the target is missed, by that share. For a target of
    "about" it is what is left of its band. NaN for members that diverged and for targets of zero.
    """
    finite = runs["finite"].transpose("scenario", "draw").values.astype(bool)
    rows = [
        -shortfall(quantity(runs, target).values, target) / (abs(target.value) or np.nan)
        for target in targets
    ]
    return xr.DataArray(
        np.where(finite, np.stack(rows), np.nan),
        dims=("target", "scenario", "draw"),
        coords={"target": [target.name for target in targets]},
    )
