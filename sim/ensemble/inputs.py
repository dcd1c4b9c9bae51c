"""Scenarios become inputs: one value, or path, per parameter, scenario and draw.

A parameter's draws depend on the seed and its own name, so adding a parameter moves no other
draw; all scenarios share the draws, so that their differences are policy, not luck.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import xarray as xr
from scipy import special

from sim.engine.integrate import Clock
from sim.engine.model import Model
from sim.ensemble.blocks import Draws
from sim.ensemble.dependence import tied, ties_of
from sim.ensemble.entries import number_of
from sim.ensemble.sampling import Floats, noises, normals, uniforms
from sim.ensemble.scenario import Level, Parameter, Scenario, is_distribution
from sim.text import Text, near

SAMPLINGS = ("lhs", "sobol", "random")
NOISE = "noise"
Z95 = float(special.ndtri(0.95))


@dataclass(frozen=True)
class Distribution:
    """A continuous distribution: its cumulative probability, and its inverse."""

    cdf: Callable[[Any], Any]
    ppf: Callable[[Any], Any]


def _normal(mean: float, sd: float) -> Distribution:
    return Distribution(
        lambda x: special.ndtr((x - mean) / sd), lambda u: mean + sd * special.ndtri(u)
    )


def _normal_between(p5: float, p95: float) -> Distribution:
    return _normal((p5 + p95) / 2, (p95 - p5) / (2 * Z95))


def _lognormal(median: float, sigma: float) -> Distribution:
    inner = _normal(math.log(median), sigma)
    return Distribution(
        lambda x: inner.cdf(np.log(np.maximum(x, 1e-300))), lambda u: np.exp(inner.ppf(u))
    )


def _lognormal_between(p5: float, p95: float) -> Distribution:
    spread = math.log(p95 / p5) / (2 * Z95)
    return _lognormal(math.sqrt(p5 * p95), spread)


def _uniform(low: float, high: float) -> Distribution:
    width = high - low
    return Distribution(lambda x: np.clip((x - low) / width, 0, 1), lambda u: low + width * u)


def _triangular(low: float, mode: float, high: float) -> Distribution:
    """Evans, Hastings, Peacock (2000), Statistical Distributions, ch. 40."""
    width, left, right = high - low, mode - low, high - mode
    turn = left / width

    def cdf(x: Any) -> Any:
        x = np.clip(x, low, high)
        rising = (x - low) ** 2 / (width * left) if left else np.zeros_like(x)
        falling = 1 - (high - x) ** 2 / (width * right) if right else np.ones_like(x)
        return np.where(x < mode, rising, falling)

    def ppf(u: Any) -> Any:
        rising = low + np.sqrt(u * width * left)
        falling = high - np.sqrt((1 - u) * width * right)
        return np.where(u < turn, rising, falling)

    return Distribution(cdf, ppf)


def _beta(a: float, b: float, low: float = 0.0, high: float = 1.0) -> Distribution:
    width = high - low
    return Distribution(
        lambda x: special.betainc(a, b, np.clip((x - low) / width, 0, 1)),
        lambda u: low + width * special.betaincinv(a, b, u),
    )


MAKERS: dict[str, dict[tuple[str, ...], Callable[..., Distribution]]] = {
    "normal": {("mean", "sd"): _normal, ("p5", "p95"): _normal_between},
    "lognormal": {("median", "sigma"): _lognormal, ("p5", "p95"): _lognormal_between},
    "uniform": {("low", "high"): _uniform},
    "triangular": {("low", "mode", "high"): _triangular},
    "beta": {("a", "b"): _beta, ("a", "b", "low", "high"): _beta},
    NOISE: {(): lambda: _normal(0.0, 1.0)},
}
RISING = (("p5", "p95"), ("low", "high"), ("low", "mode"), ("mode", "high"))
POSITIVE = ("sd", "sigma", "median", "a", "b")


def check_distribution(name: str, distribution: Mapping[str, Any]) -> list[Text]:
    """What is wrong with a distribution as it stands in a file; nothing, if it is usable."""
    kind = distribution.get("kind")
    if kind not in MAKERS:
        hint = near(str(kind), MAKERS)
        kinds = ", ".join(MAKERS)
        return [
            Text(
                f"{name}：不认识的分布 {kind!r}{hint.zh}；可用：{kinds}",
                f"{name}: unknown distribution {kind!r}{hint.en}; there are {kinds}",
            )
        ]
    given = {key: value for key, value in distribution.items() if key not in ("kind", "truncate")}
    forms = [form for form in MAKERS[kind] if set(form) == set(given)]
    if not forms:
        wanted = " / ".join("(" + ", ".join(form) + ")" for form in MAKERS[kind])
        return [
            Text(
                f"{name}：分布 {kind} 需要 {wanted}，而不是 ({', '.join(map(str, given))})",
                f"{name}: distribution {kind} wants {wanted}, not ({', '.join(map(str, given))})",
            )
        ]
    numbers, problems = _numbers(name, given)
    problems += [
        Text(f"{name}：{low} 必须小于 {high}", f"{name}: {low} must be below {high}")
        for low, high in RISING
        if low in numbers
        and high in numbers
        and (
            numbers[low] > numbers[high]
            or (numbers[low] == numbers[high] and "mode" not in (low, high))
        )
    ]
    positive = (*POSITIVE, "p5") if kind == "lognormal" else POSITIVE
    problems += [
        Text(f"{name}：{key} 必须大于零", f"{name}: {key} must be above zero")
        for key in positive
        if key in numbers and numbers[key] <= 0
    ]
    return problems + _check_truncation(name, distribution.get("truncate"))


def _numbers(name: str, given: Mapping[str, Any]) -> tuple[dict[str, float], list[Text]]:
    numbers: dict[str, float] = {}
    problems: list[Text] = []
    for key, value in given.items():
        try:
            numbers[key] = number_of(value)
        except ValueError as error:
            reason: Text = error.args[0]
            problems.append(Text(f"{name}.{key}：{reason.zh}", f"{name}.{key}: {reason.en}"))
    return numbers, problems


def _check_truncation(name: str, truncate: Any) -> list[Text]:
    if truncate is None:
        return []
    try:
        low, high = (float(end) for end in truncate)
        if low < high:
            return []
    except (TypeError, ValueError):
        pass
    return [
        Text(
            f"{name}：truncate 应为 [下限, 上限] 且下限小于上限",
            f"{name}: truncate is [low, high] with low below high",
        )
    ]


def quantiles(parameter: Parameter, u: Floats) -> Floats:
    """The values of an uncertain parameter at the probabilities `u`, within its bounds.

    u: (draws,) in (0, 1). A distribution that reaches beyond the parameter's physical bounds,
    or its own `truncate`, is cut there (not piled up there).
    """
    assert parameter.distribution is not None
    entries = dict(parameter.distribution)
    kind, cut = entries.pop("kind"), entries.pop("truncate", (-math.inf, math.inf))
    form = next(form for form in MAKERS[kind] if set(form) == set(entries))
    distribution = MAKERS[kind][form](**{key: float(entries[key]) for key in form})
    low = max(float(cut[0]), parameter.bounds[0])
    high = min(float(cut[1]), parameter.bounds[1])
    if math.isfinite(low) or math.isfinite(high):
        below = float(distribution.cdf(low)) if math.isfinite(low) else 0.0
        above = float(distribution.cdf(high)) if math.isfinite(high) else 1.0
        u = below + (above - below) * u
    values: Floats = np.asarray(distribution.ppf(u), dtype=float)
    return np.clip(values, low, high)


def draw_inputs(
    model: Model,
    parameters: Mapping[str, Parameter],
    scenarios: Sequence[Scenario],
    clock: Clock,
    draws: int,
    seed: int,
    sampling: str = "lhs",
    some: Draws | None = None,
    places: Mapping[str, Floats] = MappingProxyType({}),
) -> xr.Dataset:
    """The inputs of every scenario and draw; of `some` of the `draws`, if they are given.

    `places` in the unit cube, (draws,) by parameter, stand for draws of their own where given.
    One variable per parameter, with the dimensions over which it differs: none, `scenario`,
    `draw`, `year` (the knots of paths), `step` (noise); attrs say units, labels, role, sector.
    """
    parameters = {name: parameters[name] for name in parameters if name in model.variables}
    uncertain = [
        name for name, p in parameters.items() if p.distribution and p.distribution["kind"] != NOISE
    ]
    some = some or Draws(0, draws)
    u = uniforms(uncertain, draws, seed, sampling, some)
    u = tied(u, ties_of(parameters, uncertain))
    u |= {name: own[some.members] for name, own in places.items() if name in u}
    years = _knots(parameters, scenarios, clock)
    variables = {}
    for name, parameter in parameters.items():
        drawn = _drawn(parameter, u.get(name), some, clock, seed)
        usual = parameter.value if drawn is None else None
        settings = [scenario.settings.get(name) for scenario in scenarios]
        levels = [usual if setting is None else setting.value for setting in settings]
        if all(level == levels[0] for level in levels):
            levels = levels[:1]
        merged = _merge([_column(level, drawn, years) for level in levels])
        variables[name] = xr.Variable(merged.dims, merged.data, _attrs(model, parameter))
    variables |= _noises(model, clock, seed, some)
    return xr.Dataset(
        variables,
        coords={
            "scenario": [scenario.name for scenario in scenarios],
            "title_zh": ("scenario", [scenario.title.zh for scenario in scenarios]),
            "title_en": ("scenario", [scenario.title.en for scenario in scenarios]),
            "draw": np.arange(some.first, some.first + some.count),
            "year": years,
            "step": clock.times,
        },
        attrs={"seed": seed, "sampling": sampling},
    )


def _noises(model: Model, clock: Clock, seed: int, some: Draws) -> dict[str, xr.Variable]:
    """The numbers that RANDOM functions of the model draw from: dims (draw, step)."""
    found = {}
    for name, stream in model.noises.items():
        owner = model.variables[model.variables[name].owner]
        entry = Parameter(name, "", "assumption", 0.5, "Dmnl", "assumed", "", "")
        labels = dict(zip(("label_zh", "label_en"), owner.label, strict=True))
        values = noises(seed, stream, clock.steps + 1, some)
        found[name] = xr.Variable(("draw", "step"), values, _attrs(model, entry) | labels)
    return found


def _drawn(
    parameter: Parameter, u: Floats | None, some: Draws, clock: Clock, seed: int
) -> xr.Variable | None:
    if u is not None:
        return xr.Variable("draw", quantiles(parameter, u))
    if parameter.distribution is not None:
        noise = normals(seed, parameter.name, clock.steps + 1, some)
        return xr.Variable(("draw", "step"), noise)
    return None


def _knots(
    parameters: Mapping[str, Parameter], scenarios: Sequence[Scenario], clock: Clock
) -> Floats:
    """All years at which some path bends, with both ends of the run: paths are exact on them."""
    levels: list[Level] = [parameter.value for parameter in parameters.values()]
    levels += [setting.value for s in scenarios for setting in s.settings.values()]
    ends = {clock.start, clock.start + clock.dt * clock.steps}
    years = ends.union(*(set(level) for level in levels if isinstance(level, dict)))
    return np.array(sorted(years))


def _column(level: Level | None, drawn: xr.Variable | None, years: Floats) -> xr.Variable:
    """A level by year; where none is set, what was drawn."""
    if level is None:
        assert drawn is not None
        return drawn
    if not isinstance(level, dict):
        return xr.Variable((), float(level))
    return xr.Variable("year", at_years(level, years))


def at_years(level: Level, years: Floats) -> Floats:
    """A level in each of the years: piecewise linear, flat outside."""
    knots = level if isinstance(level, dict) else {0.0: level}
    return np.interp(years, list(knots), list(knots.values()))


def _merge(columns: Sequence[xr.Variable]) -> xr.Variable:
    """One variable for all scenarios; without the dimension `scenario` where they agree."""
    first = columns[0]
    if all(
        column is first or column.identical(first)  # type: ignore[no-untyped-call]
        for column in columns
    ):
        return first
    return xr.concat(xr.broadcast(*map(xr.DataArray, columns)), dim="scenario").variable


def _attrs(model: Model, parameter: Parameter) -> dict[str, str]:
    zh, en = model.variables[parameter.name].label
    return {
        "units": parameter.unit,
        "label_zh": zh,
        "label_en": en,
        "role": parameter.listed,
        "sector": parameter.sector,
        "kind": parameter.kind,
        "source": parameter.source,
    }


def with_changes(
    parameters: Mapping[str, Parameter], changes: Mapping[str, Any]
) -> dict[str, Parameter]:
    """The parameter table with a user's own changes: a level fixes, a mapping redistributes."""
    changed = dict(parameters)
    for name, change in changes.items():
        if is_distribution(change):
            changed[name] = replace(parameters[name], distribution=change, prior=None)
        else:
            changed[name] = replace(parameters[name], value=change, distribution=None, prior=None)
    return changed


def check_table(
    parameters: Mapping[str, Parameter], model: Model, folder: Path = Path("conf/sector")
) -> list[Text]:
    """What is wrong between the parameter table, of the files in a folder, and the model: names,
    units, distributions."""
    problems: list[Text] = []
    names = model.inputs
    for parameter in parameters.values():
        where = f"{folder / parameter.sector}.yaml: {parameter.name}"
        for drawn in (parameter.distribution, parameter.prior):
            if drawn is not None:
                problems += check_distribution(where, drawn)
        if parameter.name not in names:
            hint = near(parameter.name, names)
            problems.append(
                Text(
                    f"{where} 不是模型的常数或路径{hint.zh}",
                    f"{where} is no constant or path of the model{hint.en}",
                )
            )
            continue
        units = model.variables[parameter.name].units
        if units != parameter.unit:
            problems.append(
                Text(
                    f"{where} 的单位是 {parameter.unit}，模型中是 {units}；请改为一致",
                    f"{where} is in {parameter.unit}, in the model in {units}; make them equal",
                )
            )
    return problems
