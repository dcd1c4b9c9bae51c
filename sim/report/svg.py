"""A few SVG elements as text, the same bytes on every machine; names show on whatever font for
Chinese the reader has."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise

Point = tuple[float, float]

PIECES = re.compile(r"[（(]?(?:[\x21-\x7e]+ *|[^ （(])[）)：，、]*| +|[（(]")
"""Words of Latin letters with the blanks after them, and single Chinese characters; brackets and
commas stay with what they are about."""
FONT = "'Noto Sans SC','Microsoft YaHei','PingFang SC','Source Han Sans SC',sans-serif"


def document(width: float, height: float, title: str, parts: Iterable[str]) -> str:
    """A whole SVG file."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {n(width)} {n(height)}" '
        f'width="{n(width)}" height="{n(height)}" font-family="{FONT}">'
    )
    page = f'<rect width="{n(width)}" height="{n(height)}" fill="#fff"/>'
    return "\n".join([head, f"<title>{escape(title)}</title>", page, *parts, "</svg>", ""])


def n(value: float) -> str:
    """A number in short."""
    return f"{round(value, 1):g}"


def width(text: str, size: float) -> float:
    """How wide a text is, nearly: a full em for Chinese, a good half for Latin letters."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return size * (wide + 0.56 * (len(text) - wide))


def wrapped(text: str, size: float, widest: float) -> list[str]:
    """Lines no wider than that, broken at blanks, or between Chinese characters."""
    if width(text, size) <= widest:
        return [text]
    even = width(text, size) / -(-width(text, size) // widest) + size  # lines of like length
    lines = [""]
    for word in PIECES.findall(text):
        if lines[-1] and width((lines[-1] + word).strip(), size) > min(even, widest):
            lines.append("")
        lines[-1] += word
    return [line.strip() for line in lines]


def text(
    at: Point,
    words: str,
    size: float,
    fill: str = "#222",
    anchor: str = "middle",
    bold: bool = False,
    halo: bool = False,
    italic: bool = False,
) -> str:
    """A line of text whose middle height lies at a point."""
    more = ' font-weight="600"' if bold else ""
    more += ' font-style="italic"' if italic else ""
    if halo:
        more += ' stroke="#fff" stroke-width="3" paint-order="stroke" stroke-linejoin="round"'
    return (
        f'<text x="{n(at[0])}" y="{n(at[1] + 0.36 * size)}" font-size="{n(size)}" fill="{fill}" '
        f'text-anchor="{anchor}"{more}>{escape(words)}</text>'
    )


def path(data: str, stroke: str, thick: float = 1.1, more: str = "") -> str:
    """A line that is not filled."""
    return f'<path d="{data}" fill="none" stroke="{stroke}" stroke-width="{n(thick)}"{more}/>'


def curve(points: Sequence[Point]) -> str:
    """Path data through points, level at each of them: S-shaped between columns."""
    data = f"M{n(points[0][0])},{n(points[0][1])}"
    for (x0, y0), (x1, y1) in pairwise(points):
        middle = (x0 + x1) / 2
        data += f"C{n(middle)},{n(y0)} {n(middle)},{n(y1)} {n(x1)},{n(y1)}"
    return data


def arrow_head(tip: Point, direction: Point, fill: str, size: float = 7.0) -> str:
    """A filled triangle that points in a direction (of length 1)."""
    (x, y), (dx, dy) = tip, direction
    back = (x - size * dx, y - size * dy)
    side = (-0.42 * size * dy, 0.42 * size * dx)
    corners = [tip, (back[0] + side[0], back[1] + side[1]), (back[0] - side[0], back[1] - side[1])]
    return polygon(corners, fill)


def polygon(corners: Iterable[Point], fill: str, stroke: str = "none") -> str:
    """A filled shape."""
    said = " ".join(f"{n(x)},{n(y)}" for x, y in corners)
    return f'<polygon points="{said}" fill="{fill}" stroke="{stroke}"/>'


def box(centre: Point, wide: float, high: float, fill: str, stroke: str) -> str:
    """A rectangle."""
    x, y = centre[0] - wide / 2, centre[1] - high / 2
    return (
        f'<rect x="{n(x)}" y="{n(y)}" width="{n(wide)}" height="{n(high)}" fill="{fill}" '
        f'stroke="{stroke}" stroke-width="1.4"/>'
    )


def cloud(centre: Point) -> str:
    """The outside of the model, where flows come from and go to."""
    x, y = centre
    humps = ((-6, 1, 5.5), (0, -3, 6.5), (6, 1, 5.5), (0, 3, 5.5))
    ring = "".join(f'<circle cx="{n(x + a)}" cy="{n(y + b)}" r="{n(r)}"/>' for a, b, r in humps)
    return f'<g fill="#fff" stroke="#8a8f98" stroke-width="2">{ring}</g><g fill="#fff">{ring}</g>'
