"""What a table of targets says, in words: the one source of terminal, summary and figures."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sim.analysis.reliability import Band
from sim.ensemble.target import WATCHED
from sim.report.numbers import decimals, exact, points, quantity, share, signed
from sim.report.words import SENSES, say, when, with_unit


class TargetRow(NamedTuple):
    """One target as a reader meets it; `probabilities` has one entry per scenario."""

    title: str
    year: int
    when: str
    wanted: str
    median: str
    range: str
    probabilities: tuple[str, ...]
    difference: str


class DriverRow(NamedTuple):
    """What matters most for one target, strongest first."""

    title: str
    year: int
    inputs: tuple[str, ...]


def target_rows(attainment: xr.Dataset, lang: str) -> list[TargetRow]:
    """One row per target; median and range are those of the first scenario."""
    sound = sound_members(attainment)
    return [_target_row(one, sound, lang) for one in by_target(attainment)]


def by_target(attainment: xr.Dataset) -> Iterator[dict[str, Any]]:
    """For each target what the table says of it: arrays by name, (scenario, …) or without dims.

    An xarray of each target would take a hundred times as long.
    """
    columns = {
        str(name): np.moveaxis(own.values, own.dims.index("target"), 0)
        for name, own in attainment.variables.items()
        if "target" in own.dims
    }
    for place in range(attainment.sizes["target"]):
        yield {name: values[place] for name, values in columns.items()}


def _target_row(one: Mapping[str, Any], sound: Sequence[int], lang: str) -> TargetRow:
    low, median, high = (float(one[name][0]) for name in ("p05", "median", "p95"))
    digits = decimals([median, (high - low) / 2])
    return TargetRow(
        title=str(one[f"title_{lang}"]),
        year=int(one["year"]),
        when=time_of(one, lang),
        wanted=wanted(one, lang),
        median=quantity(median, digits),
        range=f"{quantity(low, digits)}–{quantity(high, digits)}",
        probabilities=tuple(
            share(float(probability), float(error), sound)
            for probability, error, sound in zip(
                one["probability"],
                one["standard_error"],
                sound,
                strict=True,
            )
        ),
        difference=points(float(one["difference"]), float(one["difference_standard_error"]))
        if "difference" in one
        else "",
    )


def sound_members(attainment: xr.Dataset) -> list[int]:
    """Per scenario, the members that count: those that stayed finite, as independent ones."""
    return [int(n) for n in attainment["independent_members"].values]


def judged(table: xr.Dataset) -> bool:
    """Whether a table, or a row of it, is of targets; else of what variables come to."""
    return bool((table["sense"] != WATCHED).any())


def wanted(one: Mapping[str, Any] | xr.Dataset, lang: str) -> str:
    """What the plan wants of one target: ≥ 4,500 万吨/年."""
    sign = SENSES[np.asarray(one["sense"]).item()]
    amount = with_unit(exact(float(one["wanted"])), np.asarray(one["unit"]).item(), lang)
    return f"{sign} {amount}"


def wanted_in_year(one: xr.Dataset, lang: str) -> str:
    """What the plan wants of one target, and when: 2025 年 ≥ 4,500 万吨/年."""
    return say("target_in_year", lang, year=time_of(one, lang), wanted=wanted(one, lang))


def time_of(one: Mapping[str, Any] | xr.Dataset, lang: str) -> str:
    """When a target is due, in words."""
    return when(int(one["year"]), np.asarray(one["time_unit"]).item(), lang)


def scenario_titles(attainment: xr.Dataset, lang: str) -> list[str]:
    """The titles of the scenarios, the one asked for first."""
    return [str(title) for title in attainment[f"title_{lang}_scenario"].values]


def joint_rows(attainment: xr.Dataset) -> list[str]:
    """Per scenario, the probability that all targets are met together."""
    return [
        share(float(probability), float(error), sound)
        for probability, error, sound in zip(
            attainment["joint_probability"].values,
            attainment["joint_standard_error"].values,
            sound_members(attainment),
            strict=True,
        )
    ]


def joint_sentence(attainment: xr.Dataset, lang: str) -> str:
    """How probable it is that all targets are met together, in every scenario."""
    pairs = zip(scenario_titles(attainment, lang), joint_rows(attainment), strict=True)
    parts = say("semicolon", lang).join(f"{title} {chance}" for title, chance in pairs)
    return say("joint_sentence", lang, count=attainment.sizes["target"], parts=parts)


def calibrated_sentences(calibration: Path | str | None, independent: int, lang: str) -> list[str]:
    """That draws come from a calibration, from which, and how many independent ones they are
    worth; empty where they do not."""
    if not calibration:
        return []
    worth = f"{independent:,}"
    return [say("method_calibrated", lang, calibration=calibration, independent=worth)]


def approximations(attainment: xr.Dataset, lang: str) -> list[str]:
    """That parameters were set without moving those that go together with them, if any were; and
    that a method of integration stands in for the model file's, if one does."""
    attrs = attainment.attrs
    said = []
    if names := attrs.get(f"alone_{lang}"):
        said.append(say("set_alone", lang, names=names))
    if wanted := attrs.get("instead_of"):
        said.append(stand_in(attrs["integrator"], wanted, lang))
    return said


def stand_in(integrator: str, wanted: str, lang: str) -> str:
    """That a method of integration stands in for the one that a model file asks for."""
    return say("method_instead", lang, integrator=say(integrator, lang), wanted=wanted)


def skill_sentences(attainment: xr.Dataset, lang: str) -> list[str]:
    """How far probabilities like these came true in back-tests; none where none were made."""
    bands = _bands(attainment)
    said = [
        say("skill_band", lang, low=f"{low:.0%}", high=f"{high:.0%}", true=true, events=events)
        for low, high, events, true in bands
    ]
    total = sum(band.events for band in bands)
    listed = say("semicolon", lang).join(said)
    return [say("skill", lang, events=total, bands=listed)] if bands else []


def skill_line(attainment: xr.Dataset, lang: str) -> tuple[str, ...]:
    """The same on a line under a figure; none where no back-tests were made."""
    bands = _bands(attainment)
    said = [
        say("skill_short_band", lang, low=f"{100 * low:.0f}", high=f"{high:.0%}", true=true,
            events=events)
        for low, high, events, true in bands
    ]  # fmt: skip
    return (say("skill_short", lang, bands=say("semicolon", lang).join(said)),) if bands else ()


def _bands(attainment: xr.Dataset) -> list[Band]:
    """The bands of probabilities that `with_skill` put beside odds; none where none were."""
    if "band_low" not in attainment:
        return []
    columns = (attainment[f"band_{name}"].values for name in Band._fields)
    return [Band(*row) for row in zip(*columns, strict=True)]


LEAST_CHANGE = 0.01
"""A difference of probabilities below which none is worth a sentence, however sure it is."""


def clear_changes(attainment: xr.Dataset) -> NDArray[np.int_]:
    """Per target 1 where it became clearly more probable than in the reference, -1 where clearly
    less, else 0: by more than `LEAST_CHANGE`, and than twice its standard error."""
    difference = attainment["difference"].values
    least = np.maximum(2 * attainment["difference_standard_error"].values, LEAST_CHANGE)
    return np.where(np.abs(difference) > least, np.sign(difference), 0).astype(int)


def failed_sentences(attainment: xr.Dataset, lang: str) -> list[str]:
    """A sentence for every scenario in which members diverged."""
    return [
        say("failed", lang, scenario=title, members=f"{int(members):,}", failed=f"{int(failed):,}")
        for title, members, failed in zip(
            scenario_titles(attainment, lang),
            attainment["members"].values,
            attainment["failed_members"].values,
            strict=True,
        )
        if failed
    ]


def driver_rows(drivers: xr.Dataset, attainment: xr.Dataset, lang: str) -> list[DriverRow]:
    """One row per target: the inputs that matter most with the sign of their correlation."""
    rows = []
    for place, target in enumerate(attainment["target"].values):
        one = drivers.sel(target=target)
        inputs = tuple(
            f"{label} {signed(f'{correlation:+.2f}')}" if name else ""
            for name, label, correlation in zip(
                one["input"].values,
                one[f"label_{lang}"].values,
                one["correlation"].values,
                strict=True,
            )
        )
        title = str(attainment[f"title_{lang}"].values[place])
        rows.append(DriverRow(title, int(attainment["year"].values[place]), inputs))
    return rows


def drivers_note(drivers: xr.Dataset, attainment: xr.Dataset, lang: str) -> str:
    """What the signs in the table of what matters most mean, and what it leaves out."""
    chance = f"{drivers.attrs['by_chance']:.2f}"
    return say("drivers_note", lang, chance=chance, scenario=scenario_titles(attainment, lang)[0])
