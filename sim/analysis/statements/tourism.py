"""Statements about tourism."""

from sim.analysis.reality import Statement
from sim.analysis.statements.forms import (
    below_baseline,
    falls_between,
    limited,
    never_rises,
    not_above,
    nothing,
)
from sim.text import Text

STATEMENTS = (
    Statement(
        "guests_within_beds",
        Text("过夜游客不超过需求和床位", "overnight visits are within demand and beds"),
        limited("overnight_visits", "overnight_demand", "bed_capacity", "visits"),
    ),
    Statement(
        "visits_within_market",
        Text("游客不超过客源市场", "visits are within the market"),
        limited("visits", "tourism_market"),
    ),
    Statement(
        "closed_no_revenue",
        Text("无人出行则文旅收入为零", "nobody travels, no revenue"),
        nothing("tourism_revenue", since=2021),
        "closed",
    ),
    Statement(
        "no_beds_no_guests",
        Text("没有床位就没有过夜游客", "no beds, no overnight guests"),
        limited("overnight_visits", "bed_capacity"),
        "no_beds",
    ),
    Statement(
        "no_beds_day_visits",
        Text("没有床位仍有一日游", "without beds there are still day visits"),
        lambda w: w["visits"] - w["overnight_visits"] > 0,
        "no_beds",
    ),
    Statement(
        "marketing_cannot_exceed_market",
        Text("营销再多，游客不超过客源", "however much marketing, visits stay within the market"),
        limited("visits", "tourism_market"),
        "full_marketing",
    ),
    Statement(
        "sites_decay",
        Text("景区零投资则逐年折旧", "without investment attractions decay"),
        never_rises("attraction_capital"),
        "no_sites_built",
    ),
    Statement(
        "closure_halves_visits",
        Text(
            "2020年停业，游客比上年少四成以上",
            "the closure of 2020 takes four tenths of the visits",
        ),
        falls_between("visits", 2019, 2020, 0.6),
    ),
    Statement(
        "ruined_landscape_no_visitors",
        Text("山河毁坏则游客不到三成", "a ruined landscape keeps seven visitors in ten away"),
        below_baseline("visits", 2030, 0.3),
        "ruined_land",
    ),
    Statement(
        "bed_nights_are_shared",
        Text("长住与短住之和不超过可售床夜", "long and short stays share the bed nights"),
        lambda w: not_above(
            w["wellness_nights"] + w["overnight_visits"] * w["nights_per_stay"], w["bed_nights"]
        ),
    ),
    Statement(
        "closed_no_wellness",
        Text("无人出行则没有长住客", "nobody travels, nobody stays for long"),
        nothing("wellness_nights", since=2021),
        "closed",
    ),
)
