"""Functions over the elements of arrays, written out as expressions over those elements.

Definitions: Vensim reference manual, entry of the same name.
"""

import functools
import itertools
import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from sim.engine.idioms import AGAIN
from sim.engine.model import Call, Expression, Number, Reference, canonical

if TYPE_CHECKING:
    from sim.engine.equation import Equation

CHAIN = 64
"""How many terms are written in a row; longer sums are split into halves."""

REDUCTIONS = {"sum": "add", "prod": "multiply", "vmin": "min", "vmax": "max"}
REDUCING = {*REDUCTIONS, "x_max", "x_min", "mean", "stddev"}
"""Functions to which the ranges that are marked inside them belong."""


def reduced(function: str, values: list[Expression]) -> Expression:
    """The values joined by a function of two."""
    if len(values) > CHAIN:
        half = len(values) // 2
        return Call(function, (reduced(function, values[:half]), reduced(function, values[half:])))
    return functools.reduce(lambda left, right: Call(function, (left, right)), values)


def nodes(tree: Any, within: bool = True) -> Iterator[Any]:
    """A tree and all its parts; those of reductions inside it, only where `within`."""
    yield tree
    inner: Any = ()
    if isinstance(tree, list | tuple):
        inner = tree
    elif hasattr(tree, "__dataclass_fields__"):
        inner = vars(tree).values()
    for part in inner:
        called = getattr(getattr(part, "function", None), "reference", "")
        if within or called not in REDUCING:
            yield from nodes(part, within)


def loops(equation: "Equation", *trees: Any) -> list[dict[str, str]]:
    """The bindings of the ranges that trees mark with `!`, every combination in turn."""
    marked: dict[str, tuple[str, ...]] = {}
    for node in nodes(trees, within=False):
        if type(node).__name__ != "SubscriptsReferenceStructure":
            continue
        for subscript in node.subscripts:
            if subscript.endswith("!"):
                name = canonical(subscript.rstrip("!"))
                marked[name + "!"] = equation.subscript(
                    functools.partial(equation.reader.ranges.expanded, name.split(AGAIN)[0])
                )
    equation.count_operations(math.prod(len(own) for own in marked.values()))
    return [dict(zip(marked, each, strict=True)) for each in itertools.product(*marked.values())]


def _reduction(name: str) -> Callable[["Equation", Any], Expression]:
    def over(equation: "Equation", tree: Any) -> Expression:
        equation.count(name, tree.arguments, 1)
        (inner,) = tree.arguments
        values = [equation.with_bound(each, inner) for each in loops(equation, inner)]
        return reduced(REDUCTIONS[name], values)

    return over


def _elmcount(equation: "Equation", tree: Any) -> Expression:
    """ELMCOUNT: how many elements a range has."""
    equation.count("elmcount", tree.arguments, 1)
    name = equation.named(tree.arguments[0]).reference
    return Number(float(len(equation.subscript(lambda: equation.reader.ranges.expanded(name)))))


def _vector_select(equation: "Equation", tree: Any) -> Expression:
    """VECTOR SELECT: a sum, product, extreme or mean of the elements that are selected.

    Actions 0 to 4 weight the elements by the selection, 5 takes powers, 6 to 10 do not weight.
    """
    equation.count("vector_select", tree.arguments, 5)
    chosen, inner, missing, action, _ = tree.arguments
    each = loops(equation, chosen, inner)
    marks = [equation.with_bound(one, chosen) for one in each]
    values = [equation.with_bound(one, inner) for one in each]
    if (number := equation.fixed(action)) is not None:
        if number not in SELECTIONS:
            equation.refuse("VECTOR SELECT 的此种运算", "this action of VECTOR SELECT")
        total = _selection(int(number), marks, values)
    else:
        total, now = Number(math.nan), equation.expression(action)
        for number in SELECTIONS:
            is_asked = Call("equal", (now, Number(float(number))))
            total = Call("if_then_else", (is_asked, _selection(number, marks, values), total))
    some = Call("greater", (_counted(marks), Number(0.0)))
    return Call("if_then_else", (some, total, equation.expression(missing)))


def _selection(action: int, marks: list[Expression], values: list[Expression]) -> Expression:
    """What VECTOR SELECT makes of the values whose marks are not zero."""
    if action < 5:
        values = [Call("multiply", pair) for pair in zip(marks, values, strict=True)]
    elif action == 5:
        values = [Call("power", pair) for pair in zip(values, marks, strict=True)]
    joined, neutral = SELECTIONS[action]
    terms: list[Expression] = [
        Call("if_then_else", (_is_marked(mark), value, Number(neutral)))
        for mark, value in zip(marks, values, strict=True)
    ]
    total = reduced(joined, terms)
    return Call("divide", (total, _counted(marks))) if action in (4, 10) else total


def _is_marked(mark: Expression) -> Expression:
    return Call("not_equal", (mark, Number(0.0)))


def _counted(marks: list[Expression]) -> Expression:
    one, none = Number(1.0), Number(0.0)
    return reduced("add", [Call("if_then_else", (_is_marked(mark), one, none)) for mark in marks])


SELECTIONS = {
    **{0: ("add", 0.0), 1: ("multiply", 1.0), 2: ("min", float("inf"))},
    **{3: ("max", float("-inf")), 4: ("add", 0.0), 5: ("multiply", 1.0)},
    **{6: ("add", 0.0), 7: ("multiply", 1.0), 8: ("min", float("inf"))},
    **{9: ("max", float("-inf")), 10: ("add", 0.0)},
}
"""How an action of VECTOR SELECT joins elements, and what leaves the result as it is."""


def last_range(equation: "Equation", tree: Any) -> str:
    """The range that a vector runs along: the last subscript of the first array in a tree."""
    for node in nodes(tree):
        if type(node).__name__ == "ReferenceStructure" and node.subscripts:
            name = canonical(str(node.subscripts.subscripts[-1]))
            if name in equation.reader.ranges.members:
                return name
    return equation.report("参数须为带下标的变量", "an array is wanted as an argument")


def _subscripts(equation: "Equation", tree: Any, least: int) -> list[str]:
    """The subscripts of an argument that is an array."""
    written = equation.named(tree).subscripts
    found = list(written.subscripts) if written else []
    if len(found) < least:
        equation.report(
            f"参数须为有 {least} 个以上下标的变量",
            f"an argument must be an array with subscripts, at least {least}",
        )
    return found


def _along(equation: "Equation", tree: Any) -> tuple[Number, list[Expression]]:
    """Where this element stands in a vector, from 0, and the vector."""
    name = last_range(equation, tree)
    ranges = equation.reader.ranges
    own = equation.subscript(lambda: ranges.element(name, equation.bindings))
    elements = ranges.members[name]
    values = [equation.with_bound({name: element}, tree) for element in elements]
    return Number(float(elements.index(own))), values


def _ordering(builtin: str) -> Callable[["Equation", Any], Expression]:
    def over(equation: "Equation", tree: Any) -> Expression:
        equation.count(f"vector_{builtin}", tree.arguments, 2)
        vector, direction = tree.arguments
        place, values = _along(equation, vector)
        return Call(builtin, (place, equation.expression(direction), *values))

    return over


def _vector_reorder(equation: "Equation", tree: Any) -> Expression:
    """VECTOR REORDER: the vector's elements in the order that another vector gives."""
    equation.count("vector_reorder", tree.arguments, 2)
    vector, order = tree.arguments
    _, values = _along(equation, vector)
    return Call("pick", (equation.expression(order), *values))


def row_of(equation: "Equation", tree: Any) -> tuple[int, list[Expression]]:
    """Where the element that an argument names stands in its row, from 0, and the whole row: that
    of the range which is named, else of the largest one with the element."""
    ranges = equation.reader.ranges
    subscripts = _subscripts(equation, tree, 1)
    first = equation.subscript(lambda: ranges.element(subscripts[-1], equation.bindings))
    home = ranges.home([first], [canonical(subscripts[-1])])
    whole = max((own for own in ranges.members.values() if first in own), key=len)
    elements = ranges.members[home] if home == canonical(subscripts[-1]) else whole
    array = canonical(tree.reference)
    names = [equation.indexed(array, [*subscripts[:-1], element]) for element in elements]
    return elements.index(first), [Reference(name) for name in names]


def _vector_elm_map(equation: "Equation", tree: Any) -> Expression:
    """VECTOR ELM MAP: the element that stands an offset after the one that is named."""
    equation.count("vector_elm_map", tree.arguments, 2)
    vector, offset = tree.arguments
    start, elements = row_of(equation, vector)
    place = Call("add", (Number(float(start)), equation.expression(offset)))
    return Call("pick", (place, *elements))


def _invert_matrix(equation: "Equation", tree: Any) -> Expression:
    """INVERT MATRIX: this element's entry of the inverse of a square matrix."""
    equation.count("invert_matrix", tree.arguments, 2)
    matrix = tree.arguments[0]
    ranges = equation.reader.ranges
    names = [canonical(name) for name in _subscripts(equation, matrix, 2)[-2:]]
    sides = [equation.subscript(functools.partial(ranges.expanded, name)) for name in names]
    place = [
        Number(
            float(
                side.index(
                    equation.subscript(functools.partial(ranges.element, name, equation.bindings))
                )
            )
        )
        for name, side in zip(names, sides, strict=True)
    ]
    entries = [
        equation.with_bound(dict(zip(names, each, strict=True)), matrix)
        for each in itertools.product(*sides)
    ]
    return Call("inverse", (*place, *entries))


def _allocate_available(equation: "Equation", tree: Any) -> Expression:
    """ALLOCATE AVAILABLE: what this target takes at the price that clears the market."""

    def target() -> tuple[Expression, ...]:
        start, row = row_of(equation, tree.pp)
        if len(profile := row[start : start + 4]) < 4:
            equation.report("优先级须有 4 个元素", "a priority profile has 4 elements")
        return (equation.expression(tree.request), *profile)

    return _allocated(equation, tree.request, target, equation.expression(tree.avail))


def _allocate_by_priority(equation: "Equation", tree: Any) -> Expression:
    """ALLOCATE BY PRIORITY: rectangular profiles that begin at each target's priority."""
    width = equation.expression(tree.width)

    def target() -> tuple[Expression, ...]:
        half = Call("divide", (width, Number(2.0)))
        middle = Call("subtract", (equation.expression(tree.priority), half))
        return equation.expression(tree.request), Number(1.0), middle, width, Number(0.0)

    return _allocated(equation, tree.request, target, equation.expression(tree.supply))


def _allocated(
    equation: "Equation",
    request: Any,
    target: Callable[[], tuple[Expression, ...]],
    available: Expression,
) -> Expression:
    """What this target gets: its request where there is enough for all, else what it takes at
    the price at which all targets together take what is available."""
    name = last_range(equation, request)
    every: list[tuple[Expression, ...]] = []
    for element in equation.reader.ranges.members[name]:
        outside = equation.bindings
        equation.bindings = {**outside, name: element}
        every.append(target())
        equation.bindings = outside
    own = target()
    price = Call("clearing_price", (available, *itertools.chain.from_iterable(every)))
    enough = Call("greater_equal", (available, reduced("add", [each[0] for each in every])))
    return Call("if_then_else", (enough, own[0], Call("taken", (price, *own))))


ARRAY_FUNCTIONS: dict[str, Callable[["Equation", Any], Expression]] = {
    **{name: _reduction(name) for name in REDUCTIONS},
    "elmcount": _elmcount,
    "vector_select": _vector_select,
    "vector_sort_order": _ordering("sort_order"),
    "vector_rank": _ordering("rank"),
    "vector_reorder": _vector_reorder,
    "vector_elm_map": _vector_elm_map,
    "invert_matrix": _invert_matrix,
    "AllocateAvailableStructure": _allocate_available,
    "AllocateByPriorityStructure": _allocate_by_priority,
}
"""By the name that is called, or the parser's word for it."""
