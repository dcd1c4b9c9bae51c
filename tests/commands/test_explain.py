"""`sim explain VARIABLE`."""

from pathlib import Path

import pytest

from sim.__main__ import main
from sim.commands.explain import find
from sim.engine.graph import sources
from sim.engine.vensim import read_mdl
from sim.text import Refused

MODEL = """\
{UTF-8}
coal cap = 4500 ~ 万吨/Year ~ 产量上限; coal cap; What may be mined. |
well decline = 0.3 ~ 1/Year ~ 递减率; decline of wells; x |
capacity = INTEG(new capacity - capacity * well decline, 10) ~ 万吨 ~ 产能; capacity; x |
new capacity = SMOOTH(coal output, 2) ~ 万吨/Year ~ 新增产能; new capacity; x |
coal output = MIN(capacity, coal cap) ~ 万吨/Year ~ 原煤产量; raw coal output; Mines; and more. |
INITIAL TIME = 2015 ~ Year ~ ; ; |
FINAL TIME = 2020 ~ Year ~ ; ; |
TIME STEP = 1 ~ Year ~ ; ; |
SAVEPER = 1 ~ Year ~ ; ; |
"""

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def county(project: Path) -> Path:
    file = project / "model/qinshui.mdl"
    file.parent.mkdir()
    file.write_text(MODEL, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    "asked", ["coal_output", "Coal Output", "coal output", "原煤产量", "raw coal output"]
)
def test_a_variable_is_found_by_any_of_its_names(county: Path, asked: str) -> None:
    assert find(read_mdl(county), asked).name == "coal_output"


@pytest.mark.parametrize(
    ("asked", "said"),
    [("coal_outptu", "did you mean coal_output"), ("产量", "did you mean 产量上限, 原煤产量")],
)
def test_an_unknown_name_is_refused_with_near_ones(county: Path, asked: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        find(read_mdl(county), asked)


def test_the_stocks_behind_a_smooth_count_as_its_owner(county: Path) -> None:
    needs = sources(read_mdl(county))
    assert needs["new_capacity"] == ["coal_output"]
    assert needs["coal_output"] == ["capacity", "coal_cap"]
    assert needs["capacity"] == ["new_capacity", "well_decline"]
    assert not any("__" in name for name in needs)


def test_an_explanation_says_what_there_is_to_know(county: Path, capsys: Captured) -> None:
    assert main(["explain", "原煤产量"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("coal_output  原煤产量  raw coal output\n单位：万吨/年\n类型：辅助变量")
    assert "说明：Mines; and more." in said
    assert "coal output = MIN(capacity, coal cap)" in said
    needs, used = said.split("取决于")[1].split("影响")
    used, numbers = used.split("背后的参数")
    assert "产能" in needs
    assert "新增产能" in used
    assert "coal_cap = 4,500 万吨/年\n    政策手段，规划\n    来源：规划\n    理由：上限" in numbers
    assert "well_decline  每年 0.3" in numbers  # one step further
    main(["explain", "well", "decline", "lang=en"])
    assert "distribution: triangular, lowest 0.2" in capsys.readouterr().out


def test_a_mistake_is_refused(county: Path, capsys: Captured) -> None:
    assert main(["explain", "coal_outptu", "lang=en"]) == 2
    assert main(["explain", "lang=en"]) == 2
    assert "which variable?" in capsys.readouterr().err


def test_a_target_leads_to_its_variable_and_back(county: Path, capsys: Captured) -> None:
    assert main(["explain", "Raw coal output", "lang=en"]) == 0
    said = capsys.readouterr().out
    assert "coal_output  原煤产量  raw coal output" in said
    assert "Targets read off it\n  Raw coal output  2025  ≤ 4,500 × 10⁴ t/year  第四章" in said
    assert "4 variables lie upstream, the farthest 2 steps away; 2 of them are inputs" in said
    main(["explain", "well_decline", "lang=en"])
    assert "It acts on 1 targets: Raw coal output" in capsys.readouterr().out


def test_a_target_that_no_variable_is_called_after_leads_on(county: Path, capsys: Captured) -> None:
    targets = county.parents[1] / "conf/targets.yaml"
    text = targets.read_text(encoding="utf-8").replace("en: Raw coal output", "en: Coal aim")
    targets.write_text(text, encoding="utf-8")
    assert main(["explain", "coal", "aim", "lang=en"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(
        "coal_output  Coal aim  2025  ≤ 4,500 × 10⁴ t/year  第四章\n\ncoal_output  原"
    )


def test_the_loops_of_a_variable_are_named(county: Path, capsys: Captured) -> None:
    loop = """\
loops:
  growth:
    title: {zh: 增长, en: growth}
    sector: coal
    polarity: reinforcing
    chain: capacity + coal_output + new_capacity +
"""
    (county.parents[1] / "conf/loops.yaml").write_text(loop, encoding="utf-8")
    main(["explain", "coal_output"])
    assert "所在回路\n  R 增长（增强）" in capsys.readouterr().out


def test_all_lists_what_lies_upstream_step_by_step(county: Path, capsys: Captured) -> None:
    main(["explain", "coal_output", "all", "lang=en"])
    said = capsys.readouterr().out
    first, second = said.split("step 1\n")[1].split("step 2\n")
    assert "capacity" in first
    assert "plan: 规划" in first
    assert "well_decline" in second
    assert "assumed: 文献" in second


def test_a_column_of_the_results_is_explained(
    project: Path, capsys: Captured
) -> None:  # needs no model
    assert main(["explain", "probability", "lang=en"]) == 0
    assert capsys.readouterr().out.startswith("probability  attainment: the share of draws")
    main(["explain", "达标概率"])
    assert "probability  达标概率：" in capsys.readouterr().out
