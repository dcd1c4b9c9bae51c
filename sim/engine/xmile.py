"""A file of XMILE (Stella, iThink, Simlin) becomes a Model; PySD's reading says what is read.

OASIS, XML Interchange Language for System Dynamics (XMILE) Version 1.0, 2015.
"""

import re
from pathlib import Path as File

from sim.engine.decoding import read_text
from sim.engine.method import method_of_xmile
from sim.engine.model import canonical
from sim.engine.parser import parse_xmile
from sim.engine.reader import Element, Elements, Examined, Parsed, examined
from sim.engine.repair import Unreadable
from sim.engine.written import Written, problem, refuse_collisions
from sim.text import Refused, Text


def examine_xmile(file: File) -> Examined:
    """A file of XMILE as far as it can be read, and all that is wrong with its equations.

    Raises Refused for a file that is none.
    """
    # what the file says of its encoding is not so any more
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", read_text(file), count=1)
    try:
        entries, ranges, method = parse_xmile(file, text)
    except Unreadable as error:
        zh, en = error.said
        raise Refused(Text(f"{file}：{zh}", f"{file}: {en}")) from error
    if not any(entry.line for entry in entries):
        raise Refused(Text(f"{file}：不含任何变量", f"{file}: holds no variable"))
    problems: list[Text] = []
    elements: Elements = {}
    written: dict[tuple[int, str], Written] = {}
    failed: set[str] = set()
    for entry in entries:
        name = canonical(entry.name)
        own = Written(entry.line, entry.name, entry.equation, entry.units, entry.comment)
        written.setdefault((entry.line, name), own)  # an array may have an entry by element
        if entry.problem is not None:
            problems.append(problem(file, own, *entry.problem.said))
            failed.add(name)
            continue
        element = elements.setdefault(name, Element())
        element.written += [own] * len(entry.components)
        element.components += entry.components
    refuse_collisions(file, list(written.values()))
    elements = {name: element for name, element in elements.items() if name not in failed}
    sides = [(each, Written(each.line, each.name, "")) for each in ranges]
    failures = frozenset(failed)
    integrated = method_of_xmile(method)
    parsed = Parsed(elements, {}, sides, problems, failures, elided=True, method=integrated)
    return examined(file, parsed)
