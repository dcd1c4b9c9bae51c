"""Tables of a run: on the terminal for reading now, as CSV for a spreadsheet."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import xarray as xr

from sim.ensemble.scenario import Scenario
from sim.report.misses import group_rows
from sim.report.rows import (
    TargetRow,
    approximations,
    calibrated_sentences,
    driver_rows,
    drivers_note,
    failed_sentences,
    joint_sentence,
    scenario_titles,
    skill_sentences,
    sound_members,
    target_rows,
)
from sim.report.words import (
    PARAMETER_KINDS,
    WORDS,
    csv_head,
    is_year,
    say,
    time_head,
    time_unit,
    unit_in_words,
)
from sim.text import PIECES, flowed
from sim.text import width as across

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, Group, RenderResult
    from rich.measure import Measurement
    from rich.table import Table

WIDE = 100  # columns from which a row of the table of targets fits on one line
LONGEST = 13
"""Columns that a word over a narrow table's numbers takes at most."""
WIDER = 20  # more of them for English names beside a second scenario

COLUMNS = (
    *("scenario", "scenario_title", "target", "title", "clause", "nature", "variable", "year"),
    *("sense", "wanted", "unit", "median", "p05", "p95", "probability", "standard_error"),
    *("difference", "difference_standard_error", "shortfall_mean", "shortfall_p05"),
    *("shortfall_median", "shortfall_p95", "ever", "group", "group_probability"),
    *("group_standard_error", "joint_probability", "joint_standard_error"),
    *("basis", "members", "failed_members", "independent_members"),
    *("backtest_events", "backtest_came_true"),
)


def print_run(
    attainment: xr.Dataset,
    drivers: xr.Dataset,
    scenarios: Sequence[Scenario],
    folder: Path | None = None,
    lang: str = "zh",
    console: "Console | None" = None,
    fans: xr.Dataset | None = None,
    calibration: Path | None = None,
) -> None:
    """Shows a run on `console`: scenario, targets, drivers, members that failed, the folder; and
    the calibration whose draws it took, if any.

    Without targets, where the variables of `fans` go. `scenarios` are the one asked for and, where
    there is one, the one it is held against.
    """
    console = console or default_console()
    asked = scenarios[0]
    console.print(Flowing(asked.title.of(lang), style="bold"))
    console.print(Flowing(asked.narrative.of(lang)))
    for reference in scenarios[1:]:
        console.print(
            Flowing(say("against", lang, reference=reference.title.of(lang)), style="dim")
        )
    taken = calibrated_sentences(calibration, sound_members(attainment)[0], lang)
    for sentence in [*taken, *approximations(attainment, lang)]:
        console.print(Flowing(sentence, style="dim"))
    console.print()
    if attainment.sizes["target"]:
        console.print(target_table(attainment, lang, console.width))
        console.print(Flowing(joint_sentence(attainment, lang)))
        for sentence in skill_sentences(attainment, lang):
            console.print(Flowing(sentence, style="dim"))
        console.print()
        console.print(driver_table(drivers, attainment, lang))
        console.print(Flowing(drivers_note(drivers, attainment, lang), style="dim"))
    elif fans is not None:
        from sim.report.outcomes import outcome_table

        console.print(outcome_table(fans, lang))
        console.print(Flowing(say("no_targets", lang), style="dim"))
    for sentence in failed_sentences(attainment, lang):
        console.print(Flowing(sentence, style="bold red"))
    if folder is not None:
        console.print()
        line = Flowing(say("saved", lang, folder=folder))
        console.print(line, soft_wrap=True)  # a path in one piece can be copied


def default_console() -> "Console":
    """The terminal; into a file or a pipe 100 columns of plain text."""
    from rich.console import Console

    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=WIDE)


def target_table(attainment: xr.Dataset, lang: str, width: int) -> "Table | Group":
    """The table of targets; where `width` is short, the name of each over its numbers."""
    compared = "difference" in attainment
    if width < WIDE + WIDER * (compared and lang == "en"):
        return _stacked(attainment, lang, width)
    table = empty_table(say("targets_title", lang))
    table.add_column(say("indicator", lang), overflow="fold", min_width=12)
    add_times(table, time_unit(attainment), lang)
    table.add_column(say("target", lang), overflow="fold", min_width=10, max_width=20)
    for head in _heads(attainment, lang)[2:]:
        table.add_column(Flowing(head), justify="right", overflow="fold", max_width=13)
    rows = target_rows(attainment, lang)
    for group in group_rows(attainment, lang):
        if attainment.sizes["group"] > 1:
            odds = [] if len(group.places) == 1 else group.probabilities
            together = ["", "", "", say("all_of_group", lang), *odds] if odds else []
            table.add_row(*map(Flowing, [group.title, *together]), style="bold")
        for row in (rows[place] for place in group.places):
            table.add_row(*map(Flowing, [row.title, *_cells(row)]))
    return table


def _heads(attainment: xr.Dataset, lang: str) -> list[str]:
    """What stands over the numbers of a target."""
    words = [time_head(time_unit(attainment), lang)]
    words += [say(word, lang) for word in ("target", "median", "range")]
    last = [say("difference", lang)] if "difference" in attainment else []
    return [*words, *scenario_titles(attainment, lang), *last]


def _cells(row: TargetRow) -> list[str]:
    last = [row.difference] if row.difference else []
    return [str(row.year), row.wanted, row.median, row.range, *row.probabilities, *last]


def _stacked(attainment: xr.Dataset, lang: str, width: int) -> "Group":
    """The table of targets for a narrow terminal: two lines each, its name and its numbers."""
    from rich.cells import cell_len
    from rich.console import Group, RenderableType

    rows, heads = target_rows(attainment, lang), _heads(attainment, lang)
    cells = [_cells(row) for row in rows]
    widths = [
        max(min(max(map(cell_len, head.split())), LONGEST), *map(cell_len, column))
        for head, *column in zip(heads, *cells, strict=True)
    ]
    # what is wanted may take two lines where its unit is long
    widths[1] = max(10, min(widths[1], width - 1 - len(widths) - sum(widths) + widths[1]))
    before = 1 + sum(widths[:4]) + 4  # where the odds begin
    title, indicator = say("targets_title", lang), say("indicator", lang)
    rule = Flowing("─" * min(width, 1 + sum(widths) + len(widths)))
    parts: list[RenderableType] = [
        Flowing(title, "bold"),
        Flowing(indicator),
        _line(["", *heads], [1, *widths], 3),
        rule,
    ]
    for group in group_rows(attainment, lang):
        if attainment.sizes["group"] > 1:
            together = say("colon", lang) + say("all_of_group", lang)
            odds = () if len(group.places) == 1 else group.probabilities
            title = group.title + together if odds else group.title
            parts.append(_line([title, *odds], [before, *widths[4 : 4 + len(odds)]], 1, "bold"))
        for place in group.places:
            parts += [Flowing(rows[place].title), _line(["", *cells[place]], [1, *widths], 3)]
    return Group(*parts)


def _line(cells: Sequence[str], widths: Sequence[int], left: int, style: str = "") -> "Table":
    """One row of a table of given widths, its first `left` cells to the left."""
    from rich.table import Table

    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
    for place, width in enumerate(widths):
        table.add_column(width=width, overflow="fold", justify="left" if place < left else "right")
    table.add_row(*map(Flowing, cells), style=style)
    return table


def driver_table(drivers: xr.Dataset, attainment: xr.Dataset, lang: str) -> "Table":
    """The table of what matters most: one row per target, the strongest input first."""
    table = empty_table(say("drivers_title", lang))
    table.add_column(say("indicator", lang), overflow="fold", min_width=12)
    add_times(table, time_unit(attainment), lang)
    for rank in range(1, drivers.sizes["rank"] + 1):
        table.add_column(say("rank", lang, rank=rank), overflow="fold", max_width=26)
    for row in driver_rows(drivers, attainment, lang):
        table.add_row(*map(Flowing, [row.title, str(row.year), *row.inputs]))
    return table


def add_times(table: "Table", unit: str, lang: str) -> None:
    """Adds the column of times: as wide as a year, or as its head where time has another unit."""
    most = 4 if is_year(unit) else None
    table.add_column(time_head(unit, lang), min_width=4, max_width=most)


def empty_table(title: str) -> "Table":
    """A table with a rule under its head and no frame, as wide as the terminal at most."""
    from rich import box
    from rich.table import Table

    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        header_style="",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        show_edge=False,
        leading=0,
    )


def rows_table(
    title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], left: int
) -> "Table":
    """A table of texts; its first `left` columns to the left, the others to the right."""
    table = empty_table(title)
    for place, head in enumerate(heads):
        table.add_column(
            Flowing(head), overflow="fold", justify="left" if place < left else "right"
        )
    for row in rows:
        table.add_row(*map(Flowing, row))
    return table


@dataclass(frozen=True)
class Flowing:
    """A text for the terminal, alone or in a cell: it goes on below between words or Chinese
    letters, where rich would break a long row of letters anywhere."""

    text: str
    style: str = ""

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "RenderResult":
        from rich.text import Text as Line

        lines = self.text.split("\n")
        if not options.no_wrap:
            lines = [line for own in lines for line in flowed(own, options.max_width)]
        yield Line("\n".join(lines), self.style)

    def __rich_measure__(self, console: "Console", options: "ConsoleOptions") -> "Measurement":
        from rich.measure import Measurement

        least = max((across(piece.strip()) for piece in PIECES.findall(self.text)), default=0)
        return Measurement(least, max(map(across, self.text.split("\n"))))


def plain(cell: str) -> str:
    """`cell` with square brackets safe from rich's markup."""
    from rich.markup import escape

    return escape(cell)


def attainment_csv(attainment: xr.Dataset, path: Path, lang: str = "zh") -> Path:
    """`path`, one row per scenario and target with every number in full; opens in Excel.

    UTF-8 with BOM. The difference stands in the rows of the scenario asked for alone.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        unit = time_unit(attainment)
        writer.writerow([csv_head(column, unit, lang) for column in COLUMNS])
        columns = [csv_column(attainment, column, lang) for column in COLUMNS]
        for scenario in zip(*columns, strict=True):
            writer.writerows(zip(*scenario, strict=True))
    return path


INPUT_COLUMNS = (
    *("input", "input_title", "role", "sector", "kind", "unit", "scenario", "p05", "median", "p95"),
    "mean",
)


def inputs_csv(drawn: xr.Dataset, path: Path, lang: str = "zh") -> Path:
    """`path`, one row per input that was drawn and scenario: quantiles and mean; opens in Excel."""
    columns = ("input", f"label_{lang}", "role", "sector", "kind", "units")
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([WORDS[f"csv_{column}"].of(lang) for column in INPUT_COLUMNS])
        for place in range(drawn.sizes["input"]):
            own = (str(drawn[column].values[place]) for column in columns)
            name, label, role, sector, kind, unit = own
            said = [name, label, say(role, lang), sector, PARAMETER_KINDS[kind].of(lang)]
            said.append(unit_in_words(unit, lang))
            for scenario, of_scenario in enumerate(drawn["scenario"].values):
                numbers = drawn["value"].values[place, scenario].tolist()
                mean = float(drawn["mean"].values[place, scenario])
                writer.writerow([*said, str(of_scenario), *numbers, mean])
    return path


def csv_column(attainment: xr.Dataset, column: str, lang: str) -> list[list[object]]:
    """What stands in `column`, by scenario and target; empty where there is nothing."""
    own = {"scenario_title": f"title_{lang}_scenario", "title": f"title_{lang}"}
    own |= {"ever": "attained_by", "group": "group_of"}
    name = own.get(column, column)
    size = {dim: attainment.sizes[dim] for dim in ("scenario", "target")}
    if name not in attainment:  # nothing to compare with, or no back-test
        return [[""] * size["target"]] * size["scenario"]
    found = attainment[name]
    if column == "ever":
        found = found.isel(time=-1)
    if column.startswith("group_"):
        found = found.sel(group=attainment["group_of"])
    whole = found.variable.set_dims(size)  # type: ignore[no-untyped-call]
    values = whole.transpose(*size).values.tolist()
    rows = [[_csv_cell(value, column, lang) for value in row] for row in values]
    if column.startswith("difference"):
        rows[1:] = [[""] * size["target"]] * (size["scenario"] - 1)
    return rows


def _csv_cell(value: object, column: str, lang: str) -> object:
    if column == "unit":
        return unit_in_words(str(value), lang)
    if column == "group":
        return say(f"group_{value}", lang)
    if value != value:  # no member missed: there is no shortfall
        return ""
    return say(str(value), lang) if column in ("sense", "nature", "basis") else value
