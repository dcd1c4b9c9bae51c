"""Pieces of a Markdown page."""

import textwrap
from collections.abc import Iterable, Sequence


def cell(text: str) -> str:
    """A text that cannot break out of a table's cell, nor out of its paragraph."""
    plain = " ".join(text.split())
    for mark in ("\\", "|", "*", "_", "<", "`", "[", "~"):
        plain = plain.replace(mark, f"\\{mark}")
    return plain


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table; none where it has no rows. Cells are Markdown already."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    if not lines:
        return []
    return [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}", *lines, ""]


def anchor(name: str) -> str:
    """A place that links can lead to."""
    return f'<a id="{name}"></a>'


def code(text: str, wide: int = 100) -> list[str]:
    """A block of code, folded."""
    lines = textwrap.wrap(text, wide, subsequent_indent="    ", break_on_hyphens=False)
    return ["```", *lines, "```", ""]


def folded(summary: str, lines: Iterable[str]) -> list[str]:
    """Lines behind a word that opens them."""
    return ["<details>", f"<summary>{summary}</summary>", "", *lines, "", "</details>", ""]
