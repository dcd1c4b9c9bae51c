"""conf/loops.yaml: what it may say, and what is refused."""

from pathlib import Path

import pytest

from sim.ensemble.loops import read_loops
from sim.text import Refused

WHOLE = """\
loops:
  births:
    title: {zh: 生育, en: births}
    sector: population
    polarity: reinforcing
    row: L1
    chain: people + births +
left_out:
  L2:
    title: {zh: 疾病, en: illness}
    reason: {zh: 没有数据, en: no data}
"""


def test_a_chain_is_read_with_its_signs(tmp_path: Path) -> None:
    file = tmp_path / "loops.yaml"
    file.write_text(WHOLE.replace("births +\n", "births - deaths -\n"), encoding="utf-8")
    loops = read_loops(file)
    births = loops.named["births"]
    assert (births.polarity, births.row, births.title.zh) == (1, "L1", "生育")
    assert births.links == [
        ("people", "births", 1),
        ("births", "deaths", -1),
        ("deaths", "people", -1),
    ]
    assert loops.left_out["L2"].reason.en == "no data"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("births +\n", "births -\n", "says reinforcing, but its chain has 1 minus signs"),
        ("births +\n", "births\n", "a sign after the last one too"),
        ("births +\n", "people +\n", "each variable once"),
        ("people + births", "people * births", "is written"),
        ("reinforcing", "vicious", "can be reinforcing, balancing"),
        ("    sector: population\n", "", "births lacks sector"),
        ("row: L1", "raw: L1", "did you mean row"),
        ("reason: {zh: 没有数据, en: no data}", "reason: {zh: 没有数据}", "both languages"),
    ],
)
def test_a_mistake_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert WHOLE.count(old) == 1
    file = tmp_path / "loops.yaml"
    file.write_text(WHOLE.replace(old, new), encoding="utf-8")
    with pytest.raises(Refused, match=said):
        read_loops(file)
