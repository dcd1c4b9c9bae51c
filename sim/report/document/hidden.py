"""The hidden record of a report's numbers: what each was when it was written, and what it is."""

import json
import re
import zipfile
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from sim.report.document.tree import Document, Number, Place, Reference, numbers
from sim.text import Refused, Text

FORMAT = 1
PART = "/customXml/sim-numbers.xml"
BOOKMARK = "_sim_"
SCRIPT = "sim-numbers"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True)
class Hidden:
    """What a report says of itself: from which runs, in which language, on which date; and what
    its numbers were, identity → number and place."""

    runs: tuple[str, ...]
    manifests: tuple[str, ...]
    lang: str
    date: str
    numbers: dict[int, tuple[Number, Place]]


def content(document: Document, runs: list[str], manifests: list[str], date: str) -> dict[str, Any]:
    """The record as plain data: references that repeat are written once."""
    references: dict[Reference, int] = {}
    entries = [
        [number.text, references.setdefault(number.reference, len(references)), list(place)]
        for number, place in numbers(document)
    ]
    return {
        "format": FORMAT,
        "runs": runs,
        "manifests": manifests,
        "lang": document.lang,
        "date": date,
        "references": [list(reference) for reference in references],
        "numbers": entries,
    }


def as_json(facts: dict[str, Any]) -> str:
    """The record on one line, the same for the same report."""
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))


def as_xml(facts: dict[str, Any]) -> bytes:
    """The record as a part of a Word file."""
    from xml.sax.saxutils import escape

    text = f'<sim xmlns="urn:sim:numbers">{escape(as_json(facts))}</sim>'
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'.encode()


def of_facts(facts: dict[str, Any], file: Path) -> Hidden:
    """The record read back; refuses one of another format."""
    if facts.get("format") != FORMAT:
        raise Refused(
            Text(
                f"{file} 由另一版本的 sim 生成，无法核对；请用 sim report 重新生成",
                f"{file} was made by another version of sim; make it again with sim report",
            )
        )
    references = [Reference(*entry) for entry in facts["references"]]
    found = {
        identity: (Number(text, references[reference], identity), Place(*place))
        for identity, (text, reference, place) in enumerate(facts["numbers"], 1)
    }
    return Hidden(
        tuple(facts["runs"]), tuple(facts["manifests"]), facts["lang"], facts["date"], found
    )


def read_report(file: Path) -> tuple[Hidden, dict[int, str]]:
    """The record in a report, and what stands in it now: identity → text; absent where gone.

    Raises Refused for a file that is no report of ours, or that has lost its record.
    """
    if not file.is_file():
        raise Refused(Text(f"没有文件 {file}", f"there is no file {file}"))
    reader = {".docx": _read_docx, ".html": _read_html, ".htm": _read_html}.get(file.suffix.lower())
    if reader is None:
        raise Refused(
            Text(
                f"{file}：只能核对 .docx 与 .html（PDF 由同样的内容生成，请核对它旁边的 .docx）",
                f"{file}: only .docx and .html can be read (the PDF has the same content)",
            )
        )
    try:
        record, shown = reader(file)
    except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise _no_record(file) from error
    return of_facts(record, file), shown


def _no_record(file: Path) -> Refused:
    return Refused(
        Text(
            f"{file} 中没有 sim 的数字记录：不是 sim report 生成的，或保存它的软件丢弃了记录；"
            "请用 sim report 重新生成",
            f"{file} holds no record of its numbers: it is not from sim report, or the program "
            "that saved it dropped them; make it again with sim report",
        )
    )


def _read_docx(file: Path) -> tuple[dict[str, Any], dict[int, str]]:
    from lxml import etree

    with zipfile.ZipFile(file) as archive:
        record = json.loads(_record_part(archive))
        body = etree.fromstring(archive.read("word/document.xml"))
    return record, _bookmarked(body)


def _record_part(archive: zipfile.ZipFile) -> str:
    """The text of the record: Word renames the parts that it does not know."""
    from lxml import etree

    for name in archive.namelist():
        if name.startswith("customXml/") and name.endswith(".xml"):
            root = etree.fromstring(archive.read(name))
            if root.tag == "{urn:sim:numbers}sim":
                return str(root.text)
    raise KeyError(PART)


def _bookmarked(body: Any) -> dict[int, str]:
    """What stands between the start and end of each of our bookmarks, deleted text left out."""
    open_now: dict[str, int] = {}
    found: dict[int, str] = {}
    for element in body.iter():
        if element.tag == f"{WORD}bookmarkStart":
            name = element.get(f"{WORD}name", "")
            if name.startswith(BOOKMARK):
                identity = int(name.removeprefix(BOOKMARK))
                open_now[element.get(f"{WORD}id")] = identity
                found[identity] = ""
        elif element.tag == f"{WORD}bookmarkEnd":
            open_now.pop(element.get(f"{WORD}id"), None)
        elif element.tag == f"{WORD}t":
            for identity in open_now.values():
                found[identity] += element.text or ""
    return found


class _Numbers(HTMLParser):
    """Reads the marked numbers and the record out of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[int, str] = {}
        self.record = ""
        self.inside: list[int] = []
        self.in_record = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and given.get("id") == SCRIPT:
            self.in_record = True
        elif tag == "data":
            identity = re.fullmatch(r"n(\d+)", given.get("id") or "")
            self.inside.append(int(identity[1]) if identity else 0)
            if identity:
                self.found[int(identity[1])] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self.in_record = False
        elif tag == "data" and self.inside:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if self.in_record:
            self.record += data
        elif self.inside and self.inside[-1]:
            self.found[self.inside[-1]] += data


def _read_html(file: Path) -> tuple[dict[str, Any], dict[int, str]]:
    parser = _Numbers()
    parser.feed(file.read_text(encoding="utf-8-sig"))
    record: dict[str, Any] = json.loads(parser.record)
    return record, parser.found
