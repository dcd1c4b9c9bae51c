"""Terminal, CSV and summary say the same numbers, in both languages."""

import csv
import io
import math
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from sim.report.rows import driver_rows, target_rows
from sim.report.summary import Method, summary_markdown
from sim.report.tables import Flowing, attainment_csv, print_run, rows_table
from sim.report.words import WORDS, unit_in_words

FOLDER = Path("outputs/run/high_methane/2026-01-01_12-00-00")


def shown(attainment, drivers, scenarios, lang="zh", width=100) -> str:
    stream = io.StringIO()
    console = Console(file=stream, width=width, highlight=False)
    print_run(attainment, drivers, scenarios, FOLDER, lang, console)
    return stream.getvalue()


@pytest.mark.parametrize("width", [80, 100, 140])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_terminal_holds_every_number_in_both_languages(
    attainment, drivers, scenarios, lang, width
):
    text = shown(attainment, drivers, scenarios, lang, width)
    for row in target_rows(attainment, lang):
        for number in (row.median, row.range, *row.probabilities, row.difference):
            assert number in text
    assert scenarios[0].narrative.of(lang) in text
    assert str(FOLDER) in text
    assert "…" not in text


@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_line_is_wider_than_the_terminal(attainment, drivers, scenarios, lang, width):
    lines = shown(attainment, drivers, scenarios, lang, width).splitlines()
    assert max(cell_len(line) for line in lines) <= width


@pytest.mark.parametrize("width", [60, 80])
def test_neither_cells_nor_sentences_are_broken_within_a_word(width):
    title, sentence = (
        "战略性新兴产业增加值占GDP比重变化(2015年技术)",
        "以煤为主" * 9 + "，占GDP的 27 项不变",
    )
    table = rows_table("", ["指标"] * 4, [[title] * 4], left=4)
    stream = io.StringIO()
    console = Console(file=stream, width=width, highlight=False)
    console.print(table)
    console.print(Flowing(sentence, style="bold"))
    lines = stream.getvalue().splitlines()
    assert max(cell_len(line) for line in lines) <= width
    assert sum("GDP" in line for line in lines) >= 2
    begins = [cell for line in lines for cell in line.split()]
    assert not [cell for cell in begins if cell[0] in "DP，)）"], begins
    filled = [line.rstrip() for line in lines if "以煤" in line]
    assert all(cell_len(line) >= width - 6 for line in filled[:-1]), filled


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_name_of_usual_length_stays_on_one_line(attainment, drivers, scenarios, lang):
    rows = target_rows(attainment, lang)
    attainment[f"title_{lang}"].values[0] = {"zh": "县城常住人口", "en": "Coal-bed methane output"}[
        lang
    ]
    assert str(attainment[f"title_{lang}"].values[0]) in shown(
        attainment, drivers, scenarios, lang, 100
    )
    assert all(row.wanted in shown(attainment, drivers, scenarios, lang, 120) for row in rows)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_on_a_narrow_terminal_a_name_stands_on_one_line_over_its_numbers(
    attainment, drivers, scenarios, lang
):
    lines = shown(attainment, drivers, scenarios, lang, 80).splitlines()
    for row in target_rows(attainment, lang):
        places = [place for place, line in enumerate(lines) if line.strip() == row.title]
        below = [" ".join(lines[place + 1].split()) for place in places]
        numbers = " ".join([row.median, row.range, *row.probabilities, row.difference])
        assert any(line.startswith(str(row.year)) and line.endswith(numbers) for line in below)


def test_what_is_no_terminal_gets_plain_text(attainment, drivers, scenarios):
    assert "\x1b" not in shown(attainment, drivers, scenarios)


def test_members_that_diverged_are_told_where_there_are_any(attainment, drivers, scenarios):
    text = shown(attainment, drivers, scenarios)
    assert "高甲烷：10,000 次模拟中有 3 次发散" in text
    assert "基准（规划）：10,000 次模拟" not in text


def test_square_brackets_in_a_title_are_text(attainment, drivers, scenarios):
    attainment["title_zh"].values[0] = "[red]产量"
    assert "[red]产量" in shown(attainment, drivers, scenarios)


def test_drivers_carry_their_sign(attainment, drivers):
    rows = driver_rows(drivers, attainment, "zh")
    assert rows[0].inputs == ("老井产量递减率 −0.62", "煤炭价格长期趋势 +0.31", "煤层含气量 +0.08")
    assert rows[-1].inputs[-1] == ""


def test_drivers_are_found_by_target_and_not_by_place(attainment, drivers):
    drivers["correlation"].values[0] = [0.9, 0.8, 0.7]
    rows = driver_rows(drivers.isel(target=slice(None, None, -1)), attainment, "en")
    assert rows[0].inputs[0] == "Decline of old wells +0.90"


def test_one_scenario_alone_has_no_difference(attainment, drivers, scenarios):
    alone = attainment.isel(scenario=slice(1, 2)).drop_vars(
        ["difference", "difference_standard_error"]
    )
    text = shown(alone, drivers, scenarios[1:])
    assert "21.5% ± 0.4" in text
    assert "百分点" not in text


@pytest.mark.parametrize(("lang", "first"), [("zh", "情景代码"), ("en", "scenario")])
def test_the_csv_opens_in_excel_and_has_every_row(attainment, tmp_path, lang, first):
    path = attainment_csv(attainment, tmp_path / "attainment.csv", lang)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        head, *rows = csv.reader(stream)
    assert head[0] == first
    assert len(rows) == 14
    assert {len(row) for row in rows} == {len(head)}


def test_the_csv_holds_the_numbers_in_full(attainment, tmp_path):
    path = attainment_csv(attainment, tmp_path / "attainment.csv", "en")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))

    def named(column):
        return WORDS[f"csv_{column}"].en

    for place, row in enumerate(rows):
        one = attainment.isel(scenario=place // 7, target=place % 7)
        for column in ("probability", "standard_error", "median", "p05", "p95", "wanted"):
            assert float(row[column]) == float(one[column])
        assert float(row[named("ever")]) == float(one["attained_by"][-1])
        group = one["group_probability"].sel(group=one["group_of"])
        assert float(row[named("group_probability")]) == float(group)
        assert float(row[named("joint_probability")]) == float(one["joint_probability"])
        assert (row[named("title")], row[named("unit")]) == (
            one["title_en"],
            unit_in_words(one["unit"].item(), "en"),
        )
        assert (row["difference"] == "") == (place >= 7)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_summary_says_the_numbers_of_the_table(attainment, drivers, scenarios, inputs, lang):
    text = summary_markdown(attainment, drivers, scenarios, inputs, Method(10_000, 7), lang)
    lines = text.splitlines()
    for row in target_rows(attainment, lang):
        cells = [row.title, str(row.year), row.wanted, row.median, row.range]
        assert "| " + " | ".join([*cells, *row.probabilities, row.difference]) + " |" in lines
    assert "10,000" in text
    assert "7" in text


def test_the_summary_counts_what_is_likely_and_what_changed(attainment, drivers, scenarios, inputs):
    text = summary_markdown(attainment, drivers, scenarios, inputs, Method(10_000, 1), "zh")
    likely = sum(value >= 0.5 for value in attainment["probability"].values[0])
    assert f"达标概率不低于一半的有 {likely} 项" in text
    difference = attainment["difference"]
    clear = (difference / attainment["difference_standard_error"] > 2) & (difference > 0.01)
    assert f"达标概率明显提高的有 {int(clear.sum())} 项" in text
    assert "明显降低" not in text


def test_half_a_point_is_no_clear_change_however_sure_it_is(attainment, drivers, scenarios, inputs):
    attainment["difference"].values[:] = 0.005
    attainment["difference_standard_error"].values[:] = 0.0001
    text = summary_markdown(attainment, drivers, scenarios, inputs, Method(10_000, 1), "zh")
    assert "没有一项目标的达标概率有明显变化" in text


def test_the_summary_keeps_levers_and_assumptions_apart(attainment, drivers, scenarios, inputs):
    text = summary_markdown(attainment, drivers, scenarios, inputs, Method(10_000, 1), "zh")
    levers, assumptions = text.index("高甲烷：政策手段"), text.index("高甲烷：外部假设")
    assert levers < text.index("2021: 400；2026: 700 口/年") < assumptions
    assert assumptions < text.index("2.1 元/立方米") < text.index("基准（规划）：政策手段")


def test_a_target_without_a_single_sound_member_shows_no_number(attainment, drivers, scenarios):
    for name in ("probability", "median", "p05", "p95", "difference"):
        attainment[name].values[:] = math.nan
    text = shown(attainment, drivers, scenarios)
    assert "nan" not in text
    assert "—" in text
