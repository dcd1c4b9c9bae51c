"""What one member costs in each engine, measured in turn: ratios of one run.

    python benchmarks/engines.py [members] [model …]

This engine (NumPy on one core, numba on one and on two), the scalar C program of the same model
(one core, two), simlin, PySD as it comes, SDEverywhere where `sde` is on the PATH. Without names
of models it writes this machine's section of benchmarks/results.md.
"""

import platform
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
from cases import VARIED, Case, cases
from measure import write_section
from scalar_c import call_c, compiled_c, compiler

from sim.engine import kernel
from sim.engine.compile import System, compile_model
from sim.engine.integrate import _on_grid, integrate

ROUNDS, CALLS = 12, 4
"""Engines come in turn, so that none has a better hour; each is called several times in a row, as
blocks of members follow each other, so that none pays for memory that another has just left, nor,
on two cores, waits after every block for the slower half."""
HEAD = "| model | equations | steps | engine | µs per member | ns per member, step, equation |"


def main(members: int, names: list[str]) -> None:
    chosen = [case for case in cases() if not names or case.name in names]
    lines = [HEAD + " against C, same cores |", "| --- " * 7 + "|"]
    for case in chosen:
        print(f"# {case.name}: {case.equations} equations, {members} members", flush=True)
        found = measured(case, members)
        lines += rows(case, found)
        print("\n".join(rows(case, found)), flush=True)
    if not names:
        page = Path(__file__).with_name("results.md")
        write_section(page, introduction(members), machine(), section(lines))


def measured(case: Case, members: int) -> dict[str, float]:
    """Seconds per member by engine: the shortest of some rounds."""
    works = works_of(case, members)
    best = {f"{name}, {cores}": np.inf for name in works for cores in CORES[name]}
    with ThreadPoolExecutor(2) as pool:
        for _ in range(1 + ROUNDS):  # in the first, caches fill
            for name in best:
                work, one = works[name.partition(",")[0]], name.endswith("1 core")
                seconds = on_one(work, members) if one else on_two(work, members, pool)
                best[name] = min(best[name], seconds / members)
    return best | others(case)


CORES = {
    "NumPy": ("1 core",),
    "numba": ("1 core", "2 cores"),
    "scalar C": ("1 core", "2 cores"),
}
Work = Callable[[slice], object]
"""Runs some of the members in one engine."""


def on_one(work: Work, members: int) -> float:
    """Seconds of the processor for all members: the least of some calls."""
    return min(timed(partial(work, slice(0, members))) for _ in range(CALLS))


def on_two(work: Work, members: int, pool: ThreadPoolExecutor) -> float:
    """Seconds on the wall for all members, by two threads that each take a half, call by call."""

    def in_a_row(part: slice) -> None:
        for _ in range(CALLS):
            work(part)

    halves = slice(0, members // 2), slice(members // 2, members)
    return timed(lambda: list(pool.map(in_a_row, halves)), time.perf_counter) / CALLS


def works_of(case: Case, members: int) -> dict[str, Work]:
    """What runs members in this engine, by either kernel, and in the scalar C program, which as
    numba's kernel holds no lock."""
    inputs = case.inputs(members)
    systems = {
        name: compile_model(case.model, case.varying, case.keep, name.lower())
        for name in ("NumPy", "numba")
    }

    def ours(system: System, part: slice) -> None:
        own = {n: v[part] if isinstance(v, np.ndarray) else v for n, v in inputs.items()}
        integrate(system, own, case.clock, part.stop - part.start)

    works: dict[str, Work] = {name: partial(ours, system) for name, system in systems.items()}
    if compiler() is None or case.program.pipes:
        return works
    steps, grid = compiled_c(case.program), case.clock.times
    values = {name: _on_grid(inputs[name], grid) for name in systems["numba"].inputs}
    setup = kernel._module(systems["numba"].source).setup
    handed, _ = setup(members, values, *case.clock.grid, case.clock.dt)
    kept = {k: row for row, k in enumerate(case.clock.kept)}
    at = np.array([kept.get(k, -1) for k in range(len(grid))])
    shape = (len(case.keep), len(case.clock.saved), members)

    def scalar_c(part: slice) -> None:
        saved = np.empty(shape)  # as the others, it hands out an array of its own
        call_c(steps, part.start, part.stop, members, grid, case.clock.dt, at, handed, saved)

    return works | {"scalar C": scalar_c}


def others(case: Case) -> dict[str, float]:
    """Seconds of one run in the engines that run one member at a time."""
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import simlin

            run = partial(simlin.load(str(case.file)).run, analyze_loops=False)
            found["simlin, 1 core"] = min(timed(run) for _ in range(ROUNDS))
        except ImportError:
            pass
        import pysd

        folder = Path(tempfile.mkdtemp())
        reference = pysd.read_vensim(str(shutil.copy(case.file, folder / case.file.name)))
        columns = [case.model.variables[name].written for name in case.keep]
        found["PySD, 1 core"] = timed(lambda: reference.run(return_columns=columns))
    if (sde := shutil.which("sde")) is not None:
        found["SDEverywhere, 1 core"] = sdeverywhere(sde, case)
    return found


def sdeverywhere(sde: str, case: Case) -> float:
    """Seconds of one run of SDEverywhere's C program, its start taken off."""
    folder = Path(tempfile.mkdtemp())
    shutil.copy(case.file, folder / case.file.name)
    subprocess.run([sde, "generate", "--genc", case.file.name], cwd=folder, check=True)
    subprocess.run([sde, "compile", case.file.stem], cwd=folder, check=True)
    program = [str(folder / "build" / case.file.stem)]
    return min(
        timed(lambda: subprocess.run(program, check=True), time.perf_counter) for _ in range(ROUNDS)
    )


def timed(work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Seconds of work: of the processor, which others on the machine do not lengthen, or on the
    wall where several cores work at once."""
    began = clock()
    work()
    return clock() - began


def rows(case: Case, found: dict[str, float]) -> list[str]:
    """The lines of one model in the table."""
    lines = []
    for engine, seconds in found.items():
        per = seconds / case.clock.steps / case.equations * 1e9
        cores = engine.split(", ")[1]
        base = found.get(f"scalar C, {cores}")
        ratio = f"{base / seconds:.3g} times" if base else ""
        cells = (case.name, case.equations, case.clock.steps, engine)
        lines.append(
            "| " + " | ".join(map(str, cells)) + f" | {seconds * 1e6:,.3g} | {per:,.3g} | {ratio} |"
        )
    numba, pysd = found["numba, 1 core"], found["PySD, 1 core"]
    said = f"numba {pysd / numba:,.0f} times PySD, NumPy {pysd / found['NumPy, 1 core']:,.0f}"
    two = f"two cores {numba / found['numba, 2 cores']:.2f} times one"
    lines.append(f"| {case.name} | | | on one core: {said}; {two} | | | |")
    return lines


def introduction(members: int) -> str:
    """What the page of results says of all machines."""
    return (
        "# What one member costs\n\n"
        f"`python benchmarks/engines.py`: {members} members, by which {VARIED} constants differ; "
        f"{ROUNDS} rounds of {CALLS} calls, engines in turn; one core in seconds of the processor, "
        "the shortest call; two cores on the wall (too long where the machine is shared), two "
        "threads started before the clock, of which each makes the calls of its half of the "
        "members in a row, the shortest round. Compare ratios, not seconds. The scalar C program "
        "is printed from the same intermediate form as the kernels and compiled with `-O2`: what "
        "does not differ by member and time is computed outside its loop. PySD and simlin run one "
        "member; PySD without patches. In the section of 2026-11-25 a round was one call, and "
        "threads started with the clock.\n\n"
        "Wanted of `regions`, which is as large as World3: NumPy at most 2.2 ns, numba on two "
        "cores 0.35; of `epidemic`, which has no tables: NumPy 0.7; against C on the same "
        "cores numba 3 times, NumPy once; 100,000 times PySD."
    )


def section(lines: list[str]) -> str:
    """What this machine gave, with versions."""
    sde = "" if shutil.which("sde") else " SDEverywhere: `sde` is not on the PATH."
    return "\n".join([f"{date.today()}. {versions()}.{sde}\n", *lines])


def machine() -> str:
    """The processor and its cores, as far as the system tells."""
    import os

    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        found = [row for row in info.read_text().splitlines() if row.startswith("model name")]
        name = found[0].partition(":")[2].strip() if found else name
    return (
        f"{name}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    )


def versions() -> str:
    found = []
    for name in ("numpy", "numba", "pysd", "pysimlin"):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"no {name}")
    if (gcc := compiler()) is not None:
        said = subprocess.run([gcc, "--version"], capture_output=True, text=True, check=True)
        found.append(said.stdout.splitlines()[0])
    return ", ".join(found)


if __name__ == "__main__":
    counts = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(*(counts or [4096]), [word for word in sys.argv[1:] if not word.isdigit()])
