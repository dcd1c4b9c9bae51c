"""A sweep on a Dask cluster of one worker and of two, in turn: the same numbers, the throughput.

    python benchmarks/dask_workers.py [points [rounds]]

A scheduler and its workers (a thread each) are started on this machine and named by their address,
as a user would; after a first point at each worker that does not count, `points` x 1,000 draws of
the county model. The least time of the rounds counts. Writes benchmarks/dask_workers.md.
"""

import sys
import time
from datetime import date
from pathlib import Path

import numpy as np

WANTED = 1.6
SIZES = (1, 2)


def swept(prepared, address):
    """The table of a sweep on the cluster at `address`, and the seconds of computing it."""
    from distributed import Client

    from sim.commands.sweeping import table_of
    from sim.ensemble.workers import crew

    with Client(address, set_as_default=False) as client:  # every worker loads what it needs
        client.run(prepared.odds, prepared.points_of(0)[:1])
    with crew("dask", address, 1) as workers:
        began = time.perf_counter()
        table = table_of(prepared, workers.executor)
        return table, time.perf_counter() - began


def of_points(points):
    """The sweep over so many levels of the cap of coal."""
    from sim.commands.sweeping import prepare
    from sim.config import compose_for
    from sim.config.sweep import SWEEP

    return prepare(compose_for(SWEEP, levers={"coal_cap": {"range": [3500, 3500 + points, 1]}}))


def page(members, best, alike):
    """The page, as Markdown."""
    from engines import machine, versions

    ratio = best[1] / best[2]
    rows = "\n".join(
        f"| {size} | {best[size]:.1f} | {members / best[size]:,.0f} |" for size in SIZES
    )
    return f"""# A Dask cluster of one worker and of two

{date.today()}. {machine()}. {versions()}. `python benchmarks/dask_workers.py`: a sweep of {
        members:,}
members of the county model with all targets, `engine=dask engine.address=tcp://…`.

| workers | s | members a second |
| --- | --- | --- |
{rows}

Two workers: {ratio:.2f} times the throughput of one (wanted: {WANTED}{
        "" if ratio >= WANTED else ", not reached"
    }). The numbers are {"" if alike else "NOT "}the same,
to the last bit, as those of one process here.
"""


def main(points=64, rounds=3):
    """Measures both in turn, and writes the page."""
    from distributed import LocalCluster

    from sim.commands.sweeping import table_of

    prepared = of_points(points)
    here, took, alike = table_of(prepared), {size: [] for size in SIZES}, True
    for _ in range(rounds):
        for size in SIZES:
            with LocalCluster(n_workers=size, threads_per_worker=1, dashboard_address=None) as own:
                table, seconds = swept(prepared, own.scheduler_address)
            took[size].append(seconds)
            alike &= all(np.array_equal(table[name], here[name]) for name in here.data_vars)
    text = page(points * 1000, {size: min(seconds) for size, seconds in took.items()}, alike)
    Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
