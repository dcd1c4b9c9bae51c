"""What a calibration learnt, in words and tables: on the terminal, and as Markdown."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import xarray as xr

from sim.analysis.importance import HEAVY
from sim.report.numbers import decimals, quantity, signed
from sim.report.summary import markdown_table
from sim.report.words import time_head, unit_in_words
from sim.text import Text

if TYPE_CHECKING:
    from rich.console import Console

SHOWN = 12
"""Parameters on the first page; all are in parameters.csv."""

WORDS = {
    "title": Text("历史观测教给模型什么", "What history taught the model"),
    "parameters": Text("认识变化最大的参数", "Parameters of which the belief moved most"),
    "observations": Text("观测与模型", "Observations and the model"),
    "parameter": Text("参数", "Parameter"),
    "unit": Text("单位", "Unit"),
    "prior": Text("先验 中位数（5%–95%）", "Prior: median (5–95%)"),
    "posterior": Text("后验 中位数（5%–95%）", "Posterior: median (5–95%)"),
    "narrowed": Text("剩余不确定性", "Spread left"),
    "observation": Text("观测", "Observation"),
    "observed": Text("实测", "Observed"),
    "inside": Text("90% 区间", "90% band"),
    "yes": Text("在内", "inside"),
    "no": Text("在外", "outside"),
    "told": Text(
        "{all} 个不确定参数中，{told} 个得到数据的信息（剩余不确定性不超过 80%，或均值移动半个"
        "标准差以上）；其余 {silent} 个仍是先验，数据对它们几乎没有说明。",
        "Of {all} uncertain parameters the data tell something of {told} (at most 80% of the "
        "spread left, or the mean moved by more than half a standard deviation); the other "
        "{silent} are still their priors: the data say next to nothing of them.",
    ),
    "covered": Text(
        "{all} 个观测中，{inside} 个落在后验的 90% 区间内（区间含观测误差和模型误差）。这些观测"
        "已用于校准，只说明拟合，不说明预测。",
        "Of {all} observations the posterior's 90% band holds {inside} (bands hold the errors of "
        "measurement and model). They were used to calibrate: this is fit, not forecast.",
    ),
    "settled": Text("抽样已收敛", "The sample has settled"),
    "unsettled": Text(
        "抽样没有收敛：请增大 members（或 steps）后重试，暂勿使用本结果",
        "The sample has not settled: do not use it; ask for more members (or steps)",
    ),
    "particles": Text(
        "（{degrees} 级升温，接受率 {acceptance:.0%}，最大残余相关 {correlation:.2f}，"
        "{evaluations:,.0f} 次模拟）。",
        " ({degrees:.0f} degrees, {acceptance:.0%} of moves taken, largest correlation left "
        "{correlation:.2f}, {evaluations:,.0f} simulations).",
    ),
    "importance": Text(
        "（加权抽样，相当于 {effective:,.0f} 次等权抽样，权重尾部形状 {tail:.2f}，"
        "低于 {heavy} 可信；{evaluations:,.0f} 次模拟）。",
        " (weighted draws that are worth {effective:,.0f} equal ones, {evaluations:,.0f} "
        "simulations; their weights' tail has the shape {tail:.2f}, to be trusted below {heavy}).",
    ),
    "walkers": Text(
        "（{walkers:.0f} 条链，接受率 {acceptance:.0%}，最大 R̂ {r_hat:.3f}，"
        "{evaluations:,.0f} 次模拟）。",
        " ({walkers:.0f} walkers, {acceptance:.0%} of moves taken, largest R-hat {r_hat:.3f}, "
        "{evaluations:,.0f} simulations).",
    ),
    "use": Text(
        "用后验抽样运行情景：sim run draws={folder}{model}",
        "Run a scenario with these draws: sim run draws={folder}{model}",
    ),
    "saved": Text("结果保存在：{folder}", "Results are in: {folder}"),
}


def say(word: str, lang: str, **facts: object) -> str:
    """One of `WORDS`, with facts put in."""
    return WORDS[word].of(lang).format(**facts)


def sentences(
    told: xr.Dataset, seen: xr.Dataset, diagnosis: Mapping[str, float], lang: str
) -> list[str]:
    """What was found, in plain sentences made from the numbers."""
    known, count = int(told["told"].sum()), told.sizes["parameter"]
    state = "settled" if diagnosis["settled"] else "unsettled"
    telling = {"walkers": "walkers", "effective": "importance", "degrees": "particles"}
    method = next(word for key, word in telling.items() if key in diagnosis)
    inside, all_seen = int(seen["inside"].sum()), seen.sizes["observation"]
    return [
        say("told", lang, all=count, told=known, silent=count - known),
        say("covered", lang, all=all_seen, inside=inside),
        say(state, lang) + say(method, lang, heavy=HEAVY, **diagnosis),
    ]


def parameter_rows(told: xr.Dataset, lang: str) -> list[tuple[str, ...]]:
    """Label, unit, prior, posterior and what is left of the spread; most told first."""
    rows = []
    for place in range(told.sizes["parameter"]):
        one = {str(name): told[name].values[place] for name in told.data_vars}
        digits = decimals([one["prior_median"], one["posterior_median"]])
        cells = [
            f"{quantity(one[f'{when}_median'], digits)}"
            f"（{quantity(one[f'{when}_p05'], digits)} – {quantity(one[f'{when}_p95'], digits)}）"
            for when in ("prior", "posterior")
        ]
        if lang == "en":
            cells = [cell.replace("（", " (").replace("）", ")") for cell in cells]
        label, unit = str(one[f"label_{lang}"]), unit_in_words(str(one["units"]), lang)
        rows.append((label, unit, *cells, f"{one['narrowed']:.0%}"))
    return rows


def observation_rows(seen: xr.Dataset, lang: str) -> list[tuple[str, ...]]:
    """Label, year, observed, prior, posterior, and whether the band holds the observation."""
    rows = []
    for place in range(seen.sizes["observation"]):
        one = {str(name): seen[name].values[place] for name in seen.data_vars}
        digits = decimals([one["observed"]])
        bands = [
            f"{quantity(one[f'{when}_median'], digits)}"
            f"（{quantity(one[f'{when}_p05'], digits)} – {quantity(one[f'{when}_p95'], digits)}）"
            for when in ("prior", "posterior")
        ]
        if lang == "en":
            bands = [band.replace("（", " (").replace("）", ")") for band in bands]
        unit = unit_in_words(str(one["units"]), lang)
        label = f"{one[f'label_{lang}']} [{unit}]" if unit else str(one[f"label_{lang}"])
        inside = say("yes" if one["inside"] else "no", lang)
        value = signed(quantity(one["observed"], digits))
        rows.append((label, str(one["years"]), value, *bands, inside))
    return rows


PARAMETER_HEADS = ("parameter", "unit", "prior", "posterior", "narrowed")
OBSERVATION_HEADS = ("observation", "year", "observed", "prior", "posterior", "inside")


def _heads(words: Sequence[str], seen: xr.Dataset, lang: str) -> list[str]:
    """What stands over columns; over times their unit, where that is no year."""
    time = time_head(str(seen.attrs["time_unit"]), lang)
    return [time if word == "year" else say(word, lang) for word in words]


def print_calibration(
    told: xr.Dataset,
    seen: xr.Dataset,
    diagnosis: Mapping[str, float],
    folder: Path | None,
    lang: str,
    console: "Console | None" = None,
    model: Path | None = None,
) -> None:
    """Shows what was learnt on `console`: the parameters told of, the observations, the words;
    `model` is the file of another model than the county's."""
    from sim.report.tables import Flowing, default_console, rows_table

    console = console or default_console()
    first = told.isel(parameter=slice(0, SHOWN))
    for title, heads, rows in (
        ("parameters", PARAMETER_HEADS, parameter_rows(first, lang)),
        ("observations", OBSERVATION_HEADS, observation_rows(seen, lang)),
    ):
        console.print(rows_table(say(title, lang), _heads(heads, seen, lang), rows, 2))
        console.print()
    for sentence in sentences(told, seen, diagnosis, lang):
        console.print(Flowing(sentence))
    if folder is not None:
        console.print()
        for word in ("use", "saved") if diagnosis["settled"] else ("saved",):
            own = f' model="{model}"' if model else ""
            console.print(Flowing(say(word, lang, folder=folder, model=own)), soft_wrap=True)


def calibration_markdown(
    told: xr.Dataset, seen: xr.Dataset, diagnosis: Mapping[str, float], lang: str
) -> str:
    """The page of a calibration: words, then every observation and every parameter."""
    lines = [f"# {say('title', lang)}", "", *sentences(told, seen, diagnosis, lang), ""]
    for title, heads, rows in (
        ("observations", OBSERVATION_HEADS, observation_rows(seen, lang)),
        ("parameters", PARAMETER_HEADS, parameter_rows(told, lang)),
    ):
        table = markdown_table(_heads(heads, seen, lang), rows, 2)
        lines += [f"## {say(title, lang)}", "", table, ""]
    return "\n".join(lines)
