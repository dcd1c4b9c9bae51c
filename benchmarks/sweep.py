"""What a large sweep costs: time and memory as its members double.

    python benchmarks/sweep.py [members …]

Levels of the cap of coal, 1,000 draws at each, all targets of the county model, as
`sim sweep "levers.coal_cap=range(…)" figures=false` computes them with two processes, the command
and a worker. Memory is that of both at their peaks. Writes benchmarks/sweep.md.
"""

import subprocess
import sys
import tempfile
import time
from datetime import date
from itertools import pairwise
from pathlib import Path

DRAWS = 1000
SIZES = (250_000, 500_000, 1_000_000)
CODE = """
import sys
from sim.__main__ import main
status = main(sys.argv[2:])
sys.path.insert(0, sys.argv[1])
from measure import peak_memory
print(peak_memory(), peak_memory(started=True), file=sys.stderr)
sys.exit(status)
"""


def cost(members: int) -> tuple[float, float]:
    """Seconds, and the peak memory in MB of the command and of its worker together."""
    axis = f"levers.coal_cap=range(3500,5000,{1500 * DRAWS / members})"
    with tempfile.TemporaryDirectory() as output:
        words = ["sweep", axis, f"draws={DRAWS}", "workers=2", "figures=false", f"output={output}"]
        began = time.perf_counter()
        command = [sys.executable, "-c", CODE, str(Path(__file__).parent), *words]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        own, worker = (float(number) for number in done.stderr.split()[-2:])
        return time.perf_counter() - began, own + worker


def page(found: dict[int, tuple[float, float]]) -> str:
    """The page, as Markdown."""
    from engines import machine, versions

    rows = "\n".join(
        f"| {members:,} | {seconds:.0f} | {1e6 * seconds / members:.0f} | {memory:,.0f} |"
        for members, (seconds, memory) in found.items()
    )
    doubled = ", ".join(
        f"{less:,} to {more:,} {found[more][0] / found[less][0]:.2f} times the time, "
        f"{found[more][1] - found[less][1]:+,.0f} MB"
        for less, more in pairwise(found)
    )
    return f"""# What a large sweep costs

{date.today()}. {machine()}. {versions()}.
`python benchmarks/sweep.py`: the county model, all targets, {DRAWS:,} draws at each point, two
processes, the command and a worker; memory is the sum of their peaks. Wanted: below 2,000 MB at a
million members; twice the members at most twice the time and no more memory.

| members | s | µs a member | peak MB |
| --- | --- | --- | --- |
{rows}

Twice the members: {doubled}.
"""


def main(sizes: tuple[int, ...]) -> None:
    """Measures the sizes one after the other, and writes the page after each."""
    found: dict[int, tuple[float, float]] = {}
    cost(sizes[0])  # counts not: where numba is worth its while, it compiles the model once
    for members in sizes:
        found[members] = cost(members)
        Path(__file__).with_suffix(".md").write_text(page(found), encoding="utf-8")
    print(page(found))


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
