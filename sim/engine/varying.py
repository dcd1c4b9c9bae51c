"""Over what a value varies: nothing, members, time, or both. That decides where it is computed."""

from collections.abc import Mapping

from sim.engine.formulas import STEP
from sim.engine.functions import BUILTINS
from sim.engine.model import (
    HELD,
    Auxiliary,
    Call,
    Constant,
    Expression,
    Initial,
    Lookup,
    Model,
    Number,
    Path,
    Pipeline,
    Reference,
    Stock,
)

MEMBER = 1
TIME = 2
BOTH = MEMBER | TIME


class Variation:
    """Over what the expressions of a model vary, when its inputs vary as `varying` says."""

    def __init__(self, model: Model, varying: Mapping[str, int]) -> None:
        self.model = model
        self.varying = varying
        self.known: dict[str, int] = {"time": TIME, HELD.name: TIME, STEP.name: 0}

    def of(self, name: str) -> int:
        """Over what a variable varies."""
        if name not in self.known:
            self.known[name] = self._of(name)
        return self.known[name]

    def _of(self, name: str) -> int:
        definition = self.model.variables[name].definition
        match definition:
            case Stock() | Pipeline():
                return BOTH
            case Constant():
                return self.varying.get(name, 0)
            case Path():
                return self.varying.get(name, TIME)
            case Initial():
                return MEMBER
            case Auxiliary(expression, initial):
                level = self.level(expression)
                return level if initial is None else level | TIME
        raise NotImplementedError(type(definition).__name__)

    def level(self, expression: Expression) -> int:
        """Over what the value of an expression varies."""
        match expression:
            case Number():
                return 0
            case Reference(name):
                return self.of(name)
            case Call(function, arguments):
                level = TIME if "t" in BUILTINS[function].clock else 0
                for argument in arguments:
                    level |= self.level(argument)
                return level
            case Lookup(argument=argument):
                return self.level(argument)
        raise NotImplementedError(type(expression).__name__)
