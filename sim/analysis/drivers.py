"""What drives each target: the uncertain inputs whose ranks go with it most."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sim.analysis.attainment import quantity
from sim.ensemble.scenario import Target

RANKS = 3


def drivers(inputs: xr.Dataset, runs: xr.Dataset, targets: Sequence[Target]) -> xr.Dataset:
    """The three inputs with the largest rank correlation with each target, strongest first.

    Spearman's rank correlation over the draws of the first scenario, at the target's year. A
    noise stands for its mean up to that year. Dims (target, rank); `input` is empty where
    fewer inputs are uncertain or the target's quantity does not vary.
    """
    own_runs = runs.isel(scenario=slice(0, 1))
    finite = own_runs["finite"].values[0]
    own_inputs = inputs.isel(scenario=0) if "scenario" in inputs.dims else inputs
    fixed = {
        str(name): ranks(column.values[finite])
        for name, column in own_inputs.data_vars.items()
        if column.dims == ("draw",)
    }
    rows = []
    for target in targets:
        columns = fixed | _noises(own_inputs, target.year, finite)
        values = quantity(own_runs, target).values[0][finite]
        rows.append(_strongest(correlations(values, columns)))
    return _labelled(rows, inputs, targets)


def _noises(
    inputs: xr.Dataset, year: int, finite: NDArray[np.bool_]
) -> dict[str, NDArray[np.float64]]:
    found = {}
    for name, column in inputs.data_vars.items():
        if set(column.dims) == {"draw", "step"}:
            mean = column.sel(step=slice(None, year)).mean("step")
            found[str(name)] = ranks(mean.values[finite])
    return found


def ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The rank of each value, equal values sharing their mean rank; centred, of unit length."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    mean_rank = np.cumsum(counts) - (counts - 1) / 2
    centred = mean_rank[place] - (len(values) + 1) / 2
    length = np.sqrt((centred**2).sum())
    return centred / length if length > 0 else centred * 0.0


def correlations(
    values: NDArray[np.float64], columns: dict[str, NDArray[np.float64]]
) -> dict[str, float]:
    """Spearman's rank correlation of `values` with each column (of `ranks`)."""
    own = ranks(values)
    return {name: float(column @ own) for name, column in columns.items()}


def _strongest(found: dict[str, float]) -> list[tuple[str, float]]:
    rising = sorted(found.items(), key=lambda item: -abs(item[1]))
    strongest = [(name, value) for name, value in rising[:RANKS] if value != 0.0]
    return strongest + [("", np.nan)] * (RANKS - len(strongest))


def _labelled(
    rows: list[list[tuple[str, float]]], inputs: xr.Dataset, targets: Sequence[Target]
) -> xr.Dataset:
    dims = ("target", "rank")

    def attribute(key: str) -> list[list[str]]:
        return [[inputs[n].attrs[key] if n else "" for n, _ in row] for row in rows]

    return xr.Dataset(
        {
            "input": (dims, [[name for name, _ in row] for row in rows]),
            "label_zh": (dims, attribute("label_zh")),
            "label_en": (dims, attribute("label_en")),
            "role": (dims, attribute("role")),
            "correlation": (dims, [[value for _, value in row] for row in rows]),
        },
        coords={"target": [target.name for target in targets], "rank": range(1, RANKS + 1)},
    )
