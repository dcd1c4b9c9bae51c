"""What new observations do to the odds, in words and tables: terminal, Markdown, CSV."""

import itertools
import math
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import xarray as xr

from sim.analysis.early_signs import Sign
from sim.analysis.judgement import LIKELY, UNLIKELY
from sim.engine.units import factor
from sim.report.columns import AFTER, BEFORE, write_columns
from sim.report.numbers import ABSENT, decimals, points, quantity, share, signed
from sim.report.rows import calibrated_sentences, skill_sentences
from sim.report.summary import markdown_table
from sim.report.words import target_name, time_head, unit_in_words, when, with_unit
from sim.text import Text

if TYPE_CHECKING:
    from rich.console import Console

MOVED = 5
"""Parameters shown: those of which the belief moved most."""
WORDS = {
    "title": Text("新数据下的中期评估", "Assessment on new observations"),
    "seen": Text("新观测", "New observations"),
    "odds": Text("达标概率的变化（±标准误）", "How the odds moved (± standard error)"),
    "beliefs": Text("认识变化最大的参数", "Parameters of which the belief moved most"),
    "signs": Text("早期信号", "Early signs"),
    "series": Text("指标", "Series"),
    "observed": Text("观测值", "Observed"),
    "expected": Text("此前预计（5%–95%）", "Expected (5–95%)"),
    "required": Text("规划路径要求", "The plan's path"),
    "progress": Text("完成进度", "Progress"),
    "target": Text("目标", "Target"),
    "before": Text("此前", "Before"),
    "after": Text("此后", "After"),
    "change": Text("变化（百分点）", "Change (points)"),
    "median": Text("中位数 此前→此后", "Median before → after"),
    "judgement": Text("判断", "Judgement"),
    "parameter": Text("参数", "Parameter"),
    "shift": Text("移动（先验标准差）", "Shift (standard deviations)"),
    "spread": Text("剩余不确定性", "Spread left"),
    "kind": Text("用途", "Kind"),
    "surest": Text("最准", "surest"),
    "earliest": Text("较早", "earlier"),
    "sign": Text("信号", "Sign"),
    "if_good": Text("出现时达标概率", "Odds with it"),
    "if_bad": Text("未出现时", "Odds without"),
    "errors": Text("漏报/误报", "Missed / false"),
    "weighed": Text(
        "{draws} 次抽样按新观测加权，相当于 {effective} 次等权抽样。",
        "{draws} draws, weighted by the observations, are worth {effective} equal ones.",
    ),
    "anew": Text(
        "新观测落在原抽样的边缘：加权后只相当于 {effective} 次等权抽样，因此已用全部历史和新观测"
        "重新校准，“此后”来自新的抽样，相当于 {anew} 次等权抽样。",
        "The observations lie at the edge of the ensemble: its draws are worth only {effective} "
        "equal ones, so it was calibrated anew on history and them; “after” is from new draws "
        "that are worth {anew} equal ones.",
    ),
    "on_track": Text("进展顺利", "on track"),
    "as_expected": Text("基本符合预期", "broadly as expected"),
    "behind": Text("滞后", "behind"),
    "rule": Text(
        "判断规则：达标概率不低于 {likely} 为“进展顺利”，低于 {unlikely} 为“滞后”，其间为“基本符合"
        "预期”。",
        "Rule of judgement: on track from {likely} on, behind below {unlikely}, in between broadly "
        "as expected.",
    ),
    "path": Text(
        "规划路径：从起点时模型的中位数到目标值的直线；完成进度为观测值与其之比。",
        "The plan's path is a straight line from the model's median to the target; progress is "
        "the observed over it.",
    ),
    "moved": Text(
        "变化最大的是{title}：{before} → {after}。", "Moved most: {title}, {before} → {after}."
    ),
    "still": Text(
        "没有一项目标的概率变化超过两个标准误。",
        "No target moved by more than two standard errors.",
    ),
    "at_least": Text("{time}{label}不低于 {value}", "{label} of at least {value} in {time}"),
    "at_most": Text("{time}{label}不高于 {value}", "{label} of at most {value} in {time}"),
    "saved": Text("结果保存在：{folder}", "Results are in: {folder}"),
}


class Assessed(Protocol):
    """What is told: see `sim.commands.reassess.Assessed`."""

    @property
    def targets(self) -> xr.Dataset: ...
    @property
    def seen(self) -> xr.Dataset: ...
    @property
    def beliefs(self) -> xr.Dataset: ...
    @property
    def signs(self) -> "tuple[Sign, ...]": ...
    @property
    def labels(self) -> dict[str, tuple[str, str]]: ...
    @property
    def units(self) -> dict[str, tuple[str, str]]: ...
    @property
    def effective(self) -> float: ...
    @property
    def draws(self) -> int: ...
    @property
    def anew(self) -> int: ...
    @property
    def time_unit(self) -> str: ...


def say(word: str, lang: str, **facts: object) -> str:
    """One of `WORDS`, with facts put in."""
    return WORDS[word].of(lang).format(**facts)


def sentences(found: Assessed, lang: str) -> list[str]:
    """What was found, in plain sentences made from the numbers."""
    counts = {"draws": found.draws, "effective": found.effective, "anew": found.anew}
    facts = {name: f"{count:,.0f}" for name, count in counts.items()}
    about = found.targets.attrs
    lines = calibrated_sentences(about["calibration"], about["worth"], lang)
    lines += [say("anew" if found.anew else "weighed", lang, **facts), _most_moved(found, lang)]
    lines.append(say("rule", lang, likely=f"{LIKELY:.0%}", unlikely=f"{UNLIKELY:.0%}"))
    if any(math.isfinite(value) for value in found.seen["required"].values):
        lines.append(say("path", lang))
    return [*lines, *skill_sentences(found.targets, lang)]


def _most_moved(found: Assessed, lang: str) -> str:
    change, error = found.targets["change"].values, found.targets["change_standard_error"].values
    sure = [place for place in range(len(change)) if abs(change[place]) > 2 * error[place]]
    if not sure:
        return say("still", lang)
    row = found.targets.isel(target=max(sure, key=lambda place: abs(change[place])))
    before, after = (_share(row, when, found) for when in ("before", "after"))
    title = target_name(str(row[f"title_{lang}"].item()), int(row["year"]), lang, found.time_unit)
    return say("moved", lang, title=title, before=before, after=after)


def _share(row: xr.Dataset, when: str, found: Assessed) -> str:
    members = found.draws if when == "before" else found.anew or int(found.effective)
    one = row.sel(when=when)
    return share(float(one["probability"]), float(one["standard_error"]), members)


def seen_rows(found: Assessed, lang: str) -> "list[tuple[str, ...]]":
    """Series, year, observed, expected, required, progress."""
    rows: list[tuple[str, ...]] = []
    for place in range(found.seen.sizes["observation"]):
        one = {str(name): found.seen[name].values[place] for name in found.seen.data_vars}
        digits = decimals([one["observed"]])
        unit = unit_in_words(str(one["units"]), lang)
        label = f"{one[f'label_{lang}']} [{unit}]" if unit else str(one[f"label_{lang}"])
        band = f"{quantity(one['p05'], digits)} – {quantity(one['p95'], digits)}"
        expected = Text(
            f"{quantity(one['expected'], digits)}（{band}）",
            f"{quantity(one['expected'], digits)} ({band})",
        ).of(lang)
        wanted = float(one["required"])
        progress = f"{one['observed'] / wanted:.0%}" if wanted and math.isfinite(wanted) else ABSENT
        rows.append(
            (
                label,
                str(one["years"]),
                quantity(one["observed"], digits),
                expected,
                quantity(wanted, digits),
                progress,
            )
        )
    return rows


def odds_rows(found: Assessed, lang: str) -> "list[tuple[str, ...]]":
    """Target, year, odds before and after, change, medians, judgement; most moved first."""
    rows: list[tuple[str, ...]] = []
    order = sorted(
        range(found.targets.sizes["target"]),
        key=lambda place: -abs(float(found.targets["change"][place])),
    )
    for place in order:
        row = found.targets.isel(target=place)
        medians = row["median"].values
        digits = decimals(medians)
        change, error = float(row["change"]), float(row["change_standard_error"])
        judged = say(str(row["judgement"].sel(when="after").item()), lang)
        unit = unit_in_words(str(row["unit"].item()), lang)
        rows.append(
            (
                str(row[f"title_{lang}"].item()),
                str(row["year"].item()),
                _share(row, "before", found),
                _share(row, "after", found),
                points(change, error),
                f"{quantity(medians[0], digits)} → {quantity(medians[1], digits)} {unit}".strip(),
                judged,
            )
        )
    return rows


def belief_rows(found: Assessed, lang: str) -> "list[tuple[str, ...]]":
    """Parameter, means before and after, shift, what is left of the spread."""
    rows: list[tuple[str, ...]] = []
    for place in range(min(MOVED, found.beliefs.sizes["parameter"])):
        one = {str(name): found.beliefs[name].values[place] for name in found.beliefs.data_vars}
        digits = decimals([one["before"], one["after"]])
        rows.append(
            (
                str(one[f"label_{lang}"]),
                quantity(one["before"], digits),
                quantity(one["after"], digits),
                signed(f"{one['shift']:+.2f}"),
                f"{one['narrowed']:.0%}",
            )
        )
    return rows


def sign_rows(found: Assessed, lang: str) -> "list[tuple[str, ...]]":
    """Target, its early signs, the odds with and without each, and how often it errs."""
    titles = {
        str(name): f"{title} {year}"
        for name, title, year in zip(
            found.targets["target"].values,
            found.targets[f"title_{lang}"].values,
            found.targets["year"].values,
            strict=True,
        )
    }
    return [
        (
            titles[sign.target],
            say(sign.kind, lang),
            sign_in_words(sign, found, lang),
            f"{sign.if_good:.0%}",
            f"{sign.if_bad:.0%}",
            f"{sign.missed_alarms:.0%} / {sign.false_alarms:.0%}",
        )
        for sign in found.signs
    ]


def sign_in_words(sign: Sign, found: Assessed, lang: str) -> str:
    """What speaks for attainment."""
    label = found.labels[sign.variable][1 if lang == "en" else 0]
    word = "at_least" if sign.above else "at_most"
    own, shown = found.units[sign.variable]
    value = sign.threshold * factor(own, shown)
    level = with_unit(quantity(value, decimals([value])), shown, lang)
    time = when(f"{sign.year:g}", found.time_unit, lang)
    return say(word, lang, label=label, time=time, value=level)


HEADS = {
    "seen": ("series", "year", "observed", "expected", "required", "progress"),
    "odds": ("target", "year", "before", "after", "change", "median", "judgement"),
    "beliefs": ("parameter", "before", "after", "shift", "spread"),
    "signs": ("target", "kind", "sign", "if_good", "if_bad", "errors"),
}
LEFT = {"seen": 2, "odds": 2, "beliefs": 1, "signs": 3}
"""Columns of each table that stand to the left."""


def _heads(part: str, found: Assessed, lang: str) -> list[str]:
    """What stands over the columns of a table; over times their unit, where that is no year."""
    time = time_head(found.time_unit, lang)
    return [time if word == "year" else say(word, lang) for word in HEADS[part]]


ROWS = {"seen": seen_rows, "odds": odds_rows, "beliefs": belief_rows, "signs": sign_rows}


def print_assessment(
    found: Assessed, folder: Path | None, lang: str, console: "Console | None" = None
) -> None:
    """Shows an assessment on `console`: the figures, the odds, the words."""
    from sim.report.tables import Flowing, default_console, rows_table

    console = console or default_console()
    for part in ("seen", "odds", "beliefs", "signs"):
        rows = ROWS[part](found, lang)
        if not rows:
            continue
        heads = _heads(part, found, lang)
        table = rows_table(say(part, lang), heads, rows, LEFT[part])
        console.print(table)
        console.print()
    for sentence in sentences(found, lang):
        console.print(Flowing(sentence))
    if folder is not None:
        console.print()
        console.print(Flowing(say("saved", lang, folder=folder)), soft_wrap=True)


def assessment_markdown(found: Assessed, lang: str) -> str:
    """The page of an assessment."""
    lines = [f"# {say('title', lang)}", "", *sentences(found, lang), ""]
    for part in ("seen", "odds", "beliefs", "signs"):
        rows = ROWS[part](found, lang)
        if rows:
            table = markdown_table(_heads(part, found, lang), rows, LEFT[part])
            lines += [f"## {say(part, lang)}", "", table, ""]
    return "\n".join(lines)


def odds_csv(found: Assessed, file: Path, lang: str) -> None:
    """Every target's numbers in full, before and after, for Excel."""
    targets = found.targets
    names = ["probability", "standard_error", "median", "p05", "p95", "judgement"]
    names += [f"backtest_{name}" for name in ("events", "came_true") if "band_low" in targets]
    about = {"target": "target", "title": f"title_{lang}"}
    about |= {name: name for name in ("year", "wanted", "unit")}
    columns: dict[str, Any] = {name: targets[own].values for name, own in about.items()}
    for name, stage in itertools.product(names, (BEFORE, AFTER)):
        columns[name + stage] = targets[name].sel(when=stage[1:]).values
    for stage in (BEFORE, AFTER):
        name = f"judgement{stage}"
        columns[name] = [say(str(judged), lang) for judged in columns[name]]
    columns |= {name: targets[name].values for name in ("change", "change_standard_error")}
    write_columns(file, columns, found.time_unit, lang)


def signs_csv(found: Assessed, file: Path, lang: str) -> None:
    """Every early sign's numbers in full, for Excel."""
    names = [field.name for field in fields(Sign)]
    columns = {name: [getattr(sign, name) for sign in found.signs] for name in names}
    columns["kind"] = [say(sign.kind, lang) for sign in found.signs]
    columns["sign"] = [sign_in_words(sign, found, lang) for sign in found.signs]
    write_columns(file, columns, found.time_unit, lang)
