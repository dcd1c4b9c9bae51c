"""What `sim calibrate` may be told, checked; all that is wrong, at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from omegaconf import MISSING, DictConfig

from sim.config.composition import Face
from sim.config.reading import choice, hydra_files, integer, plain, share
from sim.config.settings import RunSettings, as_run, run_settings
from sim.ensemble.entries import number_of
from sim.ensemble.observations import CHOICES
from sim.text import Refused, Text

METHODS = ("importance", "particles", "walkers")
LEAST_MEMBERS = 100


@dataclass
class CalibrateConfig:
    """The words that conf/calibrate.yaml explains."""

    scenario: Any = MISSING
    levers: Any = MISSING
    assumptions: Any = MISSING
    parameters: Any = MISSING
    observations: Any = MISSING
    vintage: Any = MISSING
    until: Any = MISSING
    discrepancy: Any = MISSING
    method: Any = MISSING
    members: Any = MISSING
    steps: Any = MISSING
    seed: Any = MISSING
    integrator: Any = MISSING
    block: Any = MISSING
    workers: Any = MISSING
    lang: Any = MISSING
    model: Any = MISSING
    figures: Any = MISSING
    output: Any = MISSING


@dataclass(frozen=True)
class CalibrateSettings:
    """What a calibration is to do; `run` holds what it shares with a run.

    `until`: observations later than this year are not used; None: all are.
    """

    run: RunSettings
    observations: Path
    vintage: str
    until: float | None
    discrepancy: float
    method: str
    members: int
    steps: int


def calibrate_settings(cfg: DictConfig) -> CalibrateSettings:
    """The settings that a composed configuration says; refuses everything wrong with it at once."""
    content, problems = plain(cfg, CalibrateConfig), list[Text]()
    run = run_settings(as_run(content), hydra_files(cfg), problems).before_history()
    settings = CalibrateSettings(
        run=run,
        observations=observed(content, run, problems),
        vintage=choice(content, "vintage", CHOICES, problems),
        until=_year(content["until"], problems),
        discrepancy=share(content["discrepancy"], "discrepancy", problems),
        method=choice(content, "method", METHODS, problems),
        members=integer(content, "members", LEAST_MEMBERS, problems),
        steps=integer(content, "steps", 20, problems),
    )
    if problems:
        raise Refused(*dict.fromkeys(problems))
    return settings


CALIBRATE = Face("calibrate", CalibrateConfig, calibrate_settings)


def observed(content: Mapping[str, Any], run: RunSettings, problems: list[Text]) -> Path:
    """The folder of observations: the one that is named, else the model's own history."""
    folder = Path(str(content["observations"] or run.history))
    if not folder.is_dir():
        problems.append(
            Text(
                f"observations：没有文件夹 {folder}；观测写成其中的 CSV，一行一个数字，"
                "列为：变量,年份,数值,单位,误差,来源",
                f"observations: there is no folder {folder}; observations are CSV files in it, one "
                "figure a row, with the columns variable,year,value,unit,error,source",
            )
        )
    return folder


def _year(content: Any, problems: list[Text]) -> float | None:
    if content in ("", None):
        return None
    try:
        return number_of(content)
    except ValueError:
        problems.append(
            Text(f"until 应为年份，而不是 {content!r}", f"until is a year, not {content!r}")
        )
        return None
