"""How cost grows with members, equations, steps and cores, and what the machine could do at most.

    python benchmarks/growth.py

One core in seconds of the processor, several on the wall. Writes this machine's section of
benchmarks/growth.md.
"""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
from cases import Case, cases
from engines import machine, versions
from measure import write_section
from numba import njit

from sim.engine.algebra import arguments_of
from sim.engine.compile import compile_model
from sim.engine.integrate import Clock, integrate
from sim.engine.model import (
    Auxiliary,
    Call,
    Constant,
    Expression,
    Lookup,
    Model,
    Reference,
    Stock,
    Variable,
)

ROUNDS = 5
MEMBERS = (1, 16, 256, 1024, 4096, 16384)
EQUATIONS = (10, 40, 160, 640)
FAR, NEAR = 1 << 24, 1 << 11
"""Numbers in an array that no cache holds, and in one that the first holds."""
DEPTH = 32
CHAINS = 8
RING = 3
"""Arrays that NumPy multiplies in turn."""
FEW = 16
"""So few numbers that NumPy's call is all that they cost."""
TABLE = 7
"""Passes of NumPy over the members in which a table is read (`functions.reader`)."""


# --- what the machine could do


@njit(fastmath=True)
def triad(a, b, c, rounds):
    """a = b + 0.5 c, as STREAM has it (McCalpin 1995): three numbers moved, two operations."""
    for _ in range(rounds):
        for i in range(len(a)):
            a[i] = b[i] + 0.5 * c[i]


@njit(fastmath={"contract"})
def multiply_add(a, rounds):
    """DEPTH multiplications and additions on each number of the first cache, again and again."""
    for _ in range(rounds):
        for i in range(len(a)):
            x = a[i]
            for _ in range(DEPTH):
                x = x * 0.999999 + 1e-9
            a[i] = x


def bandwidth(numbers: int) -> float:
    """Bytes per second that a triad over arrays of so many numbers moves."""
    a, b, c = (np.full(numbers, 1.0 + place) for place in range(3))
    rounds = max(1, FAR // numbers)
    return 24 * numbers * rounds / least(lambda: triad(a, b, c, rounds))


def arithmetic() -> float:
    """Operations per second of multiplications and additions, on one core."""
    numbers, rounds = np.full(NEAR, 1.0), 2_000
    work = partial(multiply_add, numbers, rounds)
    return 2 * DEPTH * NEAR * rounds / least(work)


def multiplication(numbers: int) -> float:
    """Seconds of one multiplication by NumPy in place, of arrays of so many numbers that were used
    just before, as most of a step are."""
    arrays, rounds = np.ones((RING, numbers)), 2_000
    pairs = [(array, arrays[place - 1]) for place, array in enumerate(arrays)]

    def work() -> None:
        for _ in range(rounds):
            for array, other in pairs:
                np.multiply(array, other, out=array)

    return least(work) / rounds / RING


def least(work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """The shortest time of some rounds, after one that does not count."""
    work()
    times = []
    for _ in range(ROUNDS):
        began = clock()
        work()
        times.append(clock() - began)
    return max(min(times), 1e-9)


# --- what a model asks for


def asked(case: Case, table: int, stock: int) -> int:
    """What one member asks for at one step: the operations of its equations, so many for each
    reading of a table, and so many for each stock."""
    program = case.program

    def count(expression: Expression) -> int:
        own = table if isinstance(expression, Lookup) else isinstance(expression, Call)
        return sum(map(count, arguments_of(expression)), own)

    return sum(count(each.expression) for each in program.each) + stock * len(program.stocks)


def written(case: Case) -> float:
    """Bytes that one member leaves in memory at one step, the mean of all steps."""
    return 8 * len(case.keep) * len(case.clock.saved) / case.clock.steps


# --- how cost grows


def per_step(case: Case, members: int, kernel: str) -> float:
    """Nanoseconds per member and step on one core."""
    system = compile_model(case.model, case.varying, case.keep, kernel)
    inputs = case.inputs(members)
    seconds = least(lambda: integrate(system, inputs, case.clock, members))
    return seconds / members / case.clock.steps * 1e9


def chain(equations: int, steps: int = 200) -> Case:
    """Half stocks, half flows in a row, each of which closes a part of a gap."""
    parts: dict[str, Variable] = {}

    def add(name: str, definition) -> None:
        parts[name] = Variable(name, name, definition)

    for number in range(CHAINS):
        add(f"rate_{number}", Constant(0.05 + 0.01 * number))
    for place in range(equations // 2):
        before = Reference(f"level_{place - 1}") if place else Reference("rate_0")
        gap = Call("subtract", (before, Reference(f"level_{place}")))
        rate = Reference(f"rate_{place % CHAINS}")
        add(f"flow_{place}", Auxiliary(Call("multiply", (gap, rate))))
        add(
            f"level_{place}", Stock(Reference(f"flow_{place}"), Reference(f"rate_{place % CHAINS}"))
        )
    kept = (f"level_{equations // 2 - 1}",)
    return Case(f"chain of {equations}", Path(), kept, Model(parts), Clock(0.0, 1.0, steps, steps))


def growth(label: str, made: dict[str, tuple[Case, int]]) -> Iterator[str]:
    """The rows of a table: cost per member, step and equation in both kernels."""
    yield f"| {label} | NumPy, ns | numba, ns |"
    yield "| --- " * 3 + "|"
    for name, (case, members) in made.items():
        found = [per_step(case, members, kernel) / case.equations for kernel in ("numpy", "numba")]
        yield f"| {name} | {found[0]:,.3g} | {found[1]:,.3g} |"


def by_cores(case: Case, members: int = 16384) -> Iterator[str]:
    """The rows of a table: the kernel on 1, 2, … cores, each with an equal part of the members."""
    system = compile_model(case.model, case.varying, case.keep, "numba")
    yield "| cores | members per second | times one core |"
    yield "| --- " * 3 + "|"
    first = None
    for cores in sorted({1, 2, os.cpu_count() or 1}):
        share = members // cores
        run = partial(integrate, system, case.inputs(share), case.clock)
        with ThreadPoolExecutor(cores) as pool:
            work = partial(spread, pool, run, [share] * cores)
            seconds = least(work, time.perf_counter)
        first = first or seconds
        yield f"| {cores} | {members / seconds:,.0f} | {first / seconds:.2f} |"


def spread(pool: ThreadPoolExecutor, run: Callable[[int], object], shares: list[int]) -> None:
    """Runs all shares at once."""
    list(pool.map(run, shares))


def against_limits(chosen: list[Case], members: int = 4096) -> Iterator[str]:
    """What the machine could do, and the rows of a table: how near each kernel comes to it."""
    far, near, most = bandwidth(FAR), bandwidth(NEAR // 4), arithmetic()
    call, whole = multiplication(FEW), multiplication(members)
    yield (
        f"One core moves {far / 1e9:.1f} GB/s to and from memory, {near / 1e9:.0f} GB/s in its "
        f"first cache, and does {most / 1e9:.1f} thousand million multiplications and additions "
        f"a second. One multiplication of {members:,} numbers by NumPy takes {whole * 1e6:.2f} µs, "
        f"of {FEW} numbers {call * 1e6:.2f} µs: so much is the call.\n"
    )
    yield (
        "| model | operations per equation | bytes left per step | NumPy, ns | numba, ns "
        "| arithmetic alone, ns | memory alone, ns | as many passes by NumPy, ns |"
    )
    yield "| --- " * 8 + "|"
    for case in chosen:
        operations, bytes_left = asked(case, table=0, stock=2), written(case)
        numpy, numba = (per_step(case, members, kernel) for kernel in ("numpy", "numba"))
        cells = (
            numpy,
            numba,
            operations / most * 1e9,
            bytes_left / far * 1e9,
            asked(case, TABLE, stock=1) * whole / members * 1e9,
        )
        yield (
            f"| {case.name} | {operations / case.equations:.2f} | {bytes_left:.1f} | "
            + " | ".join(f"{cell / case.equations:.3g}" for cell in cells)
            + " |"
        )


INTRODUCTION = f"""# How cost grows, and what the machine could do

`python benchmarks/growth.py`: nanoseconds per member, step and equation; the shortest of {ROUNDS}
rounds; one core in seconds of the processor, several on the wall (too long where the machine is
shared).

Against the machine, arithmetic alone: every operation at the pace of the multiply-add loop (a
division or an exponential takes several times that, a table ten). Memory alone: what is kept, at
the pace of the triad. As many passes by NumPy: what it reaches while it does one operation after
another, with a call for each and every number read from a cache and written to it, were each as
quick as a multiplication; the move of a stock is one pass, a table {TABLE} (the place among its
points, no farther than its ends, the interval, two numbers of this, a product and a sum). A
compiled kernel keeps all but the states in registers. Where the passes take longer than the scalar
C program of [results.md](results.md), NumPy can hardly be as quick.
"""


def section() -> Iterator[str]:
    """What this machine gives, line by line as it is measured."""
    known = {case.name: case for case in cases()}
    yield f"{date.today()}. {versions()}.\n"
    yield "### With members (`regions`)\n"
    yield from growth("members", {f"{n:,}": (known["regions"], n) for n in MEMBERS})
    yield "\n### With equations (stocks in a row, 4,096 members)\n"
    yield from growth("equations", {str(n): (chain(n), 4096) for n in EQUATIONS})
    yield "\n### With steps (40 equations, 4,096 members)\n"
    yield from growth("steps", {str(n): (chain(40, n), 4096) for n in (50, 200, 800)})
    yield "\n### With cores (`regions`, numba)\n"
    yield from by_cores(known["regions"])
    yield "\n### Against the machine (4,096 members, one core)\n"
    yield from against_limits(list(known.values()))


def main() -> None:
    lines = []
    for line in section():
        print(line, flush=True)
        lines.append(line)
    page = Path(__file__).with_name("growth.md")
    write_section(page, INTRODUCTION, machine(), "\n".join(lines))


if __name__ == "__main__":
    main()
