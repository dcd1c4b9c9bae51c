"""Numbers that are changed by hand, gone or stale are found, every one; and traced."""

import random
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from sim.commands import trace, verify
from sim.commands.report import main as report
from sim.ensemble import store
from sim.report.document.hidden import read_report
from sim.text import Refused

CHANGES = 50


@pytest.fixture(scope="module")
def made(outputs, tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    report([f"outputs={outputs}", f"output={folder}", "date=2026-01-01", "format=docx,html"], "zh")
    return folder


def body(file: Path) -> str:
    with zipfile.ZipFile(file) as archive:
        return archive.read("word/document.xml").decode()


def with_body(file: Path, text: str, target: Path) -> Path:
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = text.encode() if name == "word/document.xml" else old.read(name)
            new.writestr(name, content)
    return target


IN_WORD = re.compile(
    r'<w:bookmarkStart w:id="\d+" w:name="_sim_(\d+)"/><w:r><w:t xml:space="preserve">([^<]*)</w:t>'
)
IN_PAGE = re.compile(r'<data id="n(\d+)" value="[^"]*"[^>]*>([^<]*)</data>')


def one_digit_changed(text: str, rng: random.Random) -> str:
    place = rng.choice([i for i, letter in enumerate(text) if letter.isdigit()])
    other = rng.choice([digit for digit in "0123456789" if digit != text[place]])
    return text[:place] + other + text[place + 1 :]


def tampered(text: str, pattern: re.Pattern[str], seed: int) -> tuple[str, set[int]]:
    """A text in which CHANGES numbers have one digit changed, and which numbers they are."""
    rng = random.Random(seed)
    places = rng.sample(list(pattern.finditer(text)), CHANGES)
    for match in sorted(places, key=lambda match: -match.start()):
        start, end = match.span(2)
        text = text[:start] + one_digit_changed(match[2], rng) + text[end:]
    return text, {int(match[1]) for match in places}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", ["docx", "html"])
def test_every_digit_that_is_changed_is_found_and_no_other(made, tmp_path, kind, seed):
    source, file = made / f"report.{kind}", tmp_path / f"changed.{kind}"
    if kind == "docx":
        text, changed = tampered(body(source), IN_WORD, seed)
        with_body(source, text, file)
    else:
        text, changed = tampered(source.read_text(encoding="utf-8"), IN_PAGE, seed)
        file.write_text(text, encoding="utf-8")
    hidden, shown = read_report(file)
    found = {finding.number.identity for finding in verify.changed(hidden, shown)}
    assert found == changed


@pytest.mark.parametrize("kind", ["docx", "html"])
def test_an_untouched_report_is_as_it_should_be(made, kind, capsys):
    assert verify.main([str(made / f"report.{kind}")], "zh") == 0
    assert "全部相符" in capsys.readouterr().out


def test_a_number_that_was_changed_or_deleted_is_named(made, tmp_path, capsys):
    text = body(made / "report.docx")
    first, second = list(IN_WORD.finditer(text))[100:102]
    text = text[: second.start()] + text[second.end() + len("</w:r>") :]
    text = text[: first.start(2)] + "777" + text[first.end(2) :]
    file = with_body(made / "report.docx", text, tmp_path / "touched.docx")
    assert verify.main([str(file)], "en") == 1
    said = capsys.readouterr().out
    assert f"changed by hand: 777, not {first[2]}" in said
    assert f"no longer there: it was {second[2]}" in said
    assert "table" in said or "text of" in said


def test_text_that_a_writer_adds_is_no_finding(made, tmp_path):
    text = body(made / "report.docx")
    own = "<w:p><w:r><w:t>另有 12 项工作。</w:t></w:r></w:p></w:body>"
    place = text.rindex("<w:sectPr")
    text = text[:place] + own.removesuffix("</w:body>") + text[place:]
    file = with_body(made / "report.docx", text, tmp_path / "longer.docx")
    assert verify.changed(*read_report(file)) == []


def test_a_report_is_stale_where_its_run_has_other_numbers(made, outputs, tmp_path, capsys):
    folder, _ = store.find_result("latest", Path(outputs), ["run"])
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    runs = store.read_table(other / "runs.nc")
    (other / "runs.nc").unlink()
    runs["coal_output"] = runs["coal_output"] * 1.2
    runs["coal_output"].attrs["units"] = "万吨/Year"
    store.write_table(runs, other / "runs.nc")
    assert verify.main([str(made / "report.docx"), f"run={other}"], "zh") == 1
    said = capsys.readouterr().out
    assert "与运行不符" in said
    assert "coal_output" in said


def test_a_run_that_is_gone_is_said_and_changes_are_looked_for_nevertheless(made, tmp_path, capsys):
    with pytest.raises(Refused, match="only changes by hand"):
        verify.main([str(made / "report.docx"), f"run={tmp_path / 'gone'}"], "en")
    assert "as they should be" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["none.docx", "plain.docx", "plain.html", "report.txt"])
def test_what_is_no_report_of_ours_is_refused(tmp_path, name):
    from docx import Document

    Document().save(tmp_path / "plain.docx")
    (tmp_path / "plain.html").write_text("<p>1</p>", encoding="utf-8")
    (tmp_path / "report.txt").write_text("1", encoding="utf-8")
    with pytest.raises(Refused):
        verify.main([str(tmp_path / name)], "zh")


def test_a_row_is_traced_to_equation_parameters_and_sources(made, capsys):
    assert trace.main([str(made / "report.docx"), "2.1"], "zh") == 0
    said = capsys.readouterr().out
    assert "coal_output" in said
    assert "方程" in said
    assert "来源：" in said
    assert trace.main([str(made / "report.html"), "表2"], "zh") == 0
    assert capsys.readouterr().out.count("方程") > 10


def test_a_number_is_traced_wherever_it_stands(made, capsys):
    hidden, _ = read_report(made / "report.docx")
    text = next(n.text for n, place in hidden.numbers.values() if n.reference.statistic == "median")
    trace.main([str(made / "report.docx"), text], "en")
    assert "median" in capsys.readouterr().out
    with pytest.raises(Refused, match="neither a table 99"):
        trace.main([str(made / "report.docx"), "99.99999"], "en")
