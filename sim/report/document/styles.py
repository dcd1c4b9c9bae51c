"""Page and styles of the Word file: margins, fonts and sizes of GB/T 9704-2012.

Margins 37 mm above, 28 mm at the left, a text block of 156 × 225 mm (5.2); 3号仿宋 for text, 22
lines a page of 28 letters (5.2.2, 5.2.3); 黑体, 楷体, 仿宋 for headings (7.3.3); page numbers in
4号 between dashes below the text (7.5). Tables are set smaller, as the standard leaves open.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from docx.document import Document as Docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm

TEXT_WIDTH = 15.6  # cm
TWIPS = 567  # a centimetre
LATIN = "Times New Roman"
SONG, HEI, KAI, FANG = "宋体", "黑体", "楷体", "仿宋"
TITLE = "方正小标宋简体"


class Look(NamedTuple):
    """How a style looks: eastern font, size in half points, and the paragraph."""

    name: str
    font: str
    size: int
    paragraph: str
    base: str = "Normal"
    bold: bool = False


BODY = '<w:spacing w:before="0" w:after="0" w:line="560" w:lineRule="exact"/>'
TIGHT = '<w:spacing w:before="20" w:after="20" w:line="270" w:lineRule="exact"/>'
INDENT = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
CENTRE = '<w:jc w:val="center"/>'
RIGHT_TAB = (
    f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{round(TEXT_WIDTH * TWIPS)}"/></w:tabs>'
)


def looks() -> dict[str, Look]:
    """Our word for a style → how it looks."""

    def level(number: int) -> str:
        return f'<w:keepNext/>{BODY}<w:outlineLvl w:val="{number}"/>'

    two = '<w:ind w:leftChars="100" w:left="320"/>'
    return {
        "title": Look(
            "Sim Title", TITLE, 44, f'<w:spacing w:before="3600" w:after="900"/>{CENTRE}'
        ),
        "cover": Look("Sim Cover", KAI, 32, f'<w:spacing w:before="0" w:after="240"/>{CENTRE}'),
        "contents": Look(
            "Sim Contents", HEI, 36, f'<w:spacing w:before="0" w:after="240"/>{CENTRE}'
        ),
        "toc 1": Look("toc 1", HEI, 28, RIGHT_TAB + BODY.replace("560", "480")),
        "toc 2": Look("toc 2", FANG, 28, RIGHT_TAB + BODY.replace("560", "480") + two),
        "heading 1": Look("heading 1", HEI, 32, level(0)),
        "heading 2": Look("heading 2", KAI, 32, level(1)),
        "heading 3": Look("heading 3", FANG, 32, level(2), bold=True),
        "body": Look("Sim Body", FANG, 32, f"{BODY}{INDENT}" + '<w:jc w:val="both"/>'),
        "item": Look("Sim Item", FANG, 32, f"{BODY}{INDENT}" + '<w:jc w:val="both"/>'),
        "note": Look(
            "Sim Note", FANG, 21, '<w:spacing w:before="60" w:after="120" w:line="320" '
            'w:lineRule="exact"/><w:jc w:val="both"/>',
        ),
        "caption": Look("caption", HEI, 24, '<w:spacing w:before="120" w:after="80"/>' + CENTRE),
        "figure": Look("Sim Figure", FANG, 24, '<w:spacing w:before="120" w:after="0"/>' + CENTRE),
        "table text": Look("Sim Table Text", FANG, 19, TIGHT),
        "table head": Look("Sim Table Head", HEI, 19, "<w:keepNext/>" + TIGHT),
        "footer": Look("Sim Page", SONG, 28, ""),
    }  # fmt: skip


def style_ids(docx: Docx) -> Mapping[str, str]:
    """Our word for a style → its id in this file."""
    ids = {_lower(style.name): style.style_id for style in docx.styles}
    return {word: ids[_lower(look.name)] for word, look in looks().items()}


def _lower(name: Any) -> str:
    return str(name).lower()


def add_styles(docx: Docx, lang: str, keep: bool) -> None:
    """Our page and styles; with `keep`, a template's own page and styles stay as they are."""
    there = {_lower(style.name): style.element for style in docx.styles}
    for look in looks().values():
        old = there.get(look.name.lower())
        if old is not None:
            if keep:
                continue
            old.getparent().remove(old)
        docx.styles.element.append(style_xml(look))
    if not keep:
        set_defaults(docx, lang)
        set_page(docx, lang)


def style_xml(look: Look) -> Any:
    """The definition of a paragraph style, eastern fonts named as Word and WPS want them."""
    built_in = not look.name.startswith("Sim ")
    identity = look.name.replace(" ", "") if not built_in else f"Sim{look.name.replace(' ', '')}"
    weight = "<w:b/>" if look.bold else '<w:b w:val="0"/>'
    custom = "" if built_in else ' w:customStyle="1"'
    return parse_xml(
        f'<w:style {nsdecls("w")} w:type="paragraph" w:styleId="{identity}"{custom}>'
        f'<w:name w:val="{look.name}"/><w:basedOn w:val="Normal"/>'
        f"<w:qFormat/><w:pPr>{look.paragraph}</w:pPr><w:rPr>{fonts(look.font)}{weight}"
        '<w:i w:val="0"/><w:color w:val="000000"/>'
        f'<w:sz w:val="{look.size}"/><w:szCs w:val="{look.size}"/></w:rPr></w:style>'
    )


def fonts(eastern: str) -> str:
    """The fonts of a style: an eastern one by name, a western one beside it."""
    return f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:cs="{LATIN}" w:eastAsia="{eastern}"/>'


def set_defaults(docx: Docx, lang: str) -> None:
    """What text is where no style says otherwise: 仿宋, no space around, in which language."""
    element = docx.styles.element
    defaults = element.find(qn("w:docDefaults"))
    new = parse_xml(
        f'<w:docDefaults {nsdecls("w")}><w:rPrDefault><w:rPr>{fonts(FANG)}<w:sz w:val="32"/>'
        f'<w:lang w:val="en-GB" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
    )
    element.replace(defaults, new)


def set_page(docx: Docx, lang: str) -> None:
    """A4 with the standard's margins; page numbers below, outside on odd and even pages."""
    section = docx.sections[0]
    twips = {"top": 3.7, "bottom": 3.5, "left": 2.8, "right": 2.6}
    for side, size in twips.items():
        setattr(section, f"{side}_margin", Cm(size))
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.footer_distance = Cm(2.5)
    section.different_first_page_header_footer = True
    docx.settings.odd_and_even_pages_header_footer = True
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        element = footer.paragraphs[0]._p
        element.getparent().replace(element, page_number(side, lang))


def page_number(side: str, lang: str) -> Any:
    """The paragraph with the page's number: — 1 —, one letter in from the edge."""
    dash = "— " if lang == "zh" else "", " —" if lang == "zh" else ""
    indent = f'<w:ind w:{side}Chars="100" w:{side}="280"/>'
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> '
        'PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1'
        '</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    return parse_xml(
        f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="SimPage"/>{indent}<w:jc w:val="{side}"/>'
        f'</w:pPr><w:r><w:t xml:space="preserve">{dash[0]}</w:t></w:r>{field}'
        f'<w:r><w:t xml:space="preserve">{dash[1]}</w:t></w:r></w:p>'
    )
