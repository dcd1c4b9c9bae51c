"""A step's assignments come in an order in which few buffers are in use."""

import dis
from itertools import takewhile

import pytest

from sim.engine.compile import compile_model
from sim.engine.lives import soon_used, whole_step
from sim.engine.model import Auxiliary, Call, Constant, Model, Number, Reference, Stock, Variable
from sim.engine.program import program_of, reads
from sim.engine.varying import Variation


def regions(count):
    """Regions in which three values, each used by the next, are behind the change of a stock; all
    of them listed first, the stocks last, as Vensim may write a file."""
    parts = {}
    for region in range(count):
        before = f"x_{region}"
        for word in "abc":
            parts[f"{word}_{region}"] = Auxiliary(
                Call("add", (Reference(before), Reference(f"x_{(region + 1) % count}")))
            )
            before = f"{word}_{region}"
    for region in range(count):
        parts[f"x_{region}"] = Stock(Reference(f"c_{region}"), Number(1.0))
    control = {"initial_time": 0.0, "final_time": 1.0, "time_step": 0.5, "saveper": 1.0}
    parts |= {name: Constant(value) for name, value in control.items()}
    return Model({name: Variable(name, name, part) for name, part in parts.items()})


@pytest.mark.parametrize("count", [2, 30])
def test_regions_share_buffers(count):
    kept = [f"x_{region}" for region in range(count)]
    source = compile_model(regions(count), keep=kept).source
    euler, rk4 = (part.count("= functions.aligned(members)") for part in source.split("flows = "))
    assert rk4 == 2  # one is read while the other is filled
    assert euler == 3  # the change of the first stock, which the last region reads, waits


def test_what_comes_before_the_first_branch_of_a_page_does_not_grow_with_the_model():
    """Python moves all of it for each name of the page: see `numpy_source`."""

    def before_branch(count):
        block = compile_model(regions(count)).block
        steps = takewhile(lambda one: "JUMP" not in one.opname, dis.get_instructions(block))
        return sum(one.opname != "MAKE_CELL" for one in steps)

    assert before_branch(2) == before_branch(30)


def test_what_is_read_comes_before_and_nothing_is_lost():
    model = regions(7)
    program = program_of(model, Variation(model, {}), model.results)
    order = soon_used(program.each, {stock.flow for stock in program.stocks})
    assert sorted(map(repr, order)) == sorted(map(repr, program.each))
    assert order != program.each
    computed = {each.name for each in program.each}
    there = set()
    for each in order:
        assert computed.intersection(reads(each.expression)) <= there
        there.add(each.name)


def test_a_stock_moves_after_all_that_reads_it():
    model = regions(7)
    program = whole_step(program_of(model, Variation(model, {}), model.results))
    stocks = {stock.symbol for stock in program.stocks}
    order = soon_used(program.each, stocks)
    assert sorted(map(repr, order)) == sorted(map(repr, program.each))
    moved = set()
    for each in order:
        assert moved.isdisjoint(reads(each.expression))
        moved |= stocks & {each.name}
    assert moved == stocks
