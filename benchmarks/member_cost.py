"""What one member costs: the county model here, 10,000 at once, against one run in PySD.

    python benchmarks/member_cost.py [members]

Both are warm and run in this process, in turn. Prints seconds, their ratio, and nanoseconds per
member, step and equation (stocks and auxiliaries that the kept variables need).
"""

import shutil
import statistics
import sys
import tempfile
import time
import warnings
from pathlib import Path

from sim import data
from sim.commands.result import study_of
from sim.config import compose
from sim.engine.compile import compile_model
from sim.ensemble.inputs import draw_inputs
from sim.ensemble.simulate import simulate, varying_dims

ROUNDS = 5


def main(members: int) -> None:
    settings = compose(scenario="baseline", draws=members)
    study = study_of(settings)
    scenarios = settings.scenarios[:1]
    inputs = draw_inputs(study.model, study.table, scenarios, study.clock, members, settings.seed)
    system = compile_model(study.model, varying_dims(inputs), study.kept)
    reference = pysd_model(settings.model)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(timed(reference.run))
        ours.append(timed(lambda: simulate(study.model, system, inputs, study.clock)) / members)
    report(members, statistics.median(ours), statistics.median(theirs), study, system)


def pysd_model(file: Path):
    """The model in PySD, which writes a Python file beside it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pysd

        folder = Path(tempfile.mkdtemp())
        return pysd.read_vensim(str(shutil.copy(file, folder / file.name)))


def timed(work) -> float:
    began = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        work()
    return time.perf_counter() - began


def report(members, ours, theirs, study, system) -> None:
    equations = system.source.count("        # ")
    per = ours / study.clock.steps / equations * 1e9
    print(
        f"model      {data.model_file().name}: {equations} equations at each step, "
        f"{len(system.stocks)} stocks, {study.clock.steps} steps"
    )
    print(f"members    {members}")
    print(f"this       {ours * 1e6:.1f} µs per member; {per:.2f} ns per member, step and equation")
    print(f"PySD       {theirs:.3f} s per run")
    print(f"ratio      {theirs / ours:,.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
