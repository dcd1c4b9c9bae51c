"""A small project of its own for these tests: three levers, one assumption, two parameters."""

import shutil
from pathlib import Path

import pytest

from sim import data

PROJECT = Path(__file__).parents[2]

COAL = """\
title: {zh: 煤炭, en: Coal}
levers:
  coal_cap:
    value: 4500
    unit: 万吨/Year
    kind: plan
    source: 规划
    reason: 上限
    bounds: [0, 10000]
  drilling_permits:
    value: {2015: 100, 2025: 300}
    unit: 口/Year
    kind: plan
    source: 规划
    reason: 审批
    bounds: [0, 5000]
assumptions:
  coal_price:
    value: 600
    unit: 元/吨
    kind: assumed
    source: 假设
    reason: 行情
    bounds: [0, 5000]
parameters:
  well_decline:
    value: 0.3
    unit: 1/Year
    kind: assumed
    source: 文献
    reason: 递减
    bounds: [0, 2]
    distribution: {kind: triangular, low: 0.2, mode: 0.3, high: 0.4}
"""
TARGETS = """\
coal_output:
  title: {zh: 原煤产量, en: Raw coal output}
  clause: 第四章
  variable: coal_output
  year: 2025
  value: 4500
  unit: 万吨/Year
  sense: at_most
  nature: expected
  group: coal
  basis: physical
"""
BASELINE = """\
title: {zh: 基准, en: Baseline}
narrative: {zh: 规划照原文执行。, en: The plan as written.}
"""
HIGH = """\
title: {zh: 高甲烷, en: High methane}
narrative: {zh: 多打井。第二句。, en: More wells. A second sentence.}
extends: baseline
levers:
  drilling_permits:
    value: {2021: 400, 2026: 700}
    reason: {zh: 加快审批, en: faster approval}
assumptions:
  coal_price:
    value: 500
    reason: {zh: 价格回落, en: prices come down}
"""


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a small project; the working folder is another, empty one."""
    folder = tmp_path / "project"
    write(folder / "conf/sector/coal.yaml", COAL)
    write(folder / "conf/targets.yaml", TARGETS)
    write(folder / "scenarios/baseline.yaml", BASELINE)
    write(folder / "scenarios/high_methane.yaml", HIGH)
    shutil.copy(PROJECT / "conf/run.yaml", folder / "conf/run.yaml")
    shutil.copytree(PROJECT / "conf/engine", folder / "conf/engine")
    monkeypatch.setattr(data, "data_folder", lambda: folder)
    monkeypatch.delenv("SIM_SCENARIOS", raising=False)
    monkeypatch.delenv("SIM_LANG", raising=False)
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return folder
