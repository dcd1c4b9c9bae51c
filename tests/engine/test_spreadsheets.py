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
        (
            {"book": "none.xlsx"},
            "line 2, variable town: cannot be read .none.xlsx: no such file beside the model.$",
        ),
        ({"book": "?book"}, r"\?book"),
    ],
)
def test_a_workbook_that_is_not_there_is_named(folder, written, said):
    with pytest.raises(sim.Refused, match=said):
        loaded(folder, **written)


GIVEN = """{UTF-8}
town: east, west ~~|
煤价 ~ 元 ~ 数据变量；没有方程 |
x[town] :HOLD BACKWARD: ~~|
total = SUM(x[town!]) + 煤价 ~~|
INITIAL TIME = 0 ~~|
FINAL TIME = 4 ~~|
TIME STEP = 1 ~~|
SAVEPER = 1 ~~|
"""
DOWN = """年份,煤价,备注,x[east],x[ West ]
0,100,估,1,2
2,,,3,
4,"1,200",,5,6
来源：统计年鉴,,,,
"""
ACROSS = """Time,0,2,4
煤价,100,,1200
"x[east]",1,3,5
"x[west]",2,,6
"""


@pytest.mark.parametrize(
    ("name", "text", "encoding"),
    [
        ("model.csv", DOWN, "gbk"),
        ("data.csv", ACROSS, "utf-8-sig"),
        ("model.tab", DOWN.replace('"1,200"', "1200").replace(",", "\t"), "utf-8"),
    ],
)
def test_data_variables_without_an_equation_stand_in_a_table_beside_the_model(
    tmp_path, name, text, encoding
):
    (tmp_path / "model.mdl").write_text(GIVEN, encoding="utf-8")
    (tmp_path / name).write_text(text, encoding=encoding)
    runs = sim.simulate(sim.load_model(tmp_path / "model.mdl"))
    assert runs["煤价"].values[0].tolist() == [100, 375, 650, 925, 1200]
    assert runs["total"].values[0].tolist() == [103, 378, 655, 930, 1211]
    (tmp_path / name).write_text(text.replace("100", "300"), encoding=encoding)
    assert float(sim.simulate(sim.load_model(tmp_path / "model.mdl"))["煤价"][0, 0]) == 300


def test_a_table_of_the_model_s_own_name_that_comes_later_is_read_first(tmp_path):
    (tmp_path / "model.mdl").write_text(GIVEN, encoding="utf-8")
    (tmp_path / "data.csv").write_text(ACROSS, encoding="utf-8")
    assert float(sim.simulate(sim.load_model(tmp_path / "model.mdl"))["煤价"][0, 0]) == 100
    (tmp_path / "model.csv").write_text(ACROSS.replace("100", "300"), encoding="utf-8")
    assert float(sim.simulate(sim.load_model(tmp_path / "model.mdl"))["煤价"][0, 0]) == 300
    (tmp_path / "model.csv").unlink()
    assert float(sim.simulate(sim.load_model(tmp_path / "model.mdl"))["煤价"][0, 0]) == 100


def test_data_variables_may_stand_in_a_workbook_beside_the_model(tmp_path):
    (tmp_path / "model.mdl").write_text(GIVEN, encoding="utf-8")
    book = openpyxl.Workbook()
    for row in (["年份", "煤价"], [0, 100], [4, 200]):
        book.active.append(row)
    second = book.create_sheet("乡镇")
    for row in (["年份", "x[east]", "x[west]"], [0, 1, 2], [4, 5, 6]):
        second.append(row)
    book.save(tmp_path / "model.xlsx")
    runs = sim.simulate(sim.load_model(tmp_path / "model.mdl"))
    assert runs["total"].values[0].tolist() == [103, 128, 153, 178, 211]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"1,200"', "暂无", "line 3, variable 煤价: .* .model.csv, 煤价, 4: '暂无' is no number.$"),
        (
            "煤价",
            "油价",
            "variable 煤价: there is no equation and no data; .* column '煤价' in model",
        ),
    ],
)
def test_data_that_are_missing_or_no_numbers_are_named(tmp_path, old, new, said):
    (tmp_path / "model.mdl").write_text(GIVEN, encoding="utf-8")
    (tmp_path / "model.csv").write_text(DOWN.replace(old, new), encoding="utf-8")
    with pytest.raises(sim.Refused, match=said):
        sim.load_model(tmp_path / "model.mdl")


def test_a_constant_from_an_empty_cell_is_refused(folder):
    tail = "y = GET XLS CONSTANTS('年鉴 book.xlsx', '数据', 'B1') ~~|\n"
    with pytest.raises(sim.Refused, match=r"variable y: .*, B1: the cell is empty; a number"):
        loaded(folder, tail=tail)
