"""Elementary effects: how far an output moves when one factor alone goes through its range.

Morris (1991), 10.1080/00401706.1991.10484804, with mu* of Campolongo, Cariboni, Saltelli (2007),
10.1016/j.envsoft.2006.10.004. SALib makes the trajectories and the effects.
"""

from typing import Any

import numpy as np

from sim.analysis.sensitivity.estimate import RESAMPLES, Estimate, Floats
from sim.analysis.sensitivity.groups import Groups
from sim.ensemble.design import Design, array_design

LEVELS = 4
RANGE = (0.01, 0.99)
"""A factor goes from its 1 % to its 99 % quantile: the ends of a normal one are infinite."""


def design(columns: int, groups: Groups, base: int, seed: int) -> Design:
    """`base` trajectories of one step per group."""
    from SALib.sample import morris

    return array_design(morris.sample(_problem(columns, groups), base, LEVELS, seed=seed))


def indices(points: Floats, outputs: Floats, groups: Groups, seed: int) -> dict[str, Estimate]:
    """`mu_star`, `mu` and `sigma`, in the unit of the output: (group, output).

    The mean, signed and unsigned, and the spread of the change of the output when the factor
    goes from its 1 % to its 99 % quantile. A trajectory with a failed member is left out.
    """
    from SALib.analyze import morris

    steps, columns = len(groups) + 1, points.shape[1]
    walks = outputs.reshape(-1, steps, outputs.shape[1])
    sound = np.repeat(np.isfinite(walks).all(axis=(1, 2)), steps)
    problem = _problem(columns, groups)
    names = list(groups)
    found: dict[str, list[Any]] = {"mu_star": [], "mu": [], "sigma": [], "conf": []}
    for column in outputs[sound].T:
        # seed 0 is a seed, and SALib hands what it gets to default_rng
        one = morris.analyze(
            problem, points[sound], column, num_resamples=RESAMPLES, num_levels=LEVELS, seed=seed
        )
        order = [list(one["names"]).index(name) for name in names]
        for key in found:
            source = "mu_star_conf" if key == "conf" else key
            found[key].append(np.asarray(one[source], dtype=float)[order])
    table = {key: np.array(rows).T for key, rows in found.items()}
    count = sound.sum() // steps
    spread = table["sigma"] / np.sqrt(count) * 1.96
    return {
        "mu_star": Estimate(table["mu_star"], table["conf"]),
        "mu": Estimate(table["mu"], spread),
        "sigma": Estimate(table["sigma"], np.full_like(spread, np.nan)),
    }


def _problem(columns: int, groups: Groups) -> dict[str, Any]:
    names = [""] * columns
    for name, own in groups.items():
        for column in own:
            names[column] = name
    problem: dict[str, Any] = {
        "num_vars": columns,
        "names": [f"x{column}" for column in range(columns)],
        "bounds": [list(RANGE)] * columns,
        "groups": names,
    }
    return problem
