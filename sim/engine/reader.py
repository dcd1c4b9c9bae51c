"""Parsed equations become variables, each element of an array one of its own."""

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path as File
from typing import Any

from sim.engine.algebra import arguments_of
from sim.engine.beside import Column, data_beside
from sim.engine.equation import Equation, Scope, Unsupported, element_name
from sim.engine.external import Sheets
from sim.engine.method import EULER, Method
from sim.engine.model import (
    CONTROL,
    HELD,
    Auxiliary,
    Constant,
    Definition,
    Dimension,
    Expression,
    Lookup,
    Model,
    Path,
    Reference,
    Table,
    Variable,
    canonical,
    parts,
    references,
    unquoted,
)
from sim.engine.parser import Range
from sim.engine.repair import MATHEMATICS, bare_logic, odd_signs
from sim.engine.subscripts import BadRange, Ranges, UnknownSubscript, read_ranges
from sim.engine.written import Written, problem
from sim.text import Refused, Text, near

MOST_ELEMENTS = 100_000
"""Elements of all arrays of a model together."""
DEEPEST = 150
"""Calls within calls of one expression: Python itself compiles 200."""


@dataclass
class Element:
    """A variable as parsed: for each of its equations what is written, and PySD's component."""

    written: list[Written] = field(default_factory=list)
    components: list[Any] = field(default_factory=list)

    def variable(self, name: str, number: int) -> Variable:
        """What the modeller wrote about equation `number`; of an array, units and comment stand
        at one of its equations alone."""
        entry = self.written[number]
        return Variable(
            name=name,
            written=unquoted(self.written[0].name),
            definition=Constant(0.0),
            units=next((each.units for each in self.written if each.units), ""),
            comment=next((each.comment for each in self.written if each.comment), ""),
            equation=entry.equation,
            line=entry.line,
            group=entry.group,
        )


Elements = dict[str, Element]
"""Parsed variables by canonical name, in the order of the file."""


@dataclass(frozen=True)
class ParsedMacro:
    """A macro as parsed: the names of its arguments, and its equations."""

    arguments: tuple[str, ...]
    elements: Elements


@dataclass(frozen=True)
class Parsed:
    """A file as parsed: variables, macros by canonical name, and subscript ranges with their
    equations; `problems` are the equations that could not be, `failed` their names.

    `elided` says that an array without subscripts means the element that its equation is for.
    `method` is the method of integration that the file asks for.
    """

    elements: Elements
    macros: Mapping[str, ParsedMacro] = field(default_factory=dict)
    ranges: Sequence[tuple[Range, Written]] = ()
    problems: Sequence[Text] = ()
    failed: frozenset[str] = frozenset()
    elided: bool = False
    method: Method = EULER


@dataclass(frozen=True)
class Examined:
    """A model file as far as it could be read: its variables, and all that is wrong with it."""

    model: Model
    problems: tuple[Text, ...]

    def sound(self) -> Model:
        """The model; raises Refused where anything is wrong with it."""
        if self.problems:
            raise Refused(*self.problems)
        return self.model


def examined(file: File, parsed: Parsed) -> Examined:
    """What parsed equations make of a model, and all that is wrong with them."""
    reader = Reader(file, parsed, list(parsed.problems))
    model = reader.model()
    return Examined(model, tuple(dict.fromkeys(_problems(file, reader, model))))


@dataclass
class Reader:
    """Collects variables and what is wrong with them.

    `cells` holds what was read from spreadsheets, by the tree that asked for it; `operations`
    counts what was written out so far; `left_out` are the names of equations and ranges that were
    reported, or need what was; `looked_into` those of data whose points are asked for; `shapes` the
    subscripts of arrays that were asked for.
    """

    file: File
    parsed: Parsed
    problems: list[Text]
    variables: dict[str, Variable] = field(default_factory=dict)
    cells: dict[int, Any] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)
    left_out: set[str] = field(default_factory=set)
    noises: dict[str, str] = field(default_factory=dict)
    looked_into: set[str] = field(default_factory=set)
    shapes: dict[str, list[str]] = field(default_factory=dict)
    operations: int = 0
    arrays: int = 0

    @property
    def elements(self) -> Elements:
        """The parsed variables of the model."""
        return self.parsed.elements

    @property
    def macros(self) -> Mapping[str, ParsedMacro]:
        """The parsed macros of the model."""
        return self.parsed.macros

    def model(self) -> Model:
        """The whole, in the order of the file."""
        for name in self.elements:
            self.read(name)
        for name in self.looked_into:
            variable = self.variables[name]
            if isinstance(path := variable.definition, Path):
                time = HELD if path.held else Reference("time")
                level = Auxiliary(Lookup(path.points, time))
                self.variables[name] = replace(variable, definition=level)
        place = {name: number for number, name in enumerate(self.elements)}

        def of_file(variable: Variable) -> int:
            name = variable.owner or variable.name
            return place[name if name in place else name.split("[")[0]]

        ordered = sorted(self.variables.values(), key=of_file)
        defined: dict[str, list[tuple[str, ...]]] = {}
        for variable in ordered:
            if variable.array and not variable.owner:
                defined.setdefault(variable.array, []).append(variable.elements)
        arrays = {array: self.dimensions(array, own) for array, own in defined.items()}
        files = tuple(sorted(self.sheets.used.items()))
        variables = {v.name: v for v in ordered}
        return Model(variables, arrays, files, self.noises, self.parsed.method)

    @cached_property
    def sheets(self) -> Sheets:
        """The data files beside the model."""
        return Sheets(self.file.resolve().parent)

    @cached_property
    def beside(self) -> dict[str, Column]:
        """The series in the data files that stand beside the model; raises Unreadable."""
        return data_beside(self.sheets, self.file.stem)

    @cached_property
    def ranges(self) -> Ranges:
        """The subscript ranges of the model."""
        try:
            return read_ranges(self.parsed.ranges, self.sheets.names)
        except BadRange as error:
            self.problems.append(problem(self.file, error.written, *error.said))
            self.left_out |= {canonical(each.name) for each, _ in self.parsed.ranges}
            return Ranges()

    def subscripts_of(self, name: str) -> list[str]:
        """The subscripts that an array has on the left; where its equations name elements, the
        range that these fill. None for a scalar."""
        if name not in self.elements:
            return []
        if name not in self.shapes:
            places = [dict.fromkeys(own) for own in zip(*self.sides(name), strict=False)]
            self.shapes[name] = [
                self.range_of(own) if len(own) > 1 else next(iter(own)) for own in places
            ]
        return self.shapes[name]

    def range_of(self, subscripts: Iterable[str]) -> str:
        """The range that subscripts at one place of an array fill, or lie in."""
        try:
            own = {each for name in subscripts for each in self.ranges.expanded(name)}
        except UnknownSubscript as error:  # which is told of the equation that has it
            return str(error)
        return self.ranges.home(own, map(canonical, subscripts)) or next(iter(subscripts))

    def sides(self, name: str) -> list[list[str]]:
        """The subscripts on the left of each equation of an array."""
        return [component.subscripts[0] for component in self.elements[name].components]

    def read(self, name: str) -> None:
        """Adds the variables that a parsed element defines, and what is written out of them."""
        if name in self.begun:
            return
        self.begun.add(name)
        element = self.elements[name]
        wide = {len(component.subscripts[0]) for component in element.components}
        for number, component in enumerate(element.components):
            base = element.variable(name, number)
            if 0 in wide and len(element.components) > 1:
                self.report(base, "多个方程定义同一变量", "several equations define one variable")
            elif len(wide) > 1:
                self.report(base, "各方程的下标个数不同", "its equations differ in subscripts")
            else:
                self.read_component(component, base)

    def read_component(self, component: Any, base: Variable) -> None:
        """Adds every element that one equation defines, save those after :EXCEPT:."""
        subscripts, excepted = component.subscripts
        try:
            shape = tuple(len(self.ranges.expanded(name)) for name in subscripts)
            if not self.has_room(math.prod(shape), base):
                return
            every = self.ranges.product(subscripts)
            left_out = {each for group in excepted for each in self.ranges.product(group)}
        except UnknownSubscript as error:
            if canonical(str(error)) not in self.left_out:
                self.report(base, *self.ranges.meaningless(str(error)))
            self.left_out.add(base.name)
            return
        scope = Scope(self.elements)
        for place, elements in enumerate(every):
            if elements in left_out:
                continue
            variable = self.element(base, elements) if elements else base
            sides = self.subscripts_of(base.name) if self.parsed.elided else subscripts
            bindings = self.ranges.bindings(sides, elements)
            equation = Equation(variable, self, scope, bindings, place, shape)
            if not self.define(equation, component):
                return

    def has_room(self, elements: int, base: Variable) -> bool:
        """Whether an array of so many elements may be added; False when it was reported."""
        self.arrays += elements
        if self.arrays > MOST_ELEMENTS:
            self.report(
                base,
                f"数组元素合计超过 {MOST_ELEMENTS} 个",
                f"more than {MOST_ELEMENTS} elements of arrays in all",
            )
        return self.arrays <= MOST_ELEMENTS

    def element(self, base: Variable, elements: tuple[str, ...]) -> Variable:
        """One element of an array."""
        labels = [self.ranges.label(element) for element in elements]
        return replace(
            base,
            name=element_name(base.name, elements),
            written=element_name(base.written, labels),
            array=base.name,
            elements=elements,
        )

    def define(self, equation: Equation, component: Any) -> bool:
        """Adds the variable that an equation defines; False when it was reported."""
        variable = equation.variable
        first = self.variables.get(variable.name)
        try:
            if first is not None:
                equation.report(
                    f"{variable.written} 在第 {first.line} 行已有方程；请用 :EXCEPT: 排除",
                    f"{variable.written} has its equation in line {first.line}; leave it out here "
                    "by :EXCEPT:",
                )
            definition = equation.define(component)
            if any(depth(part) > DEEPEST for part in parts(definition)):
                equation.report("嵌套过深；请拆成几个变量", "nested too deeply; split it")
        except Unsupported:
            self.left_out |= {variable.name, variable.array}
            return False
        self.variables[variable.name] = replace(variable, definition=definition)
        return True

    def local(self, scope: Scope, name: str, caller: Variable) -> str:
        """The name of a macro's variable within one call; adds it when it is first met."""
        full = f"{scope.prefix}__{name}"
        if full not in self.begun:
            self.begun.add(full)
            element = scope.elements[name]
            base = replace(element.variable(name, 0), name=full, owner=caller.owner or caller.name)
            component = element.components[0]
            if component.subscripts[0]:
                self.left_out.add(full)
                self.report(
                    base,
                    "不支持宏中带下标的变量；下标请写在调用宏的方程上",
                    "subscripts in a macro are not supported; write them in the equation that "
                    "calls it",
                )
            else:
                self.define(Equation(base, self, scope), component)
        return full

    def definition(self, name: str) -> Definition | None:
        """What a name is, read on demand; None while its own equation is being read."""
        array = name.split("[")[0]
        if name not in self.variables and array in self.elements:
            self.read(array)
        found = self.variables.get(name)
        return found.definition if found else None

    def dimensions(self, array: str, defined: Sequence[tuple[str, ...]]) -> tuple[Dimension, ...]:
        """The dimensions of an array: for each place the range that its elements fill."""
        sides = self.sides(array)
        found: list[Dimension] = []
        for place, own in enumerate(zip(*defined, strict=True)):
            preferred = [canonical(side[place]) for side in sides]
            home = self.ranges.home(own, preferred)
            members = self.ranges.members[home] if home else tuple(dict.fromkeys(own))
            name = home or f"{array}_{place + 1}"
            while name in [dimension.name for dimension in found]:
                name += "_2"
            found.append(Dimension(name, tuple(map(self.ranges.label, members))))
        return tuple(found)

    def report(self, variable: Variable, zh: str, en: str) -> None:
        """Notes what is wrong with an equation."""
        self.problems.append(
            problem(self.file, Written(variable.line, variable.written, ""), zh, en)
        )


def depth(expression: Expression) -> int:
    """How many calls stand within each other."""
    deepest, level = 0, [expression]
    while level:
        deepest += 1
        within = (part for each in level for part in arguments_of(each))
        level = list({id(part): part for part in within}.values())
    return deepest


def _problems(file: File, reader: Reader, model: Model) -> list[Text]:
    """What could not be read, what is not defined, and what the clock lacks."""
    problems = list(reader.problems)
    known = set(model.variables)
    arrays = {variable.array for variable in model.variables.values()}
    # equations that were left out above
    reported = (set(reader.elements) | reader.parsed.failed) - known - arrays | reader.left_out
    for variable in model.variables.values():
        needed = {n for part in parts(variable.definition) for n in references(part)}
        for name, as_table in uses(variable.definition):
            other = model.definition(name)
            if other is not None and isinstance(other, Table) != as_table:
                problems.append(_misused(file, variable, name, as_table))
        for name in sorted(needed - known):
            if name in reported or name in arrays or name.split("[")[0] in reported:
                continue
            hint = (
                _hint(name, variable.equation, known, arrays)
                if len(problems) < HINTS
                else Text("", "")
            )
            entry = Written(variable.line, variable.written, "")
            zh, en = f"用到的 {name} 没有定义{hint.zh}", f"{name} is not defined{hint.en}"
            problems.append(problem(file, entry, zh, en))
    for name in CONTROL:
        if name not in known | reported:
            written = name.upper().replace("_", " ")
            problems.append(
                Text(
                    f"{file}: 缺少 {written}；文件是否在中途截断？",
                    f"{file}: {written} is missing; does the file break off?",
                )
            )
    return problems


def _hint(name: str, equation: str, known: Collection[str], arrays: Collection[str]) -> Text:
    """The way out where a name is not defined."""
    array, bracket, _ = name.partition("[")
    if bracket and array in arrays:
        return Text(
            f"；{array} 的方程没有包括这个元素", f"; no equation of {array} has that element"
        )
    if re.search(rf"^[\d.]|[(),=+*/<>;:{MATHEMATICS}-]", array) and odd_signs(equation).zh:
        return odd_signs(equation)
    if re.search(r"(^|_)(and|or|not)_", array) and bare_logic(equation).zh:
        return bare_logic(equation)
    return near(name, known)  # which takes a while


def _misused(file: File, variable: Variable, name: str, as_table: bool) -> Text:
    entry = Written(variable.line, variable.written, "")
    if as_table:
        return problem(file, entry, f"{name} 不是表函数", f"{name} is no table function")
    return problem(
        file,
        entry,
        f"{name} 是表函数，须写成 {name}(…)",
        f"{name} is a table function; it is read by {name}(…)",
    )


def uses(definition: Definition) -> set[tuple[str, bool]]:
    """The names that a definition reads, each with whether it is read as a table."""
    found: set[tuple[str, bool]] = set()
    waiting = list(parts(definition))
    while waiting:
        expression = waiting.pop()
        waiting.extend(arguments_of(expression))
        match expression:
            case Reference(name):
                found.add((name, False))
            case Lookup(str(name)):
                found.add((name, True))
    return found


HINTS = 20
"""So many undefined names are looked up for others like them."""
