"""The bars of attainment: how surely each target is met, scenario beside reference."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from sim.report.numbers import share
from sim.report.rows import wanted_in_year
from sim.report.sheet import BLUE, GREY, INK, RUST, Sheet, new_sheet, styled
from sim.report.words import display_width, fit, say

HALF = 0.36  # of a bar's row: two bars and the air between pairs
LOOKS: tuple[dict[str, Any], ...] = (
    {"facecolor": BLUE, "edgecolor": BLUE},
    {"facecolor": "white", "edgecolor": RUST, "hatch": "////"},
)


def attainment_bars(attainment: xr.Dataset, lang: str = "zh") -> Sheet:
    """A sheet with one row per target: its probability ± standard error in each scenario.

    16 cm wide for a Word page; its height grows with the targets, to a full page at most.
    """
    count = attainment.sizes["target"]
    height = min(3.7 + 0.92 * count, 23.5)
    sheet = new_sheet(16, height)
    with styled():
        axes = sheet.add_axes((0.355, 2.05 / height, 0.455, 1 - 3.6 / height))
        set_rows(axes, attainment, lang)
        for place in range(min(2, attainment.sizes["scenario"])):
            draw_bars(axes, attainment.isel(scenario=place), place, attainment.sizes["scenario"])
        write_margins(sheet, attainment, height, lang)
    return sheet


def set_rows(axes: Axes, attainment: xr.Dataset, lang: str) -> None:
    """An axis of percent below, and each target's name and wanted value at the left."""
    count = attainment.sizes["target"]
    axes.set_xlim(0, 100)
    axes.set_ylim(count - 0.5, -0.5)
    axes.set_xticks(range(0, 101, 25), [f"{tick}" for tick in range(0, 101, 25)])
    axes.set_xlabel(say("attainment_axis", lang), labelpad=2)
    axes.set_yticks([])
    axes.grid(axis="x")
    for row in range(count):
        one = attainment.isel(target=row)
        title = str(one[f"title_{lang}"].values)
        size = 8.5 if display_width(title) <= 36 else 7.2
        left = axes.get_yaxis_transform()
        axes.text(
            -0.03,
            row - 0.02,
            fit(title, 43),
            ha="right",
            va="bottom",
            transform=left,
            fontsize=size,
            gid="target",
        )
        axes.text(
            -0.03,
            row + 0.04,
            fit(wanted_in_year(one, lang), 40),
            ha="right",
            va="top",
            transform=left,
            color=GREY,
            fontsize=7.5,
        )


def draw_bars(axes: Axes, one: xr.Dataset, place: int, scenarios: int) -> None:
    """The bars of the scenario at `place` with whiskers, and its numbers at the right."""
    rows = np.arange(one.sizes["target"]) + (HALF * (place - 0.5) if scenarios > 1 else 0.0)
    percent, error = 100 * one["probability"].values, 100 * one["standard_error"].values
    thick = HALF * 0.92
    axes.barh(rows, percent, thick, linewidth=0.7, **LOOKS[place], gid=f"bars-{place}")
    axes.errorbar(
        percent,
        rows,
        xerr=error,
        fmt="none",
        ecolor=INK,
        elinewidth=0.8,
        capsize=1.6,
        zorder=4,
        clip_on=False,
    )
    for row, probability, spread in zip(rows, percent / 100, error / 100, strict=True):
        text = share(float(probability), float(spread), int(one["members"]))
        axes.text(
            1.03,
            row,
            text,
            va="center_baseline",
            fontsize=7.5,
            transform=axes.get_yaxis_transform(),
            color=(BLUE, RUST)[place],
            gid=f"value-{place}",
        )


def write_margins(sheet: Sheet, attainment: xr.Dataset, height: float, lang: str) -> None:
    """Title and legend above, draws and the meaning of the whiskers below."""
    titles: Sequence[str] = [str(title) for title in attainment[f"title_{lang}_scenario"].values]
    top = 1 - 0.25 / height
    sheet.text(0.015, top, say("attainment_title", lang), fontsize=11.5, va="top", gid="title")
    handles = [Patch(linewidth=0.7, **look) for look in LOOKS[: len(titles)]]
    sheet.legend(
        handles,
        [fit(title, 40) for title in titles[:2]],
        loc="upper left",
        bbox_to_anchor=(0.005, 1 - 0.78 / height),
        ncols=2,
        frameon=False,
        columnspacing=1.6,
        borderpad=0.2,
    )
    members = int(attainment["members"].isel(scenario=0))
    lines = (say("simulated", lang, draws=f"{members:,}"), say("bars_note", lang))
    for place, line in enumerate(lines):
        sheet.text(
            0.015, (0.62 - 0.42 * place) / height, line, fontsize=7, color=GREY, gid="source"
        )
