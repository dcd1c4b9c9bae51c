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


def least(margins, levers, wanted, efforts=None, starts=(1.0, 0.5)):
    efforts = np.ones(levers) if efforts is None else np.array(efforts)
    return least_change(margins, efforts, wanted, starts, lambda part: None)


def test_the_strongest_levers_go_first_and_no_farther_than_they_must():
    wanted = 0.9  # short - 1.2816 by luck: levers have to raise the margin by 2.2816
    found = least(margins_of(1.5, 0.5, 1.0), 3, wanted)
    assert found.ways == pytest.approx([1.0, 0.0, 2.2816 - 1.5], abs=0.01)
    assert (found.starts, found.agreed) == (2, 2)


def test_a_lever_of_twice_the_effort_goes_where_it_does_more_than_twice_as_much():
    margins = margins_of(1.5, 1.0)  # 1.5x + y = 1
    assert least(margins, 2, 0.5).ways == pytest.approx([1 / 1.5, 0.0], abs=0.01)
    hard = least(margins, 2, 0.5, efforts=[2.0, 1.0])  # 2 / 1.5 a unit of margin, beside 1
    assert hard.ways == pytest.approx([0.0, 1.0], abs=0.01)
    both = least(margins, 2, 0.5, efforts=[20.0, 10.0])
    assert both.ways == pytest.approx(hard.ways, abs=0.01), "only how they compare counts"
    unlike = least(margins, 2, 0.5, efforts=[1.0, 0.5])
    assert unlike.ways == pytest.approx(hard.ways, abs=0.01)


def test_levers_of_the_greatest_effort_go_all_the_same_where_nothing_else_does():
    found = least(margins_of(2.0, 0.5), 2, 0.5, efforts=[100.0, 0.01])
    assert found.ways == pytest.approx([0.25, 1.0], abs=0.01)


def test_the_least_of_the_ends_counts_and_it_is_said_how_many_led_there():
    def margins(points):
        """Met from 0.7 on; and from 0.2 to 0.3."""
        return np.maximum(points - 0.7, 0.05 - np.abs(points - 0.25))[:, :, None] + 0 * LUCK

    from_the_end = least(margins, 1, 0.5, starts=(1.0,))
    assert from_the_end.ways == pytest.approx([0.7], abs=0.01)
    assert (from_the_end.starts, from_the_end.agreed) == (1, 1)
    both = least(margins, 1, 0.5, starts=(1.0, 0.3))
    assert both.ways == pytest.approx([0.2], abs=0.02)
    assert (both.starts, both.agreed) == (2, 1)


def test_few_draws_lead_and_all_draws_decide():
    few, asked = margins_of(2.0, short=1.4), []

    def counted(points):
        asked.append(len(points))
        return margins_of(2.0)(points)

    found = least_change(counted, np.ones(1), 0.5, (1.0, 0.5), lambda part: None, few)
    assert found.ways == pytest.approx([0.5], abs=0.01)
    alone = list(asked)
    asked.clear()
    least_change(counted, np.ones(1), 0.5, (1.0, 0.5), lambda part: None)
    assert sum(alone) < sum(asked)


def test_a_lever_that_stands_in_the_way_stays():
    assert least(margins_of(2.0, -1.0), 2, 0.5).ways == pytest.approx([0.5, 0.0], abs=0.01)


def test_margins_that_bend_are_met_at_their_edge():
    margins = margins_of(2.0, bend=0.8)  # 2x - 0.8x² = 1
    ways = least(margins, 1, 0.5).ways
    assert ways[0] == pytest.approx((2 - np.sqrt(4 - 3.2)) / 1.6, abs=0.02)
    assert reached_by(margins(ways[None]), 0.5)[0, 0] >= -1e-3


def test_levers_that_need_each_other_are_found():
    def margins(points):
        return (2 * points[:, 0] * points[:, 1])[:, None, None] - 1.0 + LUCK

    ways = least(margins, 2, 0.5).ways
    assert 2 * ways[0] * ways[1] == pytest.approx(1.0, abs=0.02)
    assert ways.sum() == pytest.approx(2 * np.sqrt(0.5), abs=0.1)  # both alike, or 1 and 0.5
    assert strengths(margins, np.ones(2), 0.5) == pytest.approx([1.0, 1.0])


def test_two_targets_are_met_together():
    first, second = margins_of(1.0, 0.0), margins_of(0.0, 2.0)

    def margins(points):
        return np.concatenate([first(points), second(points)], axis=1)

    assert least(margins, 2, 0.5).ways == pytest.approx([1.0, 0.5], abs=0.01)


def test_what_cannot_be_reached_is_approached():
    ways = least(margins_of(0.5, 0.2, -0.3), 3, 0.9).ways
    assert ways == pytest.approx([1.0, 1.0, 0.0], abs=0.01)


def test_strengths_are_shares_of_the_strongest_for_the_effort_that_they_take():
    margins = margins_of(2.0, 0.1, 0.0)
    assert strengths(margins, np.ones(3), 0.5) == pytest.approx([1.0, 0.05, 0.0])
    hard = strengths(margins, np.array([20.0, 1.0, 0.01]), 0.5)  # 0.1, 0.1 and nothing
    assert hard == pytest.approx([1.0, 1.0, 0.0])


def test_the_margin_that_a_share_reaches_is_reached_by_that_share():
    margins = np.array([[[0.3, -0.1, 0.2, 0.0, 0.5]]])
    assert reached_by(margins, 0.8)[0, 0] == 0.0  # four of five are not below
    assert reached_by(margins, 1.0)[0, 0] == -0.1
    assert reached_by(margins, 0.2)[0, 0] == 0.5
