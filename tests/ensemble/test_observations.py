"""Figures that people type: any encoding, any heading; all mistakes said at once."""

import pytest

from sim.ensemble.observations import chosen, read_history, read_observations
from sim.text import Refused

NAMES = {
    "coal_output": "coal_output",
    "原煤产量": "coal_output",
    "urbanisation_rate": "urbanisation_rate",
}
ERRORS = {"coal_output": 0.02, "": 0.05}


def read(tmp_path, text, encoding="utf-8"):
    file = tmp_path / "new.csv"
    file.write_bytes(text.encode(encoding))
    return read_observations(file, NAMES, ERRORS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_is_read_in_the_encoding_that_it_is_in(tmp_path, encoding):
    (one,) = read(tmp_path, "指标,年份,数值,单位\n原煤产量,2026,4400,万吨/Year\n", encoding)
    assert (one.variable, one.year, one.value, one.error) == ("coal_output", 2026, 4400, 88)


@pytest.mark.parametrize(
    "row",
    [
        "原煤产量,２０２６,４４００,万吨/Year",
        '原煤产量,2026,"4,400",万吨/Year',
        " 原煤产量 , 2026 ,4400 , 万吨/Year",
    ],
)
def test_digits_may_be_full_width_or_grouped(tmp_path, row):
    (one,) = read(tmp_path, f"variable,year,value,unit\n{row}\n\n")
    assert (one.year, one.value) == (2026, 4400)


def test_columns_may_be_parted_by_tabs_or_semicolons(tmp_path):
    for mark in "\t;，":
        text = "variable,year,value,unit\ncoal_output,2026,4400,万吨/Year\n".replace(",", mark)
        assert read(tmp_path, text)[0].value == 4400


def test_a_percentage_is_a_percentage(tmp_path):
    (one,) = read(tmp_path, "variable,year,value,unit\nurbanisation_rate,2026,58%,\n")
    assert (one.value, one.unit) == (58, "%")


def test_all_mistakes_of_a_file_are_said_at_once(tmp_path):
    text = "variable,year,value,unit\ncoal_outptu,2026,4400,x\ncoal_output,spring,?,x\n"
    with pytest.raises(Refused) as refused:
        read(tmp_path, text)
    said = str(refused.value)
    assert "line 2" in said
    assert "did you mean coal_output" in said
    assert "'spring'" in said
    assert "'?'" in said


def test_missing_columns_are_named_with_what_they_may_be_called(tmp_path):
    with pytest.raises(Refused, match="missing columns year, unit") as refused:
        read(tmp_path, "variable,value\ncoal_output,4400\n")
    assert "年份" in refused.value.problems[0].zh


def test_two_figures_for_one_year_want_a_vintage(tmp_path):
    head, rows = "variable,year,value,unit", ["coal_output,2026,4400,t", "coal_output,2026,4500,t"]
    with pytest.raises(Refused, match="vintage"):
        read(tmp_path, "\n".join([head, *rows]))
    told = [f"{head},vintage", f"{rows[0]},first", f"{rows[1]},census"]
    found = read(tmp_path, "\n".join(told))
    assert [one.value for one in chosen(found, "latest")] == [4500]
    assert [one.value for one in chosen(found, "first")] == [4400]
    assert [one.value for one in chosen(found, "revised")] == [4400]


def test_the_history_of_the_project_is_read():
    from sim import data

    found = read_history(data.history_folder())
    assert len(found) >= 10
    assert all(one.error > 0 and one.source for one in found)


def test_a_figure_of_two_years_says_how_it_is_measured(tmp_path):
    file = tmp_path / "growth.csv"
    head = "变量,起始年,年份,度量,数值,单位,误差\n"
    file.write_text(head + "gdp_real,2015,2020,mean_growth,5,%/年,0.4\n", encoding="utf-8")
    (one,) = read_observations(file)
    assert (one.since, one.measure, one.key) == (2015, "mean_growth", ("gdp_real", 2020, 2015))
    file.write_text(head + "gdp_real,2015,2020,,5,%/年,0.4\n", encoding="utf-8")
    with pytest.raises(Refused, match="goes with a `measure`"):
        read_observations(file)
