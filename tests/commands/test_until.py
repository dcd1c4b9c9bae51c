"""until='stderr<…': as many draws as that takes."""

import json

import pytest

import sim
from sim.__main__ import main
from sim.config import compose
from sim.text import Refused

FEW = ["targets=coal_output", "against=none", "figures=false"]


def test_draws_go_on_until_every_probability_is_sure(tmp_path, capsys):
    words = [*FEW, "until=stderr<0.012", f"output={tmp_path}", "lang=en"]
    assert main(["run", *words]) == 0
    assert "every standard error is below 0.012" in capsys.readouterr().out
    folder = tmp_path / (tmp_path / "latest").read_text(encoding="utf-8").strip()
    facts = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert 1000 < facts["draws"] < 3000
    result = sim.run(draws=facts["draws"], targets=["coal_output"], against=None, store="none")
    assert float(result.attainment["standard_error"].max()) < 0.012
    assert main(["again", str(folder), "lang=en"]) == 0


def test_the_limit_is_kept_and_said(tmp_path, capsys):
    words = [*FEW, "until=stderr<0.001", "draws=300", f"output={tmp_path}", "lang=en"]
    assert main(["run", *words]) == 0
    assert "after 300 draws (the limit)" in capsys.readouterr().out


def test_python_draws_as_many_too():
    result = sim.run(until="stderr<0.05", targets=["coal_output"], against=None)
    assert result.runs.sizes["draw"] == 1000


@pytest.mark.parametrize("word", ["stderr<0", "stderr<2", "error<0.1", "0.01"])
def test_what_is_no_goal_is_refused(word):
    with pytest.raises(Refused, match="until is given as"):
        compose(until=word)


def test_a_sweep_draws_until_every_point_is_sure(tmp_path, capsys):
    words = ["levers.coal_cap=4000,4500", "targets=coal_output", "figures=false"]
    words += ["until=stderr<0.012", "draws=20000", f"output={tmp_path}", "lang=en"]
    assert main(["sweep", *words]) == 0
    assert "every standard error is below 0.012" in capsys.readouterr().out
    folder = tmp_path / (tmp_path / "latest").read_text(encoding="utf-8").strip()
    facts = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert 1000 < facts["draws"] < 3000
    assert main(["again", str(folder), "lang=en"]) == 0
