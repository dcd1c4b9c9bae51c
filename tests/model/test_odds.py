"""The table of odds is what the model gives, and what is certain everywhere is explained."""

import re
import runpy

from sim import data

ROOT = data.data_folder()
SURE = 0.5


def table() -> dict[str, list[float]]:
    """Target → per cent in every scenario, from the committed page."""
    text = (ROOT / "docs/evidence/odds.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", text, re.MULTILINE)
    return {name: [float(cell) for cell in cells.split(" | ")] for name, cells in rows}


def test_every_simulated_target_has_odds_in_every_scenario():
    scenarios = data.list_scenarios(data.scenario_folders()[-1:])
    assert len(scenarios) >= 12
    found = table()
    assert len(found) == 30
    assert {len(row) for row in found.values()} == {len(scenarios)}


def test_what_is_certain_in_every_scenario_is_explained():
    certain = {name for name, row in table().items() if max(row) < SURE or min(row) > 100 - SURE}
    text = (ROOT / "model/README.md").read_text(encoding="utf-8")
    section = text.split("## Certain in every scenario")[1].split("\n## ")[0]
    assert certain == set(re.findall(r"^- `(\w+)`", section, re.MULTILINE))


def test_the_table_is_what_the_model_gives_today():
    odds = runpy.run_path(str(ROOT / "model/odds.py"))
    name = sorted(data.list_scenarios(data.scenario_folders()[-1:])).index("baseline")
    for target, chance in odds["of_scenario"]("baseline").items():
        assert table()[target][name] == float(f"{chance:.1f}"), target
