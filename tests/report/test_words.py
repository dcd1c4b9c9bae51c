"""The report's own words are complete in both languages."""

import ast
import string
from pathlib import Path

import pytest

import sim.report.words as words

SOURCES = sorted(Path(words.__file__).parent.glob("*.py"))
CHINESE = range(0x4E00, 0xA000)


def fields(text: str) -> set[str | None]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


@pytest.mark.parametrize("word", words.WORDS)
def test_no_word_lacks_a_language(word):
    text = words.WORDS[word]
    assert text.zh.strip()
    assert text.en.strip()
    assert fields(text.zh) == fields(text.en)
    assert not any(ord(letter) in CHINESE for letter in text.en)


def test_no_unit_stays_chinese_in_english():
    for unit in words.UNITS:
        english = words.unit_in_words(f"{unit}/Year", "en")
        assert not any(ord(letter) in CHINESE for letter in english), unit


def said(source: Path) -> set[str]:
    """The words that a module asks `say` for by name."""
    calls = (node for node in ast.walk(ast.parse(source.read_text("utf-8"))))
    return {
        node.args[0].value
        for node in calls
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "say"
        and isinstance(node.args[0], ast.Constant)
    }


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_every_word_that_is_said_is_known(source):
    assert said(source) <= set(words.WORDS)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_no_other_module_speaks_chinese_of_its_own(source):
    if source.stem == "words":
        return
    tree = ast.parse(source.read_text("utf-8"))
    notes = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
            assert not any(ord(letter) in CHINESE for letter in node.value), node.value


def test_a_text_that_is_too_wide_is_cut_with_a_sign():
    assert words.fit("煤层气产量", 10) == "煤层气产量"
    assert words.fit("煤层气产量", 8) == "煤层气…"
    assert words.display_width(words.fit("raw coal output", 9)) <= 9
