"""Every golden case gives the numbers that PySD gives."""

import warnings
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.engine.model import canonical

CASES = sorted(p.parent for p in (Path(__file__).parents[1] / "golden").glob("*/model.mdl"))


def reference(model: Path, tmp_path: Path):
    """PySD's results, by canonical name: arrays over time."""
    copy = tmp_path / "model.mdl"  # PySD writes a Python file beside the model
    copy.write_text(model.read_text(encoding="utf-8"), encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pysd

        table = pysd.read_vensim(str(copy)).run()
    return {canonical(name): table[name].to_numpy(dtype=float) for name in table}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_golden_case_gives_the_numbers_of_pysd(case, tmp_path):
    ours = sim.simulate(sim.load_model(case / "model.mdl"))
    theirs = reference(case / "model.mdl", tmp_path)
    assert len(ours.data_vars) >= 6
    for name, values in ours.data_vars.items():
        np.testing.assert_allclose(
            values.values[0], theirs[name], rtol=1e-9, atol=1e-12, err_msg=name
        )
