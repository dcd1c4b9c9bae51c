"""Words for people: what the operating system says is said in both languages."""

import errno
import re

import pytest

from sim.text import FAILURES, why


def test_a_failure_of_the_system_is_said_in_chinese_and_in_english(tmp_path):
    with pytest.raises(FileNotFoundError) as missing:
        (tmp_path / "none").read_text("utf-8")
    said = why(missing.value)
    assert said.zh == "没有这个文件或文件夹"
    assert "No such file" in said.en
    assert why(OSError(errno.ENOSPC, "No space left on device")).zh == "磁盘已满"


def test_what_is_unknown_is_said_as_it_stands():
    assert why(OSError("odd")) == ("odd", "odd")
    assert why(OSError(-101, "NetCDF: HDF error")).zh == "NetCDF: HDF error"
    assert why(ValueError("a value")).zh == "a value"


def test_failures_are_those_of_the_system_in_chinese():
    known = set(errno.errorcode.values())
    assert FAILURES.keys() <= known
    assert all(re.fullmatch(r"[\u4e00-\u9fff，]+", said) for said in FAILURES.values())
