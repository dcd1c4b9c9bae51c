"""`sim explain`: one variable of the model, what stands around it, and the numbers behind it."""

from collections.abc import Iterable, Mapping, Sequence

from sim import data
from sim.commands.columns import columns, level_text
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
from sim.ensemble.scenario import Parameter, read_parameters
from sim.text import Refused, Text, near

KIND_WORDS = {
    "observed": Text("观测", "observed"),
    "estimated": Text("估计", "estimated"),
    "assumed": Text("假定", "assumed"),
    "plan": Text("规划", "plan"),
}
ROLE_WORDS = {
    "lever": Text("政策手段", "lever"),
    "assumption": Text("外部假设", "assumption"),
    "parameter": Text("参数", "parameter"),
}


def main(arguments: Sequence[str], lang: str) -> int:
    """Prints what there is to say about a variable."""
    if not arguments:
        raise Refused(
            Text("要解释哪个变量？sim explain 变量", "which variable? sim explain VARIABLE")
        )
    from sim.engine.cache import load_model

    model = load_model(data.model_file())
    table = read_parameters(data.sector_folder())
    print("\n".join(explain(model, " ".join(arguments), table, lang)))
    return 0


def explain(model: Model, asked: str, table: Mapping[str, Parameter], lang: str) -> list[str]:
    """The lines that explain the variable that was `asked` for, by any of its names."""
    variable = find(model, asked)
    zh, en = variable.label
    needs = sources(model)
    used_by = [name for name, others in needs.items() if variable.name in others]
    lines = [
        f"{variable.name}  {zh}  {en}",
        Text("单位：", "unit: ").of(lang) + (variable.units or "-"),
        Text("类型：", "kind: ").of(lang) + kind_of(variable).of(lang),
    ]
    note = "; ".join(part.strip() for part in variable.comment.split(";")[2:])
    lines += [Text("说明：", "note: ").of(lang) + note] if note else []
    lines += ["", Text("方程", "Equation").of(lang) + _line(variable, lang)]
    lines += [f"  {variable.equation}", ""]
    lines += [
        Text("取决于", "Depends on").of(lang),
        *_listed(model, needs[variable.name], lang),
        "",
    ]
    lines += [Text("影响", "Is used by").of(lang), *_listed(model, used_by, lang), ""]
    return lines + _numbers(variable.name, needs, table, lang)


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
    further = [n for n, step in steps.items() if step > 2 and n in table]
    lines = [Text("背后的参数", "Parameters behind it").of(lang)]
    for one in direct:
        lines += _parameter(table[one], lang)
    if second:
        lines.append(Text("  再上一层：", "  one step further:").of(lang))
        lines += [
            f"    {row}"
            for row in columns([(n, level_text(table[n].value), table[n].unit) for n in second])
        ]
    if further:
        count = len(further)
        more = Text(
            f"  更远的还有 {count} 个；对上面的变量逐个 sim explain 即可看到",
            f"  and {count} further away; `sim explain` the variables above to see them",
        )
        lines.append(more.of(lang))
    return lines if len(lines) > 1 else [*lines, Text("  无", "  none").of(lang)]


def _parameter(parameter: Parameter, lang: str) -> list[str]:
    kind, role = KIND_WORDS[parameter.kind].of(lang), ROLE_WORDS[parameter.role].of(lang)
    lines = [
        f"  {parameter.name} = {level_text(parameter.value)} {parameter.unit}",
        f"    {role}{Text('，', ', ').of(lang)}{kind}",
        f"    {Text('来源：', 'source: ').of(lang)}{parameter.source}",
        f"    {Text('理由：', 'reason: ').of(lang)}{' '.join(parameter.reason.split())}",
    ]
    if parameter.distribution:
        drawn = ", ".join(f"{key} {value}" for key, value in parameter.distribution.items())
        lines.append(f"    {Text('分布：', 'distribution: ').of(lang)}{drawn}")
    return lines


def _listed(model: Model, names: Iterable[str], lang: str) -> list[str]:
    rows = []
    for name in names:
        variable = model.variables[name]
        rows.append((f"  {name}", variable.label[1 if lang == "en" else 0], variable.units))
    return columns(rows) if rows else [Text("  无", "  none").of(lang)]


def _line(variable: Variable, lang: str) -> str:
    if not variable.line:
        return ""
    return Text(f"（第 {variable.line} 行）", f" (line {variable.line})").of(lang)
