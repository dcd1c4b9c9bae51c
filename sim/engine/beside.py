"""Values of data variables whose equations name no file: a table beside the model has them.

Vensim takes such values from the data sets that a run is given; here they stand in a file of the
model's own name, or called data, in its folder.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sim.engine.external import Cells, Sheets, as_number, points_of
from sim.engine.model import Points, canonical

KINDS = ("csv", "tab", "tsv", "xlsx", "xls")
"""What the file may end in."""


def data_files(stem: str) -> list[str]:
    """The names under which the data of a model called `stem` are looked for, in this order."""
    return [f"{name}.{kind}" for name in (stem, "data") for kind in KINDS]


class Column(NamedTuple):
    """A series as it stands in a table: times, values, and where."""

    times: Cells
    values: Cells
    where: str

    def points(self) -> Points:
        """Its points; raises Unreadable for a value that is no number."""
        return points_of(*self)


def data_beside(sheets: Sheets, stem: str) -> dict[str, Column]:
    """Every series in the data files of a model, by canonical name, elements as `x[a,b]`; the
    first file that has a name is taken. Raises Unreadable."""
    found: dict[str, Column] = {}
    for name in data_files(stem):
        if not (sheets.folder / name).is_file():
            continue
        for tab in sheets.tabs(name):
            where = f"{name}, {tab}" if tab else name
            for title, column in _series(sheets.sheet(name, tab), where):
                found.setdefault(title, column)
    return found


def _series(cells: Cells, where: str) -> Iterator[tuple[str, Column]]:
    """The series of a table whose times run down the first column, or along the first row."""
    if cells.shape[0] < 2 or cells.shape[1] < 2:
        return
    across = as_number(cells[0, 1]) is not None  # else a title stands there
    table = cells.T if across else cells
    for column in range(1, table.shape[1]):
        title = table[0, column]
        if isinstance(title, str) and title.strip():
            yield series_name(title), Column(table[1:, 0], table[1:, column], f"{where}, {title}")


def series_name(title: str) -> str:
    """The name of the variable that a title means.

    >>> series_name('Coal Price[North, "A b"]')
    'coal_price[north,a_b]'
    """
    name, bracket, inside = title.strip().partition("[")
    elements = ",".join(map(canonical, inside.rstrip("] ").split(",")))
    return canonical(name) + (f"[{elements}]" if bracket else "")
