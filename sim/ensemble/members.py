"""Where members go, block by block, when they are to be kept: into memory, or into files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from sim.ensemble.store import write_table

if TYPE_CHECKING:
    import netCDF4

DRAW = "draw"
TABLES = ("inputs", "runs")


class Gathered:
    """Members in memory."""

    def __init__(self) -> None:
        self._blocks: dict[str, list[xr.Dataset]] = {name: [] for name in TABLES}

    def keep(self, inputs: xr.Dataset, runs: xr.Dataset) -> None:
        """Takes the next block."""
        for name, table in zip(TABLES, (inputs, runs), strict=True):
            self._blocks[name].append(table)

    def table(self, name: str) -> xr.Dataset:
        """All inputs, or all runs, that were taken."""
        blocks = self._blocks[name]
        if len(blocks) > 1:
            self._blocks[name] = blocks = [_joined(blocks)]
        return blocks[0]


def _joined(blocks: list[xr.Dataset]) -> xr.Dataset:
    """One table of the draws of all; what does not differ by draw is that of the first."""
    first = blocks[0]

    def whole(name: Any) -> Any:
        own = first.variables[name]
        if DRAW not in own.dims:
            return own
        axis = own.dims.index(DRAW)
        values = np.concatenate([block.variables[name].values for block in blocks], axis=axis)
        return own.dims, values, own.attrs

    return xr.Dataset(
        {name: whole(name) for name in first.data_vars},
        coords={name: whole(name) for name in first.coords},
        attrs=first.attrs,
    )


@contextmanager
def files(folder: Path, draws: int) -> Iterator["Files"]:
    """Members in `inputs.nc` and `runs.nc` of a folder, which hold `draws` when all is done."""
    writing = Files(folder, draws)
    try:
        yield writing
    finally:
        writing.close()


class Files:
    """Members in netCDF files, written as they come: no more than a block is in memory."""

    def __init__(self, folder: Path, draws: int) -> None:
        self._folder, self._draws = folder, draws
        self._open: dict[str, netCDF4.Dataset] = {}

    def keep(self, inputs: xr.Dataset, runs: xr.Dataset) -> None:
        """Writes the next block."""
        for name, table in zip(TABLES, (inputs, runs), strict=True):
            if name not in self._open:
                self._open[name] = _begun(table, self._folder / f"{name}.nc", self._draws)
            _write(table, self._open[name])

    def close(self) -> None:
        """Closes the files."""
        for file in self._open.values():
            file.close()


def _begun(table: xr.Dataset, file: Path, draws: int) -> "netCDF4.Dataset":
    """A file like the one that `write_table` writes, with room for all draws."""
    import netCDF4

    pattern = file.with_suffix(".pattern")
    write_table(table.isel({DRAW: slice(0, 1)}), pattern)
    whole = netCDF4.Dataset(file, "w", format="NETCDF4")
    with netCDF4.Dataset(pattern) as part:
        for each in (part, whole):
            each.set_auto_maskandscale(False)
        whole.set_fill_off()  # every place is written, and should be but once
        whole.setncatts({name: part.getncattr(name) for name in part.ncattrs()})
        for name, dimension in part.dimensions.items():
            whole.createDimension(name, draws if name == DRAW else len(dimension))
        for name, own in part.variables.items():
            attrs = {key: own.getncattr(key) for key in own.ncattrs()}
            fill = attrs.pop("_FillValue", None)
            copy = whole.createVariable(name, own.dtype, own.dimensions, fill_value=fill)
            copy.setncatts(attrs)
            if DRAW not in own.dimensions:
                copy[...] = own[...]
    pattern.unlink()
    return whole


def _write(table: xr.Dataset, file: "netCDF4.Dataset") -> None:
    draws = table[DRAW].values
    members = slice(int(draws[0]), int(draws[-1]) + 1)
    for name, own in file.variables.items():
        if DRAW in own.dimensions:
            place = tuple(members if dim == DRAW else slice(None) for dim in own.dimensions)
            values = table.variables[name].transpose(*own.dimensions).values
            own[place] = values.astype(np.int8) if values.dtype == bool else values
