"""The causal graph of a model, and its flows."""

import pytest

from sim.engine.flows import Flow, flows
from sim.engine.graph import causes, distances, opened, sources
from sim.engine.model import Model
from sim.engine.vensim import read_mdl

MODEL = """\
{UTF-8}
young = INTEG(births + moved in - young/span - young*death rate, 10) ~ 人 ~ ~|
old = INTEG(young/span*survival - old*(death rate + leaving rate), 5) ~ 人 ~ ~|
abroad = INTEG(old*leaving rate, old) ~ 人 ~ ~|
mood = INTEG((wealth - mood)/delay, 1) ~ Dmnl ~ ~|
counted = INTEG(births, 0) ~ 人 ~ ~|
site = INTEG(-use, 100) ~ 人 ~ ~|
works = INTEG(use - finished, 0) ~ 人 ~ ~|
built = INTEG(finished, 0) ~ 人 ~ ~|
kept = INTEG(use - DELAY3(use, span), 0) ~ 人 ~ ~|
finished = works/span ~ 人/Year ~ ~|
use = MIN(site, births) ~ 人/Year ~ ~|
births = old*fertility(mood) ~ 人/Year ~ ~|
moved in = 1 ~ 人/Year ~ ~|
fertility((0,0),(1,0.1),(2,0.2)) ~ 1/Year ~ ~|
wealth = SMOOTH(young + start, delay) ~ Dmnl ~ ~|
start = INITIAL(old) ~ 人 ~ ~|
span = 20 ~ Year ~ ~|
death rate = 0.01 ~ 1/Year ~ ~|
leaving rate = 0.02 ~ 1/Year ~ ~|
survival = 0.9 ~ Dmnl ~ ~|
delay = 2 ~ Year ~ ~|
INITIAL TIME = 0 ~ Year ~ ~|
FINAL TIME = 5 ~ Year ~ ~|
TIME STEP = 1 ~ Year ~ ~|
SAVEPER = 1 ~ Year ~ ~|
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    file = tmp_path_factory.mktemp("graph") / "model.mdl"
    file.write_text(MODEL, encoding="utf-8")
    return read_mdl(file)


def test_initial_values_and_tables_are_sources_but_no_causes(model: Model) -> None:
    assert sources(model)["abroad"] == ["old", "leaving_rate"]
    assert "fertility" in sources(model)["births"]
    assert causes(model)["births"] == ["old", "mood"]
    assert causes(model)["start"] == []


def test_a_stock_that_drains_is_its_own_cause_and_what_smooths_is_not(model: Model) -> None:
    assert "young" in causes(model)["young"]
    assert causes(model)["wealth"] == ["young", "start", "delay"]


def test_hidden_stocks_come_out_when_a_model_is_opened(model: Model) -> None:
    hidden = [name for name, v in model.variables.items() if v.owner]
    assert hidden
    assert set(hidden) <= set(opened(model).results)


def test_distance_counts_the_links_upstream(model: Model) -> None:
    steps = distances("births", causes(model))
    assert (steps["births"], steps["mood"], steps["wealth"], steps["young"]) == (0, 1, 2, 2)
    assert "counted" not in steps


def found(model: Model, source: str | None, sink: str | None) -> list[Flow]:
    return [flow for flow in flows(model) if (flow.source, flow.sink) == (source, sink)]


def test_what_leaves_one_stock_and_enters_another_is_one_flow(model: Model) -> None:
    (ageing,) = found(model, "young", "old")  # times a factor
    assert set(ageing.reads) == {"young", "span", "survival"}
    (leaving,) = found(model, "old", "abroad")  # one of two products in brackets
    assert set(leaving.reads) == {"old", "leaving_rate"}
    (dying,) = found(model, "old", None)
    assert set(dying.reads) == {"old", "death_rate"}


def test_what_a_delay_in_an_equation_reads_is_what_its_flow_reads(model: Model) -> None:
    (leaving,) = found(model, "kept", None)
    assert set(leaving.reads) == {"use", "span"}


def test_a_flow_that_is_a_variable_has_its_name(model: Model) -> None:
    assert found(model, "site", "works") == [Flow("site", "works", "use")]
    assert found(model, "works", "built") == [Flow("works", "built", "finished")]
    assert {flow.name for flow in found(model, None, "young")} == {"births", "moved_in"}


def test_a_gap_that_closes_is_a_flow_either_way(model: Model) -> None:
    (gap,) = found(model, None, "mood")
    assert gap.net
    assert set(gap.reads) == {"wealth", "mood", "delay"}


def test_every_stock_of_the_model_has_a_flow(model: Model) -> None:
    moved = {name for flow in flows(model) for name in (flow.source, flow.sink) if name}
    assert moved == {n for n in model.stocks if not model.variables[n].owner}
