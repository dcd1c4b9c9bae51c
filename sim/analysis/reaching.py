"""What it would take: the least change of levers with which targets are met as surely as wanted.

    least Σ efforts · ways   where   P(target met) ≥ wanted for each target, 0 ≤ ways ≤ 1

A way is how far a lever goes, from where a scenario has it (0) to where another has it (1); its
effort says how many others are as hard to move. This is a chance-constrained programme (Charnes,
Cooper 1959, 10.1287/mnsc.6.1.73), over draws that all points share (Luedtke, Ahmed 2008,
10.1137/070702928). That a share p of the draws meets a target is to say that the margin which this
share reaches is not below zero; other than the share itself, that margin moves smoothly with the
levers. So it is solved by linear programmes, each trusted only near the point at which it was made
(Griffith, Stewart 1961, 10.1287/mnsc.7.4.379). Where that ends depends on where it begins, so it
begins at several points, and the least end counts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

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
TRUSTED = 0.5
"""A programme whose solution gains so much of what it said is followed, nothing else tried."""
WIDEST, NEAR, NARROWEST = 0.5, 0.2, 0.02
"""How far a programme is trusted: at the beginning, near an end, and when the search ends."""
ROUNDS = 20
ENOUGH = 0.01
"""What a round has to gain, in levers of the least effort that go all the way."""
PENALTY = 1e3
"""What a margin that is missed by all of the target costs, in levers of the greatest effort."""
ALIKE = 0.05
"""Ways of two ends that differ by no more are the same: each is as near as its last rounds."""


def strengths(margins: Margins, efforts: Floats, wanted: float) -> Floats:
    """What each lever does, for the effort that it takes, for the target of which it does most, as
    a share of what the strongest lever does for that: (lever,), 0 where it does nothing.

    Each is tried alone, and as the only one that does not go: some need others, some stand in
    their way.
    """
    levers = len(efforts)
    one = np.eye(levers)
    ends = np.vstack([np.zeros(levers), np.ones(levers), one, 1 - one])
    reach = reached_by(margins(ends), wanted)
    alone, without = reach[2 : 2 + levers] - reach[0], reach[2 + levers :] - reach[1]
    effects = np.maximum(np.abs(alone), np.abs(without))
    effects[effects < FELT] = 0.0
    effects /= efforts[:, None]
    strongest = effects.max(axis=0)
    found: Floats = (effects / np.where(strongest > 0, strongest, 1.0)).max(axis=1)
    return found


class Change(NamedTuple):
    """A change of levers: `ways` (lever,); of how many `starts` it is the least end, and how many
    of them `agreed` on it."""

    ways: Floats
    starts: int
    agreed: int


def least_change(
    margins: Margins,
    efforts: Floats,
    wanted: float,
    starts: Sequence[float],
    progress: Callable[[float], None],
    few: Margins | None = None,
) -> Change:
    """The least change with which each target is met with the probability `wanted`, or what brings
    the targets nearest to that; the levers have `efforts` (lever,).

    `starts`: how far all levers have gone where a search begins. Each is followed with `few` draws,
    which are the same for all; from the least end the search goes on with all draws. `progress` is
    told the share of the work that is done; it may jump to the end.
    """
    coarse = _Search(few or margins, efforts, wanted)

    def told(place: int, part: float) -> None:
        progress((place + part) / (len(starts) + 1))

    ends = [
        coarse.end(np.full(len(efforts), start), WIDEST, partial(told, place))
        for place, start in enumerate(starts)
    ]
    best, _ = min(ends, key=coarse.cost)
    agreed = sum(bool(np.abs(ways - best).max() <= ALIKE) for ways, _ in ends)
    ways, _ = _Search(margins, efforts, wanted).end(best, NEAR, partial(told, len(starts)))
    return Change(ways, len(starts), agreed)


def reached_by(margins: Floats, wanted: float) -> Floats:
    """The margin that a share `wanted` of the draws reaches: (point, target)."""
    draws = margins.shape[2]
    place = draws - int(np.ceil(wanted * draws - 1e-9))
    return np.partition(margins, place, axis=2)[:, :, place]


State = tuple[Floats, Floats]
"""Ways (lever,) and the margins (target,) that are reached there."""


@dataclass(frozen=True)
class _Search:
    """What is sought, and the steps of a search."""

    margins: Margins
    efforts: Floats
    wanted: float

    @property
    def penalty(self) -> float:
        return float(PENALTY * self.efforts.max())

    def cost(self, state: State) -> float:
        ways, reach = state
        return float(self.efforts @ ways + self.penalty * np.maximum(-reach, 0.0).sum())

    def end(self, start: Floats, width: float, progress: Callable[[float], None]) -> State:
        """Where a search ends that begins at some ways, its first programme trusted so far."""
        [now] = self.states(start[None])
        slopes = self.slopes(now)
        enough = ENOUGH * self.efforts.min()
        for number in range(ROUNDS):
            led, hoped = self.programme(now, slopes, width)
            before = self.cost(now)
            if before - hoped < enough:
                break
            [aim] = tried = self.states(led[None])
            if before - self.cost(aim) < TRUSTED * (before - hoped):
                # margins bend: the same slopes from where they led, and shorter ways there
                mended, _ = self.programme(aim, slopes, width)
                shorter = now[0] + np.array(SHORTER)[:, None] * (led - now[0])
                tried += self.states(np.vstack([mended, shorter]))
            best = min(tried, key=self.cost)
            if self.cost(best) < before - enough:
                width = min(2 * width, 1.0) if best is aim else width
                now, slopes = best, self.slopes(best)
            else:
                width /= 3
                if width < NARROWEST:
                    break
            progress((number + 1) / ROUNDS)
        return now

    def states(self, points: Floats) -> list[State]:
        return list(zip(points, reached_by(self.margins(points), self.wanted), strict=True))

    def slopes(self, now: State) -> Floats:
        """How the margins that are reached move with each lever: (lever, target)."""
        ways, reach = now
        steps = np.where(ways + STEP <= 1.0, STEP, -STEP)
        moved = reached_by(self.margins(ways + np.diag(steps)), self.wanted)
        slopes: Floats = (moved - reach) / steps[:, None]
        return slopes

    def programme(self, now: State, slopes: Floats, width: float) -> tuple[Floats, float]:
        """The solution of the linear programme, least effort and least of what is missed; and what
        it would cost."""
        ways, reach = now
        levers, targets = slopes.shape
        # reach + slopes · (new - ways) + missed ≥ 0
        solved = linprog(
            np.concatenate([self.efforts, np.full(targets, self.penalty)]),
            A_ub=np.hstack([-slopes.T, -np.eye(targets)]),
            b_ub=reach - ways @ slopes,
            bounds=[
                *zip(np.maximum(ways - width, 0.0), np.minimum(ways + width, 1.0), strict=True),
                *[(0.0, None)] * targets,
            ],
        )
        return np.asarray(solved.x[:levers]), float(solved.fun)
