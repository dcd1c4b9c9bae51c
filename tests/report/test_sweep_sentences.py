"""What a sweep says in words, from tables with known numbers."""

import numpy as np
import pytest
import xarray as xr

from sim.report import sweep


def table(design, probability, median, axes):
    """A sweep of targets 甲, 乙 …: probability and median are (point, target), 10,000 draws each;
    axes: name → levels by point."""
    points, count = np.shape(probability)
    named = {f"title_{lang}": ("target", list("甲乙丙")[:count]) for lang in ("zh", "en")}
    coords = {
        name: ("point", list(levels), {
            "label_zh": name, "label_en": name, "units": "万吨/Year", "multiples": 0,
            "role": "lever",
        })
        for name, levels in axes.items()
    }  # fmt: skip
    dims = ("point", "target")
    return xr.Dataset(
        {
            "probability": (dims, np.array(probability)), "median": (dims, np.array(median)),
            "standard_error": (dims, np.full((points, count), 0.005)),
            "joint_probability": ("point", np.zeros(points)),
            "failed_members": ("point", np.zeros(points)),
        },
        coords={
            **named, **coords, "unit": ("target", ["%"] * count),
            "sense": ("target", ["at_least"] * count), "wanted": ("target", [90.0] * count),
            "year": ("target", [2025] * count), "time_unit": ("target", ["Year"] * count),
        },
        attrs={"design": design, "axes": list(axes), "draws": 10_000},
    )  # fmt: skip


def test_what_does_not_move_is_said_once_with_what_it_is():
    found = table("grid", [[0.1, 0.5], [0.9, 0.505]], [[1, 1], [2, 1]], {"煤": [4000, 5000]})
    moved, rest = sweep.findings(found, "zh")
    assert moved.startswith("甲")
    assert "约 4,500 万吨/年处越过 50%" in moved
    assert rest.startswith("1 项看不出随所变动的量而变")
    assert "乙" in rest
    assert "50.0% ± 0.5" in rest
    assert "甲" not in rest


def test_where_a_probability_is_passed_has_no_more_digits_than_that_tells():
    found = table("grid", [[0.1], [0.9]], [[1], [2]], {"煤": [4123.4, 5678.9]})
    assert "4,900 万吨/年" in sweep.finding(found, 0, "zh")
    assert sweep.level_at(found, "煤", 4123.4, "zh") == "4,123.4 万吨/年"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_where_medians_lie_at_a_limit_the_odds_tell_what_moves_most(lang):
    """Three axes, nothing changed first: no median moves, the second axis moves the odds most, the
    third nothing at all."""
    odds = [[0.85], [0.84], [0.86], [0.6], [0.95], [0.85], [0.85]]
    nan = np.nan
    axes = {
        "甲轴": [nan, 1, 2, nan, nan, nan, nan],
        "乙轴": [nan, nan, nan, 1, 2, nan, nan],
        "丙轴": [nan, nan, nan, nan, nan, 1, 2],
    }
    found = table("oat", odds, [[100.0]] * 7, axes)
    assert [axis for axis, _, _ in sweep.swings(found, 0)] == ["乙轴", "甲轴"]
    said = sweep.finding(found, 0, lang)
    assert said.index("乙轴") < said.index("甲轴")
    assert "丙轴" not in said
    assert said.count("100") == 2, "each median once"


def test_a_target_that_no_axis_moves_is_said_to_stand_still():
    nan = np.nan
    found = table("oat", [[0.5]] * 3, [[100.0]] * 3, {"甲轴": [nan, 1, 2]})
    assert sweep.finding(found, 0, "zh").startswith("1 项看不出")
