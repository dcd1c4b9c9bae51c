"""Pages of a sweep: the odds of a target along its axes."""

from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import LinearSegmentedColormap
from numpy.typing import NDArray

from sim.report.rows import judged, wanted_in_year
from sim.report.sheet import (
    BLUE,
    GOLD,
    GREY,
    INK,
    PALE,
    PALER,
    RUST,
    SMALLEST,
    Sheet,
    mark_thousands,
    name_ticks,
    new_sheet,
    styled,
    write_notes,
)
from sim.report.sweep import (
    LEVELS,
    axes_of,
    axis_label,
    crossing_at,
    crossings_of,
    say_of,
    swings,
    title_of,
)
from sim.report.words import fit, label_in, model_name, say

PANELS = 6
TOP = 12
SECTIONS = 10
STYLES = ("-", "--", ":")

Floats = NDArray[np.float64]
SHADES = LinearSegmentedColormap.from_list("odds", ["#F4F6F8", PALE, BLUE])
WARM = LinearSegmentedColormap.from_list("median", ["#FBF3E4", GOLD, RUST])


def _page(height: float, table: xr.Dataset, target: int, note: str, lang: str) -> Sheet:
    """An empty sheet with the target, what the plan wants of it, and a note."""
    sheet = new_sheet(16, height)
    with styled():
        title = fit(title_of(table, target, lang), 80)
        sheet.text(0.015, 1 - 0.25 / height, title, fontsize=11.5, va="top", gid="title")
        if judged(table):
            plan = say("sweep_threshold", lang) + say("colon", lang)
            plan += wanted_in_year(table.isel(target=target), lang)
            sheet.text(0.015, 1 - 0.85 / height, plan, fontsize=8.5, va="top", color=GREY)
        write_notes(sheet, [note, _source(table, lang)])
    return sheet


def _source(table: xr.Dataset, lang: str) -> str:
    attrs = table.attrs
    draws = int(attrs["draws"])
    once = draws == 1 and not judged(table)
    return say(
        "sweep_source_once" if once else "sweep_source",
        lang,
        model=model_name(Path(attrs["model"])).of(lang),
        scenario=attrs[f"scenario_{lang}"],
        draws=f"{draws:,}",
        seed=attrs["seed"],
    )


def _axis_text(table: xr.Dataset, axis: str, lang: str) -> str:
    unit = "" if table[axis].attrs["multiples"] else str(table[axis].attrs["units"])
    return fit(label_in(axis_label(table, axis, lang), unit, lang), 60)


def curve(table: xr.Dataset, target: int, lang: str) -> Sheet:
    """Probability and median along the only axis, with the levels that the probability passes."""
    (axis,) = axes_of(table)
    one = table.isel(target=target, point=np.argsort(table[axis].values))
    x = one[axis].values
    height = 9.5
    sheet = _page(height, table, target, say_of("sweep_note", table, lang), lang)
    with styled():
        marker = "o" if len(x) <= 40 else ""
        panels = [
            sheet.add_axes((0.57, 0.24, 0.40, 0.57) if judged(table) else (0.08, 0.24, 0.89, 0.57))
        ]
        median = panels[0]
        median.fill_between(x, one["p05"].values, one["p95"].values, color=PALER, linewidth=0)
        median.plot(x, one["median"].values, color=BLUE, marker=marker, markersize=3)
        median.axhline(float(one["wanted"]), color=RUST, linestyle="--", linewidth=1.2)
        unit = str(one["unit"].item())
        median.set_title(label_in(say("sweep_median", lang), unit, lang), fontsize=8.5, loc="left")
        if judged(table):
            panels.append(sheet.add_axes((0.08, 0.24, 0.40, 0.57)))
            _odds_curve(panels[1], table, target, one, marker, lang)
        for axes in panels:
            axes.set_xlabel(_axis_text(table, axis, lang), fontsize=7.5)
            axes.grid(axis="y")
            axes.locator_params(axis="x", nbins=5)
            mark_thousands(axes)
    return sheet


def _odds_curve(
    axes: Axes, table: xr.Dataset, target: int, one: xr.Dataset, marker: str, lang: str
) -> None:
    """The probability along the only axis, with its error, and where it passes levels."""
    (axis,) = axes_of(table)
    x, percent, error = (
        one[axis].values,
        *(100 * one[name].values for name in ("probability", "standard_error")),
    )
    axes.fill_between(x, percent - error, percent + error, color=PALE, linewidth=0)
    axes.plot(x, percent, color=BLUE, marker=marker, markersize=3, linewidth=1.6)
    axes.set_ylim(0, 100)
    for level, style in zip(LEVELS, STYLES, strict=True):
        axes.axhline(100 * level, color=GREY, linewidth=0.6, linestyle=style)
    for level, places in crossings_of(table, target).items():
        for place in places:
            axes.plot([place], [100 * level], "D", color=GOLD, markeredgecolor=INK, markersize=5)
            axes.annotate(
                crossing_at(table, axis, place, lang).split(" ")[0],
                (place, 100 * level),
                (4, 4),
                textcoords="offset points",
                fontsize=7,
            )
    axes.set_title(say("sweep_probability", lang), fontsize=8.5, loc="left")


def heat_map(table: xr.Dataset, target: int, lang: str) -> Sheet:
    """Probability and median over two axes, with lines at 50, 80, 90 % and at the plan's value."""
    across, up = axes_of(table)
    one = table.isel(target=target)
    x, y = np.unique(one[across].values), np.unique(one[up].values)
    order = np.lexsort((one[across].values, one[up].values))
    shape = (len(y), len(x))
    percent = 100 * one["probability"].values[order].reshape(shape)
    median = one["median"].values[order].reshape(shape)
    sheet = _page(10.0, table, target, say_of("sweep_map_note", table, lang), lang)
    with styled():
        panels = []
        if judged(table):
            left = sheet.add_axes((0.115, 0.2, 0.35, 0.56))
            mesh = left.pcolormesh(x, y, percent, cmap=SHADES, vmin=0, vmax=100, shading="nearest")
            _contour(left, x, y, percent, [100 * level for level in LEVELS], STYLES)
            _numbers(left, x, y, percent)
            _scale(sheet, left, mesh)
            left.set_title(say("sweep_probability", lang), fontsize=8.5, loc="left")
            panels.append(left)
        place = (0.59, 0.2, 0.35, 0.56) if judged(table) else (0.115, 0.2, 0.825, 0.56)
        right = sheet.add_axes(place)
        mesh = right.pcolormesh(x, y, median, cmap=WARM, shading="nearest")
        _contour(right, x, y, median, [float(one["wanted"])], ("-",))
        _scale(sheet, right, mesh)
        unit = str(one["unit"].item())
        right.set_title(label_in(say("sweep_medians", lang), unit, lang), fontsize=8.5, loc="left")
        panels.append(right)
        for axes in panels:
            axes.set_xlabel(_axis_text(table, across, lang), fontsize=7.5)
            axes.tick_params(labelsize=7)
            axes.locator_params(nbins=5)
            mark_thousands(axes)
        panels[0].set_ylabel(_axis_text(table, up, lang), fontsize=7.5)
    return sheet


def _scale(sheet: Sheet, axes: Axes, mesh: QuadMesh) -> None:
    """The scale of the colours beside a map."""
    bar = sheet.colorbar(mesh, ax=axes, pad=0.02, fraction=0.05)
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=SMALLEST)
    mark_thousands(bar.ax)


def _contour(
    axes: Axes, x: Floats, y: Floats, values: Floats, levels: list[float], styles: tuple[str, ...]
) -> None:
    """Lines of equal value, where there are any."""
    inside = [
        (level, style)
        for level, style in zip(levels, styles, strict=False)
        if np.nanmin(values) < level < np.nanmax(values)
    ]
    if inside and min(values.shape) > 1:
        lines = axes.contour(
            x,
            y,
            values,
            levels=[level for level, _ in inside],
            linestyles=[style for _, style in inside],
            colors=INK,
            linewidths=1.0,
        )
        axes.clabel(lines, fmt="%g", fontsize=7)


def _numbers(axes: Axes, x: Floats, y: Floats, values: Floats) -> None:
    """The numbers in the cells, where there is room."""
    if values.size > 80:
        return
    for row, column in np.ndindex(values.shape):
        colour = "white" if values[row, column] > 60 else INK
        axes.text(
            float(x[column]), float(y[row]), f"{values[row, column]:.0f}", ha="center", va="center",
            color=colour, fontsize=SMALLEST,
        )  # fmt: skip


def scatter(table: xr.Dataset, target: int, lang: str) -> Sheet:
    """The probability over each axis, all other axes as they come; without targets the median."""
    axes_names = axes_of(table)[:PANELS]
    rows = -(-len(axes_names) // 3)
    height = 2.6 + 5.6 * rows
    sheet = _page(height, table, target, say_of("sweep_scatter_note", table, lang), lang)
    shown = table["median"].values[:, target]
    unit = str(table["unit"].values[target])
    head = label_in(say("sweep_medians", lang), unit, lang)
    if judged(table):
        shown, head = 100 * table["probability"].values[:, target], say("sweep_probability", lang)
    with styled():
        for place, axis in enumerate(axes_names):
            row, column = divmod(place, 3)
            bottom = (height - 1.6 - 5.6 * (row + 1) + 1.5) / height
            axes = sheet.add_axes((0.075 + 0.315 * column, bottom, 0.265, 3.9 / height))
            x = table[axis].values
            axes.plot(x, shown, "o", color=PALE, markersize=2, markeredgewidth=0, rasterized=True)
            axes.plot(*_sections(x, shown), color=BLUE, linewidth=1.6, marker="o", markersize=2.5)
            if judged(table):
                axes.set_ylim(-2, 102)
                for level, style in zip(LEVELS, STYLES, strict=True):
                    axes.axhline(100 * level, color=GREY, linewidth=0.5, linestyle=style)
            axes.set_xlabel(fit(_axis_text(table, axis, lang), 44), fontsize=SMALLEST)
            axes.tick_params(labelsize=SMALLEST)
            axes.locator_params(axis="x", nbins=4)
            mark_thousands(axes)
            if column == 0:
                axes.set_ylabel(head, fontsize=7)
    return sheet


def _sections(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The mean of y at each value of x; where there are many values, in sections of equal count."""
    good = np.isfinite(x) & np.isfinite(y)
    x, y = x[good], y[good]
    values = np.unique(x)
    if len(values) <= SECTIONS:
        return values, np.array([y[x == value].mean() for value in values])
    order = np.array_split(np.argsort(x), SECTIONS)
    return np.array([x[o].mean() for o in order]), np.array([y[o].mean() for o in order])


def tornado(table: xr.Dataset, target: int, role: str, lang: str) -> Sheet:
    """How median and probability move when one axis alone goes to either end; without targets
    the median alone."""
    shown = swings(table, target, role)[:TOP]
    one = table.isel(target=target)
    height = 4.0 + 0.62 * len(shown)
    sheet = _page(height, table, target, say("sweep_tornado_note", lang), lang)
    rows = np.arange(len(shown))
    with styled():
        unit = str(one["unit"].item())
        panels = [("median", 1.0, label_in(say("sweep_medians", lang), unit, lang))]
        if judged(table):
            panels.append(("probability", 100.0, say("sweep_probability", lang)))
        width = 0.27 if judged(table) else 0.6
        axes = [
            sheet.add_axes((0.36 + 0.33 * place, 1.9 / height, width, 1 - 3.7 / height))
            for place in range(len(panels))
        ]
        for each, (name, scale, head) in zip(axes, panels, strict=True):
            values = scale * one[name].values
            base = values[0]
            lower = {"facecolor": "white", "edgecolor": RUST, "hatch": "////"}
            upper = {"facecolor": BLUE, "edgecolor": BLUE}
            for looks, points in (
                (lower, [low for _, low, _ in shown]),
                (upper, [high for _, _, high in shown]),
            ):
                widths = values[points] - base
                look: dict[str, Any] = {"height": 0.6, "linewidth": 0.7, **looks}
                each.barh(rows, widths, left=base, **look)
            each.axvline(base, color=INK, linewidth=0.8)
            each.set_ylim(len(shown) - 0.45, -0.55)
            if name == "probability":
                each.set_xlim(0, 100)  # two draws in a hundred are to look like little
            each.set_title(head, fontsize=8.5, loc="left")
            each.grid(axis="x")
            each.locator_params(axis="x", nbins=5)
            each.tick_params(labelsize=7)
            mark_thousands(each)
        axes[0].axvline(float(one["wanted"]), color=RUST, linestyle="--", linewidth=1.0)
        labels = [str(table[s[0]].attrs[f"label_{lang}"]) or s[0] for s in shown]
        name_ticks(axes[0].yaxis, labels, 44, 7)
        for other in axes[1:]:
            other.set_yticks([])
    return sheet


def overview(table: xr.Dataset, lang: str) -> Sheet:
    """For every target how far its probability goes, from the worst point to the best."""
    count = table.sizes["target"]
    height = 3.5 + 0.62 * count
    sheet = new_sheet(16, height)
    percent = 100 * table["probability"].values
    rows = np.arange(count)
    with styled():
        title = say("sweep_overview", lang)
        sheet.text(0.015, 1 - 0.25 / height, title, fontsize=11.5, va="top", gid="title")
        axes = sheet.add_axes((0.42, 2.0 / height, 0.55, 1 - 3.1 / height))
        low, high = np.nanmin(percent, axis=0), np.nanmax(percent, axis=0)
        axes.hlines(rows, low, high, color=PALE, linewidth=6)
        axes.plot(low, rows, "|", color=BLUE, markersize=10, markeredgewidth=1.6)
        axes.plot(high, rows, "|", color=BLUE, markersize=10, markeredgewidth=1.6)
        for level, style in zip(LEVELS, STYLES, strict=True):
            axes.axvline(100 * level, color=GREY, linewidth=0.6, linestyle=style)
        axes.set_xlim(0, 100)
        axes.set_ylim(count - 0.4, -0.6)
        titles = [
            f"{title} {int(year)}"
            for title, year in zip(table[f"title_{lang}"].values, table["year"].values, strict=True)
        ]
        name_ticks(axes.yaxis, titles, 41)
        axes.set_xlabel(say("sweep_probability", lang), labelpad=2)
        write_notes(sheet, [say("sweep_overview_note", lang), _source(table, lang)])
    return sheet
