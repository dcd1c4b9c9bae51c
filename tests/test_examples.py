"""The worked examples of docs/examples run, and say what they promise."""

import runpy
from pathlib import Path

EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"


def test_an_economists_session(capsys):
    runpy.run_path(str(EXAMPLES / "an_economists_session.py"))["main"](200)
    said = capsys.readouterr().out
    assert said.count(" ± ") == 3
    assert "methane_drilling_permits" in said
    assert "narrowed" in said


def test_what_decides_methane(capsys):
    runpy.run_path(str(EXAMPLES / "what_decides_methane.py"))["main"](4, 16)
    said = capsys.readouterr().out
    assert "share of the variance" in said
    assert said.count(" ± ") == 10
    assert "intervals within ±0.05 want base=" in said
