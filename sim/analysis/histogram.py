"""Counts of values on a grid of floating-point numbers: quantiles that add up exactly.

Members come by the million and are not kept. What is kept of them, per column of values, is how
many fell into each bin, and the least and the most of these. Such counts of two parts make those
of the whole, bit for bit, however the members were parted.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MANTISSA = 52
COLUMN = 32
"""Bits of a key below the number of its column: sign, exponent, and up to 20 digits of the grid."""
SIGN = np.int64(2**63 - 1)
AT_ONCE = 2**15
"""Values that are counted at one time: few enough to stay near the processor."""


EMPTY = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0))


@dataclass(frozen=True)
class Histogram:
    """How often the values of each column fall into each bin that is not empty.

    Every power of two is cut into 2**digits bins, so that a bin is at most 2**-digits of its
    values wide. `keys` rise: column · 2^32 + bin; `least` and `most` are values that occurred.
    """

    digits: int
    keys: Integers
    counts: Integers
    least: Floats
    most: Floats


def histogram(values: Floats | Sequence[Floats], digits: int) -> Histogram:
    """The histogram of `values` (columns, members), or of several such, one below the other; what
    is not a number is left out."""
    parts, first = [], 0
    for some in [values] if isinstance(values, np.ndarray) else values:
        rows = max(1, AT_ONCE // max(1, some.shape[1]))
        for row in range(0, len(some), rows):
            parts.append(_counted(some[row : row + rows], first + row, digits))
        first += len(some)
    keys, counts, least, most = map(np.concatenate, zip(*(parts or [EMPTY]), strict=True))
    return Histogram(digits, keys, counts, least, most)


def _counted(values: Floats, first: int, digits: int) -> tuple[Any, ...]:
    """Keys, counts, least and most of some columns, numbered from `first` on."""
    ordered = np.sort(values, axis=-1)  # what is not a number comes last
    ordered += 0.0  # so that -0 and 0 are the same
    bits = ordered.view(np.int64)
    if (ordered[:, :1] < 0).any():
        bits = np.where(bits < 0, bits ^ SIGN, bits)  # rise with the values
    bins = bits >> (MANTISSA - digits)
    starts = np.flatnonzero(_new(bins))
    ends = np.append(starts[1:], bins.size)[: len(starts)]
    keys = bins.ravel()[starts] + ((starts // max(1, values.shape[1]) + first) << COLUMN)
    least, most = ordered.ravel()[starts], ordered.ravel()[ends - 1]
    there = ~np.isnan(least)
    return tuple(column[there] for column in (keys, ends - starts, least, most))


def _new(ordered: Integers) -> NDArray[np.bool_]:
    """Where along the last axis a number is not the one before it."""
    found = np.ones(ordered.shape, dtype=bool)
    np.not_equal(ordered[..., 1:], ordered[..., :-1], out=found[..., 1:])
    return found


def merged(parts: Sequence[Histogram]) -> Histogram:
    """The histogram of all members that the parts have counted."""
    if len(parts) == 1:
        return parts[0]
    keys = np.concatenate([part.keys for part in parts])
    order = np.argsort(keys, kind="stable")  # which is fast where parts are in order
    keys = keys[order]
    starts = np.flatnonzero(_new(keys))

    def column(name: str, together: np.ufunc) -> Any:
        values = np.concatenate([getattr(part, name) for part in parts])
        return together.reduceat(values[order], starts)

    return Histogram(
        parts[0].digits,
        keys[starts],
        column("counts", np.add),
        column("least", np.minimum),
        column("most", np.maximum),
    )


def quantiles(counted: Histogram, columns: int, levels: Sequence[float]) -> Floats:
    """The quantiles of each column: (columns, levels); NaN where a column is empty.

    As numpy.quantile has them (linear between order statistics), exact where no bin on the way
    holds more than two values, and else off by at most 2**-digits of the quantile.
    """
    found = np.full((columns, len(levels)), np.nan)
    for column, part in enumerate(_parts(counted, columns)):
        counts = counted.counts[part]
        if not len(counts):
            continue
        before = np.concatenate([[0], np.cumsum(counts)])
        rank = np.asarray(levels) * (before[-1] - 1)
        below = np.floor(rank).astype(np.int64)
        above = np.minimum(below + 1, before[-1] - 1)
        low, high = (_at_rank(counted, part, before, place) for place in (below, above))
        share = rank - below
        with np.errstate(invalid="ignore"):  # growth from nothing is infinite
            found[column] = np.where((share == 0) | (low == high), low, low + (high - low) * share)
    return found


def _at_rank(counted: Histogram, part: slice, before: Integers, rank: Integers) -> Floats:
    """The values at some ranks of a column: those of a bin lie evenly between its ends."""
    place = np.searchsorted(before, rank, side="right") - 1
    least, most = counted.least[part][place], counted.most[part][place]
    steps = np.maximum(counted.counts[part][place] - 1, 1)
    with np.errstate(invalid="ignore"):
        inside = least + (most - least) * ((rank - before[place]) / steps)
    return np.where(least == most, least, inside)


def means(counted: Histogram, columns: int) -> Floats:
    """The mean of each column, off by at most 2**-digits; NaN where a column is empty."""
    found = np.full(columns, np.nan)
    for column, part in enumerate(_parts(counted, columns)):
        counts = counted.counts[part]
        if len(counts):
            middle = counted.least[part] / 2 + counted.most[part] / 2
            found[column] = (middle * counts).sum() / counts.sum()
    return found


def _parts(counted: Histogram, columns: int) -> list[slice]:
    """Where the bins of each column stand."""
    edges = (np.arange(columns + 1, dtype=np.int64) << COLUMN) - (1 << (COLUMN - 1))
    places = np.searchsorted(counted.keys, edges)
    return [slice(first, last) for first, last in itertools.pairwise(places.tolist())]
