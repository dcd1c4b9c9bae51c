"""The report: what it says, how Word, HTML and PDF hold it, and that it is the same each time."""

import datetime
import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace

import pytest
from docx import Document as read_docx
from docx.oxml.ns import qn

from sim.analysis.reliability import read_bands
from sim.commands.report import main, report
from sim.report.document.chapters import document
from sim.report.document.docx import PLACE
from sim.report.document.material import Material
from sim.report.document.tree import (
    Figure,
    Heading,
    Number,
    Paragraph,
    Table,
    chinese,
    numbers,
    plain,
)
from sim.report.document.words import WORDS
from sim.report.words import display_width
from sim.text import Refused

CHINESE = re.compile("[\u4e00-\u9fff]")
DAY = datetime.date(2026, 1, 1)


@pytest.fixture(scope="module")
def tree(shared_record):
    return document(Material((shared_record,), "zh", DAY, drawn=False))


@pytest.fixture(scope="module")
def files(shared_record):
    return report([shared_record], "zh", DAY)


def tables(tree):
    return [block for block in tree.blocks if isinstance(block, Table)]


def test_every_number_of_a_sentence_stands_in_a_table(tree):
    """Rules and what people wrote aside: a sentence's results are those of a table."""
    shown = {
        number.text
        for block in tables(tree)
        for row in block.rows
        for cell in row
        for number in cell
        if isinstance(number, Number)
    }
    for block in tree.blocks:
        if isinstance(block, Paragraph):
            for part in block.line:
                if isinstance(part, Number) and part.reference.statistic != "text":
                    assert part.text in shown, plain(block.line)


def test_binding_targets_come_first_and_all_targets_are_there(tree, shared_record):
    chapters = [block.text for block in tree.blocks if isinstance(block, Heading)]
    assert chapters.index("约束性目标") < chapters.index("预期性目标")
    titles = {plain(row[0]) for block in tables(tree) for row in block.rows}
    assert {target.title.zh for target in shared_record.targets} <= titles


def test_the_numbers_of_the_targets_table_are_those_of_the_run(tree, shared_record):
    found = {
        (number.reference.target, number.reference.statistic): number.text
        for number, place in numbers(tree)
        if place.table == 2
    }
    for target in shared_record.targets:
        share = float(shared_record.attainment["probability"].sel(target=target.name)[0])
        shown = float(found[target.name, "probability"])
        assert shown == pytest.approx(100 * share, abs=3.2)
        assert found[target.name, "year"] == str(target.year)


def test_every_probability_stands_beside_what_such_were_worth(tree, shared_record):
    bands = read_bands(shared_record.settings.skill)
    (table,) = [t for t in tables(tree) if plain(t.caption).startswith("预期性")]
    place = table.head.index("回测应验")
    for row in table.rows:
        share = float(re.search(r"[\d.]+", plain(row[table.head.index("达标概率")]))[0]) / 100
        true, events = map(int, plain(row[place]).split(" / "))
        near = [b for b in bands if b.low - 0.03 <= share <= b.high + 0.03]
        assert (events, true) in {(b.events, b.came_true) for b in near}
    summary = [plain(b.line) for b in tree.blocks if isinstance(b, Paragraph)]
    for word in ("把握最大的是", "把握最小的是"):
        (said,) = [line for line in summary if line.startswith(word)]
        assert re.search(r"回测中同档的 \d+ 次预测应验 \d+ 次", said)
    told = [line for line in summary if line.startswith("这些概率在回测中应验多少")]
    others = ("达标概率：", "风险：", "早期信号：")
    assert len(told) == sum(plain(t.caption).startswith(others) for t in tables(tree)) == 3


def test_sentences_of_the_summary_say_in_words_what_tables_write_as_signs(tree):
    summary = []
    for block in tree.blocks:
        if isinstance(block, Heading) and summary:
            break
        if isinstance(block, Paragraph) and block.style == "body":
            summary.append(plain(block.line))
    assert len(summary) >= 5
    assert not [line for line in summary if set("≥≤≈<>") & set(line)]
    assert any("目标不低于" in line for line in summary)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_head_of_the_targets_table_is_broken_within_a_word(shared_record, lang):
    made = document(Material((shared_record,), lang, DAY, drawn=False))
    table = next(t for t in tables(made) if len(t.head) == 8)
    margins, letter = 0.22, 9.5 / 2 / 72 * 2.54  # cm: half of a Chinese letter of 9.5 points
    for head, width in zip(table.head, table.widths, strict=True):
        longest = max(head.split(), key=display_width)
        assert display_width(longest) * letter <= width / sum(table.widths) * 15.6 - margins, head


def test_only_one_run_without_a_reference_says_that_it_compares_nothing(shared_record):
    table = shared_record.attainment.drop_vars(["difference", "difference_standard_error"])
    alone = replace(shared_record)
    vars(alone)["attainment"] = table
    for records, count in (((alone,), 1), ((alone, shared_record), 0), ((shared_record,), 0)):
        made = document(Material(records, "zh", DAY, drawn=False))
        said = [plain(block.line) for block in made.blocks if isinstance(block, Paragraph)]
        assert said.count("本次运行没有对照情景。") == count


def test_the_last_rows_of_a_long_table_stay_together(files):
    docx = read_docx(io.BytesIO(files["report.docx"]))
    for table in docx.tables:
        kept = [row._tr.find(f".//{qn('w:keepNext')}") is not None for row in table.rows[1:]]
        assert not kept[-1]
        assert all(kept[-3:-1])
        assert len(kept) <= 10 or not any(kept[:-3])


def test_levers_and_assumptions_are_never_in_one_table(tree, shared_record):
    table = shared_record.settings.table
    for block in tables(tree):
        roles = {
            table[part.reference.variable].role
            for row in block.rows
            for cell in row
            for part in cell
            if isinstance(part, Number) and part.reference.statistic == "setting"
        }
        assert len(roles) <= 1, plain(block.caption)


def test_early_signs_are_of_targets_at_risk_and_come_before_their_year(tree, shared_record):
    (table,) = [t for t in tables(tree) if plain(t.caption).startswith("早期信号")]
    risky = next(t for t in tables(tree) if plain(t.caption).startswith("风险"))
    at_risk = {(plain(row[0]), plain(row[1])) for row in risky.rows}
    for row in table.rows:
        assert (plain(row[0]), plain(row[1])) in at_risk
        year = int(re.match(r"\d{4}", plain(row[2]))[0])
        assert shared_record.last_seen < year < int(plain(row[1]))
        good, bad = (float(re.search(r"[\d.]+", plain(cell))[0]) for cell in row[3:5])
        assert good > bad


def test_headings_hold_no_number(tree):
    for block in tree.blocks:
        if isinstance(block, Heading):
            assert not re.search(r"\d", block.text)


def test_chinese_numbers():
    assert [chinese(n) for n in (1, 9, 10, 11, 20, 34)] == [
        "一",
        "九",
        "十",
        "十一",
        "二十",
        "三十四",
    ]


def test_english_report_leaves_no_word_untranslated(shared_record):
    tree = document(Material((shared_record,), "en", DAY, drawn=False))
    for block in tree.blocks:
        match block:
            case Heading():
                texts = [block.text]
            case Paragraph():
                texts = [plain(block.line)]
            case Figure():
                texts = [plain(block.caption), block.alt.en]
            case Table() if plain(block.caption) == WORDS["sources_caption"].en:
                texts = [plain(block.caption), *block.head]  # sources are cited as they are
            case Table():
                texts = [plain(block.caption), *block.head]
                texts += [plain(cell) for row in block.rows for cell in row]
        for text in texts:
            assert not CHINESE.search(text), text


def test_the_same_run_gives_the_same_files(shared_record, files):
    again = report([shared_record], "zh", DAY)
    assert {name for name in files if files[name] != again[name]} == set()


def test_word_has_real_headings_captions_contents_and_header_rows(files, tree):
    docx = read_docx(io.BytesIO(files["report.docx"]))
    names = {paragraph.style.name for paragraph in docx.paragraphs}
    assert {"Heading 1", "Heading 2", "Caption", "toc 1", "toc 2"} <= names
    instructions = "".join(e.text or "" for e in docx.element.iter(qn("w:instrText")))
    assert "TOC" in instructions
    assert "SEQ 表" in instructions
    assert "SEQ 图" in instructions
    contents = [p.text for p in docx.paragraphs if p.style.name in ("toc 1", "toc 2")]
    headings = [p.text for p in docx.paragraphs if p.style.name in ("Heading 1", "Heading 2")]
    assert [re.sub(r"\t\d+$", "", entry) for entry in contents] == headings
    assert all(re.search(r"\t[1-9]\d*$", entry) for entry in contents)
    assert len(docx.tables) == len(tables(tree))
    for table in docx.tables:
        assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None


def test_word_names_eastern_fonts_and_has_the_standard_s_page(files):
    docx = read_docx(io.BytesIO(files["report.docx"]))
    fonts = {e.get(qn("w:eastAsia")) for e in docx.styles.element.iter(qn("w:rFonts"))}
    assert {"仿宋", "黑体", "楷体", "方正小标宋简体"} <= fonts
    section = docx.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = (section.top_margin.mm, section.left_margin.mm)
    assert [round(margin) for margin in margins] == [37, 28]
    assert "PAGE" in section.footer._element.xml


def test_every_figure_has_alternative_text_in_both_languages(files, tree):
    docx = read_docx(io.BytesIO(files["report.docx"]))
    alts = [e.get("descr") for e in docx.element.iter(qn("wp:docPr"))]
    figures = [block for block in tree.blocks if isinstance(block, Figure)]
    assert len(alts) == len(figures)
    page = files["report.html"].decode()
    for alt, figure in zip(alts, figures, strict=True):
        assert figure.alt.zh in alt
        assert figure.alt.en in alt
    assert page.count("<img alt=") == len(figures)
    assert page.count('<th scope="col"') >= len(tables(tree))
    assert not re.search(r'(?:src|href)="(?!data:|#)', page)  # nothing from elsewhere


def test_a_template_keeps_its_own_styles_and_gets_the_report_in_its_place(shared_record, tmp_path):
    template = tmp_path / "ours.docx"
    docx = read_docx()
    docx.add_paragraph("沁水县发展和改革局")
    docx.add_paragraph(PLACE)
    docx.add_paragraph("附件")
    docx.sections[0].header.paragraphs[0].text = "内部资料"
    docx.save(template)
    made = report([shared_record], "zh", DAY, ["docx"], template)["report.docx"]
    found = read_docx(io.BytesIO(made))
    texts = [paragraph.text for paragraph in found.paragraphs]
    assert texts[0] == "沁水县发展和改革局"
    assert texts[-1] == "附件"
    assert PLACE not in texts
    assert found.sections[0].header.paragraphs[0].text == "内部资料"
    assert found.tables


def test_a_template_without_a_place_is_refused(shared_record, tmp_path):
    template = tmp_path / "ours.docx"
    read_docx().save(template)
    with pytest.raises(Refused, match="no place for the report"):
        report([shared_record], "zh", DAY, ["docx"], template)
    template.write_text("no Word file", encoding="utf-8")
    with pytest.raises(Refused, match="no Word file"):
        report([shared_record], "zh", DAY, ["docx"], template)


def test_a_character_that_the_font_lacks_is_refused_by_name(tree):
    from dataclasses import replace

    from sim.report.document.pdf import write_pdf

    broken = replace(tree, title="报告\U00020000")
    with pytest.raises(Refused, match=r"U\+20000"):
        write_pdf(broken)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nonsense"], "not understood"),
        (["formt=docx"], "did you mean format"),
        (["format=doc"], "did you mean docx"),
        (["date=1.1.2026"], "2026-01-31"),
        (["run=nowhere"], "there is no folder nowhere"),
    ],
)
def test_what_is_typed_wrong_is_refused(words, said):
    with pytest.raises(Refused, match=said):
        main(words, "en")


def test_the_command_writes_all_three(outputs, tmp_path, capsys):
    assert main([f"outputs={outputs}", f"output={tmp_path}", "date=2026-01-01"], "zh") == 0
    printed = capsys.readouterr().out.split()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "report.docx", "report.html", "report.pdf",
    ]  # fmt: skip
    assert len(printed) == 3
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")


def converted(files, folder):
    (folder / "report.docx").write_bytes(files["report.docx"])
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    command += ["--convert-to", "pdf", "--outdir", str(folder), str(folder / "report.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return folder / "report.pdf"


@pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftotext") and shutil.which("pdftoppm")),
    reason="LibreOffice Writer and poppler-utils are not installed here",
)
def test_libreoffice_opens_it_with_every_word_figure_and_page(files, tree, tmp_path):
    pdf = converted(files, tmp_path)
    text = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True
    ).stdout
    pages = text.decode().split("\f")
    together = re.sub(r"\s", "", "".join(pages))
    for block in tree.blocks:
        if isinstance(block, Heading):
            assert re.sub(r"\s", "", block.text) in together
        elif isinstance(block, Figure | Table):
            assert re.sub(r"\s", "", plain(block.caption)) in together
    entries = re.findall(r"^\s*(\S\S?、\S.*?|（\S\S?）\S.*?)\.{3,}\s*(\d+)$", pages[1], re.M)
    assert len(entries) == sum(isinstance(b, Heading) and b.level <= 2 for b in tree.blocks)
    for name, page in entries:
        # programs break pages where they like: the contents are true to a page, until updated
        assert name in "".join(pages[int(page) - 2 : int(page) + 1]), (name, page)
    exact = [name for name, page in entries if name in pages[int(page) - 1]]
    assert len(exact) >= 0.75 * len(entries)
    assert "\ufffd" not in together
    images = subprocess.run(["pdfimages", "-list", pdf], capture_output=True, check=True, text=True)
    figures = sum(isinstance(block, Figure) for block in tree.blocks)
    assert len(re.findall(r"^\s*\d+\s+\d+\s+image", images.stdout, re.M)) >= figures
    subprocess.run(["pdftoppm", "-r", "40", "-png", pdf, tmp_path / "page"], check=True)
    assert len(list(tmp_path.glob("page-*.png"))) == len(pages) - 1


def test_the_parts_of_the_word_file_carry_no_time(files):
    with zipfile.ZipFile(io.BytesIO(files["report.docx"])) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
