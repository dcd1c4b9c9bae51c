"""The figures of a run: a fan chart per variable and the bars of attainment, as files."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import xarray as xr

from sim.ensemble.scenario import Observation, Target
from sim.report.bars import attainment_bars
from sim.report.fan import fan_chart
from sim.report.sheet import save

__all__ = ["attainment_bars", "fan_chart", "save", "save_figures"]


def save_figures(
    runs: xr.Dataset,
    attainment: xr.Dataset,
    targets: Sequence[Target],
    observations: Sequence[Observation],
    folder: Path,
    lang: str = "zh",
    variables: Iterable[str] | None = None,
    dpi: int = 150,
) -> list[Path]:
    """The files written into `folder`: `<variable>.png` for each variable, and `attainment.png`.

    `variables` defaults to all of `runs`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drawn = [save(attainment_bars(attainment, lang), folder / "attainment.png", dpi)]
    for variable in map(str, runs.data_vars if variables is None else variables):
        sheet = fan_chart(variable, runs, targets, observations, lang)
        drawn.append(save(sheet, folder / f"{variable}.png", dpi))
    return drawn
