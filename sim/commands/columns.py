"""Plain lines for a terminal, and columns that stand straight in Chinese."""

import shutil
import sys
from collections.abc import Iterable, Sequence

from sim.text import flowed, width


def show(lines: Iterable[str], hang: int | None = None) -> None:
    """Prints lines; on a terminal those that are too wide go on below, `hang` blanks in, or two
    more than they began with. In a file or a pipe they stay whole."""
    most = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    for line in lines:
        begins = len(line) - len(line.lstrip()) + 2 if hang is None else hang
        print("\n".join(flowed(line, most, begins)) if most else line)


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines in which the columns of `rows` begin at the same cell."""
    widths = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]
