"""The plan's own indicators as its text has them, and why some are not simulated."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.data import read_yaml
from sim.text import Refused, Text


@dataclass(frozen=True)
class Indicator:
    """One quantified indicator of the plan: clause, year, value and unit as they are written."""

    name: str
    clause: str
    year: int
    value: str
    unit: str


@dataclass(frozen=True)
class NotSimulated:
    """An indicator of the plan that the model does not compute, and why; it has no probability."""

    name: str
    title: Text
    clause: str
    year: int
    value: str
    unit: str
    reason: Text


def read_plan(file: Path) -> dict[str, Indicator]:
    """Every indicator of the plan, by name."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            return {
                row["id"]: Indicator(
                    row["id"], row["where"], int(row["target_year"]), row["target"], row["unit"]
                )
                for row in csv.DictReader(stream)
            }
    except (OSError, KeyError, ValueError) as error:
        raise Refused(
            Text(f"{file}：无法读取（{error}）", f"{file} cannot be read ({error})")
        ) from error


def read_not_simulated(file: Path) -> dict[str, NotSimulated]:
    """The indicators that are not simulated, by name; refuses all that is wrong at once."""
    problems: list[Text] = []
    found = {
        str(name): _entry(str(name), entry, file, problems)
        for name, entry in read_yaml(file).items()
    }
    if problems:
        raise Refused(*problems)
    return {name: entry for name, entry in found.items() if entry is not None}


def _entry(name: str, entry: Any, file: Path, problems: list[Text]) -> NotSimulated | None:
    keys = ("title", "clause", "year", "value", "unit", "reason")
    given = entry if isinstance(entry, dict) else {}
    texts = {key: _text(given.get(key)) for key in ("title", "reason")}
    wrong = [key for key in keys if given.get(key) is None or texts.get(key, "") is None]
    wrong += [str(key) for key in given if key not in keys]
    wrong += [] if isinstance(given.get("year"), int) or "year" in wrong else ["year"]
    if wrong:
        problems.append(
            Text(
                f"{file}: {name} 的条目缺少或有误：{'、'.join(wrong)}"
                "（title 与 reason 须有 zh 和 en）",
                f"{file}: {name}: missing or wrong: {', '.join(wrong)} "
                "(title and reason are in zh and en)",
            )
        )
        return None
    title, reason = texts["title"], texts["reason"]
    assert title is not None
    assert reason is not None
    clause, value, unit = (str(given[key]) for key in ("clause", "value", "unit"))
    return NotSimulated(name, title, clause, given["year"], value, unit, reason)


def _text(value: Any) -> Text | None:
    if not isinstance(value, dict) or not {"zh", "en"} <= set(value):
        return None
    zh, en = str(value["zh"]).strip(), str(value["en"]).strip()
    return Text(zh, en) if zh and en else None
