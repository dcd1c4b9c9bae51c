"""The same value by fewer or cheaper operations for each member and step."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from sim.engine.formulas import STEP
from sim.engine.functions import BUILTINS, SMALL
from sim.engine.model import HELD, Call, Expression, Lookup, Number, Reference
from sim.engine.varying import BOTH, TIME

Level = Callable[[Expression], int]
"""Over what the value of an expression varies."""


def simplified(expression: Expression) -> Expression:
    """The same value from what every kernel computes by itself: formulas put in, truths and
    numbers told apart, x^2 as a product with itself, x^0.5 as a root."""
    match expression:
        case Call("power", (base, Number(2.0))):
            return Call("square", (_number(base),))
        case Call("power", (base, Number(0.5))):
            return Call("sqrt", (_number(base),))
        case Call(function, arguments):
            builtin = BUILTINS[function]
            if builtin.formula is not None:
                return simplified(builtin.formula.of(arguments))
            clock = tuple(_CLOCK[word] for word in builtin.clock)
            typed = (
                _truth(argument) if place in builtin.truths else _number(argument)
                for place, argument in enumerate(arguments)
            )
            return Call(function, (*typed, *clock))
        case Lookup(table, argument, kind):
            return Lookup(table, _number(argument), kind)
    return expression


_CLOCK = {"t": HELD, "dt": STEP}


def is_truth(expression: Expression) -> bool:
    """Whether the value is a truth, and no number."""
    return isinstance(expression, Call) and BUILTINS[expression.function].truth


def numeric(expression: Expression) -> Expression:
    """A simplified expression as a number: one for what is true."""
    return Call("number", (expression,)) if is_truth(expression) else expression


def _number(expression: Expression) -> Expression:
    return numeric(simplified(expression))


def _truth(expression: Expression) -> Expression:
    simple = simplified(expression)
    return simple if is_truth(simple) else Call("not_equal", (simple, Number(0.0)))


SHARP = {
    *("integer", "modulo", "less", "less_equal", "greater", "greater_equal", "equal", "not_equal"),
    *("pick", "sort_order", "rank", "forward", "backward", "raw"),
}
"""Functions, and ways of reading a table, that a last bit may carry over an edge."""


def sharp_parts(expression: Expression) -> Iterator[Expression]:
    """The parts of an expression whose last bit may matter."""
    if loose := _loose(expression):
        for argument in loose:
            yield from sharp_parts(argument)
    else:
        yield from arguments_of(expression)


def gathered(expression: Expression, level: Level) -> Expression:
    """Products and quotients with those factors together that need not be multiplied for every
    member at every step, divisors among them inverted, and tables read to some ulps; the last bit
    of the value may change, so what stands before an edge stays as it is."""
    match expression:
        case Call("multiply" | "divide") if level(expression) == BOTH:
            sides = _factors(expression, level)
            timeless = [[f for f in side if not level(f) & TIME] for side in sides]
            timed = [[f for f in side if level(f) == TIME] for side in sides]
            rest = [[f for f in side if level(f) == BOTH] for side in sides]
            many = max(sum(map(len, timeless)), sum(map(len, timed))) > 1
            both = any(timeless) and any(timed)
            if many or both or timeless[1] or timed[1]:
                groups = [_quotient(*group) for group in (timeless, timed) if any(group)]
                # together: others may multiply by the product of the two as well
                return _quotient([*rest[0], _product(groups)], rest[1])
        case Lookup(table, argument, "interpolate"):
            return Lookup(table, gathered(argument, level), "near")
    return with_arguments(expression, (gathered(part, level) for part in _loose(expression)))


def spliced(
    expression: Expression, products: Mapping[str, Expression], factor: bool = False
) -> Expression:
    """The expression with products, by name, in place of their names where these are factors."""
    match expression:
        case Reference(name) if factor and name in products:
            return products[name]
    inside = is_product(expression)
    parts = (spliced(part, products, inside) for part in arguments_of(expression))
    return with_arguments(expression, parts)


def is_product(expression: Expression) -> bool:
    """Whether the expression is a product or a quotient."""
    return isinstance(expression, Call) and expression.function in ("multiply", "divide")


def count_factors(expression: Expression) -> int:
    """How many factors and divisors a product is made of."""
    parts = arguments_of(expression) if is_product(expression) else ()
    return sum(map(count_factors, parts)) or 1


def inverted(expressions: Sequence[Expression], level: Level) -> list[Expression]:
    """The expressions, in which what several quotients are divided by is inverted once for all of
    them: a product takes a fraction of a quotient's time. The last bit of a value may change."""
    quotients = set(chain.from_iterable(map(_quotients, expressions)))
    divisors = Counter(quotient.arguments[1] for quotient in quotients)
    often = {d for d, count in divisors.items() if count >= SEVERAL and level(d) == BOTH}

    def change(expression: Expression) -> Expression:
        changed = with_arguments(expression, map(change, _loose(expression)))
        match expression, changed:
            case Call("divide", (_, divisor)), Call(_, (above, below)) if divisor in often:
                return _product([above, Call("divide", (Number(1.0), below))])
        return changed

    return list(map(change, expressions))


SEVERAL = 3
"""Quotients that are worth the inverse of their divisor, which is held until the last of them."""


def _quotients(expression: Expression) -> Iterator[Call]:
    """The quotients in an expression whose last bit does not matter."""
    if isinstance(expression, Call) and expression.function == "divide":
        yield expression
    for part in _loose(expression):
        yield from _quotients(part)


def _loose(expression: Expression) -> tuple[Expression, ...]:
    """The arguments of an expression, unless their last bit matters."""
    match expression:
        case Call("less", (Call("abs"), Number(limit))) if limit == SMALL:
            # no edge: numbers meant to be equal differ by nothing or a last bit, both far below
            return arguments_of(expression)
    word = getattr(expression, "function", None) or getattr(expression, "kind", None)
    return () if word in SHARP else arguments_of(expression)


def with_arguments(expression: Expression, arguments: Iterable[Expression]) -> Expression:
    """The expression with other arguments; without any, as it is."""
    match expression, tuple(arguments):
        case Call(function), (*given,) if given:
            return Call(function, tuple(given))
        case Lookup(table, _, kind), (argument,):
            return Lookup(table, argument, kind)
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
            more_down, more_up = _factors(right, level)
            return [*up, *more_up], [*down, *more_down]
    return [gathered(expression, level)], []


def _quotient(above: Sequence[Expression], below: Sequence[Expression]) -> Expression:
    """The product of `above` over the product of `below`."""
    product: Expression = _product(above) if above else Number(1.0)
    return Call("divide", (product, _product(below))) if below else product


def _product(factors: Sequence[Expression]) -> Expression:
    if len(factors) > LONG:
        half = len(factors) // 2
        return Call("multiply", (_product(factors[:half]), _product(factors[half:])))
    product = factors[0]
    for factor in factors[1:]:
        product = Call("multiply", (product, factor))
    return product


LONG = 32
"""Factors in a row; longer products are made of halves, so that no expression lies too deep."""


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
