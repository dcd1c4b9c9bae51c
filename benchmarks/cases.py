"""The models that are measured, and an ensemble of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim import data
from sim.engine.cache import load_model
from sim.engine.integrate import Clock, Input, clock_of, default_inputs, varying_of
from sim.engine.model import CONTROL, Constant, Model
from sim.engine.program import Program, program_of
from sim.engine.varying import Variation

MODELS = Path(__file__).parent / "models"
VARIED = 8


@dataclass(frozen=True)
class Case:
    """A model, some of whose constants differ by member by up to a tenth, and what is kept."""

    name: str
    file: Path
    keep: tuple[str, ...]
    model: Model
    clock: Clock

    def inputs(self, members: int, seed: int = 1) -> dict[str, Input]:
        """The model's own inputs, the varied ones an array (members,)."""
        rng = np.random.default_rng(seed)
        values = default_inputs(self.model, self.model.inputs)
        for name in self.varied:
            values[name] = values[name] * rng.uniform(0.9, 1.1, members)
        return values

    @property
    def varied(self) -> list[str]:
        """The constants that differ by member: the first of the model that are not zero."""
        found = [
            name
            for name in self.model.inputs
            if name not in CONTROL
            and isinstance(self.model.definition(name), Constant)
            and self.model.definition(name).value not in (0.0, 1.0)
        ]
        return found[:VARIED]

    @property
    def varying(self) -> Mapping[str, int]:
        return {name: level for name, level in varying_of(self.inputs(2)).items() if level & 1}

    @property
    def program(self) -> Program:
        return program_of(self.model, Variation(self.model, self.varying), self.keep)

    @property
    def equations(self) -> int:
        """Stocks and auxiliaries behind what is kept that change with time."""
        return self.program.equations


def cases() -> list[Case]:
    """From the smallest to the county; `epidemic` is as large as `regions`, without tables."""
    keep = {
        "teacup": ("teacup_temperature",),
        "sir": ("infectious", "reproduction"),
        "regions": ("north_people", "coast_output_per_head", "coast_smoke_index"),
        "epidemic": ("all_infectious", "all_dead", "north_concern"),
        "qinshui": ("coal_output", "cbm_output", "resident_population"),
    }
    files = [MODELS / f"{name}.mdl" for name in ("teacup", "sir", "epidemic", "regions")]
    found = []
    for file in [*files, data.model_file()]:
        model = load_model(file)
        kept = tuple(name for name in keep[file.stem] if name in model.variables)
        found.append(Case(file.stem, file, kept, model, clock_of(model)))
    return found
