"""What must be known before what."""

from collections.abc import Callable, Iterable

from sim.text import Refused, Text


def ordered(names: Iterable[str], needs: Callable[[str], Iterable[str]]) -> list[str]:
    """The names and all that they need, needed first; refuses a circle by naming it."""
    order: list[str] = []
    state: dict[str, int] = {}  # 1: being visited, 2: done
    for root in names:
        stack = [(root, iter(needs(root)))] if root not in state else []
        state.setdefault(root, 1)
        while stack:
            name, rest = stack[-1]
            for other in rest:
                if state.get(other) == 1:
                    path = [entry for entry, _ in stack]
                    raise _loop(path[path.index(other) :])
                if other not in state:
                    state[other] = 1
                    stack.append((other, iter(needs(other))))
                    break
            else:
                stack.pop()
                state[name] = 2
                order.append(name)
    return order


def _loop(names: list[str]) -> Refused:
    circle = " → ".join([*names, names[0]])
    return Refused(
        Text(
            f"代数环：{circle}；请在环中加入存量（如 SMOOTH 或 DELAY）",
            f"algebraic loop: {circle}; put a stock into it (SMOOTH or DELAY, for instance)",
        )
    )
