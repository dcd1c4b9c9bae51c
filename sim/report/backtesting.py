"""How good forecasts would have been, in words and tables: terminal, Markdown, CSV."""

import math
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sim.analysis.backtest import Forecast, Skill
from sim.ensemble.observations import Observation
from sim.report.columns import write_columns
from sim.report.numbers import ABSENT, decimals, quantity, signed
from sim.report.observed import figure_name, figure_years
from sim.report.summary import markdown_table
from sim.report.words import time_head
from sim.text import Text

if TYPE_CHECKING:
    from rich.console import Console

WORDS = {
    "title": Text("回测：当年能预测得多准", "Back-test: how good forecasts would have been"),
    "forecasts": Text("各项预测与后来的实际", "Forecasts, and what came"),
    "reliability": Text("说了多大把握，应验了多少", "Stated probabilities, and what came true"),
    "frozen": Text("已知到", "Known up to"),
    "series": Text("指标", "Series"),
    "observed": Text("实际", "Observed"),
    "forecast": Text("预测（5%–95%）", "Forecast (5–95%)"),
    "error": Text("误差", "Error"),
    "last": Text("沿用上一值", "Last value"),
    "growth": Text("按上一增速", "Last growth"),
    "inside": Text("90% 区间", "90% band"),
    "yes": Text("在内", "inside"),
    "no": Text("在外", "outside"),
    "stated": Text("所说概率", "Stated"),
    "events": Text("事件数", "Events"),
    "true": Text("应验", "Came true"),
    "coverage": Text(
        "{all} 个预测中，90% 区间覆盖 {ninety} 个，50% 区间覆盖 {half} 个；"
        "中位数误差平均 {error}。",
        "Of {all} forecasts the 90% band held {ninety} and the 50% band {half}; the median was off "
        "by {error} on average.",
    ),
    "beside_last": Text(
        "CRPS（占实际值，越小越好）：模型 {crps}，沿用上一值 {naive}（{count} 个可比）。",
        "CRPS (share of the observed, smaller is better): model {crps}, last value {naive} (over "
        "{count} forecasts).",
    ),
    "beside_growth": Text(
        "CRPS：模型 {crps}，按上一增速外推 {naive}（{count} 个可比）。",
        "CRPS: model {crps}, last growth carried on {naive} (over {count} forecasts).",
    ),
    "brier": Text(
        "“达到上一值的 0.8 至 1.5 倍”这类事件 {count} 个，Brier 得分 {score}（0 最好，0.25 如同抛硬"
        "币）。",
        "{count} events of the kind “reaches 0.8 to 1.5 times the last value”: Brier score {score} "
        "(0 is perfect, 0.25 a coin).",
    ),
    "caution": Text(
        "观测很少且彼此相关。冻结之后，价格和政策保持在当时水平，物价、收入和市场规模按此前的平均"
        "增速延续；校准只用当时已有的观测和看到历史之前的先验。但先验和方程毕竟是后来写的：真实的预测"
        "能力不会比这里更好。",
        "Observations are few and hang together. From the frozen time on prices and policies are "
        "held, and the price level, incomes and markets grow on as they had; the calibration sees "
        "what was known by then, and priors from before history was seen. But priors and equations "
        "were written later: true skill is no better than this.",
    ),
    "saved": Text("结果保存在：{folder}", "Results are in: {folder}"),
}


class Hindcast(Protocol):
    """What is told: see `sim.commands.hindcast.Hindcast`."""

    @property
    def forecasts(self) -> tuple[Forecast, ...]: ...
    @property
    def skill(self) -> Skill: ...
    @property
    def observations(self) -> tuple[Observation, ...]: ...
    @property
    def labels(self) -> dict[str, tuple[str, str]]: ...
    @property
    def time_unit(self) -> str: ...


def say(word: str, lang: str, **facts: object) -> str:
    """One of `WORDS`, with facts put in."""
    return WORDS[word].of(lang).format(**facts)


def sentences(found: Hindcast, lang: str) -> list[str]:
    """What was found, in plain sentences made from the numbers."""
    own = found.skill
    counts = {"all": own.forecasts, "ninety": own.inside_ninety, "half": own.inside_half}
    lines = [say("coverage", lang, **counts, error=f"{own.error:.1%}")]
    for word, count, crps, naive in (
        ("beside_last", own.with_last, own.crps_beside_last, own.last),
        ("beside_growth", own.with_growth, own.crps_beside_growth, own.growth),
    ):
        if count:
            lines.append(say(word, lang, crps=f"{crps:.3f}", naive=f"{naive:.3f}", count=count))
    if own.events:
        lines.append(say("brier", lang, count=own.events, score=f"{own.brier:.3f}"))
    return [*lines, say("caution", lang)]


def forecast_rows(found: Hindcast, lang: str) -> list[tuple[str, ...]]:
    """Frozen year, series, year, observed, forecast, errors of model and naive, band."""
    from sim.analysis.history import name_of

    names = {name_of(one): one for one in found.observations}
    rows: list[tuple[str, ...]] = []
    for one in found.forecasts:
        seen = names[one.name]
        label = found.labels[seen.variable][1 if lang == "en" else 0]
        digits = decimals([one.observed])
        band = f"{quantity(one.p05, digits)} – {quantity(one.p95, digits)}"
        middle = quantity(one.median, digits)
        rows.append(
            (
                f"{one.frozen:g}",
                figure_name(label, seen.measure, lang),
                figure_years(seen.since, seen.year),
                quantity(one.observed, digits),
                Text(f"{middle}（{band}）", f"{middle} ({band})").of(lang),
                signed(f"{one.error:+.1%}"),
                _percent(one.last),
                _percent(one.growth),
                say("yes" if one.inside_ninety else "no", lang),
            )
        )
    return rows


def _percent(share: float) -> str:
    return f"{share:.1%}" if math.isfinite(share) else ABSENT


def reliability_rows(found: Hindcast, lang: str) -> list[tuple[str, ...]]:
    """Stated from, to; how many events; how many came true."""
    return [
        (f"{low:.0%} – {high:.0%}", str(count), f"{true} ({true / count:.0%})")
        for low, high, count, true in found.skill.reliability
        if count
    ]


HEADS = {
    "forecasts": (
        *("frozen", "series", "year", "observed", "forecast", "error", "last", "growth"),
        "inside",
    ),
    "reliability": ("stated", "events", "true"),
}
ROWS = {"forecasts": forecast_rows, "reliability": reliability_rows}


def _heads(part: str, found: Hindcast, lang: str) -> list[str]:
    """What stands over the columns of a table; over times their unit, where that is no year."""
    time = time_head(found.time_unit, lang)
    return [time if word == "year" else say(word, lang) for word in HEADS[part]]


def print_backtest(
    found: Hindcast, folder: Path | None, lang: str, console: "Console | None" = None
) -> None:
    """Shows a back-test on `console`."""
    from rich.text import Text as Line

    from sim.report.tables import default_console, rows_table

    console = console or default_console()
    for part, rows in ROWS.items():
        heads = _heads(part, found, lang)
        table = rows_table(say(part, lang), heads, rows(found, lang), 3)
        console.print(table)
        console.print()
    for sentence in sentences(found, lang):
        console.print(Line(sentence))
    if folder is not None:
        console.print()
        console.print(Line(say("saved", lang, folder=folder)), soft_wrap=True)


def backtest_markdown(found: Hindcast, lang: str) -> str:
    """The page of a back-test."""
    lines = [f"# {say('title', lang)}", "", *sentences(found, lang), ""]
    for part, rows in ROWS.items():
        heads = _heads(part, found, lang)
        lines += [f"## {say(part, lang)}", "", markdown_table(heads, rows(found, lang), 3), ""]
    return "\n".join(lines)


def forecasts_csv(found: Hindcast, file: Path, lang: str) -> None:
    """Every forecast's numbers in full, for Excel."""
    rows, one = forecast_rows(found, lang), found.forecasts
    columns: dict[str, list[object]] = {
        "observation": [forecast.name for forecast in one],
        "label": [row[1] for row in rows],
        "years": [row[2] for row in rows],
    }
    names = [field.name for field in fields(Forecast) if field.name not in ("name", "events")]
    columns |= {name: [getattr(forecast, name) for forecast in one] for name in names}
    write_columns(file, columns, found.time_unit, lang)
