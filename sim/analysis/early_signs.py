"""Early signs: what seen by when tells worlds that will miss a target from those that will not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sim.analysis.attainment import standard_error
from sim.analysis.evidence import Floats
from sim.analysis.measure import attained, quantity
from sim.ensemble.target import Target

RARE = 0.02
"""Where fewer than this share of worlds attain, or miss, there is nothing to tell apart."""
WORTH = 0.3
"""Below this skill a sign tells too little to be named."""
EARLY = 0.8
"""A sign of an earlier year is named too where it has this share of the surest one's skill: it
leaves time to act."""


@dataclass(frozen=True)
class Sign:
    """ "If `variable` in `year` is on the wrong side of `threshold`, the odds are …".

    `above`: whether values above the threshold speak for attainment. `if_good`, `if_bad`: the
    probability of attainment on either side. `missed_alarms`: of the worlds that fail, the share
    on the good side; `false_alarms`: of those that attain, the share on the bad side. `error_good`,
    `error_bad`: standard errors of the two probabilities (Agresti, Coull 1998,
    10.1080/00031305.1998.10480550), of `members` independent worlds in all. `kind`: "surest", the
    one that tells best, or "earliest", one that tells nearly as much some years before it.
    """

    target: str
    variable: str
    year: float
    threshold: float
    above: bool
    if_good: float
    if_bad: float
    missed_alarms: float
    false_alarms: float
    error_good: float = float("nan")
    error_bad: float = float("nan")
    members: int = 0
    kind: str = "surest"

    @property
    def skill(self) -> float:
        """1 less both error rates (Youden 1950): 1 tells without error, 0 tells nothing."""
        return 1.0 - self.missed_alarms - self.false_alarms


def early_signs(
    runs: xr.Dataset,
    targets: Sequence[Target],
    variables: Sequence[str],
    years: Iterable[float],
    independent: float = 1.0,
) -> list[Sign]:
    """For every target the sign that tells failing from attaining worlds best, and before it an
    earlier one that is nearly as good; among its own variable and `variables` in those of `years`
    that lie before the target's. None where almost all worlds attain, or almost none, or where no
    sign is worth naming.

    The threshold is the one that makes the two error rates smallest together, of the first
    scenario's worlds; half of them find it, the other half says how often it errs. `independent`
    is the share of worlds that count as independent ones in standard errors.
    """
    finite = runs["finite"].isel(scenario=0).values
    signs: list[Sign] = []
    columns = {
        (name, year): runs[name].isel(scenario=0).sel(time=year).values[finite]
        for name in dict.fromkeys([*variables, *(target.variable for target in targets)])
        for year in years
    }
    common = set(variables)
    for target in targets:
        met = attained(quantity(runs, target).values[0], target)[finite]
        if not RARE < met.mean() < 1 - RARE:
            continue
        found = [
            _sign(target.name, name, year, values, met, independent)
            for (name, year), values in columns.items()
            if year < target.year
            and (name in common or name == target.variable)
            and np.ptp(values) > 0
        ]
        signs += _worth_naming(found)
    return signs


def _worth_naming(found: Sequence[Sign]) -> list[Sign]:
    """The earliest sign that is nearly as good as the surest, if it is of another year, and the
    surest; none if that is worth little."""
    found = [sign for sign in found if np.isfinite(sign.skill)]  # few draws may lack one outcome
    surest = max(found, key=lambda sign: (sign.skill, -sign.year), default=None)
    if surest is None or surest.skill < WORTH:
        return []
    good = [sign for sign in found if sign.skill >= EARLY * surest.skill]
    earliest = min(good, key=lambda sign: (sign.year, -sign.skill))
    early = [replace(earliest, kind="earliest")] if earliest.year < surest.year else []
    return [*early, surest]


def _sign(
    target: str,
    name: str,
    year: float,
    values: Floats,
    met: NDArray[np.bool_],
    independent: float,
) -> Sign:
    threshold, above = best_threshold(values[::2], met[::2])
    held, outcome = values[1::2], met[1::2]
    good = held >= threshold if above else held <= threshold
    return Sign(
        target,
        name,
        year,
        threshold,
        above,
        if_good=_share(outcome[good]),
        if_bad=_share(outcome[~good]),
        missed_alarms=_share(good[~outcome]),
        false_alarms=_share(~good[outcome]),
        error_good=standard_error(_share(outcome[good]), good.sum() * independent),
        error_bad=standard_error(_share(outcome[~good]), (~good).sum() * independent),
        members=round(len(outcome) * independent),
    )


def best_threshold(values: Floats, met: NDArray[np.bool_]) -> tuple[float, bool]:
    """The threshold that best tells the two kinds apart, and whether those above it attain."""
    order = np.argsort(values, kind="stable")
    ordered, outcome = values[order], met[order]
    attaining = np.cumsum(outcome) / max(outcome.sum(), 1)
    missing = np.cumsum(~outcome) / max((~outcome).sum(), 1)
    apart = missing - attaining  # at a threshold just above each value
    apart[:-1][ordered[1:] == ordered[:-1]] = 0.0  # no threshold lies between equal values
    apart[-1] = 0.0
    place = int(np.argmax(np.abs(apart)))
    above = bool(apart[place] > 0)
    middle = (ordered[place] + ordered[min(place + 1, len(ordered) - 1)]) / 2
    return float(middle), above


def _share(events: NDArray[np.bool_]) -> float:
    return float(events.mean()) if len(events) else float("nan")
