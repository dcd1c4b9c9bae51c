"""`sim backtest`: how good the model's forecasts would have been, from what was known then."""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.config import compose_for, hydra_command
from sim.config.backtest import BACKTEST, BacktestSettings
from sim.ensemble.workers import pool

if TYPE_CHECKING:
    from sim.commands.hindcast import Hindcast

LOADED = ("sim.analysis.calibration",)
"""What the workers compute with."""


def main(arguments: Sequence[str], lang: str) -> int:
    """The command: computes, writes the folder, shows forecasts and skill."""
    hydra_command(arguments, command, BACKTEST)
    return 0


def command(settings: BacktestSettings) -> None:
    """One back-test, from its settings to the terminal."""
    from sim.commands.hindcast import execute, prepare, write
    from sim.commands.progress import progress_bar
    from sim.report.backtesting import print_backtest

    began = time.perf_counter()
    prepared = prepare(settings)
    workers = settings.run.workers or os.cpu_count() or 1
    with (
        pool(workers, *LOADED) as executor,
        progress_bar(settings.run.lang) as progress,
    ):
        found = execute(prepared, executor, progress)
    folder = write(found, prepared, began)
    print_backtest(found, folder, settings.run.lang)


def backtest(
    scenario: str = "baseline", *, output: str | Path | None = None, **words: Any
) -> "Hindcast":
    """What `sim backtest key=value …` finds.

    >>> backtest(years=[2017]).skill.inside_ninety  # doctest: +SKIP

    Written to a folder if `output` names one. Raises Refused for what the command would refuse.
    """
    from sim.commands.hindcast import execute, prepare, write

    began = time.perf_counter()
    words = {"workers": 1, "output": str(output or "outputs"), **words}
    prepared = prepare(compose_for(BACKTEST, scenario=scenario, **words))
    with pool(prepared.settings.run.workers or 1) as executor:
        found = execute(prepared, executor)
    if output is not None:
        write(found, prepared, began)
    return found
