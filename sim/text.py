"""Words for people: a text in both languages, and the refusal of a user's mistake."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import NamedTuple

PIECES = re.compile(
    r"\s*[（“《(\[]*(?:[^\s\u2e80-\uffef（“《]+|\S)[）”》，、。；：！？)\]%]*"
    r"(?:\s±\s[^\s\u2e80-\uffef]+[）”》，、。；：！？)\]%]*|\s–)?"
)
"""Words of Latin letters and figures, and single Chinese letters; what closes or opens stays with
them, and so do a number and its error."""


class Text(NamedTuple):
    """One text in Chinese and in English."""

    zh: str
    en: str

    def of(self, lang: str) -> str:
        """The text in `lang` ("zh" or "en")."""
        return self.en if lang == "en" else self.zh


class Refused(ValueError):
    """A user's mistake: what is wrong, where, and the way out; all mistakes at once.

    `sim` prints the problems in the language that is spoken and exits with status 2; from Python
    both languages are read. Any other exception is a bug of ours.
    """

    def __init__(self, *problems: Text) -> None:
        self.problems = problems
        super().__init__("\n".join(line for said in problems for line in dict.fromkeys(said)))

    def __reduce__(self) -> tuple[type["Refused"], tuple[Text, ...]]:
        return Refused, self.problems


FAILURES = {
    "ENOENT": "没有这个文件或文件夹",
    "EACCES": "没有权限，或正被其他程序打开",
    "EPERM": "没有权限",
    "EISDIR": "这是文件夹，不是文件",
    "ENOTDIR": "路径中有一段不是文件夹",
    "EEXIST": "已有同名文件",
    "ENOSPC": "磁盘已满",
    "EDQUOT": "超出磁盘配额",
    "EROFS": "磁盘是只读的",
    "EBUSY": "正被其他程序占用",
    "EIO": "磁盘读写出错",
    "EINVAL": "名称或内容不合法",
    "ENAMETOOLONG": "名称太长",
    "ELOOP": "链接循环",
    "EMFILE": "打开的文件太多",
    "ENFILE": "打开的文件太多",
    "ECONNREFUSED": "对方拒绝连接",
    "ECONNRESET": "连接中断",
    "ETIMEDOUT": "连接超时",
    "EHOSTUNREACH": "找不到主机",
    "ENETUNREACH": "网络不通",
}
"""What the operating system says of a failure, by the name of its number, in Chinese."""


def why(error: Exception) -> Text:
    """The reason that an exception gives: the operating system's in either language."""
    import errno

    said = getattr(error, "strerror", None) or str(error)
    return Text(FAILURES.get(errno.errorcode.get(getattr(error, "errno", 0), ""), said), said)


def near(name: str, names: Iterable[str], titles: Mapping[str, Text] | None = None) -> Text:
    """A hint that offers the names most like `name`, or whose title in either language holds it;
    empty when nothing is like it."""
    found = like(name, names)
    if not found and len(name) > 1:
        called = [own for own, title in (titles or {}).items() if _in_title(name, title)]
        found = called[:3]
    if not found:
        return Text("", "")
    return Text(f"，是否想写：{'、'.join(found)}？", f"; did you mean {', '.join(found)}?")


def like(name: str, names: Iterable[str], least: float = 0.6) -> list[str]:
    """The names that are like `name`, three at most, the likest first; `least`: of its letters, so
    large a share is shared."""
    import difflib  # only on the way to a refusal: start-up must stay short

    return difflib.get_close_matches(name.lower(), list(names), n=3, cutoff=least)


def _in_title(name: str, title: Text) -> bool:
    return any(name.lower() in own.lower() for own in title)


def width(text: str) -> int:
    """The cells that a text takes in a terminal: two for each wide character."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def flowed(text: str, most: int, hang: int = 0) -> list[str]:
    """`text` on lines of at most `most` cells, broken between words or Chinese letters alone; the
    later lines begin with `hang` blanks. What is one word wider than that is left in one piece."""
    lines = [""]
    for piece in PIECES.findall(text):
        if lines[-1].strip() and width(lines[-1] + piece) > most:
            lines.append(" " * hang + piece.lstrip())
        else:
            lines[-1] += piece
    return lines
