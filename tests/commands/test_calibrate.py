"""`sim calibrate`, from what is typed to the folder; and the same from Python."""

import csv
import json
import re
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from scipy import special

import sim
from sim import data
from sim.__main__ import main
from sim.analysis.importance import HEAVY, Weighted
from sim.commands import sweeping
from sim.commands.influence import execute, prepare
from sim.commands.learning import refuse_degenerate, resumable
from sim.config import compose, compose_for
from sim.config.sensitivity import SENSITIVITY
from sim.config.sweep import SWEEP
from sim.ensemble import recall
from sim.ensemble.parts import part_file, parts_done
from sim.ensemble.posterior import read_posterior
from sim.ensemble.recall import Recalled
from sim.text import Refused

WORDS = {"members": 200, "until": 2017}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The folder of a small calibration, with figures."""
    output = tmp_path_factory.mktemp("out")
    words = [f"{key}={value}" for key, value in WORDS.items()]
    assert main(["calibrate", *words, f"output={output}"]) == 0
    return output / (output / "latest").read_text(encoding="utf-8").strip()


def rows(file):
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_folder_holds_all_that_is_promised(folder):
    assert {path.name for path in folder.iterdir()} == {
        ".hydra", "figures", "manifest.json", "observations.csv", "parameters.csv", "posterior.nc",
        "summary_en.md", "summary_zh.md",
    }  # fmt: skip
    facts = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert facts["kind"] == "calibrate"
    assert facts["command"] == f"sim calibrate members=200 until=2017 output='{folder.parents[2]}'"
    assert facts["diagnosis"]["effective"] >= 100
    assert facts["diagnosis"]["tail"] < HEAVY
    page = (folder / "summary_en.md").read_text(encoding="utf-8")
    assert f"to be trusted below {HEAVY})" in page


START = """
import sys
from sim.analysis import importance
from sim.ensemble import recall
recall.PATIENCE = 0.0
importance.BATCH = 200
from sim.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
"""Keeps what was computed at once, so that a small calibration can be killed halfway."""


def started(*words):
    command = [sys.executable, "-c", START, "calibrate", *words, "workers=1"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def killed_at(parts, output, running):
    """The folder of a calibration that was killed once so many parts were there."""
    for _ in range(6000):
        found = list(output.glob("calibrate/*/*.unfinished"))
        if found and len(parts_done(found[0])) >= parts:
            running.kill()
            running.communicate()
            return found[0]
        assert running.poll() is None, running.communicate()
        time.sleep(0.01)
    raise AssertionError("no such part")


def test_killed_twice_it_goes_on_and_ends_with_the_same_files(folder, tmp_path):
    words = [f"{key}={value}" for key, value in WORDS.items()]
    unfinished = killed_at(2, tmp_path, started(*words, f"output={tmp_path}"))
    assert killed_at(5, tmp_path, started(f"resume={unfinished}")) == unfinished
    done = {part: part_file(unfinished, part).stat().st_mtime_ns for part in range(5)}
    assert main(["calibrate", f"resume={unfinished}", "draws=3", "lang=en"]) == 2
    running = started(f"resume={unfinished}")
    killed_at(8, tmp_path, running)
    again = {part: part_file(unfinished, part).stat().st_mtime_ns for part in range(5)}
    assert again == done, "what was done is not done again"
    assert main(["calibrate", f"resume={unfinished}"]) == 0
    assert not unfinished.exists()
    final = tmp_path / (tmp_path / "latest").read_text(encoding="utf-8").strip()
    names = ("posterior.nc", "parameters.csv", "observations.csv", "summary_zh.md")
    for name in names:
        assert (final / name).read_bytes() == (folder / name).read_bytes(), name


def test_what_cannot_be_gone_on_with_is_refused(folder, capsys, tmp_path):
    assert main(["calibrate", f"resume={folder}", "lang=en"]) == 2
    assert "this calibration is finished" in capsys.readouterr().err
    with pytest.raises(Refused, match="no unfinished calibration"):
        resumable(tmp_path)


def test_values_are_recalled_only_for_the_same_positions(tmp_path, monkeypatch):
    monkeypatch.setattr(recall, "PATIENCE", 0.0)
    asked = []

    def function(positions):
        asked.append(positions)
        return positions.sum(axis=0)

    places = np.arange(12.0).reshape(3, 2, 2)
    first = [Recalled(function, tmp_path)(place) for place in places[:1]]
    later = Recalled(function, tmp_path)
    assert np.array_equal(later(places[0]), first[0])
    assert len(asked) == 1
    later(places[1])
    changed = Recalled(function, tmp_path)
    assert np.array_equal(changed(places[2]), places[2].sum(axis=0))
    changed(places[1])
    assert len(asked) == 4, "what follows on something else is computed anew"


def test_no_observation_after_the_year_is_used(folder):
    years = [float(row["年份"].split("–")[-1]) for row in rows(folder / "observations.csv")]
    assert years
    assert max(years) <= 2017


def test_python_and_two_workers_give_the_same_draws(folder):
    found = sim.calibrate(**WORDS, workers=2)
    stored = read_posterior(folder)
    assert tuple(stored.points) == found.names
    for name, row in zip(found.names, found.positions, strict=True):
        assert np.array_equal(np.clip(special.ndtr(row), 1e-12, 1 - 1e-12), stored.points[name])


def test_history_is_explained_better_after_than_before(folder):
    def gap(when):
        return np.mean([abs(float(r[f"{when}中位数"]) / float(r["观测值"]) - 1) for r in seen])

    seen = rows(folder / "observations.csv")
    assert gap("后验") < gap("先验")


def test_particles_find_what_importance_finds(folder):
    found = sim.calibrate(**WORDS, method="particles")
    assert found.diagnosis["degrees"] >= 1
    weighed = {row["参数代码"]: row for row in rows(folder / "parameters.csv")}
    for name in map(str, found.told["parameter"].values[:3]):
        one = found.told.sel(parameter=name)
        spread = (float(one["prior_p95"]) - float(one["prior_p05"])) / 3.29
        importance = float(weighed[name]["后验中位数"])
        assert abs(float(one["posterior_median"]) - importance) < 0.35 * spread


def test_weights_that_say_nothing_are_refused_with_the_way_out(capsys, tmp_path):
    """History as if it had been measured five times as well."""
    history = tmp_path / "history"
    history.mkdir()
    for file in (data.conf_folder() / "history").glob("*.csv"):
        found = rows(file)
        with (history / file.name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(found[0]))
            writer.writeheader()
            writer.writerows(row | {"error": float(row["error"]) / 5} for row in found)
    words = [f"observations={history}", "discrepancy=0.002", "members=200", f"output={tmp_path}"]
    assert main(["calibrate", *words]) == 2
    message = capsys.readouterr().err
    assert "加权抽样失效" in message
    assert "method=particles" in message
    assert "resume=" not in message, "to go on would not help"
    assert not list(tmp_path.glob("calibrate/*/*")), "nothing half-written"


def test_that_weights_fail_is_said_in_english_too():
    few = Weighted(np.zeros((1, 3)), np.full(3, 1 / 3), tail=1.5)
    with pytest.raises(Refused) as refused:
        refuse_degenerate(few, 4000)
    text = refused.value.problems[0].en
    assert "40,000 draws are worth 3 equal ones (400 are needed)" in text
    assert "1.50 (below 0.7 is needed)" in text
    assert "method=particles" in text


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("until=2010", "no observation"),
        ("until=soon", "until is a year"),
        ("discrepancy=2", "share between 0 and 1"),
        ("members=3", "members"),
        ("vintage=newest", "vintage"),
        ("observations=nowhere", "no folder nowhere"),
    ],
)
def test_what_cannot_be_is_refused_in_one_message(word, said, capsys, tmp_path):
    assert main(["calibrate", word, "lang=en", f"output={tmp_path}"]) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_an_observation_that_no_world_explains_is_named_with_what_the_worlds_show(tmp_path):
    history = tmp_path / "history"
    history.mkdir()
    head = "variable,year,value,unit,error,source"
    text = f"{head}\npopulation,2020,195,万人,0.1,made up for this test\n"
    (history / "own.csv").write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match="population 2020 = 195") as refused:
        sim.calibrate(observations=str(history), members=200)
    assert "they show" in str(refused.value)


def test_a_file_that_is_no_posterior_is_refused(tmp_path):
    (tmp_path / "posterior.nc").write_text("nothing", encoding="utf-8")
    with pytest.raises(Refused, match="not written by sim calibrate"):
        read_posterior(tmp_path)
    with pytest.raises(Refused, match="no such file"):
        read_posterior(tmp_path / "nowhere")


def test_a_run_takes_the_draws_of_a_calibration(folder):
    words = {"against": None, "targets": ["coal_output"], "seed": 1}
    found = sim.run("high_methane", draws=str(folder), **words)
    stored = read_posterior(folder)
    assert found.inputs.sizes["draw"] == stored.draws == 200
    prior = sim.run("high_methane", draws=200, **words)
    name = next(iter(stored.points))
    assert not np.array_equal(found.inputs[name], prior.inputs[name])
    blocks = sim.run("high_methane", draws=str(folder), block=33, **words)
    assert np.array_equal(found.runs["coal_output"], blocks.runs["coal_output"])
    level = float(found.inputs[name].median())
    fixed = sim.run("baseline", draws=str(folder), parameters={name: level}, **words)
    assert fixed.inputs[name].ndim == 0


def test_the_newest_calibration_that_fits_is_one_word(folder, tmp_path, capsys):
    output = folder.parents[2]
    words = [f"output={output}", "against=none", "targets=coal_output", "figures=false"]
    assert main(["run", "draws=calibrated", *words, "lang=en"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "Uncertain parameters come from a calibration to history" in printed
    assert re.search(r"The draws are worth (1\d\d|200) independent ones", printed)
    run = output / (output / "latest").read_text(encoding="utf-8").strip()
    assert folder.name in (run / "summary.md").read_text(encoding="utf-8")
    assert f"draws: {folder}" in (run / ".hydra" / "config.yaml").read_text(encoding="utf-8")
    facts = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    assert facts["draws"] == 200
    assert "posterior" in facts["checksums"]
    again = sim.run("baseline", draws=str(folder), against=None, targets=["coal_output"])
    stored = xr.load_dataset(run / "attainment.nc")
    assert np.array_equal(again.attainment["probability"], stored["probability"])


def test_without_a_calibration_that_fits_the_way_to_one_is_said(folder, tmp_path):
    with pytest.raises(Refused, match="run sim calibrate first"):
        sim.run("baseline", draws="calibrated", output=tmp_path)
    other = tmp_path / "calibrate" / "baseline" / folder.name
    shutil.copytree(folder, other)
    stored = xr.load_dataset(folder / "posterior.nc")
    stored[next(iter(stored.data_vars))].attrs["prior"] = "kind uniform; bounds (0, 1)"
    stored.to_netcdf(other / "posterior.nc")
    with pytest.raises(Refused, match="fits the parameter table"):
        sim.run("baseline", draws="calibrated", output=tmp_path)


def unsettled(folder, place):
    """A copy of a calibration whose sampler has not settled."""
    shutil.copytree(folder, place)
    stored = xr.load_dataset(folder / "posterior.nc")
    stored.attrs["settled"] = 0
    stored.to_netcdf(place / "posterior.nc")
    return place


def test_draws_that_have_not_settled_are_refused_and_passed_over(folder, tmp_path):
    place = unsettled(folder, tmp_path / "calibrate" / "baseline" / "2099-01-01_00-00-00")
    with pytest.raises(Refused, match=r"has not settled.*more members \(or steps\)"):
        sim.run("baseline", draws=str(place))
    with pytest.raises(Refused, match="has settled and fits"):
        sim.run("baseline", draws="calibrated", output=tmp_path)
    older = tmp_path / "calibrate" / "baseline" / "2098-01-01_00-00-00"
    shutil.copytree(folder, older)
    assert compose("draws=calibrated", f"output={tmp_path}").posterior.file.parent == older


def older_format(folder, place):
    """A copy of a calibration as a version before this one would have written it."""
    shutil.copytree(folder, place)
    stored = xr.load_dataset(folder / "posterior.nc")
    del stored.attrs["seen"]
    stored.to_netcdf(place / "posterior.nc")
    return place


def test_it_is_said_which_newer_calibrations_are_passed_over_and_why(folder, tmp_path, capsys):
    calibrations = tmp_path / "calibrate" / "baseline"
    newest = older_format(folder, calibrations / "2099-01-01_00-00-00")
    newer = unsettled(folder, calibrations / "2098-01-01_00-00-00")
    with pytest.raises(Refused) as refused:
        sim.run("baseline", draws="calibrated", output=tmp_path)
    said = "\n".join(problem.en for problem in refused.value.problems)
    assert said.index("run sim calibrate first") < said.index(str(newest)) < said.index(str(newer))
    fits = calibrations / "2097-01-01_00-00-00"
    shutil.copytree(folder, fits)
    shutil.copytree(newest, calibrations / "2096-01-01_00-00-00")
    words = ["draws=calibrated", f"output={tmp_path}", "lang=en", "targets=coal_output"]
    assert main(["run", *words, "against=none", "store=none"]) == 0
    printed = capsys.readouterr().out.splitlines()
    passed = [line for line in printed if line.startswith("a newer calibration is passed over")]
    assert [str(newest) in passed[0], "not written by sim calibrate of this" in passed[0]] == [1, 1]
    assert [str(newer) in passed[1], "has not settled" in passed[1], len(passed)] == [1, 1, 2]
    assert main(["sweep", *words, "levers.coal_cap=3500,4500", "figures=false"]) == 0
    assert set(passed) <= set(capsys.readouterr().out.splitlines())
    assert compose(f"draws={fits}").passed_over == ()


def test_a_run_of_draws_that_fit_no_longer_is_still_drawn_and_told(folder, tmp_path, capsys):
    words = [f"draws={folder}", f"output={tmp_path}", "against=none", "figures=false"]
    assert main(["run", *words, "targets=coal_output"]) == 0
    run = tmp_path / (tmp_path / "latest").read_text(encoding="utf-8").strip()
    stored = xr.load_dataset(run / "posterior.nc")
    stored[next(iter(stored.data_vars))].attrs["prior"] = "kind uniform; bounds (0, 1)"
    del stored.attrs["seen"]
    stored.to_netcdf(run / "posterior.nc")
    assert main(["plot", "fan", f"run={run}", "targets=coal_output"]) == 0
    assert main(["table", f"run={run}", "format=csv"]) == 0
    assert main(["run", f"draws={run}", *words[1:], "lang=en"]) == 2
    assert "not written by sim calibrate of this version" in capsys.readouterr().err


def test_a_sweep_takes_the_draws_of_a_calibration(folder, tmp_path, capsys):
    words = {"draws": str(folder), "targets": ["cbm_output"]}
    swept = sim.sweep("high_methane", levers={"coal_cap": [3500, 4500]}, **words)
    for point, cap in enumerate((3500, 4500)):
        run = sim.run("high_methane", levers={"coal_cap": cap}, against=None, **words).attainment
        one, other = swept.isel(point=point), run.isel(scenario=0)
        assert one["probability"].item() == other["probability"].item()
        assert one["standard_error"].item() == pytest.approx(other["standard_error"].item())
    with pytest.raises(Refused, match="a calibration has the draws it has"):
        sim.sweep(levers={"coal_cap": [3500, 4500]}, until="stderr<0.01", **words)
    copy = tmp_path / "theirs" / "draws.nc"
    copy.parent.mkdir()
    shutil.copyfile(folder / "posterior.nc", copy)
    typed = [f"draws={copy}", f"output={tmp_path}", "targets=cbm_output", "figures=false"]
    assert main(["sweep", "levers.coal_cap=3500,4500", *typed, "lang=en"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "Uncertain parameters come from a calibration to history" in printed
    final = tmp_path / (tmp_path / "latest").read_text(encoding="utf-8").strip()
    shutil.rmtree(copy.parent)
    assert main(["again", str(final), "lang=en"]) == 0
    assert "What has changed" not in capsys.readouterr().out


def test_an_interrupted_sweep_goes_on_without_the_calibration(folder, tmp_path):
    copy = Path(shutil.copyfile(folder / "posterior.nc", tmp_path / "theirs.nc"))
    words = {"draws": str(copy), "output": str(tmp_path), "targets": ["cbm_output"]}
    levers = {"coal_cap": [3500, 4500]}
    unfinished = sweeping.begin(
        sweeping.prepare(compose_for(SWEEP, levers=levers, figures=False, **words))
    )
    copy.unlink()
    again = sweeping.prepare(sweeping.resumable(unfinished))
    sweeping.compute(again, unfinished)
    table, _ = sweeping.finish(again, unfinished, 0.0)
    whole = sim.sweep(levers=levers, draws=str(folder), targets=["cbm_output"])
    assert np.array_equal(table["probability"], whole["probability"])


def test_one_at_a_time_goes_between_the_percentiles_of_calibrated_draws(folder):
    name = "initial_well_peak_rate"

    def ends(draws):
        axes = compose_for(SWEEP, design="oat", draws=draws).axes
        return list(next(axis for axis in axes if axis.name == name).ends)

    run = sim.run("baseline", draws=str(folder), targets=["cbm_output"], against=None)
    drawn = np.quantile(run.inputs[name], [0.05, 0.95])
    assert ends(str(folder)) == pytest.approx(list(drawn), rel=0.02)
    assert ends(10) != pytest.approx(list(drawn), rel=0.02)


def test_a_study_of_sensitivity_takes_them_where_its_method_can(folder, tmp_path, capsys):
    words = {"draws": str(folder), "targets": ["cbm_output"]}
    prepared = prepare(compose_for(SENSITIVITY, method="regional", **words))
    points = prepared.study.computed(prepared.study.design).rows(0, 200)
    stored = read_posterior(folder)
    for place, factor in enumerate(prepared.response.factors):
        same = np.array_equal(points[:, place], stored.points.get(factor.name))
        assert same != factor.is_noise, factor.name
    found = execute(prepared).table
    every = replace(prepared, study=replace(prepared.study, independent=1.0))
    wider = found["ks_half"] / execute(every).table["ks_half"]
    worth = (200 / stored.independent) ** 0.5
    assert np.allclose(wider.values[np.isfinite(wider.values)], worth)
    for method in ("sobol", "morris", "shapley"):
        with pytest.raises(Refused, match=f"method {method} wants.*method=rank_correlation"):
            sim.sensitivity(method=method, **words)
    with pytest.raises(Refused, match="leave base= out"):
        sim.sensitivity(method="pawn", base=100, **words)
    with pytest.raises(Refused, match=r"draws is calibrated.*base=300"):
        sim.sensitivity(method="pawn", draws=300)
    with pytest.raises(Refused, match="sim calibrate members="):
        sim.sensitivity(method="rank_correlation", **words)
    typed = [f"draws={folder}", "targets=cbm_output", "figures=false", f"output={tmp_path}"]
    assert main(["sensitivity", "method=regional", *typed, "lang=en"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "Calibrated draws hang together" in printed
    assert "sim calibrate members=" in printed, "two hundred are too few, and what to do"
    final = tmp_path / (tmp_path / "latest").read_text(encoding="utf-8").strip()
    assert (final / "posterior.nc").is_file()


def test_an_assessment_starts_from_them_and_counts_no_figure_twice(folder, tmp_path):
    new = tmp_path / "new.csv"
    head = "series,year,value,unit\n"
    new.write_text(f"{head}coal_output,2023,4380,万吨/Year\n", encoding="utf-8")
    words = {"draws": str(folder), "targets": ["coal_output"], "least": 10}
    found = sim.assess(new, **words).targets.isel(target=0)
    before = found.sel(when="before")
    ran = sim.run("baseline", draws=str(folder), targets=["coal_output"], against=None).attainment
    assert before["probability"].item() == pytest.approx(ran["probability"].item())
    assert before["standard_error"].item() == pytest.approx(ran["standard_error"].item(), rel=0.1)
    assert found.attrs["calibration"] == str(folder)
    seen = sorted(read_posterior(folder).seen)
    variable, year = seen[0].split()[:2]
    new.write_text(f"{head}{variable},{year},1,\n", encoding="utf-8")
    with pytest.raises(Refused, match=r"has used .* already, which cannot count twice"):
        sim.assess(new, **words)


def test_more_draws_than_a_calibration_has_are_refused(folder):
    with pytest.raises(Refused, match="a calibration has the draws it has"):
        sim.run("baseline", draws=str(folder), until="stderr<0.01")


def test_the_folder_of_a_run_stands_without_the_calibration(folder, tmp_path, capsys):
    calibration = tmp_path / "theirs" / "draws.nc"
    calibration.parent.mkdir()
    shutil.copyfile(folder / "posterior.nc", calibration)
    words = [f"draws={calibration}", f"output={tmp_path}", "against=none", "figures=false"]
    assert main(["run", *words, "targets=coal_output"]) == 0
    run = tmp_path / (tmp_path / "latest").read_text(encoding="utf-8").strip()
    shutil.rmtree(calibration.parent)
    assert main(["again", str(run), "lang=en"]) == 0
    printed = capsys.readouterr().out
    assert "The numbers are the same" in printed
    assert "What has changed" not in printed
    assert main(["report", f"run={run}", "format=html", "lang=en"]) == 0
    report = (run / "report.html").read_text(encoding="utf-8")
    independent = xr.load_dataset(run / "attainment.nc")["independent_members"].item()
    assert re.search(rf"worth (<[^>]*>)?{independent}(<[^>]*>)? independent ones", report)


def test_standard_errors_go_by_independent_draws(folder, tmp_path):
    stored = xr.load_dataset(folder / "posterior.nc")
    values = next(iter(stored.data_vars.values())).values
    _, counts = np.unique(values, return_counts=True)
    assert stored.attrs["independent"] == pytest.approx(200**2 / (counts**2).sum())
    stored.attrs["independent"] = worth = 50.0
    stored.to_netcdf(tmp_path / "posterior.nc")
    words = {"targets": ["cbm_output"], "draws": str(tmp_path)}
    found = sim.run("high_methane", **words).attainment.isel(scenario=0)
    share = found["probability"].item()
    shrunk = (share * worth + 2) / (worth + 4)
    error = found["standard_error"].item()
    assert error == pytest.approx((shrunk * (1 - shrunk) / (worth + 4)) ** 0.5)
    assert found["independent_members"].item() == 50
    before = sim.run("high_methane", **{**words, "draws": str(folder)}).attainment
    ratio = found["difference_standard_error"] / before["difference_standard_error"]
    # the half draws that are added to each cell weigh a little more among 50
    assert ratio.item() == pytest.approx((200 / 50) ** 0.5, rel=0.1)


def test_draws_of_another_table_are_refused(folder, tmp_path):
    stored = xr.load_dataset(folder / "posterior.nc")
    name = next(iter(stored.data_vars))
    stored[name].attrs["prior"] = "kind uniform; bounds (0, 1)"
    stored.to_netcdf(tmp_path / "posterior.nc")
    with pytest.raises(Refused, match=f"distributions of 1 parameters have changed.*{name}"):
        sim.run("baseline", draws=str(tmp_path))
