"""How cost and memory grow with members that are not kept (store=summary), and with processes.

    python benchmarks/scaling.py [members …] [model=small|county]

For each number of members, in a process of its own: seconds, microseconds of its processor per
member and their ratio to the first, and peak memory of that process; below a million members the
best of three. Then the largest but one with one and with two processes, in turn, the best of three.
The small model is an epidemic of three stocks, with four parameters drawn and three targets; the
county is the baseline alone, with all targets. Without arguments it writes benchmarks/scaling.md.
"""

import json
import subprocess
import sys
import tempfile
import time
from functools import partial
from itertools import chain
from pathlib import Path

from measure import peak_memory

SMALL = """{UTF-8}
susceptible = INTEG(-infection, 1000000 - initial cases) ~ 人 ~ |
infected = INTEG(infection - recovery, initial cases) ~ 人 ~ |
recovered = INTEG(recovery, 0) ~ 人 ~ |
infection = contacts * infectivity * susceptible * infected / 1000000 ~ 人/Year ~ |
recovery = infected / duration ~ 人/Year ~ |
initial cases = 10 ~ 人 ~ |
contacts = 20 ~ 1/Year ~ |
infectivity = 0.2 ~ Dmnl ~ |
duration = 0.5 ~ Year ~ |
INITIAL TIME = 2015 ~ Year ~ |
FINAL TIME = 2035 ~ Year ~ |
TIME STEP = 0.125 ~ Year ~ |
SAVEPER = 1 ~ Year ~ |
"""
RANGES = {
    "initial_cases": (5, 20, "人"), "contacts": (15, 25, "1/Year"),
    "infectivity": (0.1, 0.3, "Dmnl"), "duration": (0.3, 0.8, "Year"),
}  # fmt: skip
AIMS = (("infected", 2020, 1e5), ("recovered", 2025, 8e5), ("susceptible", 2030, 2e5))
BLOCK = 4096


def small(members):
    """The ensemble of the small model, its targets, and the variables that are drawn."""
    import sim
    from sim.engine.integrate import clock_of
    from sim.ensemble.scenario import Parameter, Scenario
    from sim.ensemble.stream import ensemble_of
    from sim.ensemble.target import Target
    from sim.text import Text

    file = Path(tempfile.mkdtemp()) / "small.mdl"
    file.write_text(SMALL, encoding="utf-8")
    model, name = sim.load_model(file), Text("小", "small")
    table = {
        key: Parameter(
            key, "small", "parameter", low, unit, "assumed", "", "",
            distribution={"kind": "uniform", "low": low, "high": high},
        )
        for key, (low, high, unit) in RANGES.items()
    }  # fmt: skip
    targets = tuple(
        Target(
            name=key, title=name, clause="", variable=key, year=year, value=value, unit="人",
            sense="at_least", nature="expected", group="whole", basis="physical",
        )
        for key, year, value in AIMS
    )  # fmt: skip
    kept = ("susceptible", "infected", "recovered")
    scenarios = (Scenario("small", name, name),)
    clock = clock_of(model)
    ensemble = ensemble_of(model, table, scenarios, clock, members, 1, "lhs", "euler", kept)
    return ensemble, targets, kept


def county(members):
    """The same of the county's baseline."""
    from sim.commands.result import study_of
    from sim.config import compose
    from sim.ensemble.stream import ensemble_of

    settings = compose(draws=members)
    study = study_of(settings)
    ensemble = ensemble_of(
        study.model, study.table, settings.scenarios, study.clock, members, 1, "lhs", "euler",
        study.kept,
    )  # fmt: skip
    return ensemble, settings.targets, study.headline


def measured(model, members, workers):
    """Seconds of one summary, and the peak memory in MB of the process that puts it together."""
    from sim.analysis.survey import survey, together
    from sim.ensemble.stream import summarise
    from sim.ensemble.workers import pool

    ensemble, targets, variables = {"small": small, "county": county}[model](members)
    question = partial(survey, targets, variables, ())
    warm = {"small": small, "county": county}[model](64)[0]
    with pool(workers, "sim.analysis.survey") as executor:
        summarise(warm, question, together, 32, executor, workers)
        began, spent = time.perf_counter(), time.process_time()
        summarise(ensemble, question, together, BLOCK, executor, workers)
        seconds, processor = time.perf_counter() - began, time.process_time() - spent
    return {"seconds": seconds, "processor": processor, "memory": peak_memory()}


def apart(model, members, workers):
    """`measured` in a process of its own."""
    command = [sys.executable, __file__, "one", model, str(members), str(workers)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
    return json.loads(done.stdout)


def least(model, members, workers, rounds, of):
    """The measurement of some rounds with the least `of`."""
    return min((apart(model, members, workers) for _ in range(rounds)), key=lambda f: f[of])


def rows(sizes, model):
    """The rows of the table of a model, one by one, and the sentence on two processes."""
    first = None
    for members in sizes:
        found = least(model, members, 1, 3 if members < 1_000_000 else 1, "processor")
        cost = found["processor"] / members * 1e6
        first = first or cost
        yield (
            f"| {model} | {members:,} | {found['seconds']:.1f} | {cost:.2f} | {cost / first:.2f} "
            f"| {found['memory']:.0f} |"
        )
    members = sizes[-2] if len(sizes) > 1 else sizes[0]
    best = {1: float("inf"), 2: float("inf")}
    for _ in range(3):
        for workers in best:
            best[workers] = min(best[workers], apart(model, members, workers)["seconds"])
    yield (
        f"\n{model}, {members:,} members: one process {best[1]:.1f} s, two {best[2]:.1f} s, "
        f"{best[1] / best[2]:.2f} times.\n"
    )


def page(lines):
    """The page of results, with machine and versions."""
    from datetime import date

    from engines import machine, versions

    return "\n".join(
        [
            "# How cost grows with members and processes\n",
            f"{date.today()}. {machine()}. {versions()}. `python benchmarks/scaling.py`, "
            "store=summary: drawing, simulating, counting targets and quantiles; microseconds of "
            "one processor, seconds on the wall (too long where the machine is shared), peak "
            "memory of the process that puts all together. Wanted: the ratio at most 1.20, memory "
            "below 1,500 MB at ten million, two processes at least 1.7 times one.\n",
            *lines,
        ]
    )


HEAD = ["| model | members | s | µs per member | ratio to first | peak MB |", "| --- " * 6 + "|"]


def main(plan, write):
    lines = []
    for model, sizes in plan.items():
        for line in chain(HEAD, rows(sizes, model)):
            print(line, flush=True)
            lines.append(line)
    if write:
        Path(__file__).with_name("scaling.md").write_text(page(lines), encoding="utf-8")


SIZES = {"small": [4_000, 400_000, 10_000_000], "county": [4_000, 40_000, 200_000]}

if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        print(json.dumps(measured(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
    else:
        words = sys.argv[1:]
        chosen = [word.removeprefix("model=") for word in words if word.startswith("model=")]
        counts = [int(float(word)) for word in words if "=" not in word]
        main({model: counts or SIZES[model] for model in chosen or SIZES}, write=not words)
