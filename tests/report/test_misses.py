"""What is said beyond the odds: groups, shortfalls, first years, pairs and thresholds."""

import numpy as np

from sim.report.misses import group_rows, miss_rows, pair_sentences, threshold_sentences


def test_groups_stand_in_order_with_their_targets_and_joint_odds(attainment):
    rows = group_rows(attainment, "zh")
    assert [row.title for row in rows] == ["煤炭", "煤层气", "城镇与县城", "产业与创新"]
    assert [row.places for row in rows] == [(0,), (1, 2), (3, 4, 5), (6,)]
    assert rows[0].probabilities == ("37.0% ± 0.2", "20.0% ± 0.2")


def test_what_is_missing_carries_its_unit_and_a_share_is_missed_by_points(attainment):
    rows = miss_rows(attainment, "zh")
    assert rows[0].missed == "63%"
    assert rows[0].shortfall == "254 (28–848) 万吨/年"
    assert rows[2].shortfall.endswith(" 百分点")
    attainment["shortfall_median"].values[0, 0] = np.nan
    assert miss_rows(attainment, "en")[0].shortfall == "—"


def test_the_first_year_is_that_in_which_half_have_met_it(attainment):
    rows = miss_rows(attainment, "zh")
    assert rows[6].first_year == "2024"  # 1.0 · 1.2 · 9/20 ≥ 0.5
    assert rows[2].first_year == "—"
    assert rows[2].ever == "0%"
    attainment["attained_by"].values[0, 0] = 0.7
    assert miss_rows(attainment, "zh")[0].first_year == "≤2015"


def test_pairs_that_fail_together_are_told_with_what_chance_would_give(attainment):
    missed = np.array([0.5, 0.5, 0.4, 0.1, 0.1, 0.2, 0.0])
    both = np.outer(missed, missed)
    both[0, 1] = both[1, 0] = 0.5
    np.fill_diagonal(both, missed)
    attainment["both_missed"].values[0] = both
    (said,) = pair_sentences(attainment, "zh")
    assert said == ("原煤产量（2025）与煤层气产量（2025）：同时未达标 50%，若互不相关应为 25%")


def test_thresholds_are_told_by_scenario(attainment):
    (said,) = threshold_sentences(attainment, "en")
    assert "≥ 50 × 10⁸ m³/year: 60%/50%; ≥ 60 × 10⁸ m³/year: 40%/10%" in said
