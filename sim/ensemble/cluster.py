"""Many machines compute blocks of members, through Dask; a lost one's blocks are done by others."""

import logging
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sim.ensemble.store import checksum
from sim.ensemble.workers import Crew, load
from sim.text import Refused, Text, why

PATIENCE = 15
"""Seconds to wait for a scheduler, and for its first worker."""


@contextmanager
def cluster(address: str | None, workers: int, *modules: str) -> Iterator[Crew]:
    """The crew of the cluster at `address`; without one, of `workers` processes here.

    All of its workers have loaded `modules`, at the same time and not within their first task.

    Raises Refused where Dask is not installed, the cluster is not there or has no workers, its
    workers lack this package in this version, or it goes away before all is done.
    """
    try:
        import distributed
    except ImportError as error:
        raise Refused(
            Text(
                'engine=dask 需要 Dask：python -m pip install "qinshui-sim[dask]"',
                'engine=dask needs Dask: python -m pip install "qinshui-sim[dask]"',
            )
        ) from error
    with _silence():
        own: Any = nullcontext(address)
        if address is None:
            own = distributed.LocalCluster(
                n_workers=workers, threads_per_worker=1, dashboard_address=None
            )
        with own as place, _client(place, address) as client:
            _refuse_strangers(client)
            client.run(load, modules)
            size = sum(client.nthreads().values())
            try:
                yield Crew(client.get_executor(pure=False), size, near=False)
            except _losses() as error:
                raise _gone(address) from error


@contextmanager
def _silence() -> Iterator[None]:
    """Dask tells of a lost worker in pages of traceback; we say what it means for the user."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


@contextmanager
def _client(place: Any, address: str | None) -> Iterator[Any]:
    import distributed

    try:
        client = distributed.Client(place, timeout=PATIENCE, set_as_default=False)
        client.wait_for_workers(1, timeout=PATIENCE)
    except (OSError, TimeoutError, ValueError) as error:
        raise Refused(
            Text(
                f"连接不上 Dask 集群 {address}（{why(error).zh}）；请核对 engine.address，"
                "并确认调度器与至少一个 worker 已启动",
                f"the Dask cluster {address} cannot be reached ({why(error).en}); look at "
                "engine.address, and whether its scheduler and a worker are running",
            )
        ) from error
    with client:
        yield client


def _refuse_strangers(client: Any) -> None:
    """Refuses workers that have not this package, as it is here: their numbers could be others."""
    try:
        theirs = client.run(program)
    except Exception as error:
        raise _strangers(f"{type(error).__name__}: {error}") from error
    others = [worker for worker, found in theirs.items() if found != program()]
    if others:
        raise _strangers(", ".join(others))


def program() -> str:
    """The checksum of this package where it is called."""
    return checksum(Path(__file__).parents[1].rglob("*.py"))


def _strangers(which: str) -> Refused:
    return Refused(
        Text(
            f"集群的 worker 上没有与本机相同的 qinshui-sim（{which}）；请在每台机器上安装同一版本",
            f"the cluster's workers do not have the qinshui-sim that is here ({which}); install "
            "the same one on each of them",
        )
    )


def _losses() -> tuple[type[BaseException], ...]:
    """How Dask says that a cluster, or a block's last worker, is gone."""
    from distributed.comm.core import CommClosedError
    from distributed.scheduler import KilledWorker

    return (CancelledError, CommClosedError, KilledWorker, TimeoutError)


def _gone(address: str | None) -> Refused:
    return Refused(
        Text(
            f"Dask 集群 {address or '（本机）'} 中途失联，计算未完成；请检查集群后重试，"
            "或用 engine=auto 在本机计算（数字相同）",
            f"the Dask cluster {address or '(on this machine)'} went away before all was done; "
            "look at it and try again, or use engine=auto here (the numbers are the same)",
        )
    )
