"""What learning costs: `sim calibrate`, and `sim assess` beside a default `sim run`.

    python benchmarks/learning.py [repeats]

Commands as they are typed, on all cores, in turn; the least time of each counts, and the ratio is
that of least times. The new figures are made up, from the baseline's own quantiles: three in the
middle, which weights explain, and three off it, for which the ensemble is calibrated anew. Writes
benchmarks/learning.md.
"""

import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import xarray as xr

import sim

PAGE = Path(__file__).with_suffix(".md")
SERIES = {"coal_output": "万吨/年", "population": "万人", "cbm_output": "亿立方米/年"}
YEAR = 2026
KINDS = {"three figures in the middle": 0.5, "three figures off it": 0.03}
"""At which quantile of the baseline the new figures lie."""
BAR, MINUTES = 1.5, 5
SAYS = r"[\d,]+ draws, weighted[^.]*\.|The observations lie[^.]*\.|The sample has.*?\)"
"""The sentence of a command that says how it sampled."""


def main(repeats: int) -> None:
    """Times all commands and writes the page."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        commands = {"sim run": ["run"]}
        runs = sim.run("baseline", against=None, keep=list(SERIES), draws=2000).runs
        for name, share in KINDS.items():
            file = folder / f"new_{share}.csv"
            file.write_text(new_figures(runs, share), encoding="utf-8")
            commands[f"sim assess, {name}"] = ["assess", str(file)]
        seconds: dict[str, list[float]] = {name: [] for name in commands}
        said: dict[str, str] = {}
        for _ in range(repeats):
            for name, words in commands.items():
                took, said[name] = timed(words, folder)
                seconds[name].append(took)
        calibrated, said_last = timed(["calibrate"], folder)
    text = page({n: min(own) for n, own in seconds.items()}, said, calibrated, said_last, repeats)
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    print(text)


def new_figures(runs: xr.Dataset, share: float) -> str:
    """A file of new observations, at one quantile of each series."""
    rows = [
        f"{name},{YEAR},{float(runs[name].sel(time=YEAR).quantile(share)):.5g},{unit}"
        for name, unit in SERIES.items()
    ]
    return "\n".join(["series,year,value,unit", *rows]) + "\n"


def timed(words: list[str], folder: Path) -> tuple[float, str]:
    """Seconds of a command, and the sentence of it that says how it sampled."""
    command = [sys.executable, "-m", "sim", *words, "lang=en", f"output={folder / 'out'}"]
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    took = time.perf_counter() - began
    found = re.search(SAYS, " ".join(done.stdout.split()))
    return took, found[0] if found else ""


def page(
    seconds: dict[str, float],
    said: dict[str, str],
    calibrated: float,
    said_last: str,
    repeats: int,
) -> str:
    """What was measured, as a page."""
    run = seconds["sim run"]
    rows = [
        f"| {name} | {took:.1f} | {took / run:.2f} | {said[name]} |"
        for name, took in seconds.items()
    ]
    return "\n".join(
        [
            "# What learning costs\n",
            f"`python benchmarks/learning.py {repeats}`: commands as typed, in turn, least of "
            f"{repeats}; {os.cpu_count()} cores, Python {platform.python_version()}. Wanted: "
            f"assessments within {BAR} times a default run, `sim calibrate` within {MINUTES} "
            "minutes.\n",
            "| command | seconds | times a run | what it says of its sample |",
            "| :-- | --: | --: | :-- |",
            *rows,
            f"| sim calibrate | {calibrated:.1f} | {calibrated / run:.2f} | {said_last} |\n",
        ]
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
