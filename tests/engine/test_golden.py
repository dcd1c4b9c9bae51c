"""Every golden case gives the numbers that PySD gives."""

import itertools
import shutil
import warnings
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.engine.model import canonical

CASES = sorted(p.parent for p in (Path(__file__).parents[1] / "golden").glob("*/model.mdl"))

ROUGH = {"allocation": 1e-6}
"""Where PySD itself comes only so near: it allocates by least squares."""


def reference(model: Path, tmp_path: Path):
    """PySD's results, by canonical name: arrays over time."""
    shutil.copytree(model.parent, tmp_path, dirs_exist_ok=True)
    copy = tmp_path / "model.mdl"  # PySD writes a Python file beside the model
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pysd

        table = pysd.read_vensim(str(copy)).run()
    return {canonical(name): table[name].to_numpy(dtype=float) for name in table}


def elements(ours):
    """Each variable over time, those of an array by the name of the element: `x[a,b]`."""
    for name, values in ours.data_vars.items():
        one = values.isel(member=0)
        for place in itertools.product(*(one[dim].values for dim in one.dims[1:])):
            at = dict(zip(one.dims[1:], place, strict=True))
            yield f"{name}[{','.join(map(canonical, place))}]" if at else name, one.sel(at)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_golden_case_gives_the_numbers_of_pysd(case, tmp_path):
    ours = sim.simulate(sim.load_model(case / "model.mdl"), method="euler")  # as PySD does
    theirs = reference(case / "model.mdl", tmp_path)
    assert len(ours.data_vars) >= 6
    for name, values in elements(ours):
        np.testing.assert_allclose(
            values.values, theirs[name], rtol=ROUGH.get(case.name, 1e-9), atol=1e-9, err_msg=name
        )
