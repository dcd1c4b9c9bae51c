"""Statements about coal."""

import numpy as np

from sim.analysis.reality import Bools, Floats, Statement, World
from sim.analysis.statements.forms import (
    accumulates,
    below_baseline,
    limited,
    never_rises,
    not_above,
    nothing,
    unmoved,
)
from sim.analysis.trials import EVERY_STEP
from sim.text import Text


def coal_capacity(w: World) -> Floats:
    """All coal capacity: running, being rebuilt, being built."""
    return (
        w["operating_coal_capacity"]
        + w["coal_capacity_in_upgrade"]
        + w["coal_capacity_under_construction"]
    )


def coal_capacity_flows(w: World) -> Floats:
    """Starts, the gain of upgrades, closures and wear."""
    gain = w["coal_upgrade_completions"] * (w["upgrade_capacity_gain"] - 1)
    wear = w["advanced_coal_capacity"] / w["advanced_mine_life"]
    return w["new_mine_starts"] + gain - wear - w["outdated_closures"]


def mines_at_the_cap_stay_there(w: World) -> Bools:
    """Where mines could raise far more than is permitted, a doubled price adds few tonnes."""
    year = w.times == 2028
    output, before = w["coal_output"][:, year], w.base["coal_output"][:, year]
    bound = w.base["feasible_coal_output"] > 1.3 * w.base["permitted_coal_output"]
    return not_above(output, np.where(bound[:, year], 1.05 * before, np.inf))


def idle_below_cost(w: World) -> Bools:
    """Where the perceived price is below half the cost, next to nothing is mined.

    A low path alone does not say so: shocks and the uncertain level may lift the price again.
    """
    most = 0.1 * w["operating_coal_capacity"]
    below = w["perceived_coal_price_ratio"] < 0.5
    return not_above(w["coal_output"], np.where(below, most, np.inf))


def capacity_takes_time(w: World) -> Bools:
    """A year after the price doubles, running capacity is within 5 % of the baseline."""
    year = w.times == 2028
    ratio = w["operating_coal_capacity"] / w.base["operating_coal_capacity"]
    return np.abs(ratio[:, year] - 1) < 0.05


STATEMENTS = (
    Statement(
        "cap_binds",
        Text("煤炭产量不超过核定允许和可行产量", "coal output is within permit and possibility"),
        limited("coal_output", "permitted_coal_output", "feasible_coal_output"),
    ),
    Statement(
        "reserves_only_fall",
        Text("煤炭储量不会增加", "coal reserves never rise"),
        never_rises("recoverable_coal_reserves"),
    ),
    Statement(
        "coal_leaves_reserves",
        Text("采出的煤等于储量的减少", "coal mined is what leaves the reserves"),
        accumulates(
            lambda w: w["recoverable_coal_reserves"],
            lambda w: -w["coal_output"] / w["coal_recovery_rate"],
        ),
        EVERY_STEP,
    ),
    Statement(
        "coal_capacity_conserved",
        Text("煤炭产能不会凭空增减", "coal capacity neither appears nor vanishes"),
        accumulates(coal_capacity, coal_capacity_flows),
        EVERY_STEP,
    ),
    Statement(
        "tight_cap_binds",
        Text("核定压到100万吨，产量随之受限", "output obeys a tight cap"),
        lambda w: not_above(
            w["coal_output"],
            w["coal_cap"] * (1 + w["overproduction_tolerance"]) * w["supply_mandate_factor"],
        ),
        "tight_cap",
    ),
    Statement(
        "no_capacity_no_output",
        Text("没有产能就没有产量", "no capacity, no output"),
        nothing("coal_output", most=0.01),
        "no_mines",
    ),
    Statement(
        "no_reserves_no_output",
        Text("储量采尽则产量趋零", "as reserves run out, output ends"),
        lambda w: not_above(w.at("coal_output", 2030), 0.1 * w.at("coal_output", 2015)),
        "no_coal_left",
    ),
    Statement(
        "no_investment_capacity_decays",
        Text("不新建不改造，先进产能只减不增", "nothing built, advanced capacity only falls"),
        never_rises("advanced_coal_capacity"),
        "no_new_mines",
    ),
    Statement(
        "cheap_coal_idles_mines",
        Text("煤价远低于成本时煤矿停产", "mines idle where coal is far below its cost"),
        idle_below_cost,
        "cheap_coal",
    ),
    Statement(
        "cheap_coal_starves_the_county",
        Text("煤价低则财政收入低", "cheap coal means less revenue"),
        below_baseline("own_revenue", 2023),
        "cheap_coal",
    ),
    Statement(
        "cheap_coal_drives_people_out",
        Text("煤价低则2035年人口不多于基准", "cheap coal means no more people in 2035"),
        below_baseline("population", 2035),
        "cheap_coal",
    ),
    Statement(
        "dear_coal_stays_within_permits",
        Text("煤价再高，产量不超核定与可行", "however dear, coal stays within its limits"),
        limited("coal_output", "permitted_coal_output", "feasible_coal_output"),
        "dear_coal",
    ),
    Statement(
        "price_moves_no_tonnes_at_once",
        Text("煤价翻倍，产量当即不变", "a doubled price moves no tonnes at once"),
        unmoved("coal_output", 2027),
        "price_doubles",
    ),
    Statement(
        "price_at_the_cap",
        Text("已到核定上限者，一年内产量几乎不变", "at the cap, tonnes hardly move within a year"),
        mines_at_the_cap_stay_there,
        "price_doubles",
    ),
    Statement(
        "capacity_takes_time",
        Text("煤价翻倍一年后产能几乎不变", "a year after the price doubles, capacity is the same"),
        capacity_takes_time,
        "price_doubles",
    ),
    Statement(
        "endless_reserves_cost_less",
        Text("储量极多则吨煤成本不高于基准", "with endless reserves coal costs no more"),
        below_baseline("coal_unit_cost", 2016),
        "endless_reserves",
    ),
    Statement(
        "all_upgraded_dips",
        Text("全部进入改造，产量先降", "all capacity in upgrade: output dips first"),
        lambda w: not_above(w.at("coal_output", 2028), w.base["coal_output"][:, w.times == 2028]),
        "all_upgraded",
    ),
)
