"""Tasks that are done by others and here: each once, in any order asked for; errors come back."""

import os
import sys
from concurrent.futures import CancelledError

import pytest

from sim.ensemble.workers import pool


def process(_=None):
    return os.getpid()


def loaded_elsewhere(executor, module):
    """Whether the other process has loaded a module; and the process, to be sure."""
    here, there = executor.map(loaded, [module] * 2)
    assert here[0] == os.getpid() != there[0]
    return there[1]


def loaded(module):
    return os.getpid(), module in sys.modules


def test_who_waits_computes_too_and_every_task_is_done_once():
    with pool(2) as executor:
        tasks = [executor.submit(divmod, number, 7) for number in range(200)]
        assert [task.result() for task in reversed(tasks)] == [
            divmod(number, 7) for number in reversed(range(200))
        ]


def test_one_task_alone_stays_here_and_of_two_the_second_leaves():
    with pool(2) as executor:
        assert executor.submit(process).result() == os.getpid()
        first, second = executor.submit(process), executor.submit(process)
        assert first.result() == os.getpid()
        assert second.result() != os.getpid()


def test_what_comes_later_is_loaded_when_nothing_else_is_to_do():
    with pool(2, "sim.report.markdown", later=("sim.report.colours",)) as executor:
        assert loaded_elsewhere(executor, "sim.report.markdown")
    with pool(2, later=("sim.report.colours",)) as executor:
        assert not loaded_elsewhere(executor, "sim.report.colours")
        assert loaded_elsewhere(executor, "sim.report.colours")


def test_three_processes_are_this_one_and_two_more():
    with pool(3) as executor:
        found = set(executor.map(process, range(300)))
    assert os.getpid() in found
    assert len(found) <= 3


def test_a_task_that_fails_says_why_wherever_it_ran():
    with pool(2) as executor:
        tasks = [executor.submit(divmod, 1, 0) for _ in range(4)]
        for task in tasks:
            with pytest.raises(ZeroDivisionError):
                task.result()
        assert executor.submit(divmod, 7, 2).result() == (3, 1)


def test_a_task_that_was_called_off_is_not_done(tmp_path):
    with pool(2) as executor:
        called_off, *rest = [executor.submit((tmp_path / name).mkdir) for name in "abc"]
        assert called_off.cancel()
        assert [task.result() for task in rest] == [None, None]
        with pytest.raises(CancelledError):
            called_off.result()
    assert {folder.name for folder in tmp_path.iterdir()} == {"b", "c"}
