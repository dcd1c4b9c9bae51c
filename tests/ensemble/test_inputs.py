"""Draws: their distributions, their independence of each other, and what scenarios change."""

import numpy as np
import pytest
from scipy import stats

from sim.ensemble.blocks import Draws, blocks_of, shrinking
from sim.ensemble.inputs import check_distribution, draw_inputs, quantiles, with_changes
from sim.ensemble.sampling import normals, shuffled, uniforms

from .conftest import parameter

U = (np.arange(20_000) + 0.5) / 20_000
Z = stats.norm.ppf(0.95)
CASES = [
    ({"kind": "normal", "mean": 3, "sd": 2}, stats.norm(3, 2)),
    ({"kind": "normal", "p5": 1, "p95": 5}, stats.norm(3, 2 / Z)),
    ({"kind": "lognormal", "median": 2, "sigma": 0.4}, stats.lognorm(0.4, scale=2)),
    ({"kind": "lognormal", "p5": 1, "p95": 4}, stats.lognorm(np.log(4) / 2 / Z, scale=2)),
    ({"kind": "uniform", "low": -1, "high": 4}, stats.uniform(-1, 5)),
    ({"kind": "triangular", "low": 1, "mode": 2, "high": 5}, stats.triang(0.25, 1, 4)),
    ({"kind": "triangular", "low": 1, "mode": 1, "high": 5}, stats.triang(0, 1, 4)),
    ({"kind": "beta", "a": 2, "b": 5}, stats.beta(2, 5)),
    ({"kind": "beta", "a": 2, "b": 5, "low": 10, "high": 20}, stats.beta(2, 5, 10, 10)),
]


@pytest.mark.parametrize(("entry", "reference"), CASES, ids=lambda case: str(case)[:40])
def test_quantiles_are_those_of_scipy(entry, reference):
    ours = quantiles(parameter("x", 1.0, distribution=entry), U)
    np.testing.assert_allclose(ours, reference.ppf(U), rtol=1e-10)


@pytest.mark.parametrize(("entry", "reference"), CASES, ids=lambda case: str(case)[:40])
def test_a_truncated_distribution_is_cut_not_piled_up(entry, reference):
    low, high = reference.ppf([0.3, 0.8])
    cut = quantiles(parameter("x", 1.0, distribution={**entry, "truncate": [low, high]}), U)
    np.testing.assert_allclose(cut, reference.ppf(0.3 + 0.5 * U), rtol=1e-6)
    bounded = quantiles(parameter("x", 1.0, bounds=(low, high), distribution=entry), U)
    np.testing.assert_allclose(bounded, cut, rtol=1e-12)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"kind": "gaussian", "mean": 1, "sd": 1}, "unknown distribution"),
        ({"kind": "uniform", "low": 3, "high": 1}, "low must be below high"),
        ({"kind": "uniform", "low": 1}, "wants"),
        ({"kind": "triangular", "low": 1, "mode": 7, "high": 5}, "mode must be below high"),
        ({"kind": "normal", "mean": "much", "sd": 1}, "should be a number"),
        ({"kind": "normal", "mean": float("nan"), "sd": 1}, "must be finite"),
        ({"kind": "normal", "mean": 1, "sd": 0}, "sd must be above zero"),
        ({"kind": "lognormal", "p5": 0, "p95": 2}, "p5 must be above zero"),
        ({"kind": "beta", "a": 2, "b": 5, "truncate": [3, 1]}, "truncate is"),
    ],
)
def test_an_unusable_distribution_is_refused_in_words(entry, said):
    (problem,) = check_distribution("x", entry)
    assert said in problem.en
    assert problem.zh.startswith("x")


def test_usable_distributions_pass_the_check():
    assert [check_distribution("x", entry) for entry, _ in CASES] == [[]] * len(CASES)


@pytest.mark.parametrize("sampling", ["lhs", "random"])
def test_a_new_name_moves_no_other_draw(sampling):
    few = uniforms(["a", "c"], 100, 7, sampling)
    many = uniforms(["c", "b", "a"], 100, 7, sampling)
    assert np.array_equal(few["a"], many["a"])
    assert np.array_equal(few["c"], many["c"])
    assert not np.array_equal(few["a"], few["c"])


@pytest.mark.parametrize("sampling", ["lhs", "sobol", "random"])
def test_draws_are_uniform_reproducible_and_change_with_the_seed(sampling):
    names = [f"p{i}" for i in range(20)]
    one, again, other = (uniforms(names, 1024, seed, sampling) for seed in (0, 0, 1))
    for name in names:
        assert np.array_equal(one[name], again[name])
        assert not np.array_equal(one[name], other[name])
        assert stats.kstest(one[name], "uniform").pvalue > 1e-4
        assert 0 < one[name].min() <= one[name].max() < 1
    correlation = np.corrcoef([one[name] for name in names]) - np.eye(20)
    assert abs(correlation).max() < 0.15


def test_latin_hypercube_has_one_draw_in_every_stratum():
    for values in uniforms(["a", "b"], 500, 3, "lhs").values():
        assert np.array_equal(np.sort((values * 500).astype(int)), np.arange(500))


@pytest.mark.parametrize("sampling", ["lhs", "sobol", "random"])
def test_a_block_of_draws_is_the_same_alone_as_among_all(sampling):
    names = ["a", "b", "c"]
    whole = uniforms(names, 1000, 5, sampling)
    for some in (Draws(700, 300), Draws(0, 7), Draws(7, 1), Draws(8, 692)):  # not in order
        part = uniforms(names, 1000, 5, sampling, some)
        for name in names:
            assert np.array_equal(part[name], whole[name][some.members]), (name, some)
    noise = normals(5, "a", 9, Draws(0, 1000))
    assert abs(noise.mean()) < 0.05
    assert np.array_equal(normals(5, "a", 9, Draws(255, 300)), noise[255:555])


@pytest.mark.parametrize("size", [1, 2, 3, 5, 64, 100, 1000, 4097])
def test_every_place_is_taken_once(size):
    places = shuffled(["a", "b"], size, 1, Draws(0, size))
    assert np.array_equal(np.sort(places, axis=1), [np.arange(size)] * 2)
    assert size < 5 or not np.array_equal(places[0], places[1])


def test_permutations_computed_one_by_one_are_those_computed_together(monkeypatch):
    names, some = ["a", "b", "c"], Draws(40, 500)
    together = shuffled(names, 1000, 1, some)
    monkeypatch.setattr("sim.ensemble.sampling.AT_ONCE", 1)
    assert np.array_equal(shuffled(names, 1000, 1, some), together)


def test_places_are_spread_as_by_chance():
    """Over 4,000 names, number 3 of 10 falls on each place equally often, and so do pairs."""
    names = [f"name {number}" for number in range(4000)]
    places = shuffled(names, 10, 1, Draws(0, 10))
    assert stats.chisquare(np.bincount(places[:, 3], minlength=10)).pvalue > 1e-3
    pairs = np.bincount(places[:, 3] * 10 + places[:, 7], minlength=100).reshape(10, 10)
    assert stats.chisquare(pairs[~np.eye(10, dtype=bool)]).pvalue > 1e-3
    assert np.diag(pairs).sum() == 0


@pytest.mark.parametrize(
    ("draws", "most", "workers"), [(1, 1, 1), (10_000, 4096, 2), (7, 100, 4), (300, 64, 2)]
)
def test_blocks_hold_every_draw_once_and_are_shared_out_evenly(draws, most, workers):
    blocks = blocks_of(draws, most, workers)
    assert [d for b in blocks for d in range(b.first, b.first + b.count)] == list(range(draws))
    assert max(b.count for b in blocks) <= most
    assert max(b.count for b in blocks) - min(b.count for b in blocks) <= 1
    assert len(blocks) % workers == 0 or len(blocks) == draws


@pytest.mark.parametrize(
    ("draws", "least", "most", "workers"), [(1, 1, 4, 1), (10_000, 64, 256, 2), (7, 5, 20, 4)]
)
def test_shrinking_blocks_hold_every_draw_once_and_the_last_ones_are_small(
    draws, least, most, workers
):
    blocks = shrinking(draws, least, most, workers)
    assert [d for b in blocks for d in range(b.first, b.first + b.count)] == list(range(draws))
    sizes = [block.count for block in blocks]
    assert max(sizes) <= most
    whole = [size for size in sizes if size > least]
    assert whole == sorted(whole, reverse=True)
    assert all(size % least == 0 for size in whole)
    assert sizes[-1] <= least


def test_inputs_have_the_dimensions_over_which_they_differ(model, table, scenarios, clock):
    inputs = draw_inputs(model, table, scenarios, clock, 50, 1)
    dims = {str(name): column.dims for name, column in inputs.data_vars.items()}
    assert dims["cap"] == ("scenario", "year")
    assert dims["price"] == ("year",)
    assert set(dims["wear"]) == {"scenario", "draw"}
    assert dims["building"] == ("draw",)
    assert dims["shock"] == ("draw", "step")
    assert inputs["cap"].attrs["label_zh"] == "上限"


def test_scenarios_share_the_draws_of_what_neither_sets(model, table, scenarios, clock):
    inputs = draw_inputs(model, table, scenarios, clock, 50, 1)
    alone = draw_inputs(model, table, scenarios[1:], clock, 50, 1)
    assert "scenario" not in inputs["building"].dims
    assert np.array_equal(inputs["building"], alone["building"])
    assert np.array_equal(inputs["wear"].sel(scenario="baseline"), alone["wear"])
    assert (inputs["wear"].sel(scenario="tight") == 0.3).all()


def test_a_change_fixes_or_redistributes(table):
    uniform = {"kind": "uniform", "low": 1, "high": 2}
    changed = with_changes(table, {"wear": 0.15, "building": uniform})
    assert changed["wear"].value == 0.15
    assert changed["wear"].distribution is None
    assert changed["building"].distribution["kind"] == "uniform"
