"""Points become outcomes: what the model makes of a design, and nothing else kept."""

import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sim.analysis.measure import attained, course, shortfall
from sim.engine.compile import System
from sim.engine.integrate import Clock
from sim.engine.model import Model
from sim.ensemble.ahead import in_order
from sim.ensemble.design import Design
from sim.ensemble.factors import Factor, inputs_at
from sim.ensemble.simulate import Progress, simulate
from sim.ensemble.target import Target

Floats = NDArray[np.float64]

PART = 8192
"""Points that are computed together: what a worker is handed at a time."""


@dataclass(frozen=True)
class Response:
    """A function (members, factors) → (members, outputs), the model inside.

    One output per target: its quantity in its year and unit, what is missing to it ("shortfall"),
    or 1 where it is met and 0 where not ("attainment"); with `by_year` then the same for every
    target in every year, as `by_time` has them. NaN in every output of a member that did not
    stay finite. It can be handed to another process.
    """

    model: Model
    system: System
    fixed: xr.Dataset
    factors: tuple[Factor, ...]
    clock: Clock
    targets: tuple[Target, ...]
    about: str = "value"
    by_year: bool = False
    block: int = 4096
    seed: int = 1

    def __call__(self, points: Floats) -> Floats:
        """The outputs at the points."""
        inputs = inputs_at(self.fixed, self.factors, points, self.seed)
        runs = simulate(self.model, self.system, inputs, self.clock, self.block)
        courses = [(target, *course(runs, target)) for target in self.targets]
        due = [values[0][:, times == target.year] for target, times, values in courses]
        later = [own[0][:, times % 1 == 0] for _, times, own in courses if self.by_year]
        asked = [*self.targets, *(self.targets if self.by_year else ())]
        pairs = zip([*due, *later], asked, strict=True)
        outputs = np.hstack([outcome(values, target, self.about) for values, target in pairs])
        outputs[~runs["finite"].values[0]] = np.nan
        return outputs


def outcome(values: Floats, target: Target, about: str) -> Floats:
    """Of a target's quantities: themselves, what is missing (zero where met), or whether met."""
    match about:
        case "value":
            return values
        case "shortfall":
            return np.maximum(shortfall(values, target), 0.0)
        case "attainment":
            return attained(values, target).astype(float)
    raise NotImplementedError(about)


def by_time(targets: Sequence[Target], years: Sequence[float]) -> list[Target]:
    """Every target as if it were due in each of the years that are whole, target by target.

    A target of change is due after the year that it starts from, never before.
    """
    return [
        replace(target, year=int(year))
        for target in targets
        for year in years
        if year % 1 == 0 and (target.since is None or year > target.since)
    ]


def respond(
    evaluate: Callable[[Floats], Floats],
    design: Design,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Floats:
    """The outputs at all points of a design, (members, outputs); computed part by part."""
    edges = [*range(0, design.size, PART), design.size]
    rows = (design.rows(start, stop) for start, stop in itertools.pairwise(edges))
    outputs: Floats | None = None
    for start, found in zip(edges, in_order(evaluate, rows, executor), strict=False):
        if outputs is None:
            outputs = np.empty((design.size, found.shape[1]))
        outputs[start : start + len(found)] = found
        if progress is not None:
            progress(start + len(found), design.size)
    assert outputs is not None
    return outputs
