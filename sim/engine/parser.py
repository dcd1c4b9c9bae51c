"""The only door to PySD: the text of an equation, or a file of XMILE, becomes PySD's trees."""

import re
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.engine.idioms import AS_WRITTEN, rewrite
from sim.engine.model import canonical
from sim.engine.modules import joined
from sim.engine.outflows import limits
from sim.engine.repair import Unreadable, odd_signs, repaired
from sim.text import Text

FRAMES = 20_000
"""Calls within calls that the parser may need: some 60 for each bracket within a bracket."""


@dataclass(frozen=True)
class Range:
    """A subscript range as parsed: its elements, the range it copies, or where they stand. `line`
    is where a file of XMILE has it; of other files the statement is known by whoever parses it."""

    name: str
    subscripts: list[str] | str | dict[str, str]
    line: int = 0


@lru_cache(maxsize=20_000)
def parse(equation: str) -> tuple[str, Any]:
    """The name that an equation defines and PySD's component for it, a Range, or None for a text
    and for a statement that only tests the model. Raises Unreadable.

    Two versions of a model have most equations in common; each is parsed once in a process.
    """
    text = repaired(equation)
    if name := re.match(r"([^=']+):IS:\s*'[^']*'$", text):
        return name[1].strip(), None
    with _quietly():
        from pysd.translators.vensim import vensim_element as pysd  # 0.6 s: only for a new file

        try:
            parsed = pysd.Element(text, "", "").parse()
            if isinstance(parsed, pysd.Constraint | pysd.TestInput):
                return parsed.name, None
            if isinstance(parsed, pysd.SubscriptRange):
                return parsed.name, Range(parsed.name, parsed.definition)
            parsed.parse()
        except Exception as error:  # its grammar library's, or whatever PySD's own code stumbles on
            raise _unreadable(error, text) from error
        return parsed.name, parsed.get_abstract_component()


@dataclass(frozen=True)
class Entry:
    """A variable of a file of XMILE: where and as what it is written, and PySD's components, or
    why there are none."""

    line: int
    name: str
    equation: str
    units: str
    comment: str
    components: tuple[Any, ...] = ()
    problem: Unreadable | None = None


def parse_xmile(file: Path, text: str) -> tuple[list[Entry], list[Range], str]:
    """The variables and ranges in the text of a file of XMILE, and the method of integration that
    it names. Raises Unreadable."""
    with _quietly():
        from lxml import etree
        from pysd.translators.xmile.xmile_section import Section

        try:
            # PySD's own reader mends what breaks off, and takes lines for another encoding's
            reader = etree.XMLParser(resolve_entities=False, no_network=True)
            if "xmlns:isee=" not in text:  # as xmutil writes it
                text = text.replace("<xmile ", f'<xmile xmlns:isee="{ISEE}" ', 1)
            root = etree.fromstring(text.encode(), reader)
        except etree.XMLSyntaxError as error:
            where = error.lineno or 0
            raise Unreadable(
                f"第 {where} 行：不是完整的 XML（{error.msg}）",
                f"line {where}: this is no whole XML ({error.msg})",
            ) from error
        _refuse_parts(root)
        try:
            joined(root)
            rewrite(root)
            home, namespace = file.with_suffix(".py"), root.nsmap.get(None)
            section = Section("__main__", home, "main", [], [], root, namespace, False, None)
            section.parse(parse_all=False)
            most = limits(root)
            _save_by_interval(root, section.components)
            method = root.find("{*}sim_specs").get("method", "")
            dims = {dim.get("name"): dim for dim in root.iterfind("{*}dimensions/{*}dim")}
            ranges = [
                Range(
                    each.name,
                    each.definition or _numbered(dims[each.name]),
                    int(dims[each.name].sourceline or 0),
                )
                for each in section.subscripts
            ]
        except Unreadable:
            raise
        except Exception as error:  # of the XML library, or whatever PySD's own code stumbles on
            raise Unreadable(
                "不是 XMILE 模型，或在中途截断", "this is no XMILE model, or it breaks off"
            ) from error
        entries = [
            _entry(element, section.behaviors, most.get(canonical(element.name)))
            for element in section.components
        ]
        return entries, ranges, method


def _save_by_interval(root: Any, controls: Sequence[Any]) -> None:
    """Saves as often as Stella is told to, where PySD saves every step."""
    for name, interval in root.find("{*}sim_specs").items():
        if name.endswith("}save_interval"):
            next(each for each in controls if each.name == "SAVEPER").eqn = interval


def _numbered(dimension: Any) -> list[str]:
    """The elements of a dimension of XMILE that has a size alone."""
    return [str(number) for number in range(1, int(dimension.get("size") or 0) + 1)]


def _refuse_parts(root: Any) -> None:
    """Refuses what PySD would read as if it were not there, all of it: modules, conveyors …"""
    said = []
    for part, instead in APART.items():
        places = [Text(*_place(node)) for node in root.iter(f"{{*}}{part}")]
        if places:
            zh, en = "、".join(one.zh for one in places), ", ".join(one.en for one in places)
            said.append(
                Text(
                    f"不支持 <{part}>（{zh}）；{instead.zh}",
                    f"<{part}> is not supported ({en}); {instead.en}",
                )
            )
    if said:
        raise Unreadable("。".join(one.zh for one in said), ". ".join(one.en for one in said))


def _place(node: Any) -> tuple[str, str]:
    """The name of an element of XMILE, or of what it belongs to, and its line."""
    parent = node.getparent()
    name = node.get("name") or (parent.get("name") if parent is not None else None) or ""
    name = re.sub(r"\\n|\s+", " ", name)
    line = node.sourceline
    return f"第 {line} 行 {name}".rstrip(), f"line {line} {name}".rstrip()


ISEE = "http://iseesystems.com/XMILE"
"""The namespace of what Stella adds to XMILE."""
APART = {
    "conveyor": Text(
        "流出可写 DELAY(流入, 传送时间)", "what comes off it may be DELAY(what goes on, its length)"
    ),
    "include": Text("请把各文件并入一个", "put the files together in one"),
    "multiplier": Text("请把换算系数写进流量的方程", "write the factor into the flow's equation"),
    "queue": Text("可改用存量与流量", "a stock and its flows may do"),
    "oven": Text("可改用存量与流量", "a stock and its flows may do"),
}
"""Elements of XMILE that are refused, and what may be written instead."""


def _entry(element: Any, behaviors: Any, most: str | None) -> Entry:
    """An element of XMILE; a flow is at most what an equation says."""
    node = getattr(element, "node", None)
    written = "" if node is None else " ".join(text.strip() for text in node.itertext()).strip()
    equation = element.eqn if node is None else _equation(node) or written
    about = (
        0 if node is None else int(node.sourceline or 0),
        element.name,
        f"{element.name} = {' '.join(str(equation).split())}",
        element.units or "",
        " ".join((element.documentation or "").split()),
    )
    if not canonical(element.name):
        return Entry(*about, problem=Unreadable("没有名称", "it has no name"))
    if not str(equation).strip():
        return Entry(*about, problem=Unreadable("还没有方程", "it has no equation yet"))
    try:
        element.parse(behaviors)
        components = tuple(element.get_abstract_element().components)
        begins = None if node is None else node.findtext("{*}init_eqn")
        for each in components:
            if most:
                each.ast = _called(element, f"MIN(1, {most})", each.ast)
            if begins:
                each.ast = _called(element, f"ACTIVE_INITIAL(1, {begins})", each.ast)
        return Entry(*about, components)
    except Exception as error:  # as for Vensim's equations
        return Entry(*about, problem=_unreadable(error, str(equation)))


def _called(element: Any, call: str, first: Any) -> Any:
    """The tree of a call whose first argument is another tree."""
    tree = element._smile_parser(call)
    tree.arguments = (first, *tree.arguments[1:])
    return tree


def _equation(node: Any) -> str:
    """What stands in the equations of a variable of XMILE."""
    return "; ".join(each.get(AS_WRITTEN, "") for each in node.iter("{*}eqn"))


@contextmanager
def _quietly() -> Iterator[None]:
    """Without the parser's warnings, and with room for its recursion."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, FRAMES))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.setrecursionlimit(limit)


def _unreadable(error: Exception, text: str) -> Unreadable:
    place = getattr(error, "pos", None)
    if isinstance(place, int) and isinstance(getattr(error, "text", None), str):
        at = error.text[place : place + 40].strip()  # type: ignore[attr-defined]
        if not at:
            return Unreadable(
                "方程没有写完；检查括号和逗号",
                "the equation breaks off; look at brackets and commas",
            )
        hint, signs = Text("；检查括号和逗号", "; look at brackets and commas"), odd_signs(text)
        if signs.zh:  # which stand in quotes by now
            hint, at = signs, at.replace('"', "")
        return Unreadable(
            f"方程无法解析，停在“{at}”{hint.zh}",
            f"the equation cannot be parsed, it stops at '{at}'{hint.en}",
        )
    call = re.search(r'matching "(.{1,60}?)"', str(error), re.S)
    said = call[1] if call else " ".join(str(error).split("\n")[0].split())[:120]
    return Unreadable(
        f"方程无法解析（{said}）；检查括号、逗号和参数个数",
        f"the equation cannot be parsed ({said}); look at brackets, commas and the number of "
        "arguments",
    )
