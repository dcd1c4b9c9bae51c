"""Where the project's data lie: the same folders in a checkout and in an installed wheel."""

import os
from functools import cache
from pathlib import Path


@cache
def data_folder() -> Path:
    """The folder that holds conf/, scenarios/ and model/.

    A wheel carries them inside the package (`sim/_data`); in a checkout they stand beside it.
    """
    package = Path(__file__).resolve().parent
    inside = package / "_data"
    return inside if inside.is_dir() else package.parent


def scenario_folders() -> list[Path]:
    """Where scenarios are looked for: the user's folders first, so that theirs win.

    `./scenarios`, then the folders in $SIM_SCENARIOS (separated as in $PATH), then the project's.
    """
    named = os.environ.get("SIM_SCENARIOS", "").split(os.pathsep)
    own = [Path("scenarios"), *(Path(folder) for folder in named if folder)]
    return [*own, data_folder() / "scenarios"]


def conf_folder() -> Path:
    """The folder of run.yaml."""
    return data_folder() / "conf"


def sector_folder() -> Path:
    """The folder of the parameter table."""
    return conf_folder() / "sector"


def targets_file() -> Path:
    """The plan's targets."""
    return conf_folder() / "targets.yaml"


def history_folder() -> Path:
    """The folder of what was observed."""
    return conf_folder() / "history"


def model_file() -> Path:
    """The county's model."""
    return data_folder() / "model" / "qinshui.mdl"
