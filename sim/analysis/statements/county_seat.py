"""Statements about the county seat."""

from sim.analysis.reality import Statement
from sim.analysis.statements.forms import accumulates, below_baseline, never_rises
from sim.analysis.trials import EVERY_STEP
from sim.text import Text

STATEMENTS = (
    Statement(
        "land_conserved",
        Text(
            "建成区与在开发用地之和等于累计供地",
            "built-up land comes from land started",
        ),
        accumulates(
            lambda w: w["county_seat_area"] + w["land_under_development"],
            lambda w: w["land_starts"],
        ),
        EVERY_STEP,
    ),
    Statement(
        "homes_conserved",
        Text("住房变化等于开工减损耗", "homes change by starts less wear"),
        accumulates(
            lambda w: w["housing"] + w["housing_under_construction"],
            lambda w: w["housing_starts"] - w["housing"] / w["housing_life"],
        ),
        EVERY_STEP,
    ),
    Statement(
        "no_homes_no_growth",
        Text("不建房则县城人口不多于基准", "without homes the seat has no more people"),
        below_baseline("county_seat_population", 2025),
        "no_homes",
    ),
    Statement(
        "homes_wear_out",
        Text("不建房则住房只减不增", "without building, homes only wear out"),
        never_rises("housing"),
        "no_homes",
    ),
    Statement(
        "no_land_no_spread",
        Text("没有用地指标，建成区不扩大", "no quota, the built-up area does not spread"),
        never_rises("county_seat_area"),
        "no_land",
    ),
)
