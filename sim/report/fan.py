"""The fan chart: where one indicator may go, beside the history and the plan's targets."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.container import ErrorbarContainer
from matplotlib.legend_handler import HandlerTuple
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from sim.engine.units import factor
from sim.ensemble.observations import Observation
from sim.ensemble.target import Target
from sim.report.numbers import along_axis, exact
from sim.report.sheet import BLUE, GOLD, GREY, INK, LOOKS, PALE, PALER, Sheet, new_sheet, styled
from sim.report.words import (
    SENSES,
    display_width,
    fit,
    is_year,
    label_in,
    say,
    time_head,
    time_unit,
    when,
)

MARKERS = {"at_least": "^", "at_most": "v", "about": "D", "above": "^", "below": "v"}
LETTER_YEARS = 0.235  # the width of a Latin letter of a label, in years of a 20-year axis


class Fan(NamedTuple):
    """Quantiles by time of one variable in one scenario: 5, 25, 50, 75 and 95 %."""

    title: str
    quantiles: NDArray[np.float64]  # (level, time)
    draws: int
    failed: int


def fan_chart(
    variable: str,
    table: xr.Dataset,
    targets: Iterable[Target] = (),
    observations: Iterable[Observation] = (),
    lang: str = "zh",
) -> Sheet:
    """A sheet with the fan of `variable`, its history, and the plan's targets for it.

    `table` has its quantiles, see `sim.analysis.fans`. The first scenario is filled bands and a
    solid line, a second one a dashed line in a thin outline; where there are more, they are lines
    of their own dash without outlines: they stay apart in black and white.
    """
    aims = sorted((t for t in targets if t.variable == variable), key=lambda t: t.year)
    levels = (o for o in observations if o.variable == variable and o.measure == "level")
    seen = sorted(levels, key=lambda o: o.year)
    unit = unit_shown(variable, table, aims)
    fans = fans_of(variable, table, lang, unit)
    label = str(table[variable].attrs.get(f"label_{lang}") or variable)
    sheet = new_sheet(16, 10)
    with styled():
        lines = max(0, len(fans) + bool(seen) + bool(aims) - 4)  # of the legend, beyond two
        axes = sheet.add_axes((0.09, 0.205, 0.885, 0.545 - 0.045 * -(-lines // 2)))
        time = np.asarray(table["time"], float)
        draw_fans(axes, time, fans)
        points = draw_history(axes, seen, unit)
        set_years(axes, time, time_unit(table), lang)
        draw_targets(axes, aims, unit, lang)
        set_quantity(axes, label_in(label, unit, lang))
        write_title(sheet, label, fans, lang)
        add_legend(sheet, fans, points, aims, lang)
        write_sources(sheet, fans, seen, lang)
    return sheet


def unit_shown(variable: str, table: xr.Dataset, targets: Iterable[Target]) -> str:
    """The unit in which a variable is drawn: a share in % where its target is."""
    aims = (t for t in targets if t.variable == variable and t.measure != "mean_growth")
    return next((aim.unit for aim in aims), _own_unit(variable, table))


def _own_unit(variable: str, table: xr.Dataset) -> str:
    return str(table[variable].attrs.get("units") or "Dmnl")


def fans_of(variable: str, table: xr.Dataset, lang: str, unit: str = "") -> list[Fan]:
    """One fan per scenario, in `unit` or the variable's own; NaN where no member stayed finite."""
    own = _own_unit(variable, table)
    scale = factor(own, unit or own)
    return [
        Fan(title, scale * quantiles, int(members), int(failed))
        for title, quantiles, members, failed in zip(
            map(str, table[f"title_{lang}"].values),
            table[variable].transpose("scenario", "quantile", "time").values,
            table["members"].values,
            table["failed_members"].values,
            strict=True,
        )
    ]


def draw_fans(axes: Axes, time: NDArray[np.float64], fans: Sequence[Fan]) -> None:
    """Bands and median of the first fan; of a second one outline and dashed median; of more the
    medians alone."""
    low, lower, median, upper, high = fans[0].quantiles
    axes.fill_between(time, low, high, color=PALER, linewidth=0, gid="band-90")
    axes.fill_between(time, lower, upper, color=PALE, linewidth=0, gid="band-50")
    axes.plot(time, median, color=BLUE, linewidth=2.2, gid="median")
    for place, (one, look) in enumerate(zip(fans[1:], LOOKS[1:], strict=False)):
        if len(fans) == 2:
            for edge in (one.quantiles[0], one.quantiles[-1]):
                axes.plot(
                    time, edge, color=look.ink, linewidth=0.8, linestyle=":", gid="outline-90"
                )
        # on top: where medians are one, all colours show
        axes.plot(
            time, one.quantiles[2], color=look.ink, linewidth=1.4 + 0.2 * place,
            linestyle=look.dash, gid="reference",
        )  # fmt: skip


def draw_history(axes: Axes, seen: Sequence[Observation], unit: str) -> ErrorbarContainer | None:
    """What was observed, as points with one standard error to either side."""
    if not seen:
        return None
    scales = [factor(one.unit, unit) for one in seen]
    drawn = axes.errorbar(
        [one.year for one in seen],
        [one.value * scale for one, scale in zip(seen, scales, strict=True)],
        yerr=[one.error * scale for one, scale in zip(seen, scales, strict=True)],
        **OBSERVED,
        zorder=4,
    )
    drawn.lines[0].set_gid("history")
    return drawn


OBSERVED: dict[str, Any] = {
    "fmt": "o",
    "color": INK,
    "markersize": 4.2,
    "markeredgecolor": "white",
    "markeredgewidth": 0.6,
    "elinewidth": 0.9,
    "capsize": 1.8,
}


def draw_targets(axes: Axes, aims: Sequence[Target], unit: str, lang: str) -> None:
    """A mark per target at its year and height, its label above all data on a thin stem.

    A target of change or growth has no height on this axis: it gets its label alone.
    """
    if not aims:
        return
    labels = [target_label(aim, lang) for aim in aims]
    places = label_places([aim.year for aim in aims], labels, axes.get_xlim())
    levels = [aim.value * factor(aim.unit, unit) if aim.since is None else 0.0 for aim in aims]
    marked = [level for aim, level in zip(aims, levels, strict=True) if aim.since is None]
    bottom, top = axes.get_ylim()
    bottom, top = min([bottom, *marked]), max([top, *marked])
    row, floor = 0.11 * (top - bottom), top + 0.05 * (top - bottom)
    axes.set_ylim(bottom, floor + row * (1 + max(place for place, _ in places)))
    for aim, level, label, (place, left) in zip(aims, levels, labels, places, strict=True):
        base = floor + row * place
        if aim.since is None:
            axes.plot([aim.year, aim.year], [level, base], color=GREY, linewidth=0.6, zorder=3)
            mark_target(axes, aim, level)
        else:
            axes.axvline(aim.year, color=GREY, linewidth=0.6, linestyle="-.")
        axes.text(left, base, label, ha="left", va="bottom", gid="target-label", bbox=PLATE)


PLATE = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}  # hides the grid behind a label


def mark_target(axes: Axes, aim: Target, level: float) -> None:
    """The mark of one target, pointing the way that is wanted; with its band if it has one."""
    if aim.sense == "about" and aim.band:
        half = abs(level) * aim.band
        axes.errorbar([aim.year], [level], yerr=half, color=INK, capsize=3, elinewidth=1, zorder=5)
    axes.plot(
        [aim.year],
        [level],
        marker=MARKERS[aim.sense],
        markersize=8 if aim.sense != "about" else 6.5,
        color=GOLD,
        markeredgecolor=INK,
        markeredgewidth=0.9,
        linestyle="none",
        zorder=6,
        gid="target",
    )


def label_places(
    years: Sequence[int], labels: Sequence[str], limits: tuple[float, float]
) -> list[tuple[int, float]]:
    """Row (lowest first) and left end of each label: inside the axes, and none touches another."""
    first, last = limits
    letter = LETTER_YEARS * (last - first) / 20.6
    ends: list[float] = []
    places = []
    for year, label in zip(years, labels, strict=True):
        width = letter * display_width(label)
        left = min(max(year - width / 2, first), last - width)
        row = next((i for i, end in enumerate(ends) if left > end + letter), len(ends))
        ends[row : row + 1] = [left + width]
        places.append((row, left))
    return places


def target_label(aim: Target, lang: str) -> str:
    """The words beside a target's mark: 2025 年 ≥ 4,500; the unit stands on the axis."""
    wanted = f"{SENSES[aim.sense]} {exact(aim.value)}"
    if aim.reported_to:
        wanted += say("as_reported", lang)
    if aim.since is not None:
        word = f"target_of_{aim.measure}"
        years = aim.measure == "mean_growth" and is_year(aim.time_unit)
        since = aim.since if years else when(aim.since, aim.time_unit, lang)
        time = when(aim.year, aim.time_unit, lang)
        return say(word, lang, year=time, since=since, wanted=wanted)
    return say("target_in_year", lang, year=when(aim.year, aim.time_unit, lang), wanted=wanted)


def set_years(axes: Axes, time: NDArray[np.float64], unit: str, lang: str) -> None:
    """Whole years, or other units of time, along the bottom, ten of them named at most."""
    first, last = np.floor(time[0]), np.ceil(time[-1])
    step = tick_step(first, last)
    years = np.arange(np.ceil(first / step) * step, last + 0.5, step)
    axes.set_xlim(first - 0.3, last + 0.3)
    axes.set_xticks(years, [f"{year:.0f}" for year in years])
    axes.set_xlabel(time_head(unit, lang), labelpad=2)


def tick_step(first: float, last: float) -> int:
    """How far apart times along an axis are named, so that these are ten at most."""
    steps = [1, *(step * int(10**power) for power in range(9) for step in (5, 10, 20))]
    return next(step for step in steps if last - first < 10 * step)


def set_quantity(axes: Axes, label: str) -> None:
    """The quantity and its unit, level above the axis; from zero where that costs little room."""
    low, high = axes.get_ylim()
    if low < 0.4 * high and low >= -0.06 * high:
        low = 0.0
    ticks = MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    ticks = [float(tick) for tick in ticks if low <= tick <= high]
    axes.set_yticks(ticks, along_axis(ticks))
    axes.set_ylim(low, high)
    axes.grid(axis="y")
    axes.set_ylabel(label, rotation=0, ha="left", va="bottom")
    axes.yaxis.set_label_coords(-0.085, 1.02)


def write_title(sheet: Sheet, label: str, fans: Sequence[Fan], lang: str) -> None:
    """What is shown, top left: the indicator and the scenarios."""
    text = label + say("colon", lang) + compared([fan.title for fan in fans], lang)
    sheet.text(0.015, 0.975, fit(text, 76), fontsize=11.5, va="top", gid="title")


def compared(titles: Sequence[str], lang: str) -> str:
    """The scenarios of a figure in its title: by name, or, where they are many, their number."""
    if len(titles) == 1:
        return titles[0]
    if len(titles) == 2:
        return say("versus", lang, scenario=titles[0], reference=titles[1])
    return say("several", lang, count=len(titles))


def add_legend(
    sheet: Sheet,
    fans: Sequence[Fan],
    points: ErrorbarContainer | None,
    aims: Sequence[Target],
    lang: str,
) -> None:
    """What the marks mean, in one or two rows under the title."""
    entries: list[tuple[Any, str]] = [
        (
            (Patch(facecolor=PALER), Patch(facecolor=PALE), Line2D([], [], color=BLUE, lw=2)),
            say("fan", lang, scenario=fit(fans[0].title, 24)),
        )
    ]
    for one, look in zip(fans[1:], LOOKS[1:], strict=False):
        line: Any = Line2D([], [], color=look.ink, lw=1.5, linestyle=look.dash)
        outline = Patch(facecolor="white", edgecolor=look.ink, linestyle=":", linewidth=0.8)
        word, handle = ("outline", (outline, line)) if len(fans) == 2 else ("median_of", line)
        entries.append((handle, say(word, lang, scenario=fit(one.title, 24))))
    if points is not None:
        entries.append((points, say("observed", lang)))
    if any(aim.since is None for aim in aims):
        mark = Line2D(
            [], [], color=GOLD, marker=MARKERS[aims[0].sense], markersize=7, linestyle="none"
        )
        mark.set(markeredgecolor=INK, markeredgewidth=0.9)
        entries.append((mark, say("plan_target", lang)))
    sheet.legend(
        [handle for handle, _ in entries],
        [text for _, text in entries],
        loc="upper left",
        bbox_to_anchor=(0.005, 0.925),
        ncols=2,
        frameon=False,
        handler_map={tuple: HandlerTuple(ndivide=1, pad=0)},
        handlelength=2.4,
        columnspacing=1.6,
        labelspacing=0.35,
        borderpad=0.2,
    )


def write_sources(
    sheet: Sheet, fans: Sequence[Fan], seen: Sequence[Observation], lang: str
) -> None:
    """Where the numbers come from, below: draws, members left out, sources of the history."""
    draws = " / ".join(dict.fromkeys(f"{fan.draws:,}" for fan in fans))
    simulated = say("simulated", lang, draws=draws)
    failed = sum(fan.failed for fan in fans)
    if failed:
        simulated += say("left_out", lang, failed=f"{failed:,}")
    sources = say("semicolon", lang).join(dict.fromkeys(one.source for one in seen))
    observed = (
        say("observations_from", lang, sources=sources) if seen else say("no_observations", lang)
    )
    for height, line in ((0.062, simulated), (0.018, observed)):
        sheet.text(0.015, height, fit(line, 126), fontsize=7, color=GREY, gid="source")
