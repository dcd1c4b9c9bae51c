"""The part `history` of `sim check`: the baseline beside what was observed, in lines."""

import numpy as np
import xarray as xr

from sim import data
from sim.analysis.history import (
    NAIVE_POINTS,
    THEIL_POINTS,
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
from sim.report.observed import figure_name, figure_years
from sim.text import Text

HEAD = {
    "zh": ("变量", "年份", "实测", "中位数", "误差", "50% 区间", "", "90% 区间", "", "单位"),
    "en": (
        *("variable", "year", "observed", "median", "error"),
        *("50% band", "", "90% band", "", "unit"),
    ),
}
YES, NO = Text("在内", "inside"), Text("在外", "outside")


def history_finding(county: County) -> Finding:
    """How the baseline's draws compare with every observation; fails on the coverage alone."""
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
        f"90% 区间只覆盖 {tested} 个观测点中的 {inside} 个；区间若正确，少于 {least} 个的可能"
        "不到 5%：放宽过窄的分布，或查找偏差的原因",
        f"the 90% band holds only {inside} of {tested} observed points; were it right, fewer than "
        f"{least} would be seen less than 5% of the time: widen what is narrow, or find the bias",
    )


def _table(points: xr.Dataset, county: County) -> Text:
    """One row per observed point, in both languages."""
    return Text(*("\n".join(columns(_rows(points, county, lang))) for lang in ("zh", "en")))


def _rows(points: xr.Dataset, county: County, lang: str) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [HEAD[lang]]
    for i in range(points.sizes["point"]):
        one = {str(name): points[name].values[i] for name in points.data_vars}
        label = county.model.variables[str(one["variable"])].label[1 if lang == "en" else 0]
        bands = [cell for share in ("50%", "90%") for cell in _band(one, share, lang)]
        numbers = (f"{one['observed']:.4g}", f"{one['median']:.4g}", f"{one['error']:+.1%}")
        name = figure_name(label, str(one["measure"]), lang)
        years = figure_years(one["since"] if one["measure"] != "level" else None, one["year"])
        rows.append((name, years, *numbers, *bands, str(one["unit"])))
    return rows


def _band(one: dict[str, object], share: str, lang: str) -> tuple[str, str]:
    if one["given"]:
        return Text("起点给定", "given").of(lang), ""
    inside = YES if one[f"inside_{share}"] else NO
    return f"{one[f'low_{share}']:.4g} – {one[f'high_{share}']:.4g}", inside.of(lang)


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
