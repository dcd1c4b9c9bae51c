"""Reality checks on a toy: who breaks a statement, in what share of worlds, and nearest to home."""

from pathlib import Path

import numpy as np
import pytest

from sim.analysis import reality
from sim.analysis.reality import BASELINE, Statement, Trial, Verdict, World, judge
from sim.analysis.statements import STATEMENTS
from sim.analysis.statements.forms import accumulates, close, never_rises, sums
from sim.analysis.trials import TRIALS, level_from, scaled_after
from sim.data import data_folder, sector_folder
from sim.engine.vensim import read_mdl
from sim.ensemble.scenario import Parameter, Scenario, out_of_bounds, read_parameters
from sim.text import Text

MODEL = """\
{UTF-8}
decay = 0.1 ~ 1/Year ~ |
cap = 5 ~ 万吨/Year ~ |
ore = INTEG(-output, 100) ~ 万吨 ~ |
output = MIN(ore*decay, cap) ~ 万吨/Year ~ |
INITIAL TIME = 2015 ~ Year ~ |
FINAL TIME = 2020 ~ Year ~ |
TIME STEP = 0.5 ~ Year ~ |
SAVEPER = 1 ~ Year ~ |
"""
NOTHING = Text("", "")


def parameter(name: str, value: float, **more: object) -> Parameter:
    words = {"unit": "", "kind": "assumed", "source": "", "reason": "", "role": "parameter"}
    return Parameter(name=name, sector="toy", value=value, **{**words, **more})  # type: ignore[arg-type]


TABLE = {
    "decay": parameter("decay", 0.1, distribution={"kind": "uniform", "low": 0.0, "high": 0.2}),
    "cap": parameter("cap", 5.0, role="lever", bounds=(0, 100)),
}
STEPS = Trial("every_step", NOTHING, every_step=True)


def verdict_on(tmp_path: Path, statement: Statement, *trials: Trial, draws: int = 400) -> Verdict:
    file = tmp_path / "toy.mdl"
    file.write_text(MODEL, encoding="utf-8")
    home = Scenario("baseline", NOTHING, NOTHING)
    everything = (Trial(BASELINE, NOTHING), STEPS, *trials)
    (verdict,) = judge(read_mdl(file), TABLE, home, everything, [statement], draws)
    return verdict


def test_what_holds_in_all_worlds_is_not_broken(tmp_path: Path) -> None:
    found = verdict_on(tmp_path, Statement("falls", NOTHING, never_rises("ore")))
    assert found.holds
    assert found.broken == 0
    assert found.draws == 400


def test_the_counter_example_is_the_broken_world_nearest_to_the_medians(tmp_path: Path) -> None:
    """Broken where decay is above 0.15: a quarter of the worlds, the nearest just above it."""
    slow = Statement("slow", NOTHING, lambda w: w["decay"][:, 0] <= 0.15)
    found = verdict_on(tmp_path, slow)
    assert found.broken == 100
    assert 0.15 < found.example["decay"] < 0.151  # type: ignore[operator]
    assert found.departure == pytest.approx(0.674, abs=0.02)  # the upper quartile of a normal
    assert found.year is None


def test_the_year_is_the_first_in_which_a_statement_fails(tmp_path: Path) -> None:
    def early(w: World) -> np.ndarray:
        return np.broadcast_to(w.times < 2018, w["ore"].shape)

    assert verdict_on(tmp_path, Statement("early", NOTHING, early)).year == 2018


def test_a_trial_is_run_beside_the_baseline_with_the_same_draws(tmp_path: Path) -> None:
    trial = Trial("tight", NOTHING, lambda table: {"cap": 1.0})
    more = Statement("more", NOTHING, lambda w: w["ore"] >= w.base["ore"], "tight")
    assert verdict_on(tmp_path, more, trial).holds
    same = Statement("same", NOTHING, lambda w: close(w["output"], w.base["output"]), "tight")
    found = verdict_on(tmp_path, same, trial)
    assert not found.holds
    assert found.example["cap"] == 1.0


def test_conservation_is_held_at_every_step(tmp_path: Path) -> None:
    right = accumulates(lambda w: w["ore"], lambda w: -w["output"])
    wrong = accumulates(lambda w: w["ore"], lambda w: -1.001 * w["output"])
    assert verdict_on(tmp_path, Statement("right", NOTHING, right, "every_step")).holds
    assert verdict_on(tmp_path, Statement("wrong", NOTHING, wrong, "every_step")).broken > 390


def test_a_variable_that_is_not_there_is_said(tmp_path: Path) -> None:
    found = verdict_on(tmp_path, Statement("odd", NOTHING, sums("ore", "outptu")))
    assert not found.holds
    assert found.problem == Text(
        "没有 outptu，是否想写：output？", "there is no outptu; did you mean output?"
    )


@pytest.mark.parametrize(
    ("levels", "said"),
    [({"capp": 1.0}, "did you mean cap"), ({"cap": 1e6}, "outside its physical")],
)
def test_a_trial_that_the_table_does_not_allow_is_said(
    tmp_path: Path, levels: dict[str, float], said: str
) -> None:
    trial = Trial("bad", NOTHING, lambda table: dict(levels))
    found = verdict_on(tmp_path, Statement("any", NOTHING, never_rises("ore"), "bad"), trial)
    assert not found.holds
    assert found.problem is not None
    assert said in found.problem.en


def test_what_is_not_a_number_breaks_every_form(tmp_path: Path) -> None:
    nan = np.full((2, 3), np.nan)
    world = World({"x": nan, "y": nan}, {}, np.arange(3.0))
    for holds in (never_rises("x", since=0), sums("x", "y")):
        assert not holds(world).any()


def test_the_size_of_chunks_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Statement("slow", NOTHING, lambda w: w["output"] <= 4.9)
    whole = verdict_on(tmp_path, slow)
    monkeypatch.setattr(reality, "CHUNK", 70)
    parts = verdict_on(tmp_path, slow)
    assert (whole.broken, whole.draw, whole.year) == (parts.broken, parts.draw, parts.year)


def test_paths_are_bent_where_they_should_be() -> None:
    table = {"price": parameter("price", {2015.0: 10.0, 2025.0: 20.0, 2035.0: 20.0})}  # type: ignore[arg-type]
    doubled = scaled_after(2027, 2, "price")(table)["price"]
    assert isinstance(doubled, dict)
    at = [float(np.interp(y, list(doubled), list(doubled.values()))) for y in (2020, 2026.9, 2027)]
    assert at == pytest.approx([15, 20, 40])
    low = level_from(2022, 1, "price")(table)["price"]
    assert isinstance(low, dict)
    assert float(np.interp(2021, list(low), list(low.values()))) == pytest.approx(16, abs=0.01)
    assert float(np.interp(2030, list(low), list(low.values()))) == 1


def test_the_county_s_trials_and_statements_fit_together() -> None:
    """Names are unique and known; each trial is a world that the parameter table allows."""
    table = read_parameters(sector_folder())
    names = [statement.name for statement in STATEMENTS]
    trials = {trial.name for trial in TRIALS}
    assert len(names) == len(set(names)) >= 30
    assert len(trials) == len(TRIALS)
    assert {statement.trial for statement in STATEMENTS} == trials
    assert (data_folder() / "model").is_dir()
    for trial in TRIALS:
        for name, level in trial.levels(table).items():
            assert out_of_bounds(table[name], level) == [], (trial.name, name)
    for text in [s.title for s in STATEMENTS] + [t.title for t in TRIALS]:
        assert text.en.isascii()
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text.zh)
