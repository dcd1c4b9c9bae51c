"""A System and its constants become trajectories: Euler's and Runge's and Kutta's steps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.compile import System
from sim.engine.evaluate import NotKnown, value_at
from sim.engine.method import METHODS
from sim.engine.model import Constant, Model, Path, Reference
from sim.engine.varying import MEMBER, TIME
from sim.text import Refused, Text


@dataclass(frozen=True)
class Series:
    """A level by time: `values` at `times`, piecewise linear, flat outside.

    times: (points,), rising. values: (points,), or (points, members).
    """

    times: NDArray[np.float64]
    values: NDArray[np.float64]

    def at(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """The level at each of `times`; shape (len(times),) or (len(times), members)."""
        if len(self.times) == len(times) and np.array_equal(self.times, times):
            return self.values
        if self.values.ndim == 1:
            return np.interp(times, self.times, self.values)
        right = np.clip(np.searchsorted(self.times, times), 1, len(self.times) - 1)
        left = right - 1
        span = self.times[right] - self.times[left]
        share = np.clip((times - self.times[left]) / span, 0.0, 1.0)[:, None]
        return self.values[left] * (1.0 - share) + self.values[right] * share


Input = float | NDArray[np.float64] | Series
"""What an input may be: a number, one number per member, or a Series."""


@dataclass(frozen=True)
class Clock:
    """Times of a run: `steps` steps of `dt` from `start`, each by `method`; every `stride`-th is
    saved.

    Where control variables change with time, `uneven` has the time of every step, and `rows`
    which of them are saved.
    """

    start: float
    dt: float
    steps: int
    stride: int
    uneven: tuple[float, ...] = ()
    rows: tuple[int, ...] = ()
    method: str = METHODS[0]

    @property
    def times(self) -> NDArray[np.float64]:
        """The time of every step, both ends included: start + dt * arange, never accumulated."""
        if self.uneven:
            return np.array(self.uneven)
        return self.start + self.dt * np.arange(self.steps + 1, dtype=np.float64)

    @property
    def kept(self) -> Sequence[int]:
        """The steps that are saved."""
        return self.rows or range(0, self.steps + 1, self.stride)

    @property
    def saved(self) -> NDArray[np.float64]:
        """The times that are saved."""
        return self.times[list(self.rows)] if self.rows else self.times[:: self.stride]

    @property
    def lengths(self) -> NDArray[np.float64]:
        """The length of every step: (steps,)."""
        return np.diff(self.times) if self.uneven else np.full(self.steps, self.dt)

    @property
    def grid(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The times at which the steps compute, and for each that at which its step began: for
        Runge and Kutta the start, the middle and the end of every step, and the last time."""
        times = self.times
        if self.method == "euler":
            return times, times
        middles = (times[:-1] + times[1:]) / 2
        inside = np.stack([times[:-1], middles, times[1:]], axis=1)
        return np.append(inside, times[-1]), np.append(np.repeat(times[:-1], 3), times[-1])


def clock_of(model: Model, inputs: Mapping[str, Any] | None = None) -> Clock:
    """The clock that a model's four control variables say, `inputs` replacing some of them, with
    the model's method.

    Raises Refused when they make no sense.
    """
    given = inputs or {}
    start = _number(model, "initial_time", given, 0.0)
    later = ("final_time", "time_step", "saveper")
    try:
        end, dt, save = (value_at(Reference(n), None, model.definition, given) for n in later)
        changing = False
    except NotKnown:
        end, dt, save = (_number(model, name, given, start) for name in later)
        changing = True
    if not (np.isfinite([start, end, dt, save]).all() and dt > 0 and end >= start and save > 0):
        raise Refused(
            Text(
                f"时间设置有误：INITIAL TIME {start:g}，FINAL TIME {end:g}，TIME STEP {dt:g}，"
                f"SAVEPER {save:g}；步长须为正，终点不得早于起点",
                f"the clock makes no sense: INITIAL TIME {start:g}, FINAL TIME {end:g}, TIME STEP "
                f"{dt:g}, SAVEPER {save:g}; steps are positive and the end is not before the start",
            )
        )
    if (end - start) / dt > LONGEST:
        raise Refused(
            Text(
                f"从 {start:g} 到 {end:g}、步长 {dt:g} 的运行超过 {LONGEST} 步；请改大 TIME STEP",
                f"a run from {start:g} to {end:g} in steps of {dt:g} has more than {LONGEST} "
                "steps; enlarge TIME STEP",
            )
        )
    if changing:
        return _changing_clock(model, given, start)
    steps = round((end - start) / dt)
    stride = max(1, round(min(save / dt, steps + 1.0)))
    return Clock(start, dt, steps, stride, method=model.method.name)


LONGEST = 10_000_000
"""How many steps a clock may have."""
LONGEST_CHANGING = 100_000
"""How many it may have where its control variables change with time: each is worked out anew."""


def _changing_clock(model: Model, given: Mapping[str, Any], start: float) -> Clock:
    """The clock of a model whose last time, step or saving interval changes with time."""
    time, due, times, rows = start, start, [start], []
    since = 0  # the step from which on dt has not changed: times are not accumulated

    def say(name: str) -> float:
        return _number(model, name, given, time)

    steps: list[float] = []
    while True:
        dt = say("time_step")
        if time >= due - dt / 1000:
            rows.append(len(times) - 1)
            due = time + say("saveper")
        if time >= say("final_time") - dt / 1000:
            break
        if not dt > 0 or time + dt == time or len(times) > LONGEST_CHANGING:
            raise Refused(
                Text(
                    f"时间 {time:g} 处的步长 {dt:g} 使运行无法结束",
                    f"with the step {dt:g} at time {time:g} the run does not end",
                )
            )
        if steps and dt != steps[-1]:
            since = len(steps)
        steps.append(dt)
        time = times[since] + dt * (len(steps) - since)
        times.append(time)
    dt, method = min(steps, default=1.0), model.method.name
    return Clock(start, dt, len(steps), 1, tuple(times), tuple(rows), method)


def _number(model: Model, name: str, given: Mapping[str, Any], time: float | None = None) -> float:
    """What a control variable says, at `time` where it may depend on it."""
    try:
        return value_at(Reference(name), time, model.definition, given)
    except NotKnown as error:
        raise _timeless(model, name, str(error)) from error


def _timeless(model: Model, name: str, needed: str) -> Refused:
    line, written = model.variables[name].line, name.upper().replace("_", " ")
    return Refused(
        Text(
            f"第 {line} 行，{written}：用到 {needed}，而时间设置只能由常数、表函数和 Time 算出；"
            f"请改为数或这样的算式，运行时可用 {name}=… 另设",
            f"line {line}, {written}: it depends on {needed}, but the clock is made of constants, "
            f"tables and Time alone; write a number or such arithmetic, a run may set {name}=…",
        )
    )


def default_inputs(model: Model, names: Sequence[str]) -> dict[str, Input]:
    """The values that the model itself gives to its inputs."""
    values: dict[str, Input] = {}
    for name in names:
        match model.variables[name].definition:
            case Constant(value):
                values[name] = value
            case Path(points):
                xs, ys = zip(*points, strict=True)
                values[name] = Series(np.array(xs), np.array(ys))
    return values


def varying_of(inputs: Mapping[str, Input]) -> dict[str, int]:
    """Over what each input varies: nothing (0), by member (1), with time (2), or both (3)."""
    varying: dict[str, int] = {}
    for name, value in inputs.items():
        if isinstance(value, Series):
            varying[name] = TIME | (MEMBER if value.values.ndim == 2 else 0)
        else:
            varying[name] = MEMBER if np.ndim(value) else 0
    return varying


def integrate(
    system: System,
    inputs: Mapping[str, Input],
    clock: Clock,
    members: int,
) -> NDArray[np.float64]:
    """The trajectories of what the system keeps, for one block of members.

    Returns an array (kept, saved times, members). `inputs` must hold every input of the system,
    varying over what the system was compiled for.
    """
    times, held = grid = clock.grid
    rows = {k: row for row, k in enumerate(clock.kept)}
    values = {
        name: _on_grid(inputs[name], held if name in system.held else times)
        for name in system.inputs
    }
    saved = np.empty((len(system.kept), len(clock.saved), members))
    if system.kernel == "numba":
        from sim.engine import kernel  # numba takes half a second to load

        of_step = np.array([rows.get(k, -1) for k in range(clock.steps + 1)])
        with np.errstate(all="ignore"):
            kernel.march(system.source, values, grid, clock.lengths, of_step, clock.dt, saved)
        return saved
    with np.errstate(all="ignore"):  # a member that turns non-finite is kept and counted
        made = system.block(members, values, *grid, clock.dt, clock.lengths, clock.method)
        step = partial(_rk4, Block(*made)) if clock.method == "rk4" else made
        lengths = [*clock.lengths.tolist(), 0.0]  # behind the last time there is no step
        for k, length in enumerate(lengths):
            step(k, length, saved[:, rows[k]] if k in rows else None)
    return saved


class Block(NamedTuple):
    """A block of members for Runge and Kutta: its state, its rates of change, and how to compute
    them and move what DELAY FIXED holds."""

    stocks: NDArray[np.float64]
    flows: NDArray[np.float64]
    rates: Callable[..., None]
    advance: Callable[[int], None]


def _on_grid(value: Input, grid: NDArray[np.float64]) -> Any:
    if isinstance(value, Series):
        return value.at(grid)
    return np.float64(value) if np.ndim(value) == 0 else value


def _rk4(block: Block, k: int, length: float, kept: Any = None) -> None:
    """One classical Runge-Kutta step (Hairer, Norsett, Wanner 1993, II.1), in place; none of no
    length, behind which no time lies.

    Each step has three points of the grid; DELAY FIXED moves once per step.
    """
    stocks, flows = block.stocks, block.flows
    block.rates(3 * k, kept)
    if not length:
        return
    start = stocks.copy()
    total = flows.copy()
    block.advance(k)
    middle, end = 3 * k + 1, 3 * k + 2
    for stage, reach, weight in (
        (middle, length / 2, 2.0),
        (middle, length / 2, 2.0),
        (end, length, 1.0),
    ):
        np.add(start, np.multiply(flows, reach, out=flows), out=stocks)
        block.rates(stage)
        total += weight * flows
    np.add(start, total * (length / 6.0), out=stocks)
