"""Inputs become runs: the one place where labels meet arrays."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import replace
from itertools import islice
from numbers import Integral
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sim.engine.compile import System, compile_model, refuse_unknown
from sim.engine.integrate import (
    Clock,
    Input,
    Series,
    clock_of,
    default_inputs,
    integrate,
    varying_of,
)
from sim.engine.method import method_named
from sim.engine.model import CONTROL, Model, canonical
from sim.engine.varying import MEMBER, TIME
from sim.ensemble.blocks import Draws, blocks_of
from sim.ensemble.sampling import noises
from sim.text import Refused, Text

Progress = Callable[[int, int], None]
AHEAD = 8
Task = tuple[int, slice, dict[str, Input]]
"""A block to compute: the number of its scenario, its draws, its inputs."""
Done = tuple[int, slice, NDArray[np.float64]]
"""A block computed: the number of its scenario, its draws, what was kept."""


def varying_dims(inputs: xr.Dataset) -> dict[str, int]:
    """Over what each input varies, as `compile_model` wants it."""
    found: dict[str, int] = {}
    for name in inputs.data_vars:
        values = inputs.variables[name]
        level = MEMBER if "draw" in values.dims else 0
        level |= TIME if {"year", "step"} & set(values.dims) else 0
        found[str(name)] = level
    return found


def simulate(
    model: Model,
    system: System,
    inputs: xr.Dataset,
    clock: Clock,
    block: int = 4096,
    executor: Executor | None = None,
    progress: Progress | None = None,
    side_by_side: bool = False,
) -> xr.Dataset:
    """The runs of all scenarios and draws: what `system` keeps, dims (scenario, draw, time).

    Members run in blocks of `block`, here or by `executor`; the numbers depend on neither.
    `progress` is called with members done and members in all after each block. The coordinate
    `finite` (scenario, draw) is False for members in which some kept value is not finite. With
    `side_by_side` the draws of a time are neighbours in memory: better where draws are counted.
    """
    scenarios, draws = inputs.sizes["scenario"], inputs.sizes["draw"]
    shape = (scenarios, draws, len(clock.saved))
    order = (0, 2, 1) if side_by_side else (0, 1, 2)
    laid = tuple(shape[axis] for axis in order)
    kept = {name: np.empty(laid).transpose(order) for name in system.kept}
    finite = np.empty(shape[:2], dtype=bool)
    done = 0
    tasks = _tasks(model, system, inputs, block)
    for scenario, members, saved in _done(system, tasks, clock, executor):
        for row, values in enumerate(kept.values()):
            values[scenario, members] = saved[row].T
        finite[scenario, members] = np.isfinite(saved).all(axis=(0, 1))
        done += members.stop - members.start
        if progress is not None:
            progress(done, scenarios * draws)
    return _labelled(model, inputs, clock, kept, finite)


def _done(
    system: System, tasks: Iterator[Task], clock: Clock, executor: Executor | None
) -> Iterator[Done]:
    if executor is None:
        for scenario, members, values in tasks:
            yield scenario, members, integrate(system, values, clock, _count(members))
        return

    def submit(task: Task) -> tuple[int, slice, Future[NDArray[np.float64]]]:
        scenario, members, values = task
        return scenario, members, executor.submit(integrate, system, values, clock, _count(members))

    # a few blocks ahead of the workers, so that all blocks never lie in memory at once
    waiting = deque(submit(task) for task in islice(tasks, AHEAD))
    while waiting:
        scenario, members, future = waiting.popleft()
        yield scenario, members, future.result()
        waiting.extend(submit(task) for task in islice(tasks, 1))


def _count(members: slice) -> int:
    return int(members.stop - members.start)


def _tasks(model: Model, system: System, inputs: xr.Dataset, block: int) -> Iterator[Task]:
    draws = inputs.sizes["draw"]
    defaults = default_inputs(model, system.inputs)
    given = {name: inputs.variables[name] for name in system.inputs if name in inputs.variables}
    knots = {dim: inputs.variables[dim].values for dim in ("year", "step")}
    for scenario in range(inputs.sizes["scenario"]):
        fixed, drawn = dict(defaults), {}
        for name, column in given.items():
            own = column.isel(scenario=scenario, missing_dims="ignore")
            own = own.transpose(..., "draw", missing_dims="ignore")
            if "draw" in own.dims:
                drawn[name] = own
            else:
                fixed[name] = _input(own, own.values, knots)
        for part in blocks_of(draws, block):  # of equal size: small ones cost as much as large
            members = part.members
            some = {
                name: _input(column, np.ascontiguousarray(column.values[..., members]), knots)
                for name, column in drawn.items()
            }
            yield scenario, members, fixed | some


def _input(
    column: xr.Variable, values: NDArray[np.float64], knots: dict[str, NDArray[np.float64]]
) -> Input:
    """An input of the engine from some of a column's values: labels come off here."""
    for dim, times in knots.items():
        if dim in column.dims:
            return Series(times, values)
    return values if values.ndim else float(values)


def _labelled(
    model: Model,
    inputs: xr.Dataset,
    clock: Clock,
    kept: Mapping[str, NDArray[np.float64]],
    finite: NDArray[np.bool_],
) -> xr.Dataset:
    dims = ("scenario", "draw", "time")
    return xr.Dataset(
        {name: (dims, values, label_attrs(model, name)) for name, values in kept.items()},
        coords={
            "scenario": inputs["scenario"],
            "title_zh": inputs["title_zh"],
            "title_en": inputs["title_en"],
            "draw": inputs["draw"],
            "time": ("time", clock.saved, time_attrs(model)),
            "finite": (dims[:2], finite),
        },
    )


def time_attrs(model: Model) -> dict[str, str]:
    """What the time of runs says of itself: the unit in which the model counts it."""
    return {"units": model.time_unit}


def label_attrs(model: Model, name: str) -> dict[str, str]:
    """What a variable says of itself: units, labels, and its name as the modeller wrote it."""
    variable = model.variables[name]
    zh, en = variable.label
    return {"units": variable.units, "label_zh": zh, "label_en": en, "name": variable.written}


def simulate_members(
    model: Model,
    values: Mapping[str, Any] | None = None,
    keep: str | Sequence[str] = "all",
    method: str | None = None,
    members: int | None = None,
    seed: int = 1,
) -> xr.Dataset:
    """The trajectories of any model, one member per entry of the arrays in `values`.

    >>> model = sim.load_model("model/qinshui.mdl")  # doctest: +SKIP
    >>> runs = sim.simulate(model, {"coal_cap": [4000.0, 5000.0]}, keep="coal_output")
    >>> runs["coal_output"].sel(member=1, time=2025)  # doctest: +SKIP

    `values` replaces constants, paths and control variables: a number, an array (members,), or
    a path by year ({2020: 1.0, 2030: 2.0}); `x[a,b]` is one element of an array, `x` all of
    them. `keep` names the variables wanted, one or several, or is "all". `method`, "euler" or
    "rk4", replaces the one that the model's file asks for. `members` says how many there are where
    no array does; each draws random numbers of its own, by `seed` and its number.
    Returns dims (member, time), for arrays (member, time, ranges), each variable under its
    canonical name with attrs `units`, `label_zh`, `label_en` and `name`; elements that the model
    does not define are NaN. Raises Refused for unknown names and methods, what is no number, arrays
    of unequal length, an algebraic loop.
    """
    if method is not None:
        model = replace(model, method=method_named(method))
    given = dict(_spread(model, values or {}))
    control = {name: _as_number(name, given.pop(name)) for name in CONTROL if name in given}
    clock = clock_of(model, control)
    inputs = {name: _as_input(name, value) for name, value in given.items()}
    lengths = {name: len(value) for name, value in inputs.items() if isinstance(value, np.ndarray)}
    if members is not None:
        lengths["members"] = _as_count("members", members)
    if len(set(lengths.values())) > 1:
        said = ", ".join(f"{name}: {length}" for name, length in lengths.items())
        raise Refused(Text(f"各数组长度不同（{said}）", f"the arrays differ in length ({said})"))
    members = next(iter(lengths.values()), 1)
    names = [keep] if isinstance(keep, str) else keep
    wanted = dict.fromkeys(names, None) if keep != "all" else None
    kept = model.results if wanted is None else [name for name, _ in _spread(model, wanted)]
    refuse_unknown(model, inputs, kept)
    random = dict.fromkeys(model.noises, MEMBER | TIME)
    system = compile_model(model, varying_of(inputs) | random, kept)
    defaults = default_inputs(model, system.inputs)
    for name in model.noises.keys() & set(system.inputs):
        drawn = noises(seed, model.noises[name], clock.steps + 1, Draws(0, members))
        inputs[name] = Series(clock.times, np.ascontiguousarray(drawn.T))
    if not clock.uneven:
        control = {"initial_time": clock.start, "time_step": clock.dt}
        control["final_time"] = clock.start + clock.dt * clock.steps
        control["saveper"] = clock.dt * clock.stride
    fixed = {name: value for name, value in control.items() if name in defaults}
    saved = integrate(system, {**defaults, **fixed, **inputs}, clock, members)
    found = {name: np.ascontiguousarray(saved[row].T) for row, name in enumerate(system.kept)}
    return xr.Dataset(
        dict(_regrouped(model, found)),
        coords={"member": np.arange(members), "time": clock.saved},
    )


def _spread(model: Model, values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Values by canonical name, that of an array given to each of its elements."""
    for written, value in values.items():
        array, bracket, elements = written.partition("[")
        if bracket and canonical(array) in model.arrays:
            places = ",".join(canonical(element) for element in elements.rstrip("] ").split(","))
            yield f"{canonical(array)}[{places}]", value
        elif canonical(written) in model.arrays:
            for name in model.elements_of(canonical(written)):
                yield name, value
        else:
            yield canonical(written), value


def _regrouped(
    model: Model, found: Mapping[str, NDArray[np.float64]]
) -> Iterator[tuple[str, xr.DataArray]]:
    """Each variable with its labels; the elements of an array put together."""
    arrays: dict[str, list[str]] = {}
    for name, values in found.items():
        variable = model.variables[name]
        if variable.array:
            arrays.setdefault(variable.array, []).append(name)
        else:
            yield (
                name,
                xr.DataArray(values, dims=("member", "time"), attrs=label_attrs(model, name)),
            )
    for array, names in arrays.items():
        sides = model.arrays[array]
        whole = np.full((*found[names[0]].shape, *(len(side.labels) for side in sides)), np.nan)
        places = [side.places() for side in sides]
        for name in names:
            elements = zip(places, model.variables[name].elements, strict=True)
            place: Any = (slice(None), slice(None), *(side[each] for side, each in elements))
            whole[place] = found[name]
        attrs = label_attrs(model, names[0])
        attrs["name"] = attrs["name"].split("[")[0]
        coords = {side.name: list(side.labels) for side in sides}
        yield array, xr.DataArray(whole, coords, ("member", "time", *coords), attrs=attrs)


def _as_input(name: str, value: Any) -> Input:
    """A value as the engine takes it; refuses what is no number, array or path."""
    try:
        if isinstance(value, Mapping):
            years, levels = zip(*sorted(value.items()), strict=True)
            return Series(np.array(years, dtype=float), np.array(levels, dtype=float))
        if isinstance(value, Series) or np.ndim(value) == 0:
            return value if isinstance(value, Series) else float(value)
        if np.ndim(value) == 1:
            return np.ascontiguousarray(value, dtype=float)
    except (TypeError, ValueError):
        pass
    wanted = Text("数字、一列数字或逐年路径", "a number, an array of numbers or a path by year")
    raise _no(wanted, name, value)


def _as_count(name: str, value: Any) -> int:
    if isinstance(value, Integral) and int(value) >= 1:
        return int(value)
    raise _no(Text("不小于 1 的整数", "a whole number of at least 1"), name, value)


def _as_number(name: str, value: Any) -> float:
    """The value of a control variable, which all members share."""
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise _no(Text("一个数字", "one number"), name, value) from error


def _no(wanted: Text, name: str, value: Any) -> Refused:
    return Refused(
        Text(f"{name} 应为{wanted.zh}，而不是 {value!r}", f"{name} is {wanted.en}, not {value!r}")
    )
