"""A page for one target: what matters, with intervals; when; and how it bends the outcome."""

from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from numpy.typing import NDArray

from sim.report.fan import tick_step
from sim.report.influence import SHARES, index_word, source_line, target_title
from sim.report.numbers import quantity
from sim.report.rows import judged
from sim.report.sheet import (
    BLUE,
    CM,
    GREY,
    HAIR,
    INK,
    PALE,
    RUST,
    Sheet,
    mark_thousands,
    name_ticks,
    new_sheet,
    styled,
    write_notes,
)
from sim.report.words import fit, folded, label_in, say, time_head

TOP = 10
STACKED = 5
PANELS = 3
FEW = 5
ROW = 0.62  # cm that a factor's bar takes
SHADES = ("#0B4F8A", "#B5471B", "#F5B700", "#5B8C5A", "#7A5C99")
"""Dark and light by turns, so that neighbours stay apart in black and white."""

Floats = NDArray[np.float64]


class Sample(NamedTuple):
    """Independent members of a study: some factors' values, one target's outcome, whether met."""

    labels: list[str]
    units: list[str]
    values: Floats  # (member, factor), the most influential factor first
    outcome: Floats  # (member,)
    met: NDArray[np.bool_]


def influence_sheet(
    table: xr.Dataset, target: int, role: str, sample: Sample | None, lang: str = "zh"
) -> Sheet:
    """A sheet with the factors of one role for one target: bars, by year, and scatter.

    16 cm wide for a Word page. Bars: the leading index with its 95 % interval and, where there
    is one, the effect alone. By year: shares stacked, or lines. Scatter: the leading factors.
    """
    one = table.isel(target=target, factor=np.flatnonzero(table["role"].values == role))
    order = np.argsort(-np.abs(np.nan_to_num(one[table.attrs["main"]].values)))
    one = one.isel(factor=order)
    bars = min(TOP, one.sizes["factor"])
    yearly = by_year_of(one)
    heights = [bars * ROW + 0.4, 4.6 if yearly else 0.0, 4.2 if sample else 0.0]
    height = 3.9 + sum(heights) + (1.7 if yearly else 0.0) + (2.0 if sample else 0.0)
    sheet = new_sheet(16, height)
    with styled():
        title = fit(target_title(table, target, lang), 80)
        top = height - 0.25
        sheet.text(0.015, top / height, title, fontsize=11.5, va="top", gid="title")
        subtitle = say(f"infl_{role}", lang) + say("colon", lang) + say(index_word(table), lang)
        sheet.text(0.015, (top - 0.62) / height, subtitle, fontsize=8.5, va="top", color=GREY)
        floor = height - 1.5 - heights[0]
        draw_bars(_axes(sheet, 0.40, floor, 0.56, heights[0]), one, lang)
        if yearly:
            floor -= 1.9 + heights[1]
            draw_years(_axes(sheet, 0.09, floor, 0.55, heights[1]), one, yearly, lang)
        if sample:
            floor -= 2.0 + heights[2]
            draw_scatter(sheet, sample, one, floor, heights[2], lang)
        write_notes(sheet, [say("infl_bars_note", lang), source_line(table, lang)])
    return sheet


def _axes(sheet: Sheet, left: float, bottom: float, width: float, tall: float) -> Axes:
    """Axes at `bottom` cm, `tall` cm high; left and width as shares of the sheet."""
    height = sheet.get_size_inches()[1] * CM
    return sheet.add_axes((left, bottom / height, width, tall / height))


def draw_bars(axes: Axes, one: xr.Dataset, lang: str) -> None:
    """A bar for each of the leading factors with its interval; the rest in a sentence."""
    main = str(one.attrs["main"])
    shown = one.isel(factor=slice(0, TOP))
    rows = np.arange(shown.sizes["factor"])
    double = "first" in one
    value, half = shown[main].values, shown[f"{main}_half"].values
    look: dict[str, Any] = {"height": 0.34 if double else 0.6, "linewidth": 0.7}
    place = rows - (0.19 if double else 0.0)
    axes.barh(place, value, color=BLUE, edgecolor=BLUE, label=say(index_word(one), lang), **look)
    _whiskers(axes, value, place, half, 1.0 if main == "prcc" else np.inf)
    if double:
        first, first_half = shown["first"].values, shown["first_half"].values
        axes.barh(
            rows + 0.19,
            first,
            facecolor="white",
            edgecolor=RUST,
            hatch="////",
            label=say("infl_index_first", lang),
            **look,
        )
        _whiskers(axes, first, rows + 0.19, first_half)
        few = len(rows) < FEW  # too few bars for a legend beside them
        above: dict[str, Any] = {"bbox_to_anchor": (1.0, 1.0), "ncols": 2} if few else {}
        axes.legend(loc="lower right", frameon=False, fontsize=7.5, **above)
    axes.set_ylim(len(rows) - 0.45, -0.55)
    name_ticks(axes.yaxis, [str(label) for label in shown[f"label_{lang}"].values], 40)
    axes.axvline(0, color=GREY, linewidth=0.6)
    axes.grid(axis="x")
    unit = str(one["unit"].item()) if main == "mu_star" else ""
    word = "infl_of_variance" if double else index_word(one)
    axes.set_xlabel(label_in(say(word, lang), unit, lang), labelpad=2)
    rest = np.abs(one[main].values[TOP:])
    if len(rest) and np.isfinite(rest).any():
        most = quantity(float(np.nanmax(rest)), 2)
        text = say("infl_rest", lang, count=len(rest), most=most)
        axes.set_title(text, fontsize=7, color=GREY, loc="right", pad=3)


def _whiskers(
    axes: Axes,
    value: Floats,
    rows: NDArray[np.floating[Any]],
    half: Floats,
    most: float = np.inf,
) -> None:
    """An interval on each bar; a correlation's ends at `most`."""
    reach = np.minimum(half, [most + value, most - value])
    axes.errorbar(
        value,
        rows,
        xerr=np.maximum(reach, 0.0),
        fmt="none",
        ecolor=INK,
        elinewidth=0.8,
        capsize=1.6,
        zorder=4,
    )


def by_year_of(one: xr.Dataset) -> str:
    """The index that is drawn by year: shares that add up, else the leading one; or nothing."""
    names = [f"{name}_by_year" for name in ("first", "shapley", str(one.attrs["main"]))]
    return next((name for name in names if name in one), "")


def draw_years(axes: Axes, one: xr.Dataset, name: str, lang: str) -> None:
    """The leading factors by year: shares stacked up to one, correlations as lines."""
    values = one[name].transpose("factor", "year").values
    years = one["year"].values
    seen = np.isfinite(values).any(axis=0)
    values, years = values[:, seen], years[seen]
    leading = np.argsort(-np.nanmax(np.abs(values), axis=1))[:STACKED]
    labels = [folded(str(label), 36) for label in one[f"label_{lang}"].values[leading]]
    if name.removesuffix("_by_year") in SHARES:
        shares = np.clip(np.nan_to_num(values), 0, None)
        rest = np.delete(shares, leading, axis=0)
        others = [rest.sum(axis=0)] if len(rest) else []
        interactions = np.clip(1 - shares.sum(axis=0), 0, None)
        layers = [*shares[leading], *others, interactions]
        total = np.maximum(sum(layers), 1e-9)
        other = [say("infl_others", lang, count=len(rest))] if others else []
        axes.stackplot(
            years,
            [layer / total for layer in layers],
            colors=(*SHADES[: len(leading)], *([PALE] if others else []), HAIR),
            labels=[*labels, *other, say("infl_interactions", lang)],
            edgecolor="white",
            linewidth=0.4,
        )
        axes.set_ylim(0, 1)
        axes.set_title(say("infl_by_year", lang), fontsize=8.5, loc="left")
    else:
        styles = ("-", "--", "-.", ":", (0, (5, 1)))
        for row, label, shade, style in zip(leading, labels, SHADES, styles, strict=False):
            axes.plot(years, values[row], color=shade, linestyle=style, label=label)
        axes.axhline(0, color=GREY, linewidth=0.6)
        axes.set_title(say("infl_by_year_prcc", lang), fontsize=8.5, loc="left")
    axes.set_xlim(years[0], years[-1])
    axes.set_xlabel(time_head(one["time_unit"].item(), lang), fontsize=7.5, labelpad=2)
    axes.axvline(float(one["due"]), color=INK, linewidth=0.8, linestyle=":")
    axes.set_xticks([year for year in years if year % tick_step(years[0], years[-1]) == 0])
    handles, names = axes.get_legend_handles_labels()
    axes.legend(
        handles[::-1] if name.startswith(SHARES) else handles,
        names[::-1] if name.startswith(SHARES) else names,
        loc="center left",
        bbox_to_anchor=(1.02, 0.5),
        frameon=False,
        fontsize=7,
    )


def draw_scatter(
    sheet: Sheet, sample: Sample, one: xr.Dataset, bottom: float, tall: float, lang: str
) -> None:
    """The outcome over each of the leading factors, one panel each."""
    height = sheet.get_size_inches()[1] * CM
    coloured = judged(one)
    head = say("infl_scatter" if coloured else "infl_scatter_watched", lang)
    sheet.text(0.09, (bottom + tall + 0.25) / height, head, fontsize=8.5, va="bottom")
    count = sample.values.shape[1]
    width = 0.88 / PANELS
    for panel in range(count):
        axes = _axes(sheet, 0.09 + panel * (width + 0.005), bottom, width - 0.03, tall)
        x = sample.values[:, panel]
        for met, colour, order in ((False, "#A8ADB3", 2), (True, BLUE, 3)):
            own = (sample.met | (not coloured)) == met
            axes.plot(
                x[own],
                sample.outcome[own],
                linestyle="none",
                marker="o",
                markersize=1.6,
                markeredgewidth=0,
                alpha=0.6,
                color=colour,
                zorder=order,
                rasterized=True,
            )
        label = label_in(sample.labels[panel], sample.units[panel], lang)
        axes.set_xlabel(folded(label, 36), fontsize=7, labelpad=2, linespacing=1.0)
        axes.tick_params(labelsize=7)
        axes.locator_params(axis="x", nbins=4)
        axes.grid(axis="y")
        mark_thousands(axes)
        if panel:
            axes.set_yticklabels([])
        else:
            unit = str(one["unit"].item())
            label = label_in(str(one[f"title_{lang}"].item()), unit, lang)
            axes.set_ylabel(folded(label, 40), fontsize=7, linespacing=1.0)
