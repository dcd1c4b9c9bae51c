"""`sim model check FILE`: what is in a model, whether it runs, and what is wrong with it.

file ─ examine ─▶ variables, problems ─ simulate ─▶ lines
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.commands.model_drafts import drafts, heading
from sim.config.home import Home, home_of
from sim.engine.dimensions import mismatched_units, unknown_units
from sim.engine.door import examine
from sim.engine.integrate import Clock, clock_of
from sim.engine.model import (
    CONTROL,
    Auxiliary,
    Constant,
    Initial,
    Model,
    Path,
    Pipeline,
    Stock,
    Table,
    Variable,
)
from sim.ensemble.simulate import simulate_members
from sim.report.rows import stand_in
from sim.report.tables import default_console, empty_table, plain
from sim.report.words import say
from sim.text import Refused, Text

if TYPE_CHECKING:
    import xarray as xr
    from rich.console import Console

FINE, UNUSABLE = 0, 2
"""The exit statuses."""
SHOWN = 15
"""Problems of one kind that are shown; the rest are counted."""

KINDS: dict[type, Text] = {
    Stock: Text("存量", "stocks"),
    Auxiliary: Text("辅助变量与流量", "auxiliaries and flows"),
    Constant: Text("常数", "constants"),
    Path: Text("随时间给定的量", "levels given by time"),
    Table: Text("表函数", "table functions"),
    Initial: Text("初值（INITIAL）", "initial values (INITIAL)"),
    Pipeline: Text("固定延迟（DELAY FIXED）", "fixed delays (DELAY FIXED)"),
}


def check(file: str, lang: str) -> int:
    """Prints what is in a model file and what is wrong with it; 2 where it cannot be run."""
    found = examine(file)
    console = default_console()
    console.print(plain(file), style="bold", soft_wrap=True)
    print_content(found.model, console, lang)
    problems = list(found.problems)
    runs = None
    if not problems:
        try:
            clock = clock_of(found.model)
            runs = simulate_members(found.model)
        except Refused as refused:
            problems += refused.problems
        else:
            print_run(found.model, clock, runs, console, lang)
    title = Text("不能运行，须改正", "it cannot be run until this is put right")
    print_problems(title, [without(file, problem) for problem in problems], console, lang)
    if not problems and runs is not None:
        print_units(found.model, console, lang)
        print_drafts(home_of(file), found.model, runs, console, lang)
    return UNUSABLE if problems else FINE


def print_content(model: Model, console: "Console", lang: str) -> None:
    """The table of what there is: so many of each kind, and which."""
    table = empty_table(Text("内容", "what is in it").of(lang))
    for head in (Text("类别", "kind"), Text("个数", "number"), Text("名称", "names")):
        table.add_column(head.of(lang), overflow="fold")
    own = [v for v in model.variables.values() if not v.owner and v.name not in CONTROL]
    for kind, words in KINDS.items():
        names = dict.fromkeys(array_or_name(v) for v in own if isinstance(v.definition, kind))
        if names:
            table.add_row(words.of(lang), str(len(names)), plain(few(list(names), lang)))
    for words, listed in others(model, lang):
        table.add_row(words.of(lang), str(len(listed)), plain(few(listed, lang)))
    console.print(table)


def others(model: Model, lang: str) -> Iterator[tuple[Text, list[str]]]:
    """Subscript ranges, equations that are written out, data files: what, and which."""
    ranges = {d.name: d.labels for sides in model.arrays.values() for d in sides}
    if ranges:
        listed = [f"{name}: {few(list(labels), lang, 4)}" for name, labels in ranges.items()]
        yield Text("下标范围", "subscript ranges"), listed
    owners = dict.fromkeys(v.owner for v in model.variables.values() if v.owner)
    if owners:
        names = dict.fromkeys(array_or_name(model.variables[owner]) for owner in owners)
        yield Text("含 SMOOTH、DELAY、宏等", "with SMOOTH, DELAY, a macro …"), list(names)
    if model.files:
        yield Text("数据文件", "data files"), [name for name, _ in model.files]


def array_or_name(variable: Variable) -> str:
    """A variable as its modeller wrote it, an array without its subscripts."""
    return variable.written.split("[")[0] if variable.array else variable.written


def few(names: list[str], lang: str, most: int = 6) -> str:
    """The first names of a list, and how many more there are."""
    joint = Text("、", ", ").of(lang)
    if len(names) <= most:
        return joint.join(names)
    more = len(names) - most
    return joint.join(names[:most]) + Text(f" 等，另有 {more} 个", f" and {more} more").of(lang)


def print_run(
    model: Model, clock: Clock, runs: "xr.Dataset", console: "Console", lang: str
) -> None:
    """That it runs, from when to when, and whether its numbers are finite."""
    times = runs["time"].values
    unit = model.time_unit
    by = say(clock.method, lang)
    said = Text(
        f"\n能运行：{times[0]:g} 至 {times[-1]:g}，步长 {clock.dt:g} {unit}，{clock.steps} 步，"
        f"用{by}求解",
        f"\nit runs: from {times[0]:g} to {times[-1]:g} in {clock.steps} steps of "
        f"{clock.dt:g} {unit}, by {by}",
    )
    console.print(plain(said.of(lang)))
    if wanted := model.method.instead_of:
        console.print(plain(stand_in(clock.method, wanted, lang)), style="bold red")
    lost = [
        str(runs[name].attrs["name"])
        for name in runs.data_vars
        if not bool(runs[name].notnull().all()) or bool((abs(runs[name]) == float("inf")).any())
    ]
    if lost:
        names = few(lost, lang)
        said = Text(f"某些时刻没有有限值：{names}", f"without a finite value at some time: {names}")
        console.print(plain(said.of(lang)), style="bold red")


def print_units(model: Model, console: "Console", lang: str) -> None:
    """Which variables have no unit, which units are not known, which equations do not match."""
    own = [v for v in model.variables.values() if not v.owner]
    missing = list(dict.fromkeys(array_or_name(v) for v in own if not v.units))
    if missing:
        title = Text("没有写单位", "without a unit")
        console.print(f"\n{title.of(lang)} ({len(missing)})", style="bold")
        console.print("· " + plain(few(missing, lang)))
    unknown = list(dict.fromkeys(filter(None, unknown_units(model).values())))
    if unknown:
        title = Text("不认识的单位，不参与核对", "units that are not known, and not compared")
        console.print(f"\n{title.of(lang)} ({len(unknown)})", style="bold")
        console.print("· " + plain(few(unknown, lang)))
    title = Text("单位不一致（不妨碍运行）", "units that do not match (it runs all the same)")
    mismatches = list(dict.fromkeys(mismatched_units(model)))
    print_problems(title, mismatches, console, lang)
    if mismatches:
        said = Text(
            "  直接写在方程里的数没有单位（0 除外）；有单位的数请写成常数。",
            "  Numbers written into an equation have no unit, save 0; one that has is a constant.",
        )
        console.print(plain(said.of(lang)), style="dim")


def print_drafts(
    home: Home, model: Model, runs: "xr.Dataset", console: "Console", lang: str
) -> None:
    """What may be put beside a model that has no targets or nothing uncertain."""
    for file, text in drafts(home, model, runs, lang).items():
        console.print(
            "\n" + plain(heading(file, home.folder).of(lang)), style="bold", soft_wrap=True
        )
        console.print(plain(text.rstrip()), soft_wrap=True)


def without(file: str, problem: Text) -> Text:
    """A problem without the name of the file, which stands above."""
    return Text(*(text.removeprefix(file).lstrip(" :：") for text in problem))


def print_problems(title: Text, problems: list[Text], console: "Console", lang: str) -> None:
    """The problems under a title that counts them, the first SHOWN in full."""
    if not problems:
        return
    count = Text(f"（{len(problems)} 处）", f" ({len(problems)})")
    console.print()
    console.print(title.of(lang) + count.of(lang), style="bold")
    for problem in problems[:SHOWN]:
        console.print("· " + plain(problem.of(lang)), soft_wrap=True)
    if len(problems) > SHOWN:
        more = len(problems) - SHOWN
        console.print(Text(f"  另有 {more} 处", f"  and {more} more").of(lang))
