"""What is wrong with the tables: parameters, targets and scenarios against model and plan."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from sim.analysis.measure import check_targets
from sim.engine.dimensions import conversion
from sim.engine.model import CONTROL, Constant, Model, Path
from sim.engine.units import factor
from sim.ensemble.inputs import NOISE, check_distribution, check_table, quantiles
from sim.ensemble.plan import Indicator
from sim.ensemble.scenario import Level, Parameter, Scenario, Setting, out_of_bounds
from sim.ensemble.target import Target, Targets, Tracked
from sim.text import Refused, Text, near

TAIL = 0.01
"""The share on either side of a distribution in which a default value would be a strange one."""
PLACEHOLDERS = {"", "-", "?", "？", "TODO", "todo", "TBD", "tbd", "待定", "无", "n/a", "N/A"}
ROLE_OF_GROUP = {"levers": "lever", "assumptions": "assumption"}


def audit_parameters(parameters: Mapping[str, Parameter], model: Model) -> list[Text]:
    """What is wrong with the parameter table: against the model, and in itself."""
    problems = check_table(parameters, model)
    problems += _not_in_table(parameters, model)
    for parameter in parameters.values():
        problems += _other_value(parameter, model)
        problems += _unsourced(parameter)
        problems += _misconverted(parameter)
        problems += _misdrawn(parameter)
    return problems


def _where(parameter: Parameter) -> str:
    return f"conf/sector/{parameter.sector}.yaml: {parameter.name}"


def _not_in_table(parameters: Mapping[str, Parameter], model: Model) -> list[Text]:
    return [
        Text(
            f"模型的 {name} 不在参数表中；请写进 conf/sector/，附来源和理由",
            f"{name} of the model is not in the parameter table; enter it in conf/sector/ with "
            "its source and reason",
        )
        for name in model.inputs
        if name not in parameters and name not in CONTROL
    ]


def _other_value(parameter: Parameter, model: Model) -> list[Text]:
    """The model file runs by itself in Vensim, so it must hold the table's numbers."""
    if parameter.name not in model.variables:
        return []
    match model.variables[parameter.name].definition:
        case Constant(value):
            theirs: Level = value
        case Path(points):
            theirs = dict(points)
        case _:
            return []
    if parameter.value == theirs:
        return []
    here, there = _short(parameter.value), _short(theirs)
    return [
        Text(
            f"{_where(parameter)} = {here}，模型文件中是 {there}；请改为一致",
            f"{_where(parameter)} = {here}, in the model file {there}; make them equal",
        )
    ]


def _short(level: Level) -> str:
    if isinstance(level, dict):
        return "{" + ", ".join(f"{year:g}: {number:g}" for year, number in level.items()) + "}"
    return f"{level:g}"


def _unsourced(parameter: Parameter) -> list[Text]:
    where = _where(parameter)
    return [
        Text(f"{where} 没有写明{zh}", f"{where} gives no {en}")
        for zh, en, given in (
            ("来源", "source", parameter.source),
            ("理由", "reason", parameter.reason),
        )
        if given.strip() in PLACEHOLDERS
    ]


def _misconverted(parameter: Parameter) -> list[Text]:
    """A constant that nobody may change and whose unit cancels out converts units."""
    wanted = conversion(parameter.unit) if parameter.bounds[0] == parameter.bounds[1] else None
    if wanted is None or isinstance(parameter.value, dict):
        return []
    if np.isclose(parameter.value, wanted, rtol=1e-9):
        return []
    where = _where(parameter)
    return [
        Text(
            f"{where} = {parameter.value:g}，但按单位 {parameter.unit} 换算应为 {wanted:g}",
            f"{where} = {parameter.value:g}, but its unit {parameter.unit} means {wanted:g}",
        )
    ]


def _misdrawn(parameter: Parameter) -> list[Text]:
    """What is wrong with a distribution beside the parameter's own value and bounds."""
    drawn, where = parameter.distribution, _where(parameter)
    if drawn is None:
        return []
    if parameter.role == "lever":
        return [
            Text(
                f"{where} 是政策手段，由县里决定，不应带分布",
                f"{where} is a lever: the county decides it, so it has no distribution",
            )
        ]
    if check_distribution(where, drawn) or drawn["kind"] == NOISE:
        return []  # the table's own check has said what is wrong
    free = replace(parameter, bounds=(-np.inf, np.inf))
    low, high = (float(end) for end in quantiles(free, np.array([TAIL, 1 - TAIL])))
    problems = _beyond_bounds(parameter, low, high)
    if not isinstance(parameter.value, dict) and not low <= parameter.value <= high:
        problems.append(
            Text(
                f"{where} = {parameter.value:g} 超出其分布的 1%–99% 区间 [{low:.4g}, {high:.4g}]",
                f"{where} = {parameter.value:g} is outside the 1-99 % range of its own "
                f"distribution, [{low:.4g}, {high:.4g}]",
            )
        )
    return problems


def _beyond_bounds(parameter: Parameter, low: float, high: float) -> list[Text]:
    least, most = parameter.bounds
    if least <= low and high <= most:
        return []
    where = _where(parameter)
    return [
        Text(
            f"{where} 的分布（1%–99%：[{low:.4g}, {high:.4g}]）超出物理范围 [{least:g}, {most:g}]",
            f"{where}: the distribution (1-99 %: [{low:.4g}, {high:.4g}]) reaches beyond the "
            f"physical bounds [{least:g}, {most:g}]",
        )
    ]


def audit_targets(
    targets: Targets, plan: Mapping[str, Indicator], model: Model, years: Iterable[float]
) -> list[Text]:
    """What is wrong with the targets: against the model, and against the plan's own list."""
    problems: list[Text] = []
    units = {name: variable.units for name, variable in model.variables.items()}
    try:
        check_targets(list(targets.simulated.values()), units, list(years))
    except Refused as refusal:
        problems += refusal.problems
    entries: dict[str, Target | Tracked] = {**targets.simulated, **targets.tracked}
    problems += [
        Text(
            f"规划指标 {name} 不在 targets.yaml 中；请写明 variable，或不模拟的 reason",
            f"the plan's {name} is not in targets.yaml; enter it with its variable, or with the "
            "reason why it is not simulated",
        )
        for name in plan
        if name not in entries
    ]
    for name, entry in entries.items():
        if name in plan:
            problems += _unlike(entry, plan[name])
            continue
        hint = near(name, plan)
        problems.append(
            Text(
                f"目标 {name} 不是规划的指标（conf/plan.csv）{hint.zh}",
                f"target {name} is no indicator of the plan (conf/plan.csv){hint.en}",
            )
        )
    return problems


def _unlike(entry: Target | Tracked, indicator: Indicator) -> list[Text]:
    """What a target says otherwise than the plan does, as far as the plan says it."""
    pairs = [
        (str(entry.year), str(indicator.year)),
        (entry.clause, indicator.clause),
        (entry.sense, indicator.sense),
        _values(entry, indicator),
    ]
    return [
        Text(
            f"目标 {entry.name} 写作 {ours}，规划（conf/plan.csv）是 {theirs}",
            f"target {entry.name} says {ours}, the plan (conf/plan.csv) says {theirs}",
        )
        for ours, theirs in pairs
        if ours != theirs
    ]


def _values(entry: Target | Tracked, indicator: Indicator) -> tuple[str, str]:
    """The values with their units, as the two say them; equal where they mean the same."""
    theirs = f"{indicator.value} {indicator.unit}"
    if isinstance(entry, Tracked):
        return f"{entry.value} {entry.unit}", theirs
    ours = f"{entry.value:g} {entry.unit}"
    try:
        value = float(indicator.value) * factor(indicator.unit, entry.unit)
    except ValueError:  # no number, or a unit that cannot be converted: nothing to hold it against
        return ours, ours
    return ours, ours if np.isclose(value, entry.value, rtol=1e-9) else theirs


def audit_scenario(
    scenario: Scenario, baseline: Scenario | None, parameters: Mapping[str, Parameter]
) -> list[Text]:
    """What is wrong with one scenario: names, groups, bounds, reasons, or that nothing differs."""
    groups = {"levers": scenario.levers, "assumptions": scenario.assumptions}
    problems: list[Text] = []
    for group, settings in groups.items():
        for name, setting in settings.items():
            problems += _missettled(name, setting, group, parameters)
    if not (scenario.title.zh and scenario.title.en and all(scenario.narrative)):
        problems.append(Text("标题或说明空白", "its title or narrative is blank"))
    if baseline is not None and not problems and not _differs(scenario, baseline, parameters):
        problems.append(
            Text(
                "与基准完全相同；请改动至少一项，或删去这一情景",
                "nothing differs from the baseline; change something or delete the scenario",
            )
        )
    return [
        Text(f"情景 {scenario.name}：{text.zh}", f"scenario {scenario.name}: {text.en}")
        for text in problems
    ]


def _missettled(
    name: str, setting: Setting, group: str, parameters: Mapping[str, Parameter]
) -> list[Text]:
    parameter = parameters.get(name)
    if parameter is None:
        hint = near(name, parameters)
        return [
            Text(
                f"参数表中没有 {name}{hint.zh}",
                f"{name} is not in the parameter table{hint.en}",
            )
        ]
    problems = out_of_bounds(parameter, setting.value)
    if parameter.role != ROLE_OF_GROUP[group]:
        problems.append(
            Text(
                f"{name} 写在 {group} 下，但参数表中它是 {parameter.role}",
                f"{name} stands under {group}, but in the parameter table it is a {parameter.role}",
            )
        )
    if any(reason in PLACEHOLDERS for reason in setting.reason):
        problems.append(Text(f"{name} 没有写明理由", f"{name} gives no reason"))
    return problems


def _differs(scenario: Scenario, baseline: Scenario, parameters: Mapping[str, Parameter]) -> bool:
    usual = {name: setting.value for name, setting in baseline.settings.items()}
    return any(
        setting.value != usual.get(name, parameters[name].value)
        for name, setting in scenario.settings.items()
    )
