"""What `sim reach` may be told, checked; all that is wrong, at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from omegaconf import MISSING, DictConfig

from sim.config.composition import Face
from sim.config.home import home_in
from sim.config.levels import REFUSED, ROLE_WORDS, check_level
from sim.config.reading import hydra_files, mapping, names_of, plain, share
from sim.config.settings import RunSettings, run_settings, with_posterior
from sim.ensemble.axes import Axis
from sim.ensemble.blocks import Draws
from sim.ensemble.entries import number_of
from sim.ensemble.factors import Factor
from sim.ensemble.scenario import OPEN, Parameter, Scenario
from sim.ensemble.target import Target
from sim.text import Refused, Text

CHECKED = 4
"""Times the draws of the search, with which what it finds is checked."""
POINTS = 50
"""Points that a search asks for, about: half of them to tell which levers matter."""
EASIEST, HARDEST = 0.01, 100.0
"""Efforts between which the steps of a search are sure."""


@dataclass
class ReachConfig:
    """The words that conf/reach.yaml explains."""

    scenario: Any = MISSING
    toward: Any = MISSING
    targets: Any = MISSING
    probability: Any = MISSING
    change: Any = MISSING
    effort: Any = MISSING
    save: Any = MISSING
    levers: Any = MISSING
    assumptions: Any = MISSING
    parameters: Any = MISSING
    draws: Any = MISSING
    seed: Any = MISSING
    sampling: Any = MISSING
    method: Any = MISSING
    block: Any = MISSING
    workers: Any = MISSING
    engine: Any = MISSING
    lang: Any = MISSING
    model: Any = MISSING
    figures: Any = MISSING
    output: Any = MISSING


@dataclass(frozen=True)
class ReachSettings:
    """What is to be reached, and by what.

    `run` holds what it shares with a run: one scenario, from which levers start; all targets.
    `wanted` are those to be met, each with `probability`; `axes` the levers that may go, each from
    where the scenario has it toward where `toward` has it. A lever of which `efforts` has 2 is as
    hard to move as two others; those that it leaves out have 1.
    """

    run: RunSettings
    toward: Scenario
    wanted: tuple[Target, ...]
    probability: float
    axes: tuple[Axis, ...]
    efforts: Mapping[str, float]
    save: Path | None

    @property
    def search(self) -> RunSettings:
        """The run whose draws the search is made with: of a calibration's the first part, so that
        copies of a draw stay together."""
        if self.run.posterior is None:
            return self.run
        return self.run.with_draws(Draws(0, self._sought))

    @property
    def check(self) -> RunSettings:
        """The run with other draws, CHECKED times as many, with which what is found is checked."""
        if self.run.draws == 1:
            return self.run
        first, draws = self._sought, CHECKED * self.run.draws
        if self.run.posterior is not None:
            draws = self.run.draws - first
        other = self.run.with_draws(Draws(first, draws))
        return replace(other, seed=self.run.seed + 1)

    @property
    def processes(self) -> int:
        """The processes that search."""
        return self.search.processes_for(POINTS * self.search.draws)

    def effort(self, axis: Axis) -> float:
        """How hard a lever is to move; 1 is usual."""
        return self.efforts.get(axis.name, 1.0)

    @property
    def _sought(self) -> int:
        return -(-self.run.draws // (1 + CHECKED))


def reach_settings(cfg: DictConfig) -> ReachSettings:
    """The settings that a composed configuration says; refuses everything wrong with it at once."""
    problems: list[Text] = []
    cfg, posterior = with_posterior(cfg, problems)
    content = plain(cfg, ReachConfig)
    own = {"against": content["toward"], "keep": "headline", "store": "none"}
    own |= {"until": "", "targets": content["targets"] or "all"}
    run = run_settings({**content, **own}, hydra_files(cfg), problems, posterior)
    if not content["targets"]:
        problems.append(_unasked(run.targets))
    problems += [
        Text(f"{target.name} 只是观察指标，没有要达到的值", f"{target.name} is watched, not wanted")
        for target in run.targets
        if not target.judged
    ]
    probability = _probability(content["probability"], problems)
    scenario, toward = (run.scenarios * 2)[:2]
    known = not any(REFUSED in (content[key] or ()) for key in ("scenario", "toward"))
    axes = _axes(content["change"], scenario, toward, run.table, problems) if known else ()
    efforts = _efforts(content["effort"], axes, run.table, problems)
    save = _file(str(content["save"] or ""), problems)
    if problems:
        raise Refused(*dict.fromkeys(problems))
    everything = tuple(target for target in run.home.targets()[0].values() if target.judged)
    all_of_it = replace(run, scenarios=(scenario,), targets=everything)
    return ReachSettings(all_of_it, toward, run.targets, probability, axes, efforts, save)


def with_limits(words: Sequence[str]) -> list[str]:
    """The words; refuses those of another model than the county's that name no limits."""
    if not home_in(words).county and not any("toward=" in word for word in words):
        raise Refused(
            Text(
                "自己的模型没有 all_levers_at_limit 情景：请在 scenarios/ 中写一个把各项手段"
                "用到极限的情景，再用 toward=情景 指定",
                "a model of one's own has no scenario all_levers_at_limit: write one into "
                "scenarios/ in which all levers are at their limits, and name it with toward=",
            )
        )
    return list(words)


REACH = Face("reach", ReachConfig, reach_settings, with_limits)


def _unasked(there: Sequence[Target]) -> Text:
    listed = [(target.name, target.title) for target in there if target.judged]
    if not listed:
        return Text(
            "模型旁没有 targets.yaml，没有可以达到的目标；写法见 sim model check 模型文件",
            "there is no targets.yaml beside the model, and so no target; sim model check FILE "
            "shows how targets are written",
        )
    zh = "、".join(f"{name}（{title.zh}）" for name, title in listed)
    en = ", ".join(f"{name} ({title.en})" for name, title in listed)
    return Text(
        f"请写明要达到哪些目标，如 sim reach targets=urbanisation probability=0.5。可选：{zh}",
        "say which targets are to be met, as in sim reach targets=urbanisation probability=0.5. "
        f"There are: {en}",
    )


def _probability(content: Any, problems: list[Text]) -> float:
    known = len(problems)
    found = share(content, "probability", problems)
    if found == 0 and len(problems) == known:
        problems.append(Text("probability 应大于 0，如 0.8", "probability is above 0, such as 0.8"))
    return found


def _axes(
    content: Any,
    scenario: Scenario,
    toward: Scenario,
    table: Mapping[str, Parameter],
    problems: list[Text],
) -> tuple[Axis, ...]:
    """The levers that may be changed, of those that the two scenarios have differently."""
    names = list(toward.levers) if content == "all" else names_of(content, "change", problems)
    unknown = [problem for name in names for problem in check_level(name, "levers", {}, table)]
    if unknown:
        problems += unknown
        return ()

    def level(one: Scenario, name: str) -> Any:
        return one.levers[name].value if name in one.levers else table[name].value

    differ = [name for name in names if level(scenario, name) != level(toward, name)]
    same = [name for name in names if name not in differ]
    if same and content != "all":
        problems.append(
            Text(
                f"{'、'.join(same)} 在情景 {scenario.name} 与 {toward.name} 中相同，无从改变；"
                "请用 toward=情景 另给一个取值不同的情景",
                f"{', '.join(same)}: {scenario.name} and {toward.name} have the same levels; name "
                "another scenario with toward=",
            )
        )
    elif not differ:
        problems.append(
            Text(
                f"情景 {scenario.name} 与 {toward.name} 的政策手段完全相同，无从改变；"
                "请用 toward=情景 另给一个",
                f"{scenario.name} and {toward.name} have the same levers: there is nothing to "
                "change; name another scenario with toward=",
            )
        )
    return tuple(
        Axis(Factor(table[name], level(scenario, name), toward=level(toward, name)), (0.0, 1.0))
        for name in differ
    )


def _efforts(
    content: Any, axes: Sequence[Axis], table: Mapping[str, Parameter], problems: list[Text]
) -> dict[str, float]:
    """The efforts that are given, by lever."""
    found, may_go = dict[str, float](), {axis.name for axis in axes}
    for key, entry in mapping(content, "effort", problems).items():
        name = str(key)
        if name in table and table[name].role not in ("lever", OPEN):
            role = ROLE_WORDS[table[name].role]
            problems.append(
                Text(
                    f"effort.{name}：{name} 属于{role.zh}，只有政策手段才有难度",
                    f"effort.{name}: of the kind “{role.en}”; levers alone have an effort",
                )
            )
        elif wrong := check_level(name, "levers", {}, table):
            problems += wrong
        elif axes and name not in may_go:
            problems.append(
                Text(
                    f"effort.{name}：这项手段不在可动之列（见 change=、toward=）",
                    f"effort.{name}: this lever is not among those that may be changed (see "
                    "change=, toward=)",
                )
            )
        try:
            found[name] = number_of(entry)
        except ValueError as error:
            reason: Text = error.args[0]
            problems.append(Text(f"effort.{name}：{reason.zh}", f"effort.{name}: {reason.en}"))
            continue
        if not EASIEST <= found[name] <= HARDEST:
            problems.append(
                Text(
                    f"effort.{name} 应在 {EASIEST:g} 到 {HARDEST:g} 之间（1 为一般，2 为难动一倍）"
                    f"，而不是 {entry}；完全不动的手段请不要列入 change=",
                    f"effort.{name} is between {EASIEST:g} and {HARDEST:g} (1 is usual, 2 twice as "
                    f"hard), not {entry}; a lever that is not to move is left out of change=",
                )
            )
    return found


def _file(name: str, problems: list[Text]) -> Path | None:
    """Where the scenario that is found is to go."""
    if name and not name.isidentifier():
        problems.append(
            Text(
                f"save={name}：名称只能由文字、数字和下划线组成",
                f"save={name}: a name is made of letters, digits and underscores",
            )
        )
    return Path("scenarios") / f"{name}.yaml" if name else None


def refuse_taken(settings: ReachSettings) -> None:
    """Refuses a name for the scenario that is taken; a result that has been saved under it may
    still be looked at."""
    file = settings.save
    if file is not None and file.exists():
        raise Refused(
            Text(f"{file} 已经存在；请换一个名称", f"{file} is there already; choose another name")
        )
