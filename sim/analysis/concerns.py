"""Which variables a statement about the county looks at, found by watching it look."""

import contextlib
from collections.abc import Mapping, Sequence, ValuesView

import numpy as np

from sim.analysis.reality import Floats, Statement, World
from sim.analysis.signs import Worlds

MOST = 60
"""A statement that looks at more variables than this is one about the whole model."""


class _Watched(dict[str, Floats]):
    """Runs that remember which of their variables were asked for."""

    def __init__(self, runs: Mapping[str, Floats]) -> None:
        super().__init__(runs)
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> Floats:
        self.asked.add(name)
        return super().__getitem__(name)

    def values(self) -> ValuesView[Floats]:  # type: ignore[override]
        self.asked.update(self)
        return super().values()


def concerns(statement: Statement, worlds: Worlds, stocks: Sequence[str]) -> set[str]:
    """The variables that a statement looks at; none for one about the whole model."""
    runs = _Watched(worlds.values)
    world = World(runs, runs, worlds.times, tuple(stocks))
    # whether it holds here does not matter, nor that a sample may have too few times for it
    with contextlib.suppress(KeyError, IndexError, ValueError), np.errstate(all="ignore"):
        statement.holds(world)
    return runs.asked if len(runs.asked) <= MOST else set()
