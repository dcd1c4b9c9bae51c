"""`sim check loops`: the named feedback loops against the model's equations."""

from sim import data
from sim.analysis.loops import judge_loops, stocks_without_loop
from sim.analysis.signs import link_signs, sample
from sim.commands.check import County, Finding
from sim.ensemble.loops import read_loops
from sim.text import Text

DRAWS = 200
"""Worlds in which signs are looked at; more would not change a share of 95 % by much."""
YEARS = (2016, 2019, 2022, 2025, 2028, 2033)


def loops_finding(county: County) -> Finding:
    """Every named loop is closed in the equations and has its polarity; no stock in feedback
    goes unnamed."""
    loops = read_loops(data.loops_file())
    draws = min(county.draws, DRAWS)
    worlds = sample(county.model, county.table, county.baseline, draws, county.seed, YEARS)
    signs = link_signs(county.model, worlds)
    judged = judge_loops(county.model, loops.named.values(), signs)
    problems = [problem for one in judged for problem in one.problems]
    problems += [
        Text(
            f"存量 {name} 在反馈之中，却不在任何已命名的回路里；请写进 conf/loops.yaml",
            f"the stock {name} is part of feedback but of no named loop; name one in "
            "conf/loops.yaml",
        )
        for name in stocks_without_loop(county.model, list(loops.named.values()))
    ]
    balancing = sum(one.loop.polarity < 0 for one in judged)
    count, open_rows = len(judged), len(loops.left_out)
    return Finding(
        Text(
            f"{count} 条回路：平衡 {balancing}，增强 {count - balancing}；{len(signs)} 条有符号的"
            f"联系；未闭合 {open_rows} 条，附理由",
            f"{count} loops: {balancing} balancing, {count - balancing} reinforcing; {len(signs)} "
            f"signed links; {open_rows} left open, with the reason",
        ),
        tuple(problems),
    )
