"""The model's pages: up to date, their links lead somewhere, their diagrams hold the model."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sim.commands.docs import compared, material, write
from sim.engine.model import CONTROL, Stock, Table
from sim.report.markdown import cell
from sim.report.pages import Material, pages
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


def test_a_page_that_differs_or_is_left_over_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {"a.md": "one", "figures/b.svg": "two"})
    assert compared(tmp_path, {"a.md": "one", "figures/b.svg": "two"}, "en") == 0
    assert compared(tmp_path, {"a.md": "new"}, "en") == 1
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
