"""From settings to the parts of a sweep, to one table, and to its folder.

prepare ─▶ begin (a folder of parts) ─ compute ─▶ parts ─ finish ─▶ table, figures, folder
"""

import hashlib
import shutil
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.analysis.reliability import read_bands, with_skill
from sim.analysis.sweeping import Floats, Odds, Swept
from sim.commands import unfinished
from sim.commands.facts import as_then, facts
from sim.commands.progress import long_time
from sim.commands.result import Study, study_of, with_quantities
from sim.commands.until import enough_draws, largest_error, reached
from sim.config import RunSettings
from sim.config.room import memory
from sim.config.sweep import SWEEP, SweepSettings
from sim.engine.compile import compile_model
from sim.ensemble import store
from sim.ensemble.ahead import in_order
from sim.ensemble.axes import Axis
from sim.ensemble.blocks import Draws
from sim.ensemble.dependence import clusters, ties_of
from sim.ensemble.parts import joined, parts_done, read_parts, write_part
from sim.ensemble.simulate import Progress, varying_dims
from sim.ensemble.target import Target, some
from sim.text import Refused, Text

MANY = 5_000_000
"""Members for which a user has to confirm."""
TRIED = 1024
"""Members from which the time of all is told."""
NUMBERS_OF_A_TARGET = 5
COPIES = 2
"""Of the table, while it is written."""


@dataclass(frozen=True)
class Prepared:
    """All that is known before anything is computed; what is wrong is refused by now."""

    settings: SweepSettings
    odds: Odds = field(repr=False)
    attrs: dict[str, dict[str, str]] = field(repr=False)

    @property
    def parts(self) -> int:
        """How many parts there are."""
        return -(-self.settings.points.size // self.odds.together)

    def points_of(self, part: int) -> Floats:
        """The points of a part."""
        start, points = part * self.odds.together, self.settings.points
        return points.rows(start, min(start + self.odds.together, points.size))


def prepare(settings: SweepSettings) -> Prepared:
    """The sweep that settings ask for, and the model as a function of its points."""
    known = study_of(settings.run)
    if settings.run.until:  # a standard error of probabilities
        some(settings.run.targets)
    run = with_quantities(settings.run, known)
    settings = replace(settings, run=run)
    points = settings.points.size
    odds, attrs = odds_of(run, known, settings.axes, run.targets, points)
    trial = np.array([[axis.ends[0] for axis in settings.axes]])
    refuse_many(settings, odds, trial)
    return Prepared(settings, odds, attrs)


def odds_of(
    run: RunSettings, study: Study, axes: Sequence[Axis], targets: tuple[Target, ...], points: int
) -> tuple[Odds, dict[str, dict[str, str]]]:
    """The model as a function of points along axes, of which it will be asked for so many; and what
    the axes' inputs say of themselves."""
    swept = Swept(
        model=study.model,
        table=study.table,
        scenario=run.scenarios[0],
        clock=study.clock,
        axes=tuple(axes),
        draws=run.draws,
        seed=run.seed,
        sampling=run.sampling,
        places=run.places,
    )
    inputs = swept.inputs(np.array([[axis.ends[0] for axis in axes]]), Draws(0, 1))
    kept = tuple(dict.fromkeys(target.variable for target in targets))
    members = points * run.draws
    clock, varying = study.clock, varying_dims(inputs)
    work = members * clock.steps // run.processes_for(members)
    system = compile_model(study.model, varying, kept, run.engine.kernel, work, clock.method)
    odds = Odds(swept, system, targets, run.block, run.independent)
    return odds, {axis.name: dict(inputs[axis.name].attrs) for axis in axes}


def refuse_many(settings: SweepSettings, odds: Odds, trial: Floats) -> None:
    """Refuses a sweep of very many members, with how long it would take, until confirmed; and
    one whose table would not lie in memory.
    """
    problems = list[Text]()
    points, draws = settings.points.size, settings.run.draws
    if settings.members > MANY and not settings.confirm:
        hours = _seconds_of_a_member(odds, trial) * settings.members / 3600
        takes = long_time(hours)
        problems.append(
            Text(
                f"{points:,} 个点 × {draws:,} 次抽样 = {settings.members:,} 次模拟，单进程约需 "
                f"{takes.zh}；确实要算请加 confirm=true，或减少点数、draws",
                f"{points:,} points × {draws:,} draws = {settings.members:,} members, about "
                f"{takes.en} in one process; add confirm=true if you mean it, or ask for fewer "
                "points or draws",
            )
        )
    numbers = len(settings.axes) + NUMBERS_OF_A_TARGET * len(settings.run.targets)
    most = memory() // (COPIES * 8 * numbers)
    if points > most:
        problems.append(
            Text(
                f"{points:,} 个点的结果表超出本机内存，至多约 {most:,} 个点；请加大步长，"
                "减少目标（targets=），或分几次扫描",
                f"the table of {points:,} points would not fit into this machine's memory, at "
                f"most about {most:,} would: take larger steps, fewer targets (targets=), or "
                "several sweeps",
            )
        )
    if problems:
        raise Refused(*problems)


def _seconds_of_a_member(odds: Odds, trial: Floats) -> float:
    some = replace(odds, swept=replace(odds.swept, draws=TRIED, places={}))
    replace(some, swept=replace(some.swept, draws=2))(trial)  # compiles: once, not by member
    began = time.perf_counter()
    some(trial)
    return (time.perf_counter() - began) / TRIED


def begin(prepared: Prepared) -> Path:
    """A new folder for the parts, with the record that is needed to go on with it."""
    texts = {"model.py": prepared.odds.system.source}
    return unfinished.begin(prepared.settings.run, "sweep", partial(manifest, prepared), texts)


def manifest(prepared: Prepared, run: RunSettings, seconds: float = 0.0) -> dict[str, Any]:
    """What the folder of a sweep says of how it came about; `run` as its settings are kept."""
    points = hashlib.sha256()
    for part in range(prepared.parts):
        points.update(np.ascontiguousarray(prepared.points_of(part)).tobytes())
    found = facts(run, seconds, "sweep")
    kernel = prepared.odds.system.kernel
    return {
        **found,
        "points": points.hexdigest(),
        "design": prepared.settings.design,
        "kernel": kernel,
    }


def resumable(folder: Path) -> SweepSettings:
    """The settings of an interrupted sweep; refuses a folder that cannot be gone on with.

    Another version of the model, of the parameters or of what computes would give parts that do
    not belong together.
    """
    unfinished.refuse_finished(folder, Text("扫描", "sweep"), "sweep.nc")
    before = store.read_manifest(folder)
    settings = as_then(folder, SWEEP, before)
    unfinished.refuse_changed(folder, manifest(prepare(settings), settings.run))
    return settings


def compute(
    prepared: Prepared,
    folder: Path,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> None:
    """Computes the parts that are not in the folder, and writes each as it is finished."""
    done = parts_done(folder)
    missing = [number for number in range(prepared.parts) if number not in done]
    draws = prepared.settings.run.draws
    members = sum(len(prepared.points_of(number)) for number in done) * draws
    found = in_order(prepared.odds, map(prepared.points_of, missing), executor)
    for number, table in zip(missing, found, strict=True):
        write_part(folder, number, table)
        members += table.sizes["point"] * draws
        if progress is not None:
            progress(members, prepared.settings.members)


def grown(prepared: Prepared, executor: Executor | None = None) -> tuple[Prepared, Text | None]:
    """The sweep with as many draws at each point as `until` asks for, and what they came to."""
    settings = prepared.settings
    if not settings.run.until:
        return prepared, None

    def error_of(run: RunSettings) -> float:
        return largest_error(table_of(prepare(replace(settings, run=run)), executor))

    run, error = enough_draws(settings.run, error_of)
    return prepare(replace(settings, run=run)), reached(settings.run, run, error)


def table_of(prepared: Prepared, executor: Executor | None = None) -> xr.Dataset:
    """The whole table, nothing written."""
    parts = in_order(prepared.odds, map(prepared.points_of, range(prepared.parts)), executor)
    return labelled(prepared, joined(parts, prepared.settings.points.size))


def labelled(prepared: Prepared, table: xr.Dataset) -> xr.Dataset:
    """The table with its axes, targets, units and labels."""
    settings = prepared.settings
    points, targets = settings.points.rows(0, settings.points.size), settings.run.targets
    columns: dict[str, list[Any]] = {
        "target": [target.name for target in targets],
        "title_zh": [target.title.zh for target in targets],
        "title_en": [target.title.en for target in targets],
        "unit": [target.unit for target in targets],
        "year": [target.year for target in targets],
        "time_unit": [target.time_unit for target in targets],
        "sense": [target.sense for target in targets],
        "wanted": [target.value for target in targets],
        "clause": [target.clause for target in targets],
    }
    axes = {
        axis.name: xr.DataArray(
            points[:, column],
            dims="point",
            attrs={
                **prepared.attrs[axis.name],
                "units": axis.factor.unit,
                "multiples": int(axis.factor.scales is not None),
            },
        )
        for column, axis in enumerate(settings.axes)
    }
    scenario = settings.run.scenarios[0]
    return (
        with_skill(table, read_bands(settings.run.skill))
        .assign_coords(
            {name: ("target", values) for name, values in columns.items()}
            | axes
            | {"point": np.arange(len(points))}
        )
        .assign_attrs(
            design=settings.design,
            axes=[axis.name for axis in settings.axes],
            draws=settings.run.draws,
            independent=settings.run.independent,
            calibration=str(settings.run.calibration or ""),
            tied=alone(prepared),
            seed=settings.run.seed,
            model=settings.run.model.name,
            scenario=scenario.name,
            scenario_zh=scenario.title.zh,
            scenario_en=scenario.title.en,
        )
    )


def alone(prepared: Prepared) -> list[str]:
    """The axes that are tied to other parameters, which do not follow them in a sweep; calibrated
    draws all hang together."""
    axes = {axis.name for axis in prepared.settings.axes}
    if places := prepared.odds.swept.places:
        return sorted(axes & set(places))
    together = clusters(ties_of(prepared.odds.swept.table, prepared.odds.swept.table))
    return sorted(axes & {name for names in together for name in names})


def finish(
    prepared: Prepared, folder: Path, began: float, executor: Executor | None = None
) -> tuple[xr.Dataset, Path]:
    """The table of all parts and its folder, written whole; the parts are deleted."""
    from sim.report.sweep import sweep_csv, sweep_markdown
    from sim.report.sweep_figures import save_sweep

    run = prepared.settings.run
    final = unfinished.final_of(folder)
    if final.is_dir():  # it was written whole, and the power went before the parts were deleted
        shutil.rmtree(folder, ignore_errors=True)
        return store.read_table(final / "sweep.nc"), final
    parts: Iterator[xr.Dataset] = read_parts(folder, prepared.parts)
    table = labelled(prepared, joined(parts, prepared.settings.points.size))
    with store.whole(final) as scratch:
        store.write_table(table, scratch / "sweep.nc")
        sweep_csv(table, scratch / "sweep.csv", run.lang)
        for lang in ("zh", "en"):
            text = sweep_markdown(table, lang)
            (scratch / f"summary_{lang}.md").write_text(text, encoding="utf-8")
        _write_record(prepared, scratch)
        if run.figures:
            save_sweep(table, scratch / "figures", run.lang, executor)
        seconds = time.perf_counter() - began
        store.write_manifest(scratch, manifest(prepared, run.kept_in(scratch), seconds))
    store.point_latest(run.output, final)
    shutil.rmtree(folder, ignore_errors=True)
    return table, final


def _write_record(prepared: Prepared, folder: Path) -> None:
    """The configuration, and the compiled model."""
    (folder / ".hydra").mkdir()
    for name, text in prepared.settings.run.record.items():
        (folder / ".hydra" / name).write_text(text, encoding="utf-8")
    (folder / "model.py").write_text(prepared.odds.system.source, encoding="utf-8")
