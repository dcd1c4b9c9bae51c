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


def test_an_edge_in_the_last_bit_excuses_numbers_and_nothing_else_does(tmp_path):
    head = "value 1 = 1.4 * constant / constant ~~|\nconstant = 0.277 ~~|\n"
    controls = "INITIAL TIME = 0 ~~|\nFINAL TIME = 1 ~~|\nTIME STEP = 1 ~~|\nSAVEPER = 1 ~~|\n"
    text = "{UTF-8}\n" + head + "value 2 = QUANTUM(value 1, 0.7) ~~|\n" + controls
    assert generated.is_shaky(text, {"value_2": (0, 1.4, 0.7)}, tmp_path)
    assert not generated.is_shaky(text, {"value_1": (0, 1.4, 0.7)}, tmp_path)
