"""What `sim assess` may be told, checked; all that is wrong, at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from omegaconf import MISSING, DictConfig

from sim import data
from sim.config.composition import Face
from sim.config.reading import choice, hydra_files, integer, plain, share
from sim.config.settings import RunSettings, as_run, run_settings, with_posterior
from sim.ensemble.observations import CHOICES
from sim.text import Refused, Text


@dataclass
class AssessConfig:
    """The words that conf/assess.yaml explains."""

    scenario: Any = MISSING
    new: Any = MISSING
    vintage: Any = MISSING
    discrepancy: Any = MISSING
    since: Any = MISSING
    least: Any = MISSING
    levers: Any = MISSING
    assumptions: Any = MISSING
    parameters: Any = MISSING
    draws: Any = MISSING
    seed: Any = MISSING
    sampling: Any = MISSING
    integrator: Any = MISSING
    block: Any = MISSING
    workers: Any = MISSING
    targets: Any = MISSING
    lang: Any = MISSING
    model: Any = MISSING
    output: Any = MISSING


@dataclass(frozen=True)
class AssessSettings:
    """What an assessment is to do; `run` holds what it shares with a run.

    `errors`: the relative standard error of figures without one, by variable, "" for others.
    """

    run: RunSettings
    new: Path
    vintage: str
    discrepancy: float
    since: int
    least: int
    errors: Mapping[str, float]


def assess_settings(cfg: DictConfig) -> AssessSettings:
    """The settings that a composed configuration says; refuses everything wrong with it at once."""
    problems: list[Text] = []
    cfg, posterior = with_posterior(cfg, problems)
    content = plain(cfg, AssessConfig)
    shared = as_run({**content, "store": "full"})
    settings = AssessSettings(
        run=run_settings(shared, hydra_files(cfg), problems, posterior),
        new=Path(str(content["new"])),
        vintage=choice(content, "vintage", CHOICES, problems),
        discrepancy=share(content["discrepancy"], "discrepancy", problems),
        since=integer(content, "since", 1900, problems),
        least=integer(content, "least", 10, problems),
        errors=measurement_errors(data.conf_folder() / "measurement.yaml"),
    )
    if not content["new"]:
        problems.append(
            Text(
                "请给出新观测的文件：sim assess 新数据.csv（列：指标,年份,数值,单位）",
                "name the file of new observations: sim assess new.csv (series,year,value,unit)",
            )
        )
    elif settings.new.is_dir():
        problems.append(
            Text(
                f"{settings.new} 是文件夹；请写其中的 CSV 文件",
                f"{settings.new} is a folder; name the CSV file in it",
            )
        )
    elif not settings.new.is_file():
        problems.append(Text(f"没有文件 {settings.new}", f"there is no file {settings.new}"))
    if problems:
        raise Refused(*dict.fromkeys(problems))
    return settings


ASSESS = Face("assess", AssessConfig, assess_settings)


def measurement_errors(file: Path) -> dict[str, float]:
    """The relative standard error of published figures, by variable; "" for all others."""
    content = data.read_yaml(file)
    return {"" if name == "other" else name: float(own["error"]) for name, own in content.items()}
