"""Whether `sim calibrate` can be believed: worlds with known parameters, calibrated on what
they show.

    python benchmarks/twins.py [twins] [members]

Every twin is a world of the county model's prior, observed where and as badly as the county was
(conf/history), and calibrated by the same code. Writes benchmarks/twins.md: how often the 90 %
interval of a parameter holds the truth, and whether the ranks of the truths are uniform, for every
uncertain parameter (simulation-based calibration, Talts et al. 2018, arXiv:1804.06788).
"""

import os
import sys
import time
from itertools import repeat
from pathlib import Path

import numpy as np

from sim.analysis.calibration import Likelihood
from sim.analysis.twins import Twins, calibrate_twins
from sim.commands.learning import Prepared, prepare
from sim.config import compose_for
from sim.config.calibration import CALIBRATE
from sim.ensemble.workers import pool

PART = 5
"""Twins that one task calibrates."""
PAGE = Path(__file__).with_name("twins.md")
ALARM = 0.05


def main(twins: int, members: int) -> None:
    """Calibrates the twins on all cores and writes the page."""
    began = time.perf_counter()
    parts = twins // PART
    found: list[Twins] = []
    with pool(os.cpu_count() or 1) as executor:
        run = map if executor is None else executor.map
        for part in run(some, range(parts), repeat(members)):
            found.append(part)
            print(f"{PART * len(found)} of {twins} twins", flush=True)
    joined = Twins(
        np.concatenate([part.ranks for part in found]),
        np.concatenate([part.inside for part in found]),
    )
    minutes = (time.perf_counter() - began) / 60
    text = page(joined, parameters(prepared()), members, minutes)
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    print(text)


def prepared() -> Prepared:
    """The calibration of the county's model as the command would do it."""
    return prepare(compose_for(CALIBRATE, scenario="baseline"))


def parameters(of: Prepared) -> list[str]:
    """The uncertain parameters, in the order of the ranks."""
    return [factor.name for factor in of.witness.factors]


def some(part: int, members: int) -> Twins:
    """The twins of one task; each part has a seed of its own."""
    of = prepared()
    likelihood = Likelihood(of.witness, of.evidence)
    size = len(of.witness.factors)
    return calibrate_twins(likelihood.shown, of.evidence, size, PART, members, 1000 * (part + 1))


def page(found: Twins, names: list[str], members: int, minutes: float) -> str:
    """What was found, as a page."""
    chances = found.uniformity()
    low = int((chances < ALARM).sum())
    by_parameter = found.inside.mean(axis=0)
    learnt = np.argsort(chances)[:5]
    twins = len(found.ranks)
    return "\n".join(
        [
            "# Twins: whether calibrations can be believed\n",
            f"`python benchmarks/twins.py {twins} {members}`, {minutes:.0f} minutes. {twins} "
            f"worlds of the prior, each calibrated on its own noisy observations "
            f"with {members} draws.\n",
            f"- 90 % intervals hold the truth in {found.coverage:.1%} of "
            f"{found.inside.size:,} cases ({twins} twins, {len(names)} parameters); by parameter "
            f"from {by_parameter.min():.0%} to {by_parameter.max():.0%}.",
            f"- Ranks: Pearson's test over ten bins finds {low} of {len(names)} parameters uneven "
            f"at 5 % ({ALARM * len(names):.0f} are expected by chance). The most uneven:\n",
            "| parameter | probability of ranks as uneven |",
            "| :-- | --: |",
            *(f"| {names[place]} | {chances[place]:.3f} |" for place in learnt),
            f"\nThe smallest of {len(names)} such probabilities is below "
            f"{1 - 0.5 ** (1 / len(names)):.4f} half of the time.\n",
        ]
    )


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    main(*(numbers + [100, 500][len(numbers) :]))
