"""An order of a step's assignments in which few values are held at a time.

A value has a buffer from where it is computed to where it is used last. The fewer buffers, the
more members fit into the cache of a processor together with all that a step touches.
"""

from heapq import heapify, heappop, heappush

from sim.engine.program import Assignment, Program, reads


def soon_used(program: Program) -> list[Assignment]:
    """The assignments of `program.each`: of those whose values are there, always the one that
    leaves the fewest buffers in use, and of several the one that uses what was computed last."""
    each, flows = program.each, {stock.flow for stock in program.stocks}
    places = {assignment.name: place for place, assignment in enumerate(each)}
    needs = [{places[name] for name in reads(one.expression) if name in places} for one in each]
    users: list[set[int]] = [set() for _ in each]
    for place, needed in enumerate(needs):
        for other in needed:
            users[other].add(place)
    after = {name for one in program.saved for name in reads(one.expression)}
    after |= {pipe.input for pipe in program.pipes}
    missing = [len(needed) for needed in needs]
    done: dict[int, int] = {}  # which assignment came when

    def rank(place: int) -> tuple[int, int, int]:
        freed = sum(len(users[n]) == 1 and each[n].name not in after for n in needs[place])
        latest = max((done[n] for n in needs[place]), default=-1)
        return (each[place].name not in flows) - freed, -latest, place

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
        for other in users[place]:
            missing[other] -= 1
            if not missing[other]:
                heappush(ready, rank(other))
    return [each[place] for place in done]
