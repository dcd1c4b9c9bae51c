"""`sim assess new.csv`: new observations move the odds of every target, and say why."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.run import print_passed_over
from sim.config import compose_for, hydra_command
from sim.config.assessment import ASSESS, AssessSettings
from sim.ensemble.workers import pool

if TYPE_CHECKING:
    from sim.commands.reassess import Assessed

LOADED = ("sim.analysis.survey", "sim.analysis.calibration")
"""What the workers compute with."""


def main(arguments: Sequence[str], lang: str) -> int:
    """The command: computes, writes the folder, shows how the odds moved."""
    hydra_command([_named(word) for word in arguments], command, ASSESS)
    return 0


def _named(word: str) -> str:
    """A bare word is the file of new observations."""
    return word if "=" in word or word.startswith("-") else f"new={word}"


def command(settings: AssessSettings) -> None:
    """One assessment, from its settings to the terminal."""
    from sim.commands.progress import progress_bar
    from sim.commands.reassess import execute, prepare, write
    from sim.report.assessing import print_assessment

    began = time.perf_counter()
    print_passed_over(settings.run)
    prepared = prepare(settings)
    with pool(settings.run.processes, *LOADED) as executor:
        with progress_bar(settings.run.lang) as progress:
            found = execute(prepared, executor, progress)
        folder = write(found, prepared, began)
    print_assessment(found, folder, settings.run.lang)


def assess(
    new: str | Path, scenario: str = "baseline", *, output: str | Path | None = None, **words: Any
) -> "Assessed":
    """What `sim assess FILE key=value …` finds.

    >>> found = assess("new.csv")  # doctest: +SKIP
    >>> found.targets["probability"].to_pandas()

    Written to a folder if `output` names one. Raises Refused for what the command would refuse.
    """
    from sim.commands.reassess import execute, prepare, write

    began = time.perf_counter()
    words = {"workers": 1, "output": str(output or "outputs"), **words}
    prepared = prepare(compose_for(ASSESS, scenario=scenario, new=str(new), **words))
    with pool(prepared.settings.run.processes) as executor:
        found = execute(prepared, executor)
        if output is not None:
            write(found, prepared, began)
    return found
