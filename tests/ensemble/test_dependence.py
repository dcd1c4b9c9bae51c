"""Ties between parameters: read, refused, and respected by every draw."""

import numpy as np
import pytest
from scipy import stats

from sim import data
from sim.commands.influence import prepare
from sim.config import compose, compose_for
from sim.config.sensitivity import SENSITIVITY
from sim.ensemble import dependence
from sim.ensemble.dependence import clusters, read_dependence, tied
from sim.ensemble.sampling import uniforms
from sim.text import Refused

ENTRY = """\
{name}:
  parameters: [{one}, {other}]
  rank_correlation: {value}
  kind: assumed
  source: test
  reason: {{zh: 试, en: test}}
"""
PAIR = ("well_success_rate", "initial_well_peak_rate")


def written(folder, *ties):
    file = folder / "dependence.yaml"
    entries = [
        ENTRY.format(name=f"tie_{i}", one=one, other=other, value=value)
        for i, (one, other, value) in enumerate(ties)
    ]
    file.write_text("".join(entries), encoding="utf-8")
    return file


@pytest.fixture
def tie(tmp_path, monkeypatch):
    """Gives the project ties of its own."""

    def give(*ties):
        file = written(tmp_path, *ties)
        monkeypatch.setattr(data, "dependence_file", lambda: file)
        return file

    return give


def draws(count=4000, **words):
    from sim.commands.result import study_of
    from sim.ensemble.inputs import draw_inputs

    settings = compose(against=None, **words)
    study = study_of(settings)
    return draw_inputs(study.model, study.table, settings.scenarios, study.clock, count, 1)


@pytest.mark.parametrize("value", [-0.6, 0.8])
def test_draws_have_the_rank_correlation_and_keep_their_distributions(tie, value):
    free = draws()
    tie((*PAIR, value))
    together = draws()
    found = stats.spearmanr(*(together[name] for name in PAIR)).statistic
    assert found == pytest.approx(value, abs=0.03)
    for name in free.data_vars:
        if name not in PAIR:
            assert free[name].identical(together[name]), name
    for name in PAIR:
        levels = (0.05, 0.5, 0.95)
        before, after = (np.quantile(inputs[name], levels) for inputs in (free, together))
        assert after == pytest.approx(before, rel=0.03)


def test_a_block_of_tied_draws_is_that_of_all_draws():
    ties = {"a": {"b": 0.7}, "b": {"a": 0.7}}
    whole = tied(uniforms(["a", "b", "c"], 64, 1, "lhs"), ties)
    from sim.ensemble.blocks import Draws

    some = tied(uniforms(["a", "b", "c"], 64, 1, "lhs", Draws(20, 9)), ties)
    for name in "abc":
        assert np.array_equal(whole[name][20:29], some[name])


def test_names_are_tied_through_others():
    ties = {"a": {"b": 0.1}, "b": {"a": 0.1, "c": 0.2}, "c": {"b": 0.2}, "d": {}}
    assert clusters(ties) == [("a", "b", "c")]


def test_correlations_that_cannot_be_together_are_refused_with_what_would_do(tmp_path):
    table = compose().table
    names = ["well_success_rate", "initial_well_peak_rate", "young_decline"]
    one, two, three = names
    impossible = [(one, two, 0.9), (two, three, 0.9), (one, three, -0.9)]
    with pytest.raises(Refused, match="cannot hold together") as refused:
        read_dependence(written(tmp_path, *impossible), table)
    scale = float(refused.value.problems[0].en.split("times ")[1].split()[0])
    possible = [(a, b, value * scale) for a, b, value in impossible]
    found = read_dependence(written(tmp_path, *possible), table)
    assert found[one].tied == pytest.approx({two: 0.9 * scale, three: -0.9 * scale})


def test_all_that_is_wrong_is_said_at_once(tmp_path):
    ties = [
        ("well_sucess_rate", "young_decline", 0.1),
        ("coal_cap", "young_decline", 0.1),
        ("well_success_rate", "young_decline", 1.5),
        ("young_decline", "well_success_rate", 0.1),
        ("young_decline", "young_decline", 0.1),
    ]
    with pytest.raises(Refused) as refused:
        read_dependence(written(tmp_path, *ties), compose().table)
    said = "\n".join(problem.en for problem in refused.value.problems)
    for part in (
        "did you mean well_success_rate",
        "coal_cap has no distribution",
        "between -1 and 1",
        "tied already",
        "two different parameters",
    ):
        assert part in said, part


WORDS = ["uncertain=well_success_rate,initial_well_peak_rate,young_decline", "targets=cbm_output"]


def study(*words):
    return prepare(compose_for(SENSITIVITY, *WORDS, *words))


def test_what_is_tied_is_one_factor_where_the_method_wants_independent_ones(tie):
    tie((*PAIR, 0.5))
    for method in ("sobol", "shapley", "morris"):
        players = study(f"method={method}", "base=8").study.players
        assert [len(player.columns) for player in players] == [2, 1]
    for method in ("rank_correlation", "pawn"):
        assert len(study(f"method={method}", "base=16").study.players) == 3


def test_groups_that_part_what_is_tied_are_refused(tie):
    tie((*PAIR, 0.5))
    with pytest.raises(Refused, match="are tied"):
        study("groups={one: [well_success_rate, young_decline]}")
    assert (
        len(study("groups={one: [well_success_rate, initial_well_peak_rate]}").study.players) == 2
    )


def test_points_of_a_study_are_tied_and_the_answer_says_so(tie):
    from sim.commands.influence import execute
    from sim.report.influence import method_sentences

    tie((*PAIR, 0.9))
    found = execute(study("method=rank_correlation", "base=400", "by_year=false"))
    points = found.design.rows(0, 400)
    assert stats.spearmanr(points[:, 0], points[:, 1]).statistic == pytest.approx(0.9, abs=0.05)
    assert any("are tied" in said for said in method_sentences(found.table, "en"))


def test_a_sweep_that_moves_one_of_a_pair_names_the_approximation(tie):
    import sim
    from sim.report.sweep import method_sentences

    words = {"targets": ["cbm_output"], "draws": 4}
    lone = {"parameters": {"well_success_rate": [0.6, 0.9]}}
    assert not any("tied" in s for s in method_sentences(sim.sweep(**words, **lone), "en"))
    tie((*PAIR, 0.5))
    said = method_sentences(sim.sweep(**words, **lone), "en")
    assert "An approximation: well_success_rate is tied to other parameters" in said[1]


def test_the_project_s_own_file_is_read():
    assert data.dependence_file().is_file()
    assert dependence.read_dependence(data.dependence_file(), compose().table)
