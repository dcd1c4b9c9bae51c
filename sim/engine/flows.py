"""The flows of a model's stocks, told apart: what enters, what leaves, what passes between two."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product

from sim.engine.graph import acting
from sim.engine.model import (
    Auxiliary,
    Call,
    Expression,
    Model,
    Number,
    Reference,
    Stock,
    references,
)


@dataclass(frozen=True)
class Flow:
    """What moves a stock: from `source` to `sink`, None where that lies outside of the model.

    `name` is the variable that is the flow, empty where it is a term of the stock's equation;
    `reads` are the variables that set it. A `net` flow goes either way.
    """

    source: str | None
    sink: str | None
    name: str = ""
    reads: tuple[str, ...] = ()
    net: bool = False


Product = tuple[tuple[str, ...], tuple[str, ...]]
"""What is multiplied, and by what it is divided; each sorted."""
Expanded = tuple[int, Product, tuple[str, ...]]
"""A product of an expression that was multiplied out: its sign, itself, the variables it reads."""


@dataclass
class _Piece:
    """One product of one term of a stock's flow; `reads` are its variables.

    A term that is a variable (`name`) is that variable's `product` too.
    """

    stock: str
    sign: int
    term: int
    products: tuple[Product, ...]
    name: str
    reads: tuple[str, ...]
    net: bool = False
    partner: str | None = None
    taken: bool = False


def flows(model: Model) -> list[Flow]:
    """The flows of all stocks that the modeller wrote, in the order of the file.

    What leaves one stock and enters another is one flow between the two: products of their
    equations are matched, once multiplied out, where they are equal, or where what enters is
    what leaves times a factor (a gain, a share of success).
    """
    pieces = [piece for name in _stocks(model) for piece in _pieces(model, name)]
    drained = {piece.stock for piece in pieces if piece.sign < 0}
    entering = [piece for piece in pieces if piece.sign > 0 and not piece.net]
    leaving = [piece for piece in pieces if piece.sign < 0]
    for equal in (True, False):
        # what only piles up (a counter of wells drilled) comes after what flows on
        for piece in sorted(entering, key=lambda one: one.stock not in drained):
            _match(piece, leaving, equal)
    merged = _merged([piece for piece in pieces if not piece.taken])
    return [replace(flow, reads=tuple(_shown(model, flow.reads))) for flow in merged]


def _shown(model: Model, names: Iterable[str]) -> dict[str, None]:
    """The variables that the modeller wrote among those read; in place of what a DELAY in the
    equation was written out as, what that reads."""
    found: dict[str, None] = {}
    for name in names:
        variable = model.variables[name]
        if not variable.owner:
            found[name] = None
        else:
            inner = [n for part in acting(variable.definition) for n in references(part)]
            found |= _shown(model, [n for n in dict.fromkeys(inner) if n != name])
    return found


def _stocks(model: Model) -> Iterator[str]:
    for name, variable in model.variables.items():
        if isinstance(variable.definition, Stock) and not variable.owner:
            yield name


def _pieces(model: Model, stock: str) -> list[_Piece]:
    definition = model.variables[stock].definition
    assert isinstance(definition, Stock)
    found = []
    terms = list(_terms(definition.flow, 1))
    for number, (sign, expression) in enumerate(terms):
        expanded = list(_expanded(expression))
        if _either_way(expression, expanded):
            whole: Product = ((repr(expression),), ())
            reads = tuple(dict.fromkeys(references(expression)))
            net = len(terms) == 1
            found.append(_Piece(stock, sign, number, (whole,), "", reads, net))
            continue
        name, further = _named(model, expression)
        for _, own, reads in expanded:
            found.append(_Piece(stock, sign, number, (own, *further), name, reads))
    return found


def _either_way(expression: Expression, expanded: list[Expanded]) -> bool:
    """Whether a term may change its sign: a gap, or one of two cases."""
    products = isinstance(expression, Call) and expression.function in ("multiply", "divide")
    simple = products or isinstance(expression, Reference | Number)
    return any(sign < 0 for sign, _, _ in expanded) or not simple


def _named(model: Model, expression: Expression) -> tuple[str, list[Product]]:
    """The variable that a term is, and the product that this variable is; nothing if neither."""
    if not isinstance(expression, Reference):
        return "", []
    match model.variables[expression.name].definition:
        case Stock():
            return "", []
        case Auxiliary(own, _):
            expanded = list(_expanded(own))
            return expression.name, [expanded[0][1]] if len(expanded) == 1 else []
    return expression.name, []


def _terms(expression: Expression, sign: int) -> Iterator[tuple[int, Expression]]:
    """The terms of a sum, with their signs."""
    match expression:
        case Call("add", (one, other)):
            yield from _terms(one, sign)
            yield from _terms(other, sign)
        case Call("subtract", (one, other)):
            yield from _terms(one, sign)
            yield from _terms(other, -sign)
        case Call("negative", (one,)):
            yield from _terms(one, -sign)
        case Call("multiply" | "divide" as operation, (Call("negative", (one,)), other)):
            yield from _terms(Call(operation, (one, other)), -sign)
        case _:
            yield sign, expression


def _expanded(expression: Expression) -> Iterator[Expanded]:
    """The products of an expression, multiplied out."""
    match expression:
        case Number(value) if value == 1:
            yield 1, ((), ()), ()
        case Reference(name):
            yield 1, ((name,), ()), () if name == "time" else (name,)
        case Call("add" | "subtract" | "negative"):
            for sign, term in _terms(expression, 1):
                yield from ((sign * inner, own, reads) for inner, own, reads in _expanded(term))
        case Call("multiply", (one, other)):
            pairs = product(_expanded(one), _expanded(other))
            yield from (_times(left, right) for left, right in pairs)
        case Call("divide", (one, other)):
            below = _denominator(other)
            yield from (_times(left, below) for left in _expanded(one))
        case _:
            yield 1, ((repr(expression),), ()), tuple(dict.fromkeys(references(expression)))


def _times(one: Expanded, other: Expanded) -> Expanded:
    """The product of two products."""
    (s, (up, down), reads), (t, (more, below), others) = one, other
    together = tuple(sorted(up + more)), tuple(sorted(down + below))
    return s * t, together, tuple(dict.fromkeys(reads + others))


def _denominator(expression: Expression) -> Expanded:
    """One over what a quotient is divided by; a sum there counts as one factor."""
    reads = tuple(dict.fromkeys(references(expression)))
    products = list(_expanded(expression))
    if len(products) == 1 and not products[0][1][1]:
        sign, (up, _), _ = products[0]
        return sign, ((), up), reads
    return 1, ((), (repr(expression),)), reads


def _match(piece: _Piece, leaving: list[_Piece], equal: bool) -> None:
    """Finds what a piece that enters a stock leaves: another stock's piece, used up by it."""
    if piece.partner:
        return
    for other in leaving:
        if other.taken or other.stock == piece.stock:
            continue
        pairs = [(one, whole) for one in other.products for whole in piece.products]
        if any(one == whole or (not equal and _within(one, whole)) for one, whole in pairs):
            piece.partner, other.taken = other.stock, True
            piece.name = piece.name or other.name
            return


def _within(part: Product, whole: Product) -> bool:
    """Whether a product is another one but for factors above the line."""
    return bool(part[0]) and part[1] == whole[1] and not Counter(part[0]) - Counter(whole[0])


def _merged(pieces: list[_Piece]) -> list[Flow]:
    """The flows that pieces make up: those between the same two stocks are one, and so are the
    pieces of one term from or to the outside."""
    groups: dict[tuple[str | None, str | None, str | int], list[_Piece]] = {}
    for piece in pieces:
        enters = piece.sign > 0
        ends = (piece.partner, piece.stock) if enters else (piece.stock, None)
        key = piece.name or (0 if piece.partner else piece.term)
        groups.setdefault((*ends, key), []).append(piece)
    found = []
    for (source, sink, _), members in groups.items():
        name = members[0].name
        reads = dict.fromkeys(read for piece in members for read in piece.reads if read != name)
        own = () if name and len(members) == 1 and not reads else tuple(reads)
        found.append(Flow(source, sink, name, own, any(piece.net for piece in members)))
    return found
