"""Probability over time: when each target comes within reach, one panel a target."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.analysis.odds import by_year
from sim.ensemble.target import Target
from sim.report.figures.frame import (
    Box,
    Picture,
    Subject,
    mark_years,
    name_panel,
    room,
    row_name,
    source,
    titled_sheet,
)
from sim.report.figures.words import say
from sim.report.rows import skill_line
from sim.report.sheet import FULL_PAGE, GREY, LOOKS, NOTE, PALER, WIDTH, Sheet, styled
from sim.report.words import fit, time_head
from sim.text import Refused, Text

COLUMNS = 3
LEGEND = 0.42  # cm, a row of it


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
    lang, odds = subject.lang, _odds(subject, targets)
    rows = -(-len(targets) // COLUMNS)
    height = min(2.9 + 2.75 * rows, FULL_PAGE)
    skill = skill_line(subject.record.attainment, lang)
    notes = (say("timeline_note", lang), *skill, *source(subject))
    sheet = titled_sheet(height, say("timeline_title", lang), notes)
    top, bottom = 1.15 + LEGEND * (len(odds) > 2), 1.65 + NOTE * (len(notes) - 2)
    with styled():
        for place, target in enumerate(targets):
            axes = sheet.add_axes(_panel(place, rows, height, top, bottom))
            draw_odds(axes, [one.sel(target=target.name) for one in odds], target, lang)
            axes.tick_params(labelleft=place % COLUMNS == 0)
            axes.tick_params(labelbottom=place + COLUMNS >= len(targets))
        sheet.text(
            0.008, 0.5, say("percent_axis", lang), fontsize=7.5, rotation=90, va="center",
            gid="axis",
        )  # fmt: skip
        _legend(sheet, subject, height, bottom)
    alt = Text(*(say("alt_timeline", one, count=len(targets)) for one in ("zh", "en")))
    return [Picture("timeline", sheet, say("timeline_title", lang), alt)]


def _odds(subject: Subject, targets: list[Target]) -> list[xr.Dataset]:
    """The odds by year of each case: (target, time)."""
    found = []
    for case in subject.cases:
        case.record.holds([target.variable for target in targets])
        found.append(
            by_year(case.record.runs, targets, case.record.settings.independent).isel(
                scenario=case.place
            )
        )
    return found


def _panel(place: int, rows: int, height: float, above: float, below: float) -> Box:
    left, bottom, wide, high = room(height, 1.2, 0.25, above, below)
    row, column = divmod(place, COLUMNS)
    across, down = wide / COLUMNS, high / rows
    air = 0.9 / height
    return (
        left + column * across,
        bottom + (rows - 1 - row) * down,
        across - 0.35 / WIDTH,
        down - air,
    )


def draw_odds(axes: Axes, odds: Sequence[xr.Dataset], target: Target, lang: str) -> None:
    """The probability of one target by year, the first case solid with its error."""
    time = odds[0]["time"].values
    for place, (one, look) in enumerate(zip(odds, LOOKS, strict=False)):
        share = 100 * one["probability"].values
        if place == 0:
            error = 200 * one["standard_error"].values
            low, high = np.clip(share - error, 0, 100), np.clip(share + error, 0, 100)
            axes.fill_between(time, low, high, color=PALER, linewidth=0)
        axes.plot(
            one["time"].values, share, color=look.ink, linestyle=look.dash,
            linewidth=_width(place), gid=f"odds-{place}",
        )  # fmt: skip
    axes.axvline(target.year, color=GREY, linewidth=0.7, linestyle=":", gid="plan-year")
    axes.set_ylim(-3, 103)
    axes.set_yticks([0, 50, 100])
    mark_years(axes, time[0], time[-1], 10, size=7)
    axes.grid(axis="y")
    name_panel(axes, row_name(target, lang))


def _width(place: int) -> float:
    return 1.8 if place == 0 else 1.3


def _legend(sheet: Sheet, subject: Subject, height: float, bottom: float) -> None:
    lang, titles = subject.lang, subject.titles()
    handles: list[Line2D | Patch] = [
        Line2D([], [], color=look.ink, linestyle=look.dash, linewidth=_width(place))
        for place, (look, _) in enumerate(zip(LOOKS, titles, strict=False))
    ]
    handles += [Patch(facecolor=PALER), Line2D([], [], color=GREY, linestyle=":", linewidth=0.8)]
    labels = [fit(title, 30) for title in titles] + [say("band", lang), say("plan_year", lang)]
    sheet.legend(
        handles,
        labels,
        loc="upper left",
        bbox_to_anchor=(0.005, 1 - 0.72 / height),
        ncols=4 if len(titles) <= 2 else 3,
        frameon=False,
        columnspacing=1.4,
        handlelength=2.2,
        borderpad=0.2,
    )
    unit = time_head(subject.targets[0].time_unit, lang)
    sheet.text(0.5, (bottom - 0.75) / height, unit, fontsize=7.5, ha="center", va="bottom")
