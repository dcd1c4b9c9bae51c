"""Models made at random give the numbers of PySD and of simlin; all: `benchmarks/generated.py`."""

import sys

import generated
import pytest


@pytest.mark.parametrize(("peer", "cases"), [("PySD", 40), ("simlin", 40)])
def test_a_generated_model_gives_the_numbers_of_its_peer(peer, cases):
    if peer == "simlin" and sys.platform != "linux":
        pytest.skip("simlin is installed on Linux alone")
    said = []
    counts = generated.run(range(cases), seed=7, peer=peer, say=said.append)
    assert set(counts) <= generated.FINE, "\n".join(said)
    assert counts["same"] >= cases - 2
