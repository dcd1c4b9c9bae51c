"""Tables as Excel, CSV, Markdown, LaTeX, long and IAMC; and folders that are no whole run."""

import csv
import io
import json
import shutil
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from sim.commands import plot, table
from sim.commands.opened import open_record
from sim.ensemble import store
from sim.report import output
from sim.text import Refused


@pytest.fixture(scope="module")
def made(outputs, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables")
    words = [f"outputs={outputs}", f"output={folder}", "format=xlsx,csv,md,tex,long,iamc"]
    assert table.main([*words, "variables=coal_output,gdp_real"], "zh") == 0
    return folder


def rows(file: Path):
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))


def test_excel_has_headings_formats_and_a_frozen_header(made, record):
    book = openpyxl.load_workbook(made / "tables.xlsx")
    sheet = book["规划目标达标概率"]
    heads = [cell.value for cell in sheet[1]]
    assert "达标概率" in heads
    assert sheet.freeze_panes == "A2"
    column = heads.index("达标概率") + 1
    assert sheet.cell(2, column).number_format == "0.0%"
    share = float(record.attainment["probability"].values[0, 0])
    assert sheet.cell(2, column).value == pytest.approx(share)
    assert sheet.max_row == 1 + 2 * len(record.targets)
    assert book["说明"]["A1"].value == "运行"


def test_csv_opens_in_excel_and_says_what_the_run_says(made, record):
    assert (made / "targets.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    found = rows(made / "targets.csv")
    shares = record.attainment["probability"].values
    assert [float(row["达标概率"]) for row in found] == pytest.approx(list(shares.ravel()))
    worth = record.attainment["backtest_came_true"].values
    assert [int(row["其中应验"]) for row in found] == list(worth.ravel())
    series = rows(made / "series.csv")[0]
    assert series["变量"] == record.fans[series["模型变量"]].attrs["label_zh"]


def test_the_long_format_has_one_number_a_row(made, record):
    found = rows(made / "long.csv")
    heads = ["scenario", "kind", "variable", "year", "statistic", "unit", "value"]
    assert list(found[0]) == heads
    keys = [tuple(row[head] for head in heads[:5]) for row in found]
    assert len(keys) == len(set(keys))
    values = {key: row for key, row in zip(keys, found, strict=True)}
    one = values["high_methane", "variable", "coal_output", "2025", "median"]
    assert one["unit"] == "万吨/年"
    coal = record.runs["coal_output"].sel(time=2025).values[0]
    assert float(one["value"]) == pytest.approx(float(np.median(coal)))


def test_the_iamc_format_has_a_column_a_year(made):
    found = rows(made / "iamc.csv")
    heads = list(found[0])
    assert heads[:5] == ["Model", "Scenario", "Region", "Variable", "Unit"]
    assert heads[5:] == [str(year) for year in range(2015, 2036)]
    keys = [(row["Scenario"], row["Variable"]) for row in found]
    assert len(keys) == len(set(keys)) == 2 * 2 * 6


def test_latex_and_markdown_are_for_reading(made, record):
    latex = (made / "targets.tex").read_text(encoding="utf-8")
    assert r"\begin{longtable}" in latex
    assert latex.count(r"\\") >= 2 * len(record.targets)
    assert not [line for line in latex.splitlines()[1:] if "_" in line.replace(r"\_", "")]
    text = (made / "targets.md").read_text(encoding="utf-8")
    assert text.count("\n|") == 2 + 2 * len(record.targets)
    assert "coal_output" not in text


def test_the_same_run_gives_the_same_tables(made, outputs, tmp_path):
    words = [f"outputs={outputs}", f"output={tmp_path}", "format=xlsx"]
    table.main([*words, "variables=coal_output,gdp_real"], "zh")
    assert (tmp_path / "tables.xlsx").read_bytes() == (made / "tables.xlsx").read_bytes()


@pytest.fixture
def copied(outputs, tmp_path):
    folder = tmp_path / "copied"
    shutil.copytree(store.find_result("latest", Path(outputs), ["run"])[0], folder)
    return folder


def opened(folder):
    return open_record(str(folder), Path("outputs"))


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(Refused, match="no folder of sim run"):
        opened(tmp_path)


def test_a_folder_of_another_command_is_refused_by_its_name(copied):
    manifest = store.read_manifest(copied)
    store.write_manifest(copied, manifest | {"kind": "sweep"})
    with pytest.raises(Refused, match=r"is a result of `sim sweep`"):
        opened(copied)


def test_an_incomplete_run_is_refused_with_what_it_lacks(copied):
    (copied / "inputs.nc").unlink()
    (copied / ".hydra" / "config.yaml").unlink()
    with pytest.raises(Refused, match=r"lacks inputs.nc, .hydra/config.yaml"):
        opened(copied)


def test_a_damaged_table_is_refused(copied):
    (copied / "runs.nc").write_bytes(b"nothing")
    with pytest.raises(Refused, match="damaged"):
        _ = opened(copied).runs


def test_a_run_of_another_version_is_refused_with_its_command(copied):
    facts = json.loads((copied / "manifest.json").read_text(encoding="utf-8"))
    facts["versions"]["sim"] = "0.0.1"
    (copied / "manifest.json").write_text(json.dumps(facts), encoding="utf-8")
    with pytest.raises(Refused, match=r"made by sim 0.0.1.*run it again: sim run"):
        opened(copied)


def test_odds_of_an_earlier_version_are_counted_anew_or_refused(copied):
    before = opened(copied).attainment
    written = store.read_table(copied / "attainment.nc")
    (copied / "attainment.nc").unlink()
    store.write_table(
        written.drop_vars(["independent_members", "time_unit"]), copied / "attainment.nc"
    )
    assert opened(copied).attainment.identical(before)
    (copied / "runs.nc").unlink()
    facts = json.loads((copied / "manifest.json").read_text(encoding="utf-8"))
    facts["store"] = "summary"
    (copied / "manifest.json").write_text(json.dumps(facts), encoding="utf-8")
    with pytest.raises(Refused, match="by an earlier sim and kept no members"):
        _ = opened(copied).attainment


def test_a_run_without_a_target_s_variable_is_refused(copied):
    runs = store.read_table(copied / "runs.nc").drop_vars("coal_output")
    (copied / "runs.nc").unlink()
    store.write_table(runs, copied / "runs.nc")
    with pytest.raises(Refused, match="coal_output"):
        _ = opened(copied).attainment


def test_a_file_that_is_open_elsewhere_is_refused_and_the_old_one_stays(tmp_path, monkeypatch):
    file = tmp_path / "report.docx"
    file.write_bytes(b"old")

    def locked(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(output.os, "replace", locked)
    with pytest.raises(Refused, match="open in Word"):
        output.put(file, b"new")
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("command", "words", "said"),
    [
        (plot, ["tornadoo"], "did you mean tornado"),
        (plot, ["fan", "dpi=9999"], "from 30 to 1200"),
        (plot, ["fan", "format=gif"], "no format gif"),
        (plot, ["fan", "variable=x"], "did you mean variables"),
        (table, ["format=xls"], "did you mean xlsx"),
        (table, ["latest"], "not understood"),
    ],
)
def test_what_is_typed_wrong_is_refused(command, words, said):
    with pytest.raises(Refused, match=said):
        command.main(words, "en")


def test_plot_without_a_kind_lists_the_kinds(capsys):
    assert plot.main([], "zh") == 0
    assert "sim plot tornado" in capsys.readouterr().out


def test_plot_writes_each_format(outputs, tmp_path, capsys):
    words = ["heat", "targets=coal_output", "format=png,svg,pdf", "dpi=60"]
    assert plot.main([*words, f"outputs={outputs}", f"output={tmp_path}"], "zh") == 0
    assert sorted(file.name for file in tmp_path.iterdir()) == ["heat.pdf", "heat.png", "heat.svg"]
    assert len(capsys.readouterr().out.split()) == 3


def test_a_run_that_kept_its_summary_alone_draws_what_needs_no_members(outputs, tmp_path, capsys):
    folder = tmp_path / "summary"
    shutil.copytree(store.find_result("latest", Path(outputs), ["run"])[0], folder)
    (folder / "runs.nc").unlink()
    (folder / "inputs.nc").unlink()
    facts = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    facts["store"] = "summary"
    (folder / "manifest.json").write_text(json.dumps(facts), encoding="utf-8")
    words = [f"run={folder}", "dpi=50", f"output={tmp_path / 'made'}"]
    assert plot.main(["bars", "heat", "joint", "multiples", *words], "zh") == 0
    assert len(capsys.readouterr().out.split()) == 4
    with pytest.raises(Refused, match=r"kept no members.*run it again: .*store=full"):
        plot.main(["tornado", *words], "zh")
