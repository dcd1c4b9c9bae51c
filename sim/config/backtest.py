"""What `sim backtest` may be told, checked; all that is wrong, at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from omegaconf import MISSING, DictConfig

from sim.config.calibration import LEAST_MEMBERS, observed
from sim.config.composition import Face
from sim.config.reading import choice, hydra_files, integer, mapping, names_of, plain, share
from sim.config.settings import RunSettings, as_run, run_settings
from sim.ensemble.entries import number_of
from sim.ensemble.hindsight import Foresight
from sim.ensemble.observations import CHOICES
from sim.text import Refused, Text


@dataclass
class BacktestConfig:
    """The words that conf/backtest.yaml explains."""

    scenario: Any = MISSING
    years: Any = MISSING
    clocks: Any = MISSING
    trends: Any = MISSING
    prices: Any = MISSING
    reverting: Any = MISSING
    following: Any = MISSING
    given: Any = MISSING
    misses: Any = MISSING
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
    """What a back-test is to do; `run` holds what it shares with a run.

    `prices`: the paths whose process is estimated from what was known in each frozen year.
    `given`: names, and words of `hindcast.GROUPS`, of what is taken as it came instead.
    `misses`: what a variable's forecasts lacked, told where one was outside its band.
    """

    run: RunSettings
    years: tuple[float, ...]
    foresight: Foresight
    prices: tuple[str, ...]
    given: tuple[str, ...]
    misses: Mapping[str, Text]
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
        foresight=_foresight(content, problems),
        prices=tuple(names_of(content["prices"], "prices", problems)),
        given=tuple(names_of(content["given"], "given", problems)) if content["given"] else (),
        misses=_misses(content["misses"], problems),
        observations=observed(content, run, problems),
        vintage=choice(content, "vintage", CHOICES, problems),
        discrepancy=share(content["discrepancy"], "discrepancy", problems),
        members=integer(content, "members", LEAST_MEMBERS, problems),
    )
    if problems:
        raise Refused(*dict.fromkeys(problems))
    return settings


BACKTEST = Face("backtest", BacktestConfig, backtest_settings)


def _foresight(content: Mapping[str, Any], problems: list[Text]) -> Foresight:
    clocks, trends, reverting = (
        names_of(content[key], key, problems) for key in ("clocks", "trends", "reverting")
    )
    leaders = mapping(content["following"], "following", problems)
    return Foresight(clocks, trends, reverting, {str(k): str(v) for k, v in leaders.items()})


def _misses(content: Any, problems: list[Text]) -> dict[str, Text]:
    found = {}
    for name, said in mapping(content, "misses", problems).items():
        words = mapping(said, f"misses.{name}", problems)
        found[str(name)] = Text(str(words.get("zh", "")), str(words.get("en", "")))
    return found


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
