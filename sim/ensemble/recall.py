"""A function that remembers its values in a folder, so that work that was cut short can go on.

A deterministic method that is begun again asks for the same values in the same order: those that
are in the folder need not be computed again, and what follows is as if nothing had happened.
"""

import time
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sim.ensemble.parts import part_file, parts_done, write_part
from sim.ensemble.store import read_table

Floats = NDArray[np.float64]
PATIENCE = 2.0
"""Seconds of work that may be lost."""


class Recalled:
    """`function` of (parameters, members) → (members,), with what `folder` holds of its values.

    A value is recalled only where it is asked for the same positions; from the first that differ
    on all is computed anew.
    """

    def __init__(self, function: Callable[[Floats], Floats], folder: Path) -> None:
        self.function, self.folder = function, folder
        self.known = self._read()
        self.written = len(parts_done(folder))
        self.fresh: list[tuple[int, Floats]] = []
        self.since = time.perf_counter()

    def __call__(self, positions: Floats) -> Floats:
        """The function's values, computed or recalled."""
        asked = zlib.crc32(np.ascontiguousarray(positions).tobytes())
        if self.known:
            then, values = self.known.pop(0)
            if then == asked:
                return values
            self.known = []
        values = self.function(positions)
        self.fresh.append((asked, values))
        if time.perf_counter() - self.since > PATIENCE:
            self._write()
        return values

    def _write(self) -> None:
        table = xr.Dataset(
            {
                "asked": ("call", [asked for asked, _ in self.fresh]),
                "size": ("call", [len(values) for _, values in self.fresh]),
                "value": ("member", np.concatenate([values for _, values in self.fresh])),
            }
        )
        write_part(self.folder, self.written, table)
        self.written, self.fresh, self.since = self.written + 1, [], time.perf_counter()

    def _read(self) -> list[tuple[int, Floats]]:
        found: list[tuple[int, Floats]] = []
        for number in sorted(parts_done(self.folder)):
            part = read_table(part_file(self.folder, number))
            ends = np.cumsum(part["size"].values)[:-1]
            values = np.split(part["value"].values.astype(float), ends)
            found += zip(map(int, part["asked"].values), values, strict=True)
        return found
