"""Functions and names of XMILE that Vensim does not have, written out.

OASIS, XML Interchange Language for System Dynamics (XMILE) Version 1.0, 2015, 3.5; what it leaves
to vendors, as Stella has it (iseesystems.com/resources/help, builtins).
"""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim.engine.arrays import loops, reduced
from sim.engine.functions import SMALL
from sim.engine.model import (
    Auxiliary,
    Call,
    Expression,
    Lookup,
    Number,
    Pipeline,
    Points,
    Reference,
    canonical,
)
from sim.engine.stages import STEP
from sim.engine.terms import HALF, NONE, ONE, ZERO, minus, over, plus, times

if TYPE_CHECKING:
    from sim.engine.equation import Equation

XMILE_NAMES: dict[str, Expression] = {
    "dt": Reference("time_step"),
    "starttime": Reference("initial_time"),
    "stoptime": Reference("final_time"),
    "pi": Number(math.pi),
    "inf": Number(math.inf),
    "nan": NONE,
}
FAR = Number(math.inf)


def _arguments(
    equation: "Equation", name: str, tree: Any, least: int, most: int
) -> list[Expression]:
    """The arguments of a call; reports too few or too many."""
    given = len(tree.arguments)
    if not least <= given <= most:
        equation.count(name, tree.arguments, least if given < least else most)
    return [equation.expression(argument) for argument in tree.arguments]


def _elements(equation: "Equation", name: str, tree: Any) -> list[Expression]:
    """The arguments of a call, of an array all its elements."""
    if not tree.arguments:
        equation.count(name, tree.arguments, 1)
    return [
        equation.with_bound(each, argument)
        for argument in tree.arguments
        for each in loops(equation, argument)
    ]


def _joined(function: str) -> Callable[["Equation", Any], Expression]:
    return lambda equation, tree: reduced(function, _elements(equation, function, tree))


def _mean(equation: "Equation", tree: Any) -> Expression:
    values = _elements(equation, "mean", tree)
    return over(reduced("add", values), Number(float(len(values))))


def _stddev(equation: "Equation", tree: Any) -> Expression:
    """STDDEV: the standard deviation of all elements, which are the whole population (simlin and
    BPTK divide by their number, too; the standard does not say)."""
    values = _elements(equation, "stddev", tree)
    count = Number(float(len(values)))
    mean = equation.helper("mean", Auxiliary(over(reduced("add", values), count)))
    squares: list[Expression] = [Call("square", (minus(value, mean),)) for value in values]
    return Call("sqrt", (over(reduced("add", squares), count),))


def _size(equation: "Equation", tree: Any) -> Expression:
    """SIZE: how many elements an array, a part of one or a dimension has."""
    equation.count("size", tree.arguments, 1)
    (argument,) = tree.arguments
    dimension = equation.reader.ranges.members.get(canonical(equation.named(argument).reference))
    return Number(float(len(dimension or loops(equation, argument))))


def _safediv(equation: "Equation", tree: Any) -> Expression:
    """SAFEDIV: a quotient, or another value, else 0, where the denominator is 0."""
    above, below, *other = _arguments(equation, "safediv", tree, 2, 3)
    is_zero = Call("equal", (below, ZERO))
    return Call("if_then_else", (is_zero, other[0] if other else ZERO, over(above, below)))


def _written(
    name: str, count: int, write: Callable[..., Expression]
) -> Callable[["Equation", Any], Expression]:
    """A function of so many numbers."""
    return lambda equation, tree: write(*_arguments(equation, name, tree, count, count))


def _floor(x: Expression) -> Expression:
    whole = Call("integer", (x,))
    return minus(whole, Call("number", (Call("less", (x, whole)),)))


def _round(x: Expression) -> Expression:
    away = Call("integer", (plus(Call("abs", (x,)), HALF),))
    sign = Call("if_then_else", (Call("less", (x, ZERO)), Number(-1.0), Number(1.0)))
    return times(sign, away)


def _wave(function: str) -> Callable[..., Expression]:
    def wave(height: Expression, period: Expression) -> Expression:
        turns = over(times(Number(2 * math.pi), Reference("time")), period)
        return times(height, Call(function, (turns,)))

    return wave


def _pulse(equation: "Equation", tree: Any) -> Expression:
    """PULSE: a magnitude that flows within one step, at a time or, where an interval is given that
    is more than 0, again and again."""
    if len(tree.arguments) == 1:
        equation.report(
            "PULSE 须写出第一次的时间：PULSE(数量, 时间) 或 PULSE(数量, 时间, 间隔)",
            "PULSE wants the time of the first: PULSE(amount, time) or (amount, time, interval)",
        )
    magnitude, start, *interval = _arguments(equation, "pulse", tree, 2, 3)
    level = over(magnitude, Reference("time_step"))
    once = Call("pulse", (start, ZERO))
    if not interval or interval[0] == ZERO:
        return times(level, once)
    again = Call("pulse_train", (start, interval[0], ZERO, FAR))
    repeats = Call("greater", (interval[0], ZERO))
    return times(level, Call("if_then_else", (repeats, again, once)))


def _previous(equation: "Equation", tree: Any) -> Expression:
    """PREVIOUS: what something was a step ago; SELF is the variable itself."""
    value, initial = _arguments(equation, "previous", tree, 2, 2)
    return equation.helper("previous", Pipeline(value, STEP, initial))


def _history(equation: "Equation", tree: Any) -> Expression:
    """HISTORY: what something was at an earlier time; 0 for times before the run and to come. The
    time is fixed, or so long ago, in whole steps."""
    value, when = _arguments(equation, "history", tree, 2, 2)
    match when:
        case Reference("time"):
            return value
        case Call("subtract", (Reference("time"), ago)) if _in_steps(equation, ago, 1):
            return equation.helper("history", Pipeline(value, ago, ZERO))
    if not _in_steps(equation, minus(when, Reference("initial_time")), 0):
        equation.report(
            "HISTORY 的时间须为常数，或 TIME 减去一个常数，并为整步",
            "the time of HISTORY must be a constant, or TIME less a constant, in whole steps",
        )
    held = Reference(f"{equation.variable.name}__held_{equation.parts + 2}")
    there = Call("pulse", (when, ZERO))
    sample = equation.helper("sample", Auxiliary(Call("if_then_else", (there, value, held))))
    equation.helper("held", Pipeline(sample, STEP, ZERO))
    return sample


def _in_steps(equation: "Equation", time: Expression, least: int) -> bool:
    """Whether a span of time does not change and is so many whole steps, or more."""
    steps = equation.at_start(over(time, Reference("time_step")))
    if steps is None or not equation.is_constant(time):
        return False
    return abs(steps - round(steps)) < SMALL and round(steps) >= least


def _lookup(kind: str) -> Callable[["Equation", Any], Expression]:
    """LOOKUP, LOOKUPINV: the graphical function of a variable, read at another argument."""

    def lookup(equation: "Equation", tree: Any) -> Expression:
        equation.count("lookup", tree.arguments, 2)
        graph, argument = tree.arguments
        table: Points | str = equation.table(graph)
        match equation.reader.definition(str(table)):
            case Auxiliary(Lookup(points)):
                table = points
        return Lookup(table, equation.expression(argument), kind)

    return lookup


def _drawn(
    name: str, least: int, draw: Callable[..., Expression]
) -> Callable[["Equation", Any], Expression]:
    """A random function; a seed may follow its numbers."""

    def drawn(equation: "Equation", tree: Any) -> Expression:
        numbers = _arguments(equation, name, tree, least, least + 1)[:least]
        seed = equation.number(tree.arguments[least]) if len(tree.arguments) > least else 0.0
        return draw(equation.noise(seed or 0.0), *numbers)

    return drawn


def _uniform(u: Expression, low: Expression, high: Expression) -> Expression:
    return plus(low, times(u, minus(high, low)))


def _normal(u: Expression, mean: Expression, sd: Expression) -> Expression:
    return Call("random_normal", (u, Number(-math.inf), FAR, mean, sd))


def _lognormal(u: Expression, mean: Expression, sd: Expression) -> Expression:
    """LOGNORMAL: mean and standard deviation are those of the logarithm (Stella's example is
    LOGNORMAL(0, 1), which no numbers above zero have for their own)."""
    return Call("exp", (_normal(u, mean, sd),))


def _beta(u: Expression, a: Expression, b: Expression) -> Expression:
    return Call("random_beta", (u, ZERO, ONE, a, b, ZERO, ONE))


def _weibull(u: Expression, shape: Expression, scale: Expression) -> Expression:
    return Call("random_weibull", (u, ZERO, FAR, shape, ZERO, scale))


def _logistic(u: Expression, mean: Expression, scale: Expression) -> Expression:
    return plus(mean, times(scale, Call("ln", (over(u, minus(ONE, u)),))))


def _binomial(u: Expression, trials: Expression, share: Expression) -> Expression:
    return Call("random_binomial", (u, ZERO, FAR, share, trials, ZERO, ONE))


def _negative_binomial(u: Expression, wanted: Expression, share: Expression) -> Expression:
    return Call("random_negative_binomial", (u, ZERO, FAR, share, wanted, ZERO, ONE))


def _poisson(u: Expression, rate: Expression) -> Expression:
    """POISSON: the events within a step, of which there are so many in a unit of time."""
    mean = times(rate, Reference("time_step"))
    return Call("random_poisson", (u, ZERO, FAR, mean, ZERO, ONE))


def _montecarlo(u: Expression, percent: Expression) -> Expression:
    """MONTECARLO: one where what happens with so many per cent in a unit of time happens within a
    step, else zero: IF RANDOM(0, 100) < percent*DT THEN 1 ELSE 0."""
    limit = times(percent, Reference("time_step"))
    return Call("number", (Call("less", (times(Number(100.0), u), limit)),))


def _exponential(u: Expression, mean: Expression) -> Expression:
    return Call("random_exponential", (u, ZERO, FAR, ZERO, mean))


def _triangular(u: Expression, low: Expression, peak: Expression, high: Expression) -> Expression:
    return Call("random_triangular", (u, Number(-math.inf), FAR, low, peak, high))


XMILE_FUNCTIONS: dict[str, Callable[["Equation", Any], Expression]] = {
    "x_int": _written("int", 1, _floor),
    "x_max": _joined("max"),
    "x_min": _joined("min"),
    "x_safediv": _safediv,
    "x_lookup": _lookup("interpolate"),
    "lookupinv": _lookup("invert"),
    "x_pulse": _pulse,
    "mean": _mean,
    "stddev": _stddev,
    "size": _size,
    "round": _written("round", 1, _round),
    "log10": _written("log10", 1, lambda x: Call("log", (x, Number(10.0)))),
    "gammaln": _written("gammaln", 1, lambda x: Call("gamma_ln", (x,))),
    "rootn": _written("rootn", 2, lambda x, n: Call("power", (x, over(ONE, n)))),
    "sinwave": _written("sinwave", 2, _wave("sin")),
    "coswave": _written("coswave", 2, _wave("cos")),
    "history": _history,
    "previous": _previous,
    "random": _drawn("random", 2, _uniform),
    "uniform": _drawn("uniform", 2, _uniform),
    "normal": _drawn("normal", 2, _normal),
    "beta": _drawn("beta", 2, _beta),
    "weibull": _drawn("weibull", 2, _weibull),
    "logistic": _drawn("logistic", 2, _logistic),
    "binomial": _drawn("binomial", 2, _binomial),
    "negbinomial": _drawn("negbinomial", 2, _negative_binomial),
    "lognormal": _drawn("lognormal", 2, _lognormal),
    "poisson": _drawn("poisson", 1, _poisson),
    "montecarlo": _drawn("montecarlo", 1, _montecarlo),
    "exprnd": _drawn("exprnd", 1, _exponential),
    "triangular": _drawn("triangular", 3, _triangular),
}
"""By the name that is called; those with x_ have another meaning in Vensim (`idioms.OWN`)."""
