"""The county's model and its ensembles, run once for all tests of a worker."""

from functools import cache

import pytest

from sim import data
from sim.commands.result import execute, study_of
from sim.config import compose
from sim.ensemble.scenario import list_scenarios, read_yaml

SCENARIOS = sorted(list_scenarios([data.data_folder() / "scenarios"]))
HEADLINE = read_yaml(data.conf_folder() / "headline.yaml")["variables"]


@pytest.fixture(scope="session")
def model():
    return study_of(compose(draws=1)).model


@pytest.fixture(scope="session")
def table():
    return study_of(compose(draws=1)).table


@pytest.fixture(scope="session")
def ensemble():
    """A function from a scenario's name to its result with all variables, 500 draws."""

    @cache
    def result(name):
        return execute(compose(scenario=name, draws=500, seed=5, keep="all"))

    return result
