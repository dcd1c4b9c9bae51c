"""Which targets fail together: a matrix of the probability that two are missed at once."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from numpy.typing import NDArray

from sim.report.figures.frame import (
    Picture,
    Subject,
    room,
    row_name,
    source,
    titled_sheet,
)
from sim.report.figures.words import say
from sim.report.sheet import BLUE, FULL_PAGE, NOTE, PALER, SMALLEST, name_ticks, styled
from sim.text import Text

LEAST = 0.005
"""A target that is missed more seldom than this, or met: it says nothing of the others."""
SHADES = LinearSegmentedColormap.from_list("sim", ["white", PALER, BLUE])
"""From white to the report's blue: lightness alone tells the order, also in grey."""


LIGHT_FROM = 0.85
"""The shade from which numbers on it are white."""


def joint(subject: Subject) -> list[Picture]:
    """One picture a run: targets that may be missed, with those that fail with them."""
    return [_joint(one, alone=len(subject.records) == 1) for one in subject.apart()]


def _joint(subject: Subject, alone: bool) -> Picture:
    lang, targets = subject.lang, subject.targets
    names = [target.name for target in targets]
    both = subject.record.attainment["both_missed"].sel(target=names, other=names).values[0]
    missed = np.diag(both)
    shown = np.flatnonzero((missed >= LEAST) & (missed < 1 - LEAST))
    names = [row_name(targets[place], lang) for place in shown]
    both = both[np.ix_(shown, shown)]
    title = say("joint_title", lang, scenario=subject.titles()[0])
    notes = [say("joint_note", lang)]
    if len(shown) < len(targets):
        notes.append(say("joint_left_out", lang, count=len(targets) - len(shown)))
    below = 1.2 + NOTE * len(notes)
    height = min(2.0 + below + 0.62 * len(names), FULL_PAGE)
    sheet = titled_sheet(height, title, (*notes, *source(subject)))
    with styled():
        axes = sheet.add_axes(room(height, 5.9, 0.4, 1.1, below))
        if len(shown):
            draw_matrix(axes, both, names)
        else:
            axes.set_axis_off()
            axes.text(0.5, 0.5, say("joint_none", lang), ha="center", transform=axes.transAxes)
    return Picture(subject.file("joint", alone), sheet, title, _alt(subject, both, shown))


def draw_matrix(axes: Axes, both: NDArray[np.float64], names: list[str]) -> None:
    """The lower triangle, numbers in percent; rows and columns are numbered alike."""
    count = len(names)
    lower = np.where(np.tril(np.ones_like(both, bool)), both, np.nan)
    axes.imshow(lower, cmap=SHADES, vmin=0, vmax=1, aspect="auto", gid="cells")
    size = 7.5 if count <= 14 else SMALLEST
    for row in range(count):
        for column in range(row + 1):
            value = both[row, column]
            text = f"{100 * value:.0f}" if value >= LEAST else "·"
            axes.text(
                column, row, text, ha="center", va="center", fontsize=size,
                color="white" if value > LIGHT_FROM else "black", gid="cell",
                )  # fmt: skip
    name_ticks(axes.yaxis, names, 38, 7.5)
    axes.tick_params(axis="y", pad=14)  # room for the numbers
    for row in range(count):
        axes.annotate(
            str(row + 1), (0, row), (-4, 0), xycoords=axes.get_yaxis_transform(),
            textcoords="offset points", ha="right", va="center", fontsize=7.5, gid="number",
        )  # fmt: skip
    axes.set_xticks(range(count), [str(column + 1) for column in range(count)], fontsize=7.5)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_xticks(np.arange(count + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(count + 1) - 0.5, minor=True)
    axes.tick_params(which="minor", length=0)
    axes.grid(which="minor", color="white", linewidth=1.2)


def _alt(subject: Subject, both: NDArray[np.float64], shown: NDArray[np.intp]) -> Text:
    if len(shown) < 2:
        return Text(*(say("alt_none", o, why=say("joint_none", o)) for o in ("zh", "en")))
    pairs = np.tril(both, -1)
    row, column = np.unravel_index(int(np.argmax(pairs)), pairs.shape)
    one, other = (subject.targets[shown[place]] for place in (column, row))
    chance = f"{100 * pairs[row, column]:.0f}%"
    return Text(
        *(
            say(
                "alt_joint", lang, count=len(shown), chance=chance,
                one=row_name(one, lang), other=row_name(other, lang),
            )
            for lang in ("zh", "en")
        )
    )  # fmt: skip
