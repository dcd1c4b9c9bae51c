"""What a run may be told: from what a person types to checked, plain Python settings.

overrides.py    what people type → Hydra's overrides
composition.py  overrides → one composed configuration (Hydra; the one place that knows it)
reading.py      one entry of a configuration → plain Python
levels.py       what is given to levers, assumptions and parameters
settings.py     configuration → RunSettings, checked; all that is wrong, at once
room.py         whether there is room for what is asked
"""

from sim.config.composition import RUN, Face, compose, compose_for, hydra_command, recorded
from sim.config.reading import hydra_files
from sim.config.room import refuse_disk, refuse_memory
from sim.config.settings import RunConfig, RunSettings, settings_of

__all__ = [
    "RUN",
    "Face",
    "RunConfig",
    "RunSettings",
    "compose",
    "compose_for",
    "hydra_command",
    "hydra_files",
    "recorded",
    "refuse_disk",
    "refuse_memory",
    "settings_of",
]
