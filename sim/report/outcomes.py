"""What a run without targets shows: where its main variables go, with their spread."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from sim.report.numbers import ABSENT
from sim.report.tables import empty_table, plain
from sim.text import Text

if TYPE_CHECKING:
    from rich.table import Table

TIMES = 4
"""Times that a table shows, the first and the last among them."""
TITLE = Text("主要变量：中位数（5%–95%）", "main variables: median (5%–95%)")
HEADS = (Text("变量", "variable"), Text("单位", "unit"), Text("情景", "scenario"))
COLUMNS = ("variable", "label_zh", "label_en", "unit", "scenario", "time")


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
            yield [label, str(values.attrs.get("units", "")), str(title), *numbers]
            label = ""


def number(low: float, _: float, middle: float, __: float, high: float) -> str:
    """A median in five digits, with its range where it has one."""
    if not np.isfinite(middle):
        return ABSENT
    # equal draws land in one bin of a histogram, whose edges lie a thousandth apart
    if high - low <= 0.004 * max(abs(low), abs(high)):
        return f"{middle:,.4g}"
    return f"{middle:,.4g} ({low:,.3g}–{high:,.3g})"


def outcome_table(fans: xr.Dataset, lang: str) -> "Table":
    """The table of where the main variables go."""
    table = empty_table(TITLE.of(lang))
    several = fans.sizes["scenario"] > 1
    for head in HEADS if several else HEADS[:2]:
        table.add_column(head.of(lang), overflow="fold")
    for time in fans["time"].values[shown_times(fans)]:
        table.add_column(f"{time:g}", justify="right", overflow="fold")
    for label, unit, scenario, *numbers in outcome_rows(fans, lang):
        own = [label, unit, scenario] if several else [label, unit]
        table.add_row(*map(plain, [*own, *numbers]))
    return table


def outcomes_markdown(fans: xr.Dataset, lang: str) -> str:
    """The same in Markdown."""
    times = [f"{time:g}" for time in fans["time"].values[shown_times(fans)]]
    heads = [*(head.of(lang) for head in HEADS), *times]
    rows = [heads, ["---"] * len(heads), *outcome_rows(fans, lang)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def outcomes_csv(fans: xr.Dataset, path: Path) -> Path:
    """`path`: every quantile of every variable, scenario and time; opens in Excel."""
    levels = [f"p{round(100 * level):02d}" for level in fans["quantile"].values]
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*COLUMNS, *levels])
        for name in fans.data_vars:
            attrs = fans[name].attrs
            words = [str(attrs.get(key, "")) for key in ("label_zh", "label_en", "units")]
            values = fans[name].transpose("scenario", "time", "quantile").values
            for scenario, own in zip(fans["scenario"].values, values, strict=True):
                for time, quantiles in zip(fans["time"].values, own, strict=True):
                    writer.writerow([name, *words, scenario, f"{time:g}", *quantiles.tolist()])
    return path
