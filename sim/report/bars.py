"""The bars of attainment: how surely each target is met, scenario beside reference."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from numpy.typing import NDArray

from sim.report.numbers import share
from sim.report.rows import skill_line, wanted_in_year
from sim.report.sheet import (
    GREY,
    INK,
    LOOKS,
    SMALLEST,
    WIDTH,
    Sheet,
    new_sheet,
    styled,
    write_notes,
)
from sim.report.words import display_width, fit, say

FILLED = 0.72  # of a row; the rest is the air between rows
PAGE = 23.5  # cm: as high as a page lets be, where the sheet stands alone
THINNEST = 0.25  # cm, of a bar: the number beside it must be read
LEFT = {"zh": 0.355, "en": 0.475}  # of the width, for names
LETTERS = {"zh": 300, "en": 400}  # of a point in size that fit there


def attainment_bars(attainment: xr.Dataset, lang: str = "zh") -> Sheet:
    """A sheet with one row per target: its probability ± standard error in each scenario.

    As wide as a Word page; its height grows with the targets, to a full page at most, or to
    what makes the numbers beside more than two scenarios' bars readable.
    """
    count, scenarios = attainment.sizes["target"], attainment.sizes["scenario"]
    least = THINNEST * scenarios / FILLED * count if scenarios > 2 else 0.0
    below = 2.05 + 0.42 * len(skill_line(attainment, lang))
    height = 1.65 + below + max(least, min(0.92 * count, PAGE - 1.65 - below))
    sheet = new_sheet(WIDTH, height)
    with styled():
        left = LEFT[lang]
        axes = sheet.add_axes((left, below / height, 0.81 - left, 1 - (1.55 + below) / height))
        set_rows(axes, attainment, lang)
        for place in range(scenarios):
            draw_bars(axes, attainment.isel(scenario=place), place, scenarios)
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
        size = min(8.5, max(SMALLEST, LETTERS[lang] / display_width(title)))
        left = axes.get_yaxis_transform()
        axes.text(
            -0.03,
            row - 0.02,
            fit(title, 66),
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
    rows, thick = beside(one.sizes["target"], place, scenarios)
    percent, error = 100 * one["probability"].values, 100 * one["standard_error"].values
    axes.barh(rows, percent, thick, linewidth=0.7, **LOOKS[place].bar, gid=f"bars-{place}")
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
        known = bool(np.isfinite(probability))  # a run may not have been judged by this target
        text = share(float(probability), float(spread), int(one["members"])) if known else "—"
        axes.text(
            1.03,
            row,
            text,
            va="center_baseline",
            fontsize=7.5 if scenarios <= 2 else SMALLEST,
            transform=axes.get_yaxis_transform(),
            color=LOOKS[place].ink if scenarios <= 2 else INK,
            gid=f"value-{place}",
        )


def beside(count: int, place: int, scenarios: int) -> tuple[NDArray[np.float64], float]:
    """Where the bars of the scenario at `place` stand, a row each, and how thick they are."""
    each = FILLED / max(scenarios, 2)
    rows: NDArray[np.float64] = np.arange(float(count)) + each * (place - (scenarios - 1) / 2)
    return rows, 0.92 * each


def write_margins(sheet: Sheet, attainment: xr.Dataset, height: float, lang: str) -> None:
    """Title and legend above, draws and the meaning of the whiskers below."""
    titles: Sequence[str] = [str(title) for title in attainment[f"title_{lang}_scenario"].values]
    top = 1 - 0.25 / height
    sheet.text(0.015, top, say("attainment_title", lang), fontsize=11.5, va="top", gid="title")
    handles = [Patch(linewidth=0.7, **look.bar) for look in LOOKS[: len(titles)]]
    wide = 40 if len(titles) <= 2 else 24
    sheet.legend(
        handles,
        [fit(title, wide) for title in titles],
        loc="upper left",
        bbox_to_anchor=(0.005, 1 - 0.78 / height),
        ncols=max(2, len(titles)),
        frameon=False,
        columnspacing=1.6,
        borderpad=0.2,
    )
    members = " / ".join(dict.fromkeys(f"{int(each):,}" for each in attainment["members"]))
    simulated = say("simulated", lang, draws=members)
    write_notes(sheet, (simulated, say("bars_note", lang), *skill_line(attainment, lang)))
