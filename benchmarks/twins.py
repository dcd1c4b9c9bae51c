"""Whether calibrations can be believed: worlds with known parameters, calibrated on what they show.

    python benchmarks/twins.py importance 140          # as `sim calibrate` does it by default
    python benchmarks/twins.py particles 100           # as with method=particles
    python benchmarks/twins.py particles 100 --minutes 5   # at most five minutes more

Every twin is a world of the county model's prior, observed where and as badly as the county was
(conf/history), and calibrated by the same code. A twin depends on its number alone: what is found
is kept in outputs/twins/, and a later call goes on. Writes benchmarks/twins.md: how often the 90 %
interval of a parameter holds the truth, and whether the ranks of the truths are uniform
(simulation-based calibration, Talts et al. 2018, arXiv:1804.06788).
"""

import argparse
import os
import time
from functools import cache, partial
from pathlib import Path

import numpy as np
from scipy import special

from sim import data
from sim.analysis.calibration import Likelihood
from sim.analysis.twins import Twins, by_importance, by_particles, calibrate_twins
from sim.commands.learning import Prepared, prepare
from sim.config import compose_for
from sim.config.calibration import CALIBRATE
from sim.ensemble.scenario import read_parameters
from sim.ensemble.workers import pool

SAMPLERS = {"importance": (by_importance, 8000), "particles": (by_particles, 4000)}
"""Each with the draws that it takes."""
FOUND = Path("outputs/twins")
PAGE = Path(__file__).with_name("twins.md")
ALARM = 0.05


def main(method: str, twins: int, minutes: float) -> None:
    """Calibrates the twins that are missing, on all cores, and writes the page."""
    until = time.perf_counter() + 60 * minutes
    FOUND.mkdir(parents=True, exist_ok=True)
    missing = [twin for twin in range(twins) if not file_of(method, twin).exists()]
    with pool(os.cpu_count() or 1) as executor:
        run = map if executor is None else executor.map
        for _ in run(partial(one, method, until), missing):
            done = sum(file_of(method, twin).exists() for twin in range(twins))
            print(f"{done} of {twins} twins", end="\r", flush=True)
    text = page()
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    print(text)


def file_of(method: str, twin: int) -> Path:
    """Where a twin's ranks and seconds are kept."""
    return FOUND / f"{method}_{SAMPLERS[method][1]}_{twin}.npz"


def one(method: str, until: float, twin: int) -> None:
    """Calibrates a twin and keeps what was found, unless time is over."""
    if time.perf_counter() > until:
        return
    of = prepared()
    began = time.process_time()
    sampler, members = SAMPLERS[method]
    size = len(of.witness.factors)
    likelihood = Likelihood(of.witness, of.evidence)
    own = partial(sampler, size=size, members=members)
    found = calibrate_twins(likelihood.shown, of.evidence, size, [twin], own)
    file = file_of(method, twin)
    part = file.with_suffix(".part")
    with part.open("wb") as stream:
        seconds = time.process_time() - began
        np.savez(stream, ranks=found.ranks, inside=found.inside, seconds=seconds)
    part.replace(file)


@cache
def prepared() -> Prepared:
    """The calibration of the county's model as the command would do it."""
    return prepare(compose_for(CALIBRATE, scenario="baseline"))


def page() -> str:
    """What was found by each method, as a page."""
    names = [factor.name for factor in prepared().witness.factors]
    table = read_parameters(data.sector_folder())
    told = np.array([table[name].prior is not None for name in names])
    parts = [section(method, names, told) for method in SAMPLERS]
    return "\n".join(["# Twins: whether calibrations can be believed\n", *filter(None, parts)])


def section(method: str, names: list[str], told: np.ndarray) -> str:
    """What was found by one method; empty where nothing was."""
    members = SAMPLERS[method][1]
    files = sorted(FOUND.glob(f"{method}_{members}_*.npz"))
    if not files:
        return ""
    rows = [dict(np.load(file)) for file in files]
    found = Twins(*(np.concatenate([row[key] for row in rows]) for key in ("ranks", "inside")))
    twins = len(found.ranks)
    chances = found.uniformity()
    groups = {"all": np.ones(len(names), bool), "those of which history tells": told}
    by_twin = found.inside.mean(axis=1)
    error = by_twin.std() / np.sqrt(twins)
    lines = [
        f"## By {method}\n",
        f"`python benchmarks/twins.py {method} {twins}`: {twins} worlds of the prior, each "
        f"calibrated on its own noisy observations with {members:,} draws; "
        f"{np.mean([row['seconds'] for row in rows]):.1f} s of one core for each.\n",
        "| parameters | number | 90 % intervals that hold the truth | ranks uneven at 5 % "
        "| expected | smallest probability, Bonferroni |",
        "| :-- | --: | --: | --: | --: | --: |",
        *(group_row(word, found, own, chances) for word, own in groups.items()),
        f"\nThe standard error of the share that is held is about {error:.1%}, twin by twin. "
        "Ranks: Pearson's test over ten bins, by parameter; ranks of all parameters together: "
        f"probability {together(found):.2f}. The most uneven of those of which history tells:\n",
        "| parameter | 90 % interval holds | probability of ranks as uneven |",
        "| :-- | --: | --: |",
    ]
    worst = [place for place in np.argsort(chances) if told[place]][:5]
    held = found.inside.mean(axis=0)
    lines += [f"| {names[place]} | {held[place]:.0%} | {chances[place]:.3f} |" for place in worst]
    return "\n".join(lines) + "\n"


def group_row(word: str, found: Twins, own: np.ndarray, chances: np.ndarray) -> str:
    count = int(own.sum())
    return (
        f"| {word} | {count} | {found.inside[:, own].mean():.1%} "
        f"| {int((chances[own] < ALARM).sum())} | {ALARM * count:.1f} "
        f"| {min(1.0, count * chances[own].min()):.2f} |"
    )


def together(found: Twins) -> float:
    """The probability of p-values by parameter as uneven as these, if all are uniform: Kolmogorov
    and Smirnov's test."""
    chances = np.sort(found.uniformity())
    count = len(chances)
    steps = np.arange(count + 1) / count
    apart = max((steps[1:] - chances).max(), (chances - steps[:-1]).max())
    return float(special.kolmogorov(np.sqrt(count) * apart))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("method", choices=list(SAMPLERS))
    parser.add_argument("twins", type=int, nargs="?", default=100)
    parser.add_argument("--minutes", type=float, default=1e9)
    main(**vars(parser.parse_args()))
