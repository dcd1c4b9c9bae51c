"""Overrides become one composed configuration: all that has to do with Hydra's machinery."""

import logging
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import hydra
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from hydra.core.object_type import ObjectType
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.plugins import Plugins
from hydra.errors import HydraException
from hydra.plugins.config_source import ConfigResult, ConfigSource
from hydra.version import VersionBase
from omegaconf import DictConfig, OmegaConf, open_dict
from omegaconf.errors import OmegaConfBaseException
from packaging.version import Version

from sim import data
from sim.config.home import home_in, home_of
from sim.config.levels import REFUSED
from sim.config.overrides import (
    CHANGES,
    GROUPS,
    from_python,
    is_sweep,
    one_scenario,
    spoken_names,
    to_overrides,
    without_thousands,
)
from sim.config.reading import mapping
from sim.config.settings import RunConfig, RunSettings, refuse_unfit, settings_of
from sim.ensemble.scenario import Scenario, entries_of
from sim.text import Refused, Text, near

VERSION_BASE = "1.3"
GROUP = "scenario"


class Asked(Protocol):
    """The settings of any command: what they share with a run."""

    @property
    def run(self) -> RunSettings: ...


S = TypeVar("S", bound=Asked)


@dataclass(frozen=True)
class Face(Generic[S]):
    """What Hydra must know of a command: conf/<word>.yaml, its schema, and its settings."""

    word: str
    schema: type
    settings: Callable[[DictConfig], S]
    prepare: Callable[[Sequence[str]], list[str]] = list
    """What it makes of Hydra's words before Hydra sees them."""


RUN = Face("run", RunConfig, settings_of)


class ScenarioSource(ConfigSource):
    """Hydra's group `scenario`: the scenario files, each resolved (what it extends merged in).

    conf/run.yaml names it in `hydra.searchpath`, for the county's model; another model's file
    follows the colon. A SearchPathPlugin, or a `hydra_plugins` package, would put it into every
    Hydra application of the process.
    """

    @staticmethod
    def scheme() -> str:
        return "scenarios"

    def available(self) -> bool:
        return True

    def is_group(self, config_path: str) -> bool:
        return config_path in ("", GROUP)

    def is_config(self, config_path: str) -> bool:
        # any name, so that one that no folder holds comes to `read_scenario`, which refuses it
        return config_path.startswith(f"{GROUP}/")

    def list(self, config_path: str, results_filter: ObjectType | None) -> list[str]:
        if config_path == "":
            return [] if results_filter == ObjectType.CONFIG else [GROUP]
        found = data.list_scenarios(home_of(self.path).scenario_folders)
        return [] if results_filter == ObjectType.GROUP else sorted(found)

    def load_config(self, config_path: str) -> ConfigResult:
        name = config_path.removeprefix(f"{GROUP}/").removesuffix(".yaml")
        home = home_of(self.path)
        try:
            entries = scenario_entries(home.scenario(name))
        except Refused as refused:  # said with all else that is wrong with the settings
            entries = {"name": name, REFUSED: [problem._asdict() for problem in refused.problems]}
        return ConfigResult(
            config=OmegaConf.create(entries),
            path=self.full_path(),
            provider=self.provider,
            header={"package": None},
        )


def scenario_entries(scenario: Scenario) -> dict[str, Any]:
    """A scenario as a scenario file would hold it, with its name and nothing to extend."""
    return {
        "name": scenario.name,
        "title": scenario.title._asdict(),
        "narrative": scenario.narrative._asdict(),
        "levers": entries_of(scenario.levers),
        "assumptions": entries_of(scenario.assumptions),
    }


def hydra_command(arguments: Sequence[str], task: Callable[[S], None], face: Face[S]) -> None:
    """Runs `task` as Hydra's job: once, or with -m once for each combination.

    Raises Refused with the problems of all jobs; the other jobs of a sweep run nevertheless.
    """
    overrides = _understood(arguments, face)
    refused: list[Text] = []

    def job(cfg: DictConfig) -> None:
        try:
            task(_asked(face, cfg))
        except Refused as refusal:  # raised through Hydra it would be reported in Hydra's words
            refused.extend(refusal.problems)

    _register(face)
    with (
        _explained(overrides, face.word),
        _sweep_folder(overrides) as folder,
        _as_process(face.word, folder + overrides),
    ):
        run_jobs = _once if _is_one_job(overrides) else _as_hydra_decides
        run_jobs(job, face.word, overrides)
    if refused:
        raise Refused(*dict.fromkeys(refused))


def _is_one_job(overrides: Sequence[str]) -> bool:
    """Whether nothing is asked of Hydra itself: no sweep, no `--cfg`, no other mode."""
    return not any(word.startswith("-") or "hydra.mode=" in word for word in overrides)


def _once(job: Callable[[DictConfig], None], word: str, overrides: Sequence[str]) -> None:
    """One job, as `hydra.main` would run it after composing all to learn that it is one."""
    folder = str(data.conf_folder())
    with hydra.initialize_config_dir(folder, job_name=word, version_base=VERSION_BASE):
        found = GlobalHydra.instance().hydra
        assert found is not None
        found.run(word, job, [*overrides, "hydra.mode=RUN"])


def _as_hydra_decides(
    job: Callable[[DictConfig], None], word: str, overrides: Sequence[str]
) -> None:
    """What Hydra's own options ask for; it takes them from `sys.argv`."""
    hydra.main(str(data.conf_folder()), word, version_base=VERSION_BASE)(job)()


def compose(*overrides: str, **words: Any) -> RunSettings:
    """The settings of a run for the same words in Python: compose("scenario=x", draws=5000)."""
    return compose_for(RUN, *overrides, **words)


def compose_for(face: Face[S], *overrides: str, **words: Any) -> S:
    """The settings of any command for the same words in Python.

    Leaves Hydra as it was, whether or not it was in use.
    """
    return _composed(_understood([*overrides, *from_python(words)], face), face)


def _understood(arguments: Sequence[str], face: Face[S]) -> list[str]:
    """Hydra's words for what was typed. Refuses all that is wrong with it at once: where words are
    misspelt, what is wrong with the settings that the others make, too."""
    problems: list[Text] = []
    found = to_overrides(arguments, _keys(face), _scenario_names(), problems)
    try:
        found = face.prepare(found)
        found += _search(found)
        if problems and _is_one_job(found):
            _composed(found, face)
    except Refused as refused:
        problems += refused.problems
    if problems:
        raise Refused(*dict.fromkeys(problems))
    return found


def _composed(overrides: Sequence[str], face: Face[S]) -> S:
    """The settings that Hydra's words say."""
    _register(face)
    with _explained(overrides, face.word), _hydra_aside():
        folder = str(data.conf_folder())
        with hydra.initialize_config_dir(folder, job_name=face.word, version_base=VERSION_BASE):
            cfg = hydra.compose(face.word, list(overrides), return_hydra_config=True)
    return _asked(face, cfg)


def _asked(face: Face[S], cfg: DictConfig) -> S:
    """The settings of what is to be computed."""
    settings = face.settings(_spoken(cfg))
    refuse_unfit(settings.run)
    return settings


def _spoken(cfg: DictConfig) -> DictConfig:
    """The configuration with names as a person writes them, which Hydra's grammar does not take."""
    found = cfg.copy()
    with open_dict(found):
        for group in (*CHANGES, "groups"):
            if isinstance(cfg.get(group), DictConfig):
                found[group] = {spoken_names(str(n)): own for n, own in cfg[group].items()}
    return found


def recorded(folder: Path, face: Face[S]) -> S:
    """The settings in the record (`.hydra/config.yaml`) of a result folder.

    Where draws are those of a calibration, the copy in the folder itself: the calibration's may be
    gone.
    """
    from sim.ensemble.posterior import FILE  # arrays: results are opened by those who have them

    record = data.read_yaml(folder / ".hydra" / "config.yaml")
    if "draws" in record and (folder / FILE).is_file():
        record["draws"] = str(folder)
    return face.settings(OmegaConf.create(record))


def _keys(face: Face[S]) -> list[str]:
    return [field.name for field in fields(face.schema)]


def _search(overrides: Sequence[str]) -> list[str]:
    """Where Hydra looks for the scenarios of another model than the county's."""
    home = home_in(overrides)
    if home.county:
        return []
    place = home.model.as_posix().replace("'", "\\'")
    return [f"hydra.searchpath=['scenarios://{place}']"]


def _scenario_names() -> list[str]:
    return list(data.list_scenarios(data.scenario_folders()))


def _register(face: Face[S]) -> None:
    Plugins.instance().register(ScenarioSource)
    ConfigStore.instance().store(name=f"{face.word}_schema", node=face.schema, provider="sim")


@contextmanager
def _hydra_aside() -> Iterator[None]:
    """Puts a Hydra that is in use aside, and back afterwards."""
    in_use, base = GlobalHydra.instance().hydra, VersionBase.instance().getbase()
    GlobalHydra.instance().clear()
    try:
        yield
    finally:
        GlobalHydra.instance().hydra = in_use
        if isinstance(base, Version):
            VersionBase.instance().setbase(base)


@contextmanager
def _as_process(word: str, overrides: list[str]) -> Iterator[None]:
    """What Hydra takes from the process: its arguments, and to hand us exceptions as they are."""
    arguments, full_error = sys.argv, os.environ.get("HYDRA_FULL_ERROR")
    sys.argv = [f"sim {word}", *overrides]
    os.environ["HYDRA_FULL_ERROR"] = "1"
    complain, logging.raiseExceptions = logging.raiseExceptions, False  # `sim run --info | head`
    try:
        yield
    finally:
        sys.argv = arguments
        logging.raiseExceptions = complain
        del os.environ["HYDRA_FULL_ERROR"]
        if full_error is not None:
            os.environ["HYDRA_FULL_ERROR"] = full_error


@contextmanager
def _sweep_folder(overrides: list[str]) -> Iterator[list[str]]:
    """Where Hydra's sweeper leaves its own file: a folder that does not outlive the sweep."""
    chosen = any(override.startswith("hydra.sweep.dir=") for override in overrides)
    scratch = tempfile.TemporaryDirectory() if is_sweep(overrides) and not chosen else nullcontext()
    with scratch as folder:
        yield [] if folder is None else [f"hydra.sweep.dir='{folder}'"]


@contextmanager
def _explained(overrides: Sequence[str], word: str) -> Iterator[None]:
    """Hydra's refusals, in our words."""
    try:
        yield
    except (HydraException, OmegaConfBaseException) as error:
        problems = [text for override in overrides for text in _problems(override, overrides, word)]
        raise Refused(*(problems or [_as_hydra_says(error)])) from error


def _problems(override: str, overrides: Sequence[str], word: str) -> list[Text]:
    """What Hydra's grammar has against one override."""
    if override.startswith("-") or "=" not in override:
        return []
    typed = spoken_names(override.lstrip("+").removeprefix(f"{GROUP}@"))
    try:
        parsed = OverridesParser.create().parse_override(override)
    except HydraException:
        key, _, value = typed.partition("=")
        return [
            Text(
                f"看不懂 {typed}：检查括号、引号是否成对；含特殊字符的值请加引号，"
                f"如 {key}=\"'{value}'\"",
                f"{typed} is not understood: look at brackets and quotes; a value with special "
                f"characters needs quotes, as in {key}=\"'{value}'\"",
            )
        ]
    if parsed.is_sweep_override() and not is_sweep(overrides):
        key, _, value = typed.partition("=")
        if key in GROUPS:
            return [one_scenario(key, value)]
        bare = without_thousands(typed)
        if "," not in bare:
            return [
                Text(
                    f"{typed}：数字中不写千位逗号，如 {bare}",
                    f"{typed}: no commas within a number, as in {bare}",
                )
            ]
        return [
            Text(
                f"{typed} 给出了多个值；要逐个运行，请写 sim {word} -m …；要作为列表，请加方括号",
                f"{typed} gives several values; to run one after another, write sim {word} -m …; "
                "for a list, put it into square brackets",
            )
        ]
    problems = _unknown_engine(typed) if typed.startswith("engine=") else []
    if parsed.key_or_group in CHANGES:
        mapping(parsed.value(), parsed.key_or_group, problems)
    return problems


def _unknown_engine(typed: str) -> list[Text]:
    names = sorted(file.stem for file in (data.conf_folder() / "engine").glob("*.yaml"))
    name = typed.removeprefix("engine=").strip("'\"")
    if name in names:
        return []
    hint, said = near(name, names), ", ".join(names)
    return [
        Text(
            f"engine 可以是 {said}，而不是 {name}{hint.zh}",
            f"engine can be {said}, not {name}{hint.en}",
        )
    ]


def _as_hydra_says(error: Exception) -> Text:
    lines = [*str(error).splitlines(), *str(error.__cause__ or "").splitlines()]
    what = " ".join(line.strip() for line in lines[:3])
    return Text(f"设置有误：{what}", f"the settings are wrong: {what}")
