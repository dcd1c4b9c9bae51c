"""What was known in a year: every path held at its level of that year, nothing later seen."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from sim.ensemble.scenario import Level, Parameter, Scenario, Setting


def held(level: Level, year: float) -> Level:
    """A path as it was known in `year`: from then on it stays where it was."""
    if not isinstance(level, dict):
        return level
    then = float(np.interp(year, list(level), list(level.values())))
    return {**{knot: value for knot, value in level.items() if knot < year}, year: then}


def known_in(
    year: float, table: Mapping[str, Parameter], scenario: Scenario, clocks: Iterable[str] = ()
) -> tuple[dict[str, Parameter], Scenario]:
    """Parameter table and scenario as they would have been written in `year`.

    `clocks` are the parameters that hold the last year of which something is known.
    """
    own = {name: replace(p, value=held(p.value, year)) for name, p in table.items()}
    own |= {name: replace(own[name], value=float(year)) for name in clocks if name in own}

    def settings(group: Mapping[str, Setting]) -> dict[str, Setting]:
        return {name: replace(s, value=held(s.value, year)) for name, s in group.items()}

    levers, assumptions = settings(scenario.levers), settings(scenario.assumptions)
    return own, replace(scenario, levers=levers, assumptions=assumptions)
