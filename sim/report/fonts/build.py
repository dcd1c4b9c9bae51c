"""The font of the figures: Noto Sans CJK SC cut down to what Chinese reports need.

    python sim/report/fonts/build.py /path/to/NotoSansCJK-Regular.ttc

Needs fontTools; README.md beside this file tells where the full font comes from.
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
from fontTools.ttLib import TTCollection, TTFont  # type: ignore[import-untyped]

HERE = Path(__file__).parent
FULL = "Noto Sans CJK SC"
FAMILY = "Noto Sans SC Subset"  # a name of its own: an installed full font never stands in for it
LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x180)]
SIGNS = [*range(0x2010, 0x2027), *range(0x2070, 0x209D), *range(0x2190, 0x219A)]
SCIENCE = "‰−√∝∞∑∏∂∆≈≠≡≤≥≪≫℃㎡㎞㎏㏄№™Ωµ⇒⇔"  # what GB 2312 lacks, or has in another form
SHAPES = "■□▲△▶▷▼▽◀◁◆◇○◎●◯★☆✓✗✔✘"


def gb2312() -> set[int]:
    """Every code point of GB 2312: 6,763 characters and 682 signs, full-width forms among them."""
    cells = (bytes([row, cell]) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return {ord(sign) for pair in cells for sign in pair.decode("gb2312", errors="ignore")}


def standard_characters() -> set[int]:
    """The 8,105 characters of 通用规范汉字表 (2013)."""
    text = (HERE / "characters.txt").read_text(encoding="utf-8")
    return {ord(character) for character in text if not character.isspace()}


def wanted() -> set[int]:
    """The code points that the cut font shall hold."""
    signs = {ord(sign) for sign in SCIENCE + SHAPES}
    return gb2312() | standard_characters() | set(LATIN) | set(SIGNS) | signs


def full_font(path: Path) -> TTFont:
    """The simplified-Chinese face of a collection, or the one face of a font file."""
    if path.suffix != ".ttc":
        return TTFont(path)
    faces = TTCollection(path, lazy=True).fonts
    return next(face for face in faces if face["name"].getDebugName(1) == FULL)


def cut(font: TTFont, code_points: set[int]) -> TTFont:
    """`font` with `code_points` alone: no hints, no vertical writing, Latin kerning kept."""
    options = Options(
        hinting=False, layout_features=["kern", "ccmp"], name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14]
    )
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=code_points)
    subsetter.subset(font)
    return font


def rename(font: TTFont) -> None:
    """Gives `font` its own family name in every record that a program looks at."""
    names = {1: FAMILY, 3: f"{FAMILY} 2.004", 4: FAMILY, 6: "NotoSansSCSubset-Regular"}
    for record in font["name"].names:
        record.string = names.get(record.nameID, record.toUnicode())
    outlines = font["CFF "].cff
    outlines.fontNames[0] = names[6]
    outlines.topDictIndex[0].FamilyName = outlines.topDictIndex[0].FullName = FAMILY


def main() -> None:
    """Writes the cut font beside this file and says what it lacks."""
    font = cut(full_font(Path(sys.argv[1])), wanted())
    rename(font)
    font["head"].modified = font["head"].created  # the same bytes from the same font
    target = HERE / "NotoSansSCSubset-Regular.otf"
    font.recalcTimestamp = False
    font.save(target)
    held = set(font.getBestCmap())
    lacking = "".join(sorted(map(chr, wanted() - held)))
    print(f"{target.name}: {target.stat().st_size:,} bytes, {len(held):,} characters")
    print(f"8,105 lacking: {''.join(map(chr, standard_characters() - held)) or 'none'}")
    print(f"lacking in all: {lacking!r}")


if __name__ == "__main__":
    main()
