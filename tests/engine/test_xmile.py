"""Files of XMILE give the numbers of PySD and of simlin, or are refused with line and reason."""

import shutil
import sys
import warnings
from pathlib import Path

import generated
import numpy as np
import pytest

import sim
from sim.engine.model import canonical

TOWN = Path(__file__).parents[1] / "golden" / "xmile" / "town.stmx"


def ours(file):
    runs = sim.simulate(sim.load_model(file))
    return {name: runs[name].values[0] for name in runs.data_vars if runs[name].ndim == 2}


def test_a_file_of_xmile_gives_the_numbers_of_pysd(tmp_path):
    copy = tmp_path / "town.stmx"  # PySD writes a Python file beside the model
    shutil.copy(TOWN, copy)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pysd

        table = pysd.read_xmile(str(copy)).run()
    theirs = {canonical(name): table[name].to_numpy(float) for name in table}
    assert len(theirs.keys() & ours(TOWN).keys()) >= 12
    assert generated.differences(ours(TOWN), theirs) == {}
    used = sim.simulate(sim.load_model(TOWN))["used_plots"]
    assert used.dims == ("member", "time", "side")
    assert used.sel(side="west").values[0, 0] == pytest.approx(3.5 * 0.07)


@pytest.mark.skipif(sys.platform != "linux", reason="simlin is installed on Linux alone")
def test_a_file_of_xmile_gives_the_numbers_of_simlin():
    theirs = generated.of_simlin(TOWN)
    both = theirs.keys() & ours(TOWN).keys()
    assert len(both) >= 10
    mine = {name: ours(TOWN)[name] for name in both - {"jolt"}}  # its PULSE has another step
    assert generated.differences(mine, theirs) == {}


def test_lines_names_units_and_comments_are_the_file_s_own():
    homes = sim.load_model(TOWN).variables["homes"]
    assert (homes.units, homes.label) == ("homes", ("住房", "homes"))
    assert "<stock" in TOWN.read_text(encoding="utf-8").split("\n")[homes.line - 1]


def test_a_stock_that_may_not_be_negative_stops_at_zero(tmp_path):
    text = TOWN.read_text(encoding="utf-8").replace(
        "<units>homes</units></stock>", "<non_negative/></stock>"
    )
    text = text.replace("homes / life", "homes / life + 40")
    (tmp_path / "town.xmile").write_text(text, encoding="utf-8")
    homes = ours(tmp_path / "town.xmile")["homes"]
    assert homes.min() == pytest.approx(0, abs=1e-12)
    assert np.isfinite(homes).all()


SIDES = """<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<sim_specs method="Euler"><start>0</start><stop>2</stop><dt>1</dt></sim_specs>
<dimensions><dim name="区域"><elem name="东"/><elem name="西"/></dim></dimensions>
<model><variables>
<stock name="人口"><dimensions><dim name="区域"/></dimensions><eqn>100</eqn>
<inflow>出生</inflow></stock>
<flow name="出生"><dimensions><dim name="区域"/></dimensions>
<eqn>人口*出生率[区域] {每年}</eqn></flow>
<aux name="出生率"><dimensions><dim name="区域"/></dimensions>
<element subscript="东"><eqn>0.1</eqn></element>
<element subscript="西"><eqn>0.2</eqn></element></aux>
</variables></model></xmile>
"""


def test_subscripts_may_be_left_out_in_the_equation_of_an_array(tmp_path):
    (tmp_path / "sides.xmile").write_text(SIDES, encoding="utf-8")
    people = sim.simulate(sim.load_model(tmp_path / "sides.xmile"))["人口"].values[0]
    np.testing.assert_allclose(people, [[100, 100], [110, 120], [121, 144]])


def test_a_file_in_another_encoding_is_read(tmp_path):
    text = TOWN.read_text(encoding="utf-8").replace('encoding="utf-8"', 'encoding="gbk"')
    (tmp_path / "town.stmx").write_bytes(text.encode("gbk"))
    assert sim.load_model(tmp_path / "town.stmx").variables["homes"].label[0] == "住房"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("</xmile>", "", "line 22: this is no whole XML"),
        ("homes / life", "homes / (life", "line 9, variable decay: the equation"),
        ("homes / life", "homes / lif", "line 9, variable decay: lif is not defined; did you"),
        ("SMTH1(homes, 3.5)", "QUEUE(homes)", "smooth homes: QUEUE is not supported"),
        ("<stop>2025</stop>", "", "this is no XMILE model"),
        ("<xmile", "<other", "this is no whole XML"),
        (
            "</variables>",
            '<stock name="m"><queue/></stock>\n<stock name="n"><queue/></stock>\n'
            '<stock name="s\\nt"><conveyor/></stock></variables>',
            "<conveyor> is not supported (line 22 s t); what comes off it may be DELAY(what goes "
            "on, its length). <queue> is not supported (line 20 m, line 21 n); a stock and its",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(tmp_path, old, new, said):
    text = TOWN.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "town.stmx").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(sim.Refused) as caught:
        sim.load_model(tmp_path / "town.stmx")
    assert said in str(caught.value)


def test_a_range_without_elements_is_refused_with_its_line(tmp_path):
    text = SIDES.replace("</dimensions>\n<model>", '\n<dim name="空"></dim></dimensions>\n<model>')
    (tmp_path / "sides.xmile").write_text(text, encoding="utf-8")
    with pytest.raises(sim.Refused, match="line 4, variable 空: the range has no elements"):
        sim.load_model(tmp_path / "sides.xmile")


STELLA = """<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<sim_specs method="Euler"><start>0</start><stop>4</stop><dt>1</dt></sim_specs>
<dimensions><dim name="R"><elem name="a"/><elem name="b"/></dim>
<dim name="N" size="3"/><dim name="Age Group"><elem name="young ones"/><elem name="old"/></dim>
</dimensions>
<model><variables>
{body}</variables></model></xmile>
"""
NONE, FAR = float("nan"), float("inf")


def stella(folder, body):
    (folder / "m.stmx").write_text(STELLA.format(body=body), encoding="utf-8")
    return sim.load_model(folder / "m.stmx")


def found(folder, body, name):
    return sim.simulate(stella(folder, body), keep=[name])[name].values[0]


def aux(name, equation):
    return f'<aux name="{name}"><eqn><![CDATA[{equation}]]></eqn></aux>\n'


AVERAGES = (1.4375, 1.578125, 1.68359375)
"""Of 2, from 2/(1 + 0.25*4) on, each a quarter nearer: 2*(1 + 3*(2 - a)/(4*a)) is forecast."""
IDIOMS = [
    ("IF TIME=1 THEN 2\nELSE IF TIME=2 THEN 3 ELSE 0", [0, 2, 3, 0, 0]),
    ("IF TIME > 1 THEN IF TIME = 3 THEN 1 ELSE 7 ELSE MAX(0, 5)", [5, 5, 7, 1, 7]),
    ("(if TIME>1 then 1 else 2) + IF TIME > 2 THEN 1 ELSE 0", [2, 2, 1, 2, 2]),
    ("MAX(1, IF TIME=0 THEN 5 ELSE TIME, 3)", [5, 3, 3, 3, 4]),
    ("6//2//3 + 1//0", 1),
    ("2*3//4*2 + 8//2^2", 5),
    ("-4//-2 + (1+2)//MIN(7, 3)", 3),
    ('"a//b" // 2 {a // b}', 2),
    ("6 // Bob's_rate + MAX(Bob's_rate, 1, 2)", 5),
    ("IF NOT (1 > 2) AND TIME >= 0 THEN 7 MOD 4 ELSE 0", 3),
    ("-TIME^2", [0, -1, -4, -9, -16]),
    ("INT(-1.5) + INT(1.9)", -1),
    ("ROUND(-2.6)*10 + ROUND(2.4)", -28),
    ("(-2)^2 + -2^2 + 7 MOD 4*2 + 2*7 mod 4", 8),
    ("1 + 17 MOD 10 MOD 4 + (5 - -7 mod 4)", 8),
    ("10//5 MOD 3//0 + MAX(1, 9 MOD 4+1)", 2),
    ("IF 1 OR 0 AND 0 THEN 1 ELSE 2", 1),
    ("(IF NOT 0 = 1 THEN 1 ELSE 0) + (-1) MOD 3", 3),
    ("STDDEV(1, 2, 6)^2 + 0*PULSE(1, 2)", 14 / 3),
    ("LOG10(1000) + ROOTN(27, 3) + MEAN(1, 2, 6)", 9),
    ("STARTTIME + STOPTIME + DT", 5),
    ("IF TIME < 1 THEN INF ELSE IF TIME < 2 THEN NAN ELSE PI", [FAR, NONE, *[np.pi] * 3]),
    ("SINWAVE(2, 4) + COSWAVE(1, 4)", [1, 2, -1, -2, 1]),
    ("SAFEDIV(1, 1e-9) + 1//1e-9 + SAFEDIV(2, 0) + SAFEDIV(2, 0, 7)", 2e9 + 7),
    ("PULSE(3, 1, 0) + PULSE(2, 2) + PULSE(1, 1, 2)", [0, 4, 2, 1, 0]),
    ("isee.PREVIOUS(std.MAX(TIME, 0), -1)", [-1, 0, 1, 2, 3]),
    ("FORCST(2, 4, 3, 0.25)", [3.5, 2.9, *(0.5 + 3 / a for a in AVERAGES)]),
    ("PREVIOUS(TIME, -1)", [-1, 0, 1, 2, 3]),
    ("PREVIOUS(SELF, 0) + 1", [1, 2, 3, 4, 5]),
    ("HISTORY(TIME*10 + 5, 2)", [0, 0, 25, 25, 25]),
    ("HISTORY(TIME*10 + 5, TIME - 2) + HISTORY(1, 0)", [1, 1, 6, 16, 26]),
    ("HISTORY(TIME, TIME) + HISTORY(7, STARTTIME + DT)", [0, 8, 9, 10, 11]),
    ("INIT(TIME + 2) + DELAY(TIME, 2, -1)", [1, 1, 2, 3, 4]),
    ("EXP(GAMMALN(4))", 6),
    ("LOOKUP(graph, TIME) + graph(4)", [8, 10, 12, 14, 16]),
    ("LOOKUPINV(graph, 2*TIME)", [0, 1, 2, 3, 4]),
]
GIVEN = aux("a//b", 4) + aux("Bob's rate", 3)
LACKING = {
    "SINWAVE",
    "FORCST",
    "isee.",
    "HISTORY",
    "STDDEV",
    "ROOTN",
    "GAMMALN",
    "LOOKUP",
    "DELAY",
    "1 else 2) + IF",
    "MAX(1, IF",
    "Bob",
}
"""What simlin cannot read, or has otherwise: its DELAY is of the first order."""


@pytest.mark.parametrize(("equation", "expected"), IDIOMS)
def test_what_stella_writes_is_read(tmp_path, equation, expected):
    graph = '<aux name="graph"><gf><xscale min="0" max="4"/><ypts>0,8</ypts></gf></aux>\n'
    values = found(tmp_path, GIVEN + graph + aux("x", equation), "x")
    np.testing.assert_allclose(values, np.broadcast_to(expected, 5), atol=1e-12)


@pytest.mark.skipif(sys.platform != "linux", reason="simlin is installed on Linux alone")
def test_what_stella_writes_gives_the_numbers_of_simlin(tmp_path):
    both = [each for each, _ in IDIOMS if not any(word in each for word in LACKING)]
    assert len(both) >= 15
    body = GIVEN + "".join(aux(f"x{n}", each) for n, each in enumerate(both))
    mine = sim.simulate(stella(tmp_path, body))
    theirs = generated.of_simlin(tmp_path / "m.stmx")
    for n, equation in enumerate(both):
        np.testing.assert_allclose(mine[f"x{n}"].values[0], theirs[f"x{n}"], err_msg=equation)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("continuous", [0, 4, 8, 8, 8]), ("extrapolate", [0, 4, 8, 12, 16]),
     ("discrete", [0, 0, 8, 8, 8])],
)  # fmt: skip
def test_a_graphical_function_is_read_as_its_type_says(tmp_path, kind, expected):
    for argument, rest in (("TIME", ""), ("t", aux("t", "TIME"))):
        graph = f'<gf type="{kind}"><xpts>0,2</xpts><ypts>0,8</ypts></gf>'
        body = f'<aux name="x"><eqn>{argument}</eqn>{graph}</aux>{rest}'
        np.testing.assert_allclose(found(tmp_path, body, "x"), expected)


def over(dimensions, kind="aux", name="x", **equations):
    """A variable over dimensions, its elements with equations, or with tables, of their own."""
    names = "".join(f'<dim name="{each}"/>' for each in dimensions.split(", "))
    parts = "".join(
        f'<element subscript="{at.replace("_", ", ").replace("0", " ")}">{inside}</element>'
        for at, inside in equations.items()
    )
    return f'<{kind} name="{name}"><dimensions>{names}</dimensions>{parts}'


def numbers(**values):
    return {at: f"<eqn>{value}</eqn>" for at, value in values.items()}


PLANE = over("R, N", **numbers(a_1=11, a_2=12, a_3=13, b_1=21, b_2=22, b_3=23)) + "</aux>\n"
SQUARE = over("R, R", name="m", **numbers(a_a=1, a_b=2, b_a=3, b_b=4)) + "</aux>\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (aux("y", "SUM(x[*, *]) + SUM(x)"), 204),
        (aux("y", "SUM(x[*, 1]*x[*, 2]) + x[b, 3]"), 11 * 12 + 21 * 22 + 23),
        (aux("y", "MAX(x[a, *])*100 + MIN(x[*, 2], 5)"), 1305),
        (over("R", name="y") + "<eqn>SUM(x[R, *])</eqn></aux>", [36, 66]),
        (over("N", name="y") + "<eqn>MEAN(x[*, N])</eqn></aux>", [16, 17, 18]),
        # an array may have a dimension twice
        (SQUARE + aux("y", "SUM(m) + SUM(m[*, *])*100 + SUM(m[*, *]*m[*, *])*1e4"), 301010),
        (SQUARE + over("R", name="y") + "<eqn>SUM(m[R, *]) + SUM(m[*, R])</eqn></aux>", [7, 13]),
        (aux("y", "STDDEV(x[a, *]) - STDDEV(x[b, *]) + STDDEV(x)*0"), 0),
        (SQUARE + aux("y", "SIZE(m)*100 + SIZE(m[a, *])*10 + SIZE(N)"), 423),
        (aux("y", "x[2, 3]*10 + SUM(x[1, *])"), 266),
        # each element its own, where an equation leaves them out
        (over("R, N", name="y") + "<eqn>x*2</eqn></aux>", [[22, 24, 26], [42, 44, 46]]),
        (over("N", name="y") + "<eqn>N + x[a, N]</eqn></aux>", [12, 14, 16]),
        (over("Age Group", name="q", **numbers(young0ones=1, old=2)) + "</aux>"
         + over("Age Group", name="y") + "<eqn>q[Age_Group]*3 + SUM(q[*])</eqn></aux>", [6, 9]),
    ],
)  # fmt: skip
def test_arrays_are_added_up_and_read_element_by_element(tmp_path, body, expected):
    assert found(tmp_path, PLANE + body, "y")[0].tolist() == expected


HELD = """<stock name="full tank"><eqn>10</eqn><inflow>i</inflow><outflow>"o-1"</outflow>
<outflow>o2</outflow>{held}</stock><stock name="b"><eqn>0</eqn><inflow>"o-1"</inflow></stock>
<stock name="c"><eqn>0</eqn><inflow>o2</inflow></stock><flow name="i"><eqn>1</eqn></flow>
<flow name="o-1"><eqn>4</eqn></flow><flow name="o2"><eqn>TIME</eqn><gf><xpts>0,9</xpts>
<ypts>3,3</ypts></gf></flow>
"""


def test_what_flows_out_of_a_stock_is_no_more_than_there_is(tmp_path):
    held = HELD.format(held="<non_negative/>")
    assert found(tmp_path, held, "full_tank").tolist() == [10, 4, 0, 0, 0]
    # 10 + 1 cover 4 + 3, 4 + 1 cover 4 and 1, then 1 comes in and leaves by the first
    assert found(tmp_path, held, "b").tolist() == [0, 4, 8, 9, 10]
    assert found(tmp_path, held, "c").tolist() == [0, 3, 4, 4, 4]
    assert found(tmp_path, held, "o2").tolist() == [3, 1, 0, 0, 0]
    free = HELD.format(held="<non_negative>false</non_negative>")
    assert found(tmp_path, free, "full_tank").tolist() == [10, 4, -2, -8, -14]


def test_stocks_in_a_ring_do_not_wait_for_each_other(tmp_path):
    ring = "".join(
        f'<stock name="s{n}"><eqn>{n}</eqn><inflow>f{(n - 1) % 3}</inflow><outflow>f{n}</outflow>'
        f'<non_negative/></stock><flow name="f{n}"><eqn>2</eqn></flow>'
        for n in range(3)
    )
    stocks = np.array([found(tmp_path, ring, f"s{n}") for n in range(3)])
    assert (stocks >= 0).all()
    assert stocks.sum(axis=0).tolist() == [3] * 5


def test_elements_of_a_stock_cut_their_own_outflows(tmp_path):
    stock = over("R", "stock", "s", **numbers(a=1, b=5)) + "<outflow>f</outflow><non_negative/>"
    flow = over("R", "flow", "f") + "<eqn>2</eqn></flow>\n"
    assert found(tmp_path, stock + "</stock>\n" + flow, "f").tolist() == [
        [1, 2], [0, 2], [0, 1], [0, 0], [0, 0]
    ]  # fmt: skip


def test_a_variable_may_begin_by_an_equation_of_its_own(tmp_path):
    body = '<aux name="a"><eqn>s + 1</eqn><init_eqn>MAX(3, 7, 5)</init_eqn></aux>'
    body += '<stock name="s"><eqn>a</eqn><inflow>f</inflow></stock>' + aux("f", 1)
    assert found(tmp_path, body, "s").tolist() == [7, 8, 9, 10, 11]
    assert found(tmp_path, body, "a").tolist() == [8, 9, 10, 11, 12]


def test_a_name_of_two_lines_is_one_name(tmp_path):
    store = (
        over("R", "stock", "grain\\nstore", **numbers(a=1, b=5)) + "<inflow>f_i</inflow></stock>"
    )
    flow = over("R", "flow", "f\\ni") + "<eqn>grain_store*2</eqn></flow>\n"
    body = store + flow + aux("y", "SUM(grain_store) + SUM(f_i[*])")
    assert found(tmp_path, body, "y")[:2].tolist() == [18, 54]


def test_elements_have_tables_and_starts_of_their_own(tmp_path):
    def graph(top):
        return f'<eqn>TIME</eqn><gf><xscale min="0" max="4"/><ypts>0,{top}</ypts></gf>'

    tables = over("R", name="h", a=graph(4), b=graph(8)) + "</aux>\n"
    assert found(tmp_path, tables, "h")[1].tolist() == [1, 2]
    stock = over("R", "stock", "s", **numbers(a=1, b=5)) + "<inflow>f</inflow></stock>\n"
    flow = over("R", "flow", "f") + "<eqn>s*h</eqn></flow>\n"
    assert found(tmp_path, tables + stock + flow, "s")[:3].tolist() == [[1, 5], [1, 5], [2, 15]]
    held = over("R", name="p") + "<eqn>PREVIOUS(SELF, 0) + DELAY1(h, 2)*0 + 1</eqn></aux>\n"
    assert found(tmp_path, tables + held, "p")[2].tolist() == [3, 3]


def test_a_run_is_saved_as_often_as_stella_is_told_to(tmp_path):
    specs = 'xmlns:isee="http://iseesystems.com/XMILE" isee:save_interval="2"'
    text = STELLA.format(body=aux("x", "TIME")).replace("<sim_specs", f"<sim_specs {specs}")
    (tmp_path / "m.stmx").write_text(text.replace("<dt>1", "<dt>0.5"), encoding="utf-8")
    assert sim.simulate(sim.load_model(tmp_path / "m.stmx"))["x"].values[0].tolist() == [0, 2, 4]


def test_an_equation_is_shown_as_it_was_written(tmp_path):
    model = stella(tmp_path, aux("x", "MAX(1, 2, 3) // 2 {half}"))
    assert model.variables["x"].equation == "x = MAX(1, 2, 3) // 2 {half}"


def test_random_numbers_of_xmile_have_their_distributions(tmp_path):
    body = aux("u", "RANDOM(2, 4)") + aux("n", "NORMAL(5, 2, 7)") + aux("e", "EXPRND(3)")
    body += aux("t", "TRIANGULAR(0, 3, 6)")
    runs = sim.simulate(stella(tmp_path, body), members=2000)
    assert runs["u"].values.mean() == pytest.approx(3, abs=0.05)
    assert (runs["u"].values >= 2).all()
    assert runs["n"].values.std() == pytest.approx(2, abs=0.1)
    assert runs["e"].values.mean() == pytest.approx(3, abs=0.15)
    assert runs["t"].values.std() == pytest.approx(np.sqrt(1.5), abs=0.05)


@pytest.mark.parametrize(
    ("call", "mean", "variance"),
    [
        ("BETA(2, 6)", 1 / 4, 1 / 48),
        ("WEIBULL(2, 3, 5)", 3 * np.sqrt(np.pi) / 2, 9 * (1 - np.pi / 4)),
        ("LOGISTIC(1, 0.5)", 1, np.pi**2 / 12),
        ("BINOMIAL(8, 0.25)", 2, 1.5),
        ("NEGBINOMIAL(3, 0.5)", 6, 6),
    ],
)
def test_other_random_numbers_of_stella_have_their_mean_and_variance(
    tmp_path, call, mean, variance
):
    runs = sim.simulate(stella(tmp_path, aux("x", call)), members=4000)
    values = runs["x"].values
    assert values.mean() == pytest.approx(mean, rel=0.03)
    assert values.var() == pytest.approx(variance, rel=0.06)


def test_events_of_stella_come_so_often_in_a_unit_of_time(tmp_path):
    body = aux("p", "POISSON(6)") + aux("m", "MONTECARLO(60, 3)") + aux("l", "LOGNORMAL(1, 0.5)")
    text = STELLA.format(body=body).replace("<dt>1", "<dt>0.25")
    (tmp_path / "m.stmx").write_text(text, encoding="utf-8")
    runs = sim.simulate(sim.load_model(tmp_path / "m.stmx"), members=1000)
    events = runs["p"].values
    assert set(np.unique(events % 1)) == {0}
    assert (events.mean(), events.var()) == pytest.approx((1.5, 1.5), abs=0.06)
    assert set(np.unique(runs["m"].values)) == {0, 1}
    assert runs["m"].values.mean() == pytest.approx(0.15, abs=0.01)
    logarithm = np.log(runs["l"].values)
    assert (logarithm.mean(), logarithm.std()) == pytest.approx((1, 0.5), abs=0.02)
    again = sim.simulate(sim.load_model(tmp_path / "m.stmx"), members=3)
    np.testing.assert_array_equal(again["p"].values, events[:3])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (aux("x", "IF TIME THEN 1"), "it stops at 'TIME THEN 1'"),
        (aux("x", "1//"), "SAFEDIV takes 2 arguments, not 1"),
        (aux("x", "MAX()"), "MAX takes 1 arguments, not 0"),
        (
            '<flow name="f"><eqn>1</eqn><multiplier>2</multiplier></flow>',
            "<multiplier> is not supported (line 7 f); write the factor into the flow's equation",
        ),
        (aux("x", "PULSE(3)"), "PULSE wants the time of the first"),
        (aux("x", "COUNTER(1, 13)"), "start + (TIME - STARTTIME) MOD (end - start)"),
        (aux("x", "HISTORY(TIME, TIME/2)"), "the time of HISTORY must be a constant, or TIME less"),
        (aux("x", "HISTORY(TIME, 1.5)"), "the time of HISTORY must be a constant, or TIME less"),
        (aux("x", "PREVIOUS(1)"), "PREVIOUS takes 2 arguments, not 1"),
        (aux("f", "2") + aux("x", "LOOKUP(f, 1)"), "f is no table function"),
        ('<aux name="x"/>', "it has no equation yet"),
        (
            '<stock name=""><eqn>1</eqn><inflow>x + SMTH1(x, 2)</inflow></stock>' + aux("x", 1),
            "line 7, variable : it has no name",
        ),
        (over("R", **numbers(a=1, b="(")) + "</aux>" + aux("y", "x[b]"), "line 7, variable x: "),
        (over("R", **numbers(a=1, a0=2)) + "</aux>", "x[a] has its equation in line 7"),
    ],
)
def test_what_is_wrong_with_an_equation_is_said_once(tmp_path, body, said):
    with pytest.raises(sim.Refused) as caught:
        stella(tmp_path, body)
    (problem,) = caught.value.problems
    assert said in problem.en
