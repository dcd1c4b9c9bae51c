"""What a Chinese keyboard and Word write, as commands understand it: scenario＝“high_methane”.

Only where one meaning is possible: what names a file that is there, and Chinese itself, stay.
"""

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

EQUALS = "＝"
QUOTES = ("“”", "‘’", "「」", "＂＂", "＇＇")
LISTS = ("scenario", "targets", "variables", "sector", "run", "format")
"""What may be a list of names; none of these holds a comma."""
_YEAR = re.compile(r"(\d)\s*年(?=\s*[:：])")
"""The 年 of {2025年: 486}: keys of a path are numbers."""


def ordinary(words: Sequence[str]) -> list[str]:
    """The words of a command line with its signs of ordinary width, and none apart from its =."""
    found: list[str] = []
    for word in map(_with_equals, words):
        after = bool(found) and found[-1].endswith("=") and not word.startswith("-")
        starts = word.startswith("=") and len(found) > 1 and "=" not in found[-1]
        if starts or (after and "=" not in word):
            found[-1] += word
        else:
            found.append(word)
    return [_plain(word) for word in found]


def _with_equals(word: str) -> str:
    if "=" in word or _is_there(word):
        return word
    return word.replace(EQUALS, "=", 1)


def _plain(word: str) -> str:
    key, equals, value = word.rpartition("=") if word.count("=") == 1 else ("", "", word)
    if key in LISTS and not _is_there(value):
        value = re.sub("[，、]", ",", value)
    return f"{key}{equals}{_value(value)}"


def _value(value: str) -> str:
    """A value without the quotes of Word around it; where all that is not ASCII are signs and
    digits of double width, those of ordinary width."""
    if value.isascii() or _is_there(value):
        return value
    if len(value) > 1 and value[0] + value[-1] in QUOTES:
        value = value[1:-1]
    narrow = _YEAR.sub(r"\1", unicodedata.normalize("NFKC", value)).replace("、", ",")
    return narrow if narrow.isascii() else value


def _is_there(word: str) -> bool:
    try:
        return Path(word).exists()
    except (OSError, ValueError):  # a name too long for a file
        return False
