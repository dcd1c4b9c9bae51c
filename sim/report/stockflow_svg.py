"""The stock-and-flow diagram of a sector as SVG: of the pages, and of `sim plot stock_flow`.

It is read in grey as well: signs stand at the tips of links, links against are dashed, and what
acts from outside stands in brackets of its own kind.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sim.engine.model import Model
from sim.report import colours, svg
from sim.report.layers import Edge, Places, Size, placed
from sim.report.stockflow import Diagram, Node
from sim.text import Text

INK, PIPE, STOCK = colours.INK, colours.GREY, colours.PALER
SIGN_INKS = {1: colours.BLUE, -1: colours.RUST, 0: colours.GREY}
DASHES = {1: "", -1: ' stroke-dasharray="5 2.5"', 0: ' stroke-dasharray="1.5 2"'}
ROLE_INKS = {"shadow": colours.GREY, "lever": "#0B6B50", "assumption": "#8A5A00"}
BRACKETS = {"shadow": ("⟨", "⟩"), "lever": ("[", "]"), "assumption": ("{", "}")}
MARKS = {1: "+", -1: "−", 0: "±"}
LABEL, SMALL = 12.5, 9.5
WIDEST = {"zh": 118.0, "en": 128.0}
MARGIN, REACH = 26.0, 40.0
"""White around the drawing; from a valve to its cloud."""
LEGEND = {
    "shadow": Text("其他部门的变量", "variable of another sector"),
    "lever": Text("政策手段", "lever"),
    "assumption": Text("外部假设", "assumption"),
}
LINKS = {
    1: Text("同向", "moves the same way"),
    -1: Text("反向", "moves the other way"),
    0: Text("因时而异", "either way"),
}


@dataclass(frozen=True)
class Cell:
    """What is written at a node: its label, and what acts on it from outside."""

    label: tuple[str, ...]
    outside: tuple[tuple[str, str], ...]
    size: Size


def draw(model: Model, diagram: Diagram, title: str, lang: str) -> str:
    """The diagram as SVG text, its title above it."""
    wide, high, body = drawn(model, diagram, lang)
    head = svg.text((MARGIN, 20), title, 16, INK, "start", bold=True)
    return svg.document(wide, high, title, [head, *body])


def drawn(model: Model, diagram: Diagram, lang: str) -> tuple[float, float, list[str]]:
    """Width, height and elements of the diagram: under a line for the title the legend, then it."""
    cells = {key: cell(model, node, lang) for key, node in diagram.nodes.items()}
    places = placed({key: one.size for key, one in cells.items()}, diagram.edges)
    right = max(places.nodes[key][0] + one.size.width / 2 for key, one in cells.items())
    low = max(places.nodes[key][1] + one.size.height / 2 for key, one in cells.items())
    low = max([low, *(y + 4 for points in places.bends.values() for _, y in points)])
    body = [f'<g transform="translate({svg.n(MARGIN)},{svg.n(MARGIN + 34)})">']
    for pipe in diagram.pipes:
        body += pipe_lines(diagram, places, cells, pipe)
    for key, node in diagram.nodes.items():
        body += clouds(node, places.nodes[key], cells[key])
    for arrow in diagram.arrows:
        body += arrow_lines(diagram, places, cells, arrow.edge, arrow.sign)
    for key, node in diagram.nodes.items():
        body += node_lines(node, places.nodes[key], cells[key])
    body.append("</g>")
    wide = max(right + 2 * MARGIN, 760.0)
    return wide, low + 2 * MARGIN + 34, [*legend(lang), *body]


def cell(model: Model, node: Node, lang: str) -> Cell:
    """What a node shows, and how much room that takes."""
    at = 1 if lang == "en" else 0
    label: list[str] = []
    if node.name:
        label = svg.wrapped(model.variables[node.name].label[at], LABEL, WIDEST[lang])
    outside = []
    for other in node.outside:
        name = model.variables[other.name].label[at]
        outside.append((f"{MARKS[other.sign]} {bracketed(name, other.role)}", other.role))
    wide = max([svg.width(line, LABEL) for line in label], default=0.0)
    wide = max([wide, *(svg.width(line, SMALL) for line, _ in outside)]) + 6
    high = len(label) * (LABEL + 2.5) + len(outside) * (SMALL + 2)
    match node.kind:
        case "stock":
            return Cell(tuple(label), tuple(outside), Size(max(wide + 12, 78), max(high + 14, 38)))
        case "flow":
            flow = node.flow
            clouded = flow is None or not flow.source or not flow.sink
            size = Size(max(wide, 2 * REACH + 18 if clouded else 30), high + 22, high / 2)
            return Cell(tuple(label), tuple(outside), Size(size.width, size.height, size.port))
    return Cell(tuple(label), tuple(outside), Size(wide, high + 4))


def bracketed(name: str, role: str) -> str:
    """A name in the brackets that say what acts from outside."""
    left, right = BRACKETS[role]
    return f"{left}{name}{right}"


def valve(place: svg.Point, size: Size) -> svg.Point:
    """Where a flow's valve is: its pipe meets it there."""
    return place[0], place[1] - size.port


def pipe_lines(
    diagram: Diagram, places: Places, cells: Mapping[str, Cell], pipe: Edge
) -> Iterator[str]:
    """A pipe between a stock and a valve."""
    tail, head = diagram.nodes[pipe.tail], diagram.nodes[pipe.head]
    start, end = places.nodes[pipe.tail], places.nodes[pipe.head]
    way = float(places.way(pipe) or 1)
    if tail.kind == "stock":
        start = start[0] + way * cells[pipe.tail].size.width / 2, start[1]
        end = valve(end, cells[pipe.head].size)
    else:
        start = valve(start, cells[pipe.tail].size)
        end = end[0] - way * cells[pipe.head].size.width / 2, end[1]
    points = across(places, pipe, start, end)
    if head.kind == "stock":
        points[-1] = end[0] - 8 * way, end[1]
    yield from double_line(svg.curve(points))
    if head.kind == "stock":
        yield svg.arrow_head(end, (way, 0.0), PIPE, 11.0)
    if tail.flow and tail.flow.net:
        yield svg.arrow_head((start[0] - 12, start[1]), (-1.0, 0.0), PIPE, 9.0)


def across(places: Places, edge: Edge, start: svg.Point, end: svg.Point) -> list[svg.Point]:
    """The points of an edge: level up to the border of its column, and bent between columns."""
    if not places.way(edge):
        return [start, end]
    side = 1 if places.way(edge) > 0 else 0
    leave = places.columns[edge.tail][side], start[1]
    arrive = places.columns[edge.head][1 - side], end[1]
    return [start, leave, *places.bends[edge], arrive, end]


def double_line(data: str) -> Iterator[str]:
    """A pipe: two strokes, the upper one white."""
    yield svg.path(data, PIPE, 5.4)
    yield svg.path(data, "#fff", 2.6)


def clouds(node: Node, place: svg.Point, one: Cell) -> Iterator[str]:
    """What a flow draws from and empties into outside of the sector."""
    if node.flow is None:
        return
    x, y = valve(place, one.size)
    for end, way in ((node.flow.source, -1.0), (node.flow.sink, 1.0)):
        if not end:
            yield from double_line(svg.curve([(x, y), (x + way * REACH, y)]))
            yield svg.cloud((x + way * REACH, y))


def arrow_lines(
    diagram: Diagram, places: Places, cells: Mapping[str, Cell], edge: Edge, sign: int
) -> Iterator[str]:
    """A causal link, with its sign beside the tip."""
    if not places.way(edge):
        yield from beside(diagram, places, cells, edge, sign)
        return
    way = float(places.way(edge))
    middle = places.bends[edge]
    after = middle[0] if middle else places.nodes[edge.head]
    before = middle[-1] if middle else places.nodes[edge.tail]
    start = side(diagram.nodes[edge.tail], places.nodes[edge.tail], cells[edge.tail], way, after)
    end = side(diagram.nodes[edge.head], places.nodes[edge.head], cells[edge.head], -way, before)
    ink = SIGN_INKS[sign]
    tip = (end[0] - 6 * way, end[1])
    yield svg.path(svg.curve(across(places, edge, start, tip)), ink, 1.1, DASHES[sign])
    yield from tip_lines(end, way, sign)


def tip_lines(end: svg.Point, way: float, sign: int) -> Iterator[str]:
    """The head of a link and its sign."""
    ink = SIGN_INKS[sign]
    yield svg.arrow_head(end, (way, 0.0), ink)
    # plus above and minus below, so that two links that end in one point keep their marks
    at = end[0] - 10 * way, end[1] + (9 if sign < 0 else -9)
    yield svg.text(at, MARKS[sign], 12, ink, bold=True, halo=True)


def beside(
    diagram: Diagram, places: Places, cells: Mapping[str, Cell], edge: Edge, sign: int
) -> Iterator[str]:
    """A link within a column: out of it on the right, and in again."""
    ends = []
    for key, other in ((edge.tail, edge.head), (edge.head, edge.tail)):
        ends.append(
            side(diagram.nodes[key], places.nodes[key], cells[key], 1.0, places.nodes[other])
        )
    (x0, y0), (x1, y1) = ends
    border = places.columns[edge.tail][1]
    out = border + min(36.0, 12 + 0.2 * abs(y1 - y0))
    data = f"M{svg.n(x0)},{svg.n(y0)}L{svg.n(border)},{svg.n(y0)}"
    data += f"C{svg.n(out)},{svg.n(y0)} {svg.n(out)},{svg.n(y1)} {svg.n(border)},{svg.n(y1)}"
    yield svg.path(f"{data}L{svg.n(x1 + 6)},{svg.n(y1)}", SIGN_INKS[sign], 1.1, DASHES[sign])
    yield from tip_lines(ends[1], -1.0, sign)


def side(node: Node, place: svg.Point, one: Cell, way: float, towards: svg.Point) -> svg.Point:
    """Where a link meets a node: beside its label, off the pipes."""
    x, y = place
    if node.kind == "stock":
        return x + way * one.size.width / 2, y + (9 if towards[1] >= y else -9)
    if node.kind == "flow":
        vx, vy = valve(place, one.size)
        if one.label:
            wide = max(svg.width(line, LABEL) for line in one.label)
            return x + way * (wide / 2 + 4), vy + 11 + len(one.label) * (LABEL + 2.5) / 2
        return vx + way * 11, vy + (9 if towards[1] >= vy else -9)
    wide = max(svg.width(line, LABEL) for line in one.label)
    return x + way * (wide / 2 + 4), y - one.size.height / 2 + 2 + len(one.label) * (
        LABEL + 2.5
    ) / 2


def node_lines(node: Node, place: svg.Point, one: Cell) -> Iterator[str]:
    """A box, a valve or a label, and what acts on it from outside."""
    x, y = place
    top = y - one.size.height / 2 + 2
    if node.kind == "stock":
        yield svg.box(place, one.size.width, one.size.height, STOCK, INK)
        top = y - (len(one.label) * (LABEL + 2.5)) / 2
    if node.kind == "flow":
        vx, vy = valve(place, one.size)
        for way in (-1, 1):
            yield svg.polygon(
                [(vx, vy), (vx + 9 * way, vy - 8), (vx + 9 * way, vy + 8)], "#fff", INK
            )
        top = vy + 11
    for number, line in enumerate(one.label):
        at = x, top + (number + 0.5) * (LABEL + 2.5)
        yield svg.text(at, line, LABEL, INK, bold=node.kind == "stock", halo=node.kind != "stock")
    top += len(one.label) * (LABEL + 2.5)
    for number, (line, role) in enumerate(one.outside):
        at = x, top + (number + 0.5) * (SMALL + 2)
        yield svg.text(at, line, SMALL, ROLE_INKS[role], halo=True)


def legend(lang: str) -> Iterator[str]:
    """What colours, marks and brackets mean."""
    x = MARGIN
    for sign, words in LINKS.items():
        line = f"{MARKS[sign]} {words.of(lang)}"
        yield svg.text((x, 42), line, 10.5, SIGN_INKS[sign], "start")
        x += svg.width(line, 10.5) + 18
    for role, words in LEGEND.items():
        line = bracketed(words.of(lang), role)
        yield svg.text((x, 42), line, 10.5, ROLE_INKS[role], "start")
        x += svg.width(line, 10.5) + 18
