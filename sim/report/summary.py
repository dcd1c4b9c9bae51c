"""The summary of a run: sentences and tables in Markdown, every word made from the numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import xarray as xr

from sim.analysis.drivers import MOST_DRAWS
from sim.ensemble.scenario import Scenario, Setting
from sim.report.misses import group_rows, miss_rows, pair_sentences, threshold_sentences
from sim.report.numbers import exact
from sim.report.outcomes import TITLE, outcomes_markdown
from sim.report.rows import (
    approximations,
    calibrated_sentences,
    clear_changes,
    driver_rows,
    drivers_note,
    failed_sentences,
    joint_rows,
    joint_sentence,
    scenario_titles,
    skill_sentences,
    sound_members,
    target_rows,
)
from sim.report.words import level_in_words, say, time_head, time_unit, when, with_unit


@dataclass(frozen=True)
class Method:
    """How a run was made: what a reader needs to judge its numbers and to repeat it.

    `calibration`: the folder whose draws it has taken.
    """

    draws: int
    seed: int
    sampling: str = "lhs"
    integrator: str = "euler"
    time_step: float = 0.125
    time_unit: str = "Year"
    calibration: Path | None = None


def summary_markdown(
    attainment: xr.Dataset,
    drivers: xr.Dataset,
    scenarios: Sequence[Scenario],
    inputs: xr.Dataset,
    method: Method,
    lang: str = "zh",
    fans: xr.Dataset | None = None,
) -> str:
    """The text of summary.md: findings, targets, settings, drivers, method.

    `inputs` gives labels and units of what the scenarios set. Without targets, where the
    variables of `fans` go.
    """
    title = scenarios[0].title.of(lang)
    judged = attainment.sizes["target"] > 0
    taken = calibrated_sentences(method.calibration, sound_members(attainment)[0], lang)
    taken += approximations(attainment, lang)
    quantile_error = float(attainment.attrs.get("quantile_error", 0.0))
    shown = courses_markdown(fans, attainment, lang)
    if judged:
        title = say("summary_title", lang, scenario=title)
        shown = judged_markdown(attainment, lang)
    parts = [
        f"# {title}",
        scenarios[0].narrative.of(lang),
        *shown,
        f"## {say('settings_title', lang)}",
        *(part for scenario in scenarios for part in settings_markdown(scenario, inputs, lang)),
        *(influences_markdown(drivers, attainment, lang) if judged else []),
        f"## {say('method', lang)}",
        method_markdown(method, taken, quantile_error, lang, judged),
    ]
    return "\n\n".join(parts) + "\n"


def judged_markdown(attainment: xr.Dataset, lang: str) -> list[str]:
    """What the run says of the targets."""
    return [
        f"## {say('findings', lang)}",
        findings(attainment, lang),
        f"## {say('targets_title', lang)}",
        targets_markdown(attainment, lang),
        joint_sentence(attainment, lang),
        *skill_sentences(attainment, lang),
        *failed_sentences(attainment, lang),
        f"## {say('group_title', lang)}",
        groups_markdown(attainment, lang),
        f"## {say('misses_title', lang)}",
        misses_markdown(attainment, lang),
        say("misses_note", lang, scenario=scenario_titles(attainment, lang)[0]),
        *pairs_markdown(attainment, lang),
        *threshold_sentences(attainment, lang),
    ]


def courses_markdown(fans: xr.Dataset | None, attainment: xr.Dataset, lang: str) -> list[str]:
    """Where the main variables go."""
    shown = [] if fans is None else [f"## {TITLE.of(lang)}", outcomes_markdown(fans, lang)]
    return [*shown, *failed_sentences(attainment, lang), say("no_targets", lang)]


def influences_markdown(drivers: xr.Dataset, attainment: xr.Dataset, lang: str) -> list[str]:
    """What drives the targets."""
    return [
        f"## {say('drivers_heading', lang)}",
        drivers_markdown(drivers, attainment, lang),
        drivers_note(drivers, attainment, lang),
    ]


def findings(attainment: xr.Dataset, lang: str) -> str:
    """The main results in sentences: how many targets are likely, which, what has changed."""
    rows = target_rows(attainment, lang)
    probability = attainment["probability"].values[0]
    likely = int((probability >= 0.5).sum())
    first, last = rows[int(probability.argmax())], rows[int(probability.argmin())]
    sentences = [
        say("likely", lang, count=len(rows), likely=likely, unlikely=len(rows) - likely),
        say(
            "surest",
            lang,
            title=first.title,
            year=first.when,
            probability=first.probabilities[0],
            last=last.title,
            last_year=last.when,
            lowest=last.probabilities[0],
        ),
    ]
    if "difference" in attainment:
        sentences += changes(attainment, lang)
    return "\n".join(f"* {sentence}" for sentence in sentences)


def changes(attainment: xr.Dataset, lang: str) -> list[str]:
    """Which targets became clearly more, and less, probable than in the reference."""
    rows = target_rows(attainment, lang)
    clear = clear_changes(attainment)
    reference = scenario_titles(attainment, lang)[1]
    sentences = []
    for word, chosen in (
        ("raised", clear > 0),
        ("lowered", clear < 0),
    ):
        titles = [
            say("change", lang, title=row.title, year=row.when, difference=row.difference)
            for row, picked in zip(rows, chosen, strict=True)
            if picked
        ]
        if titles:
            listed = say("semicolon", lang).join(titles)
            sentences.append(say(word, lang, reference=reference, count=len(titles), titles=listed))
    if not sentences:
        sentences.append(say("unchanged", lang, reference=reference))
    return [*sentences, say("clearly", lang)]


def targets_markdown(attainment: xr.Dataset, lang: str) -> str:
    """The table of targets in Markdown."""
    paired = "difference" in attainment
    head = [say("indicator", lang), time_head(time_unit(attainment), lang)]
    head += [say(word, lang) for word in ("target", "median", "range")]
    head += scenario_titles(attainment, lang)
    head += [say("difference", lang)] if paired else []
    rows = [
        [row.title, str(row.year), row.wanted, row.median, row.range, *row.probabilities]
        + ([row.difference] if paired else [])
        for row in target_rows(attainment, lang)
    ]
    return markdown_table(head, rows, left=1)


def groups_markdown(attainment: xr.Dataset, lang: str) -> str:
    """The table of groups: how likely all targets of each are met together."""
    head = [say(word, lang) for word in ("group", "group_size")]
    rows = [
        [row.title, str(len(row.places)), *row.probabilities]
        for row in group_rows(attainment, lang)
    ]
    rows.append([say("group_all", lang), str(attainment.sizes["target"]), *joint_rows(attainment)])
    return markdown_table([*head, *scenario_titles(attainment, lang)], rows, left=1)


def misses_markdown(attainment: xr.Dataset, lang: str) -> str:
    """The table of what is missing, and by when targets are met."""
    last = int(attainment["time"].values[-1])
    unit = time_unit(attainment)
    head = [say("indicator", lang), time_head(unit, lang)]
    head += [say(word, lang) for word in ("missed", "shortfall", "first_year")]
    rows = [list(map(str, row)) for row in miss_rows(attainment, lang)]
    return markdown_table([*head, say("ever", lang, year=when(last, unit, lang))], rows, left=1)


def pairs_markdown(attainment: xr.Dataset, lang: str) -> list[str]:
    """The pairs that fail together, as a list under its title; nothing where none stand out."""
    pairs = pair_sentences(attainment, lang)
    listed = "\n".join(f"* {pair}" for pair in pairs)
    return [say("pairs_title", lang), listed] if pairs else []


def settings_markdown(scenario: Scenario, inputs: xr.Dataset, lang: str) -> list[str]:
    """What a scenario sets, levers and assumptions apart, each with its reason."""
    parts = []
    groups = (("levers_of", scenario.levers), ("assumptions_of", scenario.assumptions))
    for word, settings in groups:
        parts.append(f"### {say(word, lang, scenario=scenario.title.of(lang))}")
        parts.append(setting_table(settings, inputs, lang) or say("as_table", lang))
    return parts


def setting_table(settings: Mapping[str, Setting], inputs: xr.Dataset, lang: str) -> str:
    """Input, level and reason of each setting; empty when there is none."""
    rows = []
    for name, setting in settings.items():
        attrs = inputs[name].attrs if name in inputs else {}
        level = level_in_words(setting.value, str(attrs.get("units", "")), lang)
        rows.append([str(attrs.get(f"label_{lang}") or name), level, setting.reason.of(lang)])
    head = [say(word, lang) for word in ("input", "level", "reason")]
    return markdown_table(head, rows, left=3) if rows else ""


def drivers_markdown(drivers: xr.Dataset, attainment: xr.Dataset, lang: str) -> str:
    """The table of what matters most in Markdown."""
    ranks = [say("rank", lang, rank=rank) for rank in range(1, drivers.sizes["rank"] + 1)]
    rows = [
        [row.title, str(row.year), *row.inputs] for row in driver_rows(drivers, attainment, lang)
    ]
    head = [say("indicator", lang), time_head(time_unit(attainment), lang), *ranks]
    return markdown_table(head, rows, left=len(head))


def method_markdown(
    method: Method, taken: Sequence[str], quantile_error: float, lang: str, judged: bool
) -> str:
    """How the numbers came about, and what they mean where targets are `judged`; as a list.

    `taken` says from which calibration draws were taken, if any, and what was set without the rest.
    """
    sentences = [
        say(
            "method_draws",
            lang,
            draws=f"{method.draws:,}",
            sampling=say(method.sampling, lang),
            seed=method.seed,
        ),
        *taken,
        say(
            "method_integration",
            lang,
            integrator=say(method.integrator, lang),
            time_step=with_unit(exact(method.time_step), method.time_unit, lang),
        ),
    ]
    if judged:
        sentences += [
            say("method_probability", lang),
            say("method_stream", lang, error=f"{quantile_error:.2%}", sample=f"{MOST_DRAWS:,}"),
            *(say(word, lang) for word in ("method_error", "method_range")),
        ]
    return "\n".join(f"* {sentence}" for sentence in sentences)


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]], left: int) -> str:
    """A Markdown table; the first `left` columns to the left, the others to the right."""
    rule = [":--" if place < left else "--:" for place in range(len(head))]
    lines = [list(head), rule, *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |"
        for line in lines
    )
