"""What was typed after `sim plot`, `sim table`, `sim report`: words, and key=value."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sim.text import Refused, Text, near


class Asked(NamedTuple):
    """The words, and the values by key (each key's default where it was not given)."""

    words: tuple[str, ...]
    values: dict[str, str]

    def names(self, key: str) -> tuple[str, ...]:
        """The value of `key` as a list: `a,b` or `[a,b]`."""
        listed = self.values[key].strip().removeprefix("[").removesuffix("]")
        return tuple(name.strip() for name in listed.split(",") if name.strip())


def asked(arguments: Sequence[str], defaults: Mapping[str, str], command: str) -> Asked:
    """The arguments read; refuses keys that are not in `defaults`, all at once."""
    words, values, problems = [], dict(defaults), []
    for argument in arguments:
        key, equals, value = argument.partition("=")
        if not equals:
            words.append(argument)
        elif key in defaults:
            values[key] = value
        else:
            hint = near(key, defaults)
            keys = ", ".join(defaults)
            problems.append(
                Text(
                    f"sim {command} 没有设置项 {key}{hint.zh or '；有：' + keys}",
                    f"sim {command} has no setting {key}{hint.en or '; it has ' + keys}",
                )
            )
    if problems:
        raise Refused(*problems)
    return Asked(tuple(words), values)


def chosen(value: str, choices: Sequence[str], what: Text) -> str:
    """`value`, refused where it is none of `choices`."""
    if value in choices:
        return value
    hint = near(value, choices)
    listed = ", ".join(choices)
    raise Refused(
        Text(
            f"没有名为 {value} 的{what.zh}{hint.zh or '；'}可选：{listed}",
            f"there is no {what.en} {value}{hint.en}; choose from {listed}",
        )
    )
