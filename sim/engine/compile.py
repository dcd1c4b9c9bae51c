"""A Model becomes a System: readable NumPy source that computes a block of members at once.

What varies decides where a value is computed. What varies neither with time nor by member, or
by member only, is computed once, before the first step. What varies with time only is computed
once per step, as a number. The rest is computed at each step for all members, operation by
operation, into buffers that are made once. Compiled source says which is which, and above
every variable stands its equation as the modeller wrote it.
"""

import marshal
import pickle
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib.util import find_spec
from typing import Any, NamedTuple

from sim.engine.cache import remembered
from sim.engine.kernel import is_compiled
from sim.engine.kernel_source import kernel_source, unsupported
from sim.engine.model import Model
from sim.engine.program import program_of
from sim.engine.source import numpy_source
from sim.engine.varying import Variation
from sim.text import Refused, Text, near

KERNELS = ("numpy", "numba")
"""What may compute the steps of a System; both give the same numbers."""

SAVED = 1.5e-9
"""Seconds that numba saves for each member, step and equation (benchmarks/results.md)."""

LOADING, COMPILING = 1.0, 0.04
"""Seconds until numba is loaded, and until it has compiled an equation."""

LARGE = 200
"""Variables from which on a compiled model is kept on disk: smaller ones are compiled sooner."""


@dataclass(frozen=True)
class System:
    """A compiled model: its source, what it keeps, and what its inputs may vary over.

    `varying` gives the inputs that differ by member (1), with time (2) or both (3); all others
    are numbers; those that are `held` do not change within a step. `stocks` are the rows of the
    state, `kept` those of what is kept. `equations` are computed at each step.
    """

    source: str
    kept: tuple[str, ...]
    stocks: tuple[str, ...]
    inputs: tuple[str, ...]
    held: frozenset[str]
    varying: Mapping[str, int]
    kernel: str = "numpy"
    equations: int = 0

    @property
    def block(self) -> Callable[..., Any]:
        """The function `block` that the source defines."""
        return _defined(self.source)


@lru_cache(maxsize=16)
def _defined(source: str) -> Callable[..., Any]:
    """The function that a source defines; a worker meets the same source with every block."""
    namespace: dict[str, Any] = {}
    make = partial(compile, source, "<compiled model>", "exec")
    large = source.count("\n") > LARGE
    code = remembered("code", source.encode(), make, marshal) if large else make()
    exec(code, namespace)
    function: Callable[..., Any] = namespace["block"]
    return function


def compile_model(
    model: Model,
    varying: Mapping[str, int] | None = None,
    keep: Sequence[str] | None = None,
    kernel: str = "numpy",
    work: int = 0,
    method: str = "euler",
) -> System:
    """The System that computes the variables in `keep` (default: all results).

    `varying` says which inputs differ by member (1), with time (2), or both (3). `kernel` is one
    of KERNELS, or "auto": the best one for a job of so much `work` by a `method` alone.
    Raises Refused for an algebraic loop (named), for an unknown name in `keep` or `varying`, for
    a kernel that is not installed.
    """
    if kernel != "auto" and (kernel not in KERNELS or find_spec(kernel) is None):
        raise no_kernel(kernel)
    job = Job(dict(varying or {}), tuple(model.results if keep is None else keep), work, method)
    refuse_unknown(model, job.varying, job.keep)
    return _fastest(model, [job])[0] if kernel == "auto" else _remembered(model, job, kernel)


class Job(NamedTuple):
    """What a command wants of one System: see `compile_model`; `work` is members times steps, of
    one process, for each process gets the machine code ready by itself, that of one `method`."""

    varying: Mapping[str, int]
    keep: Sequence[str]
    work: int
    method: str = "euler"


def best_kernel(model: Model, jobs: Iterable[Job]) -> str:
    """The kernel that is done soonest with all the jobs of a command, one after the other.

    That is numba where it is installed, has all that the model needs, and saves more time than it
    takes to get ready, which is hardly any for what was compiled before. One kernel for all jobs:
    the last bits of two are not the same.
    """
    if find_spec("numba") is None:  # to learn what the jobs are takes work, too
        return "numpy"
    return _fastest(model, list(jobs))[0].kernel


def _fastest(model: Model, jobs: Sequence[Job]) -> list[System]:
    """The Systems of the jobs, by the best kernel for all of them."""
    plain = [_remembered(model, job, "numpy") for job in jobs]
    works = zip(jobs, plain, strict=True)
    saved = sum(job.work * system.equations * SAVED for job, system in works)
    if saved < LOADING or find_spec("numba") is None:
        return plain
    try:
        fused = [_remembered(model, job, "numba") for job in jobs]
    except Refused:
        return plain
    anew = {
        (system.source, job.method): system.equations
        for job, system in zip(jobs, fused, strict=True)
        if not is_compiled(system.source, job.method)
    }
    return fused if saved > LOADING + COMPILING * sum(anew.values()) else plain


def _remembered(model: Model, job: Job, kernel: str) -> System:
    """The System of a kernel, from the cache where the same was compiled before."""
    varying, kept = dict(job.varying), tuple(job.keep)
    make = partial(_compiled, model, varying, kept, kernel)
    if len(model.variables) < LARGE:
        return make()
    key = pickle.dumps((model, sorted(varying.items()), kept, kernel))
    return remembered("systems", key, make)


def _compiled(model: Model, varying: dict[str, int], kept: tuple[str, ...], kernel: str) -> System:
    program = program_of(model, Variation(model, varying), kept)
    if kernel == "numba" and (missing := unsupported(program)):
        raise _not_in_numba(missing)
    return System(
        kernel_source(program) if kernel == "numba" else numpy_source(program),
        kept,
        tuple(stock.name for stock in program.stocks),
        tuple(each.name for each in program.inputs),
        frozenset(each.name for each in program.inputs if each.held),
        varying,
        kernel,
        len(program.each),
    )


def no_kernel(kernel: str) -> Refused:
    """What to say where a kernel is not there."""
    known = ", ".join(KERNELS)
    return Refused(
        Text(
            f"计算核 {kernel} 不可用（可选：{known}）；numba 须另行安装："
            'pip install "qinshui-sim[fast]"，或改用 engine=numpy',
            f"the kernel {kernel} is not here (known: {known}); numba is installed by "
            'pip install "qinshui-sim[fast]"; or use engine=numpy',
        )
    )


def _not_in_numba(functions: Sequence[str]) -> Refused:
    said = ", ".join(functions)
    return Refused(
        Text(
            f"numba 计算核没有函数 {said}；请用 engine=numpy 或 engine=auto",
            f"the numba kernel lacks {said}; use engine=numpy or engine=auto",
        )
    )


def refuse_unknown(model: Model, wanted: Iterable[str], kept: Iterable[str]) -> None:
    """Refuses inputs and results that the model does not have, all at once."""
    inputs, results = model.inputs, set(model.results)
    problems = []
    for name in wanted:
        if name not in inputs and name not in model.noises:
            hint = near(name, inputs)
            problems.append(
                Text(
                    f"{name} 不是模型的常数或路径，不能作为输入{hint.zh}",
                    f"{name} is no constant or path of the model, so it is no input{hint.en}",
                )
            )
    for name in kept:
        if name not in results:
            hint = near(name, results)
            problems.append(
                Text(
                    f"模型中没有变量 {name}{hint.zh}", f"the model has no variable {name}{hint.en}"
                )
            )
    if problems:
        raise Refused(*problems)
