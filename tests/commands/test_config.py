"""From words to settings: composed by Hydra, checked by us."""

from pathlib import Path

import pytest
from hydra import compose as hydra_compose
from hydra import initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.core.plugins import Plugins
from hydra.plugins.search_path_plugin import SearchPathPlugin
from omegaconf import OmegaConf

from sim.config import RUN, RunSettings, compose, hydra_command, recorded, refuse_memory
from sim.text import Refused


def run(*arguments: str) -> list[RunSettings]:
    """The settings of every job of the command."""
    found: list[RunSettings] = []
    hydra_command(list(arguments), found.append, RUN)
    return found


def problems(*arguments: str) -> list[str]:
    with pytest.raises(Refused) as refused:
        run(*arguments)
    assert all(problem.zh != problem.en for problem in refused.value.problems)
    return [problem.en for problem in refused.value.problems]


def test_nothing_said_runs_the_baseline_alone(project: Path) -> None:
    (settings,) = run()
    assert [scenario.name for scenario in settings.scenarios] == ["baseline"]
    assert (settings.draws, settings.seed, settings.sampling) == (10000, 1, "lhs")
    assert [target.name for target in settings.targets] == ["coal_output"]
    assert settings.model == project / "model/qinshui.mdl"


def test_a_scenario_is_held_against_the_baseline(project: Path) -> None:
    (settings,) = run("scenario=high_methane")
    high, base = settings.scenarios
    assert (high.name, base.name) == ("high_methane", "baseline")
    assert high.levers["drilling_permits"].value == {2021: 400, 2026: 700}
    assert high.levers["drilling_permits"].reason.zh == "加快审批"
    assert high.title.zh == "高甲烷"


def test_the_command_and_python_mean_the_same(project: Path) -> None:
    (typed,) = run("scenario=high_methane", "draws=500", "levers.coal_cap={2025:40,2030:60}")
    called = compose(scenario="high_methane", draws=500, levers={"coal_cap": {2025: 40, 2030: 60}})
    assert typed == called
    assert typed.record["config.yaml"] == called.record["config.yaml"]
    assert typed.record["overrides.yaml"] == (
        "- scenario=high_methane\n- draws=500\n- ++levers.coal_cap={2025:40,2030:60}\n"
    )


def test_a_changed_scenario_has_a_name_of_its_own(project: Path) -> None:
    (settings,) = run("levers.coal_cap=4000")
    changed, base = settings.scenarios
    assert (changed.name, base.name) == ("baseline-changed", "baseline")
    assert changed.levers["coal_cap"].value == 4000
    assert "coal_cap" in changed.title.zh


def test_against_none_runs_one_scenario(project: Path) -> None:
    (settings,) = run("scenario=high_methane", "against=none")
    assert [scenario.name for scenario in settings.scenarios] == ["high_methane"]


def test_a_users_own_scenario_may_be_called_in_chinese_and_wins(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = (project / "scenarios/high_methane.yaml").read_text(encoding="utf-8")
    own = tmp_path / "own"
    for file in (Path("scenarios/十四五.yaml"), own / "high_methane.yaml"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text.replace("高甲烷", "自己的"), encoding="utf-8")
    monkeypatch.setenv("SIM_SCENARIOS", str(own))
    (settings,) = run("scenario=十四五", "against=high_methane")
    assert [scenario.title.zh for scenario in settings.scenarios] == ["自己的", "自己的"]
    assert settings.scenarios[0].levers["drilling_permits"].value == {2021: 400, 2026: 700}


def test_a_sweep_runs_every_combination_and_leaves_nothing_behind(project: Path) -> None:
    found = run("-m", "scenario=high_methane,baseline", "levers.coal_cap=4000,5000")
    levels = [(s.scenarios[0].name, s.scenarios[0].levers["coal_cap"].value) for s in found]
    assert levels == [
        ("high_methane-changed", 4000),
        ("high_methane-changed", 5000),
        ("baseline-changed", 4000),
        ("baseline-changed", 5000),
    ]
    assert list(Path().iterdir()) == []


def test_a_refused_job_of_a_sweep_does_not_stop_the_others(project: Path) -> None:
    found: list[RunSettings] = []
    with pytest.raises(Refused, match="seed"):
        hydra_command(["scenario=high_methane", "-m", "seed=1,-1,2"], found.append, RUN)
    assert [settings.seed for settings in found] == [1, 2]


def test_a_single_run_is_recorded_as_hydra_itself_would_record_it(project: Path) -> None:
    files: list[dict[str, str]] = []

    def record(settings: RunSettings) -> None:
        files.append(dict(settings.record))

    for own in ([], ["--run"]):  # an option of Hydra's: it decides
        hydra_command(["scenario=high_methane", "draws=5", *own], record, RUN)
    assert files[0] == files[1]
    assert len(files[0]) == 3


def test_a_bug_in_a_job_is_raised(project: Path) -> None:
    def broken(settings: RunSettings) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        hydra_command([], broken, RUN)


def test_the_record_gives_the_same_settings_again(project: Path, tmp_path: Path) -> None:
    settings = compose(
        scenario="high_methane",
        levers={"coal_cap": 4000},
        parameters={"well_decline": {"kind": "uniform", "low": 0.1, "high": 0.2}},
        targets=["coal_output"],
    )
    folder = tmp_path / "result/.hydra"
    folder.mkdir(parents=True)
    for name, text in settings.record.items():
        (folder / name).write_text(text, encoding="utf-8")
    (project / "scenarios/high_methane.yaml").unlink()  # the record needs no scenario file
    assert recorded(folder.parent, RUN) == settings
    assert OmegaConf.load(folder / "hydra.yaml").hydra.job.name == "run"


def test_python_leaves_hydra_as_it_was(project: Path) -> None:
    assert not GlobalHydra.instance().is_initialized()
    compose()
    assert not GlobalHydra.instance().is_initialized()
    with initialize_config_dir(str(project / "conf/sector"), version_base="1.2"):
        in_use = GlobalHydra.instance().hydra
        compose()
        assert GlobalHydra.instance().hydra is in_use
        assert "levers" in hydra_compose("coal")
    assert not Plugins.instance().discover(SearchPathPlugin)


def test_composed_settings_can_be_shown_without_running(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--cfg", "job", "scenario=high_methane", "draws=7") == []
    shown = OmegaConf.create(capsys.readouterr().out)
    assert shown.draws == 7
    assert shown.scenario.title.zh == "高甲烷"
    assert shown.against.name == "baseline"


def test_everything_wrong_is_said_at_once(project: Path) -> None:
    said = problems("draws=0", "seed=-1", "sampling=lhx", "levers.coal_cap=99999", "figures=7")
    assert [line.split()[0] for line in said] == [
        "coal_cap",
        "draws",
        "seed",
        "sampling",
        "figures",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("drws=0", "seed=x"), ["there is no setting drws", "draws should be", "seed should be"]),
        (
            ("coal_cap=abc", "sed=1"),
            ["there is no setting coal_cap", "sed; did", "levers.coal_cap"],
        ),
        (("zzz=1", "draws=0"), ["there is no setting zzz", "draws should be"]),
        (("members=0",), ["members; did you mean draws?", "draws should be"]),
        (("integrator=rk5",), ["integrator; did you mean method?", "method can be"]),
        (("scenario=nix", "levers.cap=1", "seed=x"), ["called nix", "called cap", "seed should"]),
        (("draws=many", "targets=foo"), ["draws=many", "no target is called foo"]),
        (("model=nix.mdl", "drws=5"), ["there is no setting drws", "nix.mdl"]),
    ],
)
def test_a_misspelt_word_hides_no_other_mistake(project, words, said) -> None:
    found = problems(*words)
    assert len(found) == len(said)
    for one in said:
        assert any(one in line for line in found), found


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("scenario=high_methan", "did you mean high_methane?"),
        ("against=high_methan", "did you mean high_methane?"),
        ("scenario=高甲", "did you mean high_methane?"),
        ("scenario=", "no scenario is called"),
        ("coal_cap=5000", "did you mean levers.coal_cap?"),
        ("coal_price=500", "did you mean assumptions.coal_price?"),
        ("--lang=en", "settings have no dashes: lang=en"),
        ("scenario=null", "no scenario is called null"),
        ("levers.coal_cop=1", "no lever is called coal_cop; did you mean coal_cap?"),
        ("levers.coal_price=1", "belongs under assumptions: assumptions.coal_price"),
        ("assumptions.coal_cap=1", "belongs under levers: levers.coal_cap"),
        ("parameters.coal_cap=1", "belongs under levers: levers.coal_cap"),
        ("parameters.well_declin=1", "did you mean well_decline?"),
        ("parameters.well_decline={kind: uniform, low: 3, high: 1}", "low must be below high"),
        ("parameters.well_decline={kind: unifrm, low: 1, high: 3}", "did you mean uniform"),
        ("parameters.well_decline=9", "outside its physical bounds [0, 2]"),
        ("levers.coal_cap=abc", "should be a number"),
        ("levers.coal_cap=true", "should be a number"),
        ("levers.coal_cap=nan", "must be finite"),
        ("levers.coal_cap=inf", "must be finite"),
        ("levers.coal_cap=-1", "outside its physical bounds [0, 10000]"),
        ("levers.coal_cap=5000吨", "the unit is 万吨/Year, not 吨"),
        ("levers.coal_cap={2030: 1, 2025: 2}", "years of a path must rise"),
        ("levers.coal_cap={}", "a path without years"),
        ("levers.coal_cap={2025: abc}", "should be a number"),
        ("levers=3", "levers.NAME=VALUE"),
        ("targets=coal_outpt", "did you mean coal_output?"),
        ("targets=原煤产", "did you mean coal_output?"),
        ("targets=[]", "should be a list of names"),
        ("keep=3", "should be a list of names"),
        ("draws=0", "at least 1, not 0"),
        ("draws=-1", "at least 1, not -1"),
        ("draws=1.5", "at least 1, not 1.5"),
        (
            "draws=many",
            "draws is a number, calibrated (the newest calibration), or a folder of sim calibrate",
        ),
        ("draws=nan", "at least 1, not nan"),
        ("draws=true", "at least 1, not True"),
        ("draws=1e12", "makes at most 4,294,967,296"),
        ("workers=0", "at least 1"),
        ("block=0", "at least 1"),
        ("method=ruler", "did you mean euler"),
        ("lang=fr", "zh, en, not fr"),
        ("scenario=(a", "brackets and quotes"),
        ("draws=1,2", "sim run -m"),
        ("scenario.foo=1", "scenario.foo"),
        ("output=${nowhere}", "nowhere"),
    ],
)
def test_a_mistake_is_said_in_one_sentence(project: Path, typed: str, said: str) -> None:
    found = problems(typed)
    assert len(found) == 1
    assert said in found[0]
    assert list(Path().iterdir()) == []


def test_whole_numbers_may_be_written_with_an_exponent(project: Path) -> None:
    (settings,) = run("draws=1e4")
    assert settings.draws == 10000


def test_no_model_and_no_output_named_are_the_usual_ones(project: Path, tmp_path: Path) -> None:
    usual = compose()
    assert compose(model=None, output=None) == usual
    assert run("model=", "output=") == [usual]
    copy = tmp_path / "模型 1.mdl"
    names = ("INITIAL TIME", "FINAL TIME", "TIME STEP", "SAVEPER")
    copy.write_text("\n".join(f"{name} = 1 ~~|" for name in names), encoding="utf-8")
    assert compose(model=str(copy)).model == copy


def test_a_number_may_carry_its_unit(project: Path) -> None:
    for unit in ("万吨/Year", "万吨/年"):
        (settings,) = run(f"levers.coal_cap=5000 {unit}")
        assert settings.scenarios[0].levers["coal_cap"].value == 5000


def test_a_scenario_file_with_a_mistake_is_refused_by_its_name(project: Path) -> None:
    file = project / "scenarios/high_methane.yaml"
    good = file.read_text(encoding="utf-8")
    file.write_text(good.replace("drilling_permits", "drilling_permit"), encoding="utf-8")
    (said,) = problems("scenario=high_methane")
    assert said.startswith("scenario high_methane:")
    assert "did you mean drilling_permits?" in said
    file.write_text(good.replace("extends: baseline", "extends: high_methane"), encoding="utf-8")
    (said,) = problems("scenario=high_methane")
    assert "circle" in said
    file.write_text(good.replace("levers:", "levers: ["), encoding="utf-8")
    (said,) = problems("scenario=high_methane")
    assert "broken YAML" in said


def test_a_lever_among_the_assumptions_of_a_file_is_refused(project: Path) -> None:
    file = project / "scenarios/high_methane.yaml"
    good = file.read_text(encoding="utf-8")
    file.write_text(good.replace("coal_price", "coal_cap"), encoding="utf-8")
    (said,) = problems("scenario=high_methane")
    assert "belongs under levers" in said


def test_a_misspelt_key_in_the_projects_own_configuration_is_refused(project: Path) -> None:
    file = project / "conf/run.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("\ndraws:", "\ndrawz:"), encoding="utf-8"
    )
    (said,) = problems()
    assert "drawz" in said


def test_memory_is_refused_by_what_a_draw_takes() -> None:
    refuse_memory(1000, 1000)
    with pytest.raises(Refused, match="ask for fewer"):
        refuse_memory(10**9, 10**9)
