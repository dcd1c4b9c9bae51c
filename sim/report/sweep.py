"""What a sweep found: on the terminal, as CSV, and in sentences."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from sim.analysis.sweeping import Floats, crossings
from sim.report.numbers import decimals, exact, quantity, share
from sim.report.rows import calibrated_sentences, judged, skill_sentences, time_of
from sim.report.tables import Flowing, add_times, default_console, empty_table
from sim.report.words import WORDS, amount, csv_head, say, unit_in_words, with_unit

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

LEVELS = (0.5, 0.8, 0.9)
"""Probabilities whose crossing is marked."""
LEADING = 3
NAMED = 8
"""Parameters named in a sentence, at most."""
ALIKE = 1e-6
"""Medians that differ by less than this share of themselves are the same."""

OF_TARGET = ("target", "title", "year", "sense", "wanted", "unit")
NUMBERS = ("probability", "standard_error", "median", "p05", "p95", "joint_probability")
OF_JUDGED = ("sense", "wanted", "probability", "standard_error", "joint_probability")
"""Columns that quantities without a target leave out."""


def say_of(word: str, table: xr.Dataset, lang: str, **facts: object) -> str:
    """What `word` says of targets; where there are none, what stands for it."""
    return say(word if judged(table) else f"{word}_watched", lang, **facts)


def axes_of(table: xr.Dataset) -> list[str]:
    """The names of the axes."""
    axes = table.attrs["axes"]
    return [axes] if isinstance(axes, str) else list(map(str, axes))  # netCDF unwraps a single one


def axis_label(table: xr.Dataset, axis: str, lang: str) -> str:
    """An axis in words: its label, and whether it is decided by the county or by the world."""
    attrs, label = table[axis].attrs, _called(table, axis, lang)
    if attrs["multiples"]:
        label = say("sweep_multiple", lang, label=label)
    return say("sweep_axis", lang, label=label, role=say(str(attrs["role"]), lang))


def level_at(table: xr.Dataset, axis: str, value: float, lang: str) -> str:
    """A level of an axis with its unit: 4,500 万吨/年, × 1.2; or that it is as it was."""
    if not np.isfinite(value):
        return say("sweep_usual", lang)
    if table[axis].attrs["multiples"]:
        return f"×{exact(round(value, 6))}"
    return amount(float(f"{value:.5g}"), str(table[axis].attrs["units"]), lang)


def crossing_at(table: xr.Dataset, axis: str, place: float, lang: str) -> str:
    """Where between two points a probability is passed: no more digits than that tells."""
    return level_at(table, axis, float(f"{place:.3g}"), lang)


def _called(table: xr.Dataset, axis: str, lang: str) -> str:
    return str(table[axis].attrs[f"label_{lang}"]) or axis


def point_in_words(table: xr.Dataset, point: int, lang: str, named: bool = True) -> str:
    """The levels of a point that are not as they were: 煤炭产量上限 4,500 万吨/年; where they are
    not `named`, without what they are of."""
    parts = [
        f"{_called(table, axis, lang)} " * named + level_at(table, axis, value, lang)
        for axis in axes_of(table)
        if np.isfinite(value := float(table[axis].values[point]))
    ]
    return ("，" if lang == "zh" else ", ").join(parts) or say("sweep_usual", lang)


def found_at(table: xr.Dataset, point: int, target: int, lang: str) -> str:
    """A probability with its standard error; without a target the median, with its range."""
    one = table.isel(point=point, target=target)
    if not judged(table):
        low, median, high = (float(one[name]) for name in ("p05", "median", "p95"))
        digits = decimals([median])
        said = with_unit(quantity(median, digits), str(one["unit"].item()), lang)
        if high - low <= ALIKE * abs(median):
            return said
        return f"{said} ({quantity(low, digits)}–{quantity(high, digits)})"
    error = float(one["standard_error"])
    return share(float(one["probability"]), error, sound_members(one))


def sound_members(one: xr.Dataset) -> int:
    """The members of a point that count: those that stayed finite, as independent ones."""
    finite = int(one.attrs["draws"]) - int(one["failed_members"])
    return round(finite * float(one.attrs.get("independent", 1.0)))


def extremes(table: xr.Dataset, target: int) -> tuple[int, int] | None:
    """The points of the lowest and the highest probability, without targets of the median; None
    where they hardly differ."""
    values = table["probability" if judged(table) else "median"].values[:, target]
    if not np.isfinite(values).any():
        return None
    low, high = int(np.nanargmin(values)), int(np.nanargmax(values))
    least = ALIKE * max(abs(values[low]), abs(values[high]))
    if judged(table):
        error = table["standard_error"].values[:, target]
        least = 2 * np.hypot(error[low], error[high])
    return (low, high) if values[high] - values[low] > least else None


def title_of(table: xr.Dataset, target: int, lang: str) -> str:
    """A target with its year."""
    one = table.isel(target=target)
    return say("infl_of", lang, title=str(one[f"title_{lang}"].values), year=time_of(one, lang))


def finding(table: xr.Dataset, target: int, lang: str) -> str:
    """What the sweep says of one target, in a sentence or two."""
    title = title_of(table, target, lang)
    ends = extremes(table, target)
    if table.attrs["design"] == "oat":
        return _tornado_sentence(table, target, lang)
    if ends is None:
        return rest(table, [target], lang)
    low, high = ends
    sentence = say_of(
        "sweep_best",
        table,
        lang,
        target=title,
        low=found_at(table, low, target, lang),
        low_at=point_in_words(table, low, lang),
        high=found_at(table, high, target, lang),
        high_at=point_in_words(table, high, lang),
    )
    return (" " if lang == "en" else "").join([sentence, *_crossing_sentences(table, target, lang)])


def rest(table: xr.Dataset, targets: Sequence[int], lang: str) -> str:
    """The targets that what was changed does not move, in one sentence, with what they are."""
    listed = say("semicolon", lang).join(
        f"{title_of(table, target, lang)} {_between(table, target, lang)}" for target in targets
    )
    return say("sweep_rest", lang, count=len(targets), listed=listed)


def _between(table: xr.Dataset, target: int, lang: str) -> str:
    """What the lowest and the highest point have of a target; once where that reads the same."""
    values = table["probability" if judged(table) else "median"].values[:, target]
    if not np.isfinite(values).any():
        return found_at(table, 0, target, lang)
    ends = (int(np.nanargmin(values)), int(np.nanargmax(values)))
    low, high = (found_at(table, point, target, lang) for point in ends)
    return _from_to(low, high, high, lang)


def findings(table: xr.Dataset, lang: str) -> list[str]:
    """What the sweep says of every target; of those that it does not move in one sentence."""
    targets = range(table.sizes["target"])
    if table.attrs["design"] == "oat":
        return [finding(table, target, lang) for target in targets]
    still = [target for target in targets if extremes(table, target) is None]
    told = [finding(table, target, lang) for target in targets if target not in still]
    return [*told, *([rest(table, still, lang)] if still else [])]


def overall(table: xr.Dataset, lang: str) -> str:
    """How many targets what was changed matters for, and where most are met together."""
    count = table.sizes["target"]
    if table.attrs["design"] == "oat" or count < 2 or not judged(table):
        return ""
    moved = sum(extremes(table, target) is not None for target in range(count))
    said = [say("sweep_overall", lang, count=count, moved=moved, same=count - moved)]
    joint = table["joint_probability"].values
    if np.isfinite(joint).any() and np.nanmax(joint) > 0:
        best = int(np.nanargmax(joint))
        one = table.isel(point=best)
        odds = share(float(joint[best]), float(one["joint_standard_error"]), sound_members(one))
        said.append(say("sweep_joint", lang, odds=odds, at=point_in_words(table, best, lang)))
    else:
        said.append(say("sweep_never_joint", lang))
    return (" " if lang == "en" else "").join(said)


def _crossing_sentences(table: xr.Dataset, target: int, lang: str) -> list[str]:
    """Where the probability passes 50, 80 and 90 %, along the one axis that there is."""
    said = []
    for level, places in crossings_of(table, target).items():
        (axis,) = axes_of(table)
        listed = ("、" if lang == "zh" else ", ").join(
            dict.fromkeys(crossing_at(table, axis, place, lang) for place in places)
        )
        label = _called(table, axis, lang)
        said.append(
            say("sweep_crossing", lang, axis=label, places=listed, level=round(100 * level))
        )
    return said


def crossings_of(table: xr.Dataset, target: int) -> dict[float, list[float]]:
    """Level → where along the only axis the probability passes it; empty for more axes."""
    axes = axes_of(table)
    if len(axes) != 1 or table.attrs["design"] == "oat" or not judged(table):
        return {}
    if extremes(table, target) is None:
        return {}  # where the odds hardly differ, where they pass a level is luck
    x, probability = table[axes[0]].values, table["probability"].values[:, target]
    order = np.argsort(x)
    found = {level: crossings(list(x[order]), list(probability[order]), level) for level in LEVELS}
    return {level: places for level, places in found.items() if places}


def swings(table: xr.Dataset, target: int, role: str | None = None) -> list[tuple[str, int, int]]:
    """Of a sweep one at a time: axis, its lower point, its upper point; the widest swing of the
    median first, of the probability where no median moves; without axes that change neither."""
    axes = axes_of(table)
    found = [
        (axis, 1 + 2 * place, 2 + 2 * place)
        for place, axis in enumerate(axes)
        if role is None or table[axis].attrs["role"] == role
    ]
    median = _swing(table["median"].values[:, target], found)
    odds = _swing(table["probability"].values[:, target], found) if judged(table) else 0 * median
    order = np.lexsort((-odds, -median))
    return [found[place] for place in order if median[place] > 0 or odds[place] > 0]


def _swing(values: Floats, found: Sequence[tuple[str, int, int]]) -> Floats:
    """By how much values differ between the two ends of each axis; 0 where they are alike."""
    ends = np.array([[values[low], values[high]] for _, low, high in found]).reshape(-1, 2)
    apart = np.abs(ends[:, 1] - ends[:, 0])
    return np.where(apart > ALIKE * np.abs(ends).max(axis=1), apart, 0.0)


def _tornado_sentence(table: xr.Dataset, target: int, lang: str) -> str:
    one = table.isel(target=target)
    digits = decimals([float(one["median"].values[0])])
    unit = str(one["unit"].values)
    parts = []
    for axis, low, high in swings(table, target)[:LEADING]:
        medians = [quantity(float(one["median"].values[p]), digits) for p in (low, high)]
        odds = [found_at(table, point, target, lang) for point in (low, high)]
        parts.append(
            say_of(
                "sweep_swing",
                table,
                lang,
                label=_called(table, axis, lang),
                median=_from_to(medians[0], medians[1], with_unit(medians[1], unit, lang), lang),
                odds=_from_to(odds[0], odds[1], odds[1], lang),
            )
        )
    title = title_of(table, target, lang)
    if not parts:
        return rest(table, [target], lang)
    return say(
        "sweep_tornado", lang, target=title, axes=("、" if lang == "zh" else ", ").join(parts)
    )


def _from_to(low: str, high: str, last: str, lang: str) -> str:
    """Both ends, the upper one as `last` says it; once where they read the same."""
    return last if low == high else say("sweep_from_to", lang, low=low, high=last)


def method_sentences(table: xr.Dataset, lang: str) -> list[str]:
    """How the points were chosen, what was left out, and what probabilities were worth."""
    attrs = table.attrs
    draws, points = int(attrs["draws"]), table.sizes["point"]
    design = say(f"sweep_{attrs['design']}", lang)
    method = "sweep_method" if draws > 1 else "sweep_method_once"
    said = [say(method, lang, design=design, draws=f"{draws:,}", seed=attrs["seed"])]
    calibration = attrs.get("calibration", "")
    said += calibrated_sentences(calibration, sound_members(table.isel(point=0)), lang)
    alone = table.attrs.get("tied", [])
    if len(alone):
        names = [alone] if isinstance(alone, str) else list(alone)  # netCDF unwraps a single one
        labels = [_called(table, axis, lang) for axis in names[:NAMED]]
        more = " …" if len(names) > NAMED else ""
        listed = ("、" if lang == "zh" else ", ").join(labels) + more
        word = "sweep_apart" if calibration else "sweep_alone"
        said.append(say(word, lang, count=len(names), names=listed))
    failed = int(table["failed_members"].sum())
    if failed:
        members = f"{points * draws:,}"
        said.append(say("sweep_failed", lang, members=members, failed=f"{failed:,}"))
    return [*said, *skill_sentences(table, lang)]


def sweep_title(table: xr.Dataset, lang: str) -> str:
    """The title of a sweep."""
    points = f"{table.sizes['point']:,}"
    scenario = table.attrs[f"scenario_{lang}"]
    return say_of("sweep_title", table, lang, scenario=scenario, points=points)


def sweep_markdown(table: xr.Dataset, lang: str) -> str:
    """The text of a sweep's summary: findings, axes, method."""
    axes = [
        f"* {axis_label(table, axis, lang)}：{_values(table, axis, lang)}"
        for axis in axes_of(table)
    ]
    parts = [
        "# " + sweep_title(table, lang),
        f"## {say('infl_findings', lang)}",
        *filter(None, [overall(table, lang)]),
        "\n".join(f"* {one}" for one in findings(table, lang)),
        f"## {say('method', lang)}",
        "\n".join([*method_sentences(table, lang), say_of("sweep_within", table, lang)]),
        "\n".join(axes),
    ]
    return "\n\n".join(parts) + "\n"


def _values(table: xr.Dataset, axis: str, lang: str) -> str:
    """The values of an axis; of many, both ends."""
    values = np.unique(table[axis].values[np.isfinite(table[axis].values)])
    listed: Sequence[float] = list(values) if len(values) <= 8 else [values[0], values[-1]]
    join = ("、" if lang == "zh" else ", ") if len(values) <= 8 else " … "
    return join.join(level_at(table, axis, float(value), lang) for value in listed)


def print_sweep(
    table: xr.Dataset, folder: Path | None, lang: str, console: "Console | None" = None
) -> None:
    """Shows a sweep on `console`: for every target the ends of its probability, and where."""
    console = console or default_console()
    console.print(Flowing(sweep_title(table, lang), style="bold"))
    for sentence in method_sentences(table, lang):
        console.print(Flowing(sentence, style="dim"))
    console.print()
    targets = range(table.sizes["target"])
    if table.attrs["design"] == "oat":
        for target in targets:
            console.print(Flowing(f"• {finding(table, target, lang)}"))
    else:
        console.print(_ends(table, lang))
        for target in targets:
            for sentence in _crossing_sentences(table, target, lang):
                line = title_of(table, target, lang) + say("colon", lang) + sentence
                console.print(Flowing(line))
        last = overall(table, lang) if judged(table) else say("no_targets_asked", lang)
        console.print(Flowing(last, style="bold" if judged(table) else "dim"))
    if folder is not None:
        console.print()
        console.print(Flowing(say("saved", lang, folder=folder)), soft_wrap=True)


def _ends(table: xr.Dataset, lang: str) -> "Table":
    """A row for each target: its lowest and its highest probability or median, and where."""
    shown = empty_table("")
    shown.add_column(say("indicator", lang), overflow="fold", min_width=12)
    add_times(shown, str(table["time_unit"].values[0]), lang)
    lowest, highest = (say_of(f"sweep_{end}", table, lang) for end in ("lowest", "highest"))
    axes = axes_of(table)  # of one its name is the head of its levels, else it stands with each
    where = _called(table, axes[0], lang) if len(axes) == 1 else say("sweep_where", lang)
    for head in (lowest, where, highest, where):
        shown.add_column(Flowing(head), overflow="fold")
    for target in range(table.sizes["target"]):
        one = table.isel(target=target)
        ends = extremes(table, target)
        cells = [found_at(table, 0, target, lang), "—", "—", "—"]
        if ends is not None:
            cells = [
                text
                for point in ends
                for text in (
                    found_at(table, point, target, lang),
                    point_in_words(table, point, lang, named=len(axes) > 1),
                )
            ]
        title = str(one[f"title_{lang}"].values)
        shown.add_row(*map(Flowing, [title, str(int(one["year"])), *cells]))
    return shown


def sweep_csv(table: xr.Dataset, path: Path, lang: str = "zh") -> Path:
    """`path`: one row per point and target, the axes first, every number in full."""
    axes = axes_of(table)
    columns = {axis: table[axis].values for axis in axes}
    numbers = {
        name: np.broadcast_to(
            table[name].values.reshape(table.sizes["point"], -1),
            (table.sizes["point"], table.sizes["target"]),
        )
        for name in (*NUMBERS, "failed_members")
    }
    left_out = () if judged(table) else OF_JUDGED
    numbers = {name: column for name, column in numbers.items() if name not in left_out}
    about = [name for name in OF_TARGET if name not in left_out]
    heads = [*about, *numbers]
    targets = [
        [_of_target(table, t, name, lang) for name in about] for t in range(table.sizes["target"])
    ]
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        names = [f"{axis} [{table[axis].attrs['units']}]" for axis in axes]
        head = [WORDS["csv_point"].of(lang), *names]
        unit = str(table["time_unit"].values[0])
        writer.writerow([*head, *(csv_head(name, unit, lang) for name in heads)])
        for point in range(table.sizes["point"]):
            levels = [_level(columns[axis][point]) for axis in axes]
            for t, target in enumerate(targets):
                values = (column[point, t] for column in numbers.values())
                writer.writerow([point, *levels, *target, *values])
    return path


def _of_target(table: xr.Dataset, target: int, name: str, lang: str) -> object:
    """What stands in a column that says something of the target itself."""
    value = table[f"title_{lang}" if name == "title" else name].values[target]
    match name:
        case "sense":
            return say(str(value), lang)
        case "unit":
            return unit_in_words(str(value), lang)
    return value


def _level(value: float) -> object:
    """A level; empty where the point leaves the axis as it was."""
    return value if np.isfinite(value) else ""
