"""A small county: one stock, a lever, a path, an uncertain rate, and noise."""

import pytest

import sim
from sim.engine.integrate import clock_of
from sim.ensemble.scenario import Parameter, Scenario, Setting
from sim.text import Text

MODEL = """{UTF-8}
output = MIN(cap, capacity) * price ~ 亿元/Year ~ 产出; output; what is sold |
capacity = INTEG(building - capacity * wear + shock, 10) ~ 万吨/Year ~ 产能; capacity; |
building = 3 ~ 万吨/Year ~ 建设; building; |
cap = 12 ~ 万吨/Year ~ 上限; cap; |
wear = 0.2 ~ 1/Year ~ 损耗; wear; |
shock = 0 ~ Dmnl ~ 冲击; shock; |
price = WITH LOOKUP(Time, ([(0,0)-(10,9)],(2015,1),(2020,2),(2025,1.5))) ~ Dmnl ~ 价格; price; |
INITIAL TIME = 2015 ~ Year ~ |
FINAL TIME = 2025 ~ Year ~ |
TIME STEP = 0.25 ~ Year ~ |
SAVEPER = 1 ~ Year ~ |
"""


def parameter(name, value, role="parameter", unit="Dmnl", bounds=(-1e9, 1e9), distribution=None):
    return Parameter(
        name, "toy", role, value, unit, "assumed", "a test", "a test", bounds, distribution
    )


@pytest.fixture
def model(tmp_path):
    (tmp_path / "toy.mdl").write_text(MODEL, encoding="utf-8")
    return sim.load_model(tmp_path / "toy.mdl")


@pytest.fixture
def clock(model):
    return clock_of(model)


@pytest.fixture
def table():
    wear = {"kind": "triangular", "low": 0.1, "mode": 0.2, "high": 0.4}
    entries = [
        parameter("cap", 12.0, "lever", "万吨/Year"),
        parameter("price", {2015.0: 1.0, 2020.0: 2.0, 2025.0: 1.5}, "assumption"),
        parameter("wear", 0.2, unit="1/Year", bounds=(0, 1), distribution=wear),
        parameter(
            "building", 3.0, unit="万吨/Year", distribution={"kind": "normal", "mean": 3, "sd": 0.3}
        ),
        parameter("shock", 0.0, distribution={"kind": "noise"}),
    ]
    return {entry.name: entry for entry in entries}


@pytest.fixture
def scenarios():
    why = Text("因为", "because")
    base = Scenario("baseline", Text("基线", "Baseline"), Text("如规划", "as planned"))
    tight = Scenario(
        "tight",
        Text("收紧", "Tight"),
        Text("上限收紧", "a tighter cap"),
        levers={"cap": Setting({2018.0: 12.0, 2022.0: 6.0}, why)},
        assumptions={"wear": Setting(0.3, why)},
    )
    return (tight, base)
