"""`sim sensitivity`: which uncertain inputs decide whether the targets are met, and how surely."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.run import ended_by_signals, print_passed_over
from sim.config import compose_for, hydra_command
from sim.config.sensitivity import SENSITIVITY, SensitivitySettings
from sim.ensemble.workers import crew

if TYPE_CHECKING:
    import xarray as xr

LOADED = ("sim.analysis.response", "sim.report.influence_sheet")
"""What the workers compute and draw with."""


def main(arguments: Sequence[str], lang: str) -> int:
    """The command: computes, writes the folder, shows the tables and what they say."""
    hydra_command(arguments, command, SENSITIVITY)
    return 0


def command(settings: SensitivitySettings) -> None:
    """One study, from its settings to the terminal."""
    from sim.commands.influence import execute, prepare, write
    from sim.commands.progress import progress_bar
    from sim.report.influence import print_influence

    began, lang = time.perf_counter(), settings.run.lang
    print_passed_over(settings.run)
    prepared = prepare(settings)
    engine = settings.run.engine
    with (
        ended_by_signals(),
        crew(engine.spread, engine.address, prepared.processes, *LOADED) as workers,
        progress_bar(lang) as progress,
    ):
        found = execute(prepared, workers.executor, progress)
        folder = write(found, prepared, began, workers.executor if workers.near else None)
    print_influence(found.table, folder, lang)


def sensitivity(
    scenario: str = "baseline", *, output: str | Path | None = None, **words: Any
) -> "xr.Dataset":
    """What `sim sensitivity scenario=NAME key=value …` finds, as a labelled table.

    >>> found = sensitivity(method="sobol", base=256, seed=1)  # doctest: +SKIP
    >>> found["total"].sel(target="cbm_output").to_series().nlargest(5)

    Every index is a variable over (target, factor), with the half-width of its 95 % interval
    beside it (`total`, `total_half`); in the unit of the target for method="morris", else without
    one. Written to a folder if `output` names one. Raises Refused for what the command would
    refuse.
    """
    from sim.commands.influence import execute, prepare, write

    began = time.perf_counter()
    words = {"workers": 1, "output": str(output or "outputs"), **words}
    prepared = prepare(compose_for(SENSITIVITY, scenario=scenario, **words))
    engine = prepared.settings.run.engine
    with crew(engine.spread, engine.address, prepared.processes) as workers:
        found = execute(prepared, workers.executor)
        if output is not None:
            write(found, prepared, began)
    return found.table
