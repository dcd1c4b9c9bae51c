"""The words of the sectors."""

from pathlib import Path

import pytest

from sim import data
from sim.ensemble.sectors import read_sectors
from sim.text import Refused

WHOLE = """\
title: {zh: 煤炭, en: Coal}
purpose: {zh: 产量, en: output}
structure: {zh: 产能, en: capacity}
left_out:
  - {zh: 单个矿井：没有数据, en: 'single mines: no data'}
levers: {}
"""


def test_a_sector_says_what_it_is_for_and_what_it_leaves_out(tmp_path: Path) -> None:
    (tmp_path / "coal.yaml").write_text(WHOLE, encoding="utf-8")
    (coal,) = read_sectors(tmp_path).values()
    assert (coal.name, coal.title.en, coal.purpose.zh) == ("coal", "Coal", "产量")
    assert [text.en for text in coal.left_out] == ["single mines: no data"]


def test_all_that_is_missing_in_a_head_is_refused_at_once(tmp_path: Path) -> None:
    broken = WHOLE.replace("purpose: {zh: 产量, en: output}", "porpose: {zh: 产量}")
    broken = broken.replace(", en: 'single mines: no data'", "")
    (tmp_path / "coal.yaml").write_text(broken, encoding="utf-8")
    with pytest.raises(Refused) as refusal:
        read_sectors(tmp_path)
    said = [problem.en.split("coal.yaml: ")[1] for problem in refusal.value.problems]
    assert [line.split(" must")[0] for line in said] == [
        "coal: unknown key porpose; did you mean purpose?",
        "purpose",
        "left_out",
    ]


def test_every_sector_of_the_county_has_its_words() -> None:
    assert set(read_sectors(data.sector_folder())) >= {"coal", "methane", "tourism", "population"}
