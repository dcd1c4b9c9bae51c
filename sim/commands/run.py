"""`sim run`: scenarios, draws and targets become a folder with the odds of every target."""

import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.config import RUN, RunSettings, compose, hydra_command
from sim.ensemble.workers import crew
from sim.text import Text

if TYPE_CHECKING:
    from sim.commands.result import Result


LOADED = ("sim.analysis.survey", "sim.ensemble.stream")
DRAWING = ("sim.report.fan", "sim.report.bars")
"""What the workers compute with, and what they draw with: drawing comes last."""


def main(arguments: Sequence[str], lang: str) -> int:
    """The command: computes, writes the folder, shows the table."""
    hydra_command(arguments, command, RUN)
    return 0


def command(settings: RunSettings) -> None:
    """One run of the command, from its settings to the terminal."""
    began = time.perf_counter()
    print_passed_over(settings)
    engine = settings.engine
    drawing = DRAWING if settings.figures and settings.store != "none" else ()
    with (
        ended_by_signals(),
        crew(engine.spread, engine.address, settings.processes, *LOADED, later=drawing) as workers,
    ):
        # only now: a mistake in the settings is answered before NumPy and the rest are loaded,
        # and they are loaded while the workers start
        from sim.commands.progress import progress_bar
        from sim.commands.result import execute, recorded
        from sim.commands.until import enough_draws, largest_error, reached
        from sim.report.tables import print_run

        asked, said = settings, None
        with progress_bar(settings.lang) as progress:
            if asked.until:
                settings, error = enough_draws(
                    asked,
                    lambda sample: largest_error(execute(sample, workers, progress).attainment),
                )
                said = reached(asked, settings, error)
            if settings.store == "none":
                result = execute(settings, workers, progress)
            else:
                result = recorded(settings, began, workers, progress)
    found = (result.attainment, result.drivers, result.scenarios)
    print_run(
        *found,
        folder=result.folder,
        lang=settings.lang,
        fans=result.fans,
        calibration=settings.calibration,
    )
    if said is not None:
        print(said.of(settings.lang))


def print_passed_over(settings: RunSettings) -> None:
    """Says which newer calibrations could not be used, and why."""
    for why in settings.passed_over:
        said = Text(f"未采用较新的校准：{why.zh}", f"a newer calibration is passed over: {why.en}")
        print(said.of(settings.lang), flush=True)


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """A polite kill ends a run like Ctrl-C: nothing half-written stays behind."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def run(scenario: str = "baseline", *, output: str | Path | None = None, **words: Any) -> "Result":
    """What `sim run scenario=NAME key=value …` computes; written to a folder if `output` names one.

    >>> result = run("high_methane", draws=200, seed=1)  # doctest: +SKIP
    >>> float(result.attainment["probability"].sel(scenario="high_methane", target="cbm_output"))

    `words` are the keys of the command; levers, assumptions and parameters are mappings from
    names to levels. Raises Refused for what the command would refuse.
    """
    from sim.commands.result import execute, recorded
    from sim.commands.until import enough_draws, largest_error

    began = time.perf_counter()
    # one process by default: a program may have processes of its own that call this
    words = {"workers": 1, "output": str(output or "outputs"), **words}
    settings = compose(scenario=scenario, **words)
    with crew(settings.engine.spread, settings.engine.address, settings.processes) as workers:
        if settings.until:
            settings, _ = enough_draws(
                settings, lambda sample: largest_error(execute(sample, workers).attainment)
            )
        if output is None or settings.store == "none":
            return execute(settings, workers)
        return recorded(settings, began, workers)
