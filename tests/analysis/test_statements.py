"""The county's statements notice when the model is broken on purpose, each in its own sector."""

from pathlib import Path

import pytest

from sim.analysis.reality import judge
from sim.analysis.statements import STATEMENTS
from sim.analysis.trials import TRIALS
from sim.data import data_folder, model_file, sector_folder
from sim.engine.vensim import read_mdl
from sim.ensemble.scenario import read_parameters, read_scenario

BROKEN = {  # what is changed in the model, and the statement that must notice
    "farmland_conserved": ("lost farmland*cultivated share of arable land", "0*lost farmland"),
    "no_support_nobody_enrols": (
        "green appeal)*(1-certified share",
        "green appeal+1e-4)*(1-certified share",
    ),
    "energy_adds_up": ("heating energy+appliance energy", "heating energy+2*appliance energy"),
    "touched_land_conserved": ("repeat damage rate*reclaimed land-land", "reclaimed land/30-land"),
    "coverages_are_shares": ("new home heating share*homes completed", "9*homes completed"),
    "sewage_adds_up": (
        "sewage generated-sewage collected*",
        "sewage generated-0.9*sewage collected*",
    ),
    "dear_grain_moves_no_tonnes": (
        "grain area*grain yield",
        "grain area*grain yield*grain price/2000",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_equation_is_noticed(name: str, tmp_path: Path) -> None:
    old, new = BROKEN[name]
    text = model_file().read_text(encoding="utf-8")
    assert joined(text).count(old) == 1, name
    file = tmp_path / "broken.mdl"
    file.write_text(joined(text).replace(old, new), encoding="utf-8")
    (verdict,) = judge(
        read_mdl(file),
        read_parameters(sector_folder()),
        read_scenario("baseline", [data_folder() / "scenarios"]),
        TRIALS,
        [one for one in STATEMENTS if one.name == name],
        draws=20,
    )
    assert verdict.problem is None
    assert verdict.broken > 0
    assert verdict.example  # a world that `sim run` takes


def joined(text: str) -> str:
    """The equations each on one line."""
    return text.replace("\n        ", "")
