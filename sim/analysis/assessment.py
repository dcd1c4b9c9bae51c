"""What new observations do to the odds: the worlds that explain them count more.

Importance weighting: draws of the ensemble are kept, and each is given the likelihood of what was
observed in it as its weight.
"""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from sim.analysis.evidence import Floats
from sim.analysis.measure import attained, quantity
from sim.analysis.particles import effective_size, normalised
from sim.analysis.skill import quantiles
from sim.ensemble.target import Target
from sim.text import Text

ENOUGH = 400
"""Equal draws that the weighted ones must be worth: a probability then has a standard error of at
most 2.5 points. Below it the ensemble is calibrated anew."""

WELL, SLOW = 0.7, 0.3
"""From which probability on a target is said to go well, and below which to lag."""
VERDICTS = {
    "well": Text("进展顺利", "on track"),
    "expected": Text("基本符合预期", "broadly as expected"),
    "slow": Text("滞后", "lagging"),
}


def weights_of(log_likelihood: Floats) -> Floats:
    """The weight of every draw, adding up to 1; draws that are impossible have none."""
    possible = np.isfinite(log_likelihood)
    return normalised(np.where(possible, log_likelihood, -1e300))


def verdict(probability: float) -> str:
    """A word of `VERDICTS` for a probability of attainment."""
    if probability >= WELL:
        return "well"
    return "slow" if probability < SLOW else "expected"


def reassessed(runs: xr.Dataset, targets: Sequence[Target], weights: Floats) -> xr.Dataset:
    """Every target's probability, median and band before and after weighting the draws.

    Dims (target, when) with when = before, after; of the first scenario. `standard_error` is that
    of a weighted mean (self-normalised importance sampling: Owen 2013, Monte Carlo theory, methods
    and examples, 9.2); `change` and its error are of the same draws before and after.
    """
    finite = runs["finite"].isel(scenario=0).values
    both = {"before": np.full(finite.sum(), 1.0 / finite.sum()), "after": weights[finite]}
    both["after"] = both["after"] / both["after"].sum()
    rows = [_row(runs, target, finite, both) for target in targets]
    dims = ("target", "when")
    columns = {
        name: (dims, [[row[when][name] for when in both] for row in rows])
        for name in ("probability", "standard_error", "median", "p05", "p95")
    }
    change = [[row["change"][name] for row in rows] for name in ("change", "error")]
    return xr.Dataset(
        columns | {"change": ("target", change[0]), "change_standard_error": ("target", change[1])},
        coords={"target": [target.name for target in targets], "when": list(both)},
        attrs={"effective_draws": effective_size(both["after"]), "draws": int(finite.sum())},
    )


def _row(
    runs: xr.Dataset,
    target: Target,
    finite: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
    both: dict[str, Floats],
) -> dict[str, dict[str, float]]:
    values = quantity(runs, target).isel(scenario=0)
    met = attained(values.values, target)[finite].astype(float)
    drawn = values.values[finite]
    row: dict[str, dict[str, float]] = {}
    for when, weights in both.items():
        share = float(weights @ met)
        low, middle, high = quantiles(drawn, (0.05, 0.5, 0.95), weights)
        error = float(np.sqrt(np.sum(weights**2 * (met - share) ** 2)))
        row[when] = {
            "probability": share,
            "standard_error": max(error, _least_error(weights)),
            "median": float(middle),
            "p05": float(low),
            "p95": float(high),
        }
    shift = both["after"] * (met - row["after"]["probability"])
    shift = shift - both["before"] * (met - row["before"]["probability"])
    difference = row["after"]["probability"] - row["before"]["probability"]
    row["change"] = {"change": difference, "error": float(np.sqrt(np.sum(shift**2)))}
    return row


def _least_error(weights: Floats) -> float:
    """The error of a share of which all or none of the draws are: as in `attainment`, two
    successes and two failures are added (Agresti, Coull 1998)."""
    size = effective_size(weights)
    share = 2.0 / (size + 4.0)
    return float(np.sqrt(share * (1 - share) / (size + 4.0)))


def beliefs(inputs: xr.Dataset, weights: Floats) -> xr.Dataset:
    """How the belief in each drawn parameter moved, strongest first.

    Dims (parameter): mean before and after; `shift`, in standard deviations of before; `narrowed`,
    the standard deviation after over that before (above 0.8 the data say next to nothing).
    """
    drawn = {
        str(name): column.isel(scenario=0, missing_dims="ignore").values
        for name, column in inputs.data_vars.items()
        if "draw" in column.dims and "step" not in column.dims and "year" not in column.dims
    }
    rows = {name: _moved(values, weights) for name, values in drawn.items()}
    order = sorted(rows, key=lambda name: -abs(rows[name]["shift"]))
    names = ("before", "after", "shift", "narrowed")
    table = {name: ("parameter", [rows[one][name] for one in order]) for name in names}
    labels = {
        f"{key}": ("parameter", [str(inputs[name].attrs.get(key, "")) for name in order])
        for key in ("units", "label_zh", "label_en", "role", "sector")
    }
    return xr.Dataset(table | labels, coords={"parameter": order})


def _moved(values: Floats, weights: Floats) -> dict[str, float]:
    before, spread = float(values.mean()), float(values.std())
    after = float(weights @ values)
    spread_after = float(np.sqrt(weights @ (values - after) ** 2))
    return {
        "before": before,
        "after": after,
        "shift": (after - before) / spread if spread > 0 else 0.0,
        "narrowed": spread_after / spread if spread > 0 else 1.0,
    }


def required(start: float, since: float, target: Target, year: float) -> float:
    """What a straight path from `start` in `since` to the target asks for in `year`."""
    share = (year - since) / (target.year - since)
    return start + (target.value - start) * min(max(share, 0.0), 1.0)
