"""Where members go, block by block, when they are to be kept: into memory, or into files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from sim.ensemble.store import as_stored

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
        for name, table in zip(TABLES, map(as_stored, (inputs, runs)), strict=True):
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

    whole = netCDF4.Dataset(file, "w", format="NETCDF4")
    whole.set_fill_off()  # every place is written, and should be but once
    store: Any = xr.backends.NetCDF4DataStore(whole)  # type: ignore[no-untyped-call]
    described = xr.conventions.encode_dataset_coordinates(table.isel({DRAW: slice(0, 1)}))
    variables, attrs = store.encode(*described)
    store.set_attributes(attrs)
    for name, size in table.sizes.items():
        store.set_dimension(name, draws if name == DRAW else size)
    # all are described before one is written: going to and fro takes five times as long
    places = [store.prepare_variable(name, own) for name, own in variables.items()]
    for (place, values), own in zip(places, variables.values(), strict=True):
        if DRAW not in own.dims:
            place[...] = values
    return whole


def _write(table: xr.Dataset, file: "netCDF4.Dataset") -> None:
    draws = table[DRAW].values
    members = slice(int(draws[0]), int(draws[-1]) + 1)
    for name, own in file.variables.items():
        if DRAW in own.dimensions:
            place = tuple(members if dim == DRAW else slice(None) for dim in own.dimensions)
            values = table.variables[name].transpose(*own.dimensions).values
            own[place] = values.astype(np.int8) if values.dtype == bool else values
