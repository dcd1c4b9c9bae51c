"""`sim scenarios` and `sim scenarios show NAME`."""

from pathlib import Path

import pytest

from sim.__main__ import main
from sim.commands.columns import columns
from sim.commands.scenarios import first_sentence
from sim.text import width

Captured = pytest.CaptureFixture[str]


def test_columns_begin_at_the_same_cell_in_chinese() -> None:
    lines = columns([("a", "煤", "x"), ("bb", "long", "y")])
    assert lines == ["a   煤    x", "bb  long  y"]
    assert width("煤：（abc") == 9
    assert columns([]) == []


def test_a_sentence_ends_at_its_stop() -> None:
    assert first_sentence("多打井。第二句。") == "多打井。"
    assert first_sentence("By 2.5 %.\nMore.") == "By 2.5 %."
    assert first_sentence("no stop") == "no stop"


def test_the_list_has_name_title_and_a_sentence(project: Path, capsys: Captured) -> None:
    assert main(["scenarios"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "baseline      基准    规划照原文执行。"
    assert said[1] == "high_methane  高甲烷  多打井。"
    main(["scenarios", "lang=en"])
    assert "High methane  More wells." in capsys.readouterr().out


def test_a_broken_file_does_not_hide_the_others(project: Path, capsys: Captured) -> None:
    file = project / "scenarios/high_methane.yaml"
    file.write_text("title: 高甲烷\n", encoding="utf-8")
    assert main(["scenarios", "lang=en"]) == 2
    said = capsys.readouterr()
    assert "Baseline" in said.out
    assert "high_methane.yaml: title must be in both languages" in said.err


def test_a_scenario_is_shown_by_what_differs_from_the_baseline(
    project: Path, capsys: Captured
) -> None:
    base = project / "scenarios/baseline.yaml"
    base.write_text(
        base.read_text(encoding="utf-8")
        + "assumptions: {coal_price: {value: 700, reason: {zh: 行情, en: market}}}\n"
        + "levers: {coal_cap: {value: 4500, reason: {zh: 规划, en: plan}}}\n",
        encoding="utf-8",
    )
    assert main(["scenarios", "show", "high_methane"]) == 0
    said = capsys.readouterr().out
    levers, assumptions = said.split("外部假设")
    assert "多打井。第二句。" in levers
    assert "2021: 400；2026: 700 口/年\n    基准：2015: 100；2025: 300 口/年" in levers
    assert "理由：加快审批" in levers
    assert "500 元/吨\n    基准：700 元/吨" in assumptions
    assert "drilling_permits" not in assumptions
    assert "coal_cap" not in said  # as in the baseline


def test_the_baseline_is_shown_against_the_parameter_table(project: Path, capsys: Captured) -> None:
    assert main(["scenarios", "show", "baseline", "lang=en"]) == 0
    assert capsys.readouterr().out.count("as in the baseline") == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "high_methan"], "did you mean high_methane?"),
        (["show"], "there are baseline, high_methane"),
        (["shwo"], "did you mean show?"),
        (["high_methane"], "did you mean `sim scenarios show high_methane`?"),
        (["show", "baseline", "high_methane"], "is not understood"),
    ],
)
def test_a_mistake_is_refused(project: Path, capsys: Captured, words: list[str], said: str) -> None:
    assert main(["scenarios", *words, "lang=en"]) == 2
    assert said in capsys.readouterr().err
