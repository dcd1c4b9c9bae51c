"""`sim model compare A B`: how two versions of a model differ.

two files ─ read, simulate ─▶ changes of equations, gaps of numbers ─▶ two tables
"""

import math
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.analysis.versions import Change, Gap, equation_changes, number_changes
from sim.engine.cache import load_model
from sim.engine.method import Method
from sim.ensemble.simulate import simulate_members
from sim.report.numbers import ABSENT
from sim.report.rows import stand_in
from sim.report.tables import default_console, empty_table, plain
from sim.report.words import say
from sim.text import Text

if TYPE_CHECKING:
    from rich.console import Console

SHOWN = 30
"""Rows of a table that are shown; the rest are counted."""
KINDS = {
    "added": Text("新增", "added"),
    "removed": Text("删去", "removed"),
    "changed": Text("改动", "changed"),
}


def compare(before: str, after: str, lang: str) -> int:
    """Prints how the model in `after` differs from that in `before`; raises Refused."""
    old, new = load_model(before), load_model(after)
    console = default_console()
    console.print(plain(f"A  {before}\nB  {after}"), soft_wrap=True)
    console.print()
    print_changes(equation_changes(old, new), console, lang)
    print_methods(old.method, new.method, console, lang)
    console.print()
    print_gaps(number_changes(simulate_members(old), simulate_members(new)), console, lang)
    return 0


def print_changes(changes: Sequence[Change], console: "Console", lang: str) -> None:
    """The table of equations that differ: A's text above B's."""
    if not changes:
        console.print(Text("方程与单位完全相同", "equations and units are the same").of(lang))
        return
    counts = Counter(change.kind for change in changes)
    joint = Text("、", ", ").of(lang)
    said = joint.join(f"{words.of(lang)} {counts[kind]}" for kind, words in KINDS.items())
    console.print(Text("方程：", "equations: ").of(lang) + said, style="bold")
    table = empty_table("")
    table.add_column("", min_width=4)
    table.add_column("", min_width=1)
    table.add_column(Text("方程 [单位]", "equation [unit]").of(lang), overflow="fold")
    for change in changes[:SHOWN]:
        kind = KINDS[change.kind].of(lang)
        for mark, text in (("A", change.before), ("B", change.after)):
            if text:
                table.add_row(kind, mark, plain(text))
                kind = ""
    console.print(table)
    print_rest(len(changes), console, lang)


def print_methods(before: Method, after: Method, console: "Console", lang: str) -> None:
    """The methods of integration that the files ask for, where these are not the same; numbers are
    by the file's own."""
    if before == after:
        return
    methods = [method.instead_of or say(method.name, lang) for method in (before, after)]
    said = Text("\n求解方法不同：A {}，B {}", "\nmethods of integration: A {}, B {}").of(lang)
    console.print(plain(said.format(*methods)), style="bold")
    for method in (before, after):
        if method.instead_of:
            console.print(plain(stand_in(method.name, method.instead_of, lang)))


def print_gaps(gaps: Sequence[Gap], console: "Console", lang: str) -> None:
    """The table of numbers that differ, each variable where it differs most."""
    if not gaps:
        said = Text("两者都有的变量，数值相同", "the numbers of what both have are the same")
        console.print(said.of(lang))
        return
    title = Text(
        f"数值：{len(gaps)} 个变量不同，各取相差最大的时刻",
        f"numbers: {len(gaps)} variables differ; each where it differs most",
    )
    console.print(title.of(lang), style="bold")
    table = empty_table("")
    table.add_column(Text("变量", "variable").of(lang), overflow="fold")
    table.add_column(Text("时刻", "time").of(lang), justify="right")
    for head in ("A", "B"):
        table.add_column(head, justify="right")
    table.add_column(Text("单位", "unit").of(lang), overflow="fold")
    table.add_column(Text("B 与 A 之差", "B less A").of(lang), justify="right")
    for gap in gaps[:SHOWN]:
        numbers = [number(gap.before), number(gap.after)]
        row = [gap.name, f"{gap.time:g}", *numbers, gap.unit, difference(gap)]
        table.add_row(*map(plain, row))
    console.print(table)
    print_rest(len(gaps), console, lang)


def number(value: float) -> str:
    """A value in six digits."""
    return f"{value:,.6g}" if math.isfinite(value) else ABSENT


def difference(gap: Gap) -> str:
    """B's difference from A: in percent where that can be said, else by itself."""
    if not math.isfinite(gap.share):
        return ABSENT
    apart = gap.after - gap.before
    if gap.before and abs(apart / gap.before) < 10:
        percent = 100 * apart / gap.before
        return f"{percent:+.1f}%" if abs(percent) >= 0.05 else f"{percent:+.1g}%"
    return f"{apart:+.3g}"


def print_rest(count: int, console: "Console", lang: str) -> None:
    """How many rows were not shown."""
    if count > SHOWN:
        said = Text(f"另有 {count - SHOWN} 项", f"and {count - SHOWN} more")
        console.print(said.of(lang), style="dim")
