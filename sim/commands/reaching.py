"""From settings to the least change of levers that meets targets, to a scenario, to its folder.

prepare ─▶ search (draws of its own) ─▶ scenario ─ run (other draws), beside the first ─▶ Reached
"""

import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.analysis.measure import shortfall
from sim.analysis.reaching import least_change, reached_by, strengths
from sim.analysis.sweeping import Floats, Odds
from sim.commands.folder import write_folder, write_texts
from sim.commands.result import Study, study_of
from sim.commands.result import execute as run_of
from sim.commands.sweeping import odds_of
from sim.config.levels import CHANGED
from sim.config.reach import ReachSettings
from sim.ensemble.ahead import in_order
from sim.ensemble.axes import Axis
from sim.ensemble.factors import between
from sim.ensemble.scenario import Scenario, Setting
from sim.ensemble.simulate import Progress
from sim.text import Text

ERRORS = 1.0
"""Standard errors by which the search aims above what is wanted, so that other draws agree."""
CHECKED = 4
"""Times the draws of the search, with which what it finds is checked."""
FEWER = 4
"""How many times fewer draws tell which levers matter."""
STRONG = (0.05, 0.0)
"""Levers that do so much of what the strongest does are tried; where these do not do, all that do
anything."""
SCREENED = 0.3
"""The share of the work that is done when it is known which levers matter."""
POINTS = 100
"""Points that a search asks for, about."""
WORTH = 0.01
"""A way that is shorter is none: a hundredth of what a lever can do is nobody's programme."""
MISSED = 1e3
"""By how much a member that did not stay finite misses."""


@dataclass(frozen=True)
class Prepared:
    """All that is known before anything is computed; what is wrong is refused by now."""

    settings: ReachSettings
    study: Study = field(repr=False)
    odds: Odds = field(repr=False)
    labels: dict[str, dict[str, str]] = field(repr=False)


@dataclass(frozen=True)
class Way:
    """How far a lever goes, and from what level to what; `alone` (target,): the probability of
    each wanted target where it goes all the way and no other lever does."""

    axis: Axis
    share: float
    alone: tuple[float, ...]
    label: Text
    unit: str


@dataclass(frozen=True)
class Reached:
    """What was found: the ways of the levers that go, the farthest first; the scenario that they
    make; and the odds of all targets in it and in the first one (see `Result.attainment`), from
    draws that the search has not seen.

    `met`: whether the search found levers that meet the targets; `limit` (target,): the
    probabilities with all levers at their limits, in its draws. `base`: what the scenario extends.
    """

    settings: ReachSettings
    ways: tuple[Way, ...]
    met: bool
    limit: tuple[float, ...]
    scenario: Scenario
    base: Scenario
    attainment: xr.Dataset = field(repr=False)


def prepare(settings: ReachSettings) -> Prepared:
    """The search that settings ask for, and the model as a function of its points."""
    study = study_of(settings.run)
    odds, labels = odds_of(settings.run, study, settings.axes, settings.wanted, POINTS)
    return Prepared(settings, study, odds, labels)


def execute(
    prepared: Prepared, executor: Executor | None = None, progress: Progress | None = None
) -> Reached:
    """The least change, the scenario that it makes, and what that comes to; nothing is written."""
    settings, odds = prepared.settings, prepared.odds
    tell = _untold if progress is None else partial(_told, progress)
    none, limit = (margins_at(odds, point, executor) for point in _ends(odds))
    found: tuple[Way, ...] = ()
    met = _met(none, settings)
    if not met:
        few = replace(odds, swept=replace(odds.swept, draws=-(-settings.run.draws // FEWER)))
        strong = strengths(
            partial(margins_at, few, executor=executor), len(settings.axes), settings.probability
        )
        tell(SCREENED)
        tried: list[Axis] = []
        for part in STRONG:
            axes = [axis for axis, own in zip(settings.axes, strong, strict=True) if own > part]
            if axes != tried and not met:
                found, met = _found(prepared, axes, executor, tell)
                tried = axes
    scenario = scenario_with(settings, found)
    base = settings.run.home.scenario(settings.run.scenarios[0].name.removesuffix(CHANGED))
    odds_at_limit = tuple(map(float, _shares(limit)[0]))
    return Reached(settings, found, met, odds_at_limit, scenario, base, checked(settings, scenario))


def _ends(odds: Odds) -> list[Floats]:
    """No lever changed, and all of them at their limits."""
    levers = len(odds.swept.axes)
    return [np.zeros((1, levers)), np.ones((1, levers))]


def _shares(margins: Floats) -> Floats:
    """The share of draws that meet each target: (point, target)."""
    found: Floats = (margins >= 0).mean(axis=2)
    return found


def _met(margins: Floats, settings: ReachSettings) -> bool:
    return bool((_shares(margins)[0] >= settings.probability).all())


def _found(
    prepared: Prepared,
    axes: Sequence[Axis],
    executor: Executor | None,
    tell: Callable[[float], None],
) -> tuple[tuple[Way, ...], bool]:
    """How far some levers have to go, and whether that does."""
    settings, aimed = prepared.settings, aim(prepared.settings)
    odds, _ = odds_of(settings.run, prepared.study, axes, settings.wanted, POINTS)
    margins = partial(margins_at, odds, executor=executor)
    ways = least_change(
        margins, len(axes), aimed, lambda part: tell(SCREENED + (1 - SCREENED) * part)
    )
    shares = whole_percents(ways, lambda points: reached_by(margins(points), aimed))
    alone = _shares(margins(np.eye(len(axes))))
    found = [
        Way(
            axis,
            float(share),
            tuple(map(float, chances)),
            Text(label["label_zh"], label["label_en"]),
            axis.factor.parameter.unit,
        )
        for axis, share, chances in zip(axes, shares, alone, strict=True)
        for label in [prepared.labels[axis.name]]
        if share > 0
    ]
    farthest_first = tuple(sorted(found, key=lambda way: -way.share))
    return farthest_first, _met(margins(shares[None]), settings)


def _untold(part: float) -> None:
    pass


def _told(progress: Progress, part: float) -> None:
    progress(round(1000 * part), 1000)


def aim(settings: ReachSettings) -> float:
    """The probability at which the search aims."""
    wanted, draws = settings.probability, settings.run.draws
    error = np.sqrt(wanted * (1 - wanted) / draws)
    return float(min(wanted + ERRORS * error, max(wanted, 1 - 1 / draws)))


def margins_at(odds: Odds, points: Floats, executor: Executor | None = None) -> Floats:
    """By how much each draw meets each target at the points, as a share of what is wanted:
    (point, target, draw)."""
    parts = np.array_split(points, -(-len(points) // odds.together))
    if executor is not None:  # so that two processes have a half each
        parts = np.array_split(points, min(len(points), 2 * len(parts)))
    return np.concatenate(list(in_order(partial(_margins, odds), parts, executor)))


def _margins(odds: Odds, points: Floats) -> Floats:
    values, finite = odds.quantities(points)
    margins = [
        -shortfall(own, target) / (abs(target.value) or 1.0)
        for own, target in zip(values, odds.targets, strict=True)
    ]
    whole: Floats = np.where(finite[:, None], np.stack(margins, axis=1), -MISSED)
    return whole


def whole_percents(ways: Floats, reach: Callable[[Floats], Floats]) -> Floats:
    """The ways in whole percents, levers that hardly move left out, where that still does."""
    up = np.ceil(100 * ways - 1e-6) / 100
    tried = np.stack([np.where(ways >= WORTH, up, 0.0), up, ways])
    good = [point for point, found in zip(tried, reach(tried), strict=True) if (found >= 0).all()]
    best: Floats = good[0] if good else tried[0]
    return best


def scenario_with(settings: ReachSettings, ways: tuple[Way, ...]) -> Scenario:
    """The scenario from which the search began, its levers as far on their ways as was found."""
    start, toward = settings.run.scenarios[0], settings.toward
    targets = settings.wanted
    names = Text("、".join(t.title.zh for t in targets), ", ".join(t.title.en for t in targets))
    odds = f"{settings.probability:.0%}"
    settled = {}
    for way in ways:
        factor = way.axis.factor
        assert factor.scales is not None
        assert factor.toward is not None
        reason = Text(
            f"由 sim reach 求得：从“{start.title.zh}”到“{toward.title.zh}”的 {way.share:.0%}。",
            f"Found by sim reach: {way.share:.0%} of the way from “{start.title.en}” to "
            f"“{toward.title.en}”.",
        )
        settled[way.axis.name] = Setting(between(factor.scales, factor.toward, way.share), reason)
    return replace(
        start,
        name=settings.save.stem if settings.save else f"{start.name}_reach",
        title=Text(
            f"{start.title.zh}，为使{names.zh}达标（{odds}）",
            f"{start.title.en}, so that {names.en} is met ({odds})",
        ),
        narrative=Text(
            f"在“{start.title.zh}”的基础上，用最小的政策手段调整，使{names.zh}的达标概率不低于 "
            f"{odds}；力度以到“{toward.title.zh}”的路程计。由 sim reach 求得。",
            f"The least change of levers on top of “{start.title.en}” with which {names.en} is met "
            f"with a probability of {odds}, counted by the way to “{toward.title.en}”. Found by "
            "sim reach.",
        ),
        levers={**start.levers, **settled},
    )


def checked(settings: ReachSettings, scenario: Scenario) -> xr.Dataset:
    """The odds of all targets in the scenario that was found, beside those in the first one, from
    other draws than those of the search."""
    run = settings.run
    draws = run.draws if run.draws == 1 else CHECKED * run.draws
    both = (scenario, run.scenarios[0])
    return run_of(replace(run, scenarios=both, draws=draws, seed=run.seed + 1)).attainment


def write(found: Reached, began: float) -> Path:
    """The folder of a search, written whole; the scenario also where the user wants it."""
    from sim.report.reaching import levers_csv, reach_markdown, scenario_yaml
    from sim.report.tables import attainment_csv

    settings = found.settings
    file = f"{found.scenario.name}.yaml"

    def fill(folder: Path) -> dict[str, Any]:
        texts = {f"summary_{lang}.md": reach_markdown(found, lang) for lang in ("zh", "en")}
        write_texts(folder, {**texts, file: scenario_yaml(found)})
        levers_csv(found, folder / "levers.csv", settings.run.lang)
        attainment_csv(found.attainment, folder / "attainment.csv", settings.run.lang)
        return {"met": found.met, "ways": {way.axis.name: way.share for way in found.ways}}

    folder = write_folder(settings.run, "reach", began, fill)
    if settings.save is not None:
        settings.save.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / file, settings.save)
    return folder
