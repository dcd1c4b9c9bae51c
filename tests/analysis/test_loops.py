"""Signs of links, and named loops held against them."""

from dataclasses import replace

import numpy as np
import pytest

from sim.analysis.loops import between, held, judge_loops, stocks_without_loop
from sim.analysis.signs import Signs, link_signs, sample
from sim.engine.graph import causes
from sim.engine.model import Model
from sim.engine.vensim import read_mdl
from sim.ensemble.loops import Loop
from sim.ensemble.scenario import Parameter, Scenario
from sim.text import Text

MODEL = """\
{UTF-8}
fish = INTEG(births - catch, 50) ~ 吨 ~ ~|
births = fish*rate*(1 - fish/room) ~ 吨/Year ~ ~|
catch = boats*MIN(fish, 40)/40 ~ 吨/Year ~ ~|
boats = INTEG(boats bought - boats/20, 1) ~ Dmnl ~ ~|
boats bought = DELAY1(profit, 2) ~ Dmnl ~ ~|
profit = 0.1*catch - tax ~ Dmnl ~ ~|
tax = 0.02 ~ Dmnl ~ ~|
rate = 0.5 ~ 1/Year ~ ~|
room = 100 ~ 吨 ~ ~|
depth = INTEG(-depth/5, 3) ~ Dmnl ~ ~|
INITIAL TIME = 0 ~ Year ~ ~|
FINAL TIME = 20 ~ Year ~ ~|
TIME STEP = 0.25 ~ Year ~ ~|
SAVEPER = 1 ~ Year ~ ~|
"""
SAID = Text("", "")
COUNTY = Scenario("baseline", SAID, SAID)
RATE = Parameter(
    *("rate", "fish", "parameter", 0.5, "1/Year", "assumed", "x", "x"),
    distribution={"kind": "uniform", "low": 0.1, "high": 0.6},
)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    file = tmp_path_factory.mktemp("loops") / "model.mdl"
    file.write_text(MODEL, encoding="utf-8")
    return read_mdl(file)


@pytest.fixture(scope="module")
def signs(model: Model) -> dict[tuple[str, str], Signs]:
    worlds = sample(model, {"rate": RATE}, COUNTY, draws=8, seed=1, years=(0, 5, 10))
    return link_signs(model, worlds)


def loop(written: str, polarity: int) -> Loop:
    words = written.split()
    marks = tuple(1 if mark == "+" else -1 for mark in words[1::2])
    return Loop("one", SAID, "fish", polarity, tuple(words[::2]), marks)


def test_a_link_has_the_sign_in_which_the_effect_moves(
    signs: dict[tuple[str, str], Signs],
) -> None:
    assert signs["fish", "births"].shape == (8, 3)
    assert np.all(signs["tax", "profit"] == -1)
    assert np.all(signs["catch", "fish"] == -1)
    assert np.all(signs["room", "births"] == 1)
    assert np.all(signs["depth", "depth"] == -1)


def test_a_limit_that_does_not_bind_has_no_sign(signs: dict[tuple[str, str], Signs]) -> None:
    assert np.all(signs["fish", "catch"][:, 0] == 0)  # 50 tonnes, the limit is 40


def test_a_delay_is_one_link_with_the_sign_of_what_it_delays(
    model: Model, signs: dict[tuple[str, str], Signs]
) -> None:
    assert np.all(signs["profit", "boats_bought"] == 1)
    written = {n for n, v in model.variables.items() if not v.owner}
    assert {name for link in signs for name in link} <= written


def test_every_link_of_the_graph_has_its_sign(
    model: Model, signs: dict[tuple[str, str], Signs]
) -> None:
    links = {(cause, effect) for effect, others in causes(model).items() for cause in others}
    assert links <= set(signs)


def test_a_loop_holds_where_its_signs_are_those_of_the_model(
    model: Model, signs: dict[tuple[str, str], Signs]
) -> None:
    good = loop("boats + catch + profit + boats_bought +", 1)
    (judged,) = judge_loops(model, [good], signs)
    assert (judged.share, judged.problems) == (1.0, ())


@pytest.mark.parametrize(
    ("written", "polarity", "said"),
    [
        ("boats + catch - profit + boats_bought +", -1, "catch → profit should be −"),
        ("boats + profit + boats_bought +", 1, "now boats → catch → profit"),
        ("boats + tax -", -1, "nor is there a way between"),
        ("botas + catch +", 1, "did you mean boats"),
        ("fish + births +", 1, "fish → births should be"),
    ],
)
def test_what_is_wrong_with_a_loop_is_said(
    model: Model,
    signs: dict[tuple[str, str], Signs],
    written: str,
    polarity: int,
    said: str,
) -> None:
    (judged,) = judge_loops(model, [loop(written, polarity)], signs)
    assert said in "\n".join(problem.en for problem in judged.problems)


def test_a_sign_holds_in_a_draw_where_it_never_turns() -> None:
    signs = np.array([[1, 0, 1], [1, -1, 1], [0, 0, 0], [1, 1, 1]], dtype=np.int8)
    assert held(signs, 1) == 0.5


def test_the_shortest_way_round_leads_back(model: Model) -> None:
    assert between("fish", "fish", causes(model))[0] == "fish"
    assert between("tax", "fish", causes(model)) == [
        "tax",
        "profit",
        "boats_bought",
        "boats",
        "catch",
        "fish",
    ]


def test_a_stock_in_feedback_that_no_loop_names_is_found(model: Model) -> None:
    one = loop("boats + catch + profit + boats_bought +", 1)
    assert stocks_without_loop(model, [one]) == ["fish"]  # `depth` only drains
    assert stocks_without_loop(model, [one, replace(one, chain=("fish",))]) == []
