"""What is counted of the members of a block: targets met, together, when, by how much missed.

Counts of two blocks add up to those of both, so that members need not be kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sim.analysis.histogram import Histogram, histogram, merged
from sim.analysis.measure import attained, course, shortfall
from sim.ensemble.target import GROUPS, Target

DIGITS = 12
"""Quantiles of targets are off by at most 2^-12: a four-thousandth."""

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class Tally:
    """Counts of members, of those that stayed finite unless said otherwise.

    members (scenario): all; finite (scenario). met (scenario, target), groups (scenario, group),
    together (scenario): of those that met one, all of a group, all. both_missed (scenario,
    target, target). first (scenario, target, time + 1): by the first time at which the target
    was met, at the end of those that never met it. beyond (scenario, threshold): of those that
    met a threshold. gained, lost (target), paired: of draws that met a target in the first
    scenario and not in the second, the other way round, and finite in both.
    `values` and `shortfalls` have a column per scenario and target.
    """

    members: Counts
    finite: Counts
    met: Counts
    groups: Counts
    together: Counts
    both_missed: Counts
    first: Counts
    beyond: Counts
    gained: Counts
    lost: Counts
    paired: Counts
    values: Histogram
    shortfalls: Histogram


class Threshold(NamedTuple):
    """A target with another value whose odds are asked for, and its place among the targets."""

    place: int
    target: Target


def thresholds(targets: Sequence[Target]) -> list[Threshold]:
    """The thresholds of all targets, in their order."""
    return [
        Threshold(place, replace(target, value=value))
        for place, target in enumerate(targets)
        for value in target.thresholds
    ]


def groups(targets: Sequence[Target]) -> dict[str, list[int]]:
    """The groups that have targets → the places of these."""
    places = {group: [i for i, t in enumerate(targets) if t.group == group] for group in GROUPS}
    return {group: found for group, found in places.items() if found}


def tally(runs: xr.Dataset, targets: Sequence[Target]) -> Tally:
    """The counts of some members: runs with dims (scenario, draw, time)."""
    finite = runs["finite"].values
    scenarios, draws = finite.shape
    shape = (scenarios, len(targets), draws)
    values, met = np.full(shape, np.nan), np.zeros(shape, dtype=bool)
    first = np.zeros((scenarios, len(targets), runs.sizes["time"] + 1), dtype=np.int64)
    for place, target in enumerate(targets):
        with np.errstate(all="ignore"):  # members that did not stay finite are left out below
            times, whole = course(runs, target)
        by_time = attained(whole, target)
        at = int(np.flatnonzero(times == target.year)[0])
        values[:, place], met[:, place] = whole[..., at], by_time[..., at]
        first[:, place] = _first(by_time, finite, runs.sizes["time"])
    missed = ~met & finite[:, None]
    met &= finite[:, None]
    values[~np.broadcast_to(finite[:, None], shape)] = np.nan
    short = np.full(shape, np.nan)
    for place, target in enumerate(targets):
        gap = missed[:, place]
        short[:, place][gap] = shortfall(values[:, place][gap], target)
    return Tally(
        members=np.full(scenarios, draws, dtype=np.int64),
        finite=finite.sum(axis=1),
        met=met.sum(axis=2),
        groups=_together(met, list(groups(targets).values())),
        together=_together(met, [list(range(len(targets)))])[:, 0],
        both_missed=_both(missed),
        first=first,
        beyond=_beyond(values, thresholds(targets)),
        **_paired(met, finite),
        values=histogram(values.reshape(-1, draws), DIGITS),
        shortfalls=histogram(short.reshape(-1, draws), DIGITS),
    )


def _first(by_time: Booleans, finite: Booleans, times: int) -> Counts:
    """By the first time at which a target is met: (scenario, times + 1), the last: never."""
    found = np.zeros((len(finite), times + 1), dtype=np.int64)
    waiting = finite.copy()
    left = waiting.sum(axis=1)
    for time in range(by_time.shape[2]):
        waiting &= ~by_time[..., time]
        still = waiting.sum(axis=1)
        found[:, times - by_time.shape[2] + time] = left - still
        left = still
    found[:, times] = left
    return found


def _together(met: Booleans, parts: Sequence[Sequence[int]]) -> Counts:
    """How many members meet all targets of each part: (scenario, part)."""
    found = [met[:, part].all(axis=1).sum(axis=1) for part in map(list, parts)]
    return np.stack(found, axis=1) if found else np.zeros((len(met), 0), dtype=np.int64)


def _both(missed: Booleans) -> Counts:
    """How many members miss each pair of targets: (scenario, target, target)."""
    ones = missed.astype(np.float64)  # of which BLAS makes short work
    return (ones @ ones.swapaxes(1, 2)).astype(np.int64)


def _beyond(values: Floats, wanted: Sequence[Threshold]) -> Counts:
    """How many members meet each threshold: (scenario, threshold)."""
    found = [attained(values[:, place], target).sum(axis=1) for place, target in wanted]
    return np.stack(found, axis=1) if found else np.zeros((len(values), 0), dtype=np.int64)


def _paired(met: Booleans, finite: Booleans) -> dict[str, Counts]:
    """The first scenario against the second, draw by draw; nothing where there are not two."""
    if len(met) != 2:
        none = np.zeros(met.shape[1], dtype=np.int64)
        return {"gained": none, "lost": none, "paired": np.zeros((), dtype=np.int64)}
    both = finite.all(axis=0)
    return {
        "gained": (met[0] & ~met[1])[:, both].sum(axis=1),
        "lost": (met[1] & ~met[0])[:, both].sum(axis=1),
        "paired": np.asarray(both.sum(), dtype=np.int64),
    }


def total(parts: Sequence[Tally]) -> Tally:
    """The counts of all members that the parts have counted."""
    counts = {
        name: sum(getattr(part, name) for part in parts)
        for name in Tally.__dataclass_fields__
        if name not in ("values", "shortfalls")
    }
    return Tally(
        **counts,
        values=merged([part.values for part in parts]),
        shortfalls=merged([part.shortfalls for part in parts]),
    )
