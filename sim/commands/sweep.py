"""`sim sweep`: the odds of the targets at many levels of levers, assumptions, parameters."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.run import ended_by_signals
from sim.config import compose_for, hydra_command
from sim.config.settings import Engine
from sim.config.sweep import SWEEP, SweepSettings
from sim.ensemble.workers import crew, workers_for
from sim.text import Refused, Text

if TYPE_CHECKING:
    import xarray as xr

LOADED = ("sim.analysis.sweeping", "sim.report.sweep_figures")
"""What the workers compute and draw with."""
ANEW = ("workers", "engine.address", "lang")
"""What may be told anew to an interrupted sweep: no number depends on it."""


def main(arguments: Sequence[str], lang: str) -> int:
    """The command: computes part by part, writes the folder, shows what was found."""
    resumed = [word for word in arguments if word.startswith("resume=")]
    if resumed:
        _resume(resumed, [word for word in arguments if word not in resumed])
    else:
        hydra_command(arguments, command, SWEEP)
    return 0


def command(settings: SweepSettings) -> None:
    """One sweep, from its settings to the terminal."""
    from sim.commands.sweeping import prepare

    began = time.perf_counter()
    _go_on(prepare(settings), None, began)


def _resume(resumed: Sequence[str], others: Sequence[str]) -> None:
    """Goes on with a sweep that was interrupted; only ANEW may be told anew."""
    from sim.commands.sweeping import prepare, resumable

    wrong = [word for word in others if word.partition("=")[0] not in ANEW]
    if wrong or len(resumed) > 1:
        raise Refused(
            Text(
                f"resume= 之外只能再写 workers=、engine.address= 和 lang=，而不是 "
                f"{' '.join(wrong or resumed)}；其余设置都取自当时的记录",
                f"beside resume= only workers=, engine.address= and lang= may stand, not "
                f"{' '.join(wrong or resumed)}; all else is as it was recorded",
            )
        )
    began = time.perf_counter()
    folder = Path(resumed[0].removeprefix("resume="))
    settings = resumable(folder)
    given = dict(word.split("=", 1) for word in others)
    run = replace(
        settings.run,
        lang=given.get("lang", settings.run.lang),
        workers=_workers(given["workers"]) if "workers" in given else settings.run.workers,
        engine=_elsewhere(settings.run.engine, given.get("engine.address")),
    )
    _go_on(prepare(replace(settings, run=run)), folder, began)


def _elsewhere(engine: Engine, address: str | None) -> Engine:
    """The engine with another cluster, if one is named; null is one on this machine."""
    if address is None:
        return engine
    here = address in ("", "null")
    return replace(engine, spread="dask", address=None if here else address)


def _workers(text: str) -> int:
    if text == "auto":
        return 0
    if text.isdigit() and int(text):
        return int(text)
    raise Refused(
        Text(
            f"workers 应为 auto 或正整数，而不是 {text}",
            f"workers is auto or a whole number, not {text}",
        )
    )


def _go_on(prepared: Any, folder: Path | None, began: float) -> None:
    """Computes what is missing in `folder`, finishes it, and shows what was found.

    Without a folder it begins one, once there is somebody who computes.
    """
    from sim.commands.progress import progress_bar
    from sim.commands.sweeping import begin, compute, finish
    from sim.report.sweep import print_sweep

    run, size = prepared.settings.run, processes(prepared.settings)
    try:
        with (
            ended_by_signals(),
            crew(run.engine.spread, run.engine.address, size, *LOADED) as workers,
        ):
            folder = folder or begin(prepared)
            with progress_bar(run.lang) as progress:
                compute(prepared, folder, workers.executor, progress)
            artists = workers.executor if workers.near else None
            table, final = finish(prepared, folder, began, artists)
    except KeyboardInterrupt:
        print("\n" + "\n".join(way.of(run.lang) for way in _way_on(folder)), flush=True)
        raise
    except Refused as refusal:
        raise Refused(*refusal.problems, *_way_on(folder)) from refusal
    print_sweep(table, final, run.lang)


def _way_on(folder: Path | None) -> list[Text]:
    """How to go on with what has been begun."""
    return (
        []
        if folder is None
        else [
            Text(
                f"已完成的部分保存在 {folder}；继续：sim sweep resume={folder}",
                f"what is done is kept in {folder}; to go on: sim sweep resume={folder}",
            )
        ]
    )


def processes(settings: SweepSettings) -> int:
    """The processes that compute: as many as were asked for, or as the sweep is worth."""
    return settings.run.workers or workers_for(settings.members, settings.run.block)


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
    from sim.commands.sweeping import begin, compute, finish, prepare, table_of

    began = time.perf_counter()
    words = {"workers": 1, "output": str(output or "outputs"), **words}
    prepared = prepare(compose_for(SWEEP, scenario=scenario, **words))
    engine = prepared.settings.run.engine
    with crew(engine.spread, engine.address, processes(prepared.settings)) as workers:
        if output is None:
            return table_of(prepared, workers.executor)
        folder = begin(prepared)
        compute(prepared, folder, workers.executor)
        return finish(prepared, folder, began)[0]
