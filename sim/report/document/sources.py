"""Where the numbers come from: parameters, the model, and the run itself."""

from collections.abc import Iterator, Mapping
from typing import Any

from sim.ensemble.scenario import KINDS
from sim.report.document.material import Material
from sim.report.document.tree import Block, Heading, Paragraph, Table, numbered
from sim.report.document.words import say, sentence
from sim.report.numbers import exact
from sim.report.rows import approximations, failed_sentences, sound_members
from sim.report.words import level_in_words, model_name, time_unit, when, with_unit
from sim.report.words import say as word

DIGEST = 16
"""Letters of a checksum that are printed: enough to tell two files apart."""


def sources(material: Material) -> Iterator[Block]:
    """How many inputs are observed, estimated, assumed; those that matter most, with source."""
    lang, table = material.lang, material.record.settings.table
    yield Heading(1, say("sources", lang))
    kinds = {kind: sum(one.kind == kind for one in table.values()) for kind in KINDS}
    uncertain = sum(one.distribution is not None for one in table.values())
    counts = {"count": len(table), **kinds, "uncertain": uncertain}
    cells = {name: material.cell(str(count), "count") for name, count in counts.items()}
    place = "table_of_county" if material.record.settings.home.county else "table_of_own"
    yield Paragraph(sentence("sources_intro", lang, place=(say(place, lang),), **cells))
    yield kinds_table(material)
    yield sources_table(material)
    if material.record.settings.home.county:
        yield Paragraph(sentence("sources_note", lang), "note")


def kinds_table(material: Material) -> Table:
    """How many inputs are observed, estimated, assumed, of the plan; known, and drawn."""
    lang, table = material.lang, material.record.settings.table.values()
    rows = []
    for drawn in (False, True, None):
        own = [one for one in table if drawn is None or drawn == (one.distribution is not None)]
        counts = [*(sum(one.kind == kind for one in own) for kind in KINDS), len(own)]
        title = {False: "certain", True: "uncertain", None: "all_groups"}[drawn]
        cells = (material.cell(str(count), "count") for count in counts)
        rows.append(((say(title, lang),), *cells))
    head = tuple(say(name, lang) for name in ("kind", *KINDS, "all_groups"))
    caption = numbered(say("kinds_caption", lang))
    return Table(caption, head, tuple(rows), (3, *([2] * (len(KINDS) + 1))))


def sources_table(material: Material) -> Table:
    """Value, basis and source of every input that is among the strongest of a target."""
    lang, record = material.lang, material.record
    names = dict.fromkeys(str(name) for name in record.drivers["input"].values.ravel() if str(name))
    rows = []
    for name in names:
        parameter = record.settings.table.get(name)
        if parameter is None:
            continue
        attrs: Mapping[Any, Any] = record.inputs[name].attrs
        reference = material.reference("parameter")._replace(variable=name)
        level = level_in_words(parameter.value, parameter.unit, lang)
        rows.append(
            (
                numbered(str(attrs.get(f"label_{lang}") or name)),
                numbered(level, reference),
                (say(parameter.kind, lang),),
                numbered(parameter.source),
            )
        )
    head = tuple(say(name, lang) for name in ("input", "value", "kind", "source"))
    return Table(
        numbered(say("sources_caption", lang)), head, tuple(rows), (3, 2.5, 1, 5.1), left=4
    )


def model(material: Material) -> Iterator[Block]:
    """How the numbers came about, what they do not cover, and the sectors of the model."""
    lang, settings, runs = material.lang, material.record.settings, material.record.runs
    step, unit = material.record.inputs["step"].values, time_unit(runs)
    yield Heading(1, say("model", lang))
    values = {
        "integrator": word(settings.integration.name, lang),
        "step": with_unit(exact(float(step[1] - step[0])), unit, lang),
        "first": when(f"{runs['time'].values[0]:.0f}", unit, lang),
        "last": when(f"{runs['time'].values[-1]:.0f}", unit, lang),
        "draws": f"{settings.draws:,}",
        "sampling": word(settings.drawn, lang),
        "seed": str(settings.seed),
    }
    cells = {name: material.cell(text, name) for name, text in values.items()}
    yield Paragraph(
        sentence("model_intro", lang, model=model_name(settings.model).of(lang), **cells)
    )
    if settings.drawn == "calibrated":
        worth = f"{sound_members(material.record.attainment)[0]:,}"
        cell = material.cell(worth, "independent_members")
        yield Paragraph(sentence("model_calibrated", lang, independent=cell))
    for text in approximations(material.record.attainment, lang):
        yield Paragraph(numbered(text))
    yield Paragraph(sentence("model_limits", lang))
    for text in failed_sentences(material.record.attainment, lang):
        yield Paragraph(material.cell(text, "failed_members"))
    if not material.sectors:
        return
    rows = tuple(
        (
            (sector.title.of(lang),),
            numbered(sector.purpose.of(lang)),
            numbered(word("semicolon", lang).join(text.of(lang) for text in sector.left_out)),
        )
        for sector in material.sectors.values()
    )
    head = tuple(say(name, lang) for name in ("sector", "purpose", "left_out"))
    yield Table(numbered(say("sectors_caption", lang)), head, rows, (1.6, 4.6, 4.6), left=3)


def repeat(material: Material) -> Iterator[Block]:
    """The run's own record, and what has changed since."""
    lang, record = material.lang, material.record
    yield Heading(1, say("repeat", lang))
    yield Paragraph(sentence("repeat_intro", lang))
    manifest, step = record.manifest, record.inputs["step"].values
    unit = time_unit(record.runs)
    facts = {
        say("run_folder", lang): "/".join(record.folder.parts[-2:]),
        say("run_command", lang): str(manifest.get("command", "")),
        say(
            "run_commit", lang
        ): f"sim {manifest['versions']['sim']} {manifest.get('commit') or ''}",
        say("run_seed", lang): str(record.settings.seed),
        say("run_draws", lang): f"{record.settings.draws:,}",
        say("run_step", lang): with_unit(exact(float(step[1] - step[0])), unit, lang),
        say("run_years", lang): f"{record.runs['time'].values[0]:.0f}—"
        f"{record.runs['time'].values[-1]:.0f}",
    }
    for what, digest in manifest.get("checksums", {}).items():
        name = say("run_checksums", lang, what=say(f"stale_{what}", lang))
        facts[name] = str(digest)[:DIGEST]
    rows = tuple((numbered(name), numbered(text)) for name, text in facts.items())
    head = (say("item", lang), say("content", lang))
    yield Table(numbered(say("repeat_caption", lang)), head, rows, (2, 6), left=2)
    if record.stale:
        what = say("comma", lang).join(say(f"stale_{name}", lang) for name in record.stale)
        yield Paragraph(sentence("stale", lang, what=what), "note")
    yield Paragraph(sentence("verify_line", lang), "note")
    yield Paragraph(sentence("trace_line", lang), "note")
