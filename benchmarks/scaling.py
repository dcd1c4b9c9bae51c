"""How cost and memory grow with members that are not kept (store=summary), and with processes.

    python benchmarks/scaling.py [members …] [model=small|county|county_numba]

For each number of members, in a process of its own: seconds, microseconds of processor per member
and their ratio to the first, and peak memory; of short measurements the best of three. Then one
and two processes, in turn, the best of three. The small model is an epidemic of three stocks, with
four parameters drawn and three targets; the county is the baseline alone, with all targets.
Without arguments it writes this machine's section of benchmarks/scaling.md (a quarter of an hour).
"""

import json
import subprocess
import sys
import tempfile
import time
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path

import psutil
from measure import peak_memory, write_section

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
BLOCK = 5000


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
    ensemble = ensemble_of(model, table, scenarios, clock, members, 1, "lhs", kept)
    return ensemble, targets, kept


def county(members, kernel="numpy"):
    """The same of the county's baseline."""
    from sim.commands.result import study_of
    from sim.config import compose
    from sim.ensemble.stream import ensemble_of

    settings = compose(draws=members)
    study = study_of(settings)
    ensemble = ensemble_of(
        study.model, study.table, settings.scenarios, study.clock, members, 1, "lhs",
        study.kept, kernel,
    )  # fmt: skip
    return ensemble, settings.targets, study.headline


MODELS = {"small": small, "county": county, "county_numba": partial(county, kernel="numba")}


def measured(model, members, workers):
    """Seconds of one summary; of it and its workers, processor seconds; and the peak memory in MB
    of the process that puts all together, and of the largest that computes beside it."""
    from sim.analysis.survey import survey, together
    from sim.ensemble.stream import summarise
    from sim.ensemble.workers import pool

    ensemble, targets, variables = MODELS[model](members)
    question = partial(survey, targets, variables, ())
    warm = MODELS[model](64)[0]
    with pool(workers, "sim.analysis.survey") as executor:
        for _ in range(4):  # so often that each worker has had its turn
            summarise(warm, question, together, 32, executor, workers)
        began, spent = time.perf_counter(), processor()
        summarise(ensemble, question, together, BLOCK, executor, workers)
        seconds, used = time.perf_counter() - began, processor() - spent
        memory = [peak_memory(), max((peak_memory(of=one.pid) for one in started()), default=0.0)]
    return {"seconds": seconds, "processor": used, "memory": memory}


def started():
    """The processes that this one has started, and they."""
    return psutil.Process().children(recursive=True)


def processor():
    """Processor seconds of this process and of those that it has started, up to now."""
    return time.process_time() + sum(sum(one.cpu_times()[:2]) for one in started())


def apart(model, members, workers):
    """`measured` in a process of its own."""
    command = [sys.executable, __file__, "one", model, str(members), str(workers)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
    return json.loads(done.stdout)


def least(model, members, workers, of):
    """The measurement with the least `of` among three; of long ones there is one."""
    rounds = 3 if members <= SHORT[model] else 1
    return min((apart(model, members, workers) for _ in range(rounds)), key=lambda f: f[of])


def rows(sizes, model):
    """The rows of the table of a model, one by one, and the sentence on two processes."""
    first = None
    for members in sizes:
        workers = 2 if members > ALONE[model] else 1
        found = least(model, members, workers, "processor")
        cost = found["processor"] / members * 1e6
        first = first or cost
        own, of_worker = found["memory"]
        yield (
            f"| {model} | {members:,} | {workers} | {found['seconds']:.1f} | {cost:.2f} "
            f"| {cost / first:.2f} | {own:.0f} | {f'{of_worker:.0f}' if of_worker else ''} |"
        )
    members = SHORT[model]
    best = {1: float("inf"), 2: float("inf")}
    for _ in range(3):
        for workers in best:
            best[workers] = min(best[workers], apart(model, members, workers)["seconds"])
    yield (
        f"\n{model}, {members:,} members: one process {best[1]:.1f} s, two {best[2]:.1f} s, "
        f"{best[1] / best[2]:.2f} times."
    )


INTRODUCTION = """# How cost grows with members and processes

`python benchmarks/scaling.py`, store=summary: drawing, simulating, counting targets and quantiles.
The county is its baseline with all targets, by the kernel of NumPy and by that of numba. Seconds on
the wall (too long where the machine is shared); microseconds of processor per member, of all
processes together; peak memory of the process that puts all together, and of the largest that
computes beside it. Wanted: the ratio at most 1.20, memory below 1,500 MB at ten million, two
processes at least 1.7 times one (of three turns the best of each; processes started and warm before
the clock).
"""


HEAD = [
    "| model | members | processes | s | µs per member | ratio to first | peak MB | beside it |",
    "| --- " * 8 + "|",
]


def main(plan, write):
    from engines import machine, versions  # not where memory is measured

    lines = [f"{date.today()}. {versions()}."]
    for model, sizes in plan.items():
        for line in chain(["", *HEAD], rows(sizes, model)):
            print(line, flush=True)
            lines.append(line)
    if write:
        page = Path(__file__).with_name("scaling.md")
        write_section(page, INTRODUCTION, machine(), "\n".join(lines))


SIZES = {
    "small": [4_000, 400_000, 10_000_000],
    "county": [4_000, 40_000, 400_000],
    "county_numba": [4_000, 40_000, 400_000, 10_000_000],
}
SHORT = {"small": 4_000_000, "county": 200_000, "county_numba": 200_000}
"""Members up to which a measurement is short: the best of three, and one and two processes."""
ALONE = {"small": 10_000_000, "county": 400_000, "county_numba": 400_000}
"""Members up to which one process is measured."""

if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        print(json.dumps(measured(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
    else:
        words = sys.argv[1:]
        chosen = [word.removeprefix("model=") for word in words if word.startswith("model=")]
        counts = [int(float(word)) for word in words if "=" not in word]
        main({model: counts or SIZES[model] for model in chosen or SIZES}, write=not words)
