"""How long figures and reports take against bare imports, measured in turn.

    python benchmarks/report.py [rounds]

Ratios of processor time (a machine that others use tells wall time badly): `sim report` (Word,
HTML, PDF) of a run of 10,000 draws, and single figures at 300 dpi, to the import of numpy, xarray
and matplotlib.pyplot. The least of the rounds counts. Writes benchmarks/report.md.
"""

import datetime
import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import compared, processor

SIM = [sys.executable, "-m", "sim"]
IMPORTS = [sys.executable, "-c", "import numpy, xarray, matplotlib.pyplot"]
FIGURE, REPORT = 2.5, 8.0
"""The most times the imports that are wanted."""
MEASURED = (
    ("sim report", ["report"], REPORT),
    ("sim plot bars", ["plot", "bars"], FIGURE),
    ("sim plot fan", ["plot", "fan", "variables=coal_output"], FIGURE),
    ("sim plot heat", ["plot", "heat"], FIGURE),
    ("sim plot multiples", ["plot", "multiples"], FIGURE),
    ("sim plot gdp", ["plot", "gdp"], FIGURE),
    ("sim plot joint", ["plot", "joint"], FIGURE),
    ("sim plot shortfall", ["plot", "shortfall"], FIGURE),
    ("sim plot timeline", ["plot", "timeline"], FIGURE),
    ("sim plot tornado", ["plot", "tornado", "targets=cbm_output"], FIGURE),
    ("sim plot stock_flow", ["plot", "stock_flow", "sector=coal"], FIGURE),
)
PAGE = """\
# Figures and reports

Written by `python benchmarks/report.py {rounds}` on {day}, {cores} cores, Python {python}.
Processor seconds, the least of {rounds} rounds measured in turn with the imports of numpy, xarray
and matplotlib.pyplot; of a run of 10,000 draws in two scenarios. `sim report` writes Word, HTML
and PDF; figures are PNG at 300 dpi. `stock_flow` finds the signs of its links once for each model
(before the rounds). {dask}

| command | seconds | imports | times | allowed | |
| :-- | --: | --: | --: | --: | :-- |
{rows}
"""


def row(name: str, took: float, imports: float, allowed: float) -> str:
    """A line of the table."""
    ratio = took / imports
    verdict = "met" if ratio <= allowed else "not met"
    return f"| `{name}` | {took:.2f} | {imports:.2f} | {ratio:.2f} | {allowed:g} | {verdict} |"


def on_dask() -> str:
    """Whether Dask is there: xarray loads it, in half a second, wherever it is."""
    there = importlib.util.find_spec("dask") is not None
    return (
        "Dask is installed here (an extra that planners do not need): each command loads it."
        if there
        else "Dask is not installed here: it is an extra that planners do not need, and half a "
        "second where it is."
    )


def main(rounds: int) -> None:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        outputs = f"{folder}/outputs"
        run = [*SIM, "run", "scenario=high_methane", "figures=false", f"output={outputs}"]
        subprocess.run(run, check=True, stdout=subprocess.DEVNULL)
        where = [f"outputs={outputs}", f"output={folder}/made"]
        for name, words, allowed in MEASURED:
            took, imports = compared([*SIM, *words, *where], IMPORTS, rounds, processor, min)
            rows.append(row(name, took, imports, allowed))
            print(rows[-1], flush=True)
    page = PAGE.format(
        rounds=rounds, day=datetime.date.today(), cores=os.cpu_count(),
        python=".".join(map(str, sys.version_info[:3])), rows="\n".join(rows), dask=on_dask(),
    )  # fmt: skip
    Path(__file__).with_suffix(".md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
