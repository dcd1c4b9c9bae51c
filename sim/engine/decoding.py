"""The bytes of a model file become its text, whatever program saved them.

Vensim writes UTF-8 with the line `{UTF-8}`, older versions the code page of their Windows:
GBK in China, cp1252 in the West, mostly without saying so.
"""

import codecs
import re
from pathlib import Path as File

from sim.text import Refused, Text, why

LARGEST = 16 * 2**20
"""Bytes of the largest file that is taken for a model."""

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks; the longer first where one begins with another."""

WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "ascii": "utf-8"}
"""Encodings that a header names, and those that hold them and what is often meant by them."""


def read_text(file: File) -> str:
    """The text of a file, its lines ending in `\\n`; raises Refused when it is none."""
    try:
        size = file.stat().st_size
        raw = file.read_bytes() if size <= LARGEST else b""
    except (OSError, ValueError) as error:
        raise Refused(
            Text(
                f"无法读取模型文件 {file}（{why(error).zh}）",
                f"the model file {file} cannot be read ({why(error).en})",
            )
        ) from error
    if size > LARGEST:
        raise Refused(
            Text(
                f"{file}：{size / 2**20:.0f} MB，不像模型文件（上限 {LARGEST // 2**20} MB）",
                f"{file}: {size / 2**20:.0f} MB is no model file (at most {LARGEST // 2**20} MB)",
            )
        )
    text = _decoded(file, raw).replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        said = Text("含二进制内容；", "holds binary data; ")
        raise Refused(
            Text(
                f"{file} 第 {line} 行：{said.zh}{AS_TEXT.zh}",
                f"{file} line {line}: {said.en}{AS_TEXT.en}",
            )
        )
    return text


AS_TEXT = Text(
    "请在 Vensim 中另存为文本格式（.mdl），在 Stella 中另存为 .stmx",
    "save it from Vensim as text (.mdl), from Stella as .stmx",
)


def _decoded(file: File, raw: bytes) -> str:
    for mark, encoding in MARKS:
        if raw.startswith(mark):
            return _strictly(file, raw[len(mark) :], encoding)
    if wide := _wide(raw):
        return _strictly(file, raw, wide)
    for encoding in dict.fromkeys(filter(None, (_declared(raw), "utf-8"))):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    if _is_chinese(raw):
        return raw.decode("gb18030")
    if _declared(raw) is None and not re.search(rb"[\x80-\xff]{2}", raw):
        return raw.decode("cp1252", errors="replace")
    if re.search(rb"[\x00-\x08\x0e-\x1f]", raw):  # .vpmx, .vmf, a spreadsheet
        raise Refused(
            Text(
                f"{file}：是二进制文件，不是文本；{AS_TEXT.zh}",
                f"{file}: a binary file, no text; {AS_TEXT.en}",
            )
        )
    return _strictly(file, raw, "utf-8")


def _strictly(file: File, raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode(encoding, errors="replace")
        line = before.count("\n") + 1
        raise Refused(
            Text(
                f"{file} 第 {line} 行：不是 {encoding.upper()} 编码；请在 Vensim 中另存为 UTF-8",
                f"{file} line {line}: not {encoding.upper()}; save it as UTF-8 from Vensim",
            )
        ) from error


def _declared(raw: bytes) -> str | None:
    """The encoding that the first line names in braces, if Python has it."""
    found = re.match(rb"\s*\{\s*([\w.:-]{2,30})\s*\}", raw)
    if not found:
        return None
    try:
        name = codecs.lookup(found[1].decode("ascii", errors="replace"))
    except LookupError:
        return None
    # others of Python's codecs make no text of bytes, {zip} for instance
    known = re.fullmatch(
        r"utf-(8|16|32).*|gb\w+|cp\d+|iso8859-\d+|big5\w*|ascii|shift_jis", name.name
    )
    return WIDER.get(name.name, name.name) if known else None


def _wide(raw: bytes) -> str | None:
    """UTF-16 without its mark: every second byte of plain English is zero."""
    head = raw[:400]
    if head[1::2].count(0) > 0.4 * len(head) / 2:
        return "utf-16-le"
    return "utf-16-be" if head[0::2].count(0) > 0.4 * len(head) / 2 else None


def _is_chinese(raw: bytes) -> bool:
    """Whether bytes read as GBK are everyday Chinese: UTF-8 with a broken byte read so is not."""
    try:
        others = [c for c in raw.decode("gb18030") if ord(c) > 127]
    except UnicodeDecodeError:
        return False
    codes = [c.encode("gb2312", errors="ignore") for c in others]
    common = sum(1 for code in codes if code and code[0] <= 0xD7)  # its 3,755 first characters
    known = sum(1 for code in codes if code)
    return known >= 0.95 * len(others) and common >= 0.7 * len(others)
