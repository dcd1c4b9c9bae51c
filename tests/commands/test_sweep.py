"""`sim sweep`, from what is typed to the folder; interrupted and gone on with; from Python."""

import csv
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import sim
from sim.__main__ import main
from sim.analysis import sweeping
from sim.analysis.sweeping import crossings
from sim.commands.sweeping import begin, compute, finish, prepare
from sim.config import compose_for
from sim.config.sweep import SWEEP
from sim.ensemble.parts import parts_done
from sim.text import Refused

QUICK = ["draws=32", "targets=coal_output,cbm_output"]
SCALED = "levers.methane_drilling_permits={times: [0.8, 1, 1.2], since: 2021}"


def settings(*words):
    return compose_for(SWEEP, *words)


def newest(output: Path) -> Path:
    return output / (output / "latest").read_text(encoding="utf-8").strip()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The folder of a sweep over two levers, with figures."""
    output = tmp_path_factory.mktemp("out")
    words = [*QUICK, "levers.coal_cap=range(3500,5001,750)", SCALED, f"output={output}"]
    assert main(["sweep", *words]) == 0
    return newest(output)


def test_the_folder_holds_all_that_is_promised_and_no_parts(folder):
    assert {path.name for path in folder.iterdir()} == {
        ".hydra", "figures", "manifest.json", "model.py", "summary_en.md", "summary_zh.md",
        "sweep.csv", "sweep.nc",
    }  # fmt: skip
    assert {path.stem for path in (folder / "figures").iterdir()} == {
        "overview", "coal_output", "cbm_output",
    }  # fmt: skip
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_what_probabilities_were_worth_in_back_tests_stands_with_them(folder):
    table = xr.load_dataset(folder / "sweep.nc")
    assert table["backtest_events"].dims == table["probability"].dims
    for lang, words in (("zh", "概率在回测中应验多少"), ("en", "were worth in back-tests")):
        text = (folder / f"summary_{lang}.md").read_text(encoding="utf-8")
        assert f"{int(table['band_came_true'][0])}" in text.split(words)[1].splitlines()[0]


def test_a_point_has_the_odds_that_a_run_gives(folder):
    table = xr.load_dataset(folder / "sweep.nc")
    assert {dim: table.sizes[dim] for dim in ("point", "target")} == {"point": 9, "target": 2}
    words = {"draws": 32, "targets": ["coal_output", "cbm_output"], "against": None}
    levels = {"coal_cap": 4250, "methane_drilling_permits": None}
    from sim import data
    from sim.ensemble.scenario import read_parameters

    path = read_parameters(data.sector_folder())["methane_drilling_permits"].value
    levels["methane_drilling_permits"] = {
        year: value * (1.2 if year >= 2021 else 1.0) for year, value in path.items()
    }
    run = sim.run(**words, levers=levels).attainment.isel(scenario=0)
    at = (table["coal_cap"] == 4250) & (table["methane_drilling_permits"] == 1.2)
    (point,) = np.flatnonzero(at)
    assert np.array_equal(table["probability"][point], run["probability"])
    assert table["median"][point].values == pytest.approx(run["median"].values, rel=1e-3)
    assert float(table["joint_probability"][point]) == float(run["joint_probability"])


@pytest.mark.parametrize("members", [64, 12], ids=["two points at a time", "some draws of one"])
def test_python_gives_the_table_of_the_command_whatever_the_parts(folder, members, monkeypatch):
    stored = xr.load_dataset(folder / "sweep.nc")
    monkeypatch.setattr(sweeping, "MEMBERS", members)
    table = sim.sweep(
        draws=32,
        targets=["coal_output", "cbm_output"],
        levers={
            "coal_cap": [3500, 4250, 5000],
            "methane_drilling_permits": {"times": [0.8, 1, 1.2], "since": 2021},
        },
        block=7,
    )
    for name in table.data_vars:
        assert np.array_equal(table[name], stored[name]), name
    assert table["coal_cap"].attrs["units"] == "万吨/Year"
    assert table["coal_cap"].attrs["role"] == "lever"


def test_the_csv_agrees_with_the_table(folder):
    with (folder / "sweep.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    table = xr.load_dataset(folder / "sweep.nc")
    assert len(rows) == 18
    for row in rows:
        one = table.isel(point=int(row["点"])).sel(target=row["目标代码"])
        assert float(row["coal_cap [万吨/Year]"]) == float(one["coal_cap"])
        assert float(row["达标概率"]) == float(one["probability"])


def test_it_can_be_run_again(folder, capsys):
    assert main(["again", str(folder), "lang=en"]) == 0
    assert "The numbers are the same" in capsys.readouterr().out


def test_one_at_a_time_moves_one_axis_and_leaves_the_rest(tmp_path, capsys):
    words = [
        *QUICK,
        "design=oat",
        "parameters.well_success_rate=0.6,0.9",
        "levers.coal_cap=4000,5000",
    ]
    assert main(["sweep", *words, f"output={tmp_path}", "lang=en"]) == 0
    table = xr.load_dataset(newest(tmp_path) / "sweep.nc")
    for axis, other in (("coal_cap", "well_success_rate"), ("well_success_rate", "coal_cap")):
        assert np.isnan(table[axis].values[np.isfinite(table[other].values)]).all()
        assert np.isfinite(table[axis].values).sum() == 2
    usual = sim.run(draws=32, targets=["coal_output", "cbm_output"], against=None).attainment
    assert np.array_equal(table["probability"][0], usual["probability"][0])
    assert "moved most by" in capsys.readouterr().out
    figures = {path.stem for path in tmp_path.rglob("*.png")}
    assert {"cbm_output_lever", "cbm_output_parameter"} <= figures


def test_every_uncertain_parameter_is_an_axis_of_a_tornado_by_default():
    one = settings("design=oat", "draws=2", "percentiles=[10,90]")
    drawn = [p for p in one.run.table.values() if p.distribution]
    noises = [p for p in drawn if p.distribution["kind"] == "noise"]
    assert len(one.axes) == len(drawn) - len(noises)
    assert one.points.size == 1 + 2 * len(one.axes)


@pytest.mark.parametrize("design", ["random", "lhs", "sobol_sequence"])
def test_points_between_the_ends_fill_the_space(design):
    words = [
        "levers.coal_cap=interval(3500,5000)",
        "assumptions.coal_supply_mandate={times: [0.5, 1]}",
    ]
    points = settings(f"design={design}", "points=64", *words).points.rows(0, 64)
    assert points.shape == (64, 2)
    assert (points >= [3500, 0.5]).all()
    assert (points <= [5000, 1.0]).all()
    assert points.mean(axis=0) == pytest.approx([4250, 0.75], rel=0.1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("comma", [",", ";", "\t"])
def test_points_of_a_file_may_name_their_unit_in_any_spreadsheet(tmp_path, encoding, comma):
    file = tmp_path / "点.csv"
    text = "coal_cap [万吨/Year],well_success_rate\r\n4000,0.7\r\n４５００, 0.8\r\n"
    file.write_bytes(text.replace(",", comma).encode(encoding))
    one = settings("design=file", f"file={file}")
    assert [axis.name for axis in one.axes] == ["coal_cap", "well_success_rate"]
    assert one.points.rows(0, 2).tolist() == [[4000, 0.7], [4500, 0.8]]


def test_all_that_is_wrong_with_a_file_is_said_at_once(tmp_path):
    file = tmp_path / "points.csv"
    text = "coal_kap,coal_cap [吨],well_success_rate,well_success_rate\n"
    file.write_text(text + "1,4000,abc,0.5\n1,nan,0.7,0.5\n1,-5,0.7\n1,99999999,0.7,0.5\n", "utf-8")
    with pytest.raises(Refused) as refused:
        settings("design=file", f"file={file}")
    said = [problem.en for problem in refused.value.problems]
    wanted = (
        "did you mean coal_cap",
        "is in 吨",
        "is there twice",
        "line 2, well_success_rate",
        "line 3, coal_cap: must be finite",
        "line 4: 3 columns",
        "line 5, coal_cap",
    )
    for part in wanted:
        assert any(part in problem for problem in said), part


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["levers.coal_kap=1,2"], "did you mean coal_cap"),
        (["assumptions.coal_cap=1,2"], "belongs under levers"),
        (["levers.coal_cap=4000"], "there is no axis"),
        (["levers.coal_cap=range(5000,3500,100)"], "holds no value"),
        (["levers.coal_cap=range(3000,5000,0.000002)", "engine.kernel=numpy"],
         "1,000,000,000 points × 1,000 draws = 1,000,000,000,000 members, about .* years in one "),
        (["levers.coal_cap=range(3000,5000,0.000002)", "confirm=true"],
         "the table of 1,000,000,000 points would not fit"),
        (["levers.coal_cap=range(4000,5000)", "parameters.well_success_rate=range(0.1,1,0.001)",
          "engine.kernel=numpy"],
         "900,000 points × 1,000 draws"),
        (["levers.coal_cap=interval(3500,5000)", "design=lhs", "points=1000000000", "draws=10",
          "engine.kernel=numpy"],
         "10,000,000,000 members"),
        (["levers.coal_cap=range(3000,5000)", "draws=100000", "engine.kernel=numpy"],
         "in one process; add confirm=true"),
        (["levers.coal_cap=-1,2"], "outside its physical bounds"),
        (["levers.coal_cap=a,b"], "should be a number"),
        (["levers.coal_cap=4,500"], r"=4500; put values into .*: levers.coal_cap=\[4,500\]"),
        (["levers.coal_cap=3,500,4,500"], "levers.coal_cap=3500,4500;"),
        (["levers.coal_cap=4000", "design=lhs"], "there is no axis"),
        (["levers.coal_cap=[4000]", "design=lhs"], "at least two values"),
        (["levers.methane_drilling_permits={times: [1, 2], sinse: 2021}"], "should be {times"),
        (["levers.methane_drilling_permits={times: [-1, 2]}"], "outside its physical bounds"),
        (["design=file"], "wants file=my.csv"),
        (["design=file", "file=nowhere.csv"], "cannot be read"),
        (["design=oat", "percentiles=[95,5]"], "percentiles are"),
        (["design=gridd", "levers.coal_cap=1,2"], "design can be"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_the_way_out(words, said):
    with pytest.raises(Refused, match=said):
        prepare(settings(*words))


@pytest.mark.parametrize(
    ("word", "values"),
    [
        ("levers.coal_cap=[4,500]", (4, 500)),
        ("levers.coal_cap=80,100,120", (80, 100, 120)),
        ("levers.coal_cap=range(498,500)", (498, 499)),
    ],
)
def test_values_that_are_no_number_with_its_thousands_apart_are_values(word, values):
    (axis,) = settings(word).axes
    assert axis.at(np.arange(len(axis.values))).tolist() == list(values)


def test_a_range_has_the_values_that_its_numbers_say_and_need_not_lie_in_memory():
    words = ["levers.coal_cap=range(3000,5000,0.000002)", "parameters.well_success_rate=0.6,0.7"]
    points = settings(*words).points
    assert points.size == 2_000_000_000
    assert points.rows(1, 4).tolist() == [[3000, 0.7], [3000.000002, 0.6], [3000.000002, 0.7]]
    assert points.rows(points.size - 1, points.size).tolist() == [[4999.999998, 0.7]]
    tenths = settings("parameters.well_success_rate=range(0.1,0.7,0.1)").points
    assert tenths.rows(0, 6)[:, 0].tolist() == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]


def test_where_a_probability_passes_a_level():
    assert crossings([0, 1, 2, 3], [0.1, 0.3, 0.9, 0.5], 0.6) == pytest.approx([1.5, 2.75])
    assert crossings([0, 1], [0.1, 0.3], 0.5) == []


START = """
import sys
from sim.analysis import sweeping
sweeping.MEMBERS = 64
from sim.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
MANY_PARTS = ["levers.coal_cap=range(3500,5000,50)", "draws=32", "targets=coal_output"]


def started(*words):
    command = [sys.executable, "-c", START, "sweep", *words]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def test_killed_at_random_moments_it_goes_on_and_ends_with_the_same_files(tmp_path, monkeypatch):
    rng = random.Random(7)
    words = [*MANY_PARTS, "workers=1"]
    running = started(*words, f"output={tmp_path / 'killed'}")
    kept = set()
    for part in sorted(rng.sample(range(1, 14), 5)):
        folder = wait_for(tmp_path / "killed", part, running)
        running.kill()
        running.wait()
        running.stderr.close()
        done = parts_done(folder)
        assert kept <= done, "what was done is not done again"
        kept = done
        assert len(kept) < 15
        running = started(f"resume={folder}")
    _, said = running.communicate()
    assert running.returncode == 0, said
    monkeypatch.setattr(sweeping, "MEMBERS", 64)
    assert main(["sweep", *words, f"output={tmp_path / 'whole'}"]) == 0
    killed, whole = newest(tmp_path / "killed"), newest(tmp_path / "whole")
    files = sorted(path.relative_to(whole) for path in whole.rglob("*") if path.is_file())
    assert not folder.exists()
    for file in files:
        if file.name not in ("manifest.json", "config.yaml", "overrides.yaml", "hydra.yaml"):
            assert (killed / file).read_bytes() == (whole / file).read_bytes(), file


def wait_for(output, parts, running):
    """The folder of an unfinished sweep, once so many parts are there."""
    for _ in range(3000):
        found = list(output.glob("sweep/*/*.unfinished"))
        if found and len(parts_done(found[0])) >= parts:
            return found[0]
        assert running.poll() is None, running.stderr.read()
        time.sleep(0.01)
    raise AssertionError("no parts")


@pytest.fixture
def unfinished(tmp_path, monkeypatch):
    """A sweep of which two of three parts are done."""
    monkeypatch.setattr(sweeping, "MEMBERS", 64)
    words = [*QUICK, "levers.coal_cap=3500,3700,4000,4500,4700,5000", "figures=false"]
    prepared = prepare(settings(*words, f"output={tmp_path}"))
    folder = begin(prepared)
    compute(prepared, folder)
    (folder / "parts" / "part-000001.nc").unlink()
    (folder / "parts" / "part-000001.writing").write_bytes(b"half")
    return folder


def test_only_what_is_missing_is_computed(unfinished, monkeypatch):
    prepared = prepare(settings_of(unfinished))
    calls = []
    whole = sweeping.Odds.__call__
    monkeypatch.setattr(sweeping.Odds, "__call__", lambda s, p: calls.append(p) or whole(s, p))
    compute(prepared, unfinished)
    assert [points.tolist() for points in calls] == [[[4000.0], [4500.0]]]
    table, final = finish(prepared, unfinished, time.perf_counter())
    assert table["coal_cap"].values.tolist() == [3500, 3700, 4000, 4500, 4700, 5000]
    assert np.isfinite(table["probability"]).all()
    assert final.is_dir()
    assert not unfinished.exists()


def settings_of(folder):
    from sim.commands.sweeping import resumable

    return resumable(folder)


def test_another_version_s_sweep_is_not_gone_on_with(unfinished, capsys):
    file = unfinished / "manifest.json"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"model": "', '"model": "0'), encoding="utf-8")
    assert main(["sweep", f"resume={unfinished}", "lang=en"]) == 2
    assert "computed by another version (changed: checksums)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["resume=nowhere"], "no unfinished sweep"),
        (["resume=FOLDER", "draws=5"], "only workers=, engine.address= and lang="),
        (["resume=FOLDER", "workers=zero"], "whole number"),
        (["resume=FINAL"], "did you mean"),
    ],
)
def test_what_cannot_be_gone_on_with_is_refused(unfinished, words, said, capsys):
    final = str(unfinished).removesuffix(".unfinished")
    words = [word.replace("FOLDER", str(unfinished)).replace("FINAL", final) for word in words]
    assert main(["sweep", *words, "lang=en"]) == 2
    assert said in capsys.readouterr().err


def test_a_damaged_record_is_refused(unfinished, capsys):
    shutil.rmtree(unfinished / ".hydra")
    assert main(["sweep", f"resume={unfinished}", "lang=en"]) == 2
    assert capsys.readouterr().err
