"""A report as PDF, and the pages of its headings: typeset by Typst with the project's own font."""

import json
import tempfile
from pathlib import Path

import matplotlib
import typst

from sim.report.document.tree import (
    Block,
    Document,
    Figure,
    Heading,
    Line,
    Paragraph,
    Table,
    heading_numbers,
    plain,
)
from sim.report.document.words import say
from sim.report.sheet import FAMILY, FONT
from sim.text import Refused, Text

FONTS = (FONT.parent, Path(matplotlib.get_data_path()) / "fonts" / "ttf")
"""Where Typst finds the font, and DejaVu for ⁻, ⁸ and ₂."""

TOGETHER = 10  # rows up to which a table is not broken over pages, as in Word
PREAMBLE = """\
#set document(title: TITLE, author: "sim", date: none)
#set page(paper: "a4", margin: (top: 37mm, bottom: 35mm, left: 28mm, right: 26mm),
  footer: context { let now = counter(page).get().first()
    if now > 1 { align(if calc.odd(now) { right } else { left },
      pad(x: 14pt, text(size: 14pt)[DASH#counter(page).display()END])) } })
#set text(font: ("FAMILY", "DejaVu Sans"), size: 15.5pt, lang: LANG, cjk-latin-spacing: auto,
  fallback: false, top-edge: 0.88em, bottom-edge: -0.12em)
#set par(justify: true, leading: 28pt - 15.5pt, spacing: 28pt - 15.5pt)
#show heading: set text(weight: "regular", size: 16pt)
#show heading: set block(above: 12.5pt, below: 12.5pt)
#show heading.where(level: 1): it => { pagebreak(weak: true); it }
#show outline.entry: set text(size: 14pt)
#show figure: set block(breakable: false, above: 12pt, below: 14pt)
#show figure.caption: set text(size: 12pt)
#show figure.where(kind: table): set figure.caption(position: top)
#show figure.caption.where(kind: table): set block(sticky: true)
#show table: set text(size: 9.2pt)
#show table: set par(justify: false, leading: 4.3pt, spacing: 4.3pt)
#set table(stroke: (x, y) => (bottom: 0.4pt + luma(70%)), inset: (x: 3pt, y: 3.4pt))
#let note(body) = { set text(size: 10.5pt); set par(leading: 5.5pt, spacing: 5.5pt)
  block(above: 6pt, below: 10pt, body) }
#let body(it) = par(first-line-indent: (amount: 2em, all: true), it)
"""


def write_pdf(document: Document) -> tuple[bytes, list[int]]:
    """The PDF, and the page on which each heading of the contents stands.

    Raises Refused where the report has a character that the font does not hold.
    """
    refuse_missing(document)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "report.typ").write_text(source(document, folder), encoding="utf-8")
        compiler = typst.Compiler(
            str(folder / "report.typ"),
            root=scratch,
            font_paths=[str(path) for path in FONTS],
            ignore_system_fonts=True,
        )
        pdf = compiler.compile(format="pdf", timestamp=0)
        found = json.loads(compiler.query("<pages>", field="value", one=True))
    assert isinstance(pdf, bytes)
    return pdf, [int(page) for page in found]


def refuse_missing(document: Document) -> None:
    """Refuses characters that no font of ours holds, by name: none may turn into a box."""
    from matplotlib.ft2font import FT2Font

    held: set[int] = set()
    for file in (FONT, FONTS[1] / "DejaVuSans.ttf"):
        held |= set(FT2Font(file).get_charmap())
    absent = sorted({c for c in text_of(document) if ord(c) not in held and c not in "\n\t "})
    if absent:
        named = " ".join(f"{c} (U+{ord(c):04X})" for c in absent[:8])
        raise Refused(
            Text(
                f"报告中有字体不含的字符：{named}；请改写含有它们的标题、理由或来源",
                f"the report has characters that its font does not hold: {named}; word the titles, "
                "reasons or sources that have them otherwise",
            )
        )


def text_of(document: Document) -> str:
    """All that is printed, in one string."""
    parts = [document.title, *document.subtitle, document.date]
    for block in document.blocks:
        match block:
            case Heading():
                parts.append(block.text)
            case Paragraph():
                parts.append(plain(block.line))
            case Figure():
                parts.append(plain(block.caption))
            case Table():
                parts += [plain(block.caption), *block.head]
                parts += [plain(cell) for row in block.rows for cell in row]
    return "\n".join(parts)


def quoted(text: str) -> str:
    """`text` as a string of Typst."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def content(line: Line | str) -> str:
    """A line as content of Typst."""
    return f"[#{quoted(line if isinstance(line, str) else plain(line))}]"


def source(document: Document, folder: Path) -> str:
    """The report in Typst's language; figures are written into `folder`."""
    dashes = ("— ", " —") if document.lang == "zh" else ("", "")
    head = PREAMBLE.replace("TITLE", quoted(document.title)).replace("FAMILY", FAMILY)
    head = head.replace("DASH", dashes[0]).replace("END", dashes[1])
    head = head.replace("LANG", quoted(document.lang) + ', region: "cn"' * (document.lang == "zh"))
    numbers = heading_numbers(document.blocks, document.lang)
    parts = [head, cover(document), contents(document)]
    parts += [
        block_typst(block, number, place, document.lang, folder)
        for place, (number, block) in enumerate(zip(numbers, document.blocks, strict=True))
    ]
    parts.append(
        "#context [#metadata(query(heading.where(outlined: true)).filter(h => h.level <= 2)"
        ".map(h => counter(page).at(h.location()).first())) <pages>]"
    )
    return "\n\n".join(parts)


def cover(document: Document) -> str:
    """Title, scenarios and date on a page of their own."""
    lines = "\n\n".join(f"#text(size: 16pt){content(text)}" for text in document.subtitle)
    return (
        "#align(center)[#v(45mm)\n#text(size: 22pt)"
        f"{content(document.title)}\n#v(12mm)\n{lines}\n#v(85mm)\n"
        f"#text(size: 16pt){content(document.date)}]\n#pagebreak()"
    )


def contents(document: Document) -> str:
    """The table of contents."""
    title = say("contents", document.lang)
    return (
        f"#align(center, text(size: 18pt){content(title)})\n"
        "#outline(title: none, depth: 2, indent: 1em)\n#pagebreak(weak: true)"
    )


def block_typst(block: Block, number: str, place: int, lang: str, folder: Path) -> str:
    """A block in Typst's language."""
    match block:
        case Heading():
            return f"#heading(level: {block.level}, numbering: none){content(number + block.text)}"
        case Paragraph():
            word = "note" if block.style == "note" else "body"
            return f"#{word}{content(block.line)}"
        case Table():
            return table(block, lang)
        case Figure():
            file = f"figure-{place}.png"
            (folder / file).write_bytes(block.png)
            alt = quoted(f"{block.alt.zh} {block.alt.en}")
            image = f'image("{file}", width: {block.width:.2f}cm, alt: {alt})'
            return figure(image, block.caption, "image", lang)
    raise NotImplementedError(type(block).__name__)


def figure(body: str, caption: Line, kind: str, lang: str, long: bool = False) -> str:
    """A numbered figure or table with its caption."""
    word = say("figure" if kind == "image" else "table", lang).strip()
    space = "" if lang == "zh" else " "
    loose = "#show figure: set block(breakable: true)\n" if long else ""
    return (
        f"#[{loose}#figure(kind: {kind}, supplement: [{word}], gap: 6pt, "
        f"numbering: n => [{space}#n],\n"
        f"  caption: figure.caption(separator: [#h(1em)], {content(caption)}),\n  {body})]"
    )


def table(block: Table, lang: str) -> str:
    """A table whose header row repeats on every page."""
    columns = ", ".join(f"{width}fr" for width in block.widths)
    sides = ", ".join("left" if i < block.left else "right" for i in range(len(block.widths)))
    head = ", ".join(content(cell) for cell in block.head)
    rows = "".join(f"    {', '.join(content(cell) for cell in row)},\n" for row in block.rows)
    body = (
        f"table(columns: ({columns}), align: ({sides}), fill: (x, y) => if y == 0 "
        f"{{ luma(93%) }},\n    table.hline(stroke: 1pt), table.header({head}),\n{rows}"
        "    table.hline(stroke: 1pt))"
    )
    return figure(body, block.caption, "table", lang, long=len(block.rows) > TOGETHER)
