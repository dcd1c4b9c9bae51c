"""One small run of the county, in a folder, for all that is made from runs."""

from pathlib import Path

import pytest

import sim
from sim.commands.opened import open_record
from sim.report.record import Record


@pytest.fixture(scope="session")
def outputs(tmp_path_factory):
    """A folder of outputs whose latest run is one of every day, but for its draws."""
    folder = tmp_path_factory.mktemp("whole") / "outputs"
    sim.run("high_methane", draws=96, seed=1, figures=False, output=folder)
    return folder


@pytest.fixture(scope="session")
def shared_record(outputs) -> Record:
    """The run, its tables read once."""
    return open_record("latest", Path(outputs))


@pytest.fixture(scope="session")
def another(tmp_path_factory) -> Record:
    """A run of another scenario, of other draws."""
    folder = tmp_path_factory.mktemp("another") / "outputs"
    sim.run("stagnation", draws=48, seed=2, figures=False, output=folder)
    return open_record("latest", folder)


@pytest.fixture
def record(shared_record) -> Record:
    return shared_record
