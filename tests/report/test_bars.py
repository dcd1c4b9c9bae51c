"""The bars of attainment, and the folder of figures."""

import numpy as np
import pytest
from matplotlib.image import imread

from sim.report.bars import attainment_bars
from sim.report.plots import save_figures
from sim.report.sheet import save


def found(sheet, gid):
    return sheet.findobj(lambda artist: artist.get_gid() == gid)


def test_a_bar_is_as_long_as_its_probability(attainment):
    sheet = attainment_bars(attainment)
    for place in (0, 1):
        widths = [bar.get_width() for bar in found(sheet, f"bars-{place}")]
        assert np.allclose(widths, 100 * attainment["probability"].values[place])


def test_every_value_is_printed_with_its_error(attainment):
    sheet = attainment_bars(attainment)
    assert [text.get_text() for text in found(sheet, "value-0")][:2] == [
        "37.2% ± 0.5",
        "43.8% ± 0.5",
    ]
    assert [text.get_text() for text in found(sheet, "value-1")][-1] == "99.87% ± 0.04"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_targets_are_named_with_year_and_wanted_value(attainment, lang):
    texts = [text.get_text() for text in attainment_bars(attainment, lang).axes[0].texts]
    for title in attainment[f"title_{lang}"].values:
        assert title in texts
    assert {"zh": "2025 年 ≈ 4,500 万吨/年", "en": "2025: ≈ 4,500 × 10⁴ t/year"}[lang] in texts


def test_a_sheet_at_300_dpi_fits_a_word_page(attainment, tmp_path):
    path = save(attainment_bars(attainment), tmp_path / "bars.png", dpi=300)
    height, width = imread(path).shape[:2]
    assert width == int(15.6 / 2.54 * 300)
    assert height < 24 / 2.54 * 300


def test_no_text_is_cut_off_at_the_edge(attainment):
    for lang in ("zh", "en"):
        sheet = attainment_bars(attainment, lang)
        sheet.canvas.draw()
        for text in sheet.findobj(lambda artist: hasattr(artist, "get_text")):
            if text.get_visible() and text.get_text():
                box = text.get_window_extent()
                assert 0 <= box.x0 < box.x1 <= sheet.bbox.x1, text.get_text()


def test_every_variable_gets_a_file_and_so_does_attainment(
    fans, attainment, targets, observations, tmp_path
):
    paths = save_figures(fans, attainment, targets, observations, tmp_path / "figures")
    names = {f"{name}.png" for name in fans.data_vars} | {"attainment.png"}
    assert {path.name for path in paths} == names
    assert {path.name for path in (tmp_path / "figures").iterdir()} == names


def test_the_same_run_gives_the_same_files(fans, attainment, targets, observations, tmp_path):
    first, second = (
        save_figures(
            fans, attainment, targets, observations, tmp_path / name, "en", ["coal_output"]
        )
        for name in ("a", "b")
    )
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
