"""`sim calibrate`, from what is typed to the folder; and the same from Python."""

import csv
import json
import subprocess
import sys
import time

import numpy as np
import pytest
from scipy import special

import sim
from sim.__main__ import main
from sim.commands.learning import resumable
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
    assert facts["diagnosis"]["degrees"] >= 1


START = """
import sys
from sim.ensemble import recall
recall.PATIENCE = 0.0
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
    unfinished = killed_at(3, tmp_path, started(*words, f"output={tmp_path}"))
    assert killed_at(8, tmp_path, started(f"resume={unfinished}")) == unfinished
    done = {part: part_file(unfinished, part).stat().st_mtime_ns for part in range(8)}
    assert main(["calibrate", f"resume={unfinished}", "draws=3", "lang=en"]) == 2
    running = started(f"resume={unfinished}")
    killed_at(11, tmp_path, running)
    again = {part: part_file(unfinished, part).stat().st_mtime_ns for part in range(8)}
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
    years = [float(row["years"].split("–")[-1]) for row in rows(folder / "observations.csv")]
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
        return np.mean([abs(float(r[f"{when}_median"]) / float(r["observed"]) - 1) for r in seen])

    seen = rows(folder / "observations.csv")
    assert gap("posterior") < gap("prior")


def test_importance_finds_what_particles_find(folder):
    found = sim.calibrate(until=2017, members=1000, method="importance")
    assert found.diagnosis["effective"] > 400
    told = {row["parameter"]: row for row in rows(folder / "parameters.csv")}
    for name in map(str, found.told["parameter"].values[:3]):
        one = found.told.sel(parameter=name)
        spread = (float(one["prior_p95"]) - float(one["prior_p05"])) / 3.29
        particles = float(told[name]["posterior_median"])
        assert abs(float(one["posterior_median"]) - particles) < 0.35 * spread


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


def test_draws_of_another_table_are_refused(folder, tmp_path):
    import xarray as xr

    stored = xr.load_dataset(folder / "posterior.nc")
    name = next(iter(stored.data_vars))
    stored[name].attrs["prior"] = "kind uniform; bounds (0, 1)"
    stored.to_netcdf(tmp_path / "posterior.nc")
    with pytest.raises(Refused, match=f"distributions of 1 parameters have changed.*{name}"):
        sim.run("baseline", draws=str(tmp_path))
