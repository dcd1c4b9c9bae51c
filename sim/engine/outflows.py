"""What flows out of a stock of XMILE that may not be negative is no more than there is.

OASIS, XMILE 1.0, 2015, 3.6.2, 4.2 and 4.8.4: such a stock cuts its outflows back instead of being
held at zero, so that what they fill gets no more than was there; those named first come first.
What the standard leaves open: what flows in within the step can flow out, too.
"""

import re
from typing import Any

from sim.engine.idioms import NAME
from sim.engine.model import canonical


def limits(root: Any) -> dict[str, str]:
    """What there is for each flow out of such a stock, by its canonical name, as an equation: the
    stock over the step, what flows in and does not flow out before.

    What flows in is left out where it depends on what flows out: it could not be computed first.
    """
    every = root.findall("{*}model/{*}variables/*")
    # a stock is known before what flows
    reads = {_name(node): set() if node.tag.endswith("}stock") else _names(node) for node in every}
    found: dict[str, str] = {}
    for stock in every:
        if not stock.tag.endswith("}stock") or not _is_held(root, stock):
            continue
        signed = [("+", flow) for flow in _flows(stock, "inflow")]
        for flow in _flows(stock, "outflow"):
            there, name = f'"{stock.get("name")}"/DT', canonical(flow)
            for sign, other in signed:
                if not _depends(canonical(other), name, reads):
                    there += f" {sign} {other}"
                    reads[name] = reads.get(name, set()) | {canonical(other)}
            found.setdefault(name, f"MAX(0, {there})")
            signed.append(("-", flow))
    return found


def _name(node: Any) -> str:
    return canonical(node.get("name") or "")


def _flows(stock: Any, way: str) -> list[str]:
    return [(node.text or "").strip() for node in stock.iterfind(f"{{*}}{way}")]


def _is_held(root: Any, stock: Any) -> bool:
    """Whether a stock may not be negative, by its own word or by the file's for all."""
    own = stock.find("{*}non_negative")
    if own is not None:
        return "false" not in (own.text or "").lower()
    every = ("{*}behavior/{*}non_negative", "{*}behavior/{*}stock/{*}non_negative")
    return any(root.find(path) is not None for path in every)


def _names(node: Any) -> set[str]:
    text = " ".join(each.text or "" for each in node.iter("{*}eqn"))
    return {canonical(name) for name in re.findall(NAME, text)}


def _depends(name: str, other: str, reads: dict[str, set[str]]) -> bool:
    """Whether a variable needs another at the same time."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        if (one := waiting.pop()) not in seen:
            seen.add(one)
            waiting.extend(reads.get(one, ()))
    return other in seen
