"""The files that belong to a model: the county's lie in conf/, another model's beside it.

The folder of another model may hold what conf/ holds for the county, under the same names:
`sector/*.yaml`, `dependence.yaml`, `targets.yaml`, `headline.yaml`, `figures.yaml`,
`history/*.csv`, `prices.csv`; and `scenarios/*.yaml`. None need be there: without a parameter table
the constants of the model are its parameters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim import data
from sim.engine.cache import load_model
from sim.engine.model import CONTROL, Auxiliary, Constant, Model, Stock, canonical
from sim.engine.model import Path as Course
from sim.ensemble.dependence import read_dependence
from sim.ensemble.scenario import (
    OPEN,
    Parameter,
    Scenario,
    is_distribution,
    read_parameters,
    read_scenario,
)
from sim.ensemble.target import Targets, read_targets
from sim.text import Text

BASELINE = "baseline"
MAIN = 12
"""Variables that a run keeps of a model that names none: its stocks, the first of them."""


@dataclass(frozen=True)
class Home:
    """A model file, and whether it is the county's model or a version of it."""

    model: Path
    county: bool = True

    @property
    def folder(self) -> Path:
        """Where the files of the model lie."""
        return data.conf_folder() if self.county else self.model.resolve().parent

    @property
    def dependence(self) -> Path:
        """The file of rank correlations between parameters; it need not exist."""
        return data.dependence_file() if self.county else self.folder / "dependence.yaml"

    @property
    def skill(self) -> Path:
        """The file of how often stated probabilities came true; it need not exist."""
        return self.folder / "skill.csv"

    @property
    def history(self) -> Path:
        """The folder of what was observed; it need not exist."""
        return self.folder / "history"

    @property
    def prices(self) -> Path:
        """The file of prices from before the paths of the model begin; it need not exist."""
        return self.folder / "prices.csv"

    @property
    def scenario_folders(self) -> list[Path]:
        """Where scenarios are looked for, the user's folders first; the county's are no other
        model's, though a command may be given in its folder."""
        *own, of_county = data.scenario_folders()
        if self.county:
            return [*own, of_county]
        folders = [*own, self.folder / "scenarios"]
        return [folder for folder in folders if folder.resolve() != of_county.resolve()]

    @property
    def sources(self) -> dict[str, list[Path]]:
        """The files that the numbers of a run depend on."""
        return {
            "model": [self.model],
            "parameters": [
                *sorted((self.folder / "sector").glob("*.yaml")),
                *filter(Path.is_file, [self.dependence]),
            ],
            "targets": sorted(self.folder.glob("targets.yaml")),
            "history": [
                *sorted(self.history.glob("*.csv")),
                *filter(Path.is_file, [self.prices]),
            ],
        }

    def scenario(self, name: str) -> Scenario:
        """A scenario by its name; the baseline of a model that has none is the model as it is."""
        found = data.list_scenarios(self.scenario_folders)
        if name == BASELINE and name not in found and not self.county:
            title = Text(f"{self.model.stem}：模型原样", f"{self.model.stem}: the model as it is")
            return Scenario(name, title, Text("参数取模型中的值。", "All values are the model's."))
        return read_scenario(name, self.scenario_folders)

    def table(self) -> dict[str, Parameter]:
        """The parameter table; what another model's does not name has the model's own value.
        Whether names and units are the model's is asked where it is run."""
        written = read_parameters(self.folder / "sector")
        written = read_dependence(self.dependence, written)
        if self.county:
            return written
        model = load_model(self.model)
        known = {name: _as_written(model, name) for name in model.inputs if name not in CONTROL}
        own = {canonical(name): replace(p, name=canonical(name)) for name, p in written.items()}
        return known | own

    def is_uncertain(self, levels: Mapping[str, Any]) -> bool:
        """Whether draws differ: by a distribution among `levels`, parameters or what is given for
        them, or by a random function of the model."""
        drawn = (
            is_distribution(level)
            if not isinstance(level, Parameter)
            else level.distribution is not None
            for level in levels.values()
        )
        return self.county or any(drawn) or bool(load_model(self.model).noises)

    def targets(self) -> Targets:
        """The targets; none where there is no file of them."""
        file = self.folder / "targets.yaml"
        if self.county:
            return read_targets(file)
        if not file.is_file():
            return Targets({}, {})
        simulated, tracked = read_targets(file)
        unit = load_model(self.model).time_unit
        counted = {
            name: replace(own, time_unit=unit, variable=canonical(own.variable))
            for name, own in simulated.items()
        }
        return Targets(counted, tracked)

    def wholes(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """What figures stack: figure → panel → the variables that add up to its whole."""
        file = self.folder / "figures.yaml"
        content = data.read_yaml(file) if file.is_file() else {}
        return {
            str(figure): {str(panel): tuple(map(str, names)) for panel, names in panels.items()}
            for figure, panels in content.items()
        }

    def headline(self, model: Model) -> tuple[str, ...]:
        """The variables that every run keeps and draws: those named, else the main ones."""
        file = self.folder / "headline.yaml"
        if self.county or file.is_file():
            named = [str(name) for name in data.read_yaml(file)["variables"]]
            return tuple(name for name in named if name in model.variables)
        own = [v for v in model.variables.values() if not v.owner and v.name not in CONTROL]
        stocks = [v.name for v in own if isinstance(v.definition, Stock)]
        others = [v.name for v in own if isinstance(v.definition, Auxiliary)]
        return tuple((stocks or others or [v.name for v in own])[:MAIN])


def home_of(model: str) -> Home:
    """Where the files of a model lie; of the county's for an empty name.

    A model that has all that the county's parameter table names is a version of the county's.
    Raises Refused for a file that is no model.
    """
    file = Path(model or data.model_file())
    if file == data.model_file():
        return Home(file)
    names = read_parameters(data.sector_folder()).keys()
    return Home(file, names <= load_model(file).variables.keys())


def home_in(overrides: Sequence[str]) -> Home:
    """The home of the model that the words of a command name; of the county's, where they name
    no file: what is wrong with them is said where they are read."""
    named = [word.split("=", 1)[1] for word in overrides if word.lstrip("+").startswith("model=")]
    file = named[-1].strip("'\"") if named else ""
    return home_of(file if Path(file).is_file() else "")


def _as_written(model: Model, name: str) -> Parameter:
    """A constant or path of a model as a parameter that is taken as known."""
    variable = model.variables[name]
    value: float | dict[float, float] = 0.0
    match variable.definition:
        case Constant(number):
            value = number
        case Course(points):
            value = dict(points)
    reason = "as the model has it"
    return Parameter(name, "", OPEN, value, variable.units, "assumed", reason, reason)
