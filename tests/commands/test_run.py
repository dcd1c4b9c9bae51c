"""`sim run`, from what is typed to the folder; and the same from Python."""

import errno
import json
import re
import shlex
import subprocess
import sys
from importlib.resources import files

import numpy as np
import pytest
import xarray as xr

import sim
from sim.__main__ import main
from sim.commands.facts import command
from sim.config import compose
from sim.ensemble.members import Files

QUICK = ["draws=64", "figures=false"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A run's folder, with figures."""
    output = tmp_path_factory.mktemp("out")
    assert main(["run", "scenario=high_methane", "draws=64", f"output={output}"]) == 0
    return output / (output / "latest").read_text(encoding="utf-8").strip()


def test_the_folder_holds_all_that_is_promised(folder):
    assert {path.name for path in folder.iterdir()} == {
        ".hydra", "attainment.csv", "attainment.nc", "fans.nc", "figures", "inputs.csv",
        "inputs.nc", "manifest.json", "means.nc", "model.py", "runs.nc", "summary.md",
    }  # fmt: skip
    assert {path.name for path in (folder / ".hydra").iterdir()} == {
        "config.yaml", "hydra.yaml", "overrides.yaml",
    }  # fmt: skip
    assert folder.parent.name == "high_methane"
    drawn = {path.stem for path in (folder / "figures").iterdir()}
    assert {"coal_output", "cbm_output", "gdp_real", "attainment"} <= drawn
    assert len(drawn) == 12
    assert (folder / "attainment.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    compile((folder / "model.py").read_text(encoding="utf-8"), "model.py", "exec")


def test_the_manifest_says_how_to_repeat_the_run(folder):
    facts = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert facts["command"].startswith("sim run scenario=high_methane draws=64")
    assert facts["seed"] == 1
    assert set(facts["checksums"]) == {"model", "parameters", "targets", "history"}
    assert facts["versions"]["numpy"] == np.__version__


@pytest.mark.parametrize("against", ["none", "stagnation"])
def test_the_command_of_a_run_can_be_typed_again(against):
    levers = {"coal_cap": {2025: 4500, 2030: 3000}}
    parameters = {"well_success_rate": {"kind": "uniform", "low": 0.5, "high": 0.9}}
    once = compose(
        scenario="high_methane", against=against, levers=levers, parameters=parameters, draws=64
    )
    said = command(once)
    assert f"against={against}" in said.replace("'", "")
    assert "+" not in said
    assert compose(*shlex.split(said)[2:]) == once


def test_python_gives_the_numbers_of_the_command(folder):
    result = sim.run("high_methane", draws=64, seed=1)
    stored = xr.load_dataset(folder / "runs.nc")
    assert result.folder is None
    assert result.runs["coal_output"].dims == ("scenario", "draw", "time")
    for name in stored.data_vars:
        assert np.array_equal(result.runs[name], stored[name]), name
        assert result.runs[name].attrs["units"]
    inputs = xr.load_dataset(folder / "inputs.nc")
    for name in inputs.data_vars:
        assert np.array_equal(result.inputs[name], inputs[name]), name


def test_equal_seeds_give_equal_bytes_whatever_the_blocks_and_workers(folder, tmp_path):
    words = [*QUICK, "scenario=high_methane", f"output={tmp_path}"]
    assert main(["run", *words, "block=7", "workers=2"]) == 0
    again = tmp_path / (tmp_path / "latest").read_text(encoding="utf-8").strip()
    assert (again / "runs.nc").read_bytes() == (folder / "runs.nc").read_bytes()
    assert (again / "inputs.nc").read_bytes() == (folder / "inputs.nc").read_bytes()


def test_ten_thousand_draws_are_the_same_bits_in_small_and_large_blocks_and_by_two_workers():
    from sim.commands.result import execute
    from sim.config import compose
    from sim.ensemble.workers import Crew, pool

    def runs(block, workers):
        with pool(workers) as executor:
            settings = compose(scenario="high_methane", block=block)
            return execute(settings, Crew(executor, workers)).runs

    one, other = runs(256, 1), runs(8192, 2)
    assert one.sizes["draw"] == 10_000
    for name in one.data_vars:
        assert np.array_equal(one[name], other[name]), name


def test_tables_are_the_same_bits_whether_members_are_kept_or_not(folder, tmp_path):
    words = [*QUICK, "scenario=high_methane", f"output={tmp_path}", "store=summary"]
    assert main(["run", *words, "block=7", "workers=2"]) == 0
    summary = next((tmp_path / "run").glob("*/*"))
    assert not list(summary.glob("runs.nc")) + list(summary.glob("inputs.nc"))
    for name in ("attainment.csv", "inputs.csv", "attainment.nc", "fans.nc"):
        assert (summary / name).read_bytes() == (folder / name).read_bytes(), name
    for words in (["latest"], [str(folder)]):
        monkey = pytest.MonkeyPatch()
        monkey.chdir(tmp_path)
        (tmp_path / "outputs").mkdir(exist_ok=True)
        (tmp_path / "outputs/latest").write_text(f"../{summary.relative_to(tmp_path)}", "utf-8")
        assert main(["again", *words]) == 0
        monkey.undo()


def test_nothing_is_written_where_nothing_is_stored(tmp_path, capsys):
    assert main(["run", *QUICK, f"output={tmp_path / 'out'}", "store=none", "lang=en"]) == 0
    assert "Results are in" not in capsys.readouterr().out
    assert not (tmp_path / "out").exists()
    result = sim.run("baseline", draws=16, store="none")
    assert repr(result).startswith("<Result of baseline: 30 targets; tables: attainment, ")
    assert result.attainment["probability"].sizes["scenario"] == 1
    with pytest.raises(sim.Refused, match="store=full"):
        result.runs  # noqa: B018


def test_the_terminal_shows_targets_probabilities_and_the_folder(tmp_path, capsys):
    assert main(["run", *QUICK, "scenario=high_methane", f"output={tmp_path}"]) == 0
    shown = capsys.readouterr().out
    for words in ("煤层气产量", "±", "达标", "结果保存在", str(tmp_path)):
        assert words in shown, words
    assert "\x1b[" not in shown


def test_english_is_complete(tmp_path, capsys):
    assert main(["run", *QUICK, "lang=en", f"output={tmp_path}"]) == 0
    shown = capsys.readouterr().out.replace(str(tmp_path), "")
    assert not [character for character in shown if "\u4e00" <= character <= "\u9fff"]


def test_a_sweep_makes_a_folder_for_each(tmp_path):
    words = [*QUICK, "scenario=baseline,stagnation", f"output={tmp_path}"]
    assert main(["run", "-m", *words]) == 0
    assert {path.name for path in (tmp_path / "run").iterdir()} == {"baseline", "stagnation"}


def test_levers_of_one_s_own_change_the_scenario_and_not_its_reference(tmp_path):
    result = sim.run("baseline", draws=32, levers={"coal_cap": 3000})
    assert result.runs.sizes["scenario"] == 2
    output = result.runs["coal_output"].sel(time=2030).median("draw").values
    assert output[0] < 0.85 * output[1]
    path = sim.run("baseline", draws=32, levers={"coal_cap": {2015: 4500, 2026: 4500, 2030: 3000}})
    before = path.runs["coal_output"].sel(time=2026).values
    assert np.array_equal(before[0], before[1])


def test_own_parameters_change_both_scenarios():
    usual = sim.run("high_methane", draws=32)
    fixed = sim.run("high_methane", draws=32, parameters={"well_success_rate": 0.4})
    assert (fixed.inputs["well_success_rate"] == 0.4).all()
    assert fixed.inputs["well_success_rate"].dims == ()
    change = fixed.runs["cbm_output"].sel(time=2030) - usual.runs["cbm_output"].sel(time=2030)
    assert (abs(change).mean("draw") > 0).all()


def test_it_is_said_that_what_goes_together_does_not_follow_what_is_fixed(tmp_path, capsys):
    fixed = "parameters.certification_rate=0.03"
    assert main(["run", *QUICK, fixed, f"output={tmp_path}"]) == 0
    (folder,) = (tmp_path / "run" / "baseline").iterdir()
    said = "其他参数不随之变动：高企认定率。"
    assert said in capsys.readouterr().out
    assert said in (folder / "summary.md").read_text("utf-8")
    drawn = "parameters.certification_rate={kind: uniform, low: 0.02, high: 0.04}"
    for other in (drawn, "levers.coal_cap=4000"):
        assert main(["run", *QUICK, other, "store=none"]) == 0
        assert "不随之变动" not in capsys.readouterr().out


REFUSED = {
    "scenario": (["scenario=high_metane"], "high_methane"),
    "lever": (["levers.coal_capp=4000"], "coal_cap"),
    "assumption": (["assumptions.coal_prise=500"], "coal_price"),
    "parameter": (["parameters.well_sucess_rate=0.5"], "well_success_rate"),
    "target": (["targets=[coal_outputt]"], "coal_output"),
    "key": (["drawss=10"], "draws"),
    "variable": (["keep=[gdp_reel]"], "gdp_real"),
    "wrong unit": (["levers.coal_cap='4500 亿元'"], "万吨/年"),
    "text for a number": (["levers.coal_cap=viel"], "coal_cap"),
    "NaN": (["levers.coal_cap=nan"], "coal_cap"),
    "infinity": (["assumptions.coal_price=inf"], "coal_price"),
    "out of bounds": (["levers.coal_cap=-5"], "coal_cap"),
    "years out of order": (["levers.coal_cap={2030:4000,2025:4500}"], "2030"),
    "low above high": (
        ["parameters.well_success_rate={kind:uniform,low:0.9,high:0.2}"],
        "low",
    ),
    "no draws": (["draws=0"], "draws"),
    "negative draws": (["draws=-1"], "draws"),
    "too many draws": (["draws=1e12"], "4,294,967,296"),
    "no room for the members": (["draws=4e9"], "store=summary"),
    "store": (["store=fulll"], "full"),
    "engine": (["engine=nunba"], "numba"),
    "address without dask": (["engine.address=tcp://host:8786"], "engine=dask"),
    "lever as assumption": (["assumptions.coal_cap=4000"], "levers.coal_cap"),
    "model missing": (["model=nowhere.mdl"], "nowhere.mdl"),
}


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_bad_input_is_refused_in_words_and_leaves_nothing(case, tmp_path, capsys):
    words, said = REFUSED[case]
    assert main(["run", *QUICK[1:], f"output={tmp_path / 'out'}", *words]) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.err.startswith("错误：")
    assert "Traceback" not in shown.err
    assert shown.out == ""
    assert not (tmp_path / "out").exists()


def test_a_place_that_cannot_be_written_is_refused(tmp_path, capsys):
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["run", *QUICK, f"output={tmp_path / 'file'}"]) == 2
    said = capsys.readouterr().err
    assert "无法写入" in said
    assert "路径中有一段不是文件夹" in said or "已有同名文件" in said


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [(OSError(errno.ENOSPC, "full"), 2, "磁盘已满"), (KeyboardInterrupt(), 130, "已中断")],
)
def test_a_full_disk_or_ctrl_c_leaves_nothing_half_written(
    error, status, said, tmp_path, capsys, monkeypatch
):
    keep = Files.keep

    def fail(files, inputs, runs):
        keep(files, inputs, runs)
        raise error

    monkeypatch.setattr(Files, "keep", fail)
    assert main(["run", *QUICK, f"output={tmp_path}"]) == status
    assert said in capsys.readouterr().err
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_member_that_fails_is_counted_and_shown(tmp_path, capsys, monkeypatch):
    """Members that turn infinite are marked, not averaged away."""
    from sim.ensemble import stream

    def draw_with_two_broken(*arguments):
        inputs = draw_inputs(*arguments)
        broken = np.isin(inputs["draw"].values, [3, 40])
        inputs["initial_visits"].values[broken] = np.inf
        return inputs

    draw_inputs = stream.draw_inputs
    monkeypatch.setattr(stream, "draw_inputs", draw_with_two_broken)
    words = ["run", "scenario=high_methane", "draws=64", f"output={tmp_path}"]
    assert main(words) == 0
    runs = xr.load_dataset(next(tmp_path.rglob("runs.nc")))
    assert np.flatnonzero(~runs["finite"].values[0]).tolist() == [3, 40]
    assert "2" in re.findall(r"有 ?(\d+)", capsys.readouterr().out)
    table = (next(tmp_path.rglob("attainment.csv"))).read_text(encoding="utf-8-sig")
    assert "nan" not in table.lower()


SCRIPT = """
import sim
result = sim.run(draws=20, seed=1, workers=2, block=10, targets=["coal_output"])
print(float(result.attainment["probability"].sel(scenario="baseline", target="coal_output")))
"""


def test_a_script_without_a_guard_may_ask_for_processes(tmp_path):
    """A process that ran the script anew would start processes of its own."""
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, "script.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    [line] = done.stdout.split()
    alone = sim.run(draws=20, seed=1, targets=["coal_output"])
    assert float(line) == float(alone.attainment["probability"].sel(scenario="baseline").item())


def test_what_is_asked_of_draws_has_draws():
    result = sim.run(draws=20, targets=["coal_output"])
    output = result.runs["coal_output"].sel(time=2025)
    odds = result.odds(abs(output / 4500 - 1) <= 0.05)
    told = result.attainment.sel(target="coal_output")
    np.testing.assert_allclose(odds["probability"], told["probability"], rtol=1e-12)
    np.testing.assert_allclose(odds["standard_error"], told["standard_error"], rtol=1e-12)
    for wrong in (3, output.median("draw") >= 4500):
        with pytest.raises(sim.Refused, match="true or false of each draw"):
            result.odds(wrong)


def test_python_says_what_is_public():
    assert dir(sim) == sorted([*sim.__all__, "__version__"])
    assert all(getattr(sim, name).__doc__ for name in sim.__all__)
    assert (files("sim") / "py.typed").is_file()
