"""What was observed, and its files: the history of the project, and a user's own new figures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.ensemble.entries import number_of
from sim.ensemble.spreadsheet import rows_of
from sim.text import Refused, Text, near

VINTAGES = ("first", "revised", "census")
"""How a figure came to be: first published, revised later, revised after a census; each outdoes
the one before."""
CHOICES = ("latest", *VINTAGES)

HEADINGS = {
    "variable": ("series", "指标", "变量", "序列"),
    "year": ("年份", "年"),
    "value": ("数值", "值"),
    "unit": ("单位",),
    "error": ("误差", "标准误"),
    "source": ("来源", "出处"),
    "vintage": ("版本",),
    "shared": ("误差组",),
    "since": ("起始年",),
    "measure": ("度量",),
}
"""What a column may be called, by the word of the project."""
REQUIRED = ("variable", "year", "value", "unit")
MEASURES = ("change", "ratio", "mean_growth")
"""What of two years is observed: the difference, the quotient, or compound growth a year."""


@dataclass(frozen=True)
class Observation:
    """One observed figure: `error` is its standard error, in the same unit.

    Figures with the same word in `shared` have errors in common: one office, one set of rules.
    With `since` the figure is of two years: the `measure` of the variable from then to `year`.
    """

    variable: str
    year: float
    value: float
    unit: str
    error: float
    source: str
    vintage: str = "first"
    shared: str = ""
    since: float | None = None
    measure: str = "level"

    @property
    def key(self) -> tuple[str, float, float | None]:
        """What it is a figure of: the variable and its years."""
        return self.variable, self.year, self.since


def read_history(folder: Path, vintage: str = "latest") -> list[Observation]:
    """The observations in the CSV files of `folder`, one per variable and year.

    `vintage` chooses where a figure was published more than once: the latest, or a word of
    `VINTAGES`, for want of which the next earlier one, then the next later one, serves.
    """
    found: list[Observation] = []
    problems: list[Text] = []
    for file in sorted(folder.glob("*.csv")):
        try:
            found += read_observations(file)
        except Refused as refused:
            problems += refused.problems
    problems += _twice(found, folder)
    if problems:
        raise Refused(*problems)
    return chosen(found, vintage)


def chosen(observations: Iterable[Observation], vintage: str) -> list[Observation]:
    """One observation per variable and year, of the vintage that is asked for."""
    figures: dict[tuple[str, float, float | None], list[Observation]] = {}
    for one in observations:
        figures.setdefault(one.key, []).append(one)
    return [_of_vintage(same, vintage) for same in figures.values()]


def _of_vintage(same: Sequence[Observation], vintage: str) -> Observation:
    ordered = sorted(same, key=lambda one: VINTAGES.index(one.vintage))
    if vintage == "latest":
        return ordered[-1]
    wanted = VINTAGES.index(vintage)
    earlier = [one for one in ordered if VINTAGES.index(one.vintage) <= wanted]
    return earlier[-1] if earlier else ordered[0]


def read_observations(
    file: Path, names: Mapping[str, str] | None = None, errors: Mapping[str, float] | None = None
) -> list[Observation]:
    """The observations in one CSV file, see `examined`; Refused with all its mistakes."""
    found, problems = examined(file, names, errors)
    if problems:
        raise Refused(*problems)
    return found


def examined(
    file: Path, names: Mapping[str, str] | None = None, errors: Mapping[str, float] | None = None
) -> tuple[list[Observation], list[Text]]:
    """The observations in one CSV file, whatever program wrote it, and all its mistakes.

    Headings may be Chinese or English; see `rows_of`.
    `names` gives the variable that each accepted word stands for (without it any word is taken);
    `errors` the relative standard error by variable where a row gives none, "" for the others.
    """
    rows = rows_of(file)
    if not any(map(any, rows[1:])):
        return [], [Text(f"{file} 中没有数据", f"{file} holds no figures")]
    places, problems = _columns(rows[0], file, errors is not None)
    if problems:
        return [], problems
    found: list[Observation] = []
    for number, row in enumerate(rows[1:], start=2):
        if not any(row):
            continue
        cells = {name: row[place] if place < len(row) else "" for name, place in places.items()}
        one = _observation(cells, f"{file} 第 {number} 行", f"{file} line {number}", names, errors)
        if isinstance(one, Observation):
            found.append(one)
        else:
            problems += one
    return found, problems + _twice(found, file)


def _columns(
    headings: Sequence[str], file: Path, errors_known: bool
) -> tuple[dict[str, int], list[Text]]:
    """Where each column stands, and what is wrong with the headings."""
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        word = heading.lower()
        for name, others in HEADINGS.items():
            if word == name or word in others:
                places.setdefault(name, place)
    wanted = REQUIRED if errors_known else (*REQUIRED, "error")
    absent = [name for name in wanted if name not in places]
    if not absent:
        return places, []
    said = ", ".join(f"{name}（{'、'.join(HEADINGS[name])}）" for name in absent)
    return places, [
        Text(
            f"{file} 第 1 行：缺少列 {said}；现有：{', '.join(headings)}",
            f"{file} line 1: missing columns {', '.join(absent)}; there are {', '.join(headings)}",
        )
    ]


def _observation(
    cells: Mapping[str, str],
    where_zh: str,
    where_en: str,
    names: Mapping[str, str] | None,
    errors: Mapping[str, float] | None,
) -> Observation | list[Text]:
    """The observation of a row, or what is wrong with it."""
    problems: list[Text] = []

    def wrong(zh: str, en: str) -> None:
        problems.append(Text(f"{where_zh}：{zh}", f"{where_en}: {en}"))

    def number(name: str) -> float:
        written = cells.get(name, "").rstrip("%").replace(",", "")
        try:
            return number_of(written)
        except ValueError:
            wrong(f"{name} 应为数字，而不是“{written}”", f"{name} is no number: {written!r}")
            return 0.0

    variable, unit = cells["variable"], cells["unit"]
    if names is not None and variable not in names:
        hint = near(variable, names)
        wrong(f"不认识的指标“{variable}”{hint.zh}", f"unknown series {variable!r}{hint.en}")
    variable = variable if names is None else names.get(variable, variable)
    year, value = number("year"), number("value")
    if cells["value"].endswith("%") and unit not in ("", "%"):
        wrong(f"数值写作百分数，单位却是 {unit}", f"the value is a percentage, its unit {unit}")
    unit = unit or ("%" if cells["value"].endswith("%") else "")
    if cells.get("error"):
        error = number("error")
    else:
        known = errors or {}
        error = abs(value) * known.get(variable, known.get("", 0.0))
    if not problems and (error < 0 or (error == 0 and errors is not None)):
        wrong(f"误差须大于零，而不是 {error:g}", f"the error must be above zero, not {error:g}")
    vintage = cells.get("vintage") or "first"
    if vintage not in VINTAGES:
        wrong(
            f"版本 {vintage!r} 只能是 {'、'.join(VINTAGES)}",
            f"vintage {vintage!r} can be {', '.join(VINTAGES)}",
        )
    since = number("since") if cells.get("since") else None
    measure = cells.get("measure") or "level"
    problems += _unpaired(since, measure, where_zh, where_en)
    if problems:
        return problems
    source, shared = cells.get("source", ""), cells.get("shared", "")
    return Observation(variable, year, value, unit, error, source, vintage, shared, since, measure)


def _unpaired(since: float | None, measure: str, where_zh: str, where_en: str) -> list[Text]:
    """What is wrong where a first year and a measure do not come together."""
    if (measure in MEASURES) == (since is not None):
        return []
    return [
        Text(
            f"{where_zh}：起始年与度量须同时给出，度量只能是 {'、'.join(MEASURES)}，"
            f"而不是“{measure}”",
            f"{where_en}: `since` goes with a `measure` of {', '.join(MEASURES)}, not {measure!r}",
        )
    ]


def _twice(observations: Iterable[Observation], where: Path) -> list[Text]:
    """Figures of one variable, year and vintage that differ: which of them counts?"""
    seen: dict[tuple[object, str], Observation] = {}
    problems: list[Text] = []
    for one in observations:
        first = seen.setdefault((one.key, one.vintage), one)
        if first.value != one.value:
            values = f"{first.value:g}, {one.value:g} {one.unit}"
            words = "、".join(VINTAGES)
            problems.append(
                Text(
                    f"{where}：{one.variable} {one.year:g} 年有两个不同的数（{values}）；"
                    f"请加 vintage 列，写明各自的版本：{words}",
                    f"{where}: {one.variable} {one.year:g} has two figures ({values}); say in a "
                    f"column `vintage` which is which: {', '.join(VINTAGES)}",
                )
            )
    return problems
