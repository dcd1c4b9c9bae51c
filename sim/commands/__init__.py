"""The commands: each a module here, with `main(arguments, lang) -> exit status`."""

HYDRA = ("run", "reach", "sweep", "sensitivity", "calibrate", "assess", "backtest")
"""Those whose arguments are Hydra's."""
COMMANDS = (
    *HYDRA,
    "scenarios",
    "explain",
    "check",
    "docs",
    "model",
    "again",
    "plot",
    "table",
    "report",
    "verify",
    "trace",
    "completion",
)
