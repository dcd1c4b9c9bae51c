"""Small multiples: every headline variable on one page, median and ranges."""

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim import data
from sim.engine.units import factor
from sim.ensemble.observations import read_history
from sim.ensemble.target import Target
from sim.report.fan import MARKERS, compared, draw_fans, fans_of, unit_shown
from sim.report.figures.frame import (
    Box,
    Picture,
    Subject,
    mark_years,
    name_panel,
    room,
    source,
    titled_sheet,
)
from sim.report.figures.words import say
from sim.report.numbers import along_axis
from sim.report.sheet import FULL_PAGE, GOLD, INK, LOOKS, NOTE, SMALLEST, WIDTH, styled
from sim.report.words import fit, label_in, time_unit, when
from sim.report.words import say as word
from sim.text import Text

COLUMNS = 3
APART, EDGE = 1.05, 0.3  # cm between panels, and right of the last


def multiples(subject: Subject) -> list[Picture]:
    """One picture: a panel for each variable asked for, or each headline variable of the run."""
    lang = subject.lang
    names = list(subject.variables) or headline(subject.record.fans)
    runs = subject.fans_of(names)
    rows = -(-len(names) // COLUMNS)
    height = min(2.3 + 3.5 * rows, FULL_PAGE)
    notes = (*_key(subject), *source(subject))
    below = 1.6 + NOTE * (len(notes) - 2)
    title = say("multiples_title", lang, title=compared(subject.titles(), lang))
    sheet = titled_sheet(height, title, notes)
    seen = read_history(subject.record.settings.history)
    with styled():
        for place, name in enumerate(names):
            axes = sheet.add_axes(_panel(place, rows, height, below))
            unit = unit_shown(name, runs, subject.record.targets)
            draw_fans(axes, runs["time"].values, fans_of(name, runs, lang, unit))
            own = [one for one in seen if one.variable == name and one.measure == "level"]
            axes.plot(
                [one.year for one in own],
                [one.value * factor(one.unit, unit) for one in own],
                "o", color=INK, markersize=2.2, gid="history", zorder=4,
            )  # fmt: skip
            _targets(axes, [t for t in subject.record.targets if t.variable == name], unit)
            _dress(axes, runs, name, unit, lang)
    years = runs["time"].values
    alt = Text(
        *(
            say(
                "alt_multiples",
                o,
                count=len(names),
                first=int(years[0]),
                last=when(int(years[-1]), time_unit(runs), o),
            )
            for o in ("zh", "en")
        )
    )
    return [Picture("multiples", sheet, title, alt)]


def _key(subject: Subject) -> list[str]:
    """What the bands and the lines of the panels are; many lines have a line of text of theirs."""
    lang, titles = subject.lang, subject.titles()
    own = say("multiples_note", lang, scenario=titles[0])
    others = [
        say("multiples_reference", lang, dash=say(look.dash, lang), reference=fit(title, 24))
        for title, look in zip(titles[1:], LOOKS[1:], strict=False)
    ]
    marks = say("multiples_marks", lang)
    if len(others) < 2:  # the range of one more is drawn, too
        outline = [say("multiples_outline", lang)] * len(others)
        return [word("semicolon", lang).join([own, *others, *outline]), marks]
    return [own, word("semicolon", lang).join(others), marks]


def headline(runs: xr.Dataset) -> list[str]:
    """The headline variables that the run holds, as conf/headline.yaml orders them; those of
    another model than the county's in the order of the run."""
    listed = data.read_yaml(data.conf_folder() / "headline.yaml")["variables"]
    found = [str(name) for name in listed if str(name) in runs]
    return found or [str(name) for name in runs.data_vars]


def _panel(place: int, rows: int, height: float, below: float) -> Box:
    left, bottom, wide, high = room(height, 1.15, EDGE - APART, 0.75, below)
    row, column = divmod(place, COLUMNS)
    across, down = wide / COLUMNS, high / rows
    return (
        left + column * across,
        bottom + (rows - 1 - row) * down,
        across - APART / WIDTH,
        down - 1.15 / height,
    )


def _targets(axes: Axes, targets: list[Target], unit: str) -> None:
    for target in targets:
        if target.measure != "level":
            continue
        level = target.value * factor(target.unit, unit)
        axes.plot(
            [target.year], [level], marker=MARKERS[target.sense], color=GOLD, markersize=5,
            markeredgecolor=INK, markeredgewidth=0.7, linestyle="none", zorder=6, gid="target",
            clip_on=False,
        )  # fmt: skip


def _dress(axes: Axes, runs: xr.Dataset, name: str, unit: str, lang: str) -> None:
    """Title with unit, few ticks: a panel is small."""
    attrs, time = runs[name].attrs, runs["time"].values
    label = str(attrs.get(f"label_{lang}") or name)
    name_panel(axes, label_in(label, unit, lang), x=-0.17)
    low, high = axes.get_ylim()
    low = 0.0 if 0 < low < 0.35 * high else low
    ticks = [t for t in MaxNLocator(4).tick_values(low, high) if low <= t <= high]
    axes.set_yticks(ticks, along_axis(ticks), fontsize=SMALLEST)
    axes.set_ylim(low, high)
    mark_years(axes, time[0], time[-1], 10, size=SMALLEST)
    axes.tick_params(labelbottom=True)
    axes.grid(axis="y")
