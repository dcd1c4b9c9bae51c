"""Subscript ranges: which elements a subscript means where it stands.

`x[a,b]` is read as one variable per element (docs/decisions/0007). All names here are canonical;
`label` gives the spelling of the file.
"""

import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.engine.external import Unreadable
from sim.engine.model import canonical, unquoted
from sim.engine.written import Written
from sim.text import Text, near

Bindings = Mapping[str, str]
"""The element that each range stands for in one element of an equation; `range!` inside SUM."""


class UnknownSubscript(Exception):
    """A subscript that is no range, no element, or a range that nothing binds."""


class BadRange(Exception):
    """A range that cannot be read: where it is written, and why."""

    def __init__(self, written: Written, zh: str, en: str) -> None:
        self.written, self.said = written, Text(zh, en)
        super().__init__(en)


@dataclass
class Ranges:
    """The subscript ranges of a model: their elements in order, and how they map."""

    members: dict[str, tuple[str, ...]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    maps: dict[tuple[str, str], tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def label(self, name: str) -> str:
        """A range or an element as the file spells it."""
        return self.labels.get(name, name)

    def expanded(self, name: str) -> tuple[str, ...]:
        """The elements of a range, or the element itself."""
        key = canonical(name)
        if key not in self.members and key not in self.labels:
            raise UnknownSubscript(name)
        return self.members.get(key, (key,))

    def meaningless(self, name: str) -> Text:
        """Why a subscript means no element where it stands, and the way out."""
        key = canonical(name).replace("_!", "!").rstrip("!")
        if key in self.members:
            return Text(
                f"下标 {name} 在此没有确定的元素；请写在等号左边，或在 SUM 等函数中写成 {name}!"
                "（Stella：*）",
                f"subscript {name} means no element here; write it on the left too, or as "
                f"{name}! (Stella: *) within SUM and the like",
            )
        hint = near(key, [*self.members, *self.labels])
        return Text(
            f"没有下标 {name}{hint.zh}",
            f"there is no subscript {name}{hint.en}",
        )

    def product(self, subscripts: Sequence[str]) -> list[tuple[str, ...]]:
        """Every combination of elements that a list of subscripts means, the last running
        fastest, as the numbers of an array are written."""
        return list(itertools.product(*(self.expanded(name) for name in subscripts)))

    def bindings(self, subscripts: Sequence[str], elements: Sequence[str]) -> dict[str, str]:
        """What the ranges among `subscripts` stand for in one combination of elements."""
        pairs = zip(map(canonical, subscripts), elements, strict=True)
        return {name: element for name, element in pairs if name in self.members}

    def element(self, subscript: str, bindings: Bindings) -> str:
        """The element that a subscript means: itself, what its range is bound to, or what a
        mapping or a shared element makes of another range's binding."""
        key = canonical(subscript).replace("_!", "!")
        if key in bindings:
            return bindings[key]
        if key not in self.members:
            if key in self.labels:
                return key
            raise UnknownSubscript(subscript)
        for other, bound in bindings.items():
            mapped = self._mapped(key, other.rstrip("!"), bound)
            if mapped is not None:
                return mapped
        for bound in bindings.values():
            if bound in self.members[key]:
                return bound
        raise UnknownSubscript(subscript)

    def _mapped(self, wanted: str, other: str, bound: str) -> str | None:
        """The element of `wanted` that a mapping sets beside the element `bound` of `other`."""
        pairs = [*self.maps.get((wanted, other), ())]
        pairs += [(source, target) for target, source in self.maps.get((other, wanted), ())]
        found = {source for target, source in pairs if target == bound}
        return found.pop() if len(found) == 1 else None

    def number(self, name: str, bindings: Bindings) -> float:
        """The place, from 1, of what a subscript stands for in its largest range."""
        element = self.element(name, bindings)
        own = set(self.members.get(canonical(name), (element,)))
        whole = max(
            (elements for elements in self.members.values() if own <= set(elements)), key=len
        )
        return float(whole.index(element) + 1)

    def home(self, elements: Iterable[str], preferred: Iterable[str]) -> str | None:
        """The range that an array's elements at one place fill, or lie in: a preferred one if it
        fits, else the smallest."""
        wanted = set(elements)
        fitting = [name for name, own in self.members.items() if wanted <= set(own)]
        exact = [name for name in fitting if len(self.members[name]) == len(wanted)]
        for name in preferred:
            if name in exact:
                return name
        return min(fitting, key=lambda name: len(self.members[name]), default=None)


def read_ranges(
    parsed: Iterable[tuple[Any, Written]], from_file: Callable[[Any], list[str]]
) -> Ranges:
    """The ranges of a model, from the parser's word for each and what is written.

    `from_file` gives the elements of a range that stands in a spreadsheet. Raises BadRange.
    """
    ranges = Ranges()
    raw: dict[str, list[str]] = {}
    parsed = list(parsed)
    for entry, written in parsed:
        content = entry.subscripts
        try:
            listed = from_file(content) if isinstance(content, dict) else content
        except Unreadable as error:
            zh, en = error.said
            raise BadRange(
                written, f"数据文件无法读取（{zh}）", f"cannot be read ({en})"
            ) from error
        if not listed:
            raise BadRange(written, "下标范围没有元素", "the range has no elements")
        raw[canonical(entry.name)] = [listed] if isinstance(listed, str) else list(listed)
        ranges.labels[canonical(entry.name)] = unquoted(entry.name)
    for entry, written in parsed:
        try:
            _expand(canonical(entry.name), raw, ranges, ())
        except UnknownSubscript as error:
            raise BadRange(
                written, "下标范围套在自身之中", "the range lies within itself"
            ) from error
    for _, written in parsed:
        for target, items in _mappings(written.equation):
            if canonical(target) not in ranges.members:
                raise BadRange(
                    written,
                    f"映射到的 {target.strip()} 不是下标范围",
                    f"it maps to {target.strip()}, which is no range",
                )
            _add_map(ranges, written, canonical(target), items)
    return ranges


def _expand(
    name: str, raw: Mapping[str, list[str]], ranges: Ranges, above: tuple[str, ...]
) -> tuple[str, ...]:
    """The elements of a range, those of its subranges in their place."""
    if name not in ranges.members:
        if name in above or len(above) > DEEPEST:
            raise UnknownSubscript(name)
        found: list[str] = []
        for item in raw[name]:
            key = canonical(item)
            if key in raw and key != name:
                found += _expand(key, raw, ranges, (*above, name))
            else:
                ranges.labels.setdefault(key, unquoted(item))
                found.append(key)
        ranges.members[name] = tuple(dict.fromkeys(found))
    return ranges.members[name]


DEEPEST = 40
"""Ranges within ranges."""


def _mappings(equation: str) -> Iterable[tuple[str, list[str]]]:
    """What a range's equation maps to after `->`: the range, and its parts where listed."""
    _, _, text = equation.partition("->")
    if "<->" in equation:
        return
    for listed, plain in re.findall(r"\(([^()]*)\)|([^,()]+)", text):
        if listed:
            target, _, items = listed.partition(":")
            yield target, [item.strip() for item in items.split(",")]
        elif plain.strip():
            yield plain, []


def _add_map(ranges: Ranges, written: Written, target: str, items: list[str]) -> None:
    source = canonical(written.name)
    parts, elements = items or list(ranges.members[target]), ranges.members[source]
    if len(parts) != len(elements):
        raise BadRange(
            written,
            f"{len(elements)} 个元素映射到 {target} 的 {len(parts)} 个；须一一写出",
            f"{len(elements)} elements map to {len(parts)} of {target}; each wants its own",
        )
    ranges.maps[source, target] = tuple(
        (mapped, element)
        for element, part in zip(elements, parts, strict=True)
        for mapped in ranges.members.get(canonical(part), (canonical(part),))
    )
