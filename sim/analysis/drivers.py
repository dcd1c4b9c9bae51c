"""What drives each target: the uncertain inputs whose ranks go with it most."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sim.analysis.measure import quantity
from sim.ensemble.target import Target

RANKS = 3
MOST_DRAWS = 10_000
"""Drivers are judged by the first so many draws: among as many the luckiest of two hundred inputs
that matter nothing reaches 0.04."""

Floats = NDArray[np.float64]
Columns = dict[str, Floats]


@dataclass(frozen=True)
class Sample:
    """What the first scenario's draws had: inputs by name, and the quantity of each target.

    drawn: (draws,) each. noises: (draws, target) each, the mean up to the target's year.
    quantities: (target, draws).
    """

    drawn: Columns
    noises: Columns
    quantities: Floats


def drivers(
    inputs: xr.Dataset, runs: xr.Dataset, targets: Sequence[Target], independent: float = 1.0
) -> xr.Dataset:
    """The three inputs with the largest rank correlation with each target, strongest first.

    As `driver_table` of the sample of these draws.
    """
    return driver_table(sample_of(inputs, runs, targets), inputs, targets, independent)


def sample_of(inputs: xr.Dataset, runs: xr.Dataset, targets: Sequence[Target]) -> Sample:
    """What counts for the drivers, of the draws below MOST_DRAWS that stayed finite."""
    used = runs["finite"].values[0] & (runs["draw"].values < MOST_DRAWS)
    first = runs.isel(scenario=slice(0, 1), draw=slice(0, 1 + np.flatnonzero(used).max(initial=-1)))
    there = used[: first.sizes["draw"]]
    own, noises = ({name: v[used] for name, v in drawn.items()} for drawn in uncertain(inputs))
    years = [target.year for target in targets]
    until = {  # few years serve many targets
        name: {year: mean_until(values, inputs, year) for year in set(years)}
        for name, values in (noises.items() if targets else ())
    }
    count = int(there.sum())
    return Sample(
        own,
        {name: _rows([means[y] for y in years], count).T for name, means in until.items()},
        _rows([quantity(first, target).values[0][there] for target in targets], count),
    )


def mean_until(noise: Floats, inputs: xr.Dataset, year: float) -> Floats:
    """The mean of a noise (draw, step) over the steps up to a year, for each draw."""
    mean: Floats = noise[:, inputs["step"].values <= year].mean(axis=1)
    return mean


def _rows(rows: list[Floats], draws: int) -> Floats:
    """The rows as one array, (0, draws) where there are none."""
    return np.array(rows).reshape(len(rows), draws)


def joined(parts: Sequence[Sample]) -> Sample:
    """The sample of all draws, in their order."""

    def columns(name: str) -> Columns:
        first: Mapping[str, Floats] = getattr(parts[0], name)
        return {key: np.concatenate([getattr(p, name)[key] for p in parts]) for key in first}

    quantities = np.concatenate([part.quantities for part in parts], axis=1)
    return Sample(columns("drawn"), columns("noises"), quantities)


def driver_table(
    sample: Sample, inputs: xr.Dataset, targets: Sequence[Target], independent: float = 1.0
) -> xr.Dataset:
    """The three inputs with the largest rank correlation with each target, strongest first.

    Spearman's rank correlation over the draws of the sample, at the target's year. A noise
    stands for its mean up to that year. Dims (target, rank); `input` is empty where fewer go with
    the target more than an unrelated one may by chance: `by_chance` in attrs, of the draws the
    share that is `independent`. `inputs` gives the labels.
    """
    draws = sample.quantities.shape[1]
    least = by_chance(len(sample.drawn) + len(sample.noises), draws * independent)
    own = {name: ranks(values) for name, values in sample.drawn.items()}
    luck: dict[int, Columns] = {}  # by year, which targets share
    rows = []
    for place, (target, values) in enumerate(zip(targets, sample.quantities, strict=True)):
        if target.year not in luck:
            means = {name: found[:, place] for name, found in sample.noises.items()}
            luck[target.year] = {name: ranks(mean) for name, mean in means.items()}
        rows.append(_strongest(correlations(values, own | luck[target.year]), least))
    return _labelled(rows, inputs, targets).assign_attrs(by_chance=least)


def uncertain(inputs: xr.Dataset, scenario: int = 0) -> tuple[Columns, Columns]:
    """What is drawn in a scenario: values (draw,), and noises (draw, step), by name."""
    drawn: Columns = {}
    noises: Columns = {}
    for name, column in inputs.variables.items():  # iterating data_vars costs far more
        own = column.isel(scenario=scenario) if "scenario" in column.dims else column
        if own.dims == ("draw",) and name not in inputs.coords:
            drawn[str(name)] = own.values
        elif set(own.dims) == {"draw", "step"}:
            noises[str(name)] = own.transpose("draw", "step").values
    return drawn, noises


def ranks(values: Floats) -> Floats:
    """The rank of each value, equal values sharing their mean rank; centred, of unit length."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    mean_rank = np.cumsum(counts) - (counts - 1) / 2
    centred = mean_rank[place] - (len(values) + 1) / 2
    length = np.sqrt((centred**2).sum())
    return centred / length if length > 0 else centred * 0.0


def correlations(values: Floats, columns: Columns) -> dict[str, float]:
    """Spearman's rank correlation of `values` with each column (of `ranks`)."""
    own = ranks(values)
    return {name: float(column @ own) for name, column in columns.items()}


def by_chance(inputs: int, draws: float) -> float:
    """The rank correlation that none of so many unrelated inputs reaches in 19 cases of 20, among
    so many independent draws: Bonferroni's bound."""
    at = NormalDist().inv_cdf(1 - 0.025 / max(inputs, 1))
    return at / math.sqrt(max(draws - 1, 1))


def _strongest(found: dict[str, float], least: float) -> list[tuple[str, float]]:
    beyond = [(name, value) for name, value in found.items() if abs(value) > least]
    strongest = sorted(beyond, key=lambda item: -abs(item[1]))[:RANKS]
    return strongest + [("", np.nan)] * (RANKS - len(strongest))


def _labelled(
    rows: list[list[tuple[str, float]]], inputs: xr.Dataset, targets: Sequence[Target]
) -> xr.Dataset:
    dims = ("target", "rank")

    def table(cells: list[list[Any]], kind: type) -> tuple[tuple[str, str], NDArray[Any]]:
        return dims, np.array(cells, dtype=kind).reshape(-1, RANKS)

    def attribute(key: str) -> tuple[tuple[str, str], NDArray[Any]]:
        said = [[inputs.variables[n].attrs[key] if n else "" for n, _ in row] for row in rows]
        return table(said, str)

    return xr.Dataset(
        {
            "input": table([[name for name, _ in row] for row in rows], str),
            "label_zh": attribute("label_zh"),
            "label_en": attribute("label_en"),
            "role": attribute("role"),
            "correlation": table([[value for _, value in row] for row in rows], float),
        },
        coords={"target": [target.name for target in targets], "rank": range(1, RANKS + 1)},
    )
