"""Plain lines for a terminal: columns that stand straight in Chinese, and levels in short."""

import unicodedata
from collections.abc import Sequence


def width(text: str) -> int:
    """The cells that a text takes in a terminal: two for each wide character."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines in which the columns of `rows` begin at the same cell."""
    widths = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def level_text(level: float | dict[float, float]) -> str:
    """A level in short: `4500`, or `2025: 40 → 2030: 60`."""
    if isinstance(level, dict):
        return " → ".join(f"{year:g}: {number:g}" for year, number in level.items())
    return f"{level:g}"
