"""`sim reach`, from what is typed to a scenario that runs; and what is refused."""

import csv
import json

import pytest

import sim
from sim.__main__ import main
from sim.ensemble.factors import between
from sim.report.words import csv_head

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
        ".hydra", "attainment.csv", "levers.csv", "manifest.json", "my_plan.yaml",
        "summary_en.md", "summary_zh.md",
    }  # fmt: skip
    with (folder / "levers.csv").open(encoding="utf-8-sig", newline="") as stream:
        levers = {row["lever"]: row for row in csv.DictReader(stream)}
    way = float(levers["resettlement_programme"]["way"])
    assert 0 < way < 1
    assert json.loads(read(folder, "manifest.json"))["met"] is True
    assert read(tmp_path / "scenarios", "my_plan.yaml") == read(folder, "my_plan.yaml")

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


def test_the_world_may_be_another():
    words = {"draws": 60, "engine": "numpy", "change": ["methane_drilling_permits"]}
    usual = sim.reach("cbm_output", 0.3, **words)
    cheap = sim.reach("cbm_output", 0.3, scenario="gas_price_collapse", **words)
    assert usual.scenario.levers["methane_drilling_permits"]
    assert usual.base.name == "baseline"
    assert cheap.base.name == "gas_price_collapse"


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
