"""Statements about land, energy and the environment."""

from sim.analysis.reality import Floats, Statement, World
from sim.analysis.statements.forms import (
    above_baseline,
    accumulates,
    below_baseline,
    between,
    every,
    limited,
    never_rises,
    not_above,
    nothing,
    sums,
)
from sim.analysis.trials import EVERY_STEP
from sim.text import Text


def broken_land(w: World) -> Floats:
    """Land damaged or reclaimed: all that mines and wells have touched and nature not healed."""
    return w["damaged_land"] + w["reclaimed_land"]


STATEMENTS = (
    Statement(
        "energy_adds_up",
        Text("各用户能耗之和为总量", "the users of energy add up"),
        sums(
            "energy_consumption",
            *("production_energy", "service_energy", "heating_energy", "appliance_energy"),
            *("coal_used_by_materials", "gas_used_by_chemistry"),
        ),
    ),
    Statement(
        "coal_within_energy",
        Text("用煤不超过能源消费", "coal lies within energy use"),
        limited("coal_consumption", "energy_consumption"),
    ),
    Statement(
        "energy_shares_are_shares",
        Text("能源占比在0到1之间", "shares of energy lie between 0 and 1"),
        between(
            0,
            1,
            "coal_energy_share",
            "coal_share_of_production",
            "coal_choice",
            "clean_heating_share",
        ),
    ),
    Statement(
        "reclamation_within_limits",
        Text("复垦不超过资金和稳沉土地", "reclamation is within money and settled land"),
        lambda w: every(
            [
                not_above(w["land_reclaimed"], w["reclamation_affordable"]),
                not_above(w["land_reclaimed"], w["damaged_land"] / w["settling_time_of_land"]),
            ]
        ),
    ),
    Statement(
        "touched_land_conserved",
        Text(
            "损毁与复垦土地只因采动增、因自然恢复减",
            "touched land grows by mining and heals by nature alone",
        ),
        accumulates(
            broken_land,
            lambda w: w["land_damaged"] - w["damaged_land"] / w["natural_recovery_time_of_land"],
        ),
        EVERY_STEP,
    ),
    Statement(
        "no_mines_less_damage",
        Text("没有煤矿则土地损毁少", "without mines less land is damaged"),
        below_baseline("land_damaged", 2016),
        "no_mines",
    ),
    Statement(
        "no_mending_no_reclaimed_land",
        Text("没有资金就没有复垦", "no money, no land reclaimed"),
        nothing("land_reclaimed"),
        "nothing_mended",
    ),
    Statement(
        "no_mending_more_damage",
        Text("没有复垦则损毁土地多于基准", "unmended, more land lies damaged"),
        above_baseline("damaged_land", 2016),
        "nothing_mended",
    ),
    Statement(
        "no_mending_worse_environment",
        Text("没有修复则环境不好于基准", "unmended, the environment is no better"),
        below_baseline("environment_quality", 2020),
        "nothing_mended",
    ),
    Statement(
        "cheap_coal_keeps_burning",
        Text("煤价低则生产用煤比例不低于基准", "cheap coal keeps its share in production"),
        above_baseline("coal_share_of_production", 2022),
        "cheap_coal",
    ),
    Statement(
        "no_switching_no_clean_heat",
        Text("不改造则清洁取暖只减不增", "without conversions clean heating only shrinks"),
        never_rises("clean_heating_share"),
        "nothing_mended",
    ),
)
