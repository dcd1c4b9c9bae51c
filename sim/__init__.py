"""System-dynamics scenarios of a Chinese county: which targets of its plan are met, how surely.

The pipeline, and where it lives::

    model/*.mdl ─ read_mdl ─▶ Model ─ compile_model ─▶ System ─┐             sim.engine
    conf/, scenarios/ ─▶ Parameter, Scenario ─ draw_inputs ─▶ inputs ─ simulate ─▶ runs
                                                                             sim.ensemble
    inputs, runs ─ attainment, drivers ─▶ small labelled tables              sim.analysis
    tables ─▶ figures, CSV, summary                                          sim.report

From Python `sim.run`, `sim.sweep`, `sim.sensitivity`, `sim.reach`, `sim.calibrate`, `sim.backtest`
and `sim.assess` do what the commands do, with the same words (`sim run --help`, conf/run.yaml):
`sim.run("high_methane", draws=5000, seed=1)`. They give labelled tables (xarray), or what holds
several (`help(result)` says which), print nothing, and write nothing unless `output` names a
folder; they compute in this process unless `workers` says otherwise ("auto": all cores).
`sim.load_model` and `sim.simulate` serve any model file, arrays and macros included. What cannot
be is refused with `sim.Refused`, all of it at once.
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from sim.commands.assess import assess
    from sim.commands.backtest import backtest
    from sim.commands.calibrate import calibrate
    from sim.commands.reach import reach
    from sim.commands.run import run
    from sim.commands.sensitivity import sensitivity
    from sim.commands.sweep import sweep
    from sim.engine.cache import load_model
    from sim.ensemble.simulate import simulate_members as simulate
    from sim.text import Refused

__all__ = [
    "Refused",
    "assess",
    "backtest",
    "calibrate",
    "load_model",
    "reach",
    "run",
    "sensitivity",
    "simulate",
    "sweep",
]

_HOMES = {
    "Refused": ("sim.text", "Refused"),
    "load_model": ("sim.engine.cache", "load_model"),
    "run": ("sim.commands.run", "run"),
    "reach": ("sim.commands.reach", "reach"),
    "assess": ("sim.commands.assess", "assess"),
    "backtest": ("sim.commands.backtest", "backtest"),
    "calibrate": ("sim.commands.calibrate", "calibrate"),
    "sensitivity": ("sim.commands.sensitivity", "sensitivity"),
    "sweep": ("sim.commands.sweep", "sweep"),
    "simulate": ("sim.ensemble.simulate", "simulate_members"),
}


def __getattr__(name: str) -> Any:
    """Loads what is asked for when it is asked for: `sim --help` must not wait for NumPy."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    from importlib import import_module

    module, attribute = _HOMES[name]
    value = getattr(import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """What is public, loaded or not: `dir(sim)`, completion and `help(sim)` show it all."""
    return [*__all__, "__version__"]
