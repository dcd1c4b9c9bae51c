"""What was made before is found again; what was not used for longest goes."""

import os
import pickle

import pytest

from sim.engine import cache


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SIM_CACHE", str(tmp_path))
    monkeypatch.setattr(cache, "KEPT", 3)
    return tmp_path


def old(file, age):
    moment = file.stat().st_mtime - age
    os.utime(file, (moment, moment))


def test_what_was_made_is_not_made_again(folder):
    made = []

    def make():
        made.append(1)
        return {"a": 1}

    assert cache.remembered("things", b"key", make) == {"a": 1}
    assert cache.remembered("things", b"key", make) == {"a": 1}
    assert made == [1]
    assert cache.remembered("things", b"another", make) == {"a": 1}
    assert made == [1, 1]


def test_what_is_damaged_is_made_anew(folder):
    cache.remembered("things", b"key", lambda: 7)
    (file,) = (folder / "things").iterdir()
    file.write_bytes(pickle.dumps(7)[:2])
    assert cache.remembered("things", b"key", lambda: 8) == 8


def test_what_was_not_used_for_longest_goes_with_its_machine_code(folder):
    kernels = folder / "kernels"
    (kernels / "__pycache__").mkdir(parents=True)
    for age, name in enumerate("abc"):
        assert cache.written(kernels / f"{name}.py", b"")
        (kernels / "__pycache__" / f"{name}.steps-1.nbc").write_bytes(b"")
        old(kernels / f"{name}.py", 100 * (age + 1))
    (kernels / "other.txt").write_text("", encoding="utf-8")
    cache.used(kernels / "c.py")
    assert cache.written(kernels / "d.py", b"")
    assert {file.name for file in kernels.glob("*.*")} == {"a.py", "c.py", "d.py", "other.txt"}
    left = {file.name[0] for file in (kernels / "__pycache__").iterdir()}
    assert left == {"a", "c"}
