"""How prices wander from their paths: the process that runs and back-tests share, estimated from
past prices, and held against them.

From the last known year T on a price is its path times exp(x + l). x is an Ornstein-Uhlenbeck
process from x(T) = 0, with a volatility σ (in a year, before reversion) and a reversion time τ:
Var x(T + k) = σ² τ/2 (1 - exp(-2k/τ)). l is an uncertain level, phased in, where the model has one.
What belongs to the price `p` is found by its name: `p_volatility`, `p_reversion_time`,
`future_p_level`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.hindsight import Foresight
from sim.ensemble.inputs import Z95, at_years, quantiles
from sim.ensemble.observations import Observation, read_observations
from sim.ensemble.sampling import generator, uniforms
from sim.ensemble.scenario import Parameter

Floats = NDArray[np.float64]
Table = Mapping[str, Parameter]

VOLATILITY, REVERSION = (0.08, 0.5), (1.5, 12.0)
"""What is believed of σ and τ (years) before any price is seen: 5 and 95 % of lognormals. Prices of
fuels move by 8 to 50 % in a year, and revert in years rather than months or generations: Schwartz
(1997), 10.1111/j.1540-6261.1997.tb02721.x; Pindyck (1999), Energy Journal 20 (2), 1-27."""
PHASE_IN = "future_phase_in_time"
GRID = 240
SPANS = (1, 2, 3, 5)
"""Over how many years changes of a price are held against the process."""
LEAST = 3
"""Years that have to be known before anything is forecast, as in the first back-test."""
MEMBERS = 20_000


def read_prices(file: Path) -> list[Observation]:
    """Prices from before the paths of a model begin; none where there is no file of them."""
    return read_observations(file, errors={"": 0.05}) if file.is_file() else []


def history_of(
    table: Table, name: str, earlier: Iterable[Observation], until: float
) -> dict[int, float]:
    """The yearly prices known in `until`: those of the path, and `earlier` ones of another series,
    which is scaled to meet the path in its first year. None where there is no such path.

    Years that nobody observed are no prices: between two of them nothing wanders.
    """
    path = table[name].value if name in table else 0.0
    if not isinstance(path, dict):
        return {}
    first = min(path)
    observed = path.keys() - set(table[name].unobserved)
    own = {int(year): path[year] for year in sorted(observed) if year <= until}
    before = {one.year: one.value for one in earlier if one.variable == name}
    if first not in before:
        return own
    scale = path[first] / before[first]
    return {int(year): scale * before[year] for year in sorted(before) if year < first} | own


def estimated(known: Mapping[int, float]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The distributions of volatility and reversion time, by Bayes from yearly prices.

    On a grid, the mean integrated out (restricted likelihood: Harville 1974,
    10.1093/biomet/61.2.383); lognormals between the 5 and 95 % of the posterior.
    """
    volatility, reversion = np.geomspace(0.02, 1.5, GRID), np.geomspace(0.3, 80, GRID)
    years, logs = np.array(list(known), dtype=float), np.log(list(known.values()))
    log_density = np.stack([_likelihood(years, logs, volatility, time) for time in reversion], 1)
    log_density += _log_prior(volatility, *VOLATILITY)[:, None] + _log_prior(reversion, *REVERSION)
    weights = np.exp(log_density - log_density.max())
    return _lognormal(volatility, weights.sum(1)), _lognormal(reversion, weights.sum(0))


def _likelihood(years: Floats, logs: Floats, volatility: Floats, time: float) -> Floats:
    """The restricted log likelihood of a stationary process at each volatility."""
    shape = time / 2 * np.exp(-np.abs(years[:, None] - years) / time)
    inverse = np.linalg.inv(shape)
    precision = inverse.sum()
    rest = logs - inverse.sum(0) @ logs / precision
    constant = np.linalg.slogdet(shape)[1] + np.log(precision)
    squares = rest @ inverse @ rest / volatility**2
    return np.asarray(-0.5 * (constant + squares) - (len(years) - 1) * np.log(volatility))


def _log_prior(values: Floats, low: float, high: float) -> Floats:
    middle, spread = np.log(low * high) / 2, np.log(high / low) / (2 * Z95)
    return np.asarray(-0.5 * ((np.log(values) - middle) / spread) ** 2)


def _lognormal(values: Floats, weights: Floats) -> dict[str, Any]:
    below = (np.cumsum(weights) - weights / 2) / weights.sum()
    low, high = np.exp(np.interp((0.05, 0.95), below, np.log(values)))
    return {"kind": "lognormal", "p5": float(f"{low:.3g}"), "p95": float(f"{high:.3g}")}


def with_process(table: Table, name: str, known: Mapping[int, float]) -> dict[str, Parameter]:
    """The table with the process of the price `name` as it is estimated from the `known` prices.

    Unchanged where the model has no such process, or a user has fixed it.
    """
    own = process_of(name)
    if not all(one in table and table[one].distribution for one in own):
        return dict(table)
    found = dict(table)
    for one, distribution in zip(own, estimated(known), strict=True):
        middle = float(np.sqrt(distribution["p5"] * distribution["p95"]))
        found[one] = replace(table[one], value=middle, distribution=distribution)
    return found


def process_of(name: str) -> tuple[str, str]:
    """The parameters of the process of a price: volatility, reversion time."""
    return f"{name}_volatility", f"{name}_reversion_time"


def deviations(name: str, table: Table, span: float, seed: int) -> Floats:
    """What the process adds to the logarithm of the price `name` after `span` years: (members,)."""
    volatility, time, level = (
        _drawn(table, part, seed) for part in (*process_of(name), f"future_{name}_level")
    )
    spread = volatility * np.sqrt(time / 2 * (1 - np.exp(-2 * span / time)))
    wandered = spread * generator(seed, f"deviation of {name}").standard_normal(MEMBERS)
    phased_in = np.minimum(1.0, span / _drawn(table, PHASE_IN, seed))
    return np.asarray(wandered + np.log(1 + (level - 1) * phased_in))


def _drawn(table: Table, name: str, seed: int) -> Floats:
    """A parameter's value in each member; one where the table has none."""
    one = table.get(name)
    if one is None or isinstance(one.value, dict):
        return np.ones(MEMBERS)
    if one.distribution is None:
        return np.full(MEMBERS, one.value)
    return quantiles(one, uniforms([name], MEMBERS, seed, "lhs")[name])


@dataclass(frozen=True)
class PriceForecast:
    """A price forecast from what was `known` up to a year, and what came.

    `farther`: how probable the process made a price as far from the median, or farther, on the
    side on which it came.
    """

    price: str
    known: int
    year: int
    observed: float
    p05: float
    median: float
    p95: float
    farther: float

    @property
    def inside(self) -> bool:
        """Whether the 90 % band holds the price."""
        return self.p05 <= self.observed <= self.p95


def forecasts(
    prices: Sequence[str],
    reverting: Collection[str],
    table: Table,
    earlier: Sequence[Observation],
    until: float,
    seed: int,
) -> list[PriceForecast]:
    """Each price from each year over each of SPANS, forecast as a back-test does: process and path
    from nothing but the prices known in that year."""
    found = []
    for name in prices:
        history = history_of(table, name, earlier, until)
        if not all(one in table for one in process_of(name)):
            continue
        foresight = Foresight(reverting=reverting, histories={name: history})
        for year in list(history)[LEAST - 1 :]:
            then = with_process(table, name, {y: v for y, v in history.items() if y <= year})
            then[name] = replace(then[name], value={float(y): v for y, v in history.items()})
            path = foresight.path(name, then, year)
            for later in [year + span for span in SPANS if year + span in history]:
                spread = deviations(name, then, later - year, seed)
                middle = float(at_years(path, np.array(later)))
                found.append(_forecast(name, year, later, history[later], middle, spread))
    return found


def _forecast(
    name: str, known: int, year: int, observed: float, path: float, spread: Floats
) -> PriceForecast:
    low, median, high = path * np.exp(np.quantile(spread, (0.05, 0.5, 0.95)))
    above = float(np.mean(path * np.exp(spread) >= observed))
    farther = above if observed >= median else 1 - above
    return PriceForecast(name, known, year, observed, low, median, high, farther)
