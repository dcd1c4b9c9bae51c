"""What a Chinese keyboard and Word write is understood where one meaning is possible."""

from pathlib import Path

import pytest

from sim.__main__ import main
from sim.config import compose
from sim.keyboard import ordinary
from sim.text import Refused

WRITTEN = {
    "scenario＝high_methane": ["scenario=high_methane"],
    "levers.迁移率＝0.03": ["levers.迁移率=0.03"],
    "scenario=“high_methane”": ["scenario=high_methane"],
    "scenario=‘煤层气加力’": ["scenario=煤层气加力"],
    "levers.coal_cap=５０００": ["levers.coal_cap=5000"],
    "levers.coal_cap=3500，4000": ["levers.coal_cap=3500,4000"],
    "levers.coal_cap=3500、4000": ["levers.coal_cap=3500,4000"],
    "targets=原煤产量，煤层气产量、gdp_pc_2035": ["targets=原煤产量,煤层气产量,gdp_pc_2035"],
    "levers.coal_cap=｛2025年：40，2030年：60｝": ["levers.coal_cap={2025:40,2030:60}"],
    "probability=４０％": ["probability=40%"],
    'until="stderr＜0.01"': ['until="stderr<0.01"'],
    "scenario = high_methane": ["scenario=high_methane"],
    "scenario= high_methane draws=5": ["scenario=high_methane", "draws=5"],
    "scenario =high_methane draws =5": ["scenario=high_methane", "draws=5"],
}


@pytest.mark.parametrize("typed", WRITTEN)
def test_signs_of_double_width_quotes_of_word_and_blanks_around_an_equals_sign(typed):
    assert ordinary(["run", *typed.split(" ")]) == ["run", *WRITTEN[typed]]


@pytest.mark.parametrize(
    "typed",
    [
        ["explain", "原煤产量"],
        ["run", "output=结果（一）", "draws=5"],
        ["run", "against=", "draws=5"],
        ["run", "until=", "-m"],
        ["run", "a=b=c"],
        ["report", "template=单位模板.docx"],
    ],
)
def test_what_means_itself_stays(typed):
    assert ordinary(typed) == typed


def test_the_name_of_a_file_that_is_there_stays(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("数据＝新.csv", "ａ（１）"):
        Path(name).write_text("", encoding="utf-8")
    assert ordinary(["assess", "数据＝新.csv"]) == ["assess", "数据＝新.csv"]
    assert ordinary(["run", "output=ａ（１）"]) == ["run", "output=ａ（１）"]


def test_scenarios_and_targets_are_known_by_their_titles(capsys):
    settings = compose("scenario=煤层气加力", "targets=县城常住人口,原煤产量")
    assert settings.scenarios[0].name == "high_methane"
    assert [one.name for one in settings.targets] == [
        "seat_population_2025",
        "seat_population_2030",
        "coal_output",
    ]
    assert main(["scenarios", "show", "煤层气加力"]) == 0
    assert "high_methane" in capsys.readouterr().out


def test_a_scenario_with_own_levels_calls_them_as_people_do():
    own = compose("levers.coal_cap=5000").scenarios[0]
    assert own.title.zh.endswith("（另设煤炭产量核定上限）")
    assert "coal_cap" not in own.title.en


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("levers.coal_cap=5,000", "levers.coal_cap=5000"),
        ("levers.coal_cap={2025: 4500, 20300: 5000}", "20300 不在模型的时间（2015—2035）之内"),
        ("levers.coal_cap={二五: 4500}", "二五"),
        ("targets=原煤", "coal_output"),
        ("scenario=高产", "没有名为 高产 的情景"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_way_out(typed, said):
    with pytest.raises(Refused) as refused:
        compose(typed)
    told = " ".join(problem.zh for problem in refused.value.problems)
    assert said in told
    assert "utf8_" not in told


def test_a_path_may_go_on_to_where_the_run_does():
    path = compose("levers.coal_cap={2040: 4500}", "final_time=2040").scenarios[0]
    assert path.levers["coal_cap"].value == {2040: 4500}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("新数据.xlsx", "另存为 CSV"),
        ("~$新数据.xlsx", "请写 新数据.xlsx"),
        ("一个 文件夹", "是文件夹"),
        ("没有.csv", "没有文件"),
    ],
)
def test_what_is_no_csv_is_refused_with_the_way_out(name, said, tmp_path, capsys):
    own = tmp_path / name
    if "文件夹" in name:
        own.mkdir()
    elif "没有" not in name:
        own.write_bytes(b"PK\x03\x04")
    assert main(["assess", str(own)]) == 2
    assert said in capsys.readouterr().err


def test_the_lock_of_a_template_that_is_open_in_word_is_refused(tmp_path, capsys):
    from sim.report.document.docx import opened

    with pytest.raises(Refused) as refused:
        opened(tmp_path / "~$模板.docx")
    assert "请写 模板.docx" in refused.value.problems[0].zh
