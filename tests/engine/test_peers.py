"""A model of World3's size against a second engine, simlin, which computes one member."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from sim.engine.compile import compile_model
from sim.engine.integrate import clock_of, default_inputs, integrate
from sim.engine.model import CONTROL, Auxiliary, Lookup, Stock, parts
from sim.engine.vensim import read_mdl

REGIONS = Path(__file__).parents[2] / "benchmarks" / "models" / "regions.mdl"
SIMLIN = importlib.util.find_spec("simlin") is not None


@pytest.fixture(scope="module")
def regions():
    return read_mdl(REGIONS)


def test_the_model_of_the_benchmarks_is_as_large_as_world3(regions):
    definitions = [variable.definition for variable in regions.variables.values()]
    assert sum(isinstance(each, Stock | Auxiliary) for each in definitions) >= 176
    lookups = [part for each in definitions for part in parts(each) if isinstance(part, Lookup)]
    assert len(lookups) >= 50
    assert "SMOOTH3(" in REGIONS.read_text(encoding="utf-8")


@pytest.mark.skipif(not SIMLIN, reason="pysimlin is not installed")
@pytest.mark.parametrize("kernel", ["numpy", "numba"])
def test_all_variables_equal_simlins(regions, kernel):
    if kernel == "numba":
        pytest.importorskip("numba")
    import simlin

    theirs = simlin.load(str(REGIONS)).run(analyze_loops=False).results
    clock = clock_of(regions)
    shown = [name for name in regions.results if name not in CONTROL]
    own = [name for name in shown if not regions.variables[name].owner]
    system = compile_model(regions, {}, own, kernel)
    ours = integrate(system, default_inputs(regions, system.inputs), clock, 1)[:, :, 0]
    np.testing.assert_allclose(theirs.index, clock.saved)
    columns = {name.replace(" ", "_"): name for name in theirs.columns}
    assert len(own) > 150
    for name, found in zip(own, ours, strict=True):
        wanted = theirs[columns[name]].to_numpy()
        np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=0.0, err_msg=name)
