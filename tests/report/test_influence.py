"""What studies and sweeps say in words, from tables with known numbers."""

import numpy as np
import pytest
import xarray as xr

from sim.report import influence, sweep


@pytest.fixture
def study():
    """Three targets, four factors: the first leads two targets, the last matters for none."""
    total = np.array([[0.8, 0.1, 0.04, 0.01], [0.6, 0.3, 0.04, 0.0], [0.1, 0.9, 0.2, 0.0]])
    dims = ("target", "factor")
    half = np.full((3, 4), 0.01)
    return xr.Dataset(
        {
            "total": (dims, total), "total_half": (dims, half),
            "first": (dims, total - 0.03), "first_half": (dims, half),
            "ordered": ("target", [0, 2, 0]),
        },
        coords={
            "label_zh": ("factor", list("甲乙丙丁")), "label_en": ("factor", list("abcd")),
            "title_zh": ("target", list("天地人")), "title_en": ("target", list("xyz")),
            "due": ("target", [2025, 2025, 2030]), "time_unit": ("target", ["Year"] * 3),
            "role": ("factor", ["parameter", "lever", "parameter", "parameter"]),
        },
        attrs={"main": "total", "about": "value"},
    )  # fmt: skip


def test_the_study_as_a_whole_is_said_first(study):
    assert influence.overall(study, "en") == (
        "What leads most often among 3 outcomes: a (2), b (lever) (1). 3 factors are above 0.05 "
        "for at least one outcome; each of the other 1 could be held fixed and hardly move any."
    )
    assert "甲（2 项）、乙（政策手段）（1 项）" in influence.overall(study, "zh")
    assert influence.overall(study.isel(target=[0]), "en") == ""


def test_interactions_are_told_only_where_the_sample_shows_some(study):
    assert "explain 83% of the variance; the rest are interactions" in influence.finding(
        study, 0, "en"
    )
    assert "explain 100% of the variance; no interactions can be told" in influence.finding(
        study, 2, "en"
    )


def test_an_interval_of_a_correlation_ends_at_one(study):
    from matplotlib.figure import Figure

    from sim.report.influence_sheet import draw_bars

    attrs = {"main": "prcc", "about": "value", "method": "rank_correlation"}
    one = study.isel(target=1)[["total", "total_half"]].assign_attrs(attrs)
    one = one.rename(total="prcc", total_half="prcc_half").assign_coords(unit="")
    axes = Figure().add_subplot()
    draw_bars(axes, one.assign(prcc_half=one["prcc_half"] + 0.6), "en")
    ((whiskers,),) = (container[2] for container in axes.containers if len(container) == 3)
    ends = [segment[:, 0] for segment in whiskers.get_segments()]
    assert np.allclose(ends[0], [-0.01, 1.0])
    assert np.allclose(ends[3], [-0.61, 0.61])


@pytest.fixture
def curve():
    """Four points of one lever: one target rises from 10 to 89 %, one wavers about 50 %."""
    probability = np.array([[0.1, 0.50], [0.3, 0.49], [0.7, 0.50], [0.89, 0.51]])
    dims = ("point", "target")
    labels = {"label_zh": "上限", "label_en": "cap", "role": "lever", "multiples": 0, "units": "吨"}
    return xr.Dataset(
        {
            "probability": (dims, probability),
            "standard_error": (dims, np.full((4, 2), 0.02)),
            "joint_probability": ("point", [0.05, 0.2, 0.4, 0.35]),
            "joint_standard_error": ("point", [0.02] * 4),
            "failed_members": ("point", [0] * 4),
        },
        coords={
            "cap": ("point", [1.0, 2.0, 3.0, 4.0], labels),
            "sense": ("target", ["at_least", "at_most"]),
        },
        attrs={"axes": ["cap"], "design": "grid", "draws": 600},
    )


def test_where_a_curve_only_wavers_no_crossing_is_told(curve):
    assert sweep.crossings_of(curve, 0) == {0.5: [2.5], 0.8: [pytest.approx(3 + 0.1 / 0.19)]}
    assert sweep.crossings_of(curve, 1) == {}


def test_the_sweep_as_a_whole_is_said_first(curve):
    said = sweep.overall(curve, "en")
    assert said.startswith("What was changed moves the probability of 1 of 2 targets, not of the")
    assert "All are met together with at most 40% ± 2 (cap 3 " in said
    never = curve.assign(joint_probability=("point", [0.0] * 4))
    assert "没有一个点上" in sweep.overall(never, "zh")
