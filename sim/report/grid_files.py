"""Tables as files: CSV, Excel, Markdown, LaTeX."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sim.report.grids import Cell, Column, Grid
from sim.report.numbers import decimals, quantity
from sim.report.summary import markdown_table
from sim.report.words import display_width
from sim.text import Text

FORMATS = {"text": "@", "year": "0", "percent": "0.0%", "points": "+0.0%;-0.0%;0.0%"}

CODES = {
    *("scenario", "target", "variable", "input", "group", "clause", "nature"),
    *("difference", "difference_standard_error", "mean", "p25", "p75"),
}
"""Columns that a table for reading leaves to CSV and Excel."""


def as_csv(grid: Grid, lang: str, names: bool = False) -> bytes:
    """UTF-8 with BOM, every number in full; `names` heads the columns with those for programs."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([c.name if names else c.title.of(lang) for c in grid.columns])
    writer.writerows(["" if cell is None else cell for cell in row] for row in grid.rows)
    return stream.getvalue().encode("utf-8" if names else "utf-8-sig")


def as_xlsx(grids: Sequence[Grid], lang: str, about: Sequence[tuple[str, str]]) -> bytes:
    """A workbook with a sheet a table and one that says where the numbers come from.

    Headings stay in view, columns can be filtered; percentages are numbers that Excel shows so.
    """
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2000, 1, 1), "author": "sim"})
        head = book.add_format(
            {"bold": True, "bg_color": "#EDEFF2", "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        for grid in grids:
            _sheet(book, grid, lang, head)
        notes = book.add_worksheet(Text("说明", "About").of(lang))
        notes.set_column(0, 0, 16)
        notes.set_column(1, 1, 100)
        for row, (name, text) in enumerate(about):
            notes.write_string(row, 0, name, head)
            notes.write_string(row, 1, text)
    return content.getvalue()


def _sheet(book: Any, grid: Grid, lang: str, head: Any) -> None:
    sheet = book.add_worksheet(grid.title.of(lang)[:31])
    formats = [
        book.add_format({"num_format": number_format(grid, place)})
        for place in range(len(grid.columns))
    ]
    for place, column in enumerate(grid.columns):
        title = column.title.of(lang)
        sheet.write_string(0, place, title, head)
        shown = [display_width(_plain(row[place], column)) for row in grid.rows[:200]]
        sheet.set_column(place, place, min(max([display_width(title), *shown]) + 2, 48))
    for number, row in enumerate(grid.rows, 1):
        for place, cell in enumerate(row):
            if cell is None:
                continue
            if isinstance(cell, str):
                sheet.write_string(number, place, cell, formats[place])
            else:
                sheet.write_number(number, place, cell, formats[place])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(grid.rows), 1), len(grid.columns) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def number_format(grid: Grid, place: int) -> str:
    """Excel's format of a column."""
    kind = grid.columns[place].kind
    if kind != "number":
        return FORMATS[kind]
    digits = _digits(grid, place)
    return "#,##0." + "0" * digits if digits else "#,##0"


def _digits(grid: Grid, place: int) -> int:
    """Decimals of a column of numbers: three digits of a middling one."""
    sizes = sorted(abs(c) for row in grid.rows if isinstance(c := row[place], int | float))
    return max(decimals([sizes[len(sizes) // 2]]), 2) if sizes else 0


def _plain(cell: Cell, column: Column, digits: int = 2) -> str:
    """A cell as a reader meets it."""
    if cell is None:
        return ""
    if isinstance(cell, str) or column.kind == "year":
        return str(cell)
    if column.kind in ("percent", "points"):
        return f"{100 * cell:.1f}%"
    return quantity(cell, digits)


def _texts(grid: Grid) -> list[list[str]]:
    digits = [
        _digits(grid, place) if c.kind == "number" else 0 for place, c in enumerate(grid.columns)
    ]
    return [
        [_plain(cell, c, d) for cell, c, d in zip(row, grid.columns, digits, strict=True)]
        for row in grid.rows
    ]


def brief(grid: Grid) -> Grid:
    """A table for reading: without the columns of codes, which only programs need."""
    kept = [place for place, column in enumerate(grid.columns) if column.name not in CODES]
    rows = tuple(tuple(row[place] for place in kept) for row in grid.rows)
    return Grid(grid.name, grid.title, tuple(grid.columns[place] for place in kept), rows)


def as_markdown(grid: Grid, lang: str) -> bytes:
    """A table in Markdown with its title, for reading."""
    grid = brief(grid)
    head = [column.title.of(lang) for column in grid.columns]
    numeric = [place for place, column in enumerate(grid.columns) if column.kind != "text"]
    table = markdown_table(head, _texts(grid), left=min(numeric, default=len(head)))
    return f"**{grid.title.of(lang)}**\n\n{table}\n".encode()


ESCAPES = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "−": r"$-$", "≥": r"$\geq$", "≤": r"$\leq$", "≈": r"$\approx$", "±": r"$\pm$",
    "⁴": r"$^4$", "⁸": r"$^8$", "²": r"$^2$", "³": r"$^3$",
}  # fmt: skip


def as_latex(grid: Grid, lang: str) -> bytes:
    """A `longtable` with booktabs' rules; Chinese needs the class ctexart or the package ctex."""
    grid = brief(grid)
    sides = "".join("l" if column.kind == "text" else "r" for column in grid.columns)
    head = " & ".join(_latex(column.title.of(lang)) for column in grid.columns)
    rows = [" & ".join(map(_latex, row)) + r" \\" for row in _texts(grid)]
    lines = [
        r"% \usepackage{ctex,longtable,booktabs}",
        rf"\begin{{longtable}}{{{sides}}}",
        rf"\caption{{{_latex(grid.title.of(lang))}}} \\",
        r"\toprule",
        rf"{head} \\",
        r"\midrule \endhead",
        r"\bottomrule \endfoot",
        *rows,
        r"\end{longtable}",
    ]
    return ("\n".join(lines) + "\n").encode()


def _latex(text: str) -> str:
    return "".join(ESCAPES.get(letter, letter) for letter in text)
