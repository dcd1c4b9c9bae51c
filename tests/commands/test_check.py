"""`sim check` on a copy of the county: it holds, and what is broken on purpose is reported."""

import re
import shutil
from pathlib import Path

import pytest

from sim import data
from sim.__main__ import main
from sim.commands import check_history as history
from sim.commands.check import PARTS, understood
from sim.commands.check_reality import STATEMENTS
from sim.commands.completion import PARTS as OFFERED
from sim.commands.completion import candidates
from sim.text import Refused

ROOT = Path(__file__).parents[2]
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of conf/, scenarios/ and model/ that a test may break; the working folder is empty."""
    folder = tmp_path / "county"
    for part in ("conf", "scenarios", "model"):
        shutil.copytree(ROOT / part, folder / part)
    monkeypatch.setattr(data, "data_folder", lambda: folder)
    monkeypatch.delenv("SIM_SCENARIOS", raising=False)
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return folder


def change(file: Path, old: str, new: str) -> None:
    """Replaces the one place where `old` stands."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def checked(capsys: Captured, *words: str) -> tuple[int, str]:
    status = main(["check", *words, "lang=en"])
    return status, capsys.readouterr().out


def test_the_county_holds_in_all_parts(county: Path, capsys: Captured) -> None:
    status, said = checked(capsys, "draws=200")
    assert status == 0, said
    for part in PARTS:
        assert f"({part}) holds: " in said
    assert "All holds, in" in said
    assert not Path("outputs").exists()


def test_the_same_in_chinese(county: Path, capsys: Captured) -> None:
    assert main(["check", "units", "history", "draws=400"]) == 0
    said = capsys.readouterr().out
    assert "单位 (units) 通过：" in said
    assert "起点给定" in said
    assert "不足 8 个点" in said


def test_a_wrong_unit_is_reported_with_equation_and_both_sides(
    county: Path, capsys: Captured
) -> None:
    equation = "coal sales =\n        coal output*realised coal price*"
    change(county / "model/qinshui.mdl", equation, equation.replace("realised coal price*", ""))
    status, said = checked(capsys, "units")
    assert status == 1
    assert "units (units) FAILS (1)" in said
    assert "coal_sales (line " in said
    assert "should be in 亿元/Year" in said
    assert "coal sales = coal output*yuan per tonne" in said
    assert "Does not hold: units" in said


def test_an_unknown_unit_is_named_with_its_variable(county: Path, capsys: Captured) -> None:
    change(
        county / "model/qinshui.mdl",
        "~\t亿元/Year\n    ~\t煤炭利润;",
        "~\t亿园/Year\n    ~\t煤炭利润;",
    )
    status, said = checked(capsys, "units")
    assert status == 1
    assert "coal_profit: the unit '亿园/Year' is not known" in said


def test_a_number_changed_in_the_table_alone_is_reported(county: Path, capsys: Captured) -> None:
    change(
        county / "conf/sector/coal.yaml",
        "  coal_cap:\n    value: 4500",
        "  coal_cap:\n    value: 4600",
    )
    status, said = checked(capsys, "parameters")
    assert status == 1
    assert "coal_cap = 4600, in the model file 4500; make them equal" in said


def test_an_indicator_that_is_nowhere_is_reported(county: Path, capsys: Captured) -> None:
    change(county / "conf/targets.yaml", "\ngrain_area:", "\ngrain_aera:")
    status, said = checked(capsys, "targets")
    assert status == 1
    assert "the plan's grain_area is not in targets.yaml" in said
    assert "target grain_aera is no indicator of the plan" in said


def test_an_entry_without_a_reason_is_reported(county: Path, capsys: Captured) -> None:
    file = county / "conf/targets.yaml"
    change(file, "    zh: 招商个案，数目很小。\n", "")
    status, said = checked(capsys, "targets")
    assert status == 1
    assert "info_firms.reason must be in both languages" in said


def test_broken_scenarios_are_reported_each(county: Path, capsys: Captured) -> None:
    same = "title: {zh: 同, en: Same}\nnarrative: {zh: 同。, en: Same.}\nextends: baseline\n"
    (county / "scenarios/same.yaml").write_text(same, encoding="utf-8")
    (county / "scenarios/torn.yaml").write_text("title: [", encoding="utf-8")
    lost = same + "levers: {coal_cpa: {value: 1, reason: {zh: 试, en: a test}}}\n"
    (county / "scenarios/lost.yaml").write_text(lost, encoding="utf-8")
    status, said = checked(capsys, "scenarios")
    assert status == 1
    assert "scenario same: nothing differs from the baseline" in said
    assert "torn.yaml line" in said
    assert "coal_cpa is not in the parameter table; did you mean coal_cap" in said


def test_a_biased_model_fails_on_the_coverage(county: Path, capsys: Captured) -> None:
    for name in ("gdp", "sectors"):
        file = county / f"conf/history/{name}.csv"
        lines = file.read_text(encoding="utf-8").splitlines()
        head, rows = lines[0], [line.split(",") for line in lines[1:]]
        for row in rows:
            row[2] = str(2 * float(row[2]))
        file.write_text("\n".join([head, *map(",".join, rows)]), encoding="utf-8")
    status, said = checked(capsys, "history", "draws=100")
    assert status == 1
    assert re.search(r"the 90% band holds only \d+ of \d+ observed points", said)
    assert "gdp_nominal 2022: the median lies -" in said
    assert "off the observed, at most 5.0% is wanted: not reached" in said


def test_bands_wider_than_naive_forecasts_are_reported(county: Path, capsys: Captured) -> None:
    """Figures that hardly move need no model: a flat series is forecast by its last value."""
    rows = "".join(f"coal_output,{year},3900,万吨/Year,1,test,,\n" for year in range(2018, 2022))
    file = county / "conf/history/coal.csv"
    file.write_text("variable,year,value,unit,error,source,address,note\n" + rows, "utf-8")
    status, said = checked(capsys, "history", "draws=100")
    assert status == 1
    assert "coal_output: the 90% band is " in said


def test_an_observation_that_the_model_does_not_know_is_reported(
    county: Path, capsys: Captured
) -> None:
    change(county / "conf/history/population.csv", "population,2021", "populaton,2021")
    status, said = checked(capsys, "history", "draws=100")
    assert status == 1
    assert "did you mean population" in said


def test_a_series_of_eight_points_is_decomposed(county: Path, capsys: Captured) -> None:
    rows = "".join(f"coal_jobs,{year},2,万人,0.1,test,,\n" for year in range(2015, 2024))
    file = county / "conf/history/jobs.csv"
    file.write_text("variable,year,value,unit,error,source,address,note\n" + rows, "utf-8")
    assert history.THEIL_POINTS <= 9
    assert "Theil's shares, " in checked(capsys, "history", "draws=100")[1]


BREAKS = [
    ("INTEG (-coal output/coal recovery rate,", "INTEG (-0.9*coal output/coal recovery rate,",
     "coal_leaves_reserves"),
    ("gdp nominal =\n        coal value added nominal+",
     "gdp nominal =\n        tourism revenue+coal value added nominal+",
     "nominal_gdp_is_value_added"),
]  # fmt: skip


def test_a_broken_model_is_reported_with_a_world_that_sim_run_takes(
    county: Path, capsys: Captured
) -> None:
    """Two breaks at once; the saved counter-example, run alone, shows what was reported."""
    for old, new, _ in BREAKS:
        change(county / "model/qinshui.mdl", old, new)
    status, said = checked(capsys, "reality", "draws=100")
    assert status == 1
    for _, _, name in BREAKS:
        assert f"({name}; " in said
    assert "is broken in 100.00% of worlds" in said
    name = BREAKS[1][2]
    command = f"run --config-dir outputs/check --config-name {name}"
    assert f"run it: sim {command}" in said
    assert (Path("outputs/check") / f"{name}.yaml").is_file()

    assert main([*command.split(), "lang=en", "figures=false"]) == 0
    from sim.ensemble.store import find_result, read_table

    folder, _ = find_result("latest", Path("outputs"), ["run"])
    runs = read_table(folder / "runs.nc")
    parts = runs["secondary_nominal"] + runs["services_nominal"] + runs["agriculture_nominal"]
    gap = (runs["gdp_nominal"] - parts - runs["tourism_revenue"]).values
    assert abs(gap).max() < 1e-6


def test_a_counter_example_holds_one_world_and_no_other(county: Path, capsys: Captured) -> None:
    change(county / "model/qinshui.mdl", *BREAKS[1][:2])
    checked(capsys, "reality", "draws=100")
    content = data.read_yaml(Path("outputs/check") / f"{BREAKS[1][2]}.yaml")
    drawn = {
        name
        for file in (county / "conf/sector").glob("*.yaml")
        for name, entry in (data.read_yaml(file).get("parameters") or {}).items()
        if entry.get("distribution")
    }
    assert set(content["parameters"]) == drawn
    assert content["draws"] == 1
    assert len(content["parameters"]["coal_price_noise"]) > 100


def test_a_loop_that_is_not_in_the_equations_is_reported(county: Path, capsys: Captured) -> None:
    loops = county / "conf/loops.yaml"
    change(loops, "public_debt + debt_ratio - bond_issue +", "public_debt - bond_issue +")
    change(loops, "balancing\n    row: L32", "reinforcing\n    row: L32")
    change(loops, "  county_seat_area - seat_density", "  county_seat_area + seat_density")
    status, said = checked(capsys, "loops")
    assert status == 1
    assert "now public_debt → debt_ratio → bond_issue" in said
    assert "county_seat_area → seat_density_ratio should be +, which holds in 0%" in said


def test_a_table_that_cannot_be_read_is_said_once(county: Path, capsys: Captured) -> None:
    (county / "conf/sector/coal.yaml").write_text("levers: [", encoding="utf-8")
    status, said = checked(capsys, "parameters", "scenarios", "history")
    assert status == 1
    assert said.count("coal.yaml line") == 1
    assert said.count("(for the mistakes shown above)") == 2


def test_words_are_understood() -> None:
    assert understood([]) == (list(PARTS), 1000, 1)
    assert understood(["reality", "units", "draws=300", "seed=7"]) == (["units", "reality"], 300, 7)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("unts", "did you mean units"),
        ("everything", "there are units, parameters"),
        ("draws=5", "draws should be a whole number of at least 100, not 5"),
        ("seed=x", "seed should be a whole number of at least 0"),
    ],
)
def test_a_mistake_is_refused(word: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        understood([word])


def test_every_part_is_offered_and_explained(capsys: Captured) -> None:
    assert tuple(PARTS) == OFFERED
    assert candidates(["check", "re"]) == ["reality"]
    assert "units" not in candidates(["check", "units", ""])
    for lang in ("zh", "en"):
        main(["check", "--help", f"lang={lang}"])
        said = capsys.readouterr().out
        assert all(f"  {part} " in said for part in PARTS)


def test_there_are_at_least_thirty_statements() -> None:
    assert len(STATEMENTS) >= 30
