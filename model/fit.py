"""How the `estimated` parameters were found: least squares on the county's history, with priors.

    python model/fit.py

Ten constants and the supply mandate of 2016–2022 are moved; each move costs as much as its prior
says, each observation as much as its error says. Starts from the parameter table and prints the
residuals, in errors, and how far, in prior standard deviations, the best fit lies from the table:
close to zero, the table is the best fit. Observations are those of docs/sources/history.csv and
no later than 2022.
"""

import numpy as np
from scipy.optimize import least_squares

from sim import data
from sim.engine.cache import load_model
from sim.engine.compile import compile_model
from sim.engine.integrate import Clock, Series, default_inputs, integrate, varying_of
from sim.ensemble.scenario import read_parameters

LOGARITHM, DIFFERENCE = "log", "abs"
FITTED = {  # how a parameter moves, and the standard deviation of its prior
    "initial_well_peak_rate": (LOGARITHM, 0.12),
    "initial_methane_capacity": (LOGARITHM, 0.10),
    "industry_investment_rate": (DIFFERENCE, 0.06),
    "initial_other_industry": (LOGARITHM, 0.20),
    "base_out_migration_rate": (DIFFERENCE, 0.0018),
    "initial_county_population": (DIFFERENCE, 0.2),
    "initial_services": (DIFFERENCE, 2.0),
    "initial_farm_output": (DIFFERENCE, 0.5),
    "general_tax_share": (LOGARITHM, 0.10),
    "services_demand_elasticity": (DIFFERENCE, 0.12),
}
MANDATE = {2016: 0.86, 2017: 0.95, 2018: 0.99, 2019: 1.04, 2020: 1.12, 2021: 1.17, 2022: 1.24}
"""Prior of the supply mandate: the shape of the province's output (history.csv)."""
MANDATE_SPREAD = 0.04
LEVELS = [  # variable, year, observed, relative error
    ("gdp_nominal", 2017, 189.9, 0.015),
    ("gdp_nominal", 2020, 227.2, 0.012),
    ("gdp_nominal", 2022, 426.8, 0.015),
    ("agriculture_nominal", 2017, 6.3, 0.20),
    ("agriculture_nominal", 2022, 13.3, 0.07),
    ("secondary_nominal", 2022, 358.5, 0.04),
    ("services_nominal", 2022, 55.0, 0.04),
    ("population", 2021, 19.478, 0.003),
    ("population", 2022, 19.388, 0.003),
]
KEPT = (
    *dict.fromkeys(variable for variable, *_ in LEVELS),
    *("mean_real_growth_since_2015", "non_coal_industry_share", "own_revenue"),
    "methane_value_added_nominal",
)


class Fit:
    """The model as a function from moves, in prior standard deviations, to residuals."""

    def __init__(self) -> None:
        self.model = load_model(data.model_file())
        self.table = read_parameters(data.sector_folder())
        self.years = list(MANDATE)
        self.size = len(FITTED) + len(MANDATE)

    def inputs(self, moves: np.ndarray) -> dict:
        """The model's inputs for moves of shape (size, members)."""
        found = {}
        for (name, (kind, spread)), move in zip(FITTED.items(), moves, strict=False):
            value = self.table[name].value
            found[name] = (
                value * np.exp(spread * move) if kind == LOGARITHM else value + spread * move
            )
        path = dict(self.table["coal_supply_mandate"].value)
        columns = {year: np.full(moves.shape[1], level) for year, level in path.items()}
        for year, move in zip(self.years, moves[len(FITTED) :], strict=True):
            columns[float(year)] = MANDATE[year] + MANDATE_SPREAD * move
        found["coal_supply_mandate"] = Series(
            np.array(list(columns)), np.array(list(columns.values()))
        )
        return found

    def residuals(self, moves: np.ndarray) -> np.ndarray:
        """What is off, in errors, then the moves themselves: (observations + size, members)."""
        changed = self.inputs(moves)
        system = compile_model(self.model, varying_of(changed), KEPT)
        inputs = {**default_inputs(self.model, system.inputs), **changed}
        saved = integrate(system, inputs, Clock(2015.0, 0.125, 56, 8), moves.shape[1])
        run = dict(zip(KEPT, saved, strict=True))

        def at(name: str, year: int) -> np.ndarray:
            return run[name][year - 2015]

        off = [(at(name, year) / seen - 1) / error for name, year, seen, error in LEVELS]
        share, revenue = "non_coal_industry_share", "own_revenue"
        methane = "methane_value_added_nominal"
        off += [
            (at("mean_real_growth_since_2015", 2020) - 0.05) / 0.003,
            (at(share, 2020) - at(share, 2015) - 0.076) / 0.02,
            ((at(revenue, 2020) / at(revenue, 2015)) ** 0.2 - 1.08) / 0.015,
            (at(methane, 2020) / at(methane, 2015) - 1.94) / 0.4,  # 1.44 or 2.44: ambiguous
        ]
        return np.concatenate([off, moves])

    def slopes(self, move: np.ndarray) -> np.ndarray:
        """The Jacobian by central differences, all members at once."""
        h = 1e-3
        around = move[:, None] + h * np.concatenate([np.eye(self.size), -np.eye(self.size)], axis=1)
        found = self.residuals(around)
        return (found[:, : self.size] - found[:, self.size :]) / (2 * h)

    def start(self) -> np.ndarray:
        """The table itself, as moves."""
        path = self.table["coal_supply_mandate"].value
        mandate = [
            (path.get(float(y), MANDATE[y]) - MANDATE[y]) / MANDATE_SPREAD for y in self.years
        ]
        return np.concatenate([np.zeros(len(FITTED)), mandate])


def main() -> None:
    fit = Fit()
    start = fit.start()
    best = least_squares(lambda x: fit.residuals(x[:, None])[:, 0], start, fit.slopes)
    off = fit.residuals(np.stack([start, best.x], axis=1))[: -fit.size]
    labels = [f"{name} {year}" for name, year, *_ in LEVELS]
    labels += [
        "real growth 2016-20",
        "non-coal share 2015-20",
        "own revenue 2016-20",
        "methane 2015-20",
    ]
    print(f"{'residual, in errors':34} {'table':>8} {'best':>8}")
    for label, (table, found) in zip(labels, off, strict=True):
        print(f"{label:34} {table:8.2f} {found:8.2f}")
    print(f"\n{'parameter':34} {'table':>8} {'best':>8}")
    changed = fit.inputs(best.x[:, None])
    for name in FITTED:
        print(f"{name:34} {fit.table[name].value:8.4g} {float(changed[name][0]):8.4g}")
    for place, year in enumerate(fit.years):
        level = fit.table["coal_supply_mandate"].value.get(float(year), np.nan)
        found = MANDATE[year] + MANDATE_SPREAD * best.x[len(FITTED) + place]
        print(f"coal_supply_mandate {year:<14} {level:8.4g} {found:8.4g}")


if __name__ == "__main__":
    main()
