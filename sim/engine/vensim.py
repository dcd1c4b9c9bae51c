"""A Vensim file becomes a Model; the only door to PySD's parser.

PySD parses each equation into a tree of its own; `equation` turns the trees into the few kinds
of expression that the engine knows, one per element of an array.
"""

import re
import warnings
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path as File
from typing import Any

from sim.engine.equation import Equation, Scope, Unsupported, element_name
from sim.engine.external import Sheets, Unreadable
from sim.engine.model import (
    CONTROL,
    Constant,
    Definition,
    Dimension,
    Model,
    Variable,
    canonical,
    parts,
    references,
)
from sim.engine.subscripts import Ranges, UnknownSubscript, read_ranges
from sim.engine.written import Page, Written, read_page, refuse_collisions
from sim.text import Refused, Text, near


def read_mdl(path: File | str) -> Model:
    """The model in a Vensim text file.

    Raises Refused when the file cannot be read, is not UTF-8, breaks off, or uses what the
    engine does not have: each by name, variable and line.
    """
    file = File(path)
    page = read_page(file)
    if not page.equations:
        raise Refused(
            Text(
                f"{file}: 不含任何方程；请给出 Vensim 文本格式（.mdl）的模型文件",
                f"{file}: holds no equation; a Vensim text model (.mdl) is wanted",
            )
        )
    refuse_collisions(file, page.equations)
    main, *macros = _parse(file, page)
    reader = Reader(
        file,
        page,
        {canonical(element.name): element for element in main.elements},
        {canonical(section.name): section for section in macros},
        main.subscripts,
    )
    model = reader.model()
    _refuse_problems(file, reader, model)
    return model


def _parse(file: File, page: Page) -> list[Any]:
    """PySD's sections: the model, then its macros."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pysd.translators.vensim.vensim_file import VensimFile  # 0.6 s: only when a file is new

        try:
            parser = VensimFile(file, encoding="utf-8-sig")
            parser.model_text = parser._clean(page.text).strip()
            parser.parse()
            return list(parser.get_abstract_model().sections)
        except Exception as error:  # the parser raises its grammar library's errors, and its own
            raise _unparsable(file, page.equations, error) from error


def _unparsable(file: File, written: list[Written], error: Exception) -> Refused:
    """The refusal of a file that the parser cannot read: every equation that it stops at."""
    from pysd.translators.vensim.vensim_element import Element

    problems = []
    for entry in written:
        try:
            Element(entry.equation, entry.units, entry.comment).parse().parse()
        except Exception as found:  # of the parser's grammar library, or its own
            problems.append(_stopped(file, entry, found))
    if not problems:
        what = " ".join(str(error).split())[:200]
        problems = [Text(f"{file}: 无法解析（{what}）", f"{file}: cannot be parsed ({what})")]
    return Refused(*problems)


def _stopped(file: File, entry: Written, found: Exception) -> Text:
    place = re.search(r"at '(.{0,40}?)'? \(line", " ".join(str(found).split()))
    at = place.group(1).strip() if place else ""
    return Text(
        f"{file} 第 {entry.line} 行，变量 {entry.name}：方程无法解析"
        + (f"，停在“{at}”" if at else "")
        + "；检查括号和逗号，以及文件是否在中途截断",
        f"{file} line {entry.line}, variable {entry.name}: the equation cannot be parsed"
        + (f", it stops at '{at}'" if at else "")
        + "; look at brackets and commas, and whether the file breaks off",
    )


@dataclass
class Reader:
    """Collects variables and what is wrong with them.

    `elements` are the parser's elements by canonical name, each with one component per equation;
    `macros` its sections for macros, `parsed` its subscript ranges. `cells` holds what was read
    from spreadsheets, by the tree that asked for it.
    """

    file: File
    page: Page
    elements: dict[str, Any]
    macros: dict[str, Any]
    parsed: list[Any]
    variables: dict[str, Variable] = field(default_factory=dict)
    problems: list[Text] = field(default_factory=list)
    cells: dict[int, Any] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)

    def model(self) -> Model:
        """The whole, in the order of the file."""
        for name in self.elements:
            self.read(name)
        place = {name: number for number, name in enumerate(self.elements)}

        def of_file(variable: Variable) -> int:
            written = self.variables.get(variable.owner, variable)
            return place[written.array or written.name]

        ordered = sorted(self.variables.values(), key=of_file)
        arrays = {name: self.dimensions(name) for name in self.elements if self.subscripts_of(name)}
        return Model({v.name: v for v in ordered}, arrays, tuple(sorted(self.sheets.used.items())))

    @cached_property
    def sheets(self) -> Sheets:
        """The data files beside the model."""
        return Sheets(self.file.resolve().parent)

    @cached_property
    def ranges(self) -> Ranges:
        """The subscript ranges of the model."""
        equations = {name: entries[0].equation for name, entries in self.written.items()}
        try:
            return read_ranges(self.parsed, equations, self.sheets.names)
        except Unreadable as error:
            self.problems.append(
                Text(
                    f"{self.file}: 下标范围的数据文件无法读取（{error}）",
                    f"{self.file}: a subscript range cannot be read from its file ({error})",
                )
            )
            return Ranges()

    @cached_property
    def written(self) -> dict[str, list[Written]]:
        """The equations as written, by name."""
        return _by_name(self.page.equations)

    def subscripts_of(self, name: str) -> list[str]:
        """The subscripts on the left of a variable's first equation; none for a scalar."""
        element = self.elements.get(name)
        return list(element.components[0].subscripts[0]) if element else []

    def read(self, name: str) -> None:
        """Adds the variables that a parsed element defines, and what is written out of them."""
        if name in self.begun:
            return
        self.begun.add(name)
        element = self.elements[name]
        for number, component in enumerate(element.components):
            base = _variable(name, element, self.written.get(name, []), number)
            if not component.subscripts[0] and len(element.components) > 1:
                self.report(base, "多个方程定义同一变量", "several equations define one variable")
            else:
                self.read_component(component, base)

    def read_component(self, component: Any, base: Variable) -> None:
        """Adds every element that one equation defines, save those after :EXCEPT:."""
        subscripts, excepted = component.subscripts
        scope = Scope(self.elements)
        try:
            every = self.ranges.product(subscripts)
            left_out = {each for group in excepted for each in self.ranges.product(group)}
        except UnknownSubscript as error:
            self.report(base, f"没有下标 {error}", f"there is no subscript {error}")
            return
        shape = tuple(len(self.ranges.expanded(name)) for name in subscripts)
        for place, elements in enumerate(every):
            if elements in left_out:
                continue
            variable = base
            if elements:
                labels = [self.ranges.label(element) for element in elements]
                variable = replace(
                    base,
                    name=element_name(base.name, elements),
                    written=element_name(base.written, labels),
                    array=base.name,
                    elements=elements,
                )
            bindings = self.ranges.bindings(subscripts, elements)
            equation = Equation(variable, self, scope, bindings, place, shape)
            if not self.define(equation, component):
                return

    def define(self, equation: Equation, component: Any) -> bool:
        """Adds the variable that an equation defines; False when it was reported."""
        try:
            definition = equation.define(component)
        except Unsupported:
            return False
        except (AttributeError, IndexError, KeyError, RecursionError, TypeError) as error:
            # a call whose arguments are not of the kind that its function is made of
            what = " ".join(str(error).split())[:80]
            self.report(equation.variable, f"无法理解（{what}）", f"cannot be understood ({what})")
            return False
        variable = equation.variable
        self.variables[variable.name] = replace(variable, definition=definition)
        return True

    def local(self, scope: Scope, name: str, caller: Variable) -> str:
        """The name of a macro's variable within one call; adds it when it is first met."""
        full = f"{scope.prefix}__{name}"
        if full not in self.begun:
            self.begun.add(full)
            element = scope.elements[name]
            macro = [entry for entries in self.page.macros.values() for entry in entries]
            base = _variable(name, element, _by_name(macro).get(name, []), 0)
            owner = caller.owner or caller.name
            base = replace(base, name=full, owner=owner, line=base.line or caller.line)
            component = element.components[0]
            if component.subscripts[0]:
                self.report(base, "不支持宏中的下标", "subscripts in a macro are not supported")
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

    def dimensions(self, array: str) -> tuple[Dimension, ...]:
        """The dimensions of an array: for each place the range that its elements fill."""
        defined = [v.elements for v in self.variables.values() if v.array == array and not v.owner]
        sides = [c.subscripts[0] for c in self.elements[array].components]
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
        line, name = variable.line, variable.written
        self.problems.append(
            Text(
                f"{self.file} 第 {line} 行，变量 {name}：{zh}",
                f"{self.file} line {line}, variable {name}: {en}",
            )
        )


def _by_name(written: list[Written]) -> dict[str, list[Written]]:
    found: dict[str, list[Written]] = {}
    for entry in written:
        found.setdefault(canonical(entry.name), []).append(entry)
    return found


def _variable(name: str, element: Any, written: list[Written], number: int) -> Variable:
    """What the modeller wrote about the variable of an element's equation `number`; of an array,
    units and comment stand at one of its equations alone."""
    entry = written[min(number, len(written) - 1)] if written else None
    return Variable(
        name=name,
        written=element.name.strip().strip('"'),
        definition=Constant(0.0),
        units=next((e.units for e in written if e.units), element.units or ""),
        comment=next((e.comment for e in written if e.comment), ""),
        equation=entry.equation if entry else "",
        line=entry.line if entry else 0,
    )


def _refuse_problems(file: File, reader: Reader, model: Model) -> None:
    """Refuses what could not be read, what is not defined, and what the clock lacks."""
    problems = list(reader.problems)
    known = set(model.variables)
    reported = set(reader.written) - known  # equations that were left out above
    for variable in model.variables.values():
        needed = {n for part in parts(variable.definition) for n in references(part)}
        for name in sorted(needed - known - reported):
            hint = near(name, known)
            problems.append(
                Text(
                    f"{file} 第 {variable.line} 行，变量 {variable.written}：用到的 {name} 没有定义"
                    f"{hint.zh}",
                    f"{file} line {variable.line}, variable {variable.written}: {name} is not "
                    f"defined{hint.en}",
                )
            )
    for name in CONTROL:
        if name not in known | reported:
            written = name.upper().replace("_", " ")
            problems.append(
                Text(
                    f"{file}: 缺少 {written}；文件是否在中途截断？",
                    f"{file}: {written} is missing; does the file break off?",
                )
            )
    if problems:
        raise Refused(*dict.fromkeys(problems))
