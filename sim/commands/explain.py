"""`sim explain`: from a result to its equation, what stands around it, the numbers behind it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sim import data
from sim.commands import around
from sim.commands.columns import columns, show
from sim.engine.graph import Names, distances, sources
from sim.engine.model import (
    Constant,
    Initial,
    Model,
    Path,
    Pipeline,
    Stock,
    Table,
    Variable,
    canonical,
)
from sim.ensemble.scenario import OPEN, Parameter
from sim.ensemble.target import Target, read_targets
from sim.report.words import (
    PARAMETER_KINDS,
    WORDS,
    level_in_words,
    spread_in_words,
    unit_in_words,
)
from sim.text import Refused, Text, near

if TYPE_CHECKING:
    from sim.config.home import Home

ROLE_WORDS = {
    "lever": Text("政策手段", "lever"),
    "assumption": Text("外部假设", "assumption"),
    "parameter": Text("参数", "parameter"),
}


COLUMN_WORDS = {
    "median": Text("抽样的中位数", "the median of the draws"),
    "p05": Text("抽样的 5% 分位数", "the 5 % quantile of the draws"),
    "p95": Text("抽样的 95% 分位数", "the 95 % quantile of the draws"),
    "probability": Text(
        "达标概率：达到目标的抽样所占比例；算不出的成员不计入",
        "attainment: the share of draws in which the target is met; failed members do not count",
    ),
    "standard_error": Text(
        "达标概率的标准误：只是抽样误差，随抽样次数的平方根减小",
        "the standard error of the probability: of sampling alone, it falls with the root of draws",
    ),
    "difference": Text(
        "与对照情景的达标概率之差；两者用同一组抽样",
        "the probability less that of the scenario held against; both share their draws",
    ),
    "difference_standard_error": Text(
        "该差的标准误，按成对抽样计算",
        "the standard error of the difference, from paired draws",
    ),
    "joint_probability": Text(
        "全部目标同时达到的抽样所占比例", "the share of draws in which all targets are met together"
    ),
    "joint_standard_error": Text("同时达标概率的标准误", "the standard error of that share"),
    "members": Text("参与计算的抽样数", "the number of draws counted"),
    "failed_members": Text(
        "结果不是有限数而未计入的抽样数", "the draws left out as some result is not a finite number"
    ),
    "independent_members": Text(
        "计入的抽样相当于多少次独立抽样，标准误按此计算；只有取自历史校准的抽样比实际次数少",
        "how many independent draws those counted are worth, by which standard errors go; fewer "
        "only where draws come from a calibration",
    ),
}
"""The columns of attainment.csv that are computed, and how."""
SHOWN = 12
"""How many variables a list holds on the first screen."""


def main(arguments: Sequence[str], lang: str) -> int:
    """Prints what there is to say about a variable, a target, or a column of attainment.csv."""
    files = [word.removeprefix("model=") for word in arguments if word.startswith("model=")]
    words = [word for word in arguments if not word.startswith("model=")]
    every = len(words) > 1 and words[-1] == "all"
    asked = " ".join(words[:-1] if every else words)
    if not asked:
        raise Refused(
            Text("要解释哪个变量？sim explain 变量", "which variable? sim explain VARIABLE")
        )
    column = column_of(asked)
    if column:
        print(f"{column}  {COLUMN_WORDS[column].of(lang)}")
        return 0
    from sim.config.home import home_of

    home = home_of(files[-1] if files else "")
    lines = of_county(asked, lang, every) if home.county else of_other(home, asked, lang, every)
    show(lines)
    return 0


def of_other(home: "Home", asked: str, lang: str, every: bool) -> list[str]:
    """What there is to say about a variable of another model than the county's."""
    from sim.engine.cache import load_model

    model = load_model(home.model)
    return list(explain(model, find(model, asked), home.table(), lang, every))


def of_county(asked: str, lang: str, every: bool) -> list[str]:
    """What there is to say about a variable or target of the county's model."""
    from sim.config.home import home_of
    from sim.engine.cache import load_model

    model = load_model(data.model_file())
    table = home_of("").table()
    known = read_targets(data.targets_file()).simulated
    lines = []
    try:
        variable = find(model, asked)
    except Refused:
        target = target_of(asked, known)
        if target is None:
            raise
        lines = [f"{target.name}  {around.target_text(target, lang)}", ""]
        variable = find(model, target.variable)
    lines += explain(model, variable, table, lang, every)
    needs = sources(model)
    lines += around.upstream(variable.name, needs, table, lang, every)
    lines += ["", *around.loops(variable.name, lang, every)]
    lines += around.targets(variable.name, needs, known, lang, every)
    if every:
        lines += around.statements(model, table, variable.name, lang)
    else:
        told = f"sim explain {variable.name} all"
        lines.append(Text(f"全部上游、回路与论断：{told}", f"all of it: {told}").of(lang))
    if variable.group:
        page = f"docs/model/{variable.group}.md#{variable.name}"
        lines.append(Text(f"图与文档：{page}", f"diagram and page: {page}").of(lang))
    return lines


def column_of(asked: str) -> str:
    """The column of attainment.csv of that name or heading; empty where there is none."""
    headings = {name: name for name in COLUMN_WORDS}
    for name in COLUMN_WORDS:
        headings |= {heading.casefold(): name for heading in WORDS[f"csv_{name}"]}
    return headings.get(asked.strip().casefold(), "")


def target_of(asked: str, known: Mapping[str, Target]) -> Target | None:
    """The target of that name or title."""
    wanted = asked.strip().casefold()
    for target in known.values():
        if wanted in (target.name, *(title.casefold() for title in target.title)):
            return target
    return None


def explain(
    model: Model, variable: Variable, table: Mapping[str, Parameter], lang: str, every: bool = False
) -> list[str]:
    """The lines on a variable itself: unit, equation, neighbours, the numbers behind it."""
    zh, en = variable.label
    needs = sources(model)
    used_by = [name for name, others in needs.items() if variable.name in others]
    lines = [
        f"{variable.name}  {zh}  {en}",
        Text("单位：", "unit: ").of(lang) + unit_of(variable, lang),
        Text("类型：", "kind: ").of(lang) + kind_of(variable).of(lang),
    ]
    note = "; ".join(part.strip() for part in variable.comment.split(";")[2:])
    lines += [Text("说明：", "note: ").of(lang) + note] if note else []
    lines += ["", Text("方程", "Equation").of(lang) + _line(variable, lang)]
    lines += [f"  {variable.equation}", ""]
    lines += [
        Text("取决于", "Depends on").of(lang),
        *_listed(model, needs[variable.name], lang, every),
        "",
    ]
    lines += [Text("影响", "Is used by").of(lang), *_listed(model, used_by, lang, every), ""]
    return [*lines, *_numbers(variable.name, needs, table, lang), ""]


def find(model: Model, asked: str) -> Variable:
    """The variable with that canonical name, name as written, 中文名 or English name."""
    written = {name: v for name, v in model.variables.items() if not v.owner}
    if canonical(asked) in written:
        return written[canonical(asked)]
    labels = {label.casefold(): v for v in written.values() for label in reversed(v.label)}
    if asked.strip().casefold() in labels:
        return labels[asked.strip().casefold()]
    inside = [v.label[0] for v in written.values() if asked.strip() in v.label[0]][:5]
    hint = near(canonical(asked), written)
    if inside:
        hint = Text(f"，是否想写：{'、'.join(inside)}？", f"; did you mean {', '.join(inside)}?")
    elif not hint.zh:
        hint = near(asked.casefold(), labels)
    raise Refused(
        Text(f"模型中没有变量 {asked}{hint.zh}", f"the model has no variable {asked}{hint.en}")
    )


def kind_of(variable: Variable) -> Text:
    """What a variable is, in a word."""
    match variable.definition:
        case Stock():
            return Text("存量", "stock")
        case Constant():
            return Text("常数", "constant")
        case Path():
            return Text("随时间给定的路径", "path by year")
        case Table():
            return Text("表函数", "table function")
        case Initial():
            return Text("初始值", "initial value")
        case Pipeline():
            return Text("固定延迟", "fixed delay")
        case _:
            return Text("辅助变量", "auxiliary")


def _numbers(name: str, needs: Names, table: Mapping[str, Parameter], lang: str) -> list[str]:
    """The parameters behind a variable: itself and the direct ones in full, the others by name."""
    steps = distances(name, needs)
    direct = [n for n, step in steps.items() if step <= 1 and n in table]
    second = [n for n, step in steps.items() if step == 2 and n in table]
    lines = [Text("背后的参数", "Parameters behind it").of(lang)]
    for one in direct:
        lines += _parameter(table[one], lang)
    if second:
        lines.append(Text("  再上一层：", "  one step further:").of(lang))
        lines += [f"    {row}" for row in columns([(n, level_of(table[n], lang)) for n in second])]
    return lines if len(lines) > 1 else [*lines, Text("  无", "  none").of(lang)]


def unit_of(variable: Variable, lang: str) -> str:
    """The unit of a variable in words; that it has none, or is a pure number."""
    if not variable.units:
        return "-"
    return unit_in_words(variable.units, lang) or Text("无量纲", "dimensionless").of(lang)


def level_of(parameter: Parameter, lang: str) -> str:
    """What an input is worth, with its unit."""
    return level_in_words(parameter.value, parameter.unit, lang)


def _parameter(parameter: Parameter, lang: str) -> list[str]:
    if parameter.role == OPEN:  # a constant of a model without a parameter table
        return [f"  {parameter.name} = {level_of(parameter, lang)}"]
    kind, role = PARAMETER_KINDS[parameter.kind].of(lang), ROLE_WORDS[parameter.role].of(lang)
    lines = [
        f"  {parameter.name} = {level_of(parameter, lang)}",
        f"    {role}{Text('，', ', ').of(lang)}{kind}",
        f"    {Text('来源：', 'source: ').of(lang)}{parameter.source}",
        f"    {Text('理由：', 'reason: ').of(lang)}{' '.join(parameter.reason.split())}",
    ]
    for head, drawn in (
        (Text("分布：", "distribution: "), parameter.distribution),
        (Text("看到历史之前的先验：", "prior, before history was seen: "), parameter.prior),
    ):
        if drawn:
            lines.append(f"    {head.of(lang)}{spread_in_words(drawn, lang)}")
    if parameter.calibration:
        lines.append(f"    {Text('估计：', 'estimated by: ').of(lang)}{parameter.calibration}")
    if parameter.tied:
        head = Text("与别的参数相关（秩相关）：", "tied to others (rank correlation):")
        lines.append(f"    {head.of(lang)}")
        rows = [(name, f"{tie.rank_correlation:+g}") for name, tie in parameter.tied.items()]
        lines += [
            f"      {row}  {tie.reason.of(lang)}"
            for row, tie in zip(columns(rows), parameter.tied.values(), strict=True)
        ]
    return lines


def _listed(model: Model, names: Sequence[str], lang: str, every: bool) -> list[str]:
    rows = []
    for name in names if every else names[:SHOWN]:
        variable = model.variables[name]
        label = Text(*variable.label).of(lang)
        rows.append((f"  {name}", label, unit_of(variable, lang)))
    if not rows:
        return [Text("  无", "  none").of(lang)]
    rest = len(names) - len(rows)
    more = [Text(f"  还有 {rest} 个", f"  and {rest} more").of(lang)] if rest else []
    return [*columns(rows), *more]


def _line(variable: Variable, lang: str) -> str:
    if not variable.line:
        return ""
    return Text(f"（第 {variable.line} 行）", f" (line {variable.line})").of(lang)
