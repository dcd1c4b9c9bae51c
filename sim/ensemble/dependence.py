"""Uncertain parameters that go together: rank correlations, and draws that have them.

A Gaussian copula (Nelsen 2006, 10.1007/0-387-28678-0): every parameter keeps its own
distribution, and the ranks of a tied pair are correlated as conf/dependence.yaml says. Of what is
tied, the parameter with the fewest ties is drawn as if alone, and those with more follow.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.data import read_yaml
from sim.ensemble.entries import choice, known_keys, lacks, mapping, number, text_of
from sim.ensemble.scenario import KINDS, Parameter, Tie
from sim.text import Refused, Text, near

TYPE = Mapping[str, Any]
KEYS = ("parameters", "rank_correlation", "kind", "source", "reason")
TAUGHT = "calibration"
"""The key that an entry has besides where the county's history taught the tie: by what command. A
calibration forgets such ties, as it forgets estimates (`before_history`)."""


def read_dependence(file: Path, table: Mapping[str, Parameter]) -> dict[str, Parameter]:
    """The parameter table with the ties that `file` gives; refuses all that is wrong at once.

    Wrong are unknown or certain parameters, a pair that is there twice, a correlation that is
    not between -1 and 1, and correlations that cannot be together.
    """
    if not file.is_file():
        return dict(table)
    problems: list[Text] = []
    found: dict[str, dict[str, Tie]] = {}
    for name, entry in read_yaml(file).items():
        _tie(str(name), mapping(entry, file, str(name), problems), file, table, found, problems)
    together = {name: replace(p, tied=found.get(name, {})) for name, p in table.items()}
    if not problems:
        ties = ties_of(together, found)
        problems += [_impossible(file, own, ties) for own in clusters(ties) if _shrunk(own, ties)]
    if problems:
        raise Refused(*problems)
    return together


def _tie(
    name: str,
    entry: TYPE,
    file: Path,
    table: Mapping[str, Parameter],
    ties: dict[str, dict[str, Tie]],
    problems: list[Text],
) -> None:
    known_keys(entry, {*KEYS, TAUGHT}, file, name, problems)
    if lacks(entry, KEYS, file, name, problems):
        return
    reason = text_of(entry["reason"], file, f"{name}.reason", problems)
    choice(entry["kind"], KINDS, file, f"{name}.kind", problems)
    value = number(entry["rank_correlation"], file, f"{name}.rank_correlation", problems)
    pair = entry["parameters"]
    if not isinstance(pair, list) or len(pair) != 2 or pair[0] == pair[1]:
        problems.append(
            Text(
                f"{file}: {name}.parameters 应为两个不同的参数，如 [a, b]",
                f"{file}: {name}.parameters are two different parameters, as in [a, b]",
            )
        )
        return
    if not -1 < value < 1:
        problems.append(
            Text(
                f"{file}: {name}.rank_correlation 应在 −1 与 1 之间，而不是 {value:g}",
                f"{file}: {name}.rank_correlation is between -1 and 1, not {value:g}",
            )
        )
    for one, other in (pair, pair[::-1]):
        problems += _not_uncertain(str(one), name, file, table)
        if other in ties.setdefault(str(one), {}):
            problems.append(
                Text(
                    f"{file}: {name}：{one} 与 {other} 的相关已经给出",
                    f"{file}: {name}: {one} and {other} are tied already",
                )
            )
        ties[str(one)][str(other)] = Tie(value, reason, str(entry.get(TAUGHT) or ""))


def _not_uncertain(
    parameter: str, name: str, file: Path, table: Mapping[str, Parameter]
) -> list[Text]:
    found = table.get(parameter)
    if found is None:
        hint = near(parameter, table)
        return [
            Text(
                f"{file}: {name}：没有名为 {parameter} 的参数{hint.zh}",
                f"{file}: {name}: no parameter is called {parameter}{hint.en}",
            )
        ]
    if found.distribution is None or found.distribution["kind"] == "noise":
        return [
            Text(
                f"{file}: {name}：{parameter} 没有分布，不能与别的参数相关",
                f"{file}: {name}: {parameter} has no distribution and cannot be tied",
            )
        ]
    return []


def _shrunk(names: tuple[str, ...], ties: Mapping[str, Mapping[str, float]]) -> float:
    """By what all correlations must be multiplied to be possible together; 0 if they are."""
    import numpy as np

    for percent in range(100, 0, -1):
        scaled = {a: {b: v * percent / 100 for b, v in ties[a].items()} for a in names}
        if np.linalg.eigvalsh(_normal_correlations(names, scaled))[0] > 1e-6:
            return 0.0 if percent == 100 else percent / 100
    raise AssertionError(names)  # correlations of nearly nothing are always possible


def _impossible(
    file: Path, names: tuple[str, ...], ties: Mapping[str, Mapping[str, float]]
) -> Text:
    scale = _shrunk(names, ties)
    listed = ", ".join(names)
    return Text(
        f"{file}：{listed} 的相关系数不可能同时成立（相关矩阵不正定）；全部乘以 {scale:.2f} 即可",
        f"{file}: the correlations of {listed} cannot hold together (the matrix is not positive "
        f"definite); all of them times {scale:.2f} could",
    )


def clusters(ties: Mapping[str, Iterable[str]]) -> list[tuple[str, ...]]:
    """The names that are tied, directly or through others; a name alone is none.

    In the order in which they are drawn: the fewer ties the earlier. So a parameter that history
    shows only together with several others follows them, and these are drawn as if alone.
    """
    found: list[tuple[str, ...]] = []
    left = {name for name, others in ties.items() if others}
    while left:
        cluster, edge = set[str](), {min(left)}
        while edge:
            cluster |= edge
            edge = {other for name in edge for other in ties.get(name, ()) if other in left}
            edge -= cluster
        left -= cluster
        found.append(tuple(sorted(cluster, key=lambda name: (len(set(ties[name])), name))))
    return [cluster for cluster in found if len(cluster) > 1]


def ties_of(
    parameters: Mapping[str, Parameter], names: Iterable[str]
) -> dict[str, dict[str, float]]:
    """The ties between those of the parameters that are named."""
    there = set(names)
    return {
        name: {
            other: tie.rank_correlation
            for other, tie in parameters[name].tied.items()
            if other in there
        }
        for name in there
        if name in parameters
    }


def followers(ties: Mapping[str, Iterable[str]]) -> list[str]:
    """The names that are drawn after one that they are tied to, sorted."""
    return sorted(
        name
        for names in clusters(ties)
        for place, name in enumerate(names)
        if set(names[:place]) & set(ties[name])
    )


def tied(u: Mapping[str, Any], ties: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    """Independent uniform numbers, by name, made to go together; each stays uniform.

    Draw by draw, so that any block gives the same numbers. What follows none keeps its own; in a
    Latin hypercube the followers keep their strata only nearly.
    """
    found = dict(u)
    for names in clusters(ties):
        import numpy as np
        from scipy import special

        root = _root(names, tuple(tuple(sorted(ties[name].items())) for name in names))
        z = [special.ndtri(u[name]) for name in names]
        for name, row in zip(names, root, strict=True):
            if np.count_nonzero(row) > 1:
                # term by term: how a product of matrices is summed up depends on the block's size
                own = sum(weight * drawn for weight, drawn in zip(row, z, strict=True) if weight)
                found[name] = np.clip(special.ndtr(own), 1e-12, 1 - 1e-12)
    return found


@lru_cache(maxsize=64)
def _root(names: tuple[str, ...], ties: tuple[tuple[tuple[str, float], ...], ...]) -> Any:
    import numpy as np

    by_name = {name: dict(own) for name, own in zip(names, ties, strict=True)}
    return np.linalg.cholesky(_normal_correlations(names, by_name))


def _normal_correlations(names: tuple[str, ...], ties: Mapping[str, Mapping[str, float]]) -> Any:
    """The correlations of normal numbers whose ranks are correlated so: r = 2 sin(π ρ / 6)
    (Pearson 1907)."""
    import numpy as np

    ranks = [[1.0 if a == b else ties[a].get(b, 0.0) for b in names] for a in names]
    return 2 * np.sin(np.pi * np.array(ranks) / 6)
