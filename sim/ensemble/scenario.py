"""The words of an ensemble, and their files: parameters, scenarios, targets, observations."""

import itertools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sim.data import list_scenarios, read_yaml
from sim.text import Refused, Text, near

Level = float | dict[float, float]
"""A number, or a path by year: piecewise linear, flat outside its years."""

ROLES = {"levers": "lever", "assumptions": "assumption", "parameters": "parameter"}
KINDS = ("observed", "estimated", "assumed", "plan")
SENSES = ("at_least", "at_most", "about", "above", "below")
NATURES = ("expected", "binding")


@dataclass(frozen=True)
class Parameter:
    """An input of the model: what it is worth, where that comes from, how unsure it is.

    `role` says whose it is: a lever is decided by the county, an assumption by the world, a
    parameter is how the county works. `distribution` is None for what is taken as known.
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


@dataclass(frozen=True)
class Target:
    """An indicator of the plan: which variable, by when, how much, in which sense.

    `since` makes it a change: variable(year) − variable(since).
    """

    name: str
    title: Text
    clause: str
    variable: str
    year: int
    value: float
    unit: str
    sense: str
    nature: str
    band: float = 0.0
    since: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Observation:
    """One observed figure: `error` is its standard error, in the same unit."""

    variable: str
    year: float
    value: float
    unit: str
    error: float
    source: str


def read_parameters(folder: Path) -> dict[str, Parameter]:
    """The parameter table: every `<sector>.yaml` in `folder`, by parameter name."""
    table: dict[str, Parameter] = {}
    problems: list[Text] = []
    for file in sorted(folder.glob("*.yaml")):
        content = read_yaml(file)
        for group, role in ROLES.items():
            for name, entry in _mapping(content.get(group), file, group, problems).items():
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


def sector_titles(folder: Path) -> dict[str, Text]:
    """The title of every sector, by the name of its file."""
    return {
        file.stem: _text(read_yaml(file).get("title"), file, "title", [])
        for file in sorted(folder.glob("*.yaml"))
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


def unknown_scenario(name: str, names: Iterable[str], extended_by: str | None = None) -> Refused:
    """The refusal of a scenario that no folder holds."""
    hint = near(name, names)
    where = Text(f"（{extended_by} 的 extends）", f" (extended by {extended_by})")
    at = where if extended_by else Text("", "")
    return Refused(
        Text(
            f"没有名为 {name} 的情景{at.zh}{hint.zh or '；'}用 sim scenarios 查看全部情景",
            f"no scenario is called {name}{at.en}{hint.en}; `sim scenarios` lists them all",
        )
    )


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
            for key, entry in _mapping(content.get(group), file, group, problems).items()
        }
        for group in ("levers", "assumptions")
    }
    title = _text(content.get("title"), file, "title", problems)
    narrative = _text(content.get("narrative"), file, "narrative", problems)
    if problems:
        raise Refused(*problems)
    extends = content.get("extends")
    return Scenario(name, title, narrative, None if extends is None else str(extends), **groups)


def read_targets(file: Path) -> dict[str, Target]:
    """The plan's targets in `file`, by name."""
    problems: list[Text] = []
    targets = {
        str(name): _target(str(name), entry, file, problems)
        for name, entry in read_yaml(file).items()
    }
    if problems:
        raise Refused(*problems)
    return {name: target for name, target in targets.items() if target is not None}


def read_history(folder: Path) -> list[Observation]:
    """Every observation in the CSV files of `folder`."""
    import csv

    observations: list[Observation] = []
    problems: list[Text] = []
    for file in sorted(folder.glob("*.csv")):
        with file.open(encoding="utf-8-sig", newline="") as stream:
            for number, row in enumerate(csv.DictReader(stream), start=2):
                try:
                    observations.append(
                        Observation(
                            variable=row["variable"],
                            year=float(row["year"]),
                            value=float(row["value"]),
                            unit=row["unit"],
                            error=float(row["error"]),
                            source=row["source"],
                        )
                    )
                except (KeyError, TypeError, ValueError) as error:
                    problems.append(
                        Text(
                            f"{file} 第 {number} 行：缺列或数字有误（{error}）",
                            f"{file} line {number}: a column is missing or no number ({error})",
                        )
                    )
    if problems:
        raise Refused(*problems)
    return observations


def level_of(value: Any) -> Level:
    """A number, or a path by year, as YAML and the command line give it.

    Raises ValueError with a reason (`Text`) when it is neither, not finite, or out of order.
    """
    if isinstance(value, Mapping):
        if not value:
            raise ValueError(Text("路径中没有年份", "a path without years"))
        years = [number_of(year) for year in value]
        if any(late <= early for early, late in itertools.pairwise(years)):
            raise ValueError(
                Text(f"年份须从小到大：{years}", f"the years of a path must rise: {years}")
            )
        return dict(zip(years, (number_of(entry) for entry in value.values()), strict=True))
    return number_of(value)


def number_of(value: Any) -> float:
    """A finite number; raises ValueError with a reason (`Text`)."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(Text(f"应为数字，而不是 {value!r}", f"should be a number, not {value!r}"))
    try:
        number = float(value)
    except ValueError:
        raise ValueError(
            Text(f"应为数字，而不是“{value}”", f"should be a number, not {value!r}")
        ) from None
    if not math.isfinite(number):
        raise ValueError(Text(f"须为有限的数，而不是 {number}", f"must be finite, not {number}"))
    return number


def _mapping(value: Any, file: Path, where: str, problems: list[Text]) -> Mapping[Any, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        problems.append(
            Text(f"{file}: {where} 应为“名称: 内容”的形式", f"{file}: {where} should be a mapping")
        )
        return {}
    return value


def _text(value: Any, file: Path, where: str, problems: list[Text]) -> Text:
    if isinstance(value, Mapping) and {"zh", "en"} <= set(value):
        return Text(str(value["zh"]).strip(), str(value["en"]).strip())
    problems.append(
        Text(
            f"{file}: {where} 须有中英文两种写法，如 {{zh: 中文, en: English}}",
            f"{file}: {where} must be in both languages: {{zh: 中文, en: English}}",
        )
    )
    return Text("", "")


def _setting(entry: Any, file: Path, where: str, problems: list[Text]) -> Setting:
    entry = _mapping(entry, file, where, problems)
    _known(entry, {"value", "reason"}, file, where, problems)
    return Setting(
        _level(entry.get("value"), file, where, problems),
        _text(entry.get("reason"), file, f"{where}.reason", problems),
    )


def _level(value: Any, file: Path, where: str, problems: list[Text]) -> Level:
    try:
        return level_of(value)
    except ValueError as error:
        reason: Text = error.args[0]
        problems.append(Text(f"{file}: {where}：{reason.zh}", f"{file}: {where}: {reason.en}"))
        return 0.0


def _known(
    entry: Mapping[Any, Any], keys: set[str], file: Path, where: str, problems: list[Text]
) -> None:
    for key in entry:
        if key not in keys:
            hint = near(str(key), keys)
            problems.append(
                Text(
                    f"{file}: {where} 中不认识的条目 {key}{hint.zh}",
                    f"{file}: {where}: unknown key {key}{hint.en}",
                )
            )


def _missing(
    entry: Mapping[Any, Any], keys: Iterable[str], file: Path, where: str, problems: list[Text]
) -> bool:
    absent = [key for key in keys if entry.get(key) is None]
    for key in absent:
        problems.append(Text(f"{file}: {where} 缺少 {key}", f"{file}: {where} lacks {key}"))
    return bool(absent)


def _choice(
    value: Any, choices: tuple[str, ...], file: Path, where: str, problems: list[Text]
) -> None:
    if value not in choices:
        problems.append(
            Text(
                f"{file}: {where} 为 {value!r}，只能是 {'、'.join(choices)}",
                f"{file}: {where} is {value!r}; it can be {', '.join(choices)}",
            )
        )


def _parameter(
    name: str, file: Path, role: str, entry: Any, problems: list[Text]
) -> Parameter | None:
    entry = _mapping(entry, file, name, problems)
    required = ("value", "unit", "kind", "source", "reason")
    _known(entry, {*required, "bounds", "distribution"}, file, name, problems)
    if _missing(entry, required, file, name, problems):
        return None
    _choice(entry["kind"], KINDS, file, f"{name}.kind", problems)
    low, high = entry.get("bounds") or (-math.inf, math.inf)
    parameter = Parameter(
        name=name,
        sector=file.stem,
        role=role,
        value=_level(entry["value"], file, name, problems),
        unit=str(entry["unit"]),
        kind=str(entry["kind"]),
        source=str(entry["source"]).strip(),
        reason=str(entry["reason"]).strip(),
        bounds=(float(low), float(high)),
        distribution=entry.get("distribution"),
    )
    problems.extend(
        Text(f"{file}: {problem.zh}", f"{file}: {problem.en}")
        for problem in out_of_bounds(parameter, parameter.value)
    )
    return parameter


def out_of_bounds(parameter: Parameter, value: Level) -> list[Text]:
    """What is wrong with giving `value` to `parameter`: nothing, or that it is out of bounds."""
    low, high = parameter.bounds
    values = value.values() if isinstance(value, dict) else [value]
    return [
        Text(
            f"{parameter.name} = {number:g} {parameter.unit} 超出其物理范围 [{low:g}, {high:g}]",
            f"{parameter.name} = {number:g} {parameter.unit} is outside its physical bounds "
            f"[{low:g}, {high:g}]",
        )
        for number in values
        if not low <= number <= high
    ]


def _target(name: str, entry: Any, file: Path, problems: list[Text]) -> Target | None:
    entry = _mapping(entry, file, name, problems)
    required = ("title", "clause", "variable", "year", "value", "unit", "sense", "nature")
    _known(entry, {*required, "band", "since", "note"}, file, name, problems)
    if _missing(entry, required, file, name, problems):
        return None
    _choice(entry["sense"], SENSES, file, f"{name}.sense", problems)
    _choice(entry["nature"], NATURES, file, f"{name}.nature", problems)
    numbers = {
        key: _level(entry.get(key, 0), file, f"{name}.{key}", problems)
        for key in ("year", "value", "band")
    }
    if any(isinstance(number, dict) for number in numbers.values()):
        problems.append(
            Text(
                f"{file}: {name} 的年份、目标值须为数字",
                f"{file}: {name}: year and value are numbers",
            )
        )
        return None
    return Target(
        name=name,
        title=_text(entry["title"], file, f"{name}.title", problems),
        clause=str(entry["clause"]),
        variable=str(entry["variable"]),
        year=int(numbers["year"]),  # type: ignore[arg-type]
        value=float(numbers["value"]),  # type: ignore[arg-type]
        unit=str(entry["unit"]),
        sense=str(entry["sense"]),
        nature=str(entry["nature"]),
        band=float(numbers["band"]),  # type: ignore[arg-type]
        since=None if entry.get("since") is None else int(entry["since"]),
        note=str(entry.get("note") or ""),
    )
