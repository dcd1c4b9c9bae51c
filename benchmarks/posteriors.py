"""Which method should calibrate by default: importance, particles and walkers beside each other.

    python benchmarks/posteriors.py                # all that is not there yet, then the page
    python benchmarks/posteriors.py --minutes 5    # at most five minutes more

Every calibration is the command as typed, on the county's history; the ensemble of each is run to
2035. What is found is kept in outputs/posteriors/, and a later call goes on. Then
what makes importance degenerate: errors of observation made smaller, and figures by the hundred.
Writes benchmarks/posteriors.md.
"""

import argparse
import csv
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy import special

import sim
from sim import data
from sim.analysis.calibration import Likelihood, evidence_from, witness_of
from sim.analysis.importance import PROPOSED, importance_sample, linear_start
from sim.commands.learning import prepare
from sim.config import compose_for
from sim.config.calibration import CALIBRATE
from sim.ensemble.factors import fixed_inputs
from sim.ensemble.observations import Observation
from sim.ensemble.posterior import read_posterior
from sim.ensemble.sampling import generator
from sim.ensemble.scenario import read_parameters

FOUND = Path("outputs/posteriors")
PAGE = Path(__file__).with_suffix(".md")
ASKED = {"importance": (1, 2, 3), "particles": (1, 2, 3), "walkers": (1,)}
"""Seeds by method."""
SHARPER = (1.0, 0.5, 0.25, 0.125, 0.0625)
"""By how much errors of observation (and of the model) are made smaller."""
FIGURES = (29, 60, 120, 240)
"""How many figures a twin of the county shows."""
Row = dict[str, np.ndarray]


def main(minutes: float) -> None:
    """What is missing, and the page."""
    until = time.perf_counter() + 60 * minutes
    FOUND.mkdir(parents=True, exist_ok=True)
    for name, work in {"sharper": sharper, "figures": figures}.items():
        if not (FOUND / f"{name}.npz").exists() and time.perf_counter() < until:
            np.savez(FOUND / f"{name}.npz", **work())
    for method, seeds in ASKED.items():
        for seed in seeds:
            file = FOUND / f"{method}_{seed}.npz"
            if not file.exists() and time.perf_counter() < until:
                folder = calibrated(FOUND / f"{method}_{seed}", method, seed, until)
                if folder is not None:
                    np.savez(file, **found_in(folder))
    text = "\n".join(page()) + "\n"
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    print(text)


def calibrated(output: Path, method: str, seed: int, until: float) -> Path | None:
    """The folder of a calibration, begun or gone on with; None where time ran out before."""
    words = [f"method={method}", f"seed={seed}", f"output={output}", "figures=false", "lang=en"]
    unfinished = list(output.glob("calibrate/*/*.unfinished"))
    words = [f"resume={unfinished[0]}"] if unfinished else words
    command = [sys.executable, "-m", "sim", "calibrate", *words]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        if running.wait(max(until - time.perf_counter(), 30.0)):
            raise SystemExit(f"{' '.join(command)} failed")
    except subprocess.TimeoutExpired:
        running.terminate()
        running.wait()
        return None
    return output / (output / "latest").read_text(encoding="utf-8").strip()


def found_in(folder: Path) -> Row:
    """What a calibration found, and the odds of every target with its draws."""
    of = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    posterior = read_posterior(folder)
    points = posterior.points
    with (folder / "observations.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    names = ("p05", "median", "p95")
    bands = [[float(row[f"posterior_{name}"]) for row in rows] for name in names]
    odds = np.array(np.nan)  # draws that have not settled have none
    if posterior.settled:
        run = sim.run("baseline", against=None, draws=str(folder))
        odds = run.attainment["probability"].isel(scenario=0).values
    return {
        "positions": special.ndtri(np.array(list(points.values()))).astype(np.float32),
        "parameters": np.array(list(points)),
        "bands": np.array(bands),
        "odds": odds,
        **{
            name: np.array(of["diagnosis"].get(name, np.nan))
            for name in ("effective", "tail", "evaluations", "settled", "r_hat")
        },
    }


def sharper() -> Row:
    """How many equal draws importance is worth, with smaller errors of observation."""
    of = prepare(compose_for(CALIBRATE, scenario="baseline"))
    members = PROPOSED * of.settings.members
    worth = []
    for times in SHARPER:
        evidence = replace(of.evidence, covariance=times**2 * of.evidence.covariance)
        likelihood = Likelihood(of.witness, evidence)
        size = len(of.witness.factors)
        start = linear_start(likelihood.shown, evidence, size, 1)
        found = importance_sample(start, likelihood, members, 1)
        worth.append((found.effective, found.tail))
    return {"times": np.array(SHARPER), "worth": np.array(worth), "drawn": np.array(members)}


def figures() -> Row:
    """How many equal draws importance is worth, on twins that show many figures a year.

    Each of the county's headline variables in each year from 2015, with an error of 3 %: a world
    of the prior, not the county.
    """
    of = prepare(compose_for(CALIBRATE, scenario="baseline"))
    study, members = of.study, PROPOSED * of.settings.members
    fixed = fixed_inputs(study.model, study.table, of.settings.run.scenarios[0], study.clock)
    worth = []
    for count in FIGURES:
        seen = list(made_up(count, study.kept, study.model.variables))
        witness = witness_of(study.model, fixed, of.witness.factors, study.clock, seen)
        blank = evidence_from(study.model, seen, 0.0)
        likelihood = Likelihood(witness, blank)
        size = len(witness.factors)
        shown = likelihood.shown(generator(7, "a twin").standard_normal((size, 1)))[:, 0]
        errors = 0.03 * np.abs(shown)
        noise = generator(7, "its errors").standard_normal(count)
        evidence = replace(
            blank, values=shown + errors * noise, covariance=np.diag(np.maximum(errors, 1e-9) ** 2)
        )
        likelihood = Likelihood(witness, evidence)
        start = linear_start(likelihood.shown, evidence, size, 1)
        found = importance_sample(start, likelihood, members, 1)
        worth.append((found.effective, found.tail))
    return {"figures": np.array(FIGURES), "worth": np.array(worth), "drawn": np.array(members)}


def made_up(count: int, kept: tuple[str, ...], variables: dict) -> Iterator[Observation]:
    """So many figures to be observed, year by year from 2015; their values come later."""
    places = [(2015 + place // len(kept), kept[place % len(kept)]) for place in range(count)]
    for year, name in places:
        yield Observation(name, year, 0.0, variables[name].units, 0.0, "made up")


def page() -> Iterator[str]:
    """The lines of the page."""
    rows = {
        (method, seed): dict(np.load(file))
        for method, seeds in ASKED.items()
        for seed in seeds
        if (file := FOUND / f"{method}_{seed}.npz").exists()
    }
    yield "# Which method should calibrate by default\n"
    yield (
        f"`python benchmarks/posteriors.py`: the county's 29 observations, "
        f"{len(next(iter(rows.values()))['parameters'])} parameters, "
        f"{next(iter(rows.values()))['positions'].shape[1]:,} draws wanted, "
        "calibrations as the command does them. What they cost: benchmarks/learning.md.\n"
    )
    yield (
        "| method | seed | worlds simulated | equal draws it is worth | tail of weights "
        "| R-hat | settled |"
    )
    yield "| :-- |" + " --: |" * 6
    for (method, seed), row in rows.items():
        yield (
            f"| {method} | {seed} | {row['evaluations']:,.0f} "
            f"| {known(row['effective'], ',.0f')} | {known(row['tail'], '.2f')} "
            f"| {known(row['r_hat'], '.3f')} | {'yes' if row['settled'] else 'no'} |"
        )
    yield from agreement(rows)
    yield from degenerate()


def known(value: np.ndarray, digits: str) -> str:
    """A number, or a dash where the method has none."""
    return "—" if np.isnan(value) else format(float(value), digits)


def agreement(rows: dict[tuple[str, int], Row]) -> Iterator[str]:
    """How far apart two calibrations are, by pairs of methods."""
    yield "\n## Do they find the same?\n"
    yield (
        "Every pair of calibrations of the methods named, worst and root mean square. Parameters: "
        "means apart in standard deviations of the prior, and spreads as a ratio; 4,000 "
        "independent draws of the same posterior would be 0.022 apart (root mean square, where "
        "the data say nothing) and their spreads 1.6 %. Bands on history: 5 %, median and 95 % of "
        "what is shown of each observation, apart in widths of the band. Odds: 2035 and all other "
        "years of targets, percentage points; 4,000 independent draws: at most 1.1, one standard "
        "deviation. Of draws that have not settled there are none: `sim run` refuses them.\n"
    )
    yield (
        "| methods | pairs | means, worst | means, rms | means of the 30 told, rms | spreads, rms "
        "| bands, worst | bands, rms | odds, worst | odds, rms |"
    )
    yield "| :-- |" + " --: |" * 9
    methods = list(dict.fromkeys(method for method, _ in rows))
    for place, one in enumerate(methods):
        for other in methods[place:]:
            pairs = [
                apart(rows[a], rows[b])
                for a in rows
                for b in rows
                if a[0] == one and b[0] == other and (one != other or a[1] < b[1])
            ]
            if pairs:
                yield agreement_row(one, other, pairs)


def agreement_row(one: str, other: str, pairs: list[dict[str, np.ndarray]]) -> str:
    together = {key: np.concatenate([pair[key] for pair in pairs]) for key in pairs[0]}
    rms = {key: np.sqrt(np.mean(own**2)) for key, own in together.items()}
    worst = {key: np.abs(own).max() for key, own in together.items()}
    name = f"{one}, two seeds" if one == other else f"{one} and {other}"
    return (
        f"| {name} | {len(pairs)} | {worst['means']:.2f} | {rms['means']:.3f} "
        f"| {rms['told']:.3f} | {rms['spreads']:.1%} | {worst['bands']:.2f} "
        f"| {rms['bands']:.3f} | {known(worst['odds'], '.1f')} | {known(rms['odds'], '.2f')} |"
    )


def apart(one: Row, other: Row) -> dict[str, np.ndarray]:
    """How far apart two calibrations are: by parameter, by observation and by target."""
    table = read_parameters(data.sector_folder())
    told = np.array([table[str(name)].prior is not None for name in one["parameters"]])
    means = one["positions"].mean(axis=1) - other["positions"].mean(axis=1)
    spreads = np.log(one["positions"].std(axis=1) / other["positions"].std(axis=1))
    width = (one["bands"][2] - one["bands"][0] + other["bands"][2] - other["bands"][0]) / 2
    return {
        "means": means,
        "told": means[told],
        "spreads": spreads,
        "bands": ((one["bands"] - other["bands"]) / width).ravel(),
        "odds": 100 * (one["odds"] - other["odds"]),
    }


def degenerate() -> Iterator[str]:
    """Where importance degenerates."""
    yield "\n## Where importance degenerates\n"
    for name, head, says in (
        ("sharper", "times", "History, with errors of observation and of the model made smaller:"),
        ("figures", "figures", "A twin of the county that shows many figures, each within 3 %:"),
    ):
        if (FOUND / f"{name}.npz").exists():
            found = dict(np.load(FOUND / f"{name}.npz"))
            yield f"{says}\n"
            yield f"| {head} | " + " | ".join(f"{value:g}" for value in found[head]) + " |"
            yield "| :-- |" + " --: |" * len(found[head])
            worth = " | ".join(f"{value:,.0f}" for value in found["worth"][:, 0])
            yield f"| of {found['drawn']:,} draws, equal ones | {worth} |"
            tails = " | ".join(f"{value:.2f}" for value in found["worth"][:, 1])
            yield f"| tail of weights | {tails} |\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=1e9)
    main(**vars(parser.parse_args()))
