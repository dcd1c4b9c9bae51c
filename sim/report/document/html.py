"""A report as one HTML file that needs nothing else: figures and style are inside."""

import base64
from html import escape

from sim.report.document.hidden import SCRIPT
from sim.report.document.tree import (
    Block,
    Document,
    Figure,
    Heading,
    Inline,
    Line,
    Number,
    Paragraph,
    Table,
    heading_numbers,
)
from sim.report.document.words import say

STYLE = """
:root { color-scheme: light; }
body { max-width: 46rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; color: #1a1a1a;
  background: #fff; line-height: 1.85; font-size: 1.0625rem;
  font-family: "Times New Roman", FangSong, "仿宋", STFangsong, "Noto Serif CJK SC", serif; }
header { text-align: center; margin: 3rem 0 2.5rem; }
header p { font-family: KaiTi, "楷体", STKaiti, serif; margin: .3rem 0; }
h1 { font-size: 1.9rem; line-height: 1.4; font-family: "方正小标宋简体", SimSun, "宋体", serif; }
h2, h3, h4, th, caption, figcaption, nav { font-family: SimHei, "黑体", "Noto Sans CJK SC",
  sans-serif; font-weight: normal; }
h2 { margin-top: 3rem; border-bottom: 1px solid #d9dce0; } h3 { font-size: 1.15rem; }
p { text-indent: 2em; text-align: justify; } p.note { text-indent: 0; font-size: .875rem;
  color: #444; line-height: 1.6; } header p, nav p { text-indent: 0; text-align: center; }
nav ol { list-style: none; padding: 0; columns: 2; } nav a { color: #0b4f8a;
  text-decoration: none; } nav li.level-2 { padding-left: 1.5em; font-size: .9375rem; }
.table { overflow-x: auto; margin: 1.5rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; line-height: 1.5;
  border-top: 2px solid #1a1a1a; border-bottom: 2px solid #1a1a1a;
  font-variant-numeric: tabular-nums; }
caption { margin-bottom: .5rem; } th { background: #edeff2; text-align: left; }
th, td { padding: .3rem .5rem; border-bottom: 1px solid #d9dce0; vertical-align: middle; }
tbody th { background: none; font-family: inherit; } td.right, th.right { text-align: right; }
td, th, caption { text-indent: 0; } figure { margin: 2rem 0; text-align: center; }
img { max-width: 100%; height: auto; } figcaption { margin-top: .5rem; font-size: .9375rem; }
@page { size: A4; margin: 2.6cm 2.2cm 2.4cm; }
@media print { body { max-width: none; padding: 0; font-size: 11pt; } h2 { break-before: page; }
  h2, h3, h4, caption { break-after: avoid; } tr, figure { break-inside: avoid; }
  thead { display: table-header-group; } .table { overflow: visible; } img { max-height: 21cm;
  object-fit: contain; } nav a { color: inherit; } }
"""


def write_html(document: Document, hidden: str) -> bytes:
    """The page; `hidden` is the record of its numbers, as JSON."""
    lang = {"zh": "zh-CN", "en": "en"}[document.lang]
    writer = _Writer(document.lang)
    numbers = heading_numbers(document.blocks, document.lang)
    body = [
        writer.block(block, number, place)
        for place, (number, block) in enumerate(zip(numbers, document.blocks, strict=True))
    ]
    cover = "".join(f"<p>{escape(text)}</p>" for text in (*document.subtitle, document.date))
    record = hidden.replace("</", "<\\/")
    text = (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(document.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<header><h1>{escape(document.title)}</h1>{cover}</header>\n"
        f"{contents(document, numbers)}\n<main>\n" + "\n".join(body) + "\n</main>\n"
        f'<script type="application/json" id="{SCRIPT}">{record}</script>\n</body>\n</html>\n'
    )
    return text.encode()


def contents(document: Document, numbers: list[str]) -> str:
    """The table of contents, each entry a link."""
    entries = "".join(
        f'<li class="level-{block.level}"><a href="#h{place}">'
        f"{escape(number + block.text)}</a></li>"
        for place, (number, block) in enumerate(zip(numbers, document.blocks, strict=True))
        if isinstance(block, Heading) and block.level <= 2
    )
    title = escape(say("contents", document.lang))
    spoken = title.replace("  ", "")  # the Chinese word is set wide
    return f'<nav aria-label="{spoken}"><p>{title}</p><ol>{entries}</ol></nav>'


def inline(part: Inline) -> str:
    """A part of a line; a number says what it is, for programs and for the pointer."""
    if not isinstance(part, Number):
        return escape(part)
    given = {name: value for name, value in part.reference._asdict().items() if value}
    data = "".join(f' data-{name}="{escape(value)}"' for name, value in given.items())
    return (
        f'<data id="n{part.identity}" value="{escape(part.text)}"{data}>{escape(part.text)}</data>'
    )


def line_html(line: Line) -> str:
    """A line of text."""
    return "".join(map(inline, line))


class _Writer:
    """Counts tables and figures while blocks are written."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.tables = self.figures = 0

    def block(self, block: Block, number: str, place: int) -> str:
        match block:
            case Heading():
                tag = f"h{block.level + 1}"
                return f'<{tag} id="h{place}">{escape(number + block.text)}</{tag}>'
            case Paragraph():
                kind = ' class="note"' if block.style == "note" else ""
                return f"<p{kind}>{line_html(block.line)}</p>"
            case Table():
                self.tables += 1
                return self.table(block)
            case Figure():
                self.figures += 1
                return self.figure(block)
        raise NotImplementedError(type(block).__name__)

    def table(self, table: Table) -> str:
        def side(place: int) -> str:
            return "" if place < table.left else ' class="right"'

        total = sum(table.widths)
        columns = "".join(f'<col style="width:{100 * w / total:.1f}%">' for w in table.widths)
        head = "".join(
            f'<th scope="col"{side(i)}>{escape(cell)}</th>' for i, cell in enumerate(table.head)
        )
        rows = "".join(
            f'<tr><th scope="row">{line_html(row[0])}</th>'
            + "".join(f"<td{side(i)}>{line_html(cell)}</td>" for i, cell in enumerate(row) if i)
            + "</tr>"
            for row in table.rows
        )
        caption = f"{say('table', self.lang)}{self.tables}  {line_html(table.caption)}"
        return (
            f'<div class="table"><table id="table-{self.tables}"><caption>{caption}</caption>'
            f"<colgroup>{columns}</colgroup><thead><tr>{head}</tr></thead>"
            f"<tbody>{rows}</tbody></table></div>"
        )

    def figure(self, figure: Figure) -> str:
        data = base64.b64encode(figure.png).decode()
        alt = escape(figure.alt.of(self.lang))
        caption = f"{say('figure', self.lang)}{self.figures}  {line_html(figure.caption)}"
        return (
            f'<figure id="figure-{self.figures}"><img alt="{alt}" '
            f'style="width:{figure.width / 2.54 * 96:.0f}px" src="data:image/png;base64,{data}">'
            f"<figcaption>{caption}</figcaption></figure>"
        )
