"""A report as a tree, before it is Word, HTML or PDF; every number in it knows where it is from."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from sim.text import Text

DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


class Reference(NamedTuple):
    """What a number is: a statistic of a variable or target, in a year and a scenario of a run."""

    statistic: str = "text"
    scenario: str = ""
    target: str = ""
    variable: str = ""
    year: str = ""
    run: str = ""


WRITTEN = Reference()
"""Of a number that somebody wrote: in a scenario, a reason, a source."""


class Number(NamedTuple):
    """A number as it is printed; `identity` counts through the document from 1."""

    text: str
    reference: Reference = WRITTEN
    identity: int = 0


Inline = str | Number
Line = tuple[Inline, ...]


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 (chapter) to 3; it holds no number."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: "body", an "item" of a list, or a "note" under a table or figure."""

    line: Line
    style: str = "body"


@dataclass(frozen=True)
class Table:
    """A table with a header row; `widths` in shares of the page, the first `left` columns left."""

    caption: Line
    head: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    widths: tuple[float, ...]
    left: int = 1


@dataclass(frozen=True)
class Figure:
    """A picture of `width` × `height` cm with what stands for it unseen, in both languages."""

    caption: Line
    png: bytes = field(repr=False)
    width: float
    height: float
    alt: Text


Block = Heading | Paragraph | Table | Figure


@dataclass(frozen=True)
class Document:
    """The report: its cover and its blocks."""

    title: str
    subtitle: tuple[str, ...]
    date: str
    lang: str
    blocks: tuple[Block, ...] = field(repr=False)


def numbered(text: str, reference: Reference = WRITTEN) -> Line:
    """`text` with every number in it made a Number of `reference`; ± stays beside its numbers."""
    parts: list[Inline] = []
    at, text = 0, text.replace(" ± ", "\u00a0±\u00a0")
    for found in DIGITS.finditer(text):
        if found.start() > at:
            parts.append(text[at : found.start()])
        parts.append(Number(found[0], reference))
        at = found.end()
    if at < len(text):
        parts.append(text[at:])
    return tuple(parts)


def joined(*parts: str | Line) -> Line:
    """One line of several; plain text among them has its numbers found."""
    return tuple(
        inline for part in parts for inline in (numbered(part) if isinstance(part, str) else part)
    )


def plain(line: Line) -> str:
    """A line as text."""
    return "".join(part if isinstance(part, str) else part.text for part in line)


def filled(template: str, values: dict[str, str | Line]) -> Line:
    """A template with `{name}` places, in each of which a text or a line is put."""
    parts = re.split(r"\{(\w+)\}", template)
    return joined(*(values[p] if place % 2 else p for place, p in enumerate(parts)))


def identified(document: Document) -> Document:
    """The document with its numbers counted, in the order in which they are read."""
    count = iter(range(1, 10**9))

    def line(parts: Line) -> Line:
        return tuple(
            part if isinstance(part, str) else part._replace(identity=next(count)) for part in parts
        )

    def block(one: Block) -> Block:
        match one:
            case Paragraph():
                return replace(one, line=line(one.line))
            case Figure():
                return replace(one, caption=line(one.caption))
            case Table():
                caption = line(one.caption)
                rows = tuple(tuple(line(cell) for cell in row) for row in one.rows)
                return replace(one, caption=caption, rows=rows)
        return one

    return replace(document, blocks=tuple(block(one) for one in document.blocks))


class Place(NamedTuple):
    """Where a number stands: the chapter; the table or figure and its row and column, if any."""

    chapter: str
    table: int = 0
    figure: int = 0
    row: int = 0
    column: int = 0


def numbers(document: Document) -> Iterator[tuple[Number, Place]]:
    """Every number with its place, in reading order."""
    chapter, tables, figures = "", 0, 0
    for one in document.blocks:
        match one:
            case Heading():
                chapter = one.text if one.level == 1 else chapter
            case Paragraph():
                yield from _of(one.line, Place(chapter))
            case Figure():
                figures += 1
                yield from _of(one.caption, Place(chapter, figure=figures))
            case Table():
                tables += 1
                yield from _of(one.caption, Place(chapter, tables))
                for row, cells in enumerate(one.rows, 1):
                    for column, cell in enumerate(cells, 1):
                        yield from _of(cell, Place(chapter, tables, 0, row, column))


def _of(line: Line, place: Place) -> Iterator[tuple[Number, Place]]:
    return ((part, place) for part in line if isinstance(part, Number))


ORDINALS = "〇一二三四五六七八九十"


def chinese(number: int) -> str:
    """1 to 99 as Chinese counts: 一, 十二, 三十."""
    tens, ones = divmod(number, 10)
    text = (ORDINALS[tens] if tens > 1 else "") + (ORDINALS[10] if tens else "")
    return text + (ORDINALS[ones] if ones else "")


def heading_numbers(blocks: Sequence[Block], lang: str) -> list[str]:
    """The number before each block that is a heading: 一、 and （一） (GB/T 9704-2012, 7.3.3)."""
    counts = [0, 0, 0]
    found = []
    for one in blocks:
        if not isinstance(one, Heading):
            found.append("")
            continue
        counts[one.level - 1] += 1
        counts[one.level :] = [0] * (3 - one.level)
        number = counts[one.level - 1]
        if lang == "en":
            found.append(".".join(map(str, counts[: one.level])) + "  ")
        else:
            styles = (f"{chinese(number)}、", f"（{chinese(number)}）", f"{number}．")
            found.append(styles[one.level - 1])
    return found
