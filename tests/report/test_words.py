"""The report's own words are complete in both languages."""

import ast
import string
from importlib import import_module
from pathlib import Path

import pytest

import sim.report.words as words
from sim.ensemble.inputs import MAKERS
from sim.text import Text

ROOT = Path(words.__file__).parent
SOURCES = sorted(ROOT.rglob("*.py"))
VOCABULARIES = [
    import_module(".".join(("sim.report", *file.relative_to(ROOT).with_suffix("").parts)))
    for file in SOURCES
    if file.stem != "__init__"
]
ENTRIES = {
    f"{vocabulary.__name__}.{word}": text
    for vocabulary in VOCABULARIES
    for name, entries in vars(vocabulary).items()
    if isinstance(entries, dict) and name != "UNITS"  # of which some need no word
    for word, text in entries.items()
    if isinstance(text, Text)
}
KNOWN = {word.rpartition(".")[2] for word in ENTRIES}
CHINESE = range(0x4E00, 0xA000)


def fields(text: str) -> set[str | None]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


def test_no_word_lacks_a_language():
    broken = [
        word
        for word, (zh, en) in ENTRIES.items()
        if not (zh.strip() and en.strip())
        or fields(zh) != fields(en)
        or any(ord(letter) in CHINESE for letter in en)
    ]
    assert not broken
    assert len(ENTRIES) > 100


def test_no_unit_stays_chinese_in_english():
    for unit in words.UNITS:
        english = words.unit_in_words(f"{unit}/Year", "en")
        assert not any(ord(letter) in CHINESE for letter in english), unit


@pytest.mark.parametrize(
    ("text", "unit", "lang", "told"),
    [
        ("5.677", "Year", "en", "5.677 years"),
        ("1", "Year", "en", "1 year"),
        ("0.5", "Months", "en", "0.5 months"),
        ("5.677", "Year", "zh", "5.677 年"),
        ("2 → 4", "口/Year", "en", "2 → 4 wells/year"),
        ("1", "口/Year", "en", "1 well/year"),
        ("350", "人", "en", "350 people"),
        ("4,500", "万吨/Year", "en", "4,500 × 10⁴ t/year"),
        ("60", "%", "en", "60%"),
        ("0.2", "1/Year", "en", "0.2 per year"),
        ("0.2", "1/Year", "zh", "每年 0.2"),
        ("0.99", "Dmnl", "en", "0.99"),
    ],
)
def test_a_quantity_and_its_unit_agree(text, unit, lang, told):
    assert words.with_unit(text, unit, lang) == told


def test_a_level_has_its_thousands_marked_and_its_times_not():
    assert words.level_in_words(12345.6, "万吨/Year", "zh") == "12,345.6 万吨/年"
    assert words.level_in_words({2025: 4500, 2030: 5000}, "万吨/Year", "zh") == (
        "2025: 4,500；2030: 5,000 万吨/年"
    )


def test_a_distribution_is_told_in_words():
    drawn = {"kind": "triangular", "low": 2, "mode": 4, "high": 6}
    assert words.spread_in_words(drawn, "zh") == "三角分布，最低 2，最可能 4，最高 6"
    cut = {"kind": "normal", "mean": 1, "sd": 2, "truncate": [0, 3]}
    assert words.spread_in_words(cut, "en").endswith("standard deviation 2, cut to 0 – 3")


def test_every_distribution_has_its_words():
    own = {key for forms in MAKERS.values() for form in forms for key in form}
    assert MAKERS.keys() | own <= words.SPREADS.keys()


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
    assert said(source) <= KNOWN


def names_of_fonts(tree: ast.Module) -> set[int]:
    """Constants that name what is Chinese by itself: fonts, ordinals, units, style sheets."""
    own = ("SONG", "TITLE", "ORDINALS", "UNITS", "STYLE", "LANGUAGES")
    return {
        id(part)
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if {name.id for name in ast.walk(target) if isinstance(name, ast.Name)} & set(own)
        for part in ast.walk(node)
    }


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_no_other_module_speaks_chinese_of_its_own(source):
    if source.stem == "pages":
        return  # its pages hold both languages side by side
    tree = ast.parse(source.read_text("utf-8"))
    notes = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node)
    }
    both = {  # what stands in a Text has its English beside it
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text"
        for part in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if " · " in node.value or id(node) in notes | both | names_of_fonts(tree):
                continue
            assert not any(ord(letter) in CHINESE for letter in node.value), node.value


def test_a_text_that_is_too_wide_is_cut_with_a_sign():
    assert words.fit("煤层气产量", 10) == "煤层气产量"
    assert words.fit("煤层气产量", 8) == "煤层气…"
    assert words.display_width(words.fit("raw coal output", 9)) <= 9


def test_a_long_name_goes_on_two_lines_that_are_alike():
    assert words.folded("raw coal output", 20) == "raw coal output"
    assert words.folded("share of sown area under green standards", 24) == (
        "share of sown area\nunder green standards"
    )
    assert words.folded("人均地区生产总值(中等发达国家水平)（2035）", 38) == (
        "人均地区生产总值\n(中等发达国家水平)（2035）"
    )
    assert words.folded("县城污水收集率（2025）", 16) == "县城污水收集率\n（2025）"
    cut = words.folded("a name that no two lines of fifteen can hold in any way", 15).split("\n")
    assert len(cut) == 2
    assert max(map(words.display_width, cut)) <= 15
    assert words.folded("unbreakable", 5) == "unbr…"
