"""The only door to PySD: the text of one equation becomes PySD's tree of it."""

import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sim.engine.repair import Unreadable, repaired

FRAMES = 20_000
"""Calls within calls that the parser may need: some 60 for each bracket within a bracket."""


@dataclass(frozen=True)
class Range:
    """A subscript range as parsed: its elements, the range it copies, or where they stand."""

    name: str
    subscripts: list[str] | str | dict[str, str]


@lru_cache(maxsize=20_000)
def parse(equation: str) -> tuple[str, Any]:
    """The name that an equation defines and PySD's component for it, a Range, or None for a
    statement that only tests the model. Raises Unreadable.

    Two versions of a model have most equations in common; each is parsed once in a process.
    """
    text = repaired(equation)
    with _quietly():
        from pysd.translators.vensim import vensim_element as pysd  # 0.6 s: only for a new file

        try:
            parsed = pysd.Element(text, "", "").parse()
            if isinstance(parsed, pysd.Constraint | pysd.TestInput):
                return parsed.name, None
            if isinstance(parsed, pysd.SubscriptRange):
                return parsed.name, Range(parsed.name, parsed.definition)
            parsed.parse()
        except Exception as error:  # its grammar library's, or whatever PySD's own code stumbles on
            raise _unreadable(error, text) from error
        return parsed.name, parsed.get_abstract_component()


@contextmanager
def _quietly() -> Iterator[None]:
    """Without the parser's warnings, and with room for its recursion."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, FRAMES))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.setrecursionlimit(limit)


def _unreadable(error: Exception, text: str) -> Unreadable:
    place = getattr(error, "pos", None)
    if isinstance(place, int) and isinstance(getattr(error, "text", None), str):
        at = error.text[place : place + 40].strip()  # type: ignore[attr-defined]
        if not at:
            return Unreadable(
                "方程没有写完；检查括号和逗号",
                "the equation breaks off; look at brackets and commas",
            )
        return Unreadable(
            f"方程无法解析，停在“{at}”；检查括号和逗号",
            f"the equation cannot be parsed, it stops at '{at}'; look at brackets and commas",
        )
    call = re.search(r'matching "(.{1,60}?)"', str(error), re.S)
    said = call[1] if call else " ".join(str(error).split("\n")[0].split())[:120]
    return Unreadable(
        f"方程无法解析（{said}）；检查括号、逗号和参数个数",
        f"the equation cannot be parsed ({said}); look at brackets, commas and the number of "
        "arguments",
    )
