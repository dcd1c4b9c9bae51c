"""What a sector of the model is for, how it works, and what it leaves out: words for its page."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.data import read_yaml
from sim.ensemble.entries import known_keys, text_of
from sim.ensemble.scenario import ROLES
from sim.text import Refused, Text

WORDS = ("title", "purpose", "structure")
"""What the head of conf/sector/<sector>.yaml says, in both languages."""


@dataclass(frozen=True)
class Sector:
    """A sector of the model: a group in the .mdl and a file of the parameter table.

    `left_out` names what the sector does not hold, each with the reason.
    """

    name: str
    title: Text
    purpose: Text
    structure: Text
    left_out: tuple[Text, ...]


def read_sectors(folder: Path) -> dict[str, Sector]:
    """The words of every sector, by name, in the order of the files.

    Raises Refused for words that are missing in either language, and for unknown keys.
    """
    problems: list[Text] = []
    found = {
        file.stem: _sector(file, read_yaml(file), problems)
        for file in sorted(folder.glob("*.yaml"))
    }
    if problems:
        raise Refused(*problems)
    return found


def read_titles(folder: Path) -> dict[str, Text]:
    """What the sectors are called, by name; a file without a title, as one may write it for a model
    of one's own, leaves its sector out."""
    problems: list[Text] = []
    contents = {file: read_yaml(file) for file in sorted(folder.glob("*.yaml"))}
    found = {
        file.stem: text_of(content["title"], file, "title", problems)
        for file, content in contents.items()
        if "title" in content
    }
    if problems:
        raise Refused(*problems)
    return found


def _sector(file: Path, content: Mapping[str, Any], problems: list[Text]) -> Sector:
    known_keys(content, {*WORDS, "left_out", *ROLES}, file, file.stem, problems)
    words = {key: text_of(content.get(key), file, key, problems) for key in WORDS}
    left_out = content.get("left_out")
    entries = left_out if isinstance(left_out, list) else [left_out]
    reasons = (text_of(entry, file, "left_out", problems) for entry in entries)
    return Sector(file.stem, left_out=tuple(reasons), **words)
