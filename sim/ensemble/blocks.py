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


def shrinking(draws: int, least: int, most: int, workers: int) -> list[Draws]:
    """All draws in blocks of `most`, of fewer and fewer times `least` towards the end, so that no
    worker waits long for the last (guided self-scheduling, Polychronopoulos and Kuck 1987,
    doi:10.1109/TC.1987.5009495); the rest is shared out evenly."""
    blocks, first = [], 0
    while (left := draws - first) > 2 * workers * least:
        count = min(most, left // (2 * workers)) // least * least
        blocks.append(Draws(first, count))
        first += count
    rest = blocks_of(left, least, workers)
    return [*blocks, *(Draws(first + block.first, block.count) for block in rest)]
