"""`sim sweep`: the odds of the targets at many levels of levers, assumptions, parameters."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.run import ended_by_signals, print_passed_over
from sim.config import compose_for, hydra_command
from sim.config.settings import Engine
from sim.config.sweep import SWEEP, SweepSettings
from sim.ensemble.workers import crew
from sim.text import Refused

if TYPE_CHECKING:
    import xarray as xr

LOADED = ("sim.analysis.sweeping", "sim.report.sweep_figures")
"""What the workers compute and draw with."""
ANEW = ("workers", "engine.address", "lang")
"""What may be told anew to an interrupted sweep: no number depends on it."""


def main(arguments: Sequence[str], lang: str) -> int:
    """The command: computes part by part, writes the folder, shows what was found."""
    if any(word.startswith("resume=") for word in arguments):
        _resume(arguments)
    else:
        hydra_command(arguments, command, SWEEP)
    return 0


def command(settings: SweepSettings) -> None:
    """One sweep, from its settings to the terminal."""
    from sim.commands.sweeping import prepare

    began = time.perf_counter()
    print_passed_over(settings.run)
    _go_on(prepare(settings), None, began)


def _resume(arguments: Sequence[str]) -> None:
    """Goes on with a sweep that was interrupted; only ANEW may be told anew."""
    from sim.commands.sweeping import prepare, resumable
    from sim.commands.unfinished import told_anew, workers_in

    began = time.perf_counter()
    folder, given = told_anew(arguments, ANEW)
    settings = resumable(folder)
    run = replace(
        settings.run,
        lang=given.get("lang", settings.run.lang),
        workers=workers_in(given["workers"]) if "workers" in given else settings.run.workers,
        engine=_elsewhere(settings.run.engine, given.get("engine.address")),
    )
    _go_on(prepare(replace(settings, run=run)), folder, began)


def _elsewhere(engine: Engine, address: str | None) -> Engine:
    """The engine with another cluster, if one is named; null is one on this machine."""
    if address is None:
        return engine
    here = address in ("", "null")
    return replace(engine, spread="dask", address=None if here else address)


def _go_on(prepared: Any, folder: Path | None, began: float) -> None:
    """Computes what is missing in `folder`, finishes it, and shows what was found.

    Without a folder it begins one, once there is somebody who computes.
    """
    from sim.commands.progress import progress_bar
    from sim.commands.sweeping import begin, compute, finish, grown
    from sim.commands.unfinished import way_on
    from sim.report.sweep import print_sweep

    run, said = prepared.settings.run, None
    size = run.processes_for(prepared.settings.members)
    try:
        with (
            ended_by_signals(),
            crew(run.engine.spread, run.engine.address, size, *LOADED) as workers,
            progress_bar(run.lang) as progress,
        ):
            if folder is None:
                prepared, said = grown(prepared, workers.executor)
                folder = begin(prepared)
            compute(prepared, folder, workers.executor, progress)
            artists = workers.executor if workers.near else None
            table, final = finish(prepared, folder, began, artists)
    except KeyboardInterrupt:
        print("\n" + "\n".join(way.of(run.lang) for way in way_on("sweep", folder)), flush=True)
        raise
    except Refused as refusal:
        raise Refused(*refusal.problems, *way_on("sweep", folder)) from refusal
    print_sweep(table, final, run.lang)
    if said is not None:
        print(said.of(run.lang))


def sweep(
    scenario: str = "baseline", *, output: str | Path | None = None, **words: Any
) -> "xr.Dataset":
    """What `sim sweep scenario=NAME key=value …` finds, as a labelled table.

    >>> found = sweep(levers={"coal_cap": [3500, 4500, 5000]}, draws=500)  # doctest: +SKIP
    >>> found["probability"].sel(target="coal_output")  # by point; found["coal_cap"]: its level

    Dims (point, target); every axis is a coordinate along `point`. Quantiles are in the unit of
    the target. Written to a folder if `output` names one. Raises Refused for what the command
    would refuse.
    """
    from sim.commands.sweeping import begin, compute, finish, grown, prepare, table_of

    began = time.perf_counter()
    words = {"workers": 1, "output": str(output or "outputs"), **words}
    prepared = prepare(compose_for(SWEEP, scenario=scenario, **words))
    run, members = prepared.settings.run, prepared.settings.members
    with crew(run.engine.spread, run.engine.address, run.processes_for(members)) as workers:
        prepared, _ = grown(prepared, workers.executor)
        if output is None:
            return table_of(prepared, workers.executor)
        folder = begin(prepared)
        compute(prepared, folder, workers.executor)
        return finish(prepared, folder, began)[0]
