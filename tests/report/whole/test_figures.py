"""Every kind of figure: series, labels, units, target lines; both languages; the same bytes."""

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.text import Text as Words
from PIL import Image

import sim
from sim.__main__ import main
from sim.commands.plot import signs_of
from sim.config.home import Home
from sim.engine.cache import load_model
from sim.ensemble.target import NATURES
from sim.report import influence_figures, sweep_sheets
from sim.report.figures.frame import TITLE, Subject, titled_sheet
from sim.report.figures.kinds import KINDS, missing_character, pictures
from sim.report.figures.size import crowded, overflow, resize
from sim.report.figures.stack import layers, parts_of
from sim.report.figures.words import WORDS
from sim.report.influence import roles_of
from sim.report.influence_sheet import influence_sheet
from sim.report.record import Record
from sim.report.sheet import SMALLEST, rendered
from sim.report.stockflow import sector_diagram
from sim.report.stockflow_svg import drawn
from sim.report.sweep_figures import sheet_of
from sim.text import Refused, Text

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(params=["zh", "en"])
def lang(request):
    return request.param


def found(sheet, gid):
    return sheet.findobj(lambda artist: artist.get_gid() == gid)


def words(sheet):
    return [text.get_text() for text in sheet.findobj(Words) if text.get_text().strip()]


def only(record, count=3):
    return tuple(target.name for target in record.targets[:count])


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_has_title_source_and_words_of_one_language(kind, record, lang):
    subject = Subject((record,), lang, only(record, 2), ("coal_output", "gdp_real"), ("coal",))
    for picture in pictures(kind, subject):
        shown = words(picture.sheet)
        assert found(picture.sheet, "title"), kind
        assert found(picture.sheet, "source"), kind
        assert picture.alt.zh and picture.alt.en  # noqa: PT018
        assert CHINESE.search(picture.alt.zh)
        assert not CHINESE.search(picture.alt.en), picture.alt.en
        if lang == "en":
            sources = {text.get_text() for text in found(picture.sheet, "source")}
            foreign = [text for text in shown if CHINESE.search(text) and text not in sources]
            assert not foreign, (kind, foreign)
        else:
            assert CHINESE.search(picture.title), picture.title


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"stock_flow"}))
def test_at_another_size_letters_stay_as_large_and_nothing_is_cut(kind, record, lang):
    subject = Subject((record,), lang, only(record, 2), ("coal_output", "gdp_real"))
    for picture, usual in zip(pictures(kind, subject), pictures(kind, subject), strict=True):
        resize(picture.sheet, 22.0, 14.0)
        assert np.allclose(2.54 * picture.sheet.get_size_inches(), (22.0, 14.0))
        assert sizes(picture.sheet) == sizes(usual.sheet)
        over = zip(overflow(picture.sheet), overflow(usual.sheet), strict=True)
        assert all(after <= before + 0.05 for after, before in over)


def sizes(sheet):
    """How large the letters of tick labels and notes are; titles shrink where they are long."""
    texts = [text for text in sheet.findobj(Words) if text.get_gid() != "title"]
    return {text.get_fontsize() for text in texts if text.get_text().strip()}


def test_margins_stay_as_wide_and_notes_are_folded(record):
    (picture,) = pictures("heat", Subject((record,), "en", only(record, 2)))
    sheet = picture.sheet
    width, height = 2.54 * sheet.get_size_inches()
    left = sheet.axes[0].get_position().x0 * width
    notes = sum(text.get_text().count("\n") + 1 for text in found(sheet, "source"))
    resize(sheet, 12.0, None)
    assert sheet.axes[0].get_position().x0 * 12.0 == pytest.approx(left)
    more = sum(text.get_text().count("\n") + 1 for text in found(sheet, "source")) - notes
    assert more > 0
    assert 2.54 * sheet.get_size_inches()[1] == pytest.approx(height + 0.4 * more)


def test_a_long_title_takes_two_lines_in_letters_that_can_be_read(record):
    (picture,) = pictures("joint", Subject((record,), "en", only(record, 2)))
    sheet = picture.sheet
    (title,) = [text for text in sheet.texts if text.get_gid() == "title"]
    title.set_text("Which targets are missed together: " + "a long name " * 4)

    def above():
        return (1 - sheet.axes[0].get_position().y1) * 2.54 * sheet.get_size_inches()[1]

    before = above()
    resize(sheet, 12.0, None)
    assert title.get_text().count("\n") == 1
    assert title.get_fontsize() >= 0.85 * TITLE
    assert above() == pytest.approx(before + 1.4 * TITLE * 2.54 / 72), "panels make room for it"
    assert title.get_window_extent().y0 > sheet.axes[0].get_window_extent().y1


def test_names_of_small_panels_are_folded_before_they_reach_the_next(record, lang):
    chosen = ("gdp_real", "gdp_nominal", "coal_output")
    (usual,) = pictures("multiples", Subject((record,), lang, variables=chosen))
    (picture,) = pictures("multiples", Subject((record,), lang, variables=chosen))
    resize(picture.sheet, 10.0, None)
    assert crowded(picture.sheet) <= crowded(usual.sheet)

    def folded(sheet):
        return sum("\n" in axes.get_title(loc="left") for axes in sheet.axes)

    assert folded(picture.sheet) > folded(usual.sheet)


def test_notes_stand_clear_of_the_lowest_ticks(record, lang):
    (picture,) = pictures("multiples", Subject((record,), lang))
    sheet = picture.sheet
    sheet.canvas.draw()
    notes = max(t.get_window_extent().y1 for t in sheet.texts if t.get_gid() == "source")
    ticks = [t for axes in sheet.axes for t in axes.get_xticklabels() if t.get_text()]
    lowest = min(tick.get_window_extent().y0 for tick in ticks)
    assert (lowest - notes) / sheet.dpi * 2.54 > 0.2


@pytest.mark.parametrize(
    ("size", "said"), [((5.0, None), "too small"), ((16.0, 8.0), "lie over each other")]
)
def test_a_size_at_which_nothing_could_be_read_is_refused(record, size, said):
    (picture,) = pictures("bars", Subject((record,), "en"))
    with pytest.raises(Refused, match=said):
        resize(picture.sheet, *size)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["bars", "width=0"], "width=0: from 4 to 120 cm"),
        (["bars", "width=1e3cm"], "width=1e3cm: from 4"),
        (["bars", "height=-5"], "height=-5: from 4"),
        (["bars", "width=wide"], "such as width=15.6cm"),
        (["stock_flow", "sector=coal", "width=20"], "has the size that it needs"),
        (["fan", "variables=coal_output", "width=100", "height=100", "dpi=1200"], "100 million"),
        (["bars", "dpi=7"], "from 30 to 1200"),
    ],
)
def test_nonsense_sizes_are_refused(record, asked, said, tmp_path, capsys):
    words = [f"run={record.folder}", f"output={tmp_path}", "lang=en"]
    assert main(["plot", *asked, *words]) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_figure_has_the_pixels_of_its_printed_size(record, tmp_path, capsys):
    words = [f"run={record.folder}", f"output={tmp_path}", "targets=coal_output"]
    size = ["width=12cm", "height=9", "dpi=127"]
    assert main(["plot", "bars", *size, *words]) == 0
    with Image.open(tmp_path / "bars.png") as image:
        assert image.size == (600, 450)
        assert image.info["dpi"] == pytest.approx((127, 127), abs=0.1)


def outside(sheet):
    """The texts that reach over the edge of a sheet; ticks outside their axes are not drawn."""
    canvas = FigureCanvasAgg(sheet)
    canvas.draw()
    wide, high = canvas.get_width_height()
    drawn = {label for axes in sheet.axes for label in _ticks_out_of_view(axes)}
    boxes = {
        text.get_text(): text.get_window_extent(canvas.get_renderer())
        for text in sheet.findobj(Words)
        if text.get_text().strip() and text.get_visible() and text not in drawn
    }
    return [
        words
        for words, box in boxes.items()
        if box.x0 < -1 or box.y0 < -1 or box.x1 > wide + 1 or box.y1 > high + 1
    ]


def _ticks_out_of_view(axes):
    for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
        low, high = sorted(limits)
        ticks = zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=False)
        yield from (label for place, label in ticks if not low <= place <= high)


@pytest.mark.parametrize("kind", KINDS)
def test_no_word_of_a_figure_of_all_targets_is_cut_off(kind, record, lang):
    some = only(record, 4) if kind == "tornado" else ()
    for picture in pictures(kind, Subject((record,), lang, some, (), ("coal", "economy"))):
        assert not outside(picture.sheet), picture.name
        whole = kind == "stock_flow" or not [one for one in words(picture.sheet) if "…" in one]
        assert whole, picture.name


def test_a_long_title_is_in_smaller_letters_and_a_short_one_is_not():
    short, long = (titled_sheet(5.0, "Wide Words " * times, ()) for times in (2, 9))
    assert not outside(short)
    assert not outside(long)
    assert [text.get_fontsize() for text in short.texts] == [TITLE]


def test_no_name_of_many_scenarios_is_cut_off(record, lang):
    many = []
    for place in range(8):
        first, second = (
            replace(
                one, title=Text(f"很长的情景名称之{place}", f"A rather long scenario name {place}")
            )
            for one in record.scenarios
        )
        second = replace(second, title=Text(f"对照{place}", f"Reference {place}"))
        settings = replace(record.settings, scenarios=(first, second))
        many.append(Record(record.folder, record.manifest, settings))
    (picture,) = pictures("heat", Subject(tuple(many), lang))
    assert not outside(picture.sheet)


@pytest.mark.parametrize("word", WORDS)
def test_every_word_of_the_figures_is_in_both_languages(word):
    zh, en = WORDS[word]
    assert zh and en  # noqa: PT018
    assert not CHINESE.search(en), en
    assert set(re.findall(r"\{\w+\}", zh)) == set(re.findall(r"\{\w+\}", en))


@pytest.mark.parametrize(
    ("kind", "form"), [*((kind, "png") for kind in KINDS), ("heat", "svg"), ("gdp", "pdf")]
)
def test_the_same_run_gives_the_same_bytes(kind, form, record):
    def drawn():
        subject = Subject((record,), "zh", only(record, 1), ("coal_output",), ("tourism",))
        return [rendered(picture.sheet, form, 50) for picture in pictures(kind, subject)]

    assert drawn() == drawn()


def test_the_timeline_draws_the_odds_of_each_year_and_the_plan_s_year(record):
    targets = [target for target in record.targets if target.measure == "level"][:2]
    names = tuple(target.name for target in targets)
    (picture,) = pictures("timeline", Subject((record,), "zh", names))
    lines = found(picture.sheet, "odds-0")
    assert len(lines) == 2
    for line, target in zip(lines, targets, strict=True):
        years, odds = line.get_data()
        wanted = record.attainment["probability"].sel(target=target.name).values[0]
        assert odds[list(years).index(target.year)] == pytest.approx(100 * wanted)
    years = [line.get_xdata()[0] for line in found(picture.sheet, "plan-year")]
    assert years == [target.year for target in targets]
    assert any("%" in text for text in words(picture.sheet))


def test_the_shortfall_has_its_median_left_of_zero_where_most_draws_miss(record):
    (picture,) = pictures("shortfall", Subject((record,), "zh"))
    (medians,) = found(picture.sheet, "median-0")
    shown = [target for target in record.targets if target.value != 0]
    odds = record.attainment["probability"].values[0]
    for value, target in zip(medians.get_xdata(), shown, strict=True):
        share = odds[record.targets.index(target)]
        if abs(share - 0.5) > 0.02:
            assert (value >= 0) == (share > 0.5), target.name
    assert found(picture.sheet, "target")[0].get_xdata() == [0, 0]


def test_joint_says_how_often_two_targets_are_missed_at_once(record):
    names = list(only(record, 4))
    (picture,) = pictures("joint", Subject((record,), "zh", tuple(names)))
    both = record.attainment["both_missed"].sel(target=names, other=names).values[0]
    shown = np.flatnonzero(np.diag(both) >= 0.005)
    lower = [both[i, j] for i in shown for j in shown if j <= i]
    texts = [text.get_text() for text in found(picture.sheet, "cell")]
    assert texts == [f"{100 * v:.0f}" if v >= 0.005 else "·" for v in lower]


def test_the_tornado_ends_at_the_medians_of_the_thirds(record):
    target = record.targets[0]
    (picture,) = pictures("tornado", Subject((record,), "zh", (target.name,)))
    signs = record.signs_of([target])[target.name]
    middle = signs.attrs["median"]
    for third in (0, 1):
        ends = [bar.get_x() + bar.get_width() for bar in found(picture.sheet, f"third-{third}")]
        starts = [bar.get_x() for bar in found(picture.sheet, f"third-{third}")]
        wanted = signs["median"].values[:, third]
        reached = [e if abs(s - middle) < 1e-9 else s for s, e in zip(starts, ends, strict=True)]
        assert np.allclose(reached, wanted)
    assert any(target.title.zh in text for text in words(picture.sheet))
    ticks = [text.get_text() for text in picture.sheet.axes[0].get_xticklabels()]
    assert all(re.fullmatch(r"\d(,\d{3})?", tick) for tick in ticks), ticks  # thousands of tonnes


def test_the_heat_map_shows_every_scenario_of_all_runs(record):
    (picture,) = pictures("heat", Subject((record, record), "zh", only(record)))
    texts = [text.get_text() for text in found(picture.sheet, "cell")]
    odds = record.attainment["probability"].values[:, :3].T
    assert texts == [f"{100 * value:.0f}" for value in odds.ravel()]
    assert {s.title.zh for s in record.scenarios} <= set(words(picture.sheet))


def test_the_layers_of_gdp_add_up_to_gdp(record):
    subject = Subject((record,), "zh")
    (picture,) = pictures("gdp", subject)
    (parts,) = parts_of("gdp", record).values()
    for place, one in enumerate(layers(subject, parts)):
        total = record.runs["gdp_real"].values[place].mean(axis=0)
        assert np.allclose(sum(one[name].values for name in parts), total)
    assert len(found(picture.sheet, "layer-0")) == len(record.scenarios)
    assert any("亿元" in text for text in words(picture.sheet))


def test_the_layers_of_population_add_up_to_population(record):
    total = record.runs["population"].values[0].mean(axis=0)
    for parts in parts_of("population", record).values():
        first = layers(Subject((record,), "zh"), parts)[0]
        assert np.allclose(sum(first[name].values for name in parts), total)


def test_a_model_that_does_not_say_what_adds_up_to_gdp_is_refused(record):
    bare = replace(record, settings=replace(record.settings, home=Home(Path("own.mdl"), False)))
    with pytest.raises(Refused, match=r"figures\.yaml beside the model"):
        pictures("gdp", Subject((bare,), "zh"))


def test_the_multiples_mark_targets_and_history(record):
    (picture,) = pictures("multiples", Subject((record,), "zh", (), ("coal_output", "population")))
    wanted = [t for t in record.targets if t.variable in ("coal_output", "population")]
    assert len(found(picture.sheet, "target")) == len(wanted)
    assert any("万吨/年" in text for text in words(picture.sheet))


def test_the_multiples_show_a_share_in_percent_as_its_target_is(record):
    (picture,) = pictures("multiples", Subject((record,), "zh", (), ("urbanisation_rate",)))
    (target,) = [t for t in record.targets if t.variable == "urbanisation_rate"]
    assert any(text.endswith("（%）") for text in words(picture.sheet))
    (axes,) = picture.sheet.axes
    low, high = axes.get_ylim()
    assert 1 < low < target.value < high


def test_a_variable_that_the_run_did_not_keep_is_refused_with_the_way_to_it(record):
    with pytest.raises(Refused, match=r"run again: sim run .*high_methane.* \"keep=\[not_there\]"):
        pictures("multiples", Subject((record,), "zh", (), ("not_there",)))


def test_an_unknown_target_is_refused_with_a_near_one(record):
    with pytest.raises(Refused, match="did you mean coal_output"):
        pictures("bars", Subject((record,), "zh", ("coal_outptu",)))


def test_a_character_without_a_glyph_is_an_error_that_names_it(record):
    (picture,) = pictures("heat", Subject((record,), "zh", only(record)))
    picture.sheet.text(0.5, 0.5, "\U00020000")
    with pytest.raises(UserWarning, match="Glyph") as caught:
        rendered(picture.sheet, "png", 50)
    assert "Glyph" in str(missing_character(caught.value))


def test_a_stock_flow_diagram_shows_what_the_pages_show(record, lang):
    signs = signs_of(record, lang)
    model = load_model(record.settings.model)
    subject = Subject((record,), lang, sectors=("tourism",), signs=signs)
    (picture,) = pictures("stock_flow", subject)
    diagram = sector_diagram(model, "tourism", record.settings.table, signs)
    shown = [text.get_text() for text in found(picture.sheet, "label")]
    *_, elements = drawn(model, diagram, lang)
    root = ElementTree.fromstring(f"<g>{''.join(elements)}</g>")
    assert shown == [text.text for text in root.iter("text")]
    assert {"+", "−"} <= set(shown)
    stocks = [node for node in diagram.nodes.values() if node.kind == "stock"]
    assert len(picture.sheet.findobj(Rectangle)) >= len(stocks) > 0
    dashed = [
        p for p in picture.sheet.findobj(PathPatch) if p.get_linestyle() not in ("solid", "-")
    ]
    against = [arrow for arrow in diagram.arrows if arrow.sign <= 0]
    assert len(dashed) == len(against) > 0
    assert str(len(stocks)) in picture.alt.en


def test_an_unknown_sector_is_refused_with_a_near_one(record):
    with pytest.raises(Refused, match="did you mean coal"):
        pictures("stock_flow", Subject((record,), "zh", sectors=("coall",)))


def test_natures_are_those_that_reports_have_words_for():
    from sim.report.document.words import WORDS as REPORT

    assert set(NATURES) <= set(REPORT)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"stock_flow"}))
def test_letters_can_be_read_in_print_and_nothing_is_cut(kind, record, lang):
    for picture in pictures(kind, Subject((record,), lang)):
        assert min(sizes(picture.sheet)) >= SMALLEST, picture.name
        assert overflow(picture.sheet) == (0, 0), picture.name
        ends = [text.get_text()[-1:] for text in found(picture.sheet, "source")]
        assert "…" not in ends, picture.name


SWEPT = {
    "curve": {"levers": {"coal_cap": [3500, 4500]}},
    "map": {"levers": {"coal_cap": [3500, 4500], "methane_drilling_permits": [600, 1200]}},
    "scatter": {"levers": {"coal_cap": [3500, 4500]}, "design": "lhs", "points": 8},
    "tornado:lever": {"levers": {"coal_cap": [3500, 4500]}, "design": "oat"},
}


@pytest.mark.parametrize("kind", SWEPT)
def test_pages_of_a_sweep_have_a_source_and_letters_that_can_be_read(kind, lang):
    swept = sim.sweep(draws=16, targets=["coal_output", "income_gdp_sync"], **SWEPT[kind])
    for sheet in (sweep_sheets.overview(swept, lang), sheet_of(kind, swept, 1, lang)):
        check_page(sheet)


@pytest.mark.parametrize("method", ["sobol", "morris", "rank_correlation"])
def test_pages_of_a_study_have_a_source_and_letters_that_can_be_read(method, lang):
    uncertain = ["crop_technology_growth", "initial_grain_yield", "well_success_rate"]
    targets = ["grain_output", "income_gdp_sync"]
    table = sim.sensitivity(method=method, base=16, uncertain=uncertain, targets=targets)
    (role,) = roles_of(table)
    sheets = [influence_figures.overview(table, role, lang)]
    sheets += [influence_sheet(table, place, role, None, lang) for place in (0, 1)]
    if method == "morris":
        sheets.append(influence_figures.mu_sigma(table, role, lang))
    for sheet in sheets:
        check_page(sheet)


def check_page(sheet):
    """A page of a sweep or a study: what a printed report needs of it."""
    assert min(sizes(sheet)) >= SMALLEST
    assert overflow(sheet) == (0, 0)
    notes = found(sheet, "source")
    assert re.match("来源|Source", notes[0].get_text())
    top = max(note.get_window_extent().y1 for note in notes)
    for axes in sheet.axes:
        for words in (axes.xaxis.label, *axes.get_xticklabels()):
            assert not words.get_text() or words.get_window_extent().y0 > top, words.get_text()
