"""Probability over time: when each target comes within reach, one panel a target."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.analysis.odds import by_year
from sim.ensemble.target import Target
from sim.report.figures.frame import (
    FULL_PAGE,
    WIDTH,
    Picture,
    Subject,
    mark_years,
    room,
    row_name,
    source,
    titled_sheet,
)
from sim.report.figures.words import say
from sim.report.sheet import BLUE, GREY, PALER, RUST, Sheet, styled
from sim.report.words import fit
from sim.report.words import say as word
from sim.text import Refused, Text

COLUMNS = 3
LOOKS: tuple[tuple[str, Any, float], ...] = ((BLUE, "-", 1.8), (RUST, "--", 1.3))


def timeline(subject: Subject) -> list[Picture]:
    """One picture: a panel for each target of a level, its probability in every year."""
    targets = [target for target in subject.targets if target.measure == "level"]
    if not targets:
        raise Refused(
            Text(
                "所选目标都是变化或增速，没有逐年的概率；请选其他目标",
                "the targets are all of change or growth, which have no probability by year",
            )
        )
    lang, odds = subject.lang, by_year(subject.record.runs, targets)
    rows = -(-len(targets) // COLUMNS)
    height = min(2.9 + 2.75 * rows, FULL_PAGE)
    notes = (say("timeline_note", lang), source(subject.record, lang))
    sheet = titled_sheet(height, say("timeline_title", lang), notes)
    with styled():
        for place, target in enumerate(targets):
            axes = sheet.add_axes(_panel(place, rows, height))
            draw_odds(axes, odds.sel(target=target.name), target, lang)
            axes.tick_params(labelleft=place % COLUMNS == 0)
            axes.tick_params(labelbottom=place + COLUMNS >= len(targets))
        sheet.text(
            0.008, 0.5, say("percent_axis", lang), fontsize=7.5, rotation=90, va="center",
            gid="axis",
        )  # fmt: skip
        _legend(sheet, subject, height)
    alt = Text(*(say("alt_timeline", one, count=len(targets)) for one in ("zh", "en")))
    return [Picture("timeline", sheet, say("timeline_title", lang), alt)]


def _panel(place: int, rows: int, height: float) -> tuple[float, float, float, float]:
    left, bottom, wide, high = room(height, 1.2, 0.25, 1.15, 1.65)
    row, column = divmod(place, COLUMNS)
    across, down = wide / COLUMNS, high / rows
    air = 0.9 / height
    return (
        left + column * across,
        bottom + (rows - 1 - row) * down,
        across - 0.35 / WIDTH,
        down - air,
    )


def draw_odds(axes: Axes, odds: xr.Dataset, target: Target, lang: str) -> None:
    """The probability of one target by year, first scenario solid, second dashed."""
    time = odds["time"].values
    for place in range(min(2, odds.sizes["scenario"])):
        one = odds.isel(scenario=place)
        share = 100 * one["probability"].values
        colour, dash, wide = LOOKS[place]
        if place == 0:
            error = 200 * one["standard_error"].values
            low, high = np.clip(share - error, 0, 100), np.clip(share + error, 0, 100)
            axes.fill_between(time, low, high, color=PALER, linewidth=0)
        axes.plot(time, share, color=colour, linestyle=dash, linewidth=wide, gid=f"odds-{place}")
    axes.axvline(target.year, color=GREY, linewidth=0.7, linestyle=":", gid="plan-year")
    axes.set_ylim(-3, 103)
    axes.set_yticks([0, 50, 100])
    mark_years(axes, time[0], time[-1], 10, size=7)
    axes.grid(axis="y")
    axes.set_title(row_name(target, lang, 32), fontsize=7.5, loc="left", pad=3, gid="panel")


def _legend(sheet: Sheet, subject: Subject, height: float) -> None:
    lang = subject.lang
    titles = subject.titles()[:2]
    handles: list[Line2D | Patch] = [
        Line2D([], [], color=colour, linestyle=dash, linewidth=wide)
        for (colour, dash, wide), _ in zip(LOOKS, titles, strict=False)
    ]
    handles += [Patch(facecolor=PALER), Line2D([], [], color=GREY, linestyle=":", linewidth=0.8)]
    labels = [fit(title, 30) for title in titles] + [say("band", lang), say("plan_year", lang)]
    sheet.legend(
        handles,
        labels,
        loc="upper left",
        bbox_to_anchor=(0.005, 1 - 0.72 / height),
        ncols=4,
        frameon=False,
        columnspacing=1.4,
        handlelength=2.2,
        borderpad=0.2,
    )
    sheet.text(0.5, 0.9 / height, word("year", lang), fontsize=7.5, ha="center", va="bottom")
