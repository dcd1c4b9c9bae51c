"""A run's folder appears whole or not at all."""

import errno
import shutil

import numpy as np
import pytest
import xarray as xr

import sim
from sim.ensemble import store


def test_a_folder_appears_when_all_is_written(tmp_path):
    with store.whole(tmp_path / "run" / "one") as scratch:
        (scratch / "a.txt").write_text("a", encoding="utf-8")
        assert not (tmp_path / "run" / "one").exists()
    assert (tmp_path / "run" / "one" / "a.txt").read_text(encoding="utf-8") == "a"


@pytest.mark.parametrize("error", [ValueError("bug"), KeyboardInterrupt()])
def test_nothing_stays_behind_when_writing_ends_badly(tmp_path, error):
    with pytest.raises(type(error)), store.whole(tmp_path / "run") as scratch:
        (scratch / "a.txt").write_text("a", encoding="utf-8")
        raise error
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_refused_in_words_and_leaves_nothing(tmp_path):
    with pytest.raises(sim.Refused, match="the disk is full"), store.whole(tmp_path / "run"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with (
        pytest.raises(sim.Refused, match="cannot be written"),
        store.whole(tmp_path / "file" / "run"),
    ):
        pass


def test_a_name_in_use_gets_a_number(tmp_path):
    (tmp_path / "run").mkdir()
    assert store.unused(tmp_path / "run").name == "run-2"


def test_equal_tables_give_equal_bytes_and_come_back_as_they_were(tmp_path):
    table = xr.Dataset(
        {
            "x/人": (
                ("scenario", "time"),
                np.random.default_rng(1).random((2, 3)),
                {"units": "万吨"},
            )
        },
        coords={"scenario": ["高", "低"], "finite": ("scenario", [True, False])},
    )
    for name in ("one.nc", "two.nc"):
        store.write_table(table, tmp_path / name)
    assert (tmp_path / "one.nc").read_bytes() == (tmp_path / "two.nc").read_bytes()
    xr.testing.assert_identical(store.read_table(tmp_path / "one.nc"), table)


def made(outputs, kind, place):
    """A result of `sim <kind>`, the newest of all."""
    folder = outputs / kind / "基线" / place
    folder.mkdir(parents=True)
    store.write_manifest(folder, {"kind": kind})
    store.point_latest(outputs, folder)
    return folder


def test_latest_names_the_newest_result_of_the_kinds_that_serve(tmp_path):
    made(tmp_path, "run", "2026-01-01_09-59-59")
    run = made(tmp_path, "run", "2026-01-01_10-00-00-10")
    made(tmp_path, "run", "2026-01-01_10-00-00-2")
    swept = made(tmp_path, "sweep", "2026-01-01_11-00-00")
    assert store.find_result("latest", tmp_path, ["run"])[0] == run
    assert store.find_result("latest", tmp_path, ["run", "sweep"])[0] == swept
    named = made(tmp_path, "run", "named by hand")
    assert store.find_result("latest", tmp_path, ["run"])[0] == named
    shutil.rmtree(named)
    assert store.find_result("latest", tmp_path, ["run"])[0] == run


def test_a_result_that_is_not_there_is_refused(tmp_path):
    for name, said in (("nowhere", "no folder nowhere"), ("latest", "holds no result yet")):
        with pytest.raises(sim.Refused) as refusal:
            store.find_result(name, tmp_path, ["run"])
        assert said in refusal.value.problems[0].en
    made(tmp_path, "sweep", "2026-01-01_11-00-00")
    with pytest.raises(sim.Refused) as refusal:
        store.find_result("latest", tmp_path, ["run"])
    assert "is of `sim sweep`" in refusal.value.problems[0].en
    assert "是 sim sweep 的" in refusal.value.problems[0].zh
