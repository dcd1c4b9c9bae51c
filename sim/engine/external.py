"""Numbers and names from spreadsheets and text tables beside a model.

The cells that GET XLS/DIRECT CONSTANTS, DATA, LOOKUPS and SUBSCRIPT mean: Vensim reference
manual, entries of the same name. pandas and openpyxl are loaded when a model names a file.
"""

import hashlib
import io
import math
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.decoding import read_text
from sim.engine.model import Points
from sim.text import Refused, Text, why

Cells = NDArray[Any]
SPREADSHEETS = {".xls", ".xlsx", ".xlsm", ".xlsb", ".odf", ".ods", ".odt"}


class Unreadable(Exception):
    """A file, sheet, name or cell that is not there, or is no number; `said` tells which."""

    def __init__(self, where: str, zh: str, en: str) -> None:
        self.said = Text(f"{where}：{zh}", f"{where}: {en}")
        super().__init__(self.said.en)


@dataclass
class Sheets:
    """The data files in a folder, each sheet read once; `used` has the files' checksums."""

    folder: File
    used: dict[str, str] = field(default_factory=dict)
    sheets: dict[tuple[str, str], Cells] = field(default_factory=dict)

    def constants(self, source: Any, shape: tuple[int, ...]) -> Cells:
        """The numbers from a cell on, or in a named range, shaped as the array's ranges.

        The last range runs along the row; a `*` after the cell lets it run down the column.
        """
        cell, down = source.cell.rstrip("*"), source.cell.endswith("*")
        long = [size for size in shape if size > 1]
        if len(long) > 2:
            raise Unreadable(source.cell, "下标超过两维", "more than two dimensions")
        rows, columns = [1, 1, *long][-2:]
        if down and long:
            rows, columns = columns, rows
        found = self.block(source, cell, rows, columns)
        where = _where(source)
        if found.shape != (rows, columns):
            raise Unreadable(
                where,
                f"表中没有 {rows} 行 × {columns} 列的数",
                f"the sheet has no {rows} rows x {columns} columns there",
            )
        for value in found.ravel():
            if as_number(value) is None:
                raise _no_number(where, value)
        return _numbers(found.T if down else found).reshape(shape)

    def series(
        self, source: Any, x_place: str, count: int
    ) -> list[tuple[tuple[float, float], ...]]:
        """The points of `count` neighbouring series, those without a number left out."""
        if re.fullmatch(r"[0-9]{1,7}", x_place):
            top, left = self.corner(source, source.cell)
            sheet = self.sheet(source.file, source.tab)
            xs = sheet[int(x_place) - 1 : int(x_place), left:].ravel()
            ys = sheet[top : top + count, left:]
        elif CELL.fullmatch(source.cell) and re.fullmatch("[A-Za-z]{1,3}", x_place):
            top, left = self.corner(source, source.cell)
            sheet, column = self.sheet(source.file, source.tab), _column(x_place)
            xs = sheet[top:, column : column + 1].ravel()
            ys = sheet[top:, left : left + count].T
        else:
            across = self.block(source, x_place, None, None)
            block = self.block(source, source.cell, None, None)
            xs, ys = across.ravel(), block if across.shape[0] == 1 else block.T
        if len(ys) != count or len(xs) != len(ys[0]):
            raise Unreadable(
                _where(source),
                f"表中没有并列的 {count} 个序列",
                f"the sheet has no {count} series side by side there",
            )
        return [points_of(xs, row, _where(source)) for row in ys]

    def names(self, source: dict[str, str]) -> list[str]:
        """The elements of a range, from the first cell to the last, with their prefix."""
        place = _Place(source["file"], source["tab"], source["firstcell"])
        last = source["lastcell"]
        rows = columns = None
        if CELL.fullmatch(place.cell):
            top, left = self.corner(place, place.cell)
            row, column = re.search(r"\d+", last), re.search(r"[A-Za-z]+", last)
            rows = int(row[0]) - top if row else None
            columns = _column(column[0]) - left + 1 if column else None
        found = self.block(place, place.cell, rows, columns, open_end=True).ravel()
        return [source["prefix"] + _word(value) for value in found if not _empty(value)]

    def block(
        self, source: Any, cell: str, rows: int | None, columns: int | None, open_end: bool = False
    ) -> Cells:
        """The cells of a named range, or of `rows` and `columns` from a cell on."""
        if CELL.fullmatch(cell):
            top, left = self.corner(source, cell)
            if not open_end:
                rows, columns = rows or 1, columns or 1
            bottom = None if rows is None else top + rows
            right = None if columns is None else left + columns
            return self.sheet(source.file, source.tab)[top:bottom, left:right]
        tab, first, last = self.named(source.file, source.tab, cell)
        top, left = self.corner(source, first)
        bottom, right = self.corner(source, last)
        return self.sheet(source.file, tab)[top : bottom + 1, left : right + 1]

    def corner(self, source: Any, cell: str) -> tuple[int, int]:
        """Row and column of a cell, from 0."""
        found = CELL.fullmatch(cell)
        if not found:
            raise Unreadable(
                f"{source.file}, {source.tab}", f"{cell} 不是单元格", f"{cell} is no cell"
            )
        return int(found[2]) - 1, _column(found[1])

    def sheet(self, name: str, tab: str) -> Cells:
        """All cells of a sheet, or of a text table whose separator is `tab`."""
        if (name, tab) not in self.sheets:
            file = self.file(name)
            try:
                self.sheets[name, tab] = _cells(file, tab)
            except Refused as refused:  # a text that is none
                zh, en = refused.problems[0]
                raise Unreadable(name, zh, en) from refused
            except Exception as error:  # of the file's own format, which pandas lets through
                raise Unreadable(f"{name}, {tab}", f"读不出（{error}）", str(error)) from error
        return self.sheets[name, tab]

    def tabs(self, name: str) -> list[str]:
        """The sheets of a workbook; of a text table none but what is left to its ending."""
        file = self.file(name)
        if file.suffix.lower() not in SPREADSHEETS:
            return [""]
        try:
            with _workbook(file) as book:
                return [str(each) for each in book.sheet_names]
        except Exception as error:  # as above
            raise Unreadable(name, f"读不出（{error}）", str(error)) from error

    def file(self, name: str) -> File:
        """A data file beside the model; notes its checksum."""
        file = self.folder / name.replace("\\", "/")
        try:
            self.used.setdefault(name, hashlib.sha256(file.read_bytes()).hexdigest())
        except OSError as error:
            missing = isinstance(error, FileNotFoundError)
            zh = "模型所在的文件夹中没有这个文件" if missing else f"读不出（{why(error).zh}）"
            en = "no such file beside the model" if missing else why(error).en
            raise Unreadable(name, zh, en) from error
        return file

    def named(self, name: str, tab: str, label: str) -> tuple[str, str, str]:
        """Sheet, first cell and last cell of a named range."""
        import openpyxl

        try:
            book = openpyxl.load_workbook(self.file(name), data_only=True)
            sheet = next(s for s in book.worksheets if s.title.lower() == tab.lower())
            every = {**book.defined_names, **sheet.defined_names}
            found = {key.lower(): value for key, value in every.items()}[label.lower()]
            title, cells = next(iter(found.destinations))
        except (KeyError, StopIteration, openpyxl.utils.exceptions.InvalidFileException) as error:
            raise Unreadable(
                f"{name}, {tab}", f"没有名称 {label}", f"no range is named {label}"
            ) from error
        first, _, last = cells.replace("$", "").partition(":")
        return title, first, last or first


CELL = re.compile(r"([A-Za-z]{1,3})([1-9]\d*)")


@dataclass(frozen=True)
class _Place:
    file: str
    tab: str
    cell: str


def _cells(file: File, tab: str) -> Cells:
    """All cells of a sheet; Vensim does not heed capitals in its name."""
    import pandas  # 0.4 s: only for models with data files

    kind = file.suffix.lower()
    if kind not in SPREADSHEETS:
        plain = "," if kind == ".csv" else "\t"
        separator = tab if len(tab) == 1 and not tab.isalnum() else plain
        text = io.StringIO(read_text(file))  # Excel in China saves GBK
        return np.asarray(pandas.read_csv(text, sep=separator, header=None).to_numpy(dtype=object))
    with _workbook(file) as book:
        names = [str(name) for name in book.sheet_names]
        title = next((name for name in names if name.lower() == tab.lower()), tab)
        table = book.parse(sheet_name=title, header=None)
    return np.asarray(table.to_numpy(dtype=object))


@contextmanager
def _workbook(file: File) -> Iterator[Any]:
    """A workbook, open, as pandas has it."""
    import pandas

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas announces other engines for reading sheets
        with pandas.ExcelFile(file) as book:
            yield book


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def _numbers(cells: Cells) -> NDArray[np.float64]:
    numbers = [as_number(value) for value in cells.ravel()]
    return np.array([math.nan if each is None else each for each in numbers]).reshape(cells.shape)


def as_number(value: Any) -> float | None:
    """The number in a cell, thousands apart or not; None for what is empty, or no number."""
    try:
        number = float(re.sub(THOUSANDS, "", value) if isinstance(value, str) else value)
    except (TypeError, ValueError):
        return None
    return None if math.isnan(number) else number


THOUSANDS = r"(?<=\d)[,，](?=\d{3}(?!\d))"


def points_of(xs: Cells, ys: Cells, where: str) -> Points:
    """The points of a series, those of an empty cell left out; what stands where there is no x is
    a note. Raises Unreadable for what is written at an x and is no number."""
    found = []
    for cell, value in zip(xs, ys, strict=True):
        x, y = as_number(cell), as_number(value)
        if x is None:
            continue
        if y is not None:
            found.append((x, y))
        elif not _empty(value):
            raise _no_number(f"{where}, {x:g}", value)
    return tuple(sorted(found))


def _no_number(where: str, value: Any) -> Unreadable:
    if _empty(value):
        return Unreadable(where, "单元格是空的，须为数", "the cell is empty; a number is wanted")
    return Unreadable(where, f"“{value}”不是数", f"'{value}' is no number")


def _where(source: Any) -> str:
    return f"{source.file}, {source.tab}, {source.cell}"


def _empty(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, float) and np.isnan(value))


def _word(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)
