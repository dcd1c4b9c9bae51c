"""The model's documentation: a page per sector and an index, made of model and tables alone.

Nothing is typed here that another file says already: purpose and limits come from the head of
conf/sector/<sector>.yaml, numbers from its body, equations and labels from the model, loops from
conf/loops.yaml, signs from sampled worlds.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sim.analysis.loops import WORDS
from sim.engine.flows import Flow, flows
from sim.engine.graph import causes, sources
from sim.engine.model import (
    CONTROL,
    Auxiliary,
    Constant,
    Initial,
    Model,
    Path,
    Pipeline,
    Stock,
    Table,
    Variable,
)
from sim.ensemble.entries import Level
from sim.ensemble.loops import Loop, Loops
from sim.ensemble.scenario import Parameter
from sim.ensemble.sectors import Sector
from sim.ensemble.simulate import Progress
from sim.ensemble.target import Target
from sim.report import loops_svg, stockflow_svg
from sim.report.markdown import anchor, cell, code, folded, table
from sim.report.numbers import exact
from sim.report.stockflow import LinkSigns, sector_diagram
from sim.report.words import (
    PARAMETER_KINDS,
    SENSES,
    is_calendar,
    spread_in_words,
    with_unit,
)
from sim.text import Text

KINDS = {
    Stock: Text("存量", "stock"),
    Auxiliary: Text("辅助变量", "auxiliary"),
    Constant: Text("常数", "constant"),
    Path: Text("逐年路径", "path by year"),
    Table: Text("表函数", "table function"),
    Initial: Text("初始值", "initial value"),
    Pipeline: Text("固定延迟", "fixed delay"),
}
ROLES = {
    "lever": Text("政策手段", "Levers"),
    "assumption": Text("外部假设", "Assumptions"),
    "parameter": Text("参数", "Parameters"),
}
LANGUAGES = {"zh": "中文", "en": "English"}
NOTICE = "<!-- 由 `sim docs` 生成，请勿手改 · written by `sim docs`; do not edit -->"


@dataclass(frozen=True)
class Material:
    """All that the pages are made of.

    `statements` gives the titles of the reality checks by sector; the key "" has those about
    the whole model.
    """

    model: Model
    table: Mapping[str, Parameter]
    sectors: Mapping[str, Sector]
    loops: Loops
    signs: LinkSigns
    targets: Mapping[str, Target]
    statements: Mapping[str, Sequence[Text]]

    @cached_property
    def sources(self) -> Mapping[str, list[str]]:
        return sources(self.model)

    @cached_property
    def users(self) -> Mapping[str, list[str]]:
        """Variable → those whose equations read it."""
        found: dict[str, list[str]] = {}
        for name, others in self.sources.items():
            for other in others:
                found.setdefault(other, []).append(name)
        return found

    @cached_property
    def flows(self) -> list[Flow]:
        return flows(self.model)

    @cached_property
    def drains(self) -> list[str]:
        """The stocks that fall the faster, the more there is of them."""
        needs, signs = causes(self.model), self.signs
        own = (name for name in self.model.stocks if name in needs.get(name, ()))
        written = (name for name in own if not self.model.variables[name].owner)
        return [name for name in written if (signs[name, name] <= 0).all()]

    def variables(self, sector: str) -> list[Variable]:
        """What the modeller wrote in a sector."""
        found = self.model.variables.values()
        return [v for v in found if v.group == sector and not v.owner and v.name not in CONTROL]


def pages(material: Material, progress: Progress | None = None) -> dict[str, str]:
    """Path below docs/model → text, of every page and every figure.

    `progress` is called with sectors done and sectors in all.
    """
    found = {"README.md": index(material)}
    for done, (name, sector) in enumerate(material.sectors.items(), start=1):
        found[f"{name}.md"] = "\n".join(sector_page(material, sector))
        found |= figures(material, sector)
        if progress is not None:
            progress(done, len(material.sectors))
    return found


def figures(material: Material, sector: Sector) -> dict[str, str]:
    """The diagrams of a sector in both languages."""
    model = material.model
    diagram = sector_diagram(model, sector.name, material.table, material.signs)
    found = {}
    for lang in LANGUAGES:
        stock_title = Text(f"{sector.title.zh}：存量与流量", f"{sector.title.en}: stocks and flows")
        loop_title = Text(f"{sector.title.zh}：反馈回路", f"{sector.title.en}: feedback loops")
        drawn = stockflow_svg.draw(model, diagram, stock_title.of(lang), lang)
        found[f"figures/{sector.name}.{lang}.svg"] = drawn
        if own := own_loops(material, sector.name):
            labels = {name: v.label[lang == "en"] for name, v in model.variables.items()}
            title = loop_title.of(lang)
            drawn = loops_svg.draw(own, labels, set(model.stocks), title, lang)
            found[f"figures/{sector.name}.loops.{lang}.svg"] = drawn
    return found


def own_loops(material: Material, sector: str) -> list[Loop]:
    """The loops that stand on a sector's page."""
    return [loop for loop in material.loops.named.values() if loop.sector == sector]


def link(material: Material, name: str, here: str = "", written: bool = False) -> str:
    """A link to a variable, by its Chinese label or as written."""
    variable = material.model.variables[name]
    page = "" if variable.group == here else f"{variable.group}.md"
    label = variable.written if written else variable.label[0]
    if variable.name in CONTROL:
        return cell(label)
    return f"[{cell(label)}]({page}#{name})"


def sector_page(material: Material, sector: Sector) -> Iterator[str]:
    """The lines of a sector's page."""
    yield from (NOTICE, f"# {sector.title.zh} · {sector.title.en}", "")
    yield "[← 模型总览 · the model](README.md)　[存量与流量 · stocks and flows](#stocks)　"
    yield "[反馈回路 · loops](#loops)　[方程 · equations](#equations)　"
    yield "[参数与来源 · parameters and sources](#parameters)　[检验 · tests](#tests)　"
    yield from ("[未包括 · left out](#left-out)", "", sector.purpose.zh, "", sector.purpose.en, "")
    yield from (sector.structure.zh, "", sector.structure.en, "")
    yield from stock_part(material, sector)
    yield from loop_part(material, sector)
    yield from equation_part(material, sector)
    yield from parameter_part(material, sector)
    yield from test_part(material, sector)
    yield from (anchor("left-out"), "", "## 未包括 · What is left out", "")
    yield from (f"- {text.zh}  \n  {text.en}" for text in sector.left_out)
    yield ""


def both_figures(stem: str, title: str) -> list[str]:
    """A diagram in Chinese, and its English twin to unfold."""
    chinese, english = (f"![{title}](figures/{stem}.{lang}.svg)" for lang in LANGUAGES)
    return [chinese, "", *folded("English", [english])]


def stock_part(material: Material, sector: Sector) -> Iterator[str]:
    """The diagram, and what moves every stock."""
    yield from (anchor("stocks"), "", "## 存量与流量 · Stocks and flows", "")
    yield from both_figures(sector.name, f"{sector.title.zh} stocks and flows")
    rows = []
    for variable in material.variables(sector.name):
        if isinstance(variable.definition, Stock):
            name = variable.name
            enters = [flow for flow in material.flows if flow.sink == name]
            leaves = [flow for flow in material.flows if flow.source == name]
            rows.append(
                (
                    f"**{link(material, name, sector.name)}**<br>{cell(variable.label[1])}",
                    cell(variable.units),
                    "<br>".join(flow_text(material, flow, sector.name, "来自") for flow in enters),
                    "<br>".join(flow_text(material, flow, sector.name, "流向") for flow in leaves),
                )
            )
    yield from table(("存量 stock", "单位 unit", "流入 enters", "流出 leaves"), rows)


def flow_text(material: Material, flow: Flow, here: str, word: str) -> str:
    """A flow in short: its name, or what sets it; and the stock at its other end."""
    named = [flow.name] if flow.name else list(flow.reads)
    mark = "⇄ " if flow.net else ""
    told = mark + " · ".join(link(material, name, here) for name in named)
    other = flow.source if word == "来自" else flow.sink
    return f"{told}（{word}{link(material, other, here)}）" if other else told


def loop_part(material: Material, sector: Sector) -> Iterator[str]:
    """The loops of a sector, those of others that pass through it, and what merely drains."""
    yield from (anchor("loops"), "", "## 反馈回路 · Feedback loops", "")
    own = own_loops(material, sector.name)
    if own:
        yield from both_figures(f"{sector.name}.loops", f"{sector.title.zh} feedback loops")
    yield from table(
        ("回路 loop", "极性 polarity", "链 chain"),
        (
            (
                f"{anchor('loop-' + loop.name)}**{cell(loop.title.zh)}**<br>{cell(loop.title.en)}"
                + (f" ({loop.row})" if loop.row else ""),
                polarity(loop),
                chain(material, loop, sector.name),
            )
            for loop in own
        ),
    )
    inside = {variable.name for variable in material.variables(sector.name)}
    passing = [
        f"[{cell(loop.title.zh)}]({loop.sector}.md#loop-{loop.name})（{polarity(loop)}）"
        for loop in material.loops.named.values()
        if loop.sector != sector.name and inside & set(loop.chain)
    ]
    if passing:
        yield from (
            "经过本部门的其他回路 · Loops of other sectors that pass through here: "
            + "、".join(passing),
            "",
        )
    drains = [link(material, name, sector.name) for name in material.drains if name in inside]
    if drains:
        yield from (
            "随自身存量流出的存量（平衡） · Stocks that drain by themselves (B): "
            + "、".join(drains),
            "",
        )


def polarity(loop: Loop) -> str:
    """R or B, in words."""
    word = WORDS[loop.polarity]
    return f"{'R' if loop.polarity > 0 else 'B'} {word.zh} {word.en}"


def chain(material: Material, loop: Loop, here: str) -> str:
    """The variables of a loop with the signs of its links."""
    links = (
        f"{link(material, name, here)} {'+' if sign > 0 else '−'}→"
        for name, sign in zip(loop.chain, loop.signs, strict=True)
    )
    return f"{' '.join(links)} {link(material, loop.chain[0], here)}"


def equation_part(material: Material, sector: Sector) -> Iterator[str]:
    """Every equation of a sector; its inputs stand among the parameters."""
    yield from (anchor("equations"), "", "## 方程 · Equations", "")
    for variable in material.variables(sector.name):
        if isinstance(variable.definition, Constant | Path):
            continue
        zh, en = variable.label
        word = KINDS[type(variable.definition)]
        unit = cell(variable.units) or "—"
        head = f"**{cell(zh)}** · {cell(en)} — {unit} — {word.zh} {word.en}"
        yield from (f"{anchor(variable.name)}{head}", "")
        note = "; ".join(part.strip() for part in variable.comment.split(";")[2:])
        if note:
            yield from (cell(note), "")
        yield from code(variable.equation)
        reads = [link(material, n, sector.name) for n in material.sources[variable.name]]
        users = [link(material, n, sector.name) for n in material.users.get(variable.name, ())]
        yield f"读取 reads: {'、'.join(reads) or '—'}　影响 used by: {'、'.join(users) or '—'}"
        yield ""


def parameter_part(material: Material, sector: Sector) -> Iterator[str]:
    """The inputs of a sector with their sources: levers, assumptions, parameters."""
    yield from (anchor("parameters"), "", "## 参数与来源 · Parameters and sources", "")
    own = [one for one in material.table.values() if one.sector == sector.name]
    for role, word in ROLES.items():
        rows = [
            parameter_row(material, one)
            for one in own
            if one.role == role and one.name in material.model.variables
        ]
        if rows:
            yield from (f"### {word.zh} · {word.en}", "")
        head = (
            "名称 name",
            "值 value",
            "单位 unit",
            "性质 kind",
            "分布 distribution",
            "来源 source",
        )
        yield from table((*head, "理由 reason"), rows)


def parameter_row(material: Material, one: Parameter) -> tuple[str, ...]:
    """What the table says of one input."""
    zh, en = material.model.variables[one.name].label
    spread = spread_of(one.distribution)
    if one.prior is not None:
        spread += f"<br>先验 prior:<br>{spread_of(one.prior)}<br>{cell(one.calibration)}"
    if one.tied:
        ties = ", ".join(f"{name} {tie.rank_correlation:+g}" for name, tie in one.tied.items())
        spread += f"<br>秩相关 rank correlation: {cell(ties)}"
    return (
        f"{anchor(one.name)}**{cell(zh)}**<br>{cell(en)}<br>`{one.name}`",
        level(one.value, one.unit),
        cell(one.unit),
        " ".join(PARAMETER_KINDS[one.kind]),
        spread or "—",
        cell(one.source),
        cell(one.reason),
    )


def spread_of(distribution: Mapping[str, Any] | None) -> str:
    """A distribution in a line of each language."""
    if not distribution:
        return ""
    return "<br>".join(cell(spread_in_words(distribution, lang)) for lang in LANGUAGES)


def level(value: Level, unit: str) -> str:
    """A number, or a path with a line for every year."""
    if isinstance(value, dict):
        return "<br>".join(f"{year:g}: {exact(number)}" for year, number in value.items())
    return f"{value:g}" if is_calendar(value, unit) else exact(value)


def aim(target: Target) -> str:
    """What a target wants, and to what step that is published."""
    wanted = f"{SENSES[target.sense]} {with_unit(exact(target.value), target.unit, 'zh')}"
    if not target.reported_to:
        return wanted
    step = with_unit(exact(target.reported_to), target.unit, "zh")
    return f"{wanted}（按 {step} 取整 · to the nearest {step}）"


def test_part(material: Material, sector: Sector) -> Iterator[str]:
    """The targets that are read off this sector, and the statements that it must satisfy."""
    yield from (anchor("tests"), "", "## 指标与检验 · Targets and tests", "")
    inside = {variable.name for variable in material.variables(sector.name)}
    yield from table(
        ("规划指标 target", "年份 year", "目标 aim", "变量 variable", "条款 clause"),
        (
            (
                f"**{cell(target.title.zh)}**<br>{cell(target.title.en)}",
                f"{target.year}",
                cell(aim(target)),
                link(material, target.variable, sector.name),
                cell(target.clause),
            )
            for target in material.targets.values()
            if target.variable in inside
        ),
    )
    statements = material.statements.get(sector.name, ())
    if statements:
        yield "`sim check reality` 在每个抽样世界和极端情形下核对："
        yield from ("In every sampled world and under extreme inputs:", "")
        yield from (f"- {text.zh}  \n  {text.en}" for text in statements)
        yield ""


def index(material: Material) -> str:
    """The page that leads to the others."""
    return "\n".join(
        [
            *(NOTICE, "# 沁水县存量—流量模型 · The stock-flow model of Qinshui", ""),
            *overview(material),
            *loops_left_out(material),
            *general_statements(material),
            *register(material),
        ]
    )


def overview(material: Material) -> Iterator[str]:
    """What there is, and a line for every sector."""
    written = [v for v in material.model.variables.values() if not v.owner]
    stocks = sum(isinstance(v.definition, Stock) for v in written)
    inputs = sum(isinstance(v.definition, Constant | Path) for v in written)
    others = len(written) - stocks - inputs
    sectors, loops = len(material.sectors), len(material.loops.named)
    yield f"{sectors} 个部门，{stocks} 个存量，{others} 个其他方程，{inputs} 个输入，"
    yield f"{loops} 条已命名的反馈回路。"
    yield "本页和各部门的页面由模型、参数表和回路表生成（`make docs`）。"
    yield "拟合情况和数据说明不了的事见 [model/README.md](../../model/README.md)。"
    yield ""
    yield f"{sectors} sectors, {stocks} stocks, {others} other equations, {inputs} inputs,"
    yield f"{loops} named feedback loops. These pages are made of the model, the parameter tables"
    yield "and the table of loops by `make docs`. How it is fitted and what the data say nothing"
    yield "about: [model/README.md](../../model/README.md)."
    yield ""
    yield from table(
        ("部门 sector", "讲什么 purpose", "存量 stocks", "图与方程 go to"),
        (
            (
                f"[**{sector.title.zh}**<br>{sector.title.en}]({name}.md)",
                f"{cell(sector.purpose.zh)}<br>{cell(sector.purpose.en)}",
                str(sum(isinstance(v.definition, Stock) for v in material.variables(name))),
                f"[图 diagram]({name}.md#stocks)<br>[回路 loops]({name}.md#loops)<br>"
                f"[方程 equations]({name}.md#equations)<br>[来源 sources]({name}.md#parameters)",
            )
            for name, sector in material.sectors.items()
        ),
    )


def loops_left_out(material: Material) -> Iterator[str]:
    """The rows of the loop table that the model leaves open."""
    yield "逐条切断后的影响、哪些回路很弱：[benchmarks/loops.md](../../benchmarks/loops.md)。"
    yield "What cutting each loop does, and which are weak: the same page."
    yield from ("", "## 未闭合的回路 · Loops that are left open", "")
    yield "[回路表](../sources/structure.md)第 2 节中、本模型没有闭合的："
    yield "Rows of section 2 of the [loop table](../sources/structure.md) that this model does not"
    yield from ("close:", "")
    yield from table(
        ("", "回路 loop", "理由 reason"),
        (
            (row, f"**{cell(one.title.zh)}**<br>{cell(one.title.en)}", reason(one.reason))
            for row, one in material.loops.left_out.items()
        ),
    )


def reason(text: Text) -> str:
    """A text in both languages, one above the other."""
    return f"{cell(text.zh)}<br>{cell(text.en)}"


def general_statements(material: Material) -> Iterator[str]:
    """The statements about no sector alone."""
    yield from ("## 对整个模型的检验 · Tests of the whole model", "")
    yield from (f"- {text.zh}  \n  {text.en}" for text in material.statements.get("", ()))
    yield ""


def register(material: Material) -> Iterator[str]:
    """Every variable by sector, with a link."""
    yield from ("## 变量索引 · Register of variables", "")
    for name, sector in material.sectors.items():
        links = [
            f"{link(material, variable.name)} ({cell(variable.written)})"
            for variable in material.variables(name)
        ]
        yield from folded(
            f"{sector.title.zh} · {sector.title.en} ({len(links)})", ["、".join(links)]
        )
