"""Which feedback loops matter: each named loop cut in turn, `python benchmarks/loop_knockout.py`.

Prints a table in Markdown, strongest first: `benchmarks/loops.md` is its output.
"""

import sys

from sim import data
from sim.analysis.knockout import WEAK, Cut, cuts
from sim.engine.cache import load_model
from sim.ensemble.loops import read_loops
from sim.ensemble.scenario import read_parameters, read_scenario

DRAWS = 50
HEAD = f"""\
# Loops cut one at a time

{DRAWS} draws of the baseline, 2015–2035: `python benchmarks/loop_knockout.py`. A loop is cut by
holding one cause, in one equation, at its value of 2015; the change is that of the cause, which
has come back around the loop: relative to its largest value, the largest over time. Weak: below
{WEAK:.1%} in half of the draws or more. Other loops through the same link are cut with it.

| loop | R/B | cut | median change | draws above {WEAK:.1%} |
| --- | --- | --- | --- | --- |"""


def row(one: Cut) -> str:
    """A line of the table."""
    name = f"{one.loop.title.zh} {one.loop.title.en}" + (" (weak)" if one.median < WEAK else "")
    kind = "R" if one.loop.polarity > 0 else "B"
    return f"| {name} | {kind} | {one.cause} → {one.effect} | {one.median:.2%} | {one.share:.0%} |"


def main() -> None:
    """Cuts every loop and prints what that does."""
    model = load_model(data.model_file())
    table = read_parameters(data.sector_folder())
    baseline = read_scenario("baseline", data.scenario_folders())
    loops = list(read_loops(data.loops_file()).named.values())
    found = []
    for number, one in enumerate(cuts(model, table, baseline, loops, DRAWS, seed=1), start=1):
        print(f"\r{number}/{len(loops)}", end="", file=sys.stderr, flush=True)
        found.append(one)
    print(HEAD)
    print("\n".join(row(one) for one in sorted(found, key=lambda one: -one.median)))


if __name__ == "__main__":
    main()
