"""What was known in a year: paths held at their level of that year, or carried on along their
trend until then; nothing later seen."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

import numpy as np

from sim.ensemble.scenario import Level, Parameter, Scenario, Setting


def held(level: Level, year: float) -> Level:
    """A path as it was known in `year`: from then on it stays where it was."""
    if not isinstance(level, dict):
        return level
    then = float(np.interp(year, list(level), list(level.values())))
    return {**{knot: value for knot, value in level.items() if knot < year}, year: then}


def carried_on(level: Level, year: float) -> Level:
    """A path as it was known in `year`: it grows on as it did, on average, until then.

    Held where `year` is not after its first, or where it is not above zero.
    """
    known = held(level, year)
    if not isinstance(level, dict) or not isinstance(known, dict) or len(known) < 2:
        return known
    (first, low), (last, high) = min(known.items()), max(known.items())
    if low <= 0 or high <= 0:
        return known
    growth = (high / low) ** (1 / (last - first))
    until = int(max(level))
    years = range(int(year) + 1, until + 1)  # a knot a year: growth compounds
    return known | {float(later): high * growth ** (later - year) for later in years}


def known_in(
    year: float,
    table: Mapping[str, Parameter],
    scenario: Scenario,
    clocks: Iterable[str] = (),
    trends: Collection[str] = (),
) -> tuple[dict[str, Parameter], Scenario]:
    """Parameter table and scenario as they would have been written in `year`.

    `clocks` are the parameters that hold the last year of which something is known; `trends` the
    paths of which nobody expects that they stand still: they are carried on, all others held.
    """
    own = {
        name: replace(p, value=(carried_on if name in trends else held)(p.value, year))
        for name, p in table.items()
    }
    own |= {name: replace(own[name], value=float(year)) for name in clocks if name in own}

    def settings(group: Mapping[str, Setting]) -> dict[str, Setting]:
        return {name: replace(s, value=held(s.value, year)) for name, s in group.items()}

    levers, assumptions = settings(scenario.levers), settings(scenario.assumptions)
    return own, replace(scenario, levers=levers, assumptions=assumptions)
