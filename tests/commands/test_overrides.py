"""What people type becomes Hydra's words."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hydra.core.override_parser.overrides_parser import OverridesParser

from sim.config import compose
from sim.config.overrides import from_python, quote, spoken_names, to_overrides
from sim.config.settings import RunConfig
from sim.text import Refused, Text

SCENARIOS = ["baseline", "high_methane"]


def words(*arguments: str) -> list[str]:
    problems: list[Text] = []
    found = to_overrides(arguments, RunConfig.__dataclass_fields__, SCENARIOS, problems)
    if problems:
        raise Refused(*problems)
    return found


def parsed(override: str) -> object:
    return OverridesParser.create().parse_override(override).value()


@pytest.mark.parametrize(
    ("typed", "override"),
    [
        ("scenario=high_methane", "scenario=high_methane"),
        ("against=stagnation", "scenario@against=stagnation"),
        ("against=none", "~scenario@against"),
        ("levers.coal_cap=5000", "++levers.coal_cap=5000"),
        ("+levers.coal_cap=5000", "++levers.coal_cap=5000"),
        ("+draws=5", "draws=5"),
        ("levers.coal_cap={2025:40,2030:60}", "++levers.coal_cap={2025:40,2030:60}"),
        ("scenario=十四五", "scenario='十四五'"),
        ("scenario='十四五'", "scenario='十四五'"),
        ("scenario=2025", "scenario='2025'"),
        ("targets=a,b", "targets=[a,b]"),
        ("targets=[a, 煤]", "targets=[a, '煤']"),
        ("hydra.verbose=true", "hydra.verbose=true"),
    ],
)
def test_a_word_becomes_an_override(typed: str, override: str) -> None:
    assert words(typed) == [override]


@pytest.mark.parametrize("typed", ["given=prices,levers", "years=2017,2020", "change=a,b"])
def test_lists_of_other_commands_need_no_brackets(typed: str) -> None:
    key, value = typed.split("=")
    keys = ["given", "years", "change"]
    assert to_overrides([typed], keys, SCENARIOS, []) == [f"{key}=[{value}]"]


def test_a_sweep_keeps_its_commas() -> None:
    assert words("-m", "scenario=十四五,baseline") == ["scenario='十四五',baseline", "-m"]
    assert words("--multirun", "targets=a,b") == ["targets=a,b", "--multirun"]


def test_options_may_stand_anywhere() -> None:
    given = ["--cfg", "job", "scenario=baseline", "-p", "hydra", "draws=5", "--info", "seed=2"]
    found = ["scenario=baseline", "draws=5", "seed=2", "--cfg", "job", "-p", "hydra", "--info"]
    assert words(*given) == found
    assert words("--info", "defaults", "seed=2") == ["seed=2", "--info", "defaults"]


@pytest.mark.parametrize(
    "path", ["C:\\数据\\结果\\", "/data/沁水 结果", "it's", "a\\'b", "C:\\new", "\\", "x,y", "{a}"]
)
def test_a_path_comes_through_hydra_as_it_was(path: str) -> None:
    (override,) = words(f"output={path}")
    assert parsed(override) == path
    assert parsed(f"output={quote(path)}") == path


@pytest.mark.parametrize(
    "path", ["D:\\规划 资料 (2025)\\x", "/tmp/a, b/校准", "outputs/calibrate/baseline/1", "it's/x"]
)
def test_so_does_the_folder_of_a_calibration(path: str) -> None:
    (override,) = words(f"draws={path}")
    assert parsed(override) == path
    assert words("draws=5000", "draws=calibrated") == ["draws=5000", "draws=calibrated"]


def test_everything_misspelt_is_said_at_once() -> None:
    with pytest.raises(Refused) as refused:
        words("drawz=5", "--multirn", "high_methane", "~seed")
    said = [problem.en for problem in refused.value.problems]
    assert len(said) == 4
    assert "did you mean draws?" in said[0]
    assert "did you mean --multirun" in said[1]
    assert "did you mean scenario=high_methane?" in said[2]
    assert "not deleted" in said[3]


def test_dashes_and_blanks_around_the_sign_are_answered_with_the_way_out() -> None:
    with pytest.raises(Refused) as refused:
        words("-seed=3", "draws", "=", "5")
    said = [problem.en for problem in refused.value.problems]
    assert "settings have no dashes: seed=3" in said[0]
    assert "no blanks around it" in said[2]
    assert words("-m", "seed=1,2") == ["seed=1,2", "-m"]


def test_chinese_names_come_through_hydra_and_back() -> None:
    (override,) = words("levers.初始 人口[县城]=0.2")
    assert override.isascii()
    assert spoken_names(override) == "++levers.初始_人口[县城]=0.2"
    (override,) = words("levers={供给: 1, other: 2}")
    assert {spoken_names(str(key)) for key in parsed(override)} == {"供给", "other"}
    (override,) = words("levers.coal_cap=5")
    assert override == "++levers.coal_cap=5"


def test_a_chinese_name_in_an_english_table_is_answered_with_the_way_to_the_other() -> None:
    with pytest.raises(Refused, match="sim explain 煤"):
        compose("levers.煤=3")


def test_scenarios_of_a_sweep_may_be_named_by_their_titles() -> None:
    assert words("scenario=煤层气加力,规划基准", "-m")[0] == "scenario=high_methane,baseline"
    with pytest.raises(Refused, match="sim run -m scenario=high_methane,baseline"):
        compose("scenario=煤层气加力,规划基准")


def test_several_scenarios_are_pointed_to_a_sweep() -> None:
    with pytest.raises(Refused, match="sim run -m scenario=a,b"):
        words("scenario=[a,b]")


@pytest.mark.parametrize(
    "value",
    [5000, 0.25, -1, 1e-20, True, None, "十四五", "it's", ["a", "b"], {2025: 40, 2030: 60.5}],
)
def test_a_python_value_comes_through_hydra_as_it_was(value: object) -> None:
    (override,) = from_python({"key": value})
    assert parsed(override) == value


def test_numbers_of_numpy_are_numbers() -> None:
    given = from_python({"levers": {"coal_cap": np.float64(5.5)}, "draws": np.int64(7)})
    assert given == ["levers.coal_cap=5.5", "draws=7"]


@pytest.mark.parametrize("make", [np.array, pd.Series, pd.Index, xr.DataArray, tuple])
def test_arrays_and_their_like_are_lists(make: Callable[[list[float]], object]) -> None:
    (override,) = from_python({"levers": {"coal_cap": make([3500.0, 4500.0])}})
    assert override == "levers.coal_cap=[3500.0, 4500.0]"


def test_ranges_are_lists_and_sets_have_an_order() -> None:
    given = from_python({"levers": {"coal_cap": range(3, 9, 2)}, "targets": {"b", "a", "c"}})
    assert given == ["levers.coal_cap=[3, 5, 7]", "targets=['a', 'b', 'c']"]
    (nested,) = from_python({"levers": {"coal_cap": {"times": np.array([0.5, 1.0])}}})
    assert nested == "levers.coal_cap={times: [0.5, 1.0]}"


def test_what_is_changed_is_a_mapping() -> None:
    with pytest.raises(Refused, match=r"levers is given as levers\.NAME=VALUE"):
        compose(levers=["coal_cap"])
