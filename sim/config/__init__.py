"""What a run may be told: from what a person types to checked, plain Python settings.

overrides.py    what people type → Hydra's overrides
composition.py  overrides → one composed configuration (Hydra; the one place that knows it)
settings.py     configuration → RunSettings, checked; all that is wrong, at once
"""

from sim.config.composition import compose, hydra_command, recorded
from sim.config.settings import (
    RunConfig,
    RunSettings,
    hydra_files,
    refuse_memory,
    settings_of,
)

__all__ = [
    "RunConfig",
    "RunSettings",
    "compose",
    "hydra_command",
    "hydra_files",
    "recorded",
    "refuse_memory",
    "settings_of",
]
