"""Every number of the parameter table can be traced: to a row that says what was read, or it is
called a judgement."""

import csv
import re
from pathlib import Path

import pytest

from sim import data
from sim.ensemble.scenario import read_parameters

SOURCES = Path(__file__).parents[2] / "docs" / "sources"
TABLE = read_parameters(data.sector_folder())


def rows(name: str) -> list[dict[str, str]]:
    with (SOURCES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cited(source: str, file: str) -> list[str]:
    """The rows of a file that a source names: `literature.csv A, B; …`."""
    return [
        key.strip()
        for part in source.split(";")
        if part.strip().startswith(f"{file} ")
        for key in part.strip().removeprefix(file).split(", ")
    ]


def test_every_publication_that_is_cited_says_what_was_read_of_it():
    known = {row["key"]: row for row in rows("literature.csv")}
    named = {key for one in TABLE.values() for key in cited(one.source, "literature.csv")}
    assert named == known.keys()
    for key, row in known.items():
        assert all(row[column] for column in ("title", "read", "says")), key


@pytest.mark.parametrize("file", ["history.csv", "priors_energy.csv", "priors_people.csv"])
def test_every_file_that_is_cited_is_there(file: str):
    assert rows(file)
    assert any(file in one.source for one in TABLE.values())


def test_no_number_rests_on_memory():
    told = re.compile("凭记忆|未重读|from memory|not read again")
    assert [name for name, one in TABLE.items() if told.search(one.source + one.reason)] == []


def test_what_is_called_observed_names_where():
    """An observed number without a source is a judgement in disguise."""
    bare = [n for n, one in TABLE.items() if one.kind == "observed" and "判断" in one.source]
    assert bare == []
