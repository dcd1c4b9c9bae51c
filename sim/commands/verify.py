"""`sim verify`: which numbers of a report were changed by hand, or are not those of its run."""

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.commands.asked import asked
from sim.text import Refused, Text

if TYPE_CHECKING:
    from sim.report.document.hidden import Hidden
    from sim.report.document.tree import Number, Place

DEFAULTS = {"run": ""}
VERIFYING = Text("正在核对", "verifying")
SAME, DIFFERENT = 0, 1
"""The exit statuses."""
WORDS = {
    "changed": Text(
        "手工改动：文中为 {shown}，应为 {written}", "changed by hand: {shown}, not {written}"
    ),
    "gone": Text("已不在文中：应为 {written}", "no longer there: it was {written}"),
    "stale": Text(
        "与运行不符：文中为 {written}，运行中为 {now}", "stale: {written}, the run has {now}"
    ),
}


class Finding(NamedTuple):
    """One number that is not as it should be: changed, gone or stale."""

    what: str
    number: "Number"
    place: "Place"
    shown: str
    now: str = ""


def main(arguments: Sequence[str], lang: str) -> int:
    """Prints every number that is not as it should be; returns 0 where there is none."""
    given = asked(arguments, DEFAULTS, "verify")
    if len(given.words) != 1:
        raise Refused(
            Text(
                "要核对哪份报告？sim verify report.docx（或 .html）",
                "which report? sim verify report.docx (or .html)",
            )
        )
    from sim.commands.opened import report_file
    from sim.report.document.hidden import read_report

    hidden, shown = read_report(report_file(given.words[0]))
    runs = given.names("run") or hidden.runs
    absent = [run for run in runs if not Path(run).is_dir()]
    from sim.commands.progress import progress_bar

    with progress_bar(lang, VERIFYING):
        found = changed(hidden, shown)
        if not absent:
            found += stale(hidden, runs)
    for finding in found:
        print(f"{where(finding.place, lang)}{meaning(finding.number, lang)}  {said(finding, lang)}")
    print(_verdict(len(hidden.numbers), len(found), lang))
    if absent:
        raise Refused(
            Text(
                f"没有找到报告所依据的运行 {'、'.join(absent)}，只核对了手工改动；"
                "运行移动过的话请写 run=文件夹",
                f"the run {', '.join(absent)} is not there; only changes by hand were looked for. "
                "If it has moved, say run=FOLDER",
            )
        )
    return DIFFERENT if found else SAME


def changed(hidden: "Hidden", shown: dict[int, str]) -> list[Finding]:
    """The numbers whose text is not what was written, or that are gone."""
    found = []
    for identity, (number, place) in hidden.numbers.items():
        text = shown.get(identity, "").strip()
        if text != number.text:
            found.append(Finding("changed" if text else "gone", number, place, text))
    return found


def stale(hidden: "Hidden", runs: Sequence[str]) -> list[Finding]:
    """The numbers that the same report would print differently from the runs as they are now."""
    from sim.commands.opened import open_records
    from sim.report.document.chapters import document
    from sim.report.document.material import Material
    from sim.report.document.tree import numbers

    records = tuple(open_records(",".join(runs), Path("outputs")))
    date = datetime.date.fromisoformat(hidden.date)
    tree = document(Material(records, hidden.lang, date, drawn=False))
    now = {number.identity: number for number, _ in numbers(tree)}
    found = []
    for identity, (number, place) in hidden.numbers.items():
        other = now.get(identity)
        if other is None or other.text != number.text:
            text = other.text if other else "—"
            found.append(Finding("stale", number, place, number.text, text))
    return found


def said(finding: Finding, lang: str) -> str:
    """What is wrong with a number."""
    text = WORDS[finding.what].of(lang)
    return text.format(shown=finding.shown, written=finding.number.text, now=finding.now)


def where(place: "Place", lang: str) -> str:
    """Where a number stands: the table with row and column, else the chapter."""
    if place.table and place.row:
        text = Text(
            f"表{place.table} 第{place.row}行第{place.column}列",
            f"table {place.table}, row {place.row}, column {place.column}",
        )
    elif place.table or place.figure:
        zh = f"表{place.table}" if place.table else f"图{place.figure}"
        en = f"table {place.table}" if place.table else f"figure {place.figure}"
        text = Text(f"{zh}标题", f"caption of {en}")
    else:
        text = Text(f"“{place.chapter}”正文", f"text of '{place.chapter}'")
    return text.of(lang)


def meaning(number: "Number", lang: str) -> str:
    """What a number is: statistic, target, year and scenario, as far as it is known."""
    one = number.reference
    known = [one.target or one.variable, one.year, one.statistic, one.scenario]
    parts = [part for part in known if part and part != "text"]
    if not parts:
        return ""
    return Text(f"（{'，'.join(parts)}）", f" ({', '.join(parts)})").of(lang)


def _verdict(count: int, wrong: int, lang: str) -> str:
    if wrong:
        return Text(
            f"共 {count} 个数字，{wrong} 处不符。",
            f"{wrong} of {count} numbers are not as they should be.",
        ).of(lang)
    return Text(f"共 {count} 个数字，全部相符。", f"All {count} numbers are as they should be.").of(
        lang
    )
