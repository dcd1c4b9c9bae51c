"""The named feedback loops of the model, and the rows of the loop table that it leaves open."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from pathlib import Path
from typing import Any

from sim.data import read_yaml
from sim.ensemble.entries import choice, known_keys, lacks, mapping, text_of
from sim.text import Refused, Text

POLARITIES = {"reinforcing": 1, "balancing": -1}
SIGNS = {"+": 1, "-": -1}


@dataclass(frozen=True)
class Loop:
    """A closed chain of variables: `signs[i]` is that of the link from `chain[i]` to the next.

    `polarity` is 1 for a reinforcing, -1 for a balancing loop; `row` names the row of the loop
    table in docs/sources/structure.md, or is empty.
    """

    name: str
    title: Text
    sector: str
    polarity: int
    chain: tuple[str, ...]
    signs: tuple[int, ...]
    row: str = ""

    @property
    def links(self) -> list[tuple[str, str, int]]:
        """(cause, effect, sign) of every link."""
        ends = pairwise((*self.chain, self.chain[0]))
        return [(*link, sign) for link, sign in zip(ends, self.signs, strict=True)]


@dataclass(frozen=True)
class OpenLoop:
    """A row of the loop table that the model does not close, and why."""

    row: str
    title: Text
    reason: Text


@dataclass(frozen=True)
class Loops:
    """All of conf/loops.yaml: the loops by name, and what is left out by row."""

    named: Mapping[str, Loop]
    left_out: Mapping[str, OpenLoop]


def read_loops(file: Path) -> Loops:
    """The loops in a file; raises Refused for everything wrong with it at once."""
    problems: list[Text] = []
    content = read_yaml(file)
    known_keys(content, {"loops", "left_out"}, file, "loops.yaml", problems)
    entries = mapping(content.get("loops"), file, "loops", problems)
    found = [_loop(str(name), entry, file, problems) for name, entry in entries.items()]
    left_out = {
        str(row): _open(str(row), entry, file, problems)
        for row, entry in mapping(content.get("left_out"), file, "left_out", problems).items()
    }
    if problems:
        raise Refused(*problems)
    return Loops({loop.name: loop for loop in found if loop}, left_out)


def _loop(name: str, entry: Any, file: Path, problems: list[Text]) -> Loop | None:
    entry = mapping(entry, file, name, problems)
    required = ("title", "sector", "polarity", "chain")
    known_keys(entry, {*required, "row"}, file, name, problems)
    if lacks(entry, required, file, name, problems):
        return None
    choice(entry["polarity"], tuple(POLARITIES), file, f"{name}.polarity", problems)
    chain, signs = _chain(str(entry["chain"]), file, name, problems)
    polarity = POLARITIES.get(str(entry["polarity"]), 0)
    if chain and polarity and prod(signs) != polarity:
        minus = signs.count(-1)
        problems.append(
            Text(
                f"{file}: {name} 写明 {entry['polarity']}，但链上有 {minus} 个负号",
                f"{file}: {name} says {entry['polarity']}, but its chain has {minus} minus signs",
            )
        )
    title = text_of(entry["title"], file, f"{name}.title", problems)
    return Loop(name, title, str(entry["sector"]), polarity, chain, signs, entry.get("row", ""))


def _chain(
    written: str, file: Path, name: str, problems: list[Text]
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The variables and signs of `a + b - c +`."""
    words = written.split()
    chain, signs = tuple(words[::2]), tuple(words[1::2])
    sound = all(re.fullmatch(r"\w+", word) for word in chain) and set(signs) <= set(SIGNS)
    if not sound or len(chain) != len(signs) or len(set(chain)) < len(chain):
        problems.append(
            Text(
                f"{file}: {name}.chain 应写成“变量 + 变量 - …”，每个变量一次，末尾也有符号",
                f"{file}: {name}.chain is written `variable + variable - …`, each variable once, "
                "a sign after the last one too",
            )
        )
        return (), ()
    return chain, tuple(SIGNS[sign] for sign in signs)


def _open(row: str, entry: Any, file: Path, problems: list[Text]) -> OpenLoop:
    entry = mapping(entry, file, row, problems)
    known_keys(entry, {"title", "reason"}, file, row, problems)
    title, reason = (
        text_of(entry.get(key), file, f"{row}.{key}", problems) for key in ("title", "reason")
    )
    return OpenLoop(row, title, reason)
