"""All that a run asks of its members, at one time, so that none of them need be kept."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim.analysis.attainment import attainment_table
from sim.analysis.drivers import Sample, driver_table, joined, sample_of
from sim.analysis.fans import DIGITS, fan_table, spread
from sim.analysis.histogram import Histogram, histogram, means, merged, quantiles
from sim.analysis.sums import Sums, mean_table, summed, sums
from sim.analysis.tally import Tally, tally, total
from sim.ensemble.target import Target

LEVELS = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Survey:
    """What some draws said: counts of targets, of variables by time, of inputs; sums of the parts
    of wholes; and a sample."""

    targets: Tally
    variables: Histogram
    parts: Sums
    inputs: Histogram
    sample: Sample


@dataclass(frozen=True)
class Findings:
    """The tables that a survey of all draws makes.

    attainment: see `attainment_table`. fans: quantiles of the headline variables, dims (scenario,
    quantile, time). means: of the parts of wholes, dims (scenario,
    time). drivers: see `driver_table`. drawn: quantiles and mean of each input that was
    drawn, dims (input, scenario, quantile).
    """

    attainment: xr.Dataset
    fans: xr.Dataset
    means: xr.Dataset
    drivers: xr.Dataset
    drawn: xr.Dataset


def survey(
    targets: Sequence[Target],
    variables: Sequence[str],
    parts: Sequence[str],
    inputs: xr.Dataset,
    runs: xr.Dataset,
) -> Survey:
    """What some draws say of the targets, and of `variables` and `parts` at each time."""
    columns = [np.atleast_2d(inputs.variables[name].values) for name in drawn_names(inputs)]
    drawn = np.concatenate(columns) if columns else np.empty((0, inputs.sizes["draw"]))
    return Survey(
        tally(runs, targets),
        spread(runs, variables),
        sums(runs, parts),
        histogram(drawn, DIGITS),  # as the fans: nobody reads the fourth digit of an input
        sample_of(inputs, runs, targets),
    )


def together(parts: Sequence[Survey]) -> Survey:
    """The survey of all draws of the parts, in their order."""
    if len(parts) == 1:
        return parts[0]
    return Survey(
        total([part.targets for part in parts]),
        merged([part.variables for part in parts]),
        summed([part.parts for part in parts]),
        merged([part.inputs for part in parts]),
        joined([part.sample for part in parts]),
    )


def findings(
    found: Survey,
    targets: Sequence[Target],
    variables: Sequence[str],
    parts: Sequence[str],
    inputs: xr.Dataset,
    labels: xr.Dataset,
    independent: float = 1.0,
) -> Findings:
    """The tables of a survey; `inputs` (of any draws) and `labels` say what things are called.

    `independent`: see `attainment_table`.
    """
    counted = found.targets
    return Findings(
        attainment_table(counted, targets, labels, independent),
        fan_table(found.variables, labels, variables, counted.members, counted.finite),
        mean_table(found.parts, labels, parts),
        driver_table(found.sample, inputs, targets, independent),
        _drawn_table(found.inputs, inputs),
    )


def drawn_names(inputs: xr.Dataset) -> list[str]:
    """The inputs of which each draw has one value, whatever the scenario."""
    return [
        str(name)
        for name in inputs.data_vars
        if "draw" in (dims := inputs.variables[name].dims) and not {"step", "year"} & set(dims)
    ]


def _drawn_table(counted: Histogram, inputs: xr.Dataset) -> xr.Dataset:
    names, scenarios = drawn_names(inputs), inputs.sizes["scenario"]
    own = ["scenario" in inputs.variables[name].dims for name in names]
    columns = sum(scenarios if each else 1 for each in own)
    levels, mean = quantiles(counted, columns, LEVELS), means(counted, columns)
    first = np.concatenate([[0], np.cumsum([scenarios if each else 1 for each in own])])
    place = np.array(
        [[first[i] + (s if each else 0) for s in range(scenarios)] for i, each in enumerate(own)],
        dtype=int,
    ).reshape(-1, scenarios)

    def attribute(key: str) -> tuple[str, list[str]]:
        return "input", [str(inputs.variables[name].attrs[key]) for name in names]

    return xr.Dataset(
        {
            "value": (("input", "scenario", "quantile"), levels[place]),
            "mean": (("input", "scenario"), mean[place]),
        },
        coords={
            "input": names,
            "scenario": inputs["scenario"].values,
            "quantile": list(LEVELS),
            **{
                key: attribute(key)
                for key in ("label_zh", "label_en", "units", "role", "sector", "kind")
            },
        },
    )
