"""Which parameters history ties together, and what default draws gain by knowing it.

    python benchmarks/ties.py

The posterior is that of `sim calibrate` for four seeds, every draw of theirs by its weight. Odds
are the baseline's. Writes benchmarks/ties.md; some three minutes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
from scipy import special

from sim.analysis.calibration import Likelihood
from sim.analysis.importance import PROPOSED, Weighted, importance_sample, linear_start
from sim.commands.learning import prepare
from sim.commands.result import execute
from sim.config import RunSettings, compose, compose_for
from sim.config.calibration import CALIBRATE
from sim.ensemble.dependence import clusters, followers, ties_of
from sim.ensemble.posterior import Posterior
from sim.ensemble.sampling import generator
from sim.ensemble.scenario import Tie
from sim.text import Text

PAGE = Path(__file__).with_suffix(".md")
SEEDS = (1, 2, 3, 4)
DRAWS = 16_000
LEVELS = (0.1, 0.2, 0.3)
APART = 3.0
"""Points of per cent from which on the table of odds names a target."""
DEFAULT, CALIBRATED = "conf/dependence.yaml, the default", "the posterior (draws=calibrated)"
Floats = np.ndarray
Ties = dict[str, dict[str, float]]


def main() -> None:
    """The posterior, the odds by what draws know of it, and the page."""
    names, found = posterior()
    each = [rank_correlations(one) for one in found]
    positions = np.concatenate([one.positions for one in found], axis=1)
    weights = np.concatenate([one.weights for one in found]) / len(found)
    together = Weighted(positions, weights)
    correlation = rank_correlations(together)
    default = compose(scenario="baseline", against=None, draws=DRAWS, seed=5, store="summary")
    estimated = {name for name in names if default.table[name].prior is not None}
    error = float(np.std(each, axis=0, ddof=1)[np.triu_indices(len(names), 1)].mean())
    lines = [
        *head(error),
        *counts(names, correlation, estimated),
        *odds(names, correlation, together.equal(1, DRAWS), default),
    ]
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    print("\n".join(lines))


def posterior() -> tuple[list[str], list[Weighted]]:
    """The names of the parameters, and the weighted draws of each seed."""
    of = prepare(compose_for(CALIBRATE, scenario="baseline"))
    factors, members = of.witness.factors, PROPOSED * of.settings.members
    likelihood, found = Likelihood(of.witness, of.evidence), []
    for seed in SEEDS:
        start = linear_start(likelihood.shown, of.evidence, len(factors), seed)
        found.append(importance_sample(start, likelihood, members, seed))
    return [factor.name for factor in factors], found


def rank_correlations(drawn: Weighted) -> Floats:
    """Spearman's, of every parameter with every other."""
    order = np.argsort(drawn.positions, axis=1)
    own = drawn.weights[order]
    ranks = np.empty_like(drawn.positions)
    np.put_along_axis(ranks, order, np.cumsum(own, axis=1) - own / 2, axis=1)
    covariance = np.cov(ranks, aweights=drawn.weights)
    spread = np.sqrt(np.diag(covariance))
    return covariance / np.outer(spread, spread)


def head(error: float) -> Iterator[str]:
    """What was done."""
    yield "# Which parameters history ties together"
    yield ""
    yield (
        f"`python benchmarks/ties.py`: `sim calibrate` for {len(SEEDS)} seeds, rank correlations "
        "of the posterior. Between seeds they differ by a standard deviation of "
        f"{error:.3f}; pooled, half that."
    )


def counts(names: list[str], correlation: Floats, estimated: set[str]) -> Iterator[str]:
    """How many pairs are tied how strongly, and the strongest."""
    pairs = list(combinations(range(len(names)), 2))
    yield ""
    yield "| rank correlation of at least | " + " | ".join(f"{level:g}" for level in LEVELS) + " |"
    yield "| :-- |" + " --: |" * len(LEVELS)
    for row, word in enumerate(("neither is estimated", "one is estimated", "both are estimated")):
        own = [abs(correlation[p]) for p in pairs if len(estimated & {names[i] for i in p}) == row]
        cells = (str(sum(value >= level for value in own)) for level in LEVELS)
        yield f"| pairs of which {word} | " + " | ".join(cells) + " |"
    strongest = sorted(pairs, key=lambda pair: -abs(correlation[pair]))[:20]
    yield ""
    yield "The strongest: " + "; ".join(
        f"{names[i]}, {names[j]} {correlation[i, j]:+.2f}" for i, j in strongest
    )


def odds(
    names: list[str], correlation: Floats, posterior: Floats, default: RunSettings
) -> Iterator[str]:
    """The baseline's odds by what draws know of the ties."""
    found = {word: chances(run) for word, run in runs(names, correlation, posterior, default)}
    sizes = {
        f"all ties of {level:g} or more": among(names, correlation, level) for level in LEVELS
    } | {DEFAULT: ties_of(default.table, default.table)}
    calibrated = found[CALIBRATED]
    shown = [
        target
        for target, chance in calibrated.items()
        if any(abs(own[target] - chance) >= APART for own in found.values())
    ]
    yield ""
    yield "## What draws know, and the odds"
    yield ""
    yield (
        f"Baseline, {DRAWS:,} draws, per cent; targets of which some row is {APART:g} points or "
        "more from the last. Off: mean distance from the last row, over all targets. Followers: "
        "parameters that are drawn after others."
    )
    yield ""
    yield "| draws | ties | largest cluster | followers | " + " | ".join(shown) + " | off |"
    yield "| :-- | --: | --: | --: |" + " --: |" * (len(shown) + 1)
    for word, chance in found.items():
        off = np.mean([abs(chance[target] - calibrated[target]) for target in calibrated])
        cells = " | ".join(f"{chance[target]:.1f}" for target in shown)
        yield f"| {word} | {size(sizes.get(word, {}))} | {cells} | {off:.2f} |"


def runs(
    names: list[str], correlation: Floats, posterior: Floats, default: RunSettings
) -> Iterator[tuple[str, RunSettings]]:
    """The runs beside each other, with what they are called; the last knows all."""
    before, normal = default.before_history(), special.ndtr(posterior)
    apart = generator(1, "apart").permuted(normal, axis=1)
    yield "each by itself, the table's distributions", with_ties(default, {})
    yield "each by itself, the posterior's distributions", at_places(before, names, apart)
    for level in LEVELS[::-1]:
        some = among(names, correlation, level)
        yield f"all ties of {level:g} or more", with_ties(default, some)
    yield DEFAULT, default
    root = np.linalg.cholesky(2 * np.sin(np.pi * correlation / 6))
    copula = special.ndtr(root @ generator(1, "copula").standard_normal(posterior.shape))
    yield "all correlations, as a Gaussian copula", at_places(default, names, copula)
    ranks = (np.argsort(np.argsort(posterior, axis=1), axis=1) + 0.5) / DRAWS
    yield "the posterior's ranks, the table's distributions", at_places(default, names, ranks)
    yield CALIBRATED, at_places(before, names, normal)


def size(ties: Ties) -> str:
    """How many ties, the largest cluster, and how many follow; dashes where there are none."""
    if not ties:
        return "— | — | —"
    number = sum(map(len, ties.values())) // 2
    return f"{number} | {max(map(len, clusters(ties)))} | {len(followers(ties))}"


def among(names: list[str], correlation: Floats, least: float) -> Ties:
    """The ties of all pairs with so large a correlation, to two decimals."""
    found: Ties = {}
    for i, j in combinations(range(len(names)), 2):
        if abs(correlation[i, j]) >= least:
            value = round(float(correlation[i, j]), 2)
            found.setdefault(names[i], {})[names[j]] = value
            found.setdefault(names[j], {})[names[i]] = value
    return found


def with_ties(settings: RunSettings, ties: Mapping[str, Mapping[str, float]]) -> RunSettings:
    """The same run with these ties alone."""
    no_reason = Text("", "")
    table = {
        name: replace(
            one, tied={other: Tie(value, no_reason) for other, value in ties.get(name, {}).items()}
        )
        for name, one in settings.table.items()
    }
    return replace(settings, table=table)


def at_places(settings: RunSettings, names: list[str], points: Floats) -> RunSettings:
    """The same run with draws at these places of the unit cube, (parameters, draws)."""
    places = dict(zip(names, points, strict=True))
    return replace(
        settings, posterior=Posterior(places, {}, PAGE, points.shape[1], True, frozenset())
    )


def chances(settings: RunSettings) -> dict[str, float]:
    """The probability of every target, in per cent."""
    found = execute(settings).attainment["probability"].isel(scenario=0)
    return dict(zip(map(str, found["target"].values), 100 * found.values, strict=True))


if __name__ == "__main__":
    main()
