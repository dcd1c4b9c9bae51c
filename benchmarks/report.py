"""How long figures and reports take against bare imports, measured in turn.

    python benchmarks/report.py [rounds]

Ratios of processor time (a machine that others use tells wall time badly): `sim report` (Word,
HTML, PDF) of a run of 10,000 draws, and `sim plot bars` at 300 dpi, to the import of numpy, xarray
and matplotlib.pyplot.
"""

import os
import statistics
import subprocess
import sys
import tempfile

SIM = [sys.executable, "-m", "sim"]
IMPORTS = [sys.executable, "-c", "import numpy, xarray, matplotlib.pyplot"]


def seconds(command: list[str]) -> float:
    """Processor seconds of a command and what it starts."""
    before = os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return sum(after[2:4]) - sum(before[2:4])


def compared(command: list[str], reference: list[str], rounds: int) -> tuple[float, float]:
    """Median seconds of both, run in turn after one run of each that does not count."""
    seconds(command), seconds(reference)
    pairs = [(seconds(command), seconds(reference)) for _ in range(rounds)]
    return tuple(statistics.median(column) for column in zip(*pairs, strict=True))


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        outputs = f"{folder}/outputs"
        run = [*SIM, "run", "scenario=high_methane", "figures=false", f"output={outputs}"]
        subprocess.run(run, check=True, stdout=subprocess.DEVNULL)
        where = [f"outputs={outputs}", f"output={folder}/made"]
        for name, command, wanted in (
            ("sim report", [*SIM, "report", *where], 8),
            ("sim plot bars", [*SIM, "plot", "bars", *where], 2.5),
            ("sim plot fan", [*SIM, "plot", "fan", "variables=coal_output", *where], 2.5),
        ):
            took, imports = compared(command, IMPORTS, rounds)
            print(
                f"{name}: {took:.2f} s, imports {imports:.2f} s: "
                f"{took / imports:.2f} (wanted: at most {wanted})"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
