"""Counts on a grid: they add up exactly, and their quantiles are as near as they say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.histogram import histogram, means, merged, quantiles

LEVELS = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
VALUES = st.lists(
    st.floats(allow_nan=False, allow_infinity=False, width=32) | st.sampled_from([0.0, -0.0, 1.0]),
    min_size=1,
    max_size=60,
)


def same(one, other):
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("keys", "counts", "least", "most")
    )


@given(VALUES, st.data())
def test_parts_make_the_whole_bit_for_bit(values, data):
    cut = data.draw(st.integers(0, len(values)))
    columns = np.array([values, values[::-1]], dtype=float)
    whole = histogram(columns, 6)
    parts = [histogram(part, 6) for part in (columns[:, :cut], columns[:, cut:])]
    assert same(merged(parts), whole)
    assert same(merged(parts[::-1]), whole)
    assert whole.counts.sum() == 2 * len(values)


def test_columns_that_are_counted_in_parts_are_those_counted_at_once(monkeypatch):
    values = np.random.default_rng(1).normal(0, 1, (9, 50)).round(1)
    values[2, 7], values[4], values[5, ::2], values[6, 3] = np.nan, -0.0, -np.inf, np.inf
    whole = histogram(values, 10)
    assert whole.counts.sum() == np.isfinite(values).sum() + np.isinf(values).sum()
    monkeypatch.setattr("sim.analysis.histogram.AT_ONCE", 100)
    assert same(histogram(values, 10), whole)
    assert whole.keys.tolist() == sorted(set(whole.keys.tolist()))


@given(VALUES)
def test_quantiles_are_off_by_no_more_than_a_bin(values):
    column = np.array([values], dtype=float)
    exact = np.quantile(column[0], LEVELS)
    near = quantiles(histogram(column, 8), 1, LEVELS)[0]
    largest = np.abs(column).max()
    around = np.maximum(np.abs(exact), np.abs(near))
    # between two order statistics of unlike size the error is that of the larger
    assert (np.abs(near - exact) <= 2.0**-8 * np.maximum(around, largest) + 1e-300).all()


@pytest.mark.parametrize("scale", [1e-9, 1.0, -3.0, 4500.0])
def test_many_members_keep_the_stated_error(scale):
    values = scale * (1 + np.random.default_rng(1).normal(0, 0.2, (1, 200_000)))
    counted = histogram(values, 12)
    exact = np.quantile(values[0], LEVELS)
    np.testing.assert_allclose(quantiles(counted, 1, LEVELS)[0], exact, rtol=2.0**-12)
    np.testing.assert_allclose(means(counted, 1), values.mean(), rtol=2.0**-12)
    assert len(counted.keys) < 30_000


def test_few_members_have_their_own_quantiles_exactly():
    values = np.random.default_rng(1).normal(0, 1, (3, 100))
    found = quantiles(histogram(values, 18), 3, LEVELS)
    np.testing.assert_allclose(found, np.quantile(values, LEVELS, axis=1).T, rtol=1e-15)


def test_what_is_no_number_is_left_out_and_an_empty_column_has_no_quantile():
    values = np.array([[np.nan, 2.0, np.nan], [np.nan] * 3, [np.inf, 1.0, np.inf]])
    found = quantiles(histogram(values, 10), 3, (0.0, 0.5, 1.0))
    assert found[0].tolist() == [2.0, 2.0, 2.0]
    assert np.isnan(found[1]).all()
    assert found[2].tolist() == [1.0, np.inf, np.inf]
    assert np.isnan(means(histogram(values, 10), 3)[1])
