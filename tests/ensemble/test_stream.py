"""Answers of all draws, block by block: no number depends on blocks, workers, or what is kept."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import xarray as xr

from sim.ensemble.blocks import Draws
from sim.ensemble.members import Gathered
from sim.ensemble.stream import Inquiry, ensemble_of, summarise
from sim.ensemble.workers import pool


def sums(inputs, runs):
    """Draws, in their order; and whole numbers, which add up whatever their order."""
    return runs["draw"].values, (runs["output"].values * 1000).round().sum()


def together(parts):
    return np.concatenate([draws for draws, _ in parts]), sum(total for _, total in parts)


@pytest.fixture
def ensemble(model, table, scenarios, clock):
    kept = ["output", "capacity"]
    return ensemble_of(model, table, scenarios, clock, 300, 1, "lhs", kept)


@pytest.mark.parametrize(("block", "workers"), [(1000, 1), (7, 1), (64, 2)])
def test_the_answer_is_that_of_all_draws_at_once(ensemble, block, workers):
    inputs = ensemble.inputs(Draws(0, 300))
    draws, total = sums(inputs, ensemble.runs(inputs, 1000))
    with pool(workers) as executor:
        found = summarise(ensemble, sums, together, block, executor, workers)
    assert np.array_equal(found[0], draws)
    assert found[1] == total


def test_blocks_are_asked_together_only_while_their_runs_stay_small(ensemble, monkeypatch):
    def asked(inputs, runs):
        return [runs.sizes["draw"]]

    def chained(parts):
        return [size for part in parts for size in part]

    assert summarise(ensemble, asked, chained, 25) == [300]
    monkeypatch.setattr("sim.ensemble.stream.BYTES", 60 * ensemble.bytes_per_draw)
    assert summarise(ensemble, asked, chained, 25) == [60] * 5
    assert summarise(ensemble, asked, chained, 75) == [75] * 4


def test_a_worker_puts_several_answers_together_before_it_sends_one(ensemble, monkeypatch):
    monkeypatch.setattr("sim.ensemble.stream.BYTES", 1)
    inquiry = Inquiry(ensemble, sums, together, 5)
    assert inquiry.at_once == 5
    with ThreadPoolExecutor(2) as executor:
        parts = list(inquiry.parts(executor, 2))
    sizes = [part.draws.count for part in parts]
    assert sizes == [20] * 12 + [15, 10] + [5] * 7
    found = together([part.answer for part in parts])
    draws, total = summarise(ensemble, sums, together, 300)
    assert np.array_equal(found[0], draws)
    assert found[1] == total


@pytest.mark.parametrize("workers", [1, 2])
def test_members_that_are_kept_come_in_order(ensemble, workers):
    whole, kept = Gathered(), Gathered()
    summarise(ensemble, sums, together, 1000, keep=whole.keep)
    seen = []
    with pool(workers) as executor:
        summarise(
            ensemble, sums, together, 32, executor, workers,
            lambda done, total: seen.append((done, total)), kept.keep,
        )  # fmt: skip
    for name in ("inputs", "runs"):
        xr.testing.assert_identical(whole.table(name), kept.table(name))
    assert seen[-1] == (600, 600)
    assert seen == sorted(seen)


def test_of_members_no_more_comes_back_than_is_kept(ensemble):
    few, name = Gathered(), ensemble.system.kept[0]
    assert len(ensemble.system.kept) > 1
    summarise(ensemble, sums, together, 100, keep=few.keep, kept=[name])
    assert list(few.table("runs").data_vars) == [name]
