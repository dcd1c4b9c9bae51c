"""A figure at the size at which it is printed: letters stay as large, panels give way."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.legend import Legend
from matplotlib.text import Text as Words
from matplotlib.transforms import Bbox

from sim.report.sheet import CM, NOTE, SMALLEST, Sheet, styled
from sim.report.svg import PIECES
from sim.report.words import display_width, folded
from sim.text import Refused, Text

LEAST = 1.5
"""cm that panels take at least, across and down."""
EDGE = 0.25  # cm that nothing is printed on, left and right
TOUCHING = 0.2
"""Of the height of a line: what is above and below its letters."""
SLACK = 0.05  # cm: less than can be seen
SMALLER = 0.85
"""Letters of a title, to those it had, below which it is put on more lines instead."""
TITLES = ("title", "_left_title", "_right_title")
"""What holds the name of a panel."""
FOLDED = 0.84
"""The letters of a panel's name on two lines, to those of one on one line."""
LINE = 1.4
"""A line of a title, to the size of its letters."""


@dataclass(frozen=True)
class Fold:
    """Where cm along one side of a sheet lie on a sheet of another size: margins stay as wide, but
    for `more` before and `above` beyond; what is between them gives way. What lies beyond the
    panels is `lower` than it was."""

    side: float
    new: float
    first: float
    last: float
    more: float = 0.0
    above: float = 0.0
    lower: float = 0.0

    @property
    def least(self) -> float:
        """What panels take at least: no more than they had."""
        return min(LEAST, self.last - self.first)

    @property
    def end(self) -> float:
        """Where the panels end."""
        return self.new - (self.side - self.last) - self.above

    @property
    def room(self) -> float:
        """What is left to the panels."""
        return self.end - self.first - self.more

    def inside(self, place: float) -> float:
        """The share of the new side at which an edge of a panel lies."""
        share = (place * self.side - self.first) / (self.last - self.first)
        return (self.first + self.more + share * self.room) / self.new

    def outside(self, place: float) -> float:
        """The share of the new side at which words lie."""
        at = place * self.side
        if at <= self.first:
            return (at + self.more) / self.new
        if at >= self.last:
            return (self.new - (self.side - at) - self.lower) / self.new
        return self.inside(place)


def resize(sheet: Sheet, width: float | None, height: float | None) -> None:
    """Makes a sheet `width` × `height` cm. Without a height, it is as high as its notes and legend
    then need. Raises Refused where it cannot hold what it shows."""
    old_width, old_height = (CM * float(side) for side in sheet.get_size_inches())
    new_width = width or old_width
    before, beyond = crowded(sheet), overflow(sheet)
    with styled():
        sheet.set_size_inches(new_width / CM, old_height / CM)
        lower = sum(_fitted(words, sheet, new_width) for words in _titles(sheet))
        above = lower + sum(_narrowed(legend, sheet) for legend in sheet.legends)
        more = _folded_notes(sheet, new_width)
        new_height = height or old_height + above + more
        sheet.set_size_inches(new_width / CM, new_height / CM)
        boxes = [axes.get_position() for axes in sheet.axes]
        across = _fold(boxes, "x", old_width, new_width)
        down = _fold(boxes, "y", old_height, new_height, more, above, lower)
        short = [max(one.least - one.room, 0.0) for one in (across, down)]
        if max(short) > SLACK:
            raise _too_small(new_width, new_height, *short)
        _move(sheet, boxes, across, down)
        _fold_names(sheet)
    over = [after - usual for after, usual in zip(overflow(sheet), beyond, strict=True)]
    if max(over) > SLACK:
        raise _too_small(new_width, new_height, *over)
    if crowded(sheet) > before:
        raise _crowded(new_width, new_height)


def _fold(
    boxes: list[Bbox],
    side: str,
    old: float,
    new: float,
    more: float = 0.0,
    above: float = 0.0,
    lower: float = 0.0,
) -> Fold:
    low = min(getattr(box, f"{side}0") for box in boxes) * old
    high = max(getattr(box, f"{side}1") for box in boxes) * old
    return Fold(old, new, low, high, more, above, lower)


def _move(sheet: Sheet, boxes: list[Bbox], across: Fold, down: Fold) -> None:
    """Puts panels, words and legends in their places."""
    for axes, box in zip(sheet.axes, boxes, strict=True):
        x0, x1 = across.inside(box.x0), across.inside(box.x1)
        y0, y1 = down.inside(box.y0), down.inside(box.y1)
        axes.set_position((x0, y0, x1 - x0, y1 - y0))
        wider = (x1 - x0) * across.new / (box.width * across.side)
        higher = (y1 - y0) * down.new / (box.height * down.side)
        _keep_labels(axes, wider, higher)
    for words in sheet.texts:
        x, y = words.get_position()
        if words.get_gid() == "source":  # placed when it was folded, from the bottom up
            words.set_position((across.outside(x), y * down.side / down.new))
        elif words.get_gid() == "title":
            words.set_position((across.outside(x), down.outside(y) + down.lower / down.new))
        else:
            words.set_position((across.outside(x), down.outside(y)))
    for legend in sheet.legends:
        at = legend.get_bbox_to_anchor().transformed(sheet.transFigure.inverted())
        y = (down.new - (1 - at.y0) * down.side - down.lower) / down.new
        legend.set_bbox_to_anchor((across.outside(at.x0), y), transform=sheet.transFigure)


def _keep_labels(axes: Axes, wider: float, higher: float) -> None:
    """Keeps labels and titles that were put beside their axes as far from them, in cm."""
    for name in TITLES:
        x, _ = getattr(axes, name).get_position()
        getattr(axes, name).set_x(_beyond(float(x), wider))
    for axis in (axes.xaxis, axes.yaxis):
        if getattr(axis, "_autolabelpos", True):
            continue
        x, y = axis.label.get_position()
        axis.set_label_coords(_beyond(float(x), wider), _beyond(float(y), higher))


def _beyond(place: float, larger: float) -> float:
    """A place beside a panel, as a share of its side, once that is `larger` times as long."""
    if 0 <= place <= 1:
        return place
    return place / larger if place < 0 else 1 + (place - 1) / larger


def _narrowed(legend: Legend, sheet: Sheet) -> float:
    """Puts a legend on as many rows as it needs; returns the cm that these take more."""

    def extent() -> Bbox:
        sheet.canvas.draw()
        return legend.get_window_extent()

    first, columns = extent(), int(getattr(legend, "_ncols", 1))
    now = first
    while columns > 1 and now.x1 > sheet.bbox.width - EDGE / CM * sheet.dpi:
        columns -= 1
        legend.set_ncols(columns)
        now = extent()
    return float(max(0.0, now.height - first.height) / sheet.dpi * CM)


def _folded_notes(sheet: Sheet, width: float) -> float:
    """Puts the notes at the bottom on as many lines as they need; returns the cm that these take
    more."""
    notes = [words for words in sheet.texts if words.get_gid() == "source"]
    shift = 0.0
    for words in sorted(notes, key=lambda words: float(words.get_position()[1])):
        lines = list(_lines(words, sheet, width))
        words.set_text("\n".join(lines))
        words.set_verticalalignment("bottom")
        words.set_linespacing(NOTE / CM * 72 / float(words.get_fontsize()) / 1.2)
        x, y = words.get_position()
        words.set_position((x, float(y) + shift / (CM * float(sheet.get_size_inches()[1]))))
        shift += NOTE * (len(lines) - 1)
    return shift


def _lines(words: Words, sheet: Sheet, width: float) -> Iterator[str]:
    """The lines of a note that is no wider than the sheet."""
    text, taken = str(words.get_text()), words.get_window_extent().width / sheet.dpi * CM
    most = display_width(text) * (width - 2 * EDGE) / max(float(taken), 1e-9)
    line = ""
    for piece in PIECES.findall(text):
        if line and display_width(line + piece.rstrip()) > most:
            yield line.rstrip()
            line = piece.lstrip()
        else:
            line += piece
    yield line.rstrip()


def _titles(sheet: Sheet) -> list[Words]:
    return [words for words in sheet.texts if words.get_gid() == "title"]


def _fitted(words: Words, sheet: Sheet, width: float) -> float:
    """Makes a title that would end beyond the sheet a little smaller, or puts it on as many lines
    as it needs; returns the cm that these take more."""
    room = sheet.bbox.width - 2 * EDGE / CM * sheet.dpi
    size, smaller = float(words.get_fontsize()), room / max(words.get_window_extent().width, 1e-9)
    if smaller >= SMALLER:
        words.set_fontsize(size * min(1.0, smaller))
        return 0.0
    lines = list(_lines(words, sheet, width))
    words.set_text("\n".join(lines))
    words.set_linespacing(LINE / 1.2)
    return (len(lines) - 1) * LINE * size * CM / 72


def _fold_names(sheet: Sheet) -> None:
    """Puts the names of small panels that would reach into the next panel's on two lines."""
    edges = sorted({axes.get_window_extent().x0 for axes in sheet.axes})
    for axes, title in itertools.product(sheet.axes, TITLES):
        words: Words = getattr(axes, title)
        if words.get_gid() != "panel" or "\n" in words.get_text():
            continue
        here, box = axes.get_window_extent().x0, words.get_window_extent()
        ends = [edge for edge in edges if edge > here + 1] or [sheet.bbox.width + here - box.x0]
        share = 0.97 * (ends[0] - here) / max(box.width, 1e-9)
        if share < 1.0:
            most = int(display_width(words.get_text()) * share / FOLDED)
            words.set_text(folded(words.get_text(), most))
            words.set_fontsize(max(SMALLEST, FOLDED * float(words.get_fontsize())))


def crowded(sheet: Sheet) -> int:
    """How many times words of a panel, names along an axis of it, or the names of panels lie over
    each other."""
    sheet.canvas.draw()
    groups = [
        group
        for axes in sheet.axes
        for group in (axes.xaxis.get_ticklabels(), axes.yaxis.get_ticklabels(), axes.texts)
    ]
    groups.append([getattr(axes, name) for axes in sheet.axes for name in TITLES])
    return sum(
        _overlaps(
            [one.get_window_extent() for one in group if one.get_text() and one.get_visible()]
        )
        for group in groups
    )


def _overlaps(boxes: list[Bbox]) -> int:
    """How many pairs of boxes share more than the edges of their letters."""
    if len(boxes) < 2:
        return 0
    x0, y0, x1, y1 = np.array([box.extents for box in boxes]).T
    across = np.minimum.outer(x1, x1) - np.maximum.outer(x0, x0)
    up = np.minimum.outer(y1, y1) - np.maximum.outer(y0, y0)
    least = TOUCHING * np.minimum.outer(y1 - y0, y1 - y0)
    return int(np.triu((across > 0) & (up > least), 1).sum())


def overflow(sheet: Sheet) -> tuple[float, float]:
    """How far what a sheet shows lies beyond it, across and up, in cm; 0 where it does not."""
    sheet.canvas.draw()
    width, height = (float(side) for side in sheet.get_size_inches())
    box = sheet.get_tightbbox()
    across, up = max(-box.x0, box.x1 - width, 0.0), max(-box.y0, box.y1 - height, 0.0)
    return CM * across, CM * up


def _too_small(width: float, height: float, across: float, down: float) -> Refused:
    """The refusal of a size that lacks so many cm across and down."""
    needed = f"{width + max(across, 0.0):.1f} × {height + max(down, 0.0):.1f}"
    return Refused(
        Text(
            f"{width:.1f} × {height:.1f} 厘米放不下（字号不变），至少约 {needed} 厘米；"
            "请放大 width、height，或少选几项（targets=）",
            f"{width:.1f} × {height:.1f} cm are too small for it, with letters of the same size: "
            f"at least about {needed} cm; choose a larger width and height, or fewer targets "
            "(targets=)",
        )
    )


def _crowded(width: float, height: float) -> Refused:
    return Refused(
        Text(
            f"{width:.1f} × {height:.1f} 厘米时图中的字会重叠；请放大 width、height，"
            "或少选几项（targets=）",
            f"at {width:.1f} × {height:.1f} cm words would lie over each other; "
            "choose a larger width and height, or fewer targets (targets=)",
        )
    )
