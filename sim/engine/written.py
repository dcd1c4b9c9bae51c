"""The text of a Vensim file: its equations as their modeller wrote them, and what the parser gets.

PySD keeps neither the lines nor the text of equations, and stumbles over some of what Vensim
writes; both are put right here, before it parses.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path as File

from sim.engine.model import canonical
from sim.text import Refused, Text


@dataclass(frozen=True)
class Written:
    """An equation as it stands in the file: line, name as written, text, units and comment."""

    line: int
    name: str
    equation: str
    units: str
    comment: str


@dataclass(frozen=True)
class Page:
    """A file's equations, those of each macro apart, and its text as the parser reads it."""

    equations: list[Written]
    text: str
    macros: dict[str, list[Written]] = field(default_factory=dict)


def read_page(file: File) -> Page:
    """The equations of a model file; raises Refused when it is unreadable or not UTF-8."""
    body = _text_of(file).split("\\\\\\---///", 1)[0]
    macros: dict[str, list[Written]] = {}
    blocks = []
    for block in MACRO.finditer(body):
        first = body.count("\n", 0, block.start("body"))
        macros[canonical(block["name"])] = _equations(block["body"], first)
        blocks.append(block[0])
    main = MACRO.sub(lambda block: "\n" * block[0].count("\n"), body)
    # macros come first: the parser reads no macro that follows an equation and precedes another
    text = "\n".join(_for_parser(part) for part in [*blocks, main])
    return Page(_equations(main), text, macros)


def _text_of(file: File) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(
            Text(
                f"{file}: 不是 UTF-8 编码；请在 Vensim 中另存为 UTF-8",
                f"{file}: not UTF-8; save it as UTF-8 from Vensim",
            )
        ) from error
    except OSError as error:
        raise Refused(
            Text(
                f"找不到或无法读取模型文件 {file}（{error.strerror}）",
                f"the model file {file} cannot be read ({error.strerror})",
            )
        ) from error


MACRO = re.compile(r":MACRO:\s*(?P<name>[^(]+)\([^)]*\)(?P<body>.*?):END OF MACRO:", re.S | re.I)
ENTRY = re.compile(
    r'((?:"(?:\\.|[^"\\])*"|[^~|"])*)~((?:"(?:\\.|[^"\\])*"|[^~|"])*)(?:~([^|]*))?\|'
)
"""Equation ~ units ~ comment | — quoted names may hold any character."""


def _for_parser(text: str) -> str:
    """The text without what stands in braces outside of quoted names, and without the mappings
    of ranges, whose parts the parser takes for elements."""
    plain = re.sub(r'("(?:\\.|[^"\\\n|~])*")|\{[^{}]*\}', lambda found: found[1] or " ", text)
    return re.sub(r'((?:^|\|)[^|~="<:]*:[^|~="<]*?)->[^~|]*', r"\1", plain)


def _equations(body: str, first: int = 0) -> list[Written]:
    """The equations of a text that begins in line `first` + 1, in order."""
    found: list[Written] = []
    for entry in ENTRY.finditer(body):
        lead = re.match(r"\s*(\{[^}]*\}\s*)*", entry.group(1))
        skipped = lead.end() if lead else 0
        equation = entry.group(1)[skipped:].replace("\\\n", " ")
        equation = re.sub(r"\s+", " ", equation).strip()
        if equation.startswith("*"):
            continue
        name = re.match(r'\s*("(?:\\.|[^"\\])*"|[^=(:\[<]+)', equation)
        found.append(
            Written(
                line=first + body.count("\n", 0, entry.start() + skipped) + 1,
                name=name.group(1).strip() if name else equation,
                equation=equation,
                units=re.sub(r"\[.*", "", entry.group(2)).strip(),
                comment=re.sub(r"\s+", " ", (entry.group(3) or "").split("~")[0]).strip(),
            )
        )
    return found


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
