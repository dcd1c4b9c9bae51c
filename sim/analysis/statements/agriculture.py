"""Statements about farming."""

import numpy as np

from sim.analysis.reality import Bools, Floats, Statement, World
from sim.analysis.statements.forms import (
    above_baseline,
    accumulates,
    between,
    limited,
    never_rises,
    not_above,
    nothing,
    product,
    sums,
    unmoved,
)
from sim.analysis.trials import EVERY_STEP
from sim.text import Text


def farmland_flows(w: World) -> Floats:
    """What is regained less what is lost; leaving land idle and farming it again is no loss."""
    return w["regained_farmland"] - w["lost_farmland"]


def enrolled_land_shrinks(w: World) -> Bools:
    """Land certified or in conversion does not rise."""
    enrolled = w["certified_share"] + w["converting_share"]
    return not_above(enrolled[:, 1:], enrolled[:, :-1])


STATEMENTS = (
    Statement(
        "land_is_farmed_or_idle",
        Text("耕地不是耕种就是撂荒", "arable land is farmed or idle"),
        sums("arable_land", "cultivated_land", "abandoned_land"),
    ),
    Statement(
        "grain_is_area_times_yield",
        Text("粮食产量等于面积乘单产", "grain is area times yield"),
        product("grain_output", "grain_area", "grain_yield"),
    ),
    Statement(
        "grain_within_sown_area",
        Text("粮食面积不超过播种面积", "grain lies within the sown area"),
        limited("grain_area", "sown_area"),
    ),
    Statement(
        "farm_shares_are_shares",
        Text("各类农地占比在0到1之间", "shares of farmland lie between 0 and 1"),
        between(
            0,
            1,
            *("certified_share", "converting_share", "organic_share", "high_standard_share"),
            *("grain_share_of_sown_area", "preferred_grain_share"),
        ),
    ),
    Statement(
        "green_land_within_farmland",
        Text("认证与转换期之和不超过耕地", "certified and converting land lie within the farmland"),
        lambda w: not_above(w["certified_share"] + w["converting_share"], np.ones(1)),
    ),
    Statement(
        "farmland_conserved",
        Text("耕地变化等于复垦减占用", "farmland changes by land regained less land lost"),
        accumulates(lambda w: w["arable_land"], farmland_flows),
        EVERY_STEP,
    ),
    Statement(
        "empty_villages_idle_land",
        Text("乡村人去，撂荒多于基准", "villagers gone, more land lies idle"),
        above_baseline("abandoned_land", 2020),
        "open_villages",
    ),
    Statement(
        "dear_grain_moves_value",
        Text(
            "粮价翻倍，农业现价增加值当即上升",
            "a doubled grain price raises the value of farming at once",
        ),
        lambda w: (
            w.at("agriculture_nominal", 2027) > w.base["agriculture_nominal"][:, w.times == 2027]
        ),
        "dear_grain",
    ),
    Statement(
        "dear_grain_moves_no_tonnes",
        Text("粮价翻倍，产量当即不变", "a doubled grain price moves no tonnes at once"),
        unmoved("grain_output", 2027),
        "dear_grain",
    ),
    Statement(
        "dear_grain_more_grain",
        Text(
            "粮价翻倍，此后粮食面积不低于基准",
            "a doubled grain price means no less grain after that",
        ),
        above_baseline("grain_area", 2028),
        "dear_grain",
    ),
    Statement(
        "no_support_nobody_enrols",
        Text("没有推广也没有示范，就没有新增", "without support and example nobody enrols"),
        nothing("enrolment"),
        "nothing_mended",
    ),
    Statement(
        "certificates_lapse",
        Text("没有新增，在册面积逐年减少", "with none enrolled, enrolled land only shrinks"),
        enrolled_land_shrinks,
        "nothing_mended",
    ),
    Statement(
        "farm_works_wear",
        Text("不建设则高标准农田只减不增", "without works high-standard land only wears"),
        never_rises("high_standard_share"),
        "nothing_mended",
    ),
)
