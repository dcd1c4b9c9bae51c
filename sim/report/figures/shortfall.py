"""How far from the target: the distribution of each target's margin, short or beyond."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from sim.analysis.odds import margins
from sim.ensemble.target import Target
from sim.report.bars import beside
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
from sim.report.numbers import signed
from sim.report.sheet import BLUE, FULL_PAGE, GREY, INK, LOOKS, NOTE, PALE, Look, Sheet, styled
from sim.report.words import fit
from sim.text import Refused, Text

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
LIMIT = 100.0  # percent: what is farther off is marked with an arrow at the edge


def shortfall(subject: Subject) -> list[Picture]:
    """One picture: a row for each target, its margin in % of what is wanted, by scenario."""
    lang = subject.lang
    targets = [target for target in subject.targets if target.value != 0]
    if not targets:
        raise Refused(
            Text(
                "所选目标的目标值都是零，余量不能用百分比表示；请选其他目标",
                "the targets are all of zero: their margin has no percentage; choose others",
            )
        )
    quantiles = _quantiles(subject, targets)
    cases = quantiles.shape[-1]
    height = min(4.0 + max(0.72, 0.3 * cases) * len(targets), FULL_PAGE)
    notes = [say("margin_note", lang)]
    if len(targets) < len(subject.targets):
        notes.append(say("margin_left_out", lang, count=len(subject.targets) - len(targets)))
    if (np.abs(quantiles) > LIMIT).any():
        notes.append(say("margin_capped", lang))
    notes += source(subject)
    below = 1.1 + NOTE * len(notes)
    sheet = titled_sheet(height, say("shortfall_title", lang), notes)
    with styled():
        axes = sheet.add_axes(room(height, 5.6, 0.5, 1.95 + 0.42 * (cases > 2), below))
        draw_margins(axes, quantiles, lang)
        name_rows(axes, [row_name(target, lang) for target in targets], 36)
        _legend(sheet, subject, height)
    missed = int((quantiles[2, :, 0] < 0).sum())
    alt = Text(
        *(say("alt_shortfall", one, count=len(targets), missed=missed) for one in ("zh", "en"))
    )
    return [Picture("shortfall", sheet, say("shortfall_title", lang), alt)]


def _quantiles(subject: Subject, targets: list[Target]) -> NDArray[np.float64]:
    """The quantiles of each target's margin in %: (level, target, case)."""
    found = []
    for case in subject.cases:
        case.record.holds([target.variable for target in targets])
        own = margins(case.record.runs, targets).isel(scenario=case.place)
        found.append(100 * np.nanquantile(own.values, LEVELS, axis=-1))
    return np.stack(found, axis=-1)


def draw_margins(axes: Axes, quantiles: NDArray[np.float64], lang: str) -> None:
    """Ranges and medians, (level, target, case) in percent; zero is the target."""
    edge = min(LIMIT, float(np.nanmax(np.abs(quantiles))) * 1.1 or 1.0)
    count = quantiles.shape[-1]
    for place, look in zip(range(count), LOOKS, strict=False):
        low, lower, median, upper, high = quantiles[:, :, place]
        rows, thick = beside(len(low), place, count)
        colour = look.ink
        axes.hlines(rows, low, high, color=colour, linewidth=0.9, zorder=3)
        axes.barh(
            rows, upper - lower, 0.66 * thick, lower, **_box(look), zorder=4,
            gid=f"margin-{place}",
        )  # fmt: skip
        axes.plot(
            median, rows, marker=look.marker, markersize=3.4, color=colour, linestyle="none",
            markeredgecolor="white", markeredgewidth=0.4, zorder=5, gid=f"median-{place}",
        )  # fmt: skip
        for row, first, last in zip(rows, low, high, strict=True):
            if first < -edge:
                axes.plot(-edge, row, marker="<", color=colour, markersize=4, clip_on=False)
            if last > edge:
                axes.plot(edge, row, marker=">", color=colour, markersize=4, clip_on=False)
    axes.axvline(0, color=INK, linewidth=1.1, zorder=2, gid="target")
    axes.set_xlim(-edge, edge)
    ticks = [tick for tick in axes.get_xticks() if -edge <= tick <= edge]
    axes.set_xticks(ticks, [signed(f"{tick:+.0f}") if tick else "0" for tick in ticks])
    axes.grid(axis="x")
    axes.set_xlabel(say("margin_axis", lang), labelpad=2)
    for x, ha, text in ((0.49, "right", "missed"), (0.51, "left", "met")):
        axes.text(x, 1.01, say(text, lang), ha=ha, va="bottom", color=GREY, fontsize=8,
                  transform=axes.transAxes)  # fmt: skip


def _box(look: Look) -> dict[str, Any]:
    """Of the box of a case: pale, so that the median shows on it."""
    face = PALE if look.ink == BLUE else look.face
    return {"facecolor": face, "edgecolor": look.ink, "linewidth": 0.8}


def _legend(sheet: Sheet, subject: Subject, height: float) -> None:
    lang = subject.lang
    handles: list[Any] = []
    labels: list[str] = []
    for title, look in zip(subject.titles(), LOOKS, strict=False):
        mark = Line2D([], [], color=look.ink, marker=look.marker, markersize=3.4, linestyle="none")
        handles += [(Patch(**_box(look)), mark)]
        labels += [fit(title, 28)]
    dot: dict[str, Any] = {"marker": "o", "color": BLUE, "markersize": 4, "linestyle": "none"}
    handles += [Line2D([], [], **dot), Line2D([], [], color=BLUE, linewidth=0.9)]
    labels += [say("median", lang), say("box_and_line", lang)]
    sheet.legend(
        handles, labels, loc="upper left", bbox_to_anchor=(0.005, 1 - 0.72 / height),
        ncols=4 if len(handles) <= 4 else 3, frameon=False, columnspacing=1.4, borderpad=0.2,
    )  # fmt: skip
