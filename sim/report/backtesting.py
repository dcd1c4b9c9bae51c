"""How good forecasts would have been, in words and tables: terminal, Markdown, CSV."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sim.analysis.backtest import Forecast, Skill
from sim.analysis.prices import PriceForecast
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
    "prices": Text("价格过程与过去的价格", "The process of prices, held against past prices"),
    "seen_prices": Text("冻结之后的价格", "Prices after the frozen years"),
    "frozen": Text("已知到", "Known up to"),
    "price": Text("价格", "Price"),
    "span": Text("往后", "Ahead"),
    "count": Text("预测数", "Forecasts"),
    "held": Text("90% 区间覆盖", "In the 90% band"),
    "outside": Text("在外（起年→到年）", "Outside (from→to)"),
    "misses": Text("区间之外的，当年缺什么", "What lay outside, and what was lacking"),
    "lacking": Text("当年缺什么", "What was lacking"),
    "not_told": Text("未说明", "not told"),
    "knowing": Text("假如当年就知道", "Had it been known"),
    "known": Text("按后来的实际给定", "Given as it came"),
    "half": Text("50% 区间", "50% band"),
    "still": Text("仍在 90% 区间之外", "Still outside the 90% band"),
    "nothing": Text("无", "nothing"),
    "given_prices": Text("煤价、气价", "coal and gas prices"),
    "given_assumptions": Text("全部外部假设", "all assumptions about the world"),
    "given_levers": Text("政策手段", "levers"),
    "given": Text("按后来的实际给定：{given}。", "Given as it came: {given}."),
    "farther": Text("同样偏或更偏的概率", "As far or farther"),
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
    "process": Text(
        "从每一年出发，只用到那一年为止的价格估计波动率和回归时间（与 sim run、回测同一方法），"
        "预测其后的价格：{count} 个预测中，90% 区间覆盖 {inside} 个。相邻起年的预测彼此重叠，"
        "独立的信息比个数少得多。{rarest}",
        "From each year on, volatility and reversion time are estimated from the prices up to that "
        "year alone (as sim run and the back-test do), and later prices forecast: of {count} "
        "forecasts the 90% band held {inside}. Forecasts from neighbouring years overlap: there is "
        "far less independent evidence than their number says.{rarest}",
    ),
    "rarest": Text(
        "冻结之后最罕见的，是从 {known} 年看 {year} 年的{price}：同样偏或更偏的概率为 {farther}。",
        " Rarest after a frozen year, as seen from {known}: {price}, {year}; as far or farther "
        "with a probability of {farther}.",
    ),
    "knowing_note": Text(
        "同样的回测（命令 sim backtest given=…），但把所列路径按后来的实际给定：差别就是不知道它们"
        "的代价，剩下的才是模型自己的。部分路径（供给行政系数、生育率）是后来参照实际走势写成的，所以这里对模型偏宽。",
        "The same back-tests (sim backtest given=…), but with the listed paths as they came: the "
        "difference is the price of not knowing them, what remains is the model's own. Some paths "
        "(supply mandate, fertility) were written with the outcome in view, so that this flatters "
        "the model.",
    ),
    "caution": Text(
        "观测很少且彼此相关。冻结之后，煤价向已知各年的均值回归，气价保持，二者都按当时估得的"
        "波动随机变动；农产品和工业品价格随一般物价，物价、收入和市场规模按此前的平均增速延续；政策和"
        "其余路径保持在当时水平。校准只用当时已有的观测和看到历史之前的先验。但先验和方程毕竟是后来"
        "写的：真实的预测能力不会比这里更好。",
        "Observations are few and hang together. From the frozen time on the coal price reverts to "
        "the mean of the years known, the gas price stays, both with a noise as it was estimated "
        "then; farm and factory prices follow the price level, which grows on as it had, as do "
        "incomes and markets; policies and all other paths are held. The calibration sees what was "
        "known by then, and priors from before history was seen. But priors and equations were "
        "written later: true skill is no better than this.",
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
    def prices(self) -> tuple[PriceForecast, ...]: ...
    @property
    def observations(self) -> tuple[Observation, ...]: ...
    @property
    def labels(self) -> dict[str, tuple[str, str]]: ...
    @property
    def time_unit(self) -> str: ...
    @property
    def given(self) -> tuple[str, ...]: ...
    @property
    def misses(self) -> Mapping[str, Text]: ...


def say(word: str, lang: str, **facts: object) -> str:
    """One of `WORDS`, with facts put in."""
    return WORDS[word].of(lang).format(**facts)


def sentences(found: Hindcast, lang: str) -> list[str]:
    """What was found, in plain sentences made from the numbers."""
    own = found.skill
    lines = [say("given", lang, given=given_words(found, lang))] if found.given else []
    counts = {"all": own.forecasts, "ninety": own.inside_ninety, "half": own.inside_half}
    lines.append(say("coverage", lang, **counts, error=f"{own.error:.1%}"))
    for word, count, crps, naive in (
        ("beside_last", own.with_last, own.crps_beside_last, own.last),
        ("beside_growth", own.with_growth, own.crps_beside_growth, own.growth),
    ):
        if count:
            lines.append(say(word, lang, crps=f"{crps:.3f}", naive=f"{naive:.3f}", count=count))
    if own.events:
        lines.append(say("brier", lang, count=own.events, score=f"{own.brier:.3f}"))
    if found.prices:
        inside, rarest = sum(one.inside for one in found.prices), _rarest(found, lang)
        lines.append(say("process", lang, count=len(found.prices), inside=inside, rarest=rarest))
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


def miss_rows(found: Hindcast, lang: str) -> list[tuple[str, ...]]:
    """Each series that lay outside its band, the years from which, and what was lacking."""
    from sim.analysis.history import name_of

    names = {name_of(one): one.variable for one in found.observations}
    outside: dict[str, list[str]] = {}
    for one in found.forecasts:
        if not one.inside_ninety:
            outside.setdefault(names[one.name], []).append(f"{one.frozen:g}")
    return [
        (
            _label(found, name, lang),
            Text("、", ", ").of(lang).join(dict.fromkeys(years)),
            found.misses[name].of(lang) if name in found.misses else say("not_told", lang),
        )
        for name, years in outside.items()
    ]


def given_words(found: Hindcast, lang: str) -> str:
    """What a back-test was given as it came, in words."""
    said = [
        say(f"given_{word}", lang) if f"given_{word}" in WORDS else _label(found, word, lang)
        for word in found.given
    ]
    return Text("、", ", ").of(lang).join(said) or say("nothing", lang)


def knowing_markdown(hindcasts: Sequence[Hindcast], lang: str) -> str:
    """A section that sets back-tests side by side which were given more and more as it came."""
    rows = [
        (
            given_words(one, lang),
            f"{one.skill.inside_ninety}/{one.skill.forecasts}",
            f"{one.skill.inside_half}/{one.skill.forecasts}",
            f"{one.skill.error:.1%}",
            Text("、", "; ").of(lang).join(row[0] for row in miss_rows(one, lang)) or ABSENT,
        )
        for one in hindcasts
    ]
    heads = [say(head, lang) for head in ("known", "inside", "half", "error", "still")]
    head, note = f"## {say('knowing', lang)}", say("knowing_note", lang)
    return "\n".join([head, "", note, "", markdown_table(heads, rows, 1), ""])


def price_rows(found: Hindcast, lang: str) -> list[tuple[str, ...]]:
    """Price, years ahead, forecasts, how many the band held, and those that it did not."""
    rows: list[tuple[str, ...]] = []
    for price, span in sorted({(one.price, one.year - one.known) for one in found.prices}):
        own = [one for one in found.prices if (one.price, one.year - one.known) == (price, span)]
        outside = [f"{one.known}→{one.year}" for one in own if not one.inside]
        held = f"{len(own) - len(outside)} ({1 - len(outside) / len(own):.0%})"
        years = Text(f"{span} 年", f"{span} year{'s' * (span > 1)}").of(lang)
        said = Text("、".join(outside), ", ".join(outside)).of(lang) or ABSENT
        rows.append((_label(found, price, lang), years, str(len(own)), held, said))
    return rows


def seen_price_rows(found: Hindcast, lang: str) -> list[tuple[str, ...]]:
    """Frozen year, price, year, observed, forecast, band, and how rare a price so far out was."""
    rows: list[tuple[str, ...]] = []
    for one in _seen_prices(found):
        digits = decimals([one.observed])
        low, middle, high = (quantity(v, digits) for v in (one.p05, one.median, one.p95))
        rows.append(
            (
                str(one.known),
                _label(found, one.price, lang),
                str(one.year),
                quantity(one.observed, digits),
                Text(f"{middle}（{low} – {high}）", f"{middle} ({low} – {high})").of(lang),
                say("yes" if one.inside else "no", lang),
                f"{one.farther:.1%}",
            )
        )
    return rows


def _seen_prices(found: Hindcast) -> list[PriceForecast]:
    frozen = {one.frozen for one in found.forecasts}
    return [one for one in found.prices if one.known in frozen]


def _rarest(found: Hindcast, lang: str) -> str:
    """Which price after a frozen year the process thought least probable; nothing without one."""
    one = min(_seen_prices(found), key=lambda one: one.farther, default=None)
    if one is None:
        return ""
    facts = {"known": one.known, "year": one.year, "farther": f"{one.farther:.1%}"}
    return say("rarest", lang, price=_label(found, one.price, lang), **facts)


def _label(found: Hindcast, name: str, lang: str) -> str:
    return found.labels[name][1 if lang == "en" else 0]


HEADS = {
    "forecasts": (
        *("frozen", "series", "year", "observed", "forecast", "error", "last", "growth"),
        "inside",
    ),
    "misses": ("series", "frozen", "lacking"),
    "prices": ("price", "span", "count", "held", "outside"),
    "seen_prices": ("frozen", "price", "year", "observed", "forecast", "inside", "farther"),
    "reliability": ("stated", "events", "true"),
}
ROWS = {
    "forecasts": forecast_rows,
    "misses": miss_rows,
    "reliability": reliability_rows,
    "prices": price_rows,
    "seen_prices": seen_price_rows,
}


def _heads(part: str, found: Hindcast, lang: str) -> list[str]:
    """What stands over the columns of a table; over times their unit, where that is no year."""
    time = time_head(found.time_unit, lang)
    return [time if word == "year" else say(word, lang) for word in HEADS[part]]


def print_backtest(
    found: Hindcast, folder: Path | None, lang: str, console: "Console | None" = None
) -> None:
    """Shows a back-test on `console`."""
    from sim.report.tables import Flowing, default_console, rows_table

    console = console or default_console()
    for part, rows in parts(found, lang):
        heads = _heads(part, found, lang)
        console.print(rows_table(say(part, lang), heads, rows, 3))
        console.print()
    for sentence in sentences(found, lang):
        console.print(Flowing(sentence))
    if folder is not None:
        console.print()
        console.print(Flowing(say("saved", lang, folder=folder)), soft_wrap=True)


def backtest_markdown(found: Hindcast, lang: str) -> str:
    """The page of a back-test."""
    lines = [f"# {say('title', lang)}", "", *sentences(found, lang), ""]
    for part, rows in parts(found, lang):
        heads = _heads(part, found, lang)
        lines += [f"## {say(part, lang)}", "", markdown_table(heads, rows, 3), ""]
    return "\n".join(lines)


def parts(found: Hindcast, lang: str) -> list[tuple[str, list[tuple[str, ...]]]]:
    """The tables that have something to say, with their rows."""
    tables = [(part, rows(found, lang)) for part, rows in ROWS.items()]
    return [(part, rows) for part, rows in tables if rows]


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


def prices_csv(found: Hindcast, file: Path, lang: str) -> None:
    """Every forecast of a price, likewise."""
    own = found.prices
    columns: dict[str, list[object]] = {
        "variable": [one.price for one in own],
        "label": [_label(found, one.price, lang) for one in own],
        "frozen": [one.known for one in own],
        "year": [one.year for one in own],
    }
    names = ("observed", "p05", "median", "p95", "inside", "farther")
    columns |= {name: [getattr(one, name) for one in own] for name in names}
    write_columns(file, columns, found.time_unit, lang)
