"""Axes of a sweep, and which points along them are computed."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.design import Design, latin_hypercube, sobol_points
from sim.ensemble.entries import number_of
from sim.ensemble.factors import Factor
from sim.ensemble.inputs import quantiles
from sim.ensemble.scenario import Parameter, out_of_bounds
from sim.ensemble.spreadsheet import rows_of
from sim.text import Refused, Text, near

Floats = NDArray[np.float64]

GRID, OAT, FILE = "grid", "oat", "file"
SPREAD = ("random", "lhs", "sobol_sequence")
DESIGNS = (GRID, OAT, *SPREAD, FILE)


@dataclass(frozen=True)
class Steps:
    """`count` values from `start` on, `step` apart: a range, of which none lie in memory."""

    start: float
    step: float
    count: int

    def __len__(self) -> int:
        """How many values there are."""
        return self.count

    def at(self, places: NDArray[np.intp]) -> Floats:
        """Some of the values, to twelve digits of the largest: 0.1 + 2 × 0.1 is 0.3."""
        last = self.start + self.step * (self.count - 1)
        largest = max(abs(self.start), abs(last), 1e-300)
        values: Floats = np.round(
            self.start + self.step * places, 11 - math.floor(math.log10(largest))
        )
        return values


@dataclass(frozen=True)
class Axis:
    """What is swept, and the values it may take: levels, or multiples where the factor scales."""

    factor: Factor
    values: tuple[float, ...] | Steps

    @property
    def name(self) -> str:
        """The name of the lever, assumption or parameter."""
        return self.factor.name

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest value."""
        if isinstance(self.values, Steps):
            first, last = self.values.at(np.array([0, len(self.values) - 1]))
            return float(min(first, last)), float(max(first, last))
        return min(self.values), max(self.values)

    def at(self, places: NDArray[np.intp]) -> Floats:
        """Some of the values."""
        if isinstance(self.values, Steps):
            return self.values.at(places)
        values: Floats = np.asarray(self.values, dtype=float)[places]
        return values


def grid(axes: Sequence[Axis]) -> Design:
    """Every combination of the axes' values, the last axis fastest; made where it is asked for."""
    shape = [len(axis.values) for axis in axes]

    def rows(start: int, stop: int) -> Floats:
        places, columns = np.arange(start, stop), list[Floats]()
        for axis, length in zip(reversed(axes), reversed(shape), strict=True):
            places, own = np.divmod(places, length)
            columns.insert(0, axis.at(own))
        return np.stack(columns, axis=1)

    return Design(math.prod(shape), rows)


def one_at_a_time(axes: Sequence[Axis]) -> Design:
    """First a point at which nothing is changed (NaN), then each axis alone at either end."""
    points = np.full((1 + 2 * len(axes), len(axes)), np.nan)
    for column, axis in enumerate(axes):
        points[1 + 2 * column : 3 + 2 * column, column] = axis.ends
    return listed(points)


def listed(points: Floats) -> Design:
    """The points of a list."""
    return Design(len(points), lambda start, stop: points[start:stop])


def spread(axes: Sequence[Axis], count: int, design: str, seed: int) -> Design:
    """`count` points between the ends of the axes: at random, in strata, or a Sobol sequence."""
    low, high = np.array([axis.ends for axis in axes]).T

    @cache
    def points() -> Floats:
        if design == "random":
            u = np.random.default_rng(seed).random((count, len(axes)))
        elif design == "lhs":
            u = latin_hypercube(len(axes), count, seed).rows(0, count)
        else:
            u = sobol_points(len(axes), count, seed)
        found: Floats = low + (high - low) * u
        return found

    return Design(count, lambda start, stop: points()[start:stop])


def percentile_axes(
    table: Mapping[str, Parameter],
    names: Sequence[str],
    percentiles: tuple[float, float],
    places: Mapping[str, Floats],
) -> list[Axis]:
    """An axis between two percentiles for each of the uncertain parameters: of its draws, where
    `places` in the unit cube says where they lie, else of its distribution."""
    ends = np.array(percentiles) / 100

    def axis(name: str) -> Axis:
        u = np.quantile(places[name], ends) if name in places else ends
        return Axis(Factor(table[name]), tuple(map(float, quantiles(table[name], u))))

    return [axis(name) for name in names]


def read_points(file: Path, table: Mapping[str, Parameter]) -> tuple[list[Axis], Design]:
    """The points of a CSV: a column for each lever, assumption or parameter, a row for each point.

    A head may name the unit, as in `coal_cap [万吨/Year]`, which must then be the parameter's.
    Refuses unknown columns, wrong units, and every cell that is no number or out of bounds, at
    once, by row.
    """
    rows = _rows(file)
    problems = list[Text]()
    parameters = [_column(head, file, table, problems) for head in rows[0]]
    names = [parameter.name for parameter in parameters if parameter]
    problems += [
        Text(f"{file}：列 {name} 出现两次", f"{file}: the column {name} is there twice")
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    points = np.full((len(rows) - 1, len(rows[0])), np.nan)
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(rows[0]):
            problems.append(
                Text(
                    f"{file} 第 {number} 行：有 {len(row)} 列，表头有 {len(rows[0])} 列",
                    f"{file} line {number}: {len(row)} columns, the head has {len(rows[0])}",
                )
            )
            continue
        for column, (cell, parameter) in enumerate(zip(row, parameters, strict=True)):
            if parameter:
                points[number - 2, column] = _cell(cell, parameter, file, number, problems)
    if len(rows) == 1:
        problems.append(Text(f"{file}：没有一行数据", f"{file}: there is no row of numbers"))
    if problems:
        raise Refused(*problems)
    found = [
        Axis(Factor(parameter), tuple(map(float, np.unique(points[:, column]))))
        for column, parameter in enumerate(parameters)
        if parameter
    ]
    return found, listed(points)


def _rows(file: Path) -> list[list[str]]:
    rows = [row for row in rows_of(file) if any(row)]
    if not rows:
        raise Refused(Text(f"{file} 是空的", f"{file} is empty"))
    return rows


def _column(
    head: str, file: Path, table: Mapping[str, Parameter], problems: list[Text]
) -> Parameter | None:
    match = re.fullmatch(r"\s*(.*?)\s*(?:[\[（(](.*)[\])）])?\s*", head)
    assert match is not None
    name, unit = match.groups()
    parameter = table.get(name.split(".")[-1])
    if parameter is None:
        hint = near(name, table)
        problems.append(
            Text(
                f"{file}：列 {name} 不是政策手段、外部假设或参数{hint.zh}",
                f"{file}: the column {name} is no lever, assumption or parameter{hint.en}",
            )
        )
    elif unit and unit != parameter.unit:
        problems.append(
            Text(
                f"{file}：列 {name} 的单位是 {unit}，应为 {parameter.unit}；请换算",
                f"{file}: the column {name} is in {unit}, not in {parameter.unit}; convert it",
            )
        )
    return parameter


def _cell(cell: str, parameter: Parameter, file: Path, row: int, problems: list[Text]) -> float:
    where = Text(f"{file} 第 {row} 行 {parameter.name}", f"{file} line {row}, {parameter.name}")
    try:
        value = number_of(cell.strip())
    except ValueError as error:
        reason: Text = error.args[0]
        problems.append(Text(f"{where.zh}：{reason.zh}", f"{where.en}: {reason.en}"))
        return math.nan
    problems += [
        Text(f"{where.zh}：{wrong.zh}", f"{where.en}: {wrong.en}")
        for wrong in out_of_bounds(parameter, value)
    ]
    return value
