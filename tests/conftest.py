"""What all tests share: a cache of their own, so that none depends on an earlier run."""

import os

import pytest


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory):
    before = os.environ.get("SIM_CACHE")
    os.environ["SIM_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    yield
    if before is None:
        os.environ.pop("SIM_CACHE")
    else:
        os.environ["SIM_CACHE"] = before
