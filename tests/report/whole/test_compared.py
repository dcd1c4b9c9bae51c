"""Several runs in one figure: each with its own numbers and its own name, and all told apart."""

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.text import Text as Words

from sim.report.figures.frame import Subject
from sim.report.figures.joint import LIGHT_FROM, SHADES
from sim.report.figures.kinds import pictures
from sim.report.sheet import LOOKS
from sim.text import Refused, Text

SIDE_BY_SIDE = ("fan", "bars", "timeline", "shortfall", "gdp", "population", "multiples")
SEEN_AS = {  # Machado, Oliveira and Fernandes (2009), 10.1109/TVCG.2009.113, severity 1
    "all colours": np.eye(3),
    "no green cones": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "no red cones": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
}


def found(sheet, gid):
    return sheet.findobj(lambda artist: artist.get_gid() == gid)


def words(sheet):
    return "\n".join(text.get_text() for text in sheet.findobj(Words))


def linear(colour):
    shares = np.array(to_rgb(colour))
    return np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)


def luminance(colour):
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def lab(colour, seen_as=SEEN_AS["all colours"]):
    """CIE L*a*b* of a colour (D65) as an eye sees it."""
    rgb = np.clip(np.asarray(seen_as) @ linear(colour), 0, 1)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = np.asarray(to_xyz) @ rgb / [0.9505, 1.0, 1.089]
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.fixture
def both(record, another):
    return Subject((record, another), "zh", tuple(target.name for target in record.targets[:3]))


@pytest.mark.parametrize("kind", SIDE_BY_SIDE)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_figure_of_two_runs_names_both_scenarios_and_runs(kind, lang, both):
    for picture in pictures(kind, replace(both, lang=lang)):
        shown = words(picture.sheet)
        for one in both.records:
            assert one.scenarios[0].title.of(lang) in shown, (kind, one.scenarios[0].name)
        if kind not in ("fan", "bars"):
            assert all(one.folder.name in shown for one in both.records)


def test_the_second_run_s_numbers_are_its_own(both, another):
    (picture,) = pictures("bars", both)
    names = [target.name for target in both.targets]
    wanted = 100 * another.attainment["probability"].sel(target=names).values[0]
    assert np.allclose([bar.get_width() for bar in found(picture.sheet, "bars-1")], wanted)
    assert "96 / 48" in words(picture.sheet)
    first = pictures("fan", replace(both, variables=("coal_output",)))[0]
    (line,) = found(first.sheet, "reference")
    wanted = np.median(another.runs["coal_output"].values[0], axis=0)
    assert np.allclose(line.get_ydata(), wanted, rtol=2e-3)
    (picture,) = pictures("timeline", both)
    target = both.targets[0]
    years, odds = found(picture.sheet, "odds-1")[0].get_data()
    share = float(another.attainment["probability"].sel(target=target.name)[0])
    assert odds[list(years).index(target.year)] == pytest.approx(100 * share)


def test_figures_of_one_run_alone_are_drawn_of_each(both):
    for kind in ("joint", "tornado"):
        drawn = pictures(kind, both)
        names = [picture.name for picture in drawn]
        assert len(set(names)) == len(names)
        for one in both.records:
            assert any(one.scenarios[0].name in name for name in names), kind
            assert any(one.scenarios[0].title.zh in words(p.sheet) for p in drawn), kind


def test_two_runs_of_one_scenario_are_told_apart_by_their_folders(record):
    twin = replace(record, folder=record.folder.with_name("twin"))
    titles = Subject((record, twin), "zh").titles()
    assert titles[1].endswith("（twin）")
    assert titles[0] != titles[1]


def test_more_runs_than_can_be_told_apart_are_refused_with_the_way_out(record):
    with pytest.raises(Refused, match=r"at most 4 runs side by side, here are 5.*sim plot heat"):
        pictures("timeline", Subject((record,) * 5, "zh"))


def test_a_target_that_a_run_was_not_judged_by_has_no_number(record, another):
    first, *rest = another.targets
    fewer = replace(another, settings=replace(another.settings, targets=tuple(rest)))
    (picture,) = pictures("bars", Subject((record, fewer), "zh", (first.name,)))
    assert [text.get_text() for text in found(picture.sheet, "value-1")] == ["—"]


def many(record):
    runs = []
    for place in range(len(LOOKS)):
        first, second = record.scenarios
        first = replace(first, title=Text(f"情景{place}", f"Scenario {place}"))
        settings = replace(record.settings, scenarios=(first, second))
        runs.append(replace(record, settings=settings))
    return tuple(runs)


SERIES = {"fan": ("median", "reference"), "multiples": ("median", "reference")}
SERIES |= {kind: tuple(f"{gid}-{i}" for i in range(4)) for kind, gid in (
    ("bars", "bars"), ("timeline", "odds"), ("shortfall", "median"),
)}  # fmt: skip


def marks(artist):
    """What a printer without colours shows of an artist: dash and marker, or hatching."""
    if hasattr(artist, "get_linestyle") and hasattr(artist, "get_marker"):
        return artist.get_linestyle(), artist.get_marker()
    return artist.get_hatch(), round(luminance(artist.get_facecolor()[:3]), 1)


@pytest.mark.parametrize("kind", SERIES)
def test_scenarios_are_told_apart_without_colours(kind, record):
    subject = Subject(many(record), "zh", ("cbm_output",), ("cbm_output",))
    for picture in pictures(kind, subject):
        axes = picture.sheet.axes[0]
        drawn = [a for gid in SERIES[kind] for a in found(axes, gid)]
        assert len({marks(artist) for artist in drawn}) == len(LOOKS), kind


def test_layers_that_touch_and_thirds_are_told_apart_without_colours(record):
    for picture in pictures("gdp", Subject((record,), "zh")):
        layers = [found(picture.sheet.axes[0], f"layer-{i}")[0] for i in range(6)]
        assert len({(layer.get_hatch(), to_rgb(layer.get_facecolor()[0])) for layer in layers}) == 6
        for one, other in pairwise(layers):
            light = [lab(layer.get_facecolor()[0][:3])[0] for layer in (one, other)]
            assert abs(light[0] - light[1]) > 20 or one.get_hatch() != other.get_hatch()
    (picture,) = pictures("tornado", Subject((record,), "zh", ("cbm_output",)))
    assert len({found(picture.sheet, f"third-{i}")[0].get_hatch() for i in (0, 1)}) == 2


@pytest.mark.parametrize("eye", SEEN_AS)
def test_scenarios_are_told_apart_by_every_eye(eye):
    for one, other in combinations(LOOKS, 2):
        apart = np.linalg.norm(lab(one.ink, SEEN_AS[eye]) - lab(other.ink, SEEN_AS[eye]))
        assert apart > 20, (eye, one.ink, other.ink)
    lightness = [lab(look.ink)[0] for look in LOOKS]
    assert all(later - earlier > 8 for earlier, later in pairwise(lightness))


def test_shades_of_a_matrix_darken_evenly_and_their_numbers_can_be_read():
    shades = [luminance(SHADES(place)) for place in np.linspace(0, 1, 101)]
    assert all(later < earlier for earlier, later in pairwise(shades))
    for value, shade in zip(np.linspace(0, 1, 101), shades, strict=True):
        ink = luminance("white" if value > LIGHT_FROM else "black")
        light, dark = max(shade, ink), min(shade, ink)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, value  # WCAG 2.2, 1.4.3
