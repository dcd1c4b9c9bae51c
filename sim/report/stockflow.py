"""A sector of the model as a stock-and-flow diagram: what stands in it and what acts on what.

What lies outside of the sector is written beside what it acts on: shadow variables of other
sectors, levers and assumptions, so that no line crosses the page for them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

import numpy as np

from sim.analysis.signs import Signs
from sim.engine.flows import Flow, flows
from sim.engine.graph import causes
from sim.engine.model import CONTROL, Auxiliary, Model, Pipeline, Stock
from sim.ensemble.scenario import Parameter
from sim.report.layers import Edge

LinkSigns = Mapping[tuple[str, str], Signs]
LAYERS = 10
"""How many layers a drawing may have for the sake of links out of stocks."""
CLEAR = 0.95
"""The share of worlds in which a link must have one sign to be marked with it."""


@dataclass(frozen=True)
class Outside:
    """What acts on a node from outside of its sector: `role` is shadow, lever or assumption."""

    name: str
    role: str
    sign: int


@dataclass(frozen=True)
class Node:
    """A stock, a flow (its valve) or an auxiliary; a flow that is no variable has no `name`."""

    key: str
    kind: str
    name: str
    outside: tuple[Outside, ...] = ()
    flow: Flow | None = None


@dataclass(frozen=True)
class Arrow:
    """A causal link inside of the sector, with its sign; 0 where that is not always the same."""

    edge: Edge
    sign: int


@dataclass(frozen=True)
class Diagram:
    """The nodes of a sector by key, its pipes, and its causal links."""

    nodes: Mapping[str, Node]
    pipes: tuple[Edge, ...]
    arrows: tuple[Arrow, ...]

    @property
    def edges(self) -> list[Edge]:
        """Pipes and links together."""
        return [*self.pipes, *(arrow.edge for arrow in self.arrows)]


def sector_diagram(
    model: Model, sector: str, table: Mapping[str, Parameter], signs: LinkSigns
) -> Diagram:
    """The diagram of the sector that is the model's group of that name."""
    needs = causes(model)
    inside = [
        name
        for name, v in model.variables.items()
        if v.group == sector and not v.owner and name not in CONTROL
    ]
    drawn = [n for n in inside if isinstance(model.definition(n), Stock | Auxiliary | Pipeline)]
    own = [flow for flow in flows(model) if {flow.source, flow.sink} & set(drawn)]
    valves = _valves(own, drawn)
    reads = {name: needs[name] for name in drawn if not isinstance(model.definition(name), Stock)}
    reads |= {key: flow_reads(flow) for key, flow in valves.items() if key not in reads}
    nodes = {}
    for key in (*drawn, *(key for key in valves if key not in drawn)):
        outside = tuple(
            Outside(cause, role, link_sign(signs, cause, key, valves.get(key)))
            for cause in reads.get(key, ())
            if (role := _role(cause, drawn, model, table))
        )
        kind = "flow" if key in valves else _kind(model, key)
        nodes[key] = Node(
            key, kind, key if key in model.variables else "", outside, valves.get(key)
        )
    ends = _pipes(valves, drawn)
    links = [(cause, key) for key, names in reads.items() for cause in names if cause in nodes]
    links = [link for link in dict.fromkeys(links) if link not in ends]
    back = _directed(links, ends, nodes)
    pipes = tuple(Edge(*end, back=back[end], straight=True) for end in ends)
    arrows = tuple(
        Arrow(Edge(*link, back=back[link]), link_sign(signs, *link, valves.get(link[1])))
        for link in links
    )
    return Diagram(nodes, pipes, arrows)


def flow_reads(flow: Flow) -> list[str]:
    """What sets a flow whose valve is no variable: the variable that it equals, or its terms."""
    return [*([flow.name] if flow.name else []), *flow.reads]


def _valves(own: list[Flow], drawn: list[str]) -> dict[str, Flow]:
    """The flows by the key of their valve: the variable that they are, if it is of the sector and
    no other flow's valve already."""
    found: dict[str, Flow] = {}
    between_stocks_first = sorted(own, key=lambda flow: not (flow.source and flow.sink))
    for number, flow in enumerate(between_stocks_first):
        free = flow.name in drawn and flow.name not in found
        found[flow.name if free else f"flow {number}"] = flow
    return found


def _pipes(valves: Mapping[str, Flow], drawn: list[str]) -> list[tuple[str, str]]:
    pipes = []
    for key, flow in valves.items():
        if flow.source in drawn:
            pipes.append((str(flow.source), key))
        if flow.sink in drawn:
            pipes.append((key, str(flow.sink)))
    return pipes


def _role(name: str, drawn: list[str], model: Model, table: Mapping[str, Parameter]) -> str:
    """What an outside cause is; empty for what is inside, for parameters and for starts."""
    if name in drawn:
        return ""
    if name in table:
        return table[name].role if table[name].role in ("lever", "assumption") else ""
    return "shadow" if isinstance(model.definition(name), Stock | Auxiliary | Pipeline) else ""


def _kind(model: Model, name: str) -> str:
    return "stock" if isinstance(model.definition(name), Stock) else "auxiliary"


def link_sign(signs: LinkSigns, cause: str, effect: str, flow: Flow | None) -> int:
    """The sign of a link, 0 where it is not the same in nearly all worlds.

    What a term of a stock's equation reads acts on the flow as on the stock that it fills, and
    against the stock that it drains.
    """
    if (cause, effect) in signs:
        return clear_sign(signs[cause, effect])
    if flow is None:
        return 0
    if flow.sink and (cause, flow.sink) in signs and cause != flow.sink:
        return clear_sign(signs[cause, flow.sink])
    if flow.source and (cause, flow.source) in signs:
        return -clear_sign(signs[cause, flow.source])
    if flow.sink and (cause, flow.sink) in signs:
        return clear_sign(signs[cause, flow.sink])
    return 0


def clear_sign(signs: Signs) -> int:
    """1 or -1 where nearly all signs that are not zero agree, else 0."""
    moved = signs[signs != 0]
    if moved.size == 0:
        return 0
    for sign in (1, -1):
        if float(np.mean(moved == sign)) >= CLEAR:
            return sign
    return 0


def _directed(
    links: Sequence[tuple[str, str]], pipes: Sequence[tuple[str, str]], nodes: Mapping[str, Node]
) -> dict[tuple[str, str], bool]:
    """Every pipe and link → whether it runs back, from right to left.

    Pipes come first, then what acts on flows; what stocks act on runs forward as long as the
    drawing stays within its layers.
    """
    later = [link for link in links if nodes[link[0]].kind == "stock"]
    sooner = [link for link in links if link not in later]
    before: dict[str, list[str]] = {key: [] for key in nodes}
    found = {}
    for tail, head in (*pipes, *sooner, *later):
        before[head].append(tail)
        most = LAYERS if (tail, head) in later else len(nodes)
        depth = _depth(before)
        found[tail, head] = depth is None or depth > most
        if found[tail, head]:
            before[head].pop()
    return found


def _depth(before: Mapping[str, list[str]]) -> int | None:
    """The number of layers that a graph needs; None where it runs in a circle."""
    try:
        order = list(TopologicalSorter(before).static_order())
    except CycleError:
        return None
    rank: dict[str, int] = {}
    for key in order:
        rank[key] = 1 + max((rank[other] for other in before[key]), default=0)
    return max(rank.values(), default=0)
