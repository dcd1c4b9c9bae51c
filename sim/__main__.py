"""The words of the command line: `sim run …` goes to commands/run.py.

Nothing heavy is imported here: `sim --help` takes no longer than a Python that imports yaml.
"""

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from sim.commands import COMMANDS, HYDRA
from sim.keyboard import ordinary
from sim.text import Refused, Text, near

LANGUAGES = ("zh", "en")
COLLECTED = 50_000
"""Objects after which Python looks for circles among them: a command brings hundreds of thousands
that stay (modules, models), and to look through them after every 700 takes a twentieth of it."""
REFUSED, INTERRUPTED, PIPE_CLOSED = 2, 130, 141
"""Exit statuses: a user's mistake; Ctrl-C; `| head` has seen enough (as a shell counts signals)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status; bugs are raised."""
    _write_utf8()
    gc.set_threshold(COLLECTED)
    words = ordinary(sys.argv[1:] if arguments is None else arguments)
    lang = language(words)
    try:
        status = dispatch(words, lang)
        sys.stdout.flush()
        return status
    except Refused as refusal:
        for problem in refusal.problems:
            print(f"{Text('错误：', 'error: ').of(lang)}{problem.of(lang)}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        said = Text("\n已中断，未写入结果。", "\ninterrupted; nothing was written.")
        print(said.of(lang), file=sys.stderr)
        return INTERRUPTED
    except OSError as error:
        if not _pipe_closed(error):
            raise
        # what is still buffered has no reader; Python would complain of it at exit
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        return PIPE_CLOSED


def dispatch(words: list[str], lang: str) -> int:
    """Hands the arguments to the command that the first word names."""
    word, arguments = (words[0], words[1:]) if words else ("--help", [])
    if word in ("--help", "-h", "help"):
        return _help(arguments[0] if arguments and arguments[0] in COMMANDS else "", lang)
    if word == "--version":
        from sim import __version__

        print(f"sim {__version__}")
        return 0
    if word not in COMMANDS:
        raise _unknown(word)
    if {"--help", "-h"} & set(arguments):
        return _help(word, lang)
    if word not in HYDRA:
        arguments = _without_language(arguments)
    status: int = import_module(f"sim.commands.{word}").main(arguments, lang)
    return status


def language(words: Sequence[str]) -> str:
    """The language to speak: `lang=…` among the words, else $SIM_LANG, else Chinese."""
    given = [word.removeprefix("lang=") for word in words if word.startswith("lang=")]
    for wanted in (*reversed(given), os.environ.get("SIM_LANG", "")):
        if wanted in LANGUAGES:
            return wanted
    return "zh"


def _help(word: str, lang: str) -> int:
    from sim.commands.help import help_of

    print(help_of(word).of(lang))
    return 0


def _unknown(word: str) -> Refused:
    hint = near(word, COMMANDS)
    if "=" in word:
        setting = word.lstrip("-")
        hint = Text(f"，是否想写：sim run {setting}？", f"; did you mean `sim run {setting}`?")
    return Refused(
        Text(
            f"没有名为 {word} 的命令{hint.zh or '；sim --help 列出全部命令'}",
            f"there is no command {word}{hint.en or '; `sim --help` lists them all'}",
        )
    )


def _without_language(arguments: Sequence[str]) -> list[str]:
    for argument in arguments:
        if argument.startswith("lang=") and argument.removeprefix("lang=") not in LANGUAGES:
            raise Refused(
                Text(
                    f"{argument}：语言可以是 zh（中文）或 en（英文）",
                    f"{argument}: the language can be zh or en",
                )
            )
    return [argument for argument in arguments if not argument.startswith("lang=")]


def _pipe_closed(error: OSError) -> bool:
    import errno

    # Windows answers a write to a closed pipe with "invalid argument"
    on_windows = os.name == "nt" and error.errno == errno.EINVAL and error.filename is None
    return isinstance(error, BrokenPipeError) or on_windows


def _write_utf8() -> None:
    """Chinese comes out whole on Windows consoles and in pipes, whatever their code page."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    sys.exit(main())
