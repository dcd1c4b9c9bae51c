"""From settings to a back-test: knowledge frozen, calibrated, and what came after forecast."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.analysis.backtest import Forecast, Skill, scored, skill
from sim.analysis.calibration import Likelihood, evidence_from, points_of, witness_of
from sim.analysis.evidence import Evidence
from sim.analysis.history import check_history
from sim.analysis.importance import ENOUGH, PROPOSED, importance_or_particles
from sim.analysis.prices import PriceForecast, forecasts, history_of, read_prices, with_process
from sim.commands.folder import write_folder, write_texts
from sim.commands.result import Study, study_of
from sim.config.backtest import BacktestSettings
from sim.ensemble.factors import fixed_inputs, uncertain_factors
from sim.ensemble.hindsight import known_in, without_doubt
from sim.ensemble.observations import Observation, read_history
from sim.ensemble.sampling import generator
from sim.ensemble.scenario import Parameter
from sim.ensemble.simulate import Progress
from sim.text import Refused, Text, near

GROUPS = ("prices", "assumptions", "levers")
"""What may be taken as it came, beside single paths: prices, all that the world or the county
decides."""


@dataclass(frozen=True)
class Prepared:
    """All that is known before anything is computed; what is wrong is refused by now."""

    settings: BacktestSettings
    study: Study
    observations: tuple[Observation, ...]
    evidence: Evidence = field(repr=False)
    earlier: tuple[Observation, ...] = field(repr=False)


@dataclass(frozen=True, repr=False)
class Hindcast:
    """What a back-test found; `labels` by variable. `prices`: forecasts of the process of prices
    from every year for which it can be, not from the frozen ones alone."""

    forecasts: tuple[Forecast, ...]
    skill: Skill
    prices: tuple[PriceForecast, ...]
    observations: tuple[Observation, ...]
    labels: dict[str, tuple[str, str]]
    time_unit: str = "Year"
    given: tuple[str, ...] = ()
    misses: Mapping[str, Text] = field(default_factory=dict)

    def __repr__(self) -> str:
        """One line: how many forecasts, how many of them held, and what may be looked at."""
        years = ", ".join(f"{year:g}" for year in sorted({one.frozen for one in self.forecasts}))
        return (
            f"<Hindcast from {years}: {len(self.forecasts)} forecasts, "
            f"{self.skill.inside_ninety} in the 90 % band; forecasts, skill, prices, misses>"
        )


def prepare(settings: BacktestSettings) -> Prepared:
    """Model and observations of a back-test; refuses what does not fit together."""
    study = study_of(settings.run)
    units = {name: variable.units for name, variable in study.model.variables.items()}
    found = read_history(settings.observations, settings.vintage)
    problems = check_history(found, units, list(study.clock.saved))
    problems += _unknown(settings, study.table)
    for year in settings.years:
        before = [one for one in found if one.year <= year]
        if not before or len(before) == len(found):
            problems.append(
                Text(
                    f"years={year:g}：此前、此后都要有观测（此前 {len(before)} 个，此后 "
                    f"{len(found) - len(before)} 个）",
                    f"years={year:g}: observations are wanted before and after (there are "
                    f"{len(before)} before, {len(found) - len(before)} after)",
                )
            )
    if problems:
        raise Refused(*problems)
    evidence = evidence_from(study.model, found, settings.discrepancy)
    earlier = tuple(read_prices(settings.run.home.prices))
    return Prepared(settings, study, tuple(found), evidence, earlier)


def execute(
    prepared: Prepared, executor: Executor | None = None, progress: Progress | None = None
) -> Hindcast:
    """Forecasts from each frozen year, and their skill; nothing is written."""
    years = prepared.settings.years
    found: list[Forecast] = []
    for place, year in enumerate(years):
        report = None if progress is None else _part(progress, place, len(years))
        found += _forecasts(prepared, year, executor, report)
    prices = _price_forecasts(prepared)
    variables = prepared.study.model.variables
    given, misses = prepared.settings.given, prepared.settings.misses
    named = [one.variable for one in prepared.observations] + [one.price for one in prices]
    labels = {name: variables[name].label for name in [*named, *given] if name in variables}
    unit = prepared.study.model.time_unit
    known = (tuple(prices), prepared.observations, labels, unit, given, misses)
    return Hindcast(tuple(found), skill(found), *known)


def _price_forecasts(prepared: Prepared) -> list[PriceForecast]:
    settings, table = prepared.settings, prepared.study.table
    clocks = [table[name].value for name in settings.foresight.clocks if name in table]
    until = max((float(value) for value in clocks if not isinstance(value, dict)), default=-np.inf)
    reverting, seed = settings.foresight.reverting, settings.run.seed
    return forecasts(settings.prices, reverting, table, prepared.earlier, until, seed)


def _part(progress: Progress, place: int, parts: int) -> Callable[[float], None]:
    return lambda degree: progress(round(1000 * (place + degree)), 1000 * parts)


def _forecasts(
    prepared: Prepared,
    year: float,
    executor: Executor | None,
    report: Callable[[float], None] | None,
) -> list[Forecast]:
    """The forecasts of what came after a year, from what was known in it."""
    settings, study = prepared.settings, prepared.study
    seed = settings.run.seed
    table = study.table
    histories = {name: history_of(table, name, prepared.earlier, year) for name in settings.prices}
    for price, history in histories.items():
        table = with_process(table, price, history)
    given = _given(settings, table)
    table = without_doubt(table, given)
    foresight = replace(settings.foresight, histories=histories, given=given)
    table, scenario = known_in(year, table, settings.run.scenarios[0], foresight)
    factors = uncertain_factors(table, study.model)
    fixed = fixed_inputs(study.model, table, scenario, study.clock)
    known = [one for one in prepared.observations if one.year <= year]
    then = witness_of(study.model, fixed, factors, study.clock, known)
    evidence = evidence_from(study.model, known, settings.discrepancy)
    likelihood = Likelihood(then, evidence, executor)
    size, draws = len(then.factors), PROPOSED * settings.members
    found = importance_or_particles(likelihood.shown, evidence, size, [draws], seed, ENOUGH, report)
    positions = found.equal(seed, settings.members)
    after = witness_of(study.model, fixed, factors, study.clock, prepared.observations, seed)
    shown = after(points_of(then.factors, positions)).T
    noise = generator(seed, f"errors of observation after {year:g}").standard_normal(shown.shape)
    return scored(year, prepared.evidence, prepared.observations, shown, noise)


def _given(settings: BacktestSettings, table: Mapping[str, Parameter]) -> set[str]:
    """The names of what is taken as it came."""
    members: dict[str, Iterable[str]] = {
        "prices": settings.prices,
        **{
            group: [name for name, one in table.items() if one.role == role]
            for group, role in (("assumptions", "assumption"), ("levers", "lever"))
        },
    }
    return {name for word in settings.given for name in members.get(word, (word,))}


def _unknown(settings: BacktestSettings, table: Mapping[str, Parameter]) -> list[Text]:
    words = [*GROUPS, *table]
    return [
        Text(
            f"given：没有 {word}；可用：{'、'.join(GROUPS)}，或路径的名称{near(word, words).zh}",
            f"given: there is no {word}; give {', '.join(GROUPS)}, or the name of a path"
            f"{near(word, words).en}",
        )
        for word in settings.given
        if word not in words
    ]


def write(found: Hindcast, prepared: Prepared, began: float) -> Path:
    """The folder of a back-test, written whole: every forecast, words, configuration."""
    from sim.report.backtesting import backtest_markdown, forecasts_csv, prices_csv

    def fill(folder: Path) -> dict[str, Any]:
        forecasts_csv(found, folder / "forecasts.csv", prepared.settings.run.lang)
        prices_csv(found, folder / "prices.csv", prepared.settings.run.lang)
        pages = {f"summary_{lang}.md": backtest_markdown(found, lang) for lang in ("zh", "en")}
        write_texts(folder, pages)
        return {"skill": asdict(found.skill)}

    return write_folder(prepared.settings.run, "backtest", began, fill)
