"""A step is computed by fewer and cheaper operations, and what stands before an edge as written."""

import numpy as np
import pytest

from sim.engine.algebra import arguments_of
from sim.engine.compile import compile_model
from sim.engine.integrate import clock_of, default_inputs, integrate
from sim.engine.model import Auxiliary, Call, Constant, Model, Number, Reference, Stock, Variable
from sim.engine.program import program_of
from sim.engine.varying import Variation

PEOPLE, SICK, BEDS = Reference("people"), Reference("sick"), Reference("beds")


def divided(above, below):
    return Call("divide", (above, below))


QUOTIENTS = {
    "prevalence": divided(SICK, PEOPLE),
    "crowding": divided(SICK, Call("multiply", (PEOPLE, BEDS))),
    "doctors": divided(Number(3.0), PEOPLE),
}


def town(**auxiliaries):
    """A model of people, the sick and beds, with these auxiliaries."""
    parts = {
        "people": Stock(Number(-1.0), Number(7.0)),
        "sick": Stock(Number(1.0), Number(0.3)),
        "beds": Constant(0.7),
        **{name: Auxiliary(expression) for name, expression in auxiliaries.items()},
    }
    control = {"initial_time": 0.0, "final_time": 3.0, "time_step": 0.5, "saveper": 1.0}
    parts |= {name: Constant(value) for name, value in control.items()}
    return Model({name: Variable(name, name, part) for name, part in parts.items()})


def divisions(model):
    """How many divisions a step of the model's program has."""
    return count("divide", model, model.results)


def count(function, model, kept, varying=None):
    """How many calls of a function a step of the model's program has."""
    program = program_of(model, Variation(model, varying or {}), kept)
    waiting = [each.expression for each in (*program.each, *program.saved)]
    found = 0
    while waiting:
        part = waiting.pop()
        found += isinstance(part, Call) and part.function == function
        waiting += arguments_of(part)
    return found


def test_what_several_quotients_are_divided_by_is_inverted_once():
    assert divisions(town(**QUOTIENTS)) == 1


def test_two_quotients_are_not_worth_an_inverse():
    assert divisions(town(**dict(list(QUOTIENTS.items())[:2]))) == 2


def test_quotients_before_an_edge_stay_as_they_are_written():
    edged = {name: Call("integer", (part,)) for name, part in QUOTIENTS.items()}
    assert divisions(town(**edged)) == 3
    behind = {f"whole_{name}": Call("integer", (Reference(name),)) for name in QUOTIENTS}
    assert divisions(town(**QUOTIENTS, **behind)) == 3


def test_what_a_quotient_takes_for_zero_is_no_edge():
    per_bed = {"load": Call("zidz", (Reference("prevalence"), Reference("crowding")))}
    assert divisions(town(**QUOTIENTS, **per_bed)) == 2
    near_zero = Call("less", (Call("abs", (Reference("crowding"),)), Number(0.1)))
    assert divisions(town(**QUOTIENTS, warned=near_zero)) == 3


@pytest.mark.parametrize("quotient", QUOTIENTS)
def test_the_inverse_gives_the_quotient(quotient):
    def saved(model):
        system = compile_model(model, keep=[quotient])
        return integrate(system, default_inputs(model, system.inputs), clock_of(model), 1)

    alone = saved(town(**{quotient: QUOTIENTS[quotient]}))
    np.testing.assert_allclose(saved(town(**QUOTIENTS)), alone, rtol=1e-15)


def product(*factors):
    whole, *rest = factors
    for factor in rest:
        whole = Call("multiply", (whole, factor))
    return whole


CHAIN = {
    "met": product(PEOPLE, BEDS),
    "caught": product(Reference("met"), SICK, Reference("rate")),
    "a_day": divided(Reference("caught"), Reference("days")),
}


def day(**auxiliaries):
    """The town, in which a rate, too, and a number of days may differ by member."""
    model = town(**auxiliaries)
    for name, value in {"rate": 0.2, "days": 9.0}.items():
        model.variables[name] = Variable(name, name, Constant(value))
    return model


MEMBERS = {"rate": 1, "days": 1, "beds": 1}


def test_a_product_that_is_a_factor_of_one_other_stands_inside_of_it():
    # people × sick × what differs by member alone, which is computed once
    assert count("multiply", day(**CHAIN), ["a_day"], MEMBERS) == 2
    assert count("divide", day(**CHAIN), ["a_day"], MEMBERS) == 0


@pytest.mark.parametrize(
    "further",
    [
        pytest.param({"also": Call("add", (Reference("met"), SICK))}, id="read twice"),
        pytest.param({"whole": Call("integer", (Reference("a_day"),))}, id="before an edge"),
    ],
)
def test_a_product_that_others_need_keeps_its_value(further):
    model = day(**CHAIN, **further)
    program = program_of(model, Variation(model, MEMBERS), ["a_day", *further])
    assert "met" in program.levels


def test_a_product_that_is_kept_keeps_its_value():
    model = day(**CHAIN)
    assert "met" in program_of(model, Variation(model, MEMBERS), ["a_day", "met"]).levels


def test_a_product_inside_of_another_gives_the_same_numbers_and_shows_its_equation():
    model = day(**CHAIN)
    clock, inputs = clock_of(model), default_inputs(model, ["beds", "rate", "days"])
    values = {name: np.array([value, value / 3]) for name, value in inputs.items()}
    short = compile_model(model, MEMBERS, ["a_day"])
    whole = compile_model(model, MEMBERS, list(CHAIN))
    found, long = (integrate(each, values, clock, 2) for each in (short, whole))
    np.testing.assert_allclose(found[0], long[2], rtol=1e-15)
    program = program_of(model, Variation(model, MEMBERS), ["a_day"])
    assert program.equations == 5  # two stocks, three auxiliaries
    assert [len(each.about) for each in program.saved] == [3]
