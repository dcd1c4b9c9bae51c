"""The model's pages: up to date, their links lead somewhere, their diagrams hold the model."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sim.commands.docs import compared, material, write
from sim.engine.model import CONTROL, Stock, Table
from sim.report.markdown import cell
from sim.report.pages import Material, pages
from sim.report.sketch import with_sketch
from sim.report.stockflow import sector_diagram
from sim.report.svg import width, wrapped

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def county() -> Material:
    return material()


@pytest.fixture(scope="module")
def made(county: Material) -> dict[str, str]:
    return pages(county)


def test_the_pages_in_the_repository_are_up_to_date(made: dict[str, str]) -> None:
    folder = ROOT / "docs/model"
    there = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }
    stale = [name for name in {*made, *there} if made.get(name) != there.get(name)]
    assert not stale, "out of date: run `make docs`"


def test_every_link_leads_to_a_page_or_an_anchor_that_is_there(made: dict[str, str]) -> None:
    anchors = {name: set(re.findall(r'<a id="([^"]+)">', text)) for name, text in made.items()}
    for page, text in made.items():
        if not page.endswith(".md"):
            continue
        for target in re.findall(r"\]\(([^)]+)\)", text):
            file, _, place = target.partition("#")
            if file.startswith(".."):
                assert (ROOT / "docs/model" / file).resolve().exists(), target
                continue
            assert (file or page) in made, f"{page}: {target}"
            assert not place or place in anchors[file or page], f"{page}: {target}"


def test_every_variable_stands_once_with_its_equation_or_its_source(
    county: Material, made: dict[str, str]
) -> None:
    for name, variable in county.model.variables.items():
        if variable.owner or name in CONTROL:
            continue
        page = made[f"{variable.group}.md"]
        assert page.count(f'<a id="{name}"></a>') == 1, name
        if name in county.table:
            assert cell(county.table[name].source) in page, name


def test_every_stock_flow_and_link_of_a_sector_is_in_its_diagram(county: Material) -> None:
    for name in county.sectors:
        diagram = sector_diagram(county.model, name, county.table, county.signs)
        inside = {v.name for v in county.variables(name)}
        stocks = {n for n in inside if isinstance(county.model.definition(n), Stock)}
        assert stocks == {node.key for node in diagram.nodes.values() if node.kind == "stock"}
        for stock in stocks:
            touching = [f for f in county.flows if stock in (f.source, f.sink)]
            pipes = [pipe for pipe in diagram.pipes if stock in (pipe.tail, pipe.head)]
            assert len(pipes) == len(touching), stock


def test_figures_are_sound_and_say_every_label(county: Material, made: dict[str, str]) -> None:
    for name in county.sectors:
        for at, lang in enumerate(("zh", "en")):
            root = ElementTree.fromstring(made[f"figures/{name}.{lang}.svg"])
            said = "".join("".join(t.itertext()) for t in root.iter(f"{SVG}text"))
            said = said.replace(" ", "")
            for variable in county.variables(name):
                if variable.name in county.model.inputs or isinstance(variable.definition, Table):
                    continue
                if "INITIAL" in variable.equation and variable.name not in county.model.stocks:
                    continue
                assert variable.label[at].replace(" ", "") in said, variable.name


def test_the_views_in_the_model_file_are_up_to_date(county: Material) -> None:
    text = (ROOT / "model/qinshui.mdl").read_text(encoding="utf-8")
    again = with_sketch(text, county.model, county.sectors, county.table, county.signs)
    assert again == text, "out of date: run `make docs`"


def test_every_variable_has_its_place_in_the_view_of_its_sector(county: Material) -> None:
    for name, view in views(county).items():
        at_home = re.findall(r'^10,\d+,"?([^",]+)"?,(?:\d+,){5}3,', view, re.M)
        inside = {v.written for v in county.variables(name)}
        assert sorted(at_home) == sorted(inside), name


def test_arrows_and_pipes_of_a_view_lead_from_object_to_object(county: Material) -> None:
    for name, view in views(county).items():
        objects = re.findall(r"^(10|11|12),(\d+),", view, re.M)
        kinds = {number: kind for kind, number in objects}
        arrows = re.findall(r"^1,(\d+),(\d+),(\d+),(\d+),\d,\d+,(\d+),", view, re.M)
        assert len(kinds) + len(arrows) == len(re.findall(r"^1[012]?,", view, re.M))
        assert len({*kinds, *(arrow[0] for arrow in arrows)}) == len(kinds) + len(arrows)
        for _, tail, head, way, thick in arrows:
            assert {tail, head} <= set(kinds), name
            if thick == "22":  # a pipe begins at a valve
                assert kinds[tail] == "11"
                assert way in ("4", "100")


def test_a_valve_has_both_ends(county: Material) -> None:
    for view in views(county).values():
        valves = re.findall(r"^11,(\d+),", view, re.M)
        ends = re.findall(r"^1,\d+,(\d+),\d+,(4|100),\d,\d+,22,", view, re.M)
        for valve in valves:
            ways = sorted(way for tail, way in ends if tail == valve)
            assert ways == ["100", "4"]


def test_pysd_finds_a_view_for_every_sector(county: Material) -> None:
    from pysd.translators.vensim.vensim_file import VensimFile

    file = VensimFile(ROOT / "model/qinshui.mdl", encoding="utf-8")
    file.model_text = "{UTF-8} a = 1 ~~|"  # the sketch alone is looked at: equations take long
    file.parse(parse_all=False)
    file.parse_sketch([])
    found = file.sections[0].views_dict
    assert set(found) == set(county.sectors)
    assert "coal_output" in found["coal"]


def views(county: Material) -> dict[str, str]:
    """The text of each view, by the name of its sector."""
    text = with_sketch("", county.model, county.sectors, county.table, county.signs)
    parts = text.split("\\\\\\---///")[1:]
    return {part.split("\n*")[1].split("\n")[0]: part for part in parts}


def test_a_page_that_differs_or_is_left_over_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {"a.md": "one", "figures/b.svg": "two"})
    assert compared(tmp_path, {"a.md": "one", "figures/b.svg": "two"}, None, "en") == 0
    assert compared(tmp_path, {"a.md": "new"}, None, "en") == 1
    assert "2 files are out of date (a.md, figures/b.svg)" in capsys.readouterr().out
    write(tmp_path, {"a.md": "new"})
    assert not (tmp_path / "figures/b.svg").exists()


def test_a_cell_cannot_break_its_table() -> None:
    assert cell("a|b\n*c* <d>") == "a\\|b \\*c\\* \\<d>"


def test_lines_are_no_wider_than_they_may_be() -> None:
    for text in (
        "战略性新兴产业占GDP比重(2020年价)",
        "jobs per working-age resident relative to 2015",
    ):
        lines = wrapped(text, 12, 100)
        assert len(lines) > 1
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert all(width(line, 12) <= 112 for line in lines)
