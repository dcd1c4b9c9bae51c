"""Where the operands of an equation begin and end, in its words."""

from collections.abc import Sequence

LOWER = {*"+-<>=,", "AND", "OR", "NOT", "IF", "THEN", "ELSE"}
"""What stands before a product."""
SIGNS = {*"([,+-*/^<>=", "and", "or", "not", "mod"}
"""What stands before a sign."""


def product_start(words: Sequence[str], end: int) -> int:
    """Where the product begins that ends at a place; the sign before it belongs to it."""
    start, depth = end, 0
    while start > 0:
        word = words[start - 1]
        depth += (word in ")]") - (word in "([")
        if depth < 0 or (depth == 0 and word.upper() in LOWER and not _is_sign(words, start - 1)):
            break
        start -= 1
    return start


def _is_sign(words: Sequence[str], place: int) -> bool:
    """Whether a plus or minus belongs to what follows it, not between two operands."""
    before = place - 1
    while before >= 0 and words[before].isspace():
        before -= 1
    return words[place] in "+-" and (before < 0 or words[before] in SIGNS)


def operand_end(words: Sequence[str], start: int) -> int:
    """Where an operand of a product ends: a sign, a name, number, call or bracket, its powers."""
    place = start
    while place < len(words) and (words[place].isspace() or words[place] in "+-"):
        place += 1
    end = min(place + 1, len(words))
    if place < len(words) and words[place] in "([":
        end = closing(words, place)
    while True:
        after = end
        while after < len(words) and words[after].isspace():
            after += 1
        if after == len(words):
            return end
        if words[after] in "([":
            end = closing(words, after)
        elif words[after] == "^":
            return operand_end(words, after + 1)
        else:
            return end


def closing(words: Sequence[str], start: int) -> int:
    """Where what is behind an opening bracket ends, its closing one included."""
    depth = 0
    for place in range(start, len(words)):
        depth += (words[place] in "([") - (words[place] in ")]")
        if depth == 0:
            return place + 1
    return len(words)
