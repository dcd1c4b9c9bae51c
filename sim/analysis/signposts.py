"""Signposts: what becomes of a target where one uncertain input turns out low, or high."""

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sim.analysis.attainment import standard_error
from sim.analysis.drivers import (
    Columns,
    Floats,
    by_chance,
    correlations,
    mean_until,
    ranks,
    uncertain,
)
from sim.analysis.measure import attained, quantity
from sim.ensemble.target import Target

Thirds = list[tuple[float, float, float, float]]
"""Median, probability, its standard error, members: of the lowest third, of the highest."""
THIRDS = ("low", "high")


def signposts(
    inputs: xr.Dataset,
    runs: xr.Dataset,
    targets: Sequence[Target],
    most: int = 10,
    independent: float = 1.0,
) -> dict[str, xr.Dataset]:
    """Target → the inputs that go most with it, and its odds in the low and high third of each.

    Of the first scenario. Dims (input, third); strongest first, at most `most`, and none that
    goes with the target no more than an unrelated one may by chance. `median` is the
    median of the target's quantity in its unit, `probability` its attainment, `standard_error`
    that of a share of `members` draws (Agresti, Coull 1998, 10.1080/00031305.1998.10480550), of
    those in the third the share that is `independent`. A
    third of the draws is a sample of the runs that are there: nothing is run again, and inputs
    that are drawn together are not taken apart. A noise stands for its mean up to the year.
    """
    finite = runs["finite"].transpose("scenario", "draw").values[0].astype(bool)
    drawn, noises = uncertain(inputs)
    columns = {name: values[finite] for name, values in drawn.items()}
    ranked = {name: ranks(column) for name, column in columns.items()}
    luck: dict[int, Columns] = {}  # by year, which targets share
    for year in {target.year for target in targets}:
        luck[year] = {
            name: mean_until(values, inputs, year)[finite] for name, values in noises.items()
        }
    lucky = {year: {n: ranks(mean) for n, mean in means.items()} for year, means in luck.items()}
    found = {}
    for target in targets:
        own = quantity(runs, target).values[0][finite]
        going = correlations(own, ranked | lucky[target.year])
        least = by_chance(len(going), finite.sum() * independent)
        beyond = [name for name in going if abs(going[name]) > least]
        strongest = sorted(beyond, key=lambda name: -abs(going[name]))
        met = attained(own, target)
        by_name = columns | luck[target.year]
        told = {name: going[name] for name in strongest[:most]}
        thirds = [_thirds(by_name[name], own, met, independent) for name in told]
        found[target.name] = _table(inputs, told, thirds, own, met)
    return found


def moves_median(signs: xr.Dataset) -> bool:
    """Whether the thirds of the inputs differ in the median of the target. They do not where most
    draws lie at a limit, such as 100 %: then odds alone tell them apart."""
    ends = signs["median"].values
    return ends.size > 0 and len(np.unique(ends)) > ends.size / 2


def _table(
    inputs: xr.Dataset,
    going: Mapping[str, float],
    thirds: Sequence[Thirds],
    own: Floats,
    met: NDArray[np.bool_],
) -> xr.Dataset:
    table = np.array(thirds).reshape(len(thirds), 2, 4)
    names = list(going)
    return xr.Dataset(
        {
            name: (("input", "third"), table[..., place])
            for place, name in enumerate(("median", "probability", "standard_error", "members"))
        },
        coords={
            "input": names,
            "third": list(THIRDS),
            "correlation": ("input", list(going.values())),
            **{
                key: ("input", [str(inputs[name].attrs.get(key) or name) for name in names])
                for key in ("label_zh", "label_en", "role")
            },
        },
        attrs={
            "median": float(np.median(own)) if len(own) else np.nan,
            "probability": float(np.mean(met)) if len(met) else np.nan,
        },
    )


def _thirds(
    column: NDArray[np.float64],
    own: NDArray[np.float64],
    met: NDArray[np.bool_],
    independent: float,
) -> Thirds:
    """Median, probability, its error and members in the lowest and in the highest third."""
    low, high = np.quantile(column, (1 / 3, 2 / 3))
    rows: Thirds = []
    for inside in (column <= low, column >= high):
        members = float(inside.sum()) * independent
        share = float(met[inside].mean())
        error = standard_error(share, members)
        rows.append((float(np.median(own[inside])), share, error, members))
    return rows
