"""Members that come block by block: in files, or in memory, they are what they would be at once."""

import itertools

import numpy as np
import pytest
import xarray as xr

from sim.ensemble.members import Gathered, files
from sim.ensemble.store import read_table


@pytest.fixture
def tables():
    """Inputs and runs of ten draws, with all that such tables hold."""
    rng = np.random.default_rng(1)
    coords = {
        "scenario": ["高", "base"],
        "title_zh": ("scenario", ["高", "基准"]),
        "draw": np.arange(10),
    }
    inputs = xr.Dataset(
        {
            "wear": ("draw", rng.random(10), {"units": "1/Year", "label_zh": "损耗"}),
            "cap": (("scenario", "year"), rng.random((2, 3))),
            "shock": (("draw", "step"), rng.normal(size=(10, 4))),
            "price, 元/吨": ((), 3.0),
        },
        coords={**coords, "year": [2015.0, 2020.0, 2025.0], "step": np.arange(4.0)},
        attrs={"seed": 1, "sampling": "lhs"},
    )
    values = rng.normal(size=(2, 10, 3))
    values[0, 4] = np.nan
    runs = xr.Dataset(
        {"coal": (("scenario", "draw", "time"), values, {"units": "万吨"})},
        coords={
            **coords,
            "time": ("time", [2015.0, 2016.0, 2017.0], {"units": "Year"}),
            "finite": (("scenario", "draw"), np.isfinite(values).all(axis=2)),
        },
    )
    return inputs, runs


def blocks(tables, edges):
    for first, last in itertools.pairwise(edges):
        yield tuple(table.isel(draw=slice(first, last)) for table in tables)


@pytest.mark.parametrize("edges", [(0, 10), (0, 1, 7, 10), range(11)])
def test_files_written_in_parts_hold_the_whole(tables, edges, tmp_path):
    with files(tmp_path, 10) as kept:
        for block in blocks(tables, edges):
            kept.keep(*block)
    for name, table in zip(("inputs", "runs"), tables, strict=True):
        xr.testing.assert_identical(read_table(tmp_path / f"{name}.nc"), table)
    assert {file.name for file in tmp_path.iterdir()} == {"inputs.nc", "runs.nc"}


def test_parts_of_other_sizes_give_the_same_bytes(tables, tmp_path):
    for folder, edges in ((tmp_path / "a", (0, 10)), (tmp_path / "b", (0, 3, 10))):
        folder.mkdir()
        with files(folder, 10) as kept:
            for block in blocks(tables, edges):
                kept.keep(*block)
    for name in ("inputs.nc", "runs.nc"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


@pytest.mark.parametrize("edges", [(0, 10), (0, 1, 7, 10)])
def test_members_gathered_in_memory_are_the_whole(tables, edges):
    kept = Gathered()
    for block in blocks(tables, edges):
        kept.keep(*block)
    xr.testing.assert_identical(kept.table("inputs"), tables[0])
    xr.testing.assert_identical(kept.table("runs"), tables[1])
