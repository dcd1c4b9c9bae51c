"""A System and its constants become trajectories: Euler's and Runge's and Kutta's steps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.compile import System
from sim.engine.model import Auxiliary, Call, Constant, Expression, Model, Number, Path, Reference
from sim.engine.varying import MEMBER, TIME
from sim.text import Refused, Text

METHODS = ("euler", "rk4")


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
    """Times of a run: `steps` steps of `dt` from `start`; every `stride`-th is saved."""

    start: float
    dt: float
    steps: int
    stride: int

    @property
    def times(self) -> NDArray[np.float64]:
        """The time of every step, both ends included: start + dt * arange, never accumulated."""
        return self.start + self.dt * np.arange(self.steps + 1, dtype=np.float64)

    @property
    def saved(self) -> NDArray[np.float64]:
        """The times that are saved."""
        return self.times[:: self.stride]


def clock_of(model: Model, inputs: Mapping[str, Any] | None = None) -> Clock:
    """The clock that a model's four control variables say, `inputs` replacing some of them.

    Raises Refused when they make no sense.
    """
    given = inputs or {}
    start, end, dt, save = (
        _number(model, name, given)
        for name in ("initial_time", "final_time", "time_step", "saveper")
    )
    if not (np.isfinite([start, end, dt, save]).all() and dt > 0 and end >= start and save > 0):
        raise Refused(
            Text(
                f"时间设置有误：INITIAL TIME {start:g}，FINAL TIME {end:g}，TIME STEP {dt:g}，"
                f"SAVEPER {save:g}；步长须为正，终点不得早于起点",
                f"the clock makes no sense: INITIAL TIME {start:g}, FINAL TIME {end:g}, TIME STEP "
                f"{dt:g}, SAVEPER {save:g}; steps are positive and the end is not before the start",
            )
        )
    return Clock(start, dt, round((end - start) / dt), max(1, round(save / dt)))


def _number(model: Model, name: str, given: Mapping[str, Any]) -> float:
    if name in given:
        return float(given[name])
    match model.variables[name].definition:
        case Constant(value):
            return value
        case Auxiliary(expression):
            return _evaluate(model, expression, given, name)
    raise _timeless(name)


def _evaluate(model: Model, expression: Expression, given: Mapping[str, Any], name: str) -> float:
    from sim.engine.functions import BUILTINS

    match expression:
        case Number(value):
            return value
        case Reference(other) if other in model.variables:
            return _number(model, other, given)
        case Call(function, arguments) if not BUILTINS[function].clock:
            values = [_evaluate(model, argument, given, name) for argument in arguments]
            return float(BUILTINS[function].call(*values))
    raise _timeless(name)


def _timeless(name: str) -> Refused:
    return Refused(
        Text(
            f"{name} 须为常数或常数的算式",
            f"{name} must be a constant or arithmetic on constants",
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
    method: str = "euler",
) -> NDArray[np.float64]:
    """The trajectories of what the system keeps, for one block of members.

    Returns an array (kept, saved times, members). `inputs` must hold every input of the system,
    varying over what the system was compiled for; `method` is "euler" or "rk4".
    """
    half = method == "rk4"
    grid = (Clock(clock.start, clock.dt / 2, 2 * clock.steps, 1) if half else clock).times
    values = {name: _on_grid(inputs[name], grid) for name in system.inputs}
    saved = np.empty((len(system.kept), len(clock.saved), members))
    with np.errstate(all="ignore"):  # a member that turns non-finite is kept and counted
        block = Block(*system.block(members, values, grid, clock.dt))
        step, stages = (_rk4, 2) if half else (_euler, 1)
        for k in range(clock.steps + 1):
            keep = k % clock.stride == 0
            block.rates(stages * k, saved[:, k // clock.stride] if keep else None)
            if k < clock.steps:
                step(block, k, clock.dt)
    return saved


class Block(NamedTuple):
    """A compiled block of members: its state, its rates of change, and how to compute them."""

    stocks: NDArray[np.float64]
    flows: NDArray[np.float64]
    rates: Callable[..., None]
    advance: Callable[[int], None]


def _on_grid(value: Input, grid: NDArray[np.float64]) -> Any:
    if isinstance(value, Series):
        return value.at(grid)
    return np.float64(value) if np.ndim(value) == 0 else value


def _euler(block: Block, k: int, dt: float) -> None:
    """One step of Euler from the flows at k, in place."""
    block.advance(k)
    np.multiply(block.flows, dt, out=block.flows)
    np.add(block.stocks, block.flows, out=block.stocks)


def _rk4(block: Block, k: int, dt: float) -> None:
    """One classical Runge-Kutta step (Hairer, Norsett, Wanner 1993, II.1), in place.

    Grid points lie half a step apart; DELAY FIXED moves once per step.
    """
    stocks, flows = block.stocks, block.flows
    start = stocks.copy()
    total = flows.copy()
    block.advance(k)
    middle, end = 2 * k + 1, 2 * k + 2
    for stage, reach, weight in ((middle, dt / 2, 2.0), (middle, dt / 2, 2.0), (end, dt, 1.0)):
        np.add(start, np.multiply(flows, reach, out=flows), out=stocks)
        block.rates(stage)
        total += weight * flows
    np.add(start, total * (dt / 6.0), out=stocks)
