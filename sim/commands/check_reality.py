"""The part `reality` of `sim check`: which statements are broken, and a world that breaks each."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim import data
from sim.analysis.reality import Trial, Verdict, judge
from sim.analysis.statements import STATEMENTS
from sim.analysis.trials import TRIALS
from sim.commands.check import OUTPUT, County, Finding
from sim.commands.progress import progress_bar
from sim.ensemble.scenario import ROLES, Parameter
from sim.text import Refused, Text, why


def reality_finding(county: County) -> Finding:
    """Every statement in every sampled world; counter-examples are saved for `sim run`."""
    with progress_bar(county.lang) as progress:
        verdicts = judge(
            county.model,
            county.table,
            county.baseline,
            TRIALS,
            STATEMENTS,
            county.draws,
            county.seed,
            progress,
        )
    broken = [verdict for verdict in verdicts if not verdict.holds]
    summary = Text(
        f"{len(verdicts)} 条论断、{len(TRIALS)} 种极端情形、{county.draws} 个抽样世界，"
        f"{len(verdicts) - len(broken)} 条全部成立",
        f"{len(verdicts)} statements, {len(TRIALS)} extreme trials, {county.draws} sampled worlds; "
        f"{len(verdicts) - len(broken)} hold in all",
    )
    return Finding(summary, tuple(_problem(one, county) for one in broken))


def _problem(verdict: Verdict, county: County) -> Text:
    """What is broken, in what share of worlds, and where the smallest counter-example lies."""
    statement = verdict.statement
    if verdict.problem is not None:
        reason = verdict.problem
        return Text(
            f"“{statement.title.zh}”（{statement.name}）无法判断：{reason.zh}",
            f'"{statement.title.en}" ({statement.name}) cannot be judged: {reason.en}',
        )
    trial = next(one for one in TRIALS if one.name == statement.trial)
    where = _example(verdict, trial, county, OUTPUT)
    share = f"{verdict.broken / verdict.draws:.2%}"
    year = Text("", "")
    if verdict.year is not None:
        year = Text(f"，自 {verdict.year:g} 年起", f", from {verdict.year:g} on")
    return Text(
        f"“{statement.title.zh}”（{statement.name}；{trial.title.zh}）不成立：{share} 的世界\n"
        f"    最小反例：第 {verdict.draw} 次抽样，离中位数 {verdict.departure:.1f} 个标准差"
        f"{year.zh}\n    {where.zh}",
        f'"{statement.title.en}" ({statement.name}; {trial.title.en}) is broken in {share} of '
        f"worlds\n    smallest counter-example: draw {verdict.draw}, {verdict.departure:.1f} "
        f"standard deviations from the medians{year.en}\n    {where.en}",
    )


def _example(verdict: Verdict, trial: Trial, county: County, folder: Path) -> Text:
    """Saves a counter-example, and says how to run it."""
    file = folder / f"{verdict.statement.name}.yaml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(example_text(verdict, trial, county.table, county.seed), encoding="utf-8")
    except OSError as error:
        raise Refused(
            Text(
                f"{file} 无法写入（{why(error).zh}）", f"{file} cannot be written ({why(error).en})"
            )
        ) from error
    run = f"sim run --config-dir {folder.as_posix()} --config-name {file.stem}"
    return Text(f"重现：{run}", f"run it: {run}")


def example_text(verdict: Verdict, trial: Trial, table: Mapping[str, Parameter], seed: int) -> str:
    """A configuration of `sim run`: conf/run.yaml with one world instead of many draws."""
    import yaml

    content: dict[str, Any] = dict(data.read_yaml(data.conf_folder() / "run.yaml"))
    content["defaults"] = _alone(content["defaults"])
    for group, role in ROLES.items():
        content[group] = {
            name: level for name, level in verdict.example.items() if table[name].role == role
        }
    content |= {"draws": 1, "keep": "all"}
    statement = verdict.statement
    head = "\n".join(
        f"# {line}"
        for line in (
            f"{statement.name}: {statement.title.zh} / {statement.title.en}",
            f"{trial.name}: {trial.title.zh} / {trial.title.en}",
            f"sim check reality, seed {seed}, draw {verdict.draw}; uncertain parameters fixed",
        )
    )
    body = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    return f"{head}\n{body}"


def _alone(defaults: Sequence[Any]) -> list[Any]:
    """The defaults of a run that is held against no other scenario."""
    return [
        entry
        for entry in defaults
        if not (isinstance(entry, dict) and any("@against" in str(key) for key in entry))
    ]
