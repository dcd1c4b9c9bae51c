"""What a study of sensitivity found: on the terminal, as CSV, and in sentences."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import xarray as xr

from sim.analysis.sensitivity.verdict import TOLERANCE
from sim.report.numbers import decimals, quantity, signed
from sim.report.rows import calibrated_sentences, judged
from sim.report.summary import markdown_table
from sim.report.tables import Flowing, add_times, default_console, empty_table
from sim.report.words import csv_head, model_name, say, unit_in_words, when

if TYPE_CHECKING:
    from rich.console import Console

ROLES = ("lever", "assumption", "parameter")
LEADING = 3
LISTED = 10
GROUPED = ("sobol", "shapley", "morris")
SHARES = ("total", "first", "shapley")
"""Indices that are shares of a variance."""

COLUMNS = (
    *("target", "title", "year", "unit", "index", "factor", "label", "factor_2", "role"),
    *("sector", "value", "low", "high"),
)


class Share(NamedTuple):
    """One factor's leading index for one target."""

    label: str
    value: float
    half: float
    text: str


def leading(table: xr.Dataset, target: int, role: str | None, lang: str) -> list[Share]:
    """The factors of a role (of all, if None) for one target, the most influential first."""
    one = table.isel(target=target)
    main = str(table.attrs["main"])
    values, halves = one[main].values, one[f"{main}_half"].values
    chosen = np.ones(len(values), bool) if role is None else one["role"].values == role
    order = [i for i in np.argsort(-np.abs(np.nan_to_num(values))) if chosen[i]]
    digits = _digits(table, target)
    labels = one[f"label_{lang}"].values
    return [
        Share(
            str(labels[i]),
            float(values[i]),
            float(halves[i]),
            _number(values[i], halves[i], digits),
        )
        for i in order
        if np.isfinite(values[i])
    ]


def _digits(table: xr.Dataset, target: int) -> int:
    main = str(table.attrs["main"])
    if main != "mu_star":
        return 2
    return decimals(list(table[main].isel(target=target).values))


def _number(value: float, half: float, digits: int) -> str:
    return f"{quantity(value, digits)} ± {quantity(half, digits)}"


def target_title(table: xr.Dataset, target: int, lang: str) -> str:
    """A target with its year: 原煤产量（2025 年）."""
    one = table.isel(target=target)
    due = when(int(one["due"]), one["time_unit"].item(), lang)
    return say("infl_of", lang, title=str(one[f"title_{lang}"].values), year=due)


def source_line(table: xr.Dataset, lang: str) -> str:
    """Where the numbers of a study's figures come from."""
    attrs = table.attrs
    return say(
        "infl_source",
        lang,
        model=model_name(Path(attrs["model"])).of(lang),
        scenario=attrs[f"scenario_{lang}"],
        method=say(f"infl_{attrs['method']}", lang),
        members=f"{attrs['members']:,}",
        seed=attrs["seed"],
    )


def finding(table: xr.Dataset, target: int, lang: str) -> str:
    """What one target depends on, in a sentence or two."""
    title = target_title(table, target, lang)
    about = say(f"infl_about_{table.attrs['about']}", lang)
    ranked = leading(table, target, None, lang)[:LEADING]
    if not ranked:
        return say("infl_constant", lang, target=title, about=about)
    unit = _unit(table, target, lang)
    factors = "、".join if lang == "zh" else ", ".join
    listed = factors(
        say("infl_factor", lang, label=share.label, value=share.text + unit) for share in ranked
    )
    sentence = say("infl_leads", lang, target=title, about=about, factors=listed)
    if "first" in table:
        sentence += _alone(table.isel(target=target), lang)
    ordered = int(table["ordered"][target])
    if ordered > 1:
        sentence += (" " if lang == "en" else "") + say("infl_order", lang, count=ordered)
    return sentence


def _alone(one: xr.Dataset, lang: str) -> str:
    """How much the factors explain alone, together; nothing where the sample does not tell."""
    alone = float(one["first"].sum())
    half = float(np.sqrt((one["first_half"] ** 2).sum()))
    if half > 0.15:
        return ""
    words = "infl_additive" if alone + half > 1.0 else "infl_alone"
    share = quantity(100 * min(max(alone, 0.0), 1.0), 0)
    said = say(words, lang, share=share, half=quantity(100 * half, 0))
    return (" " if lang == "en" else "") + said


def overall(table: xr.Dataset, lang: str) -> str:
    """What leads most of the targets, and how few factors matter at all, in a sentence or two;
    nothing for a single target."""
    if table.sizes["target"] < 2:
        return ""
    main = np.abs(np.nan_to_num(table[str(table.attrs["main"])].values))
    varies = main.max(axis=1) > 0
    counts = Counter(main[varies].argmax(axis=1)).most_common(LEADING)
    join = "、".join if lang == "zh" else ", ".join
    listed = join(
        say("infl_leader", lang, label=_with_role(table, i, lang), count=n) for i, n in counts
    )
    said = [say("infl_overall", lang, count=int(varies.sum()), leaders=listed)]
    if table.attrs["main"] in (*SHARES, "mu_star"):
        scale = main.max(axis=1, keepdims=True) if table.attrs["main"] == "mu_star" else 1.0
        few = int(
            (main[varies] > TOLERANCE * np.broadcast_to(scale, main.shape)[varies]).any(0).sum()
        )
        rest = table.sizes["factor"] - few
        within = say("infl_relative", lang) if table.attrs["main"] == "mu_star" else ""
        limit = quantity(TOLERANCE, 2) + within
        said.append(say("infl_few" if rest else "infl_all", lang, few=few, rest=rest, limit=limit))
    return (" " if lang == "en" else "").join(said)


def _with_role(table: xr.Dataset, factor: int, lang: str) -> str:
    """A factor; of what is decided, by whom too."""
    label, role = (str(table[name].values[factor]) for name in (f"label_{lang}", "role"))
    return (
        label if role == "parameter" else say("sweep_axis", lang, label=label, role=say(role, lang))
    )


def _unit(table: xr.Dataset, target: int, lang: str) -> str:
    if table.attrs["main"] != "mu_star":
        return ""
    words = unit_in_words(str(table["unit"].values[target]), lang)
    return words if words.startswith("%") or not words else f" {words}"


def verdict_sentences(table: xr.Dataset, lang: str) -> list[str]:
    """Whether the sample was enough, how many more are needed, and what was left out."""
    varies = np.isfinite(table["widest"].values)
    enough = table["enough"].values | ~varies
    tolerance = quantity(TOLERANCE, 2)
    if table.attrs["main"] == "mu_star":
        tolerance += say("infl_relative", lang)
    if enough.all():
        said = [say("infl_enough", lang, count=int(varies.sum()), tolerance=tolerance)]
    else:
        said = [
            say(
                "infl_not_enough",
                lang,
                count=len(enough),
                wide=int((~enough).sum()),
                tolerance=tolerance,
                widest=quantity(float(np.nanmax(table["widest"].values)), 2),
                base=table.attrs["base"],
                more=say(
                    "infl_more_calibrated" if table.attrs["calibration"] else "infl_more",
                    lang,
                    needed=int(table["needed"].values[~enough].max()),
                ),
            )
        ]
    if table.attrs["failed_members"]:
        members, failed = f"{table.attrs['members']:,}", f"{table.attrs['failed_members']:,}"
        said.append(say("infl_failed", lang, members=members, failed=failed))
    return said


def method_sentences(table: xr.Dataset, lang: str) -> list[str]:
    """How the study was made, what its index means, and how noises were treated."""
    attrs = table.attrs
    said = [
        say(
            "infl_method",
            lang,
            method=say(f"infl_{attrs['method']}", lang),
            base=f"{attrs['base']:,}",
            members=f"{attrs['members']:,}",
            seed=attrs["seed"],
        ),
        say(f"infl_means_{attrs['main']}", lang),
    ]
    worth = round(attrs["base"] * attrs["independent"])
    if taken := calibrated_sentences(attrs["calibration"], worth, lang):
        said += taken if attrs["main"] == "prcc" else [*taken, say("infl_calibrated", lang)]
    if attrs.get("noise"):
        said.append(say(f"infl_noise_{attrs['noise']}", lang))
    if len(attrs["tied"]):
        labels = dict(zip(table["factor"].values, table[f"label_{lang}"].values, strict=True))
        join = "、".join if lang == "zh" else "; ".join  # labels have commas
        listed = join(str(labels.get(name, name)) for name in np.atleast_1d(attrs["tied"]))
        word = "infl_tied_own" if attrs["method"] in GROUPED else "infl_tied"
        said.append(say(word, lang, names=listed))
    return said


def influence_markdown(table: xr.Dataset, lang: str) -> str:
    """The text of a study's summary: findings, verdict, a table for each role, method."""
    parts = [
        "# " + say("infl_title", lang, scenario=table.attrs[f"scenario_{lang}"]),
        f"## {say('infl_findings', lang)}",
        *filter(None, [overall(table, lang)]),
        "\n".join(f"* {finding(table, t, lang)}" for t in range(table.sizes["target"])),
        f"## {say('infl_sample', lang)}",
        "\n".join(verdict_sentences(table, lang)),
    ]
    for role in roles_of(table):
        parts.append(f"## {say(f'infl_{role}', lang)}")
        for target in range(table.sizes["target"]):
            shares = leading(table, target, role, lang)[:LISTED]
            head = [target_title(table, target, lang), say(index_word(table), lang)]
            if shares:
                unit = _unit(table, target, lang)
                parts.append(markdown_table(head, [[s.label, s.text + unit] for s in shares], 1))
    parts += [f"## {say('method', lang)}", "\n".join(method_sentences(table, lang))]
    return "\n\n".join(parts) + "\n"


def roles_of(table: xr.Dataset) -> list[str]:
    """The roles of the factors; each has tables and figures of its own."""
    there = set(table["role"].values)
    return [role for role in ROLES if role in there]


def index_word(table: xr.Dataset) -> str:
    """The word for the leading index."""
    return f"infl_index_{table.attrs['main']}"


def print_influence(
    table: xr.Dataset, folder: Path | None, lang: str, console: "Console | None" = None
) -> None:
    """Shows a study on `console`: a table for each role, the verdict, the folder."""
    console = console or default_console()
    title = say("infl_title", lang, scenario=table.attrs[f"scenario_{lang}"])
    console.print(Flowing(title, style="bold"))
    console.print(Flowing(method_sentences(table, lang)[0], style="dim"))
    for role in roles_of(table):
        console.print()
        index = say(index_word(table), lang)
        shown = empty_table(f"{say(f'infl_{role}', lang)}{say('colon', lang)}{index}")
        shown.add_column(say("indicator", lang), overflow="fold", min_width=12)
        add_times(shown, str(table["time_unit"].values[0]), lang)
        for rank in range(1, LEADING + 1):
            shown.add_column(say("rank", lang, rank=rank), overflow="fold", max_width=28)
        for target in range(table.sizes["target"]):
            shares = leading(table, target, role, lang)[:LEADING]
            cells = [f"{share.label} {signed(share.text)}" for share in shares]
            cells += ["—"] * (LEADING - len(cells))
            one = table.isel(target=target)
            row = [str(one[f"title_{lang}"].values), str(int(one["due"])), *cells]
            shown.add_row(*map(Flowing, row))
        console.print(shown)
    for sentence in method_sentences(table, lang)[1:]:
        console.print(Flowing(sentence, style="dim"))
    for sentence in filter(None, [overall(table, lang), *verdict_sentences(table, lang)]):
        console.print(Flowing(sentence, style="bold"))
    if not judged(table):
        console.print(Flowing(say("no_targets_asked", lang), style="dim"))
    if folder is not None:
        console.print()
        console.print(Flowing(say("saved", lang, folder=folder)), soft_wrap=True)


def influence_csv(table: xr.Dataset, path: Path, lang: str = "zh") -> Path:
    """`path`: one row per target, index and factor, every number in full; opens in Excel."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        unit = str(table["time_unit"].values[0])
        writer.writerow([csv_head(column, unit, lang) for column in COLUMNS])
        for target in range(table.sizes["target"]):
            one = table.isel(target=target)
            head = [one["target"].item(), one[f"title_{lang}"].item(), one["due"].item()]
            head.append(unit_in_words(one["unit"].item(), lang))
            for index, rows in _tidy(one, lang):
                writer.writerows([*head, index, *row] for row in rows)
    return path


def _tidy(one: xr.Dataset, lang: str) -> Iterator[tuple[str, list[list[object]]]]:
    """Of one target, every index with its rows: factor … role, sector, value, low, high."""
    factors = [
        [one["factor"].values[i], one[f"label_{lang}"].values[i]]
        for i in range(one.sizes["factor"])
    ]
    rest = [
        [say(str(one["role"].values[i]), lang), one["sector"].values[i]]
        for i in range(one.sizes["factor"])
    ]
    for name in map(str, one.data_vars):
        if f"{name}_half" not in one:
            continue
        values, halves = one[name].values, one[f"{name}_half"].values
        rows: list[list[object]] = []
        for place in np.argwhere(np.isfinite(values)):
            first, second = int(place[0]), int(place[-1])
            if values.ndim == 2 and second <= first:
                continue
            value, half = float(values[tuple(place)]), float(halves[tuple(place)])
            other = one["factor"].values[second] if values.ndim == 2 else ""
            rows.append([*factors[first], other, *rest[first], value, value - half, value + half])
        yield name, rows
