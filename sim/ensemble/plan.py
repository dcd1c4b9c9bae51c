"""The plan's own list of quantified indicators, as its text has them."""

import csv
from dataclasses import dataclass
from pathlib import Path

from sim.text import Refused, Text, why


@dataclass(frozen=True)
class Indicator:
    """One quantified indicator of the plan: clause, year, value, unit and sense as written."""

    name: str
    clause: str
    year: int
    value: str
    unit: str
    sense: str


def read_plan(file: Path) -> dict[str, Indicator]:
    """Every indicator of the plan, by name."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            return {
                row["id"]: Indicator(
                    row["id"],
                    row["where"],
                    int(row["target_year"]),
                    row["target"],
                    row["unit"],
                    row["sense"],
                )
                for row in csv.DictReader(stream)
            }
    except (OSError, KeyError, ValueError) as error:
        raise Refused(
            Text(f"{file}：无法读取（{why(error).zh}）", f"{file} cannot be read ({why(error).en})")
        ) from error
