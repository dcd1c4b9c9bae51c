"""`sim check`: does the county's model hold together, part by part.

county ─▶ units, parameters, targets, scenarios, loops, history, reality ─▶ findings ─▶ lines
"""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sim import data
from sim.analysis.audit import audit_parameters, audit_scenario, audit_targets
from sim.commands.columns import show
from sim.config.home import home_of
from sim.engine.cache import load_model
from sim.engine.dimensions import wrong_units
from sim.engine.integrate import clock_of
from sim.engine.model import Model
from sim.ensemble.plan import read_plan
from sim.ensemble.scenario import Parameter, Scenario, read_scenario
from sim.ensemble.target import read_targets
from sim.text import Refused, Text, near

HOLDS, HOLDS_NOT = 0, 1
"""The exit statuses."""
BASELINE = "baseline"
LEAST_DRAWS = 100
OUTPUT = Path("outputs/check")


@dataclass(frozen=True)
class Finding:
    """What a part found: one line that sums it up, what is wrong, and what is worth seeing."""

    summary: Text
    problems: tuple[Text, ...] = ()
    details: tuple[Text, ...] = ()


@dataclass(frozen=True)
class County:
    """What the parts look at, read when it is first asked for; and how many worlds to sample."""

    draws: int
    seed: int
    lang: str

    @cached_property
    def model(self) -> Model:
        return load_model(data.model_file())

    @cached_property
    def table(self) -> dict[str, Parameter]:
        return home_of("").table()

    @cached_property
    def baseline(self) -> Scenario:
        return read_scenario(BASELINE, data.scenario_folders())


def main(arguments: Sequence[str], lang: str) -> int:
    """Checks the parts that are named, or all; prints what it finds; 0 where all holds."""
    parts, draws, seed = understood(arguments)
    county = County(draws, seed, lang)
    began = time.perf_counter()
    said: set[Text] = set()
    failed = []
    for part in parts:
        finding = found(part, county)
        show(report(part, finding, said, lang))
        sys.stdout.flush()
        said |= set(finding.problems)
        failed += [part] if finding.problems else []
    print(f"\n{conclusion(failed, time.perf_counter() - began).of(lang)}")
    return HOLDS_NOT if failed else HOLDS


def understood(arguments: Sequence[str]) -> tuple[list[str], int, int]:
    """The parts to check, in their order, the draws and the seed; refuses all other words."""
    numbers = {"draws": 1000, "seed": 1}
    least = {"draws": LEAST_DRAWS, "seed": 0}
    parts: list[str] = []
    problems: list[Text] = []
    for argument in arguments:
        key, equals, value = argument.partition("=")
        if equals and key in numbers:
            if value.isdecimal() and int(value) >= least[key]:
                numbers[key] = int(value)
            else:
                problems.append(
                    Text(
                        f"{key} 应为不小于 {least[key]} 的整数，而不是 {value}",
                        f"{key} should be a whole number of at least {least[key]}, not {value}",
                    )
                )
        elif argument in PARTS:
            parts.append(argument)
        else:
            problems.append(_unknown(argument))
    if problems:
        raise Refused(*problems)
    return [part for part in PARTS if part in parts or not parts], numbers["draws"], numbers["seed"]


def _unknown(argument: str) -> Text:
    hint = near(argument, [*PARTS, "draws=1000", "seed=1"])
    file = argument.removeprefix("model=")
    if Path(file).is_file():
        hint = Text(
            f'；核对自己的模型请用 sim model check "{file}"',
            f'; a model that is not the county\'s is checked by `sim model check "{file}"`',
        )
    names = ", ".join(PARTS)
    return Text(
        f"看不懂 sim check {argument}{hint.zh or f'；可以核对：{names}'}",
        f"`sim check {argument}` is not understood{hint.en or f'; there are {names}'}",
    )


def found(part: str, county: County) -> Finding:
    """What one part finds; files that cannot be read at all are problems too."""
    try:
        return PARTS[part][1](county)
    except Refused as refusal:
        return Finding(Text("无法核对", "cannot be checked"), tuple(refusal.problems))


def report(part: str, finding: Finding, said: set[Text], lang: str) -> list[str]:
    """The lines on one part; problems that an earlier part has shown are not shown again."""
    count = len(finding.problems)
    verdict = Text("通过", "holds")
    if count:
        verdict = Text(f"未通过（{count} 处）", f"FAILS ({count})")
    title = PARTS[part][0]
    colon = Text("：", ": ").of(lang)
    lines = [f"{title.of(lang)} ({part}) {verdict.of(lang)}{colon}{finding.summary.of(lang)}"]
    fresh = [problem for problem in finding.problems if problem not in said]
    if len(fresh) < len(finding.problems):
        lines.append(Text("  （见上面的错误）", "  (for the mistakes shown above)").of(lang))
    for text in [*finding.details, *fresh]:
        lines += [f"  {line}" for line in text.of(lang).splitlines()]
    return lines


def conclusion(failed: Sequence[str], seconds: float) -> Text:
    """The last line."""
    took = Text(f"用时 {seconds:.0f} 秒", f"in {seconds:.0f} seconds")
    if not failed:
        return Text(f"全部通过，{took.zh}。", f"All holds, {took.en}.")
    names = "、".join(PARTS[part][0].zh for part in failed)
    return Text(f"未通过：{names}；{took.zh}。", f"Does not hold: {', '.join(failed)}; {took.en}.")


def check_units(county: County) -> Finding:
    """Every equation is consistent in its units."""
    equations = sum(not variable.owner for variable in county.model.variables.values())
    return Finding(
        Text(f"{equations} 个变量的方程", f"equations of {equations} variables"),
        tuple(wrong_units(county.model)),
    )


def check_parameters(county: County) -> Finding:
    """Every input has its entry, with source, reason, and a value that fits."""
    drawn = sum(parameter.distribution is not None for parameter in county.table.values())
    count = len(county.table)
    return Finding(
        Text(
            f"{count} 项，其中 {drawn} 项带分布",
            f"{count} entries, {drawn} of them with a distribution",
        ),
        tuple(audit_parameters(county.table, county.model)),
    )


def check_targets(county: County) -> Finding:
    """Every indicator of the plan is simulated, or is listed with the reason why not."""
    targets = read_targets(data.targets_file())
    plan = read_plan(data.conf_folder() / "plan.csv")
    years = list(clock_of(county.model).saved)
    return Finding(
        Text(
            f"规划指标 {len(plan)} 项：有模拟 {len(targets.simulated)} 项，"
            f"未模拟 {len(targets.tracked)} 项",
            f"{len(plan)} indicators of the plan: {len(targets.simulated)} simulated, "
            f"{len(targets.tracked)} not",
        ),
        tuple(audit_targets(targets, plan, county.model, years)),
    )


def check_scenarios(county: County) -> Finding:
    """Every scenario file can be read, fits the table, and says something of its own."""
    names = data.list_scenarios(data.scenario_folders())
    problems: list[Text] = []
    table, baseline = county.table, county.baseline
    for name in names:
        try:
            scenario = read_scenario(name, data.scenario_folders())
        except Refused as refusal:
            problems += refusal.problems
            continue
        problems += audit_scenario(scenario, None if name == BASELINE else baseline, table)
    return Finding(
        Text(f"{len(names)} 个", f"{len(names)} of them"),
        tuple(dict.fromkeys(problems)),
    )


def check_loops(county: County) -> Finding:
    """Every named feedback loop is in the equations, with its polarity."""
    from sim.commands.check_loops import loops_finding

    return loops_finding(county)


def check_history(county: County) -> Finding:
    """The baseline against every observed point."""
    from sim.commands.check_history import history_finding

    return history_finding(county)


def check_reality(county: County) -> Finding:
    """What must hold in every sampled world."""
    from sim.commands.check_reality import reality_finding

    return reality_finding(county)


PARTS: dict[str, tuple[Text, Callable[[County], Finding]]] = {
    "units": (Text("单位", "units"), check_units),
    "parameters": (Text("参数", "parameters"), check_parameters),
    "targets": (Text("目标", "targets"), check_targets),
    "scenarios": (Text("情景", "scenarios"), check_scenarios),
    "loops": (Text("回路", "loops"), check_loops),
    "history": (Text("历史", "history"), check_history),
    "reality": (Text("现实", "reality"), check_reality),
}
