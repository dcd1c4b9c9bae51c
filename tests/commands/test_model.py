"""`sim model`: what is in a file, whether it runs, and how two files differ; bad files get 2."""

from pathlib import Path

import pytest

from sim.__main__ import main

COUNTY = Path(__file__).parents[2] / "model" / "qinshui.mdl"
TOWN = """{UTF-8}
side: east, west ~~|
houses[side] = INTEG(building[side], 10) ~ 人 ~ |
building[side] = rate*SMOOTH(houses[side], delay) ~ 人/Year ~ |
delay = 3 ~ Year ~ |
rate = 0.02 ~ 1/Year ~ |
INITIAL TIME = 2020 ~ Year ~ |
FINAL TIME = 2030 ~ Year ~ |
TIME STEP = 0.5 ~ Year ~ |
SAVEPER = 1 ~ Year ~ |
"""


LAST = "SAVEPER = 1 ~ Year ~ |\n"


@pytest.fixture
def town(tmp_path):
    def write(name, *changes):
        text = TOWN
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return write


def said(capsys, *words):
    status = main(["model", *words])
    out = capsys.readouterr()
    return status, out.out + out.err


def test_check_says_what_is_in_a_model_and_that_it_runs(town, capsys):
    status, text = said(capsys, "check", town("a.mdl"), "lang=en")
    assert status == 0
    for words in ("stocks", "houses", "side: east, west", "it runs: from 2020 to 2030 in 20 steps"):
        assert words in text
    assert "units" not in text, text


def test_check_of_a_file_that_holds_a_clock_alone_says_that_it_runs(tmp_path, capsys):
    (tmp_path / "a.mdl").write_text(TOWN[TOWN.index("INITIAL TIME") :], encoding="utf-8")
    status, text = said(capsys, "check", str(tmp_path / "a.mdl"), "lang=en")
    assert (status, "it runs: from 2020 to 2030" in text) == (0, True)


SETTINGS = "\\\\\\---/// Sketch\n///---\\\\\\\n:L<%^E!@\n15:0,0,0,1,0,0\n"


def test_check_and_compare_say_the_method_of_integration(town, capsys):
    plain, other = town("a.mdl"), town("b.mdl", (LAST, LAST + SETTINGS))
    assert "步，用欧拉法求解" in said(capsys, "check", plain)[1]
    text = " ".join(said(capsys, "check", other, "lang=en")[1].split())
    assert "of 0.5 Year, by the fourth-order Runge-Kutta method" in text
    assert "The model file asks for RK4 Auto, which there is not" in text
    text = said(capsys, "compare", plain, other)[1]
    assert "方程与单位完全相同" in text
    assert "求解方法不同：A 欧拉法，B RK4 Auto" in text
    assert "求解方法" not in said(capsys, "compare", other, other)[1]


def test_check_names_all_that_is_wrong_with_its_line(town, capsys):
    file = town(
        "a.mdl", ("0.02", "SHIFT IF TRUE(2)"), (", 10)", ", q)"), ("SAVEPER = 1", "SAVEPER = (")
    )
    status, text = said(capsys, "check", file, "lang=en")
    assert status == 2
    assert "line 6, variable rate: SHIFT IF TRUE is not supported" in text
    assert "line 3, variable houses[east]: q is not defined" in text
    assert "line 10, variable SAVEPER: the equation breaks off" in text
    assert "第 6 行，变量 rate" in said(capsys, "check", file)[1]


def test_check_finds_an_algebraic_loop_and_what_is_not_finite(town, capsys):
    status, text = said(capsys, "check", town("a.mdl", ("0.02", "rate + 1")), "lang=en")
    assert status == 2
    assert "algebraic loop: rate" in text
    status, text = said(capsys, "check", town("b.mdl", ("0.02", "1/0*0")), "lang=en")
    assert status == 0
    assert "without a finite value at some time: rate" in text


def test_check_tells_missing_units_from_wrong_ones(town, capsys):
    file = town("a.mdl", ("0.02 ~ 1/Year", "0.02 ~ "), ("人/Year", "人"))
    _, text = said(capsys, "check", file, "lang=en")
    assert "without a unit (1)\n· rate\n" in text
    assert "units that do not match" in text


def test_check_lists_units_that_are_not_known_once(town, capsys):
    file = town("a.mdl", ("人/Year", "widgets/Month"), ("10) ~ 人", "10) ~ widgets"))
    _, text = said(capsys, "check", file, "lang=en")
    assert "units that are not known, and not compared (2)\n· widgets, widgets/Month\n" in text


def test_check_compares_months_and_people_too(town, capsys):
    file = town("a.mdl", ("人/Year", "People/Month"), ("10) ~ 人", "10) ~ Person"))
    _, text = said(capsys, "check", file, "lang=en")
    assert "the same dimension: a conversion by 12 is missing" in text


def test_the_county_s_model_is_fine(capsys):
    status, text = said(capsys, "check", str(COUNTY), "lang=en")
    assert status == 0
    assert "it runs: from 2015 to 2035" in text


def test_compare_shows_equations_and_numbers_that_differ(town, capsys):
    other = town("b.mdl", ("0.02 ~", "0.03 ~"), ("side: east", "extra = 1 ~~|\nside: east"))
    status, text = said(capsys, "compare", town("a.mdl"), other, "lang=en")
    assert status == 0
    assert "equations: added 1, removed 0, changed 1" in text
    assert "rate = 0.02 [1/Year]" in " ".join(text.split())
    assert "rate = 0.03 [1/Year]" in " ".join(text.split())
    assert "houses[east]" in text
    assert "2030" in text
    assert "+50.0%" in text


def test_compare_of_a_model_with_itself_finds_nothing(town, capsys):
    status, text = said(capsys, "compare", town("a.mdl"), town("b.mdl", ("0.02 ~", "0.02  ~")))
    assert status == 0
    assert "方程与单位完全相同" in text
    assert "数值相同" in text


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["chek", "x.mdl"], "did you mean check"),
        (["check"], "sim model check FILE"),
        (["check", "nowhere.mdl"], "cannot be read"),
        (["compare", "nowhere.mdl", "nowhere.mdl"], "cannot be read"),
    ],
)
def test_what_makes_no_sense_is_refused(capsys, words, reason):
    status, text = said(capsys, *words, "lang=en")
    assert status == 2
    assert reason in text
    assert "Traceback" not in text
