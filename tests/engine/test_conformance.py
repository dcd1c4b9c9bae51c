"""The community's models give the results that their authors expect (SDXorg/test-models)."""

import conformance
import pytest


@pytest.mark.parametrize("case", conformance.cases() or ["conformance"])
def test_a_model_of_the_community_gives_its_known_results(case):
    if not (conformance.SUITE / case).is_dir():
        pytest.skip(f"{conformance.SUITE / case} is not here")
    found = conformance.compared(case)
    assert found.passes, found
