"""`sim trace`: from a table or number of a report to equations, parameters and sources."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands.asked import asked
from sim.commands.columns import show
from sim.text import Refused, Text

if TYPE_CHECKING:
    from sim.config.home import Home
    from sim.report.document.hidden import Hidden
    from sim.report.document.tree import Number, Place

DEFAULTS: dict[str, str] = {}


def main(arguments: Sequence[str], lang: str) -> int:
    """Prints where the numbers of a table (3), of a row (3.2), or one number (23.1) come from."""
    given = asked(arguments, DEFAULTS, "trace")
    if len(given.words) != 2:
        raise Refused(
            Text(
                "写法：sim trace report.docx 3（表号）、3.2（表的第几行）或文中的数字如 37.4",
                "it is: sim trace report.docx 3 (a table), 3.2 (its row), or a number such as 37.4",
            )
        )
    from sim.commands.opened import report_file
    from sim.report.document.hidden import read_report

    hidden, _ = read_report(report_file(given.words[0]))
    found = asked_for(hidden, given.words[1])
    show(traced(hidden, found, lang))
    return 0


def asked_for(hidden: "Hidden", word: str) -> list[tuple["Number", "Place"]]:
    """The numbers of a table, of a row of a table, or those that read so."""
    everything = list(hidden.numbers.values())
    inside: list[tuple[Number, Place]] = []
    match = re.fullmatch(r"(?:表|table\s*)?(\d+)(?:[.．](\d+))?", word.strip(), re.I)
    if match:
        table, row = int(match[1]), int(match[2] or 0)
        inside = [
            entry for entry in everything if entry[1].table == table and row in (0, entry[1].row)
        ]
    text = word.strip().rstrip("%")
    found = inside + [
        entry for entry in everything if entry[0].text == text and entry not in inside
    ]
    if found:  # 11.2 may be a row and a number too
        return found
    tables = max((place.table for _, place in everything), default=0)
    raise Refused(
        Text(
            f"报告中没有表 {word}，也没有数字 {word}；表号为 1 到 {tables}",
            f"the report has neither a table {word} nor a number {word}; tables are 1 to {tables}",
        )
    )


def traced(hidden: "Hidden", found: Iterable[tuple["Number", "Place"]], lang: str) -> list[str]:
    """The lines that say of each number what it is, then of each variable how it comes about."""
    from sim.commands.explain import explain
    from sim.commands.verify import meaning, where
    from sim.engine.cache import load_model

    lines = [Text("运行：", "run: ").of(lang) + ", ".join(hidden.runs)]
    variables: dict[str, None] = {}
    for number, place in found:
        known = meaning(number, lang)
        lines.append(f"{where(place, lang)}  {number.text}{known or _written(lang)}")
        if number.reference.variable:
            variables.setdefault(number.reference.variable)
    home = _home(hidden.runs)
    model, table = load_model(home.model), home.table()
    for name in variables:
        lines += ["", "─" * 60]
        if name in model.variables:
            lines += explain(model, model.variables[name], table, lang)
        else:
            gone = Text(f"{name}：现在的模型中没有", f"{name}: not in the model of today")
            lines.append(gone.of(lang))
    return lines


def _home(runs: Sequence[str]) -> "Home":
    """Where the files of the model of the runs lie; of the county's, where no run is there."""
    from sim.config import RUN, recorded
    from sim.config.home import home_of

    there = [Path(run) for run in runs if (Path(run) / ".hydra" / "config.yaml").is_file()]
    return recorded(there[0], RUN).home if there else home_of("")


def _written(lang: str) -> str:
    return Text(
        "（写在情景、参数表或目标文件中的文字）", " (a text of the scenarios or tables)"
    ).of(lang)
