"""From settings to a calibration, to what it found, and to its folder."""

import hashlib
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.analysis.calibration import (
    Likelihood,
    Witness,
    evidence_from,
    learnt,
    points_of,
    predicted,
    witness_of,
)
from sim.analysis.evidence import Evidence, Floats
from sim.analysis.history import check_history, unit_of
from sim.analysis.importance import (
    ENOUGH,
    HEAVY,
    PROPOSED,
    Weighted,
    importance_sample,
    linear_start,
    worlds_regressed,
)
from sim.analysis.particles import LogLikelihood, independent, sample_posterior
from sim.analysis.walkers import walk_posterior
from sim.commands import unfinished
from sim.commands.facts import facts
from sim.commands.folder import write_folder, write_texts
from sim.commands.result import Study, study_of
from sim.config import RunSettings, recorded
from sim.config.calibration import CALIBRATE, CalibrateSettings
from sim.ensemble.factors import fixed_inputs, uncertain_factors
from sim.ensemble.observations import Observation, read_history
from sim.ensemble.posterior import FILE as POSTERIOR
from sim.ensemble.posterior import write_posterior
from sim.ensemble.recall import Recalled
from sim.ensemble.sampling import generator
from sim.ensemble.simulate import Progress
from sim.report.observed import figure_name, figure_years
from sim.text import Refused, Text

UNITS = 1000
"""Into how many parts the way from prior to posterior is cut for the progress bar."""


@dataclass(frozen=True)
class Prepared:
    """All that is known before anything is computed; what is wrong is refused by now."""

    settings: CalibrateSettings
    study: Study
    observations: tuple[Observation, ...]
    witness: Witness = field(repr=False)
    evidence: Evidence = field(repr=False)


@dataclass(frozen=True, repr=False)
class Learnt:
    """What a calibration found.

    positions: (parameters, draws), standard normal. told: dims (parameter), what was learnt of
    each. seen: dims (observation), each beside what prior and posterior show. `diagnosis`: how the
    method fared, by name; of every method `settled`, 1 or 0, and how many `independent` draws the
    positions are worth.
    """

    names: tuple[str, ...]
    positions: Floats
    told: xr.Dataset
    seen: xr.Dataset
    diagnosis: dict[str, float]

    def __repr__(self) -> str:
        """One line: how much was learnt from what, and what may be looked at."""
        return (
            f"<Learnt: {len(self.names)} parameters, {self.positions.shape[1]} draws, "
            f"{self.seen.sizes['observation']} observations; names, positions, diagnosis; tables: "
            "told, seen>"
        )


def prepare(settings: CalibrateSettings) -> Prepared:
    """Model, observations and parameters of a calibration; refuses what does not fit together."""
    run = settings.run
    study = study_of(run)
    units = {name: variable.units for name, variable in study.model.variables.items()}
    found = read_history(settings.observations, settings.vintage)
    found = [one for one in found if settings.until is None or one.year <= settings.until]
    problems = check_history(found, units, list(study.clock.saved))
    if not found:
        problems.append(
            Text(
                f"{settings.observations} 中没有可用的观测；放宽 until，或补充观测",
                f"{settings.observations} holds no observation to use; widen until, or add some",
            )
        )
    factors = uncertain_factors(study.table, study.model)
    if not any(not factor.is_noise for factor in factors):
        problems.append(
            Text("没有带分布的参数可供校准", "no parameter has a distribution to calibrate")
        )
    if problems:
        raise Refused(*problems)
    fixed = fixed_inputs(study.model, study.table, run.scenarios[0], study.clock)
    witness = witness_of(study.model, fixed, factors, study.clock, found)
    evidence = evidence_from(study.model, found, settings.discrepancy)
    return Prepared(settings, study, tuple(found), witness, evidence)


def begin(prepared: Prepared) -> Path:
    """A new folder for what is computed, with the record that is needed to go on with it."""
    run = prepared.settings.run
    texts = {"model.py": prepared.witness.system.source}
    return unfinished.begin(run, "calibrate", partial(_manifest, prepared), texts)


def resumable(folder: Path) -> Prepared:
    """An interrupted calibration; refuses a folder that cannot be gone on with."""
    unfinished.refuse_finished(folder, Text("校准", "calibration"), POSTERIOR)
    prepared = prepare(recorded(folder, CALIBRATE))
    unfinished.refuse_changed(folder, _manifest(prepared, prepared.settings.run))
    return prepared


def _manifest(prepared: Prepared, run: RunSettings) -> dict[str, Any]:
    """What the folder of an unfinished calibration says of how it came about."""
    evidence = prepared.evidence
    observed = hashlib.sha256(evidence.values.tobytes() + evidence.covariance.tobytes())
    return {**facts(run, 0.0, "calibrate"), "points": observed.hexdigest()}


def execute(
    prepared: Prepared,
    executor: Executor | None = None,
    progress: Progress | None = None,
    folder: Path | None = None,
) -> Learnt:
    """What the calibration finds. Worlds run here, or by `executor`.

    How likely worlds are is kept in `folder`, and recalled from there; without it nothing is
    written.
    """
    settings, factors = prepared.settings, prepared.witness.factors
    likelihood = Likelihood(prepared.witness, prepared.evidence, executor)
    prior = generator(settings.run.seed, "prior worlds").standard_normal(
        (len(factors), settings.members)
    )
    before = likelihood.shown(prior)
    refuse_unexplained(prepared.evidence, before)
    report = share_of(progress)
    recalled = likelihood if folder is None else Recalled(likelihood, folder)
    positions, diagnosis = _sampled(likelihood, recalled, settings, report)
    after = likelihood.shown(positions)
    noise = generator(settings.run.seed, "errors of observation").standard_normal(after.shape)
    return Learnt(
        names=tuple(factor.name for factor in factors),
        positions=positions,
        told=_labelled(learnt(factors, positions), prepared),
        seen=_named(predicted(prepared.evidence, before, after, noise), prepared),
        diagnosis=diagnosis,
    )


def refuse_unexplained(evidence: Evidence, shown: Floats) -> None:
    """Refuses observations that no world comes near to, all at once."""
    problems = unexplained(evidence, shown)
    if problems:
        raise Refused(*problems)


def unexplained(evidence: Evidence, shown: Floats) -> list[Text]:
    """The observations that no world comes near to, how far off they are, and the way out."""
    problems = []
    for place, gap in evidence.unexplained(shown):
        name, value = evidence.names[place], evidence.values[place]
        low, high = np.nanmin(shown[place]), np.nanmax(shown[place])
        hint = misplaced(value, low, high)
        problems.append(
            Text(
                f"观测 {name} = {value:.4g}：{shown.shape[1]} 个世界都解释不了，最近的也差 "
                f"{gap:.1f} 个标准误（模型范围 {low:.4g} 至 {high:.4g}）{hint.zh}；"
                "请核对单位与口径、放大其误差，或放宽模型参数的分布",
                f"observation {name} = {value:.4g}: none of {shown.shape[1]} worlds explains it, "
                f"the nearest is {gap:.1f} standard errors away (they show {low:.4g} to "
                f"{high:.4g}){hint.en}; check its unit and definition, widen its error, or the "
                "distributions of the parameters",
            )
        )
    return problems


def misplaced(value: float, low: float, high: float) -> Text:
    """What was probably meant where a figure lies within the range but for its sign, its per cent
    or its ten thousands; empty where nothing is that simple."""
    meant = {
        -1.0: Text("多了负号？", "is the minus sign wrong?"),
        100.0: Text("百分数写成了小数？", "is a percentage written as a fraction?"),
        0.01: Text("小数写成了百分数？", "is a fraction written as a percentage?"),
        1e4: Text("少了“万”？", "are ten thousands missing?"),
        1e-4: Text("多了“万”？", "are there ten thousands too many?"),
    }
    for times, words in meant.items():
        if low <= value * times <= high:
            return Text(f"（{words.zh}）", f" ({words.en})")
    return Text("", "")


def share_of(progress: Progress | None) -> Callable[[float], None] | None:
    """What a sampler reports the share of its way with, to a progress bar."""
    if progress is None:
        return None
    return lambda share: progress(round(share * UNITS), UNITS)


def _sampled(
    likelihood: Likelihood,
    recalled: LogLikelihood,
    settings: CalibrateSettings,
    report: Callable[[float], None] | None,
) -> tuple[Floats, dict[str, float]]:
    """Draws of the posterior, and how the method fared."""
    size, seed, members = len(likelihood.witness.factors), settings.run.seed, settings.members
    match settings.method:
        case "particles":
            found = sample_posterior(recalled, size, members, seed, report)
            return found.positions, {
                "degrees": len(found.degrees),
                "acceptance": float(np.mean(found.acceptance)),
                "correlation": max(found.correlation),
                "ancestors": found.ancestors,
                "evaluations": found.evaluations,
                "independent": independent(found.positions),
                "settled": float(found.settled),
            }
        case "importance":
            start = linear_start(likelihood.shown, likelihood.evidence, size, seed)
            weighted = importance_sample(start, recalled, PROPOSED * members, seed, report)
            refuse_degenerate(weighted, members)
            equal = weighted.equal(seed, members)
            return equal, {
                "effective": weighted.effective,
                "tail": weighted.tail,
                "evaluations": PROPOSED * members + worlds_regressed(size),
                "independent": independent(equal),
                "settled": 1.0,
            }
        case "walkers":
            walkers = 2 * size + 2
            walked = walk_posterior(recalled, size, walkers, settings.steps, seed, report)
            chosen = generator(seed, "thinning").choice(walked.positions.shape[1], members)
            return walked.positions[:, chosen], {
                "walkers": walkers,
                "acceptance": walked.acceptance,
                "r_hat": float(walked.r_hat.max()),
                "evaluations": walkers * settings.steps,
                # picked with replacement, which adds the error of so many draws
                "independent": 1.0 / (1.0 / walked.independent + 1.0 / members),
                "settled": float(walked.r_hat.max() < 1.05),
            }
        case other:
            raise NotImplementedError(other)


class Degenerate(Refused):
    """Weighted draws say nothing; to go on from what was computed would not help."""


def refuse_degenerate(weighted: Weighted, members: int) -> None:
    """Refuses weighted draws of which too few count, for `members` equal ones to be made of."""
    least = min(ENOUGH, members / 2)
    if weighted.enough(least):
        return
    proposed, effective, tail = PROPOSED * members, weighted.effective, weighted.tail
    raise Degenerate(
        Text(
            f"加权抽样失效：{proposed:,} 次抽样只相当于 {effective:,.0f} 次等权抽样（至少要 "
            f"{least:,.0f} 次），权重尾部形状 {tail:.2f}（须低于 {HEAVY}）。观测太多、太精确，或"
            "模型弯曲得厉害时会这样；请改用 method=particles（慢数倍），或核对观测的误差",
            f"weighing fails: {proposed:,} draws are worth {effective:,.0f} equal ones "
            f"({least:,.0f} are needed), and their weights' tail has the shape {tail:.2f} (below "
            f"{HEAVY} is needed). Observations are too many or too precise for it, or the model "
            "bends too much; use method=particles (several times slower), or check the errors of "
            "the observations",
        )
    )


def _labelled(told: xr.Dataset, prepared: Prepared) -> xr.Dataset:
    """What was learnt, with units and labels of the parameters."""
    names = [str(name) for name in told["parameter"].values]
    labels = [prepared.study.model.variables[name].label for name in names]
    own = [prepared.study.table[name] for name in names]
    columns = {
        "units": [parameter.unit for parameter in own],
        "label_zh": [label[0] for label in labels],
        "label_en": [label[1] for label in labels],
        "role": [parameter.listed for parameter in own],
        "sector": [parameter.sector for parameter in own],
    }
    return told.assign({key: ("parameter", values) for key, values in columns.items()})


def _named(seen: xr.Dataset, prepared: Prepared) -> xr.Dataset:
    """The observations, with what they are of."""
    variables = prepared.study.model.variables
    rows = [(one, variables[one.variable]) for one in prepared.observations]
    columns = {
        "variable": [one.variable for one, _ in rows],
        "years": [figure_years(one.since, one.year) for one, _ in rows],
        "units": [unit_of(one, variable.units) for one, variable in rows],
        "label_zh": [figure_name(variable.label[0], one.measure, "zh") for one, variable in rows],
        "label_en": [figure_name(variable.label[1], one.measure, "en") for one, variable in rows],
        "source": [one.source for one, _ in rows],
    }
    named = seen.assign({key: ("observation", values) for key, values in columns.items()})
    return named.assign_attrs(time_unit=prepared.study.model.time_unit)


def write(found: Learnt, prepared: Prepared, began: float, final: Path | None = None) -> Path:
    """The folder of a calibration, written whole: draws, tables, figures, words, configuration;
    `final`, or a new one."""
    from sim.report.belief_figures import save_beliefs
    from sim.report.beliefs import calibration_markdown
    from sim.report.columns import labelled_columns, write_columns

    run = prepared.settings.run
    places = points_of(prepared.witness.factors, found.positions)
    points = dict(zip(found.names, places.T, strict=True))

    def fill(folder: Path) -> dict[str, Any]:
        worth, settled = found.diagnosis["independent"], bool(found.diagnosis["settled"])
        table, seen = prepared.study.table, prepared.evidence.names
        write_posterior(points, table, worth, settled, seen, folder / POSTERIOR)
        unit = prepared.study.model.time_unit
        for name, own in (("parameters", found.told), ("observations", found.seen)):
            columns = labelled_columns(own, run.lang)
            write_columns(folder / f"{name}.csv", columns, unit, run.lang)
        page = partial(calibration_markdown, found.told, found.seen, found.diagnosis)
        write_texts(folder, {f"summary_{lang}.md": page(lang) for lang in ("zh", "en")})
        if run.figures:
            save_beliefs(found.told, found.seen, folder / "figures", run.lang)
        return {"diagnosis": found.diagnosis}

    return write_folder(run, "calibrate", began, fill, final)
