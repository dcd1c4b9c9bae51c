"""The project's own files: each composes, each is explained."""

from pathlib import Path

import pytest
import yaml

from sim import data
from sim.config import RunConfig, compose
from sim.ensemble.scenario import read_scenario

SCENARIOS = sorted(data.list_scenarios([data.data_folder() / "scenarios"]))


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SIM_SCENARIOS", raising=False)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_of_the_project_composes(name: str) -> None:
    settings = compose(scenario=name)
    assert settings.scenarios[0].name == name
    assert settings.scenarios[-1].name == "baseline"
    assert settings.scenarios[0].settings == read_scenario(name, data.scenario_folders()).settings
    assert settings.targets


def test_the_configuration_says_a_value_for_every_word_of_the_schema() -> None:
    text = (data.conf_folder() / "run.yaml").read_text(encoding="utf-8")
    keys = set(yaml.safe_load(text)) - {"defaults", "hydra"}
    assert keys | {"scenario", "against", "engine"} == set(RunConfig.__dataclass_fields__)
