"""How long a person waits: whole commands against bare imports, measured in turn.

    python benchmarks/whole_command.py [rounds]

Ratios: `sim run scenario=high_methane` (10,000 draws, two scenarios, files and figures) to the
import of numpy, xarray, matplotlib.pyplot and hydra; `sim --help` and `sim scenarios` to the
import of yaml. Also the peak memory of the run, where the system tells it. Writes
benchmarks/whole_command.md.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from engines import machine, versions
from report import on_dask

SIM = [sys.executable, "-m", "sim"]
IMPORTS = [sys.executable, "-c", "import numpy, xarray, matplotlib.pyplot, hydra"]
YAML = [sys.executable, "-c", "import yaml"]


def seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def compared(command: list[str], reference: list[str], rounds: int) -> tuple[float, float]:
    """Median seconds of both, run in turn after one run of each that does not count."""
    seconds(command), seconds(reference)
    pairs = [(seconds(command), seconds(reference)) for _ in range(rounds)]
    return tuple(statistics.median(column) for column in zip(*pairs, strict=True))


def rows(rounds: int) -> Iterator[str]:
    """The rows of the table, as they are measured, and the peak memory."""
    yield "| command | s | imports, s | ratio | wanted: at most |"
    yield "| --- " * 5 + "|"
    with tempfile.TemporaryDirectory() as output:
        run = [*SIM, "run", "scenario=high_methane", f"output={output}"]
        for name, command, reference, wanted in (
            ("sim run scenario=high_methane", run, IMPORTS, 5),
            ("sim --help", [*SIM, "--help"], YAML, 2),
            ("sim scenarios", [*SIM, "scenarios"], YAML, 2),
        ):
            ours, theirs = compared(command, reference, rounds)
            yield f"| `{name}` | {ours:.3f} | {theirs:.3f} | {ours / theirs:.2f} | {wanted} |"
    yield f"\nPeak memory of any process: {peak_memory()}."


def main(rounds: int) -> None:
    lines = [
        "# How long a person waits\n",
        f"{date.today()}. {machine()}. {versions()}. "
        f"`python benchmarks/whole_command.py {rounds}`: medians of {rounds} turns. {on_dask()}\n",
    ]
    for line in rows(rounds):
        print(line, flush=True)
        lines.append(line)
    page = Path(__file__).with_suffix(".md")
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")


def peak_memory() -> str:
    """The largest memory of any process started here."""
    try:
        import resource
    except ImportError:
        return "not told by this system"
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return f"{used / (1024**2 if sys.platform == 'darwin' else 1024):.0f} MB"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
