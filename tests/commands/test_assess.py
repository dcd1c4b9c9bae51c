"""`sim assess`: new figures move the odds. The figures here are made by the model, not observed."""

import csv
import json
import re

import numpy as np
import pytest

import sim
from sim.__main__ import main
from sim.text import Refused

HEAD = "指标,年份,数值,单位,误差\n"
WORDS = {"draws": 1000, "least": 30, "targets": ["coal_output", "cbm_output", "urbanisation"]}
TYPED = ["draws=1000", "least=30", "targets=coal_output,cbm_output,urbanisation"]


@pytest.fixture(scope="module")
def worlds():
    """The ensemble that is reweighted."""
    return sim.run("baseline", against=None, keep=["population"], draws=1000).runs


@pytest.fixture
def new(tmp_path):
    """A function from rows to the file of a user."""

    def written(*rows, encoding="utf-8"):
        file = tmp_path / "新数据.csv"
        file.write_bytes((HEAD + "\n".join(rows) + "\n").encode(encoding))
        return file

    return written


def quantile(worlds, variable, year, share):
    return float(worlds[variable].sel(time=year).quantile(share))


def test_much_gas_in_a_year_makes_the_target_of_gas_more_likely(worlds, new):
    high, low = (quantile(worlds, "cbm_output", 2024, q) for q in (0.9, 0.1))
    odds = {}
    for word, level in (("high", high), ("low", low)):
        found = sim.assess(new(f"煤层气产量,2024,{level},亿立方米/年,3"), **WORDS)
        odds[word] = found.targets["probability"].sel(target="cbm_output")
        assert found.effective >= 50
        assert found.draws == 1000
    assert odds["high"].sel(when="before") == odds["low"].sel(when="before")
    assert odds["low"].sel(when="after") <= odds["high"].sel(when="after")
    assert float(found.seen["after"][0]) < float(found.seen["expected"][0])
    moved = found.beliefs.isel(parameter=0)
    assert abs(float(moved["shift"])) > 0.2
    assert str(moved["label_zh"].item())


def test_the_folder_holds_all_that_is_promised(worlds, new, tmp_path):
    file = new(
        f"常住人口,2023,{quantile(worlds, 'population', 2023, 0.3)},万人,0.1", encoding="gb18030"
    )
    assert main(["assess", str(file), *TYPED, f"output={tmp_path}"]) == 0
    folder = tmp_path / (tmp_path / "latest").read_text(encoding="utf-8").strip()
    assert {path.name for path in folder.iterdir()} == {
        ".hydra", "beliefs.csv", "early_signs.csv", "manifest.json", "new.csv", "observations.csv",
        "odds.csv", "summary_en.md", "summary_zh.md",
    }  # fmt: skip
    with (folder / "odds.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["目标代码"] for row in rows] == WORDS["targets"]
    assert all(0 <= float(row["达标概率：此后"]) <= 1 for row in rows)
    assert {row["判断：此后"] for row in rows} <= {"进展顺利", "基本符合预期", "滞后"}
    facts = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert facts["kind"] == "assess"
    assert facts["effective_draws"] > 0
    summary = (folder / "summary_zh.md").read_text(encoding="utf-8")
    assert "进展顺利" in summary
    assert "应验" in summary, "how often such probabilities came true"
    assert all(int(row["回测同等概率的事件数：此后"]) > 0 for row in rows)
    assert "等权抽样" in summary
    with (folder / "early_signs.csv").open(encoding="utf-8-sig", newline="") as stream:
        signs = [row["信号"] for row in csv.DictReader(stream)]
    assert signs
    assert all(re.search(r"不[低高]于 [−\d.,]+(%| ?[^\d\s]+)$", sign) for sign in signs), signs


def test_a_figure_at_the_edge_makes_the_ensemble_be_calibrated_anew(worlds, new):
    level = quantile(worlds, "population", 2023, 0.95)
    found = sim.assess(
        new(f"常住人口,2023,{level},万人,0.1"), **WORDS | {"draws": 300, "least": 299}
    )
    assert found.anew
    assert found.effective < 299
    after, expected = float(found.seen["after"][0]), float(found.seen["expected"][0])
    assert expected < after < level  # history holds it back
    assert np.isfinite(found.targets["probability"]).all()


def test_the_plan_s_path_is_set_beside_the_observed(worlds, new):
    level = quantile(worlds, "cbm_output", 2023, 0.5)
    found = sim.assess(new(f"煤层气产量,2023,{level},亿立方米/年,5"), **WORDS)
    start = quantile(worlds, "cbm_output", 2020, 0.5)
    assert float(found.seen["required"][0]) == pytest.approx(start + 0.6 * (60 - start), rel=1e-6)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("原煤产亮,2024,4000,万吨/年,100", "unknown series '原煤产亮'"),
        ("原煤产量,2024,4000,万人,100", "万人"),
        ("原煤产量,1999,4000,万吨/年,100", "1999"),
        ("原煤产量,2024,-4000,万吨/年,10", "none of 1000 worlds"),
        ("常住人口城镇化率,2023,0.55,%,0.5", "none of 1000 worlds"),
        ("原煤产量,2024,四千,万吨/年,100", "四千"),
        ("原煤产量,2024,4000,万吨/年,-1", "error must be above zero"),
    ],
)
def test_what_cannot_be_is_refused_in_one_message(row, said, new, tmp_path):
    with pytest.raises(Refused) as refused:
        sim.assess(new(row), **WORDS, output=tmp_path / "out")
    assert said in str(refused.value)
    assert not (tmp_path / "out").exists()


def test_all_mistakes_of_a_file_are_said_at_once(new):
    wrong = new(
        "原煤产亮,2026,4380,万吨/年,100",
        "原煤产量,2026,-4000,万吨/年,100",
        "常住人口城镇化率,2026,0.55,%,0.5",
        "煤层气产量,2026,27,亿吨/年,1",
        "常住人口,2099,19,万人,0.1",
        "原煤产量,2027,多,万吨/年,100",
        "常住人口,2026,18.9,万人,0.1",
        "常住人口,2026,18.8,万人,0.1",
    )
    with pytest.raises(Refused) as refused:
        sim.assess(wrong, **WORDS)
    said = str(refused.value)
    for part in (
        "unknown series", "is the minus sign wrong", "percentage written as a fraction",
        "cannot be converted", "population 2099", "'多'", "two figures",
    ):  # fmt: skip
        assert part in said, part
    assert len(refused.value.problems) == 7


def test_a_file_without_figures_is_refused(new):
    with pytest.raises(Refused, match="holds no figures"):
        sim.assess(new(), **WORDS)


def test_a_file_that_is_not_there_is_said(capsys):
    assert main(["assess", "nowhere.csv", "lang=en"]) == 2
    assert "no file nowhere.csv" in capsys.readouterr().err
    assert main(["assess", "lang=en"]) == 2
    assert "name the file" in capsys.readouterr().err
