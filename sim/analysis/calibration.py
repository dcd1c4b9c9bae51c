"""What history says of the uncertain parameters: prior and observations become a posterior."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy import special

from sim.analysis.evidence import Evidence, Floats, evidence_of
from sim.analysis.history import measured, name_of, unit_of
from sim.engine.compile import System, compile_model
from sim.engine.integrate import Clock, Input, Series, default_inputs, integrate, varying_of
from sim.engine.model import Model
from sim.engine.units import factor
from sim.ensemble.blocks import Draws
from sim.ensemble.dependence import tied, ties_of
from sim.ensemble.factors import Factor, values_at
from sim.ensemble.inputs import quantiles
from sim.ensemble.observations import Observation
from sim.ensemble.sampling import normals

PART = 1024
"""Worlds that are computed together, at most: what a worker is handed at a time."""
SILENT = 0.8
"""A parameter whose belief keeps more than this share of its spread is one that the data say
nothing of (../../docs/sources/structure.md, 3)."""


@dataclass(frozen=True)
class Witness:
    """A function from worlds to what would have been observed in them.

    points: (members, factors) in the unit cube → (members, observations), in the units of the
    model. It works on plain arrays, for it is called some hundred times, and can be handed to
    another process. `noises` are drawn anew for each member, from `seed`; without them noises
    stay at what the model says: for what is known no path of theirs is told by a figure a year.
    """

    system: System
    fixed: Mapping[str, Input]
    factors: tuple[Factor, ...]
    clock: Clock
    observations: tuple[Observation, ...]
    noises: tuple[str, ...] = ()
    seed: int = 0
    time_unit: str = "Year"

    def __call__(self, points: Floats) -> Floats:
        """What each world shows; NaN where it did not stay finite."""
        drawn = {
            factor.name: quantiles(factor.parameter, points[:, place])
            for place, factor in enumerate(self.factors)
        }
        inputs = {**self.fixed, **drawn, **self._noise(len(points))}
        saved = integrate(self.system, inputs, self.clock, len(points))
        return np.stack([self._shown(saved, one) for one in self.observations], axis=1)

    def _noise(self, members: int) -> dict[str, Input]:
        times = self.clock.times
        drawn = {
            name: normals(self.seed, name, len(times), Draws(0, members)) for name in self.noises
        }
        return {name: Series(times, np.ascontiguousarray(own.T)) for name, own in drawn.items()}

    def _shown(self, saved: Floats, one: Observation) -> Floats:
        own = saved[self.system.kept.index(one.variable)]
        years = (one.year,) if one.since is None else (one.since, one.year)
        rows = [int(np.argmin(np.abs(self.clock.saved - year))) for year in years]
        return measured(one, own[rows[-1]], own[rows[0]], self.time_unit)


def witness_of(
    model: Model,
    fixed: xr.Dataset,
    factors: Sequence[Factor],
    clock: Clock,
    observations: Sequence[Observation],
    noise_seed: int | None = None,
) -> Witness:
    """The witness of some observations; it runs no further than the last of them.

    With a `noise_seed` the noises among the factors are drawn.
    """
    last = max(one.year for one in observations)
    steps = round((last - clock.start) / clock.dt)
    until = Clock(clock.start, clock.dt, steps, clock.stride, method=clock.method)
    kept = list(dict.fromkeys(one.variable for one in observations))
    own = tuple(factor for factor in factors if not factor.is_noise)
    noises = tuple(factor.name for factor in factors if factor.is_noise)
    noises, seed = (noises, noise_seed) if noise_seed is not None else ((), 0)
    constants = _constants(fixed)
    sample: dict[str, Input] = {factor.name: np.zeros(1) for factor in own}
    sample |= {name: Series(np.zeros(2), np.zeros((2, 1))) for name in noises}
    system = compile_model(model, varying_of({**constants, **sample}), kept)
    inputs = {**default_inputs(model, system.inputs), **constants}
    seen = tuple(observations)
    return Witness(system, inputs, own, until, seen, noises, seed, model.time_unit)


def _constants(fixed: xr.Dataset) -> dict[str, Input]:
    """Inputs in which nothing is uncertain, as the engine takes them."""
    years = fixed["year"].values
    columns = {
        str(name): column.isel(scenario=0, missing_dims="ignore")
        for name, column in fixed.data_vars.items()
    }
    return {
        name: Series(years, column.values) if "year" in column.dims else float(column)
        for name, column in columns.items()
    }


def evidence_from(
    model: Model, observations: Sequence[Observation], discrepancy: float
) -> Evidence:
    """The likelihood of observations, in the units of the model.

    `discrepancy` is how wrong the model itself may be about each, as a share of the observed:
    without it a posterior is narrower than a model of the world can be (Kennedy, O'Hagan 2001,
    10.1111/1467-9868.00294).
    """
    scales = [
        factor(one.unit, unit_of(one, model.variables[one.variable].units)) for one in observations
    ]
    values = np.array([one.value * scale for one, scale in zip(observations, scales, strict=True)])
    errors = np.array([one.error * scale for one, scale in zip(observations, scales, strict=True)])
    names = [name_of(one) for one in observations]
    found = evidence_of(names, values, errors, [one.shared for one in observations])
    own = np.diag((discrepancy * values) ** 2)
    return Evidence(found.names, found.values, found.covariance + own)


class Likelihood:
    """The log likelihood of positions in standard normal space, the model inside."""

    def __init__(
        self, witness: Witness, evidence: Evidence, executor: Executor | None = None
    ) -> None:
        self.witness = witness
        self.evidence = evidence
        self.executor = executor

    def __call__(self, positions: Floats) -> Floats:
        """(factors, members) → (members,)."""
        return self.evidence.log_likelihood(self.shown(positions))

    def shown(self, positions: Floats) -> Floats:
        """What the worlds at these positions show: (observations, members)."""
        points = points_of(self.witness.factors, positions)
        parts = np.array_split(points, -(-len(points) // PART))
        run = map if self.executor is None else self.executor.map
        return np.concatenate(list(run(self.witness, parts))).T


def points_of(factors: Sequence[Factor], positions: Floats) -> Floats:
    """Places in the unit cube of positions in standard normal space: (members, factors).

    Positions are independent in the prior; parameters that are tied go together here.
    """
    independent = np.clip(special.ndtr(positions), 1e-12, 1 - 1e-12)
    table = {factor.name: factor.parameter for factor in factors}
    u = tied(dict(zip(table, independent, strict=True)), ties_of(table, table))
    return np.stack([u[name] for name in table], axis=1)


def learnt(factors: Sequence[Factor], positions: Floats) -> xr.Dataset:
    """What the data told of each parameter, most first: dims (parameter).

    `shift`: the posterior's mean, in standard deviations of the prior, over standard normal
    space; `narrowed`: its standard deviation there, over the prior's 1; `told`: whether the data
    say anything. Medians and 5 and 95 % quantiles, before and after, in the parameter's unit.
    """
    shift, narrowed = positions.mean(axis=1), positions.std(axis=1)
    prior = values_at(factors, np.repeat([[0.05], [0.5], [0.95]], len(factors), axis=1))
    values = values_at(factors, points_of(factors, positions))
    after = np.quantile(values, (0.05, 0.5, 0.95), axis=0)
    order = np.argsort(narrowed - np.abs(shift), kind="stable")
    columns: dict[str, Floats] = {"shift": shift, "narrowed": narrowed}
    for when, found in (("prior", prior), ("posterior", after)):
        for row, name in enumerate(("p05", "median", "p95")):
            columns[f"{when}_{name}"] = found[row]
    table = {name: ("parameter", values[order]) for name, values in columns.items()}
    told = (narrowed <= SILENT) | (np.abs(shift) > 0.5)
    names = [factors[place].name for place in order]
    return xr.Dataset(table | {"told": ("parameter", told[order])}, coords={"parameter": names})


def predicted(evidence: Evidence, before: Floats, after: Floats, seed_noise: Floats) -> xr.Dataset:
    """Each observation beside what prior and posterior would have shown: dims (observation).

    before, after: (observations, members). Bands hold the error of measurement and of the model:
    `seed_noise` (observations, members) is standard normal.
    """
    errors = np.sqrt(np.diag(evidence.covariance))[:, None]
    columns: dict[str, Floats] = {"observed": evidence.values}
    for when, drawn in (("prior", before), ("posterior", after)):
        known = np.isfinite(drawn).all(axis=0)
        seen = drawn[:, known] + errors * seed_noise[:, : known.sum()]
        columns[f"{when}_median"] = np.median(drawn[:, known], axis=1)
        columns[f"{when}_p05"], columns[f"{when}_p95"] = np.quantile(seen, (0.05, 0.95), axis=1)
    inside = (columns["posterior_p05"] <= evidence.values) & (
        evidence.values <= columns["posterior_p95"]
    )
    table = {name: ("observation", values) for name, values in columns.items()}
    names = list(evidence.names)
    return xr.Dataset(table | {"inside": ("observation", inside)}, coords={"observation": names})
