"""`sim reach`, from what is typed to a scenario that runs; and what is refused."""

import csv
import json
import re
import shutil
from importlib.util import find_spec

import numpy as np
import pytest
from matplotlib.lines import Line2D
from matplotlib.text import Text as Words

import sim
from sim.__main__ import main
from sim.commands.reaching import prepare
from sim.config import compose_for, recorded
from sim.config.reach import REACH
from sim.ensemble.factors import between
from sim.ensemble.posterior import read_posterior
from sim.ensemble.store import read_table, write_table
from sim.report.reaching import reach_markdown
from sim.report.reaching_figure import along_sheet, apart
from sim.report.words import csv_head

CHINESE = re.compile("[\u4e00-\u9fff]")
QUICK = ["draws=100", "workers=1", "engine=numpy", "change=resettlement_programme,bond_quota"]


def read(folder, name):
    return (folder / name).read_text(encoding="utf-8")


def latest(output):
    return output / (output / "latest").read_text(encoding="utf-8").strip()


def test_a_target_is_reached_by_a_scenario_that_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = ["targets=urbanisation", "probability=0.4", "save=my_plan", "lang=en", "output=out"]
    assert main(["reach", *words, *QUICK]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Enough is what is listed below" in said
    assert "sim run scenario=my_plan" in said

    folder = latest(tmp_path / "out")
    assert {path.name for path in folder.iterdir()} == {
        ".hydra", "along.nc", "attainment.csv", "attainment.nc", "figures", "levers.csv",
        "levers.nc", "manifest.json", "my_plan.yaml", "summary_en.md", "summary_zh.md",
    }  # fmt: skip
    with (folder / "levers.csv").open(encoding="utf-8-sig", newline="") as stream:
        levers = {row["lever"]: row for row in csv.DictReader(stream)}
    way = float(levers["resettlement_programme"]["way"])
    assert 0 < way < 1
    assert json.loads(read(folder, "manifest.json"))["met"] is True
    assert read(tmp_path / "scenarios", "my_plan.yaml") == read(folder, "my_plan.yaml")

    assert (folder / "figures" / "along.png").stat().st_size > 10_000
    for lang, said in (("zh", "从 2 个起点搜索"), ("en", "The search began at 2 points")):
        assert said in read(folder, f"summary_{lang}.md")

    # it can be computed again, though the name that it was saved under is taken now
    assert main(["again", str(folder), "lang=en"]) == 0
    assert "The numbers are the same" in capsys.readouterr().out
    table = read_table(folder / "levers.nc")
    write_table(table.assign(way=table["way"] + 0.01), folder / "levers.nc")
    assert main(["again", str(folder), "lang=en"]) == 1
    assert "way: largest difference" in capsys.readouterr().out

    # the scenario says of its levers what was found, and its odds are those that were told
    found = sim.run("my_plan", draws=400, seed=2, targets=["urbanisation"], output="again")
    table = found.attainment.sel(target="urbanisation")
    with (folder / "attainment.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = [
            row
            for row in csv.DictReader(stream)
            if {"my_plan", "urbanisation"} <= set(row.values())
        ]
    [told] = [float(row[csv_head("probability", "Year", "en")]) for row in rows]
    assert float(table["probability"][0]) == pytest.approx(told, abs=1e-9)


def test_levers_are_left_alone_where_targets_are_met_already():
    found = sim.reach("high_tech_firms", 0.5, draws=100, engine="numpy")
    assert found.met
    assert found.ways == ()
    assert float(found.attainment["difference"].max()) == 0.0


def test_what_levers_cannot_do_is_said_with_the_nearest_they_come(capsys, tmp_path):
    words = ["targets=urbanisation", "probability=0.99", f"output={tmp_path}", "lang=en"]
    assert main(["reach", *words, *QUICK]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "These levers cannot do it" in said
    assert "sim sensitivity targets=urbanisation" in said
    levers = json.loads(read(latest(tmp_path), "manifest.json"))["ways"]
    assert levers["resettlement_programme"] == 1.0


@pytest.mark.skipif(find_spec("numba") is None, reason="numba is not installed")
@pytest.mark.parametrize(("draws", "workers", "kernel"), [
    (8000, 1, "numpy"), (30_000, 1, "numba"), (30_000, 4, "numpy"),
])  # fmt: skip
def test_a_search_waits_for_the_compiler_only_where_all_of_it_gains(
    draws, workers, kernel, monkeypatch
):
    monkeypatch.setattr("sim.engine.compile.is_compiled", lambda source, method: False)
    words = {"targets": ["urbanisation"], "draws": draws, "workers": workers}
    prepared = prepare(compose_for(REACH, scenario="baseline", **words))
    assert prepared.settings.run.engine.kernel == kernel
    assert prepared.odds.system.kernel == kernel


def test_the_world_may_be_another():
    words = {"draws": 60, "engine": "numpy", "change": ["methane_drilling_permits"]}
    usual = sim.reach("cbm_output", 0.3, **words)
    cheap = sim.reach("cbm_output", 0.3, scenario="gas_price_collapse", **words)
    assert usual.scenario.levers["methane_drilling_permits"]
    assert usual.base.name == "baseline"
    assert cheap.base.name == "gas_price_collapse"


def test_the_odds_along_the_way_begin_where_the_scenario_is_and_end_at_the_limits():
    words = {"draws": 100, "engine": "numpy"}
    some = ["resettlement_programme", "bond_quota"]
    found = sim.reach("urbanisation", 0.4, change=some, **words)
    along = found.along["probability"].sel(target="urbanisation")
    ends = []
    for way in (0.0, 0.3, 1.0):
        levers = {
            axis.name: between(axis.factor.scales, axis.factor.toward, way)
            for axis in found.settings.axes
        }
        run = sim.run("baseline", against=None, levers=levers, targets=["urbanisation"], **words)
        ends.append(float(run.attainment["probability"][0, 0]))
    assert along.sel(share=[0.0, 0.3, 1.0], method="nearest").values == pytest.approx(ends)
    assert found.limit == (ends[-1],)
    assert found.gone == pytest.approx(sum(way.share for way in found.ways) / 2)


def test_a_lever_that_is_hard_to_move_gives_way_to_another():
    words = {"draws": 100, "engine": "numpy"}
    words["change"] = ["methane_drilling_permits", "pipeline_programme"]
    usual = {way.axis.name: way for way in sim.reach("cbm_output", 0.35, **words).ways}
    hard = sim.reach("cbm_output", 0.35, effort={"methane_drilling_permits": 50}, **words)
    ways = {way.axis.name: way for way in hard.ways}
    permits, pipelines = "methane_drilling_permits", "pipeline_programme"
    assert hard.met
    assert ways[permits].share < usual[permits].share
    assert ways[permits].effort == 50
    assert ways[pipelines].effort == 1
    spent = 50 * ways[permits].share + ways[pipelines].share
    assert hard.gone == pytest.approx(spent / 51)
    assert "by effort" in " ".join(
        text.get_text() for text in along_sheet(hard, "en").findobj(Words)
    )
    assert "Efforts are the user's own" in reach_markdown(hard, "en")
    assert "难度由使用者给定" in reach_markdown(hard, "zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_figure_has_words_of_one_language_and_all_targets(lang):
    some = ["methane_drilling_permits", "pipeline_programme", "resettlement_programme"]
    found = sim.reach(["cbm_output", "urbanisation"], 0.3, draws=60, engine="numpy", change=some)
    sheet = along_sheet(found, lang)
    words = [text.get_text() for text in sheet.findobj(Words) if text.get_text().strip()]
    assert any(map(CHINESE.search, words)) == (lang == "zh")
    marks = {artist.get_gid() for artist in sheet.findobj() if artist.get_gid()}
    assert {"title", "source", "wanted", "odds-cbm_output", "odds-urbanisation"} <= marks
    lines = [artist for artist in sheet.findobj(Line2D) if artist.get_gid() == "other"]
    assert len(lines) == len(found.settings.run.targets) - 2
    [wanted] = [artist for artist in sheet.findobj(Line2D) if artist.get_gid() == "wanted"]
    assert list(wanted.get_ydata()) == [30, 30]
    [line] = [artist for artist in sheet.findobj(Line2D) if artist.get_gid() == "odds-cbm_output"]
    told = found.along["probability"].sel(target="cbm_output").values
    assert np.allclose(line.get_ydata(), 100 * told)


def test_names_beside_lines_stand_apart_and_as_near_as_can_be():
    assert apart(np.array([10.0, 40.0])).tolist() == [10.0, 40.0]
    assert apart(np.array([50.0, 50.0])).tolist() == [45.5, 54.5]
    assert apart(np.array([99.0, 100.0])).tolist() == [91.0, 100.0]


@pytest.fixture(scope="module")
def calibrated(tmp_path_factory):
    """A folder of results with a calibration of 1,000 draws."""
    folder = tmp_path_factory.mktemp("calibrated")
    words = ["method=importance", "members=1000", f"output={folder}", "workers=1", "figures=false"]
    assert main(["calibrate", *words]) == 0
    return folder


def test_draws_that_agree_with_history_are_shared_between_search_and_check(calibrated, capsys):
    words = ["targets=urbanisation", "probability=0.4", f"output={calibrated}", "lang=en"]
    some = ["workers=1", "engine=numpy", "change=resettlement_programme"]
    assert main(["reach", *words, *some, "draws=calibrated"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "(200 draws" in said
    assert "checked with another 800 draws" in said
    assert "come from a calibration to history" in said
    folder = latest(calibrated)
    assert (folder / "posterior.nc").is_file()

    # the check has the draws that the search has not seen, and all are worth their share
    kept, settings = read_posterior(folder), recorded(folder, REACH)
    for name, places in kept.points.items():
        assert np.array_equal(settings.search.places[name], places[:200])
        assert np.array_equal(settings.check.places[name], places[200:])
    table = read_table(folder / "attainment.nc")
    assert table["members"].values.tolist() == [800, 800]
    assert int(table["independent_members"][0]) == round(0.8 * kept.independent)
    [whole] = (
        sim.run(draws=str(folder), against=None, targets=["urbanisation"])
        .attainment["probability"]
        .values[0]
    )
    told = table["probability"].sel(scenario="baseline", target="urbanisation")
    assert float(told) == pytest.approx(whole, abs=0.02)

    # and the copy in its folder is enough to compute it again
    shutil.rmtree(calibrated / "calibrate")
    assert main(["again", str(folder), "lang=en"]) == 0
    assert "The numbers are the same" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "say which targets are to be met"),
        (["targets=urbanization"], "urbanisation"),
        (["targets=urbanisation", "probability=1.2"], "probability"),
        (["targets=urbanisation", "probability=0"], "probability is above 0"),
        (["targets=urbanisation", "toward=baseline"], "name another scenario with toward="),
        (["targets=urbanisation", "change=coal_cap"], "have the same levels"),
        (["targets=urbanisation", "change=bond_quotas"], "bond_quota"),
        (["targets=urbanisation", "save=my plan"], "letters, digits and underscores"),
        (["targets=urbanisation", "draws=many"], "draws=many: there is no such file"),
        (["targets=urbanisation", "draws=0"], "draws should be a whole number of at least 1"),
        (["targets=urbanisation", "effort=2"], "effort is given as effort.NAME=VALUE, not 2"),
        (["targets=urbanisation", "effort.bond_quotas=2"], "bond_quota"),
        (["targets=urbanisation", "effort.coal_price=2"], "levers alone have an effort"),
        (["targets=urbanisation", "effort.coal_cap=2"], "not among those that may be changed"),
        (["targets=urbanisation", "effort.bond_quota=much"], "should be a number, not 'much'"),
        (["targets=urbanisation", "effort.bond_quota=0"], "is between 0.01 and 100"),
        (["targets=urbanisation", "effort={bond_quota: -1}"], "is between 0.01 and 100"),
        (["targets=urbanisation", "figures=maybe"], "figures is true or false"),
    ],
)
def test_what_cannot_be_is_refused_in_one_message(words, said, capsys):
    assert main(["reach", *words, "lang=en"]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("error: ") == 1


def test_a_name_that_is_taken_is_not_overwritten(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "mine.yaml").write_text("title: {zh: 甲, en: A}", encoding="utf-8")
    assert main(["reach", "targets=urbanisation", "save=mine", "lang=en"]) == 2
    assert "is there already" in capsys.readouterr().err


def test_a_model_of_ones_own_wants_limits_and_targets(tmp_path, capsys):
    file = tmp_path / "own.mdl"
    file.write_text(
        "{UTF-8}\nstock = INTEG(rate, 1) ~ ~ |\nrate = 2 ~ ~ |\nINITIAL TIME = 0 ~ ~ |\n"
        "FINAL TIME = 4 ~ ~ |\nTIME STEP = 1 ~ ~ |\nSAVEPER = 1 ~ ~ |\n",
        encoding="utf-8",
    )
    assert main(["reach", f"model={file}", "targets=x", "lang=en"]) == 2
    assert "name it with toward=" in capsys.readouterr().err
    assert main(["reach", f"model={file}", "toward=baseline", "lang=en"]) == 2
    assert "there is no targets.yaml" in capsys.readouterr().err


def test_a_level_between_two():
    assert between(1.0, 3.0, 0.25) == 1.5
    path = between({2020: 0.0, 2030: 10.0}, {2020: 0.0, 2025: 15.0}, 0.5)
    assert path == {2020: 0.0, 2025: 10.0, 2030: 12.5}
