"""What was known in a year, and how paths go on from there; nothing later seen."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from sim.ensemble.inputs import at_years
from sim.ensemble.scenario import Level, Parameter, Scenario, Setting


def held(level: Level, year: float) -> Level:
    """A path as it was known in `year`: from then on it stays where it was."""
    if not isinstance(level, dict):
        return level
    then = float(at_years(level, np.array(year)))
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


def reverted(level: Level, year: float, time: float, history: Mapping[int, float]) -> Level:
    """A path as it was known in `year`: it goes back to the mean of its `history` until then, its
    distance shrinking by e in every `time` (means and distances of logarithms)."""
    known = held(level, year)
    before = [value for then, value in history.items() if then <= year]
    if not isinstance(level, dict) or not isinstance(known, dict) or not before:
        return known
    normal = float(np.exp(np.mean(np.log(before))))
    return known | {
        float(later): normal * (known[year] / normal) ** float(np.exp(-(later - year) / time))
        for later in range(int(year) + 1, int(max(level)) + 1)
    }


def following(level: Level, year: float, leader: Level) -> Level:
    """A path as it was known in `year`: from then on it keeps its ratio to `leader`."""
    known = held(level, year)
    if not isinstance(known, dict) or not isinstance(leader, dict):
        return known
    then = float(at_years(leader, np.array(year)))
    return known | {
        knot: known[year] * value / then for knot, value in leader.items() if knot > year
    }


@dataclass(frozen=True)
class Foresight:
    """How the paths of the parameter table go on from a frozen year; those not named are held.

    `clocks`: parameters that hold the last year of which something is known. `trends`: paths that
    grow on as they did, for nobody expects them to stand still. `reverting`: paths that go back to
    the mean of what is known of them, their `histories`, in the time that the parameter
    `<path>_reversion_time` gives. `following`: paths that keep their ratio to another. `given`:
    what is taken as it came, to see how much of an error is due to not having known it.
    """

    clocks: Collection[str] = ()
    trends: Collection[str] = ()
    reverting: Collection[str] = ()
    following: Mapping[str, str] = field(default_factory=dict)
    histories: Mapping[str, Mapping[int, float]] = field(default_factory=dict)
    given: Collection[str] = ()

    def path(self, name: str, table: Mapping[str, Parameter], year: float) -> Level:
        """The level of a parameter as it would have been written in `year`."""
        level = table[name].value
        time = table.get(f"{name}_reversion_time")
        if name in self.given:
            return level
        if name in self.clocks:
            return float(year)
        if name in self.trends:
            return carried_on(level, year)
        if name in self.reverting and time is not None and not isinstance(time.value, dict):
            return reverted(level, year, time.value, self.histories.get(name, {}))
        if self.following.get(name) in table:
            leader = replace(self, following={}).path(self.following[name], table, year)
            return following(level, year, leader)
        return held(level, year)


def without_doubt(table: Mapping[str, Parameter], given: Collection[str]) -> dict[str, Parameter]:
    """The table in which nothing makes the further course of the `given` paths uncertain: neither
    a level of the future nor a noise."""
    certain = {f"future_{name}_level": 1.0 for name in given}
    certain |= {f"{name}_volatility": 0.0 for name in given}
    return {
        name: replace(one, value=certain[name], distribution=None) if name in certain else one
        for name, one in table.items()
    }


def known_in(
    year: float, table: Mapping[str, Parameter], scenario: Scenario, foresight: Foresight
) -> tuple[dict[str, Parameter], Scenario]:
    """Parameter table and scenario as they would have been written in `year`; what the scenario
    sets is held."""
    own = {name: replace(p, value=foresight.path(name, table, year)) for name, p in table.items()}

    def settings(group: Mapping[str, Setting]) -> dict[str, Setting]:
        return {
            name: s if name in foresight.given else replace(s, value=held(s.value, year))
            for name, s in group.items()
        }

    levers, assumptions = settings(scenario.levers), settings(scenario.assumptions)
    return own, replace(scenario, levers=levers, assumptions=assumptions)
