"""A sheet to draw on: Chinese shows, a missing character is an error, files are reproducible."""

import contextlib
import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.ticker import Formatter, ScalarFormatter
from matplotlib.transforms import Bbox

from sim.report import colours
from sim.report.numbers import along_axis
from sim.report.words import display_width, folded

FONT = Path(__file__).parent / "fonts" / "NotoSansSCSubset-Regular.otf"
FAMILY = "Noto Sans SC Subset"
CM = 2.54  # in an inch
WIDTH = 15.6
"""cm: the text block of a government document (GB/T 9704-2012, 5.2.1)."""
FULL_PAGE = 20.25
"""cm of its 22.5: room is left for a heading and a caption."""
SMALLEST = 7.0
"""pt: smaller letters are not read in print."""
NOTE = 0.4
"""cm that a line below a figure takes."""
SMALLER = 0.9
"""The letters of a name on two lines, to those of a name on one."""

BLUE, PALE, PALER, RUST = colours.BLUE, colours.PALE, colours.PALER, colours.RUST
GOLD, INK, GREY, HAIR = colours.GOLD, colours.INK, colours.GREY, colours.HAIR


class Look(NamedTuple):
    """How one of the scenarios of a figure looks: lines and marks in `ink`, bars as `bar` says."""

    ink: str
    dash: Literal["-", "--", "-.", ":"]
    marker: str
    face: str
    hatch: str

    @property
    def bar(self) -> dict[str, Any]:
        """Of a bar or a box: its face, edge and hatching."""
        return {"facecolor": self.face, "edgecolor": self.ink, "hatch": self.hatch or None}


LOOKS = (  # darker to lighter, each with its own dash, marker and hatching: apart in grey as well
    Look(BLUE, "-", "o", BLUE, ""),
    Look(RUST, "--", "D", "white", "////"),
    Look(colours.GREEN, "-.", "s", "#CDEBDF", "...."),
    Look(colours.OCHRE, ":", "^", "white", "xxxx"),
)

STYLE: dict[str, Any] = {
    "font.family": [FAMILY, "DejaVu Sans"],  # DejaVu comes with matplotlib and has ⁻, ⁸ and ₂
    "font.size": 8.5,
    "text.color": INK,
    "text.hinting": "no_hinting",  # the shapes as drawn; and quicker
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.6,
    "axes.formatter.useoffset": False,  # numbers along an axis are read as they stand
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": HAIR,
    "grid.linewidth": 0.5,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 3,
    "xtick.minor.size": 1.5,
    "ytick.major.size": 0,
    "hatch.linewidth": 0.5,
    "svg.hashsalt": "sim",  # without a fixed salt no two SVG files are equal
    "svg.fonttype": "path",
}

# Dates and versions would make every file differ from the last.
METADATA: dict[str, Mapping[str, Any]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "Producer": None, "Creator": None},
}


class Sheet(Figure):
    """A figure in the report's style; a character that no font holds is an error when drawn."""

    def draw(self, renderer: RendererBase) -> None:
        """The sheet on `renderer`."""
        with styled():
            super().draw(renderer)


@contextlib.contextmanager
def styled() -> Iterator[None]:
    """The report's style, with matplotlib's warning of a missing character made an error."""
    if not any(entry.name == FAMILY for entry in fontManager.ttflist):
        fontManager.addfont(FONT)
    with mpl.rc_context(cast(Any, STYLE)), warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph .* missing from", category=UserWarning)
        yield


def new_sheet(width: float, height: float) -> Sheet:
    """An empty white sheet of `width` × `height` cm."""
    with styled():
        sheet = Sheet(figsize=(width / CM, height / CM), facecolor="white")
        FigureCanvasAgg(sheet)
    return sheet


def write_notes(sheet: Sheet, notes: Sequence[str]) -> None:
    """Lines below a figure: what its marks mean, and last where the numbers come from."""
    height = CM * sheet.get_size_inches()[1]
    for row, note in enumerate(reversed(notes)):
        at = (0.2 + NOTE * row) / height
        sheet.text(0.015, at, note, fontsize=SMALLEST, color=GREY, gid="source")


def name_ticks(axis: Axis, names: Sequence[str], width: int, size: float = 8.5) -> None:
    """The i-th name at i; one wider than `width` Latin letters on two lines of smaller ones."""
    long = [display_width(name) > width for name in names]
    texts = [
        folded(name, round(width / SMALLER)) if own else name
        for name, own in zip(names, long, strict=True)
    ]
    axis.set_ticks(range(len(texts)), texts, fontsize=size)
    for label, own in zip(axis.get_ticklabels(), long, strict=True):
        if own:
            label.set(fontsize=max(SMALLEST, SMALLER * size), linespacing=1.0)


class Marked(Formatter):
    """Numbers along an axis with thousands marked: 4,500."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        return along_axis([x])[0]

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        return along_axis(values)


def mark_thousands(axes: Axes) -> None:
    """Marks the thousands along both axes, but for years of the calendar and where names stand."""
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        years = low > 1900 and high < 2200 and high - low < 100
        if isinstance(axis.get_major_formatter(), ScalarFormatter) and not years:
            axis.set_major_formatter(Marked())


def save(sheet: Figure, path: Path, dpi: int = 150) -> Path:
    """`path`, with `sheet` written there as PNG, SVG or PDF (by suffix); no date inside."""
    path.write_bytes(rendered(sheet, path.suffix.lower().removeprefix("."), dpi))
    return path


def rendered(sheet: Figure, form: str, dpi: int = 150, box: Bbox | None = None) -> bytes:
    """`sheet`, or `box` of it (inches), as a "png", "svg" or "pdf" file; no date inside."""
    options: dict[str, Any] = {"pil_kwargs": {"compress_level": 1}} if form == "png" else {}
    content = io.BytesIO()
    with styled():
        sheet.savefig(
            content,
            dpi=dpi,
            format=form,
            metadata=METADATA.get(f".{form}"),
            bbox_inches=box,
            **options,
        )
    return content.getvalue()
