"""`sim run model=…` with another model than the county's: what lies beside it belongs to it."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
import yaml

import sim
from sim import data
from sim.__main__ import main
from sim.commands.learning import prepare
from sim.config import compose
from sim.config.calibration import CALIBRATE
from sim.config.composition import compose_for
from sim.ensemble.posterior import write_posterior
from sim.text import Refused

TOWN = """{UTF-8}
side: east, west ~~|
houses[side] = INTEG(building[side], 10) ~ 人 ~ 房屋; Houses |
building[side] = rate*houses[side] ~ 人/Year ~ |
rate = 0.02 ~ 1/Year ~ 增长率; Growth rate |
course = WITH LOOKUP(Time, ((2020,1),(2030,3))) ~ Dmnl ~ |
INITIAL TIME = 2020 ~ Year ~ |
FINAL TIME = 2030 ~ Year ~ |
TIME STEP = 0.5 ~ Year ~ |
SAVEPER = 1 ~ Year ~ |
"""
FAST = {
    "title": {"zh": "快", "en": "Fast"},
    "narrative": {"zh": "更快。", "en": "Faster."},
    "assumptions": {"rate": {"value": 0.05, "reason": {"zh": "试", "en": "a try"}}},
}
TABLE = {
    "assumptions": {
        "rate": {
            "value": 0.02,
            "unit": "1/Year",
            "kind": "assumed",
            "source": "a test",
            "reason": "a test",
            "distribution": {"kind": "uniform", "low": 0.01, "high": 0.03},
        }
    }
}
TARGETS = {
    "enough": {
        "title": {"zh": "够", "en": "Enough houses"},
        "clause": "a test",
        "variable": "houses[east]",
        "year": 2030,
        "value": 12,
        "unit": "人",
        "sense": "at_least",
        "nature": "expected",
        "group": "town",
        "basis": "physical",
    }
}


@pytest.fixture
def town(tmp_path, monkeypatch):
    """A folder of a model of one's own, and an empty working folder."""
    (tmp_path / "own" / "scenarios").mkdir(parents=True)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.delenv("SIM_SCENARIOS", raising=False)
    file = tmp_path / "own" / "小镇 town.mdl"
    file.write_text(TOWN, encoding="utf-8")
    write(file.parent / "scenarios" / "fast.yaml", FAST)
    return file


def write(file, content):
    file.parent.mkdir(exist_ok=True)
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def test_a_model_run_in_the_project_s_folder_has_no_scenarios_of_the_county(town, monkeypatch):
    monkeypatch.chdir(data.data_folder())
    home = compose(model=str(town)).home
    assert home.scenario("baseline").title.en == "小镇 town: the model as it is"
    assert home.scenario("fast").title.en == "Fast"
    assert main(["run", f"model={town}", "draws=1", f"output={town.parent / 'out'}"]) == 0


def said(capsys, *words):
    status = main(["run", *words, "workers=1", "figures=false"])
    out = capsys.readouterr()
    return status, out.out + out.err


def newest():
    return Path("outputs") / Path("outputs/latest").read_text(encoding="utf-8").strip()


def test_a_model_alone_runs_with_its_constants_as_parameters(town, capsys):
    status, text = said(capsys, f"model={town}", "lang=en")
    assert status == 0, text
    assert "the model as it is" in text
    assert "Houses[west]" in text
    assert "12.2" in text
    assert (newest() / "outcomes.csv").read_text(encoding="utf-8-sig").count("houses[east]") == 11
    assert "小镇 town: the model as it is" in (newest() / "summary.md").read_text(encoding="utf-8")


def test_numbers_and_times_of_outcomes_are_said_as_a_reader_says_them(town, capsys):
    text = TOWN.replace("Year", "Month").replace("10) ~ 人", "12345) ~ 人")
    town.write_text(text, encoding="utf-8")
    table = TABLE["assumptions"]["rate"] | {"unit": "1/Month"}
    write(town.parent / "sector" / "own.yaml", {"assumptions": {"rate": table}})
    status, printed = said(capsys, f"model={town}", "draws=50")
    assert status == 0, printed
    assert "第 2020 月" in printed
    assert "12,345" in printed
    assert "e+" not in printed
    with (newest() / "outcomes.csv").open(encoding="utf-8-sig", newline="") as stream:
        first = next(csv.DictReader(stream))
    assert list(first)[:5] == ["模型变量", "指标", "单位", "情景代码", "时间（月）"]
    assert float(first["95% 分位数"]) == pytest.approx(12345, rel=1e-3)


CHINESE = """区域: 县城, 村 ~~|
人口[区域] = INTEG(人口[区域]*(出生率 - 死亡率[区域]), 10) ~ 万人 ~ |
出生率 = 0.02 ~ 1/Year ~ |
死亡率[区域] = 0.01, 0.02 ~ 1/Year ~ |
"城镇化率 (%)" = 100*人口[县城]/SUM(人口[区域!]) ~ % ~ |
INITIAL TIME = 2020 ~ Year ~ |
FINAL TIME = 2030 ~ Year ~ |
TIME STEP = 0.5 ~ Year ~ |
SAVEPER = 1 ~ Year ~ |
"""


@pytest.fixture
def county(town):
    """A model whose names are Chinese, in GBK, in a folder with blanks; its files."""
    file = town.parent / "规划 资料" / "我的 模型.mdl"
    file.parent.mkdir()
    file.write_bytes(CHINESE.encode("gbk"))
    rate = TABLE["assumptions"]["rate"]
    write(file.parent / "sector" / "参数.yaml", {"assumptions": {"出生率": rate}})
    target = TARGETS["enough"] | {"variable": "城镇化率 (%)", "value": 51, "unit": "%"}
    write(file.parent / "targets.yaml", {"城镇化": target})
    return file


def test_chinese_names_are_set_on_the_command_line_and_from_python(county, capsys):
    level = "assumptions.出生率={2020: 0.01, 2025: 0.03}"
    status, text = said(capsys, f"model={county}", level, "parameters.死亡率[村]=0.05", "draws=20")
    assert status == 0, text
    assert "另设出生率" in text
    record = (newest() / ".hydra" / "overrides.yaml").read_text(encoding="utf-8")
    assert "parameters.死亡率[村]=0.05" in record
    assert main(["again", str(newest()), "lang=en"]) == 0
    words = {"model": str(county), "draws": 20}
    words |= {"assumptions": {"出生率": {2020: 0.01, 2025: 0.03}}}
    found = sim.run(**words, parameters={"死亡率[村]": 0.05}).attainment
    stored = xr.load_dataset(newest() / "attainment.nc")
    assert np.array_equal(found["median"], stored["median"])
    assert main(["sweep", f"model={county}", "assumptions.出生率=0.01,0.03", "figures=false"]) == 0
    with pytest.raises(Refused, match=r"出生绿.*did you mean 出生率"):
        compose(f"model={county}", "assumptions.出生绿=0.01")
    words = {"model": str(county), "base": 16, "factors": {"死亡率[村]": [0.01, 0.03]}}
    study = sim.sensitivity(**words, groups={"出": ["出生率"], "亡": ["死亡率[村]"]})
    assert set(study["factor"].values) == {"出生率", "死亡率[村]"}


@pytest.mark.parametrize(
    ("change", "said_is"),
    [
        ({"name": "出生绿"}, "出生绿 is no constant or path of the model.*did you mean 出生率"),
        ({"unit": "万人"}, "出生率 is in 万人, in the model in 1/Year"),
        ({"distribution": {"kind": "norml", "mean": 1, "sd": 1}}, "unknown distribution 'norml'"),
        ({"distribution": {"kind": "normal", "mean": 1, "sd": -1}}, "sd must be above zero"),
    ],
)
def test_what_is_wrong_with_its_table_is_said_before_anything_runs(county, change, said_is):
    entry = dict(TABLE["assumptions"]["rate"]) | change
    name = entry.pop("name", "出生率")
    write(county.parent / "sector" / "参数.yaml", {"assumptions": {name: entry}})
    with pytest.raises(Refused, match=said_is) as refused:
        sim.run(model=str(county), draws=5)
    assert str(county.parent / "sector" / "参数.yaml") in str(refused.value)


def test_its_report_says_nothing_of_the_county_s_and_its_numbers_are_traced(county, capsys):
    assert said(capsys, f"model={county}", "draws=20")[0] == 0
    assert main(["report", "format=html"]) == 0
    report = re.sub("<[^>]*>", "", (newest() / "report.html").read_text(encoding="utf-8"))
    for theirs in ("未纳入模拟的目标", "模型的部门", "煤", "conf/sector", "沁水"):
        assert theirs not in report, theirs
    assert "全表见模型旁的 sector 文件夹" in report
    assert "把握最小" not in report, "there is but one target"
    capsys.readouterr()
    assert main(["trace", "report.html", "2.1"]) == 0
    traced = capsys.readouterr().out
    assert "现在的模型中没有" not in traced
    assert "人口[县城]" in traced
    assert main(["verify", "report.html"]) == 0
    assert main(["verify", "no.html", "lang=en"]) == 2
    assert "there is no file no.html" in capsys.readouterr().err


def test_the_county_s_calibration_is_none_of_another_model(town):
    table = TABLE["assumptions"]["rate"]
    write(town.parent / "sector" / "own.yaml", {"assumptions": {"rate": table}})
    write(town.parent / "targets.yaml", TARGETS)
    points = {"coal_cap": np.full(4, 0.5)}
    county = compose("draws=10").table
    folder = Path("outputs/calibrate/baseline/2099-01-01_00-00-00")
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    write_posterior(points, county, 4.0, True, ["coal_output 2020"], folder / "posterior.nc")
    with pytest.raises(Refused, match=r"2099.*is a calibration of another model"):
        compose(f"model={town}", "draws=calibrated")


def test_without_a_history_it_is_said_how_one_is_written(town, capsys):
    for command in ("calibrate", "backtest"):
        assert main([command, f"model={town}", "lang=en"]) == 2
        said_is = capsys.readouterr().err
        assert f"no folder {town.parent / 'history'}" in said_is
        assert "variable,year,value,unit,error,source" in said_is


def test_a_script_is_told_what_is_no_number_and_may_keep_one_variable(town):
    model = sim.load_model(town)
    found = sim.simulate(model, {"rate": [0.01, 0.03]}, keep="houses")
    assert list(found.data_vars) == ["houses"]
    for values, said_is in (
        ({"rate": "two"}, "rate is a number, an array of numbers or a path by year, not 'two'"),
        ({"rate": [[0.1, 0.2]]}, "rate is a number"),
        ({"rate": {2020: None, "x": 1}}, "rate is a number"),
        ({"final_time": [2025, 2030]}, "final_time is one number"),
    ):
        with pytest.raises(Refused, match=said_is):
            sim.simulate(model, values)


def test_help_and_completion_know_what_there_is():
    assert {"run", "sweep", "simulate", "calibrate"} <= set(dir(sim))
    assert "sim.sensitivity" in (sim.__doc__ or "")
    assert all(getattr(sim, name).__doc__ for name in sim.__all__)


def test_a_check_of_its_file_is_pointed_to_the_command_for_it(town, capsys):
    for word in (str(town), f"model={town}"):
        assert main(["check", word, "lang=en"]) == 2
        assert f'sim model check "{town}"' in capsys.readouterr().err


def test_a_diagram_is_drawn_of_sectors_whose_files_say_no_title(town, capsys):
    write(town.parent / "sector" / "town.yaml", TABLE)
    assert said(capsys, f"model={town}", "draws=5")[0] == 0
    assert main(["plot", "stock_flow", "format=svg"]) == 0
    assert list((newest() / "figures").glob("stock_flow-*.svg"))
    write(town.parent / "sector" / "town.yaml", TABLE | {"title": {"zh": "住房"}})
    assert main(["plot", "stock_flow", "lang=en"]) == 2
    assert "town.yaml: title" in capsys.readouterr().err


def test_a_summary_without_targets_speaks_of_none_and_of_the_model_s_own_step(town, capsys):
    town.write_text(TOWN.replace("Year", "Month"), encoding="utf-8")
    assert said(capsys, f"model={town}")[0] == 0
    text = (newest() / "summary.md").read_text(encoding="utf-8")
    assert "时间步长 0.5 月。" in text
    assert "达标概率" not in text
    assert "目标和参数的写法见 sim model check" in text


def test_times_are_said_in_the_unit_in_which_the_model_counts_them(town, capsys):
    town.write_text(TOWN.replace("Year", "Days"), encoding="utf-8")
    write(town.parent / "targets.yaml", TARGETS)
    status, text = said(capsys, f"model={town}", "lang=en")
    assert status == 0, text
    assert re.search(r"Indicator +Time \(day\) +Target", text)
    summary = (newest() / "summary.md").read_text(encoding="utf-8")
    assert "Enough houses (day 2030, " in summary
    assert "Met by day 2030" in summary
    assert main(["plot", "fan", "format=svg", "lang=zh"]) == 0
    drawn = (newest() / "figures" / "fan-houses[east].svg").read_text(encoding="utf-8")
    assert "时间（天）" in drawn
    assert "第 2030 天 ≥ 12" in drawn
    assert main(["report", "format=html"]) == 0
    report = re.sub("<[^>]*>", "", (newest() / "report.html").read_text(encoding="utf-8"))
    assert "时间步长 0.5 天" in report
    assert "2030 年" not in report
    assert "时间（天）" in report
    assert main(["table", "format=csv"]) == 0
    tables = [file for file in newest().rglob("*.csv") if file.stem in ("targets", "series")]
    assert len(tables) == 2
    for file in (*tables, newest() / "attainment.csv"):
        head = file.read_text(encoding="utf-8-sig").splitlines()[0]
        assert "时间（天）" in head or "Time (day)" in head
        assert "年份" not in head


HISTORY = """variable,year,value,unit,error,source
houses[east],2022,10.4,人,0.2,a test
houses[east],2024,10.9,人,0.2,a test
houses[east],2026,11.3,人,0.2,a test
"""


def test_so_they_are_on_the_pages_of_what_was_learnt(town, capsys):
    text = TOWN.replace("Year", "Month")
    town.write_text(text, encoding="utf-8")
    write(town.parent / "targets.yaml", TARGETS)
    table = TABLE["assumptions"]["rate"] | {"unit": "1/Month"}
    write(town.parent / "sector" / "own.yaml", {"assumptions": {"rate": table}})
    (town.parent / "history").mkdir()
    (town.parent / "history" / "houses.csv").write_text(HISTORY, encoding="utf-8")
    new = Path("new.csv")
    new.write_text("series,year,value,unit\nhouses[east],2028,11.8,\n", encoding="utf-8")
    for command, words in {
        "calibrate": ["members=100", "method=particles"],
        "backtest": ["years=[2024]", "members=100"],
        "assess": [str(new), "draws=400"],
    }.items():
        for lang in ("zh", "en"):
            typed = [*words, f"model={town}", f"lang={lang}", "workers=1"]
            assert main([command, *typed]) == 0, command
            out = capsys.readouterr()
            printed = out.out + out.err
            pages = [file.read_text(encoding="utf-8") for file in newest().glob("summary_*.md")]
            heads = [
                file.read_text(encoding="utf-8-sig").splitlines()[0]
                for file in newest().glob("*.csv")
                if file.name != "new.csv"
            ]
            assert "时间（月）" in "".join(pages), command
            assert "Time (month)" in "".join(pages), command
            assert ("时间（月）" if lang == "zh" else "(month)") in printed, command
            assert not re.search(r"年份|\d 年|Year", "".join([printed, *pages, *heads])), command
    assert "第 2029 月" in "".join(pages)


def test_the_files_that_a_check_proposes_make_a_run_with_odds(town, capsys):
    assert main(["model", "check", str(town), "lang=en"]) == 0
    text = capsys.readouterr().out
    for name in ("targets.yaml", "sector/parameters.yaml"):
        _, _, after = text.partition(f"{Path(name)}, such as\n")
        file = town.parent / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(after.partition("\n\n")[0], encoding="utf-8")
    assert main(["model", "check", str(town), "lang=en"]) == 0
    assert "such as" not in capsys.readouterr().out
    status, text = said(capsys, f"model={town}", "draws=200", "lang=en")
    assert status == 0, text
    assert "≥ 12.2" in text
    assert "Growth rate +1.00" in text
    words = [f"model={town}", "assumptions.rate=0.01,0.05", "draws=20", "workers=1", "lang=en"]
    assert main(["sweep", *words]) == 0
    assert "rate" in capsys.readouterr().out


def test_all_figures_are_those_that_can_be_drawn_of_it(town, capsys):
    write(town.parent / "targets.yaml", TARGETS)
    assert said(capsys, f"model={town}", "figures=false")[0] == 0
    assert main(["plot", "all"]) == 0
    told = capsys.readouterr().out
    assert "bars.png" in told
    assert "没有画 gdp：没有说明 gdp 由哪些变量相加而成" in told


def test_its_scenarios_and_the_words_of_the_command_set_its_constants(town, capsys):
    status, text = said(
        capsys,
        f"model={town}",
        "scenario=fast",
        "parameters.course=7",
        "final_time=2040",
        "lang=en",
    )
    assert status == 0, text
    assert "Held against" in text
    assert "2040" in text
    result = sim.run("fast", model=str(town), keep="all")
    assert float(result.runs["rate"].sel(scenario="fast")[0, 0]) == 0.05
    assert float(result.runs["rate"].sel(scenario="baseline")[0, 0]) == 0.02
    assert float(result.runs["course"][0, 0].sel(time=2025)) == 2.0
    assert result.runs.sizes["draw"] == 1


def test_the_scenarios_of_the_county_are_not_its_own(town, capsys):
    status, text = said(capsys, f"model={town}", "scenario=high_methane", "lang=en")
    assert status == 2
    assert "no scenario is called high_methane" in text
    status, text = said(capsys, f"model={town}", "levers.rat=1", "lang=en")
    assert status == 2
    assert "did you mean rate" in text


def test_they_are_listed_and_shown_with_the_model_s_own_labels(town, capsys):
    assert main(["scenarios", f"model={town}"]) == 0
    listed = capsys.readouterr().out
    assert re.search(r"^fast +快", listed, re.M)
    assert "high_methane" not in listed
    assert main(["scenarios", "show", "fast", f"model={town}", "lang=en"]) == 0
    shown = capsys.readouterr().out
    assert "Growth rate  rate\n    0.05 per year\n    baseline: 0.02" in shown
    assert f'sim run scenario=fast "model={town}"' in shown
    assert main(["scenarios", "show", "fats", f"model={town}", "lang=en"]) == 2
    assert "did you mean fast" in capsys.readouterr().err


def test_a_table_and_targets_beside_it_are_its_own(town, capsys):
    write(town.parent / "sector" / "town.yaml", TABLE)
    write(town.parent / "targets.yaml", TARGETS)
    status, text = said(capsys, f"model={town}", "draws=200", "lang=en")
    assert status == 0, text
    assert "Enough houses" in text
    result = sim.run("fast", model=str(town), draws=200)
    attained = result.attainment["probability"].sel(target="enough")
    assert float(attained.sel(scenario="fast")) == 1.0
    assert 0.4 < float(attained.sel(scenario="baseline")) < 0.75
    assert result.runs.sizes["draw"] == 200


def test_a_model_without_anything_uncertain_has_targets_met_or_not_and_a_report(town, capsys):
    write(town.parent / "targets.yaml", TARGETS)
    status, text = said(capsys, f"model={town}", "lang=en")
    assert status == 0, text
    assert "100%" in text
    assert main(["report", "lang=en"]) == 0
    assert (newest() / "report.pdf").stat().st_size > 10_000
    html = (newest() / "report.html").read_text(encoding="utf-8")
    assert "An assessment with the model 小镇 town" in html
    assert "Qinshui" not in html


def test_random_functions_are_drawn_for_every_member(town):
    noisy = TOWN.replace("rate*houses", "RANDOM UNIFORM(0, 0.04, 1)*houses")
    town.write_text(noisy, encoding="utf-8")
    runs = sim.run("baseline", model=str(town), draws=50).runs["houses[east]"]
    assert runs.isel(time=-1).values.std() > 0
    assert runs.sizes["draw"] == 50
    apart = sim.run("baseline", model=str(town), draws=50, workers=2, block=7).runs
    assert np.array_equal(apart["houses[east]"].values, runs.values)


def test_a_version_of_the_county_s_model_has_the_county_s_files(town):
    copy = town.parent / "qinshui2.mdl"
    copy.write_bytes(data.model_file().read_bytes())
    settings = compose(model=str(copy))
    assert settings.home.county
    assert settings.targets == compose().targets
    assert not compose(model=str(town)).home.county
    assert compose(model=str(town)).targets == ()


def test_the_clock_of_a_run_may_be_set(town, capsys):
    result = sim.run("baseline", model=str(town), time_step=0.25, saveper=2, final_time=2028)
    assert result.runs["time"].values.tolist() == [2020, 2022, 2024, 2026, 2028]
    exact = 10 * (1 + 0.02 * 0.25) ** 32
    assert float(result.runs["houses[east]"][0, 0, -1]) == pytest.approx(exact, rel=1e-12)
    status, text = said(capsys, f"model={town}", "time_step=x", "lang=en")
    assert status == 2
    assert "time_step" in text


@pytest.mark.parametrize(
    "words",
    [
        ["sweep", "parameters.rate=0.01,0.02", "until=stderr<0.01"],
        ["sensitivity", "factors.rate=[0.01,0.03]", "about=attainment"],
        ["sensitivity", "factors.rate=[0.01,0.03]", "method=regional"],
        ["run", "until=stderr<0.01"],
    ],
)
def test_what_asks_about_targets_is_refused_where_there_are_none(town, capsys, words):
    status = main([words[0], f"model={town}", *words[1:], "lang=en"])
    assert status == 2
    assert "this model has no targets" in capsys.readouterr().err


def test_its_baseline_is_listed_though_no_file_says_it(town, capsys):
    (town.parent / "scenarios" / "fast.yaml").unlink()
    assert main(["scenarios", f"model={town}"]) == 0
    assert "baseline  小镇 town：模型原样" in capsys.readouterr().out
    assert main(["scenarios", "show", "baseline", f"model={town}"]) == 0
    assert f'sim run scenario=baseline "model={town}"' in capsys.readouterr().out


def test_what_can_be_set_is_said_where_something_else_is(town):
    text = TOWN.replace("rate = 0.02", "rate[side] = 0.02, 0.03").replace("rate*", "rate[side]*")
    town.write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match=r"did you mean rate\[east\], rate\[west\]\?"):
        compose(f"model={town}", "levers.rate=0.1")
    with pytest.raises(Refused, match=r"what can be set are the model's constants"):
        compose(f"model={town}", "levers.building=3")


def test_an_axis_is_suggested_among_its_own_constants(town, capsys):
    assert main(["sweep", f"model={town}", "lang=en"]) == 2
    assert '"levers.rate=0.018,0.02,0.022"' in capsys.readouterr().err


def test_without_targets_a_sweep_tells_what_main_variables_come_to(town, capsys):
    words = ["parameters.rate=0.01,0.02,0.05", "workers=1", "lang=en"]
    assert main(["sweep", f"model={town}", *words]) == 0
    text = capsys.readouterr().out
    assert "main variables at 3 points" in text
    assert "Growth rate" in text
    assert re.search(r"16\.4 people\s+0\.05", text)
    assert "probability" not in text
    assert "sim model check FILE shows how targets are written" in text
    table = xr.load_dataset(newest() / "sweep.nc")
    exact = [10 * (1 + rate / 2) ** 20 for rate in table["rate"].values]
    assert np.allclose(table["median"].sel(target="houses[east]"), exact)
    head, first, *_ = (newest() / "sweep.csv").read_text(encoding="utf-8-sig").splitlines()
    assert head == "point,rate [1/Year],target,indicator,year,unit,median,p05,p95,failed_members"
    assert first.startswith("0,0.01,houses[east],Houses[east],2030,")
    drawn = {file.name for file in (newest() / "figures").glob("*.png")}
    assert drawn == {"houses[east].png", "houses[west].png"}
    assert "达标概率" not in (newest() / "summary_zh.md").read_text(encoding="utf-8")
    assert main(["again", "latest"]) == 0


@pytest.mark.parametrize(
    "words",
    [
        ["parameters.rate=0.01,0.02", "parameters.delay=1,2"],
        ["parameters.rate=0.01,0.02", "parameters.delay=1,2", "design=random", "points=20"],
        ["design=oat"],
    ],
)
def test_without_targets_every_design_is_drawn(town, capsys, words):
    write(town.parent / "sector" / "town.yaml", TABLE)
    town.write_text(
        TOWN.replace("rate*houses", "rate/delay*houses") + "delay = 1 ~ Dmnl ~ |\n", "utf-8"
    )
    words = [word.replace("parameters.rate", "assumptions.rate") for word in words]
    assert main(["sweep", f"model={town}", *words, "draws=20", "workers=1", "lang=en"]) == 0
    text = capsys.readouterr().out
    assert "Houses[east]" in text
    assert "probability" not in text
    drawn = {file.name for file in (newest() / "figures").glob("*.png")}
    assert drawn == {"houses[east].png", "houses[west].png"}


def test_without_targets_a_sensitivity_study_tells_what_decides_main_variables(town, capsys):
    words = ["factors.rate=[0.01,0.03]", "base=64", "workers=1", "lang=en"]
    assert main(["sensitivity", f"model={town}", *words]) == 0
    text = capsys.readouterr().out
    assert "Uncertain parameters" in text
    assert re.search(r"Houses\[west\]\s+2030\s+Growth rate [01]\.\d\d ±", text)
    assert "sim model check FILE shows how targets are written" in text
    drawn = {file.name for file in (newest() / "figures").glob("*.png")}
    assert drawn == {"overview.png", "houses[east].png", "houses[west].png"}


def test_a_run_without_targets_is_drawn_and_makes_no_report(town, capsys):
    assert said(capsys, f"model={town}")[0] == 0
    assert main(["plot", "fan", "multiples", "format=svg"]) == 0
    drawn = {file.name for file in (newest() / "figures").glob("*.svg")}
    assert drawn == {"fan-houses[east].svg", "fan-houses[west].svg", "multiples.svg"}
    for words in (["report"], ["plot", "bars"]):
        assert main([*words, "lang=en"]) == 2
        assert "this model has no targets" in capsys.readouterr().err


def by_rk4(town, number):
    """The town with the settings that Vensim writes behind its sketch."""
    settings = "\\\\\\---/// Sketch\n///---\\\\\\\n:L<%^E!@\n15:0,0,0,{},0,0\n"
    town.write_text(TOWN + settings.format(number), encoding="utf-8")


def test_a_run_is_by_the_method_of_its_file_and_says_so(town, capsys):
    by_rk4(town, 5)
    assert said(capsys, f"model={town}")[0] == 0
    assert "用四阶龙格—库塔法求解" in (newest() / "summary.md").read_text(encoding="utf-8")
    last = xr.open_dataset(newest() / "runs.nc")["houses[east]"].values[0, 0, -1]
    assert last == pytest.approx(10 * np.exp(0.2), rel=1e-9)
    assert main(["again", "latest"]) == 0
    assert said(capsys, f"model={town}", "method=euler")[0] == 0
    assert "用欧拉法求解" in (newest() / "summary.md").read_text(encoding="utf-8")
    last = xr.open_dataset(newest() / "runs.nc")["houses[east]"].values[0, 0, -1]
    assert last == pytest.approx(10 * 1.01**20, rel=1e-12)


def test_a_method_that_there_is_not_is_stood_in_for_and_it_is_said(town, capsys):
    by_rk4(town, 3)
    write(town.parent / "targets.yaml", TARGETS)
    status, text = said(capsys, f"model={town}", "lang=en")
    assert status == 0
    told = "The model file asks for RK2 Fixed, which there is not; the fourth-order Runge-Kutta"
    assert told in " ".join(text.split())
    assert told in (newest() / "summary.md").read_text(encoding="utf-8")
    manifest = json.loads((newest() / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["method"] == "rk4 (instead of RK2 Fixed)"
    assert main(["report", "format=html", "lang=en"]) == 0
    assert told in re.sub("<[^>]*>", "", (newest() / "report.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("number", "words", "grown"),
    [(5, {}, np.exp(0.04)), (5, {"integrator": "euler"}, 1.01**4), (0, {}, 1.01**4)],
)
def test_a_calibration_integrates_as_the_file_says_or_the_words(town, number, words, grown):
    by_rk4(town, number)
    write(town.parent / "sector" / "own.yaml", TABLE)
    (town.parent / "history").mkdir()
    (town.parent / "history" / "houses.csv").write_text(HISTORY, encoding="utf-8")
    witness = prepare(compose_for(CALIBRATE, model=str(town), **words)).witness
    assert witness(np.array([[0.5]]))[0, 0] == pytest.approx(10 * grown, rel=1e-9)


def test_a_variable_of_another_model_is_explained(town, capsys):
    assert main(["explain", "houses[west]", f"model={town}", "lang=en"]) == 0
    text = capsys.readouterr().out
    for words in (
        "houses[side] = INTEG(building[side], 10)",
        "building[west]",
        "rate  0.02 per year",
    ):
        assert words in text
    assert main(["explain", "coal_output", f"model={town}", "lang=en"]) == 2
    assert "coal_output" in capsys.readouterr().err
