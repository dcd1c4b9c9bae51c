"""What a function means, said once in one line: every kernel computes it from simpler functions."""

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sim.engine.model import HELD, Call, Expression, Number, Reference

STEP = Reference("time step")
"""The step of the clock, `dt` in a formula; no variable can have a name with a blank."""

OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.Lt: "less",
    ast.LtE: "less_equal",
    ast.Gt: "greater",
    ast.GtE: "greater_equal",
    ast.Eq: "equal",
    ast.And: "and",
    ast.Or: "or",
}


class Formula:
    """A function as an expression over its parameters, and over the clock's `t` and `dt`: the time
    at which a step began, and its length.

    `constants` are numbers that the text may name. For example
    `Formula("x base", "ln(x) / ln(base)")`.
    """

    def __init__(self, parameters: str, text: str, **constants: float) -> None:
        self.parameters = tuple(parameters.split())
        self.text = text
        self.constants = constants
        self.clock = tuple(word for word in ("t", "dt") if word in _words(text))
        self.body = ast.parse(text, mode="eval").body

    def of(self, arguments: Sequence[Expression]) -> Expression:
        """The formula with its arguments put in."""
        names = dict(zip(self.parameters, arguments, strict=True))
        return self._tree(self.body, {**names, "t": HELD, "dt": STEP})

    def over(self, functions: Mapping[str, Callable[..., Any]]) -> Callable[..., Any]:
        """The formula as a function of arrays: parameters first, then the clock it needs."""
        order = [*self.parameters, *self.clock]
        tree = self._tree(self.body, {name: Reference(name) for name in order})

        def value(expression: Expression, given: Mapping[str, Any]) -> Any:
            match expression:
                case Number(number):
                    return number
                case Reference(name):
                    return given[name]
                case Call(function, arguments):
                    return functions[function](*(value(each, given) for each in arguments))
            raise NotImplementedError(type(expression).__name__)

        return lambda *values: value(tree, dict(zip(order, values, strict=True)))

    def _tree(self, node: ast.expr, names: Mapping[str, Expression]) -> Expression:
        def call(function: str, *arguments: ast.expr) -> Call:
            return Call(function, tuple(self._tree(argument, names) for argument in arguments))

        match node:
            case ast.Constant(value=int(value) | float(value)):
                return Number(float(value))
            case ast.Name(id=name):
                return Number(self.constants[name]) if name in self.constants else names[name]
            case ast.BinOp(left, operator, right):
                return call(OPERATORS[type(operator)], left, right)
            case ast.Compare(left, [operator], [right]):
                return call(OPERATORS[type(operator)], left, right)
            case ast.BoolOp(operator, [left, right]):
                return call(OPERATORS[type(operator)], left, right)
            case ast.IfExp(test, body, orelse):
                return call("if_then_else", test, body, orelse)
            case ast.Call(ast.Name(id=name), arguments):
                return call(name, *arguments)
        raise NotImplementedError(ast.dump(node))


def _words(text: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
