"""What is given to levers, assumptions and parameters: by scenarios, and on the command line."""

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.config.overrides import spoken_names
from sim.config.reading import mapping
from sim.engine.cache import load_model
from sim.engine.integrate import clock_of
from sim.engine.model import Model
from sim.ensemble.entries import level_of, number_of
from sim.ensemble.scenario import (
    OPEN,
    ROLES,
    Level,
    Parameter,
    Scenario,
    Setting,
    out_of_bounds,
    scenario_of,
    unit_in_text,
)
from sim.text import Text, near

CHANGED = "-changed"
REFUSED = "refused"
"""What a composed configuration calls the reasons why a scenario cannot be read."""
ROLE_WORDS = {
    "lever": Text("政策手段", "lever"),
    "assumption": Text("外部假设", "assumption"),
    "parameter": Text("参数", "parameter"),
    OPEN: Text("参数", "parameter"),
}


def scenarios_of(
    content: Mapping[str, Any], table: Mapping[str, Parameter], model: Path, problems: list[Text]
) -> tuple[Scenario, ...]:
    """The scenario with the user's changes, and the one it is held against; `model` tells what
    inputs are called, and until when it runs."""
    own = _scenario(content["scenario"], table, problems)
    other = None
    if content["against"] is not None:
        other = _scenario(content["against"], table, problems)
    asked = _with_changes(own, content, table, model, problems)
    if other is None or asked == other:
        return (asked,)
    while asked.name == other.name:  # two scenarios of one name could not be told apart
        asked = replace(asked, name=asked.name + CHANGED)
    return (asked, other)


def _scenario(content: Any, table: Mapping[str, Parameter], problems: list[Text]) -> Scenario:
    """The scenario in a composed configuration, its levels checked against the table."""
    entries = dict(content) if isinstance(content, Mapping) else {}
    name = str(entries.pop("name", "?"))
    if REFUSED in entries:
        problems += [Text(**problem) for problem in entries[REFUSED]]
        return Scenario(name, Text(name, name), Text("", ""))
    scenario = scenario_of(name, entries, Path(f"scenarios/{name}.yaml"))
    for group, settings in (("levers", scenario.levers), ("assumptions", scenario.assumptions)):
        for key, setting in settings.items():
            found = check_level(key, group, setting.value, table)
            problems += [
                Text(f"情景 {name}：{problem.zh}", f"scenario {name}: {problem.en}")
                for problem in found
            ]
    return scenario


def _with_changes(
    scenario: Scenario,
    content: Mapping[str, Any],
    table: Mapping[str, Parameter],
    model: Path,
    problems: list[Text],
) -> Scenario:
    """The scenario with the levels given on the command line, and a name and title that say so."""
    reason = Text("运行时指定", "given for this run")
    changes = {
        group: {
            name: Setting(level, reason)
            for name, level in _levels(content[group], group, table, problems).items()
        }
        for group in ("levers", "assumptions")
    }
    given = {**changes["levers"], **changes["assumptions"]}
    if not given:
        return scenario
    labels = [Text(name, name) for name in given]
    if model.is_file():  # a missing one is refused where it is run
        read = load_model(model)
        problems += _out_of_time(given, read, content)
        labels = [
            Text(*read.variables[name].label) if name in read.variables else Text(name, name)
            for name in given
        ]
    return replace(
        scenario,
        name=scenario.name + CHANGED,
        title=Text(
            f"{scenario.title.zh}（另设{'、'.join(label.zh for label in labels)}）",
            f"{scenario.title.en} (with own {', '.join(label.en for label in labels)})",
        ),
        levers={**scenario.levers, **changes["levers"]},
        assumptions={**scenario.assumptions, **changes["assumptions"]},
    )


def _out_of_time(
    given: Mapping[str, Setting], model: Model, content: Mapping[str, Any]
) -> list[Text]:
    """Which paths given on the command line have times before or after the run: most often a
    slip of the pen."""
    clock = clock_of(model)
    last = max(clock.times[-1], _number(content.get("final_time")))
    return [
        Text(
            f"{name}：{time:g} 不在模型的时间（{clock.start:g}—{last:g}）之内；"
            "所列各点之前、之后取最近一点的值",
            f"{name}: {time:g} lies outside the times of the model ({clock.start:g} to {last:g}); "
            "before and after a path the nearest value holds",
        )
        for name, setting in given.items()
        if isinstance(setting.value, dict)
        for time in setting.value
        if not clock.start <= time <= last
    ]


def _number(content: Any) -> float:
    """The number that an entry says; minus infinity for what is none."""
    try:
        return number_of(content)
    except ValueError:
        return -math.inf


def _levels(
    content: Any, group: str, table: Mapping[str, Parameter], problems: list[Text]
) -> dict[str, Level]:
    """The levels given to the names of a group, each checked."""
    found: dict[str, Level] = {}
    for key, value in mapping(content, group, problems).items():
        name = str(key)
        try:
            found[name] = level_of(_without_unit(value, table.get(name)))
        except ValueError as error:
            wrong = Text(*map(spoken_names, error.args[0]))
            problems += check_level(name, group, {}, table)
            problems.append(Text(f"{group}.{name}：{wrong.zh}", f"{group}.{name}: {wrong.en}"))
        else:
            problems += check_level(name, group, found[name], table)
    return found


def check_level(name: str, group: str, level: Level, table: Mapping[str, Parameter]) -> list[Text]:
    """What is wrong with giving `level` to `name` under `group`."""
    role = ROLES[group]
    parameter = table.get(name)
    if parameter is None:
        return [_unknown(name, role, table)]
    if parameter.role not in (role, OPEN):
        is_zh, is_en = ROLE_WORDS[parameter.role]
        proper = next(other for other, r in ROLES.items() if r == parameter.role)
        return [
            Text(
                f"{name} 属于{is_zh}，不属于{ROLE_WORDS[role].zh}；请写在 {proper} 下："
                f"{proper}.{name}",
                f"{name} is a {is_en}, no {ROLE_WORDS[role].en}; it belongs under {proper}: "
                f"{proper}.{name}",
            )
        ]
    return out_of_bounds(parameter, level)


def _unknown(name: str, role: str, table: Mapping[str, Parameter]) -> Text:
    """The name is unknown; names of the same role are offered first."""
    same = [other for other, parameter in table.items() if parameter.role == role]
    elements = [other for other in table if other.startswith(f"{name}[")]
    hint = near(elements[0] if elements else name, elements or same)
    if not hint.zh:
        hint = near(name, table)
    if not hint.zh and all(parameter.role == OPEN for parameter in table.values()):
        hint = Text(
            "；能改的是模型的常数和随时间给定的量，见 sim model check 模型文件",
            "; what can be set are the model's constants and levels given by time, which sim model "
            "check FILE lists",
        )
    if not name.isascii() and all(map(str.isascii, table)):
        hint = Text(
            f"；名称请用英文规范名，sim explain {name} 会给出",
            f"; names are the English ones, which `sim explain {name}` tells",
        )
    word = ROLE_WORDS[role]
    return Text(
        f"没有名为 {name} 的{word.zh}{hint.zh}",
        f"no {word.en} is called {name}{hint.en}",
    )


def _without_unit(value: Any, parameter: Parameter | None) -> Any:
    """A number that was written with its unit, without it; a wrong unit raises ValueError."""
    if parameter is None or not isinstance(value, str):
        return value
    match = re.fullmatch(r"\s*([-+]?[\d.]+(?:[eE][-+]?\d+)?)\s*([^\d\s].*?)\s*", value)
    if match is None:
        return value
    number, unit = match.groups()
    if unit.replace("年", "Year") == parameter.unit:
        return number
    own = unit_in_text(parameter.unit)
    raise ValueError(
        Text(
            f"单位应为{own.zh or '无（纯数）'}，而不是 {unit}；请换算后只写数字",
            f"the unit is{own.en or ' none'}, not {unit}; convert it and give the number alone",
        )
    )


def parameters_of(
    content: Any, table: Mapping[str, Parameter], problems: list[Text]
) -> dict[str, Level | Mapping[str, Any]]:
    """The parameters given for this run: a level fixes one, a mapping with `kind` redraws it."""
    given = mapping(content, "parameters", problems)
    drawn = {
        str(name): value
        for name, value in given.items()
        if isinstance(value, Mapping) and not all(_is_year(key) for key in value)
    }
    fixed = {name: value for name, value in given.items() if str(name) not in drawn}
    for name, distribution in drawn.items():
        problems += check_level(name, "parameters", {}, table) or _distribution(name, distribution)
    return {**_levels(fixed, "parameters", table, problems), **drawn}


def _distribution(name: str, distribution: Mapping[str, Any]) -> list[Text]:
    from sim.ensemble.inputs import check_distribution  # SciPy: only when one is given

    return check_distribution(f"parameters.{name}", distribution)


def _is_year(key: Any) -> bool:
    return isinstance(key, int | float) and not isinstance(key, bool)
