"""Points of a sweep become odds: the whole ensemble of draws inside each point."""

import itertools
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sim.analysis.attainment import standard_error
from sim.analysis.measure import attained, quantity
from sim.engine.compile import System
from sim.engine.integrate import Clock
from sim.engine.model import Model
from sim.ensemble.axes import Axis
from sim.ensemble.blocks import Draws, blocks_of
from sim.ensemble.factors import level_column
from sim.ensemble.inputs import draw_inputs
from sim.ensemble.scenario import Parameter, Scenario
from sim.ensemble.simulate import simulate
from sim.ensemble.target import Target

Floats = NDArray[np.float64]

MEMBERS = 8192
"""Members that are computed together."""
LEVELS = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Swept:
    """What is swept, and the ensemble inside each point; `places`: see `draw_inputs`."""

    model: Model
    table: dict[str, Parameter]
    scenario: Scenario
    clock: Clock
    axes: tuple[Axis, ...]
    draws: int
    seed: int
    sampling: str
    places: Mapping[str, Floats] = field(default_factory=dict, repr=False)

    def inputs(self, points: Floats, some: Draws | None = None) -> xr.Dataset:
        """The inputs of all draws, or of some, at every point, the draws of a point together.

        points: (points, axes), NaN where a point leaves an axis as the scenario has it. All
        points share the draws, so that their differences are the axes, not luck.
        """
        drawn = draw_inputs(
            self.model,
            self.table,
            (self.scenario,),
            self.clock,
            self.draws,
            self.seed,
            self.sampling,
            some,
            self.places,
        )
        count = drawn.sizes["draw"]
        place = np.tile(np.arange(count), len(points))
        inputs = drawn.isel(draw=place).assign_coords(draw=np.arange(len(place)))
        columns = {
            axis.name: _column(axis, np.repeat(points[:, column], count), inputs)
            for column, axis in enumerate(self.axes)
        }
        return inputs.assign(columns)


def _column(axis: Axis, values: Floats, inputs: xr.Dataset) -> xr.DataArray:
    """The axis' input at each member; as it was where the value is NaN."""
    usual = inputs[axis.name]
    changed = np.isfinite(values)
    swept = level_column(axis.factor, np.where(changed, values, 1.0), inputs)
    if changed.all():
        return swept
    both = swept.where(xr.DataArray(changed, dims="draw"), usual)
    return both.transpose("draw", ...).assign_attrs(usual.attrs)


@dataclass(frozen=True)
class Odds:
    """A function from points of a sweep to what their ensembles attain; the model is inside."""

    swept: Swept
    system: System
    targets: tuple[Target, ...]
    block: int
    independent: float = 1.0

    @property
    def together(self) -> int:
        """The points of a part."""
        return max(1, MEMBERS // self.swept.draws)

    def __call__(self, points: Floats) -> xr.Dataset:
        """The odds at the points: dims (point, target), and (point) for all targets together.

        As `attainment` has them, NaN of what is only watched; quantiles, in the unit of the
        target, are exact. Members that did not stay finite are counted in `failed_members` and
        left out of the rest.
        """
        return odds(*self.quantities(points), self.targets, self.independent)

    def quantities(self, points: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        """The targets' quantities, (target, point, draw), and which members stayed finite, (point,
        draw)."""
        blocks = blocks_of(self.swept.draws, max(1, MEMBERS // len(points)))
        values, finite = zip(*(self._of_some(points, some) for some in blocks), strict=True)
        return np.concatenate(values, axis=2), np.hstack(finite)

    def _of_some(self, points: Floats, some: Draws) -> tuple[Floats, NDArray[np.bool_]]:
        swept = self.swept
        inputs = swept.inputs(points, some)
        runs = simulate(swept.model, self.system, inputs, swept.clock, self.block)
        finite = runs["finite"].values.reshape(len(points), -1)
        quantities = [quantity(runs, target).values for target in self.targets]
        return np.stack([own.reshape(finite.shape) for own in quantities]), finite


def odds(
    values: Floats,
    finite: NDArray[np.bool_],
    targets: Sequence[Target],
    independent: float = 1.0,
) -> xr.Dataset:
    """What quantities (target, point, draw) attain at each point; see `Odds`.

    `independent`: see `attainment_table`.
    """
    met = np.stack([attained(own, target) for own, target in zip(values, targets, strict=True)])
    met &= finite
    low, middle, high = quantiles_of(np.where(finite, values, np.nan))
    sound = xr.DataArray(finite.sum(axis=1), dims="point")
    judged = xr.DataArray([target.judged for target in targets], dims="target")
    share = xr.DataArray(met.sum(axis=2).T, dims=("point", "target")) / sound.where(sound > 0)
    share = share.where(judged)
    together = xr.DataArray(met.all(axis=0).sum(axis=1), dims="point") / sound.where(sound > 0)
    together = together.where(judged.any())
    sure = sound * independent
    return xr.Dataset(
        {
            "probability": share,
            "standard_error": standard_error(share, sure),
            "median": (("point", "target"), middle.T),
            "p05": (("point", "target"), low.T),
            "p95": (("point", "target"), high.T),
            "joint_probability": together,
            "joint_standard_error": standard_error(together, sure),
            "failed_members": finite.shape[1] - sound,
        }
    ).transpose("point", "target")


def quantiles_of(values: Floats) -> Floats:
    """The 5, 50 and 95 % quantiles over the last axis, NaN left out; NaN where nothing is left."""
    if not np.isnan(values).any():
        return np.quantile(values, LEVELS, axis=-1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a point at which every member failed
        return np.nanquantile(values, LEVELS, axis=-1)


def crossings(x: Sequence[float], probability: Sequence[float], level: float) -> list[float]:
    """Where the probability, linear between neighbours, passes `level`; x rising."""
    pairs = itertools.pairwise(zip(x, probability, strict=True))
    return [
        float(x0 + (x1 - x0) * (level - p0) / (p1 - p0))
        for (x0, p0), (x1, p1) in pairs
        if (p0 < level) != (p1 < level)
    ]
