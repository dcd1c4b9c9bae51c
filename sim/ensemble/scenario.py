"""The words of an ensemble, and their files: parameters and scenarios."""

import math
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sim.data import list_scenarios, read_yaml
from sim.ensemble.entries import Level as Level
from sim.ensemble.entries import choice, known_keys, lacks, level, mapping, text_of
from sim.text import Refused, Text, near

ROLES = {"levers": "lever", "assumptions": "assumption", "parameters": "parameter"}
OPEN = "open"
"""The role of an input of which nobody has said whether it is a lever, an assumption or neither."""
KINDS = ("observed", "estimated", "assumed", "plan")


@dataclass(frozen=True)
class Tie:
    """That a parameter goes with another: Spearman's rank correlation, and why; `calibration` says
    by which command it was estimated from the county's history, empty where it was not."""

    rank_correlation: float
    reason: Text
    calibration: str = ""


@dataclass(frozen=True)
class Parameter:
    """An input of the model: what it is worth, where that comes from, how unsure it is.

    `role` says whose it is: a lever is decided by the county, an assumption by the world, a
    parameter is how the county works. `distribution` is None for what is taken as known.
    `tied`: how it goes together with other uncertain parameters, by their names.
    `prior` is the distribution before the county's history was seen, where value and distribution
    were estimated from it; `calibration` says by which command.
    `unobserved`: the times of a path, up to today, at which nobody observed it.
    """

    name: str
    sector: str
    role: str
    value: Level
    unit: str
    kind: str
    source: str
    reason: str
    bounds: tuple[float, float] = (-math.inf, math.inf)
    distribution: Mapping[str, Any] | None = None
    tied: Mapping[str, Tie] = field(default_factory=dict)
    prior: Mapping[str, Any] | None = None
    calibration: str = ""
    unobserved: tuple[float, ...] = ()

    @property
    def listed(self) -> str:
        """The role under which results list it: of a model's own constants nobody has said whose
        they are, and they stand with the parameters."""
        return "parameter" if self.role == OPEN else self.role


@dataclass(frozen=True)
class Setting:
    """The level that a scenario gives to one lever or assumption, and why."""

    value: Level
    reason: Text


@dataclass(frozen=True)
class Scenario:
    """What differs from the parameter table: levers and assumptions, never mixed."""

    name: str
    title: Text
    narrative: Text
    extends: str | None = None
    levers: Mapping[str, Setting] = field(default_factory=dict)
    assumptions: Mapping[str, Setting] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, Setting]:
        """Levers and assumptions together: what is handed to the model."""
        return {**self.levers, **self.assumptions}


def read_parameters(folder: Path) -> dict[str, Parameter]:
    """The parameter table: every `<sector>.yaml` in `folder`, by parameter name."""
    table: dict[str, Parameter] = {}
    problems: list[Text] = []
    for file in sorted(folder.glob("*.yaml")):
        content = read_yaml(file)
        for group, role in ROLES.items():
            for name, entry in mapping(content.get(group), file, group, problems).items():
                found = _parameter(str(name), file, role, entry, problems)
                if found is None:
                    continue
                if found.name in table:
                    other = table[found.name].sector
                    problems.append(
                        Text(
                            f"{file}: {name} 已在 {other}.yaml 中定义，请删去其中一处",
                            f"{file}: {name} is already in {other}.yaml; delete one of them",
                        )
                    )
                table[found.name] = found
    if problems:
        raise Refused(*problems)
    return table


def before_history(table: Mapping[str, Parameter]) -> dict[str, Parameter]:
    """The table as it was before history was seen: what was estimated has its prior again, and
    what only history ties together is free again."""
    return {
        name: replace(
            one,
            distribution=one.prior or one.distribution,
            tied={other: tie for other, tie in one.tied.items() if not tie.calibration},
        )
        for name, one in table.items()
    }


def read_scenario(name: str, folders: Iterable[Path]) -> Scenario:
    """The scenario `name` with what it extends merged in; its own settings win."""
    files = list_scenarios(folders)
    lineage: list[str] = []
    resolved: Scenario | None = None
    ancestor: str | None = name
    while ancestor is not None:
        if ancestor in lineage:
            chain = " → ".join([*lineage, ancestor])
            raise Refused(
                Text(
                    f"情景 {name} 的 extends 成环：{chain}；请断开其中一环",
                    f"scenario {name}: extends runs in a circle: {chain}; break it somewhere",
                )
            )
        if ancestor not in files:
            raise unknown_scenario(ancestor, files, lineage[-1] if lineage else None)
        lineage.append(ancestor)
        own = scenario_of(ancestor, read_yaml(files[ancestor]), files[ancestor])
        if resolved is None:
            resolved = own
        else:
            resolved = replace(
                resolved,
                levers={**own.levers, **resolved.levers},
                assumptions={**own.assumptions, **resolved.assumptions},
            )
        ancestor = own.extends
    assert resolved is not None
    return resolved


def unknown_scenario(
    name: str, files: Mapping[str, Path], extended_by: str | None = None
) -> Refused:
    """The refusal of a scenario that no folder holds."""
    hint = near(name, files, _titles(files))
    where = Text(f"（{extended_by} 的 extends）", f" (extended by {extended_by})")
    at = where if extended_by else Text("", "")
    return Refused(
        Text(
            f"没有名为 {name} 的情景{at.zh}{hint.zh or '；'}用 sim scenarios 查看全部情景",
            f"no scenario is called {name}{at.en}{hint.en}; `sim scenarios` lists them all",
        )
    )


def scenario_called(word: str, files: Mapping[str, Path]) -> str:
    """The name of the scenario whose title a person has written; other words as they are."""
    if word in files:
        return word
    found = [name for name, title in _titles(files).items() if word.strip() in title]
    return found[0] if len(found) == 1 else word


def _titles(files: Mapping[str, Path]) -> dict[str, Text]:
    """What scenarios are called, of those whose files can be read."""
    found = {}
    for name, file in files.items():
        with suppress(Refused, KeyError, TypeError):
            title = read_yaml(file)["title"]
            found[name] = Text(str(title["zh"]), str(title["en"]))
    return found


def scenario_of(name: str, content: Mapping[str, Any], file: Path) -> Scenario:
    """The scenario that a file's content says; refuses everything wrong with it at once."""
    problems: list[Text] = []
    known = {"title", "narrative", "extends", "levers", "assumptions"}
    for key in content:
        if key not in known:
            hint = near(str(key), known)
            problems.append(
                Text(f"{file}: 不认识的条目 {key}{hint.zh}", f"{file}: unknown key {key}{hint.en}")
            )
    groups = {
        group: {
            str(key): _setting(entry, file, f"{group}.{key}", problems)
            for key, entry in mapping(content.get(group), file, group, problems).items()
        }
        for group in ("levers", "assumptions")
    }
    title = text_of(content.get("title"), file, "title", problems)
    narrative = text_of(content.get("narrative"), file, "narrative", problems)
    if problems:
        raise Refused(*problems)
    extends = content.get("extends")
    return Scenario(name, title, narrative, None if extends is None else str(extends), **groups)


def entries_of(settings: Mapping[str, Setting]) -> dict[str, Any]:
    """Settings as a scenario file holds them."""
    return {
        name: {"value": _written(setting.value), "reason": setting.reason._asdict()}
        for name, setting in settings.items()
    }


def _written(value: Level) -> Any:
    """A level as a file holds it: whole years without a point."""
    if not isinstance(value, dict):
        return value
    return {int(year) if year == int(year) else year: own for year, own in value.items()}


def _setting(entry: Any, file: Path, where: str, problems: list[Text]) -> Setting:
    entry = mapping(entry, file, where, problems)
    known_keys(entry, {"value", "reason"}, file, where, problems)
    return Setting(
        level(entry.get("value"), file, where, problems),
        text_of(entry.get("reason"), file, f"{where}.reason", problems),
    )


def _parameter(
    name: str, file: Path, role: str, entry: Any, problems: list[Text]
) -> Parameter | None:
    entry = mapping(entry, file, name, problems)
    required = ("value", "unit", "kind", "source", "reason")
    learnt = ("prior", "calibration")
    optional = ("bounds", "distribution", *learnt, "unobserved")
    known_keys(entry, {*required, *optional}, file, name, problems)
    if lacks(entry, required, file, name, problems):
        return None
    choice(entry["kind"], KINDS, file, f"{name}.kind", problems)
    if entry.keys() & set(learnt) and not entry.keys() >= {*learnt, "distribution"}:
        problems.append(
            Text(
                f"{file}: {name} 由历史估计，prior、calibration 与 distribution 须同时写明",
                f"{file}: {name} was estimated from history: prior, calibration and distribution "
                "belong together",
            )
        )
    low, high = entry.get("bounds") or (-math.inf, math.inf)
    parameter = Parameter(
        name=name,
        sector=file.stem,
        role=role,
        value=level(entry["value"], file, name, problems),
        unit=str(entry["unit"]),
        kind=str(entry["kind"]),
        source=str(entry["source"]).strip(),
        reason=str(entry["reason"]).strip(),
        bounds=(float(low), float(high)),
        distribution=entry.get("distribution"),
        prior=entry.get("prior"),
        calibration=str(entry.get("calibration") or ""),
        unobserved=tuple(entry.get("unobserved") or ()),
    )
    if not set(parameter.unobserved) <= knots(parameter.value):
        problems.append(
            Text(
                f"{file}: {name} 的 unobserved 须是 value 中的年份",
                f"{file}: {name}: what is unobserved are years of its value",
            )
        )
    problems.extend(
        Text(f"{file}: {problem.zh}", f"{file}: {problem.en}")
        for problem in out_of_bounds(parameter, parameter.value)
    )
    return parameter


def is_distribution(change: Any) -> bool:
    """Whether a user's own change of a parameter draws it anew; else it fixes it."""
    return isinstance(change, Mapping) and "kind" in change


def knots(value: Level) -> set[float]:
    """The times at which a level is given; none of a number."""
    return set(value) if isinstance(value, dict) else set()


def unit_in_text(unit: str) -> Text:
    """A unit of the parameter table behind a number; nothing for what has none."""
    behind = "" if unit == "Dmnl" else f" {unit}"
    return Text(behind.replace("Year", "年"), behind)


def out_of_bounds(parameter: Parameter, value: Level) -> list[Text]:
    """What is wrong with giving `value` to `parameter`: nothing, or that it is out of bounds."""
    low, high = parameter.bounds
    unit = unit_in_text(parameter.unit)
    values = value.values() if isinstance(value, dict) else [value]
    return [
        Text(
            f"{parameter.name} = {number:g}{unit.zh} 超出其物理范围 [{low:g}, {high:g}]",
            f"{parameter.name} = {number:g}{unit.en} is outside its physical bounds "
            f"[{low:g}, {high:g}]",
        )
        for number in values
        if not low <= number <= high
    ]
