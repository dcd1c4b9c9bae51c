"""Numbers read as their error allows."""

import pytest

from sim.report.numbers import exact, points, quantity, share
from sim.report.words import label_in, unit_in_words, with_unit


@pytest.mark.parametrize(
    ("probability", "error", "members", "text"),
    [
        (0.372, 0.0048, 10_000, "37.2% ± 0.5"),
        (0.37, 0.05, 100, "37% ± 5"),
        (0.0016, 0.0004, 10_000, "0.16% ± 0.04"),
        (0.0, 0.0, 10_000, "<0.1%"),
        (1.0, 0.0001, 10_000, ">99.9%"),
        (0.0, 0.0, 100, "<3.0%"),
        (1.0, 0.0, 20, ">85%"),
        (1.0, 0.0, 1, "100%"),
        (0.0, 0.0, 6, "0%"),
        (float("nan"), 0.0, 0, "—"),
    ],
)
def test_a_share_has_the_digits_that_its_error_allows(probability, error, members, text):
    assert share(probability, error, members) == text


def test_a_difference_has_a_sign_except_when_it_is_nothing():
    assert points(0.123, 0.007) == "+12.3 ± 0.7"
    assert points(-0.1, 0.02) == "−10 ± 2"
    assert points(-0.00001, 0.003) == "0.0 ± 0.3"


def test_a_quantity_is_never_minus_nothing():
    assert quantity(-0.0001, 2) == "0.00"
    assert quantity(-1234.6, 0) == "−1,235"


def test_what_somebody_wrote_down_is_shown_as_written():
    assert [exact(value) for value in (4500.0, 1.88, 0.0, -3.5)] == ["4,500", "1.88", "0", "−3.5"]


def test_units_are_written_as_each_language_writes_them():
    assert unit_in_words("亿立方米/Year", "zh") == "亿立方米/年"
    assert with_unit("60", "亿立方米/Year", "en") == "60 × 10⁸ m³/year"
    assert with_unit("95", "%", "zh") == "95%"
    assert label_in("原煤产量", "万吨/Year", "zh") == "原煤产量（万吨/年）"
    assert label_in("Share", "Dmnl", "en") == "Share"


def test_a_number_without_a_unit_stands_alone() -> None:
    for unit in ("Dmnl", "1", "unitless", "dimensionless"):
        assert with_unit("16", unit, "zh").strip() == "16"
