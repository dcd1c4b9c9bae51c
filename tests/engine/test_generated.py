"""Models made at random give the numbers of PySD and of simlin; all: `benchmarks/generated.py`."""

import random
import sys

import generated
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sim

CASES = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
"""Hypothesis hands the generator its random numbers, and makes a model that fails a small one."""


def refuse_a_difference(rng, name):
    peer = generated.PEERS[name]
    text = generated.Maker(rng, peer.plain, peer.by_rk4).model()
    generated.hurry()
    kind, said = generated.compared(text, peer)
    assert kind in generated.FINE, f"{kind}: {said}\n{text}"


@CASES
@given(st.randoms(use_true_random=False))
def test_a_generated_model_gives_the_numbers_of_pysd(rng):
    refuse_a_difference(rng, "PySD")


@pytest.mark.skipif(sys.platform != "linux", reason="simlin is installed on Linux alone")
@CASES
@given(st.randoms(use_true_random=False))
def test_a_generated_model_gives_the_numbers_of_simlin(rng):
    refuse_a_difference(rng, "simlin")


@pytest.mark.parametrize("peer", generated.PEERS)
def test_cases_of_a_seed_give_the_numbers_of_their_peer(peer):
    """Hypothesis tries many models like each other; those of a seed have nothing in common."""
    if peer.startswith("simlin") and sys.platform != "linux":
        pytest.skip("simlin is installed on Linux alone")
    said = []
    counts = generated.run(range(25), seed=7, peer=peer, say=said.append)
    assert set(counts) <= generated.FINE, "\n".join(said)
    assert counts["same"] >= 23


def test_a_model_for_runge_and_kutta_is_integrated_by_their_method(tmp_path):
    file = tmp_path / "m.mdl"
    for peer, method in (("simlin", "euler"), ("simlin, RK4", "rk4")):
        file.write_text(generated.text_of(7, 3, generated.PEERS[peer]), encoding="utf-8")
        assert sim.load_model(file).method.name == method


def test_a_case_depends_on_seed_and_number_alone():
    assert generated.text_of(7, 3) == generated.Maker(random.Random("7:3")).model()


def test_an_edge_in_the_last_bit_excuses_numbers_and_nothing_else_does(tmp_path):
    head = "value 1 = 1.4 * constant / constant ~~|\nconstant = 0.277 ~~|\n"
    controls = "INITIAL TIME = 0 ~~|\nFINAL TIME = 1 ~~|\nTIME STEP = 1 ~~|\nSAVEPER = 1 ~~|\n"
    text = "{UTF-8}\n" + head + "value 2 = QUANTUM(value 1, 0.7) ~~|\n" + controls
    assert generated.is_shaky(text, {"value_2": (0, 1.4, 0.7)}, tmp_path)
    assert not generated.is_shaky(text, {"value_1": (0, 1.4, 0.7)}, tmp_path)
