"""What a whole is made of, year by year: GDP by sector, residents by age and by place."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from numpy.typing import NDArray

from sim.report.fan import set_quantity
from sim.report.figures.frame import (
    Picture,
    Subject,
    mark_years,
    room,
    source,
    titled_sheet,
)
from sim.report.figures.words import say
from sim.report.record import Record
from sim.report.sheet import INK, NOTE, styled
from sim.report.words import display_width, fit, label_in, time_head, time_unit, when
from sim.text import Refused, Text

LAYERS: tuple[dict[str, Any], ...] = (  # light and dark in turn, hatched: they stay apart in grey
    {"facecolor": "#0B4F8A"},
    {"facecolor": "#CFE1F2", "hatch": "...."},
    {"facecolor": "#F5B700"},
    {"facecolor": "#F6E3D9", "hatch": "////"},
    {"facecolor": "#5F6368"},
    {"facecolor": "#86B3DB", "hatch": "\\\\\\\\"},
    {"facecolor": "#B5471B"},
    {"facecolor": "#FFFFFF", "hatch": "xxxx"},
    {"facecolor": "#BFC4CA"},
)
ACROSS = {"zh": 34, "en": 24}
"""Letters of the longest name with which three stand side by side in a legend."""
NAMES = {"gdp": "gdp_title", "population": "population_title"}


def parts_of(figure: str, record: Record) -> Mapping[str, tuple[str, ...]]:
    """Panel → the variables that add up to its whole, as figures.yaml beside the model lists them;
    refuses where it does not."""
    found = record.settings.wholes.get(figure)
    if found:
        return found
    raise Refused(
        Text(
            f"没有说明 {figure} 由哪些变量相加而成：请在模型旁的 figures.yaml 中写明，"
            "写法同本项目的 conf/figures.yaml",
            f"nothing says which variables add up to {figure}: name them in figures.yaml beside "
            "the model, as conf/figures.yaml of this project does",
        )
    )


def gdp(subject: Subject) -> list[Picture]:
    """One picture: GDP by sector, a panel for each scenario."""
    (parts,) = parts_of("gdp", subject.record).values()
    return [_picture(subject, "gdp", parts)]


def population(subject: Subject) -> list[Picture]:
    """Two pictures, residents by age and by place, a panel for each scenario."""
    panels = parts_of("population", subject.record)
    return [_picture(subject, "population", parts, panel) for panel, parts in panels.items()]


def layers(subject: Subject, parts: Sequence[str]) -> list[xr.Dataset]:
    """The means over draws of the parts in each case: (time,)."""
    return [case.record.means_of(parts).isel(scenario=case.place) for case in subject.cases]


def _picture(subject: Subject, figure: str, parts: Sequence[str], panel: str = "") -> Picture:
    lang, found, names = subject.lang, layers(subject, parts), subject.titles()
    runs = found[0]
    panels = [
        (title, one["time"].values, np.array([one[name].values for name in parts]))
        for title, one in zip(names, found, strict=True)
    ]
    labels = {one: [_label(runs[name].attrs, name, one) for name in parts] for one in ("zh", "en")}
    titles = {
        one: say(NAMES[figure], one) + (f" · {say(panel, one)}" if panel else "")
        for one in ("zh", "en")
    }
    longest = max(map(display_width, labels[lang]))
    across = 3 if longest <= ACROSS[lang] else 2
    rows = -(-len(parts) // across)
    height = 7.6 + 0.42 * rows
    notes = (say("stack_note", lang), *source(subject))
    below = 1.75 + NOTE * (len(notes) - 2)
    sheet = titled_sheet(height, titles[lang], notes)
    with styled():
        top = 1.05 * max(float(values.sum(0).max()) for *_, values in panels)
        for place, (title, time, values) in enumerate(panels):
            left, bottom, wide, high = room(height, 1.25, 0.35, 1.75 + 0.42 * rows, below)
            each = wide / len(panels)
            axes = sheet.add_axes((left + place * each, bottom, each - 0.03, high))
            draw_layers(axes, time, values, top, step=5 if len(panels) <= 2 else 10)
            unit = str(runs[parts[0]].attrs.get("units", ""))
            axes.set_title(
                fit(title, 72 // len(panels)), fontsize=8.5, loc="right", pad=4, gid="panel"
            )
            set_quantity(axes, label_in("", unit, lang).strip() if place == 0 else "")
            axes.tick_params(labelleft=place == 0)
            axes.set_xlabel(time_head(time_unit(runs), lang), labelpad=2)
        handles = [Patch(**look, edgecolor=INK, linewidth=0.4) for look in LAYERS[: len(parts)]]
        sheet.legend(
            handles, labels[lang],
            loc="upper left", bbox_to_anchor=(0.005, 1 - 0.72 / height), ncols=across,
            frameon=False, columnspacing=1.2, borderpad=0.2,
        )  # fmt: skip
    largest = int(np.argmax(panels[0][2][:, -1]))
    year = int(runs["time"].values[-1])
    alt = Text(
        *(
            say(
                "alt_stack",
                one,
                title=titles[one],
                year=when(year, time_unit(runs), one),
                largest=labels[one][largest],
            )
            for one in ("zh", "en")
        )
    )
    return Picture(f"{figure}-{panel}" if panel else figure, sheet, titles[lang], alt)


def draw_layers(
    axes: Axes, time: NDArray[np.float64], values: NDArray[np.float64], top: float, step: int
) -> None:
    """The layers from below, the first part lowest."""
    base = np.zeros(len(time))
    for place, part in enumerate(values):
        look = LAYERS[place % len(LAYERS)]
        axes.fill_between(
            time, base, base + part, edgecolor=INK, linewidth=0.4, gid=f"layer-{place}", **look
        )
        base = base + part
    axes.set_ylim(0, top)
    mark_years(axes, time[0], time[-1], step)


def _label(attrs: Mapping[Any, Any], name: str, lang: str) -> str:
    return str(attrs.get(f"label_{lang}") or name)
