"""Whether a wrong unit is found, and said with the equation and both its sides."""

from pathlib import Path

import pytest

from sim.engine.dimensions import conversion, wrong_units
from sim.engine.model import Model
from sim.engine.vensim import read_mdl

HEAD = """\
{UTF-8}
output = 10 ~ 万吨/Year ~ |
price = 500 ~ 元/吨 ~ |
life = 20 ~ Year ~ |
share = 0.5 ~ Dmnl ~ |
to yi = 0.0001 ~ 亿元*吨/(元*万吨) ~ |
effect([(0,0)-(2,2)],(0,0),(2,2)) ~ Dmnl ~ |
INITIAL TIME = 0 ~ Year ~ |
FINAL TIME = 10 ~ Year ~ |
TIME STEP = 1 ~ Year ~ |
SAVEPER = 1 ~ Year ~ |
"""


@pytest.fixture
def model_of(tmp_path: Path):  # type: ignore[no-untyped-def]
    def read(equations: str) -> Model:
        file = tmp_path / "model.mdl"
        file.write_text(HEAD + equations, encoding="utf-8")
        return read_mdl(file)

    return read


SOUND = [
    "x = output*price*to yi ~ 亿元/Year ~ |",
    "x = INTEG(output - x/life, 0) ~ 万吨 ~ |",
    "x = INTEG(0, 5) ~ 万吨 ~ |",
    "x = SQRT(output^2 + 4*output*output) ~ 万吨/Year ~ |",
    "x = IF THEN ELSE(output > 0, output, 0) ~ 万吨/Year ~ |",
    "x = EXP(share) + effect(output/output) ~ Dmnl ~ |",
    "x = (output*1 Year/output/1 Year)^share ~ Dmnl ~ |".replace("1 Year", "life"),
    "x = RAMP(1/life, INITIAL TIME, INITIAL TIME + life) ~ Dmnl ~ |",
    "x = output*STEP(1, INITIAL TIME) ~ 万吨/Year ~ |",
    "x = ZIDZ(output, output) ~ Dmnl ~ |",
    "x = XIDZ(output, life, output/life) ~ 万吨/(Year*Year) ~ |",
    "x = SMOOTH(output, life) ~ 万吨/Year ~ |",
    "x = DELAY3(output, life) ~ 万吨/Year ~ |",
    "x = DELAY FIXED(output, life, output) ~ 万吨/Year ~ |",
    "x = 12 ~ 万吨 ~ |",
    "x = WITH LOOKUP(Time, ([(0,0)-(9,9)],(0,1),(9,2))) ~ 元/吨 ~ |",
    "x = INITIAL(output) ~ 万吨/Year ~ |",
    f"x = {'*'.join(['life'] * 100)} ~ Year^100 ~ |",
]


@pytest.mark.parametrize("equation", SOUND)
def test_a_consistent_equation_passes(model_of, equation: str) -> None:  # type: ignore[no-untyped-def]
    assert wrong_units(model_of(equation)) == []


WRONG = [
    ("x = output + price ~ 万吨/Year ~ |", "in 元/吨, should be in 万吨/Year"),
    ("x = output*price ~ 亿元/Year ~ |", "a conversion by 0.0001 is missing"),
    ("x = output ~ 吨/Year ~ |", "in 万吨/Year, should be in 吨/Year"),
    ("x = INTEG(output*life, 0) ~ 万吨 ~ |", "the flow (unit of the stock per time)"),
    ("x = INTEG(output, price) ~ 万吨 ~ |", "the initial value: in 元/吨, should be in 万吨"),
    ("x = EXP(output) ~ Dmnl ~ |", "the argument of EXP"),
    ("x = 3 - output ~ 万吨/Year ~ |", "both sides of -: in Dmnl, should be in 万吨/Year"),
    ("x = SMOOTH3(output, 3) ~ 万吨/Year ~ |", "written out as stocks, the flow"),
    ("x = 2^output ~ Dmnl ~ |", "the exponent"),
    ("x = output^share ~ Dmnl ~ |", "the base of a power"),
    ("x = effect(price) ~ Dmnl ~ |", "the argument of a table"),
    ("x = effect(share) ~ 元/吨 ~ |", "in Dmnl, should be in 元/吨"),
    ("x = STEP(1, price) ~ Dmnl ~ |", "a time of STEP"),
    ("x = DELAY FIXED(output, price, output) ~ 万吨/Year ~ |", "the delay time"),
    ("x = IF THEN ELSE(output > 1, 1, 0) ~ Dmnl ~ |", "both sides of >"),
    ("x = SMOOTH(output, life) ~ 元/吨 ~ |", "in 万吨/Year, should be in 元/吨"),
    ("x = output ~ 万担/Year ~ |", "the unit '万担/Year' is not known"),
    ("x = output ~ ~ |", "x has no unit"),
]


@pytest.mark.parametrize(("equation", "said"), WRONG)
def test_a_wrong_unit_is_said(model_of, equation: str, said: str) -> None:  # type: ignore[no-untyped-def]
    problems = wrong_units(model_of(equation))
    assert len(problems) == 1
    assert said in problems[0].en
    assert problems[0].zh.startswith("x")


def test_a_problem_shows_the_line_and_the_equation(model_of) -> None:  # type: ignore[no-untyped-def]
    (problem,) = wrong_units(model_of("x = output +\n price ~ 万吨/Year ~ |"))
    assert problem.en.startswith("x (line 12)")
    assert problem.en.endswith("\n    x = output + price")


def test_a_unit_that_converts_says_its_number() -> None:
    assert conversion("亿元*吨/(元*万吨)") == pytest.approx(1e-4)
    assert conversion("万元*万人/(亿元*人)") == pytest.approx(1)
    assert conversion("万吨/Year") is None
    assert conversion("Dmnl") is None
    assert conversion("斤/亩") is None
