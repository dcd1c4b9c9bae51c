"""What a macro gives beside its value becomes the value of a macro of its own.

    b = M(x : second)   →   b = M(x), second = M second(x)

for a macro `M(x : second)`: the parser knows macros of one value alone.
Vensim reference manual, Macros.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from sim.engine.model import canonical
from sim.engine.written import Macro, Page, Written

OF_VENSIM = {
    "delayp": Macro(
        0,
        "DELAYP",
        ("input", "delay time"),
        [
            Written(0, name, f"{name} = {equation}")
            for name, equation in {
                "DELAYP": "LV3/DL",
                "pipeline": "LV3+LV2+LV1",
                "LV3": "INTEG(RT2-DELAYP, DL*input)",
                "RT2": "LV2/DL",
                "LV2": "INTEG(RT1-RT2, LV3)",
                "RT1": "LV1/DL",
                "LV1": "INTEG(input-RT1, LV3)",
                "DL": "delay time/3",
            }.items()
        ],
        ("pipeline",),
    )
}
"""Functions of Vensim that give more than their value, by canonical name, as macros (Vensim
reference manual, DELAYP)."""

SIGN = re.compile(r"""(:(?:AND|OR|NOT|NA):|"(?:\\.|[^"\\])*"|'[^']*')|[():]""", re.I)


def spread(page: Page) -> Page:
    """The page with every call of a macro that has outputs written as calls of macros of one."""
    every = [page.equations, *(macro.equations for macro in page.macros.values())]
    written = [each.equation for equations in every for each in equations]
    called = set(re.findall(r"(\w+)\s*\(", "\n".join(written).lower()))
    own = {name: macro for name, macro in OF_VENSIM.items() if name in called}
    page = replace(page, macros={**own, **page.macros})
    many = {name: macro for name, macro in page.macros.items() if macro.outputs}
    if not many:
        return page
    macros = dict(page.macros)
    for macro in many.values():
        for output in macro.outputs:
            single = _own(macro, output)
            macros[canonical(single.name)] = single
    spreading = {
        name: replace(macro, equations=_spread(macro.equations, many))
        for name, macro in macros.items()
    }
    return replace(page, equations=_spread(page.equations, many), macros=spreading)


def _own(macro: Macro, output: str) -> Macro:
    """The macro whose value is an output of another."""
    name = f"{macro.name} {output}"
    value = Written(macro.line, name, f"{name} = {output}")
    return Macro(macro.line, name, macro.arguments, [*macro.equations, value])


def _spread(equations: list[Written], many: Mapping[str, Macro]) -> list[Written]:
    found = []
    for entry in equations:
        equation = entry.equation
        outputs: list[tuple[str, str]] = []
        for macro in many.values():
            equation, own = _without_outputs(equation, macro)
            # what was taken out before may hold a call of this macro in its arguments
            outputs = [(name, _without_outputs(text, macro)[0]) for name, text in outputs] + own
        found.append(replace(entry, equation=equation))
        found += [replace(entry, name=n, equation=e, units="", comment="") for n, e in outputs]
    return found


def _without_outputs(equation: str, macro: Macro) -> tuple[str, list[tuple[str, str]]]:
    """An equation whose calls of a macro name no outputs, and the outputs' names and equations."""
    words = map(re.escape, re.split("[ _]+", macro.name))
    call = re.compile(rf"(?<![\w\"]){'[ _]+'.join(words)}\s*\(", re.I)
    outputs = []
    for found in reversed(list(call.finditer(equation))):  # calls within calls first
        colon, end = _signs(equation, found.end())
        if colon is None:
            continue
        inputs = equation[found.end() : colon].strip()
        names = equation[colon + 1 : end].split(",")
        for name, output in zip(names, macro.outputs, strict=False):
            outputs.append((name.strip(), f"{name.strip()} = {macro.name} {output}({inputs})"))
        equation = equation[:colon].rstrip() + equation[end:]
    return equation, outputs


def _signs(equation: str, start: int) -> tuple[int | None, int]:
    """Where the outputs of a call that is open at `start` begin, if it has any, and its end."""
    depth, colon = 1, None
    for sign in SIGN.finditer(equation, start):
        if sign[1]:
            continue
        depth += {"(": 1, ")": -1, ":": 0}[sign[0]]
        if depth == 0:
            return colon, sign.start()
        if sign[0] == ":" and depth == 1 and colon is None:
            colon = sign.start()
    return None, len(equation)
