"""The words of a stock-flow model: variables, what defines them, and a few kinds of expression."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from sim.engine.method import EULER, Method

Points = tuple[tuple[float, float], ...]
"""The (x, y) pairs of a table, x rising."""


@dataclass(frozen=True)
class Number:
    """A literal number."""

    value: float


@dataclass(frozen=True)
class Reference:
    """The value of a variable (its canonical name), or of `time`."""

    name: str


HELD = Reference("held time")
"""The time at which a step began; no variable can have a name with a blank.

While Runge and Kutta's method steps into a step, Vensim holds data, STEP, PULSE, RAMP and pure
delays (Vensim reference manual, Runge-Kutta Integration, vensim.com/documentation/rungekutta.html).
"""


@dataclass(frozen=True)
class Call:
    """A built-in of `functions.BUILTINS` over its arguments; operators are calls too."""

    function: str
    arguments: tuple["Expression", ...]


@dataclass(frozen=True)
class Lookup:
    """A table read at `argument`: the points themselves, or the name of a Table variable.

    `kind` says what lies between and beyond the points: a word of `functions.LOOKUPS`.
    """

    table: Points | str
    argument: "Expression"
    kind: str = "interpolate"


Expression = Number | Reference | Call | Lookup


@dataclass(frozen=True)
class Stock:
    """What accumulates: d/dt = flow, from `initial`."""

    flow: Expression
    initial: Expression


@dataclass(frozen=True)
class Auxiliary:
    """What is computed anew at each time; `initial` replaces it while stocks are initialised."""

    expression: Expression
    initial: Expression | None = None


@dataclass(frozen=True)
class Constant:
    """A number that an input may replace."""

    value: float


@dataclass(frozen=True)
class Path:
    """A level by time, piecewise linear and flat outside, that an input may replace; one that is
    `held`, as data are, does not change within a step."""

    points: Points
    held: bool = False


@dataclass(frozen=True)
class Table:
    """A named table function."""

    points: Points


@dataclass(frozen=True)
class Initial:
    """The value that an expression had at the start (INITIAL)."""

    expression: Expression


@dataclass(frozen=True)
class Pipeline:
    """DELAY FIXED: what went in `delay` ago; `initial` until then."""

    input: Expression
    delay: Expression
    initial: Expression


Definition = Stock | Auxiliary | Constant | Path | Table | Initial | Pipeline


@dataclass(frozen=True)
class Variable:
    """A variable of the model, with what its modeller wrote about it.

    `owner` names the variable whose SMOOTH, DELAY, … was written out as this one; it is empty
    for variables that the modeller wrote. An element of an array has the array's name in `array`
    and its place in it, canonical, in `elements`. `group` is the one that its file puts it in.
    """

    name: str
    written: str
    definition: Definition
    units: str = ""
    comment: str = ""
    equation: str = ""
    line: int = 0
    owner: str = ""
    array: str = ""
    elements: tuple[str, ...] = ()
    group: str = ""

    @property
    def label(self) -> tuple[str, str]:
        """中文名 and the English name: the first two parts of the comment, else the name; of an
        element of an array with its place as the file spells it."""
        parts = [part.strip() for part in self.comment.split(";")]
        name, place = self.written, ""
        # of what is written out of an element more follows
        if self.elements and (found := re.fullmatch(r"(.*)\[([^\[\]]*)\](?:__\w+)?", name)):
            name, place = found[1], f"[{', '.join(found[2].split(','))}]"
        if len(parts) >= 2 and parts[0] and parts[1]:
            return parts[0] + place, parts[1].rstrip(".") + place
        return name + place, name + place


@dataclass(frozen=True)
class Dimension:
    """One dimension of an array: its name, and its elements as the file spells them."""

    name: str
    labels: tuple[str, ...]

    def places(self) -> dict[str, int]:
        """Where each element, by its canonical name, stands; from 0."""
        return {canonical(label): place for place, label in enumerate(self.labels)}


@dataclass(frozen=True)
class Model:
    """A system of equations: its variables by canonical name, in the order of the file.

    An array's elements are variables of their own; `arrays` gives its dimensions, each a name
    and its elements as written. `files` are the data files that were read, with their checksums.
    `noises` are the hidden paths from which RANDOM functions draw, each with the name of its
    stream: numbers between 0 and 1 for every member and step; who hands in none gets the median.
    `method` is how its file wants it integrated.
    """

    variables: Mapping[str, Variable]
    arrays: Mapping[str, tuple["Dimension", ...]] = field(default_factory=dict)
    files: tuple[tuple[str, str], ...] = ()
    noises: Mapping[str, str] = field(default_factory=dict)
    method: Method = EULER

    def __repr__(self) -> str:
        """One line: how large it is, and what may be looked at."""
        return (
            f"<Model: {len(self.variables)} variables, {len(self.stocks)} stocks; variables, "
            "inputs, results, stocks>"
        )

    @property
    def time_unit(self) -> str:
        """The unit in which the model counts time."""
        return self.variables["time_step"].units

    @property
    def stocks(self) -> list[str]:
        """The names of all stocks, those of SMOOTH and DELAY among them."""
        return [name for name, v in self.variables.items() if isinstance(v.definition, Stock)]

    @property
    def inputs(self) -> list[str]:
        """The names of what an input may replace: constants and paths."""
        return [
            name
            for name, v in self.variables.items()
            if isinstance(v.definition, Constant | Path) and not v.owner
        ]

    def definition(self, name: str) -> Definition | None:
        """What a name is; None for a name that the model does not have."""
        found = self.variables.get(name)
        return found.definition if found else None

    def elements_of(self, array: str) -> list[str]:
        """The names of an array's elements, in the order of the file."""
        return [name for name, v in self.variables.items() if v.array == array and not v.owner]

    @property
    def results(self) -> list[str]:
        """The names of what a run can keep: all that the modeller wrote, save table functions."""
        return [
            name
            for name, v in self.variables.items()
            if not isinstance(v.definition, Table) and not v.owner
        ]


def with_constants(model: Model, values: Mapping[str, float]) -> Model:
    """The model with numbers in the place of some of its variables."""
    changed = {
        name: replace(model.variables[name], definition=Constant(value))
        for name, value in values.items()
    }
    return replace(model, variables={**model.variables, **changed}) if changed else model


CONTROL = ("initial_time", "final_time", "time_step", "saveper")


@lru_cache(maxsize=100_000)
def canonical(name: str) -> str:
    """The one spelling of a name: lower case, no quotes, runs of blanks as one underscore.

    >>> canonical('"Coal  Output"')
    'coal_output'
    """
    bare = unicodedata.normalize("NFKC", unquoted(name)).lower()
    return re.sub(r"[\s_]+", "_", bare.strip())


def unquoted(name: str) -> str:
    """A name without its quotes, those within it without their backslashes."""
    bare = name.strip()
    inside = bare[1:-1] if len(bare) > 1 and bare[0] == bare[-1] == '"' else bare
    return inside.replace('\\"', '"')


def references(expression: Expression) -> Iterator[str]:
    """The names that an expression reads, tables included, the clock's excluded."""
    waiting = [expression]
    while waiting:
        match waiting.pop():
            case Reference(name):
                if name not in ("time", HELD.name):
                    yield name
            case Call(_, arguments):
                waiting.extend(reversed(arguments))
            case Lookup(table, argument):
                if isinstance(table, str):
                    yield table
                waiting.append(argument)


def parts(definition: Definition) -> tuple[Expression, ...]:
    """The expressions that a definition consists of."""
    match definition:
        case Stock(flow, initial):
            return (flow, initial)
        case Auxiliary(expression, None):
            return (expression,)
        case Auxiliary(expression, initial) if initial is not None:
            return (expression, initial)
        case Initial(expression):
            return (expression,)
        case Pipeline(value, delay, initial):
            return (value, delay, initial)
        case _:
            return ()
