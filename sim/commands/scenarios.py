"""`sim scenarios`: which scenarios there are, and how one differs from the baseline."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim import data
from sim.commands.columns import columns, show
from sim.text import Refused, Text, near, width

if TYPE_CHECKING:
    from sim.ensemble.scenario import Level, Parameter, Scenario, Setting

BASELINE = "baseline"


def main(arguments: Sequence[str], lang: str) -> int:
    """Prints the list, or with `show NAME` one scenario; of another model with `model=FILE`."""
    named = [word for word in arguments if word.startswith("model=")]
    files = data.list_scenarios(_folders(named))
    match [word for word in arguments if word not in named]:
        case [] | ["list"]:
            return print_list(files, lang, named)
        case ["show", name]:
            from sim.ensemble.scenario import scenario_called

            show(describe(scenario_called(name, files), lang, named))
            return 0
        case ["show"]:
            names = ", ".join(files)
            raise Refused(
                Text(
                    f"要查看哪个情景？sim scenarios show 名称；有：{names}",
                    f"which scenario? sim scenarios show NAME; there are {names}",
                )
            )
        case [word, *_]:
            raise _not_understood(word, files)
    raise AssertionError(arguments)


def _folders(named: Sequence[str]) -> list[Path]:
    """Where scenarios are looked for; of the county's model without the model's being read."""
    if not named:
        return data.scenario_folders()
    from sim.config.home import home_of

    return home_of(named[-1].removeprefix("model=")).scenario_folders


def print_list(files: Mapping[str, Path], lang: str, named: Sequence[str] = ()) -> int:
    """Prints every scenario; files that are broken are refused after the others are shown. A model
    of one's own, which `named` names, has a baseline without a file."""
    rows: list[tuple[str, str, str]] = []
    problems: list[Text] = []
    if named and BASELINE not in files:
        from sim.config.home import home_of

        usual = home_of(named[-1].removeprefix("model=")).scenario(BASELINE)
        rows.append((BASELINE, usual.title.of(lang), usual.narrative.of(lang)))
    for name, file in files.items():
        try:
            title, narrative = _headings(name, file, lang)
        except Refused as refusal:
            problems += refusal.problems
        else:
            rows.append((name, title, first_sentence(narrative)))
    before = [max((width(row[place]) for row in rows), default=0) for place in (0, 1)]
    show(columns(rows), sum(before) + 4)
    hint = Text("详情：sim scenarios show 名称", "more: sim scenarios show NAME")
    print(f"\n{hint.of(lang)}")
    if problems:
        sys.stdout.flush()
        raise Refused(*problems)
    return 0


def _headings(name: str, file: Path, lang: str) -> tuple[str, str]:
    """The title and the narrative in a scenario file, whose levels are left unread."""
    content = data.read_yaml(file)
    try:
        return content["title"][lang].strip(), content["narrative"][lang].strip()
    except (KeyError, TypeError, AttributeError):
        from sim.ensemble.scenario import scenario_of  # which says what is wrong with the file

        scenario = scenario_of(name, content, file)
        return scenario.title.of(lang), scenario.narrative.of(lang)


def first_sentence(text: str) -> str:
    """The text up to its first full stop."""
    line = " ".join(text.split())
    ends = [line.find(stop) + 1 for stop in ("。", ". ", "！", "？") if stop in line]
    return line[: min(ends)].strip() if ends else line


def describe(name: str, lang: str, named: Sequence[str] = ()) -> list[str]:
    """The lines that say what a scenario is and how it differs from the baseline; `named` has the
    word that names another model than the county's."""
    from sim.config.home import home_of
    from sim.ensemble.scenario import read_scenario

    home = home_of(named[-1].removeprefix("model=") if named else "")
    folders = home.scenario_folders
    scenario = home.scenario(name)
    table = home.table()
    base: Mapping[str, Setting] = {}
    if name != BASELINE and BASELINE in data.list_scenarios(folders):
        base = read_scenario(BASELINE, folders).settings
    labels = _labels(home.model, lang)
    lines = [f"{name}  {scenario.title.of(lang)}", "", scenario.narrative.of(lang), ""]
    groups = {
        Text("政策手段（由县里决定）", "Levers (what the county decides)"): scenario.levers,
        Text("外部假设（由外部环境决定）", "Assumptions (what the world decides)"): (
            scenario.assumptions
        ),
    }
    for title, settings in groups.items():
        lines += [title.of(lang), *_differences(settings, base, table, labels, lang), ""]
    own = "".join(f' "{word}"' for word in named)
    return [*lines, _where(scenario, folders, own, lang)]


def _differences(
    settings: "Mapping[str, Setting]",
    base: "Mapping[str, Setting]",
    table: "Mapping[str, Parameter]",
    labels: Mapping[str, str],
    lang: str,
) -> list[str]:
    lines: list[str] = []
    for name, setting in settings.items():
        parameter = table.get(name)
        usual = base[name].value if name in base else parameter.value if parameter else None
        if name in base and setting == base[name]:
            continue
        title = f"{labels[name]}  {name}" if name in labels else name
        lines += _difference(title, setting, usual, parameter, lang)
    return lines or [Text("  与基准相同", "  as in the baseline").of(lang)]


def _labels(file: Path, lang: str) -> dict[str, str]:
    """What the model calls its inputs; without a model, nothing."""
    from sim.engine.cache import load_model

    if not file.is_file():
        return {}
    model = load_model(file)
    return {name: Text(*model.variables[name].label).of(lang) for name in model.inputs}


def _difference(
    title: str,
    setting: "Setting",
    usual: "Level | None",
    parameter: "Parameter | None",
    lang: str,
) -> list[str]:
    from sim.report.words import level_in_words

    unit = "" if parameter is None else parameter.unit
    level = level_in_words(setting.value, unit, lang)
    if parameter is None:
        level += Text("（参数表中没有这一项）", " (not in the parameter table)").of(lang)
    lines = [f"  {title}", f"    {level}"]
    if usual is not None and usual != setting.value:
        word = Text("基准：", "baseline: ").of(lang)
        lines.append(f"    {word}{level_in_words(usual, unit, lang)}")
    why = Text("理由：", "why: ").of(lang)
    return [*lines, f"    {why}{setting.reason.of(lang)}"]


def _where(scenario: "Scenario", folders: Sequence[Path], own: str, lang: str) -> str:
    file = data.list_scenarios(folders).get(scenario.name)
    where = "" if file is None else f"{Text('文件：', 'file: ').of(lang)}{file}\n"
    run = Text("运行：", "run it: ").of(lang) + f"sim run scenario={scenario.name}{own}"
    return f"{where}{run}"


def _not_understood(word: str, names: Mapping[str, Path]) -> Refused:
    hint = near(word, ["list", "show"])
    if word in names:
        hint = Text(
            f"，是否想写：sim scenarios show {word}？",
            f"; did you mean `sim scenarios show {word}`?",
        )
    return Refused(
        Text(
            f"看不懂 sim scenarios {word}{hint.zh or '；可以写 sim scenarios show 名称'}",
            f"`sim scenarios {word}` is not understood"
            f"{hint.en or '; it is `sim scenarios show NAME`'}",
        )
    )
