"""Blocks of draws: what is computed, handed to a worker, and merged, at one time."""

import itertools
from dataclasses import dataclass


@dataclass(frozen=True)
class Draws:
    """A block of consecutive draws: `count` of them, from number `first` of the ensemble on."""

    first: int
    count: int

    @property
    def members(self) -> slice:
        """Where the block stands among all draws."""
        return slice(self.first, self.first + self.count)


def blocks_of(draws: int, most: int, workers: int = 1) -> list[Draws]:
    """All draws in blocks of at most `most`, as equal as can be, and shared out evenly."""
    rounds = -(-draws // (most * workers))
    count = min(draws, rounds * workers)
    edges = [draws * block // count for block in range(count + 1)]
    return [Draws(first, last - first) for first, last in itertools.pairwise(edges)]
