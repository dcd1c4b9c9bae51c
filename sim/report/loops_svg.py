"""The feedback loops of a sector as an SVG file: each chain closed, with its signs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sim.ensemble.loops import Loop
from sim.report import colours, svg
from sim.report.stockflow_svg import DASHES, INK, MARKS, SIGN_INKS
from sim.text import Text

CELL = {"zh": 134.0, "en": 164.0}
GAP, PAGE, MARGIN, BETWEEN = 40.0, 1320.0, 24.0, 96.0
"""Room of a variable; room between two loops, width of the page, white, between two rows."""
FACE, LEADING = 11.5, 13.5
INKS = {1: "#7a4fa3", -1: "#1d7a46"}
STOCK_INK = colours.BLUE


def draw(
    loops: Sequence[Loop], labels: Mapping[str, str], stocks: set[str], title: str, lang: str
) -> str:
    """All loops, one beside the other, as SVG text; stocks in bold."""
    body: list[str] = []
    x, y, low, widest = MARGIN, 66.0, 0.0, 0.0
    for one in sorted((track(loop, labels, lang) for loop in loops), key=lambda t: t.width):
        if x > MARGIN and x + one.width > PAGE:
            x, y = MARGIN, low + GAP
        body.append(f'<g transform="translate({svg.n(x)},{svg.n(y)})">')
        body += [*lines_of(one, stocks, lang), "</g>"]
        low, widest = max(low, y + one.height), max(widest, x + one.width)
        x += one.width + GAP
    head = [
        svg.text((MARGIN, 20), title, 16, INK, "start", bold=True),
        svg.text((MARGIN, 42), key(lang), 10.5, "#555", "start"),
    ]
    return svg.document(max(widest + MARGIN, 760.0), low + MARGIN, title, [*head, *body])


def key(lang: str) -> str:
    """What the marks mean."""
    words = Text(
        "＋ 同向　− 反向　R 增强回路　B 平衡回路　粗体为存量",
        "+ moves the same way   − moves the other way   R reinforcing   B balancing   "
        "stocks in bold",
    )
    return words.of(lang)


@dataclass(frozen=True)
class Track:
    """A loop laid out: where its variables stand, their lines, and the room that it takes."""

    loop: Loop
    places: tuple[svg.Point, ...]
    lines: tuple[list[str], ...]
    width: float
    height: float

    def half(self, number: int) -> tuple[float, float]:
        """Half the width and height of a variable's label, and a little more."""
        lines = self.lines[number % len(self.lines)]
        return max(svg.width(line, FACE) for line in lines) / 2 + 5, len(lines) * LEADING / 2 + 4

    def place(self, number: int) -> svg.Point:
        """Where a variable stands, counted round."""
        return self.places[number % len(self.places)]


def track(loop: Loop, labels: Mapping[str, str], lang: str) -> Track:
    """A loop along an upper row to the right and along a lower one back."""
    upper = -(-len(loop.chain) // 2)
    lower = len(loop.chain) - upper
    wide = max(upper, 2) * CELL[lang]
    lines = tuple(svg.wrapped(labels[name], FACE, CELL[lang] - 36) for name in loop.chain)
    first, second = (
        max((len(own) for own in part), default=1) for part in (lines[:upper], lines[upper:])
    )
    top = first * LEADING / 2
    low = top + BETWEEN + (first + second) * LEADING / 2 - LEADING
    places = [((i + 0.5) * wide / upper, top) for i in range(upper)]
    places += [(wide - (i + 0.5) * wide / lower, low) for i in range(lower)]
    return Track(loop, tuple(places), lines, wide, low + second * LEADING / 2)


def lines_of(one: Track, stocks: set[str], lang: str) -> Iterator[str]:
    """The links of a loop, its variables, its name."""
    for number, sign in enumerate(one.loop.signs):
        yield from link(one, number, sign)
    for name, place, lines in zip(one.loop.chain, one.places, one.lines, strict=True):
        for number, line in enumerate(lines):
            at = place[0], place[1] + (number - (len(lines) - 1) / 2) * LEADING
            ink = STOCK_INK if name in stocks else INK
            yield svg.text(at, line, FACE, ink, bold=name in stocks, halo=True)
    yield from middle(one, lang)


def link(one: Track, number: int, sign: int) -> Iterator[str]:
    """One link: level within a row, round the end between the rows."""
    (x0, y0), (x1, y1) = one.place(number), one.place(number + 1)
    (w0, h0), (w1, h1) = one.half(number), one.half(number + 1)
    ink = SIGN_INKS[sign]
    if len(one.places) == 1:  # what acts on itself
        end, direction, mark = (x0 + 12, y0 + h0), (-0.5, -0.87), (x0 + 36, y0 + h0 + 4)
        bend = (x0 - 56, y0 + 64), (x0 + 56, y0 + 64)
        start, tip = (x0 - 12, y0 + h0), (end[0] + 3, end[1] + 5)
    elif y0 == y1:
        way = 1.0 if x1 > x0 else -1.0
        end, direction = (x1 - way * w1, y1), (way, 0.0)
        start, tip = (x0 + way * w0, y0), (end[0] - 6 * way, y1)
        bend = start, tip
        mark = end[0] - 12 * way, y1 - 9
    elif len(one.places) == 3:  # round the corners below, so that the middle stays free
        down = y1 > y0
        way = 1.0 if down else -1.0
        end = (x1 + w1, y1) if down else (x1, y1 + h1)
        direction = (-1.0, 0.0) if down else (0.0, -1.0)
        start = (x0, y0 + h0) if down else (x0 - w0, y0)
        tip = (end[0] - 6 * direction[0], end[1] - 6 * direction[1])
        bend = ((x0, y1), (x0, y1)) if down else ((x1, y0), (x1, y0))
        mark = (end[0] + 12, y1 - 9) if down else (x1 - 11, end[1] + 8)
    else:
        way = 1.0 if y1 > y0 else -1.0
        shift = 13.0 * way if len(one.places) == 2 else 0.0
        title = svg.width(one.loop.title.zh, 12.5) / 1.5 + 20  # both sides of the loop's name
        out = max(62.0, title) * way if len(one.places) == 2 else 0.0
        end, direction = (x1 + shift, y1 - way * h1), (0.0, way)
        start, tip = (x0 + shift, y0 + way * h0), (end[0], end[1] - 6 * way)
        half = (y0 + y1) / 2
        bend = (x0 + out, half - 14 * way), (x1 + out, half + 14 * way)
        mark = end[0] + 11 * way, end[1] - 7 * way
    data = "M{},{}C{},{} {},{} {},{}".format(*(svg.n(v) for p in (start, *bend, tip) for v in p))
    yield svg.path(data, ink, 1.1, DASHES[sign])
    yield svg.arrow_head(end, direction, ink)
    yield svg.text(mark, MARKS[sign], 12, ink, bold=True, halo=True)


def middle(one: Track, lang: str) -> Iterator[str]:
    """R or B, and the loop's name."""
    lines = svg.wrapped(one.loop.title.of(lang), 12.5, max(one.width - 80, 150))
    centre = one.height / 2 + (30 if len(one.places) == 1 else 0)
    for number, line in enumerate(["R" if one.loop.polarity > 0 else "B", *lines]):
        at = one.width / 2, centre + (number - len(lines) / 2) * 16
        size = 15 if number == 0 else 12.5
        yield svg.text(at, line, size, INKS[one.loop.polarity], bold=True, halo=True)
