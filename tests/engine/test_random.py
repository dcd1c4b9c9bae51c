"""RANDOM functions: their distributions, and on what their numbers depend."""

import numpy as np
import pytest
from scipy import stats

import sim
from sim.engine.compile import compile_model
from sim.engine.integrate import clock_of
from sim.ensemble.inputs import draw_inputs
from sim.ensemble.scenario import Scenario
from sim.ensemble.simulate import simulate, varying_dims
from sim.text import Text

CLOCK = """INITIAL TIME = 0 ~ Year ~ |
FINAL TIME = 24.5 ~ Year ~ |
TIME STEP = 0.5 ~ Year ~ |
SAVEPER = 0.5 ~ Year ~ |
"""


def model_of(tmp_path, body):
    (tmp_path / "m.mdl").write_text("{UTF-8}\n" + body + CLOCK, encoding="utf-8")
    return sim.load_model(tmp_path / "m.mdl")


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("RANDOM 0 1()", stats.uniform()),
        ("RANDOM UNIFORM(2, 4, 0)", stats.uniform(2, 2)),
        ("RANDOM NORMAL(-100, 100, 5, 2, 1)", stats.norm(5, 2)),
        ("RANDOM NORMAL(4, 6, 5, 2, 1)", stats.truncnorm(-0.5, 0.5, 5, 2)),
        ("RANDOM EXPONENTIAL(0, 1000, 1, 3, 2)", stats.expon(1, 3)),
        ("RANDOM TRIANGULAR(0, 9, 1, 2, 6, 2)", stats.triang(0.2, 1, 5)),
        ("RANDOM WEIBULL(0, 1000, 2, 1, 3, 2)", stats.weibull_min(2, 1, 3)),
        ("RANDOM GAMMA(0, 1000, 2, 1, 3, 2)", stats.gamma(2, 1, 3)),
        ("RANDOM BETA(-9, 9, 2, 3, 1, 2, 4)", stats.beta(2, 3, 1, 2)),
    ],
)
def test_numbers_have_the_distribution_that_was_asked_for(tmp_path, call, expected):
    runs = sim.simulate(model_of(tmp_path, f"x = {call} ~~|\n"), members=200)
    assert stats.kstest(runs["x"].values.ravel(), expected.cdf).pvalue > 1e-3


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("RANDOM POISSON(0, 1000, 3.5, 0, 1, 2)", stats.poisson(3.5)),
        ("RANDOM BINOMIAL(0, 1000, 0.3, 10, 0, 1, 2)", stats.binom(10, 0.3)),
    ],
)
def test_whole_numbers_come_as_often_as_they_should(tmp_path, call, expected):
    runs = sim.simulate(model_of(tmp_path, f"x = {call} ~~|\n"), members=200)
    found = np.bincount(runs["x"].values.ravel().astype(int), minlength=7)[:7] / runs["x"].size
    np.testing.assert_allclose(found, expected.pmf(np.arange(7)), atol=0.015)


def test_pink_noise_keeps_its_spread_and_its_correlation(tmp_path):
    body = "x = RANDOM PINK NOISE(10, 2, 4, 1) ~~|\n"
    x = sim.simulate(model_of(tmp_path, body), members=4000)["x"].values[:, 30:]
    assert x.mean() == pytest.approx(10, abs=0.1)
    assert x.std() == pytest.approx(2, rel=0.05)
    assert np.corrcoef(x[:, 0], x[:, 8])[0, 1] == pytest.approx((1 - 0.5 / 4) ** 8, abs=0.06)


def test_numbers_depend_on_seed_name_member_and_step_alone(tmp_path):
    body = "x = RANDOM 0 1() ~~|\nz = INTEG(x, 0) ~~|\n"
    many = sim.simulate(model_of(tmp_path, body), members=300)
    more = sim.simulate(model_of(tmp_path, "a = RANDOM 0 1() ~~|\n" + body), members=600)
    few = sim.simulate(model_of(tmp_path, body), members=3)
    assert np.array_equal(many["z"].values, more["z"].values[:300])
    assert np.array_equal(many["z"].values[:3], few["z"].values)
    assert abs(np.corrcoef(more["a"].values.ravel(), more["x"].values.ravel())[0, 1]) < 0.02
    other = sim.simulate(model_of(tmp_path, body), members=3, seed=2)
    assert not np.isclose(few["x"].values, other["x"].values).any()


def test_a_seed_in_the_equation_is_honoured(tmp_path):
    def x(seed):
        return sim.simulate(model_of(tmp_path, f"x = RANDOM UNIFORM(0, 1, {seed}) ~~|\n"))["x"]

    assert np.array_equal(x(1).values, x(1).values)
    assert not np.isclose(x(1).values, x(2).values).any()


def test_an_ensemble_draws_the_same_numbers_in_any_blocks_and_in_every_scenario(tmp_path):
    model = model_of(tmp_path, "x = RANDOM NORMAL(-9, 9, 0, 1, 3) ~~|\nz = INTEG(x, 0) ~~|\n")
    clock = clock_of(model)
    scenarios = [Scenario(name, Text("", ""), Text("", ""), None) for name in ("a", "b")]
    inputs = draw_inputs(model, {}, scenarios, clock, 300, 1)
    system = compile_model(model, varying_dims(inputs), ["z"])
    runs = [simulate(model, system, inputs, clock, block=block) for block in (300, 77)]
    assert np.array_equal(runs[0]["z"].values, runs[1]["z"].values)
    assert np.array_equal(runs[0]["z"].values[0], runs[0]["z"].values[1])
    alone = sim.simulate(model, members=300)
    np.testing.assert_allclose(runs[0]["z"].values[0], alone["z"].values, rtol=1e-12)


def test_a_random_delay_or_lookup_is_a_variable_like_others(tmp_path):
    body = "x = SMOOTH(RANDOM UNIFORM(0, 2, 1), 5) + STEP(RANDOM 0 1(), 3) ~~|\n"
    assert np.isfinite(sim.simulate(model_of(tmp_path, body), members=5)["x"]).all()
