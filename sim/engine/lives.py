"""An order of a step's assignments in which few values are held at a time.

A value has a buffer from where it is computed to where it is used last. The fewer buffers, the
more members fit into the cache of a processor together with all that a step touches.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from heapq import heapify, heappop, heappush

from sim.engine.model import Reference
from sim.engine.program import Assignment, Program, reads


def whole_step(program: Program) -> Program:
    """The program of a step of Euler's, in which stocks are assigned to as well.

    A stock moves on by what flows in while that is still at hand: no array holds all the flows,
    and nothing goes through all the stocks once more. Whatever reads the stock has to come before.
    """
    computed = {one.name for one in program.each}
    flows = {stock.flow for stock in program.stocks}
    # a flow that is a variable needs no array of its own
    same = {
        one.name: one
        for one in program.each
        if one.name in flows
        and isinstance(one.expression, Reference)
        and one.expression.name in computed
    }
    moves = []
    for stock in program.stocks:
        one = same.get(stock.flow) or Assignment(stock.flow, Reference(stock.flow))
        moves.append(Assignment(stock.symbol, one.expression, one.about, moves=True))
    return replace(program, each=[*(one for one in program.each if one.name not in same), *moves])


def soon_used(assignments: Sequence[Assignment], own: Collection[str]) -> list[Assignment]:
    """The assignments in another order: of those that may come next always the one that leaves
    the fewest buffers in use, and of several the one that uses what was computed last.

    Each comes after those whose values it reads; one that moves a stock on, after all that reads
    the stock. `own` are the names that have arrays of their own, and need no buffer.
    """
    needs, before = needs_of(assignments)
    users, after = _turned(needs), _turned(before)
    missing = [len(places) for places in before]
    buffered = [one.name not in own for one in assignments]
    done: dict[int, int] = {}  # which assignment came when

    def rank(place: int) -> tuple[int, int, int]:
        freed = sum(buffered[n] and users[n] == {place} for n in needs[place])
        latest = max((done[n] for n in needs[place]), default=-1)
        return (buffered[place] and bool(users[place])) - freed, -latest, place

    ready = [rank(place) for place, count in enumerate(missing) if not count]
    heapify(ready)
    while ready:
        *_, place = heappop(ready)
        if place in done:  # it stood there twice: its rank has improved since
            continue
        done[place] = len(done)
        for other in needs[place]:
            users[other].discard(place)
            if len(users[other]) == 1 and not missing[last := min(users[other])]:
                heappush(ready, rank(last))
        for other in after[place]:
            missing[other] -= 1
            if not missing[other]:
                heappush(ready, rank(other))
    return [assignments[place] for place in done]


Places = list[set[int]]


def needs_of(assignments: Sequence[Assignment]) -> tuple[Places, Places]:
    """For each assignment, those whose values it reads, and those that have to come before it."""
    read = [set(reads(one.expression)) for one in assignments]
    readers: dict[str, set[int]] = {}
    for place, names in enumerate(read):
        for name in names:
            readers.setdefault(name, set()).add(place)
    places = {one.name: place for place, one in enumerate(assignments) if not one.moves}
    needs = [{places[name] for name in names if name in places} for names in read]
    before = [
        values | readers.get(one.name, set()) - {place} if one.moves else values
        for place, (one, values) in enumerate(zip(assignments, needs, strict=True))
    ]
    return needs, before


def _turned(needs: Places) -> Places:
    """For each place, those that need it."""
    users: Places = [set() for _ in needs]
    for place, needed in enumerate(needs):
        for other in needed:
            users[other].add(place)
    return users
