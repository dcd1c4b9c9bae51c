"""From settings to a study of sensitivity, to its answer, and to its folder."""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sim.analysis.measure import attained
from sim.analysis.response import Floats, Response, by_time
from sim.analysis.sensitivity.methods import size
from sim.analysis.sensitivity.study import Answer, Player, Study, answer
from sim.commands.folder import write_folder, write_texts
from sim.commands.progress import long_time
from sim.commands.result import study_of, with_quantities
from sim.config.levels import ROLE_WORDS
from sim.config.sensitivity import SensitivitySettings
from sim.engine.compile import compile_model
from sim.ensemble import store
from sim.ensemble.dependence import followers, tied, ties_of
from sim.ensemble.factors import (
    Factor,
    fixed_inputs,
    inputs_at,
    uncertain_factors,
    values_at,
)
from sim.ensemble.sectors import read_titles
from sim.ensemble.simulate import Progress, varying_dims
from sim.ensemble.target import Target, some
from sim.text import Refused, Text, near

if TYPE_CHECKING:
    from sim.report.influence_sheet import Sample

SCATTERED = 1500
MANY = 2_000_000
"""Members for which a user has to confirm."""
MOST_NUMBERS = 100_000_000
"""Base samples times factors: the design must lie in memory."""


@dataclass(frozen=True)
class Prepared:
    """All that is known before anything is computed; what is wrong is refused by now."""

    settings: SensitivitySettings
    study: Study
    response: Response = field(repr=False)
    later: tuple[Target, ...] = field(repr=False)

    @property
    def members(self) -> int:
        """How often the model runs."""
        return members_of(self.study)

    @property
    def processes(self) -> int:
        """The processes that compute."""
        return self.settings.run.processes_for(self.members)


def prepare(settings: SensitivitySettings) -> Prepared:
    """The study that settings ask for, and the model as a function of its points."""
    known = study_of(settings.run)
    if settings.about != "value":
        some(settings.run.targets)
    run = with_quantities(settings.run, known)
    settings = replace(settings, run=run)
    factors = factors_of(settings, uncertain_factors(known.table, known.model))
    fixed = fixed_inputs(known.model, known.table, run.scenarios[0], known.clock)
    trial = inputs_at(fixed, factors, np.full((2, len(factors)), 0.5), run.seed)
    kept = tuple(dict.fromkeys(target.variable for target in run.targets))
    later = tuple(by_time(run.targets, list(known.clock.saved))) if settings.by_year else ()
    study = Study(
        method=settings.method,
        base=settings.base,
        seed=run.seed,
        columns=len(factors),
        players=players_of(settings, factors, fixed),
        second_order=settings.second_order,
        tie=tie_of(factors),
        places={
            place: run.places[factor.name]
            for place, factor in enumerate(factors)
            if factor.scales is None and factor.name in run.places
        },
        independent=run.independent,
    )
    members = members_of(study)
    clock, varying = known.clock, varying_dims(trial)
    work = members * clock.steps // run.processes_for(members)
    response = Response(
        model=known.model,
        system=compile_model(known.model, varying, kept, run.engine.kernel, work, clock.method),
        fixed=fixed,
        factors=factors,
        clock=clock,
        targets=run.targets,
        about=settings.about,
        by_year=settings.by_year,
        block=run.block,
        seed=run.seed,
    )
    prepared = Prepared(settings, study, response, later)
    refuse_few(study)
    refuse_many(prepared)
    return prepared


def refuse_few(study: Study) -> None:
    """Refuses fewer members than a partial correlation can be told from: each could be ±1.

    Twice as many as factors, since a resample holds two different members in three.
    """
    count = len(study.players)
    needed = 2 * (count + 2)
    if study.method.name == "rank_correlation" and study.base < needed:
        more = f"base={needed}" if not study.places else f"sim calibrate members={needed}"
        raise Refused(
            Text(
                f"只有 {study.base} 次模拟，{count} 个因素的偏秩相关至少要 {needed} 次；"
                f"请用 {more} 或更多，或用 uncertain=名称,… 减少因素",
                f"there are {study.base} members, and partial rank correlations of {count} "
                f"factors want at least {needed}; set {more} or more, or fewer factors by "
                "uncertain=NAME,…",
            )
        )


def factors_of(settings: SensitivitySettings, drawn: Sequence[Factor]) -> tuple[Factor, ...]:
    """What varies: the uncertain parameters that are asked for, and what was given a range."""
    if settings.uncertain != "all":
        drawn = [factor for factor in drawn if factor.name in settings.uncertain]
    if settings.method.noise == "fixed":
        drawn = [factor for factor in drawn if not factor.is_noise]
    ranged = {factor.name for factor in settings.factors}
    set_by_scenario = set(settings.run.scenarios[0].settings)
    own = [f for f in drawn if f.name not in ranged and f.name not in set_by_scenario]
    found = (*own, *settings.factors)
    if not found:
        every = settings.uncertain == "all"
        zh, en = ("", "") if every else ("请用 uncertain=all，或", "set uncertain=all, or ")
        raise Refused(
            Text(
                f"没有任何变动的因素：{zh}给出 factors.名称=[下限,上限]",
                f"nothing varies: {en}give factors.NAME=[low,high]",
            )
        )
    return found


def ties_among(factors: Sequence[Factor]) -> dict[str, dict[str, float]]:
    """The ties between factors that have values of their own: neither multiples nor paths."""
    table = {f.name: f.parameter for f in factors if f.scales is None and not f.is_noise}
    return ties_of(table, table)


def tie_of(factors: Sequence[Factor]) -> Callable[[Floats], Floats] | None:
    """What makes points have the rank correlations of the factors; None where there are none."""
    names, ties = [factor.name for factor in factors], ties_among(factors)
    if not followers(ties):
        return None

    def tie(points: Floats) -> Floats:
        columns = tied(dict(zip(names, points.T, strict=True)), ties)
        return np.stack([columns[name] for name in names], axis=1)

    return tie


def players_of(
    settings: SensitivitySettings, factors: Sequence[Factor], fixed: xr.Dataset
) -> tuple[Player, ...]:
    """Who gets an index: every factor on its own, or the groups that are asked for."""
    alone = [
        _player(factor, column, fixed)
        for column, factor in enumerate(factors)
        if settings.method.noise == "factor" or not factor.is_noise
    ]
    match settings.groups:
        case "none":
            return tuple(alone)
        case "sector":
            titles = read_titles(settings.run.home.folder / "sector")
            return _grouped(alone, {p.name: _sector_label(p, titles) for p in alone})
        case "role":
            return _grouped(alone, {p.name: ROLE_WORDS[p.role] for p in alone})
        case groups:
            assert isinstance(groups, Mapping)
            _refuse_groups(groups, alone)
            labels = {name: Text(group, group) for group, own in groups.items() for name in own}
            return _grouped(alone, {p.name: labels.get(p.name, p.label) for p in alone})


def _player(factor: Factor, column: int, fixed: xr.Dataset) -> Player:
    attrs = fixed.variables[factor.name].attrs
    label = Text(attrs["label_zh"] or factor.name, attrs["label_en"] or factor.name)
    parameter = factor.parameter
    names = (factor.name,)
    return Player(factor.name, label, parameter.listed, parameter.sector, (column,), names)


def _sector_label(player: Player, titles: Mapping[str, Text]) -> Text:
    """The sector; of what is decided, by whom too: levers and assumptions are never one group."""
    title = titles.get(player.sector, Text(player.sector, player.sector))
    if player.role == "parameter":
        return title
    word = ROLE_WORDS[player.role]
    return Text(f"{title.zh}：{word.zh}", f"{title.en}: {word.en}s")


def _grouped(alone: Sequence[Player], labels: Mapping[str, Text]) -> tuple[Player, ...]:
    """One player for each label."""
    found: dict[Text, list[Player]] = {}
    for player in alone:
        found.setdefault(labels[player.name], []).append(player)
    return tuple(
        own[0]
        if len(own) == 1
        else Player(
            name=label.en,
            label=label,
            role=own[0].role,
            sector=own[0].sector if len({player.sector for player in own}) == 1 else "",
            columns=tuple(column for player in own for column in player.columns),
            members=tuple(player.name for player in own),
        )
        for label, own in found.items()
    )


def _refuse_groups(groups: Mapping[str, Sequence[str]], alone: Sequence[Player]) -> None:
    """Refuses groups with names that do not vary, or stand in two, or whose roles are mixed."""
    roles = {player.name: player.role for player in alone}
    problems, seen = list[Text](), dict[str, str]()
    for group, names in groups.items():
        for name in names:
            if name not in roles:
                hint = near(name, roles)
                problems.append(
                    Text(
                        f"groups.{group}：{name} 不是变动的因素{hint.zh}",
                        f"groups.{group}: {name} is none of the factors that vary{hint.en}",
                    )
                )
            elif name in seen:
                problems.append(
                    Text(
                        f"{name} 同时在 {seen[name]} 和 {group} 两组中；只能属于一组",
                        f"{name} is in two groups, {seen[name]} and {group}; it can be in one",
                    )
                )
            seen[name] = group
        if len({roles[name] for name in names if name in roles}) > 1:
            problems.append(
                Text(
                    f"groups.{group} 混合了政策手段、外部假设或参数；请分开成组",
                    f"groups.{group} mixes levers, assumptions or parameters; keep them apart",
                )
            )
    if problems:
        raise Refused(*problems)


def members_of(study: Study) -> int:
    """How often a study runs the model."""
    return size(study.method, len(study.players), study.base, study.second_order)


def refuse_many(prepared: Prepared) -> None:
    """Refuses a study of very many members, with how long it would take, until confirmed.

    One whose design would not lie in memory is refused even then.
    """
    count, study = prepared.members, prepared.study
    most = MOST_NUMBERS // study.columns
    if study.base > most:
        raise Refused(
            Text(
                f"base={study.base:,}（共 {count:,} 次模拟）超出内存：{study.columns} 个因素时 "
                f"base 至多 {most:,}",
                f"base={study.base:,} ({count:,} members) would not fit into memory: with "
                f"{study.columns} factors base is at most {most:,}",
            )
        )
    if count <= MANY or prepared.settings.confirm:
        return
    points = replace(study, base=min(study.base, 1024)).design.rows(0, 1024)
    prepared.response(points[:2])  # compiles: once, not by member
    began = time.perf_counter()
    prepared.response(points)
    hours = (time.perf_counter() - began) / len(points) * count / 3600
    takes = long_time(hours)
    raise Refused(
        Text(
            f"共 {count:,} 次模拟，单进程约需 {takes.zh}；确实要算请加 confirm=true，"
            "或减小 base，或用 groups=sector",
            f"{count:,} members, about {takes.en} in one process; add confirm=true if you "
            "mean it, or choose a smaller base, or groups=sector",
        )
    )


def execute(
    prepared: Prepared, executor: Executor | None = None, progress: Progress | None = None
) -> Answer:
    """What the study finds; nothing is written. Parts run here, or by `executor`."""
    found = answer(
        prepared.study,
        prepared.response,
        prepared.settings.run.targets,
        prepared.later,
        executor,
        progress,
    )
    scenario = prepared.settings.run.scenarios[0]
    return Answer(
        found.table.assign_attrs(
            about=prepared.settings.about,
            model=prepared.settings.run.model.name,
            scenario=scenario.name,
            scenario_zh=scenario.title.zh,
            scenario_en=scenario.title.en,
            noise=prepared.settings.method.noise if _has_noise(prepared) else "",
            tied=followers(ties_among(_uncalibrated(prepared))),
            calibration=str(prepared.settings.run.calibration or ""),
        ),
        found.design,
        found.outputs,
    )


def _uncalibrated(prepared: Prepared) -> list[Factor]:
    """The factors whose draws are the study's own."""
    places = prepared.study.places
    return [f for place, f in enumerate(prepared.response.factors) if place not in places]


def _has_noise(prepared: Prepared) -> bool:
    return any(
        p.distribution and p.distribution["kind"] == "noise"
        for p in prepared.settings.run.table.values()
    )


def write(
    found: Answer, prepared: Prepared, began: float, executor: Executor | None = None
) -> Path:
    """The folder of a study, written whole: tables, figures, what they say, configuration."""
    from sim.report.influence import influence_csv, influence_markdown

    run = prepared.settings.run

    def fill(folder: Path) -> dict[str, Any]:
        store.write_table(found.table, folder / "sensitivity.nc")
        influence_csv(found.table, folder / "sensitivity.csv", run.lang)
        pages = {
            f"summary_{lang}.md": influence_markdown(found.table, lang) for lang in ("zh", "en")
        }
        write_texts(folder, pages | {"model.py": prepared.response.system.source})
        if run.figures:
            _write_figures(found, prepared, folder / "figures", executor)
        return {"kernel": prepared.response.system.kernel}

    return write_folder(run, "sensitivity", began, fill)


def _write_figures(
    found: Answer, prepared: Prepared, folder: Path, executor: Executor | None
) -> None:
    from sim.report.influence_figures import save_influence

    samples = samples_of(found, prepared)
    save_influence(found.table, samples, folder, prepared.settings.run.lang, executor)


def samples_of(found: Answer, prepared: Prepared) -> dict[tuple[str, str], "Sample"]:
    """For every target and role, independent members with the leading factors' values."""
    from sim.report.influence_sheet import PANELS, Sample

    rows = independent_rows(prepared.study)[:SCATTERED]
    if not len(rows) or prepared.settings.about != "value":
        return {}
    points = np.concatenate([found.design.rows(int(row), int(row) + 1) for row in rows])
    factors, lang = prepared.response.factors, prepared.settings.run.lang
    values = values_at(factors, points)
    column_of = {p.name: p.columns[0] for p in prepared.study.players if len(p.columns) == 1}
    samples = {}
    for place, target in enumerate(prepared.settings.run.targets):
        outcome = found.outputs[rows, place]
        one = found.table.isel(target=place)
        order = np.argsort(-np.abs(np.nan_to_num(one[found.table.attrs["main"]].values)))
        for role in set(map(str, one["role"].values)):
            leaders = [
                i
                for i in order
                if one["role"].values[i] == role
                and (column := column_of.get(str(one["factor"].values[i]))) is not None
                and not factors[column].is_noise
            ][:PANELS]
            if not leaders:  # groups, of which no value can be drawn
                continue
            columns = [column_of[str(one["factor"].values[i])] for i in leaders]
            samples[target.name, role] = Sample(
                labels=[str(one[f"label_{lang}"].values[i]) for i in leaders],
                units=[
                    factors[c].parameter.unit if factors[c].scales is None else "" for c in columns
                ],
                values=values[:, columns],
                outcome=outcome,
                met=attained(outcome, target),
            )
    return samples


def independent_rows(study: Study) -> NDArray[np.intp]:
    """The members of the design that are independent of each other, if there are any."""
    if study.method.name == "morris":
        return np.arange(0)
    per_sample = size(study.method, len(study.players), 1, study.second_order)
    return np.arange(study.base) * per_sample
