"""Statements about utilities and the care of the elderly."""

from sim.analysis.reality import Bools, Statement, World
from sim.analysis.statements.forms import (
    above_baseline,
    below_baseline,
    between,
    close,
    every,
    never_rises,
)
from sim.text import Text

COVERAGES = (
    *("sewage_collection_rate", "sewage_treatment_rate", "heating_coverage", "gas_coverage"),
    *("waste_treatment_rate", "health_management_rate"),
)


def works_wear_out(w: World) -> Bools:
    """No capacity of the utilities rises."""
    names = ("sewer_capacity", "treatment_capacity", "heated_homes", "gas_homes", "waste_capacity")
    return every([never_rises(name)(w) for name in names])


def sewage_adds_up(w: World) -> Bools:
    """Sewage is treated, or it is discharged."""
    treated = w["sewage_collected"] * w["sewage_treatment_rate"]
    return close(w["sewage_generated"], treated + w["sewage_discharged"])


STATEMENTS = (
    Statement(
        "coverages_are_shares",
        Text("覆盖率在0到1之间", "coverage lies between 0 and 1"),
        between(0, 1, *COVERAGES),
    ),
    Statement(
        "sewage_adds_up",
        Text("污水不是处理就是排放", "sewage is treated or discharged"),
        sewage_adds_up,
    ),
    Statement(
        "no_works_utilities_wear",
        Text(
            "不投资、新房不接入，公用设施只减不增",
            "nothing built or connected, utilities only wear",
        ),
        works_wear_out,
        "nothing_mended",
    ),
    Statement(
        "no_works_worse_sewage",
        Text("不投资则污水收集率低于基准", "nothing built, less sewage is collected"),
        below_baseline("sewage_collection_rate", 2020),
        "nothing_mended",
    ),
    Statement(
        "more_sewers_collect_more",
        Text("多建管网则收集率不低于基准", "more sewers collect no less"),
        above_baseline("sewage_collection_rate", 2018),
        "more_sewers",
    ),
    Statement(
        "asking_starves_utilities",
        Text(
            "一项多申请，公用设施建得少", "one programme that asks much leaves less for utilities"
        ),
        below_baseline("sewer_capacity", 2018),
        "asks_much",
    ),
    Statement(
        "undelivered_utilities_wear",
        Text("不落地则管网只减不增", "nothing delivered, sewers only wear"),
        never_rises("sewer_capacity"),
        "no_delivery",
    ),
    Statement(
        "more_elderly_thinner_care",
        Text("老人不去世，健康管理率低于基准", "where the elderly do not die, care is thinner"),
        below_baseline("health_management_rate", 2018),
        "immortal",
    ),
    Statement(
        "nobody_trained_fewer_staff",
        Text("不培养则基层卫生人员少于基准", "nobody trained, fewer care staff"),
        below_baseline("care_staff", 2018),
        "nothing_mended",
    ),
)
