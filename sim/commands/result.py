"""From settings to a result, and to its folder.

settings ─ study ─▶ model, inputs, system ─ simulate ─▶ runs ─▶ attainment, drivers ─▶ folder
"""

import time
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path

import xarray as xr

from sim import data
from sim.analysis.attainment import attainment
from sim.analysis.drivers import drivers
from sim.analysis.measure import check_targets
from sim.commands.facts import facts
from sim.config import RunSettings, refuse_memory
from sim.engine.cache import load_model
from sim.engine.compile import compile_model, refuse_unknown
from sim.engine.integrate import Clock, clock_of
from sim.engine.model import Model
from sim.ensemble import store
from sim.ensemble.inputs import check_table, draw_inputs, with_changes
from sim.ensemble.observations import read_history
from sim.ensemble.scenario import Parameter, Scenario
from sim.ensemble.simulate import Progress, simulate, varying_dims
from sim.ensemble.target import Target
from sim.text import Refused


@dataclass(frozen=True)
class Result:
    """What a run found: labelled tables, and the folder that holds them, if one was written.

    runs: dims (scenario, draw, time). inputs: what each parameter was. attainment, drivers: dims
    (scenario, target) and (target, rank).
    """

    scenarios: tuple[Scenario, ...]
    targets: tuple[Target, ...]
    inputs: xr.Dataset = field(repr=False)
    runs: xr.Dataset = field(repr=False)
    attainment: xr.Dataset = field(repr=False)
    drivers: xr.Dataset = field(repr=False)
    source: str = field(repr=False)
    folder: Path | None = None


@dataclass(frozen=True)
class Study:
    """All that is known before anything is computed; what is wrong is refused by now."""

    model: Model
    clock: Clock
    table: dict[str, Parameter]
    headline: tuple[str, ...]
    kept: tuple[str, ...]


def execute(
    settings: RunSettings, executor: Executor | None = None, progress: Progress | None = None
) -> Result:
    """What a run finds; nothing is written. Blocks run here, or by `executor`."""
    study = study_of(settings)
    # tables that do not name the same things do not add up
    with xr.set_options(arithmetic_join="exact"):  # type: ignore[no-untyped-call]
        inputs = draw_inputs(
            study.model,
            study.table,
            settings.scenarios,
            study.clock,
            settings.draws,
            settings.seed,
            settings.sampling,
        )
        system = compile_model(study.model, varying_dims(inputs), study.kept)
        runs = simulate(
            study.model,
            system,
            inputs,
            study.clock,
            settings.method,
            settings.block,
            executor,
            progress,
        )
        return Result(
            scenarios=settings.scenarios,
            targets=settings.targets,
            inputs=inputs,
            runs=runs,
            attainment=attainment(runs, settings.targets),
            drivers=drivers(inputs, runs, settings.targets),
            source=system.source,
        )


def study_of(settings: RunSettings) -> Study:
    """Model, clock and parameter table of a run; refuses what does not fit together."""
    model = load_model(settings.model)
    clock = clock_of(model)
    if settings.model == data.model_file():
        problems = check_table(settings.table, model)
        if problems:
            raise Refused(*problems)
    headline = tuple(name for name in headline_names() if name in model.variables)
    wanted = [target.variable for target in settings.targets]
    if settings.keep == "all":
        wanted += model.results
    elif settings.keep != "headline":
        refuse_unknown(model, (), settings.keep)
        wanted += settings.keep
    units = {name: variable.units for name, variable in model.variables.items()}
    check_targets(settings.targets, units, list(clock.saved))
    kept = tuple(dict.fromkeys([*headline, *wanted]))
    table = with_changes(settings.table, settings.parameters)
    refuse_memory(settings.draws, _bytes_per_draw(settings, table, clock, kept))
    return Study(model, clock, table, headline, kept)


def headline_names() -> list[str]:
    """The variables that every run keeps and draws."""
    return [str(name) for name in data.read_yaml(data.conf_folder() / "headline.yaml")["variables"]]


def _bytes_per_draw(
    settings: RunSettings, table: dict[str, Parameter], clock: Clock, kept: Sequence[str]
) -> int:
    """Memory that a draw takes: what is kept, what targets make of it, and what is drawn."""
    scenarios = len(settings.scenarios)
    saved = scenarios * len(kept) * len(clock.saved)
    judged = scenarios * len(settings.targets) * 6  # quantities, comparisons and their copies
    noises = [p for p in table.values() if p.distribution and p.distribution["kind"] == "noise"]
    return 8 * (saved + judged + len(table) + len(noises) * clock.steps)


def write(
    result: Result, settings: RunSettings, began: float, executor: Executor | None = None
) -> Path:
    """The folder of a run, written whole: tables, figures, summary, source, configuration."""
    stamp = time.strftime("%Y-%m-%d_%H-%M-%S")
    folder = store.unused(settings.output / "run" / settings.scenarios[0].name / stamp)
    with store.whole(folder) as scratch:
        store.write_table(result.runs, scratch / "runs.nc")
        store.write_table(result.inputs, scratch / "inputs.nc")
        _write_texts(result, settings, scratch)
        if settings.figures:
            _write_figures(result, settings, scratch / "figures", executor)
        store.write_manifest(scratch, facts(settings, time.perf_counter() - began))
    store.point_latest(settings.output, folder)
    return folder


def _write_texts(result: Result, settings: RunSettings, folder: Path) -> None:
    from sim.report.summary import Method, summary_markdown
    from sim.report.tables import attainment_csv

    attainment_csv(result.attainment, folder / "attainment.csv", settings.lang)
    dt = float(result.inputs["step"][1] - result.inputs["step"][0])
    method = Method(settings.draws, settings.seed, settings.sampling, settings.method, dt)
    summary = summary_markdown(
        result.attainment, result.drivers, result.scenarios, result.inputs, method, settings.lang
    )
    texts = {"summary.md": summary, "model.py": result.source}
    texts |= {f".hydra/{name}": text for name, text in settings.record.items()}
    (folder / ".hydra").mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def _write_figures(
    result: Result, settings: RunSettings, folder: Path, executor: Executor | None
) -> None:
    from sim.report.plots import save_figures

    save_figures(
        result.runs,
        result.attainment,
        result.targets,
        read_history(data.history_folder()),
        folder,
        settings.lang,
        [name for name in headline_names() if name in result.runs],
        executor=executor,
    )
