"""The part `history` of `sim check`: the baseline beside what was observed, in lines."""

from typing import Any

import numpy as np
import xarray as xr

from sim import data
from sim.analysis.history import (
    NAIVE_POINTS,
    THEIL_POINTS,
    astray,
    band_ratios,
    check_history,
    compare,
    coverage,
    least_coverage,
    naive_errors,
    theil,
    variables,
)
from sim.commands.check import County, Finding
from sim.commands.columns import columns
from sim.commands.progress import progress_bar
from sim.engine.compile import compile_model
from sim.engine.integrate import clock_of
from sim.ensemble.inputs import draw_inputs
from sim.ensemble.observations import Observation, read_history
from sim.ensemble.simulate import simulate, varying_dims
from sim.report.numbers import signed
from sim.report.observed import figure_name, figure_years
from sim.report.words import label_in
from sim.text import Text

HEAD = {
    "zh": ("年份", "实测", "中位数", "误差", "50% 区间", "90% 区间（* 在外）"),
    "en": ("year", "observed", "median", "error", "50% band", "90% band (* out)"),
}


def history_finding(county: County) -> Finding:
    """How the baseline's draws compare with every observation; fails where a median lies too far
    off, where bands hold too few points, or are wider than those of naive forecasts."""
    observations = read_history(data.history_folder())
    clock = clock_of(county.model)
    units = {name: variable.units for name, variable in county.model.variables.items()}
    problems = check_history(observations, units, list(clock.saved))
    if problems or not observations:
        problems += [] if observations else [Text("没有观测值", "there are no observations")]
        return Finding(
            Text("观测与模型对不上", "observations do not fit the model"), tuple(problems)
        )
    points = compare(_runs(county, observations), observations, county.seed)
    inside, tested = coverage(points, 0.9)
    half, _ = coverage(points, 0.5)
    least = least_coverage(tested)
    summary = Text(
        f"{tested} 个观测点，90% 区间覆盖 {inside} 个（至少应 {least} 个），50% 区间覆盖 {half} 个",
        f"of {tested} observed points the 90% band holds {inside} (at least {least} are wanted), "
        f"the 50% band {half}",
    )
    problems = [] if inside >= least else [_too_few(inside, tested, least)]
    problems += [_too_wide(name, points) for name in variables(points) if _ratio(name, points) > 1]
    problems += [_astray(*one) for one in astray(points)]
    return Finding(summary, tuple(problems), (_table(points, county), _series(points, county)))


def _runs(county: County, observations: list[Observation]) -> xr.Dataset:
    clock = clock_of(county.model)
    scenarios = [county.baseline]
    inputs = draw_inputs(county.model, county.table, scenarios, clock, county.draws, county.seed)
    kept = list(dict.fromkeys(one.variable for one in observations))
    system = compile_model(county.model, varying_dims(inputs), kept)
    with progress_bar(county.lang) as progress:
        return simulate(county.model, system, inputs, clock, progress=progress)


def _too_few(inside: int, tested: int, least: int) -> Text:
    return Text(
        f"90% 区间只覆盖 {tested} 个观测点中的 {inside} 个，至少应有 {least} 个：放宽过窄的分布，"
        "或查找偏差的原因",
        f"the 90% band holds only {inside} of {tested} observed points, of at least {least}: "
        "widen what is narrow, or find the bias",
    )


def _astray(name: str, year: float, deviation: float, tolerance: float) -> Text:
    return Text(
        f"{name} {year:g} 年：中位数偏离实测 {deviation:+.1%}，要求不超过 {tolerance:.1%}，"
        "未达到历史拟合的要求",
        f"{name} {year:g}: the median lies {deviation:+.1%} off the observed, at most "
        f"{tolerance:.1%} is wanted: not reached",
    )


def _ratio(name: str, points: xr.Dataset) -> float:
    """The widest band of a variable, over the naive forecast's; zero where there is none."""
    return float(max(band_ratios(points, name), default=0.0))


def _too_wide(name: str, points: xr.Dataset) -> Text:
    ratio = _ratio(name, points)
    return Text(
        f"{name}：90% 区间为朴素预测的 {ratio:.2f} 倍，比不用模型还宽",
        f"{name}: the 90% band is {ratio:.2f} times the naive forecast's: wider than without a "
        "model",
    )


def _table(points: xr.Dataset, county: County) -> Text:
    """What was observed of each variable under its name and unit, a row a point; both languages."""
    return Text(_lines(points, county, "zh"), _lines(points, county, "en"))


def _lines(points: xr.Dataset, county: County, lang: str) -> str:
    count = points.sizes["point"]
    every = [{str(name): points[name].values[i] for name in points.data_vars} for i in range(count)]
    head, *rows = columns([HEAD[lang], *(_row(one, lang) for one in every)])
    names = [_name(one, county, lang) for one in every]
    lines = [f"  {head}"]
    for place, (name, row) in enumerate(zip(names, rows, strict=True)):
        lines += [name] if name not in names[:place][-1:] else []
        lines.append(f"  {row}")
    return "\n".join(lines)


def _name(one: dict[str, Any], county: County, lang: str) -> str:
    label = county.model.variables[str(one["variable"])].label[1 if lang == "en" else 0]
    return label_in(figure_name(label, str(one["measure"]), lang), str(one["unit"]), lang)


def _row(one: dict[str, Any], lang: str) -> tuple[str, ...]:
    years = figure_years(one["since"] if one["measure"] != "level" else None, one["year"])
    numbers = (f"{one['observed']:.4g}", f"{one['median']:.4g}", signed(f"{one['error']:+.1%}"))
    return (years, *numbers, *(_band(one, share, lang) for share in ("50%", "90%")))


def _band(one: dict[str, Any], share: str, lang: str) -> str:
    if one["given"]:
        return Text("起点给定", "given").of(lang)
    mark = "" if one[f"inside_{share}"] else "*"
    return f"{one[f'low_{share}']:.4g}–{one[f'high_{share}']:.4g}{mark}"


def _series(points: xr.Dataset, county: County) -> Text:
    """What each series says beyond its points: naive forecasts, Theil's shares, or why not."""
    zh: list[str] = []
    en: list[str] = []
    short: list[str] = []
    counts = variables(points)
    for name, count in counts.items():
        label = county.model.variables[name].label
        if count >= NAIVE_POINTS:
            errors = naive_errors(points, name)
            if not np.isnan(errors["model"]):
                zh.append(_naive(errors, label[0], "zh"))
                en.append(_naive(errors, label[1], "en"))
        ratios = band_ratios(points, name)
        if len(ratios):
            said = f"{min(ratios):.2f}–{max(ratios):.2f}"
            zh.append(f"{label[0]}：90% 区间为朴素预测区间的 {said} 倍")
            en.append(f"{label[1]}: the 90% band is {said} times that of the naive forecast")
        shares = theil(points, name)
        if shares is None:
            short.append(name)
            continue
        said = ", ".join(f"{k} {v:.2f}" for k, v in zip(("U_m", "U_s", "U_c"), shares, strict=True))
        zh.append(f"Theil 分解，{label[0]}：{said}")
        en.append(f"Theil's shares, {label[1]}: {said}")
    if short:
        most = max(counts[name] for name in short)
        zh.append(
            f"Theil 分解：{len(short)} 个序列都不足 {THEIL_POINTS} 个点（最多 {most} 个），不分解"
        )
        en.append(
            f"Theil's shares: {len(short)} series have fewer than {THEIL_POINTS} points (at most "
            f"{most}) and are not decomposed"
        )
    zh.append("区间含观测误差；这些点在拟合时已用，只说明拟合，不说明预测。")
    en.append("Bands hold the error of measurement; the points were used in the fit: no forecast.")
    return Text("\n".join(zh), "\n".join(en))


def _naive(errors: dict[str, float], label: str, lang: str) -> str:
    model, last, growth = (f"{errors[name]:.1%}" for name in ("model", "last", "growth"))
    return Text(
        f"{label}自第三点起的误差（均方根）：模型 {model}，沿用上一值 {last}，按上一增速 {growth}",
        f"{label}, error from the third point on (root mean square): model {model}, last value "
        f"{last}, constant growth {growth}",
    ).of(lang)
