"""An equation as Vensim takes it becomes one that PySD's parser takes, or is refused.

What PySD stumbles over is put right here and nowhere else; what would cost it minutes or
gigabytes is refused before it begins.
"""

import itertools
import re

from sim.text import Text

LONGEST = 100_000
"""Characters of an equation; PySD's parser takes 60 µs for each."""
DEEPEST = 40
"""Brackets within brackets."""
WIDEST = 10_000
"""Elements of a range that is written as (a1-a9)."""

TOKEN = re.compile(
    r"""(?P<text>'[^']*')|(?P<quoted>"(?:\\.|[^"\\])*+")|(?P<comment>\{[^{}]*+\})
    |(?P<keyword>:[A-Za-z][A-Za-z ]*:)
    |(?P<number>(?<![\w.])(?>\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w]))
    |(?P<name>(?>[^\W\d]|[^\x00-\x7f\s])(?>[\w'$]|[^\x00-\x7f\s]|[ ](?=[^\x00-/:-@[-^`{-\x7f\s]))*+)
    |(?P<other>.)""",
    re.X | re.S,
)

IGNORE = ":IGNORE:"
"""What follows it are causes that the equation does not use."""
POWER = re.compile(r"[\s)]*\^")


class Unreadable(Exception):
    """An equation that the parser must not be given; `said` tells why."""

    def __init__(self, zh: str, en: str) -> None:
        self.said = Text(zh, en)
        super().__init__(en)


def repaired(equation: str) -> str:
    """The equation as PySD's parser takes it; raises Unreadable."""
    if len(equation) > LONGEST:
        raise Unreadable(
            f"方程有 {len(equation)} 个字符（上限 {LONGEST}）；请拆开",
            f"the equation has {len(equation)} characters (at most {LONGEST}); split it",
        )
    if re.search(r":\s*(END OF )?MACRO\s*:", equation, re.I):
        raise Unreadable(
            "宏没有写全：“:MACRO: 名称(参数) … :END OF MACRO:”",
            "a macro is not whole: `:MACRO: NAME(arguments) … :END OF MACRO:`",
        )
    tokens = itertools.takewhile(lambda found: found[0].upper() != IGNORE, TOKEN.finditer(equation))
    plain = "".join(map(_token, tokens)).strip()
    _refuse_depth(plain)
    if _is_range(plain):
        _refuse_width(plain)
        return plain.split("->", 1)[0]  # the parser takes the parts of a mapping for elements
    if re.search(r"=[-+\d.eE\s]+[,;][-+\d.eE\s,;]*$", plain):
        plain = re.sub(r"([-+])\s+", r"\1", plain)  # - 1, 2: to the parser a sign stands by itself
    return _data(_points(plain))


def odd_signs(text: str) -> Text:
    """A hint where a text holds signs that are letters to Vensim: full-width ones, and those of
    mathematics that no keyboard has."""
    if re.search("[，（）＝＋－＊／＜＞；：．０-９]", text):
        return Text(
            "；方程中有全角符号，运算符、括号、逗号和数字须用半角",
            "; there are full-width signs: operators, brackets, commas and digits are half-width",
        )
    if re.search(f"[{MATHEMATICS}]", text):
        return Text(
            "；× ÷ − ≥ ≤ ≠ 须写成 * / - >= <= <>", "; × ÷ − ≥ ≤ ≠ are written * / - >= <= <>"
        )
    return Text("", "")


MATHEMATICS = "×÷−≥≤≠"


def bare_logic(text: str) -> Text:
    """A hint where an equation of Vensim has AND, OR or NOT without their colons."""
    if not re.search(r"(?<![:\w])(?:AND|OR|NOT)(?![:\w])", text):
        return Text("", "")
    return Text("；逻辑运算须写成 :AND:、:OR:、:NOT:", "; logic is written :AND:, :OR: and :NOT:")


def _token(found: re.Match[str]) -> str:
    """One word of an equation as the parser takes it."""
    word = found[0]
    match found.lastgroup:
        case "comment":
            return " "
        case "keyword":
            return word.upper()
        case "text":
            return word.replace("\\", "\\\\")  # Python's eval reads \t in 'data\table.csv'
        case "number":
            word = re.sub(r"^0+(?=\d)", "", word)  # Python's eval refuses 007
            # lest PySD take the sign of -2^2 for the number's own
            return f"(0+{word})" if POWER.match(found.string, found.end()) else word
        case "name" if re.search(r"[^\w\s'$]", word):
            return f'"{word}"'  # （, ％ or · in a name: letters to Vensim
        case "other" if word in "\\\u3000":
            return " "
    return word


def _refuse_depth(equation: str) -> None:
    depth = 0
    for bracket in re.findall(r'"(?:\\.|[^"\\])*+"|\'[^\']*\'|[()]', equation):
        depth += {"(": 1, ")": -1}.get(bracket, 0)
        if depth > DEEPEST:
            raise Unreadable(
                f"括号套了 {DEEPEST} 层以上；请拆成几个变量",
                f"more than {DEEPEST} brackets within each other; split it into several variables",
            )


def _refuse_width(equation: str) -> None:
    for first, last in re.findall(r"\(\s*[^()\-]*?(\d+)\s*-\s*[^()\-]*?(\d+)\s*\)", equation):
        if max(len(first), len(last)) > 9 or int(last) - int(first) >= WIDEST:
            raise Unreadable(
                f"下标范围的元素超过 {WIDEST} 个",
                f"a range of more than {WIDEST} elements",
            )


def _is_range(equation: str) -> bool:
    """Whether a statement lists the elements of a subscript range."""
    head = re.match(r'(?>"(?:\\.|[^"\\])*+"|[^"=<:(\[])*+:(?!=)', equation)
    return head is not None and "=" not in equation


def _points(equation: str) -> str:
    """A table of the older form, all x before all y, as pairs."""
    found = re.fullmatch(rf'("[^"]*+"|[^"=:<(]+)\(\s*({NUMBER}(?:\s*,\s*{NUMBER})+)\s*\)', equation)
    if not found:
        return equation
    numbers = [each.strip() for each in found[2].split(",")]
    if len(numbers) % 2:
        raise Unreadable(
            f"表函数有 {len(numbers)} 个数；x 与 y 须一样多，或写成 (x,y) 的点",
            f"a table of {len(numbers)} numbers; as many x as y, or pairs (x,y)",
        )
    half = len(numbers) // 2
    pairs = zip(numbers[:half], numbers[half:], strict=True)
    return f"{found[1]}({', '.join(f'({x},{y})' for x, y in pairs)})"


NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"


def _data(equation: str) -> str:
    """A bare name is a data variable, which the parser knows by its keyword alone; so is what is
    read from a file, whatever the sign before it."""
    equation = re.sub(r"(?<!:)=(?=\s*GET (XLS|DIRECT) DATA\b)", ":=", equation, count=1, flags=re.I)
    bare = re.fullmatch(r'("(?:\\.|[^"\\])*+"|[^"=:<(\[\]]+)\s*(\[[^\[\]]*\])?', equation)
    return f"{equation} :interpolate:" if bare else equation
