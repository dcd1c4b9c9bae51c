"""The font in the package holds what Chinese reports need, and what it lacks is an error."""

import hashlib
from pathlib import Path

import pytest
from matplotlib.ft2font import FT2Font

from sim.report.sheet import FONT, new_sheet, save, styled

HELD = set(FT2Font(str(FONT)).get_charmap())


def test_the_font_holds_all_characters_of_gb_2312():
    cells = (bytes([row, cell]) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    characters = "".join(pair.decode("gb2312", errors="ignore") for pair in cells)
    assert len(characters) == 6763
    assert set(map(ord, characters)) <= HELD


def test_the_font_holds_all_8105_standard_characters():
    listed = "".join((FONT.parent / "characters.txt").read_text("utf-8").split())
    assert len(set(listed)) == 8105
    assert set(map(ord, listed)) <= HELD


def test_the_font_holds_letters_digits_and_signs():
    signs = "ABCxyz0189 ²³±≥≤≈·→←↑↓−–—％（）：；“”、。①āǎ℃‰㎡"
    assert [sign for sign in signs if ord(sign) not in HELD] == []


def test_the_licence_travels_with_the_font():
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONT.parent / "OFL.txt").read_text("utf-8")


def test_the_font_is_small():
    assert FONT.stat().st_size < 5_000_000


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_a_character_that_no_font_holds_is_an_error(tmp_path, suffix):
    sheet = new_sheet(5, 3)
    with styled():
        sheet.text(0.1, 0.5, "煤\U0001f9ff")
    with pytest.raises(UserWarning, match=r"NAZAR AMULET.* missing from"):
        save(sheet, tmp_path / f"figure{suffix}")


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_the_same_figure_gives_the_same_bytes(tmp_path: Path, suffix):
    digests = set()
    for name in "ab":
        sheet = new_sheet(8, 3)
        with styled():
            sheet.text(0.05, 0.5, "煤层气 10⁸ m³，CO₂ ⁻ ² ³ ± ≥ ≤ · → 㑇")
        path = save(sheet, tmp_path / f"{name}{suffix}")
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(digests) == 1
