"""What a calibration learnt, drawn: prior beside posterior, and observations in their bands."""

from pathlib import Path

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.report.numbers import signed
from sim.report.sheet import (
    BLUE,
    INK,
    RUST,
    Sheet,
    name_ticks,
    new_sheet,
    save,
    styled,
    write_notes,
)
from sim.text import Text

MOST = 20
"""Parameters in the figure: those that were told most of."""
WORDS = {
    "parameters": Text("历史观测对参数的认识", "What history says of the parameters"),
    "observations": Text("观测值在先验与后验区间中的位置", "Observations in prior and posterior"),
    "prior": Text("先验：中位数，5%–95%", "prior: median, 5–95%"),
    "posterior": Text("后验：中位数，5%–95%", "posterior: median, 5–95%"),
    "observed": Text("实测值", "observed"),
    "place": Text(
        "先验的标准差（0 为先验中位数）", "standard deviations of the prior (0: its median)"
    ),
    "ratio": Text("与实测值之比", "ratio to the observed value"),
    "bands": Text(
        "右侧百分数：后验中位数与实测值之差；区间含观测误差与模型误差；观测已用于校准",
        "Percentages: posterior median over observed; bands hold the errors of measurement and "
        "model; used to calibrate",
    ),
    "left": Text(
        "右侧百分数：剩余不确定性（后验标准差与先验之比）",
        "Percentages: the spread that is left (posterior over prior standard deviation)",
    ),
}


def save_beliefs(
    told: xr.Dataset, seen: xr.Dataset, folder: Path, lang: str, dpi: int = 150
) -> list[Path]:
    """The files written into `folder`: parameters.png and observations.png."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        save(parameter_sheet(told, lang), folder / "parameters.png", dpi),
        save(observation_sheet(seen, lang), folder / "observations.png", dpi),
    ]


def parameter_sheet(told: xr.Dataset, lang: str) -> Sheet:
    """A sheet with prior and posterior of the parameters told most of, in prior deviations."""
    some = told.isel(parameter=slice(0, MOST))
    labels = [str(label) for label in some[f"label_{lang}"].values]
    shift, narrowed = some["shift"].values, some["narrowed"].values
    half = 1.645
    prior = (np.zeros(len(labels)), np.full(len(labels), -half), np.full(len(labels), half))
    after = (shift, shift - half * narrowed, shift + half * narrowed)
    numbers = [f"{left:.0%}" for left in narrowed]
    return _pairs("parameters", "place", "left", labels, prior, after, numbers, lang)


def observation_sheet(seen: xr.Dataset, lang: str) -> Sheet:
    """A sheet with every observation's prior and posterior band, as ratios to the observed."""
    labels = [
        f"{label} {years}"
        for label, years in zip(seen[f"label_{lang}"].values, seen["years"].values, strict=True)
    ]
    observed = seen["observed"].values

    def ratios(when: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        low, middle, high = (seen[f"{when}_{name}"].values for name in ("p05", "median", "p95"))
        return middle / observed, low / observed, high / observed

    prior, after = ratios("prior"), ratios("posterior")
    numbers = [signed(f"{ratio - 1:+.1%}") for ratio in np.round(after[0], 3)]
    return _pairs("observations", "ratio", "bands", labels, prior, after, numbers, lang, 1.0)


Band = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Middle, low and high, by row."""


def _pairs(
    title: str,
    axis: str,
    note: str,
    labels: list[str],
    prior: Band,
    after: Band,
    numbers: list[str],
    lang: str,
    at: float | None = None,
) -> Sheet:
    """Rows of two horizontal bands, one above the other."""
    height = 3.2 + 0.62 * len(labels)
    sheet = new_sheet(16, height)
    with styled():
        axes = sheet.add_axes((0.42, 1.75 / height, 0.48, 1 - 3.1 / height))
        rows = np.arange(len(labels), dtype=float)
        _bands(axes, rows - 0.16, prior, RUST, "o", "--")
        _bands(axes, rows + 0.16, after, BLUE, "s", "-")
        if at is not None:
            axes.axvline(at, color=INK, linewidth=0.9)
        axes.set_ylim(len(labels) - 0.4, -0.6)
        name_ticks(axes.yaxis, labels, 45, 7.8)
        axes.grid(axis="x")
        axes.set_xlabel(WORDS[axis].of(lang))
        for row, number in zip(rows, numbers, strict=True):
            where = axes.get_yaxis_transform()
            axes.text(1.02, row, number, va="center", fontsize=7.5, color=BLUE, transform=where)
        top = 1 - 0.25 / height
        sheet.text(0.015, top, WORDS[title].of(lang), fontsize=11.5, va="top", gid="title")
        handles = [
            Line2D([], [], color=RUST, marker="o", linestyle="--", markerfacecolor="white"),
            Line2D([], [], color=BLUE, marker="s", linestyle="-"),
        ]
        names = [WORDS[word].of(lang) for word in ("prior", "posterior")]
        if at is not None:
            handles.append(Line2D([], [], color=INK))
            names.append(WORDS["observed"].of(lang))
        place = (0.005, 1 - 0.72 / height)
        sheet.legend(handles, names, loc="upper left", bbox_to_anchor=place, ncols=3, frameon=False)
        write_notes(sheet, [WORDS[note].of(lang)])
    return sheet


def _bands(axes: Axes, rows: np.ndarray, band: Band, colour: str, marker: str, style: str) -> None:
    middle, low, high = band
    axes.hlines(rows, low, high, color=colour, linestyle=style, linewidth=1.3)
    face = "white" if style == "--" else colour
    axes.plot(middle, rows, marker, color=colour, markerfacecolor=face, markersize=3.6)
