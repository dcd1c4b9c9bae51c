"""From settings to an assessment: what new observations do to the odds, and its folder."""

from collections.abc import Collection, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.analysis.assessment import beliefs, reassessed, required, weights_of
from sim.analysis.calibration import PART, Likelihood, evidence_from, points_of, witness_of
from sim.analysis.early_signs import Sign, early_signs
from sim.analysis.evidence import Evidence, Floats
from sim.analysis.history import check_history, name_of, shown, unit_of
from sim.analysis.importance import importance_or_particles
from sim.analysis.particles import effective_size
from sim.analysis.reliability import read_bands, with_skill
from sim.analysis.skill import quantiles
from sim.commands.folder import write_folder, write_texts
from sim.commands.learning import refuse_unexplained, share_of, unexplained
from sim.commands.result import Study, study_of
from sim.commands.result import execute as run
from sim.config import RunSettings
from sim.config.assessment import AssessSettings
from sim.engine.compile import compile_model
from sim.engine.units import factor
from sim.ensemble.factors import fixed_inputs, inputs_at, uncertain_factors
from sim.ensemble.observations import Observation, chosen, examined, read_history
from sim.ensemble.sampling import generator
from sim.ensemble.scenario import before_history
from sim.ensemble.simulate import Progress, simulate, varying_dims
from sim.ensemble.target import Target, some
from sim.ensemble.workers import Crew
from sim.report.observed import figure_name, figure_years
from sim.text import Refused, Text

AHEAD = 5
"""Years before its own that are looked through for a target's early sign."""

FEW = 500
"""Worlds that are asked whether a figure can be, where the file has other mistakes anyway."""


@dataclass(frozen=True)
class Prepared:
    """All that is known before anything is computed; what is wrong is refused by now.

    `observations` are the new ones, `history` those that stand in the model's history beside them.
    """

    settings: AssessSettings
    study: Study
    observations: tuple[Observation, ...]
    evidence: Evidence = field(repr=False)
    history: tuple[Observation, ...] = field(default=(), repr=False)


@dataclass(frozen=True, repr=False)
class Assessed:
    """What new observations do.

    `units`: of a variable, the model's and the one it is said in.
    targets: dims (target, when), see `reassessed`, with labels. seen: dims (observation), each
    with what the ensemble expected and what the plan's path requires. beliefs: dims (parameter).
    `effective`: equal draws that the weighted ones are worth, of `draws`; `anew`: those that the
    ensemble is worth that had to be calibrated again, 0 where the weighted ones were enough.
    """

    targets: xr.Dataset
    seen: xr.Dataset
    beliefs: xr.Dataset
    signs: tuple[Sign, ...]
    labels: dict[str, tuple[str, str]]
    units: dict[str, tuple[str, str]]
    effective: float = 0.0
    draws: int = 0
    anew: int = 0
    time_unit: str = "Year"

    def __repr__(self) -> str:
        """One line: what the draws are worth after what was seen, and what may be looked at."""
        worth = self.anew or round(self.effective)
        return (
            f"<Assessed by {self.seen.sizes['observation']} observations: {self.draws} draws, now "
            f"worth {worth}; effective, anew, signs; tables: targets, seen, beliefs>"
        )


def prepare(settings: AssessSettings) -> Prepared:
    """Model and observations of an assessment; refuses what does not fit together."""
    study = study_of(settings.run)
    variables = study.model.variables
    units = {name: variable.units for name, variable in variables.items()}
    found, problems = examined(
        settings.new, series_names(study, some(settings.run.targets)), settings.errors
    )
    found = chosen([_with_unit(one, units) for one in found], settings.vintage)
    new = {one.key for one in found}
    known = read_history(settings.run.history, settings.vintage)
    if settings.run.posterior is not None:
        seen = settings.run.posterior.seen or frozenset()
        known = [one for one in known if name_of(one) in seen]
        problems += seen_before(found, seen)
    history = tuple(one for one in known if one.key not in new)
    problems += check_history([*found, *history], units, list(study.clock.saved))
    if problems:
        fitting = [one for one in found if not check_history([one], units, list(study.clock.saved))]
        raise Refused(*problems, *_impossible(settings, study, fitting))
    observed = tuple(dict.fromkeys(one.variable for one in found))
    kept = tuple(dict.fromkeys([*study.kept, *observed]))
    run_settings = replace(settings.run, keep=kept)
    evidence = evidence_from(study.model, found, settings.discrepancy)
    again = replace(settings, run=run_settings)
    return Prepared(again, study_of(run_settings), tuple(found), evidence, history)


def seen_before(observations: Sequence[Observation], seen: Collection[str]) -> list[Text]:
    """The observations that the calibration whose draws are taken has seen: they would count
    twice."""
    names = [name_of(one) for one in observations if name_of(one) in seen]
    if not names:
        return []
    listed = ", ".join(names)
    return [
        Text(
            f"所用的校准已经用过 {listed}，不能再算一次；请从表中删去，或把修订后的数字放进历史观测"
            "重新运行 sim calibrate，或去掉 draws",
            f"the calibration has used {listed} already, which cannot count twice; leave them out "
            "of the table, or put revised figures into the history and run sim calibrate again, "
            "or leave draws= out",
        )
    ]


def _impossible(
    settings: AssessSettings, study: Study, observations: list[Observation]
) -> list[Text]:
    """What no world explains, beside what else is wrong with a file; a few worlds are asked."""
    if not observations:
        return []
    few = replace(settings.run, draws=min(settings.run.draws, FEW))
    kept = dict.fromkeys([*study.kept, *(one.variable for one in observations)])
    runs = run(replace(few, keep=tuple(kept))).runs.isel(scenario=0)
    seen = np.stack([shown(runs[one.variable], one).values for one in observations])
    return unexplained(evidence_from(study.model, observations, settings.discrepancy), seen)


def series_names(study: Study, targets: tuple[Target, ...]) -> dict[str, str]:
    """What a series may be called, and the variable it is: names, labels, titles of targets."""
    names: dict[str, str] = {}
    for target in targets:
        if target.since is None:
            names |= dict.fromkeys((target.name, target.title.zh, target.title.en), target.variable)
    for name in study.model.results:
        names |= dict.fromkeys(study.model.variables[name].label, name)
    return names | {name: name for name in study.model.results}


def _with_unit(one: Observation, units: dict[str, str]) -> Observation:
    """An observation without a unit is in that of the model."""
    return one if one.unit else replace(one, unit=units[one.variable])


def execute(
    prepared: Prepared, executor: Executor | None = None, progress: Progress | None = None
) -> Assessed:
    """How the odds move; nothing is written."""
    settings = prepared.settings
    before = run(settings.run, Crew(executor, settings.run.processes), progress)
    seen = _shown(before.runs, prepared)
    refuse_unexplained(prepared.evidence, seen)
    weights = weights_of(prepared.evidence.log_likelihood(seen))
    effective = effective_size(weights) * settings.run.independent
    runs, inputs, anew = before.runs, before.inputs, None
    if effective < settings.least:
        inputs, runs, weights = _anew(prepared, executor, progress)
        anew = (runs, weights)
    targets = settings.run.targets
    found = reassessed(before.runs, targets, weights, anew, settings.run.independent)
    found = with_skill(found, read_bands(settings.run.skill))
    latest = max(one.year for one in prepared.observations)
    years = [float(year) for year in prepared.study.clock.saved if year > latest]
    return Assessed(
        targets=_labelled(found, settings.run),
        seen=_compared(prepared, seen, _shown(runs, prepared), weights, before.runs),
        beliefs=beliefs(before.inputs, inputs, weights),
        signs=tuple(early_signs(before.runs, targets, prepared.study.headline, years)),
        labels={n: v.label for n, v in prepared.study.model.variables.items() if n in runs},
        units=_units(prepared, runs),
        effective=effective,
        draws=settings.run.draws,
        anew=0 if anew is None else round(effective_size(weights)),
        time_unit=prepared.study.model.time_unit,
    )


def _units(prepared: Prepared, runs: xr.Dataset) -> dict[str, tuple[str, str]]:
    """The unit of each variable, and the one in which it is said: a share in % as its target is."""
    said = {t.variable: t.unit for t in prepared.settings.run.targets if t.measure == "level"}
    known = {n: v.units for n, v in prepared.study.model.variables.items() if n in runs}
    return {name: (unit, said.get(name, unit)) for name, unit in known.items()}


def _shown(runs: xr.Dataset, prepared: Prepared) -> Floats:
    """What the worlds show of each observation: (observations, draws)."""
    first = runs.isel(scenario=0)
    return np.stack([shown(first[one.variable], one).values for one in prepared.observations])


def _anew(
    prepared: Prepared, executor: Executor | None, progress: Progress | None
) -> tuple[xr.Dataset, xr.Dataset, Floats]:
    """Inputs, runs and weights of an ensemble that was calibrated on history and the new
    observations, from what was believed before either."""
    study, settings = prepared.study, prepared.settings.run
    table = before_history(study.table)
    factors = uncertain_factors(table, study.model)
    fixed = fixed_inputs(study.model, table, settings.scenarios[0], study.clock)
    seen = (*prepared.history, *prepared.observations)
    witness = witness_of(study.model, fixed, factors, study.clock, seen)
    evidence = evidence_from(study.model, seen, prepared.settings.discrepancy)
    likelihood = Likelihood(witness, evidence, executor)
    found = importance_or_particles(
        likelihood.shown,
        evidence,
        len(witness.factors),
        (settings.draws // 2, settings.draws),
        settings.seed,
        prepared.settings.least,
        share_of(progress),
    )
    draws, noises = len(found.weights), [factor for factor in factors if factor.is_noise]
    lucky = generator(settings.seed, "noises anew").random((draws, len(noises)))
    inputs = inputs_at(
        fixed,
        (*witness.factors, *noises),
        np.concatenate([points_of(witness.factors, found.positions), lucky], axis=1),
        settings.seed,
    )
    system = compile_model(study.model, varying_dims(inputs), study.kept)
    block = min(settings.block, PART)
    runs = simulate(study.model, system, inputs, study.clock, block, executor)
    return inputs, runs, found.weights


def _labelled(found: xr.Dataset, settings: RunSettings) -> xr.Dataset:
    """The odds with what the targets are called, and where the draws come from."""
    targets = settings.targets
    columns = {
        "title_zh": [target.title.zh for target in targets],
        "title_en": [target.title.en for target in targets],
        "unit": [target.unit for target in targets],
        "year": [target.year for target in targets],
        "wanted": [target.value for target in targets],
        "sense": [target.sense for target in targets],
    }
    return found.assign_coords(
        {key: ("target", values) for key, values in columns.items()}
    ).assign_attrs(
        calibration=str(settings.calibration or ""),
        worth=round(settings.draws * settings.independent),
    )


def _compared(
    prepared: Prepared, before: Floats, after: Floats, weights: Floats, runs: xr.Dataset
) -> xr.Dataset:
    """Each observation beside what was expected of it, and what the plan's path requires."""
    rows = [
        _row(prepared, place, before[place], after[place], weights, runs)
        for place in range(len(prepared.observations))
    ]
    names = list(rows[0])
    return xr.Dataset(
        {name: ("observation", [row[name] for row in rows]) for name in names},
        coords={"observation": list(prepared.evidence.names)},
    )


def _row(
    prepared: Prepared,
    place: int,
    before: Floats,
    after: Floats,
    weights: Floats,
    runs: xr.Dataset,
) -> dict[str, object]:
    one = prepared.observations[place]
    variable = prepared.study.model.variables[one.variable]
    known = np.isfinite(before)
    observed = float(prepared.evidence.values[place])
    low, middle, high = np.quantile(before[known], (0.05, 0.5, 0.95))
    return {
        "label_zh": figure_name(variable.label[0], one.measure, "zh"),
        "label_en": figure_name(variable.label[1], one.measure, "en"),
        "units": unit_of(one, variable.units),
        "years": figure_years(one.since, one.year),
        "observed": observed,
        "error": float(np.sqrt(prepared.evidence.covariance[place, place])),
        "expected": float(middle),
        "p05": float(low),
        "p95": float(high),
        "rank": float(np.mean(before[known] < observed)),
        "after": float(quantiles(after, (0.5,), weights)[0]),
        "required": _required(prepared, one, runs),
        "source": one.source,
    }


def _required(prepared: Prepared, one: Observation, runs: xr.Dataset) -> float:
    """What the plan's straight path asks for in the observation's year; NaN where no target is
    of this variable, or its year is past."""
    since = float(prepared.settings.since)
    for target in prepared.settings.run.targets:
        due = target.variable == one.variable and target.since is None and one.since is None
        if due and since < one.year <= target.year:
            column = runs[one.variable].isel(scenario=0).sel(time=since).values
            scale = factor(runs[one.variable].attrs["units"], target.unit)
            start = float(np.nanmedian(column)) * scale
            return required(start, since, target, one.year) / scale
    return float("nan")


def write(found: Assessed, prepared: Prepared, began: float) -> Path:
    """The folder of an assessment, written whole: tables, words, the new figures, configuration."""
    from sim.report.assessing import assessment_markdown, odds_csv, signs_csv
    from sim.report.columns import labelled_columns, write_columns

    run = prepared.settings.run

    def fill(folder: Path) -> dict[str, Any]:
        odds_csv(found, folder / "odds.csv", run.lang)
        for name, own in (("observations", found.seen), ("beliefs", found.beliefs)):
            columns = labelled_columns(own, run.lang)
            write_columns(folder / f"{name}.csv", columns, found.time_unit, run.lang)
        signs_csv(found, folder / "early_signs.csv", run.lang)
        pages = {f"summary_{lang}.md": assessment_markdown(found, lang) for lang in ("zh", "en")}
        write_texts(folder, pages)
        (folder / "new.csv").write_bytes(prepared.settings.new.read_bytes())
        return {"effective_draws": found.effective, "calibrated_anew": found.anew}

    return write_folder(run, "assess", began, fill)
