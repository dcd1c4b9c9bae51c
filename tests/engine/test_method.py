"""A model is integrated by the method that its file asks for, or by the nearest one."""

import sys
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest

import sim
from sim import data
from sim.engine.compile import KERNELS, compile_model
from sim.engine.integrate import clock_of, default_inputs, integrate, varying_of
from sim.engine.method import EULER, Method, method_of_xmile
from sim.text import Refused

GROWTH = """{UTF-8}
x = INTEG(x, 1) ~~|
INITIAL TIME = 0 ~ Year ~ |
FINAL TIME = 1 ~ Year ~ |
TIME STEP = 0.5 ~ Year ~ |
SAVEPER = TIME STEP ~ Year ~ |
"""
SKETCH = """\\\\\\---/// Sketch information - do not modify anything except names
V300  Do not put anything below this section - it will be ignored
*View 1
$192-192-192,0,Times New Roman|12||0-0-0|0-0-0|0-0-255|-1--1--1|-1--1--1|96,96,100,0
10,1,x,307,235,40,20,3,3,0,0,15:0,0,0,0,0,0
///---\\\\\\
:L\x7f<%^E!@
1:Current.vdf
9:Current
15:0,0,0,{},0,0
19:100,0
"""
STELLA = """<?xml version="1.0" encoding="utf-8"?>
<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<header><vendor>isee systems, inc.</vendor><product version="1.9.4" lang="en">Stella</product>
</header>
<sim_specs {} time_units="Years"><start>0</start><stop>1</stop><dt>0.5</dt></sim_specs>
<model><variables>
<stock name="x"><eqn>1</eqn><inflow>growth</inflow></stock>
<flow name="growth"><eqn>x</eqn></flow>
</variables></model></xmile>
"""
BY_EULER, BY_RK4 = 1.5**2, (1 + 0.5 + 0.5**2 / 2 + 0.5**3 / 6 + 0.5**4 / 24) ** 2
"""What x has grown to after two steps of a half."""


def vensim(folder, code, text=GROWTH):
    (folder / "m.mdl").write_bytes((text + SKETCH.format(code)).replace("\n", "\r\n").encode())
    return folder / "m.mdl"


def stella(folder, method):
    (folder / "m.stmx").write_text(STELLA.format(method), encoding="utf-8")
    return folder / "m.stmx"


def last(model, **words):
    return float(sim.simulate(model, **words)["x"][0, -1])


@pytest.mark.parametrize(
    ("code", "method"),
    [
        (0, EULER),
        (1, Method("rk4", "RK4 Auto")),
        (2, Method("euler", "Diff")),
        (3, Method("rk4", "RK2 Fixed")),
        (4, Method("rk4", "RK2 Auto")),
        (5, Method("rk4")),
        (9, EULER),
    ],
)
def test_vensim_s_settings_name_the_method(tmp_path, code, method):
    model = sim.load_model(vensim(tmp_path, code))
    assert model.method == method
    assert last(model) == pytest.approx(BY_RK4 if method.name == "rk4" else BY_EULER, rel=1e-14)


@pytest.mark.parametrize(
    ("written", "method"),
    [
        ("Euler", EULER),
        ("", EULER),
        ("RK4", Method("rk4")),
        ("rk2", Method("rk4", "rk2")),
        ("RK45", Method("rk4", "RK45")),
        ("Gear, RK4", Method("rk4", "Gear")),
        ("stiff", Method("euler", "stiff")),
    ],
)
def test_a_file_of_xmile_names_the_method(tmp_path, written, method):
    assert method_of_xmile(written) == method
    model = sim.load_model(stella(tmp_path, f'method="{written}"' if written else ""))
    assert model.method == method
    assert last(model) == pytest.approx(BY_RK4 if method.name == "rk4" else BY_EULER, rel=1e-14)


def test_a_file_that_names_no_method_is_integrated_by_euler_s(tmp_path):
    (tmp_path / "m.mdl").write_text(GROWTH, encoding="utf-8")
    assert sim.load_model(tmp_path / "m.mdl").method == EULER


def test_a_method_that_is_asked_for_comes_before_the_file_s(tmp_path):
    model = sim.load_model(vensim(tmp_path, 5))
    assert last(model, method="euler") == BY_EULER
    assert last(sim.load_model(vensim(tmp_path, 0)), method="rk4") == pytest.approx(BY_RK4)
    with pytest.raises(Refused, match="rk4"):
        sim.simulate(model, method="rk5")


def test_a_macro_with_outputs_leaves_the_method_as_it_is(tmp_path):
    body = GROWTH.replace("x = INTEG(x, 1)", "x = DELAYP(2, 3: y) ~~|\nz = y")
    assert sim.load_model(vensim(tmp_path, 5, body)).method == Method("rk4")


def test_the_county_s_own_model_names_no_method():
    assert sim.load_model(data.model_file()).method == EULER


@pytest.mark.skipif(sys.platform != "linux", reason="simlin is installed on Linux alone")
@pytest.mark.parametrize("code", [0, 1, 5])
def test_simlin_takes_the_same_method_from_the_same_files(tmp_path, code):
    import generated

    for file in (
        vensim(tmp_path, code),
        stella(tmp_path, f'method="{"RK4" if code else "Euler"}"'),
    ):
        ours = sim.simulate(sim.load_model(file))["x"].values[0]
        np.testing.assert_allclose(ours, generated.of_simlin(file)["x"], rtol=1e-13)


HELD = """{UTF-8}
of time = INTEG(Time, 0) ~~|
of a table = INTEG(table(Time), 0) ~~|
table((0,0), (4,4)) ~~|
of a level = INTEG(WITH LOOKUP(Time, ((0,0), (4,4))), 0) ~~|
of a path = INTEG(path, 0) ~~|
path = WITH LOOKUP(Time, ((0,0), (4,4))) ~~|
of a step = INTEG(STEP(1, 0.75), 0) ~~|
of a ramp = INTEG(RAMP(1, 0, 9), 0) ~~|
of a pulse = INTEG(PULSE(1, 0.5), 0) ~~|
of pulses = INTEG(PULSE TRAIN(0, 0.5, 2, 9), 0) ~~|
of data = INTEG(data, 0) ~~|
data ~~|
of raw data = INTEG(raw data, 0) ~~|
raw data :LOOK FORWARD: := data ~~|
of moved data = INTEG(GET DATA BETWEEN TIMES(data, Time, 0), 0) ~~|
of a delay = INTEG(DELAY FIXED(Time, wait, 0), 0) ~~|
wait = 1 ~~|
INITIAL TIME = 0 ~ Year ~ |
FINAL TIME = 3 ~ Year ~ |
TIME STEP = 1 ~ Year ~ |
SAVEPER = TIME STEP ~ Year ~ |
"""
CONTINUOUS, BY_STEP = [0, 0.5, 2, 4.5], [0, 0, 1, 3]
"""The integral of Time, and of what is the time at which the step began."""


@pytest.fixture
def holding(tmp_path):
    (tmp_path / "m.mdl").write_text(HELD, encoding="utf-8")
    (tmp_path / "m.csv").write_text("Time,data\n0,0\n4,4\n", encoding="utf-8")
    return sim.load_model(tmp_path / "m.mdl")


@pytest.mark.parametrize("kernel", [name for name in KERNELS if find_spec(name)])
def test_runge_and_kutta_hold_test_inputs_data_and_fixed_delays_within_a_step(holding, kernel):
    clock = replace(clock_of(holding), method="rk4")
    wait = {"wait": np.array([1.0, 2.0])}
    system = compile_model(holding, varying_of(wait), kernel=kernel)
    values = {**default_inputs(holding, system.inputs), **wait}
    found = dict(zip(system.kept, integrate(system, values, clock, 2), strict=True))
    expected = {
        "of_time": CONTINUOUS,
        "of_a_table": CONTINUOUS,
        "of_a_level": CONTINUOUS,
        "of_a_path": CONTINUOUS,
        "of_a_step": [0, 0, 1, 2],
        "of_a_ramp": BY_STEP,
        "of_a_pulse": [0, 0, 1, 1],
        "of_pulses": [0, 1, 1, 2],
        "of_data": BY_STEP,
        "of_raw_data": [0, 0, 4, 8],
        "of_moved_data": CONTINUOUS,
    }
    for name, wanted in expected.items():
        for member in (0, 1):
            np.testing.assert_allclose(found[name][:, member], wanted, rtol=1e-15, err_msg=name)
    assert found["of_a_delay"].T.tolist() == [[0, 0, 0, 1], [0, 0, 0, 0]]


CHANCE = """{UTF-8}
x = INTEG(draw, 0) ~~|
late = INTEG(DELAY FIXED(Time, 1, 0), 0) ~~|
draw = RANDOM UNIFORM(0, 1, 7) ~~|
INITIAL TIME = 0 ~ Year ~ |
FINAL TIME = 3 ~ Year ~ |
TIME STEP = IF THEN ELSE(Time < 1, 1, 0.25) ~ Year ~ |
SAVEPER = TIME STEP ~ Year ~ |
"""


def test_runge_and_kutta_hold_random_numbers_and_delays_where_the_step_changes(tmp_path):
    (tmp_path / "m.mdl").write_text(CHANCE, encoding="utf-8")
    runs = sim.simulate(sim.load_model(tmp_path / "m.mdl"), method="rk4", members=2)
    lengths = np.array([1.0, *[0.25] * 8])
    moved = np.cumsum(runs["draw"].values[:, :-1] * lengths, axis=1)
    np.testing.assert_allclose(runs["x"].values[:, 1:], moved, rtol=1e-14)
    gone = np.array([0, 0, 0, 0, 0, 1, 1.25, 1.5, 1.75])  # four of the shortest steps late
    assert runs["late"].values[0, 1:].tolist() == np.cumsum(gone * lengths).tolist()
