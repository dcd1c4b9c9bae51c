"""NumPy and numba give the same numbers, whatever a model is made of."""

import importlib.util
import re
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from sim.engine import functions
from sim.engine import model as words
from sim.engine.compile import COMPILING, LOADING, SAVED, Job, best_kernel, compile_model
from sim.engine.functions import ANY, BUILTINS, LOOKUPS
from sim.engine.integrate import Series, clock_of, default_inputs, integrate, varying_of
from sim.engine.model import Auxiliary, Call, Constant, Lookup, Model, Number, Reference, Stock
from sim.engine.tables import SHORT
from sim.engine.vensim import read_mdl
from sim.text import Refused

NUMBA = importlib.util.find_spec("numba") is not None
needs_numba = pytest.mark.skipif(not NUMBA, reason="numba is not installed")
GOLDEN = Path(__file__).parents[1] / "golden"
MEMBERS = 37


def everything():
    """A model that has each function and each way of reading a table, of values that vary by
    member and time, among them zero, halves, what is negative, infinite and no number."""
    x, y = Reference("x"), Reference("y")
    points = ((0.0, 1.0), (1.0, 3.0), (2.0, 2.0), (4.0, 5.0))
    uneven = tuple((float(i) ** 1.37, float(i % 7)) for i in range(40))
    steep = ((0.0, 0.0), (1.0, 1.0), (1.00001, 2.0), (3.0, 2.5))
    odd = {"sort_order": (Number(1.0), Number(1.0)), "rank": (Number(0.0), Number(-1.0))}
    parts = {
        "speed": Constant(0.75),
        "level": words.Path(((0.0, 1.0), (3.0, -2.0))),
        "x": Stock(Reference("rise"), Number(-3.0)),
        "rise": Auxiliary(Call("multiply", (Reference("speed"), Reference("level")))),
        "y": Auxiliary(
            Call("divide", (Call("integer", (Call("multiply", (x, Number(2.0))),)), Number(2.0)))
        ),
        "at_first": words.Initial(Call("add", (y, Reference("speed")))),
        "late": words.Pipeline(
            x, Call("multiply", (Reference("speed"), Number(2.0))), Reference("at_first")
        ),
        "behind": Auxiliary(Call("add", (Reference("late"), Reference("at_first")))),
        "aside": Auxiliary(Call("less", (x, y))),
    }
    for name, builtin in BUILTINS.items():
        count = builtin.arity if builtin.arity != ANY else 3
        arguments = (*odd.get(name, ()), *(x, y, Reference("speed"), Call("abs", (y,)))[:count])
        if builtin.one or builtin.formula:
            parts[f"f_{name}"] = Auxiliary(Call(name, arguments))
    for kind in LOOKUPS:
        for word, table in (("even", points), ("long", uneven), ("steep", steep)):
            rising = tuple((px, float(place)) for place, (px, _) in enumerate(table))
            parts[f"l_{kind}_{word}"] = Auxiliary(
                Lookup(rising if kind == "invert" else table, x, kind)
            )
            parts[f"m_{word}"] = Auxiliary(Lookup(table, Call("xidz", (x, y, x)), "interpolate"))
    control = {"initial_time": 0.0, "final_time": 3.0, "time_step": 0.25, "saveper": 0.5}
    parts |= {name: Constant(value) for name, value in control.items()}
    return Model({name: words.Variable(name, name, part) for name, part in parts.items()})


def both(model, inputs, members, method="euler"):
    """What the two kernels compute of all results."""
    clock = replace(clock_of(model), method=method)
    found = []
    for kernel in ("numpy", "numba"):
        system = compile_model(model, varying_of(inputs), kernel=kernel)
        values = {**default_inputs(model, system.inputs), **inputs}
        found.append(integrate(system, values, clock, members))
    return system.kept, *found


def assert_same(kept, numpy, numba):
    for row, name in enumerate(kept):
        finite = numpy[row][np.isfinite(numpy[row])]
        scale = np.abs(finite).max(initial=1e-300)
        np.testing.assert_allclose(
            numba[row], numpy[row], rtol=1e-12, atol=1e-12 * scale, err_msg=name
        )


@needs_numba
@pytest.mark.parametrize("method", ["euler", "rk4"])
def test_every_function_gives_the_same_numbers_in_both_kernels(method):
    rng = np.random.default_rng(5)
    speed = rng.choice([-2.0, -0.5, 0.0, 0.5, 1.0, 3.0], MEMBERS) + rng.uniform(0, 1e-3, MEMBERS)
    speed[:4] = 0.0, np.inf, np.nan, 1.0
    level = Series(np.array([0.0, 1.0, 3.0]), rng.choice([-1.0, 0.0, 0.5, 1.0], (3, MEMBERS)))
    assert_same(*both(everything(), {"speed": speed, "level": level}, MEMBERS, method))


@needs_numba
@pytest.mark.parametrize("case", ["delays", "names"])
def test_a_golden_case_gives_the_same_numbers_in_both_kernels(case):
    assert_same(*both(read_mdl(GOLDEN / case / "model.mdl"), {}, 1))


@needs_numba
def test_a_member_alone_equals_the_member_in_the_crowd_in_the_kernel_too():
    model, rng = everything(), np.random.default_rng(6)
    speed = rng.uniform(-1, 2, MEMBERS)
    system = compile_model(model, {"speed": 1}, ["x", "f_power", "late"], "numba")
    clock, values = clock_of(model), default_inputs(model, system.inputs)
    crowd = integrate(system, {**values, "speed": speed}, clock, MEMBERS)
    for member in (0, 15, 16, MEMBERS - 1):
        alone = integrate(system, {**values, "speed": speed[[member]]}, clock, 1)
        assert np.array_equal(alone[:, :, 0], crowd[:, :, member], equal_nan=True)


@needs_numba
def test_whole_registers_are_used_where_the_processor_has_them():
    from llvmlite.binding import get_host_cpu_features
    from numba import njit

    from sim.engine.scalars import whole_registers

    @njit("void(float64[::1])")
    def doubled(values):
        whole_registers()
        for place in range(len(values)):
            values[place] *= 2.0

    (assembly,) = doubled.inspect_asm().values()
    assert ("zmm" in assembly) == bool(get_host_cpu_features().get("avx512f"))


LATER = """
import sys
from sim.engine.cache import load_model
from sim.engine.compile import compile_model
from sim.engine.integrate import clock_of, default_inputs, integrate
from sim.engine.kernel import is_compiled

model = load_model(sys.argv[1])
system = compile_model(model, kernel="numba")
print(is_compiled(system.source, "euler"), is_compiled(system.source, "rk4"))
print(integrate(system, default_inputs(model, system.inputs), clock_of(model), 1).sum())
"""


@needs_numba
def test_a_later_process_takes_the_compiled_kernel_from_the_cache():
    command = [sys.executable, "-c", LATER, str(GOLDEN / "starts" / "model.mdl")]
    run = partial(subprocess.run, check=True, capture_output=True, text=True)
    first, second = (run(command).stdout.split() for _ in range(2))
    assert (first[:2], second[:2]) == (["False", "False"], ["True", "False"])
    assert first[2] == second[2]


def test_what_the_kernel_lacks_is_named_and_auto_does_without():
    x, one = Reference("x"), Number(1.0)
    entry = Call("inverse", (Number(0.0), Number(0.0), x, one, one, one))
    parts = {"x": Stock(one, Number(2.0)), "entry": Auxiliary(entry)}
    model = Model({name: words.Variable(name, name, part) for name, part in parts.items()})
    with pytest.raises(Refused, match="inverse" if NUMBA else "numba"):
        compile_model(model, kernel="numba")
    assert compile_model(model, kernel="auto", work=10**12).kernel == "numpy"


def test_a_small_run_does_not_wait_for_numba():
    assert compile_model(everything(), {"speed": 1}, kernel="auto", work=1000).kernel == "numpy"


@needs_numba
def test_one_kernel_is_chosen_for_all_jobs_of_a_command(monkeypatch):
    model = everything()
    first, second = ["x", "f_power"], ["x", "f_sqrt", "late"]
    sources = [compile_model(model, {"speed": 1}, kept, "numba") for kept in (first, second)]
    equations = [system.equations for system in sources]
    enough = int((LOADING + 1.1 * COMPILING * equations[0]) / SAVED / equations[0])
    worth = Job({"speed": 1}, first, enough)
    small = Job({"speed": 1}, second, 1000)

    monkeypatch.setattr("sim.engine.compile.is_compiled", lambda source, method: False)
    assert best_kernel(model, [worth]) == "numba"
    assert best_kernel(model, [worth, small]) == "numpy"  # it would wait for two compilations
    assert best_kernel(model, [worth, worth._replace(work=0)]) == "numba"  # the same: made once
    later = sources[1].source
    monkeypatch.setattr("sim.engine.compile.is_compiled", lambda source, method: source == later)
    assert best_kernel(model, [worth, small]) == "numba"


@pytest.mark.parametrize("kernel", ["numpy", pytest.param("numba", marks=needs_numba)])
def test_a_table_before_an_edge_is_read_to_the_last_bit(kernel):
    xs, ys = np.array([0.0, 0.1, 0.2, 0.3, 0.4]), np.array([0.2, 0.737, 0.959, 1.13, 1.273])
    points = tuple(zip(xs.tolist(), ys.tolist(), strict=True))
    read = Lookup(points, Reference("x"))
    edges = [Auxiliary(Call("greater_equal", (read, Number(y)))) for y in ys.tolist()]
    parts = {"rise": Constant(0.0), "x": Stock(Number(0.0), Reference("rise"))}
    parts |= {f"edge_{place}": edge for place, edge in enumerate(edges)}
    control = {"initial_time": 0.0, "final_time": 1.0, "time_step": 1.0, "saveper": 1.0}
    parts |= {name: Constant(value) for name, value in control.items()}
    model = Model({name: words.Variable(name, name, part) for name, part in parts.items()})
    kept = [f"edge_{place}" for place in range(len(ys))]
    system = compile_model(model, {"rise": 1}, kept, kernel)
    found = integrate(system, {"rise": xs}, clock_of(model), len(xs))[:, 0]
    assert np.array_equal(found, ys[None, :] >= ys[:, None])


@pytest.mark.parametrize("exact", [False, True])
def test_few_members_read_a_table_as_many_do(exact):
    xs, ys = np.array([1.0, 2.0, 3.0, 5.0]), np.array([0.2, 0.737, 0.959, 1.13])
    read = functions.reader(xs, ys, exact=exact)
    x = np.array([-np.inf, 0.0, 1.0, 1.3, 2.0, 2.9, 4.7, 5.0, 5.1, 1e300, np.inf, np.nan])
    with np.errstate(invalid="ignore"):
        many = read(x, out=np.empty(len(x)))
    few = [read(x[[place]], out=np.empty(1))[0] for place in range(len(x))]
    assert np.array_equal(many, few, equal_nan=True)
    np.testing.assert_allclose(many, np.interp(x, xs, ys), rtol=1e-14)


@pytest.mark.parametrize("points", [2, 3, 8, SHORT])
def test_a_table_read_by_counting_its_points_has_the_bits_of_a_search(points):
    rng = np.random.default_rng(points)
    xs, ys = np.cumsum(rng.uniform(0.1, 1.0, points)), rng.normal(size=points)
    near = [np.nextafter(xs, -np.inf), xs, np.nextafter(xs, np.inf)]
    x = np.concatenate([rng.uniform(xs[0] - 1, xs[-1] + 1, 500), *near, [np.inf, np.nan]])
    read = functions.reader(xs, ys, exact=True)
    found = read(x, out=np.empty(len(x)))
    assert np.array_equal(found, np.interp(x, xs, ys), equal_nan=True)
    shared = x.copy()  # a value may be read into the array that it was read from
    assert np.array_equal(read(shared, out=shared), found, equal_nan=True)


@needs_numba
def test_a_step_of_euler_has_no_rows_of_runge_and_kutta():
    parts = {"x": Stock(Reference("y"), Number(2.0)), "y": Stock(Reference("x"), Number(2.0))}
    model = Model({name: words.Variable(name, name, part) for name, part in parts.items()})
    source = compile_model(model, kernel="numba").source
    (lanes,) = re.findall(r"^LANES = (\d+)$", source, re.MULTILINE)
    euler, rk4 = source.split("def euler(")[1].split("def rk4(")
    rows = [int(place) // int(lanes) for place in re.findall(r"_s\[(\d+) \+ _i\]", euler)]
    assert max(rows) < 2 * len(parts)  # the stocks as they become, and as they were
    # one loop for all stages would compute all and choose: from what chance left in those rows
    stages = rk4.split("_length = _lengths[_k]")[1]
    assert stages.count(f"for _i in range({len(parts)} * _lanes):") == 3
