"""One small run of the county, in a folder, for all that is made from runs."""

from pathlib import Path

import pytest

import sim
from sim.commands.opened import open_record
from sim.report.figures.stack import parts_of
from sim.report.record import Record


@pytest.fixture(scope="session")
def outputs(tmp_path_factory):
    """A folder of outputs whose latest run has all that figures ask for."""
    kept = [
        name for figure in ("gdp", "population") for p in parts_of(figure).values() for name in p
    ]
    folder = tmp_path_factory.mktemp("whole") / "outputs"
    sim.run("high_methane", draws=96, seed=1, figures=False, keep=kept, output=folder)
    return folder


@pytest.fixture(scope="session")
def shared_record(outputs) -> Record:
    """The run, its tables read once."""
    return open_record("latest", Path(outputs))


@pytest.fixture
def record(shared_record) -> Record:
    return shared_record
