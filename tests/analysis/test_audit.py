"""Each mistake in a table is found, and said once."""

from dataclasses import replace
from pathlib import Path

import pytest

from sim.analysis.audit import audit_parameters, audit_scenario, audit_targets
from sim.engine.model import Model
from sim.engine.vensim import read_mdl
from sim.ensemble.plan import Indicator
from sim.ensemble.scenario import Parameter, Scenario, Setting
from sim.ensemble.target import Target, Targets, Tracked
from sim.text import Text

MODEL = """\
{UTF-8}
cap = 4500 ~ 万吨/Year ~ |
price = WITH LOOKUP(Time, ([(0,0)-(9,9)],(2015,500),(2020,600))) ~ 元/吨 ~ |
to yi = 0.0001 ~ 亿元*吨/(元*万吨) ~ |
life = 20 ~ Year ~ |
sales = cap*price*to yi ~ 亿元/Year ~ |
INITIAL TIME = 2015 ~ Year ~ |
FINAL TIME = 2020 ~ Year ~ |
TIME STEP = 1 ~ Year ~ |
SAVEPER = 1 ~ Year ~ |
"""
WHY = Text("理由", "why")


def parameter(name: str, value: object, unit: str, role: str = "parameter", **more: object):  # type: ignore[no-untyped-def]
    words = {"sector": "toy", "kind": "assumed", "source": "统计局", "reason": "量级"}
    return Parameter(name=name, value=value, unit=unit, role=role, **{**words, **more})  # type: ignore[arg-type]


@pytest.fixture
def model(tmp_path: Path) -> Model:
    file = tmp_path / "toy.mdl"
    file.write_text(MODEL, encoding="utf-8")
    return read_mdl(file)


@pytest.fixture
def table() -> dict[str, Parameter]:
    drawn = {"kind": "triangular", "low": 10, "mode": 20, "high": 40}
    entries = [
        parameter("cap", 4500.0, "万吨/Year", "lever", bounds=(1, 20000)),
        parameter("price", {2015.0: 500.0, 2020.0: 600.0}, "元/吨", "assumption"),
        parameter("to_yi", 1e-4, "亿元*吨/(元*万吨)", bounds=(1e-4, 1e-4)),
        parameter("life", 20.0, "Year", bounds=(1, 100), distribution=drawn),
    ]
    return {entry.name: entry for entry in entries}


def test_a_sound_table_passes(table: dict[str, Parameter], model: Model) -> None:
    assert audit_parameters(table, model) == []


WIDE = {"kind": "uniform", "low": -5, "high": 60}
FAR = {"kind": "uniform", "low": 30, "high": 60}
MISTAKES = [
    ("life", {"value": 21.0}, "life = 21, in the model file 20"),
    (
        "price",
        {"value": {2015.0: 500.0, 2020.0: 610.0}},
        "model file {2015: 500, 2020: 600}",
    ),
    ("life", {"unit": "1/Year"}, "life is in 1/Year, in the model in Year"),
    ("life", {"source": " "}, "gives no source"),
    ("life", {"reason": "TODO"}, "gives no reason"),
    ("life", {"distribution": WIDE}, "reaches beyond the physical bounds [1, 100]"),
    ("life", {"distribution": FAR}, "outside the 1-99 % range of its own distribution"),
    ("life", {"distribution": {"kind": "unifrom"}}, "unknown distribution"),
    ("cap", {"distribution": {"kind": "uniform", "low": 1, "high": 9000}}, "is a lever"),
    ("to_yi", {"value": 1e-3}, "its unit 亿元*吨/(元*万吨) means 0.0001"),
]


@pytest.mark.parametrize(("name", "change", "said"), MISTAKES)
def test_a_mistake_in_the_table_is_said(
    table: dict[str, Parameter], model: Model, name: str, change: dict[str, object], said: str
) -> None:
    table[name] = replace(table[name], **change)  # type: ignore[arg-type]
    problems = [text.en for text in audit_parameters(table, model)]
    assert any(said in problem for problem in problems), problems
    assert all(name in problem for problem in problems)


def test_an_input_without_an_entry_and_an_entry_without_an_input_are_said(
    table: dict[str, Parameter], model: Model
) -> None:
    table["lief"] = replace(table.pop("life"), name="lief")
    problems = "\n".join(text.en for text in audit_parameters(table, model))
    assert "life of the model is not in the parameter table" in problems
    assert "lief is no constant or path of the model; did you mean life?" in problems


TARGET = Target(
    name="sales", title=WHY, clause="第一章", variable="sales", year=2020, value=250.0,
    unit="亿元/Year", sense="at_least", nature="expected", group="coal", basis="current_prices",
)  # fmt: skip
OTHER = Tracked(
    name="labs", title=WHY, clause="第三章", year=2025, value="3", unit="个", sense="at_least",
    nature="expected", group="industry", basis="physical", reason=WHY,
)  # fmt: skip
PLAN = {
    "sales": Indicator("sales", "第一章", 2020, "250", "亿元/年", "at_least"),
    "labs": Indicator("labs", "第三章", 2025, "3", "个", "at_least"),
}


def problems_of_targets(model: Model, targets: list[Target], others: list[Tracked]) -> str:
    entries = Targets({t.name: t for t in targets}, {o.name: o for o in others})
    found = audit_targets(entries, PLAN, model, range(2015, 2021))
    return "\n".join(text.en for text in found)


def test_complete_targets_pass(model: Model) -> None:
    assert problems_of_targets(model, [TARGET], [OTHER]) == ""
    in_wan_yuan = replace(TARGET, value=2_500_000.0, unit="万元/Year")
    assert problems_of_targets(model, [in_wan_yuan], [OTHER]) == ""


@pytest.mark.parametrize(
    ("targets", "others", "said"),
    [
        ([TARGET], [], "the plan's labs is not in targets.yaml"),
        ([replace(TARGET, value=260.0)], [OTHER], "says 260 亿元/Year, the plan"),
        ([replace(TARGET, year=2019)], [OTHER], "says 2019, the plan"),
        ([replace(TARGET, sense="at_most")], [OTHER], "says at_most, the plan"),
        ([TARGET], [replace(OTHER, clause="第九章")], "labs says 第九章, the plan"),
        ([replace(TARGET, variable="salse")], [OTHER], "did you mean sales"),
        ([replace(TARGET, unit="万吨")], [OTHER], "cannot be converted"),
        ([replace(TARGET, year=2031)], [OTHER], "2031 is not among the years"),
        ([TARGET, replace(TARGET, name="sale")], [OTHER], "sale is no indicator of the plan"),
        (
            [TARGET],
            [replace(OTHER, value="4")],
            "labs says 4 个, the plan (conf/plan.csv) says 3",
        ),
    ],
)
def test_a_mistake_in_the_targets_is_said(
    model: Model, targets: list[Target], others: list[Tracked], said: str
) -> None:
    assert said in problems_of_targets(model, targets, others)


BASELINE = Scenario("baseline", WHY, WHY)


def scenario(**groups: dict[str, Setting]) -> Scenario:
    return Scenario("own", WHY, WHY, **groups)


def test_a_scenario_that_differs_passes(table: dict[str, Parameter]) -> None:
    own = scenario(levers={"cap": Setting(5000.0, WHY)})
    assert audit_scenario(own, BASELINE, table) == []
    assert audit_scenario(BASELINE, None, table) == []


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ({}, "nothing differs from the baseline"),
        ({"levers": {"cap": Setting(4500.0, WHY)}}, "nothing differs from the baseline"),
        ({"levers": {"cpa": Setting(1.0, WHY)}}, "cpa is not in the parameter table; did you mean"),
        ({"levers": {"cap": Setting(0.0, WHY)}}, "outside its physical bounds"),
        ({"assumptions": {"cap": Setting(1.0, WHY)}}, "in the parameter table it is a lever"),
        ({"levers": {"cap": Setting(1.0, Text("", ""))}}, "cap gives no reason"),
    ],
)
def test_a_mistake_in_a_scenario_is_said(
    table: dict[str, Parameter], groups: dict[str, dict[str, Setting]], said: str
) -> None:
    (problem,) = audit_scenario(scenario(**groups), BASELINE, table)
    assert said in problem.en
    assert problem.en.startswith("scenario own: ")
