"""The community's models give the results that their authors expect (SDXorg/test-models)."""

import csv
from pathlib import Path

import numpy as np
import pytest

from sim.engine.compile import compile_model
from sim.engine.integrate import clock_of, default_inputs, integrate
from sim.engine.model import canonical
from sim.engine.vensim import read_mdl

SUITE = Path(__file__).parents[3] / "shared" / "conformance"
CASES = sorted(path.name for path in SUITE.glob("*") if path.is_dir()) or ["conformance"]
MAIN = {"get_time_value": "test_get_time_value_simple.mdl", "teacup": "teacup.mdl"}
"""Which model of several the expected output belongs to."""
WIDE = {"allocate_available": 2e-2}
"""Tolerances wider than 1e-5: Vensim itself solves these roughly."""


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


@pytest.mark.parametrize("case", CASES)
def test_a_model_of_the_community_gives_its_known_results(case):
    folder = SUITE / case
    if not folder.is_dir():
        pytest.skip(f"{folder} is not here")
    models = sorted(folder.glob("*.mdl"))
    model = read_mdl(folder / MAIN.get(case, models[0].name))
    system, clock = compile_model(model), clock_of(model)
    saved = integrate(system, default_inputs(model, system.inputs), clock, 1)
    ours = dict(zip(system.kept, saved[:, :, 0], strict=True))
    titles, numbers = expected(folder)
    places = np.searchsorted(clock.saved, numbers[:, 0] - 1e-6)
    np.testing.assert_allclose(clock.saved[places], numbers[:, 0], atol=1e-6)
    tables = {name for name in model.variables if name not in ours}
    tolerance = WIDE.get(case, 1e-5)
    for column, name in enumerate(titles[1:], 1):
        if name in tables or not np.isfinite(numbers[:, column]).any():
            continue
        given = np.isfinite(numbers[:, column])
        np.testing.assert_allclose(
            ours[name][places][given],
            numbers[given, column],
            rtol=tolerance,
            atol=tolerance,
            err_msg=name,
        )
