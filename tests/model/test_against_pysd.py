"""The county model here and in PySD: every variable, every saved time, every scenario.

Five sixths of PySD's time goes into `xarray.interp` of single numbers. The random members run
with that one step done by `numpy.interp`; a test holds such a run equal to an untouched one.
"""

import warnings

import numpy as np
import pytest

from sim import data
from sim.commands.result import study_of
from sim.config import compose
from sim.engine.compile import compile_model
from sim.engine.model import canonical
from sim.ensemble.inputs import draw_inputs
from sim.ensemble.scenario import list_scenarios
from sim.ensemble.simulate import simulate, simulate_members, varying_dims

SCENARIOS = sorted(list_scenarios([data.data_folder() / "scenarios"]))
MEMBERS = 4
"""Of each scenario: sixty in all."""


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """The model in PySD."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pysd

        copy = tmp_path_factory.mktemp("pysd") / "qinshui.mdl"
        copy.write_text(data.model_file().read_text(encoding="utf-8"), encoding="utf-8")
        return pysd.read_vensim(str(copy))


@pytest.fixture
def quick(reference, monkeypatch):
    """The same model, whose lookups of a number are interpolated by NumPy."""
    from pysd.py_backend.lookups import Lookups

    slow, points = Lookups._call, {}

    def call(self, data, x, final_subs=None):
        scalar = np.ndim(x) == 0 and np.ndim(data) == 1 and self.is_float
        if not scalar or self.interp != "interpolate":
            return slow(self, data, x, final_subs)
        if id(data) not in points:  # `data` is kept too, so that its id stays its own
            points[id(data)] = (data, data["lookup_dim"].values, data.values)
        _, across, up = points[id(data)]
        return float(np.interp(float(x), across, up))

    monkeypatch.setattr(Lookups, "_call", call)
    return reference


def run_pysd(reference, params):
    """PySD's run: arrays over time, by canonical name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = reference.run(params=params)
    return {canonical(name): table[name].to_numpy(dtype=float) for name in table}


def assert_equal(ours, theirs, name):
    """Equal to 1e-9 of the largest value that the variable takes."""
    scale = np.max(np.abs(theirs))
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9 * scale, err_msg=name)


def as_params(inputs, written, scenario, draw):
    """One member's inputs as PySD takes them: numbers, and series over time."""
    import pandas as pd

    params = {}
    for name, column in inputs.data_vars.items():
        own = column.isel(scenario=scenario, draw=draw, missing_dims="ignore")
        times = [dim for dim in ("year", "step") if dim in own.dims]
        value = pd.Series(own.values, own[times[0]].values) if times else float(own)
        params[written[name]] = value
    return params


def test_the_model_as_it_stands_gives_the_numbers_of_pysd(reference):
    model = study_of(compose(draws=1, method="euler")).model
    ours = simulate_members(model)
    theirs = run_pysd(reference, {})
    assert len(ours.data_vars) > 200
    for name, values in ours.data_vars.items():
        assert_equal(values.values[0], theirs[name], name)


def test_quick_lookups_change_no_number_of_pysd(reference, request):
    untouched = run_pysd(reference, {})
    quick = run_pysd(request.getfixturevalue("quick"), {})
    for name, values in untouched.items():
        np.testing.assert_allclose(quick[name], values, rtol=1e-13, err_msg=name)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_random_members_of_a_scenario_give_the_numbers_of_pysd(scenario, quick):
    words = {"sampling": "random", "keep": "all", "method": "euler"}  # as PySD integrates
    settings = compose(scenario=scenario, draws=MEMBERS, seed=11, **words)
    study = study_of(settings)
    scenarios = settings.scenarios[:1]
    inputs = draw_inputs(study.model, study.table, scenarios, study.clock, MEMBERS, 11, "random")
    system = compile_model(study.model, varying_dims(inputs), study.model.results)
    runs = simulate(study.model, system, inputs, study.clock)
    written = {name: variable.written for name, variable in study.model.variables.items()}
    for draw in range(MEMBERS):
        theirs = run_pysd(quick, as_params(inputs, written, 0, draw))
        for name, values in runs.data_vars.items():
            assert_equal(values.values[0, draw], theirs[name], f"{scenario}, draw {draw}: {name}")
