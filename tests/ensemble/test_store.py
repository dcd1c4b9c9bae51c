"""A run's folder appears whole or not at all."""

import errno

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
        {"x": (("scenario", "time"), np.random.default_rng(1).random((2, 3)), {"units": "万吨"})},
        coords={"scenario": ["高", "低"], "finite": ("scenario", [True, False])},
    )
    for name in ("one.nc", "two.nc"):
        store.write_table(table, tmp_path / name)
    assert (tmp_path / "one.nc").read_bytes() == (tmp_path / "two.nc").read_bytes()
    xr.testing.assert_identical(store.read_table(tmp_path / "one.nc"), table)


def test_latest_names_the_newest_run(tmp_path):
    folder = tmp_path / "run" / "基线" / "t"
    folder.mkdir(parents=True)
    store.point_latest(tmp_path, folder)
    assert store.find_run("latest", tmp_path) == folder


@pytest.mark.parametrize("name", ["latest", "nowhere"])
def test_a_run_that_is_not_there_is_refused(tmp_path, name):
    with pytest.raises(sim.Refused):
        store.find_run(name, tmp_path)
