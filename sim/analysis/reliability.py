"""How often stated probabilities came true in back-tests: what stands beside every probability."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import xarray as xr


class Band(NamedTuple):
    """Probabilities from `low` to below `high` (the last one including it), stated in back-tests
    for so many `events`, of which so many came true."""

    low: float
    high: float
    events: int
    came_true: int


def read_bands(file: Path) -> tuple[Band, ...]:
    """The bands of a file that a back-test wrote; none where there is no file."""
    if not file.is_file():
        return ()
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))[1:]
    return tuple(
        Band(float(low), float(high), int(events), int(true)) for low, high, events, true in rows
    )


def write_bands(bands: Sequence[Band], file: Path) -> Path:
    """Writes what `read_bands` reads."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["stated_from", "stated_to", "events", "came_true"])
        writer.writerows(bands)
    return file


def with_skill(attainment: xr.Dataset, bands: Sequence[Band]) -> xr.Dataset:
    """`attainment` with what came true of probabilities like each of its own.

    Adds `backtest_events` and `backtest_came_true`, dims (scenario, target), and the bands
    themselves, dims (band). Unchanged where there are no bands.
    """
    if not bands:
        return attainment
    edges = [band.high for band in bands[:-1]]
    place = np.digitize(attainment["probability"].values, edges)
    dims = attainment["probability"].dims
    columns = {
        f"backtest_{name}": (dims, np.array([getattr(band, name) for band in bands])[place])
        for name in ("events", "came_true")
    }
    own = {f"band_{name}": ("band", [getattr(b, name) for b in bands]) for name in Band._fields}
    return attainment.assign(columns | own)
