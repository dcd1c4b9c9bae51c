"""The words of the command line, before any command does its work."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.__main__ import main
from sim.commands import COMMANDS
from sim.commands.check import understood
from sim.commands.help import help_of
from sim.text import Refused, Text, width

Captured = pytest.CaptureFixture[str]


def test_no_word_at_all_shows_the_help(capsys: Captured) -> None:
    assert main([]) == 0
    assert "用法：sim <命令>" in capsys.readouterr().out


@pytest.mark.parametrize("word", COMMANDS)
def test_every_command_has_help_in_both_languages(word: str, capsys: Captured) -> None:
    assert main([word, "--help"]) == 0
    chinese = capsys.readouterr().out
    assert main([word, "--help", "lang=en"]) == 0
    english = capsys.readouterr().out
    assert f"sim {word}" in chinese
    assert f"sim {word}" in english
    assert any("一" <= c <= "鿿" for c in chinese)
    assert english.split(":")[0].isascii()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_first_help_fits_a_terminal_of_eighty_columns(lang: str) -> None:
    lines = help_of("").of(lang).splitlines()
    assert max(map(width, lines)) <= 80
    examples = [line for line in lines if line.startswith("  ") and "  sim " in line[10:]]
    assert len({width(line[: line.rindex("  sim ")]) for line in examples}) == 1
    assert len(examples) >= len(COMMANDS) - 1


def test_the_help_of_check_says_the_draws_that_it_takes() -> None:
    _, draws, seed = understood([])
    assert f"默认 {draws}\n" in help_of("check").zh
    assert f"default {draws}\n" in help_of("check").en
    assert f"默认 {seed}\n" in help_of("check").zh


def test_help_names_every_setting_of_a_run(capsys: Captured) -> None:
    from sim.config import RunConfig

    for lang in ("zh", "en"):
        main(["run", "--help", f"lang={lang}"])
        text = capsys.readouterr().out
        for key in RunConfig.__dataclass_fields__:
            assert f"  {key}=" in text or f"  {key}." in text


def test_version_is_that_of_the_package(capsys: Captured) -> None:
    import sim

    assert main(["--version"]) == 0
    assert capsys.readouterr().out.strip() == f"sim {sim.__version__}"


def test_an_unknown_command_is_refused_with_a_near_one(capsys: Captured) -> None:
    assert main(["scenaros"]) == 2
    said = capsys.readouterr().err
    assert "scenaros" in said
    assert "是否想写：scenarios" in said
    assert main(["scenario=x"]) == 2
    assert "sim run scenario=x" in capsys.readouterr().err


def test_the_language_comes_from_the_arguments_then_the_environment(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIM_LANG", "en")
    main(["nonsense"])
    assert capsys.readouterr().err.startswith("error: there is no command")
    main(["nonsense", "lang=zh"])
    assert capsys.readouterr().err.startswith("错误：没有名为 nonsense 的命令")
    assert main(["scenarios", "lang=fr"]) == 2
    assert "zh or en" in capsys.readouterr().err


def test_every_problem_of_a_refusal_is_printed(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(words: list[str], lang: str) -> int:
        raise Refused(Text("一", "one"), Text("二", "two"))

    monkeypatch.setattr("sim.__main__.dispatch", refuse)
    assert main(["run", "lang=en"]) == 2
    assert capsys.readouterr().err == "error: one\nerror: two\n"


def test_ctrl_c_says_so_with_status_130(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(words: list[str], lang: str) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.__main__.dispatch", interrupted)
    assert main(["run"]) == 130
    assert "已中断" in capsys.readouterr().err


def test_bugs_are_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(words: list[str], lang: str) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr("sim.__main__.dispatch", broken)
    with pytest.raises(ZeroDivisionError):
        main(["run"])


def test_a_closed_pipe_ends_quietly() -> None:
    command = [sys.executable, "-m", "sim", "run", "--help"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_chinese_comes_out_as_utf8_whatever_the_locale() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "sim", "--help"]
    done = subprocess.run(command, capture_output=True, env=environment, check=True)
    assert "县域规划" in done.stdout.decode("utf-8")


HEAVY = ("numpy", "scipy", "xarray", "matplotlib", "pysd", "hydra", "omegaconf", "rich")


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["run", "--help"],
        ["scenarios"],
        ["completion", "bash"],
        ["completion", "query", "run", "scenario="],
        ["completion", "query", "run", "levers."],
    ],
)
def test_what_must_start_fast_imports_nothing_heavy(words: list[str], tmp_path: Path) -> None:
    check = (
        "import sys; from sim.__main__ import main; "
        f"assert main({words!r}) == 0; "
        f"heavy = set({HEAVY!r}) & set(sys.modules); assert not heavy, heavy"
    )
    command = [sys.executable, "-c", check]
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path)
