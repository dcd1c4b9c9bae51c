"""What drives each target: the uncertain inputs whose ranks go with it most."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sim.analysis.attainment import quantity
from sim.ensemble.target import Target

RANKS = 3


def drivers(inputs: xr.Dataset, runs: xr.Dataset, targets: Sequence[Target]) -> xr.Dataset:
    """The three inputs with the largest rank correlation with each target, strongest first.

    Spearman's rank correlation over the draws of the first scenario, at the target's year. A
    noise stands for its mean up to that year. Dims (target, rank); `input` is empty where
    fewer inputs are uncertain or the target's quantity does not vary.
    """
    own_runs = runs.isel(scenario=slice(0, 1))
    finite = own_runs["finite"].values[0]
    drawn, noises = _uncertain(inputs)
    columns = {name: ranks(values[finite]) for name, values in drawn.items()}
    rows = []
    for target in targets:
        luck = {
            name: ranks(noise[finite][:, inputs["step"].values <= target.year].mean(axis=1))
            for name, noise in noises.items()
        }
        values = quantity(own_runs, target).values[0][finite]
        rows.append(_strongest(correlations(values, columns | luck)))
    return _labelled(rows, inputs, targets)


Columns = dict[str, NDArray[np.float64]]


def _uncertain(inputs: xr.Dataset) -> tuple[Columns, Columns]:
    """What is drawn in the first scenario: values (draw,), and noises (draw, step), by name."""
    drawn: Columns = {}
    noises: Columns = {}
    for name, column in inputs.variables.items():  # iterating data_vars costs far more
        own = column.isel(scenario=0) if "scenario" in column.dims else column
        if own.dims == ("draw",) and name not in inputs.coords:
            drawn[str(name)] = own.values
        elif set(own.dims) == {"draw", "step"}:
            noises[str(name)] = own.transpose("draw", "step").values
    return drawn, noises


def ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The rank of each value, equal values sharing their mean rank; centred, of unit length."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    mean_rank = np.cumsum(counts) - (counts - 1) / 2
    centred = mean_rank[place] - (len(values) + 1) / 2
    length = np.sqrt((centred**2).sum())
    return centred / length if length > 0 else centred * 0.0


def correlations(values: NDArray[np.float64], columns: Columns) -> dict[str, float]:
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
        return [[inputs.variables[n].attrs[key] if n else "" for n, _ in row] for row in rows]

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
