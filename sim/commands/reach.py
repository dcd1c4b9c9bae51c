"""`sim reach`: the least change of levers that meets targets as surely as wanted."""

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.run import print_passed_over
from sim.config import compose_for, hydra_command
from sim.config.reach import REACH, ReachSettings, refuse_taken
from sim.ensemble.workers import Crew, crew

if TYPE_CHECKING:
    from sim.commands.reaching import Reached

LOADED = ("sim.analysis.sweeping", "sim.ensemble.stream")
"""What the workers compute with."""


def main(arguments: Sequence[str], lang: str) -> int:
    """The command: searches, writes the folder, shows what it would take."""
    hydra_command(arguments, command, REACH)
    return 0


def command(settings: ReachSettings) -> None:
    """One search, from its settings to the terminal."""
    from sim.commands.progress import progress_bar
    from sim.commands.reaching import execute, prepare, write
    from sim.report.reaching import print_reached

    began = time.perf_counter()
    refuse_taken(settings)
    print_passed_over(settings.run)
    prepared = prepare(settings)
    with (
        crew_of(settings) as workers,
        progress_bar(settings.run.lang) as progress,
    ):
        found = execute(prepared, workers, progress)
    folder = write(found, began)
    print_reached(found, folder, settings.run.lang)


def crew_of(settings: ReachSettings) -> AbstractContextManager[Crew]:
    """The processes that compute."""
    return crew("processes", None, settings.processes, *LOADED)


def reach(
    targets: str | Sequence[str],
    probability: float = 0.8,
    scenario: str = "baseline",
    *,
    output: str | Path | None = None,
    **words: Any,
) -> "Reached":
    """What `sim reach targets=… probability=… key=value …` finds.

    >>> found = reach("urbanisation", 0.45)  # doctest: +SKIP
    >>> {way.axis.name: way.share for way in found.ways}  # doctest: +SKIP
    >>> found.attainment["probability"]  # doctest: +SKIP

    Written to a folder if `output` names one. Raises Refused for what the command would refuse.
    """
    from sim.commands.reaching import execute, prepare, write

    began = time.perf_counter()
    words = {"workers": 1, "output": str(output or "outputs"), **words}
    words |= {"targets": targets, "probability": probability}
    settings = compose_for(REACH, scenario=scenario, **words)
    refuse_taken(settings)
    prepared = prepare(settings)
    with crew_of(settings) as workers:
        found = execute(prepared, workers)
    if output is not None:
        write(found, began)
    return found
