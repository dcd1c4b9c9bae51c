"""Was the sample enough: how wide the intervals are, and how large a sample would narrow them."""

import math

import numpy as np
import xarray as xr

from sim.analysis.sensitivity.estimate import Estimate, Floats

TOLERANCE = 0.05
"""The half-width, as a share of the scale of the index, that is good enough: Sarrazin, Pianosi,
Wagener (2016), 10.1016/j.envsoft.2016.02.005, ask for 0.05 of the widest interval."""


def verdict(main: Estimate, base: int, scale_by_largest: bool) -> xr.Dataset:
    """For every output: the widest half-width, whether it will do, the base sample that would.

    Variables over `output`: `widest` (as a share of one, or of the largest index where the
    index has the unit of the output), `enough`, `needed` (errors fall with the square root of
    the sample; to the next power of two), `ordered` (how many of the leading factors are surely
    in this order: their intervals do not touch the next one's).
    """
    value, half = np.abs(main.value), main.half
    scale = value.max(axis=0) if scale_by_largest else np.ones(value.shape[1])
    with np.errstate(invalid="ignore", divide="ignore"):
        widest = half.max(axis=0) / scale
    needed = [_power_of_two(base * max(1.0, (w / TOLERANCE) ** 2)) for w in widest]
    return xr.Dataset(
        {
            "widest": ("output", widest),
            "enough": ("output", np.isfinite(widest) & (widest <= TOLERANCE)),
            "needed": ("output", needed),
            "ordered": ("output", [_ordered(v, h) for v, h in zip(value.T, half.T, strict=True)]),
        }
    )


def _power_of_two(number: float) -> int:
    return 2 ** math.ceil(math.log2(number)) if math.isfinite(number) else 0


def _ordered(value: Floats, half: Floats) -> int:
    order = np.argsort(-value)
    value, half = value[order], half[order]
    apart = value[:-1] - half[:-1] > value[1:] + half[1:]
    return int(np.argmin(apart)) if not apart.all() else len(apart)
