"""The scalar C program of a model: one member after the other, what a translator to C writes.

Printed from the same program as the kernels, so it has their advantages too: what does not
differ by both member and time is computed outside, and nothing twice. Tables are searched from
their first point on.
"""

import ctypes
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sim.engine.kernel_source import handed_over, kept_inside, scalar
from sim.engine.program import Assignment, Program

PRELUDE = """
#include <iso646.h>
#include <math.h>
#define select(c, a, b) ((c) ? (a) : (b))
#define power pow
static inline double square(double x) { return x * x; }
static inline double minimum(double a, double b) { return a < b || a != a ? a : b; }
static inline double maximum(double a, double b) { return a > b || a != a ? a : b; }
static inline double modulo(double x, double y) { return x - floor(x / y) * y; }
static inline double search(double x, long n, const double *xs, const double *ys) {
    if (!(x > xs[0])) return x == x ? ys[0] : x;
    for (long right = 1; right < n; right++)
        if (x < xs[right]) {
            double share = (x - xs[right - 1]) / (xs[right] - xs[right - 1]);
            return ys[right - 1] + share * (ys[right] - ys[right - 1]);
        }
    return ys[n - 1];
}
"""

HEAD = """
void steps(long first, long last, long members, const double *times, long grid, double dt,
           const long *rows, long saved_rows, const double *numbers, const double *starts,
           const double *by_member, const double *by_time, const double *const *by_both,
           double *saved) {"""


def compiler() -> str | None:
    """The C compiler of this machine."""
    return shutil.which("gcc") or shutil.which("cc")


def c_source(program: Program) -> str:
    """The program in C: `steps` takes members first to last through all the steps."""
    return "\n".join([PRELUDE, *_tables(program), HEAD, *_body(program), "}", ""])


def _tables(program: Program) -> Iterator[str]:
    def array(name: str, values) -> str:
        return f"static const double {name}[] = {{{', '.join(repr(float(v)) for v in values)}}};"

    for label, points in program.tables.items():
        xs, ys = zip(*points, strict=True)
        yield array(f"X_{label}", xs)
        yield array(f"Y_{label}", ys)
        call = f"search(x, {len(xs)}, X_{label}, Y_{label})"
        yield f"static inline double AT_{label}(double x) {{ return {call}; }}"
        yield f"#define EXACTLY_AT_{label} AT_{label}"


def _body(program: Program) -> Iterator[str]:
    if program.pipes:
        raise NotImplementedError("DELAY FIXED")
    handed = handed_over(program)
    stocks = [each.symbol for each in program.stocks]
    yield from _read(handed.numbers, "numbers[{}]")
    yield "for (long m = first; m < last; m++) {"
    yield from _read(stocks, "starts[{} * members + m]", "double")
    yield from _read(handed.by_member, "by_member[{} * members + m]")
    yield "for (long k = 0; k < grid; k++) {"
    yield "const double t = times[k]; (void)t;"
    yield from _read(handed.by_time, "by_time[{} * grid + k]")
    yield from _read(handed.by_both, "by_both[{}][k * members + m]")
    yield from _assigned(program.each)
    yield "if (rows[k] >= 0) {"
    yield from _assigned(program.saved)
    for row, name in kept_inside(program).items():
        yield f"saved[({row} * saved_rows + rows[k]) * members + m] = {name};"
    yield "}"
    yield "if (k == grid - 1) break;"
    yield from (f"{stock.symbol} += {stock.flow} * dt;" for stock in program.stocks)
    yield "}"
    yield "}"


def _read(names: list[str], source: str, kind: str = "const double") -> Iterator[str]:
    for place, name in enumerate(names):
        yield f"{kind} {name} = {source.format(place)};"


def _assigned(assignments: list[Assignment]) -> Iterator[str]:
    for each in assignments:
        yield f"const double {each.name} = {_in_c(scalar(each.expression))};"


def _in_c(text: str) -> str:
    return re.sub(r"np\.float64\('(-?)inf'\)", r"(\1INFINITY)", text)


def compiled_c(program: Program):
    """The function `steps` of the program, compiled with -O2; waits for no interpreter."""
    folder = Path(tempfile.mkdtemp())
    (folder / "model.c").write_text(c_source(program), encoding="utf-8")
    made = [compiler(), "-O2", "-shared", "-fPIC", "model.c", "-lm", "-o", "model.so"]
    subprocess.run(made, check=True, cwd=folder)
    return ctypes.CDLL(str(folder / "model.so")).steps


def call_c(steps, first, last, members, grid, dt, rows, handed, saved) -> None:
    """Runs members first to last; `handed` is what `setup` of the kernel's page hands over."""
    numbers, starts, by_member, by_time, by_both, _ = handed
    whole, real = ctypes.c_long, ctypes.c_double
    arrays = [np.ascontiguousarray(each) for each in (numbers, starts, by_member, by_time)]
    paths = (ctypes.c_void_p * max(1, len(by_both)))(*(each.ctypes.data for each in by_both))
    steps(
        *(whole(first), whole(last), whole(members)),
        *(ctypes.c_void_p(grid.ctypes.data), whole(len(grid)), real(dt)),
        *(ctypes.c_void_p(rows.ctypes.data), whole(saved.shape[1])),
        *(ctypes.c_void_p(each.ctypes.data) for each in arrays),
        *(paths, ctypes.c_void_p(saved.ctypes.data)),
    )
