"""The file of targets: each entry typed, each mistake said, all at once."""

from pathlib import Path

import pytest
import yaml

from sim import data
from sim.ensemble.target import GROUPS, read_targets
from sim.text import Refused, Text

ENTRY = {
    "title": {"zh": "产量", "en": "output"}, "clause": "第一章", "year": 2025, "value": 4500,
    "unit": "万吨/Year", "sense": "at_least", "nature": "expected", "group": "coal",
    "basis": "physical",
}  # fmt: skip


def read(folder: Path, **changes: object):  # type: ignore[no-untyped-def]
    """The targets of a file with one entry, some of it changed; None takes a key away."""
    entry = {key: value for key, value in {**ENTRY, **changes}.items() if value is not None}
    file = folder / "targets.yaml"
    file.write_text(yaml.safe_dump({"output": entry}, allow_unicode=True), encoding="utf-8")
    return read_targets(file)


def test_a_variable_makes_a_target_and_a_reason_one_that_is_tracked(tmp_path: Path) -> None:
    target = read(tmp_path, variable="coal_output", thresholds=[4000, 5000]).simulated["output"]
    assert (target.value, target.measure, target.since) == (4500.0, "level", None)
    assert target.thresholds == (4000.0, 5000.0)
    tracked = read(tmp_path, value="1/3-4", reason={"zh": "个案", "en": "single cases"}).tracked
    assert tracked["output"].value == "1/3-4"
    assert tracked["output"].reason == Text("个案", "single cases")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "either its variable, or the reason"),
        ({"variable": "x", "reason": {"zh": "甲", "en": "a"}}, "either its variable, or"),
        ({"variable": "x", "basis": None}, "output lacks basis"),
        ({"variable": "x", "group": "steel"}, "output.group is 'steel'; it can be coal"),
        ({"variable": "x", "basis": "money"}, "output.basis is 'money'"),
        ({"variable": "x", "since": 2020}, "since and measure"),
        ({"variable": "x", "measure": "change"}, "since and measure"),
        ({"variable": "x", "measure": "change", "since": 2025}, "since is before year"),
        ({"variable": "x", "measure": "growth", "since": 2020}, "output.measure is 'growth'"),
        ({"variable": "x", "sense": "about"}, "needs its band"),
        ({"variable": "x", "reported_to": -1}, "reported_to is the step"),
        ({"variable": "x", "value": "many"}, "should be a number"),
        ({"variable": "x", "thresholds": ["few"]}, "output.thresholds: should be a number"),
        ({"variable": "x", "bnad": 0.1}, "unknown key bnad; did you mean band"),
    ],
)
def test_a_mistake_is_said(tmp_path: Path, changes: dict[str, object], said: str) -> None:
    with pytest.raises(Refused, match=said):
        read(tmp_path, **changes)


def test_every_row_of_the_plan_is_there() -> None:
    targets = read_targets(data.targets_file())
    assert len(targets.simulated) + len(targets.tracked) == 41
    assert {entry.group for entry in targets.simulated.values()} <= set(GROUPS)
