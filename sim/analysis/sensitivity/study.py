"""A study: points ─ evaluate ─▶ outputs ─▶ one labelled table of indices."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field

import numpy as np
import xarray as xr

from sim.analysis.response import respond
from sim.analysis.sensitivity.estimate import Estimate, Floats
from sim.analysis.sensitivity.groups import Groups
from sim.analysis.sensitivity.methods import Method, design_of, indices_of
from sim.analysis.sensitivity.verdict import verdict
from sim.ensemble.design import Design
from sim.ensemble.simulate import Progress
from sim.ensemble.target import Target
from sim.text import Text


@dataclass(frozen=True)
class Player:
    """What gets an index: a factor, or a group of factors that are moved together."""

    name: str
    label: Text
    role: str
    sector: str
    columns: tuple[int, ...]
    members: tuple[str, ...] = ()
    """The names of the factors in it."""


@dataclass(frozen=True)
class Study:
    """What is asked: the method, its base sample, and whose indices are wanted.

    `columns` is the width of a point; columns in no player vary and have no index. `tie` makes
    independent points go together. A method that wants independent players reads the points as
    they were before: what follows another player has the index of the part that is its own (Mara,
    Tarantola 2012, 10.1016/j.ress.2011.08.008). `places`, (base,) by column, stand for the points
    of a method that takes any sample; of these points `independent` is the share that counts as
    independent ones.
    """

    method: Method
    base: int
    seed: int
    columns: int
    players: tuple[Player, ...]
    second_order: bool = False
    tie: Callable[[Floats], Floats] | None = None
    places: Mapping[int, Floats] = field(default_factory=dict, repr=False)
    independent: float = 1.0

    @property
    def groups(self) -> Groups:
        """The columns of every player."""
        return {player.name: player.columns for player in self.players}

    @property
    def design(self) -> Design:
        """The points that the method wants, independent."""
        return design_of(
            self.method, self.columns, self.groups, self.base, self.seed, self.second_order
        )

    def computed(self, free: Design) -> Design:
        """The points of `design` as they are computed: going together, or where `places` has
        them."""
        if self.tie is None and not self.places:
            return free

        def rows(start: int, stop: int) -> Floats:
            points = free.rows(start, stop)
            points = points.copy() if self.tie is None else self.tie(points)
            for column, own in self.places.items():
                points[:, column] = own[start:stop]
            return points

        return Design(free.size, rows)


@dataclass(frozen=True)
class Answer:
    """What was found: the table, and the outputs from which it was made."""

    table: xr.Dataset
    design: Design = field(repr=False)
    outputs: Floats = field(repr=False)


def answer(
    study: Study,
    evaluate: Callable[[Floats], Floats],
    targets: Sequence[Target],
    later: Sequence[Target] = (),
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Answer:
    """The indices of every player for every target.

    `evaluate` gives one column for each of `targets`, then one for each of `later`: the targets
    in other years. Every index is a variable over (target, factor) beside its `_half`, the
    half-width of its 95 % interval; second order has (target, factor, factor_2). With `later`
    the leading index is there by year as well, (target, year, factor). `enough`, `needed`,
    `widest` and `ordered` (target) say what the sample was worth: see `verdict`.
    """
    free = study.design
    design = study.computed(free)
    outputs = respond(evaluate, design, executor, progress)
    read = free if study.method.independent else design
    found = indices_of(study.method, read, outputs, study.groups, study.seed, study.second_order)
    found = {name: one.of_fewer(study.independent) for name, one in found.items()}
    count = len(targets)
    table = _indices(found, count)
    main = _some(found[study.method.main], slice(0, count))
    judged = verdict(main, study.base, study.method.in_unit)
    table = table.merge(judged.rename(output="target"))
    if later:
        table = table.merge(_by_year(found, study.method, targets, later))
    failed = int((~np.isfinite(outputs[:, :count]).all(axis=1)).sum())
    table = table.assign_coords(_factor_labels(study.players)).assign_coords(
        _target_labels(targets)
    )
    return Answer(
        table.assign_attrs(
            method=study.method.name,
            main=study.method.main,
            base=study.base,
            independent=study.independent,
            members=design.size,
            failed_members=failed,
            seed=study.seed,
        ),
        design,
        outputs,
    )


def _some(estimate: Estimate, outputs: slice) -> Estimate:
    return Estimate(estimate.value[..., outputs], estimate.half[..., outputs])


def _indices(found: Mapping[str, Estimate], count: int) -> xr.Dataset:
    variables = {}
    for name, estimate in found.items():
        own = _some(estimate, slice(0, count))
        dims = ("target", "factor", "factor_2")[: own.value.ndim]
        for key, values in ((name, own.value), (f"{name}_half", own.half)):
            variables[key] = (dims, np.moveaxis(values, -1, 0))
    return xr.Dataset(variables)


def _by_year(
    found: Mapping[str, Estimate],
    method: Method,
    targets: Sequence[Target],
    later: Sequence[Target],
) -> xr.Dataset:
    """The indices of first order where there are any, else the leading ones, by year."""
    names = [name for name in dict.fromkeys((method.main, "first")) if name in found]
    years = sorted({target.year for target in later})
    place = {target.name: row for row, target in enumerate(targets)}
    variables = {}
    for name in names:
        value = found[name].value
        whole = np.full((len(targets), len(years), value.shape[0]), np.nan)
        for column, target in enumerate(later, start=len(targets)):
            whole[place[target.name], years.index(target.year)] = value[:, column]
        variables[f"{name}_by_year"] = (("target", "year", "factor"), whole)
    return xr.Dataset(variables, coords={"year": years})


def _factor_labels(players: Sequence[Player]) -> dict[str, object]:
    columns = {
        "factor": [player.name for player in players],
        "label_zh": [player.label.zh for player in players],
        "label_en": [player.label.en for player in players],
        "role": [player.role for player in players],
        "sector": [player.sector for player in players],
    }
    return {name: ("factor", values) for name, values in columns.items()}


def _target_labels(targets: Sequence[Target]) -> dict[str, object]:
    columns: dict[str, list[object]] = {
        "target": [target.name for target in targets],
        "title_zh": [target.title.zh for target in targets],
        "title_en": [target.title.en for target in targets],
        "due": [target.year for target in targets],
        "unit": [target.unit for target in targets],
        "sense": [target.sense for target in targets],
        "time_unit": [target.time_unit for target in targets],
        "clause": [target.clause for target in targets],
    }
    return {name: ("target", values) for name, values in columns.items()}
