"""A drawing in SVG on a sheet: the diagrams of the pages among the other figures.

What `sim.report.svg` writes is read: text, paths of M, L and C, polygons, rectangles, circles,
moved groups. One drawing serves both, so that they cannot differ.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Circle, PathPatch, Polygon, Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import AbstractPathEffect, withStroke
from matplotlib.text import Text as Words

POINTS_TO_A_CENTIMETRE = 72 / 2.54
CODES = {"M": [Path.MOVETO], "L": [Path.LINETO], "C": [Path.CURVE4] * 3}
SIDES: dict[str, Any] = {"start": "left", "middle": "center", "end": "right"}


def draw_svg(axes: Axes, elements: Sequence[str], size: float) -> None:
    """Draws elements of SVG on axes whose unit is theirs, `size` cm large; y runs down."""
    scale = size * POINTS_TO_A_CENTIMETRE
    root = ElementTree.fromstring(f"<g>{''.join(elements)}</g>")
    for order, artist in enumerate(_artists(root, {}, (0.0, 0.0), scale)):
        artist.set_zorder(order)  # as SVG paints: later ones on top
        axes.add_artist(artist)


def _artists(
    element: ElementTree.Element,
    given: Mapping[str, str],
    moved: tuple[float, float],
    scale: float,
) -> Iterator[Artist]:
    own = {**given, **element.attrib}
    if element.tag != "g":
        yield _artist(element, own, moved, scale)
        return
    shift = re.match(r"translate\(([-\d.]+),([-\d.]+)\)", element.get("transform", ""))
    x, y = moved
    if shift:
        x, y = x + float(shift[1]), y + float(shift[2])
    for child in element:
        yield from _artists(child, {k: own[k] for k in own if k != "transform"}, (x, y), scale)


def _artist(
    element: ElementTree.Element,
    own: Mapping[str, str],
    moved: tuple[float, float],
    scale: float,
) -> Artist:
    dx, dy = moved
    look = _look(own, scale)
    match element.tag:
        case "text":
            return _words(element, own, moved, scale)
        case "path":
            return PathPatch(_path(own["d"], moved), **look)
        case "polygon":
            corners = [tuple(map(float, pair.split(","))) for pair in own["points"].split()]
            return Polygon([(x + dx, y + dy) for x, y in corners], **look)
        case "rect":
            corner = float(own["x"]) + dx, float(own["y"]) + dy
            return Rectangle(corner, float(own["width"]), float(own["height"]), **look)
        case "circle":
            return Circle((float(own["cx"]) + dx, float(own["cy"]) + dy), float(own["r"]), **look)
    raise NotImplementedError(element.tag)


def _look(own: Mapping[str, str], scale: float) -> dict[str, Any]:
    dashes = own.get("stroke-dasharray")
    thick = float(own.get("stroke-width", 1)) * scale
    # matplotlib's dashes are in widths of their line
    apart = tuple(float(part) * scale / thick for part in dashes.split()) if dashes else ()
    return {
        "facecolor": own.get("fill", "none"),
        "edgecolor": own.get("stroke", "none"),
        "linewidth": thick if own.get("stroke", "none") != "none" else 0,
        "linestyle": (0, apart) if apart else "-",
    }


def _path(data: str, moved: tuple[float, float]) -> Path:
    points: list[tuple[float, float]] = []
    codes: list[Any] = []
    for command, numbers in re.findall(r"([MLC])([^MLC]*)", data):
        values = [float(one) for one in re.findall(r"-?[\d.]+(?:e-?\d+)?", numbers)]
        points += [(x + moved[0], y + moved[1]) for x, y in zip(*[iter(values)] * 2, strict=True)]
        codes += CODES[command]
    return Path(points, codes)


def _words(
    element: ElementTree.Element,
    own: Mapping[str, str],
    moved: tuple[float, float],
    scale: float,
) -> Words:
    ink = own["fill"]
    words = Words(
        float(own["x"]) + moved[0],
        float(own["y"]) + moved[1],
        element.text or "",
        fontsize=float(own["font-size"]) * scale,
        color=ink,
        ha=SIDES[own.get("text-anchor", "start")],
        va="baseline",
        gid="label",
    )
    effects: list[AbstractPathEffect] = []
    if "paint-order" in own:  # a white rim, on which lines do not run through the letters
        effects.append(withStroke(linewidth=3 * scale, foreground="white"))
    if "font-weight" in own:  # the font has one weight: bolder by its own outline
        effects.append(withStroke(linewidth=0.5 * scale, foreground=ink))
    if effects:
        words.set_path_effects(effects)
    return words
