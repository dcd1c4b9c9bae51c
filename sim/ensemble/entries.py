"""Entries of a YAML file, read with care: mistakes are noted, so that all are said at once."""

import itertools
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sim.text import Text, near

Level = float | dict[float, float]
"""A number, or a path by year: piecewise linear, flat outside its years."""


def level_of(value: Any) -> Level:
    """A number, or a path by year, as YAML and the command line give it.

    Raises ValueError with a reason (`Text`) when it is neither, not finite, or out of order.
    """
    if isinstance(value, Mapping):
        if not value:
            raise ValueError(Text("路径中没有年份", "a path without years"))
        years = [number_of(year) for year in value]
        if any(late <= early for early, late in itertools.pairwise(years)):
            raise ValueError(
                Text(f"年份须从小到大：{years}", f"the years of a path must rise: {years}")
            )
        return dict(zip(years, (number_of(entry) for entry in value.values()), strict=True))
    return number_of(value)


def number_of(value: Any) -> float:
    """A finite number; raises ValueError with a reason (`Text`)."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(Text(f"应为数字，而不是 {value!r}", f"should be a number, not {value!r}"))
    try:
        number = float(value)
    except ValueError:
        raise ValueError(
            Text(f"应为数字，而不是“{value}”", f"should be a number, not {value!r}")
        ) from None
    if not math.isfinite(number):
        raise ValueError(Text(f"须为有限的数，而不是 {number}", f"must be finite, not {number}"))
    return number


def mapping(value: Any, file: Path, where: str, problems: list[Text]) -> Mapping[Any, Any]:
    """The mapping that stands at `where`; empty, and noted, where something else does."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        problems.append(
            Text(f"{file}: {where} 应为“名称: 内容”的形式", f"{file}: {where} should be a mapping")
        )
        return {}
    return value


def text_of(value: Any, file: Path, where: str, problems: list[Text]) -> Text:
    """A text in both languages; empty, and noted, where one is missing."""
    if isinstance(value, Mapping) and {"zh", "en"} <= set(value):
        return Text(str(value["zh"]).strip(), str(value["en"]).strip())
    problems.append(
        Text(
            f"{file}: {where} 须有中英文两种写法，如 {{zh: 中文, en: English}}",
            f"{file}: {where} must be in both languages: {{zh: 中文, en: English}}",
        )
    )
    return Text("", "")


def number(value: Any, file: Path, where: str, problems: list[Text]) -> float:
    """A finite number; 0, and noted, where it is none."""
    try:
        return number_of(value)
    except ValueError as error:
        reason: Text = error.args[0]
        problems.append(Text(f"{file}: {where}：{reason.zh}", f"{file}: {where}: {reason.en}"))
        return 0.0


def level(value: Any, file: Path, where: str, problems: list[Text]) -> Level:
    """A number or a path by year; 0, and noted, where it is neither."""
    try:
        return level_of(value)
    except ValueError as error:
        reason: Text = error.args[0]
        problems.append(Text(f"{file}: {where}：{reason.zh}", f"{file}: {where}: {reason.en}"))
        return 0.0


def known_keys(
    entry: Mapping[Any, Any], keys: set[str], file: Path, where: str, problems: list[Text]
) -> None:
    """Notes every key that is none of `keys`."""
    for key in entry:
        if key not in keys:
            hint = near(str(key), keys)
            problems.append(
                Text(
                    f"{file}: {where} 中不认识的条目 {key}{hint.zh}",
                    f"{file}: {where}: unknown key {key}{hint.en}",
                )
            )


def lacks(
    entry: Mapping[Any, Any], keys: Iterable[str], file: Path, where: str, problems: list[Text]
) -> bool:
    """Whether some of `keys` have no value; notes which."""
    absent = [key for key in keys if entry.get(key) is None]
    for key in absent:
        problems.append(Text(f"{file}: {where} 缺少 {key}", f"{file}: {where} lacks {key}"))
    return bool(absent)


def choice(
    value: Any, choices: tuple[str, ...], file: Path, where: str, problems: list[Text]
) -> None:
    """Notes a value that is none of `choices`."""
    if value not in choices:
        problems.append(
            Text(
                f"{file}: {where} 为 {value!r}，只能是 {'、'.join(choices)}",
                f"{file}: {where} is {value!r}; it can be {', '.join(choices)}",
            )
        )
