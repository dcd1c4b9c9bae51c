"""`sim calibrate`: what history says of the uncertain parameters, as draws that runs can take."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.config import compose_for, hydra_command
from sim.config.calibration import CALIBRATE, CalibrateSettings
from sim.ensemble.workers import pool

if TYPE_CHECKING:
    from sim.commands.learning import Learnt

LOADED = ("sim.analysis.calibration", "sim.report.belief_figures")
"""What the workers compute and draw with."""


def main(arguments: Sequence[str], lang: str) -> int:
    """The command: computes, writes the folder, shows what was learnt."""
    hydra_command(arguments, command, CALIBRATE)
    return 0


def command(settings: CalibrateSettings) -> None:
    """One calibration, from its settings to the terminal."""
    from sim.commands.learning import execute, prepare, write
    from sim.commands.progress import progress_bar
    from sim.report.beliefs import print_calibration

    began, lang = time.perf_counter(), settings.run.lang
    prepared = prepare(settings)
    with pool(processes(settings), *LOADED) as executor:
        with progress_bar(lang) as progress:
            found = execute(prepared, executor, progress)
        folder = write(found, prepared, began)
    print_calibration(found.told, found.seen, found.diagnosis, folder, lang)


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
