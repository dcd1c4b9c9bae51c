"""A cluster of other machines: the same numbers, whoever is lost on the way; or one message."""

import os
import signal
import sys
import time
from functools import partial

import numpy as np
import pytest

import sim
from sim.analysis.survey import survey, together
from sim.ensemble.stream import ensemble_of, summarise
from sim.ensemble.workers import crew

pytest.importorskip("distributed")


@pytest.fixture
def ensemble(model, table, scenarios, clock):
    return ensemble_of(model, table, scenarios, clock, 600, 1, "lhs", ["output", "capacity"])


@pytest.mark.skipif(sys.platform == "win32", reason="there a process is not killed by a signal")
def test_blocks_of_a_lost_worker_are_done_by_others(ensemble):
    question = partial(survey, (), ("output",), ())
    alone = summarise(ensemble, question, together, 8)
    with crew("dask", None, 2) as workers:
        pids = list(workers.executor._client.run(os.getpid).values())
        lost = []

        def lose_one(done, total):
            if not lost:
                os.kill(pids[0], signal.SIGKILL)
                lost.append(done)

        found = summarise(ensemble, question, together, 8, workers.executor, workers.size, lose_one)
    assert lost[0] < 1200
    for name in ("keys", "counts", "least", "most"):
        assert np.array_equal(getattr(found.variables, name), getattr(alone.variables, name))


def test_a_cluster_that_goes_away_is_told_in_one_message():
    from distributed import LocalCluster

    place = LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None)
    with (
        pytest.raises(sim.Refused, match="went away before all was done"),
        crew("dask", place.scheduler_address, 2) as workers,
    ):
        waiting = [workers.executor.submit(time.sleep, 60) for _ in range(2)]
        place.close()
        waiting[0].result(30)


def test_a_cluster_that_is_not_there_is_told(monkeypatch):
    from sim.ensemble import cluster

    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with (
        pytest.raises(sim.Refused, match=r"look at engine\.address"),
        crew("dask", "tcp://127.0.0.1:9", 2),
    ):
        pass


def test_without_dask_the_line_to_install_it_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(sim.Refused, match=r"pip install .*dask"), crew("dask", None, 2):
        pass
