"""What PySD cannot say about the language: tables, clocks, comments, arrays as labelled data."""

import numpy as np
import pytest

import sim
from sim.engine.compile import compile_model
from sim.engine.integrate import clock_of, default_inputs, integrate

CLOCK = """INITIAL TIME = 0 ~ Year ~ |
FINAL TIME = 4 ~ Year ~ |
TIME STEP = 1 ~ Year ~ |
SAVEPER = 1 ~ Year ~ |
"""
TOWNS = "town: East, West ~~|\ntrade: farms, shops ~~|\n"


def model_of(tmp_path, body, clock=CLOCK):
    file = tmp_path / "model.mdl"
    file.write_text("{UTF-8}\n" + body + clock, encoding="utf-8")
    return sim.load_model(file)


def series(tmp_path, body, name, clock=CLOCK, **settings):
    runs = sim.simulate(model_of(tmp_path, body, clock), **settings)
    return runs[name].values[0].tolist()


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("LOOKUP EXTRAPOLATE(table, Time)", [0, 2, 4, 3, 2]),
        ("LOOKUP FORWARD(table, Time)", [2, 2, 4, 3, 3]),
        ("LOOKUP BACKWARD(table, Time)", [2, 2, 4, 3, 3]),
        ("LOOKUP FORWARD(table, Time - 0.5)", [2, 2, 4, 3, 3]),
        ("LOOKUP BACKWARD(table, Time + 0.5)", [2, 2, 4, 3, 3]),
        ("LOOKUP INVERT(rising, Time)", [1, 1, 2, 2.5, 3]),
    ],
)
def test_a_table_is_read_as_its_function_says(tmp_path, function, expected):
    tables = "table((1, 2), (2, 4), (3, 3)) ~~|\nrising((1, 1), (2, 2), (3, 4)) ~~|\n"
    assert series(tmp_path, tables + f"x = {function} ~~|\n", "x") == expected


ROW = "d: a, b, c ~~|\nrow[d] = 3, 1, 2 ~~|\n"
SHAPES = (
    "p: ptype, ppriority, pwidth, pextra ~~|\nshape[d, ptype] = 1 ~~|\nshape[d, ppriority] = 1 ~~|"
    "\nshape[d, pwidth] = 1 ~~|\nshape[d, pextra] = 0 ~~|\n"
)
GRID = ROW + "e: p, q ~~|\nweight[d] = 2, 0, -1 ~~|\nplane[d, e] = 1, 2; 3, 4; 5, 6; ~~|\n"
SQUARE = "r: r1, r2 ~~|\ns: s1, s2 ~~|\nm[r, s] = 2, 1; 1, 3; ~~|\n"


@pytest.mark.parametrize(
    ("body", "equation", "expected"),
    [
        (ROW, "x[d] = VECTOR SORT ORDER(row[d], 1)", [1, 2, 0]),
        (ROW, "x[d] = VECTOR SORT ORDER(row[d], -1)", [0, 2, 1]),
        (ROW, "x[d] = VECTOR RANK(row[d], 1)", [3, 1, 2]),
        (ROW, "x[d] = VECTOR REORDER(row[d], 3 - d)", [2, 1, 3]),
        (ROW, "x[d] = VECTOR ELM MAP(row[a], 3 - d)", [2, 1, 3]),
        (ROW, "x[d] = ALLOCATE BY PRIORITY(row[d], d, 3, 0.1, 3.5)", [0.5, 1, 2]),
        (ROW + SHAPES, "x[d] = ALLOCATE AVAILABLE(row[d], shape[d, ptype], 3)", [1.5, 0.5, 1]),
        (ROW, "x = PROD(row[d!]) + ELMCOUNT(d) + VMIN(row[d!]) + VMAX(row[d!])", 13),
        (GRID, "x = VECTOR SELECT(weight[d!], row[d!], 9, 0, 0)", 4),
        (GRID, "x = VECTOR SELECT(weight[d!], row[d!], 9, 10, 0)", 2.5),
        (GRID, "x[e] = VECTOR SELECT(weight[d!], plane[d!, e], 9, 3, 0)", [2, 4]),
        (GRID, "x = VECTOR SELECT(0*weight[d!], row[d!], 9, 0, 0)", 9),
        (SQUARE, "x[r, s] = INVERT MATRIX(m[r, s], 2)", [[0.6, -0.2], [-0.2, 0.4]]),
        ("", "x = GAME(3)", 3),
        ("y = 2 ~~|\nnote :IS: 'a text, y = 3' ~~|\n", "x = y + 1 :IGNORE: note, y", 3),
        ("", "x = GET TIME VALUE(1, 2, 0)", 2),
        ("", "x = ARCCOS(0.5) + ARCSIN(0.5) + ARCTAN(1)", 3 * np.pi / 4),
        ("", "x = COSH(2)^2 - SINH(2)^2 + TAN(1) - SIN(1)/COS(1) + TANH(0)", 1),
        ("", "x = (-2)^2 + -2^2 - -(1)^2 + 2^-2^2", 1.0625),
        ("", "x = IF THEN ELSE(1 :OR: 0 :AND: 0, 1, 0) + IF THEN ELSE(0 :AND: 0 :OR: 1, 2, 0)", 3),
        ("", "x = IF THEN ELSE(:NOT: 1 :OR: 0 :AND: 1 :OR: :NOT: 2 = 3 :AND: 1, 1, 0)", 1),
        ("", "x = MODULO(-1, 3) + 10*MODULO(7, -3) + 100*MODULO(-7, -3) + MODULO(8.3, 7.3)", -90),
        ("", "x = QUANTUM(-1.9, 0.5) + INTEGER(-1.5) + MODULO(7, 4)", 0.5),
        ("", "x = XIDZ(1, 0, 7) + ZIDZ(1, 0) + LOG(8, 2) + POWER(2, 3)", 18),
    ],
)
def test_a_function_gives_what_the_manual_says(tmp_path, body, equation, expected):
    runs = sim.simulate(model_of(tmp_path, f"{body}{equation} ~~|\n"))
    np.testing.assert_allclose(runs["x"].values[0, 0], expected, rtol=1e-12, atol=1e-12)


def test_the_action_of_a_selection_may_change(tmp_path):
    equation = "x = VECTOR SELECT(weight[d!], row[d!], 9, Time, 0) ~~|\n"
    assert series(tmp_path, GRID + equation, "x") == [4, -12, -2, 6, 2]


OUTPUTS = """:MACRO: Twin(input, rate: level, share)
Twin = input*rate ~~|
level = INTEG(input, 1) ~~|
share = rate/2 ~~|
:END OF MACRO:
"""


def test_a_macro_may_give_more_than_its_value(tmp_path):
    body = OUTPUTS + "y = 2*twin(MAX(a, 1), 3 : up, part) + Twin(1, 2) ~~|\na = 5 ~~|\n"
    assert series(tmp_path, body, "y") == [32] * 5
    assert series(tmp_path, body, "up") == [1, 6, 11, 16, 21]
    assert series(tmp_path, body, "part") == [1.5] * 5
    nested = OUTPUTS + "y = Twin(Twin(1, 2 : a, b), 4 : up, c) ~~|\n"
    assert series(tmp_path, nested, "y") == [8] * 5
    assert series(tmp_path, nested, "up") == [1, 3, 5, 7, 9]
    inner = OUTPUTS + ":MACRO: Outer(x)\nOuter = z + Twin(x :AND: 1, 4 : w, z) ~~|\n"
    assert series(tmp_path, inner + ":END OF MACRO:\ny = Outer(1) ~~|\n", "y") == [6] * 5
    with pytest.raises(sim.Refused, match="line 8: up has the same name as up in line 7"):
        model_of(tmp_path, OUTPUTS + "up = 1 ~~|\ny = Twin(1, 2 : up) ~~|\n")


def test_a_table_of_the_largest_numbers_is_read_without_a_warning(tmp_path):
    body = "t((0,1e308),(1,1e308),(2,-7e307)) ~~|\nx = t(s/2) ~~|\ns = INTEG(1, 0) ~~|\n"
    assert series(tmp_path, body, "x") == pytest.approx([1e308, 1e308, 1e308, 1.5e307, -7e307])


def test_control_variables_may_change_with_time(tmp_path):
    clock = CLOCK.replace("STEP = 1", "STEP = IF THEN ELSE(Time < 2, 1, 0.5)")
    clock = clock.replace("SAVEPER = 1", "SAVEPER = TIME STEP")
    runs = sim.simulate(model_of(tmp_path, "x = INTEG(1, 0) ~~|\n", clock))
    assert runs["time"].values.tolist() == [0, 1, 2, 2.5, 3, 3.5, 4]
    assert runs["x"].values[0].tolist() == [0, 1, 2, 2.5, 3, 3.5, 4]


def test_a_last_time_that_changes_leaves_the_other_controls_as_written(tmp_path):
    clock = CLOCK.replace("TIME = 4", "TIME = IF THEN ELSE(Time < 2, 3, 4)")
    runs = sim.simulate(model_of(tmp_path, "x = 1 ~~|\n", clock.replace("PER = 1", "PER = 2")))
    assert runs["time"].values.tolist() == [0, 2, 4]
    assert (runs["saveper"] == 2).all()


def test_a_clock_that_never_ends_is_refused(tmp_path):
    clock = CLOCK.replace("STEP = 1", "STEP = IF THEN ELSE(Time < 2, 1, 0)")
    with pytest.raises(sim.Refused, match="the run does not end"):
        sim.simulate(model_of(tmp_path, "x = 1 ~~|\n", clock))


def test_comments_in_braces_and_dollar_names_are_read(tmp_path):
    body = (
        ":MACRO: ONE(a) ONE = a {all of it} + TIME STEP$ ~~|\n:END OF MACRO:\n"
        "y = 1 {one} + {two} 2 ~~|\nz = ONE(y) ~~|\n"
    )
    assert series(tmp_path, body, "z") == [4.0] * 5


def test_quotes_within_a_name_are_part_of_it(tmp_path):
    first, second = r'"水/人 (\"净\")"', r'"a \"b\""'
    body = f"{first} = 3 ~~|\n{second} = 4 ~~|\ny = {first} + {second} ~~|\n"
    model = model_of(tmp_path, body)
    assert model.variables['水/人_("净")'].written == '水/人 ("净")'
    assert sim.simulate(model)["y"].values[0].tolist() == [7] * 5
    ages = "age: Age 80 plus, Kids ~~|\nx[age] = SMOOTH(Time, 2) ~~|\nz[age] = - 1, .5 ~~|\n"
    model = model_of(tmp_path, ages)
    labels = {variable.label[1] for variable in model.variables.values() if not variable.owner}
    assert labels > {f"{name}[{age}]" for name in "xz" for age in ("Age 80 plus", "Kids")}
    assert sim.simulate(model)["z"].values[0, 0].tolist() == [-1, 0.5]


def test_macros_call_each_other_and_keep_their_names_apart(tmp_path):
    body = (
        ":MACRO: FILL(rate) FILL = INTEG(rate * unit, 0) ~~|\nunit = 2 ~~|\n:END OF MACRO:\n"
        ":MACRO: BOTH(a, b) BOTH = FILL(a) + FILL(b) ~~|\n:END OF MACRO:\n"
        "unit = 100 ~~|\nx = BOTH(1, unit) ~~|\n"
    )
    assert series(tmp_path, body, "x") == [0, 202, 404, 606, 808]


def test_delay_fixed_and_sample_hold_whole_steps_under_runge_kutta(tmp_path):
    body = (
        "x = DELAY FIXED(Time, 2, -1) ~~|\nheld = SAMPLE IF TRUE(Time < 1.5, Time, -1) ~~|\n"
        "late = DELAY FIXED(Time, slow, -1) ~~|\nslow = 1 + STEP(1, 2) ~~|\n"
    )
    for method in ("euler", "rk4"):
        assert series(tmp_path, body, "x", method=method) == [-1, -1, 0, 1, 2]
        assert series(tmp_path, body, "held", method=method) == [0, 1, 1, 1, 1]
        assert series(tmp_path, body, "late", method=method) == [-1, 0, 1, 2, 3]


def test_npv_of_a_steady_stream_is_the_sum_of_its_discounted_parts(tmp_path):
    npv = series(tmp_path, "x = NPV(10, 0.1, 0, 1) ~~|\n", "x")
    assert npv == pytest.approx(np.cumsum(10 / 1.1 ** np.arange(5)).tolist())


def test_elements_come_back_as_labelled_dimensions(tmp_path):
    body = (
        TOWNS
        + "jobs[town, trade] = 1, 2; 3, 4; ~ people ~ |\nx[town] = SUM(jobs[town, trade!]) ~~|\n"
    )
    runs = sim.simulate(model_of(tmp_path, body))
    assert runs["jobs"].dims == ("member", "time", "town", "trade")
    assert runs["jobs"].attrs["name"] == "jobs"
    assert runs["jobs"].attrs["units"] == "people"
    assert float(runs["jobs"].sel(town="West", trade="shops")[0, 0]) == 4.0
    assert runs["x"].values[0, 0].tolist() == [3.0, 7.0]


def test_elements_that_are_not_defined_are_none(tmp_path):
    runs = sim.simulate(model_of(tmp_path, TOWNS + "x[West] = 3 ~~|\n"))
    assert np.isnan(runs["x"].sel(town="East")).all()
    assert (runs["x"].sel(town="West") == 3).all()


def test_inputs_and_results_may_be_arrays_or_their_elements(tmp_path):
    model = model_of(tmp_path, TOWNS + "a[town] = 1, 2 ~~|\nb[town] = a[town] * 10 ~~|\n")
    runs = sim.simulate(model, {"a[East]": np.array([5.0, 6.0])}, keep=["b"])
    assert runs["b"].values[:, 0].tolist() == [[50, 20], [60, 20]]
    runs = sim.simulate(model, {"a": 7.0}, keep=["b[ West ]"])
    assert float(runs["b"].sel(town="West")[0, 0]) == 70.0
    with pytest.raises(sim.Refused, match="a\\[north\\] is no constant"):
        sim.simulate(model, {"a[north]": 1.0})


def test_a_long_sum_does_not_exhaust_the_compiler(tmp_path):
    body = "many: (m1-m2000) ~~|\nx[many] = many ~~|\ntotal = SUM(x[many!] * Time) ~~|\n"
    assert series(tmp_path, body, "total")[1] == 2001000.0


def test_compiled_source_shows_the_equation_of_each_element(tmp_path):
    body = TOWNS + "a[town] = 1, 2 ~~|\nb[town] = a[town] * Time ~~|\n"
    source = compile_model(model_of(tmp_path, body)).source
    assert "# b[East]: b[town] = a[town] * Time" in source
    assert "b_east = " in source


def test_a_model_is_read_anew_when_its_data_file_changes(tmp_path):
    body = "x = GET DIRECT CONSTANTS('data.csv', ',', 'B1') ~~|\n"
    for number in (3.0, 4.0):
        (tmp_path / "data.csv").write_text(f"x,{number}\n")
        assert series(tmp_path, body, "x")[0] == number


def test_a_mapping_may_name_the_parts_it_maps_to(tmp_path):
    body = (
        "coast: c1, c2 ~~|\ninland: i1 ~~|\nplace: coast, inland ~~|\n"
        "kind: wet, dry -> (place: coast, inland) ~~|\n"
        "rain[kind] = 9, 2 ~~|\nfall[place] = rain[kind] ~~|\n"
    )
    assert sim.simulate(model_of(tmp_path, body))["fall"].values[0, 0].tolist() == [9, 9, 2]


def test_a_mapping_of_several_to_one_is_read_in_the_direction_in_which_it_is_a_function(tmp_path):
    body = (
        "country: c1, c2, c3 -> (region: r1, r2, r2) ~~|\nregion: r1, r2 ~~|\n"
        "x[region] = 10, 20 ~~|\ny[country] = x[region] ~~|\n"
    )
    assert sim.simulate(model_of(tmp_path, body))["y"].values[0, 0].tolist() == [10, 20, 20]
    with pytest.raises(sim.Refused, match="subscript country means no element here"):
        model_of(tmp_path, body + "z[region] = y[country] ~~|\n")


@pytest.mark.parametrize("kernel", ["numpy", "numba"])
def test_a_comparison_with_none_asks_whether_a_number_is_there(tmp_path, kernel):
    if kernel == "numba":
        pytest.importorskip("numba")
    body = (
        "x = IF THEN ELSE(Time > 2, :NA:, Time) ~~|\n"
        "missing = IF THEN ELSE(x = :NA:, 5, x) ~~|\ngiven = IF THEN ELSE(:NA: <> x, 1, 0) ~~|\n"
    )
    model = model_of(tmp_path, body)
    system = compile_model(model, kernel=kernel)
    found = integrate(system, default_inputs(model, system.inputs), clock_of(model), 1)
    saved = dict(zip(system.kept, found[:, :, 0].tolist(), strict=True))
    assert saved["missing"] == [0, 1, 2, 5, 5]
    assert saved["given"] == [1, 1, 1, 0, 0]


def test_a_table_of_the_older_form_has_its_x_before_its_y(tmp_path):
    assert series(tmp_path, "f(0, 2, 4, 1, -5, .5e1) ~~|\nx = f(Time) ~~|\n", "x") == [
        1,
        -2,
        -5,
        0,
        5,
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (TOWNS + "x[town] = 1 ~~|\nx[East] = 2 ~~|\n", "x[East] has its equation in line 4"),
        (TOWNS + "x[town] = 1 ~~|\ny = x[Est] ~~|\n", "no subscript Est; did you mean west, east?"),
        (TOWNS + "x[East] = 1 ~~|\ny = SUM(x[town!]) ~~|\n", "no equation of x has that element"),
        ("f(0, 2, 4, 0, 4) ~~|\nx = f(1) ~~|\n", "line 2, variable f: a table of 5 numbers"),
        ("x = MAX（3，4） ~~|\n", "x: max(3,4) is not defined; there are full-width signs"),
        ("x = MAX(y，4) ~~|\ny = 1 ~~|\n", "MAX takes 2 arguments, not 1; there are full-width"),
        ("x = y × 2 ~~|\ny = 1 ~~|\n", "y_×_2 is not defined; × ÷ − ≥ ≤ ≠ are written"),
        ("x = IF THEN ELSE(y>1 AND y<3, 1, 0) ~~|\ny = 1 ~~|\n", "4; logic is written :AND:"),
        ("x = IF THEN ELSE(NOT y>1, 1, 0) ~~|\ny = 1 ~~|\n", "not_y is not defined; logic is"),
        ("x = IF(Time>1, 1, 0) ~~|\n", "IF is not supported; did you mean IF THEN ELSE?"),
        ("x = MOD(Time, 2) ~~|\n", "MOD is not supported; did you mean MODULO?"),
        ("x ＝ 4 ~~|\n", "no equation and no data; write the equation, or give a column"),
        ("x = GET VDF DATA('a.vdf', 'x', '', 1) ~~|\n", "save it as CSV or XLSX"),
        ("x = GET TIME VALUE(0, 0, 2) ~~|\n", "x: GET TIME VALUE of a calendar is not supported"),
        (
            "a: a1, a2, a3 -> b ~~|\nb: b1, b2 ~~|\nx[b] = 1 ~~|\n",
            "line 2, variable a: 3 elements map",
        ),
        ("a: a1, a2 -> c ~~|\nx[a] = 1 ~~|\n", "line 2, variable a: it maps to c, which is no"),
        ("town: town ~~|\nside: other ~~|\nother: side ~~|\n", "line 3, variable side: the range"),
        (
            TOWNS + ":MACRO: M(a)\nM = SUM(s[town!]) ~~|\ns[town] = a ~~|\n:END OF MACRO:\n"
            "x = M(1) ~~|\n",
            "line 6, variable s: subscripts in a macro",
        ),
        ("x = INTEG(1, 0) ~~|\nFINAL TIME = x ~~|\n", "FINAL TIME has the same name"),
    ],
)
def test_one_mistake_is_one_message_with_its_line_and_the_way_out(tmp_path, body, said):
    with pytest.raises(sim.Refused) as caught:
        model_of(tmp_path, body)
    (problem,) = caught.value.problems
    assert said in problem.en


def test_a_clock_that_hangs_on_a_stock_is_refused_with_its_line(tmp_path):
    clock = CLOCK.replace("TIME = 4", "TIME = IF THEN ELSE(x > 5, Time, 10)")
    with pytest.raises(sim.Refused, match="line 4, FINAL TIME: it depends on x"):
        sim.simulate(model_of(tmp_path, "x = INTEG(1, 0) ~~|\n", clock))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (TOWNS + "x[town] = 1, 2, 3 ~~|\n", "line 4, variable x: 2 numbers, not 3"),
        (TOWNS + "x[town] = 1 ~~|\ny = x ~~|\n", "line 5, variable y: x wants its subscripts"),
        (TOWNS + "x[town] = 1 ~~|\ny = x[town] ~~|\n", "variable y: subscript town means no"),
        (TOWNS + "x[city] = 1 ~~|\n", "line 4, variable x: there is no subscript city"),
        (TOWNS + "x[East] = 1 ~~|\ny = x[West] ~~|\n", "variable y: x[west] is not defined"),
        ("x = GET XLS CONSTANTS('no.xlsx', 'a', 'A1') ~~|\n", "variable x: cannot be read"),
        (":MACRO: M(a) M = M(a) ~~|\n:END OF MACRO:\nx = M(1) ~~|\n", "the macro m calls itself"),
        ("x = ELMCOUNT(3) ~~|\n", "variable x: an argument must be the name of a variable"),
        ("x = DELAY N(1, 2, 3, y) ~~|\ny = INTEG(y, z) ~~|\nz = y ~~|\n", "no number from 1 on"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(tmp_path, body, said):
    with pytest.raises(sim.Refused) as caught:
        model_of(tmp_path, body)
    assert said in str(caught.value)


def test_material_comes_out_a_delay_later_and_all_of_it(tmp_path):
    body = "x = DELAY MATERIAL(Time + 1, 2, 0.5, 0) ~~|\n"
    assert series(tmp_path, body, "x") == [0.5, 0.5, 1, 2, 3]
    with pytest.raises(sim.Refused, match="DELAY MATERIAL whose delay changes"):
        series(tmp_path, "x = DELAY MATERIAL(1, 2 + Time, 0, 0) ~~|\n", "x")


def test_gamma_ln_is_the_logarithm_of_a_factorial(tmp_path):
    assert series(tmp_path, "x = EXP(GAMMA LN(Time + 1)) ~~|\n", "x") == pytest.approx(
        [1, 1, 2, 6, 24]
    )


def test_what_the_engine_calls_its_own_is_no_function_of_vensim(tmp_path):
    for name in ("ADD", "SQUARE", "NEGATIVE", "PICK", "SELECT"):
        with pytest.raises(sim.Refused, match=f"{name} is not supported"):
            series(tmp_path, f"x = {name}(1, 2) ~~|\n", "x")


def test_the_page_of_the_language_is_up_to_date():
    from pathlib import Path

    from sim.engine.language import page

    file = Path(__file__).parents[2] / "docs" / "language.md"
    assert file.read_text(encoding="utf-8") == page()


def test_a_model_says_in_a_line_what_it_is(tmp_path):
    file = tmp_path / "tub.mdl"
    file.write_text(
        "{UTF-8}\nwater = INTEG(2, 1) ~ ~ |\nINITIAL TIME = 0 ~ ~ |\nFINAL TIME = 4 ~ ~ |\n"
        "TIME STEP = 1 ~ ~ |\nSAVEPER = 1 ~ ~ |\n",
        encoding="utf-8",
    )
    assert repr(sim.load_model(file)).startswith("<Model: 5 variables, 1 stocks;")
