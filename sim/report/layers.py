"""Where the nodes of a directed drawing stand and where its edges run: layers from left to right.

The layered method of Sugiyama, Tagawa and Toda (1981), 10.1109/TSMC.1981.4308636: layers by
longest path, order within them by barycentres, places by the nearest that keeps the order. Own
code, as the free layout libraries for Python draw no edges around nodes or need programs beside
them. The same graph gives the same numbers on every machine.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from itertools import combinations, pairwise

Point = tuple[float, float]
Neighbours = list[tuple[str, float]]
"""The nodes that edges lead to, with how hard each edge pulls."""

SWEEPS = 24
STRAIGHT = 8.0
"""How much more an edge that should be straight pulls than others."""


@dataclass(frozen=True)
class Edge:
    """From a node to another; `back` has no say in the layers, `straight` should not bend."""

    tail: str
    head: str
    back: bool = False
    straight: bool = False


@dataclass(frozen=True)
class Size:
    """How large a node is, and how far above its middle its edges meet it."""

    width: float
    height: float
    port: float = 0.0


@dataclass(frozen=True)
class Places:
    """The centre of every node, the left and right border of its column, and the points between
    the ends of every edge, tail to head: an edge crosses a column level."""

    nodes: Mapping[str, Point]
    columns: Mapping[str, tuple[float, float]]
    bends: Mapping[Edge, tuple[Point, ...]]

    def way(self, edge: Edge) -> int:
        """1 for an edge that runs to the right, -1 to the left, 0 within its column."""
        tail, head = self.columns[edge.tail][0], self.columns[edge.head][0]
        return (head > tail) - (head < tail)


def placed(
    sizes: Mapping[str, Size],
    edges: Sequence[Edge],
    column_gap: float = 46.0,
    row_gap: float = 14.0,
) -> Places:
    """The places of nodes of these sizes, in the order given where nothing else says.

    The edges that are not `back` must not run in a circle.
    """
    drawing = _Drawing(dict(sizes), row_gap)
    drawing.layer(edges)
    drawing.add_bends(edges)
    drawing.order()
    return drawing.places(edges, column_gap)


@dataclass
class _Drawing:
    sizes: dict[str, Size]
    row_gap: float
    rank: dict[str, int] = field(default_factory=dict)
    chains: dict[Edge, list[str]] = field(default_factory=dict)
    left: dict[str, Neighbours] = field(default_factory=dict)
    right: dict[str, Neighbours] = field(default_factory=dict)
    beside: dict[str, Neighbours] = field(default_factory=dict)
    rows: list[list[str]] = field(default_factory=list)

    def layer(self, edges: Sequence[Edge]) -> None:
        """Ranks by longest path, then every node as near to its neighbours as its edges allow."""
        before: dict[str, list[str]] = {name: [] for name in self.sizes}
        after: dict[str, list[str]] = {name: [] for name in self.sizes}
        for edge in edges:
            if not edge.back:
                before[edge.head].append(edge.tail)
                after[edge.tail].append(edge.head)
        order = list(TopologicalSorter(before).static_order())
        for name in order:
            self.rank[name] = 1 + max((self.rank[other] for other in before[name]), default=-1)
        for name in reversed(order):  # sources stand just before what they act on
            if after[name] and len(after[name]) >= len(before[name]):
                self.rank[name] = min(self.rank[other] for other in after[name]) - 1
        least = min(self.rank.values(), default=0)
        self.rank = {name: rank - least for name, rank in self.rank.items()}

    def add_bends(self, edges: Sequence[Edge]) -> None:
        """A place in every layer that an edge passes."""
        for number, edge in enumerate(edges):
            ends = [edge.tail, edge.head]
            if self.rank[edge.tail] > self.rank[edge.head]:
                ends.reverse()
            first, last = (self.rank[name] for name in ends)
            between = [f"{number}:{rank}" for rank in range(first + 1, last)]
            for rank, name in enumerate(between, first + 1):
                self.rank[name], self.sizes[name] = rank, Size(0.0, 2.0)
            chain = [ends[0], *between, ends[1]]
            self.chains[edge] = chain
            if first == last:
                for one, other in (ends, ends[::-1]):
                    self.beside.setdefault(one, []).append((other, 1.0))
                continue
            weight = STRAIGHT if edge.straight else 1.0
            for one, other in pairwise(chain):
                inner = weight * (4.0 if ":" in one and ":" in other else 1.0)
                self.right.setdefault(one, []).append((other, inner))
                self.left.setdefault(other, []).append((one, inner))

    def order(self) -> None:
        """The order in every layer with the fewest crossings that sweeps to and fro find."""
        self.rows = [[] for _ in range(1 + max(self.rank.values(), default=0))]
        for name in self.connected():
            self.rows[self.rank[name]].append(name)
        best, fewest = [list(row) for row in self.rows], self.crossings()
        for sweep in range(SWEEPS):
            forward = sweep % 2 == 0
            ranks = range(1, len(self.rows)) if forward else range(len(self.rows) - 2, -1, -1)
            for rank in ranks:
                side, beside = (self.left, rank - 1) if forward else (self.right, rank + 1)
                self.sort(rank, side, beside)
            self.exchange()
            if (now := self.crossings()) < fewest:
                best, fewest = [list(row) for row in self.rows], now
        self.rows = best

    def connected(self) -> list[str]:
        """All nodes, those that edges link soon after each other: a first order."""
        found: dict[str, None] = {}
        for start in self.rank:
            front = [start]
            while front:
                name = front.pop()
                if name not in found:
                    found[name] = None
                    near = (*self.left.get(name, []), *self.right.get(name, []))
                    front += [other for other, _ in (*self.beside.get(name, []), *near)][::-1]
        return list(found)

    def sort(self, rank: int, side: Mapping[str, Neighbours], beside: int) -> None:
        """Orders a layer by the mean place of each node's neighbours in the layer beside it."""
        place = {name: number for number, name in enumerate(self.rows[beside])}
        row = self.rows[rank]

        def wanted(name: str) -> float:
            near = [(place[other], weight) for other, weight in side.get(name, [])]
            if not near:
                return row.index(name) * len(place) / max(len(row), 1)
            return sum(p * weight for p, weight in near) / sum(weight for _, weight in near)

        self.rows[rank] = sorted(row, key=wanted)

    def exchange(self) -> None:
        """Exchanges neighbours where that leaves fewer crossings."""
        for rank, row in enumerate(self.rows):
            left, right = self.order_of(rank - 1), self.order_of(rank + 1)
            for at in range(len(row) - 1):
                one, other = row[at], row[at + 1]
                change = sum(
                    crossed(side.get(other), side.get(one), place)
                    - crossed(side.get(one), side.get(other), place)
                    for side, place in ((self.left, left), (self.right, right))
                )
                if change < 0:
                    row[at], row[at + 1] = other, one

    def order_of(self, rank: int) -> dict[str, int]:
        """Where the nodes of a layer stand; empty outside of the drawing."""
        row = self.rows[rank] if 0 <= rank < len(self.rows) else []
        return {name: number for number, name in enumerate(row)}

    def crossings(self) -> float:
        """All crossings, weighted."""
        total = 0.0
        for rank, row in enumerate(self.rows):
            place = self.order_of(rank + 1)
            edges = [self.right[name] for name in row if name in self.right]
            total += sum(crossed(one, other, place) for one, other in combinations(edges, 2))
        return total

    def places(self, edges: Sequence[Edge], column_gap: float) -> Places:
        """Columns as wide as their widest node; heights nearest to those of the neighbours."""
        borders, x = [], 0.0
        for row in self.rows:
            wide = max((self.sizes[name].width for name in row), default=0.0)
            borders.append((x, x + wide))
            x += wide + column_gap
        columns = {name: borders[rank] for name, rank in self.rank.items()}
        y = self.heights()
        bends = {}
        for edge in edges:
            chain = self.chains[edge]
            points = tuple((x, y[name]) for name in chain[1:-1] for x in columns[name])
            bends[edge] = points if chain[0] == edge.tail else points[::-1]
        nodes = {name: (sum(columns[name]) / 2, y[name]) for name in self.rank if ":" not in name}
        return Places(nodes, columns, bends)

    def heights(self) -> dict[str, float]:
        """How high every node stands: each as near to its neighbours as the others leave it."""
        y: dict[str, float] = {}
        for row in self.rows:
            at = 0.0
            for name in row:
                y[name] = at + self.sizes[name].height / 2
                at += self.sizes[name].height + self.row_gap
        for sweep in range(6 * SWEEPS):
            sides = [self.left, self.right]
            if sweep < SWEEPS:
                sides = [sides[sweep % 2]]
            before = dict(y)
            for row in self.rows if sweep % 2 == 0 else reversed(self.rows):
                self.settle(row, sides, y)
            if sweep >= SWEEPS and max(abs(y[name] - before[name]) for name in y) < 0.2:
                break
        top = min(y[name] - self.sizes[name].height / 2 for name in y)
        return {name: value - top for name, value in y.items()}

    def settle(
        self,
        row: Sequence[str],
        sides: Sequence[Mapping[str, Neighbours]],
        y: dict[str, float],
    ) -> None:
        """Moves a layer's nodes to the weighted mean of their neighbours, as far as they fit."""
        wanted, weights, offsets, at = [], [], [], 0.0
        for number, name in enumerate(row):
            near = [pair for side in (*sides, self.beside) for pair in side.get(name, [])]
            weight = sum(w for _, w in near)
            goal = sum((y[other] - self.sizes[other].port) * w for other, w in near)
            goal = goal / weight + self.sizes[name].port if near else y[name]
            if number:
                above = row[number - 1]
                gap = self.row_gap if ":" not in name + above else self.row_gap / 2
                at += (self.sizes[above].height + self.sizes[name].height) / 2 + gap
            offsets.append(at)
            wanted.append(goal - at)
            weights.append(weight or 0.01)
        for name, value, offset in zip(row, _rising(wanted, weights), offsets, strict=True):
            y[name] = value + offset


def crossed(above: Neighbours | None, below: Neighbours | None, place: Mapping[str, int]) -> float:
    """The crossings, weighted, of the edges of two nodes of a layer, one above the other."""
    if not above or not below:
        return 0.0
    return sum(w * v for one, w in above for other, v in below if place[one] > place[other])


def _rising(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The non-falling numbers nearest to `values`: weighted least squares, by pooling."""
    pools: list[list[float]] = []  # mean, weight, count
    for value, weight in zip(values, weights, strict=True):
        pools.append([value, weight, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            mean, weight, count = pools.pop()
            last = pools[-1]
            last[0] = (last[0] * last[1] + mean * weight) / (last[1] + weight)
            last[1] += weight
            last[2] += count
    return [mean for mean, _, count in pools for _ in range(int(count))]
