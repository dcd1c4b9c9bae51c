"""Sums, products and quotients of expressions, for equations that the engine writes by itself."""

from sim.engine.model import Call, Expression, Number

ZERO = Number(0.0)
ONE = Number(1.0)
HALF = Number(0.5)
NONE = Number(float("nan"))
"""What is no number: :NA:."""


def plus(a: Expression, b: Expression) -> Expression:
    """a + b."""
    return Call("add", (a, b))


def minus(a: Expression, b: Expression) -> Expression:
    """a - b."""
    return Call("subtract", (a, b))


def times(a: Expression, b: Expression) -> Expression:
    """a b."""
    return Call("multiply", (a, b))


def over(a: Expression, b: Expression) -> Expression:
    """a / b."""
    return Call("divide", (a, b))
