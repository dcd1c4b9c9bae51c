"""The diagrams of a model as Vensim keeps them: a view per sector, at the end of the .mdl file.

Vensim reference manual, "Sketch Information" and "Objects": type 1 is an arrow, 10 a variable, 11
a valve, 12 a cloud or a comment. What acts on a variable from outside of its sector, and its
parameters, stand below its name; the arrows from there are hidden (Vensim, View, Hide Level), as
they would cover the names. PySD reads one point to an arrow, so an arrow has one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.engine.graph import sources
from sim.engine.model import CONTROL, Model
from sim.ensemble.scenario import Parameter
from sim.ensemble.sectors import Sector
from sim.report import svg
from sim.report.layers import Edge, Places, Size, placed
from sim.report.stockflow import Diagram, LinkSigns, Node, flow_reads, sector_diagram

BEGIN = r"\\\---/// Sketch information - do not modify anything except names"
VERSION = "V300  Do not put anything below this section - it will be ignored"
FONT = "$192-192-192,0,Arial|10||0-0-0|0-0-0|0-0-255|-1--1--1|-1--1--1|96,96,100,0"
END = "///---\\\\\\\n:L\x7f<%^E!@\n"
SKETCH = re.compile(r"\\{2,3}---///.*", re.S)

FACE, LINE, WIDEST, REACH = 10.5, 15.0, 118.0, 46.0
"""Size of the letters, height of a line, width of a name before it is broken, valve to cloud."""
LEFT, TOP, COLUMNS = 90.0, 110.0, 6
REAL, SHADOW = 3, 2
STOCK, PLAIN, RATE = 3, 8, 40
POLARITY = {1: ord("+"), -1: ord("-"), 0: 0}
FLOW_IN, FLOW_OUT, CURVED, STRAIGHT = 4, 100, 1, 0


def with_sketch(
    text: str,
    model: Model,
    sectors: Mapping[str, Sector],
    table: Mapping[str, Parameter],
    signs: LinkSigns,
) -> str:
    """The text of a model file with a view for every sector in place of the sketch that it had."""
    equations = SKETCH.sub("", text).rstrip() + "\n\n"
    views = []
    for name, sector in sectors.items():
        view = _View(model, sector_diagram(model, name, table, signs), sector)
        views.append("\n".join([BEGIN, VERSION, f"*{name}", FONT, *view.objects()]) + "\n")
    return equations + "".join(views) + END


@dataclass
class _View:
    """One view: its objects get their numbers as they are written."""

    model: Model
    diagram: Diagram
    sector: Sector
    lines: list[str] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    valves: dict[str, int] = field(default_factory=dict)
    clouds: dict[tuple[str, int], int] = field(default_factory=dict)
    linked: set[tuple[int, int]] = field(default_factory=set)

    def objects(self) -> list[str]:
        """The lines of all objects: variables first, then what links them."""
        below = {key: self.satellites(node) for key, node in self.diagram.nodes.items()}
        sizes = {k: self.size(node, below[k]) for k, node in self.diagram.nodes.items()}
        places = placed(sizes, self.diagram.edges, column_gap=64.0, row_gap=22.0)
        points = {key: (LEFT + x, TOP + y) for key, (x, y) in places.nodes.items()}
        title = f"{self.sector.title.zh}  {self.sector.title.en}"
        self.add(f"12,{{}},0,{LEFT + 140:.0f},40,180,14,8,4,0,0,-1,0,0,0\n{title}")
        for key, node in self.diagram.nodes.items():
            self.node(node, points[key], sizes[key])
        for key, names in below.items():
            self.hang(key, names, points[key], sizes[key])
        self.rest(TOP + max(y + sizes[key].height / 2 for key, (_, y) in places.nodes.items()))
        points = {key: (x, y - sizes[key].port) for key, (x, y) in points.items()}
        for (key, way), cloud in self.clouds.items():
            x, y = points[key]
            at = x + way * REACH / 2, y
            self.channel(key, cloud, FLOW_OUT if way < 0 else FLOW_IN, at)
        for edge in self.diagram.pipes:
            self.pipe(edge, places, points)
        for arrow in self.diagram.arrows:
            self.arrow(arrow.edge, arrow.sign, places)
        self.equations()
        return self.lines

    def add(self, line: str) -> int:
        """Writes an object; its number goes where the braces are."""
        self.lines.append(line.format(len(self.lines) + 1))
        return len(self.lines)

    def satellites(self, node: Node) -> list[str]:
        """What acts on a node and is not drawn as a node: parameters, other sectors, starts."""
        if node.name and node.kind != "stock":
            wanted = sources(self.model)[node.name]
        elif node.flow:
            wanted = flow_reads(node.flow)
        else:
            own = [f for f in self.diagram.nodes.values() if f.flow and not f.name]
            moved = {n for f in own if f.flow for n in f.flow.reads if node.key in _ends(f)}
            wanted = [n for n in sources(self.model)[node.name] if n not in moved]
        return [name for name in wanted if name not in self.diagram.nodes and name != "time"]

    def size(self, node: Node, below: list[str]) -> Size:
        """The room of a node with what hangs below it."""
        lines = self.wrapped(node.name) if node.name else []
        rows = [*lines, *(line for name in below for line in self.wrapped(name))]
        wide = max([svg.width(line, FACE) for line in rows], default=20.0) + 14
        high = len(rows) * LINE
        if node.kind == "stock":
            return Size(max(wide, 90.0), high + 26, len(rows[len(lines) :]) * LINE / 2)
        if node.kind == "flow":
            return Size(max(wide, 2 * REACH + 24), high + 24, high / 2)
        return Size(wide, high + 6, (len(rows) - len(lines)) * LINE / 2)

    def wrapped(self, name: str) -> list[str]:
        """A name as written, broken into lines."""
        return svg.wrapped(self.model.variables[name].written, FACE, WIDEST)

    def node(self, node: Node, at: svg.Point, size: Size) -> None:
        """A stock, a valve with its clouds and its name, or a name."""
        x, y = at[0], at[1] - size.port
        lines = self.wrapped(node.name) if node.name else []
        if node.flow:
            for way, end in ((-1, node.flow.source), (1, node.flow.sink)):
                if not end:
                    cloud = f"12,{{}},48,{x + way * REACH:.0f},{y:.0f},10,8,0,3,0,0,-1,0,0,0"
                    self.clouds[node.key, way] = self.add(cloud)
            attached = 34 if node.name else 2
            valve = f"11,{{}},0,{x:.0f},{y:.0f},6,8,{attached},3,0,0,1,0,0,0"
            self.valves[node.key] = self.add(valve)
            if node.name:
                self.variable(node.name, (x, y + 12 + len(lines) * LINE / 2), RATE)
        else:
            self.variable(node.name, (x, y), STOCK if node.kind == "stock" else PLAIN)

    def variable(self, name: str, at: svg.Point, shape: int) -> int:
        """A variable's name at a point; where it is not at home, or stands already, a shadow."""
        variable = self.model.variables[name]
        lines = self.wrapped(name)
        wide = max(svg.width(line, FACE) for line in lines) / 2 + 4
        high = len(lines) * LINE / 2 + (6 if shape == STOCK else 1)
        wide, high = (max(wide, 40.0), max(high, 20.0)) if shape == STOCK else (wide, high)
        home = variable.group == self.sector.name and name not in self.ids
        place = "-1" if shape == RATE else "0"
        flags = f"{REAL},0,0,{place},0,0,0"
        if not home:
            flags = f"{SHADOW},0,3,-1,0,0,0,128-128-128,0-0-0,|10||128-128-128"
        at_text = f"{at[0]:.0f},{at[1]:.0f},{wide:.0f},{high:.0f}"
        number = self.add(f"10,{{}},{_written(variable.written)},{at_text},{shape},{flags}")
        self.ids.setdefault(name, number)
        return number

    def hang(self, key: str, names: list[str], at: svg.Point, size: Size) -> None:
        """What acts on a node, below its name, with hidden arrows."""
        y = at[1] + size.height / 2 - sum(len(self.wrapped(name)) for name in names) * LINE
        for name in names:
            high = len(self.wrapped(name)) * LINE
            number = self.variable(name, (at[0], y + high / 2), PLAIN)
            self.link(number, self.target(key), 0, hidden=True)
            y += high

    def rest(self, low: float) -> None:
        """What the sector has besides: parameters that others read, or nobody while time runs."""
        own = [v for v in self.model.variables.values() if v.group == self.sector.name]
        left = [v.name for v in own if not v.owner and v.name not in {*self.ids, *CONTROL}]
        for number, name in enumerate(left):
            row, column = divmod(number, COLUMNS)
            at = LEFT + 70 + column * 2 * (WIDEST - 40), low + 60 + row * 2.4 * LINE
            self.variable(name, at, PLAIN)

    def target(self, key: str) -> int:
        """The number of the object that a link to a node leads to."""
        return self.ids[key] if key in self.ids else self.valves[key]

    def link(
        self, tail: int, head: int, sign: int, hidden: bool, at: svg.Point | None = None
    ) -> None:
        """An arrow, once between the same two objects; through a point where it is curved."""
        if (tail, head) in self.linked or tail == head:
            return
        self.linked.add((tail, head))
        x, y = at or (0.0, 0.0)
        shape = CURVED if at else STRAIGHT
        tail_head = f"{tail},{head},{shape},{int(hidden)},{POLARITY[sign]}"
        self.add(f"1,{{}},{tail_head},0,0,64,0,-1--1--1,,1|({x:.0f},{y:.0f})|")

    def arrow(self, edge: Edge, sign: int, places: Places) -> None:
        """A causal link that is seen."""
        bends = places.bends[edge]
        middle = bends[len(bends) // 2] if bends else None
        at = (LEFT + middle[0], TOP + middle[1]) if middle else None
        self.link(self.target(edge.tail), self.target(edge.head), sign, hidden=False, at=at)

    def pipe(self, edge: Edge, places: Places, points: Mapping[str, svg.Point]) -> None:
        """A pipe: from a valve into its stock, or from a valve back to where it draws from."""
        into = edge.tail in self.valves
        valve, stock = (edge.tail, edge.head) if into else (edge.head, edge.tail)
        bends = places.bends[edge]
        ends = (points[valve], points[stock])
        x, y = ((a + b) / 2 for a, b in zip(*ends, strict=True))
        if bends:
            x, y = (o + v for o, v in zip((LEFT, TOP), bends[len(bends) // 2], strict=True))
        self.channel(valve, self.ids[stock], FLOW_IN if into else FLOW_OUT, (x, y))

    def channel(self, valve: str, end: int, way: int, at: svg.Point) -> None:
        """One half of a flow, from its valve to a stock or a cloud."""
        ends = f"{self.valves[valve]},{end},{way}"
        self.add(f"1,{{}},{ends},0,0,22,0,0,0,-1--1--1,,1|({at[0]:.0f},{at[1]:.0f})|")

    def equations(self) -> None:
        """Hidden arrows for what a stock's equation reads through a valve that has no name."""
        for node in self.diagram.nodes.values():
            if node.kind == "stock":
                for name in sources(self.model)[node.name]:
                    if name in self.ids:
                        self.link(self.ids[name], self.ids[node.name], 0, hidden=True)


def _ends(node: Node) -> tuple[str | None, str | None]:
    """The stocks of a node that is a flow."""
    return (node.flow.source, node.flow.sink) if node.flow else (None, None)


def _written(name: str) -> str:
    """A name as the .mdl writes it: in quotes where it holds more than letters and blanks."""
    return name if re.fullmatch(r"[\w' $]+", name) else f'"{name}"'
