"""How surely every target is met in every scenario: writes docs/evidence/odds.md.

    python model/odds.py

All scenarios share the draws. A target that is all but certain (below 0.5 % or above 99.5 %) in
every scenario is explained in model/README.md, under a heading of its own; tests/model/test_odds.py
holds table and explanation together.
"""

from collections.abc import Iterator
from pathlib import Path

from sim import data
from sim.commands.result import execute
from sim.config import compose

DRAWS, SEED = 500, 5
PAGE = Path(__file__).parents[1] / "docs" / "evidence" / "odds.md"
Odds = dict[str, dict[str, float]]
"""Probability in per cent, by scenario and target."""


def main() -> None:
    """The table, one row a target, one column a scenario."""
    odds: Odds = {}
    for name in sorted(data.list_scenarios(data.scenario_folders()[-1:])):
        odds[name] = of_scenario(name)
        print(name, flush=True)
    PAGE.write_text("\n".join(page(odds)) + "\n", encoding="utf-8", newline="\n")


def of_scenario(name: str) -> dict[str, float]:
    """The probability of every target in one scenario, in per cent."""
    found = execute(compose(scenario=name, against=None, draws=DRAWS, seed=SEED)).attainment
    chances = found["probability"].isel(scenario=0).values
    return {str(t): 100 * float(p) for t, p in zip(found["target"].values, chances, strict=True)}


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


if __name__ == "__main__":
    main()
