"""From settings to the least change of levers that meets targets, to a scenario, to its folder.

prepare ─▶ odds along the way ─ search ─▶ scenario ─ run (other draws), beside the first ─▶ Reached
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
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
from sim.commands.result import Study, members_of, study_of
from sim.commands.result import execute as run_of
from sim.commands.sweeping import odds_of
from sim.config.levels import CHANGED
from sim.config.reach import POINTS, ReachSettings
from sim.engine.compile import Job, best_kernel
from sim.ensemble import store
from sim.ensemble.ahead import in_order
from sim.ensemble.axes import Axis
from sim.ensemble.blocks import Draws
from sim.ensemble.factors import between
from sim.ensemble.parts import joined
from sim.ensemble.scenario import Scenario, Setting
from sim.ensemble.simulate import Progress
from sim.ensemble.workers import ALONE, Crew
from sim.text import Text

ERRORS = 1.0
"""Standard errors by which the search aims above what is wanted, so that other draws agree."""
FEWER = 4
"""How many times fewer draws tell which levers matter, and where searches lead."""
STRONG = (0.05, 0.0)
"""Levers that do so much of what the strongest does are tried; where these do not do, all that do
anything."""
SHARES = np.linspace(0.0, 1.0, 11)
"""How far all levers together have gone where the odds along the way are told."""
LIMIT, MIDDLE = 1.0, 0.5
"""Where a search begins: all levers at their limits; and in the middle, unless it is known where
the targets are met first."""
WALKED, SCREENED, SOUGHT = 0.1, 0.3, 0.9
"""The share of the work that is done when the odds along the way are known, when it is known which
levers matter, and when the search has ended."""
WORTH = 0.01
"""A way that is shorter is none: a hundredth of what a lever can do is nobody's programme."""
MISSED = 1e3
"""By how much a member that did not stay finite misses."""
TABLES = ("levers", "along", "attainment")
"""The tables of a result."""


@dataclass(frozen=True)
class Prepared:
    """All that is known before anything is computed; what is wrong is refused by now. `odds`: of
    all targets, at points of all levers."""

    settings: ReachSettings
    study: Study = field(repr=False)
    odds: Odds = field(repr=False)
    labels: dict[str, Text] = field(repr=False)


@dataclass(frozen=True)
class Way:
    """How far a lever goes, and from what level to what; `alone` (target,): the probability of
    each wanted target where it goes all the way and no other lever does."""

    axis: Axis
    share: float
    effort: float
    alone: tuple[float, ...]
    label: Text
    unit: str


@dataclass(frozen=True)
class Sought:
    """What a search ends with: the ways of the levers that go, the farthest first; whether the
    targets are met there, in its draws; and how many of its `starts` `agreed` on it."""

    ways: tuple[Way, ...] = ()
    met: bool = True
    starts: int = 0
    agreed: int = 0


@dataclass(frozen=True, repr=False)
class Reached:
    """What was found: what the search ended with; the scenario that this makes; the odds of all
    targets in it and in the first one (see `Result.attainment`), from draws that the search has
    not seen; and their odds where all levers go together, from its own, dims (share, target).
    `labels`: what the levers are called.
    """

    settings: ReachSettings
    sought: Sought
    scenario: Scenario
    labels: dict[str, Text]
    attainment: xr.Dataset
    along: xr.Dataset

    def __repr__(self) -> str:
        """One line: what was asked, what was found, and what may be looked at."""
        names = ", ".join(target.name for target in self.settings.wanted)
        found = f"{len(self.ways)} levers" if self.met else "not met"
        return (
            f"<Reached of {names}, {self.settings.probability:g}: {found}; ways, met, limit, gone, "
            "scenario; tables: attainment, along>"
        )

    @property
    def ways(self) -> tuple[Way, ...]:
        """The ways of the levers that go, the farthest first."""
        return self.sought.ways

    @property
    def met(self) -> bool:
        """Whether the search found levers that meet the targets."""
        return self.sought.met

    @property
    def limit(self) -> tuple[float, ...]:
        """The probability of each wanted target with all levers at their limits."""
        names = [target.name for target in self.settings.wanted]
        last = self.along["probability"].isel(share=-1).sel(target=names)
        return tuple(map(float, last.values))

    @property
    def base(self) -> Scenario:
        """What the scenario extends."""
        settings = self.settings.run
        return settings.home.scenario(settings.scenarios[0].name.removesuffix(CHANGED))

    @property
    def gone(self) -> float:
        """How far the ways are of the whole way, on which all levers are at their limits."""
        efforts = sum(map(self.settings.effort, self.settings.axes))
        return float(sum(way.effort * way.share for way in self.ways) / efforts)


def prepare(settings: ReachSettings) -> Prepared:
    """The search that settings ask for, and the model as a function of its points.

    One kernel computes all of it, so that it can be computed again to the last bit.
    """
    study = study_of(settings.run)
    if settings.run.engine.kernel == "auto":
        settings = _by(settings, best_kernel(study.model, _jobs(settings, study)))
    odds, attrs = odds_of(settings.search, study, settings.axes, settings.run.targets, POINTS)
    labels = {name: Text(own["label_zh"], own["label_en"]) for name, own in attrs.items()}
    return Prepared(settings, study, odds, labels)


def _by(settings: ReachSettings, kernel: str) -> ReachSettings:
    """The settings with a kernel."""
    engine = replace(settings.run.engine, kernel=kernel)
    return replace(settings, run=replace(settings.run, engine=engine))


def _jobs(settings: ReachSettings, study: Study) -> Iterator[Job]:
    """What is to be computed: the odds along the way and of each lever alone, the search with the
    strong levers, and the check. Which levers are strong is not known yet: as if all were."""
    search, check = _by(settings, "numpy").search, _by(settings, "numpy").check
    levers = odds_of(search, study, settings.axes, settings.run.targets, POINTS)[0].system
    both = replace(check, scenarios=(settings.toward, settings.run.scenarios[0]))
    scenarios = members_of(both, study, 1).system
    wanted = tuple(dict.fromkeys(target.variable for target in settings.wanted))
    half, each = POINTS * search.draws // 2, study.clock.steps / settings.processes
    method = study.clock.method
    yield Job(levers.varying, levers.kept, round(half * each), method)
    yield Job(levers.varying, wanted, round(half * each), method)
    yield Job(scenarios.varying, scenarios.kept, round(2 * check.draws * each), method)


def execute(prepared: Prepared, workers: Crew = ALONE, progress: Progress | None = None) -> Reached:
    """The least change, the scenario that it makes, and what that comes to; nothing is written."""
    settings = prepared.settings
    tell = _untold if progress is None else partial(_told, progress)
    along = odds_along(prepared, workers.executor)
    tell(WALKED)
    met = _met_along(along, settings)
    sought = Sought() if met[0] else _sought(prepared, _starts(met), workers.executor, tell)
    tell(SOUGHT)
    scenario = scenario_with(settings, sought.ways)
    attainment = checked(settings, scenario, workers)
    return Reached(settings, sought, scenario, prepared.labels, attainment, along)


def odds_along(prepared: Prepared, executor: Executor | None = None) -> xr.Dataset:
    """The odds of all targets where all levers together have gone some of the way: dims (share,
    target)."""
    odds = prepared.odds
    points = np.repeat(SHARES[:, None], len(prepared.settings.axes), axis=1)
    table = joined(in_order(odds, _parts(odds, points, executor), executor), len(points))
    columns = {"share": SHARES, "target": [target.name for target in odds.targets]}
    return table.rename(point="share").assign_coords(columns)


def _met_along(along: xr.Dataset, settings: ReachSettings) -> list[bool]:
    """Whether each wanted target is as probable as it should be, at each share of the way."""
    odds = along["probability"].sel(target=[target.name for target in settings.wanted])
    return list(map(bool, (odds >= settings.probability).all("target").values))


def _starts(met: Sequence[bool]) -> tuple[float, float]:
    """Where the search begins: at the end of the way, and where the targets are met first."""
    inner = zip(SHARES[1:-1], met[1:-1], strict=True)
    return LIMIT, next((float(share) for share, there in inner if there), MIDDLE)


def _sought(
    prepared: Prepared,
    starts: Sequence[float],
    executor: Executor | None,
    tell: Callable[[float], None],
) -> Sought:
    """What the search ends with, of the strong levers; of all, where these do not do."""
    settings = prepared.settings
    odds = replace(_with_few(prepared.odds, settings), targets=settings.wanted)
    margins = partial(margins_at, odds, executor=executor)
    strong = strengths(margins, _efforts(settings, settings.axes), settings.probability)
    tell(SCREENED)
    found, tried = Sought(met=False), list[Axis]()
    for part in STRONG:
        axes = [axis for axis, own in zip(settings.axes, strong, strict=True) if own > part]
        if axes != tried and not found.met:
            found = _found(prepared, axes, starts, executor, tell)
            tried = axes
    return found


def _with_few(odds: Odds, settings: ReachSettings) -> Odds:
    """The same with FEWER times fewer draws."""
    few = settings.search.with_draws(Draws(0, -(-settings.search.draws // FEWER)))
    return replace(odds, swept=replace(odds.swept, draws=few.draws, places=few.places))


def _found(
    prepared: Prepared,
    axes: Sequence[Axis],
    starts: Sequence[float],
    executor: Executor | None,
    tell: Callable[[float], None],
) -> Sought:
    """How far some levers have to go, and whether that does."""
    settings, aimed = prepared.settings, aim(prepared.settings)
    odds, _ = odds_of(settings.search, prepared.study, axes, settings.wanted, POINTS)
    margins = partial(margins_at, odds, executor=executor)
    change = least_change(
        margins,
        _efforts(settings, axes),
        aimed,
        starts,
        lambda part: tell(SCREENED + (SOUGHT - SCREENED) * part),
        partial(margins_at, _with_few(odds, settings), executor=executor),
    )
    rounded = rounded_up(change.ways)
    ends = margins(np.vstack([rounded, np.eye(len(axes))]))
    alone = _shares(ends[len(rounded) :])
    place = first_good(reached_by(ends[: len(rounded)], aimed))
    shares, met = rounded[place], _shares(ends[[place]]) >= settings.probability
    found = [
        Way(
            axis,
            float(share),
            settings.effort(axis),
            tuple(map(float, chances)),
            prepared.labels[axis.name],
            axis.factor.parameter.unit,
        )
        for axis, share, chances in zip(axes, shares, alone, strict=True)
        if share > 0
    ]
    farthest_first = tuple(sorted(found, key=lambda way: -way.share))
    return Sought(farthest_first, bool(met.all()), change.starts, change.agreed)


def _efforts(settings: ReachSettings, axes: Sequence[Axis]) -> Floats:
    return np.array([settings.effort(axis) for axis in axes])


def _shares(margins: Floats) -> Floats:
    """The share of draws that meet each target: (point, target)."""
    found: Floats = (margins >= 0).mean(axis=2)
    return found


def _untold(part: float) -> None:
    pass


def _told(progress: Progress, part: float) -> None:
    progress(round(1000 * part), 1000)


def aim(settings: ReachSettings) -> float:
    """The probability at which the search aims."""
    wanted, draws = settings.probability, settings.search.draws
    error = np.sqrt(wanted * (1 - wanted) / (draws * settings.search.independent))
    return float(min(wanted + ERRORS * error, max(wanted, 1 - 1 / draws)))


def margins_at(odds: Odds, points: Floats, executor: Executor | None = None) -> Floats:
    """By how much each draw meets each target at the points, as a share of what is wanted:
    (point, target, draw)."""
    parts = _parts(odds, points, executor)
    return np.concatenate(list(in_order(partial(_margins, odds), parts, executor)))


def _parts(odds: Odds, points: Floats, executor: Executor | None) -> Iterator[Floats]:
    """The points in parts; where there are several processes, so that two have a half each."""
    count = -(-len(points) // odds.together)
    count = count if executor is None else min(len(points), 2 * count)
    return iter(np.array_split(points, count))


def _margins(odds: Odds, points: Floats) -> Floats:
    values, finite = odds.quantities(points)
    margins = [
        -shortfall(own, target) / (abs(target.value) or 1.0)
        for own, target in zip(values, odds.targets, strict=True)
    ]
    whole: Floats = np.where(finite[:, None], np.stack(margins, axis=1), -MISSED)
    return whole


def rounded_up(ways: Floats) -> Floats:
    """The ways in whole percents, levers that hardly move left out; all in whole percents; and as
    they are: (3, lever)."""
    up = np.ceil(100 * ways - 1e-6) / 100
    return np.stack([np.where(ways >= WORTH, up, 0.0), up, ways])


def first_good(reach: Floats) -> int:
    """The first of some points at which all targets are met; the first one where there is none."""
    return int(np.argmax((reach >= 0).all(axis=1)))


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


def checked(settings: ReachSettings, scenario: Scenario, workers: Crew = ALONE) -> xr.Dataset:
    """The odds of all targets in the scenario that was found, beside those in the first one, from
    other draws than those of the search."""
    both = (scenario, settings.run.scenarios[0])
    return run_of(replace(settings.check, scenarios=both), workers).attainment


def tables(found: Reached) -> dict[str, xr.Dataset]:
    """What was found as labelled tables, by name."""
    own = (levers_table(found), found.along, found.attainment)
    return dict(zip(TABLES, own, strict=True))


def levers_table(found: Reached) -> xr.Dataset:
    """Of every lever that may go how far it goes, and its effort: dims (lever); of those that do
    the probability of each wanted target where no other does: (lever, target)."""
    settings = found.settings
    ways = {way.axis.name: way for way in found.ways}
    names = [axis.name for axis in settings.axes]
    untold = (np.nan,) * len(settings.wanted)
    alone = [ways[name].alone if name in ways else untold for name in names]
    return xr.Dataset(
        {
            "way": ("lever", [ways[name].share if name in ways else 0.0 for name in names]),
            "effort": ("lever", _efforts(settings, settings.axes)),
            "alone": (("lever", "target"), np.array(alone)),
        },
        coords={"lever": names, "target": [target.name for target in settings.wanted]},
        attrs={
            "met": int(found.met),
            "starts": found.sought.starts,
            "agreed": found.sought.agreed,
            "toward": settings.toward.name,
            "probability": settings.probability,
        },
    )


def told(found: Reached) -> dict[str, Any]:
    """What the manifest says of a search beside what it says of all results."""
    ways = {way.axis.name: way.share for way in found.ways}
    return {"met": found.met, "ways": ways, "kernel": found.settings.run.engine.kernel}


def write(found: Reached, began: float) -> Path:
    """The folder of a search, written whole; the scenario also where the user wants it."""
    from sim.report.reaching import levers_csv, reach_markdown, scenario_yaml
    from sim.report.reaching_figure import save_along
    from sim.report.tables import attainment_csv

    settings = found.settings
    file = f"{found.scenario.name}.yaml"

    def fill(folder: Path) -> dict[str, Any]:
        texts = {f"summary_{lang}.md": reach_markdown(found, lang) for lang in ("zh", "en")}
        write_texts(folder, {**texts, file: scenario_yaml(found)})
        for name, table in tables(found).items():
            store.write_table(table, folder / f"{name}.nc")
        levers_csv(found, folder / "levers.csv", settings.run.lang)
        attainment_csv(found.attainment, folder / "attainment.csv", settings.run.lang)
        if settings.run.figures:
            save_along(found, folder / "figures", settings.run.lang)
        return told(found)

    folder = write_folder(settings.run, "reach", began, fill)
    if settings.save is not None:
        settings.save.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / file, settings.save)
    return folder
