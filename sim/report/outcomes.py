"""What a run without targets shows: where its main variables go, with their spread."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from sim.report.numbers import ABSENT, significant
from sim.report.tables import Flowing, empty_table
from sim.report.words import csv_head, is_year, time_unit, unit_in_words, when
from sim.text import Text

if TYPE_CHECKING:
    from rich.table import Table

TIMES = 4
"""Times that a table shows, the first and the last among them."""
TITLE = Text("主要变量：中位数（5%–95%）", "main variables: median (5%–95%)")
HEADS = (Text("变量", "variable"), Text("单位", "unit"), Text("情景", "scenario"))
COLUMNS = ("variable", "title", "unit", "scenario", "year")


def shown_times(fans: xr.Dataset) -> list[int]:
    """The places of the times that a table shows, as evenly apart as can be."""
    last = fans.sizes["time"] - 1
    return sorted({round(last * each / (TIMES - 1)) for each in range(TIMES)})


def outcome_rows(fans: xr.Dataset, lang: str) -> Iterator[list[str]]:
    """A row per variable and scenario: its name, unit, scenario, and its value at some times."""
    titles = fans[f"title_{lang}"].values
    for name in fans.data_vars:
        values = fans[name].transpose("scenario", "quantile", "time")
        label = str(values.attrs.get(f"label_{lang}") or name)
        for scenario, title in enumerate(titles):
            own = values.values[scenario][:, shown_times(fans)]
            numbers = [number(*quantiles) for quantiles in own.T]
            yield [
                label,
                unit_in_words(str(values.attrs.get("units", "")), lang),
                str(title),
                *numbers,
            ]
            label = ""


def times_in_words(fans: xr.Dataset, lang: str) -> list[str]:
    """The times that a table shows: 2030; of a model that does not count years 第 24 月."""
    times, unit = [f"{time:g}" for time in fans["time"].values[shown_times(fans)]], time_unit(fans)
    return times if is_year(unit) else [when(time, unit, lang) for time in times]


def number(low: float, _: float, middle: float, __: float, high: float) -> str:
    """A median in four digits, with its range where it has one."""
    if not np.isfinite(middle):
        return ABSENT
    # equal draws land in one bin of a histogram, whose edges lie a thousandth apart
    if high - low <= 0.004 * max(abs(low), abs(high)):
        return significant(middle, 4)
    return f"{significant(middle, 4)} ({significant(low, 3)}–{significant(high, 3)})"


def outcome_table(fans: xr.Dataset, lang: str) -> "Table":
    """The table of where the main variables go."""
    table = empty_table(TITLE.of(lang))
    several = fans.sizes["scenario"] > 1
    for head in HEADS if several else HEADS[:2]:
        table.add_column(head.of(lang), overflow="fold")
    for time in times_in_words(fans, lang):
        table.add_column(time, justify="right", overflow="fold")
    for label, unit, scenario, *numbers in outcome_rows(fans, lang):
        own = [label, unit, scenario] if several else [label, unit]
        table.add_row(*map(Flowing, [*own, *numbers]))
    return table


def outcomes_markdown(fans: xr.Dataset, lang: str) -> str:
    """The same in Markdown."""
    heads = [*(head.of(lang) for head in HEADS), *times_in_words(fans, lang)]
    rows = [heads, ["---"] * len(heads), *outcome_rows(fans, lang)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def outcomes_csv(fans: xr.Dataset, path: Path, lang: str) -> Path:
    """`path`: every quantile of every variable, scenario and time; opens in Excel."""
    heads = [csv_head(column, time_unit(fans), lang) for column in COLUMNS]
    levels = [
        Text(f"{level:.0%} 分位数", f"p{level * 100:02.0f}") for level in fans["quantile"].values
    ]
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*heads, *(level.of(lang) for level in levels)])
        for name in fans.data_vars:
            attrs = fans[name].attrs
            unit = unit_in_words(str(attrs.get("units", "")), lang)
            words = [str(attrs.get(f"label_{lang}", "")), unit]
            values = fans[name].transpose("scenario", "time", "quantile").values
            for scenario, own in zip(fans["scenario"].values, values, strict=True):
                for time, quantiles in zip(fans["time"].values, own, strict=True):
                    writer.writerow([name, *words, scenario, f"{time:g}", *quantiles.tolist()])
    return path
