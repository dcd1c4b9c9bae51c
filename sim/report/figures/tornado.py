"""The tornado: which uncertain inputs move one target, and how far, in the target's own unit."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.analysis.signposts import moves_median
from sim.ensemble.target import Target
from sim.report.figures.frame import (
    Picture,
    Subject,
    name_rows,
    room,
    row_name,
    source,
    titled_sheet,
)
from sim.report.figures.words import say
from sim.report.numbers import along_axis, exact, signed
from sim.report.sheet import BLUE, GOLD, GREY, INK, RUST, styled
from sim.report.words import SENSES, display_width, label_in, when
from sim.report.words import say as word
from sim.text import Text

HIGH: dict[str, Any] = {"facecolor": BLUE, "edgecolor": BLUE}
LOW: dict[str, Any] = {"facecolor": "white", "edgecolor": RUST, "hatch": "////"}


def tornado(subject: Subject) -> list[Picture]:
    """One picture for each target of each run: its strongest inputs from the top."""
    alone = len(subject.records) == 1
    pictures = []
    for one in subject.apart():
        signs = one.record.signs_of(one.targets)
        pictures += [tornado_of(one, target, signs[target.name], alone) for target in one.targets]
    return pictures


def tornado_of(subject: Subject, target: Target, signs: xr.Dataset, alone: bool) -> Picture:
    """The picture of one target, from its signposts."""
    lang = subject.lang
    title = say(
        "tornado_title", lang, target=target.title.of(lang),
        year=when(target.year, target.time_unit, lang),
        scenario=subject.titles()[0],
    )  # fmt: skip
    height = 4.1 + 0.62 * max(signs.sizes["input"], 2)
    odds = bool(signs.sizes["input"]) and not moves_median(signs)
    notes = (say("tornado_odds_note" if odds else "tornado_note", lang), *source(subject))
    sheet = titled_sheet(height, title, notes)
    with styled():
        axes = sheet.add_axes(room(height, 6.4, 0.5, 1.75, 1.95))
        if signs.sizes["input"]:
            draw_swings(axes, signs, target, lang, odds)
        else:
            axes.set_axis_off()
            axes.text(0.5, 0.5, say("no_inputs", lang), ha="center", transform=axes.transAxes)
        handles = [
            Patch(**LOW, linewidth=0.7),
            Patch(**HIGH, linewidth=0.7),
            Line2D([], [], color=INK, linewidth=1),
        ]
        shown = ("low_third", "high_third", "all_odds" if odds else "all_draws")
        sheet.legend(
            handles, [say(w, lang) for w in shown],
            loc="upper left", bbox_to_anchor=(0.005, 1 - 0.72 / height), ncols=3, frameon=False,
            columnspacing=1.4, borderpad=0.2,
        )  # fmt: skip
    name = subject.file(f"tornado-{target.name}", alone)
    return Picture(name, sheet, title, _alt(target, signs))


def draw_swings(
    axes: Axes, signs: xr.Dataset, target: Target, lang: str, odds: bool = False
) -> None:
    """A bar from the middle to either third's median, the plan's target as a line if near; of
    `odds`, to either third's probability of attainment in percent."""
    shown, scale = ("probability", 100.0) if odds else ("median", 1.0)
    middle, values = scale * float(signs.attrs[shown]), scale * signs[shown].values
    rows = np.arange(signs.sizes["input"])
    for third, look, shift in ((0, LOW, -0.19), (1, HIGH, 0.19)):
        axes.barh(
            rows + shift, values[:, third] - middle, 0.34, middle, linewidth=0.7, zorder=3,
            gid=f"third-{third}", **look,
        )  # fmt: skip
    axes.axvline(middle, color=INK, linewidth=1, zorder=4, gid="median")
    wide = max(float(np.ptp(values)), 1e-9)
    low, high = min(values.min(), middle), max(values.max(), middle)
    if not odds and low - wide < target.value < high + wide:
        wanted = f"{word('target', lang)} {SENSES[target.sense]} {exact(target.value)}"
        axes.axvline(target.value, color=GOLD, linewidth=2, zorder=2, gid="target")
        axes.text(
            target.value, 1.01, wanted, transform=axes.get_xaxis_transform(), ha="center",
            va="bottom", fontsize=7.5, color=GREY, gid="target-label",
        )  # fmt: skip
    names = [
        f"{label}{word('open', lang)}{signed(f'{correlation:+.2f}')}{word('close', lang)}"
        for label, correlation in zip(
            signs[f"label_{lang}"].values, signs["correlation"].values, strict=True
        )
    ]
    name_rows(axes, names, 44)
    axes.margins(x=0.06)
    first, last = axes.get_xlim()
    ticks = [tick for tick in axes.get_xticks() if first <= tick <= last]
    axes.set_xticks(ticks, along_axis(ticks))
    axes.grid(axis="x")
    if odds:
        axes.set_xlabel(word("attainment_axis", lang), labelpad=2)
    else:
        name_values(axes, target, lang)
    for label in axes.texts:  # a label near an edge of the panel stays inside the sheet
        place = (label.get_position()[0] - first) / (last - first)
        label.set_horizontalalignment(
            "right" if place > 0.85 else "left" if place < 0.15 else "center"
        )


def name_values(axes: Axes, target: Target, lang: str) -> None:
    """The target and its unit below; a long name ends where the panel does."""
    label = label_in(target.title.of(lang), target.unit, lang)
    text = say("value_axis", lang, label=label)
    axes.set_xlabel(text, labelpad=2, loc="center" if display_width(text) < 64 else "right")


def _alt(target: Target, signs: xr.Dataset) -> Text:
    def text(lang: str) -> str:
        if not signs.sizes["input"]:
            return say("alt_none", lang, why=say("no_inputs", lang))
        first = str(signs[f"label_{lang}"].values[0])
        count = signs.sizes["input"]
        return say("alt_tornado", lang, target=row_name(target, lang), count=count, first=first)

    return Text(text("zh"), text("en"))
