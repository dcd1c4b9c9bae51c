"""What reading and compiling a model costs before the first result, each time in a new process.

    python benchmarks/first_result.py [rounds]    # writes benchmarks/first_result.md

*Read before*: the county's model, parsed and compiled by an earlier run, as every `sim run` but
the first finds it. *Changed*: a model of 200 equations, one literal of it new each time, so that
nothing of it is known. Imports are timed apart: a run needs NumPy whatever the model.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[1]
COUNTY = ROOT / "model" / "qinshui.mdl"
PAGE = Path(__file__).with_suffix(".md")
WANTED = {"read before": 0.1, "changed": 2.0}
"""Seconds, at most."""

PROBE = """\
import json, sys, time
began = time.perf_counter()
import numpy
from sim.engine.cache import load_model
from sim.engine.compile import compile_model
from sim.engine.integrate import clock_of, integrate
loaded = time.perf_counter()
model = load_model(sys.argv[1])
read = time.perf_counter()
system = compile_model(model)
clock_of(model), system.block
compiled = time.perf_counter()
print(json.dumps([loaded - began, read - loaded, compiled - read, len(model.variables)]))
"""


def written(folder, number):
    """A model of 200 equations that was never read before: tables, delays and 40 stocks."""
    lines = ["{UTF-8}"]
    for i in range(40):
        rate = 0.01 + i / 1000 + number / 1e6
        lines += [
            f"stock {i} = INTEG(inflow {i} - outflow {i}, {10 + i}) ~ people ~ |",
            f"inflow {i} = rate {i}*stock {i}*effect {i} ~ people/Year ~ |",
            f"outflow {i} = SMOOTH(stock {(i + 1) % 40}, 3)/{20 + i} ~ people/Year ~ |",
            f"rate {i} = {rate:.7f} ~ 1/Year ~ |",
            f"effect {i} = WITH LOOKUP(stock {i}/100, ((0,1),(1,{1 - i / 99:.3f}),(5,0))) ~~|",
        ]
    for name, value in (("INITIAL", 2015), ("FINAL", 2035)):
        lines.append(f"{name} TIME = {value} ~ Year ~ |")
    lines += ["TIME STEP = 0.125 ~ Year ~ |", "SAVEPER = 1 ~ Year ~ |"]
    file = Path(folder) / "changed.mdl"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def probed(file, cache):
    """Seconds of imports, of reading and of compiling, and how many variables the model has."""
    words = [sys.executable, "-c", PROBE, str(file)]
    environment = {**os.environ, "SIM_CACHE": str(cache), "PYTHONPATH": str(ROOT)}
    return json.loads(
        subprocess.run(words, env=environment, check=True, capture_output=True).stdout
    )


def measured(rounds):
    """The rounds of either case, in turn."""
    found = {case: [] for case in WANTED}
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder) / "cache"
        probed(COUNTY, cache)
        for number in range(rounds):
            found["read before"].append(probed(COUNTY, cache))
            found["changed"].append(probed(written(folder, number), cache))
    return found


def main(rounds):
    found = measured(rounds)
    rows = []
    for case, trials in found.items():
        totals = sorted(read + compiled for _, read, compiled, _ in trials)
        _, read, compiled, size = min(trials, key=lambda t: t[1] + t[2])
        rows.append(
            f"| {case} | {size} | {read:.3f} | {compiled:.3f} | {totals[0]:.3f} | "
            f"{totals[len(totals) // 2]:.3f} | {WANTED[case]} |"
        )
    imports = min(t[0] for trials in found.values() for t in trials)
    page = PAGE_TEXT.format(
        rows="\n".join(rows),
        imports=imports,
        rounds=rounds,
        day=date.today(),
        machine=f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
    )
    PAGE.write_text(page, encoding="utf-8")
    print(page)


PAGE_TEXT = """\
# Before the first result

Written by `python benchmarks/first_result.py`: {day}, {machine}, {rounds} rounds in turn.

| model | variables | read, s | compiled, s | both, best, s | both, median, s | wanted, s |
| --- | --- | --- | --- | --- | --- | --- |
{rows}

*Read before*: the county's model, as every run but the first finds it. *Changed*: 200 equations,
one literal of which is new in each round. NumPy and the engine's own modules take another
{imports:.2f} s to import, whatever the model.
"""

if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
