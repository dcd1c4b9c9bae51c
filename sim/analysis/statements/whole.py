"""Statements about the county as a whole: numbers, levers, accounts."""

import numpy as np

from sim.analysis.reality import Bools, Statement, World
from sim.analysis.statements.forms import (
    Holds,
    all_finite,
    between,
    close,
    every,
    never_rises,
    no_stock_negative,
    not_above,
    product,
    sums,
    unmoved,
    within_baseline,
)
from sim.text import Text


def nothing_differs(w: World) -> Bools:
    """Every variable is what it is in the baseline."""
    pairs = [close(w[name], w.base[name]) for name in w.runs if name in w.base]
    return every(pairs)


def nothing_differs_before(year: float) -> Holds:
    """Every variable is what it is in the baseline, before a year."""

    def holds(w: World) -> Bools:
        shape = w[w.stocks[0]].shape
        pairs = [np.broadcast_to(close(w[n], w.base[n]), shape) for n in w.runs if n in w.base]
        return every(pairs) | (w.times > year)

    return holds


def non_coal_share_is_a_share(w: World) -> Bools:
    """A part of a sum is a share of it where no part is negative."""
    return between(0, 1, "non_coal_industry_share")(w) | (w["coal_value_added_nominal"] < 0)


STATEMENTS = (
    Statement("all_finite", Text("所有变量始终是有限的数", "all stays finite"), all_finite),
    Statement("no_stock_negative", Text("存量不为负", "no stock is negative"), no_stock_negative),
    Statement(
        "nominal_gdp_is_value_added",
        Text("现价增加值之和等于GDP", "value added at current prices sums to GDP"),
        sums(
            "gdp_nominal",
            *("coal_value_added_nominal", "methane_value_added_nominal", "other_industry_nominal"),
            *("construction_nominal", "services_nominal", "agriculture_nominal"),
        ),
    ),
    Statement(
        "real_gdp_is_value_added",
        Text("不变价增加值之和等于GDP", "value added at constant prices sums to GDP"),
        sums(
            "gdp_real",
            *("coal_value_added_real", "methane_value_added_real", "other_industry_real"),
            *("construction_real", "services", "agriculture_real"),
        ),
    ),
    Statement(
        "shares_are_shares",
        Text("利用率与各类占比在0到1之间", "utilisation and shares lie between 0 and 1"),
        between(
            0,
            1,
            *("cbm_utilisation", "advanced_coal_share", "urbanisation_rate", "funding_ratio"),
            *("committed_payment_ratio", "destination_share", "destination_awareness"),
            *("environment_quality", "safety_stoppage_share", "coal_reserve_availability"),
            *("logistics_reach", "high_tech_share", "cultivated_share_of_arable_land"),
        ),
    ),
    Statement(
        "non_coal_share_is_a_share",
        Text(
            "煤矿未亏到增加值为负，非煤工业占比就在0到1之间",
            "unless mines lose more than they make, the share of other industry is a share",
        ),
        non_coal_share_is_a_share,
    ),
    Statement(
        "start_is_as_published",
        Text("起点年GDP等于公布数", "GDP of the first year is as published"),
        lambda w: close(w["gdp_nominal"][:, :1], w["initial_nominal_gdp"]),
    ),
    Statement(
        "same_lever_same_world",
        Text("手段取基准值则一切不变", "a lever at its baseline value changes nothing"),
        nothing_differs,
        "same_levers",
    ),
    Statement(
        "no_effect_before_cause",
        Text("2027年的改变不影响此前", "what changes in 2027 moves nothing before"),
        nothing_differs_before(2027),
        "later_levers",
    ),
    Statement(
        "price_moves_money_at_once",
        Text("煤价翻倍，现价GDP当即上升", "a doubled price raises nominal GDP at once"),
        lambda w: w.at("gdp_nominal", 2027) > w.base["gdp_nominal"][:, w.times == 2027],
        "price_doubles",
    ),
    Statement(
        "no_investment_industry_decays",
        Text("其他工业零投资则资本逐年折旧", "no investment, industrial capital decays"),
        never_rises("other_industry_capital"),
        "no_industry_investment",
    ),
    Statement(
        "prices_raise_nominal",
        Text("物价上涨，现价GDP当即上升", "higher prices raise nominal GDP at once"),
        lambda w: w.at("gdp_nominal", 2027) > w.base["gdp_nominal"][:, w.times == 2027],
        "prices_rise",
    ),
    Statement(
        "prices_leave_tonnes",
        Text("物价上涨，煤产量当即不变", "higher prices move no tonnes at once"),
        unmoved("coal_output", 2027),
        "prices_rise",
    ),
    Statement(
        "services_at_their_price",
        Text("服务业现价等于不变价乘物价", "services at current prices are volume times price"),
        product("services_nominal", "services", "general_price_index"),
    ),
    Statement(
        "no_taxes_less_money",
        Text(
            "没有自有收入，历年项目支出合计不高于基准",
            "without own revenue programmes spend no more over the years",
        ),
        lambda w: not_above(
            np.cumsum(w["programme_spending"], axis=1)[:, 2:],
            np.cumsum(w.base["programme_spending"], axis=1)[:, 2:],
        ),
        "no_taxes",
    ),
    Statement(
        "numbers_survive_cheap_coal",
        Text("煤价极低时所有变量仍有限", "all stays finite where coal is all but free"),
        all_finite,
        "cheap_coal",
    ),
    Statement(
        "numbers_survive_dear_coal",
        Text("煤价极高时所有变量仍有限", "all stays finite where coal is very dear"),
        all_finite,
        "dear_coal",
    ),
    Statement(
        "numbers_survive_no_plan",
        Text("没有规划时所有变量仍有限", "all stays finite without the plan"),
        all_finite,
        "no_plan",
    ),
    Statement(
        "stocks_survive_cheap_coal",
        Text("煤价极低时存量不为负", "no stock is negative where coal is all but free"),
        no_stock_negative,
        "cheap_coal",
    ),
    Statement(
        "people_take_time_to_move",
        Text(
            "煤价翻倍一年后人口几乎不变", "a year after the price doubles, the people are the same"
        ),
        within_baseline("population", 2028, 0.01),
        "price_doubles",
    ),
    Statement(
        "prices_leave_volumes",
        Text("物价上涨，不变价GDP当即几乎不变", "higher prices hardly move real GDP at once"),
        within_baseline("gdp_real", 2027, 0.05),
        "prices_rise",
    ),
)
