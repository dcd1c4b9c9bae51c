"""Words for people: what the operating system says is said in both languages."""

import errno
import re

import pytest

from sim.text import FAILURES, Refused, Text, flowed, why, width


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


def test_what_is_refused_is_read_in_both_languages_chinese_first():
    refused = Refused(Text("没有这个情景", "no such scenario"), Text("x = 1", "x = 1"))
    assert str(refused) == "没有这个情景\nno such scenario\nx = 1"


@pytest.mark.parametrize("most", [16, 20, 33, 80])
def test_a_text_is_broken_between_words_and_chinese_letters_alone(most):
    text = "非煤工业增加值占GDP比重变化（2025 年），0.0250（−0.0300 – 0.0800），raw coal 3,500 万吨"
    lines = flowed(text, most, hang=2)
    assert all(width(line) <= most for line in lines), lines
    assert all(line.startswith("  ") for line in lines[1:])
    joined = "".join(line.strip() for line in lines).replace(" ", "")
    assert joined == text.replace(" ", "")
    words = "\n".join(lines)
    assert all(whole in words for whole in ("GDP", "0.0250", "0.0800）", "coal", "3,500", "2025"))
    assert not [line for line in lines if line.strip()[0] in "）》”，、。；："]


def test_what_is_wider_than_the_line_stays_whole():
    assert flowed("outputs/run/high_methane 年", 10) == ["outputs/run/high_methane", "年"]
    assert flowed("效果 0.58 ± 0.43", 14) == ["效果", "0.58 ± 0.43"]
    assert flowed("至 18% ± 6）。", 10) == ["至", "18% ± 6）。"]
    assert flowed("", 10) == [""]
    assert flowed("  already in", 80) == ["  already in"]
