"""What matters most, the risks, and the signs to watch."""

from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr

from sim.analysis.early_signs import Sign
from sim.analysis.judgement import close_call, judgement
from sim.engine.units import factor
from sim.ensemble.target import Target
from sim.report.document.material import Material
from sim.report.document.tree import (
    Block,
    Heading,
    Line,
    Paragraph,
    Table,
    chinese,
    joined,
    numbered,
)
from sim.report.document.words import say, sentence
from sim.report.numbers import decimals, quantity, share
from sim.report.rows import driver_rows, drivers_note
from sim.report.words import when, with_unit

TORNADOES = 3
"""Of the targets whose odds are nearest to even: there, what matters decides."""
RISKS = 5
"""Risks that get a sentence: those with the widest swing; the table has them all."""


def matters(material: Material) -> Iterator[Block]:
    """The inputs that go most with each target, and how far they move the closest calls."""
    lang = material.lang
    yield Heading(1, say("matters", lang))
    yield drivers_table(material)
    note = drivers_note(material.record.drivers, material.record.attainment, lang)
    yield Paragraph(numbered(note), "note")
    odds = material.record.attainment["probability"].values[0]
    nearest = [
        material.record.targets[i].name for i in np.argsort(np.abs(odds - 0.5), kind="stable")
    ]
    signs = material.record.signs_of(material.record.targets)
    told = [name for name in nearest if signs[name].sizes["input"]]
    yield from material.figures("tornado", told[:TORNADOES])


def drivers_table(material: Material) -> Table:
    """The three strongest inputs of each target with their rank correlation."""
    lang, record = material.lang, material.record
    rows = []
    for target, row in zip(
        record.targets, driver_rows(record.drivers, record.attainment, lang), strict=True
    ):
        cells = [material.cell(text, "rank_correlation", target) for text in row.inputs]
        rows.append(((row.title,), material.cell(str(row.year), "year", target), *cells))
    ranks = [say("rank", lang, rank=_ordinal(i, lang)) for i in range(len(rows[0]) - 2)]
    head = (*material.head("indicator", "year"), *ranks)
    widths = (3, 1, *([3.2] * len(ranks)))
    return Table(numbered(say("drivers_caption", lang)), head, tuple(rows), widths, left=9)


def _ordinal(place: int, lang: str) -> str:
    return chinese(place + 1) if lang == "zh" else str(place + 1)


def risks(material: Material) -> Iterator[Block]:
    """Targets that are behind or close to it, what they hang on, and what to watch."""
    lang, record = material.lang, material.record
    yield Heading(1, say("risks", lang))
    found = [
        (target, signs) for target in _at_risk(material) if (signs := _signs(material, target))
    ]
    for target, signs in sorted(found, key=lambda one: -_swing(one[1]))[:RISKS]:
        low, high = (judgement(float(share)) for share in signs["probability"].values)
        if low != high:  # where the judgement itself hangs on the input
            yield Paragraph(_risk(material, target, signs), "item")
    if found:
        yield risks_table(material, found)
        yield Paragraph(sentence("risks_note", lang), "note")
        yield from skill_note(material)
    else:
        yield Paragraph(sentence("no_risk", lang))
    early = record.early_signs([target for target, _ in found])
    if early:
        yield signs_table(material, early)
        yield Paragraph(sentence("signs_note", lang), "note")
        yield from skill_note(material)
    if len(record.targets) > 1:
        yield from material.figures("joint")


def skill_note(material: Material) -> Iterator[Block]:
    """Beside a table of probabilities: where it stands what they were worth in back-tests."""
    if material.tested:
        yield Paragraph(sentence("skill_of_odds", material.lang), "note")


def _at_risk(material: Material) -> list[Target]:
    table = material.record.attainment
    return [
        target
        for place, target in enumerate(material.record.targets)
        if judgement(p := float(table["probability"].values[0, place])) != "on_track"
        or close_call(p, float(table["standard_error"].values[0, place]))
    ]


def _signs(material: Material, target: Target) -> xr.Dataset | None:
    signs = material.record.signs_of([target])[target.name]
    return signs.isel(input=0) if signs.sizes["input"] else None


def _odds(material: Material, target: Target, signs: xr.Dataset, third: int) -> Line:
    one = signs.isel(third=third)
    text = share(float(one["probability"]), float(one["standard_error"]), int(one["members"]))
    return material.cell(text, f"probability_{('low', 'high')[third]}_third", target)


def _risk(material: Material, target: Target, signs: xr.Dataset) -> Line:
    lang = material.lang
    place = material.record.targets.index(target)
    odds = float(material.record.attainment["probability"].values[0, place])
    return sentence(
        "risk",
        lang,
        title=target.title.of(lang),
        year=material.cell(when(target.year, target.time_unit, lang), "year", target),
        judgement=say(judgement(odds), lang),
        input=str(signs[f"label_{lang}"].item()),
        low=_odds(material, target, signs, 0),
        high=_odds(material, target, signs, 1),
        watch=say(f"watch_{signs['role'].item()}", lang),
    )


def _swing(signs: xr.Dataset) -> float:
    low, high = signs["probability"].values
    return abs(float(high - low))


def signs_table(material: Material, early: Sequence[Sign]) -> Table:
    """For each target what to watch and by when, and the odds with that sign and without it."""
    lang = material.lang
    targets = {target.name: target for target in material.record.targets}
    rows = []
    for sign in early:
        target = targets[sign.target]
        errors = [
            material.cell(f"{100 * error:.0f}%", name, target)
            for name, error in (
                ("missed_alarms", sign.missed_alarms), ("false_alarms", sign.false_alarms)
            )
        ]  # fmt: skip
        rows.append(
            (
                (target.title.of(lang),),
                material.cell(str(target.year), "year", target),
                _watched(material, sign, target),
                material.cell(
                    share(sign.if_good, sign.error_good, sign.members),
                    "probability_with_sign",
                    target,
                ),
                material.cell(
                    share(sign.if_bad, sign.error_bad, sign.members),
                    "probability_without_sign",
                    target,
                ),
                joined(errors[0], " / ", errors[1]),
            )
        )
    names = ("indicator", "year", "early_sign", "if_good", "if_bad", "alarms")
    head = material.head(*names)
    return Table(
        numbered(say("signs_caption", lang)), head, tuple(rows), (3, 1, 4, 1.6, 1.6, 1.8), left=3
    )


def _watched(material: Material, sign: Sign, target: Target) -> Line:
    """The sign in words: its own indicator in the target's unit, another one in the model's."""
    lang, attrs = material.lang, material.record.runs[sign.variable].attrs
    own = sign.variable == target.variable and target.measure == "level"
    unit = target.unit if own else str(attrs["units"])
    value = sign.threshold * factor(str(attrs["units"]), unit)
    level = with_unit(quantity(value, decimals([value])), unit, lang)
    return sentence(
        "at_least" if sign.above else "at_most",
        lang,
        year=material.cell(when(f"{sign.year:g}", target.time_unit, lang), "sign_year", target),
        label=str(attrs.get(f"label_{lang}") or sign.variable),
        value=material.cell(level, "sign_threshold", target),
    )


def risks_table(material: Material, found: list[tuple[Target, xr.Dataset]]) -> Table:
    """For each target at risk its strongest input, and the odds where that is low, and high."""
    lang = material.lang
    rows = tuple(
        (
            (target.title.of(lang),),
            material.cell(str(target.year), "year", target),
            numbered(str(signs[f"label_{lang}"].item())),
            (say(str(signs["role"].item()), lang),),
            _odds(material, target, signs, 0),
            _odds(material, target, signs, 1),
        )
        for target, signs in found
    )
    names = ("indicator", "year", "sign", "owner", "low_odds", "high_odds")
    head = material.head(*names)
    caption = numbered(say("risks_caption", lang))
    return Table(caption, head, rows, (3, 1, 3, 1.5, 2, 2), left=4)
