"""Whether the named feedback loops are in the model, with the polarity that is claimed.

A loop holds in a draw where the product of the signs of its links is the stated polarity at
every sampled time at which the loop is active, and it is active at some time.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.analysis.signs import Signs
from sim.engine.graph import Names, causes, distances
from sim.engine.model import Model, Stock
from sim.ensemble.loops import Loop
from sim.text import Text, near

WANTED = 0.95
"""The share of draws in which a sign or a polarity must hold (structure note, test 41)."""
WORDS = {1: Text("增强", "reinforcing"), -1: Text("平衡", "balancing")}
SIGN_WORDS = {1: "+", -1: "−"}

LinkSigns = Mapping[tuple[str, str], Signs]


@dataclass(frozen=True)
class Judged:
    """A loop held against the model: the share of draws with its polarity, and what is wrong."""

    loop: Loop
    share: float
    problems: tuple[Text, ...] = ()


def judge_loops(model: Model, loops: Iterable[Loop], signs: LinkSigns) -> list[Judged]:
    """Every loop against the signed links of the model."""
    needs = causes(model)
    return [_judged(model, loop, signs, needs) for loop in loops]


def _judged(model: Model, loop: Loop, signs: LinkSigns, needs: Names) -> Judged:
    missing = _missing(model, loop, signs, needs)
    if missing:
        return Judged(loop, 0.0, tuple(missing))
    wrong = [problem for link in loop.links if (problem := _other_sign(loop, link, signs))]
    product = np.prod([signs[cause, effect] for cause, effect, _ in loop.links], axis=0)
    share = held(product, loop.polarity)
    if share < WANTED and not wrong:
        word = WORDS[loop.polarity]
        wrong = [
            Text(
                f"回路 {loop.name}：只在 {share:.0%} 的抽样中为{word.zh}",
                f"loop {loop.name}: {word.en} in {share:.0%} of the draws only",
            )
        ]
    return Judged(loop, share, tuple(wrong))


def held(signs: Signs, sign: int) -> float:
    """The share of draws in which a sign is what it should be whenever it is not zero.

    signs: (draw, time).
    """
    agrees = np.all((signs == sign) | (signs == 0), axis=1) & np.any(signs != 0, axis=1)
    return float(np.mean(agrees))


def _missing(model: Model, loop: Loop, signs: LinkSigns, needs: Names) -> list[Text]:
    """The links of a loop that the model does not have, and what now lies between."""
    found = []
    for cause, effect, _ in loop.links:
        unknown = [name for name in (cause, effect) if name not in needs]
        if unknown:
            hint = near(unknown[0], needs)
            found.append(
                Text(
                    f"回路 {loop.name}：模型中没有 {unknown[0]}{hint.zh}",
                    f"loop {loop.name}: the model has no {unknown[0]}{hint.en}",
                )
            )
        elif (cause, effect) not in signs:
            path = between(cause, effect, needs)
            found.append(
                Text(
                    f"回路 {loop.name}：{effect} 的方程不含 {cause}"
                    + (f"；现为 {' → '.join(path)}" if path else "，两者之间也没有通路"),
                    f"loop {loop.name}: {cause} is not in the equation of {effect}"
                    + (f"; now {' → '.join(path)}" if path else ", nor is there a way between"),
                )
            )
    return list(dict.fromkeys(found))


def between(cause: str, effect: str, needs: Names) -> list[str]:
    """The shortest chain of links from a cause to an effect; empty where there is none."""
    onward: dict[str, list[str]] = {}
    for name, others in needs.items():
        for other in others:
            onward.setdefault(other, []).append(name)
    before: dict[str, str] = {}
    front = deque([cause])
    while front:
        name = front.popleft()
        for other in onward.get(name, []):
            if other not in before:
                before[other] = name
                front.append(other)
    if effect not in before:
        return []
    path = [effect]
    while path[-1] != cause or len(path) == 1:
        path.append(before[path[-1]])
    return path[::-1]


def _other_sign(loop: Loop, link: tuple[str, str, int], signs: LinkSigns) -> Text | None:
    cause, effect, sign = link
    share = held(signs[cause, effect], sign)
    if share >= WANTED:
        return None
    return Text(
        f"回路 {loop.name}：{cause} → {effect} 应为 {SIGN_WORDS[sign]}，"
        f"只在 {share:.0%} 的抽样中成立",
        f"loop {loop.name}: {cause} → {effect} should be {SIGN_WORDS[sign]}, which holds in "
        f"{share:.0%} of the draws",
    )


def stocks_in_feedback(model: Model) -> list[str]:
    """The stocks that feed back on themselves through another variable."""
    needs = causes(model)
    return [
        name
        for name, variable in model.variables.items()
        if isinstance(variable.definition, Stock)
        and not variable.owner
        and any(name in distances(other, needs) for other in needs[name] if other != name)
    ]


def stocks_without_loop(model: Model, loops: Sequence[Loop]) -> list[str]:
    """The stocks in feedback that no named loop passes through."""
    named = {name for loop in loops for name in loop.chain}
    return [name for name in stocks_in_feedback(model) if name not in named]
