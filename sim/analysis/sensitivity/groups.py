"""Groups of factors, which are moved together and get one index."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Groups = Mapping[str, Sequence[int]]
"""The columns of each group; a factor on its own is a group of one column."""


def membership(columns: int, groups: Groups) -> NDArray[np.bool_]:
    """Which columns belong to each group: (group, column)."""
    member = np.zeros((len(groups), columns), dtype=bool)
    for row, own in enumerate(groups.values()):
        member[row, list(own)] = True
    return member
