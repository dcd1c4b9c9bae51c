"""A CSV as a spreadsheet saves it: in whatever encoding, whatever stands between its cells."""

import csv
import io
import unicodedata
from pathlib import Path

from sim.text import Refused, Text, why

DELIMITERS = ",\t;，；"
LOCK, WORKBOOKS = "~$", (".xlsx", ".xlsm", ".xls", ".et", ".ods")


def rows_of(file: Path) -> list[list[str]]:
    """The rows of a CSV in UTF-8, UTF-16 or GBK; cells without blanks around them, digits and
    signs of ordinary width. Raises Refused for what cannot be read."""
    text = _text(file)
    heading = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=heading.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [[unicodedata.normalize("NFKC", cell).strip() for cell in row] for row in rows]


def refuse_lock(file: Path) -> None:
    """Refuses the file that Office keeps beside one that is open."""
    if file.name.startswith(LOCK):
        own = file.name.removeprefix(LOCK)
        raise Refused(
            Text(
                f"{file} 是 Office 打开文件时的临时文件；请写 {own}",
                f"{file} is what Office keeps beside an open file; name {own}",
            )
        )


def _text(file: Path) -> str:
    """A file's text, in the encoding in which it makes sense. Refuses what no CSV is: a workbook,
    or the file that Office keeps beside one that is open."""
    refuse_lock(file)
    if file.suffix.lower() in WORKBOOKS:
        raise Refused(
            Text(
                f"{file} 是表格工作簿；请在 Excel 或 WPS 中另存为 CSV（CSV UTF-8 或 CSV 均可）",
                f"{file} is a workbook; save it as CSV in the program that wrote it",
            )
        )
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Refused(
            Text(f"{file} 无法读取（{why(error).zh}）", f"{file} cannot be read ({why(error).en})")
        ) from error
    encodings = (
        ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    )
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(
        Text(
            f"{file} 既不是 UTF-8 也不是 GBK 编码的文本；请另存为 CSV UTF-8",
            f"{file} is text in neither UTF-8 nor GBK; save it as CSV UTF-8",
        )
    )
