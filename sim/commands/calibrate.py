"""`sim calibrate`: what history says of the uncertain parameters, as draws that runs can take."""

import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.run import ended_by_signals
from sim.config import compose_for, hydra_command
from sim.config.calibration import CALIBRATE, CalibrateSettings
from sim.config.home import home_of
from sim.ensemble.workers import pool
from sim.text import Refused

if TYPE_CHECKING:
    from sim.commands.learning import Learnt, Prepared

LOADED = ("sim.analysis.calibration", "sim.report.belief_figures")
"""What the workers compute and draw with."""
ANEW = ("workers", "lang")
"""What may be told anew to an interrupted calibration: no number depends on it."""


def main(arguments: Sequence[str], lang: str) -> int:
    """The command: computes, writes the folder, shows what was learnt."""
    if any(word.startswith("resume=") for word in arguments):
        _resume(arguments)
    else:
        hydra_command(arguments, command, CALIBRATE)
    return 0


def command(settings: CalibrateSettings) -> None:
    """One calibration, from its settings to the terminal."""
    from sim.commands.learning import begin, prepare

    began = time.perf_counter()
    prepared = prepare(settings)
    _go_on(prepared, begin(prepared), began)


def _resume(arguments: Sequence[str]) -> None:
    """Goes on with a calibration that was interrupted; only ANEW may be told anew."""
    from sim.commands.learning import resumable
    from sim.commands.unfinished import told_anew, workers_in

    began = time.perf_counter()
    folder, given = told_anew(arguments, ANEW)
    prepared = resumable(folder)
    run = replace(prepared.settings.run, lang=given.get("lang", prepared.settings.run.lang))
    if "workers" in given:
        run = replace(run, workers=workers_in(given["workers"]))
    _go_on(replace(prepared, settings=replace(prepared.settings, run=run)), folder, began)


def _go_on(prepared: "Prepared", folder: Path, began: float) -> None:
    """Computes what is not in `folder`, writes what was found, and shows it."""
    from sim.commands.learning import Degenerate, execute, write
    from sim.commands.progress import progress_bar
    from sim.commands.unfinished import final_of, way_on
    from sim.ensemble.parts import parts_done
    from sim.ensemble.store import unused
    from sim.report.beliefs import print_calibration

    lang = prepared.settings.run.lang
    try:
        with ended_by_signals(), pool(processes(prepared.settings), *LOADED) as executor:
            with progress_bar(lang) as progress:
                found = execute(prepared, executor, progress, folder)
            final = write(found, prepared, began, unused(final_of(folder)))
    except KeyboardInterrupt:
        print("\n" + "\n".join(way.of(lang) for way in way_on("calibrate", folder)), flush=True)
        raise
    except Refused as refusal:
        if parts_done(folder) and not isinstance(refusal, Degenerate):
            raise Refused(*refusal.problems, *way_on("calibrate", folder)) from refusal
        shutil.rmtree(folder, ignore_errors=True)
        raise
    shutil.rmtree(folder, ignore_errors=True)
    home = prepared.settings.run.home
    own = None if home.model == home_of("").model else home.model
    print_calibration(found.told, found.seen, found.diagnosis, final, lang, model=own)


def processes(settings: CalibrateSettings) -> int:
    """The processes that compute: as many as were asked for, or all cores."""
    import os

    return settings.run.workers or os.cpu_count() or 1


def calibrate(
    scenario: str = "baseline", *, output: str | Path | None = None, **words: Any
) -> "Learnt":
    """What `sim calibrate key=value …` finds: draws of the posterior, and what they tell.

    >>> found = calibrate(members=1000, seed=1)  # doctest: +SKIP
    >>> found.told.to_dataframe()[["prior_median", "posterior_median", "narrowed"]]

    Written to a folder if `output` names one: `sim run draws=FOLDER` then draws from it. Raises
    Refused for what the command would refuse.
    """
    from sim.commands.learning import execute, prepare, write

    began = time.perf_counter()
    words = {"workers": 1, "output": str(output or "outputs"), **words}
    prepared = prepare(compose_for(CALIBRATE, scenario=scenario, **words))
    with pool(processes(prepared.settings)) as executor:
        found = execute(prepared, executor)
        if output is not None:
            write(found, prepared, began)
    return found
