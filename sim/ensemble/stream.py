"""A question put to all members, block by block: they need never be there at one time.

Ensemble ─ some draws ─▶ inputs ─ simulate ─▶ runs ─ question ─▶ answer; answers are put together
in the order of the draws, so that neither blocks nor workers move a number.
"""

import pickle
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from types import MappingProxyType
from typing import Any, Generic, TypeVar

import xarray as xr

from sim.engine.compile import System, compile_model
from sim.engine.integrate import Clock
from sim.engine.model import Model
from sim.ensemble.blocks import Draws, blocks_of, shrinking
from sim.ensemble.inputs import draw_inputs
from sim.ensemble.sampling import Floats
from sim.ensemble.scenario import Parameter, Scenario
from sim.ensemble.simulate import Progress, label_attrs, simulate, time_attrs, varying_dims

T = TypeVar("T")
Question = Callable[[xr.Dataset, xr.Dataset], T]
"""What is asked of the inputs and runs of some draws of all scenarios."""
Together = Callable[[Sequence[T]], T]
"""How the answers of several blocks, in their order, become one."""
Keep = Callable[[xr.Dataset, xr.Dataset], None]
"""What is done with the inputs and runs of a block."""
BYTES = 2**26
"""What the runs of draws that are asked at one time may take: a question to many costs little more
than to few, and its answer is hardly larger."""
PARTS = 4
"""How many times what is asked at one time a task may be, so that fewer answers travel."""
ANSWERS = 6
"""Answers put together at one time: each time costs as much as all that was counted before."""


@dataclass(frozen=True)
class Ensemble:
    """All that the numbers of every member follow from; `first` are the inputs of draw 0."""

    model: Model
    parameters: Mapping[str, Parameter]
    scenarios: tuple[Scenario, ...]
    clock: Clock
    draws: int
    seed: int
    sampling: str
    system: System
    first: xr.Dataset = field(repr=False)
    places: Mapping[str, Floats] = field(default_factory=dict, repr=False)

    def inputs(self, some: Draws) -> xr.Dataset:
        """The inputs of some draws of all scenarios."""
        return draw_inputs(
            self.model,
            self.parameters,
            self.scenarios,
            self.clock,
            self.draws,
            self.seed,
            self.sampling,
            some,
            self.places,
        )

    def runs(self, inputs: xr.Dataset, block: int, side_by_side: bool = False) -> xr.Dataset:
        """The runs of some inputs, `block` members at a time; see `simulate`."""
        return simulate(
            self.model, self.system, inputs, self.clock, block, side_by_side=side_by_side
        )

    @property
    def bytes_per_draw(self) -> int:
        """What the runs of a draw take, in all scenarios."""
        return 8 * len(self.scenarios) * len(self.system.kept) * len(self.clock.saved)

    @property
    def labels(self) -> xr.Dataset:
        """Scenarios, times, and the labels of what is kept; no numbers."""
        return xr.Dataset(
            {name: ((), 0.0, label_attrs(self.model, name)) for name in self.system.kept},
            coords={
                "scenario": [scenario.name for scenario in self.scenarios],
                "title_zh": ("scenario", [scenario.title.zh for scenario in self.scenarios]),
                "title_en": ("scenario", [scenario.title.en for scenario in self.scenarios]),
                "time": ("time", self.clock.saved, time_attrs(self.model)),
            },
        )


def ensemble_of(
    model: Model,
    parameters: Mapping[str, Parameter],
    scenarios: tuple[Scenario, ...],
    clock: Clock,
    draws: int,
    seed: int,
    sampling: str,
    kept: Sequence[str],
    kernel: str = "numpy",
    places: Mapping[str, Floats] = MappingProxyType({}),
    workers: int = 1,
) -> Ensemble:
    """The ensemble of a model, compiled for what its first draw varies over.

    `places`: where in the unit cube its draws lie, for parameters that have been calibrated.
    `workers`: how many processes will compute it.
    """
    first = draw_inputs(
        model, parameters, scenarios, clock, draws, seed, sampling, Draws(0, 1), places
    )
    work = len(scenarios) * draws * clock.steps // workers
    system = compile_model(model, varying_dims(first), kept, kernel, work, clock.method)
    return Ensemble(
        model,
        parameters,
        scenarios,
        clock,
        draws,
        seed,
        sampling,
        system,
        first,
        dict(places),
    )


@dataclass(frozen=True)
class Part(Generic[T]):
    """What some draws answered; with their inputs and runs, where these are wanted."""

    draws: Draws
    answer: T
    inputs: xr.Dataset | None = None
    runs: xr.Dataset | None = None


@dataclass(frozen=True)
class Inquiry(Generic[T]):
    """A question to an ensemble, as a worker gets it. With `members`, names of variables, the
    inputs of all draws and their runs of these come back too."""

    ensemble: Ensemble
    question: Question[T]
    together: Together[T]
    block: int
    members: tuple[str, ...] | None = None

    def __call__(self, some: Draws) -> Part[T]:
        """What some draws answer; more of them than are asked at one time, part by part."""
        parts = [
            self.asked(Draws(some.first + part.first, part.count))
            for part in blocks_of(some.count, self.at_once)
        ]
        return parts[0] if len(parts) == 1 else Part(some, self.together([p.answer for p in parts]))

    def asked(self, some: Draws) -> Part[T]:
        """What some draws answer, with their inputs and runs where these are wanted."""
        inputs = self.ensemble.inputs(some)
        runs = self.ensemble.runs(inputs, self.block, side_by_side=self.members is None)
        answer = self.question(inputs, runs)
        if self.members is None:
            return Part(some, answer)
        rest = [name for name in self.ensemble.system.kept if name not in self.members]
        return Part(some, answer, inputs, runs.drop_vars(rest))

    @property
    def at_once(self) -> int:
        """How many draws are asked at one time: a block, or more while their runs are small."""
        if self.members is not None:
            return self.block
        return max(self.block, BYTES // self.ensemble.bytes_per_draw)

    def tasks(self, workers: int) -> list[Draws]:
        """All draws, in tasks: of several times what is asked at one time, then of ever less."""
        if self.members is not None:
            return blocks_of(self.ensemble.draws, self.block, workers)
        least = self.at_once
        return shrinking(self.ensemble.draws, least, PARTS * least, workers)

    def parts(self, executor: Executor | None, workers: int) -> Iterator[Part[T]]:
        """The parts of the answer, in the order of the draws; computed here or by `executor`."""
        tasks = iter(self.tasks(workers))
        if executor is None:
            yield from map(self, tasks)
            return
        packed = pickle.dumps(self)  # once, for a model is large
        # two tasks for each worker and some to choose from: all answers never lie in memory at once
        waiting: deque[Future[Part[T]]] = deque(
            executor.submit(_answer, packed, some) for some in islice(tasks, 2 * workers + 2)
        )
        while waiting:
            part = waiting.popleft().result()
            waiting.extend(executor.submit(_answer, packed, some) for some in islice(tasks, 1))
            yield part


def _answer(packed: bytes, some: Draws) -> Part[Any]:
    """What some draws answer to a packed inquiry, in a worker."""
    return _unpacked(packed)(some)


@lru_cache(maxsize=1)
def _unpacked(packed: bytes) -> Inquiry[Any]:
    """An inquiry, unpacked once for all tasks of a worker."""
    inquiry: Inquiry[Any] = pickle.loads(packed)
    return inquiry


def summarise(
    ensemble: Ensemble,
    question: Question[T],
    together: Together[T],
    block: int = 4096,
    executor: Executor | None = None,
    workers: int = 1,
    progress: Progress | None = None,
    keep: Keep | None = None,
    kept: Sequence[str] | None = None,
) -> T:
    """The answer of all draws; the number depends on neither `block` nor `executor`.

    `keep`, if given, gets the inputs and runs of each block in turn, of `kept` (default: all
    variables). `progress` is called with members done and members in all.
    """
    members = None if keep is None else tuple(ensemble.system.kept if kept is None else kept)
    inquiry = Inquiry(ensemble, question, together, block, members)
    answers: list[T] = []
    scenarios = len(ensemble.scenarios)
    for part in inquiry.parts(executor, workers):
        if keep is not None and part.inputs is not None and part.runs is not None:
            keep(part.inputs, part.runs)
        answers.append(part.answer)
        if len(answers) == ANSWERS:
            answers = [together(answers)]
        if progress is not None:
            done = part.draws.first + part.draws.count
            progress(done * scenarios, ensemble.draws * scenarios)
    return together(answers)
