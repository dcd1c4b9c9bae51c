"""Where the project's data lie, in a checkout as in an installed wheel, and its YAML read.

No dataclass here: `sim scenarios` and completion need this module alone, and start in no time.
"""

import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from sim.text import Refused, Text, why


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


def dependence_file() -> Path:
    """The rank correlations of the parameters."""
    return conf_folder() / "dependence.yaml"


def targets_file() -> Path:
    """The plan's targets."""
    return conf_folder() / "targets.yaml"


def loops_file() -> Path:
    """The named feedback loops."""
    return conf_folder() / "loops.yaml"


def history_folder() -> Path:
    """The folder of what was observed."""
    return conf_folder() / "history"


def model_file() -> Path:
    """The county's model."""
    return data_folder() / "model" / "qinshui.mdl"


def list_scenarios(folders: Iterable[Path]) -> dict[str, Path]:
    """Scenario name → file; an earlier folder wins over a later one."""
    found: dict[str, Path] = {}
    for folder in folders:
        for file in sorted(folder.glob("*.yaml")):
            found.setdefault(file.stem, file)
    return found


def read_yaml(file: Path) -> dict[str, Any]:
    """The mapping that a YAML file holds, read as UTF-8."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is ten times faster
    try:
        content = yaml.load(file.read_text(encoding="utf-8-sig"), loader)
    except UnicodeDecodeError as error:
        raise Refused(
            Text(f"{file}: 不是 UTF-8 编码，请另存为 UTF-8", f"{file}: not UTF-8; save it as UTF-8")
        ) from error
    except OSError as error:
        raise Refused(
            Text(
                f"{file}: 无法读取（{why(error).zh}）",
                f"{file}: cannot be read ({why(error).en})",
            )
        ) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else "?"
        what = getattr(error, "problem", None) or str(error)
        raise Refused(
            Text(
                f"{file} 第 {line} 行：YAML 格式有误（{what}）；检查缩进、冒号和括号",
                f"{file} line {line}: broken YAML ({what}); look at indents, colons, brackets",
            )
        ) from error
    if content is None:
        content = {}
    if not isinstance(content, dict):
        raise Refused(
            Text(f"{file}: 应为“键: 值”的形式", f"{file}: should be a mapping of `key: value`")
        )
    return content
