"""What XMILE allows and PySD does not know, written as what it knows.

OASIS, XML Interchange Language for System Dynamics (XMILE) Version 1.0, 2015, 3.3 to 3.5 and 3.7.1;
`//` is of Stella.
"""

import copy
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sim.engine.model import canonical
from sim.engine.operands import operand_end, product_start

NAME = r"""(?:"(?:\\.|[^"\\])*"|[^\W\d][\w'$]*)"""
OVER_ARRAYS = r"\b(SUM|MEAN|STDDEV|MAX|MIN|PROD|SIZE)"
OWN = {word: f"x_{word.lower()}" for word in ("INT", "MAX", "MIN", "LOOKUP", "PULSE", "SAFEDIV")}
"""Functions that PySD takes for others, or with fewer arguments, and what they are called here."""

AGAIN = "$again"
"""What follows the name of a dimension that an array has twice, where it runs by itself."""
AS_WRITTEN = "as_written"
"""The attribute that keeps the text of an equation."""

Dimensions = Mapping[str, Sequence[str]]
"""The names of the dimensions of each array."""


def rewrite(root: Any) -> None:
    """Rewrites the tree of a file: its equations, elements and tables."""
    arrays = {
        canonical(node.getparent().get("name") or ""): [dim.get("name") for dim in node]
        for node in root.iterfind("{*}model/{*}variables/*/{*}dimensions")
    }
    for node in root.iter("{*}eqn", "{*}init_eqn"):
        node.set(AS_WRITTEN, node.get(AS_WRITTEN, node.text or ""))
        node.text = plain(node.text or "", arrays)
    for node in list(root.iterfind("{*}model/{*}variables/*")):
        for part in _by_element(node):
            _as_table(part)


def _by_element(node: Any) -> list[Any]:
    """A variable whose elements have equations or tables of their own as one for each of them:
    PySD gives all elements the first one's table, and stocks no start."""
    elements, parts = node.findall("{*}element"), []
    if not elements or node.find("{*}dimensions") is None:
        return [node]
    for element in elements:
        node.remove(element)
    for element in elements:
        part = copy.deepcopy(node)
        for own in element.iterfind("*"):
            for other in part.findall(own.tag):
                part.remove(other)
            part.append(copy.deepcopy(own))
        names = str(element.get("subscript")).split(",")
        for dimension, name in zip(part.find("{*}dimensions"), names, strict=False):
            dimension.set("name", name.strip())
        part.sourceline = node.sourceline
        node.addprevious(part)
        parts.append(part)
    node.getparent().remove(node)
    return parts


def _as_table(node: Any) -> None:
    """A graphical function without an argument, as a table that others read."""
    graph, equation = node.find("{*}gf"), node.find("{*}eqn")
    if graph is None or (equation is not None and (equation.text or "").strip()):
        return
    for child in (equation, graph):
        if child is not None:
            node.remove(child)
    for child in graph:
        node.append(child)
    for name, value in graph.items():
        node.set(name, value)
    node.tag = graph.tag


def plain(equation: str, arrays: Dimensions) -> str:
    """An equation without comments and idioms."""
    text = re.sub(r"\{[^{}]*\}", " ", equation)
    text = re.sub(r"\b(?:std|isee)\.(?=[A-Za-z])", "", text, flags=re.I)  # where a function is from
    text = re.sub(r"\b(AND|OR|NOT|MOD)\b", lambda word: word[0].lower(), text, flags=re.I)
    text = _operands(_whole_arrays(text, arrays))
    calls = rf"\b({'|'.join(OWN)})(?=\s*\()"
    text = re.sub(calls, lambda word: OWN[word[0].upper()], text, flags=re.I)
    return _choices(text) if re.search(r"\bIF\b", text, re.I) else text


def _whole_arrays(text: str, arrays: Dimensions) -> str:
    """`x[*, a]` and, within a function over an array, `x` as `x[dimension!, …]`."""

    def whole(name: str, places: Sequence[str]) -> str:
        """An array with the places that are a star as all elements of their dimensions."""
        named: list[str] = []
        for dimension, place in zip(arrays[canonical(name)], places, strict=True):
            every, again = f"{canonical(dimension)}!", 2
            while every in named:  # m[d, d] is a square, not its diagonal
                every, again = f"{canonical(dimension)}{AGAIN}{again}!", again + 1
            named.append(every if place.strip() == "*" else place)
        return f"{name}[{', '.join(named)}]"

    def starred(found: re.Match[str]) -> str:
        places = found[2].split(",")
        is_whole = len(places) == len(arrays.get(canonical(found[1]), ()))
        return whole(found[1], places) if is_whole else found[0]

    def bare(found: re.Match[str]) -> str:
        dimensions = arrays.get(canonical(found[2]))
        if not dimensions:
            return found[0]
        return f"{found[1]}({whole(found[2], '*' * len(dimensions))})"

    text = re.sub(rf"({NAME})\s*\[([^\[\]]*\*[^\[\]]*)\]", starred, text)
    return re.sub(rf"{OVER_ARRAYS}\s*\(\s*({NAME})\s*\)", bare, text, flags=re.I)


NUMBER = r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
TOKENS = re.compile(rf"\s+|{NUMBER}|{NAME}|//|\S")


def _operands(text: str) -> str:
    """An equation whose operands PySD takes as XMILE does: NOT with its operand, and `a mod b` with
    all before it in the product, in brackets; `a // b`, 0 where b is 0, as `a * SAFEDIV(1, b)`; and
    a number raised to a power as a sum, lest PySD take the sign before it for its own."""
    words, place = TOKENS.findall(text), 0
    for place in reversed([place for place, word in enumerate(words) if word == "not"]):
        end = operand_end(words, place + 1)
        words[place:end] = ["(", *words[place:end], ")"]
    while "mod" in words[place:]:
        place = words.index("mod", place)
        start, end = product_start(words, place), operand_end(words, place + 1)
        words[start:end] = ["(", *words[start:end], ")"]
        place += 2
    while "//" in words:
        place = len(words) - 1 - words[::-1].index("//")  # those within the divisor first
        end = operand_end(words, place + 1)
        words[place:end] = ["* SAFEDIV(1, ", *words[place + 1 : end], ")"]
    follows = ""
    for place, word in reversed(list(enumerate(words))):
        if follows == "^" and re.fullmatch(NUMBER, word):
            words[place] = f"(0+{word})"
        follows = word if word.strip() not in ("", ")") else follows
    return "".join(words)


def _choices(text: str) -> str:
    """Each IF … THEN … ELSE in brackets, and its parts; an ELSE has all that follows."""
    words = TOKENS.findall(text)
    try:
        written, end = _until(words, 0, "")
    except IndexError:
        return text  # what breaks off is left for PySD to name
    return written if end == len(words) else text


def _until(words: Sequence[str], place: int, closing: str) -> tuple[str, int]:
    """The words up to one that ends an expression, rewritten, and where that one stands. Raises
    IndexError for what breaks off."""
    written = ""
    while place < len(words):
        word = words[place].upper()
        if word in ("THEN", "ELSE", ")", "]") or (closing and word == ","):
            break
        if word == "IF":
            parts = []
            for end in ("THEN", "ELSE", None):
                part, place = _until(words, place + 1, closing)
                parts.append(part)
                if end and words[place].upper() != end:
                    raise IndexError(place)
            written += "(IF ({}) THEN ({}) ELSE ({}))".format(*parts)
            continue
        written += words[place]
        place += 1
        while word in ("(", "["):
            inner, place = _until(words, place, ")")
            written += inner + words[place]
            place += 1
            if words[place - 1] != ",":
                break
    return written, place
