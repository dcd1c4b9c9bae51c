"""What the shape of the code promises, held by machine. (The floors: see import-linter.)"""

import ast
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sim import data

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "sim").rglob("*.py"))


def functions(file):
    """The functions of a source file, methods too."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_function_is_longer_than_sixty_lines(file):
    for function in functions(file):
        length = function.end_lineno - function.lineno + 1
        assert length <= 60, f"{function.name} has {length} lines"


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_module_and_public_function_says_what_it_is(file):
    assert ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or not file.stat().st_size
    for function in functions(file):
        public = function.col_offset == 0 and not function.name.startswith("_")
        assert not public or ast.get_docstring(function), function.name


def test_pysd_is_named_in_one_module_only():
    naming = [
        f for f in SOURCES if re.search(r"^\s*(import|from) pysd", f.read_text("utf-8"), re.M)
    ]
    assert [file.name for file in naming] == ["parser.py"]


def loaded(*words):
    """The modules that a command loads; the model is in the cache."""
    code = (
        "import sys; from sim.__main__ import main\n"
        f"status = main({list(words)!r})\n"
        "print('\\n'.join(sys.modules), file=sys.stderr); sys.exit(status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True
    )
    return set(done.stderr.split())


def test_a_warm_run_does_not_load_pysd(tmp_path):
    words = ["run", "draws=16", f"output={tmp_path}"]
    loaded(*words)
    assert not {name for name in loaded(*words) if name.split(".")[0] == "pysd"}


@pytest.mark.parametrize("words", [["--help"], ["scenarios"]])
def test_what_needs_no_arrays_loads_none(words):
    heavy = {"numpy", "xarray", "hydra", "matplotlib", "rich", "scipy", "pysd"}
    assert not heavy & loaded(*words)


def test_the_python_of_the_readme_runs(monkeypatch):
    monkeypatch.chdir(ROOT)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", text, re.S)
    found = {}
    exec(block, found)
    assert found["result"].runs["coal_output"].dims == ("scenario", "draw", "time")


def test_the_commands_of_the_readme_run(tmp_path, monkeypatch, capsys):
    """Those of the table for every day; runs with fewer draws."""
    import shlex

    from sim.__main__ import main

    monkeypatch.chdir(tmp_path)
    figure = "指标,年份,数值,单位\n常住人口,2022,19.39,万人\n"
    (tmp_path / "新数据.csv").write_text(figure, encoding="utf-8")
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if re.match(r"\| .*`sim ", line)]
    commands = [command for row in rows for command in re.findall(r"`sim ([^`]+)`", row)]
    assert len(commands) >= 7
    for command in commands:
        words = [word for word in shlex.split(command) if not word.startswith("draws=")]
        quick = {
            "run": ["draws=32", "figures=false"],
            "check": ["draws=100"],
            "calibrate": ["members=100", "figures=false"],
            "assess": ["draws=200", "least=20"],
            "backtest": ["members=100", "years=[2020]"],
            "sensitivity": ["base=2", "figures=false"],
            "sweep": ["draws=4", "figures=false"],
            "reach": ["draws=40", "change=resettlement_programme"],
        }.get(words[0], [])
        assert main([*words, *quick]) == 0, command
        assert capsys.readouterr().out, command


def test_make_run_and_make_test_are_what_the_readme_says():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for word in re.findall(r"^make (\w+)$", text, re.M):
        assert re.search(rf"^{word}:", makefile, re.M), word
    assert "sim run scenario=high_methane" in makefile


def test_the_wheel_works_like_the_checkout_from_any_directory(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "site")
    inside = tmp_path / "site" / "sim" / "_data"
    for kind in ("conf", "scenarios", "model"):
        ours = {f.relative_to(data.data_folder()) for f in (data.data_folder() / kind).rglob("*.*")}
        theirs = {f.relative_to(inside) for f in (inside / kind).rglob("*.*")}
        assert ours == theirs
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    run = [sys.executable, "-m", "sim", "run", "scenario=high_methane", "draws=16"]
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "site")}
    subprocess.run(run, cwd=elsewhere, env=environment, check=True, capture_output=True)
    assert next(elsewhere.rglob("coal_output.png")).stat().st_size > 10_000


def test_no_file_carries_a_registry_s_address_or_a_path_of_a_machine():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    names = listed.stdout.split("\n") if listed.returncode == 0 else []
    forbidden = ["pypi" + ".org", "python" + "hosted", "npm" + "js", "/wo" + "rk/", "/ro" + "ot/"]
    for name in filter(None, names):
        if (ROOT / name).suffix in (".otf", ".png"):
            continue
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not [word for word in forbidden if word in text], name
