"""A function over many items, by workers, without all items lying in memory at once."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from itertools import islice
from typing import TypeVar

AHEAD = 8
"""Items handed out beyond the one that is waited for."""

Item = TypeVar("Item")
Found = TypeVar("Found")


def in_order(
    function: Callable[[Item], Found], items: Iterable[Item], executor: Executor | None = None
) -> Iterator[Found]:
    """What `function` makes of each item, in their order; here, or by `executor`."""
    if executor is None:
        yield from map(function, items)
        return
    rest = iter(items)
    waiting = deque(executor.submit(function, item) for item in islice(rest, AHEAD))
    while waiting:
        found = waiting.popleft().result()
        waiting.extend(executor.submit(function, item) for item in islice(rest, 1))
        yield found
