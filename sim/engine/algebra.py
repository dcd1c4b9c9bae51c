"""The same value by fewer or cheaper operations for each member and step."""

from collections.abc import Callable, Iterable, Sequence

from sim.engine.model import Call, Expression, Lookup, Number, Reference
from sim.engine.varying import BOTH, TIME

Level = Callable[[Expression], int]
"""Over what the value of an expression varies."""


def simplified(expression: Expression) -> Expression:
    """The same value by cheaper operations: x^2 as a product with itself, x^0.5 as a root."""
    match expression:
        case Call("power", (base, Number(2.0))):
            return Call("square", (simplified(base),))
        case Call("power", (base, Number(0.5))):
            return Call("sqrt", (simplified(base),))
        case Call(function, arguments):
            return Call(function, tuple(simplified(argument) for argument in arguments))
        case Lookup(table, argument, kind):
            return Lookup(table, simplified(argument), kind)
    return expression


def gathered(expression: Expression, level: Level) -> Expression:
    """Products and quotients with those factors together that need not be multiplied for every
    member at every step; the order of factors changes, so the last bit of the value may."""
    match expression:
        case Call("multiply" | "divide") if level(expression) == BOTH:
            sides = _factors(expression, level)
            timeless = [[f for f in side if not level(f) & TIME] for side in sides]
            timed = [[f for f in side if level(f) == TIME] for side in sides]
            rest = [[f for f in side if level(f) == BOTH] for side in sides]
            if max(sum(map(len, timeless)), sum(map(len, timed))) > 1:
                groups = [_quotient(*group) for group in (timeless, timed) if any(group)]
                return _quotient([*rest[0], *groups], rest[1])
    match expression:
        case Call(function, arguments):
            return Call(function, tuple(gathered(argument, level) for argument in arguments))
        case Lookup(table, argument, kind):
            return Lookup(table, gathered(argument, level), kind)
    return expression


def _factors(expression: Expression, level: Level) -> tuple[list[Expression], list[Expression]]:
    """What is multiplied, and what is divided by, in a chain of products and quotients."""
    match expression:
        case Call("multiply", (left, right)):
            up, down = _factors(left, level)
            more_up, more_down = _factors(right, level)
            return [*up, *more_up], [*down, *more_down]
        case Call("divide", (left, right)):
            up, down = _factors(left, level)
            return up, [*down, gathered(right, level)]
    return [gathered(expression, level)], []


def _quotient(above: Sequence[Expression], below: Sequence[Expression]) -> Expression:
    """The product of `above` over the product of `below`."""
    product: Expression = _product(above) if above else Number(1.0)
    return Call("divide", (product, _product(below))) if below else product


def _product(factors: Sequence[Expression]) -> Expression:
    product = factors[0]
    for factor in factors[1:]:
        product = Call("multiply", (product, factor))
    return product


def repeated(expressions: Iterable[Expression], level: Level) -> set[Expression]:
    """What is computed for every member in more than one place of `expressions`."""
    seen: set[Expression] = set()
    twice: set[Expression] = set()
    waiting = list(expressions)
    while waiting:
        expression = waiting.pop()
        if isinstance(expression, Number | Reference) or level(expression) != BOTH:
            continue
        if expression in seen:
            twice.add(expression)
            continue
        seen.add(expression)
        waiting.extend(arguments_of(expression))
    return twice


def arguments_of(expression: Expression) -> tuple[Expression, ...]:
    """What a call or a lookup is made of."""
    match expression:
        case Call(_, arguments):
            return arguments
        case Lookup(argument=argument):
            return (argument,)
    return ()
