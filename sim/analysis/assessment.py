"""What new observations do to the odds: the worlds that explain them count more.

Importance weighting: draws of the ensemble are kept, and each is given the likelihood of what was
observed in it as its weight.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim.analysis.attainment import standard_error
from sim.analysis.evidence import Floats
from sim.analysis.judgement import judgement
from sim.analysis.measure import attained, quantity
from sim.analysis.particles import effective_size, normalised
from sim.analysis.skill import quantiles
from sim.ensemble.target import Target


def weights_of(log_likelihood: Floats) -> Floats:
    """The weight of every draw, adding up to 1; draws that are impossible have none."""
    possible = np.isfinite(log_likelihood)
    return normalised(np.where(possible, log_likelihood, -1e300))


def reassessed(
    runs: xr.Dataset,
    targets: Sequence[Target],
    weights: Floats,
    anew: tuple[xr.Dataset, Floats] | None = None,
    independent: float = 1.0,
) -> xr.Dataset:
    """Every target's probability, median and band before and after the observations.

    Dims (target, when) with when = before, after; of the first scenario. After: the draws of
    `runs` with `weights`, or the runs and weights of `anew` where the ensemble was calibrated
    again. `standard_error` is that of a weighted mean (self-normalised importance sampling: Owen
    2013, Monte Carlo theory, methods and examples, 9.2); `change` has the error of the same draws
    before and after, or of two samples. `independent` is the share of the draws of `runs` that
    count as independent ones in errors.
    """
    after_runs, after_weights, sure = (*anew, 1.0) if anew else (runs, weights, independent)
    equal = np.ones(runs.sizes["draw"])
    pairs = [
        (
            _judged(runs, target, equal, independent),
            _judged(after_runs, target, after_weights, sure),
        )
        for target in targets
    ]
    dims = ("target", "when")
    columns = {
        name: (dims, [[getattr(one, name) for one in pair] for pair in pairs])
        for name in ("probability", "standard_error", "median", "p05", "p95")
    }
    changes = [_change(*pair, paired=anew is None) for pair in pairs]
    judgements = [[judgement(one.probability) for one in pair] for pair in pairs]
    return xr.Dataset(
        columns
        | {
            "change": ("target", [change for change, _ in changes]),
            "change_standard_error": ("target", [error for _, error in changes]),
            "judgement": (dims, judgements),
        },
        coords={"target": [target.name for target in targets], "when": ["before", "after"]},
    )


@dataclass(frozen=True)
class _Judged:
    """A target under weighted draws; `shares` are each draw's part in the error."""

    probability: float
    standard_error: float
    median: float
    p05: float
    p95: float
    shares: Floats


def _judged(runs: xr.Dataset, target: Target, weights: Floats, independent: float) -> _Judged:
    finite = runs["finite"].isel(scenario=0).values
    own = weights[finite] / weights[finite].sum()
    values = quantity(runs, target).isel(scenario=0)
    met = attained(values.values, target)[finite].astype(float)
    low, middle, high = quantiles(values.values[finite], (0.05, 0.5, 0.95), own)
    share = float(own @ met)
    shares = own * (met - share) / np.sqrt(independent)
    error = max(float(np.sqrt(np.sum(shares**2))), _least_error(own, independent))
    return _Judged(share, error, float(middle), float(low), float(high), shares)


def _change(before: _Judged, after: _Judged, paired: bool) -> tuple[float, float]:
    """The change of the probability and its error."""
    change = after.probability - before.probability
    if paired:
        return change, float(np.sqrt(np.sum((after.shares - before.shares) ** 2)))
    return change, float(np.hypot(before.standard_error, after.standard_error))


def _least_error(weights: Floats, independent: float) -> float:
    """The error of a share of which all or none of the draws are: as in `attainment`, two
    successes and two failures are added (Agresti, Coull 1998)."""
    return standard_error(0.0, effective_size(weights) * independent)


def beliefs(before: xr.Dataset, after: xr.Dataset, weights: Floats) -> xr.Dataset:
    """How the belief in each drawn parameter moved, most first.

    `before` and `after` are inputs (the same, where draws were weighted), `weights` belong to
    `after`. Dims (parameter): mean before and after; `shift`, in standard deviations of before;
    `narrowed`, the standard deviation after over that before (above 0.8 the data say next to
    nothing).
    """
    own = weights / weights.sum()
    rows = {
        str(name): _moved(_drawn(before, name), _drawn(after, name), own)
        for name in before.data_vars
        if set(before[name].dims) <= {"scenario", "draw"} and "draw" in before[name].dims
    }
    order = sorted(rows, key=lambda name: -abs(rows[name]["shift"]))
    names = ("before", "after", "shift", "narrowed")
    table = {name: ("parameter", [rows[one][name] for one in order]) for name in names}
    labels = {
        key: ("parameter", [str(before[name].attrs.get(key, "")) for name in order])
        for key in ("units", "label_zh", "label_en", "role", "sector")
    }
    return xr.Dataset(table | labels, coords={"parameter": order})


def _drawn(inputs: xr.Dataset, name: Hashable) -> Floats:
    return np.asarray(inputs[name].isel(scenario=0, missing_dims="ignore").values)


def _moved(values: Floats, later: Floats, weights: Floats) -> dict[str, float]:
    before, spread = float(values.mean()), float(values.std())
    after = float(weights @ later)
    spread_after = float(np.sqrt(weights @ (later - after) ** 2))
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
