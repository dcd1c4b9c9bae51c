"""Damaged model files are simulated or refused; all: `python benchmarks/fuzz.py 20000`."""

import fuzz


def test_a_damaged_file_is_simulated_or_refused():
    found = list(fuzz.run(range(120), seed=3, say=lambda said: None))
    wrong = [each for each in found if each[1] not in ("simulated", "refused")]
    assert not wrong
    assert len(found) == 120
    assert {each[1] for each in found} == {"simulated", "refused"}
