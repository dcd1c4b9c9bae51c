"""How surely every target is met in every scenario: writes docs/evidence/odds.md.

    python model/odds.py

All scenarios share the draws. A target that is all but certain (below 0.5 % or above 99.5 %) in
every scenario is explained in model/README.md, under a heading of its own; tests/model/test_odds.py
holds table and explanation together. A second table says where the baseline's default draws, each
parameter by itself, give other odds than draws that history ties together (draws=calibrated).
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import sim
from sim import data
from sim.commands.result import execute
from sim.config import compose
from sim.ensemble import store

DRAWS, SEED = 500, 5
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
    lines = [*page(odds), *comparison(*with_and_without_history())]
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def of_scenario(name: str, draws: int | str = DRAWS) -> dict[str, float]:
    """The probability of every target in one scenario, in per cent."""
    found = execute(compose(scenario=name, against=None, draws=draws, seed=SEED)).attainment
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


def with_and_without_history() -> tuple[dict[str, float], dict[str, float], int]:
    """The baseline's probabilities from draws of each parameter by itself, from as many that
    history has tied together, and how many those are."""
    with tempfile.TemporaryDirectory() as folder:
        count = sim.calibrate(output=folder).positions.shape[1]
        (calibrated,) = store.results(Path(folder), ["calibrate"])
        return of_scenario("baseline", count), of_scenario("baseline", str(calibrated)), count


def comparison(alone: dict[str, float], tied: dict[str, float], count: int) -> Iterator[str]:
    """The lines of the second table."""
    yield ""
    yield "## 各参数独立抽取与按历史联合抽取 · Each parameter by itself, and tied by history"
    yield ""
    yield (
        f"规划基准，各 {count} 次抽样，%：默认抽样与 `sim run draws=calibrated` 相差 {APART:g} 个"
        "百分点以上的目标。历史限定的是参数的组合，独立抽取不知道这些组合。"
    )
    yield (
        f"Baseline, {count} draws each, per cent: targets whose odds from the default draws and "
        f"from `sim run draws=calibrated` are {APART:g} points apart or more. History pins down "
        "combinations of parameters; draws of each by itself do not know them."
    )
    yield ""
    yield "| 目标 target | 独立 each by itself | 联合 tied | 差 apart |"
    yield "| :-- | --: | --: | --: |"
    for target, chance in alone.items():
        if abs(chance - tied[target]) >= APART:
            yield f"| {target} | {chance:.1f} | {tied[target]:.1f} | {chance - tied[target]:+.1f} |"


if __name__ == "__main__":
    main()
