"""A configuration becomes settings: plain, checked Python; all that is wrong is said at once.

Below this package nothing knows OmegaConf.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omegaconf import MISSING, DictConfig

from sim.config.home import Home, home_of
from sim.config.levels import parameters_of, scenarios_of
from sim.config.reading import (
    boolean,
    choice,
    hydra_files,
    integer,
    mapping,
    names_of,
    plain,
    share_of,
)
from sim.engine.cache import load_model
from sim.engine.method import METHODS, Method
from sim.ensemble.blocks import Draws
from sim.ensemble.entries import number_of
from sim.ensemble.scenario import Level, Parameter, Scenario, before_history, is_distribution
from sim.ensemble.target import Target, Targets, targets_called
from sim.ensemble.workers import workers_for
from sim.text import Refused, Text, near

if TYPE_CHECKING:
    from sim.ensemble.posterior import Posterior
    from sim.ensemble.sampling import Floats

SAMPLINGS = ("lhs", "sobol", "random")
AUTO = "auto"
LANGUAGES = ("zh", "en")
STORES = ("full", "summary", "none")
KERNELS = ("auto", "numpy", "numba")
SPREADS = ("processes", "dask")
MOST_DRAWS = {"lhs": 2**32, "random": 2**62, "sobol": 2**30}
CLOCK = ("final_time", "time_step", "saveper")
"""The control variables that a run may be given."""


@dataclass
class RunConfig:
    """The words a configuration may use; conf/run.yaml says what each is worth.

    All are Any: OmegaConf would stop at the first wrong value, in English; `settings_of` reads
    them all.
    """

    scenario: Any = MISSING
    against: Any = None
    levers: Any = MISSING
    assumptions: Any = MISSING
    parameters: Any = MISSING
    draws: Any = MISSING
    until: Any = MISSING
    seed: Any = MISSING
    sampling: Any = MISSING
    method: Any = MISSING
    block: Any = MISSING
    workers: Any = MISSING
    engine: Any = MISSING
    store: Any = MISSING
    keep: Any = MISSING
    targets: Any = MISSING
    lang: Any = MISSING
    model: Any = MISSING
    final_time: Any = None
    time_step: Any = None
    saveper: Any = None
    figures: Any = MISSING
    output: Any = MISSING


@dataclass(frozen=True)
class Engine:
    """What computes: the kernel of a block, and where blocks go. No number depends on it."""

    kernel: str
    spread: str
    address: str | None


@dataclass(frozen=True)
class RunSettings:
    """What a run is to do.

    `scenarios`: the one asked for, then the one it is held against; one alone when they are the
    same. `parameters`: the user's own, name → level or distribution. `record`: what `.hydra/`
    in the result folder holds, file name → text.
    """

    scenarios: tuple[Scenario, ...]
    parameters: Mapping[str, Level | Mapping[str, Any]]
    table: Mapping[str, Parameter] = field(repr=False)
    targets: tuple[Target, ...] = field(repr=False)
    draws: int
    until: float  # the standard error to reach; 0: as many draws as were asked for
    seed: int
    sampling: str
    method: str  # "auto": the one that the model file asks for
    block: int
    workers: int  # 0: as many as the run is worth
    engine: Engine
    store: str
    keep: str | tuple[str, ...]
    lang: str
    home: Home
    clock: Mapping[str, float]
    figures: bool
    output: Path
    record: Mapping[str, str] = field(repr=False, compare=False)
    posterior: "Posterior | None" = field(default=None, repr=False)

    @property
    def run(self) -> "RunSettings":
        """Themselves: what every command's settings share with a run."""
        return self

    @property
    def places(self) -> "Mapping[str, Floats]":
        """Where in the unit cube the draws lie that were calibrated: (draws,) by parameter."""
        known = {} if self.posterior is None else self.posterior.points
        return {name: own for name, own in known.items() if name not in self.parameters}

    @property
    def alone(self) -> list[str]:
        """The user's own parameters that go together with others, which do not follow them."""
        if self.posterior is not None:  # its draws all hang together
            return sorted(self.parameters.keys() & self.posterior.points.keys())
        fixed = {name for name, own in self.parameters.items() if not is_distribution(own)}
        return sorted(name for name in fixed if self.table[name].tied)

    @cached_property
    def integration(self) -> Method:
        """The method of integration: the one asked for, else that of the model file."""
        return load_model(self.model).method if self.method == AUTO else Method(self.method)

    @property
    def drawn(self) -> str:
        """How draws come about, in a word: calibrated, or as `sampling` says."""
        return self.sampling if self.posterior is None else "calibrated"

    @property
    def independent(self) -> float:
        """The share of draws that count as independent ones in the errors of probabilities."""
        return 1.0 if self.posterior is None else self.posterior.independent / self.posterior.draws

    @property
    def calibration(self) -> Path | None:
        """The folder, or file, of the calibration whose draws they are; None for its own."""
        return None if self.posterior is None else self.posterior.file.parent

    @property
    def passed_over(self) -> tuple[Text, ...]:
        """The newer calibrations that could not be used, and why."""
        return () if self.posterior is None else self.posterior.passed_over

    def with_draws(self, some: Draws) -> "RunSettings":
        """The same with some of the draws of its calibration; without one, with so many draws."""
        own = None if self.posterior is None else self.posterior.some(some)
        return replace(self, draws=some.count, posterior=own)

    def kept_in(self, folder: Path) -> "RunSettings":
        """The same, with the draws of a calibration copied into a folder, which then stands
        alone."""
        if self.posterior is None:
            return self
        return replace(self, posterior=self.posterior.kept_in(folder))

    @property
    def model(self) -> Path:
        """The model file."""
        return self.home.model

    @property
    def skill(self) -> Path:
        """The file of how often stated probabilities came true; it need not exist."""
        return self.home.skill

    @property
    def history(self) -> Path:
        """The folder of what was observed; it need not exist."""
        return self.home.history

    @property
    def wholes(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """What figures stack: figure → panel → the variables that add up to its whole."""
        return self.home.wholes()

    def before_history(self) -> "RunSettings":
        """The same settings with the parameter table as it was before history was seen."""
        return replace(self, table=before_history(self.table))

    @property
    def sources(self) -> dict[str, list[Path]]:
        """The files that the numbers depend on: model, parameters, targets, history, and the
        calibration whose draws they are."""
        posterior = {} if self.posterior is None else {"posterior": [self.posterior.file]}
        return self.home.sources | posterior

    @property
    def processes(self) -> int:
        """The processes that compute a run."""
        return self.processes_for(self.draws * len(self.scenarios))

    def processes_for(self, members: int) -> int:
        """The processes that compute so many: as many as were asked for, or as they are worth."""
        return self.workers or workers_for(members, self.block)


def settings_of(cfg: DictConfig) -> RunSettings:
    """The settings that a composed configuration says; refuses everything wrong with it at once."""
    problems: list[Text] = []
    cfg, posterior = with_posterior(cfg, problems)
    settings = run_settings(plain(cfg, RunConfig), hydra_files(cfg), problems, posterior)
    if problems:
        raise Refused(*dict.fromkeys(problems))
    return settings


def with_posterior(cfg: DictConfig, problems: list[Text]) -> "tuple[DictConfig, Posterior | None]":
    """The configuration, and the draws of a calibration where `draws` asks for them: those of a
    folder or file, or of the newest that can be used, which the configuration then names, so that
    what is recorded does too. Draws that there are not join `problems`."""
    draws = cfg.get("draws")
    if not isinstance(draws, str) or re.fullmatch(r"[\d_.eE+ ]*", draws):
        return cfg, None
    from sim.ensemble.posterior import NEWEST, newest, read_posterior  # arrays: for those who ask

    named = cfg.copy()
    try:
        if draws != NEWEST:
            return cfg, read_posterior(Path(draws))
        table = before_history(home_of(str(cfg.model or "")).table())
        found = newest(Path(str(cfg.output or "outputs")), table)
    except Refused as refused:
        problems += refused.problems
        named.draws = 1
        return named, None
    named.draws = str(found.file.parent)
    return named, found


def run_settings(
    content: Mapping[str, Any],
    record: Mapping[str, str],
    problems: list[Text],
    posterior: "Posterior | None" = None,
) -> RunSettings:
    """The settings of a run that plain entries say; what is wrong with them joins `problems`.

    With a `posterior` its draws are those of the run. Other commands share these settings; they
    may leave out `engine` and `store`.
    """
    home = home_of(str(content["model"] or ""))
    table = home.table()
    settings = RunSettings(
        scenarios=scenarios_of(content, table, home.model, problems),
        parameters=parameters_of(content["parameters"], table, problems),
        table=table,
        targets=_targets(content["targets"], home.targets(), problems),
        draws=posterior.draws if posterior else integer(content, "draws", 1, problems),
        until=_until(content.get("until"), problems),
        seed=integer(content, "seed", 0, problems),
        sampling=choice(content, "sampling", SAMPLINGS, problems),
        method=choice(
            content,
            "integrator" if "integrator" in content else "method",
            (AUTO, *METHODS),
            problems,
        ),
        block=integer(content, "block", 1, problems),
        workers=_workers(content, problems),
        engine=_engine(content.get("engine", {}), problems),
        store=choice({"store": "none", **content}, "store", STORES, problems),
        keep=_keep(content["keep"], problems),
        lang=choice(content, "lang", LANGUAGES, problems),
        home=home,
        clock=_clock(content, problems),
        figures=boolean(content, "figures", problems),
        output=Path(str(content["output"] or "outputs")),
        record=record,
    )
    if not home.is_uncertain({**table, **settings.parameters}):
        settings = replace(settings, draws=1)  # all draws would be the same
    problems += _too_many(settings.draws, settings.sampling)
    if posterior is not None:  # its draws are places in the distributions before history
        settings = replace(settings.before_history(), posterior=posterior)
        problems += _no_until(settings)
    return settings


def refuse_unfit(settings: RunSettings) -> None:
    """Refuses draws of a calibration from which no probability can come; a result that has been
    made with them may still be looked at."""
    posterior = settings.posterior
    problems = [] if posterior is None else posterior.problems(settings.table)
    if problems:
        raise Refused(*problems)


def as_run(content: Mapping[str, Any]) -> dict[str, Any]:
    """The entries of a run for a command that has some of them: one scenario, held against none.

    Such a command calls the method of integration `integrator`.
    """
    own: dict[str, Any] = {"against": None, "draws": 1, "sampling": "random", "keep": "headline"}
    own |= {"targets": "all", "engine": {}, "store": "none", "figures": False}
    return {**own, **content, "until": ""}


def _until(content: Any, problems: list[Text]) -> float:
    """The standard error that draws are to reach, from `stderr<0.01`; 0 where none is given."""
    if content in (None, ""):
        return 0.0
    match = re.fullmatch(r"\s*stderr\s*<\s*([\d.]+%?)\s*", str(content))
    with suppress(ValueError):
        if match and 0 < (wanted := share_of(match[1])) < 0.5:
            return wanted
    problems.append(
        Text(
            f'until 应写成 until="stderr<0.01"（标准误，0 到 0.5 之间），而不是 {content}',
            f'until is given as until="stderr<0.01" (between 0 and 0.5), not {content}',
        )
    )
    return 0.0


def _no_until(settings: RunSettings) -> list[Text]:
    if not settings.until:
        return []
    return [
        Text(
            "校准的抽样次数已定，until 不能增加；请去掉 until，或增大 members 重新运行 "
            "sim calibrate",
            "a calibration has the draws it has, until= cannot add to them; leave until= out, or "
            "run sim calibrate with more members",
        )
    ]


def _too_many(draws: int, sampling: str) -> list[Text]:
    most = MOST_DRAWS.get(sampling, draws)
    if draws <= most:
        return []
    return [
        Text(
            f"draws = {draws:,}：sampling={sampling} 至多 {most:,} 次",
            f"draws = {draws:,}: sampling={sampling} makes at most {most:,}",
        )
    ]


def _targets(content: Any, there: Targets, problems: list[Text]) -> tuple[Target, ...]:
    """The targets that are asked for, as the file of targets has them."""
    known, tracked = there
    names = list(known) if content == "all" else names_of(content, "targets", problems)
    names = targets_called(names, known)
    for name in names:
        if name in tracked:
            reason = tracked[name].reason
            problems.append(
                Text(
                    f"目标 {name} 没有模拟：{reason.zh}",
                    f"target {name} is not simulated: {reason.en}",
                )
            )
        elif name not in known:
            hint = near(name, known, {own: target.title for own, target in known.items()})
            problems.append(
                Text(
                    f"没有名为 {name} 的目标{hint.zh or '；全部目标见 conf/targets.yaml'}",
                    f"no target is called {name}{hint.en or '; conf/targets.yaml holds them all'}",
                )
            )
    return tuple(known[name] for name in names if name in known)


def _clock(content: Mapping[str, Any], problems: list[Text]) -> dict[str, float]:
    """The control variables that are given for this run."""
    found: dict[str, float] = {}
    for name in CLOCK:
        if (value := content.get(name)) is None:
            continue
        try:
            found[name] = number_of(value)
        except ValueError as error:
            wrong: Text = error.args[0]
            problems.append(Text(f"{name}：{wrong.zh}", f"{name}: {wrong.en}"))
    return found


def _keep(content: Any, problems: list[Text]) -> str | tuple[str, ...]:
    """The variables to keep; whether the model has them is asked where the model is read."""
    if content in ("headline", "all"):
        return str(content)
    return tuple(names_of(content, "keep", problems))


def _engine(content: Any, problems: list[Text]) -> Engine:
    """What computes, as a file of conf/engine/ says, with the user's own changes."""
    entries = mapping(content, "engine", problems)
    known = ("kernel", "spread", "address")
    for key in entries:
        if key not in known:
            hint = near(str(key), known)
            problems.append(
                Text(f"没有 engine.{key}{hint.zh}", f"there is no engine.{key}{hint.en}")
            )
    kernel, spread = (
        choice({f"engine.{key}": entries.get(key, values[0])}, f"engine.{key}", values, problems)
        for key, values in (("kernel", KERNELS), ("spread", SPREADS))
    )
    address = entries.get("address")
    if address is not None and spread != "dask":
        problems.append(
            Text("engine.address 只用于 engine=dask", "engine.address belongs to engine=dask alone")
        )
    return Engine(kernel, spread, None if address is None else str(address))


def _workers(content: Mapping[str, Any], problems: list[Text]) -> int:
    if content["workers"] == "auto":
        return 0
    return integer(content, "workers", 1, problems)
