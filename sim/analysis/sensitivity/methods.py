"""The methods by name: what each wants computed, what it makes of it, and what it can do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sim.analysis.sensitivity import given, morris, shapley, sobol
from sim.analysis.sensitivity.estimate import Estimate, Floats
from sim.analysis.sensitivity.groups import Groups
from sim.ensemble.design import Design, latin_hypercube


@dataclass(frozen=True)
class Method:
    """One method.

    main: its leading index. base: the base sample by default. independent: it wants independent
    factors (or groups). grouped: it can treat a group of factors as one. noise: "factor" where
    the paths of a noise are one more factor, "fixed" where it is held at its mean, "varies"
    where it varies without an index of its own. in_unit: its indices have the unit of the output.
    about: what it can be asked of. by_time: quick enough for every year.
    """

    name: str
    main: str
    base: int
    independent: bool
    grouped: bool
    noise: str
    in_unit: bool = False
    about: tuple[str, ...] = ("value", "shortfall", "attainment")
    by_time: bool = True


METHODS = {
    method.name: method
    for method in (
        Method("sobol", "total", 1024, True, True, "factor"),
        Method("shapley", "shapley", 1024, True, True, "factor", by_time=False),
        Method("morris", "mu_star", 100, True, True, "fixed", in_unit=True, by_time=False),
        Method("rank_correlation", "prcc", 4096, False, False, "varies"),
        Method(
            "regional", "ks", 4096, False, False, "varies", about=("attainment",), by_time=False
        ),
        Method("pawn", "pawn", 2048, False, False, "varies", by_time=False),
        Method("delta", "delta", 1024, False, False, "varies", about=("value",), by_time=False),
    )
}

GIVEN: dict[str, Callable[[Floats, Floats, int], dict[str, Estimate]]] = {
    "rank_correlation": given.rank_correlation,
    "regional": given.regional,
    "pawn": given.pawn,
    "delta": given.delta,
}


def size(method: Method, groups: int, base: int, second_order: bool = False) -> int:
    """How many members a study takes."""
    if method.name == "sobol":
        return base * (2 * groups + 2 if second_order else groups + 2)
    return base * (groups + 1) if method.independent else base


def design_of(
    method: Method, columns: int, groups: Groups, base: int, seed: int, second_order: bool = False
) -> Design:
    """The points that the method wants computed."""
    match method.name:
        case "sobol":
            return sobol.design(columns, groups, base, seed, second_order)
        case "morris":
            return morris.design(columns, groups, base, seed)
        case "shapley":
            return shapley.design(columns, groups, base, seed)
    return latin_hypercube(columns, base, seed)


def indices_of(
    method: Method,
    design: Design,
    outputs: Floats,
    groups: Groups,
    seed: int,
    second_order: bool = False,
) -> dict[str, Estimate]:
    """The indices of every group for every output, by the name of the index."""
    if method.name == "sobol":
        return sobol.indices(outputs, groups, seed, second_order)
    if method.name == "shapley":
        return shapley.indices(outputs, groups, seed)
    points = design.rows(0, design.size)
    if method.name == "morris":
        return morris.indices(points, outputs, groups, seed)
    listed: Any = [own[0] for own in groups.values()]
    return GIVEN[method.name](points[:, listed], outputs, seed)
