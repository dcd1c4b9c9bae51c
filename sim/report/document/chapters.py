"""The chapters of a report, each from the tables of a run: a table of contents to read."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from sim.analysis.judgement import WORDS as JUDGEMENTS
from sim.analysis.judgement import close_call, judgement
from sim.ensemble.target import GROUPS, Target
from sim.report.document.material import Material
from sim.report.document.sources import model, repeat, sources
from sim.report.document.tree import (
    Block,
    Document,
    Figure,
    Heading,
    Line,
    Paragraph,
    Table,
    identified,
    joined,
    numbered,
)
from sim.report.document.watch import matters, risks, skill_note
from sim.report.document.words import say, sentence
from sim.report.rows import clear_changes, joint_rows, skill_sentences
from sim.report.words import SENSES, is_county, level_in_words, model_name, spoken, with_unit

BARS = 20
"""Targets whose bars a page has room for."""
NAMED = 5
"""Changes that a sentence names, the largest first; the table of comparison has them all."""


def document(material: Material) -> Document:
    """The report of a run."""
    lang = material.lang
    chapters = (summary, targets, comparison, course, matters, risks, sources, model, repeat)
    blocks = tuple(block for chapter in chapters for block in chapter(material))
    subtitle = [say("cover_scenario", lang, scenario=material.titles[0])]
    subtitle += [say("cover_reference", lang, reference=title) for title in material.titles[1:]]
    day = material.date
    date = say("cover_date", lang, year=day.year, month=f"{day:%m}" if lang == "en" else day.month,
               day=f"{day:%d}" if lang == "en" else day.day)  # fmt: skip
    file = material.record.settings.model
    title = (
        say("report_title", lang)
        if is_county(file)
        else say("report_title_other", lang, model=model_name(file).of(lang))
    )
    return identified(Document(title, tuple(subtitle), date, lang, blocks))


def summary(material: Material) -> Iterator[Block]:
    """The findings in sentences; each number stands in a table of the report too."""
    lang = material.lang
    yield Heading(1, say("summary", lang))
    for line in findings(material):
        yield Paragraph(line)
    yield groups_table(material)
    yield Paragraph(numbered(say("rule", lang)), "note")
    for text in skill_sentences(material.record.attainment, lang):
        yield Paragraph(numbered(text), "note")


def findings(material: Material) -> Iterator[Line]:
    """How many targets stand how; the surest and the least sure; what the scenario changes."""
    lang, record = material.lang, material.record
    counted = {name: len(judged(material, name)) for name in JUDGEMENTS}
    counts = {name: material.cell(str(count), "count") for name, count in counted.items()}
    count = material.cell(str(len(record.targets)), "count")
    yield sentence("counts", lang, count=count, **counts)
    share = record.attainment["probability"].values[0]
    yield _extreme(material, "best", record.targets[int(share.argmax())])
    if share.min() < share.max():
        yield _extreme(material, "worst", record.targets[int(share.argmin())])
    yield from changes(material)
    chance = material.cell(spoken(joint_rows(record.attainment)[0], lang), "joint_probability")
    yield sentence("joint", lang, count=count, probability=chance)


def _extreme(material: Material, which: str, target: Target) -> Line:
    row, lang = material.rows[target.name], material.lang
    return sentence(
        which,
        lang,
        title=row.title,
        year=material.cell(row.when, "year", target),
        wanted=material.cell(spoken(row.wanted, lang), "wanted", target),
        probability=material.cell(spoken(row.probabilities[0], lang), "probability", target),
        skill=_skill(material, target),
        median=material.cell(
            spoken(with_unit(row.median, target.unit, lang), lang), "median", target
        ),
    )


def _skill(material: Material, target: Target) -> Line:
    """What forecasts of like probability were worth in back-tests; nothing where none were made."""
    found = came_true(material, target)
    return sentence("skill_of", material.lang, **found) if found else ()


def came_true(material: Material, target: Target) -> dict[str, Line]:
    """Forecasts of like probability in back-tests, and of these those that came true."""
    table = material.record.attainment
    if "backtest_events" not in table:
        return {}
    one = table.sel(target=target.name)
    return {
        name: material.cell(str(int(one[f"backtest_{word}"][0])), f"backtest_{word}", target)
        for name, word in (("events", "events"), ("true", "came_true"))
    }


def changes(material: Material) -> Iterator[Line]:
    """Which targets became clearly more, and less, probable than in the reference."""
    table, lang = material.record.attainment, material.lang
    if "difference" not in table:
        return
    gain, clear = table["difference"].values, clear_changes(table)
    found = False
    for which, sign in (("raised", 1), ("lowered", -1)):
        chosen = [
            target
            for target, own in zip(material.record.targets, clear, strict=True)
            if own == sign
        ]
        if not chosen:
            continue
        found = True
        gains = dict(zip(material.record.targets, np.abs(gain), strict=True))
        largest = sorted(chosen, key=lambda target: -gains[target])[:NAMED]
        titles = [_change(material, target) for target in largest]
        listed = titles[0]
        for title in titles[1:]:
            listed = joined(listed, say("semicolon", lang), title)
        count = material.cell(str(len(chosen)), "count")
        among = say("largest", lang) if len(chosen) > NAMED else ""
        yield sentence(
            which, lang, reference=material.titles[1], count=count, titles=listed, among=among
        )
    if not found:
        yield sentence("unchanged", lang, reference=material.titles[1])
    yield sentence("clearly", lang)


def _change(material: Material, target: Target) -> Line:
    row = material.rows[target.name]
    return sentence(
        "change",
        material.lang,
        title=row.title,
        year=material.cell(row.when, "year", target),
        difference=material.cell(row.difference, "difference", target),
    )


def judged(material: Material, name: str) -> list[Target]:
    """The targets that stand as `name` says."""
    share = material.record.attainment["probability"].values[0]
    return [
        target
        for target, one in zip(material.record.targets, share, strict=True)
        if judgement(float(one)) == name
    ]


def groups_table(material: Material) -> Table:
    """How many targets of each field stand how."""
    lang = material.lang
    by_judgement = {name: judged(material, name) for name in JUDGEMENTS}
    rows = []
    for group in (*GROUPS, ""):
        counts = [
            sum(not group or target.group == group for target in found)
            for found in by_judgement.values()
        ]
        if any(counts):
            title = say(group or "all_groups", lang)
            cells = [*counts, sum(counts)]
            rows.append(((title,), *(material.cell(str(count), "count") for count in cells)))
    head = [say(name, lang) for name in ("group", *JUDGEMENTS, "all_groups")]
    caption = numbered(say("groups_caption", lang))
    return Table(caption, tuple(head), tuple(rows), (3, 2, 2, 2, 2))


def targets(material: Material) -> Iterator[Block]:
    """Every simulated target, binding ones first, then those that are not simulated."""
    lang = material.lang
    yield Heading(1, say("targets", lang))
    for nature in ("binding", "expected"):
        chosen = [target for target in material.targets if target.nature == nature]
        yield Heading(2, say(nature, lang))
        if chosen:
            yield targets_table(material, chosen, nature)
            yield Paragraph(numbered(say("rule", lang)), "note")
            if came_true(material, chosen[0]):
                yield Paragraph(sentence("came_true_note", lang), "note")
        elif nature == "binding":
            yield Paragraph(sentence("no_binding", lang))
    yield Heading(2, say("figures_of_targets", lang))
    yield from odds_figures(material)
    for kind in ("shortfall", "timeline"):
        yield from material.figures(kind)
    if material.tracked:
        yield Heading(2, say("tracked", lang))
        yield tracked_table(material)


def odds_figures(material: Material) -> Iterator[Figure]:
    """The bars of all targets, on as many pages as let them be read."""
    names = [target.name for target in material.record.targets]
    pages = np.array_split(names, -(-len(names) // BARS))
    for number, page in enumerate(pages, 1):
        for figure in material.figures("bars", map(str, page)):
            part = say("part", material.lang, part=number, of=len(pages))
            yield replace(figure, caption=joined(figure.caption, part)) if pages[1:] else figure


def targets_table(material: Material, chosen: list[Target], nature: str) -> Table:
    """Value wanted, median, range, probability ± error and judgement of each target."""
    lang, table = material.lang, material.record.attainment
    rows = []
    for target in chosen:
        row, one = material.rows[target.name], table.sel(target=target.name)
        share, error = float(one["probability"][0]), float(one["standard_error"][0])
        word = say(judgement(share), lang)
        verdict = say("close", lang, judgement=word) if close_call(share, error) else word
        worth = came_true(material, target)
        skill = [joined(worth["true"], " / ", worth["events"])] if worth else []
        rows.append(
            (
                (row.title,),
                material.cell(str(row.year), "year", target),
                material.cell(row.wanted, "wanted", target),
                material.cell(row.median, "median", target),
                material.cell(row.range, "range", target),
                material.cell(row.probabilities[0], "probability", target),
                *skill,
                (verdict,),
            )
        )
    tested = ("came_true",) if "backtest_events" in table else ()
    names = ("indicator", "year", "wanted", "median", "range", "probability", *tested, "judgement")
    caption = say("targets_caption", lang, nature=say(nature, lang), scenario=material.titles[0])
    head = material.head(*names)
    widths = (2.85, 0.9, 2.2, 1.3, 2.2, 2.15, *([1.6] * len(tested)), 2.4)
    return Table(numbered(caption), head, tuple(rows), widths, left=3)


def tracked_table(material: Material) -> Table:
    """The plan's targets that are not simulated, each with the reason."""
    lang = material.lang
    rows = tuple(
        (
            (one.title.of(lang),),
            numbered(str(one.year)),
            numbered(f"{SENSES[one.sense]} {with_unit(one.value, one.unit, lang)}"),
            numbered(one.reason.of(lang)),
        )
        for one in material.tracked
    )
    head = material.head("indicator", "year", "wanted", "why_not")
    return Table(numbered(say("tracked_caption", lang)), head, rows, (3, 1, 2, 6), left=4)


def comparison(material: Material) -> Iterator[Block]:
    """The scenarios beside one another; what they set, levers and assumptions apart."""
    lang, record = material.lang, material.record
    yield Heading(1, say("comparison", lang))
    yield Heading(2, say("odds_compared", lang))
    yield compared_table(material)
    yield from skill_note(material)
    if len(material.records) > 1:
        yield from material.figures("heat")
    elif "difference" not in record.attainment:
        yield Paragraph(sentence("no_difference", lang), "note")
    for group in ("levers", "assumptions"):
        yield Heading(2, say(group, lang))
        for place in range(len(record.scenarios)):
            yield from settings(material, group, place)
    yield Paragraph(sentence("paths_note", lang), "note")


def compared_table(material: Material) -> Table:
    """The probability of each target in each scenario, and the difference."""
    lang, record = material.lang, material.record
    paired = "difference" in record.attainment
    rows = []
    for target in material.targets:
        row = material.rows[target.name]
        cells = [(row.title,), material.cell(str(row.year), "year", target)]
        cells += [
            material.cell(text, "probability", target, place)
            for place, text in enumerate(row.probabilities)
        ]
        cells += [material.cell(row.difference, "difference", target)] if paired else []
        rows.append(tuple(cells))
    joint = [
        material.cell(text, "joint_probability", None, place)
        for place, text in enumerate(joint_rows(record.attainment))
    ]
    rows.append(((say("together", lang),), (), *joint, *([()] if paired else [])))
    head = [*material.head("indicator", "year"), *material.titles]
    head += [say("difference", lang)] if paired else []
    widths = (3.6, 1, *([2] * len(material.titles)), *([2] if paired else []))
    caption = numbered(say("compared_caption", lang))
    return Table(caption, tuple(head), tuple(rows), widths, left=2)


def settings(material: Material, group: str, place: int) -> Iterator[Block]:
    """What a scenario sets, each with its reason; what the reference sets alike is not repeated."""
    lang, record = material.lang, material.record
    scenario = record.scenarios[place]
    own = getattr(scenario, group)
    alike = {}
    if place == 0 and len(record.scenarios) > 1:
        alike = getattr(record.scenarios[1], group)
    rows = []
    for name, setting in own.items():
        if alike.get(name) == setting:
            continue
        attrs = record.inputs[name].attrs if name in record.inputs else {}
        unit = str(attrs.get("units") or record.settings.table[name].unit)
        level = numbered(
            level_in_words(setting.value, unit, lang),
            material.reference("setting", None, place)._replace(variable=name),
        )
        label = str(attrs.get(f"label_{lang}") or name)
        rows.append((numbered(label), level, numbered(setting.reason.of(lang))))
    caption = say(f"{group}_caption", lang, scenario=scenario.title.of(lang))
    head = tuple(say(name, lang) for name in ("input", "level", "reason"))
    if rows:
        yield Table(numbered(caption), head, tuple(rows), (2.4, 3.6, 4.6), left=3)
    else:
        yield Paragraph(sentence(f"{group}_as_table", lang, scenario=scenario.title.of(lang)))
    if len(rows) < len(own):
        yield Paragraph(sentence("same_settings", lang, reference=material.titles[1]), "note")


def course(material: Material) -> Iterator[Block]:
    """The headline indicators on one page."""
    yield Heading(1, say("course", material.lang))
    yield from material.figures("multiples")
