"""What stands in a composed configuration, read entry by entry; what is wrong joins `problems`."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any

from omegaconf import MISSING, DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from sim.config.overrides import spoken_names
from sim.ensemble.entries import number_of
from sim.text import Refused, Text, near


def plain(cfg: DictConfig, schema: type) -> dict[str, Any]:
    """The configuration as plain Python, every key of its schema in it."""
    try:
        content = OmegaConf.to_container(_own(cfg), resolve=True)
    except OmegaConfBaseException as error:
        what = str(error).splitlines()[0]
        raise Refused(
            Text(f"设置中的引用无法解析：{what}", f"a reference in the settings is broken: {what}")
        ) from error
    assert isinstance(content, dict)
    usual = {field.name: field.default for field in fields(schema)}
    content = usual | content
    absent = [key for key in usual if content[key] == MISSING]
    if absent:
        raise Refused(
            Text(
                f"缺少设置项 {'、'.join(absent)}；conf/ 是否被改动？",
                f"settings are missing: {', '.join(absent)}; was conf/ changed?",
            )
        )
    return {str(key): value for key, value in content.items()}


def _own(cfg: DictConfig) -> DictConfig:
    """The configuration without Hydra's own part, which cannot be resolved outside a job."""
    return OmegaConf.masked_copy(cfg, [str(key) for key in cfg if key != "hydra"])


class Texts(Mapping[str, str]):
    """Texts of files by name, each written when it is asked for: most commands ask for none."""

    def __init__(self, writers: Mapping[str, Callable[[], str]]) -> None:
        self._writers = dict(writers)

    def __getitem__(self, name: str) -> str:
        return self._writers[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._writers)

    def __len__(self) -> int:
        return len(self._writers)


def hydra_files(cfg: DictConfig) -> Texts:
    """What Hydra would write into `.hydra/`: file name → text.

    `cfg` with its hydra node (from compose), or without it inside a running Hydra job.
    """
    from hydra.core.hydra_config import HydraConfig

    hydra = cfg.get("hydra") or (HydraConfig.get() if HydraConfig.initialized() else None)
    writers = {"config.yaml": lambda: OmegaConf.to_yaml(_own(cfg), resolve=True)}
    if hydra is not None:
        writers |= {
            "hydra.yaml": lambda: spoken_names(
                OmegaConf.to_yaml(OmegaConf.create({"hydra": hydra}))
            ),
            "overrides.yaml": lambda: spoken_names(OmegaConf.to_yaml(hydra.overrides.task)),
        }
    return Texts(writers)


def names_of(content: Any, key: str, problems: list[Text]) -> list[str]:
    """The names in an entry that holds one or a list of them."""
    names = [content] if isinstance(content, str) else content
    if isinstance(names, list) and names and all(isinstance(name, str) for name in names):
        return list(dict.fromkeys(names))
    problems.append(
        Text(
            f"{key} 应为名称的列表，如 [a,b]，而不是 {content!r}",
            f"{key} should be a list of names such as [a,b], not {content!r}",
        )
    )
    return []


def mapping(content: Any, key: str, problems: list[Text]) -> Mapping[Any, Any]:
    """An entry that is a mapping; an empty one where it is not."""
    if isinstance(content, Mapping):
        return content
    problems.append(
        Text(
            f"{key} 应写成 {key}.名称=值，而不是 {content!r}",
            f"{key} is given as {key}.NAME=VALUE, not {content!r}",
        )
    )
    return {}


def integer(content: Mapping[str, Any], key: str, least: int, problems: list[Text]) -> int:
    """The whole number under `key`, `least` at least."""
    value = content[key]
    try:
        number = number_of(value)
    except ValueError:
        number = math.inf
    if math.isfinite(number) and number == int(number) >= least:
        return int(number)
    problems.append(
        Text(
            f"{key} 应为不小于 {least} 的整数，而不是 {value}",
            f"{key} should be a whole number of at least {least}, not {value}",
        )
    )
    return least


def choice(
    content: Mapping[str, Any], key: str, choices: Iterable[str], problems: list[Text]
) -> str:
    """The word under `key`, one of `choices`."""
    value, choices = str(content[key]), list(choices)
    if value not in choices:
        hint = near(value, choices)
        problems.append(
            Text(
                f"{key} 可以是 {'、'.join(choices)}，而不是 {value}{hint.zh}",
                f"{key} can be {', '.join(choices)}, not {value}{hint.en}",
            )
        )
    return value


def boolean(content: Mapping[str, Any], key: str, problems: list[Text]) -> bool:
    """Whether the entry under `key` is true."""
    value = content[key]
    if not isinstance(value, bool):
        problems.append(
            Text(
                f"{key} 只能是 true 或 false，而不是 {value!r}",
                f"{key} is true or false, not {value!r}",
            )
        )
    return value is True


def share_of(content: Any) -> float:
    """The share that a number or percentage says: 0.4 or 40%. Raises ValueError for others."""
    text = str(content).strip()
    return number_of(text[:-1]) / 100 if text.endswith("%") else number_of(content)


def share(content: Any, key: str, problems: list[Text]) -> float:
    """A number from 0 to below 1, or as many per cent; 0, and noted, where it is none."""
    try:
        found = share_of(content)
    except ValueError:
        found = -1.0
    if 0 <= found < 1:
        return found
    problems.append(
        Text(
            f"{key} 应为 0 到 1 之间的数或百分数（如 0.4、40%），而不是 {content!r}",
            f"{key} is a share between 0 and 1 or a percentage (0.4, 40%), not {content!r}",
        )
    )
    return 0.0
