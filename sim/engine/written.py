"""The text of a Vensim file: its equations as their modeller wrote them.

PySD keeps neither the lines nor the text of equations, and its reading of a whole file stumbles
over group markers, several macros and a second bracket in the units; so the file is taken apart
here, and PySD is given one equation at a time.
"""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path as File

from sim.engine.decoding import read_text
from sim.engine.method import EULER, Method, method_of_vensim
from sim.engine.model import canonical
from sim.text import Refused, Text


@dataclass(frozen=True)
class Written:
    """An equation as it stands in the file: line, name as written, text, units and comment, and
    the name of the group under whose marker it stands."""

    line: int
    name: str
    equation: str
    units: str = ""
    comment: str = ""
    group: str = ""


@dataclass(frozen=True)
class Macro:
    """A macro as it stands in the file: its equations and the names of its arguments, and of what
    it gives beside its value."""

    line: int
    name: str
    arguments: tuple[str, ...]
    equations: list[Written]
    outputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """A file's equations, its macros by canonical name, and its method of integration."""

    equations: list[Written]
    macros: dict[str, Macro] = field(default_factory=dict)
    method: Method = EULER


def problem(file: File, entry: Written, zh: str, en: str) -> Text:
    """What is wrong with an equation, and where it stands."""
    name = entry.name if len(entry.name) <= LONG else entry.name[:LONG] + "…"
    return in_line(file, entry.line, Text(f"变量 {name}：{zh}", f"variable {name}: {en}"))


def in_line(file: File, line: int, said: Text) -> Text:
    """What is said of a line of a file; of line 0, which no file has, of the file alone."""
    if not line:
        return Text(f"{file}，{said.zh}", f"{file}, {said.en}")
    return Text(f"{file} 第 {line} 行，{said.zh}", f"{file} line {line}, {said.en}")


LONG = 80
"""Characters of a name or an equation that a message quotes."""


def read_page(file: File) -> Page:
    """The equations of a model file; raises Refused when it is unreadable or breaks off."""
    body, *rest = SKETCH.split(read_text(file), maxsplit=1)
    body = body.rstrip("\x1a")
    settings = "".join(rest)
    for label, name in ALIAS.findall(settings):
        body = body.replace(f"'{label}'", f"'{name}'")
    problems: list[Text] = []
    macros: dict[str, Macro] = {}
    for block in MACRO.finditer(body):
        first = body.count("\n", 0, block.start("body"))
        line = body.count("\n", 0, block.start()) + 1
        arguments, outputs = (
            tuple(filter(None, map(str.strip, names.split(","))))
            for names in block["arguments"].partition(":")[::2]
        )
        equations = _equations(file, block["body"], first, problems)
        name = block["name"].strip()
        macros[canonical(name)] = Macro(line, name, arguments, equations, outputs)
    main = MACRO.sub(lambda block: "\n" * block[0].count("\n"), body)
    equations = _equations(file, main, 0, problems)
    if problems:
        raise Refused(*problems)
    return Page(equations, macros, method_of_vensim(settings))


SKETCH = re.compile(r"\\{2,3}---///")
ALIAS = re.compile(r"^30:(\?[^=\n]+)=(.+)$", re.M)
"""Data files that the equations name by a word of the model's settings: '?data' for a file."""
MACRO = re.compile(
    r":MACRO:\s*(?P<name>[^(:~|]+)\((?P<arguments>[^()]*)\)(?P<body>.*?):END OF MACRO:",
    re.S | re.I,
)
EQUATION = re.compile(r'(?>"(?:\\[\s\S]|[^"\\\n])*+"|\{[^{}]*+\}|[^~|])*+')
"""Quoted names and comments in braces may hold any character; a quote that is not closed in its
line, or a brace that is never closed, is a character like others."""
REST = re.compile(r"[^~|]*+")
MOST_PARTS = 4
"""Parts of an equation between tildes: itself, units, comment, and that it is supplementary. A
comment may hold tildes (2015~2020)."""
NEXT = re.compile(r"\n[^\n=]{1,80}=")
"""Where an equation begins in a comment."""
LEAD = re.compile(r"(?>\s+|\{[^{}]*+\})*+")
NAME = re.compile(r'\s*("(?:\\.|[^"\\])*+"|[^=(:\[<]+)')


def _equations(file: File, body: str, first: int, problems: list[Text]) -> list[Written]:
    """The equations of a text that begins in line `first` + 1, in order; what breaks off goes to
    `problems`. Markers of groups are left out."""
    found: list[Written] = []
    group = ""
    place = line = 0
    while place < len(body):
        start = _end(LEAD, body, place)
        line += body.count("\n", place, start)
        stop = _end(EQUATION, body, start)
        parts = [body[start:stop]]
        while body[stop : stop + 1] == "~":
            begin, stop = stop + 1, _end(REST, body, stop + 1)
            parts.append(body[begin:stop])
        entry = _entry(first + line + 1, *parts)
        if len(parts) > MOST_PARTS and any(map(NEXT.search, parts[2:])):
            problems.append(
                problem(
                    file,
                    entry,
                    "没有以 | 结束，下一个方程因此成了它的注释",
                    "| is missing; the next equation has become its comment",
                )
            )
        elif stop == len(body) and (entry.equation or len(parts) > 1):
            problems.append(
                problem(file, entry, "没有以 | 结束；文件在此中断", "| is missing; it breaks off")
            )
        elif entry.equation.startswith("*"):
            group = entry.equation.strip("* ").removeprefix(".")
        elif entry.equation:
            found.append(replace(entry, group=group))
        place, line = stop + 1, line + body.count("\n", start, stop + 1)
    return found


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start


def _entry(line: int, equation: str, units: str = "", *more: str) -> Written:
    equation = re.sub(r"\s+", " ", equation.replace("\\\n", " ")).strip()
    name = NAME.match(equation)
    comment = "~".join(part for part in more if part.strip() and part.strip()[0] != ":")
    return Written(
        line=line,
        name=name[1].strip() if name else equation[:LONG],
        equation=equation,
        units=re.sub(r"\s+", " ", units.split("[")[0].replace("\\\n", " ")).strip(),
        comment=re.sub(r"\s+", " ", comment.replace("\\\n", " ")).strip(),
    )


def refuse_collisions(file: File, written: list[Written]) -> None:
    """Refuses two equations of one name that are not parts of one array."""
    first: dict[str, Written] = {}
    problems = []
    for entry in written:
        other = first.setdefault(canonical(entry.name), entry)
        if other is not entry and "[" not in entry.equation.split("=")[0]:
            problems.append(
                Text(
                    f"{file} 第 {entry.line} 行：{entry.name} 与第 {other.line} 行的 {other.name} "
                    "重名；请改名",
                    f"{file} line {entry.line}: {entry.name} has the same name as {other.name} in "
                    f"line {other.line}; rename one",
                )
            )
    if problems:
        raise Refused(*problems)
