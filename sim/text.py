"""Words for people: a text in both languages, and the refusal of a user's mistake."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Text(NamedTuple):
    """One text in Chinese and in English."""

    zh: str
    en: str

    def of(self, lang: str) -> str:
        """The text in `lang` ("zh" or "en")."""
        return self.en if lang == "en" else self.zh


class Refused(ValueError):
    """A user's mistake: what is wrong, where, and the way out; all mistakes at once.

    `sim` prints the problems and exits with status 2. Any other exception is a bug of ours.
    """

    def __init__(self, *problems: Text) -> None:
        self.problems = problems
        super().__init__("\n".join(problem.en for problem in problems))

    def __reduce__(self) -> tuple[type["Refused"], tuple[Text, ...]]:
        return Refused, self.problems


def near(name: str, names: Iterable[str], titles: Mapping[str, Text] | None = None) -> Text:
    """A hint that offers the names most like `name`, or whose title in either language holds it;
    empty when nothing is like it."""
    import difflib  # only on the way to a refusal: start-up must stay short

    found = difflib.get_close_matches(name.lower(), list(names), n=3, cutoff=0.6)
    if not found and len(name) > 1:
        called = [own for own, title in (titles or {}).items() if _in_title(name, title)]
        found = called[:3]
    if not found:
        return Text("", "")
    return Text(f"，是否想写：{'、'.join(found)}？", f"; did you mean {', '.join(found)}?")


def _in_title(name: str, title: Text) -> bool:
    return any(name.lower() in own.lower() for own in title)
