"""What matters most, the risks, and the signs to watch."""

from collections.abc import Iterator

import numpy as np
import xarray as xr

from sim.analysis.judgement import close_call, judgement
from sim.ensemble.target import Target
from sim.report.document.material import Material
from sim.report.document.tree import Block, Heading, Line, Paragraph, Table, chinese, numbered
from sim.report.document.words import say, sentence
from sim.report.numbers import share
from sim.report.rows import driver_rows

TORNADOES = 3
"""Of the targets whose odds are nearest to even: there, what matters decides."""


def matters(material: Material) -> Iterator[Block]:
    """The inputs that go most with each target, and how far they move the closest calls."""
    lang = material.lang
    yield Heading(1, say("matters", lang))
    yield drivers_table(material)
    yield Paragraph(sentence("drivers_note", lang, scenario=material.titles[0]), "note")
    odds = material.record.attainment["probability"].values[0]
    nearest = np.argsort(np.abs(odds - 0.5), kind="stable")[:TORNADOES]
    yield from material.figures("tornado", [material.record.targets[int(i)].name for i in nearest])


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
    head = (say("indicator", lang), say("year", lang), *ranks)
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
    for target, signs in found:
        low, high = (judgement(float(share)) for share in signs["probability"].values)
        if low != high:  # where the judgement itself hangs on the input
            yield Paragraph(_risk(material, target, signs), "item")
    if found:
        yield signs_table(material, found)
        yield Paragraph(sentence("signs_note", lang), "note")
    else:
        yield Paragraph(sentence("no_risk", lang))
    if len(record.targets) > 1:
        yield from material.figures("joint")


def _at_risk(material: Material) -> list[Target]:
    table = material.record.attainment
    return [
        target
        for place, target in enumerate(material.record.targets)
        if judgement(p := float(table["probability"].values[0, place])) != "on_track"
        or close_call(p, float(table["standard_error"].values[0, place]))
    ]


def _signs(material: Material, target: Target) -> xr.Dataset | None:
    signs = material.record.signs[target.name]
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
        year=material.cell(str(target.year), "year", target),
        judgement=say(judgement(odds), lang),
        input=str(signs[f"label_{lang}"].item()),
        low=_odds(material, target, signs, 0),
        high=_odds(material, target, signs, 1),
        watch=say(f"watch_{signs['role'].item()}", lang),
    )


def signs_table(material: Material, found: list[tuple[Target, xr.Dataset]]) -> Table:
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
    head = tuple(say(name, lang) for name in names)
    caption = numbered(say("signs_caption", lang))
    return Table(caption, head, rows, (3, 1, 3, 1.5, 2, 2), left=4)
