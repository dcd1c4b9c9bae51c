"""How long a person waits for an answer of `sim reach`: whole commands, with an empty cache and
later.

    python benchmarks/reach.py [rounds]

Cold: nothing of the model is compiled; warm: the median of the rounds that follow. Writes
benchmarks/reach.md.
"""

import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from engines import machine, versions
from measure import peak_memory, wall, write_rows
from whole_command import SIM, load

ASKED = (("urbanisation", 0.4), ("cbm_output", 0.8))


def rows(rounds: int) -> Iterator[str]:
    """The rows of the table, as they are measured, and the peak memory."""
    yield "| command | cold, s | warm, s | from | to |"
    yield "| --- " * 5 + "|"
    for target, probability in ASKED:
        words = ["reach", f"targets={target}", f"probability={probability}"]
        with tempfile.TemporaryDirectory() as folder:
            os.environ["SIM_CACHE"] = str(Path(folder) / "cache")
            command = [*SIM, *words, f"output={folder}"]
            cold, *warm = (wall(command) for _ in range(1 + rounds))
        middle, least, most = statistics.median(warm), min(warm), max(warm)
        said = " ".join(["sim", *words])
        yield f"| `{said}` | {cold:.1f} | {middle:.1f} | {least:.1f} | {most:.1f} |"
    yield f"\nPeak memory of any process: {peak_memory(started=True):.0f} MB."


def main(rounds: int) -> None:
    introduction = (
        "# How long a person waits for sim reach\n\n"
        f"{date.today()}. {machine()}. {versions()}. `python benchmarks/reach.py {rounds}`: each "
        "command once with an empty cache, where the model is read and compiled, and the median, "
        f"least and most of {rounds} that follow. All include the figure. {load()}\n"
    )
    write_rows(Path(__file__).with_suffix(".md"), introduction, rows(rounds))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
