"""Reality checks: statements that must hold in every sampled world, also under extreme inputs.

A check of structure and behaviour, not of fit: Barlas (1996), Formal aspects of model validity
and validation in system dynamics, 10.1002/(SICI)1099-1727(199623)12:3<183::AID-SDR103>3.0.CO;2-4;
the form "in this trial, this must hold" is that of Peterson and Eberlein (1994), Reality check: a
bridge between systems thinking and system dynamics, System Dynamics Review 10 (2-3), 159-174.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy import special

from sim.engine.compile import System, compile_model
from sim.engine.integrate import Clock, clock_of
from sim.engine.model import Model
from sim.ensemble.inputs import NOISE, draw_inputs
from sim.ensemble.sampling import uniforms
from sim.ensemble.scenario import Level, Parameter, Scenario, Setting, out_of_bounds
from sim.ensemble.simulate import Progress, simulate, varying_dims
from sim.text import Text, near

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Table = Mapping[str, Parameter]

BASELINE = "baseline"
CHUNK = 1000
"""Draws whose runs lie in memory together, for all variables; an eighth where all steps do."""
BLOCK = 500


@dataclass(frozen=True)
class World:
    """The runs of one trial, beside those of the baseline with the same draws.

    An array per variable, (draw, time) or what broadcasts to it. `times` are those saved;
    `dt` is the time between them.
    """

    runs: Mapping[str, Floats]
    base: Mapping[str, Floats]
    times: Floats
    stocks: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Floats:
        return self.runs[name]

    @property
    def dt(self) -> float:
        return float(self.times[1] - self.times[0])

    def at(self, name: str, year: float) -> Floats:
        """A variable in one year: (draw, 1)."""
        return self.runs[name][:, np.isclose(self.times, year)]


@dataclass(frozen=True)
class Trial:
    """Inputs under which statements are held against the model.

    `levels` makes them from the parameter table, so that a price can be twice the baseline's.
    """

    name: str
    title: Text
    levels: Callable[[Table], dict[str, Level]] = field(default=lambda table: {})
    every_step: bool = False


@dataclass(frozen=True)
class Statement:
    """What must hold in a trial: `holds` gives (draw,) or (draw, time), True where it does.

    Fewer times than were saved are the last of them.
    """

    name: str
    title: Text
    holds: Callable[[World], Bools]
    trial: str = BASELINE


@dataclass(frozen=True)
class Verdict:
    """How a statement fared: in how many worlds it is broken, and the smallest counter-example.

    `draw` is the broken world whose parameters are nearest to their medians, `year` the first in
    which the statement fails there, `departure` its distance in standard normal units.
    `example` holds its inputs by name. `problem` says why a statement could not be judged.
    """

    statement: Statement
    draws: int = 0
    broken: int = 0
    draw: int | None = None
    year: float | None = None
    departure: float = 0.0
    example: Mapping[str, Level] = field(default_factory=dict)
    problem: Text | None = None

    @property
    def holds(self) -> bool:
        return self.broken == 0 and self.problem is None


def judge(
    model: Model,
    table: Table,
    baseline: Scenario,
    trials: Sequence[Trial],
    statements: Sequence[Statement],
    draws: int,
    seed: int = 1,
    progress: Progress | None = None,
) -> list[Verdict]:
    """The verdict on every statement, in their order; all trials share the draws.

    In one process: handing all variables from one to another takes longer than computing them.
    """
    sound, unusable = _usable(trials, table)
    wanted = {statement.trial for statement in statements}
    sound = [trial for trial in sound if trial.name in wanted]
    bench = _bench(model, table, baseline, sound, draws, seed)
    failures = _Failures()
    total, done = draws * (len(sound) + 1), 0
    for chunk in _chunks(draws, CHUNK):
        base = bench.run(BASELINE, chunk)
        done = _step(done + chunk.stop - chunk.start, total, progress)
        for trial in sound:
            own = [statement for statement in statements if statement.trial == trial.name]
            for world, members in _worlds(bench, trial, chunk, base):
                failures.add(own, world, members)
            done = _step(done + chunk.stop - chunk.start, total, progress)
    return [
        Verdict(statement, problem=unusable[statement.trial])
        if statement.trial in unusable
        else _verdict(statement, failures, bench, draws)
        for statement in statements
    ]


def _step(done: int, total: int, progress: Progress | None) -> int:
    if progress is not None:
        progress(done, total)
    return done


def _chunks(draws: int, size: int) -> list[slice]:
    return [slice(start, min(start + size, draws)) for start in range(0, draws, size)]


def _usable(trials: Sequence[Trial], table: Table) -> tuple[list[Trial], dict[str, Text]]:
    """The trials that the table allows, and what is wrong with the others."""
    sound: list[Trial] = []
    unusable: dict[str, Text] = {}
    for trial in trials:
        problems = _problems(trial, table)
        if problems:
            unusable[trial.name] = problems[0]
        else:
            sound.append(trial)
    return sound, unusable


def _problems(trial: Trial, table: Table) -> list[Text]:
    try:
        levels = trial.levels(table)
    except KeyError as error:
        return [_missing(str(error.args[0]), table)]
    problems: list[Text] = []
    for name, level in levels.items():
        if name not in table:
            problems.append(_missing(name, table))
        else:
            problems += out_of_bounds(table[name], level)
    return problems


def _missing(name: str, names: Mapping[str, object]) -> Text:
    hint = near(name, names)
    return Text(f"没有 {name}{hint.zh}", f"there is no {name}{hint.en}")


@dataclass(frozen=True)
class _Bench:
    """What runs trials: one compiled system, and the inputs of all trials and draws."""

    model: Model
    system: System
    inputs: xr.Dataset
    clock: Clock
    departures: Floats
    levels: Mapping[str, dict[str, Level]]

    def run(self, trial: str, members: slice, every_step: bool = False) -> dict[str, Floats]:
        """All that is computed in a trial, (draw, time) each, and its inputs alike."""
        clock = replace(self.clock, stride=1) if every_step else self.clock
        own = self.inputs.sel(scenario=[trial]).isel(draw=members)
        runs = simulate(self.model, self.system, own, clock, block=BLOCK)
        results = {str(name): runs.variables[name].values[0] for name in runs.data_vars}
        given = {
            str(name): _over_time(own.variables[name], own, clock.saved) for name in own.data_vars
        }
        return given | results


def _over_time(column: xr.Variable, inputs: xr.Dataset, times: Floats) -> Floats:
    """An input as an array that broadcasts to (draw, time)."""
    own = column.isel(scenario=0, missing_dims="ignore")
    for dim in ("year", "step"):
        if dim in own.dims:
            knots = inputs.variables[dim].values
            rows = own.transpose(..., dim).values.reshape(-1, len(knots))
            return np.array([np.interp(times, knots, row) for row in rows])
    values: Floats = np.asarray(own.values, dtype=float)
    return values.reshape(-1, 1)


def _bench(
    model: Model,
    table: Table,
    baseline: Scenario,
    trials: Sequence[Trial],
    draws: int,
    seed: int,
) -> _Bench:
    clock = clock_of(model)
    scenarios = [replace(baseline, name=BASELINE)]
    scenarios += [
        _as_scenario(baseline, trial, table) for trial in trials if trial.name != BASELINE
    ]
    inputs = draw_inputs(model, table, scenarios, clock, draws, seed)
    computed = [name for name in model.results if name not in model.inputs]
    system = compile_model(model, varying_dims(inputs), computed)
    levels = {trial.name: trial.levels(table) for trial in trials}
    return _Bench(model, system, inputs, clock, departures(model, table, draws, seed), levels)


def _as_scenario(baseline: Scenario, trial: Trial, table: Table) -> Scenario:
    """The baseline with the levels of a trial; here they may be parameters too."""
    settings = {name: Setting(level, trial.title) for name, level in trial.levels(table).items()}
    return replace(
        baseline, name=trial.name, title=trial.title, levers={**baseline.levers, **settings}
    )


def departures(model: Model, table: Table, draws: int, seed: int) -> Floats:
    """How far each draw is from the medians: the length of its standard normal scores."""
    names = [
        name
        for name, parameter in table.items()
        if name in model.variables
        and parameter.distribution
        and parameter.distribution["kind"] != NOISE
    ]
    scores = [special.ndtri(u) for u in uniforms(names, draws, seed, "lhs").values()]
    lengths: Floats = np.sqrt(np.sum(np.square(scores), axis=0)) if scores else np.zeros(draws)
    return lengths


def _worlds(
    bench: _Bench,
    trial: Trial,
    chunk: slice,
    base: dict[str, Floats],
) -> Iterator[tuple[World, slice]]:
    """The world of a trial for one chunk; several smaller ones where every step is kept."""
    stocks = tuple(name for name in bench.model.stocks if name in bench.system.kept)
    if not trial.every_step:
        runs = base if trial.name == BASELINE else bench.run(trial.name, chunk)
        yield World(runs, base, bench.clock.saved, stocks), chunk
        return
    for part in _chunks(chunk.stop - chunk.start, CHUNK // 8):
        members = slice(chunk.start + part.start, chunk.start + part.stop)
        runs = bench.run(trial.name, members, every_step=True)
        yield World(runs, {}, bench.clock.times, stocks), members


@dataclass
class _Failures:
    """Which draws broke which statement, and in which year first."""

    years: dict[str, dict[int, float]] = field(default_factory=dict)
    problems: dict[str, Text] = field(default_factory=dict)

    def add(self, statements: Sequence[Statement], world: World, members: slice) -> None:
        """Notes what one world breaks."""
        for statement in statements:
            try:
                with np.errstate(all="ignore"):
                    held = np.asarray(statement.holds(world))
            except KeyError as error:
                self.problems[statement.name] = _missing(str(error.args[0]), world.runs)
                continue
            whole = held.ndim == 1 or held.shape[1] == 1  # says nothing of when
            times = world.times[-held.shape[1] :] if not whole else world.times[:1]
            broken = self.years.setdefault(statement.name, {})
            for draw in np.flatnonzero(~(held if whole else held.all(axis=1))):
                first = np.nan if whole else float(times[int(np.argmin(held[draw]))])
                broken[members.start + int(draw)] = first


def _verdict(statement: Statement, failures: _Failures, bench: _Bench, draws: int) -> Verdict:
    broken = failures.years.get(statement.name, {})
    verdict = Verdict(statement, draws, len(broken), problem=failures.problems.get(statement.name))
    if not broken:
        return verdict
    draw = min(broken, key=lambda one: float(bench.departures[one]))
    first = broken[draw]
    return replace(
        verdict,
        draw=draw,
        year=None if np.isnan(first) else first,
        departure=float(bench.departures[draw]),
        example=drawn_inputs(bench.inputs, draw) | bench.levels[statement.trial],
    )


def drawn_inputs(inputs: xr.Dataset, draw: int) -> dict[str, Level]:
    """What one draw says of all that is uncertain: numbers, and noises as paths."""
    found: dict[str, Level] = {}
    for name, column in inputs.data_vars.items():
        if "draw" not in column.dims:
            continue
        own = column.isel(scenario=0, missing_dims="ignore").isel(draw=draw)
        if own.ndim == 0:
            found[str(name)] = float(own)
        else:
            knots = inputs.variables[str(own.dims[0])].values
            found[str(name)] = dict(zip(knots.tolist(), own.values.tolist(), strict=True))
    return found
