"""What a whole is made of, year by year: GDP by sector, residents by age and by place."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from numpy.typing import NDArray

from sim import data
from sim.report.fan import set_quantity
from sim.report.figures.frame import Picture, Subject, mark_years, room, source, titled_sheet
from sim.report.figures.words import say
from sim.report.sheet import INK, styled
from sim.report.words import fit, label_in
from sim.report.words import say as word
from sim.text import Text

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
NAMES = {"gdp": "gdp_title", "population": "population_title"}


def parts_of(figure: str) -> dict[str, list[str]]:
    """Panel → the variables that add up to its whole, as conf/figures.yaml lists them."""
    content = data.read_yaml(data.conf_folder() / "figures.yaml")
    return {str(panel): [str(n) for n in names] for panel, names in content[figure].items()}


def gdp(subject: Subject) -> list[Picture]:
    """One picture: GDP by sector, a panel for each of (at most two) scenarios."""
    (parts,) = parts_of("gdp").values()
    subject.record.holds(parts)
    titles = subject.titles()[:2]
    panels = [(title, layers(subject, parts, place)) for place, title in enumerate(titles)]
    return [_picture(subject, "gdp", parts, panels)]


def population(subject: Subject) -> list[Picture]:
    """Two pictures, residents by age and by place, a panel for each scenario."""
    panels = parts_of("population")
    subject.record.holds([name for parts in panels.values() for name in parts])
    pictures = []
    for panel, parts in panels.items():
        found = [
            (title, layers(subject, parts, place))
            for place, title in enumerate(subject.titles()[:2])
        ]
        pictures.append(_picture(subject, "population", parts, found, panel))
    return pictures


def layers(subject: Subject, parts: Sequence[str], scenario: int) -> NDArray[np.float64]:
    """The mean over draws of each part: (part, time)."""
    runs: xr.Dataset = subject.record.runs
    good = runs["finite"].transpose("scenario", "draw").values[scenario].astype(bool)
    return np.array(
        [
            runs[n].transpose("scenario", "draw", "time").values[scenario][good].mean(0)
            for n in parts
        ]
    )


def _picture(
    subject: Subject,
    figure: str,
    parts: Sequence[str],
    panels: Sequence[tuple[str, NDArray[np.float64]]],
    panel: str = "",
) -> Picture:
    lang, runs = subject.lang, subject.record.runs
    labels = {one: [_label(runs[name].attrs, name, one) for name in parts] for one in ("zh", "en")}
    titles = {
        one: say(NAMES[figure], one) + (f" · {say(panel, one)}" if panel else "")
        for one in ("zh", "en")
    }
    rows = -(-len(parts) // 3)
    height = 7.6 + 0.42 * rows
    notes = (say("stack_note", lang), source(subject.record, lang))
    sheet = titled_sheet(height, titles[lang], notes)
    with styled():
        top = 1.05 * max(float(values.sum(0).max()) for _, values in panels)
        for place, (title, values) in enumerate(panels):
            left, bottom, wide, high = room(height, 1.25, 0.35, 1.75 + 0.42 * rows, 1.75)
            each = wide / len(panels)
            axes = sheet.add_axes((left + place * each, bottom, each - 0.03, high))
            draw_layers(axes, runs["time"].values, values, top)
            unit = str(runs[parts[0]].attrs.get("units", ""))
            axes.set_title(fit(title, 40), fontsize=8.5, loc="right", pad=4, gid="panel")
            set_quantity(axes, label_in("", unit, lang).strip() if place == 0 else "")
            axes.tick_params(labelleft=place == 0)
            axes.set_xlabel(word("year", lang), labelpad=2)
        handles = [Patch(**look, edgecolor=INK, linewidth=0.4) for look in LAYERS[: len(parts)]]
        sheet.legend(
            handles, [fit(label, 34 if lang == "zh" else 24) for label in labels[lang]],
            loc="upper left", bbox_to_anchor=(0.005, 1 - 0.72 / height), ncols=3, frameon=False,
            columnspacing=1.2, borderpad=0.2,
        )  # fmt: skip
    largest = int(np.argmax(panels[0][1][:, -1]))
    year = int(runs["time"].values[-1])
    alt = Text(
        *(
            say("alt_stack", one, title=titles[one], year=year, largest=labels[one][largest])
            for one in ("zh", "en")
        )
    )
    return Picture(f"{figure}-{panel}" if panel else figure, sheet, titles[lang], alt)


def draw_layers(
    axes: Axes, time: NDArray[np.float64], values: NDArray[np.float64], top: float
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
    mark_years(axes, time[0], time[-1], 5)


def _label(attrs: Mapping[Any, Any], name: str, lang: str) -> str:
    return str(attrs.get(f"label_{lang}") or name)
