"""The community's models give the results that their authors expect (SDXorg/test-models).

    python benchmarks/conformance.py                   # writes benchmarks/conformance.md
    python benchmarks/conformance.py ../other/models   # the same of another folder, on the screen

A case is a folder with a model and its expected `output.csv` or `output.tab`, whose columns are
variables and whose first column is the time.
"""

import csv
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.engine.compile import compile_model
from sim.engine.door import read_file
from sim.engine.integrate import clock_of, default_inputs, integrate
from sim.engine.model import canonical

ROOT = Path(__file__).parents[1]
SUITE = ROOT.parent / "shared" / "conformance"
PAGE = Path(__file__).with_suffix(".md")
MAIN = {"get_time_value": "test_get_time_value_simple.mdl", "teacup": "teacup.mdl"}
"""Which model of several the expected output belongs to."""
TOLERANCE = 1e-5
WIDE = {"allocate_available": 2e-2}
"""Tolerances wider than TOLERANCE: Vensim itself solves these roughly."""


class Compared(NamedTuple):
    """A case: how many columns were compared, the largest difference in units of the tolerance
    (absolute and relative together), and the column that has it."""

    case: str
    columns: int
    largest: float
    where: str

    @property
    def passes(self) -> bool:
        return self.columns > 0 and self.largest <= 1.0


def cases(suite=SUITE):
    """The names of the cases in a folder."""
    return sorted(path.name for path in suite.glob("*") if path.is_dir())


def expected(folder):
    """Column titles as canonical names, and the numbers, the times in the first column."""
    file = next(folder / name for name in ("output.csv", "output.tab") if (folder / name).exists())
    raw = file.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    tab = "\t" if file.suffix == ".tab" else ","
    rows = [row for row in csv.reader(text.splitlines(), delimiter=tab) if row]
    width = len(rows[0])
    numbers = [
        [float(cell) if cell.strip() else np.nan for cell in (row + [""] * width)[:width]]
        for row in rows[1:]
    ]
    return [key(title) for title in rows[0]], np.array(numbers)


def key(title):
    """A column's title as the engine names the variable."""
    name, bracket, subscripts = title.partition("[")
    if not bracket:
        return canonical(title)
    elements = [canonical(element) for element in subscripts.rstrip("]").split(",")]
    return f"{canonical(name)}[{','.join(elements)}]"


def compared(case, suite=SUITE):
    """Our numbers of a case against those expected, at the times expected."""
    folder = suite / case
    models = sorted(folder.glob("*.mdl"))
    model = read_file(folder / MAIN.get(case, models[0].name))
    system, clock = compile_model(model), clock_of(model)
    saved = integrate(system, default_inputs(model, system.inputs), clock, 1)
    ours = dict(zip(system.kept, saved[:, :, 0], strict=True))
    titles, numbers = expected(folder)
    places = np.searchsorted(clock.saved, numbers[:, 0] - 1e-6)
    if not np.allclose(clock.saved[places], numbers[:, 0], atol=1e-6, rtol=0.0):
        return Compared(case, 0, np.inf, "times")
    tables = {name for name in model.variables if name not in ours}
    tolerance, columns, largest, where = WIDE.get(case, TOLERANCE), 0, 0.0, ""
    for column, name in enumerate(titles[1:], 1):
        given = np.isfinite(numbers[:, column])
        if name in tables or not given.any():
            continue
        columns += 1
        wanted = numbers[given, column]
        apart = np.abs(ours[name][places][given] - wanted) / (1.0 + np.abs(wanted)) / tolerance
        if not (worst := float(np.max(apart))) <= largest:
            largest, where = worst, name
    return Compared(case, columns, largest, where)


def page(found):
    """The page of the suite, in Markdown."""
    git = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()
    passing = sum(each.passes for each in found)
    rows = "\n".join(
        f"| {each.case} | {each.columns} | {each.largest * WIDE.get(each.case, TOLERANCE):.1e} "
        f"| {WIDE.get(each.case, TOLERANCE):g} |"
        for each in found
    )
    return PAGE_TEXT.format(passing=passing, cases=len(found), commit=commit, rows=rows)


PAGE_TEXT = """\
# The community's models

Written by `python benchmarks/conformance.py` at commit {commit}: **{passing} of {cases} cases
pass.** The models are those of SDXorg/test-models (MIT), each for one feature of the language, with
the results that their authors expect; they lie beside the project, in `../shared/conformance`.

The largest difference is that of all columns and times, divided by one plus the number expected;
the expected numbers have six digits.

| case | columns | largest difference | allowed |
| --- | --- | --- | --- |
{rows}
"""


def main():
    suite = Path(sys.argv[1]) if len(sys.argv) > 1 else SUITE
    found = []
    for case in cases(suite):
        try:
            found.append(compared(case, suite))
        except Exception as error:
            found.append(Compared(case, 0, np.inf, repr(error)[:200]))
        if not found[-1].passes:
            print(f"{case}: {found[-1]}")
    print(f"{sum(each.passes for each in found)} of {len(found)} cases pass")
    if suite == SUITE and found:
        PAGE.write_text(page(found), encoding="utf-8")
    return 0 if found and all(each.passes for each in found) else 1


if __name__ == "__main__":
    sys.exit(main())
