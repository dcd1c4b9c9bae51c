"""Where the seconds of `sim run scenario=high_methane` go, part by part, in one process.

    python benchmarks/run_parts.py    # a table; benchmarks/whole_command.py has it in its page

Each part is counted without the parts inside it. Modules are imported first, so that none counts
for the part that happens to need it first.
"""

import importlib
import io
import tempfile
import time
from contextlib import redirect_stdout

IMPORTS = {
    "import Hydra and the settings": ["sim.commands.run"],
    "import xarray, SciPy and the engine": ["sim.commands.result", "sim.commands.until"],
    "import Rich and netCDF4": ["rich.console", "rich.progress", "sim.report.summary", "netCDF4"],
    "import matplotlib": ["sim.report.fan", "sim.report.bars"],
}
PARTS = {
    "compose the configuration": "hydra._internal.hydra:Hydra.compose_config",
    "read and compile the model": "sim.commands.result:study_of sim.commands.result:ensemble_of",
    "draw inputs": "sim.ensemble.stream:Ensemble.inputs",
    "simulate": "sim.ensemble.stream:Ensemble.runs",
    "count targets, fans and drivers": "sim.commands.result:survey sim.commands.result:findings",
    "write members (netCDF)": "sim.ensemble.members:files sim.ensemble.members:Files.keep",
    "write the other tables and texts": "sim.ensemble.store:write_table "
    "sim.commands.result:_write_texts sim.commands.result:facts",
    "draw figures": "sim.report.plots:_drawn",
    "show the table": "sim.report.tables:print_run",
}


def timed(parts, rest="all else"):
    """Puts a clock on every part; returns the seconds by part, which grow, and the clock."""
    spent, inner = dict.fromkeys([*parts, rest], 0.0), []

    def clock(part, function):
        def counted(*given, **named):
            began = time.perf_counter()
            inner.append(0.0)
            try:
                return function(*given, **named)
            finally:
                took = time.perf_counter() - began
                spent[part] += took - inner.pop()
                if inner:
                    inner[-1] += took

        return counted

    for part, places in parts.items():
        for place in places.split():
            module, _, path = place.partition(":")
            owner = importlib.import_module(module)
            *outer, name = path.split(".")
            for each in outer:
                owner = getattr(owner, each)
            setattr(owner, name, clock(part, getattr(owner, name)))
    return spent, lambda function: clock(rest, function)


def measured():
    """The parts and their seconds."""
    found = {}
    for part, modules in IMPORTS.items():
        began = time.perf_counter()
        for module in modules:
            importlib.import_module(module)
        found[part] = time.perf_counter() - began
    spent, clock = timed(PARTS)
    from sim.__main__ import main as sim

    with tempfile.TemporaryDirectory() as output, redirect_stdout(io.StringIO()):
        clock(sim)(["run", "scenario=high_methane", "workers=1", f"output={output}"])
    return found | spent


def parts():
    """The rows of a table of the parts, with their share of the whole."""
    found = measured()
    whole = sum(found.values())
    yield "| part | s | share |"
    yield "| --- " * 3 + "|"
    for part, took in found.items():
        yield f"| {part} | {took:.2f} | {took / whole:.0%} |"
    yield f"| together | {whole:.2f} | |"


if __name__ == "__main__":
    print("\n".join(parts()))
