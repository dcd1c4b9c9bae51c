"""How good forecasts would have been: knowledge frozen in a year, what came after scored."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.analysis.evidence import Evidence, Floats
from sim.analysis.skill import brier, crps, inside
from sim.ensemble.observations import Observation

EVENTS = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5)
"""Target-like events: that a figure reaches these multiples of the last one known."""
STATED = ((0.0, 0.1), (0.1, 0.3), (0.3, 0.7), (0.7, 0.9), (0.9, 1.0))
"""Bands of stated probabilities in which it is counted how often events came true."""


@dataclass(frozen=True)
class Forecast:
    """One figure forecast from the knowledge of `frozen`, and what came.

    Errors and CRPS are shares of the observed. `last` and `growth` are the errors of the naive
    forecasts (the last figure known; that, grown as between the last two), NaN where too few were
    known. `events`: the stated probability of each event, and whether it happened.
    """

    frozen: float
    name: str
    observed: float
    median: float
    p05: float
    p95: float
    inside_half: bool
    inside_ninety: bool
    crps: float
    last: float
    growth: float
    events: tuple[tuple[float, bool], ...]

    @property
    def error(self) -> float:
        """The median's error, as a share of the observed."""
        return self.median / self.observed - 1.0


def scored(
    frozen: float,
    evidence: Evidence,
    observations: Sequence[Observation],
    shown: Floats,
    noise: Floats,
) -> list[Forecast]:
    """The forecasts of all observations after `frozen`.

    shown: (observations, members), what the worlds show; noise: likewise, standard normal. The
    error of measurement is part of a forecast of what will be published.
    """
    errors = np.sqrt(np.diag(evidence.covariance))
    later = [place for place, one in enumerate(observations) if one.year > frozen]
    return [
        _forecast(
            frozen,
            evidence.names[place],
            float(evidence.values[place]),
            shown[place] + errors[place] * noise[place],
            _known(place, observations, evidence, frozen),
        )
        for place in later
    ]


def _known(
    place: int, observations: Sequence[Observation], evidence: Evidence, frozen: float
) -> list[tuple[float, float]]:
    """Year and value of the earlier figures of the same kind, in order of the years."""
    one = observations[place]
    return sorted(
        (other.year, float(evidence.values[number]))
        for number, other in enumerate(observations)
        if (other.variable, other.measure) == (one.variable, one.measure) and other.year <= frozen
    )


def _forecast(
    frozen: float, name: str, observed: float, seen: Floats, known: list[tuple[float, float]]
) -> Forecast:
    seen = seen[np.isfinite(seen)]
    low, median, high = np.quantile(seen, (0.05, 0.5, 0.95))
    year = float(name.split()[1])
    last, growth = naive(known, year)
    events = tuple(
        (float(np.mean(seen >= times * last)), observed >= times * last)
        for times in EVENTS
        if np.isfinite(last)
    )
    return Forecast(
        frozen=frozen,
        name=name,
        observed=observed,
        median=float(median),
        p05=float(low),
        p95=float(high),
        inside_half=inside(seen, observed, 0.5),
        inside_ninety=inside(seen, observed, 0.9),
        crps=crps(seen, observed) / abs(observed),
        last=abs(last / observed - 1.0),
        growth=abs(growth / observed - 1.0),
        events=events,
    )


def naive(known: Sequence[tuple[float, float]], year: float) -> tuple[float, float]:
    """The last figure known, and that grown to `year` as between the last two; NaN for want of
    figures."""
    if not known:
        return float("nan"), float("nan")
    then, last = known[-1]
    if len(known) < 2 or known[-2][1] <= 0 or last <= 0:
        return last, float("nan")
    before, value = known[-2]
    return last, float(last * (last / value) ** ((year - then) / (then - before)))


@dataclass(frozen=True)
class Skill:
    """What all forecasts say together: counts, and means where both sides are there.

    `crps` and `last`, `growth` are means over the same forecasts, pairwise: `crps_beside_last`
    is the model's over those that have a last figure. `reliability`: stated from, to, how many
    events, how many came true.
    """

    forecasts: int
    inside_half: int
    inside_ninety: int
    error: float
    crps: float
    with_last: int
    crps_beside_last: float
    last: float
    with_growth: int
    crps_beside_growth: float
    growth: float
    events: int
    brier: float
    reliability: tuple[tuple[float, float, int, int], ...]


def skill(found: Sequence[Forecast]) -> Skill:
    """The skill of forecasts; NaN where there is nothing to average."""
    lasting = [one for one in found if np.isfinite(one.last)]
    growing = [one for one in found if np.isfinite(one.growth)]
    events = [event for one in found for event in one.events]
    stated = np.array([probability for probability, _ in events])
    happened = np.array([float(true) for _, true in events])
    return Skill(
        forecasts=len(found),
        inside_half=sum(one.inside_half for one in found),
        inside_ninety=sum(one.inside_ninety for one in found),
        error=_mean([abs(one.error) for one in found]),
        crps=_mean([one.crps for one in found]),
        with_last=len(lasting),
        crps_beside_last=_mean([one.crps for one in lasting]),
        last=_mean([one.last for one in lasting]),
        with_growth=len(growing),
        crps_beside_growth=_mean([one.crps for one in growing]),
        growth=_mean([one.growth for one in growing]),
        events=len(events),
        brier=brier(stated, happened) if events else float("nan"),
        reliability=tuple(
            (low, high, int(own.sum()), int(happened[own].sum()))
            for low, high in STATED
            for own in [(stated >= low) & ((stated < high) | (high == 1.0))]
        )
        if events
        else (),
    )


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else float("nan")
