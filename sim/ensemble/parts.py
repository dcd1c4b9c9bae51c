"""A large result in parts, each written whole as it is finished, so that work can go on after
a power cut."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import xarray as xr

from sim.ensemble.store import read_table, unwritable, write_table

UNFINISHED = ".unfinished"
"""What the name of a folder ends with until all of its parts are there."""


def part_file(folder: Path, number: int) -> Path:
    """Where part `number` lies."""
    return folder / "parts" / f"part-{number:06d}.nc"


def write_part(folder: Path, number: int, table: xr.Dataset) -> None:
    """Writes a part; it is there whole, or not at all."""
    file = part_file(folder, number)
    scratch = file.with_suffix(".writing")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_table(table, scratch)
        with scratch.open("rb") as stream:  # on the disk before it has its name
            os.fsync(stream.fileno())
        scratch.replace(file)
    except OSError as error:
        raise unwritable(folder, error) from error


def parts_done(folder: Path) -> set[int]:
    """The numbers of the parts that are there."""
    names = (re.fullmatch(r"part-(\d+)\.nc", file.name) for file in folder.glob("parts/*.nc"))
    return {int(name[1]) for name in names if name}


def read_parts(folder: Path, count: int) -> Iterator[xr.Dataset]:
    """The parts, in order."""
    for number in range(count):
        yield read_table(part_file(folder, number))


def joined(parts: Iterator[xr.Dataset], size: int) -> xr.Dataset:
    """Parts put together along `point`, of which there are `size`; no copy but the result."""
    whole: dict[str, tuple[tuple[str, ...], np.ndarray]] = {}
    start = 0
    for part in parts:
        stop = start + part.sizes["point"]
        for name, column in part.data_vars.items():
            if str(name) not in whole:
                dims = tuple(map(str, column.dims))
                shape = [size if dim == "point" else part.sizes[dim] for dim in dims]
                whole[str(name)] = dims, np.empty(shape, column.dtype)
            whole[str(name)][1][start:stop] = column.values  # every variable begins with point
        start = stop
    return xr.Dataset(whole)
