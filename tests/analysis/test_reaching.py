"""The least change is the one that can be worked out by hand, and what cannot be is said."""

import numpy as np
import pytest
from scipy import stats

from sim.analysis.reaching import least_change, reached_by, strengths

LUCK = stats.norm.ppf((np.arange(2000) + 0.5) / 2000)


def margins_of(*effects, short=1.0, bend=0.0):
    """Margins that levers raise by `effects` and luck by a standard normal number."""

    def margins(points):
        raised = points @ np.array(effects) - bend * (points**2).sum(axis=1)
        return raised[:, None, None] - short + LUCK

    return margins


def silent(part):
    pass


def test_the_strongest_levers_go_first_and_no_farther_than_they_must():
    wanted = 0.9  # short - 1.2816 by luck: levers have to raise the margin by 2.2816
    ways = least_change(margins_of(1.5, 0.5, 1.0), 3, wanted, silent)
    assert ways == pytest.approx([1.0, 0.0, 2.2816 - 1.5], abs=0.01)


def test_a_lever_that_stands_in_the_way_stays():
    ways = least_change(margins_of(2.0, -1.0), 2, 0.5, silent)
    assert ways == pytest.approx([0.5, 0.0], abs=0.01)


def test_margins_that_bend_are_met_at_their_edge():
    margins = margins_of(2.0, bend=0.8)  # 2x - 0.8x² = 1
    ways = least_change(margins, 1, 0.5, silent)
    assert ways[0] == pytest.approx((2 - np.sqrt(4 - 3.2)) / 1.6, abs=0.02)
    assert reached_by(margins(ways[None]), 0.5)[0, 0] >= -1e-3


def test_levers_that_need_each_other_are_found():
    def margins(points):
        return (2 * points[:, 0] * points[:, 1])[:, None, None] - 1.0 + LUCK

    ways = least_change(margins, 2, 0.5, silent)
    assert 2 * ways[0] * ways[1] == pytest.approx(1.0, abs=0.02)
    assert ways.sum() == pytest.approx(2 * np.sqrt(0.5), abs=0.1)  # both alike, or 1 and 0.5
    assert strengths(margins, 2, 0.5) == pytest.approx([1.0, 1.0])


def test_two_targets_are_met_together():
    first, second = margins_of(1.0, 0.0), margins_of(0.0, 2.0)

    def margins(points):
        return np.concatenate([first(points), second(points)], axis=1)

    assert least_change(margins, 2, 0.5, silent) == pytest.approx([1.0, 0.5], abs=0.01)


def test_what_cannot_be_reached_is_approached():
    ways = least_change(margins_of(0.5, 0.2, -0.3), 3, 0.9, silent)
    assert ways == pytest.approx([1.0, 1.0, 0.0], abs=0.01)


def test_strengths_are_shares_of_the_strongest():
    found = strengths(margins_of(2.0, 0.1, 0.0), 3, 0.5)
    assert found == pytest.approx([1.0, 0.05, 0.0])


def test_the_margin_that_a_share_reaches_is_reached_by_that_share():
    margins = np.array([[[0.3, -0.1, 0.2, 0.0, 0.5]]])
    assert reached_by(margins, 0.8)[0, 0] == 0.0  # four of five are not below
    assert reached_by(margins, 1.0)[0, 0] == -0.1
    assert reached_by(margins, 0.2)[0, 0] == 0.5
