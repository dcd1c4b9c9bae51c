"""What `sim backtest` may be told, checked; all that is wrong, at once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from omegaconf import MISSING, DictConfig

from sim.config.calibration import LEAST_MEMBERS, observed
from sim.config.composition import Face
from sim.config.reading import choice, hydra_files, integer, names_of, plain, share
from sim.config.settings import RunSettings, as_run, run_settings
from sim.ensemble.entries import number_of
from sim.ensemble.observations import CHOICES
from sim.text import Refused, Text


@dataclass
class BacktestConfig:
    """The words that conf/backtest.yaml explains."""

    scenario: Any = MISSING
    years: Any = MISSING
    clocks: Any = MISSING
    trends: Any = MISSING
    levers: Any = MISSING
    assumptions: Any = MISSING
    parameters: Any = MISSING
    observations: Any = MISSING
    vintage: Any = MISSING
    discrepancy: Any = MISSING
    members: Any = MISSING
    seed: Any = MISSING
    integrator: Any = MISSING
    block: Any = MISSING
    workers: Any = MISSING
    lang: Any = MISSING
    model: Any = MISSING
    output: Any = MISSING


@dataclass(frozen=True)
class BacktestSettings:
    """What a back-test is to do; `run` holds what it shares with a run."""

    run: RunSettings
    years: tuple[float, ...]
    clocks: tuple[str, ...]
    trends: tuple[str, ...]
    observations: Path
    vintage: str
    discrepancy: float
    members: int


def backtest_settings(cfg: DictConfig) -> BacktestSettings:
    """The settings that a composed configuration says; refuses everything wrong with it at once."""
    content, problems = plain(cfg, BacktestConfig), list[Text]()
    run = run_settings(as_run(content), hydra_files(cfg), problems).before_history()
    settings = BacktestSettings(
        run=run,
        years=_years(content["years"], problems),
        clocks=tuple(names_of(content["clocks"], "clocks", problems)),
        trends=tuple(names_of(content["trends"], "trends", problems)),
        observations=observed(content, run, problems),
        vintage=choice(content, "vintage", CHOICES, problems),
        discrepancy=share(content["discrepancy"], "discrepancy", problems),
        members=integer(content, "members", LEAST_MEMBERS, problems),
    )
    if problems:
        raise Refused(*dict.fromkeys(problems))
    return settings


BACKTEST = Face("backtest", BacktestConfig, backtest_settings)


def _years(content: Any, problems: list[Text]) -> tuple[float, ...]:
    entries = content if isinstance(content, list | tuple) else [content]
    try:
        years = tuple(sorted({number_of(entry) for entry in entries}))
    except ValueError:
        years = ()
    if not years:
        problems.append(
            Text(
                f"years 应为年份，如 years=[2017,2020]，而不是 {content!r}",
                f"years are years: years=[2017,2020], not {content!r}",
            )
        )
    return years
