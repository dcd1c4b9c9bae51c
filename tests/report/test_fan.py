"""A fan chart holds what it must, at the right height."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from sim.analysis.fans import fans as quantiles_of
from sim.report.fan import fan_chart, fans_of, label_places, target_label
from sim.report.sheet import save


def found(sheet: Figure, gid: str) -> list:
    """The artists that carry the name `gid`."""
    return sheet.findobj(lambda artist: artist.get_gid() == gid)


def words_on(sheet: Figure) -> str:
    """All text of a sheet."""
    texts = sheet.findobj(lambda artist: hasattr(artist, "get_text"))
    return "\n".join(text.get_text() for text in texts)


def test_the_median_line_is_the_median_of_the_members(runs, fans, targets, observations):
    sheet = fan_chart("coal_output", fans, targets, observations)
    good = runs["coal_output"].values[0][runs["finite"].values[0]]
    (line,) = found(sheet, "median")
    assert np.allclose(line.get_ydata(), np.median(good, axis=0), rtol=1e-3)
    assert list(line.get_xdata()) == list(range(2015, 2036))


def test_the_bands_hold_half_and_nine_tenths_of_the_members(runs, fans):
    sheet = fan_chart("coal_output", fans)
    good = runs["coal_output"].values[0][runs["finite"].values[0]][:, -1]
    for gid, share in (("band-50", 0.5), ("band-90", 0.9)):
        (band,) = found(sheet, gid)
        corners = band.get_paths()[0].vertices
        ends = corners[corners[:, 0] == 2035][:, 1]
        inside = (good >= ends.min()) & (good <= ends.max())
        assert inside.mean() == pytest.approx(share, abs=0.01)


def test_the_reference_differs_in_line_and_colour(runs, fans):
    sheet = fan_chart("cbm_output", fans)
    (own,), (other,) = found(sheet, "median"), found(sheet, "reference")
    assert own.get_linestyle() != other.get_linestyle()
    assert to_hex(own.get_color()) != to_hex(other.get_color())
    assert len(found(sheet, "outline-90")) == 2
    assert np.allclose(
        other.get_ydata(), np.median(runs["cbm_output"].values[1], axis=0), rtol=1e-3
    )


def test_a_target_is_marked_at_its_year_and_height(fans, targets):
    sheet = fan_chart("county_seat_population", fans, targets)
    places = [(mark.get_xdata()[0], mark.get_ydata()[0]) for mark in found(sheet, "target")]
    assert places == [(2025, 8.0), (2030, 10.0)]
    labels = [label.get_text() for label in found(sheet, "target-label")]
    assert labels == ["2025 年 ≥ 8", "2030 年 ≥ 10"]


def test_the_mark_of_a_target_that_is_published_in_steps_says_so(targets):
    target = replace(targets[0], sense="at_least", year=2025, value=100.0, reported_to=1.0)
    assert target_label(target, "zh") == "2025 年 ≥ 100（取整）"
    assert target_label(target, "en") == "2025: ≥ 100 (rounded)"


def test_a_share_is_drawn_in_percent_when_its_target_is(fans, targets, observations):
    sheet = fan_chart("urbanisation_rate", fans, targets, observations)
    (line,), (mark,) = found(sheet, "median"), found(sheet, "target")
    assert 40 < line.get_ydata()[0] < 50
    assert mark.get_ydata()[0] == 60.0
    (history,) = found(sheet, "history")
    assert list(history.get_ydata()) == [51.2]
    assert sheet.axes[0].get_ylabel() == "常住人口城镇化率（%）"


def test_a_target_of_change_gets_a_label_but_no_height(fans, targets):
    sheet = fan_chart("noncoal_share", fans, targets)
    assert found(sheet, "target") == []
    assert found(sheet, "target-label")[0].get_text() == "2025 年比 2020 年变化 > 0"


def test_history_is_drawn_with_its_errors(fans, observations):
    sheet = fan_chart("coal_output", fans, (), observations)
    (points,) = found(sheet, "history")
    assert list(points.get_xdata()) == [2016, 2017, 2018, 2019, 2020, 2021]
    (bars,) = sheet.axes[0].containers[0].lines[2]
    low, high = bars.get_segments()[0][:, 1]
    assert (low, high) == (2400.0, 2520.0)
    assert "晋城市统计年鉴" in words_on(sheet)


@pytest.mark.parametrize(
    ("lang", "label", "title"),
    [
        ("zh", "煤层气产量（亿立方米/年）", "煤层气产量：高甲烷与基准（规划）"),
        ("en", "Coal-bed methane output (10⁸ m³/year)", "High methane versus Baseline (the plan)"),
    ],
)
def test_axis_and_title_say_what_is_shown_in_both_languages(fans, targets, lang, label, title):
    sheet = fan_chart("cbm_output", fans, targets, (), lang)
    assert sheet.axes[0].get_ylabel() == label
    assert title in found(sheet, "title")[0].get_text()
    assert "400" in found(sheet, "source")[0].get_text()


def test_members_that_diverged_are_left_out_and_counted(fans):
    first, second = fans_of("coal_output", fans, "zh")
    assert (first.failed, second.failed) == (1, 0)
    assert np.isfinite(first.quantiles).all()
    assert "1 次发散" in words_on(fan_chart("coal_output", fans))


def test_a_scenario_in_which_every_member_diverged_still_gives_a_figure(runs, targets, tmp_path):
    lost = runs.copy(deep=True)
    lost["finite"].values[:] = False
    save(
        fan_chart("coal_output", quantiles_of(lost, ["coal_output"]), targets),
        tmp_path / "lost.png",
    )


def test_one_scenario_alone_gives_a_figure_without_a_reference(fans, targets, tmp_path):
    alone = fans.isel(scenario=slice(1, 2))
    sheet = fan_chart("coal_output", alone, targets)
    assert found(sheet, "reference") == []
    save(sheet, tmp_path / "alone.png")


def test_labels_of_near_targets_stand_in_rows_of_their_own():
    limits = (2014.7, 2035.3)
    near = label_places([2025, 2026], ["2025 年 ≥ 4,500"] * 2, limits)
    far = label_places([2020, 2030], ["2025 年 ≥ 4,500"] * 2, limits)
    assert [row for row, _ in near] == [0, 1]
    assert [row for row, _ in far] == [0, 0]
    ((_, left),) = label_places([2035], ["2025 年 ≥ 4,500"], limits)
    assert left + 3 < 2035.3


def test_no_text_is_cut_off_at_the_edge(fans, targets, observations):
    for lang in ("zh", "en"):
        for variable in fans.data_vars:
            sheet = fan_chart(str(variable), fans, targets, observations, lang)
            sheet.canvas.draw()
            frame = sheet.bbox
            for text in sheet.findobj(lambda artist: hasattr(artist, "get_text")):
                if text.get_visible() and text.get_text():
                    box = text.get_window_extent()
                    assert 0 <= box.x0 < box.x1 <= frame.x1, text.get_text()
                    assert 0 <= box.y0 < box.y1 <= frame.y1, text.get_text()


def test_labels_of_targets_do_not_lie_on_the_bands(fans, targets):
    sheet = fan_chart("county_seat_population", fans, targets)
    sheet.canvas.draw()
    (band,) = found(sheet, "band-90")
    top = sheet.axes[0].transData.transform(band.get_paths()[0].vertices)[:, 1].max()
    for label in found(sheet, "target-label"):
        assert label.get_window_extent().y0 > top
