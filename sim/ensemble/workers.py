"""Processes that compute blocks of members; light, so that they start before the rest is loaded."""

import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from multiprocessing import active_children, parent_process
from multiprocessing.context import SpawnContext, SpawnProcess
from threading import Thread
from types import ModuleType
from typing import NamedTuple

from sim.ensemble.sharing import Sharing
from sim.text import Refused, Text

WORTH_STARTING = 5000
"""Members below which a second process takes longer to start than it saves."""


def workers_for(members: int, block: int) -> int:
    """How many processes a run of so many members is worth on this machine."""
    if members < WORTH_STARTING:
        return 1
    blocks = -(-members // block)
    return max(1, min(os.cpu_count() or 1, blocks))


class Crew(NamedTuple):
    """Who computes: an executor (None: we do), how many it has, and whether they see our disk."""

    executor: Executor | None = None
    size: int = 1
    near: bool = True


ALONE = Crew()


class _Process(SpawnProcess):
    """A process that does not run the user's script anew: all that it needs is imported by name,
    and a script without `if __name__ == "__main__"` would start processes without end."""

    def start(self) -> None:
        script = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            super().start()
        finally:
            sys.modules["__main__"] = script


class _Context(SpawnContext):
    """Spawned everywhere: forking a process that has threads may hang, and Windows cannot."""

    Process = _Process


@contextmanager
def crew(
    spread: str, address: str | None, workers: int, *modules: str, later: tuple[str, ...] = ()
) -> Iterator[Crew]:
    """`workers` processes of this machine, or, where `spread` is "dask", the cluster there."""
    if spread == "dask":
        from sim.ensemble.cluster import cluster

        with cluster(address, workers, *modules) as found:
            yield found
        return
    with pool(workers, *modules, later=later) as executor:
        yield Crew(executor, workers)


@contextmanager
def pool(workers: int, *modules: str, later: tuple[str, ...] = ()) -> Iterator[Executor | None]:
    """`workers` processes, of which this is one; None for one.

    The others load `modules` while the caller prepares, and `later` when they have nothing to do.
    """
    if workers == 1:
        yield None
        return
    others = workers - 1
    with ProcessPoolExecutor(others, _Context(), _ready, (modules,)) as executor:
        for _ in range(others):  # a process starts with its first task
            executor.submit(int)
        try:
            yield Sharing(executor, others, partial(load, later))
            executor.shutdown(wait=False)  # they end while the caller goes on
        except BrokenExecutor as error:
            raise Refused(
                Text(
                    "一个计算进程意外结束（内存不足？）；请用 workers=1，或减少 draws 后重试",
                    "a worker ended unexpectedly (out of memory?); try workers=1 or fewer draws",
                )
            ) from error
        except BaseException:
            for process in active_children():  # what they compute, nobody waits for any more
                process.terminate()
            executor.shutdown(cancel_futures=True)
            raise


def _ready(modules: tuple[str, ...]) -> None:
    """Loads what the worker will need; leaves Ctrl-C to the process that the user started."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    load(modules)


def load(modules: tuple[str, ...]) -> None:
    """Imports the modules."""
    for module in modules:
        import_module(module)


def _end_with_parent() -> None:
    """Ends this process with the one that started it: killed, that could not tell us to."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
