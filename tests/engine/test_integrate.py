"""Known answers: analytic solutions, order of convergence, a member alone and in a crowd."""

import numpy as np
import pytest

import sim
from sim.engine import functions

TEACUP = """{UTF-8}
temperature = INTEG(-(temperature - room) / cooling time, start) ~ Dmnl ~ |
room = 20 ~ Dmnl ~ |
cooling time = 10 ~ Year ~ |
start = 90 ~ Dmnl ~ |
INITIAL TIME = 0 ~ Year ~ |
FINAL TIME = 30 ~ Year ~ |
TIME STEP = 0.5 ~ Year ~ |
SAVEPER = 30 ~ Year ~ |
"""
OSCILLATOR = """{UTF-8}
position = INTEG(speed, 3) ~ m ~ |
speed = INTEG(-stiffness*position, 2*SQRT(stiffness)) ~ m/Year ~ |
stiffness = 0.25 ~ 1/(Year*Year) ~ |
INITIAL TIME = 0 ~ Year ~ |
FINAL TIME = 10 ~ Year ~ |
TIME STEP = 0.125 ~ Year ~ |
SAVEPER = 10 ~ Year ~ |
"""
LOGISTIC = """{UTF-8}
people = INTEG(growth * people * (1 - people / capacity), 1) ~ Dmnl ~ |
growth = 0.3 ~ 1/Year ~ |
capacity = 100 ~ Dmnl ~ |
noise = 0 ~ Dmnl ~ |
wobble = INTEG(noise - LN(people) * EXP(-people / capacity) ^ 1.3, 0.5) ~ Dmnl ~ |
chosen = IF THEN ELSE(people > 30, SQRT(people), people ^ growth) ~ Dmnl ~ |
INITIAL TIME = 0 ~ Year ~ |
FINAL TIME = 20 ~ Year ~ |
TIME STEP = 0.125 ~ Year ~ |
SAVEPER = 1 ~ Year ~ |
"""


@pytest.fixture
def teacup(tmp_path):
    (tmp_path / "teacup.mdl").write_text(TEACUP, encoding="utf-8")
    return sim.load_model(tmp_path / "teacup.mdl")


@pytest.fixture
def logistic(tmp_path):
    (tmp_path / "logistic.mdl").write_text(LOGISTIC, encoding="utf-8")
    return sim.load_model(tmp_path / "logistic.mdl")


@pytest.fixture
def oscillator(tmp_path):
    (tmp_path / "oscillator.mdl").write_text(OSCILLATOR, encoding="utf-8")
    return sim.load_model(tmp_path / "oscillator.mdl")


@pytest.mark.parametrize(("method", "order"), [("euler", 1), ("rk4", 4)])
@pytest.mark.parametrize(
    ("name", "variable", "exact"),
    [
        ("teacup", "temperature", 20 + 70 * np.exp(-30 / 10)),
        ("oscillator", "position", 3 * np.cos(5.0) + 2 * np.sin(5.0)),
        ("logistic", "people", 100 / (1 + 99 * np.exp(-0.3 * 20))),
    ],
)
def test_halving_the_step_cuts_the_error_as_the_order_says(
    request, method, order, name, variable, exact
):
    def error(step):
        model = request.getfixturevalue(name)
        runs = sim.simulate(model, {"time_step": step}, method=method, keep=[variable])
        return abs(float(runs[variable][0, -1]) - exact)

    fine = {"euler": 2.0**-9, "rk4": 2.0**-4}[method]
    assert error(2 * fine) / error(fine) == pytest.approx(2**order, rel=0.12)


def test_a_logistic_curve_meets_its_closed_form(logistic):
    runs = sim.simulate(logistic, {"growth": np.array([0.2, 0.3])}, keep=["people"], method="rk4")
    for member, growth in enumerate((0.2, 0.3)):
        exact = 100 / (1 + 99 * np.exp(-growth * runs["time"].values))
        np.testing.assert_allclose(runs["people"].values[member], exact, rtol=1e-7)


def test_a_member_alone_equals_the_member_in_the_crowd_to_the_bit(logistic):
    rng = np.random.default_rng(3)
    growth, capacity = rng.uniform(0.1, 0.6, 1003), rng.uniform(50, 150, 1003)
    crowd = sim.simulate(logistic, {"growth": growth, "capacity": capacity})
    for member in (0, 1, 500, 1000, 1001, 1002):
        one = slice(member, member + 1)
        alone = sim.simulate(logistic, {"growth": growth[one], "capacity": capacity[one]})
        for name in crowd.data_vars:
            assert np.array_equal(crowd[name].values[one], alone[name].values), name


@pytest.mark.parametrize("length", [0.1, 0.125, 1.0])
def test_a_stock_moves_to_the_same_bit_wherever_its_member_lies(length):
    rng = np.random.default_rng(8)
    flow, stock = rng.normal(size=(2, 203))
    move = functions.mover(np.full(3, length))
    for first, last in ((0, 203), (0, 1), (1, 40), (40, 203)):
        moved = stock[first:last].copy()
        move(flow[first:last].copy(), moved, last - first, length)
        assert np.array_equal(moved, stock[first:last] + flow[first:last] * length)


def test_a_path_by_year_is_linear_between_its_years_and_flat_outside(logistic):
    runs = sim.simulate(logistic, {"capacity": {5: 50.0, 10: 100.0}}, keep=["capacity"])
    assert runs["capacity"].sel(time=[0, 5, 7, 10, 20]).values[0] == pytest.approx(
        [50, 50, 70, 100, 100]
    )


def test_a_path_of_the_model_may_be_replaced_by_a_number(tmp_path):
    text = LOGISTIC.replace("capacity = 100 ~", "capacity = WITH LOOKUP(Time, ((0,50),(9,100))) ~")
    (tmp_path / "m.mdl").write_text(text, encoding="utf-8")
    model = sim.load_model(tmp_path / "m.mdl")
    assert (sim.simulate(model, {"capacity": 80.0})["capacity"] == 80.0).all()
    several = sim.simulate(model, {"capacity": np.array([70.0, 80.0])})["capacity"]
    assert several.values[:, -1].tolist() == [70.0, 80.0]
    assert sim.simulate(model)["capacity"].values[0, 9] == 100.0


@pytest.mark.parametrize("method", ["euler", "rk4"])
def test_a_fixed_delay_returns_what_went_in_by_either_method(tmp_path, method):
    body = "late = DELAY FIXED(Time * 2, wait, 0.5) ~ Dmnl ~ |\nwait = 3 ~ Year ~ |\n"
    (tmp_path / "m.mdl").write_text(LOGISTIC + body, encoding="utf-8")
    values = {"wait": np.array([3.0, 0.125, 5.5])}
    runs = sim.simulate(sim.load_model(tmp_path / "m.mdl"), values, ["late"], method)
    for member, wait in enumerate(values["wait"]):
        gone = runs["time"].values - wait
        expected = np.where(gone < 0, 0.5, 2 * gone)
        np.testing.assert_allclose(runs["late"].values[member], expected, rtol=1e-12)


def test_only_what_is_wanted_and_what_it_needs_is_computed(logistic):
    from sim.engine.compile import compile_model

    system = compile_model(logistic, keep=["people"])
    assert system.stocks == ("people",)
    assert "wobble" not in system.source


def test_compiled_source_shows_the_equation_above_its_operations(logistic):
    from sim.engine.compile import compile_model

    source = compile_model(logistic).source
    assert "# chosen = IF THEN ELSE(people > 30, SQRT(people), people ^ growth)" in source
    compile(source, "model.py", "exec")


def test_a_member_that_turns_infinite_leaves_the_others_alone(logistic):
    runs = sim.simulate(logistic, {"growth": np.array([0.3, 1e308]), "capacity": 100.0})
    assert np.isfinite(runs["people"].values[0]).all()
    assert not np.isfinite(runs["people"].values[1]).all()


def test_results_carry_units_and_the_name_as_written(logistic):
    runs = sim.simulate(logistic, keep="all")
    assert runs["people"].attrs["units"] == "Dmnl"
    assert runs["time_step"].attrs["name"] == "TIME STEP"
    assert dict(runs.sizes) == {"member": 1, "time": 21}


def test_buffers_begin_with_a_cache_line():
    arrays = [functions.aligned(*shape) for shape in ((5,), (3, 7), (4096,), (0, 4))]
    assert [array.shape for array in arrays] == [(5,), (3, 7), (4096,), (0, 4)]
    assert all(array.ctypes.data % 64 == 0 for array in arrays if array.size)
