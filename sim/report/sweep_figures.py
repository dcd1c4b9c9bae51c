"""The figures of a sweep: curves, heat maps, scatter or tornado, one page for each target."""

from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import xarray as xr

from sim.report.rows import judged
from sim.report.sweep import axes_of

if TYPE_CHECKING:
    from sim.report.sheet import Sheet


def save_sweep(
    table: xr.Dataset, folder: Path, lang: str, executor: Executor | None = None, dpi: int = 150
) -> list[Path]:
    """The files written into `folder`: `overview.png`, and one for each target.

    Of a sweep one at a time, one for each target and role, where there are several roles. Of
    quantities without targets no overview: they have no scale in common. Drawn here, or by
    `executor`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    figures: list[Callable[[], Path]] = []
    if judged(table):
        file = folder / "overview.png"
        figures.append(partial(save_sheet, "overview", table, 0, lang, file, dpi))
    for place, target in enumerate(map(str, table["target"].values)):
        for kind, mark in kinds_of(table):
            file = folder / f"{target}{mark}.png"
            figures.append(partial(save_sheet, kind, table, place, lang, file, dpi))
    return list((map if executor is None else executor.map)(_drawn, figures))


def kinds_of(table: xr.Dataset) -> list[tuple[str, str]]:
    """The kinds of page that show this sweep, and what stands in the name of the file."""
    axes, design = axes_of(table), table.attrs["design"]
    if design == "oat":
        roles = list(dict.fromkeys(str(table[axis].attrs["role"]) for axis in axes))
        return [(f"tornado:{role}", f"_{role}" if len(roles) > 1 else "") for role in roles]
    if len(axes) == 1:
        return [("curve", "")]
    return [("map" if design == "grid" and len(axes) == 2 else "scatter", "")]


def _drawn(figure: Callable[[], Path]) -> Path:
    return figure()


def save_sheet(kind: str, table: xr.Dataset, target: int, lang: str, file: Path, dpi: int) -> Path:
    """The file with one page."""
    from sim.report.sheet import save

    return save(sheet_of(kind, table, target, lang), file, dpi)


def sheet_of(kind: str, table: xr.Dataset, target: int, lang: str) -> "Sheet":
    """One page; its kind as `kinds_of` says, or "overview"."""
    from sim.report import sweep_sheets  # matplotlib: where the drawing is done

    word, _, role = kind.partition(":")
    sheets: dict[str, Callable[[], Sheet]] = {
        "overview": lambda: sweep_sheets.overview(table, lang),
        "curve": lambda: sweep_sheets.curve(table, target, lang),
        "map": lambda: sweep_sheets.heat_map(table, target, lang),
        "scatter": lambda: sweep_sheets.scatter(table, target, lang),
        "tornado": lambda: sweep_sheets.tornado(table, target, role, lang),
    }
    return sheets[word]()
