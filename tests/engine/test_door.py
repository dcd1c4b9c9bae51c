"""What Vensim and planners write and PySD's parser cannot read is put right, or said by line."""

import numpy as np
import pytest

import sim
from sim.engine.repair import repaired

CLOCK = """INITIAL TIME = 0 ~ Year ~ |
FINAL TIME = 2 ~ Year ~ |
TIME STEP = 1 ~ Year ~ |
SAVEPER = 1 ~ Year ~ |
"""
COUNTY = "产量 = 价格（元）*2 ~ 万吨 ~ 产量; output |\n价格（元） = 3 ~ 元 ~ |\n"


def loaded(tmp_path, content):
    file = tmp_path / "model.mdl"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return sim.load_model(file)


def value(tmp_path, body, name):
    return float(sim.simulate(loaded(tmp_path, body + CLOCK))[name][0, -1])


@pytest.mark.parametrize(
    "content",
    [
        ("{UTF-8}\n" + COUNTY + CLOCK).encode(),
        ("{UTF-8}\n" + COUNTY + CLOCK).encode("utf-8-sig"),
        (COUNTY + CLOCK).encode("utf-16"),
        (COUNTY + CLOCK).encode("utf-16-le"),
        (COUNTY + CLOCK).encode("utf-32"),
        (COUNTY + CLOCK).encode("gbk"),
        ("{gbk}\n" + COUNTY + CLOCK).encode("gbk"),
        ("{GB2312}\n" + COUNTY + CLOCK).encode("gb2312"),
        ("{UTF-8}\n" + COUNTY + CLOCK).encode("gbk"),
        ("{no such code}\n" + COUNTY + CLOCK).replace("\n", "\r\n").encode(),
        ("{UTF-8}\n" + COUNTY + CLOCK).replace("\n", "\r").rstrip().encode(),
    ],
)
def test_a_file_is_read_whatever_its_encoding_and_line_ends(tmp_path, content):
    assert loaded(tmp_path, content).variables["产量"].units == "万吨"
    assert float(sim.simulate(loaded(tmp_path, content))["产量"][0, 0]) == 6.0


def test_a_western_file_without_a_header_is_read(tmp_path):
    assert (
        "température"
        in loaded(tmp_path, ("température = 3 ~~|\n" + CLOCK).encode("cp1252")).variables
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("x = 1 {one ~ | } + 2 ~~|\n", 3),
        ("{a header of some lines\n | and ~}\nx = 2 ~~|\n", 2),
        ("*****\n .coal\n*****~\n\t A group.\n|\nx = 2 ~~|\n", 2),
        ("x = 2 ~ Year [0,10] [1] ~ [a] |\n", 2),
        ('x = 2 ~ Year ~ a 12" pipe |\n', 2),
        ("x = 2 ~ Year ~ text ~ :SUPPLEMENTARY |\n", 2),
        ("x = 2 |\n", 2),
        ("x = a b + \\\n\t\tTIME STEP$ ~~|\na  b=1~~|\n", 2),
        ("x = 007 + .5 ~~|\n", 7.5),
        ("x = 税率（％）+ 1 ~~|\n税率（％） = 3 ~~|\n", 4),
        (
            "text\n~ a note |\n:MACRO: A(b) A = b + 1 ~~|\n:END OF MACRO:\n"
            "y = 1 ~~|\n:MACRO: C(b) C = A(b) + 1 ~~|\n:END OF MACRO:\nx = C(y) ~~|\n",
            3,
        ),
        ("x = " + "+".join(["Time"] * 500) + " ~~|\n", 1000),
        ("x = " + "-".join(["Time"] * 200) + " ~~|\n", -396),
        ("x = 2" + "/2*2" * 150 + " ~~|\n", 2),
        ("x = " + "(" * 40 + "Time" + ")" * 40 + " ~~|\n", 2),
        ("x = 1" + "0" * 400 + "*0 + 1e999*0 ~~|\n", np.nan),
        ("x = " + "SMOOTH(" * 12 + "2" + ", 1)" * 12 + " ~~|\n", 2),
        (CLOCK.replace("INITIAL TIME", "x").split("\n")[0] + "\n", 0),
    ],
)
def test_what_vensim_takes_is_read(tmp_path, body, expected):
    body = body.replace("text\n~ a note |\n", "{text}\n")
    assert value(tmp_path, body, "x") == pytest.approx(expected, nan_ok=True)


def test_a_comment_may_hold_tildes(tmp_path):
    body = "x = 1 ~ Year ~ 2010~2015、2016~2020 年\n来源：公报 ~ :SUPPLEMENTARY |\ny = 2 ~~|\n"
    x = loaded(tmp_path, body + CLOCK).variables["x"]
    assert (x.units, x.comment) == ("Year", "2010~2015、2016~2020 年 来源：公报")


def test_the_sketch_is_left_out_however_it_begins(tmp_path):
    for marker in ("\\\\\\---///", "\\\\---///"):
        text = f"x = 1 ~~|\n{CLOCK}{marker} Sketch information\nV300 | ~ \x1a\n"
        assert "x" in loaded(tmp_path, text).variables


def test_a_packaged_model_or_a_spreadsheet_is_no_text(tmp_path):
    for content in (
        b"PK\x03\x04\x14\x00\x06\x00\xb3\xff\xfe\x80",
        b"Vensim\x01\x02\xff\xfe\xb3\x91",
    ):
        with pytest.raises(sim.Refused, match=r"a binary file, no text; save it from Vensim as"):
            loaded(tmp_path, content)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("x = " + "(" * 41 + "1" + ")" * 41 + " ~~|\n", "more than 40 brackets within each other"),
        ("x = " + "1+" * 60_000 + "1 ~~|\n", "at most 100000"),
        ("many: (m1-m99999999999) ~~|\nx = 1 ~~|\n", "a range of more than 10000 elements"),
        ("r: (a1-a999) ~~|\nx[r,r,r] = 1 ~~|\n", "more than 100000 elements of arrays in all"),
        ("r: (a1-a999) ~~|\nx[r] = Time ~~|\ny = SUM(x[r!]*x[r!]*ELMCOUNT(r)) ~~|\n"
         "q: (b1-b999) ~~|\nz = SUM(x[r!]*q*x[q!]) ~~|\n", "more than 300000 operations"),
        ("x = " + "LN(MAX(1, " * 20 + "Time" + "))" * 20 + " ~~|\n", ""),
        ("a: b ~~|\nb: a ~~|\nx[a] = 1 ~~|\n", "the range lies within itself"),
        ("x = y(3) ~~|\ny = 2 ~~|\n", "y is no table function"),
        ("x = y + 1 ~~|\ny((0,0),(1,1)) ~~|\n", "y is a table function; it is read by y(…)"),
        ("x = MAX('text', 1) ~~|\n", "a number is wanted, not the text 'text'"),
        ("f((0,0),(1,1e999)) ~~|\nx = f(1) ~~|\n", "the points must be finite numbers"),
        ("x = SMOOTH(1, 2, 3) ~~|\n", "the number of arguments"),
        ("x = GET XLS CONSTANTS('a', 2, 'B1') ~~|\n", "stand in single quotes"),
        ("x = ACTIVE INITIAL(2) ~~|\n", "ACTIVE INITIAL takes 2 arguments, not 1"),
        ("t: a, b ~~|\nx[t] = 1 ~~|\nx[a, b] = 2 ~~|\n", "its equations differ in subscripts"),
        ("t: a, b ~~|\nx[t] = 1，2 ~~|\n", "it stops at '，2'; there are full-width signs"),
        ("x = 1 ~ Year ~ a note\ny = 2 ~~|\n", "x: | is missing; the next equation has become"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_name_and_line(tmp_path, body, said):
    if not said:
        assert value(tmp_path, body, "x") >= 0
        return
    with pytest.raises(sim.Refused) as caught:
        value(tmp_path, body, "x")
    assert said in str(caught.value)
    assert len(str(caught.value)) < 4000
    assert all(problem.zh != problem.en for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("name", "number"), [("TIME STEP", "1e-9"), ("FINAL TIME", "1e300"), ("FINAL TIME", "1/0")]
)
def test_a_clock_of_too_many_steps_is_refused(tmp_path, name, number):
    body = "x = 1 ~~|\n" + CLOCK.replace(name + " = ", f"{name} = {number} + 0*")
    with pytest.raises(sim.Refused, match="steps"):
        sim.simulate(loaded(tmp_path, body))


def test_two_hundred_thousand_steps_are_run(tmp_path):
    clock = CLOCK.replace("STEP = 1", "STEP = 1e-5").replace("SAVEPER = 1", "SAVEPER = 2")
    runs = sim.simulate(loaded(tmp_path, "x = INTEG(1, 0) ~~|\n" + clock))
    assert runs["x"].values[0] == pytest.approx([0.0, 2.0])


def test_a_delay_beyond_the_end_of_the_run_holds_no_more_than_the_run(tmp_path):
    for delay in ("1e12", "1e999", "2.5", "3", "4"):
        assert value(tmp_path, f"x = DELAY FIXED(Time, {delay}, -1) ~~|\n", "x") == -1.0
    assert value(tmp_path, "x = DELAY FIXED(Time, 2, -1) ~~|\n", "x") == 0.0


def test_two_mistakes_are_said_at_once(tmp_path):
    with pytest.raises(sim.Refused) as caught:
        loaded(tmp_path, "x = (1 ~~|\n\ny = SMOOTH(1) ~~|\nz = q ~~|\n" + CLOCK)
    assert [p.en.split(".mdl ")[1].split(":")[0] for p in caught.value.problems] == [
        "line 1, variable x",
        "line 3, variable y",
        "line 4, variable z",
    ]


def test_repairing_a_sound_equation_changes_nothing():
    for equation in ("x = a*b", "x[a,b] = 1,2;3,4;", "x = IF THEN ELSE(a :AND: b > 3, 1, -2)"):
        assert repaired(equation) == equation


def test_a_difference_of_large_numbers_is_no_range(tmp_path):
    assert value(tmp_path, "x = (y1 - 20000) + (0.72600000000001 - 5.2) ~~|\ny1 = 1 ~~|\n", "x") < 0


def test_a_saving_interval_beyond_the_end_saves_the_start(tmp_path):
    clock = CLOCK.replace("SAVEPER = 1", "SAVEPER = 1e308").replace("STEP = 1", "STEP = 0.001")
    runs = sim.simulate(loaded(tmp_path, "x = 1 ~~|\n" + clock))
    assert runs["time"].values.tolist() == [0]
