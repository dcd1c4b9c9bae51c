"""Statements about coal-bed methane."""

from sim.analysis.reality import Statement
from sim.analysis.statements.forms import (
    EXACT,
    above_baseline,
    accumulates,
    below_baseline,
    close,
    falls_between,
    limited,
    never_rises,
    nothing,
    sums,
)
from sim.analysis.trials import EVERY_STEP
from sim.text import Text

STATEMENTS = (
    Statement(
        "gas_used_or_vented",
        Text("井采气不是利用就是放空", "gas of wells is used or vented"),
        sums("well_methane_output", "methane_used", "methane_vented"),
    ),
    Statement(
        "gas_within_pipelines",
        Text("利用量不超过可供气和外输能力", "gas used is within supply and takeaway"),
        limited("methane_used", "deliverable_methane", "takeaway_volume"),
    ),
    Statement(
        "sites_only_fall",
        Text("未钻井位不会增加", "undrilled sites never rise"),
        never_rises("undrilled_methane_sites"),
    ),
    Statement(
        "drilling_within_limits",
        Text("钻井不超过资金和许可", "drilling is within money and permits"),
        limited("wells_drilled", "wells_affordable", "wells_permitted", "accessible_sites"),
    ),
    Statement(
        "wells_conserved",
        Text("钻成的井进入累计井数", "wells drilled are all counted"),
        accumulates(lambda w: w["cumulative_methane_wells"], lambda w: w["wells_drilled"]),
        EVERY_STEP,
    ),
    Statement(
        "sites_conserved",
        Text("井位减少等于钻井与压覆", "sites go to wells and to coal alone"),
        accumulates(
            lambda w: w["undrilled_methane_sites"],
            lambda w: (
                -w["wells_drilled"]
                - w["undrilled_methane_sites"]
                / w["initial_methane_sites"]
                * w["sites_lost_per_coal_output"]
                * w["coal_output"]
            ),
        ),
        EVERY_STEP,
    ),
    Statement(
        "no_plan_less_gas",
        Text("没有规划则煤层气少", "without the plan there is less gas"),
        below_baseline("methane_used", 2020),
        "no_plan",
    ),
    Statement(
        "no_permit_no_well",
        Text("不批井就不打井", "no permit, no well"),
        nothing("wells_drilled", most=1e-6),
        "no_permits",
    ),
    Statement(
        "wells_decline",
        Text("不打新井，产能逐年下降", "without new wells capacity falls every year"),
        never_rises("methane_potential", since=2021),
        "no_permits",
    ),
    Statement(
        "no_success_no_gas",
        Text("井不成功，产能只降不升", "where no well succeeds, capacity only falls"),
        never_rises("methane_potential"),
        "no_success",
    ),
    Statement(
        "success_pays",
        Text("井全部成功，利用量不低于基准", "if every well succeeds, gas used is no less"),
        above_baseline("methane_used", 2015),
        "all_succeed",
    ),
    Statement(
        "pipelines_limit_gas",
        Text("不建管网，利用量不超过外输能力", "without new pipelines gas stays within the old"),
        limited("methane_used", "takeaway_volume"),
        "no_pipelines",
    ),
    Statement(
        "pipelines_decay",
        Text("不建管网，外输能力逐年下降", "without building, takeaway falls every year"),
        never_rises("methane_takeaway_capacity"),
        "no_pipelines",
    ),
    Statement(
        "definitions_add_up",
        Text(
            "煤层气统计量等于地面井加计入的井下瓦斯",
            "counted gas is that of wells plus the counted part of mines",
        ),
        lambda w: close(
            w["cbm_output"],
            w["well_methane_output"] + w["mine_gas_scope_weight"] * w["mine_gas_drained"],
        ),
    ),
    Statement(
        "wells_decline_fast",
        Text(
            "不打井则五年后产能剩不到九成", "without wells less than 90 % is left after five years"
        ),
        falls_between("methane_potential", 2022, 2027, 0.9),
        "no_permits",
    ),
    Statement(
        "barren_wells_cost_money",
        Text("井不产气，钱照样花", "barren wells cost money all the same"),
        lambda w: (
            (w["methane_potential"] <= w["methane_potential"][:, :1] + EXACT)
            & (w["methane_investment"] > 0)
        ),
        "barren",
    ),
)
