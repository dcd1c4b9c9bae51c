"""From settings to a result, and to its folder.

settings ─ study ─▶ ensemble ─ survey, block by block ─▶ findings: attainment, … ─▶ folder
                                    └─▶ members, to files or into memory, where they are kept
"""

import time
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

import xarray as xr

from sim import data
from sim.analysis.attainment import odds_of
from sim.analysis.measure import check_targets
from sim.analysis.reliability import read_bands, with_skill
from sim.analysis.survey import findings, survey, together
from sim.commands.facts import facts
from sim.config import RunSettings, refuse_disk, refuse_memory
from sim.engine.cache import load_model
from sim.engine.compile import refuse_unknown
from sim.engine.integrate import Clock, clock_of
from sim.engine.model import Model, with_constants
from sim.ensemble import store
from sim.ensemble.inputs import NOISE, check_table, with_changes
from sim.ensemble.members import Gathered, files
from sim.ensemble.observations import read_history
from sim.ensemble.scenario import Parameter, Scenario
from sim.ensemble.simulate import Progress
from sim.ensemble.stream import Ensemble, Keep, ensemble_of, summarise
from sim.ensemble.target import Target, watched
from sim.ensemble.workers import ALONE, Crew
from sim.text import Refused, Text


@dataclass(frozen=True, repr=False)
class Result:
    """What a run found: labelled tables, and the folder that holds them, if one was written.

    attainment, drivers: dims (scenario, target) and (target, rank); fans: quantiles by time;
    means: of what figures stack (see conf/figures.yaml), by time;
    drawn: quantiles of the inputs (see `sim.analysis.survey.Findings`). `labels` are the inputs of
    draw 0, whose attrs say what inputs are called. inputs, runs: all members, where they were kept.
    """

    scenarios: tuple[Scenario, ...]
    targets: tuple[Target, ...]
    attainment: xr.Dataset
    drivers: xr.Dataset
    fans: xr.Dataset
    means: xr.Dataset
    drawn: xr.Dataset
    labels: xr.Dataset
    source: str
    kernel: str = "numpy"
    members: Gathered | None = None
    folder: Path | None = None

    def __repr__(self) -> str:
        """One line: what was run, and what may be looked at."""
        names = ", ".join(scenario.name for scenario in self.scenarios)
        tables = "attainment, drivers, fans, means, drawn, runs, inputs"
        place = f"; folder {self.folder}" if self.folder else ""
        return f"<Result of {names}: {len(self.targets)} targets; tables: {tables}{place}>"

    @cached_property
    def runs(self) -> xr.Dataset:
        """What the model computed: dims (scenario, draw, time).

        Of two results take `isel(scenario=0, drop=True)` before one is subtracted from the other:
        xarray joins by name, and theirs differ; equal seeds share their draws.
        """
        return self._members("runs")

    @cached_property
    def inputs(self) -> xr.Dataset:
        """What each parameter was."""
        return self._members("inputs")

    def odds(self, met: xr.DataArray) -> xr.Dataset:
        """The share of draws in which something of one's own holds, with its standard error; see
        `sim.analysis.attainment.odds_of`.

        >>> result.odds(result.runs["gdp_real"].sel(time=2035) >= 350)  # doctest: +SKIP

        met: true or false, dims scenario, draw and any others. Members that did not stay finite
        are left out. Raises Refused for what has no draws.
        """
        if not isinstance(met, xr.DataArray) or "draw" not in met.dims:
            raise Refused(
                Text(
                    "要问的应是每次抽样的真假（带 draw 维的 DataArray），"
                    '如 result.runs["gdp_real"].sel(time=2035) >= 350',
                    "what is asked is true or false of each draw (a DataArray with the dim draw), "
                    'as in result.runs["gdp_real"].sel(time=2035) >= 350',
                )
            )
        counted = self.attainment
        sound = counted["members"] - counted["failed_members"]
        independent = float((counted["independent_members"] / sound.where(sound > 0)).max())
        return odds_of(met.astype(float).where(self.runs["finite"]), independent)

    def _members(self, name: str) -> xr.Dataset:
        if self.members is not None:
            return self.members.table(name)
        if self.folder is not None and (self.folder / f"{name}.nc").is_file():
            return store.read_table(self.folder / f"{name}.nc")
        raise Refused(
            Text(
                "这次运行没有保存成员；请用 store=full",
                "this run kept no members; use store=full",
            )
        )


@dataclass(frozen=True)
class Study:
    """All that is known before anything is computed; what is wrong is refused by now.

    `kept` of every member, with what it takes: targets, headline, what was asked for. Of `parts`,
    which figures stack, the means alone.
    """

    model: Model
    clock: Clock
    table: dict[str, Parameter]
    headline: tuple[str, ...]
    kept: tuple[str, ...]
    parts: tuple[str, ...]


def execute(
    settings: RunSettings,
    workers: Crew = ALONE,
    progress: Progress | None = None,
    keep: Keep | None = None,
) -> Result:
    """What a run finds; nothing is written. Blocks run here, or by `workers`.

    Members go to `keep`, block by block; without it into memory, where the settings store them.
    """
    return _found(settings, study_of(settings), workers, progress, keep)


def _found(
    settings: RunSettings,
    study: Study,
    workers: Crew,
    progress: Progress | None,
    keep: Keep | None,
) -> Result:
    """As `execute`, of what is known before."""
    members = Gathered() if keep is None and settings.store == "full" else None
    keep = members.keep if members is not None else keep
    if members is not None:
        refuse_memory(settings.draws, bytes_per_draw(settings, study))
    asked = (settings.targets, study.headline, study.parts)
    # tables that do not name the same things do not add up
    with xr.set_options(arithmetic_join="exact"):  # type: ignore[no-untyped-call]
        ensemble = members_of(settings, study, workers.size)
        answer = summarise(
            ensemble,
            partial(survey, *asked),
            together,
            settings.block,
            workers.executor,
            workers.size,
            progress,
            keep,
            study.kept,
        )
        found = findings(answer, *asked, ensemble.first, ensemble.labels, settings.independent)
    return Result(
        settings.scenarios,
        settings.targets,
        with_skill(found.attainment, read_bands(settings.skill)).assign_attrs(
            approximate(settings, study.model)
        ),
        found.drivers,
        found.fans,
        found.means,
        found.drawn,
        ensemble.first,
        ensemble.system.source,
        ensemble.system.kernel,
        members,
    )


def members_of(settings: RunSettings, study: Study, workers: int) -> Ensemble:
    """The members of a run, which so many processes will compute."""
    return ensemble_of(
        study.model,
        study.table,
        settings.scenarios,
        study.clock,
        settings.draws,
        settings.seed,
        settings.sampling,
        tuple(dict.fromkeys([*study.kept, *study.parts])),
        settings.engine.kernel,
        settings.places,
        workers,
    )


def approximate(settings: RunSettings, model: Model) -> dict[str, str]:
    """What a run says of its approximations: what the parameters are called that were set without
    what goes together with them, and the method that stands in for that of the model file."""
    labels = [model.variables[name].label for name in settings.alone]
    named = zip(("zh", "en"), ("、", ", "), zip(*labels, strict=True), strict=False)
    said = {f"alone_{lang}": comma.join(own) for lang, comma, own in named}
    if model.method.instead_of:
        said |= {"integrator": model.method.name, "instead_of": model.method.instead_of}
    return said


def study_of(settings: RunSettings) -> Study:
    """Model, clock and parameter table of a run; refuses what does not fit together."""
    model = with_constants(load_model(settings.model), settings.clock)
    model = replace(model, method=settings.integration)
    clock = clock_of(model)
    home = settings.home
    if home.model == data.model_file() or not home.county:  # a version may have other units
        problems = check_table(settings.table, model, home.folder / "sector")
        if problems:
            raise Refused(*problems)
    headline = settings.home.headline(model)
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
    wholes = settings.wholes.values()
    parts = [name for panels in wholes for names in panels.values() for name in names]
    known = tuple(name for name in dict.fromkeys(parts) if name in model.variables)
    return Study(model, clock, table, headline, kept, known)


def with_quantities(settings: RunSettings, study: Study) -> RunSettings:
    """The settings with something to ask about: without targets what the main variables come to
    in the last year that is saved."""
    if settings.targets:
        return settings
    years = [int(year) for year in study.clock.saved if float(year).is_integer()]
    if not years:
        raise Refused(
            Text(
                "模型保存的时间中没有整数，无从说明结果在何时；请用 saveper= 或 final_time= 调整",
                "none of the times that are saved is a whole number, at which results could be "
                "told; set saveper= or final_time=",
            )
        )
    variables = [study.model.variables[name] for name in study.headline]
    quantities = tuple(
        watched(
            variable.name, Text(*variable.label), years[-1], variable.units, study.model.time_unit
        )
        for variable in variables
    )
    return replace(settings, targets=quantities)


def bytes_per_draw(settings: RunSettings, study: Study) -> int:
    """What the members of a draw take: what is kept, and what is drawn."""
    saved = len(settings.scenarios) * len(study.kept) * len(study.clock.saved)
    noises = [p for p in study.table.values() if (p.distribution or {}).get("kind") == NOISE]
    paths = len(noises) + len(study.model.noises)
    return 8 * (saved + len(study.table) + paths * study.clock.steps)


def recorded(
    settings: RunSettings,
    began: float,
    workers: Crew = ALONE,
    progress: Progress | None = None,
) -> Result:
    """What a run finds, with its folder written whole: members as they come, then all else."""
    stamp = time.strftime("%Y-%m-%d_%H-%M-%S")
    folder = store.unused(settings.output / "run" / settings.scenarios[0].name / stamp)
    study, full = study_of(settings), settings.store == "full"
    if full:
        refuse_disk(settings.draws, bytes_per_draw(settings, study), settings.output)
    with store.whole(folder) as scratch:
        with files(scratch, settings.draws) if full else nullcontext() as kept:
            result = _found(settings, study, workers, progress, kept.keep if kept else None)
        artists = workers.executor if workers.near else None
        figures = _figures(result, settings, scratch / "figures", artists)
        store.write_table(result.attainment, scratch / "attainment.nc")
        store.write_table(result.fans, scratch / "fans.nc")
        if result.means.data_vars:
            store.write_table(result.means, scratch / "means.nc")
        _write_texts(result, settings, scratch)
        list(figures)  # which others have drawn while we were writing
        found = facts(settings.kept_in(scratch), time.perf_counter() - began)
        store.write_manifest(scratch, found | {"kernel": result.kernel})
    store.point_latest(settings.output, folder)
    return replace(result, folder=folder)


def _write_texts(result: Result, settings: RunSettings, folder: Path) -> None:
    from sim.report.outcomes import outcomes_csv
    from sim.report.summary import Method, summary_markdown
    from sim.report.tables import attainment_csv, inputs_csv
    from sim.report.words import time_unit

    attainment_csv(result.attainment, folder / "attainment.csv", settings.lang)
    if not result.targets:
        outcomes_csv(result.fans, folder / "outcomes.csv", settings.lang)
    inputs_csv(result.drawn, folder / "inputs.csv", settings.lang)
    dt = float(result.labels["step"][1] - result.labels["step"][0])
    how = (settings.draws, settings.seed, settings.drawn, settings.integration.name)
    method = Method(*how, dt, time_unit(result.fans), settings.calibration)
    summary = summary_markdown(
        result.attainment,
        result.drivers,
        result.scenarios,
        result.labels,
        method,
        settings.lang,
        result.fans,
    )
    texts = {"summary.md": summary, "model.py": result.source}
    texts |= {f".hydra/{name}": text for name, text in settings.record.items()}
    (folder / ".hydra").mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def _figures(
    result: Result, settings: RunSettings, folder: Path, executor: Executor | None
) -> Iterator[Path]:
    from sim.report.plots import save_figures

    if not settings.figures:
        return iter(())
    return save_figures(
        result.fans,
        result.attainment,
        result.targets,
        read_history(settings.history),
        folder,
        settings.lang,
        executor=executor,
    )
