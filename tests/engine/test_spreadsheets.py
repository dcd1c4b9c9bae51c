"""What a model reads from a workbook beside it."""

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName

import sim

BOOK = "年鉴 book.xlsx"
MODEL = """{{UTF-8}}
town: GET {kind} SUBSCRIPT('{book}', '数据', 'A2', 'A3', '') ~~|
people[town] = GET {kind} CONSTANTS('{book}', '数据', 'B2*') ~~|
named[town] = GET {kind} CONSTANTS('{book}', '数据', 'rates*') ~~|
price[town] {sign} GET {kind} DATA('{book}', '数据', '1', 'C2') ~~|
course[town] = GET {kind} LOOKUPS('{book}', '数据', '1', 'C2') ~~|
spent[town] = people[town]*price[town] + course[town](Time + 1) ~~|
INITIAL TIME = 0 ~~|
FINAL TIME = 4 ~~|
TIME STEP = 1 ~~|
SAVEPER = 2 ~~|
"""
SETTINGS = f"""\\\\\\---/// Sketch information - do not modify anything except names
V300  Do not put anything below this section - it will be ignored
///---\\\\\\
:L\x7f<%^E!@
9:Current
30:?book={BOOK}
4:Time
"""


@pytest.fixture
def folder(tmp_path):
    """A folder with a workbook: two towns, a number of each, and a price over three years."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "数据"
    for row in (["town", None, 0, 2, 4], ["east", 10, 1, None, 3], ["west", 20, 2, 4, 6]):
        sheet.append(row)
    book.defined_names["rates"] = DefinedName("rates", attr_text="'数据'!$B$2:$B$3")
    book.save(tmp_path / BOOK)
    return tmp_path


def loaded(folder, kind="DIRECT", book=BOOK, sign=":=", tail=""):
    text = MODEL.format(kind=kind, book=book, sign=sign)
    (folder / "model.mdl").write_text(text + tail, encoding="utf-8")
    return sim.load_model(folder / "model.mdl")


@pytest.mark.parametrize(
    "written",
    [{}, {"kind": "XLS"}, {"sign": "="}, {"book": "?book", "tail": SETTINGS}],
)
def test_ranges_constants_data_and_tables_come_from_a_workbook(folder, written):
    runs = sim.simulate(loaded(folder, **written))
    assert runs["people"].values[0, 0].tolist() == [10, 20]
    assert runs["named"].values[0, 0].tolist() == [10, 20]
    assert runs["spent"].sel(town="east").values[0].tolist() == [11.5, 22.5, 33.0]
    assert runs["spent"].sel(town="west").values[0].tolist() == [43.0, 85.0, 126.0]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"book": "none.xlsx"}, "none.xlsx: No such file"),
        ({"book": "?book"}, r"\?book"),
    ],
)
def test_a_workbook_that_is_not_there_is_named(folder, written, said):
    with pytest.raises(sim.Refused, match=said):
        loaded(folder, **written)
