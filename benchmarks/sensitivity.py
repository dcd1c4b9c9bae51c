"""What a study of sensitivity costs: against one `sim run` in turn, and where the time goes.

    python benchmarks/sensitivity.py [base [turns]]

Sobol indices of all uncertain parameters for all targets and years, `base` (1024) samples, no
figures, against one default `sim run` without figures. Writes benchmarks/sensitivity.md.
"""

import cProfile
import pstats
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

WANTED = 20
PROFILED = 256
SHARES = {
    ("integrate.py", "integrate"): "the model, step by step (`integrate`)",
    ("factors.py", "inputs_at"): "points of the design become inputs (`inputs_at`)",
    ("measure.py", "course"): "runs become the targets' quantities (`course`)",
    ("study.py", "design"): "the design (`design`)",
    ("methods.py", "indices_of"): "indices and their resampling, every year (`indices_of`)",
}


def seconds(*words: str) -> float:
    """The time of one command, a process of its own."""
    with tempfile.TemporaryDirectory() as output:
        began = time.perf_counter()
        command = [sys.executable, "-m", "sim", *words, f"output={output}", "figures=false"]
        subprocess.run(command, check=True, capture_output=True)
        return time.perf_counter() - began


def profile(base: int) -> tuple[int, float, dict[str, float]]:
    """Members and seconds of a study in one process, and where its time goes, as shares."""
    from sim.commands.influence import execute, prepare
    from sim.config import compose_for
    from sim.config.sensitivity import SENSITIVITY

    prepared = prepare(compose_for(SENSITIVITY, base=base, workers=1))
    profiler = cProfile.Profile()
    began = time.perf_counter()
    profiler.runcall(execute, prepared)
    whole = time.perf_counter() - began
    shares = dict.fromkeys(SHARES.values(), 0.0)
    for (file, _, name), row in pstats.Stats(profiler).stats.items():  # type: ignore[attr-defined]
        if (Path(file).name, name) in SHARES:
            shares[SHARES[Path(file).name, name]] += row[3] / whole
    return prepared.members, whole, shares


def page(base: int, run: float, study: float, found: tuple[int, float, dict[str, float]]) -> str:
    """The page, as Markdown."""
    from engines import machine, versions

    members, whole, shares = found
    rest = 1 - sum(shares.values())
    rows = "\n".join(
        f"| {name} | {share:.0%} |" for name, share in {**shares, "the rest": rest}.items()
    )
    reached = "" if study <= WANTED * run else ": not reached"
    return f"""# What a study of sensitivity costs

{date.today()}. {machine()}, shared with other work. {versions()}.
`python benchmarks/sensitivity.py {base}`, in turn, the least of the turns.

`sim run` {run:.1f} s; `sim sensitivity base={base}` (Sobol, all uncertain parameters, all targets,
every year) {study:.1f} s: **{study / run:.1f} times** (wanted: at most {WANTED}{reached}).

Where the time goes, one process, {members:,} members, {whole:.1f} s under the profiler:

| | |
| --- | --- |
{rows}
"""


def main(base: int = 1024, turns: int = 2) -> None:
    """Measures both commands in turn, profiles a study, and writes the page."""
    took = [
        (seconds("run", "against=none"), seconds("sensitivity", f"base={base}"))
        for _ in range(turns)
    ]
    run, study = (min(column) for column in zip(*took, strict=True))
    text = page(base, run, study, profile(min(base, PROFILED)))
    Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
