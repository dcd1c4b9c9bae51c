"""Means over members that add up: of parts to their whole, and of blocks to all members, exactly.

A sum of floating-point numbers depends on its order, and so on the blocks; a sum of whole
multiples of a small step does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

STEP = 2.0**-20
"""What values are rounded to, in the unit of the variable."""


@dataclass(frozen=True)
class Sums:
    """Of each variable by scenario and time the sum over the members that stayed finite, in steps:
    whole numbers of any size, (variable, scenario, time); and how many these were, (scenario,)."""

    totals: NDArray[Any]
    members: NDArray[np.int64]


def sums(runs: xr.Dataset, variables: Sequence[str]) -> Sums:
    """The sums of some members."""
    finite = runs["finite"].transpose("scenario", "draw").values.astype(bool)
    shape = (len(variables), len(finite), runs.sizes["time"])
    totals = np.empty(shape, dtype=object)
    for place, name in enumerate(variables):
        values = runs[name].transpose("scenario", "draw", "time").values
        values = np.where(finite[:, :, None], values, 0.0)
        whole = np.floor(values)  # apart from the rest, so that neither sum leaves 64 bits
        rest = np.rint((values - whole) / STEP).astype(np.int64).sum(axis=1)
        totals[place] = whole.astype(np.int64).sum(axis=1).astype(object) * round(1 / STEP) + rest
    return Sums(totals, finite.sum(axis=1))


def summed(parts: Sequence[Sums]) -> Sums:
    """The sums of all members of the parts."""
    totals, members = parts[0].totals, parts[0].members
    for part in parts[1:]:
        totals, members = totals + part.totals, members + part.members
    return Sums(totals, members)


def mean_table(found: Sums, like: xr.Dataset, variables: Sequence[str]) -> xr.Dataset:
    """The mean of each variable, (scenario, time), its attrs those in `like`; NaN of no member."""
    with np.errstate(invalid="ignore", divide="ignore"):
        means = found.totals.astype(float) * STEP / found.members[:, None]
    return xr.Dataset(
        {
            name: (("scenario", "time"), own, dict(like[name].attrs))
            for name, own in zip(variables, means, strict=True)
        },
        coords={"scenario": like["scenario"].values, "time": like["time"].variable},
    )


def means(runs: xr.Dataset, variables: Sequence[str]) -> xr.Dataset:
    """The means of some variables of runs."""
    return mean_table(sums(runs, variables), runs, variables)
