"""A file of XMILE in the shape in which it is read: one model, with all its variables in one place.

What a module `m` calls x is `m.x` in the whole; what it is given from outside is what is connected
to it. A model named as the module has its variables (OASIS, XMILE 1.0, 2015, 4.7, as Stella and
Simlin write it): a name with a point goes by modules, one that begins with a point from the outer
model on.
"""

import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

from sim.engine.idioms import AS_WRITTEN, NAME, NUMBER
from sim.engine.model import canonical
from sim.engine.repair import Unreadable

KINDS = ("stock", "flow", "aux", "gf", "module", "group")
CONTROLS = {"initial_time", "final_time", "time_step", "saveper"}
"""What xmutil writes as variables too, though the settings of its files have them."""
WORDS = re.compile(rf"\s+|{NUMBER}|\.?{NAME}(?:\.{NAME})*|\S")
DEEPEST = 40
"""Modules within modules, and connections behind each other."""

Place = tuple[str, ...]
"""The modules, by canonical name, that a name stands in, from the outer model on."""


@dataclass
class Scope:
    """The model of a module: its variables, by canonical name, the module's name as the file has
    it with those around it, and what its inputs are connected to: a name, and where it is said."""

    variables: Any
    prefix: str
    names: set[str]
    inputs: dict[str, tuple[str, Place]] = field(default_factory=dict)


def joined(root: Any) -> None:
    """Joins the models of a file; raises Unreadable for a module that has none."""
    for node in root.iter("*"):
        if "\\n" in node.get("name", ""):  # which Stella writes where a name has two lines
            node.set("name", node.get("name").replace("\\n", " "))
    every = root.findall("{*}model")
    for model in every:
        _gather(model)
    models = {canonical(model.get("name") or ""): model for model in every[1:]}
    scopes: dict[Place, Scope] = {}
    _open(every[0], (), "", models, scopes)
    twice = CONTROLS if "xmutil" in root.findtext("{*}header/{*}vendor", "") else set()
    for place, scope in scopes.items():
        for node in scope.variables.findall("*"):
            own = canonical(node.get("name") or "")
            if own in scope.inputs or own in twice or node.tag.endswith(("}module", "}group")):
                scope.variables.remove(node)
                continue
            for part in node.iter("{*}eqn", "{*}init_eqn", "{*}inflow", "{*}outflow"):
                part.set(AS_WRITTEN, part.text or "")
                part.text = _qualified(part.text or "", place, scopes)
            node.set("name", scope.prefix + (node.get("name") or ""))
            scopes[()].variables.append(node)
    for model in every[1:]:
        root.remove(model)


def _gather(model: Any) -> None:
    """Puts the variables of a model in one place; files of STELLA 10 have them beside others."""
    if model.find("{*}variables") is not None:
        return
    own = [node for node in model.findall("*") if _kind(node) in KINDS]
    place = model.makeelement(f"{{{model.tag[1:].split('}')[0]}}}variables")
    model.append(place)
    place.extend(own)


def _kind(node: Any) -> str:
    return str(node.tag).rpartition("}")[2]


def _open(
    model: Any, place: Place, prefix: str, models: dict[str, Any], scopes: dict[Place, Scope]
) -> None:
    variables = model.find("{*}variables")
    modules = variables.findall("{*}module")
    names = {
        canonical(node.get("name") or "") for node in variables.findall("*") if node not in modules
    }
    scopes[place] = Scope(variables, prefix, names)
    for module in modules:
        name = module.get("name") or ""
        inner = models.get(canonical(name))
        if inner is None or len(place) > DEEPEST:
            _refuse(module, "不在这个文件中", "it is in another file")
        if module.find("{*}dimensions") is not None or inner.find("{*}sim_specs") is not None:
            _refuse(module, "有自己的维度或时间设置", "it has dimensions or a clock of its own")
        within = (*place, canonical(name))
        _open(inner, within, f"{prefix}{name}.", models, scopes)
        for connection in module.iterfind("{*}connect"):
            # of the module's own, of the whole where it begins with a point, or by modules
            *modules_to, own = _parts(connection.get("to") or "")
            to = next((there for there in _places(modules_to, within) if there in scopes), within)
            scopes[to].inputs[own] = (connection.get("from") or "", place)


def _refuse(module: Any, zh: str, en: str) -> NoReturn:
    line, name = module.sourceline, module.get("name")
    raise Unreadable(
        f"不支持 <module>（第 {line} 行 {name}）：{zh}；请把它的变量写进外层模型",
        f"<module> is not supported (line {line} {name}): {en}; put its variables into the model "
        "around it",
    )


def _parts(name: str) -> list[str]:
    """The canonical names of a name with points; the first is empty where it begins with one."""
    first = [""] if name.startswith(".") else []
    return first + [canonical(part) for part in re.findall(NAME, name)]


def _qualified(text: str, place: Place, scopes: dict[Place, Scope]) -> str:
    """An equation of a model with the names that its variables have in the whole."""
    text = re.sub(r"\{[^{}]*\}", " ", text) if place else text
    words = []
    for word in WORDS.findall(text):
        found = None if re.fullmatch(NUMBER, word) else _found(word, place, scopes)
        # what is in the outer model and means its own stays as it is written
        is_own = found is None or not (place or found[0] or "." in word)
        words.append(word if found is None or is_own else f'"{".".join((*found[0], found[1]))}"')
    return "".join(words)


def _found(
    name: str, place: Place, scopes: dict[Place, Scope], depth: int = 0
) -> tuple[Place, str] | None:
    """The variable that a name means in a model: its modules, and its name; None for none."""
    *modules, own = _parts(name) or [""]
    for within in _places(modules, place):
        scope = scopes.get(within)
        if scope is None or own not in scope.names | set(scope.inputs) or depth > DEEPEST:
            continue
        if own in scope.inputs:
            return _found(*scope.inputs[own], scopes, depth + 1)
        return within, own
    return None


def _places(modules: list[str], place: Place) -> list[Place]:
    """Where a name may be, said in a place with modules before it: those within the place first,
    then those of the models around it; none before it is that place's own."""
    if modules[:1] == [""]:
        return [tuple(modules[1:])]
    outwards = range(len(place), -1, -1) if modules else [len(place)]
    return [(*place[:end], *modules) for end in outwards]
