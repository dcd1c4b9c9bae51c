"""What it would take: the least change of levers with which targets are met as surely as wanted.

    least Σ ways   where   P(target met) ≥ wanted for each target, 0 ≤ ways ≤ 1

A way is how far a lever goes, from where a scenario has it (0) to where another has it (1). This
is a chance-constrained programme (Charnes, Cooper 1959, 10.1287/mnsc.6.1.73), over draws that all
points share (Luedtke, Ahmed 2008, 10.1137/070702928). That a share p of the draws meets a target
is to say that the margin which this share reaches is not below zero; other than the share itself,
that margin moves smoothly with the levers. So it is solved by linear programmes, each trusted only
near the point at which it was made (Griffith, Stewart 1961, 10.1287/mnsc.7.4.379).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

Floats = NDArray[np.float64]
Margins = Callable[[Floats], Floats]
"""What makes of points (point, lever) by how much each draw meets each target, as a share of what
is wanted, below zero where it misses: (point, target, draw)."""

FELT = 1e-4
"""A margin that moves by less is not moved."""
STEP = 0.05
"""The change of a lever by which its effect is measured."""
SHORTER = (0.5, 0.2)
"""How far along the way to a programme's solution the model itself is asked as well."""
WIDEST, NARROWEST = 0.5, 0.02
"""How far a linear programme is trusted: at the beginning, and when the search ends."""
ROUNDS = 20
ENOUGH = 0.01
"""What a round has to gain, in levers that go all the way."""
PENALTY = 1e3
"""What a margin that is missed by all of the target costs, in levers that go all the way."""


def strengths(margins: Margins, levers: int, wanted: float) -> Floats:
    """What each of so many levers does for the target of which it does most, as a share of what
    the strongest lever does for that: (lever,), 0 where it does nothing.

    Each is tried alone, and as the only one that does not go: some need others, some stand in
    their way.
    """
    one = np.eye(levers)
    ends = np.vstack([np.zeros(levers), np.ones(levers), one, 1 - one])
    reach = reached_by(margins(ends), wanted)
    alone, without = reach[2 : 2 + levers] - reach[0], reach[2 + levers :] - reach[1]
    effects = np.maximum(np.abs(alone), np.abs(without))
    effects[effects < FELT] = 0.0
    found: Floats = (effects / np.maximum(effects.max(axis=0), FELT)).max(axis=1)
    return found


def least_change(
    margins: Margins, levers: int, wanted: float, progress: Callable[[float], None]
) -> Floats:
    """The least change of so many levers with which each target is met with the probability
    `wanted`, or what brings the targets nearest to that: ways (lever,).

    `progress` is told the share of the rounds that are done; it may end before all are.
    """
    start = np.ones(levers)  # where a lever that needs another has an effect
    [now] = _states(margins, start[None], wanted)
    width, slopes = WIDEST, _slopes(margins, now, wanted)
    for number in range(ROUNDS):
        [aim] = _states(margins, _programme(now, slopes, width)[None], wanted)
        # margins bend: the same slopes from where they led, and shorter ways there
        mended = _programme(aim, slopes, width)
        shorter = now[0] + np.array(SHORTER)[:, None] * (aim[0] - now[0])
        best = min([aim, *_states(margins, np.vstack([mended, shorter]), wanted)], key=_cost)
        if _cost(best) < _cost(now) - ENOUGH:
            width = min(2 * width, 1.0) if best is aim else width
            now, slopes = best, _slopes(margins, best, wanted)
        else:
            width /= 3
            if width < NARROWEST:
                break
        progress((number + 1) / ROUNDS)
    return now[0]


def reached_by(margins: Floats, wanted: float) -> Floats:
    """The margin that a share `wanted` of the draws reaches: (point, target)."""
    draws = margins.shape[2]
    place = draws - int(np.ceil(wanted * draws - 1e-9))
    return np.partition(margins, place, axis=2)[:, :, place]


State = tuple[Floats, Floats]
"""Ways (lever,) and the margins (target,) that are reached there."""


def _states(margins: Margins, points: Floats, wanted: float) -> list[State]:
    return list(zip(points, reached_by(margins(points), wanted), strict=True))


def _cost(state: State) -> float:
    ways, reach = state
    return float(ways.sum() + PENALTY * np.maximum(-reach, 0.0).sum())


def _slopes(margins: Margins, now: State, wanted: float) -> Floats:
    """How the margins that are reached move with each lever: (lever, target)."""
    ways, reach = now
    steps = np.where(ways + STEP <= 1.0, STEP, -STEP)
    slopes: Floats = (reached_by(margins(ways + np.diag(steps)), wanted) - reach) / steps[:, None]
    return slopes


def _programme(now: State, slopes: Floats, width: float) -> Floats:
    """The solution of the linear programme: least change, and least of what is missed."""
    ways, reach = now
    levers, targets = slopes.shape
    # reach + slopes · (new - ways) + missed ≥ 0
    solved = linprog(
        np.concatenate([np.ones(levers), np.full(targets, PENALTY)]),
        A_ub=np.hstack([-slopes.T, -np.eye(targets)]),
        b_ub=reach - ways @ slopes,
        bounds=[
            *zip(np.maximum(ways - width, 0.0), np.minimum(ways + width, 1.0), strict=True),
            *[(0.0, None)] * targets,
        ],
    )
    return np.asarray(solved.x[:levers])
