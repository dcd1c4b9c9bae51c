"""What is said beyond the odds of each target: together, by how much missed, and by when met."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sim.report.numbers import ABSENT, decimals, quantity, share
from sim.report.rows import by_target, scenario_titles, sound_members, wanted
from sim.report.words import POINTS, say, target_name, unit_in_words

PAIRS = 5
LEAST_PHI = 0.3
"""The association of two failures from which they are told: weaker ones are hardly visible."""


class GroupRow(NamedTuple):
    """A group of targets: its title, which targets are in it, and the odds of all of them."""

    title: str
    places: tuple[int, ...]
    probabilities: tuple[str, ...]


class MissRow(NamedTuple):
    """One target in the first scenario: what is missing where it is missed, and when it is met."""

    title: str
    year: int
    missed: str
    shortfall: str
    first_year: str
    ever: str


def group_rows(attainment: xr.Dataset, lang: str) -> list[GroupRow]:
    """One row per group that has targets, in the order of the plan's chapters."""
    own = attainment["group_of"].values
    sound = sound_members(attainment)
    return [
        GroupRow(
            say(f"group_{group}", lang),
            tuple(int(place) for place in np.flatnonzero(own == group)),
            tuple(
                share(float(odds), float(error), members)
                for odds, error, members in zip(
                    attainment["group_probability"].values[:, number],
                    attainment["group_standard_error"].values[:, number],
                    sound,
                    strict=True,
                )
            ),
        )
        for number, group in enumerate(map(str, attainment["group"].values))
    ]


def miss_rows(attainment: xr.Dataset, lang: str) -> list[MissRow]:
    """One row per target."""
    return [_miss_row(one, attainment["time"].values, lang) for one in by_target(attainment)]


def _miss_row(one: Mapping[str, Any], years: NDArray[np.float64], lang: str) -> MissRow:
    low, median, high = (float(one[f"shortfall_{name}"][0]) for name in ("p05", "median", "p95"))
    digits = decimals([median, (high - low) / 2])
    # what is missing of a share is said in points
    unit = unit_in_words(str(one["unit"]).replace("%", POINTS.zh), lang)
    amount = f"{quantity(median, digits)} ({quantity(low, digits)}–{quantity(high, digits)})"
    by = one["attained_by"][0]
    half = np.flatnonzero(by >= 0.5)
    first = f"{years[half[0]]:.0f}" if len(half) else ABSENT
    return MissRow(
        title=str(one[f"title_{lang}"]),
        year=int(one["year"]),
        missed=_percent(1 - float(one["probability"][0])),
        shortfall=f"{amount} {unit}".strip() if np.isfinite(median) else ABSENT,
        first_year=f"≤{first}" if len(half) and half[0] == 0 else first,
        ever=_percent(float(by[-1])),
    )


def _percent(probability: float) -> str:
    return f"{100 * probability:.0f}%" if np.isfinite(probability) else ABSENT


def pair_sentences(attainment: xr.Dataset, lang: str) -> list[str]:
    """The pairs of targets whose failures go together most in the first scenario, if any do."""
    both = attainment["both_missed"].values[0]
    alone = np.diag(both)
    spread = np.sqrt(alone * (1 - alone))
    with np.errstate(divide="ignore", invalid="ignore"):
        phi = np.nan_to_num((both - np.outer(alone, alone)) / np.outer(spread, spread))
    names = [
        target_name(str(title), int(year), lang, str(unit))
        for title, year, unit in zip(
            *(attainment[name].values for name in (f"title_{lang}", "year", "time_unit")),
            strict=True,
        )
    ]
    first, second = np.triu_indices(len(names), 1)
    order = np.argsort(-phi[first, second], kind="stable")[:PAIRS]
    return [
        say(
            "pair",
            lang,
            one=names[i],
            other=names[j],
            both=_percent(both[i, j]),
            chance=_percent(alone[i] * alone[j]),
        )
        for i, j in zip(first[order], second[order], strict=True)
        if phi[i, j] >= LEAST_PHI
    ]


def threshold_sentences(attainment: xr.Dataset, lang: str) -> list[str]:
    """For every target with thresholds, the odds of each, by scenario."""
    sentences = []
    owners = attainment["threshold_target"].values
    for name in dict.fromkeys(map(str, owners)):
        own = np.flatnonzero(owners == name)
        one = attainment.sel(target=name)
        parts = []
        for place in own:
            value = attainment["threshold_value"].values[place]
            odds = "/".join(map(_percent, attainment["threshold_probability"].values[:, place]))
            parts.append(f"{wanted(one.assign(wanted=value), lang)}{say('colon', lang)}{odds}")
        title, unit = one[f"title_{lang}"].item(), one["time_unit"].item()
        sentences.append(
            say(
                "thresholds",
                lang,
                title=target_name(title, int(one["year"]), lang, unit),
                scenarios="/".join(scenario_titles(attainment, lang)),
                parts=say("semicolon", lang).join(parts),
            )
        )
    return sentences
