"""Functions that are written out as stocks, pipelines and readings of tables: values worked out by
hand from Vensim's manual, in NumPy and in numba alike."""

import importlib.util
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

import sim
from sim.engine.compile import compile_model
from sim.engine.dimensions import wrong_units
from sim.engine.integrate import clock_of, default_inputs, integrate, varying_of

NUMBA = importlib.util.find_spec("numba") is not None
KERNELS = [
    "numpy",
    pytest.param("numba", marks=pytest.mark.skipif(not NUMBA, reason="numba is not installed")),
]
CLOCK = """INITIAL TIME = 0 ~ Year ~ |
FINAL TIME = 6 ~ Year ~ |
TIME STEP = 1 ~ Year ~ |
SAVEPER = 1 ~ Year ~ |
"""
NONE = float("nan")


def model_of(folder, body, clock=CLOCK):
    (folder / "m.mdl").write_text("{UTF-8}\n" + body + clock, encoding="utf-8")
    return sim.load_model(folder / "m.mdl")


def series(model, name, kernel, inputs=None, members=1, method="euler"):
    inputs = inputs or {}
    system = compile_model(model, varying_of(inputs), [name], kernel)
    values = {**default_inputs(model, system.inputs), **inputs}
    clock = replace(clock_of(model), method=method)
    return integrate(system, values, clock, members)[0].T


def assert_gives(folder, body, equation, expected, kernel):
    found = series(model_of(folder, f"{body}x = {equation} ~~|\n"), "x", kernel)[0]
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


TABLE = "f((0, 1), (1, 2), (2, 2.5)) ~~|\n"


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize(
    ("equation", "expected"),
    [
        # of x = -1, -0.5 … 2: at a point the mean of the slopes on both sides
        ("LOOKUP SLOPE(f, Time/2 - 1, 0)", [0, 0, 1, 1, 0.75, 0.5, 0.5]),
        ("LOOKUP SLOPE(f, Time/2 - 1, 1)", [1, 1, 1, 1, 0.75, 0.5, 0.5]),
        ("LOOKUP SLOPE(f, Time/2 - 1, -1)", [NONE, NONE, 1, 1, 0.75, 0.5, 0.5]),
        ("LOOKUP SLOPE(f, 5 - Time, 0)", [0, 0, 0, 0.5, 0.75, 1, 0]),
        # level outside: 1 before 0, 2.5 after 2; under the table 1.5 and 2.25
        ("LOOKUP AREA(f, -1, Time)", [1, 2.5, 4.75, 7.25, 9.75, 12.25, 14.75]),
        ("LOOKUP AREA(f, 0.5, 1.5)", [0.875 + 1.0625] * 7),
        ("LOOKUP AREA(f, 2, 0)", [-3.75] * 7),
    ],
)
def test_slope_and_area_of_a_table(tmp_path, equation, expected, kernel):
    assert_gives(tmp_path, TABLE, equation, expected, kernel)


@pytest.mark.parametrize(
    ("arguments", "expected"), [("0, 1", 1.0), ("2, 4", 4.0), (".5, 2.5", 3.0)]
)
def test_the_manual_s_examples_of_an_area(tmp_path, arguments, expected):
    look = "look((0, 1), (1, 1), (2, 2)) ~~|\n"
    assert_gives(tmp_path, look, f"LOOKUP AREA(look, {arguments})", [expected] * 7, "numpy")


DATA = "price ~~|\n"
PRICES = "year,price\n1,10\n2,20\n4,50\n"


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize(
    ("equation", "expected"),
    [
        ("GET DATA BETWEEN TIMES(price, Time, 0)", [NONE, 10, 20, 35, 50, NONE, NONE]),
        ("GET DATA BETWEEN TIMES(price, Time, 1)", [NONE, 10, 20, 50, 50, NONE, NONE]),
        ("GET DATA BETWEEN TIMES(price, Time, -1)", [NONE, 10, 20, 20, 50, NONE, NONE]),
        ("GET DATA BETWEEN TIMES(price, MAX(Time - 2, 1), 0)", [10, 10, 10, 10, 20, 35, 50]),
        ("GET DATA AT TIME(price, Time)", [NONE, 10, 20, NONE, 50, NONE, NONE]),
        ("GET DATA FIRST TIME(price) + 10*GET DATA LAST TIME(price)", [41] * 7),
        ("GET DATA MAX(price, 1, Time)", [NONE, 10, 20, 20, 50, 50, 50]),
        ("GET DATA MIN(price, Time, 9)", [10, 10, 20, 50, 50, NONE, NONE]),
        ("GET DATA MEAN(price, 2, Time)", [NONE, NONE, 20, 20, 35, 35, 35]),
        ("GET DATA TOTAL POINTS(price, 0, Time)", [0, 1, 2, 2, 3, 3, 3]),
        ("INITIAL(GET DATA BETWEEN TIMES(price, 3, 0))", [35] * 7),
        ("TIME SHIFT(price, 1)", [10, 20, 35, 50, 50, 50, 50]),
    ],
)
def test_data_are_read_at_other_times(tmp_path, equation, expected, kernel):
    (tmp_path / "m.csv").write_text(PRICES, encoding="utf-8")
    assert_gives(tmp_path, DATA, equation, expected, kernel)


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize(
    ("equation", "expected"),
    [
        ("x := TIME SHIFT(price, 1)", [10, 20, 35, 50, 50, 50, 50]),
        ("x := TIME SHIFT(price, back)", [10, 10, 10, 20, 35, 50, 50]),
        ("x :HOLD BACKWARD: := TIME SHIFT(price, 1)", [10, 20, 20, 50, 50, 50, 50]),
        ("x :LOOK FORWARD: := price", [10, 10, 20, 50, 50, 50, 50]),
        ("x :RAW: := 2*price + 1", [NONE, 21, 41, NONE, 101, NONE, NONE]),
        ("x := GET DATA AT TIME(ahead, Time)", [10, 20, NONE, 50, NONE, NONE, NONE]),
    ],
)
def test_data_equations_are_read_between_points_as_their_keyword_says(
    tmp_path, equation, expected, kernel
):
    (tmp_path / "m.csv").write_text(PRICES, encoding="utf-8")
    body = DATA + f"back = -1 ~~|\nahead := TIME SHIFT(price, 1) ~~|\n{equation} ~~|\n"
    found = series(model_of(tmp_path, body), "x", kernel)[0]
    np.testing.assert_allclose(found, expected)


def test_elements_of_data_and_of_tables_are_read_each_by_its_own_points(tmp_path):
    (tmp_path / "m.csv").write_text("t,p[a],p[b]\n0,1,5\n6,7,5\n", encoding="utf-8")
    body = (
        "d: a, b ~~|\np[d] ~~|\nf[a]((0, 0), (1, 2)) ~~|\nf[b]((0, 0), (1, 4)) ~~|\n"
        "x[d] = GET DATA BETWEEN TIMES(p[d], Time + 1, 0) ~~|\n"
        "y[d] = LOOKUP AREA(f[d], 0, 1) + LOOKUP SLOPE(f[d], 0.5, 0) ~~|\n"
    )
    runs = sim.simulate(model_of(tmp_path, body), keep=["x", "y"])
    assert runs["x"].values[0, 0].tolist() == [2, 5]
    assert runs["y"].values[0, 0].tolist() == [3, 6]


def test_data_that_are_read_at_other_times_are_no_input(tmp_path):
    (tmp_path / "m.csv").write_text(PRICES, encoding="utf-8")
    assert "price" in model_of(tmp_path, DATA).inputs
    model = model_of(tmp_path, DATA + "x = GET DATA AT TIME(price, Time) ~~|\n")
    assert "price" not in model.inputs
    with pytest.raises(sim.Refused, match="price is no constant"):
        sim.simulate(model, {"price": 3.0})


VECTOR = "d: d1, d2, d3 ~~|\nv[d] = 1, 3, 4 ~~|\n"


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (0, [1, 1, 1, 2, 3, 3.5, 4]),
        (2, [1, 1, 1, 1, 3, 3, 4]),
        (3, [-1, 0, 1, 2, 3, 3.5, 4]),
        (4, [1, 1, 1, 3, 3, 4, 4]),
    ],
)
def test_a_vector_is_read_as_a_table(tmp_path, mode, expected, kernel):
    call = f"VECTOR LOOKUP(v[d1], 10 + 5*Time, 20, 40, {mode})"
    assert_gives(tmp_path, VECTOR, call, expected, kernel)


PULSE = "s = STEP(12, 1) - STEP(12, 2) ~~|\nflat((0, 1), (1, 1)) ~~|\nlag = 3 ~~|\nnil = 0 ~~|\n"
SHARES = "y: y1, y2, y3 ~~|\nshare[y] = 50, 30, 20 ~~|\n"


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize(
    ("equation", "expected"),
    [
        ("SAMPLE UNTIL(3, 2*Time, -1)", [-1, 0, 2, 4, 4, 4, 4]),
        # 12 in year 1: a third of it in each of three years
        ("DEPRECIATE STRAIGHTLINE(s, lag, 1, 0)", [0, 4, 4, 4, 0, 0, 0]),
        # periods of two years: half in the first, as it is invested, half evenly in the second
        ("DEPRECIATE STRAIGHTLINE(s, 4, 2, 0)", [0, 6, 3, 3, 0, 0, 0]),
        ("DEPRECIATE STRAIGHTLINE(s, 1, 1, 9)", [0, 12, 0, 0, 0, 0, 0]),
        ("DEPRECIATE STRAIGHTLINE(5, lag, 1, 5)", [5] * 7),
        ("DEPRECIATE STRAIGHTLINE(0, 3.4, 1, 6)", [4, 2, 0, 0, 0, 0, 0]),
        ("DEPRECIATE BY SCHEDULE(s, share[y1], nil, 3, Time)", [0, 6, 3.6, 2.4, 0, 0, 0]),
        # the first period ends at 1
        ("DEPRECIATE BY SCHEDULE(s, share[y1], nil, 6, 1)", [0, 6, 0, 1.8, 1.8, 1.2, 1.2]),
        # a third of 30 comes out each year, a tenth of what is left leaks
        ("DELAY CONVEYOR(s, lag, 0, flat, 30, lag)", [10, 10, 10, 0, 12, 0, 0]),
        ("DELAY CONVEYOR(s, lag, 0.1, flat, 30, lag)", [10, 9, 8.1, 0, 12 * 0.9**3, 0, 0]),
        ("DELAY CONVEYOR(0, 4, 0, TILT, 32, 4)", [14, 10, 6, 2, 0, 0, 0]),
        # from 0 to 4 years, evenly: shares of 1.5, 1, 1 and 0.5 years
        ("DELAY PROFILE(flat, s, 2, 0, 0)", [0, 0, 4.5, 3, 3, 1.5, 0]),
        ("DELAY PROFILE(flat, 7, lag, 7, 0)", [7] * 7),
        ("DELAY INFORMATION(Time, 2, -1)", [-1, -1, 0, 1, 2, 3, 4]),
        ("DELAYP(s, lag)", [0, 0, 0, 0, 12, 0, 0]),
        # a stream of 10, worth 1.25 times less each year, from the end of the first year on
        ("NPVE(10, 0.25, 1, 2)", [2 + 20 * sum(0.8**n for n in range(1, k)) for k in range(2, 9)]),
        ("TIME BASE(2000, 0.25)", [2000, 2000.25, 2000.5, 2000.75, 2001, 2001.25, 2001.5]),
    ],
)
def test_what_went_in_comes_out_by_its_schedule(tmp_path, equation, expected, kernel):
    tilt = "tilt((0, 2), (10, 0)) ~~|\n"
    assert_gives(tmp_path, PULSE + SHARES + tilt, equation, expected, kernel)


def test_what_is_on_its_way_is_the_second_thing_that_delayp_gives(tmp_path):
    body = PULSE + "x = 2*DELAYP(STEP(6, 2), 6 : under way) ~~|\n"
    model = model_of(tmp_path, body)
    assert series(model, "x", "numpy")[0].tolist() == [0, 0, 0, 0, 0, 1.5, 3.75]
    assert series(model, "under_way", "numpy")[0].tolist() == [0, 0, 0, 6, 12, 18, 23.25]


def test_all_that_goes_into_a_profile_comes_out_and_on_the_average_in_time(tmp_path):
    clock = CLOCK.replace("TIME = 6", "TIME = 12").replace("STEP = 1", "STEP = 0.125")
    body = (
        "hill((0, 0), (1, 4), (4, 0)) ~~|\nlag = 3 ~~|\nx = DELAY PROFILE(hill, s, lag, 0, 0) ~~|\n"
        "s = PULSE(0, 0)*8 ~~|\nout = INTEG(x, 0) ~~|\nweighed = INTEG(x*Time, 0) ~~|\n"
    )
    model = model_of(tmp_path, body, clock)
    for lag in (1.0, 3.0, 4.0):
        inputs = {"lag": lag}
        assert series(model, "out", "numpy", inputs)[0, -1] == pytest.approx(1)
        assert series(model, "weighed", "numpy", inputs)[0, -1] == pytest.approx(lag, rel=2e-3)


def test_what_grew_before_the_start_goes_on_growing(tmp_path):
    clock = CLOCK.replace("STEP = 1", "STEP = 0.125")
    body = (
        "hill((0, 0), (1, 4), (4, 0)) ~~|\nx = DELAY PROFILE(hill, s, 2, 100, 0.05) ~~|\n"
        "s = 100*EXP(0.05*Time) ~~|\n"
    )
    found = series(model_of(tmp_path, body, clock), "x", "numpy")[0]
    growth = np.log(found[1:] / found[:-1])
    np.testing.assert_allclose(growth, 0.05, rtol=1e-9)


@pytest.mark.parametrize("kernel", KERNELS)
def test_members_may_differ_in_how_long_they_wait(tmp_path, kernel):
    body = PULSE + (
        "a = DELAY CONVEYOR(s, lag, 0, flat, 0, lag) ~~|\nb = DEPRECIATE STRAIGHTLINE(s, lag, 1, 0)"
        " ~~|\nc = DELAY PROFILE(flat, s, lag, 0, 0) ~~|\n"
    )
    model = model_of(tmp_path, body)
    lags = np.array([1.0, 2.0, 3.0])
    for name in "abc":
        crowd = series(model, name, kernel, {"lag": lags}, 3)
        for lag, found in zip(lags, crowd, strict=True):
            assert np.array_equal(found, series(model, name, kernel, {"lag": lag})[0])
        assert crowd.sum(axis=1)[:2] == pytest.approx([12, 12])


@pytest.mark.parametrize(
    ("look", "expected"),
    [
        ("(0, 1), (1, 1)", stats.uniform(2, 3)),
        ("(0, 0), (0.2, 5), (1, 0)", stats.triang(0.2, 2, 3)),
    ],
)
def test_a_table_is_a_density_to_draw_from(tmp_path, look, expected):
    clock = CLOCK.replace("TIME = 6", "TIME = 24")
    body = f"look({look}) ~~|\nx = RANDOM LOOKUP(look, -9, 99, 2, 3, 7) ~~|\n"
    model = model_of(tmp_path, body, clock)
    drawn = sim.simulate(model, members=400)["x"].values.ravel()
    assert stats.kstest(drawn, expected.cdf).pvalue > 1e-3
    cut = body.replace("-9, 99", "2.5, 3")
    drawn = sim.simulate(model_of(tmp_path, cut, clock), members=400)["x"].values.ravel()
    low, high = expected.cdf([2.5, 3])
    assert stats.kstest((expected.cdf(drawn) - low) / (high - low), "uniform").pvalue > 1e-3


def test_trials_until_so_many_successes_come_as_often_as_they_should(tmp_path):
    clock = CLOCK.replace("TIME = 6", "TIME = 24")
    body = "x = RANDOM NEGATIVE BINOMIAL(0, 1000, 0.4, 3, 0, 1, 7) ~~|\n"
    drawn = sim.simulate(model_of(tmp_path, body, clock), members=400)["x"].values.ravel()
    found = np.bincount(drawn.astype(int), minlength=10)[:10] / len(drawn)
    np.testing.assert_allclose(found, stats.nbinom(3, 0.4).pmf(np.arange(10) - 3), atol=0.015)


@pytest.mark.parametrize(
    ("equation", "zh", "en"),
    [
        ("LOOKUP SLOPE(f, 1)", "LOOKUP SLOPE 需要 3 个参数", "LOOKUP SLOPE takes 3 arguments"),
        ("LOOKUP SLOPE(f, 1, 2)", "须为 0、1、-1 之一", "must be one of 0, 1, -1, and constant"),
        ("LOOKUP SLOPE(f, 1, s)", "须为 0、1、-1 之一", "must be one of 0, 1, -1, and constant"),
        ("LOOKUP AREA(s, 0, 1)", "s 不是表函数", "s is no table function"),
        ("LOOKUP AREA(g, 0, 1)", "用到的 g 没有定义", "g is not defined"),
        (
            "GET DATA LAST TIME(prise)",
            "prise 没有定义，是否想写：price",
            "not defined; did you mean price",
        ),
        ("LOOKUP AREA(point, 0, 1)", "point 须有两个以上的点", "point wants two points at least"),
        ("GET DATA AT TIME(s, 1)", "数据变量，s 不是", "a data variable with points, s is none"),
        ("GET DATA AT TIME(1, 1)", "参数须为变量名", "must be the name of a variable"),
        ("GET DATA LAST TIME(price, 1)", "需要 1 个参数", "takes 1 arguments, not 2"),
        ("GET DATA BETWEEN TIMES(price, 1, 3)", "须为 0、1、-1", "must be one of 0, 1, -1"),
        ("TIME SHIFT(price, s)", "须为数或常数", "must be a number or a constant"),
        ("VECTOR LOOKUP(s, 1, 0, 1, 0)", "1 个以上下标", "an array with subscripts"),
        ("VECTOR LOOKUP(v[d3], 1, 0, 1, 0)", "须有两个以上元素", "wants two elements at least"),
        ("VECTOR LOOKUP(v[d1], 1, 0, 1, 5)", "须为 0、2、3、4", "must be one of 0, 2, 3, 4"),
        ("DELAY PROFILE(down, 1, 1, 0, 0)", "不能有负值", "may not be negative"),
        ("DELAY PROFILE(f, 1, s, 0, 0)", "延迟时间变化的", "whose delay changes is not"),
        ("DELAY PROFILE(left, 1, 1, 0, 0)", "x 值须从 0 起", "begin at 0"),
        ("DELAY CONVEYOR(1, s, 0, f, 0, s)", "传送时间变化", "whose time changes"),
        ("DELAY CONVEYOR(1, 3, 0, f, 0, 2)", "与初始传送时间不同", "differs from the initial"),
        ("DELAY INFORMATION(1, s, 0)", "延迟时间变化的 DELAY INFORMATION", "whose delay changes"),
        ("DEPRECIATE BY SCHEDULE(s, v[d1], one, 3, 0)", "只支持 0", "can only be 0"),
        ("DEPRECIATE STRAIGHTLINE(s, 3)", "需要 4 个参数", "takes 4 arguments, not 2"),
        ("RANDOM LOOKUP(down, 0, 1, 0, 1, 0)", "不能有负值", "may not be negative"),
        ("SHIFT IF TRUE(v[d1], 1, 3, 1, 0)", "请在各存量的流量中", "into the flows: IF THEN"),
        ("INTERNAL RATE OF RETURN(s, 1, 0, 0)", "表格软件", "in a spreadsheet"),
    ],
)
def test_wrong_arguments_are_named_with_their_line_and_the_way_out(tmp_path, equation, zh, en):
    (tmp_path / "m.csv").write_text(PRICES, encoding="utf-8")
    (tmp_path / "one.csv").write_text("1,1\n", encoding="utf-8")
    body = (
        TABLE + DATA + VECTOR + "s = STEP(1, 2) ~~|\none = 1 ~~|\n"
        "point = GET DIRECT LOOKUPS('one.csv', ',', 'A', 'B1') ~~|\n"
        "down((0, 1), (1, -1)) ~~|\nleft((-1, 1), (1, 1)) ~~|\n"
    )
    with pytest.raises(sim.Refused) as caught:
        model_of(tmp_path, body + f"x = {equation} ~~|\n")
    (problem,) = caught.value.problems
    assert zh in problem.zh
    assert en in problem.en
    assert "第 11 行" in problem.zh
    assert "line 11, variable x: " in problem.en


def test_a_fault_of_a_table_or_of_data_is_told_once(tmp_path):
    body = "f((0, 2), (0, 1)) ~~|\np ~~|\nx = LOOKUP AREA(f, 0, 1) + GET DATA LAST TIME(p) ~~|\n"
    with pytest.raises(sim.Refused) as caught:
        model_of(tmp_path, body)
    assert [problem.en.split("line ")[1][0] for problem in caught.value.problems] == ["2", "3"]


UNITS = """f((0, 1), (1, 2)) ~ 吨 ~ |
price ~ 吨 ~ |
lag = 3 ~ Year ~ |
fisc = 1 ~ Year ~ |
one = 1 ~ 吨/Year ~ |
none = 0 ~ 吨/Year ~ |
load = 0 ~ 吨 ~ |
leak = 0 ~ 1/Year ~ |
growth = 0 ~ 1/Year ~ |
into = STEP(one, lag) ~ 吨/Year ~ |
a = LOOKUP AREA(f, 0, 1) + LOOKUP SLOPE(f, 0.5, 0) ~ 吨 ~ |
b = GET DATA BETWEEN TIMES(price, Time + lag, 0) + GET DATA AT TIME(price, Time) ~ 吨 ~ |
c := TIME SHIFT(price, 1) ~ 吨 ~ |
e := TIME SHIFT(price, lag) ~ 吨 ~ |
g = DEPRECIATE STRAIGHTLINE(into, lag, fisc, none) ~ 吨/Year ~ |
h = DELAY CONVEYOR(into, lag, leak, f, load, lag) ~ 吨/Year ~ |
i = DELAY PROFILE(f, into, lag, none, growth) ~ 吨/Year ~ |
j = SAMPLE UNTIL(lag, into, none) ~ 吨/Year ~ |
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", []),
        ("(price, Time)", "(price, into)", ["a time of data"]),
        ("AREA(f, 0, 1) +", "AREA(f, 0, 1)*lag +", ["a (line 12), both sides: in 吨*Year"]),
        ("(into, lag, fisc", "(load, lag, fisc", ["written out as stocks, both sides of -"]),
    ],
)
def test_units_follow_the_manual(tmp_path, old, new, said):
    (tmp_path / "m.csv").write_text(PRICES, encoding="utf-8")
    found = wrong_units(model_of(tmp_path, UNITS.replace(old, new, 1)))
    assert [any(each in problem.en for problem in found) for each in said] == [True] * len(said)
    assert bool(found) == bool(said)
