"""What `sim sweep` may be told, checked; all that is wrong, at once."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import IntervalSweep, RangeSweep
from hydra.errors import HydraException
from omegaconf import MISSING, DictConfig

from sim.config.composition import Face
from sim.config.home import home_in
from sim.config.levels import check_level
from sim.config.overrides import CHANGES, spoken_names, thousands, without_thousands
from sim.config.reading import boolean, choice, hydra_files, integer, plain
from sim.config.settings import RunSettings, run_settings, with_posterior
from sim.ensemble.axes import (
    DESIGNS,
    FILE,
    GRID,
    OAT,
    SPREAD,
    Axis,
    Steps,
    grid,
    one_at_a_time,
    percentile_axes,
    read_points,
    spread,
)
from sim.ensemble.design import Design
from sim.ensemble.entries import number_of
from sim.ensemble.factors import Factor
from sim.ensemble.inputs import NOISE
from sim.ensemble.scenario import ROLES, Parameter, Scenario, out_of_bounds
from sim.text import Refused, Text


@dataclass
class SweepConfig:
    """The words that conf/sweep.yaml explains."""

    scenario: Any = MISSING
    levers: Any = MISSING
    assumptions: Any = MISSING
    parameters: Any = MISSING
    design: Any = MISSING
    points: Any = MISSING
    file: Any = MISSING
    percentiles: Any = MISSING
    draws: Any = MISSING
    until: Any = MISSING
    seed: Any = MISSING
    sampling: Any = MISSING
    method: Any = MISSING
    targets: Any = MISSING
    block: Any = MISSING
    workers: Any = MISSING
    engine: Any = MISSING
    confirm: Any = MISSING
    lang: Any = MISSING
    model: Any = MISSING
    figures: Any = MISSING
    output: Any = MISSING


@dataclass(frozen=True)
class SweepSettings:
    """What a sweep is to do: what it shares with a run, its axes, and the points along them."""

    run: RunSettings
    design: str
    axes: tuple[Axis, ...]
    points: Design = field(repr=False, compare=False)
    confirm: bool

    @property
    def members(self) -> int:
        """How often the model runs."""
        return self.points.size * self.run.draws


def sweep_settings(cfg: DictConfig) -> SweepSettings:
    """The settings that a composed configuration says; refuses everything wrong with it at once."""
    problems: list[Text] = []
    cfg, posterior = with_posterior(cfg, problems)
    content = plain(cfg, SweepConfig)
    entries, rest = _split(content)
    shared = {**rest, "against": None, "keep": "headline"}
    run = run_settings(shared, hydra_files(cfg), problems, posterior)
    design = choice(content, "design", DESIGNS, problems)
    axes = [
        axis
        for group, name, entry in entries
        if (axis := _axis(group, name, entry, run, problems)) is not None
    ]
    count = integer(content, "points", 1, problems)
    confirm = boolean(content, "confirm", problems)
    if not problems:
        axes, points = _points(design, axes, count, content, run, problems)
    if problems:
        raise Refused(*dict.fromkeys(problems))
    return SweepSettings(run, design, tuple(axes), points, confirm)


def expanded(overrides: Sequence[str]) -> list[str]:
    """Hydra's words in which several values of a lever are a list, or a range {range: […]}.

    A range stays one: as a list Hydra takes minutes to read a long one. Refuses what holds no
    value.
    """
    problems = list[Text]()
    found = [_expanded(override, problems) for override in overrides]
    problems += [text for override in overrides for text in _two_readings(override, overrides)]
    if problems:
        raise Refused(*problems)
    return found


def _expanded(override: str, problems: list[Text]) -> str:
    key = override.lstrip("+").partition("=")[0]
    if key.partition(".")[0] not in CHANGES:
        return override
    try:
        parsed = OverridesParser.create().parse_override(override)
    except HydraException:
        return override  # Hydra refuses it, and is explained
    if not parsed.is_sweep_override():
        return override
    swept = parsed.value()
    if isinstance(swept, IntervalSweep):
        return f"++{key}=[{swept.start},{swept.end}]"
    if isinstance(swept, RangeSweep):
        try:
            _steps([swept.start, swept.stop, swept.step])
        except ValueError as error:
            reason: Text = error.args[0]
            said = spoken_names(key)
            problems.append(Text(f"{said}：{reason.zh}", f"{said}: {reason.en}"))
        return f"++{key}={{range: [{swept.start},{swept.stop},{swept.step}]}}"
    return f"++{key}=[{','.join(str(value) for value in parsed.sweep_string_iterator())}]"


def _two_readings(override: str, overrides: Sequence[str]) -> list[Text]:
    """That 4,500 may be one level or two, where the one is within the bounds of what is set."""
    key, _, value = override.lstrip("+").partition("=")
    group, _, name = spoken_names(key).partition(".")
    if group not in ROLES or re.search(r"[^\d., ]", value) or not (joined := thousands(value)):
        return []
    parameter = home_in(overrides).table().get(name)
    if parameter is None or all(out_of_bounds(parameter, number) for number in joined):
        return []
    one, several = f"{group}.{name}={without_thousands(value)}", f"{group}.{name}=[{value}]"
    return [
        Text(
            f"{group}.{name}={value}：逗号是隔开千位，还是隔开几个值？隔开千位的请去掉：{one}；"
            f"隔开几个值的请加方括号：{several}",
            f"{group}.{name}={value}: do commas part thousands or values? Leave those of thousands "
            f"away: {one}; put values into square brackets: {several}",
        )
    ]


def _steps(entry: Any) -> Steps:
    """The values of [start, stop, step]; stop is left out."""
    if not isinstance(entry, list) or len(entry) not in (2, 3):
        raise ValueError(
            Text(
                f"range 应为 [起点, 终点, 步长]，而不是 {entry}",
                f"range should be [start, stop, step], not {entry}",
            )
        )
    start, stop, step = (number_of(number) for number in (*entry, 1)[:3])
    # a stop that is a whole number of steps away is left out, whatever the last bits say
    count = math.ceil(round((stop - start) / step, 9)) if step else 0
    if count < 1:
        text = f"range({start:g},{stop:g},{step:g})"
        raise ValueError(
            Text(
                f"{text} 一个值也没有：应为 range(起点,终点,步长)，不含终点",
                f"{text} holds no value: it is range(start,stop,step), stop left out",
            )
        )
    return Steps(start, step, count)


SWEEP = Face("sweep", SweepConfig, sweep_settings, expanded)

Entry = tuple[str, str, Any]
"""Group, name and several values of an axis."""


def _examples(run: RunSettings) -> tuple[str, str]:
    """How levels of a lever are given, each by itself and as a range: the county's cap of coal, or
    the first number of a model of one's own."""
    if run.home.county:
        return "levers.coal_cap=3500,4500,5000", "levers.coal_cap=range(3500,5001,250)"
    for parameter in run.table.values():
        if isinstance(value := parameter.value, int | float) and value:
            group = next((own for own, role in ROLES.items() if role == parameter.role), "levers")
            low, high, step = (f"{value * share:g}" for share in (0.9, 1.15, 0.1))
            name, levels = f"{group}.{parameter.name}", f"{low},{value:g},{value * 1.1:g}"
            return f"{name}={levels}", f"{name}=range({low},{high},{step})"
    return "levers.NAME=1,2,3", "levers.NAME=range(1,4,1)"


def _split(content: Mapping[str, Any]) -> tuple[list[Entry], dict[str, Any]]:
    """The axes, and the configuration without them."""
    axes, rest = list[Entry](), dict(content)
    for group in ("levers", "assumptions", "parameters"):
        if isinstance(content[group], Mapping):
            several = {n: e for n, e in content[group].items() if _is_axis(e)}
            axes += [(group, str(name), entry) for name, entry in several.items()]
            rest[group] = {n: e for n, e in content[group].items() if n not in several}
    return axes, rest


def _is_axis(entry: Any) -> bool:
    return isinstance(entry, list) or (
        isinstance(entry, Mapping) and bool({"times", "range"} & set(entry))
    )


def _axis(group: str, name: str, entry: Any, run: RunSettings, problems: list[Text]) -> Axis | None:
    where = f"{group}.{name}"
    wrong = check_level(name, group, {}, run.table)
    if wrong:
        problems += wrong
        return None
    parameter, scenario = run.table[name], run.scenarios[0]
    try:
        if isinstance(entry, Mapping) and set(entry) == {"range"}:
            axis = Axis(Factor(parameter), _steps(entry["range"]))
            problems += out_of_bounds(parameter, dict(enumerate(sorted(set(axis.ends)))))
            return axis
        if isinstance(entry, Mapping):
            return _scaled(parameter, entry, scenario, where, problems)
        values = tuple(dict.fromkeys(number_of(value) for value in entry))
        if not values:
            raise ValueError(Text("没有一个值", "there is no value"))
    except ValueError as error:
        reason: Text = error.args[0]
        problems.append(Text(f"{where}：{reason.zh}", f"{where}: {reason.en}"))
        return None
    for value in values:
        problems += out_of_bounds(parameter, value)
    return Axis(Factor(parameter), values)


def _scaled(
    parameter: Parameter,
    entry: Mapping[str, Any],
    scenario: Scenario,
    where: str,
    problems: list[Text],
) -> Axis:
    """An axis of multiples of the scenario's level: {times: [0.8, 1.2], since: 2021}."""
    unknown = sorted(set(map(str, entry)) - {"times", "since"})
    times = entry["times"] if isinstance(entry["times"], list) else [entry["times"]]
    if unknown or not times:
        raise ValueError(
            Text(
                f"应写成 {{times: [0.8, 1.2], since: 2021}}，而不是 {dict(entry)}",
                f"should be {{times: [0.8, 1.2], since: 2021}}, not {dict(entry)}",
            )
        )
    setting = scenario.settings.get(parameter.name)
    level = parameter.value if setting is None else setting.value
    values = tuple(dict.fromkeys(number_of(value) for value in times))
    levels = list(level.values()) if isinstance(level, dict) else [level]
    for value in values:
        problems += out_of_bounds(parameter, dict(enumerate(value * own for own in levels)))
    return Axis(Factor(parameter, level, number_of(entry.get("since", -1e9))), values)


def _points(
    design: str,
    axes: list[Axis],
    count: int,
    content: Mapping[str, Any],
    run: RunSettings,
    problems: list[Text],
) -> tuple[list[Axis], Design]:
    none = Design(0, lambda start, stop: np.empty((0, 0)))
    if design == FILE:
        if axes:
            problems.append(
                Text(
                    "design=file 的轴都写在 CSV 里；请去掉命令行上的多个值",
                    "with design=file all axes stand in the CSV; leave the lists away",
                )
            )
        if not content["file"]:
            problems.append(Text("design=file 需要 file=我的.csv", "design=file wants file=my.csv"))
        return read_points(Path(str(content["file"])), run.table) if not problems else (axes, none)
    if design == OAT and not axes:
        names = [
            name
            for name, parameter in run.table.items()
            if parameter.distribution and parameter.distribution["kind"] != NOISE
        ]
        percentiles = _percentiles(content["percentiles"], problems)
        axes = percentile_axes(run.table, names, percentiles, run.places)
    if not axes:
        several, many = _examples(run)
        problems.append(
            Text(
                f'没有可变的轴：如 "{several}"，或 "{many}"',
                f'there is no axis: as in "{several}", or "{many}"',
            )
        )
    single = [axis.name for axis in axes if len(axis.values) < 2]
    if single and design != GRID:
        problems.append(
            Text(
                f"design={design} 的轴至少要有两个值：{'、'.join(single)}",
                f"an axis of design={design} has at least two values: {', '.join(single)}",
            )
        )
    if problems:
        return axes, none
    if design in SPREAD:
        return axes, spread(axes, count, design, run.seed)
    return axes, grid(axes) if design == GRID else one_at_a_time(axes)


def _percentiles(content: Any, problems: list[Text]) -> tuple[float, float]:
    try:
        low, high = (number_of(end) for end in content)
        if 0 < low < high < 100:
            return low, high
    except (TypeError, ValueError):
        pass
    problems.append(
        Text(
            f"percentiles 应为 0 到 100 之间的 [下,上]，如 [5,95]，而不是 {content}",
            f"percentiles are [low,high] between 0 and 100, such as [5,95], not {content}",
        )
    )
    return 5.0, 95.0
