"""What it would take, in words and tables: terminal, Markdown, CSV, and a scenario file."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import xarray as xr
import yaml

from sim.analysis.attainment import standard_error
from sim.ensemble.factors import between
from sim.ensemble.inputs import at_years
from sim.ensemble.scenario import Level, Scenario, entries_of
from sim.ensemble.target import Target
from sim.report.numbers import decimals, exact, quantity, share
from sim.report.rows import (
    approximations,
    calibrated_sentences,
    failed_sentences,
    skill_sentences,
    sound_members,
    target_rows,
)
from sim.report.summary import changes, markdown_table, targets_markdown
from sim.report.words import target_name, when, with_unit
from sim.text import Text

if TYPE_CHECKING:
    from rich.console import Console

WORDS = {
    "title": Text("达到目标需要做什么：{scenario}", "What it would take: {scenario}"),
    "asked": Text(
        "要求：{targets}的达标概率不低于 {odds}；手段从“{start}”出发，至多用到“{toward}”。",
        "Wanted: {targets} with a probability of at least {odds}; levers start from “{start}” and "
        "go no farther than “{toward}”.",
    ),
    "nothing": Text(
        "不需要改变：在“{start}”中，{odds}。", "Nothing: in “{start}” it is {odds} already."
    ),
    "found": Text(
        "动下列手段即可，各到所示的力度：{odds}（原为 {before}）。",
        "Enough is what is listed below, each lever as far as is shown: {odds} (before: {before}).",
    ),
    "short": Text(
        "在这些手段的范围内达不到。最接近的一组如下：{odds}（原为 {before}）；全部手段一齐用足则是"
        "{limit}。其余取决于外部条件和不确定因素，可用 sim sensitivity targets={names} 查看，"
        "或用 toward= 给出更大的范围。",
        "These levers cannot do it. What comes nearest is below: {odds} (before: {before}); with "
        "all levers at their limits at one time it is {limit}. The rest hangs on the world and on "
        "what is uncertain: see sim sensitivity targets={names}, or give wider limits with toward=",
    ),
    "just_short": Text(
        "检验所用的另一组抽样给出的概率略低于要求，相差在抽样误差之内；加大 draws 可以更准。",
        "The draws of the check put it a little below what is wanted, within their error; more "
        "draws= would tell more closely.",
    ),
    "lever": Text("政策手段", "Lever"),
    "way": Text("力度", "How far"),
    "effort": Text("难度", "Effort"),
    "when": Text("年份", "Year"),
    "change": Text("改变（变化最大的年份）", "Change, in the year in which it is largest"),
    "alone": Text("单独用足时：{target}", "Alone at its limit: {target}"),
    "levers": Text("需要的手段", "The levers"),
    "changed": Text("其他目标", "Other targets"),
    "odds": Text("全部目标的达标概率", "The odds of all targets"),
    "method": Text("方法", "Method"),
    "how": Text(
        "力度是从“{start}”到“{toward}”的路程，100% 即用足；各项力度之和最小的一组由机会约束规划求得"
        "（{draws} 次抽样，随机种子 {seed}，逐次线性规划；搜索时以高出要求一个标准误为准）。"
        "达标概率用另外 {checked} 次抽样检验，“±”是标准误。{starts}解未必唯一，也未必是全局最小；"
        "费用和可行性没有计入，除非模型中有。",
        "How far is the way from “{start}” to “{toward}”, of which 100% is all; the least sum of "
        "the ways is found by chance-constrained programming ({draws} draws, seed {seed}, linear "
        "programmes one after another; the search aims one standard error above what is wanted). "
        "The odds are checked with another {checked} draws, ± is their standard error. "
        "{starts}There may be other solutions, even smaller ones; what levers cost, and whether "
        "they can be had, "
        "counts only as far as the model has it.",
    ),
    "agreed": Text(
        "从 {starts} 个起点搜索，都得到这一组。",
        "The search began at {starts} points, and all led to this. ",
    ),
    "some_agreed": Text(
        "从 {starts} 个起点搜索，{agreed} 个得到这一组，其余的要动得更多或达不到。",
        "The search began at {starts} points, of which {agreed} led to this, the rest to more, or "
        "short of what is wanted. ",
    ),
    "efforts": Text(
        "难度由使用者给定：{efforts}；其余手段为 1。求的是“力度×难度”之和最小；难度只是相对的难易，"
        "不是费用。",
        "Efforts are the user's own: {efforts}; of the other levers 1. Least is the sum of ways "
        "times efforts; an effort says how hard a lever is to move beside the others, not what it "
        "costs.",
    ),
    "saved_as": Text(
        "情景已存为 {file}；运行：sim run scenario={name}",
        "The scenario is in {file}; to run it: sim run scenario={name}",
    ),
    "save": Text(
        "加 save=名称 可把这个情景存入 scenarios/，供 sim run、sim report 使用。",
        "Add save=NAME to put this scenario into scenarios/, for sim run and sim report.",
    ),
    "saved": Text("结果保存在：{folder}", "Results are in: {folder}"),
    "comma": Text("、", ", "),
    "semicolon": Text("；", "; "),
}


class Way(Protocol):
    """How far a lever goes: see `sim.commands.reaching.Way`."""

    @property
    def axis(self) -> Any: ...
    @property
    def share(self) -> float: ...
    @property
    def effort(self) -> float: ...
    @property
    def alone(self) -> tuple[float, ...]: ...
    @property
    def label(self) -> Text: ...
    @property
    def unit(self) -> str: ...


class Sought(Protocol):
    """What a search ends with: see `sim.commands.reaching.Sought`."""

    @property
    def starts(self) -> int: ...
    @property
    def agreed(self) -> int: ...


class Reached(Protocol):
    """What is told: see `sim.commands.reaching.Reached`."""

    @property
    def settings(self) -> Any: ...
    @property
    def sought(self) -> Sought: ...
    @property
    def ways(self) -> Sequence[Way]: ...
    @property
    def met(self) -> bool: ...
    @property
    def limit(self) -> tuple[float, ...]: ...
    @property
    def scenario(self) -> Scenario: ...
    @property
    def base(self) -> Scenario: ...
    @property
    def labels(self) -> Mapping[str, Text]: ...
    @property
    def attainment(self) -> xr.Dataset: ...
    @property
    def along(self) -> xr.Dataset: ...
    @property
    def gone(self) -> float: ...


def say(word: str, lang: str, **facts: object) -> str:
    """One of `WORDS`, with facts put in."""
    return WORDS[word].of(lang).format(**facts)


def wanted_names(found: Reached, lang: str) -> list[str]:
    """What the wanted targets are called."""
    wanted: Sequence[Target] = found.settings.wanted
    return [target_name(one.title.of(lang), one.year, lang, one.time_unit) for one in wanted]


def _places(found: Reached) -> list[int]:
    """Where the wanted targets stand in the table of all."""
    names = list(found.attainment["target"].values)
    return [names.index(target.name) for target in found.settings.wanted]


def _checked(found: Reached, scenario: int, lang: str) -> str:
    """The odds of the wanted targets in a scenario of the table: the one found, or the first."""
    rows = target_rows(found.attainment, lang)
    return _listed(found, [rows[place].probabilities[scenario] for place in _places(found)], lang)


def _listed(found: Reached, odds: Sequence[str], lang: str) -> str:
    """The odds of the wanted targets, each after its name where there are several."""
    if len(odds) == 1:
        return odds[0]
    pairs = zip(wanted_names(found, lang), odds, strict=True)
    return say("semicolon", lang).join(f"{name} {chance}" for name, chance in pairs)


def _searched(found: Reached, odds: float) -> str:
    """A probability in the draws of the search, with its standard error."""
    search = found.settings.search
    worth = round(search.draws * search.independent)
    return share(odds, float(standard_error(odds, worth)), worth)


def sentences(found: Reached, lang: str) -> list[str]:
    """What was asked and what was found, in plain sentences made from the numbers."""
    settings = found.settings
    start, names = settings.run.scenarios[0].title.of(lang), wanted_names(found, lang)
    asked = say(
        "asked",
        lang,
        targets=say("comma", lang).join(names),
        odds=f"{settings.probability:.0%}",
        start=start,
        toward=settings.toward.title.of(lang),
    )
    facts = {"odds": _checked(found, 0, lang), "before": _checked(found, 1, lang)}
    if not found.met:
        limit = _listed(found, [_searched(found, odds) for odds in found.limit], lang)
        own = ",".join(target.name for target in settings.wanted)
        return [asked, say("short", lang, **facts, limit=limit, names=own)]
    if not found.ways:
        return [asked, say("nothing", lang, start=start, odds=facts["before"])]
    said = [asked, say("found", lang, **facts)]
    odds = found.attainment["probability"].values[0, _places(found)]
    return said if (odds >= settings.probability).all() else [*said, say("just_short", lang)]


def lever_rows(found: Reached, lang: str) -> list[tuple[str, ...]]:
    """Lever, how far, its effort where some are given, year, change there, and what it does alone
    to each wanted target."""
    rows = []
    for way in found.ways:
        year, before, after = _largest(way)
        digits = decimals([before, after])
        levels = " → ".join(quantity(level, digits) for level in (before, after))
        rows.append(
            (
                way.label.of(lang) or way.axis.name,
                f"{way.share:.0%}",
                *([exact(way.effort)] if found.settings.efforts else []),
                when(year, found.settings.wanted[0].time_unit, lang) if year is not None else "—",
                with_unit(levels, way.unit, lang),
                *(_searched(found, odds) for odds in way.alone),
            )
        )
    return rows


def _largest(way: Way) -> tuple[int | None, float, float]:
    """The year in which a lever is changed most, and its levels before and after."""
    factor = way.axis.factor
    after: Level = between(factor.scales, factor.toward, way.share)
    if not isinstance(after, dict):
        return None, float(factor.scales), after
    years = np.array(list(after))
    levels = at_years(factor.scales, years)
    place = int(np.argmax(np.abs(np.array(list(after.values())) - levels)))
    return int(years[place]), float(levels[place]), list(after.values())[place]


def lever_heads(found: Reached, lang: str) -> list[str]:
    """What stands over `lever_rows`."""
    effort = ["effort"] if found.settings.efforts else []
    heads = [say(word, lang) for word in ("lever", "way", *effort, "when", "change")]
    return [*heads, *(say("alone", lang, target=name) for name in wanted_names(found, lang))]


def method(found: Reached, lang: str) -> list[str]:
    """How it was found, in a few sentences."""
    settings, search = found.settings, found.settings.search
    said = [
        say(
            "how",
            lang,
            start=settings.run.scenarios[0].title.of(lang),
            toward=settings.toward.title.of(lang),
            draws=f"{search.draws:,}",
            seed=search.seed,
            checked=f"{settings.check.draws:,}",
            starts=_starts(found, lang),
        )
    ]
    if settings.efforts:
        said.append(say("efforts", lang, efforts=_efforts(found, lang)))
    worth = sound_members(found.attainment)[0]
    said += calibrated_sentences(settings.run.calibration, worth, lang)
    return said + approximations(found.attainment, lang)


def _starts(found: Reached, lang: str) -> str:
    """From how many points the search has led to what was found."""
    starts, agreed = found.sought.starts, found.sought.agreed
    if not starts:
        return ""
    return say("agreed" if agreed == starts else "some_agreed", lang, starts=starts, agreed=agreed)


def _efforts(found: Reached, lang: str) -> str:
    """The efforts that were given, each after the name of its lever."""
    return say("comma", lang).join(
        f"{found.labels[name].of(lang) or name} {exact(effort)}"
        for name, effort in found.settings.efforts.items()
    )


def print_reached(
    found: Reached, folder: Path | None, lang: str, console: "Console | None" = None
) -> None:
    """Shows what was found on `console`: sentences, levers, what else changes."""
    from sim.report.tables import Flowing, default_console, rows_table

    console = console or default_console()
    first, *rest = sentences(found, lang)
    console.print(Flowing(first, style="dim"))
    for sentence in rest:
        console.print(Flowing(sentence, style="bold"))
    if found.ways:
        console.print()
        rows = lever_rows(found, lang)
        console.print(rows_table(say("levers", lang), lever_heads(found, lang), rows, 1))
        console.print()
        for sentence in changes(found.attainment, lang):
            console.print(Flowing(sentence))
    for sentence in failed_sentences(found.attainment, lang):
        console.print(Flowing(sentence, style="bold red"))
    for sentence in (*method(found, lang), *skill_sentences(found.attainment, lang)):
        console.print(Flowing(sentence, style="dim"))
    console.print()
    file = found.settings.save
    if found.ways:
        facts = {"file": file, "name": found.scenario.name}
        console.print(Flowing(say("saved_as" if file else "save", lang, **facts)))
    if folder is not None:
        console.print(Flowing(say("saved", lang, folder=folder)), soft_wrap=True)


def reach_markdown(found: Reached, lang: str) -> str:
    """The page of what was found."""
    lines = [f"# {say('title', lang, scenario=found.settings.run.scenarios[0].title.of(lang))}"]
    lines += ["", *sentences(found, lang), ""]
    if found.ways:
        table = markdown_table(lever_heads(found, lang), lever_rows(found, lang), 1)
        lines += [f"## {say('levers', lang)}", "", table, ""]
        lines += [f"## {say('changed', lang)}", "", *changes(found.attainment, lang), ""]
    lines += [f"## {say('odds', lang)}", "", targets_markdown(found.attainment, lang), ""]
    lines += [f"## {say('method', lang)}", "", *method(found, lang)]
    lines += [*skill_sentences(found.attainment, lang), *failed_sentences(found.attainment, lang)]
    return "\n".join(lines) + "\n"


def levers_csv(found: Reached, file: Path, lang: str) -> None:
    """Every lever that goes, with numbers in full; UTF-8 with BOM, for Excel."""
    alone = [f"alone_{target.name}" for target in found.settings.wanted]
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        numbers = ["way", "effort", "year", "before", "after", "unit"]
        writer.writerow(["lever", "title", *numbers, *alone])
        for way in found.ways:
            year, before, after = _largest(way)
            title = way.label.of(lang)
            ends = (year, before, after, way.unit)
            writer.writerow([way.axis.name, title, way.share, way.effort, *ends, *way.alone])


def scenario_yaml(found: Reached) -> str:
    """The scenario as a file of scenarios/: what it has other than the one it extends."""
    own, base = found.scenario, found.base
    groups = {
        group: entries_of({n: s for n, s in settings.items() if getattr(base, group).get(n) != s})
        for group, settings in (("levers", own.levers), ("assumptions", own.assumptions))
    }
    content = {
        "title": own.title._asdict(),
        "narrative": own.narrative._asdict(),
        "extends": base.name,
        **{group: entries for group, entries in groups.items() if entries},
    }
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)
