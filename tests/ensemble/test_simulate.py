"""Runs: labels, and numbers that depend neither on blocks nor on workers."""

import re

import numpy as np
import pytest

from sim.engine.compile import compile_model
from sim.ensemble.inputs import draw_inputs
from sim.ensemble.simulate import simulate, simulate_members, varying_dims
from sim.ensemble.workers import pool, workers_for
from sim.text import Refused


@pytest.fixture
def study(model, table, scenarios, clock):
    inputs = draw_inputs(model, table, scenarios, clock, 300, 1)
    return model, compile_model(model, varying_dims(inputs), ["output", "capacity"]), inputs, clock


def test_runs_carry_dimensions_labels_and_units(study):
    runs = simulate(*study)
    assert runs["output"].dims == ("scenario", "draw", "time")
    assert list(runs["scenario"].values) == ["tight", "baseline"]
    assert runs["output"].attrs["label_zh"] == "产出"
    assert runs["output"].attrs["units"] == "亿元/Year"
    assert runs["finite"].all()


@pytest.mark.parametrize(("block", "workers"), [(1, 1), (64, 1), (300, 1), (64, 2)])
def test_numbers_depend_neither_on_blocks_nor_on_workers(study, block, workers):
    whole = simulate(*study, block=10_000)
    with pool(workers) as executor:
        parts = simulate(*study, block=block, executor=executor)
    for name in whole.data_vars:
        assert np.array_equal(whole[name], parts[name])


def test_a_member_of_the_ensemble_equals_the_model_run_alone(study):
    model, _, inputs, clock = study
    runs = simulate(*study)
    draw = 17
    noise = inputs["shock"].values[draw]
    alone = simulate_members(
        model,
        {
            "cap": {2018: 12.0, 2022: 6.0},
            "wear": 0.3,
            "building": float(inputs["building"][draw]),
            "shock": dict(zip(clock.times, noise, strict=True)),
        },
    )
    ours = runs["output"].sel(scenario="tight").values[draw]
    np.testing.assert_allclose(ours, alone["output"].values[0], rtol=1e-12)


def test_progress_counts_all_members(study):
    seen = []
    simulate(*study, block=128, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (600, 600)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_a_member_that_turns_infinite_is_marked(model, table, scenarios, clock):
    inputs = draw_inputs(model, table, scenarios[1:], clock, 10, 1)
    inputs["building"].values[3] = np.inf
    system = compile_model(model, varying_dims(inputs), ["output", "capacity"])
    runs = simulate(model, system, inputs, clock)
    assert list(np.flatnonzero(~runs["finite"].values[0])) == [3]


def test_a_worker_that_dies_is_reported_in_words(study):
    from multiprocessing import active_children

    import sim

    with pytest.raises(sim.Refused, match="a worker ended unexpectedly"), pool(2) as executor:
        for worker in active_children():
            worker.kill()
        simulate(*study, block=8, executor=executor)


def test_small_runs_are_worth_one_process():
    assert workers_for(100, 4096) == 1
    assert workers_for(20_000, 20_000) == 1
    assert 1 <= workers_for(20_000, 4096) <= 5


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"method": "rk5"}, "no method of integration is called rk5"),
        ({"members": 0}, "members is a whole number of at least 1, not 0"),
        ({"members": 2.5}, "members is a whole number of at least 1, not 2.5"),
        ({"members": 3, "values": {"building": [1.0, 2.0]}}, "(building: 2, members: 3)"),
    ],
)
def test_python_is_refused_what_cannot_be(model, words, said):
    with pytest.raises(Refused, match=re.escape(said)):
        simulate_members(model, **words)


def test_the_years_of_a_path_may_stand_in_any_order(model):
    there, back = ({2015: 5.0, 2025: 3.0}, {2025: 3.0, 2015: 5.0})
    one, other = (simulate_members(model, {"price": path})["price"] for path in (there, back))
    np.testing.assert_array_equal(one, other)
    assert one.values[0, [0, -1]].tolist() == [5.0, 3.0]
