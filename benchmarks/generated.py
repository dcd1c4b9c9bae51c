"""Well-formed models made at random give the numbers that PySD gives, to 1e-9.

    python benchmarks/generated.py 10000 --minutes 5    # against PySD: five minutes' worth of them,
                                                        # from where the last such slice ended
    python benchmarks/generated.py 1000 --peer simlin   # against simlin; "simlin, RK4" by Runge's
                                                        # and Kutta's method
    python benchmarks/generated.py 1 --first 4711       # one case, its file, and what differs

Case `i` depends on the seed and on `i` alone. What PySD and simlin are known to do otherwise than
Vensim's manual says is in DIFFERENT, each with its reason, and is not generated. The tests let
Hypothesis hand the generator its random numbers, so that a model that fails is made small
(tests/engine/test_generated.py).
"""

import argparse
import collections
import itertools
import multiprocessing
import random
import re
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import slices

TOLERANCE = 1e-9

DIFFERENT = {
    "SMOOTHI(x, 2, 1)": "PySD keeps an integer state, which cuts off what follows; starts are "
    "written with a decimal point",
    "PULSE(1, 0)": "PySD never lets a pulse of no width begin; the manual gives it one step",
    "DELAY3(x, short)": "PySD lowers the order of a delay shorter than its stages' steps; delays "
    "here are longer than three steps",
    "(-2)^2": "PySD reads -(2^2). Powers here are of numbers without brackets, or of what is no "
    "number",
    "a :AND: b :OR: c": "PySD joins from the right; Vensim and simlin let :AND: bind first. For "
    "PySD :OR: comes first",
    "MODULO(-1, 3)": "simlin gives 2; PySD and the manual -1: its operands are not negative",
    "INTEGER(-1.5)": "PySD and the manual give -1, simlin -2: its operands are not negative",
    "TANH, WITH LOOKUP within an expression, PULSE, macros": "not in simlin, whose models have "
    "none",
    "TREND(SAMPLE IF TRUE(stock > 1, …), …)": "PySD does not see that a held value waits for the "
    "stocks in its condition, and fails; counted as a known fault",
    "IF THEN ELSE(x[side] > 1, x[side], 2)": "PySD fails where one branch is no array and all "
    "elements take it; both are arrays here",
    "several macros": "PySD's reader of files stops at the second; one here",
    "SAVEPER = 2*TIME STEP, with DELAY FIXED": "what PySD computes depends on how often it saves; "
    "such models save every step",
    "GET TIME VALUE(1, …)": "PySD has it of the time itself alone",
    "x = :NA:": "PySD's is no number, which equals none; to Vensim :NA: equals itself",
    "RANDOM …": "PySD ignores seeds: not generated",
    "STEP, RAMP by Runge's and Kutta's method": "simlin takes them within a step, Vensim's manual "
    "holds them: no model for this method has any",
}
"""What is not generated, and why."""


SETTINGS = r"""
\\\---/// Sketch information - do not modify anything except names
V300  Do not put anything below this section - it will be ignored
///---\\\
:L<%^E!@
15:0,0,0,5,0,0
"""
"""What follows the equations of a file that asks for Runge's and Kutta's method."""


@dataclass
class Maker:
    """Makes one model: every equation reads only what stands before it, stocks excepted.

    A `plain` one keeps to what simlin reads too: no macros, no table within an expression, and
    of the functions that remember SMOOTH, DELAY1, DELAY3 and INITIAL alone. One `by_rk4` asks for
    Runge's and Kutta's method and changes with time by sines.
    """

    rng: random.Random
    plain: bool = False
    by_rk4: bool = False
    lines: list[str] = field(default_factory=list)
    scalars: list[str] = field(default_factory=list)
    arrays: dict[str, str] = field(default_factory=dict)
    planes: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    step: float = 1.0

    def model(self) -> str:
        rng = self.rng
        self.step = rng.choice([1.0, 0.5, 0.25, 0.125])
        start = rng.choice([0, 2, -3, 2015])
        steps = rng.randint(4, 16)
        self.clock = (start, start + steps * self.step)
        if rng.random() < 0.6:
            self.add("side: east, middle, west" + ("" if self.plain else " -> echo"))
            self.add("edge: east, west")
        if self.has_arrays and not self.plain:
            self.add("echo: first, second, third")
            self.add("layer: upper, lower")
        stocks = [f"stock {i}" for i in range(rng.randint(1, 4))]
        self.scalars = ["Time", *stocks]
        for i in range(rng.randint(1, 4)):
            self.define(f"constant {i}", self.number())
        for i in range(rng.randint(0, 2)):
            self.tables.append(f"table {i}")
            self.add(f"table {i}({self.points()})")
        if rng.random() < 0.25 and not self.plain:
            self.add_macro()
        for i in range(rng.randint(2, 7)):
            kind = rng.random()
            if kind < 0.3 and self.has_arrays:
                self.add_array(f"array {i}")
            else:
                self.define(f"value {i}", self.memory() if kind > 0.7 else self.expression(3))
        for stock in stocks:
            flow = f"ARCTAN({self.expression(3)}) - {stock}/{rng.uniform(4, 30):.3f}"
            start_value = rng.choice(
                [self.number(), "constant 0", f"2.5*constant 0 + {self.number()}"]
            )
            self.add(f"{stock} = INTEG({flow}, {start_value})")
        rng.shuffle(self.lines)
        if self.has_arrays:  # PySD wants a range before what it holds
            self.lines.sort(key=lambda line: not line.startswith(RANGES))
        else:
            self.lines.sort(key=lambda line: not line.startswith(":MACRO:"))
        self.add_controls(start, steps)
        return "{UTF-8}\n" + "\n".join([*self.lines, *[SETTINGS] * self.by_rk4])

    @property
    def has_arrays(self) -> bool:
        return any(line.startswith("side:") for line in self.lines)

    def add(self, statement: str) -> None:
        self.lines.append(f"{statement} ~ Dmnl ~ |")

    def define(self, name: str, right: str) -> None:
        self.add(f"{name} = {right}")
        self.scalars.append(name)

    def add_controls(self, start: float, steps: int) -> None:
        self.add(f"INITIAL TIME = {start}")
        self.add(f"FINAL TIME = {self.clock[1]}")
        self.add(f"TIME STEP = {self.step}")
        held = any("DELAY FIXED" in line for line in self.lines)
        wider = [2 * self.step] if steps % 2 == 0 and not (self.plain or held) else []
        self.add(f"SAVEPER = {self.rng.choice(['TIME STEP', self.step, *wider])}")

    def add_macro(self) -> None:
        inner = self.rng.choice(
            [
                "ROUGH = a*0.5 + SQRT(ABS(b))",
                "ROUGH = INTEG((a - ROUGH)/5.5, b)",
                "ROUGH = inside + b ~~|\ninside = a*0.25",
                "ROUGH = MIN(held, b) ~~|\nheld = INTEG(ARCTAN(a) - held/7.5, 2.5*b)",
            ]
        )
        self.lines.append(f":MACRO: ROUGH(a, b)\n{inner} ~ ~ |\n:END OF MACRO:")

    # --- arrays

    def add_array(self, name: str) -> None:
        rng = self.rng
        if not self.plain and rng.random() < 0.5:
            self.add_elaborate(name)
            return
        kind = rng.randrange(5)
        if kind == 0:
            self.add(f"{name}[side] = {', '.join(self.number() for _ in range(3))}")
        elif kind == 1:
            self.add(f"{name}[edge] = {self.element_expression('edge')}")
            self.add(f"{name}[middle] = {self.expression(2)}")
        elif kind == 2:
            self.add(f"{name}[side] :EXCEPT: [middle] = {self.element_expression('side')}")
            self.add(f"{name}[middle] = {self.number()}")
        elif kind == 3 and self.arrays:
            inner = self.element_expression("side")
            self.add(f"{name}[side] = INTEG(ARCTAN({inner}) - {name}[side]/7.5, {self.number()})")
        else:
            self.add(f"{name}[side] = {self.element_expression('side')}")
        self.arrays[name] = "side"

    def add_elaborate(self, name: str) -> None:
        """An array that simlin does not read: of two ranges, mapped, sorted or remembered."""
        rng = self.rng
        kind = rng.randrange(6)
        late = f"{self.step * rng.uniform(3.2, 9):.4f}"
        if kind == 0 or not self.arrays:
            left, other = self.element_expression("side"), self.expression(1)
            self.add(f"{name}[side, layer] = ({left})*layer - {other}")
            self.planes.append(name)
            return
        array = rng.choice(list(self.arrays))
        if kind == 1:
            self.add(f"mapped {name}[echo] = {array}[side]*0.5 + echo")
            self.add(f"{name}[side] = mapped {name}[second] - {array}[side]")
        elif kind == 2:
            order = rng.choice(["VECTOR SORT ORDER", "VECTOR RANK"])
            self.add(f"{name}[side] = {order}({array}[side], {rng.choice([1, -1])})")
        elif kind == 3:
            function = rng.choice(["SMOOTH", "SMOOTH3", "DELAY1", "DELAY3"])
            self.add(f"{name}[side] = {function}({array}[side], {late})")
        elif kind == 4 and self.planes:
            plane = rng.choice(self.planes)
            self.add(f"{name}[side] = SUM({plane}[side, layer!]) - {plane}[side, upper]*0.3")
        else:
            yes, no = f"{array}[side]", f"{array}[side]*0.5 + {self.atom()}"
            one = f"IF THEN ELSE({array}[side] > {self.number()}1, {yes}, {no})"
            self.add(f"{name}[side] = {one}")
        self.arrays[name] = "side"

    def element_expression(self, subscript: str) -> str:
        inner = self.expression(2)
        if not self.arrays:
            return f"{inner} + {subscript}*0.5" if subscript == "side" else inner
        array = self.rng.choice(list(self.arrays))
        return f"{inner}{self.rng.choice('+-')} {self.rng.uniform(0.1, 2):.2f}*{array}[{subscript}]"

    # --- expressions

    def number(self) -> str:
        return f"{self.rng.uniform(0.1, 9.0):.3f}"

    def points(self) -> str:
        xs = sorted(self.rng.sample(range(-20, 40), self.rng.randint(2, 6)))
        pairs = ",".join(f"({x / 2},{self.rng.uniform(-3, 3):.2f})" for x in xs)
        return f"[(-10,-3)-(20,3)],{pairs}" if self.rng.random() < 0.5 else pairs

    def atom(self) -> str:
        rng = self.rng
        choice = rng.random()
        if choice < 0.2:
            return self.number()
        if choice < 0.3 and self.arrays:
            return f"{rng.choice(list(self.arrays))}[{rng.choice(['east', 'middle', 'west'])}]"
        if choice < 0.38 and self.arrays:
            return self.gathered()
        return rng.choice(self.scalars)

    def gathered(self) -> str:
        """A number out of a whole array."""
        rng = self.rng
        array = rng.choice(list(self.arrays))
        usual = [f"{function}({array}[side!])" for function in ("SUM", "VMIN", "VMAX")]
        if self.plain:
            return rng.choice(usual)
        chosen = f"VECTOR SELECT(weight[side!], {array}[side!], 0, {rng.choice([0, 2])}, 0)"
        if not any(line.startswith("weight[") for line in self.lines):
            self.add(f"weight[side] = {', '.join(rng.choice('01') for _ in range(3))}")
        planes = [f"SUM({plane}[side!, layer!])" for plane in self.planes]
        rows = [f"VMAX({plane}[middle, layer!])" for plane in self.planes]
        product = f"ARCTAN(PROD({array}[side!]))"
        return rng.choice(
            [*usual, product, f"ELMCOUNT(side)*{array}[west]", chosen, *planes, *rows]
        )

    def when(self) -> str:
        """A time off the grid, so that no rounding decides on which side of it a step lies."""
        start, end = self.clock
        return f"{self.rng.uniform(start, end) // self.step * self.step + 0.37 * self.step:.6f}"

    def condition(self) -> str:
        rng = self.rng
        left = f"{self.atom()} {rng.choice(['>', '<', '>=', '<='])} {self.number()}1"
        right = f"Time {rng.choice('<>')} {self.when()}"
        other = f"{self.atom()} < {self.number()}1"
        usual = [left, right, f"{left} :AND: {right}", f"{left} :OR: {right}", f":NOT: ({left})"]
        usual.append(f"{left} :OR: {right} :AND: {other}")
        return rng.choice([*usual, f"{left} :AND: {right} :OR: {other}"] if self.plain else usual)

    def expression(self, depth: int) -> str:
        if depth == 0 or self.rng.random() < 0.15:
            return self.atom()
        return self.rng.choice(PLAIN_FORMS if self.plain else FORMS)(self, depth - 1)

    def memory(self) -> str:
        """A function that remembers, over something simple."""
        rng = self.rng
        x, late = self.expression(1), f"{self.step * rng.uniform(3.2, 9):.4f}"
        start = self.number()
        usual = [
            f"SMOOTH({x}, {late})",
            f"SMOOTHI({x}, {late}, {start})",
            f"SMOOTH3({x}, {late})",
            f"SMOOTH3I({x}, {late}, {start})",
            f"DELAY1({x}, {late})",
            f"DELAY1I({x}, {late}, {start})",
            f"DELAY3({x}, {late})",
            f"DELAY3I({x}, {late}, {start})",
            f"INITIAL({x})",
        ]
        if self.plain:
            return rng.choice(usual)
        return rng.choice(
            [
                *usual,
                f"SMOOTH N({x}, {late}, {start}, {rng.randint(1, 3)})",
                f"DELAY N({x}, {late}, {start}, {rng.randint(1, 3)})",
                f"DELAY FIXED({x}, {self.step * rng.randint(1, 6)}, {start})",
                f"TREND({x}, {late}, 0.{rng.randint(1, 9)})",
                f"FORECAST({x}, {late}, {start})",
                f"ACTIVE INITIAL({x}, {start})",
                f"SAMPLE IF TRUE({self.condition()}, {x}, {start})",
            ]
        )


def _call(pattern):
    return lambda maker, depth: pattern.format(
        *(maker.expression(depth) for _ in range(pattern.count("{}")))
    )


def _table(maker, depth):
    if maker.plain and not maker.tables:
        return maker.expression(depth)
    if maker.tables:
        return f"{maker.rng.choice(maker.tables)}({maker.expression(depth)})"
    return f"WITH LOOKUP({maker.expression(depth)}, ({maker.points()}))"


def _choice(maker, depth):
    yes, no = maker.expression(depth), maker.expression(depth)
    return f"IF THEN ELSE({maker.condition()}, {yes}, {no})"


def _in_time(maker, depth):
    a, b = sorted([maker.when(), maker.when()], key=float)
    if maker.by_rk4:
        return f"SIN(Time*{maker.number()})"
    wide, apart = 1.5 * maker.step, 4.25 * maker.step
    usual = [f"STEP({maker.number()}, {a})", f"RAMP({maker.number()}, {a}, {b})"]
    others = [f"PULSE({a}, {wide})", f"PULSE TRAIN({a}, {wide}, {apart}, {b})"]
    others.append(f"GET TIME VALUE(0, {maker.number()}, 0)")
    return maker.rng.choice(usual if maker.plain else [*usual, *others])


def _macro(maker, depth):
    if any(line.startswith(":MACRO:") for line in maker.lines):
        return f"ROUGH({maker.atom()}, {maker.number()})"
    return maker.expression(depth)


FORMS = [
    *[
        _call(p)
        for p in ("{} + {}", "{} - {}", "({} + {})/3.5", "{}*0.25 - {}/7.5", "({})*({})/9.5")
    ],
    *[_call(p) for p in ("MAX({}, {})", "MIN({}, {})", "ABS({})", "SQRT(ABS({}))", "-({})")],
    *[_call(p) for p in ("LN(ABS({}) + 1.5)", "EXP(-ABS({}))", "SIN({})", "COS({})", "ARCTAN({})")],
    *[_call("ZIDZ({}, INTEGER(ABS({})))")],
    *[_call(p) for p in ("MODULO(ABS({}), 3.5)", "INTEGER(ABS({}))", "{}/7.5 - -1.5^2 + -0.5^2")],
    *(_table, _choice, _choice, _in_time, _in_time),
]
PLAIN_FORMS = list(FORMS)
FORMS += [
    _call(p) for p in ("MODULO({}, 3.5)", "INTEGER({} + 0.123)", "QUANTUM({}, 0.7)", "TANH({})")
]
FORMS += [_call(p) for p in ("LOG(ABS({}) + 1.5, 3)", "POWER(ABS({}) + 0.1, 0.7)", "SINH(SIN({}))")]
FORMS += [_call(p) for p in ("(ABS({}) + 0.5)^1.5", "XIDZ({}, INTEGER(ABS({})), 2.5)")]
FORMS += [_call(p) for p in ("ARCSIN(0.9*SIN({}))", "ARCCOS(0.9*COS({}))", "TAN(COS({}))")]
FORMS += [_macro, _macro]
RANGES = (*("side:", "edge:", "echo:", "layer:"), ":MACRO:")


def text_of(seed: int, case: int, peer: "Peer | None" = None) -> str:
    """The text of a case's model, for a peer (default: PySD)."""
    peer = peer or PEERS["PySD"]
    return Maker(random.Random(f"{seed}:{case}"), peer.plain, peer.by_rk4).model()


# --- the same model, three times


def ours(file):
    """Every variable over time by its name, elements as `x[a]`."""
    from sim.engine.compile import compile_model
    from sim.engine.integrate import clock_of, default_inputs, integrate
    from sim.engine.vensim import read_mdl

    model = read_mdl(file)
    system, clock = compile_model(model), clock_of(model)
    saved = integrate(system, default_inputs(model, system.inputs), clock, 1)
    return dict(zip(system.kept, saved[:, :, 0], strict=True))


def of_pysd(file):
    """PySD's numbers for the same."""
    import pysd

    from sim.engine.model import canonical

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = pysd.read_vensim(str(file)).run()
    found = {}
    for title in table:
        name, bracket, inside = title.partition("[")
        inside = ",".join(canonical(element) for element in inside.rstrip("]").split(","))
        found[canonical(name) + (f"[{inside}]" if bracket else "")] = table[title].to_numpy(float)
    return found


@lru_cache
def hurry():
    """Spares PySD the layout of the file that it writes, half of its time, and the second reading
    of an equation whose grammar is the same."""
    from parsimonious.grammar import Grammar
    from pysd.builders.python import python_model_builder

    python_model_builder.black.format_file_contents = lambda text, **_: text
    Grammar.__hash__ = object.__hash__  # PySD keeps one of each kind
    Grammar.parse = lru_cache(2000)(Grammar.parse)


def of_simlin(file):
    """Simlin's numbers for the same."""
    import simlin

    table = simlin.load(file).run(analyze_loops=False).results
    return {name: table[name].to_numpy(float) for name in table}


def differences(mine, theirs):
    """The names whose numbers differ, with both at the first time at which they do."""
    found = {}
    for name in mine.keys() & theirs.keys():
        a, b = mine[name], theirs[name]
        with np.errstate(all="ignore"):
            same = (np.abs(a - b) <= TOLERANCE * np.maximum(1.0, np.abs(b))) | (a == b)
        same |= np.isnan(a) & np.isnan(b)
        if not same.all():
            at = int(np.argmin(same))
            found[name] = (at, float(a[at]), float(b[at]))
    return found


def nudged(text, turn):
    """The text with every number that is not whole a little larger or smaller, as chance wills in
    this turn: by one part in 10^13."""
    rng = random.Random(turn)
    head, controls, tail = text.partition("INITIAL TIME")

    def moved(found):
        return repr(float(found[0]) * (1 + rng.choice((-1e-13, 1e-13))))

    return re.sub(r"\d+\.\d*[1-9]", moved, head) + controls + tail


def is_shaky(text, found, folder):
    """Whether numbers differ no more than they do when the model's own numbers are nudged: the
    sine of a large quotient, for instance, has no ninth digit, and whether 1.4 holds 0.7 twice
    hangs on the last bit."""
    file = folder / "nudged.mdl"
    for turn in range(NUDGES):
        file.write_text(nudged(text, turn), encoding="utf-8")
        other = ours(file)
        if all(
            abs(other[name][at] - mine) > 0.1 * abs(mine - theirs)
            for name, (at, mine, theirs) in found.items()
        ):
            return True
    return False


NUDGES = 16


class Peer(NamedTuple):
    """Whose numbers are compared: how a file gives them, and what models it reads (see Maker)."""

    numbers: Callable[[Path], dict[str, Any]]
    plain: bool = False
    by_rk4: bool = False


PEERS = {
    "PySD": Peer(of_pysd),
    "simlin": Peer(of_simlin, plain=True),
    "simlin, RK4": Peer(of_simlin, plain=True, by_rk4=True),
}


def outcome(seed: int, case: int, peer: str = "PySD"):
    """What `compared` says of a case."""
    return compared(text_of(seed, case, PEERS[peer]), PEERS[peer])


def compared(text: str, peer: Peer):
    """One model: "same", "different", "shaky" where its own numbers are not known to 1e-9, "known
    fault" of the peer, "theirs fails" or "ours fails"; with words."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "generated.mdl"
        file.write_text(text, encoding="utf-8")
        try:
            mine = ours(file)
        except Exception as error:
            return "ours fails", repr(error)
        try:
            theirs = peer.numbers(file)
        except Exception as error:
            known = "before it is initialized" in str(error)
            return "known fault" if known else "theirs fails", repr(error)
        shared = mine.keys() & theirs.keys()
        if len(shared) < 5:
            return "different", f"only {sorted(shared)} in both"
        found = differences(mine, theirs)
        if not found:
            return "same", f"{len(shared)} variables"
        return ("shaky" if is_shaky(text, found, Path(folder)) else "different"), str(found)


FINE = {"same", "shaky", "known fault"}


def outcomes(cases, seed, peer, processes=1):
    """The cases in order, each with its outcome."""
    if processes == 1:
        hurry()
        yield from ((case, *outcome(seed, case, peer)) for case in cases)
        return
    coming = iter(cases)
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes, hurry) as pool:
        while batch := list(itertools.islice(coming, BATCH * processes)):
            found = pool.starmap(outcome, [(seed, case, peer) for case in batch], 1)
            yield from ((case, *said) for case, said in zip(batch, found, strict=True))


BATCH = 20
"""Models that a process compares before all look at the clock."""


def run(cases, seed=1, peer="PySD", say=print, processes=1):
    """How many generated models came out how."""
    counts = collections.Counter()
    for number, (case, kind, said) in enumerate(outcomes(cases, seed, peer, processes), 1):
        counts[kind] += 1
        if kind not in FINE:
            say(f"case {case}, {peer}: {kind}: {said}"[:800])
        if number % 1000 == 0:
            say(f"{number}: {dict(counts)}")
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("cases", type=int, nargs="?", default=100)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--peer", choices=PEERS, default="PySD")
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    if given.cases == 1:
        print(text_of(given.seed, given.first, PEERS[given.peer]))
    began, check = time.perf_counter(), f"generated, {given.peer}"
    first, end = given.first, given.first + given.cases
    if given.minutes:
        first, end = slices.first_undone(check, given.seed), given.cases
    cases = slices.within(range(first, end), given.minutes)
    counts = run(cases, given.seed, given.peer, processes=min(given.processes, given.cases))
    seconds = time.perf_counter() - began
    if given.minutes and counts:
        slices.keep(check, given.seed, first, counts, seconds)
    print(
        f"{sum(counts.values())} generated models against {given.peer}, seed {given.seed}, "
        f"from {first}: {dict(counts)}; {seconds:.0f} s"
    )
    return 0 if set(counts) <= FINE else 1


if __name__ == "__main__":
    sys.exit(main())
