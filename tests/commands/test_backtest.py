"""`sim backtest`, from what is typed to the folder; and what is refused."""

import csv
import json

import pytest

from sim.__main__ import main


def test_forecasts_from_a_frozen_year_are_scored_and_written(tmp_path, capsys):
    words = ["backtest", "years=[2020]", "members=200", f"output={tmp_path}", "lang=en"]
    assert main(words) == 0
    folder = tmp_path / (tmp_path / "latest").read_text(encoding="utf-8").strip()
    assert {path.name for path in folder.iterdir()} == {
        ".hydra", "forecasts.csv", "manifest.json", "prices.csv",
        "summary_en.md", "summary_zh.md",
    }  # fmt: skip
    with (folder / "forecasts.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {float(row["frozen"]) for row in rows} == {2020.0}
    assert all(float(row["p05"]) < float(row["median"]) < float(row["p95"]) for row in rows)
    skill = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["skill"]
    assert skill["forecasts"] == len(rows)
    assert f"Of {len(rows)} forecasts" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["years=[2030]"], "observations are wanted before and after"),
        (["years=soon"], "years are years"),
        (["members=3"], "members"),
        (["given=[coal_prise]"], "given: there is no coal_prise"),
        (["following=soon"], "following is given as"),
    ],
)
def test_what_cannot_be_is_refused_in_one_message(words, said, capsys):
    assert main(["backtest", *words, "lang=en"]) == 2
    assert said in capsys.readouterr().err
