"""What people type becomes Hydra's overrides: shorter, in Chinese, and with unknown words refused.

Hydra's grammar takes no unquoted Chinese and no Windows path, wants `++` before a key that is
not in the composed configuration, and answers a misspelt key in English; all that is met here,
before Hydra sees it.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sim import data
from sim.engine.model import canonical
from sim.ensemble.scenario import scenario_called
from sim.text import Text, like, near

CHANGES = ("levers", "assumptions", "parameters", "factors", "effort")
GROUPS = ("scenario", "against", "toward")
PATHS = ("output", "model", "file", "new", "observations")
LISTS = (
    *("keep", "targets", "uncertain", "change"),
    *("given", "years", "prices", "trends", "reverting"),
)
TAKES_VALUE = {
    *("--cfg", "-c", "--package", "-p", "--config-path", "-cp", "--config-name", "-cn"),
    *("--config-dir", "-cd", "--info", "-i", "--experimental-rerun"),
}
"""Hydra's options whose value is a word of its own."""
OPTIONAL_VALUE = {"--info", "-i"}
SHORT = {"-h", "-m", "-r"}
FLAGS = {"--help", "--hydra-help", "--version", "--resolve", "--run", "--multirun"}

_OVERRIDE = re.compile(r"(?P<sign>\+{0,2})(?P<key>[^=]*)=(?P<value>.*)", re.DOTALL)
_QUOTED = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
_PLAIN = re.compile(r"[A-Za-z_][\w$-]*", re.ASCII)
_CODED = "utf8_"
_CODE = re.compile(rf"{_CODED}((?:[0-9a-f]{{2}})+)")
_THOUSANDS = re.compile(r"(?<![\w.])\d{1,3}(?:,\d{3})+(?![\w])")
_PIECES = re.compile(rf"({_QUOTED}|\$\{{[^}}]*\}}|[,:\[\]{{}}()]|[^,:\[\]{{}}()]+)")


def is_sweep(arguments: Iterable[str]) -> bool:
    """Whether several runs are asked for (-m)."""
    wanted = ("-m", "--multirun", "hydra.mode=MULTIRUN")
    return any(argument in wanted for argument in arguments)


def to_overrides(
    arguments: Sequence[str],
    keys: Iterable[str],
    scenarios: Iterable[str],
    problems: list[Text],
) -> list[str]:
    """Hydra's words for the words of a person; what is wrong with them joins `problems`. What is
    misspelt is read on as what it is most like, so that its value is looked at, too.

    `keys` are the words a configuration may use, `scenarios` the names that exist (for hints).
    """
    keys, scenarios, sweep = list(keys), list(scenarios), is_sweep(arguments)
    options: list[str] = []
    found: list[str] = []
    awaiting = ""
    for argument in arguments:
        if awaiting and not (awaiting in OPTIONAL_VALUE and "=" in argument):
            options.append(argument)
            awaiting = ""
        elif argument.startswith("-"):
            problems += _unknown_option(argument, keys)
            options.append(argument)
            awaiting = argument if argument in TAKES_VALUE else ""
        else:
            found += _word(argument, keys, scenarios, sweep, problems)
            awaiting = ""
    return [*found, *options]  # argparse takes overrides in one row only, and --info at the end


def _word(
    argument: str,
    keys: Sequence[str],
    scenarios: Sequence[str],
    sweep: bool,
    problems: list[Text],
) -> list[str]:
    """The override for one word that is no option; notes what is wrong with it."""
    if argument.startswith("~"):
        problems.append(
            Text(
                f"{argument}：设置项不能删除，只能改值（键=值）",
                f"{argument}: a setting can be changed (key=value), not deleted",
            )
        )
        return []
    match = _OVERRIDE.fullmatch(argument)
    if match is None:
        problems.append(_no_override(argument, keys, scenarios))
        return []
    return _override(match, keys, scenarios, sweep, problems)


def _override(
    match: re.Match[str],
    keys: Sequence[str],
    scenarios: Sequence[str],
    sweep: bool,
    problems: list[Text],
) -> list[str]:
    sign, key, value = match["sign"], match["key"].strip(), match["value"]
    word = re.split(r"[.@/]", key, maxsplit=1)[0]
    if not word:
        problems.append(
            Text(
                "等号前面是空的：等号两边不要有空格，如 scenario=high_methane",
                "nothing stands before =: no blanks around it, as in scenario=high_methane",
            )
        )
        return []
    if word == "hydra":
        return [f"{sign}{key}={value}"]
    if word not in keys:
        key = _corrected(key, word, keys, problems)
        if not key:
            return []
        word = re.split(r"[.@/]", key, maxsplit=1)[0]
    if key in GROUPS:
        value = _scenario(key, value, scenarios, problems)
    if key in GROUPS[1:]:
        key = f"scenario@{key}"
        if value.strip("'\"").lower() in ("null", "none"):
            return [f"~{key}"]  # Hydra takes no null for a group
    if word in CHANGES:
        sign = "++"  # no name of a lever stands in the composed configuration
        key = written_name(key)
    elif not key.startswith(f"{word}."):
        sign = ""  # +draws=5 would be refused as already there: nobody who types it means that
    return [f"{sign}{key}={_value(word, value, sweep)}"]


def _corrected(key: str, word: str, keys: Sequence[str], problems: list[Text]) -> str:
    """What an unknown setting surely meant, the mistake noted; "" where none can be said."""
    group = _group(key)
    problems.append(_unknown_key(key, word, keys, group))
    if group in keys:
        return f"{group}.{key}"
    meant = _meant(word, keys)
    return key.replace(word, meant, 1) if meant else ""


def _scenario(key: str, value: str, scenarios: Sequence[str], problems: list[Text]) -> str:
    """A scenario's name, or several; of those that are named by their titles, too."""
    if value.startswith("["):
        problems.append(one_scenario(key, value))
    if set(names := value.split(",")) <= set(scenarios):
        return value
    known = data.list_scenarios(data.scenario_folders())
    return ",".join(scenario_called(name, known) for name in names)


def written_name(key: str) -> str:
    """`levers.NAME` as Hydra's grammar takes it: a Chinese name, or one with brackets, in letters
    and digits. See `spoken_names`."""
    word, dot, name = key.partition(".")
    if not dot or _PLAIN.fullmatch(name):
        return key
    return f"{word}.{_code(canonical(name))}"


def _code(name: str) -> str:
    return _CODED + name.encode().hex()


def spoken_names(text: str) -> str:
    """`text` with the names that `written_name` made as a person writes them."""
    return _CODE.sub(lambda found: bytes.fromhex(found[1]).decode(), text)


def thousands(text: str) -> list[float]:
    """The numbers that `text` may hold with commas between their thousands: 4,500."""
    return [float(found.replace(",", "")) for found in _THOUSANDS.findall(text)]


def without_thousands(text: str) -> str:
    """`text` with such numbers in one piece."""
    return _THOUSANDS.sub(lambda found: found[0].replace(",", ""), text)


def _value(word: str, value: str, sweep: bool) -> str:
    if re.fullmatch(_QUOTED, value):
        return value
    is_path = word in PATHS or (word == "draws" and not sweep and re.search(r"[/\\]", value))
    if is_path and value not in ("", "null") and not value.startswith("${"):
        return quote(value)
    pieces = _PIECES.findall(value)
    value = "".join(
        _piece(word, piece, key=after == ":")
        for piece, after in zip(pieces, [*pieces[1:], ""], strict=False)
    )
    if word in LISTS and "," in value and not sweep and not value.startswith("["):
        return f"[{value}]"
    return value


def _piece(word: str, piece: str, key: bool) -> str:
    """A piece of a value as Hydra's grammar takes it; the key of a mapping cannot be quoted."""
    bare = piece.strip()
    if key and not bare.isascii() and bare[0] not in "'\"":
        return piece.replace(bare, _code(bare))
    return piece.replace(bare, quote(bare)) if _needs_quotes(word, piece) else piece


def _needs_quotes(word: str, piece: str) -> bool:
    if piece[0] in "'\"":
        return False
    plain = piece.strip().lower()
    if word == "draws" and re.search(r"[/\\\\]", piece):
        return True  # the folder of a calibration
    looks_otherwise = plain.isdigit() or plain in ("null", "true", "false")
    return not piece.isascii() or "<" in piece or (word in GROUPS and looks_otherwise)


def quote(text: str) -> str:
    """`text` as a quoted string of Hydra's grammar.

    There a backslash means itself, except in a row that ends at a quote.
    """
    escaped = re.sub(r"(\\*)'", r"\1\1\\'", text)
    escaped = re.sub(r"(\\+)$", r"\1\1", escaped)
    return f"'{escaped}'"


def from_python(words: Mapping[str, Any]) -> list[str]:
    """The overrides for keyword arguments: draws=5000, levers={"coal_cap": {2025: 40}}, …"""
    found: list[str] = []
    for key, value in words.items():
        if key in CHANGES and isinstance(value, Mapping):
            found += [f"{key}.{name}={_written(level)}" for name, level in value.items()]
        else:
            found.append(f"{key}={_written(value)}")
    return found


def _written(value: Any) -> str:
    """A Python value in Hydra's grammar; arrays and their like are lists and numbers."""
    if hasattr(value, "__array__"):
        value = value.__array__().tolist()
    if isinstance(value, Mapping):
        pairs = (f"{key}: {_written(entry)}" for key, entry in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, set | frozenset):
        value = sorted(value, key=str)  # as they stand, another order in every process
    if isinstance(value, Collection) and not isinstance(value, str):
        return "[" + ", ".join(map(_written, value)) + "]"
    if value is None:
        return "null"
    if isinstance(value, bool | int | float):
        return str(value).lower()
    return quote(str(value))


def _unknown_option(option: str, keys: Sequence[str]) -> list[Text]:
    name = option.split("=", maxsplit=1)[0]
    known = sorted({*FLAGS, *TAKES_VALUE, *SHORT})
    if any(other.startswith(name) for other in known):
        return []
    hint = near(name, known)
    if name.lstrip("-") in keys:
        setting = option.lstrip("-")
        hint = Text(f"；设置项不带横线：{setting}", f"; settings have no dashes: {setting}")
    return [Text(f"没有名为 {name} 的选项{hint.zh}", f"there is no option {name}{hint.en}")]


def one_scenario(key: str, value: str) -> Text:
    """That a run has one scenario, and how several are run."""
    several = value.strip("[]")
    return Text(
        f"{key}={value}：一次只运行一个情景；依次运行多个请写 sim run -m {key}={several}",
        f"{key}={value}: one scenario at a time; for several in turn: sim run -m {key}={several}",
    )


ELSEWHERE = {
    **{"members": "draws", "draws": "members", "samples": "draws", "runs": "draws"},
    **{"integrator": "method", "dt": "time_step", "end": "final_time"},
}
"""What settings are called in other commands and programs."""


def _meant(word: str, keys: Sequence[str]) -> str:
    """The setting that a word is surely meant for; "" where that cannot be said."""
    other = ELSEWHERE.get(word, "")
    return other if other in keys else next(iter(like(word, keys, 0.8)), "")


def _unknown_key(key: str, word: str, keys: Sequence[str], group: str) -> Text:
    hint = near(_meant(word, keys) or word, keys)
    if group in keys:
        hint = Text(f"，是否想写：{group}.{key}？", f"; did you mean {group}.{key}?")
    listed = Text("；加 --help 列出全部设置项", "; --help lists them all")
    return Text(
        f"没有名为 {key} 的设置项{hint.zh or listed.zh}",
        f"there is no setting {key}{hint.en or listed.en}",
    )


def _group(name: str) -> str:
    """Where an input of the county's table is set (levers …); "" for what is none."""
    from sim.ensemble.scenario import ROLES, read_parameters  # only on the way to a refusal

    parameter = read_parameters(data.sector_folder()).get(name)
    found = [group for group, role in ROLES.items() if parameter and parameter.role == role]
    return found[0] if found else ""


def _no_override(argument: str, keys: Sequence[str], scenarios: Sequence[str]) -> Text:
    close = near(argument, [*scenarios, *keys])
    if argument in scenarios:
        close = Text(f"，是否想写：scenario={argument}？", f"; did you mean scenario={argument}?")
    return Text(
        f"看不懂 {argument}：设置应写成 键=值，如 scenario=high_methane{close.zh}",
        f"{argument} is not understood: settings are key=value, as in "
        f"scenario=high_methane{close.en}",
    )
