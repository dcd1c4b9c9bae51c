"""The layered layout: what must hold for any graph."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.report.layers import Edge, Size, placed

GRAPHS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] != pair[1]),
    max_size=20,
    unique=True,
)


def edges_of(pairs: list[tuple[int, int]]) -> list[Edge]:
    """Edges from lower to higher numbers run forward, the others back."""
    return [Edge(f"n{a}", f"n{b}", back=a > b) for a, b in pairs]


SIZES = {f"n{i}": Size(20 + 7 * i, 10 + 3 * (i % 4), 4.0 * (i % 2)) for i in range(10)}


@settings(max_examples=60, deadline=None)
@given(GRAPHS)
def test_no_two_nodes_overlap_and_nothing_lies_above_the_page(
    pairs: list[tuple[int, int]],
) -> None:
    places = placed(SIZES, edges_of(pairs)).nodes
    boxes = [(*places[name], size) for name, size in SIZES.items()]
    for number, (x, y, size) in enumerate(boxes):
        assert y - size.height / 2 >= -1e-6
        for other_x, other_y, other in boxes[number + 1 :]:
            apart = abs(x - other_x) >= (size.width + other.width) / 2 - 1e-6
            assert apart or abs(y - other_y) >= (size.height + other.height) / 2 - 1e-6


@settings(max_examples=60, deadline=None)
@given(GRAPHS)
def test_edges_run_to_the_right_and_bend_between_columns(pairs: list[tuple[int, int]]) -> None:
    edges = edges_of(pairs)
    places = placed(SIZES, edges)
    for edge in edges:
        way = places.way(edge)
        assert edge.back or way == 1
        xs = [places.nodes[edge.tail][0], *(x for x, _ in places.bends[edge])]
        xs.append(places.nodes[edge.head][0])
        assert xs == sorted(xs, reverse=way < 0)


def test_the_same_graph_gives_the_same_places() -> None:
    edges = edges_of([(0, 1), (1, 2), (0, 2), (3, 2), (4, 0), (5, 9), (9, 5)])
    assert placed(SIZES, edges) == placed(dict(SIZES), list(edges))


def test_a_straight_edge_does_not_bend() -> None:
    sizes = {name: Size(40, 20) for name in ("a", "b", "c", "d")}
    edges = [Edge("a", "b", straight=True), Edge("b", "c", straight=True), Edge("d", "c")]
    places = placed(sizes, edges).nodes
    assert places["a"][1] == pytest.approx(places["b"][1], abs=0.5)
    assert places["b"][1] == pytest.approx(places["c"][1], abs=4.0)


def test_a_circle_is_refused() -> None:
    with pytest.raises(ValueError):
        placed(SIZES, [Edge("n0", "n1"), Edge("n1", "n0")])
