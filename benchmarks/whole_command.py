"""How long a person waits: whole commands against bare imports, measured in turn.

    python benchmarks/whole_command.py [rounds]

Ratios: `sim run scenario=high_methane` (10,000 draws, two scenarios, files and figures) to the
import of numpy, xarray, matplotlib.pyplot and hydra; `sim --help` and `sim scenarios` to the
import of yaml. Also the peak memory of the run, where the system tells it, and where its seconds
go (benchmarks/run_parts.py). Writes benchmarks/whole_command.md.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from engines import machine, versions
from measure import compared, peak_memory, wall, write_rows
from report import on_dask

SIM = [sys.executable, "-m", "sim"]
IMPORTS = [sys.executable, "-c", "import numpy, xarray, matplotlib.pyplot, hydra"]
PARTS = [sys.executable, str(Path(__file__).with_name("run_parts.py"))]  # nothing imported yet
YAML = [sys.executable, "-c", "import yaml"]


def rows(rounds: int) -> Iterator[str]:
    """The rows of the table, as they are measured, and the peak memory."""
    yield "| command | s | imports, s | ratio | wanted: at most |"
    yield "| --- " * 5 + "|"
    with tempfile.TemporaryDirectory() as output:
        run = [*SIM, "run", "scenario=high_methane", f"output={output}"]
        for name, command, reference, wanted in (
            ("sim run scenario=high_methane", run, IMPORTS, 5),
            ("the same, workers=1", [*run, "workers=1"], IMPORTS, 5),
            ("sim --help", [*SIM, "--help"], YAML, 2),
            ("sim scenarios", [*SIM, "scenarios"], YAML, 2),
        ):
            ours, theirs = compared(command, reference, rounds, wall, statistics.median)
            yield f"| `{name}` | {ours:.3f} | {theirs:.3f} | {ours / theirs:.2f} | {wanted} |"
    yield f"\nPeak memory of any process: {peak_memory(started=True):.0f} MB."
    yield "\n## Where the seconds of the run go\n"
    yield "One process, one run (`python benchmarks/run_parts.py`).\n"
    yield subprocess.run(PARTS, check=True, capture_output=True, text=True).stdout.rstrip()


def load() -> str:
    """What else the machine does, where it tells."""
    wanting = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "an unknown number of"
    return f"At the beginning {wanting} processes wanted a core."


def main(rounds: int) -> None:
    introduction = (
        "# How long a person waits\n\n"
        f"{date.today()}. {machine()}. {versions()}. "
        f"`python benchmarks/whole_command.py {rounds}`: medians of {rounds} turns. {on_dask()} "
        f"{load()}\n"
    )
    write_rows(Path(__file__).with_suffix(".md"), introduction, rows(rounds))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
