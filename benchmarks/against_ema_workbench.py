"""The county model and one design in EMA Workbench driving PySD, and here: the ratio of times.

    python3 -m venv /tmp/ema
    /tmp/ema/bin/pip install -c constraints.txt -e . ema_workbench==2.5.3
    /tmp/ema/bin/python benchmarks/against_ema_workbench.py [experiments [turns]]

EMA Workbench is not needed by anything else here, so it gets an environment of its own. It draws
the design (Latin hypercube between the 5 % and 95 % percentiles of all uncertain parameters) and
runs it one experiment after the other; `sim.sweep(design="file")` runs the same points in one
process, with the two noises at zero, as they stand in the model's file. First the numbers of both
are compared, then the times. Writes benchmarks/ema_workbench.md.
"""

import contextlib
import csv
import io
import logging
import os
import shutil
import sys
import tempfile
import time
import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np

MANY = 8192
"""Points of a sweep of usual size, for the cost of one."""
PERCENTILES = (0.05, 0.95)
YEARS = (2015, 2035)
"""The first and the last that the model saves."""
PAGE = Path(__file__).with_name("ema_workbench.md")
OURS = """title: {zh: 模型原样, en: the model as it stands}
narrative: {zh: 不改任何手段与假设。, en: No lever and no assumption is changed.}
"""


def known():
    """The axes of all uncertain parameters, the noises, the targets, the model."""
    from sim.commands.result import study_of
    from sim.config import compose
    from sim.ensemble.axes import percentile_axes
    from sim.ensemble.inputs import NOISE

    settings = compose(draws=1)
    study = study_of(settings)
    uncertain = {
        name: p.distribution["kind"]
        for name, p in study.table.items()
        if p.distribution and name in study.model.variables
    }
    drawn = [name for name, kind in uncertain.items() if kind != NOISE]
    noises = [name for name, kind in uncertain.items() if kind == NOISE]
    return percentile_axes(study.table, drawn, PERCENTILES), noises, settings.targets, study.model


def workbench(axes, targets, model, folder):
    """The county model as EMA Workbench sees it."""
    from ema_workbench import RealParameter, TimeSeriesOutcome
    from ema_workbench.connectors.pysd_connector import PysdModel

    from sim import data

    file = folder / "qinshui.mdl"
    shutil.copyfile(data.model_file(), file)
    written = {name: variable.written for name, variable in model.variables.items()}
    found = PysdModel("county", mdl_file=str(file))
    found.uncertainties = [
        RealParameter(axis.name, *axis.values, variable_name=written[axis.name]) for axis in axes
    ]
    names = dict.fromkeys(target.variable for target in targets)
    found.outcomes = [TimeSeriesOutcome(name, variable_name=written[name]) for name in names]
    return found


def theirs(county, experiments):
    """The design that EMA Workbench draws, what comes of it, and its seconds."""
    from ema_workbench import SequentialEvaluator

    np.random.seed(1)  # the workbench draws from the global generator
    began = time.perf_counter()
    with SequentialEvaluator(county) as evaluator:
        design, outcomes = evaluator.perform_experiments(scenarios=experiments)
    return design, outcomes, time.perf_counter() - began


def ours(file, noises):
    """The sweep over the same points, and its seconds."""
    import sim

    began = time.perf_counter()
    found = sim.sweep(
        "as_it_stands", design="file", file=str(file), draws=1, workers=1,
        parameters=dict.fromkeys(noises, 0.0), engine="numpy",
    )  # fmt: skip
    return found, time.perf_counter() - began


def write_points(axes, points, file):
    """The points as a CSV that `design=file` reads."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([axis.name for axis in axes])
        writer.writerows([repr(float(value)) for value in row] for row in points)


def furthest(outcomes, table, targets, model):
    """The largest difference between both in a target, relative to its largest value."""
    import xarray as xr

    from sim.analysis.measure import quantity

    columns = {
        name: (("scenario", "draw", "time"), values[None], {"units": model.variables[name].units})
        for name, values in outcomes.items()
        if name in model.variables
    }
    steps = len(next(iter(outcomes.values()))[0])
    runs = xr.Dataset(columns, coords={"time": np.linspace(*YEARS, steps)})
    apart = []
    for target in targets:
        values, mine = quantity(runs, target).values[0], table["median"].sel(target=target.name)
        apart.append(np.max(np.abs(values - mine.values)) / np.max(np.abs(values)))
    return max(apart)


def page(experiments, took, apart, points):
    """The page, as Markdown; `took`: seconds of one, of all, of ours, of many."""
    first, them, us, many = took
    each = (them - first) / (experiments - 1)
    return f"""# EMA Workbench driving PySD, and this

`python benchmarks/against_ema_workbench.py {experiments}` (its head says how to make the
environment). The county model, {points} uncertain parameters, a Latin hypercube that EMA Workbench
drew; one process each, in turn on one machine that others use too, the least of the turns.
EMA Workbench {version("ema_workbench")}, PySD {version("pysd")}, NumPy {version("numpy")}. Largest
difference between the two in any target: {apart:.1e} of its largest value.

| | EMA Workbench | `sim.sweep` | ratio |
| --- | --- | --- | --- |
| these {experiments} experiments, reading the model included, s | {them:.1f} | {us:.2f} \
| {them / us:,.0f} |
| one more experiment (here: of {MANY:,} points between the same ends), ms | {1e3 * each:,.0f} \
| {1e3 * many / MANY:.3f} | {each * MANY / many:,.0f} |
"""


def main(experiments=5, turns=2):
    """Compares the numbers, measures both in turn, and writes the page."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    axes, noises, targets, model = known()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "as_it_stands.yaml").write_text(OURS, encoding="utf-8")
        os.environ["SIM_SCENARIOS"] = name
        county = workbench(axes, targets, model, folder)
        rng = np.random.default_rng(1)
        low, high = np.array([axis.values for axis in axes]).T
        write_points(axes, low + (high - low) * rng.random((MANY, len(axes))), folder / "many.csv")
        took = []
        for _ in range(turns):
            with contextlib.redirect_stderr(io.StringIO()):  # the bar of the workbench
                first = theirs(county, 1)[2]
                design, outcomes, them = theirs(county, experiments)
            points = design[[axis.name for axis in axes]].to_numpy(dtype=float)
            write_points(axes, points, folder / "points.csv")
            table, us = ours(folder / "points.csv", noises)
            took.append((first, them, us, ours(folder / "many.csv", noises)[1]))
        apart = furthest(outcomes, table, targets, model)
    text = page(experiments, [min(column) for column in zip(*took, strict=True)], apart, len(axes))
    PAGE.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
