"""Tasks shared out among other processes and this one, which would else only wait for them."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import suppress
from functools import partial
from threading import RLock
from typing import Any


class Sharing(Executor):
    """Tasks go to `others` processes of `pool`, and to whoever waits here for a result.

    The first task that nobody has begun is left to the caller, who will soon ask for it: what is
    computed here need not travel. Of what then waits each process has two: it begins the second
    while the result of the first travels. One that has nothing to do does `meanwhile`.
    """

    def __init__(self, pool: Executor, others: int, meanwhile: Callable[[], object]) -> None:
        self._pool, self._others, self._meanwhile = pool, others, meanwhile
        self._away = 0  # tasks that the others have
        self._waiting: deque[Task] = deque()
        self._lock = RLock()  # a task may be done before it is known whom to tell

    def submit(self, function: Callable[..., Any], /, *given: Any, **named: Any) -> "Task":
        """The task of calling `function`; begun when a process is free, or its result wanted."""
        task = Task(self, partial(function, *given, **named))
        self._waiting.append(task)
        self._hand_out()
        return task

    def first(self) -> "Task | None":
        """The first task that nobody has begun, for the caller to begin."""
        with self._lock:
            return self._taken(0)

    def _hand_out(self) -> None:
        """Gives every free process a task, and then every one another, unless the caller, who
        is busy too, would have none left."""
        with self._lock:
            while self._away < 2 * self._others:
                task = self._taken(1 if self._away < self._others else 2)
                if task is None:
                    return
                self._away += 1
                try:
                    there = self._pool.submit(task.work)
                except RuntimeError as error:  # the pool is broken, or closed
                    task.set_exception(error)
                else:
                    there.add_done_callback(partial(self._done, task))

    def _taken(self, place: int) -> "Task | None":
        """The task at this place among those that nobody has begun, if it is still wanted."""
        while len(self._waiting) > place:
            task = self._waiting[place]
            del self._waiting[place]
            if task.set_running_or_notify_cancel():
                return task
        return None

    def _done(self, task: "Task", there: Future[Any]) -> None:
        """Gives the process that has done a task another one, and tells the task what it came to.

        In this order: told of the last one, the caller may close the pool.
        """
        error = CancelledError() if there.cancelled() else there.exception()
        if not isinstance(error, BrokenExecutor | CancelledError):
            with self._lock:
                self._away -= 1
            self._hand_out()
            if self._away < self._others:
                with suppress(RuntimeError):
                    self._pool.submit(self._meanwhile)
        if error is None:
            task.set_result(there.result())
        else:
            task.set_exception(error)


class Task(Future[Any]):
    """A call, to be made here or elsewhere; what it comes to."""

    def __init__(self, executor: Sharing, work: Callable[[], Any]) -> None:
        super().__init__()
        self._executor, self.work = executor, work

    def result(self, timeout: float | None = None) -> Any:
        """What the call returned; until that is known, this process computes what waits."""
        while not self.done() and (task := self._executor.first()):
            task.run()
        return super().result(timeout)

    def run(self) -> None:
        """Makes the call here."""
        try:
            self.set_result(self.work())
        except Exception as error:
            self.set_exception(error)
