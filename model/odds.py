"""How surely every target is met in every scenario: writes docs/evidence/odds.md.

    python model/odds.py

All scenarios share the draws. A target that is all but certain (below 0.5 % or above 99.5 %) in
every scenario is explained in model/README.md, under a heading of its own; tests/model/test_odds.py
holds table and explanation together. A second table says where the baseline's default draws, which
have the strongest ties of history alone (conf/dependence.yaml), give other odds than draws that
have them all (draws=calibrated).
"""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import sim
from sim import data
from sim.commands.result import execute
from sim.config import RunSettings, compose
from sim.ensemble import store

DRAWS, SEED = 500, 5
TIED = 16_000
"""Draws of the second table: with fewer it would name targets that differ by chance."""
APART = 3.0
"""Points of per cent from which on the second table names a target."""
PAGE = Path(__file__).parents[1] / "docs" / "evidence" / "odds.md"
Odds = dict[str, dict[str, float]]
"""Probability in per cent, by scenario and target."""


def main() -> None:
    """The tables; the first has one row a target, one column a scenario."""
    odds: Odds = {}
    for name in sorted(data.list_scenarios(data.scenario_folders()[-1:])):
        odds[name] = of_scenario(name)
        print(name, flush=True)
    lines = [*page(odds), *comparison(by_ties())]
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def of_scenario(name: str, draws: int | str = DRAWS) -> dict[str, float]:
    """The probability of every target in one scenario, in per cent."""
    return chances(compose(scenario=name, against=None, draws=draws, seed=SEED))


def chances(settings: RunSettings) -> dict[str, float]:
    """The probability of every target of a run's first scenario, in per cent."""
    found = execute(settings).attainment
    odds = found["probability"].isel(scenario=0).values
    return {str(t): 100 * float(p) for t, p in zip(found["target"].values, odds, strict=True)}


def page(odds: Odds) -> Iterator[str]:
    """The lines of the page."""
    numbers = range(1, len(odds) + 1)
    yield "<!-- 由 model/odds.py 生成，请勿手改 · written by model/odds.py; do not edit -->"
    yield "# 各情景的达标概率 · Probability of every target in every scenario"
    yield ""
    yield f"%，{DRAWS} 次抽样，种子 {SEED} · per cent, {DRAWS} draws, seed {SEED}. 情景 scenarios:"
    yield ", ".join(f"{n} `{name}`" for n, name in zip(numbers, odds, strict=True))
    yield ""
    yield "| 目标 target | " + " | ".join(map(str, numbers)) + " |"
    yield "| :-- |" + " --: |" * len(odds)
    for target in next(iter(odds.values())):
        yield f"| `{target}` | " + " | ".join(f"{own[target]:.1f}" for own in odds.values()) + " |"


def by_ties() -> Odds:
    """The baseline's probabilities from draws of each parameter by itself, from the default draws
    and from calibrated ones."""
    words = {"scenario": "baseline", "against": None, "seed": SEED, "store": "summary"}
    default = compose(draws=TIED, **words)
    alone = {name: replace(one, tied={}) for name, one in default.table.items()}
    with tempfile.TemporaryDirectory() as folder:
        sim.calibrate(members=TIED, output=folder)
        (calibrated,) = store.results(Path(folder), ["calibrate"])
        return {
            "各自独立 each by itself": chances(replace(default, table=alone)),
            "默认 default": chances(default),
            "draws=calibrated": chances(compose(draws=str(calibrated), **words)),
        }


def comparison(odds: Odds) -> Iterator[str]:
    """The lines of the second table."""
    *others, tied = odds.values()
    yield ""
    yield "## 历史把参数连在一起 · What history ties together"
    yield ""
    yield (
        f"规划基准，各 {TIED} 次抽样，%：独立抽取或默认抽样与 `sim run draws=calibrated` 相差 "
        f"{APART:g} 个百分点以上的目标。历史限定的是参数的组合：默认抽样知道其中最强的"
        "（conf/dependence.yaml），calibrated 知道全部，各参数独立抽取则都不知道。"
    )
    yield (
        f"Baseline, {TIED} draws each, per cent: targets whose odds from draws of each parameter "
        f"by itself, or from the default draws, are {APART:g} points or more from those of "
        "`sim run draws=calibrated`. History pins down combinations of parameters: the default "
        "draws know the strongest (conf/dependence.yaml), calibrated ones all of them, draws of "
        "each by itself none."
    )
    yield ""
    yield "| 目标 target | " + " | ".join(odds) + " |"
    yield "| :-- |" + " --: |" * len(odds)
    for target, chance in tied.items():
        if max(abs(other[target] - chance) for other in others) >= APART:
            cells = " | ".join(f"{own[target]:.1f}" for own in odds.values())
            yield f"| {target} | {cells} |"


if __name__ == "__main__":
    main()
