"""A report as a Word file, in the layout of Chinese government documents (GB/T 9704-2012)."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx import Document as read_docx
from docx.document import Document as Docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from sim.ensemble.spreadsheet import refuse_lock
from sim.report.document.hidden import BOOKMARK, PART
from sim.report.document.styles import TEXT_WIDTH, add_styles, style_ids
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
    plain,
)
from sim.report.document.words import say
from sim.text import Refused, Text

PLACE = "{{report}}"
"""Where a report goes in a user's own template."""
TOGETHER = 10
"""Rows up to which a table is not broken over pages."""
LAST = 3
"""Rows of a longer one that stay together at its end: none stands on a page alone."""
EMU = 360_000  # a centimetre
TWIPS = 567  # a centimetre


@dataclass
class Writer:
    """What counts up while a report is written: figures, tables, pictures, bookmarks."""

    docx: Docx
    lang: str
    styles: Mapping[str, str]
    counts: dict[str, int] = field(default_factory=lambda: {"table": 0, "figure": 0})
    bookmark: int = 100_000  # above the numbers' own


def write_docx(
    document: Document, hidden: bytes, pages: Sequence[int], template: Path | None = None
) -> bytes:
    """The Word file: cover, contents, blocks; `hidden` is the record of its numbers.

    `pages` are the pages of the headings, as the contents print them. A `template` keeps its own
    styles, headers and footers, and has a paragraph `{{report}}` where the report goes. Raises
    Refused for a template that has none, or is no Word file.
    """
    docx = opened(template)
    add_styles(docx, document.lang, keep=template is not None)
    writer = Writer(docx, document.lang, style_ids(docx))
    parts = [*cover(writer, document), *contents(writer, document, pages)]
    for number, block in zip(
        heading_numbers(document.blocks, document.lang), document.blocks, strict=True
    ):
        parts += block_xml(writer, block, number)
    place = place_of(docx, template)
    for part in parts:
        place.addprevious(parse_xml(part.replace(">", f" {NAMESPACES}>", 1)))
    place.getparent().remove(place)
    embed(docx, hidden)
    return saved(docx, document)


NAMESPACES = nsdecls("w", "a", "pic", "r", "wp")


def opened(template: Path | None) -> Docx:
    """The empty report, or the user's template."""
    if template is None:
        return read_docx()
    refuse_lock(template)
    try:
        return read_docx(str(template))
    except (PackageNotFoundError, KeyError, ValueError, OSError) as error:
        raise Refused(
            Text(
                f"模板 {template} 不存在，或不是 Word 文件（.docx）；请用 Word 另存为 .docx",
                f"the template {template} is not there or no Word file (.docx); save it as .docx",
            )
        ) from error


def place_of(docx: Docx, template: Path | None) -> Any:
    """The paragraph that the report replaces."""
    if template is None:
        return docx.add_paragraph()._p
    for paragraph in docx.paragraphs:
        if paragraph.text.strip() == PLACE:
            return paragraph._p
    raise Refused(
        Text(
            f"模板 {template} 中没有放报告的位置：请在模板中加一个段落，只写 {PLACE}",
            f"the template {template} has no place for the report: give it a paragraph that "
            f"says {PLACE} and nothing else",
        )
    )


def run(text: str, properties: str = "") -> str:
    """A run of text."""
    inner = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{inner}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def line_xml(line: Line) -> str:
    """A line as runs, each number inside its own bookmark, which Word does not show."""
    return "".join(map(_inline, line))


def _inline(part: Inline) -> str:
    if isinstance(part, Number):
        name = quoteattr(f"{BOOKMARK}{part.identity}")
        start = f'<w:bookmarkStart w:id="{part.identity}" w:name={name}/>'
        return f'{start}{run(part.text)}<w:bookmarkEnd w:id="{part.identity}"/>'
    return run(part)


def paragraph(writer: Writer, style: str, inner: str, more: str = "") -> str:
    """A paragraph in a style of ours."""
    return f'<w:p><w:pPr><w:pStyle w:val="{writer.styles[style]}"/>{more}</w:pPr>{inner}</w:p>'


PAGE_BREAK = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'


def cover(writer: Writer, document: Document) -> list[str]:
    """Title, scenarios and date on a page of their own."""
    lines = [paragraph(writer, "cover", run(text)) for text in document.subtitle]
    date = paragraph(writer, "cover", run(document.date), '<w:spacing w:before="4800"/>')
    return [paragraph(writer, "title", run(document.title)), *lines, date, PAGE_BREAK]


def field_xml(instruction: str, result: str) -> str:
    """A field of Word with its result filled in."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def contents(writer: Writer, document: Document, pages: Sequence[int]) -> list[str]:
    """The table of contents, filled: each heading with its page, linked to it."""
    numbers = heading_numbers(document.blocks, document.lang)
    entries = [
        (number, block, place)
        for place, (number, block) in enumerate(zip(numbers, document.blocks, strict=True))
        if isinstance(block, Heading) and block.level <= 2
    ]
    lines = []
    for count, ((number, heading, _), page) in enumerate(zip(entries, pages, strict=True)):
        assert isinstance(heading, Heading)
        anchor = heading_anchor(count + 1)
        text = run(number + heading.text) + "<w:r><w:tab/></w:r>"
        text += field_xml(f"PAGEREF {anchor} \\h", run(str(page)))
        link = f'<w:hyperlink w:anchor="{anchor}" w:history="1">{text}</w:hyperlink>'
        if count == 0:
            link = (
                '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText '
                'xml:space="preserve"> TOC \\o "1-2" \\h \\z \\u </w:instrText></w:r>'
                '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + link
            )
        if count == len(entries) - 1:
            link += '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        lines.append(paragraph(writer, f"toc {heading.level}", link))
    title = paragraph(writer, "contents", run(say("contents", document.lang)))
    return [title, *lines]


def heading_anchor(count: int) -> str:
    """The bookmark of the heading that is number `count` of the contents."""
    return f"_Toc{10_000 + count}"


def block_xml(writer: Writer, block: Block, number: str) -> list[str]:
    """A block as paragraphs and tables of Word."""
    match block:
        case Heading():
            return [heading_xml(writer, block, number)]
        case Paragraph():
            return [paragraph(writer, block.style, line_xml(block.line))]
        case Table():
            return [caption(writer, "table", block.caption), table_xml(writer, block), SPACE]
        case Figure():
            return [picture_xml(writer, block), caption(writer, "figure", block.caption)]
    raise NotImplementedError(type(block).__name__)


SPACE = (
    '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="200" w:lineRule="exact"/></w:pPr>'
    "</w:p>"
)


def heading_xml(writer: Writer, heading: Heading, number: str) -> str:
    """A real heading of Word; a chapter begins a page."""
    inner = run(number + heading.text)
    if heading.level <= 2:
        writer.bookmark += 1
        anchor = heading_anchor(writer.bookmark - 100_000)
        start = f'<w:bookmarkStart w:id="{writer.bookmark}" w:name="{anchor}"/>'
        inner = f'{start}{inner}<w:bookmarkEnd w:id="{writer.bookmark}"/>'
    more = "<w:pageBreakBefore/>" if heading.level == 1 else ""
    return paragraph(writer, f"heading {heading.level}", inner, more)


def caption(writer: Writer, kind: str, line: Line) -> str:
    """A numbered caption: the number is Word's own sequence, so that it follows insertions."""
    writer.counts[kind] += 1
    word = say(kind, writer.lang)
    count = field_xml(f"SEQ {word.strip()} \\* ARABIC", run(str(writer.counts[kind])))
    inner = run(word) + count + run("  ") + line_xml(line)
    more = "<w:keepNext/>" if kind == "table" else ""
    return paragraph(writer, "caption", inner, more)


def table_xml(writer: Writer, table: Table) -> str:
    """A table with rules above and below and a header row that repeats on every page."""
    widths = [round(TEXT_WIDTH * TWIPS * width / sum(table.widths)) for width in table.widths]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    head = _row(writer, [(cell,) for cell in table.head], widths, table.left, header=True)
    count = len(table.rows)
    first = 0 if count <= TOGETHER else count - LAST
    rows = "".join(
        _row(writer, row, widths, table.left, keep=first <= place < count - 1)
        for place, row in enumerate(table.rows)
    )
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>'
        for side, size in (("top", 12), ("bottom", 12), ("insideH", 4))
    )
    text = escape(plain(table.caption), {'"': "&quot;"})
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{rules}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/>'
        '</w:tblCellMar><w:tblLook w:val="0020" w:firstRow="1"/>'
        f'<w:tblCaption w:val="{text}"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head}{rows}</w:tbl>'
    )


def _row(
    writer: Writer,
    cells: Sequence[Line],
    widths: Sequence[int],
    left: int,
    header: bool = False,
    keep: bool = False,
) -> str:
    mark = "<w:tblHeader/>" if header else ""
    inner = "".join(
        _cell(writer, cell, width, "left" if place < left else "right", header, keep)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{mark}</w:trPr>{inner}</w:tr>"


def _cell(writer: Writer, line: Line, width: int, side: str, header: bool, keep: bool) -> str:
    style = "table head" if header else "table text"
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="EDEFF2"/>' if header else ""
    more = ("<w:keepNext/>" if keep else "") + f'<w:jc w:val="{side}"/>'
    inner = paragraph(writer, style, line_xml(line), more)
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}<w:vAlign w:val="center"/>'
        f"</w:tcPr>{inner}</w:tc>"
    )


def picture_xml(writer: Writer, figure: Figure) -> str:
    """An inline picture with its alternative text in both languages."""
    part, _ = writer.docx.part.get_or_add_image(io.BytesIO(figure.png))
    count = writer.counts["figure"] + 1
    size = f'cx="{round(figure.width * EMU)}" cy="{round(figure.height * EMU)}"'
    alt = quoteattr(f"{figure.alt.zh} {figure.alt.en}")
    title = quoteattr(plain(figure.caption))
    drawing = (
        f'<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
        f'<wp:docPr id="{count}" name="figure {count}" descr={alt} title={title}/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        f'<pic:pic><pic:nvPicPr><pic:cNvPr id="{count}" name="figure-{count}.png" descr={alt}/>'
        f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{part}"/><a:stretch>'
        '<a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    return paragraph(writer, "figure", f"<w:r>{drawing}</w:r>", "<w:keepNext/>")


def embed(docx: Docx, hidden: bytes) -> None:
    """Puts the record of the numbers into the file, as a part of its own."""
    for relation in list(docx.part.rels.values()):
        if not relation.is_external and str(relation.target_part.partname) == PART:
            docx.part.drop_rel(relation.rId)
    part = Part(PackURI(PART), "application/xml", hidden, docx.part.package)
    docx.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)


def saved(docx: Docx, document: Document) -> bytes:
    """The file's bytes: equal for equal reports, whenever they are written."""
    import datetime

    properties = docx.core_properties
    properties.title, properties.author = document.title, "sim"
    properties.comments, properties.language = "", "zh-CN" if document.lang == "zh" else "en-GB"
    properties.created = properties.modified = datetime.datetime(2000, 1, 1)
    properties.last_modified_by, properties.revision = "sim", 1
    content = io.BytesIO()
    docx.save(content)
    return undated(content.getvalue())


def undated(archive: bytes) -> bytes:
    """A zip file with the time of writing taken out of every entry."""
    import zipfile

    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name), compresslevel=3)
    return content.getvalue()
