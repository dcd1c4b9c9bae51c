"""Factors: what a study varies. Points of the unit cube become the inputs of a run.

A factor is an uncertain parameter with its own distribution; a lever or assumption to which the
user gives a range; or a noise, of which a point picks one path.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sim.engine.integrate import Clock
from sim.engine.model import Model
from sim.ensemble.blocks import Draws
from sim.ensemble.inputs import NOISE, at_years, draw_inputs, quantiles
from sim.ensemble.sampling import normals
from sim.ensemble.scenario import Level, Parameter, Scenario

Floats = NDArray[np.float64]

PATHS = 4096
"""How many paths of a noise there are to pick from: as many as no study tells from infinitely
many, few enough to lie in memory."""


@dataclass(frozen=True)
class Factor:
    """One column of a design.

    `parameter.distribution` says which value belongs to which point. Where `scales` is given the
    values are multiples of that level from the year `since` on; with `toward` beside it, how far
    the way from that level to this one is gone (0 to 1).
    """

    parameter: Parameter
    scales: Level | None = None
    since: float = -math.inf
    toward: Level | None = None

    @property
    def name(self) -> str:
        """The parameter's name."""
        return self.parameter.name

    @property
    def unit(self) -> str:
        """The unit of its values; a multiple has none."""
        return self.parameter.unit if self.scales is None else "Dmnl"

    @property
    def is_noise(self) -> bool:
        """Whether a point picks a path."""
        return _is_noise(self.parameter)


def uncertain_factors(table: Mapping[str, Parameter], model: Model) -> list[Factor]:
    """A factor for every parameter of the model that has a distribution, noises last."""
    found = [Factor(p) for p in table.values() if p.distribution and p.name in model.variables]
    return sorted(found, key=lambda factor: factor.is_noise)


def ranged(
    parameter: Parameter,
    low: float,
    high: float,
    scales: Level | None = None,
    since: float = -math.inf,
) -> Factor:
    """A factor that is equally probable between `low` and `high`, or those multiples of a level."""
    distribution = {"kind": "uniform", "low": low, "high": high}
    bounds = parameter.bounds if scales is None else (-math.inf, math.inf)
    return Factor(replace(parameter, distribution=distribution, bounds=bounds), scales, since)


def fixed_inputs(
    model: Model, table: Mapping[str, Parameter], scenario: Scenario, clock: Clock
) -> xr.Dataset:
    """The inputs of one scenario in which nothing is uncertain: dims scenario, and year."""
    certain = {name: replace(p, distribution=None) for name, p in table.items()}
    inputs = draw_inputs(model, certain, (scenario,), clock, 1, 0)
    return inputs.isel(draw=0, drop=True)  # a RANDOM function of the model keeps one path


def inputs_at(
    fixed: xr.Dataset, factors: Sequence[Factor], points: Floats, seed: int
) -> xr.Dataset:
    """`fixed` with the factors as `points` (draw, factor) have them."""
    values = values_at(factors, points)
    columns = {
        factor.name: _noise(factor, values[:, place], fixed, seed)
        if factor.is_noise
        else level_column(factor, values[:, place], fixed)
        for place, factor in enumerate(factors)
    }
    return fixed.assign(columns).assign_coords(draw=np.arange(len(points)))


def values_at(factors: Sequence[Factor], points: Floats) -> Floats:
    """The values of the factors at the points, in their units: (draw, factor).

    A noise keeps its point: a path is not a number.
    """
    columns = [
        points[:, place] if factor.is_noise else quantiles(factor.parameter, points[:, place])
        for place, factor in enumerate(factors)
    ]
    return np.stack(columns, axis=1)


def level_column(factor: Factor, values: Floats, fixed: xr.Dataset) -> xr.DataArray:
    """An input whose level, or the multiple of whose path, differs by draw."""
    attrs = fixed.variables[factor.name].attrs
    if factor.scales is None:
        return xr.DataArray(values, dims="draw", attrs=attrs)
    years = fixed["year"].values
    path = at_years(factor.scales, years)
    if factor.toward is not None:
        levels = path + values[:, None] * (at_years(factor.toward, years) - path)
    else:
        levels = np.where(years >= factor.since, values[:, None], 1.0) * path
    return xr.DataArray(levels, dims=("draw", "year"), attrs=attrs)


def between(level: Level, other: Level, way: float) -> Level:
    """The level that lies that far on the way from one to the other, to four digits."""
    knots = sorted({year for one in (level, other) if isinstance(one, dict) for year in one})
    years = np.array(knots or [0.0])
    start = at_years(level, years)
    found = [float(f"{x:.4g}") for x in start + way * (at_years(other, years) - start)]
    return dict(zip(knots, found, strict=True)) if knots else found[0]


def _noise(factor: Factor, points: Floats, fixed: xr.Dataset, seed: int) -> xr.DataArray:
    paths = noise_paths(factor.name, fixed.sizes["step"], seed)
    picked = np.minimum((points * PATHS).astype(int), PATHS - 1)
    attrs = fixed.variables[factor.name].attrs
    return xr.DataArray(paths[picked], dims=("draw", "step"), attrs=attrs)


@lru_cache(maxsize=8)
def noise_paths(name: str, steps: int, seed: int) -> Floats:
    """The paths of a noise that points pick from: (PATHS, steps)."""
    return normals(seed, name, steps, Draws(0, PATHS))


def _is_noise(parameter: Parameter) -> bool:
    return parameter.distribution is not None and parameter.distribution["kind"] == NOISE
