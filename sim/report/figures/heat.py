"""The heat map: how surely each target is met in each of several scenarios."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from sim.report.figures.frame import (
    Picture,
    Subject,
    name_rows,
    room,
    row_name,
    source,
    titled_sheet,
)
from sim.report.figures.joint import LIGHT_FROM, SHADES
from sim.report.figures.words import say
from sim.report.rows import skill_line
from sim.report.sheet import FULL_PAGE, NOTE, styled
from sim.report.words import display_width, fit
from sim.text import Text

MOST = 32  # letters of a scenario's name
LETTER = 0.14  # cm that one takes


def heat(subject: Subject) -> list[Picture]:
    """One picture: targets down, the scenarios of all runs across."""
    lang, targets = subject.lang, subject.targets
    columns = odds_by_scenario(subject)
    odds = np.array(list(columns.values())).T
    above = 1.6
    if upright(list(columns)):
        above = 1.2 + LETTER * max(display_width(fit(name, MOST)) for name in columns)
    height = min(1.2 + above + 0.56 * len(targets), FULL_PAGE)
    skill = skill_line(subject.record.attainment, lang)
    notes = (say("heat_note", lang), *skill, *source(subject))
    below = 1.2 + NOTE * (len(notes) - 2)
    sheet = titled_sheet(height, say("heat_title", lang), notes)
    with styled():
        axes = sheet.add_axes(room(height, 6.2, 0.4, above, below))
        draw_cells(axes, odds, list(columns))
        name_rows(axes, [row_name(target, lang) for target in targets], 41)
    alt = Text(
        *(say("alt_heat", one, rows=len(targets), columns=len(columns)) for one in ("zh", "en"))
    )
    return [Picture("heat", sheet, say("heat_title", lang), alt)]


def odds_by_scenario(subject: Subject) -> dict[str, NDArray[np.float64]]:
    """Scenario title → probability of each target; NaN where a run was not judged by one."""
    found: dict[str, NDArray[np.float64]] = {}
    for record in subject.records:
        table = record.attainment
        known = {str(name): place for place, name in enumerate(table["target"].values)}
        for place, scenario in enumerate(record.scenarios):
            share = table["probability"].values[place]
            row = [share[known[t.name]] if t.name in known else np.nan for t in subject.targets]
            found.setdefault(scenario.title.of(subject.lang), np.array(row))
    return found


def upright(names: list[str]) -> bool:
    """Whether the scenarios' names are too long to stand side by side."""
    return max(map(display_width, names)) * len(names) > 60


def draw_cells(axes: Axes, odds: NDArray[np.float64], names: list[str]) -> None:
    """Shaded cells with their number; the scenarios' names above, upright where they are many."""
    axes.imshow(odds, cmap=SHADES, vmin=0, vmax=1, aspect="auto", gid="cells")
    for (row, column), value in np.ndenumerate(odds):
        text = "—" if np.isnan(value) else f"{100 * value:.0f}"
        axes.text(
            column, row, text, ha="center", va="center", fontsize=7.5, gid="cell",
            color="white" if value > LIGHT_FROM else "black",
        )  # fmt: skip
    turned: dict[str, Any] = {"rotation": 90} if upright(names) else {}
    axes.set_xticks(range(len(names)), [fit(n, MOST) for n in names], fontsize=7.5, **turned)
    axes.tick_params(top=False, labeltop=True, bottom=False, labelbottom=False, length=0)
    axes.spines[:].set_visible(False)
    axes.set_xticks(np.arange(len(names) + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(odds.shape[0] + 1) - 0.5, minor=True)
    axes.tick_params(which="minor", length=0)
    axes.grid(which="minor", color="white", linewidth=1.5)
