"""Sensitivity on functions whose indices are known, by the code that the county goes through."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from sim.analysis.response import by_time, outcome, respond
from sim.analysis.sensitivity import given, shapley
from sim.analysis.sensitivity.estimate import resampling_weights
from sim.analysis.sensitivity.methods import METHODS, design_of, size
from sim.analysis.sensitivity.study import Player, Study, answer
from sim.ensemble.design import latin_hypercube
from sim.ensemble.target import Target
from sim.text import Text


def ishigami(u):
    """Ishigami, Homma (1990) with a = 7, b = 0.1, as a column."""
    x = np.pi * (2 * u - 1)
    return (np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))[
        :, None
    ]


V1, V2, V13 = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, 49 / 8, 0.01 * np.pi**8 * (1 / 18 - 1 / 50)
V = V1 + V2 + V13
ISHIGAMI = {
    "first": np.array([V1, V2, 0]) / V,
    "total": np.array([V1 + V13, V2, V13]) / V,
    "shapley": np.array([V1 + V13 / 2, V2, V13 / 2]) / V,
}

A = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])


def g_function(u):
    """Sobol's G (Saltelli, Sobol 1995) with eight factors, as a column."""
    return np.prod((np.abs(4 * u - 2) + A) / (1 + A), axis=1)[:, None]


PARTS = 1 / (3 * (1 + A) ** 2)
WHOLE = np.prod(1 + PARTS) - 1
G = {"first": PARTS / WHOLE, "total": PARTS * np.prod(1 + PARTS) / (1 + PARTS) / WHOLE}

SLOPES = np.array([4.0, -3.0, 2.0, 0.0])


def linear(u):
    """4 x − 3 y + 2 z, and a constant beside it."""
    return np.stack([u @ SLOPES, np.full(len(u), 7.0)], axis=1)


LINEAR = SLOPES**2 / (SLOPES**2).sum()

TARGET = Target(
    name="t",
    title=Text("目标", "target"),
    clause="",
    year=2025,
    unit="万吨",
    sense="at_least",
    nature="expected",
    group="whole",
    basis="physical",
    variable="x",
    value=5.0,
)


def study(method, factors, base=4096, **more):
    """A study of so many factors, each on its own."""
    players = tuple(
        Player(f"x{i}", Text(f"因素{i}", f"factor {i}"), "parameter", "coal", (i,))
        for i in range(factors)
    )
    return Study(METHODS[method], base, 0, factors, more.pop("players", players), **more)


def found(method, function, factors, outputs=1, base=4096, **more):
    targets = [replace(TARGET, name=f"t{i}") for i in range(outputs)]
    return answer(study(method, factors, base, **more), function, targets).table


def within(table, name, known):
    """Whether every index is within its 95 % interval of the known value."""
    return np.abs(table[name].values[0] - known) <= table[f"{name}_half"].values[0] + 1e-12


@pytest.mark.parametrize(
    ("function", "known"), [(ishigami, ISHIGAMI), (g_function, G), (linear, None)]
)
def test_sobol_indices_are_the_known_ones_within_their_intervals(function, known):
    known = known or {"first": LINEAR, "total": LINEAR}
    table = found("sobol", function, len(known["first"]), 2 if function is linear else 1)
    for name in ("first", "total"):
        assert within(table, name, known[name]).all(), name
        assert table[f"{name}_half"].isel(target=0).max() < 0.06


def noisy(u):
    """`linear` with a noise of its own for every sample."""
    lucky = np.random.default_rng(int(u[0, 0] * 2**53))
    return linear(u)[:, :1] + lucky.normal(size=(len(u), 1))


@pytest.mark.parametrize(
    ("method", "name", "function", "known", "base", "samples"),
    [
        ("sobol", "total", ishigami, ISHIGAMI["total"], 256, 40),
        ("sobol", "first", ishigami, ISHIGAMI["first"], 256, 40),
        ("sobol", "total", g_function, G["total"], 256, 40),
        ("shapley", "shapley", ishigami, ISHIGAMI["shapley"], 512, 40),
        ("rank_correlation", "prcc", noisy, None, 500, 60),
    ],
)
def test_intervals_cover_as_often_as_they_say(method, name, function, known, base, samples):
    """Over many samples at least nine in ten, and not by being wider than no sample at all."""
    if known is None:
        known = found(method, noisy, 4, base=100_000)[name].values[0]
    covered, halves, values = [], [], []
    for seed in range(samples):
        one = replace(study(method, len(known), base), seed=100 + seed)
        table = answer(one, function, [TARGET]).table
        covered.append(within(table, name, known))
        halves.append(table[f"{name}_half"].values[0])
        values.append(table[name].values[0])
    assert np.mean(covered) >= 0.9
    spread = 1.96 * np.std(values, axis=0)
    strong = known > 0.05
    assert (np.mean(halves, axis=0)[strong] < 4 * spread[strong]).all()


def test_pairs_interact_as_is_known():
    table = found("sobol", ishigami, 3, second_order=True)
    second, half = table["second"].values[0], table["second_half"].values[0]
    for pair in itertools.combinations(range(3), 2):
        assert abs(second[pair] - (V13 / V if pair == (0, 2) else 0)) < half[pair]


def test_sobol_indices_and_their_intervals_are_those_of_salib():
    from SALib.analyze import sobol as salib

    one = study("sobol", 8, 512, second_order=True)
    outputs = respond(g_function, one.design)
    ours = answer(one, g_function, [TARGET]).table.isel(target=0)
    problem = {"num_vars": 8, "names": [f"x{i}" for i in range(8)]}
    theirs = salib.analyze(problem, outputs[:, 0], num_resamples=400, seed=3)
    assert ours["first"].values == pytest.approx(theirs["S1"], abs=1e-6)  # it centres otherwise
    assert ours["total"].values == pytest.approx(theirs["ST"], abs=1e-9)
    upper = np.triu_indices(8, 1)
    assert ours["second"].values[upper] == pytest.approx(theirs["S2"][upper], abs=1e-4)
    assert ours["total_half"].values[:4] == pytest.approx(theirs["ST_conf"][:4], rel=0.35)


def test_shapley_effects_are_the_known_ones_and_sum_to_one():
    table = found("shapley", ishigami, 3)
    assert within(table, "shapley", ISHIGAMI["shapley"]).all()
    assert float(table["shapley"].sum()) == pytest.approx(1)


def test_elementary_effects_of_a_linear_function_are_its_slopes():
    table = found("morris", linear, 4, 2, base=20)
    assert table["mu"].values[0] == pytest.approx(SLOPES * 0.98, abs=1e-9)
    assert table["mu_star"].values[0] == pytest.approx(np.abs(SLOPES) * 0.98, abs=1e-9)
    assert table["sigma"].values[0] == pytest.approx(0, abs=1e-9)


def test_elementary_effects_see_that_a_square_bends():
    # of u² over the levels 1, 34, 66, 99 %: steps of two levels, up or down, from each end
    low, high = 0.01, 0.99
    level = low + (high - low) * np.arange(4) / 3
    effects = [(level[i + 2] ** 2 - level[i] ** 2) / (2 / 3) for i in (0, 1)]
    table = found("morris", lambda u: u[:, :1] ** 2 + 0 * u[:, 1:2], 2, base=4000)
    assert float(table["mu"][0, 0]) == pytest.approx(np.mean(effects), abs=0.02)
    assert float(table["sigma"][0, 0]) == pytest.approx(np.std(effects), abs=0.02)


def test_groups_of_factors_explain_what_their_members_explain_together():
    pair = Player("pair", Text("对", "pair"), "parameter", "", (0, 2))
    other = Player("x1", Text("因素", "factor"), "parameter", "", (1,))
    known = np.array([V1 + V13, V2]) / V
    for method, name in (("sobol", "first"), ("sobol", "total"), ("shapley", "shapley")):
        table = found(method, ishigami, 3, players=(pair, other))
        assert within(table, name, known).all(), (method, name)
    morris = found("morris", linear, 4, 2, 50, players=(pair, other, Player("x3", *pair_rest())))
    assert morris["factor"].values.tolist() == ["pair", "x1", "x3"]
    assert float(morris["mu_star"][0, 1]) == pytest.approx(3 * 0.98, abs=1e-9)
    assert float(morris["mu_star"][0, 2]) == pytest.approx(0, abs=1e-9)


def pair_rest():
    return Text("余", "rest"), "parameter", "", (3,)


def test_partial_rank_correlation_is_that_of_the_residuals():
    points = latin_hypercube(4, 500, 1).rows(0, 500)
    rng = np.random.default_rng(5)
    y = np.exp(points @ SLOPES) + rng.normal(size=500)
    ours = given.rank_correlation(points, y[:, None], 0)["prcc"].value[:, 0]
    x, y = stats.rankdata(points, axis=0), stats.rankdata(y)
    for factor in range(4):
        others = np.column_stack([np.delete(x, factor, axis=1), np.ones(500)])
        rests = [v - others @ np.linalg.lstsq(others, v, rcond=None)[0] for v in (x[:, factor], y)]
        assert ours[factor] == pytest.approx(np.corrcoef(*rests)[0, 1], abs=1e-9)


def test_what_one_factor_explains_whole_goes_with_no_other():
    points = latin_hypercube(3, 64, 1).rows(0, 64)
    one = given.rank_correlation(points, points[:, :1] ** 3, 0)["prcc"]
    assert one.value[:, 0] == pytest.approx([1, 0, 0], abs=1e-6)
    constant = given.rank_correlation(points, np.ones((64, 1)), 0)["prcc"]
    assert np.isnan(constant.value).all()


def test_an_interval_of_a_rank_correlation_is_as_wide_as_fisher_says():
    points = latin_hypercube(2, 2000, 1).rows(0, 2000)
    y = points[:, :1] + np.random.default_rng(2).normal(scale=0.5, size=(2000, 1))
    one = given.rank_correlation(points, y, 0)["prcc"]
    fisher = 1.96 * (1 - one.value[0, 0] ** 2) / np.sqrt(2000 - 4)
    assert one.half[0, 0] == pytest.approx(fisher, rel=0.3)


def test_filtering_finds_the_distance_that_scipy_finds_and_its_direction():
    points = latin_hypercube(3, 800, 1).rows(0, 800)
    met = (points[:, 0] - 0.5 * points[:, 1] > 0.3).astype(float)
    both = given.regional(points, met[:, None], 0)
    for factor in range(3):
        split = [points[met == side, factor] for side in (1, 0)]
        assert both["ks"].value[factor, 0] == pytest.approx(stats.ks_2samp(*split).statistic)
        shift = split[0].mean() - split[1].mean()
        assert both["shift"].value[factor, 0] == pytest.approx(shift)


def test_pawn_is_that_of_salib():
    from SALib.analyze import pawn

    points = latin_hypercube(3, 600, 1).rows(0, 600)
    outputs = ishigami(points)
    problem = {"num_vars": 3, "names": ["a", "b", "c"]}
    theirs = pawn.analyze(problem, points, outputs[:, 0], S=10)
    ours = given.pawn(points, outputs, 0)["pawn"].value[:, 0]
    # SALib leaves the largest point of the last slice out
    assert ours == pytest.approx(theirs["median"], abs=0.01)


def test_delta_of_a_factor_alone_is_large_and_of_an_idle_one_small():
    points = latin_hypercube(2, 400, 1).rows(0, 400)
    delta = given.delta(points, points[:, :1] + 0.02 * points[:, 1:], 0)["delta"]
    assert delta.value[0, 0] > 0.6
    assert abs(delta.value[1, 0]) < 0.06


@pytest.mark.parametrize("share", [0.8, 0.6])
def test_delta_falls_short_of_a_normal_factor_s_by_its_smoothing_alone(share):
    """Two normal inputs, one of them with that correlation with their sum, also normal."""
    at = np.linspace(-8, 8, 4001)
    spread = np.sqrt(1 - share**2)
    centres = share * stats.norm.ppf((np.arange(400) + 0.5) / 400)
    apart = np.abs(stats.norm.pdf(at, centres[:, None], spread) - stats.norm.pdf(at))
    known = 0.5 * np.trapezoid(apart, at, axis=1).mean()
    points = latin_hypercube(2, 1024, 1).rows(0, 1024)
    outputs = stats.norm.ppf(points) @ np.array([[share], [spread]])
    delta = given.delta(points, outputs, 0)["delta"]
    assert 0.8 * known < delta.value[0, 0] < known
    assert delta.half[0, 0] < 0.15 * known
    assert (delta.value[0, 0] > delta.value[1, 0]) == (share > spread)


@pytest.mark.parametrize("method", METHODS)
def test_an_output_that_never_varies_has_no_index_and_does_no_harm(method):
    constant = 1.0 if method == "regional" else 7.0

    def evaluate(u):
        first = (u[:, 0] > 0.5).astype(float) if method == "regional" else u @ SLOPES
        return np.stack([first, np.full(len(u), constant)], axis=1)

    base = {"morris": 10, "delta": 128}.get(method, 256)
    table = found(method, evaluate, 4, 2, base)
    main = table[table.attrs["main"]].values
    assert np.isfinite(main[0]).all()
    assert not np.nan_to_num(main[1]).any()


@pytest.mark.parametrize("method", METHODS)
def test_the_design_has_as_many_members_as_was_said_and_stays_inside(method):
    groups = {"a": (0, 2), "b": (1,)}
    one = design_of(METHODS[method], 3, groups, 12, 5)
    assert one.size == size(METHODS[method], 2, 12)
    points = one.rows(0, one.size)
    assert points.shape == (one.size, 3)
    assert (points > 0).all()
    assert (points < 1).all()
    assert np.array_equal(np.vstack([one.rows(0, 5), one.rows(5, one.size)]), points)


def test_a_failed_member_takes_its_sample_with_it_and_is_counted():
    def broken(u):
        y = ishigami(u)
        y[(u[:, 0] > 0.2) & (u[:, 0] < 0.201)] = np.nan
        return y

    for method in ("sobol", "shapley", "morris", "pawn"):
        table = found(method, broken, 3, base=2048)
        assert np.isfinite(table[table.attrs["main"]].values).all()
        assert (table.attrs["failed_members"] > 0) == (method != "morris")


def test_the_verdict_asks_for_four_times_the_sample_where_the_interval_is_twice_too_wide():
    small, large = (found("sobol", ishigami, 3, base=base) for base in (128, 16384))
    assert not bool(small["enough"][0])
    widest = float(small["widest"][0])
    assert int(small["needed"][0]) == 2 ** np.ceil(np.log2(128 * (widest / 0.05) ** 2))
    assert bool(large["enough"][0])
    assert int(large["ordered"][0]) == 2


def test_equal_seeds_give_equal_tables():
    one, same, other = (
        answer(replace(study("shapley", 3, 64), seed=seed), ishigami, [TARGET]).table
        for seed in (1, 1, 2)
    )
    assert one.identical(same)
    assert not one.identical(other)


def test_indices_by_year_stand_beside_those_of_the_target_s_year():
    later = by_time([TARGET], [2024.0, 2025.0])

    def evaluate(u):
        y = ishigami(u)
        return np.hstack([y, 2 * y, y])

    table = answer(study("sobol", 3, 64), evaluate, [TARGET], later).table
    assert table["first_by_year"].dims == ("target", "year", "factor")
    assert np.array_equal(table["first_by_year"].sel(year=2025).values, table["first"].values)
    assert table["total_by_year"].sel(year=2024).values == pytest.approx(table["total"].values)


def test_a_change_is_due_only_after_the_year_that_it_starts_from():
    change = replace(TARGET, since=2020, measure="change")
    assert [target.year for target in by_time([change], [2019.0, 2020.0, 2021.0])] == [2021]


def test_the_shortfall_is_what_is_missing():
    values = np.array([3.0, 5.0, 8.0])
    for sense, missing in (
        ("at_least", [2, 0, 0]),
        ("above", [2, 0, 0]),
        ("at_most", [0, 0, 3]),
        ("about", [1.5, 0, 2.5]),
    ):
        target = replace(TARGET, sense=sense, band=0.1)
        assert outcome(values, target, "shortfall").tolist() == missing


def test_resampling_weights_are_shares():
    weights = resampling_weights(50, 3, 10)
    assert weights.shape == (11, 50)
    assert weights.sum(axis=1) == pytest.approx(1)
    assert set(weights[0]) == {1 / 50}


def test_a_walk_moves_one_group_at_a_time():
    groups = {"a": (0, 2), "b": (1,), "c": (3,)}
    walks = shapley.design(4, groups, 6, 1).rows(0, 24).reshape(6, 4, 4)
    for walk in walks:
        moved = [tuple(np.flatnonzero(step)) for step in walk[1:] != walk[:-1]]
        assert sorted(moved) == sorted([(0, 2), (1,), (3,)])
