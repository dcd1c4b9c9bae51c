"""How likely what was observed is in a world: a Gaussian likelihood with errors that are shared.

Noun: Evidence. It sees numbers alone; which variable and year they belong to is the caller's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SURPRISE = 3.0
"""How many standard deviations beyond every world an observation lies that none explains."""


@dataclass(frozen=True)
class Evidence:
    """What was observed, and how wrong it may be.

    values: (observations,). covariance: (observations, observations), in the units of the values.
    """

    names: tuple[str, ...]
    values: Floats
    covariance: Floats

    def log_likelihood(self, seen: Floats) -> Floats:
        """The log density of what was observed, up to a constant, for worlds that would show
        `seen` (observations, members); -inf for worlds that are not finite. Returns (members,).
        """
        if not len(self.values):
            return np.zeros(seen.shape[1])
        factor = np.linalg.cholesky(self.covariance)
        with np.errstate(invalid="ignore", over="ignore"):
            apart = np.linalg.solve(factor, self.values[:, None] - seen)
            found = -0.5 * np.einsum("om,om->m", apart, apart)
        return np.where(np.isfinite(found), found, -np.inf)

    def unexplained(self, seen: Floats) -> list[tuple[int, float]]:
        """Observations that no world comes near: which, and how many standard errors away the
        nearest of `seen` (observations, members) is."""
        errors = np.sqrt(np.diag(self.covariance))[:, None]
        gaps = np.abs(seen - self.values[:, None]) / errors
        nearest = np.nanmin(np.where(np.isfinite(gaps), gaps, np.inf), axis=1)
        return [(place, float(gap)) for place, gap in enumerate(nearest) if gap > SURPRISE]


def evidence_of(
    names: Sequence[str],
    values: Floats,
    errors: Floats,
    shared: Sequence[str] | None = None,
    share: float = 0.5,
) -> Evidence:
    """Evidence whose errors are independent, or partly shared.

    errors: (observations,), standard errors. Observations with the same word in `shared` (an
    empty word shares with none) have errors whose correlation is `share`: the same office counts
    the same things by the same rules.
    """
    words = np.array(shared if shared is not None else [""] * len(values))
    together = (words[:, None] == words[None, :]) & (words != "")[:, None]
    correlation = np.where(together, share, 0.0)
    np.fill_diagonal(correlation, 1.0)
    return Evidence(tuple(names), values, correlation * np.outer(errors, errors))
