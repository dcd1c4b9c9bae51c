"""Tables of a run as rows and columns, before they are CSV, Excel, Markdown or LaTeX."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import xarray as xr

from sim.analysis.judgement import judgement
from sim.report.document.words import WORDS as REPORT
from sim.report.record import Record
from sim.report.words import WORDS, csv_head, say, time_unit, unit_in_words
from sim.text import Text

LEVELS = {"p05": 0.05, "p25": 0.25, "median": 0.5, "p75": 0.75, "p95": 0.95}
REGION = Text("沁水县", "Qinshui")
MODEL = "sim-qinshui"
Cell = str | int | float | None


class Column(NamedTuple):
    """A column: its name for programs, its heading, and what is in it.

    `kind`: "text", "year", "number", "percent" or "points" (a share shown in percentage points).
    """

    name: str
    title: Text
    kind: str = "text"


@dataclass(frozen=True)
class Grid:
    """A table: `title` for people, rows in the order of the columns; None where nothing is."""

    name: str
    title: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def _column(name: str, kind: str = "text", word: str | None = None) -> Column:
    return Column(name, EXTRA.get(name) or WORDS[word or f"csv_{name}"], kind)


def timed(columns: Sequence[Column], records: Sequence[Record]) -> tuple[Column, ...]:
    """The columns, that of times headed by the unit in which the first run's model counts them."""
    unit = time_unit(records[0].fans)
    head = Text(*(csv_head("year", unit, lang) for lang in ("zh", "en")))
    return tuple(own._replace(title=head) if own.name == "year" else own for own in columns)


EXTRA = {
    "group": Text("领域", "group"),
    "judgement": Text("判断", "judgement"),
    "label": Text("变量", "label"),
    "mean": Text("均值", "mean"),
    "p25": Text("25% 分位数", "p25"),
    "p75": Text("75% 分位数", "p75"),
    "rank": Text("位次", "rank"),
    "input": Text("因素代码", "input"),
    "input_label": Text("因素", "input label"),
    "role": Text("性质", "role"),
    "correlation": Text("等级相关系数", "rank correlation"),
    "statistic": Text("统计量", "statistic"),
    "value": Text("数值", "value"),
    "kind": Text("类别", "kind"),
}

TESTED = ("backtest_came_true", "backtest_events")
"""What forecasts of like probability were worth in back-tests."""
TARGETS = (
    *(_column(name) for name in ("scenario", "scenario_title", "target", "title")),
    *(_column(name) for name in ("group", "clause", "nature", "variable")),
    _column("year", "year"),
    _column("sense"),
    *(_column(name, "number") for name in ("wanted", "median", "p05", "p95")),
    _column("unit"),
    *(_column(name, "percent") for name in ("probability", "standard_error")),
    _column("judgement"),
    *(_column(name, "points") for name in ("difference", "difference_standard_error")),
    *(_column(name, "year") for name in TESTED),
)
SERIES = (
    *(_column(name) for name in ("scenario", "scenario_title", "variable", "label", "unit")),
    _column("year", "year"),
    _column("mean", "number"),
    *(_column(name, "number") for name in LEVELS),
)
DRIVERS = (
    *(_column(name) for name in ("target", "title")),
    _column("year", "year"),
    _column("rank", "year"),
    *(_column(name) for name in ("input", "input_label", "role")),
    _column("correlation", "number"),
)
LONG = (
    *(_column(name) for name in ("scenario", "kind", "variable")),
    _column("year", "year"),
    *(_column(name) for name in ("statistic", "unit")),
    _column("value", "number"),
)


def targets_grid(records: Sequence[Record], lang: str) -> Grid:
    """One row per scenario and target: what is wanted, what comes out, how surely."""
    rows = [row for record in records for row in _target_rows(record, lang)]
    title = Text("规划目标达标概率", "Attainment of the plan's targets")
    return Grid("targets", title, timed(TARGETS, records), _once(rows, key=(0, 2)))


def _target_rows(record: Record, lang: str) -> Iterator[tuple[Cell, ...]]:
    table = record.attainment
    for place, scenario in enumerate(record.scenarios):
        for target in record.targets:
            one = table.sel(target=target.name).isel(scenario=place)
            paired = place == 0 and "difference" in one
            share = float(one["probability"])
            yield (
                scenario.name, scenario.title.of(lang), target.name, target.title.of(lang),
                REPORT[target.group].of(lang), target.clause, say(target.nature, lang),
                target.variable, target.year, say(target.sense, lang), target.value,
                *(_number(one[name]) for name in ("median", "p05", "p95")),
                unit_in_words(target.unit, lang), share, _number(one["standard_error"]),
                REPORT[judgement(share)].of(lang),
                _number(one["difference"]) if paired else None,
                _number(one["difference_standard_error"]) if paired else None,
                *(int(one[name]) if name in one else None for name in TESTED),
            )  # fmt: skip


def _number(value: xr.DataArray) -> float | None:
    number = float(value)
    return number if np.isfinite(number) else None


def _once(rows: Sequence[tuple[Cell, ...]], key: tuple[int, ...]) -> tuple[tuple[Cell, ...], ...]:
    """Rows of which the first with the same key stays: runs share their reference."""
    found: dict[tuple[Cell, ...], tuple[Cell, ...]] = {}
    for row in rows:
        found.setdefault(tuple(row[place] for place in key), row)
    return tuple(found.values())


def series_grid(records: Sequence[Record], variables: Sequence[str], lang: str) -> Grid:
    """One row per scenario, variable and year: mean and quantiles over draws."""
    rows: list[tuple[Cell, ...]] = []
    for record in records:
        record.holds(variables)
        names = variables or [str(name) for name in record.runs.data_vars]
        for name in names:
            rows += _series_rows(record, name, lang)
    title = Text("主要指标随时间的结果", "Indicators over time")
    return Grid("series", title, timed(SERIES, records), _once(rows, key=(0, 2, 5)))


def _series_rows(record: Record, name: str, lang: str) -> Iterator[tuple[Cell, ...]]:
    runs = record.runs
    attrs = runs[name].attrs
    unit = unit_in_words(str(attrs.get("units", "")), lang)
    label = str(attrs.get(f"label_{lang}") or name)
    values = runs[name].transpose("scenario", "draw", "time").values
    finite = runs["finite"].transpose("scenario", "draw").values.astype(bool)
    for place, scenario in enumerate(record.scenarios):
        sound = values[place][finite[place]]
        if not len(sound):
            continue
        quantiles = np.quantile(sound, list(LEVELS.values()), axis=0).T
        for year, mean, ends in zip(runs["time"].values, sound.mean(0), quantiles, strict=True):
            at = int(year) if year == int(year) else float(year)
            head = (scenario.name, scenario.title.of(lang), name, label, unit, at)
            yield (*head, float(mean), *map(float, ends))


def drivers_grid(record: Record, lang: str) -> Grid:
    """One row per target and rank: the inputs that go most with it."""
    rows = []
    for target in record.targets:
        one = record.drivers.sel(target=target.name)
        for place, rank in enumerate(one["rank"].values):
            name = str(one["input"].values[place])
            if name:
                rows.append(
                    (
                        target.name, target.title.of(lang), target.year, int(rank), name,
                        str(one[f"label_{lang}"].values[place]),
                        REPORT[str(one["role"].values[place])].of(lang),
                        float(one["correlation"].values[place]),
                    )
                )  # fmt: skip
    title = Text("影响最大的因素", "What matters most")
    return Grid("drivers", title, timed(DRIVERS, [record]), tuple(rows))


def long_grid(series: Grid, targets: Grid) -> Grid:
    """Everything one number a row, as R and Stata like it: indicators by year, then targets.

    `kind` says whether `variable` names a variable of the model or a target.
    """
    rows: list[tuple[Cell, ...]] = []
    for grid, head in ((series, ("scenario", "variable")), (targets, ("scenario", "target"))):
        names = [column.name for column in grid.columns]
        numbers = [c.name for c in grid.columns if c.kind in ("number", "percent", "points")]
        for row in grid.rows:
            one = dict(zip(names, row, strict=True))
            for name in numbers:
                if one[name] is not None:
                    unit = one["unit"] if name in ("wanted", "mean", *LEVELS) else "1"
                    scenario, of = (one[key] for key in head)
                    rows.append((scenario, head[1], of, one["year"], name, unit, one[name]))
    return Grid("long", Text("长表", "Long format"), LONG, tuple(rows))


def iamc_grid(series: Grid) -> Grid:
    """The wide format of the IAMC: model, scenario, region, variable, unit, a column a year.

    Statistics are levels of the variable's name: `cbm_output|median`
    (pyam, doi.org/10.12688/openreseurope.13633.2).
    """
    names = [column.name for column in series.columns]
    rows = [dict(zip(names, row, strict=True)) for row in series.rows]
    years = sorted({row["year"] for row in rows}, key=lambda year: float(str(year)))
    found: dict[tuple[Cell, ...], dict[Cell, Cell]] = {}
    for row in rows:
        for statistic in ("mean", *LEVELS):
            variable = f"{row['variable']}|{statistic}"
            key = (MODEL, row["scenario"], REGION.en, variable, row["unit"] or "1")
            found.setdefault(key, {})[row["year"]] = row[statistic]
    heads = ("Model", "Scenario", "Region", "Variable", "Unit")
    columns = [Column(name, Text(name, name)) for name in heads]
    columns += [Column(str(year), Text(str(year), str(year)), "number") for year in years]
    filled = tuple((*key, *(cells.get(year) for year in years)) for key, cells in found.items())
    return Grid("iamc", Text("IAMC 格式", "IAMC format"), tuple(columns), filled)
