"""What Tab offers, asked of the shells themselves where they are installed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sim.__main__ import main
from sim.commands import COMMANDS
from sim.commands.completion import SCRIPTS, candidates
from sim.config import RunConfig

ROOT = Path(__file__).parents[2]


def test_every_command_is_offered() -> None:
    assert set(COMMANDS) < set(candidates([""]))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["sc"], ["scenarios"]),
        (["run", "scen"], ["scenario="]),
        (["run", "scenario=hi"], ["scenario=high_methane"]),
        (["run", "-m", "scenario=baseline,hi"], ["scenario=baseline,high_methane"]),
        (["run", "against=n"], ["against=none"]),
        (["reach", "toward=ba"], ["toward=baseline"]),
        (["reach", "change=coal"], ["change=coal_cap"]),
        (["run", "draws=5", "lev"], ["levers."]),
        (["run", "levers.c"], ["levers.coal_cap="]),
        (["run", "assumptions."], ["assumptions.coal_price="]),
        (["run", "method="], ["method=auto", "method=euler", "method=rk4"]),
        (["run", "targets=c"], ["targets=coal_output"]),
        (["run", "--cfg", "j"], ["job"]),
        (["run", "--mu"], ["--multirun"]),
        (["scenarios", ""], ["show"]),
        (["scenarios", "show", "b"], ["baseline"]),
        (["explain", "coal_o"], ["coal_output"]),
        (["again", "l"], ["latest"]),
        (["completion", "z"], ["zsh"]),
        (["nonsense", ""], []),
    ],
)
def test_the_last_word_is_completed(project: Path, words: list[str], found: list[str]) -> None:
    model = project / "model/qinshui.mdl"
    model.parent.mkdir()
    model.write_text("{UTF-8}\nCoal output=\n 1 ~ a ~ b |\nx = 2 ~ a ~ b |\n", encoding="utf-8")
    assert candidates(words) == found


def test_every_key_of_a_run_is_offered(project: Path) -> None:
    offered = {word.rstrip("=.") for word in candidates(["run", ""])}
    assert offered == set(RunConfig.__dataclass_fields__)


def test_broken_files_complete_to_nothing(project: Path) -> None:
    (project / "conf/sector/coal.yaml").write_text("levers: [", encoding="utf-8")
    assert candidates(["run", "levers."]) == []


def test_an_unknown_shell_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "bsh", "lang=en"]) == 2
    assert "did you mean bash" in capsys.readouterr().err


@pytest.fixture
def ask(tmp_path: Path):
    """Runs a script in a shell that has `sim` in its path and two scenarios at hand."""
    (tmp_path / "scenarios").mkdir()
    for name in ("one_case", "two_case", "十四五"):
        (tmp_path / "scenarios" / f"{name}.yaml").touch()
    command = tmp_path / "bin/sim"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m sim "$@"\n', encoding="utf-8")
    command.chmod(0o755)

    def answer(shell: str, script: str) -> list[str]:
        found = shutil.which(shell)
        if found is None:
            pytest.skip(f"{shell} is not installed")
        path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
        home = {"HOME": str(tmp_path), "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT)}
        environment = {**os.environ, "PATH": path, **home}
        done = subprocess.run(
            [found, "-c", script],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            check=True,
            timeout=60,
        )
        assert done.stderr == ""
        return done.stdout.split("\n")

    return answer


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("sim ru", ["run "]),
        ("sim run scenario=tw", ["two_case "]),  # readline replaces what stands after "="
        ("sim run scenario=十", ["十四五 "]),
        ("sim run dra", ["draws="]),
        ("sim run lev", ["levers."]),
        ("sim scenarios show on", ["one_case "]),
        ("sim scenarios ", ["show "]),
    ],
)
def test_bash_completes(ask, line: str, found: list[str]) -> None:
    script = f"""
        eval "$(sim completion bash)"
        complete -p sim >/dev/null || exit 9
        COMP_LINE='{line}' COMP_POINT=${{#COMP_LINE}} COMP_WORDS=(sim) COMP_CWORD=1
        COMP_LINE='{line}'; COMP_POINT=${{#COMP_LINE}}
        _sim_complete
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    assert ask("bash", script)[:-1] == found


def test_fish_completes(ask) -> None:
    script = """
        sim completion fish | source
        complete -C 'sim run scenario=tw'
        complete -C 'sim ru'
        complete -C 'sim run dra'
    """
    assert ask("fish", script)[:-1] == ["scenario=two_case", "run", "draws="]


def test_zsh_completes(ask) -> None:
    script = """
        compdef() { }
        compadd() { [[ $1 == -S ]] && shift 2; shift; (( $# )) && print -rl -- "$@" }
        eval "$(sim completion zsh)"
        words=(sim run scenario=tw); CURRENT=3; _sim_complete
        words=(sim run dra); CURRENT=3; _sim_complete
        words=(sim ''); CURRENT=2; _sim_complete | head -1
    """
    assert ask("zsh", script)[:-1] == ["scenario=two_case", "draws=", "run"]


def test_a_script_for_every_shell_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    for shell, script in SCRIPTS.items():
        assert main(["completion", shell]) == 0
        assert capsys.readouterr().out == script
