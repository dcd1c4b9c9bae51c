"""The stock-flow diagram of a sector: what stands in it, and what acts on what."""

from sim.engine.cache import load_model
from sim.engine.model import CONTROL, Auxiliary, Model, Pipeline, Stock
from sim.ensemble.sectors import read_titles
from sim.report.figures.drawing import draw_svg
from sim.report.figures.frame import Picture, Subject
from sim.report.figures.words import say
from sim.report.sheet import GREY, NOTE, new_sheet, styled
from sim.report.stockflow import Diagram, sector_diagram
from sim.report.stockflow_svg import drawn
from sim.report.words import fit, model_name
from sim.text import Refused, Text, near

LANDSCAPE = 25.7  # cm: the text block of an A4 page on its side
SMALLEST = 0.0145  # cm that a unit of the drawing takes: its letters have 12.5
ABOVE = 0.45  # cm, for the title, which is larger than that of the pages
WHOLE = "model"
"""The word for all of a model that has no sectors."""


def stock_flow(subject: Subject) -> list[Picture]:
    """One picture for each sector asked for, or for every one; refuses names of no sector."""
    model = load_model(subject.record.settings.model)
    sectors = sectors_of(model)
    absent = [name for name in subject.sectors if name not in sectors]
    if absent:
        raise Refused(*(_unknown(name, list(sectors)) for name in absent))
    return [_picture(subject, model, name, sectors[name]) for name in subject.sectors or sectors]


def sectors_of(model: Model) -> dict[str, str]:
    """The sectors that have something to draw: name → group of the model."""
    groups = dict.fromkeys(
        variable.group
        for variable in model.variables.values()
        if not variable.owner
        and variable.name not in CONTROL
        and isinstance(variable.definition, Stock | Auxiliary | Pipeline)
    )
    return {group or WHOLE: group for group in groups}


def _unknown(name: str, sectors: list[str]) -> Text:
    hint = near(name, sectors)
    return Text(
        f"模型没有部门 {name}{hint.zh or '；有：' + '、'.join(sectors)}",
        f"the model has no sector {name}{hint.en or '; it has ' + ', '.join(sectors)}",
    )


def _picture(subject: Subject, model: Model, name: str, group: str) -> Picture:
    lang, settings = subject.lang, subject.record.settings
    titles = read_titles(settings.home.folder / "sector")
    title = titles.get(name) or (Text(name, name) if group else model_name(settings.model))
    diagram = sector_diagram(model, group, settings.table, subject.signs)
    wide, high, elements = drawn(model, diagram, lang)
    unit = max(LANDSCAPE / wide, SMALLEST)
    width, below = unit * wide, 0.35 + 2 * NOTE
    height = ABOVE + unit * high + below
    sheet = new_sheet(width, height)
    heading = say("stock_flow_title", lang, sector=title.of(lang))
    run = "/".join(subject.record.folder.parts[-2:])
    where = say("model_source", lang, model=settings.model.name, run=run)
    with styled():
        axes = sheet.add_axes((0, below / height, 1, unit * high / height))
        axes.set_xlim(0, wide)
        axes.set_ylim(high, 0)
        axes.set_axis_off()
        axes.set(xticks=[], yticks=[])
        draw_svg(axes, elements, unit)
        x = 26 / wide
        sheet.text(x, 1 - 0.25 / height, heading, fontsize=11.5, va="top", gid="title")
        for place, note in enumerate((where, say("stock_flow_note", lang))):
            line = (0.15 + NOTE * place) / height
            sheet.text(x, line, fit(note, 160), fontsize=7, color=GREY, gid="source")
    return Picture(f"stock_flow-{name}", sheet, heading, _alt(diagram, title))


def _alt(diagram: Diagram, title: Text) -> Text:
    kinds = [node.kind for node in diagram.nodes.values()]
    counts = {
        "stocks": kinds.count("stock"), "flows": kinds.count("flow"), "links": len(diagram.arrows)
    }  # fmt: skip
    return Text(
        *(say("alt_stock_flow", one, sector=title.of(one), **counts) for one in ("zh", "en"))
    )
