"""Ties between parameters: read, refused, and respected by every draw."""

import numpy as np
import pytest
from scipy import stats

from sim import data
from sim.commands.influence import prepare
from sim.config import compose, compose_for
from sim.config.sensitivity import SENSITIVITY
from sim.ensemble.dependence import clusters, followers, read_dependence, tied
from sim.ensemble.sampling import uniforms
from sim.ensemble.scenario import before_history
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
    tie()
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
    from sim.ensemble.blocks import Draws

    others = "abcdefghijklmno"
    ties = {"z": dict.fromkeys(others, 0.2)} | {name: {"z": 0.2} for name in others}
    whole = tied(uniforms(list(ties), 6000, 1, "lhs"), ties)
    for first, count in ((20, 9), (0, 2048), (4096, 1904), (777, 1)):
        some = tied(uniforms(list(ties), 6000, 1, "lhs", Draws(first, count)), ties)
        for name in ties:
            assert np.array_equal(whole[name][first : first + count], some[name]), name


CHAIN = {"a": {"b": 0.1}, "b": {"a": 0.1, "c": 0.2}, "c": {"b": 0.2}, "d": {}}


def test_names_are_tied_through_others_and_those_with_more_ties_come_later():
    assert clusters(CHAIN) == [("a", "c", "b")]
    assert followers(CHAIN) == ["b"]


def test_only_what_follows_is_drawn_anew():
    free = uniforms("abcd", 512, 1, "lhs")
    found = tied(free, CHAIN)
    for name in "acd":
        assert np.array_equal(found[name], free[name])
    assert np.abs(found["b"] - free["b"]).max() > 0.01
    assert stats.spearmanr(found["a"], found["c"]).statistic == pytest.approx(0, abs=0.15)


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
    assert {name: tie.rank_correlation for name, tie in found[one].tied.items()} == pytest.approx(
        {two: 0.9 * scale, three: -0.9 * scale}
    )


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


def test_an_index_of_what_follows_is_of_its_own_part():
    """y = x1 + x2 of normal numbers with correlation r, the second following: the first has
    (1+r)²/(2+2r) of the variance, the second (1-r²)/(2+2r) (Mara, Tarantola 2012)."""
    from scipy import special

    from sim.analysis.sensitivity.methods import METHODS
    from sim.analysis.sensitivity.study import Player, Study, answer
    from sim.text import Text

    rank = 0.6
    r = 2 * np.sin(np.pi * rank / 6)

    def tie(points):
        found = tied(dict(zip("ab", points.T, strict=True)), {"a": {"b": rank}, "b": {"a": rank}})
        return np.stack([found["a"], found["b"]], axis=1)

    players = tuple(
        Player(name, Text(name, name), "parameter", "", (column,))
        for column, name in enumerate("ab")
    )
    target = compose().targets[0]
    for method in ("sobol", "shapley"):
        study = Study(METHODS[method], 4096, 1, 2, players, tie=tie)
        found = answer(study, lambda u: special.ndtri(u).sum(axis=1, keepdims=True), [target])
        expected = [(1 + r) / 2, (1 - r) / 2]
        assert found.table[METHODS[method].main].values[0] == pytest.approx(expected, abs=0.03)


def test_what_is_tied_keeps_an_index_of_its_own_and_may_be_parted(tie):
    tie((*PAIR, 0.5))
    for method in ("sobol", "shapley", "morris", "rank_correlation", "pawn"):
        assert len(study(f"method={method}", "base=16").study.players) == 3
    assert len(study("groups={one: [well_success_rate, young_decline]}").study.players) == 2


def test_points_of_a_study_are_tied_and_the_answer_says_so(tie):
    from sim.commands.influence import execute
    from sim.report.influence import method_sentences

    tie((*PAIR, 0.9))
    for method, said in (("rank_correlation", "moves with it, too"), ("sobol", "is its own")):
        found = execute(study(f"method={method}", "base=400", "by_year=false"))
        points = found.design.rows(0, 400)
        assert stats.spearmanr(points[:, 0], points[:, 1]).statistic == pytest.approx(0.9, abs=0.05)
        (sentence,) = [one for one in method_sentences(found.table, "en") if said in one]
        assert "follow others (well success rate;" in sentence


def test_a_sweep_that_moves_one_of_a_pair_names_the_approximation(tie):
    import sim
    from sim.report.sweep import method_sentences

    words = {"targets": ["cbm_output"], "draws": 4}
    lone = {"parameters": {"well_success_rate": [0.6, 0.9]}}
    tie()
    assert not any("tied" in s for s in method_sentences(sim.sweep(**words, **lone), "en"))
    tie((*PAIR, 0.5))
    said = method_sentences(sim.sweep(**words, **lone), "en")
    assert "tied to others (conf/dependence.yaml), 1 in all" in said[1]
    assert said[1].endswith(": well success rate.")


def test_a_calibration_begins_without_what_history_tied(tmp_path):
    table = compose().table
    file = written(tmp_path, (*PAIR, 0.5), ("young_decline", PAIR[0], 0.2))
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("kind: assumed\n", "kind: estimated\n  calibration: a run\n", 1))
    found = before_history(read_dependence(file, table))
    assert found[PAIR[1]].tied == {}
    assert list(found[PAIR[0]].tied) == ["young_decline"]
