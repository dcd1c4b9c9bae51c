"""What a study of sensitivity costs: against one `sim run` in turn, and where the time goes.

    python benchmarks/sensitivity.py [base]

Sobol indices of all uncertain parameters for all targets, `base` (1024) samples, no figures.
"""

import cProfile
import pstats
import subprocess
import sys
import tempfile
import time

TURNS = 2


def seconds(*words: str) -> float:
    """The time of one command, a process of its own."""
    with tempfile.TemporaryDirectory() as output:
        began = time.perf_counter()
        command = [sys.executable, "-m", "sim", *words, f"output={output}", "figures=false"]
        subprocess.run(command, check=True, capture_output=True)
        return time.perf_counter() - began


def profile(base: int) -> None:
    """Where the time of a study goes, in one process."""
    from sim.commands.influence import execute, members, prepare
    from sim.config import compose_for
    from sim.config.sensitivity import SENSITIVITY

    prepared = prepare(compose_for(SENSITIVITY, base=base, workers=1))
    profiler = cProfile.Profile()
    began = time.perf_counter()
    profiler.runcall(execute, prepared)
    whole = time.perf_counter() - began
    print(f"{members(prepared):,} members, {whole:.1f} s under the profiler; of that")
    wanted = ("integrate", "inputs_at", "course", "indices_of", "rows")
    for (_, _, name), row in pstats.Stats(profiler).stats.items():  # type: ignore[attr-defined]
        if name in wanted:
            print(f"  {name:12} {row[3] / whole:6.1%}")


def main() -> None:
    """Prints the ratio of the two commands, and the profile."""
    base = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
    turns = [
        (seconds("run", "against=none"), seconds("sensitivity", f"base={base}"))
        for _ in range(TURNS)
    ]
    run, study = (min(column) for column in zip(*turns, strict=True))
    print(
        f"sim run {run:.1f} s; sim sensitivity base={base} {study:.1f} s: {study / run:.1f} times"
    )
    profile(min(base, 256))


if __name__ == "__main__":
    main()
