"""How the `estimated` parameters were found: least squares on the county's history, with priors.

    python model/fit.py

Constants and points of two paths are moved from their priors; a move costs as much as its prior
says, an observation as much as its error says (conf/history; none later than 2022). Priors stand
here, before any fit, so that a fit never starts from an earlier one. What is uncertain and not
fitted stands at its median, in the middle of the ensemble. Prints the residuals in
errors, then each parameter: prior, what the table has, best fit, and the standard deviation that
the data leave over that of the prior: near 1, the data say nothing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from sim import data
from sim.analysis.history import unit_of
from sim.engine.cache import load_model
from sim.engine.compile import compile_model
from sim.engine.integrate import Clock, Series, default_inputs, integrate, varying_of
from sim.engine.units import factor
from sim.ensemble.inputs import quantiles
from sim.ensemble.observations import Observation, read_history
from sim.ensemble.scenario import read_parameters

Floats = NDArray[np.float64]

LOGARITHM, DIFFERENCE = "log", "abs"


@dataclass(frozen=True)
class Prior:
    """What was believed before the fit: its centre, and its standard deviation in its form."""

    centre: float
    spread: float
    form: str = DIFFERENCE

    def at(self, move: Floats) -> Floats:
        """The value that lies `move` standard deviations from the centre."""
        if self.form == LOGARITHM:
            return self.centre * np.exp(self.spread * move)
        return self.centre + self.spread * move

    def move(self, value: float) -> float:
        """How many standard deviations a value lies from the centre."""
        apart = np.log(value / self.centre) if self.form == LOGARITHM else value - self.centre
        return float(apart / self.spread)


PRIORS = {  # reasons and sources: conf/sector/*.yaml
    "initial_well_peak_rate": Prior(0.0135, 0.35, LOGARITHM),
    "initial_methane_capacity": Prior(15.0, 0.21, LOGARITHM),
    "initial_other_industry": Prior(12.0, 0.25, LOGARITHM),
    "industry_investment_rate": Prior(0.27, 0.05),
    "base_graduation_rate": Prior(0.03, 0.35, LOGARITHM),
    "certification_rate": Prior(0.036, 0.30, LOGARITHM),
    "initial_services": Prior(36.5, 2.0),
    "services_demand_elasticity": Prior(1.2, 0.2),
    "labour_share_growth": Prior(0.012, 0.006),
    "general_tax_share": Prior(0.065, 0.25, LOGARITHM),
    "initial_farm_output": Prior(7.4, 0.5),
    "initial_county_population": Prior(19.95, 0.2),
    "base_out_migration_rate": Prior(0.0155, 0.002),
}
MANDATE = {2016: 0.86, 2017: 0.95, 2018: 0.99, 2019: 1.04, 2020: 1.12, 2021: 1.17, 2022: 1.24}
"""The shape of the province's coal output (history.csv)."""
PATHS = [  # which points of a path move together, and their prior
    *(("coal_supply_mandate", (year,), Prior(level, 0.04)) for year, level in MANDATE.items()),
    ("speciality_growth", (2015, 2017), Prior(0.055, 0.015)),
    ("speciality_growth", (2018, 2022), Prior(0.08, 0.03)),
]
ELSEWHERE = ("birth_rate",)
"""Observed of the province: compared, but nothing is fitted to it."""
FIRST, LAST = 2015, 2022


class Fit:
    """The model as a function from moves, in prior standard deviations, to residuals."""

    def __init__(self) -> None:
        self.model = load_model(data.model_file())
        self.table = read_parameters(data.sector_folder())
        self.medians = {
            name: float(quantiles(one, np.array([0.5]))[0])
            for name, one in self.table.items()
            if one.distribution and one.distribution["kind"] != "noise" and name not in PRIORS
        }
        self.priors = [*PRIORS.values(), *(prior for *_, prior in PATHS)]
        self.size = len(self.priors)
        self.seen = [
            one for one in read_history(data.history_folder()) if one.variable not in ELSEWHERE
        ]
        self.kept = tuple(dict.fromkeys(one.variable for one in self.seen))

    def inputs(self, moves: Floats) -> dict[str, Floats | Series]:
        """The model's inputs for moves of shape (size, members)."""
        values = [prior.at(move) for prior, move in zip(self.priors, moves, strict=True)]
        found: dict[str, Floats | Series] = dict(zip(PRIORS, values, strict=False))
        for path in dict.fromkeys(name for name, *_ in PATHS):
            columns = {y: np.full(moves.shape[1], level) for y, level in self._path(path).items()}
            for (name, years, _), value in zip(PATHS, values[len(PRIORS) :], strict=True):
                columns |= {float(y): value for y in years if name == path}
            rows = np.array(list(columns.values()))
            found[path] = Series(np.array(list(columns)), rows)
        return found

    def _path(self, name: str) -> dict[float, float]:
        value = self.table[name].value
        assert isinstance(value, dict)
        return value

    def residuals(self, moves: Floats) -> Floats:
        """What is off, in errors, then the moves themselves: (observations + size, members)."""
        changed = self.inputs(moves)
        system = compile_model(self.model, varying_of(changed), self.kept)
        inputs = {**default_inputs(self.model, system.inputs), **self.medians, **changed}
        clock = Clock(FIRST, 0.125, 8 * (LAST - FIRST), 8)
        saved = integrate(system, inputs, clock, moves.shape[1])
        run = dict(zip(self.kept, saved, strict=True))
        off = [self._off(run[one.variable], one) for one in self.seen]
        return np.concatenate([np.broadcast_to(off, (len(off), moves.shape[1])), moves])

    def _off(self, values: Floats, one: Observation) -> Floats:
        """Shown less observed, in errors: (members,)."""
        after = values[int(one.year) - FIRST]
        before = after if one.since is None else values[int(one.since) - FIRST]
        shown = {
            "level": lambda: after,
            "change": lambda: after - before,
            "ratio": lambda: after / before,
            "mean_growth": lambda: (after / before) ** (1 / (one.year - (one.since or 0))) - 1,
        }[one.measure]()
        scale = factor(one.unit, unit_of(one, self.model.variables[one.variable].units))
        return np.asarray(shown / scale - one.value) / one.error

    def slopes(self, move: Floats) -> Floats:
        """The Jacobian by central differences, all members at once."""
        h = 1e-3
        around = move[:, None] + h * np.concatenate([np.eye(self.size), -np.eye(self.size)], axis=1)
        found = self.residuals(around)
        return (found[:, : self.size] - found[:, self.size :]) / (2 * h)

    def start(self) -> Floats:
        """The table itself, as moves."""
        values = [float(self.table[name].value) for name in PRIORS]
        values += [self._path(name)[years[0]] for name, years, _ in PATHS]
        return np.array([p.move(value) for p, value in zip(self.priors, values, strict=True)])

    def best(self, start: Floats) -> Floats:
        """The moves that cost least, from `start`."""
        found = least_squares(lambda x: self.residuals(x[:, None])[:, 0], start, self.slopes)
        return np.asarray(found.x)

    def left(self, move: Floats) -> Floats:
        """The standard deviations that the data leave, over those of the priors (Laplace)."""
        slopes = self.slopes(move)
        return np.sqrt(np.diag(np.linalg.inv(slopes.T @ slopes)))


def main() -> None:
    """The fit from the priors, printed beside the table."""
    fit = Fit()
    start, best = fit.start(), fit.best(np.zeros(fit.size))
    moves = np.stack([np.zeros(fit.size), start, best], axis=1)
    print(f"{'residual, in errors':46} {'prior':>8} {'table':>8} {'best':>8}")
    for one, row in zip(fit.seen, fit.residuals(moves), strict=False):
        label = f"{one.variable} {one.measure} {one.year:g}"
        print(f"{label:46}" + "".join(f" {x:8.2f}" for x in row))
    print(f"\n{'parameter':46} {'prior':>8} {'table':>8} {'best':>8} {'sd left':>8}")
    left = fit.left(best)
    names = [*PRIORS, *(f"{name} {years[0]}" for name, years, _ in PATHS)]
    for name, prior, row, share in zip(names, fit.priors, moves, left, strict=True):
        print(f"{name:46}" + "".join(f" {float(x):8.4g}" for x in prior.at(row)) + f" {share:8.2f}")


if __name__ == "__main__":
    main()
