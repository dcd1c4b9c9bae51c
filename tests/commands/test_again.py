"""`sim again`: whether the numbers are the same, and what has changed if they are not."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from sim.__main__ import main
from sim.commands.again import changes, differences, missing, report
from sim.config import compose
from sim.ensemble.store import write_manifest, write_table

Captured = pytest.CaptureFixture[str]


def runs(**values: list[float]) -> xr.Dataset:
    """One scenario, one draw, three years."""
    dims = ("scenario", "draw", "time")
    coords = {"scenario": ["baseline"], "draw": [0], "time": [2015.0, 2016.0, 2017.0]}
    return xr.Dataset(
        {name: (dims, np.array([[v]], dtype=float)) for name, v in values.items()}, coords
    )


def test_equal_bits_are_no_difference_not_a_number_among_them() -> None:
    before = runs(coal=[1.0, np.nan, np.inf])
    assert differences(before, before.copy(deep=True)) == []


def test_the_largest_difference_is_named_with_its_place() -> None:
    before, after = runs(coal=[1, 2, 4], gas=[1, 1, 1]), runs(coal=[1, 2, 5], gas=[1, 1.001, 1])
    coal, gas = differences(before, after)
    assert (coal.variable, coal.before, coal.after, coal.relative) == ("coal", 4, 5, 0.2)
    assert coal.where == "scenario baseline, draw 0, time 2017.0"
    assert gas.variable == "gas"


def test_a_zero_of_another_sign_and_a_lost_number_are_differences() -> None:
    assert len(differences(runs(coal=[0.0, 1, 1]), runs(coal=[-0.0, 1, 1]))) == 1
    (lost,) = differences(runs(coal=[1, 2, 3]), runs(coal=[9, np.nan, 3]))
    assert "2016" in lost.where


def test_what_cannot_be_compared_is_said() -> None:
    before, after = runs(coal=[1, 2, 3], gas=[1, 2, 3]), runs(coal=[1, 2, 3])
    assert ["gas" in text.en for text in missing(before, after)] == [True]
    assert missing(before, before) == []
    (sizes,) = missing(after, after.isel(time=[0]))
    assert "sizes differ" in sizes.en


def test_changes_leave_out_what_is_of_the_moment() -> None:
    old = {"command": "a", "seconds": 1, "versions": {"numpy": "1", "scipy": "1"}, "seed": 1}
    new = {"command": "b", "seconds": 2, "versions": {"numpy": "2", "scipy": "1"}, "seed": 1}
    assert changes(old, new) == [("versions.numpy", "1", "2")]


def test_the_report_says_same_or_different_and_why() -> None:
    assert report([], [], 3, "en") == ["The numbers are the same: 3 variables, bit for bit."]
    found = differences(runs(coal=[1, 2, 4]), runs(coal=[1, 2, 5]))
    said = report(found, [("versions.numpy", "1", "2")], 1, "zh")
    assert said[0] == "数字不同："
    assert "最大差异 0.2 (4 → 5; scenario baseline, draw 0, time 2017.0)" in said[1]
    assert said[-1] == "  versions.numpy：1 → 2"
    assert "look at machine" in report(found, [], 1, "en")[-1]


TABLE = xr.Dataset({"probability": ("target", [0.5])})


@pytest.fixture
def result(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A result folder; running it again gives `runs(coal=[1, 2, 3])`."""
    folder = Path("outputs/run/high_methane/now")
    (folder / ".hydra").mkdir(parents=True)
    for name, text in compose(scenario="high_methane", draws=1).record.items():
        (folder / ".hydra" / name).write_text(text, encoding="utf-8")
    write_manifest(folder, {"seconds": 1, "kernel": "numpy", "checksums": {"model": "a"}})
    write_table(runs(coal=[1, 2, 3]), folder / "runs.nc")
    write_table(TABLE, folder / "attainment.nc")
    write_table(TABLE, folder / "fans.nc")
    Path("outputs/latest").write_text("run/high_methane/now\n", encoding="utf-8")

    def execute(settings, executor, progress, keep):  # type: ignore[no-untyped-def]
        assert settings.draws == 1
        keep(None, runs(coal=[1, 2, 3]))
        return SimpleNamespace(attainment=TABLE, fans=TABLE, kernel="numpy")

    monkeypatch.setattr("sim.commands.result.execute", execute)
    monkeypatch.setattr("sim.commands.facts.facts", lambda *_: {"checksums": {"model": "b"}})
    return folder


@pytest.mark.parametrize("name", ["latest", "outputs/run/high_methane/now"])
def test_the_same_numbers_end_with_zero(result: Path, capsys: Captured, name: str) -> None:
    assert main(["again", name]) == 0
    said = capsys.readouterr().out
    assert "数字完全相同：3 个变量逐位一致。" in said
    assert "  模型：a → b" in said


def test_what_has_changed_is_said_as_short_as_it_differs() -> None:
    old, new = "a7" * 32, "b9" * 32
    dirty = f"{old[:40]}-dirty"
    said = report([], [("checksums.model", old, new), ("commit", dirty, new[:40])], 3, "en")
    assert said[-2:] == [
        "  model: a7a7a7a7a7a7 → b9b9b9b9b9b9",
        "  version of the program: a7a7a7a7a7a7-dirty → b9b9b9b9b9b9",
    ]


def test_other_numbers_end_with_one(result: Path, capsys: Captured) -> None:
    write_table(runs(coal=[1, 2, 3.5]), result / "runs.nc")
    assert main(["again", "latest", "lang=en"]) == 1
    assert "The numbers differ:" in capsys.readouterr().out


def test_another_table_ends_with_one(result: Path, capsys: Captured) -> None:
    write_table(TABLE + 0.1, result / "fans.nc")
    assert main(["again", "latest", "lang=en"]) == 1
    assert "probability: largest difference" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "which result"),
        (["nowhere"], "there is no folder nowhere"),
        (["outputs"], "is no folder of sim run"),
    ],
)
def test_a_mistake_is_refused(result: Path, capsys: Captured, words: list[str], said: str) -> None:
    assert main(["again", *words, "lang=en"]) == 2
    assert said in capsys.readouterr().err


def test_a_result_that_is_made_otherwise_names_its_own_command(
    result: Path, capsys: Captured
) -> None:
    write_manifest(result, {"kind": "assess", "command": "sim assess new=a.csv"})
    assert main(["again", str(result), "lang=en"]) == 2
    assert "is a result of `sim assess`" in (said := capsys.readouterr().err)
    assert "To run it again: sim assess new=a.csv" in said
