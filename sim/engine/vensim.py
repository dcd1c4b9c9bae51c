"""A Vensim file becomes a Model: text → equations → trees of PySD's parser → variables."""

from pathlib import Path as File

from sim.engine.model import Model, canonical
from sim.engine.outputs import spread
from sim.engine.parser import Range, parse
from sim.engine.reader import Element, Elements, Examined, Parsed, ParsedMacro, examined
from sim.engine.repair import Unreadable
from sim.engine.written import Page, Written, problem, read_page, refuse_collisions
from sim.text import Refused, Text


def read_mdl(path: File | str) -> Model:
    """The model in a Vensim text file.

    Raises Refused when the file cannot be read, is no text, breaks off, or uses what the engine
    does not have: each by name, variable and line.
    """
    return examine_mdl(File(path)).sound()


def examine_mdl(file: File) -> Examined:
    """A Vensim text file as far as it can be read, and all that is wrong with its equations.

    Raises Refused for a file that is no text or breaks off.
    """
    page = spread(read_page(file))
    if not page.equations:
        raise Refused(
            Text(
                f"{file}: 不含任何方程；请给出 Vensim 文本格式（.mdl）的模型文件",
                f"{file}: holds no equation; a Vensim text model (.mdl) is wanted",
            )
        )
    refuse_collisions(file, page.equations)
    return examined(file, _parsed(file, page))


def _parsed(file: File, page: Page) -> Parsed:
    """All equations of a file as parsed; what cannot be is among its `problems`."""
    problems: list[Text] = []
    failed: set[str] = set()

    def elements(written: list[Written], ranges: list[tuple[Range, Written]]) -> Elements:
        found: Elements = {}
        for entry in written:
            try:
                name, component = parse(entry.equation)
            except Unreadable as error:
                problems.append(problem(file, entry, *error.said))
                failed.add(canonical(entry.name))
                continue
            if isinstance(component, Range):
                ranges.append((component, entry))
            elif component is not None:
                element = found.setdefault(canonical(name), Element())
                element.written.append(entry)
                element.components.append(component)
        return found

    ranges: list[tuple[Range, Written]] = []
    main = elements(page.equations, ranges)
    macros = {
        name: ParsedMacro(macro.arguments, elements(macro.equations, []))
        for name, macro in page.macros.items()
    }
    return Parsed(main, macros, ranges, problems, frozenset(failed), method=page.method)
