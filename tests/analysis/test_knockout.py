"""Cutting a feedback loop."""

import pytest

from sim.analysis.knockout import cuts, rarest_link, without_link
from sim.engine.model import Model
from sim.engine.vensim import read_mdl
from sim.ensemble.loops import Loop
from sim.ensemble.scenario import Scenario
from sim.text import Text

MODEL = """\
{UTF-8}
fish = INTEG(births - deaths, 10) ~ 吨 ~ ~|
births = fish*0.2 ~ 吨/Year ~ ~|
deaths = fish*0.1*crowding ~ 吨/Year ~ ~|
crowding = 1 + 1e-7*fish ~ Dmnl ~ ~|
INITIAL TIME = 0 ~ Year ~ ~|
FINAL TIME = 10 ~ Year ~ ~|
TIME STEP = 1 ~ Year ~ ~|
SAVEPER = 1 ~ Year ~ ~|
"""
SAID = Text("", "")
GROWTH = Loop("growth", SAID, "fish", 1, ("fish", "births"), (1, 1))
DEATH = Loop("death", SAID, "fish", -1, ("fish", "deaths"), (1, -1))
CROWDING = Loop("crowding", SAID, "fish", -1, ("fish", "crowding", "deaths"), (1, 1, -1))
ALL = [GROWTH, DEATH, CROWDING]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    file = tmp_path_factory.mktemp("knockout") / "model.mdl"
    file.write_text(MODEL, encoding="utf-8")
    return read_mdl(file)


def test_a_loop_is_cut_where_it_shares_least() -> None:
    assert rarest_link(DEATH, ALL) == ("fish", "deaths")  # deaths → fish is crowding's too
    assert rarest_link(CROWDING, ALL) == ("fish", "crowding")


def test_a_strong_loop_moves_its_series_and_a_weak_one_does_not(model: Model) -> None:
    county = Scenario("baseline", SAID, SAID)
    growth, _, crowding = cuts(model, {}, county, ALL, draws=2, seed=1)
    # with births at 2 a year, fish approach 20 instead of growing by a tenth a year
    assert growth.median == pytest.approx(1 - (20 - 10 * 0.9**10) / (10 * 1.1**10), rel=1e-4)
    assert growth.share == 1.0
    assert crowding.share == 0.0


def test_a_link_that_is_not_there_is_not_cut(model: Model) -> None:
    with pytest.raises(ValueError, match="births does not read crowding"):
        without_link(model, "crowding", "births")
