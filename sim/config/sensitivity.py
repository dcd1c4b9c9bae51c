"""What `sim sensitivity` may be told, checked; all that is wrong, at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from omegaconf import MISSING, DictConfig

from sim.analysis.sensitivity.methods import METHODS, Method
from sim.config.composition import Face
from sim.config.levels import ROLE_WORDS
from sim.config.reading import boolean, choice, hydra_files, integer, mapping, names_of, plain
from sim.config.settings import RunSettings, as_run, run_settings, with_posterior
from sim.ensemble.entries import number_of
from sim.ensemble.factors import Factor, ranged
from sim.ensemble.scenario import Level, Parameter, Scenario
from sim.text import Refused, Text, near

GROUPINGS = ("none", "sector", "role")


@dataclass
class SensitivityConfig:
    """The words that conf/sensitivity.yaml explains."""

    scenario: Any = MISSING
    levers: Any = MISSING
    assumptions: Any = MISSING
    parameters: Any = MISSING
    method: Any = MISSING
    base: Any = MISSING
    draws: Any = ""
    about: Any = MISSING
    uncertain: Any = MISSING
    factors: Any = MISSING
    groups: Any = MISSING
    second_order: Any = MISSING
    by_year: Any = MISSING
    targets: Any = MISSING
    seed: Any = MISSING
    integrator: Any = MISSING
    block: Any = MISSING
    workers: Any = MISSING
    engine: Any = MISSING
    confirm: Any = MISSING
    lang: Any = MISSING
    model: Any = MISSING
    figures: Any = MISSING
    output: Any = MISSING


@dataclass(frozen=True)
class SensitivitySettings:
    """What a study of sensitivity is to do.

    `run` holds what it shares with a run: one scenario, targets, seed, output. `uncertain` is
    "all" or the names of the uncertain parameters that vary; the others stay at their values.
    `factors` are the levers and assumptions that vary.
    """

    run: RunSettings
    method: Method
    base: int
    about: str
    uncertain: str | tuple[str, ...]
    factors: tuple[Factor, ...]
    groups: str | Mapping[str, tuple[str, ...]]
    second_order: bool
    by_year: bool
    confirm: bool


def sensitivity_settings(cfg: DictConfig) -> SensitivitySettings:
    """The settings that a composed configuration says; refuses everything wrong with it at once."""
    problems: list[Text] = []
    cfg, posterior = with_posterior(cfg, problems)
    content = plain(cfg, SensitivityConfig)
    shared = as_run({**content, "draws": 1})
    run = run_settings(shared, hydra_files(cfg), problems, posterior)
    name = choice(content, "method", METHODS, problems)
    method = METHODS.get(name, METHODS["sobol"])
    problems += _of_draws(content, method, posterior is not None)
    if posterior is not None:
        content["base"] = posterior.draws
    content = {key: _suited(key, value, method) for key, value in content.items()}
    settings = SensitivitySettings(
        run=run,
        method=method,
        base=integer(content, "base", 2, problems),
        about=_about(content, method, problems),
        uncertain=_uncertain(content["uncertain"], run.table, problems),
        factors=tuple(ranges(content["factors"], run, problems)),
        groups=_groups(content["groups"], problems),
        second_order=boolean(content, "second_order", problems),
        by_year=boolean(content, "by_year", problems),
        confirm=boolean(content, "confirm", problems),
    )
    problems += _cannot(settings)
    if problems:
        raise Refused(*dict.fromkeys(problems))
    return settings


SENSITIVITY = Face("sensitivity", SensitivityConfig, sensitivity_settings)


def _suited(key: str, value: Any, method: Method) -> Any:
    """The value of `key`; where it is "auto", what suits the method."""
    suits = {"base": method.base, "about": method.about[0], "by_year": method.by_time}
    return suits[key] if value == "auto" and key in suits else value


def _of_draws(content: Mapping[str, Any], method: Method, calibrated: bool) -> list[Text]:
    """Why the draws that are asked for cannot be the sample."""
    if not calibrated:
        if (given := content["draws"]) in ("", None):
            return []
        return [
            Text(
                f"draws 只能是 calibrated 或 sim calibrate 的结果文件夹，而不是 {given}；"
                f"样本多大用 base={given} 指定",
                f"draws is calibrated, or a folder of sim calibrate, not {given}; how large the "
                f"sample is says base={given}",
            )
        ]
    problems = list[Text]()
    if content["base"] != "auto":
        problems.append(
            Text(
                "校准的抽样次数已定，base 不能改变；请去掉 base，或改变 members 重新运行 "
                "sim calibrate",
                "a calibration has the draws it has, base= cannot change that; leave base= out, "
                "or run sim calibrate with other members",
            )
        )
    if method.independent:
        others = [other.name for other in METHODS.values() if not other.independent]
        problems.append(
            Text(
                f"方法 {method.name} 要求各因素相互独立，而校准得到的抽样彼此关联；请改用 "
                f"method={others[0]}（或 {'、'.join(others[1:])}），或去掉 draws",
                f"method {method.name} wants factors that are independent, and calibrated draws "
                f"hang together; take method={others[0]} (or {', '.join(others[1:])}), or leave "
                "draws= out",
            )
        )
    return problems


def _about(content: Mapping[str, Any], method: Method, problems: list[Text]) -> str:
    about = choice(content, "about", ("value", "shortfall", "attainment"), problems)
    if about in ("value", "shortfall", "attainment") and about not in method.about:
        others = [other.name for other in METHODS.values() if about in other.about]
        problems.append(
            Text(
                f"方法 {method.name} 不能回答 about={about}，只能是 {'、'.join(method.about)}；"
                f"可用的方法：{'、'.join(others)}",
                f"method {method.name} cannot be asked about={about}, only "
                f"{', '.join(method.about)}; methods that can: {', '.join(others)}",
            )
        )
    return about


def _uncertain(
    content: Any, table: Mapping[str, Parameter], problems: list[Text]
) -> str | tuple[str, ...]:
    if content == "all":
        return "all"
    if content in ("none", []):
        return ()
    names = names_of(content, "uncertain", problems)
    drawn = [name for name, parameter in table.items() if parameter.distribution]
    for name in names:
        if name in table and name not in drawn:
            problems.append(
                Text(
                    f"{name} 没有分布，不能随机变动；给出范围：factors.{name}=[下限,上限]，"
                    f"或分布：parameters.{name}={{kind: uniform, low: …, high: …}}",
                    f"{name} has no distribution to vary by; for a lever or assumption give "
                    f"factors.{name}=[low,high], for a parameter "
                    f"parameters.{name}={{kind: uniform, low: …, high: …}}",
                )
            )
        elif name not in table:
            hint = near(name, drawn)
            problems.append(
                Text(f"没有名为 {name} 的参数{hint.zh}", f"no parameter is called {name}{hint.en}")
            )
    return tuple(names)


def _groups(content: Any, problems: list[Text]) -> str | dict[str, tuple[str, ...]]:
    if isinstance(content, Mapping):
        return {
            str(name): tuple(names_of(members, f"groups.{name}", problems))
            for name, members in content.items()
        }
    return choice({"groups": content}, "groups", GROUPINGS, problems)


def _cannot(settings: SensitivitySettings) -> list[Text]:
    """What the chosen method cannot do."""
    name, problems = settings.method.name, list[Text]()
    if settings.second_order and name != "sobol":
        problems.append(
            Text(
                f"second_order=true 只用于 method=sobol，而不是 {name}",
                f"second_order=true goes with method=sobol, not {name}",
            )
        )
    if settings.groups != "none" and not settings.method.grouped:
        grouped = [method.name for method in METHODS.values() if method.grouped]
        problems.append(
            Text(
                f"方法 {name} 不能分组；可用 groups 的方法：{'、'.join(grouped)}",
                f"method {name} knows no groups; methods that do: {', '.join(grouped)}",
            )
        )
    return problems


def ranges(content: Any, run: RunSettings, problems: list[Text]) -> list[Factor]:
    """The levers and assumptions that are to vary, each with its range."""
    found = []
    for key, entry in mapping(content, "factors", problems).items():
        name = str(key)
        parameter = run.table.get(name)
        if parameter is None or parameter.role == "parameter":
            problems.append(_no_factor(name, parameter, run.table))
            continue
        try:
            found.append(_ranged(parameter, entry, run.scenarios[0]))
        except ValueError as error:
            reason: Text = error.args[0]
            problems.append(Text(f"factors.{name}：{reason.zh}", f"factors.{name}: {reason.en}"))
    return found


def _no_factor(name: str, parameter: Parameter | None, table: Mapping[str, Parameter]) -> Text:
    if parameter is not None:
        return Text(
            f"factors.{name}：这是{ROLE_WORDS['parameter'].zh}，其分布写在 parameters.{name} 下",
            f"factors.{name}: a parameter; its distribution goes under parameters.{name}",
        )
    hint = near(name, [other for other, p in table.items() if p.role != "parameter"])
    return Text(
        f"没有名为 {name} 的政策手段或外部假设{hint.zh}",
        f"no lever or assumption is called {name}{hint.en}",
    )


def _ranged(parameter: Parameter, entry: Any, scenario: Scenario) -> Factor:
    """A factor from `[low, high]`, or `{times: [low, high], since: year}`."""
    setting = scenario.settings.get(parameter.name)
    level: Level = parameter.value if setting is None else setting.value
    if isinstance(entry, Mapping) and "times" in entry and set(entry) <= {"times", "since"}:
        low, high = _ends(entry["times"])
        since = number_of(entry.get("since", -1e9))
        _within(parameter, [end * value for end in (low, high) for value in _levels(level)])
        return ranged(parameter, low, high, level, since)
    low, high = _ends(entry)
    if isinstance(level, dict):
        raise ValueError(
            Text(
                f"{parameter.name} 是逐年路径；请给出倍数："
                f"factors.{parameter.name}={{times: [0.8, 1.2], since: 2021}}",
                "it is a path by year; give multiples of it: "
                f"factors.{parameter.name}={{times: [0.8, 1.2], since: 2021}}",
            )
        )
    _within(parameter, [low, high])
    return ranged(parameter, low, high)


def _levels(level: Level) -> Sequence[float]:
    return list(level.values()) if isinstance(level, dict) else [level]


def _ends(entry: Any) -> tuple[float, float]:
    if not isinstance(entry, Sequence) or isinstance(entry, str) or len(entry) != 2:
        raise ValueError(
            Text(
                f"应为 [下限, 上限] 或 {{times: [0.8, 1.2], since: 2021}}，而不是 {entry!r}",
                f"should be [low, high] or {{times: [0.8, 1.2], since: 2021}}, not {entry!r}",
            )
        )
    low, high = (number_of(end) for end in entry)
    if not low < high:
        raise ValueError(
            Text(f"下限 {low:g} 须小于上限 {high:g}", f"{low:g} must be below {high:g}")
        )
    return low, high


def _within(parameter: Parameter, reached: Sequence[float]) -> None:
    low, high = parameter.bounds
    if min(reached) < low or max(reached) > high:
        raise ValueError(
            Text(
                f"会达到 {min(reached):g} 至 {max(reached):g}，超出物理范围 [{low:g}, {high:g}] "
                f"{parameter.unit}",
                f"it would reach {min(reached):g} to {max(reached):g}, outside the physical bounds "
                f"[{low:g}, {high:g}] {parameter.unit}",
            )
        )
