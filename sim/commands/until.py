"""Draws until every probability is sure enough: how many that takes is asked of a first sample."""

import math
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.config import RunSettings
from sim.ensemble.target import some
from sim.text import Text

if TYPE_CHECKING:
    import xarray as xr

FIRST = 1000
"""Draws of the first sample."""
TRIES = 4
MARGIN = 1.05


def enough_draws(
    settings: RunSettings, error_of: Callable[[RunSettings], float]
) -> tuple[RunSettings, float]:
    """The settings with as many draws as make every standard error small enough, and the largest
    standard error that the last sample had; never more draws than were asked for.

    `error_of` computes settings without writing. Errors fall with the square root of the draws,
    so a sample says how many are needed; a larger one is asked again.
    """
    some(settings.targets)
    limit, draws, error = settings.draws, min(FIRST, settings.draws), math.inf
    for _ in range(TRIES):
        error = error_of(sized(replace(settings, store="none"), draws))
        if error < settings.until or draws == limit:
            break
        needed = math.ceil(MARGIN * draws * (error / settings.until) ** 2)
        draws = min(limit, max(needed, draws + 1))
    return sized(settings, draws), error


def sized(settings: RunSettings, draws: int) -> RunSettings:
    """The settings with so many draws, in their record too, so that they can be run again."""
    record = dict(settings.record)
    if "config.yaml" in record:
        text = re.sub(r"(?m)^draws: .*$", f"draws: {draws}", record["config.yaml"])
        record["config.yaml"] = re.sub(r"(?m)^until: .*$", "until: ''", text)
    return replace(settings, draws=draws, until=0.0, record=record)


def largest_error(odds: "xr.Dataset") -> float:
    """The largest standard error of a probability, of any target in any scenario or point."""
    return float(odds["standard_error"].max())


def reached(asked: RunSettings, found: RunSettings, error: float) -> Text:
    """What the draws came to, in words."""
    drawn, wanted = f"{found.draws:,}", f"{asked.until:g}"
    if error < asked.until:
        return Text(
            f"抽样 {drawn} 次，各概率的标准误都小于 {wanted}（最大 {error:.4f}）。",
            f"{drawn} draws: every standard error is below {wanted} (the largest {error:.4f}).",
        )
    return Text(
        f"抽样 {drawn} 次（上限）后最大标准误为 {error:.4f}，未达到 {wanted}；可加大 draws=。",
        f"after {drawn} draws (the limit) the largest standard error is {error:.4f}, not below "
        f"{wanted}; raise draws=.",
    )
