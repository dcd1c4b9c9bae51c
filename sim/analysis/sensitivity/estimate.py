"""An index and the half-width of its 95 % interval, from resampling (Efron 1979)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Z975 = 1.959963984540054
RESAMPLES = 100


class Estimate(NamedTuple):
    """Indices and the half-widths of their 95 % intervals, both (factor, output) or
    (factor, factor, output); NaN where an output does not vary."""

    value: Floats
    half: Floats

    def of_fewer(self, share: float) -> "Estimate":
        """The same where only a share of the sample counts as independent: wider intervals."""
        return Estimate(self.value, self.half / np.sqrt(share))


def resampling_weights(count: int, seed: int, resamples: int = RESAMPLES) -> Floats:
    """How much each of `count` samples counts: equally in row 0, resampled in the others.

    Shape (1 + resamples, count), every row sums to one. A resampled mean is then a product of
    matrices, some hundred times faster than picking rows.
    """
    rng = np.random.default_rng([seed, count])
    drawn = rng.multinomial(count, np.full(count, 1.0 / count), size=resamples)
    return np.vstack([np.ones(count), drawn]) / count


def estimated(resampled: Floats) -> Estimate:
    """The estimate whose first row is the index and whose other rows are resampled ones."""
    return Estimate(resampled[0], Z975 * resampled[1:].std(axis=0, ddof=1))
