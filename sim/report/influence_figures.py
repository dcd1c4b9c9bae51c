"""The figures of a study: an overview for each role, and a page for each target and role."""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from sim.report.influence import index_word, roles_of, source_line
from sim.report.words import display_width, fit, folded, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.report.influence_sheet import Sample
    from sim.report.sheet import Sheet

MOST = 18
"""Factors that an overview shows: more could not be read."""
LEAST = 0.02
LETTER = 0.1
"""Of the height below an overview, what each letter of a slanting name takes (cm)."""
HEADROOM = 1.7
"""Above the points of a panel, for the names of the leading ones."""


def save_influence(
    table: xr.Dataset,
    samples: Mapping[tuple[str, str], "Sample"],
    folder: Path,
    lang: str = "zh",
    executor: Executor | None = None,
    dpi: int = 150,
) -> list[Path]:
    """The files written into `folder`; a role's name is in a file's where there are several.

    `samples`: for (target, role) the members to scatter. Drawn here, or by `executor`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    roles = roles_of(table)
    figures: list[Callable[[], Path]] = []
    for role in roles:
        mark = f"_{role}" if len(roles) > 1 else ""
        figures.append(
            partial(save_overview, table, role, folder / f"overview{mark}.png", lang, dpi)
        )
        if table.attrs["main"] == "mu_star":
            file = folder / f"mu_sigma{mark}.png"
            figures.append(partial(save_mu_sigma, table, role, file, lang, dpi))
        for place, target in enumerate(map(str, table["target"].values)):
            if np.isfinite(table[table.attrs["main"]].values[place]).any():
                sample = samples.get((target, role))
                file = folder / f"{target}{mark}.png"
                figures.append(partial(save_page, table, place, role, sample, file, lang, dpi))
    return list((map if executor is None else executor.map)(_drawn, figures))


def _drawn(figure: Callable[[], Path]) -> Path:
    return figure()


def save_page(
    table: xr.Dataset,
    target: int,
    role: str,
    sample: "Sample | None",
    file: Path,
    lang: str,
    dpi: int,
) -> Path:
    """The file with the page of one target."""
    from sim.report.influence_sheet import influence_sheet  # matplotlib: where it is drawn
    from sim.report.sheet import save

    return save(influence_sheet(table, target, role, sample, lang), file, dpi)


def save_overview(table: xr.Dataset, role: str, file: Path, lang: str, dpi: int) -> Path:
    """The file with the heat map of targets and factors."""
    from sim.report.sheet import save

    return save(overview(table, role, lang), file, dpi)


def save_mu_sigma(table: xr.Dataset, role: str, file: Path, lang: str, dpi: int) -> Path:
    """The file with Morris's plane of mu* and sigma for every target."""
    from sim.report.sheet import save

    return save(mu_sigma(table, role, lang), file, dpi)


def overview(table: xr.Dataset, role: str, lang: str) -> "Sheet":
    """A heat map: targets across, the leading factors down, the index in each cell.

    Indices in the unit of the target are shown as shares of the target's largest.
    """
    from matplotlib.colors import LinearSegmentedColormap

    from sim.report.sheet import BLUE, GREY, name_ticks, new_sheet, styled, write_notes

    own = table.isel(factor=np.flatnonzero(table["role"].values == role))
    values = np.abs(np.nan_to_num(own[table.attrs["main"]].values))
    if table.attrs["main"] == "mu_star":
        values = values / np.maximum(values.max(axis=1, keepdims=True), 1e-300)
    order = np.argsort(-values.max(axis=0))[:MOST]
    values = values[:, order].T
    rows, columns = values.shape
    width = max(16.0, 7.2 + 0.95 * columns)
    titles = [
        f"{title} {year}"
        for title, year in zip(own[f"title_{lang}"].values, own["due"].values, strict=True)
    ]
    below = 1.4 + LETTER * max(map(display_width, titles))
    height = 1.7 + below + 0.6 * rows
    sheet = new_sheet(width, height)
    with styled():
        axes = sheet.add_axes((6.4 / width, below / height, 1 - 6.9 / width, 0.6 * rows / height))
        shades = LinearSegmentedColormap.from_list("influence", ["#FFFFFF", BLUE])
        axes.imshow(values, cmap=shades, vmin=0, vmax=1, aspect="auto")
        _cells(axes, values)
        labels = [str(label) for label in own[f"label_{lang}"].values[order]]
        name_ticks(axes.yaxis, labels, 38)
        axes.set_xticks(range(columns), titles, rotation=40, ha="right", rotation_mode="anchor")
        title = say("infl_overview", lang)
        sheet.text(0.015, 1 - 0.25 / height, title, fontsize=11.5, va="top", gid="title")
        subtitle = say(f"infl_{role}", lang)
        sheet.text(0.015, 1 - 0.85 / height, subtitle, fontsize=8.5, va="top", color=GREY)
        note = say(
            "infl_overview_note",
            lang,
            index=say(index_word(table), lang),
            least=LEAST,
        )
        write_notes(sheet, [note, source_line(table, lang)])
    return sheet


def _cells(axes: "Axes", values: np.ndarray) -> None:
    """The numbers in the cells, and white lines between them."""
    for row, column in np.argwhere(values >= LEAST):
        value = values[row, column]
        colour = "white" if value > 0.5 else "#1A1A1A"
        axes.text(
            column, row, f"{100 * value:.0f}", ha="center", va="center", color=colour, size=7.5
        )
    rows, columns = values.shape
    axes.set_xticks(np.arange(columns + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(rows + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="white", linewidth=1.2)
    axes.tick_params(which="both", length=0)
    axes.spines[:].set_visible(False)


def mu_sigma(table: xr.Dataset, role: str, lang: str) -> "Sheet":
    """A panel for every target: spread of the effects over their mean size, leaders named."""
    from sim.report.sheet import (
        BLUE,
        HAIR,
        SMALLEST,
        mark_thousands,
        new_sheet,
        styled,
        write_notes,
    )
    from sim.report.words import label_in

    own = table.isel(factor=np.flatnonzero(table["role"].values == role))
    count, across = own.sizes["target"], 3
    down = -(-count // across)
    height = 2.0 + 5.0 * down
    sheet = new_sheet(16, height)
    with styled():
        title = say("infl_mu_sigma", lang)
        sheet.text(0.015, 1 - 0.25 / height, title, fontsize=11.5, va="top", gid="title")
        for place in range(count):
            one = own.isel(target=place)
            row, column = divmod(place, across)
            bottom = (height - 1.3 - 5.0 * (row + 1) + 1.1) / height
            axes = sheet.add_axes((0.075 + 0.325 * column, bottom, 0.25, 3.0 / height))
            x, y = one["mu_star"].values, one["sigma"].values
            axes.plot(x, y, "o", color=BLUE, markersize=3, markeredgewidth=0, clip_on=False)
            end = max(float(np.nanmax(x)), float(np.nanmax(y)), 1e-12)
            axes.plot([0, end], [0, end], color=HAIR, linewidth=0.8)
            axes.set_xlim(0, float(np.nanmax(x)) * 1.05 or 1)
            axes.set_ylim(0, float(np.nanmax(y)) * HEADROOM or 1)
            leaders = np.argsort(-x)[:3]
            for rank, factor in enumerate(leaders, start=1):
                at = (x[factor], y[factor])
                axes.annotate(
                    str(rank),
                    at,
                    (0, 3),
                    textcoords="offset points",
                    fontsize=SMALLEST,
                    ha="center",
                )
            listed = [
                f"{rank} {fit(str(one[f'label_{lang}'].values[factor]), 34)}"
                for rank, factor in enumerate(leaders, start=1)
            ]
            axes.text(
                0.02, 0.99, "\n".join(listed), transform=axes.transAxes, fontsize=SMALLEST, va="top"
            )
            head = folded(f"{one[f'title_{lang}'].item()} {int(one['due'])}", 36)
            axes.set_title(head, fontsize=7.5, loc="left")
            axes.set_xlabel(label_in("μ*", str(one["unit"].item()), lang), fontsize=7, labelpad=1)
            axes.set_ylabel("σ", fontsize=7, labelpad=1)
            axes.tick_params(labelsize=SMALLEST)
            axes.locator_params(nbins=4)
            mark_thousands(axes)
        write_notes(sheet, [say("infl_mu_sigma_note", lang), source_line(table, lang)])
    return sheet
