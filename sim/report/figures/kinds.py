"""The kinds of figure, by the word that `sim plot` knows them by."""

from collections.abc import Callable
from typing import NamedTuple

from sim.ensemble.observations import read_history
from sim.report.figures.frame import Picture, Subject
from sim.text import Refused, Text


class Kind(NamedTuple):
    """A kind of figure: what it shows, and what draws it."""

    title: Text
    draw: Callable[[Subject], list[Picture]]


def fan(subject: Subject) -> list[Picture]:
    """One picture a variable: its fan with history, the plan's path and targets.

    The variables asked for; else those of the targets asked for; else the headline.
    """
    from sim.report.fan import fan_chart
    from sim.report.figures.alternatives import fan_title, of_fan
    from sim.report.figures.multiples import headline

    default = (
        dict.fromkeys(target.variable for target in subject.targets)
        if subject.only
        else headline(subject.record.fans)
    )
    names = list(subject.variables or default)
    runs = subject.fans_of(names)
    seen = read_history(subject.record.settings.history)
    return [
        Picture(
            f"fan-{name}",
            fan_chart(name, runs, subject.record.targets, seen, subject.lang),
            fan_title(runs, name, subject.lang),
            of_fan(runs, name),
        )
        for name in names
    ]


def bars(subject: Subject) -> list[Picture]:
    """One picture: the odds of every target, scenario beside the one it is held against."""
    from sim.report.bars import attainment_bars
    from sim.report.figures.alternatives import of_bars
    from sim.report.words import say

    table = subject.attainment()
    sheet = attainment_bars(table, subject.lang)
    return [Picture("bars", sheet, say("attainment_title", subject.lang), of_bars(table))]


def _lazy(module: str) -> Callable[[Subject], list[Picture]]:
    def draw(subject: Subject) -> list[Picture]:
        from importlib import import_module

        names = {"population": "stack", "gdp": "stack"}
        found = import_module(f"sim.report.figures.{names.get(module, module)}")
        pictures: list[Picture] = getattr(found, module)(subject)
        return pictures

    return draw


KINDS: dict[str, Kind] = {
    "fan": Kind(
        Text("扇形图：历史、区间与目标", "fan: history, ranges and targets"),
        fan,
    ),
    "bars": Kind(
        Text("达标概率及标准误，与对照情景", "odds of attainment with errors"),
        bars,
    ),
    "timeline": Kind(
        Text("达标概率逐年变化", "odds by year"),
        _lazy("timeline"),
    ),
    "shortfall": Kind(
        Text("离目标还差多少", "how far from each target"),
        _lazy("shortfall"),
    ),
    "joint": Kind(
        Text("哪些目标一起落空", "which targets are missed together"),
        _lazy("joint"),
    ),
    "tornado": Kind(
        Text("龙卷风图：什么最影响某项目标", "tornado: what moves a target"), _lazy("tornado")
    ),
    "heat": Kind(
        Text("情景 × 目标热力图", "heat map: scenarios × targets"),
        _lazy("heat"),
    ),
    "gdp": Kind(
        Text("分行业地区生产总值", "GDP by sector, stacked"),
        _lazy("gdp"),
    ),
    "population": Kind(
        Text("人口按年龄与居住地", "residents by age and place"), _lazy("population")
    ),
    "multiples": Kind(
        Text("主要指标一页总览", "all headline variables"),
        _lazy("multiples"),
    ),
    "stock_flow": Kind(
        Text("部门的存量流量图", "stocks and flows of a sector"), _lazy("stock_flow")
    ),
}


def pictures(kind: str, subject: Subject) -> list[Picture]:
    """The pictures of a kind; a character that the font lacks is refused by name."""
    return KINDS[kind].draw(subject)


def missing_character(error: UserWarning) -> Refused:
    """The refusal of a figure whose text has a character that the font does not hold."""
    said = str(error).split(" missing from")[0]
    return Refused(
        Text(
            f"图中有字体不含的字符（{said}）；请改写含该字符的标题或名称",
            f"a figure's text has a character that the font lacks ({said}); word it otherwise",
        )
    )
