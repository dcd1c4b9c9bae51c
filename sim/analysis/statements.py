"""The statements about the county that must hold in every sampled world.

Each stands in the baseline or in a trial of `trials.py`. A name that the model no longer has
does not stop the others: the statement is reported as one that cannot be judged.
"""

from collections.abc import Callable, Sequence

import numpy as np

from sim.analysis.reality import Bools, Floats, Statement, World
from sim.analysis.trials import EVERY_STEP
from sim.text import Text

EXACT = 1e-9
"""Relative: what rounding leaves of an equality."""
SIGNED_STOCKS = ("coal_price_deviation", "yield_weather")
"""Stocks that may be negative: logarithms, not amounts."""

Holds = Callable[[World], Bools]


# Forms that statements take


def close(one: Floats, other: Floats) -> Bools:
    """Equal but for rounding; never where one is not a number."""
    size = np.maximum(np.maximum(np.abs(one), np.abs(other)), 1e-12)
    held: Bools = np.abs(one - other) <= EXACT * size
    return held


def not_above(one: Floats, other: Floats) -> Bools:
    """At most, but for rounding; never where one is not a number."""
    held: Bools = one <= other + EXACT * np.maximum(np.abs(other), 1e-6)
    return held


def every(held: Sequence[Bools]) -> Bools:
    """Where all hold."""
    both: Bools = np.all(np.broadcast_arrays(*held), axis=0)
    return both


def sums(whole: str, *parts: str) -> Holds:
    """A whole is the sum of its parts."""
    return lambda w: close(w[whole], np.sum(np.broadcast_arrays(*(w[p] for p in parts)), axis=0))


def limited(name: str, *limits: str) -> Holds:
    """A variable is at most each of its limits."""

    def holds(w: World) -> Bools:
        return every([not_above(w[name], w[limit]) for limit in limits])

    return holds


def between(low: float, high: float, *names: str) -> Holds:
    """Variables stay between two numbers."""
    return lambda w: every([(w[name] >= low - EXACT) & (w[name] <= high + EXACT) for name in names])


def never_rises(name: str, since: float = 2015) -> Holds:
    """A variable does not rise from one saved time to the next, from a year on."""
    return lambda w: not_above(_after(w, name, since)[:, 1:], _after(w, name, since)[:, :-1])


def never_falls(name: str) -> Holds:
    """A variable does not fall from one saved time to the next."""
    return lambda w: not_above(w[name][:, :-1], w[name][:, 1:])


def nothing(name: str, since: float = 2015, most: float = 1e-9) -> Holds:
    """A variable is zero (or next to it) from a year on."""
    return lambda w: np.abs(_after(w, name, since)) <= most


def below_baseline(name: str, since: float, share: float = 1.0) -> Holds:
    """A variable is at most a share of what it is in the baseline, from a year on."""
    return lambda w: not_above(_after(w, name, since), share * w.base[name][:, w.times >= since])


def above_baseline(name: str, since: float) -> Holds:
    """A variable is at least what it is in the baseline, from a year on."""
    return lambda w: not_above(w.base[name][:, w.times >= since], _after(w, name, since))


def unmoved(name: str, year: float) -> Holds:
    """In one year a variable is what it is in the baseline."""
    return lambda w: close(w.at(name, year), w.base[name][:, w.times == year])


def accumulates(stock: Callable[[World], Floats], rate: Callable[[World], Floats]) -> Holds:
    """A stock changes at each step by the rate of its flows, and by nothing else (Euler)."""

    def holds(w: World) -> Bools:
        level, flow = stock(w), np.broadcast_to(rate(w), stock(w).shape)
        return close(level[:, 1:], level[:, :-1] + w.dt * flow[:, :-1])

    return holds


def _after(w: World, name: str, since: float) -> Floats:
    return w[name][:, w.times >= since]


# Statements that need more than a form


def all_finite(w: World) -> Bools:
    """Every variable is a finite number at all times."""
    shape = w[w.stocks[0]].shape
    return every([np.broadcast_to(np.isfinite(v), shape) for v in w.runs.values()])


def no_stock_negative(w: World) -> Bools:
    """Every stock that is an amount is at least zero."""
    amounts = [w[name] >= 0 for name in w.stocks if name not in SIGNED_STOCKS]
    return every(amounts)


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


def births_less_deaths(w: World) -> Floats:
    """Natural increase of the county."""
    deaths = (
        w["children_population"] * w["child_death_rate"]
        + w["working_age_population"] * w["working_age_death_rate"]
        + w["elderly_population"] * w["elderly_death_rate"]
    )
    return w["seat_births"] + w["town_births"] + w["village_births"] - deaths


def people_conserved(w: World) -> Floats:
    """Births less deaths, arrivals less departures; moves inside the county leave no trace."""
    come = (w["seat_arrivals"] + w["town_arrivals"]) * (
        1
        + w["outward_mobility_of_children"] * w["children_population"] / w["working_age_population"]
    )
    go = w["out_migration_rate"] * (
        w["working_age_population"]
        + w["outward_mobility_of_children"] * w["children_population"]
        + w["outward_mobility_of_elderly"] * w["elderly_population"]
    )
    return births_less_deaths(w) + come - go


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


def treasury_flows(w: World) -> Floats:
    """All that is received less all that is spent."""
    received = w["own_revenue"] + w["transfer_revenue"] + w["land_revenue"] + w["bond_issue"]
    return received - w["committed_spending"] - w["programme_spending"]


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


BASE = (
    Statement("all_finite", Text("所有变量始终是有限的数", "all stays finite"), all_finite),
    Statement("no_stock_negative", Text("存量不为负", "no stock is negative"), no_stock_negative),
    Statement(
        "ages_are_everyone",
        Text("各年龄之和等于总人口", "the ages add up to the population"),
        sums("population", "children_population", "working_age_population", "elderly_population"),
    ),
    Statement(
        "places_are_everyone",
        Text("县城、镇、乡村之和等于总人口", "seat, towns and villages add up to the population"),
        sums("population", "county_seat_population", "town_population", "village_population"),
    ),
    Statement(
        "urban_plus_rural",
        Text("城镇加乡村为全部人口", "urban plus rural is all"),
        lambda w: close(
            w["urbanisation_rate"] + w["village_population"] / w["population"], np.ones(1)
        ),
    ),
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
        "shares_are_shares",
        Text("利用率与各类占比在0到1之间", "utilisation and shares lie between 0 and 1"),
        between(
            0,
            1,
            *("cbm_utilisation", "advanced_coal_share", "urbanisation_rate", "funding_ratio"),
            *("committed_payment_ratio", "destination_share", "destination_awareness"),
            *("environment_quality", "non_coal_industry_share", "safety_stoppage_share"),
            *("coal_reserve_availability",),
        ),
    ),
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
        "funded_within_requests",
        Text("到位资金不超过申请和可用资金", "funding is within requests and money"),
        limited("programme_spending", "programme_requests", "programme_budget"),
    ),
    Statement(
        "committed_within_treasury",
        Text("必保支出不超过可拨付资金", "committed spending is within what can be paid out"),
        limited("committed_spending", "committed_need", "payout_capacity"),
    ),
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
        "start_is_as_published",
        Text("起点年GDP等于公布数", "GDP of the first year is as published"),
        lambda w: close(w["gdp_nominal"][:, :1], w["initial_nominal_gdp"]),
    ),
)

STEPS = (
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
        "people_conserved",
        Text("人口变化等于生死与迁移", "people change by births, deaths and moves alone"),
        accumulates(lambda w: w["population"], people_conserved),
        EVERY_STEP,
    ),
    Statement(
        "coal_capacity_conserved",
        Text("煤炭产能不会凭空增减", "coal capacity neither appears nor vanishes"),
        accumulates(coal_capacity, coal_capacity_flows),
        EVERY_STEP,
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
        "money_conserved",
        Text("库款变化等于收入减支出", "the treasury changes by receipts less spending"),
        accumulates(lambda w: w["treasury"], treasury_flows),
        EVERY_STEP,
    ),
    Statement(
        "debt_conserved",
        Text("债务变化等于发债减还本", "debt changes by bonds less repayment"),
        accumulates(
            lambda w: w["public_debt"],
            lambda w: (
                w["bond_issue"]
                - w["public_debt"] / w["debt_repayment_time"] * w["committed_payment_ratio"]
            ),
        ),
        EVERY_STEP,
    ),
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
)

LEVERS = (
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
        "no_plan_no_spending",
        Text("没有项目申请就没有项目支出", "nothing asked for, nothing spent on programmes"),
        nothing("programme_spending"),
        "no_plan",
    ),
    Statement(
        "no_plan_less_gas",
        Text("没有规划则煤层气少", "without the plan there is less gas"),
        below_baseline("methane_used", 2020),
        "no_plan",
    ),
)

COAL = (
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
        "price_moves_money_at_once",
        Text("煤价翻倍，现价GDP当即上升", "a doubled price raises nominal GDP at once"),
        lambda w: w.at("gdp_nominal", 2027) > w.base["gdp_nominal"][:, w.times == 2027],
        "price_doubles",
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
)

METHANE = (
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
)

TOURISM = (
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
)

PEOPLE = (
    Statement(
        "no_births_fewer_children",
        Text("无人出生，儿童逐年减少", "nobody born, fewer children every year"),
        lambda w: never_rises("children_population")(w) & (w["village_births"] == 0)[:, 1:],
        "no_births",
    ),
    Statement(
        "no_births_ageing",
        Text("无人出生则老龄化：老年对儿童之比上升", "nobody born: more elderly per child"),
        lambda w: (
            w.at("elderly_population", 2035) / w.at("children_population", 2035)
            > w.at("elderly_population", 2015) / w.at("children_population", 2015)
        ),
        "no_births",
    ),
    Statement(
        "everyone_urban_at_most",
        Text("乡村迁空，城镇化率也不过1", "villages may empty, the urban share stays within 1"),
        between(0, 1, "urbanisation_rate"),
        "open_villages",
    ),
    Statement(
        "empty_villages_stay_empty",
        Text("迁空的乡村人口不为负", "emptied villages do not turn negative"),
        no_stock_negative,
        "open_villages",
    ),
    Statement(
        "closed_county_changes_naturally",
        Text("无人迁移时没有迁入迁出", "with nobody moving there are no arrivals and departures"),
        lambda w: (np.abs(w["arrivals"]) <= EXACT) & (np.abs(w["out_migration_rate"]) <= EXACT),
        "closed_county",
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

MONEY = (
    Statement(
        "no_bonds_no_new_debt",
        Text("没有额度则债务不增", "no quota, debt never rises"),
        never_rises("public_debt"),
        "no_bonds",
    ),
    Statement(
        "no_transfers_less_spending",
        Text(
            "没有转移支付，历年项目支出合计不高于基准",
            "without transfers programmes spend no more over the years",
        ),
        lambda w: not_above(
            np.cumsum(w["programme_spending"], axis=1),
            np.cumsum(w.base["programme_spending"], axis=1),
        ),
        "no_transfers",
    ),
    Statement(
        "no_works_capital_decays",
        Text("零投资则公共资本逐年折旧", "no investment, public capital decays"),
        never_rises("public_capital"),
        "no_works",
    ),
    Statement(
        "asking_makes_no_money",
        Text("多申请不会多出钱：总支出不超过可用资金", "asking for more makes no money"),
        limited("programme_spending", "programme_budget"),
        "asks_much",
    ),
    Statement(
        "asking_thins_the_rest",
        Text("一项多申请，各项到位率下降", "one programme that asks much thins the rest"),
        lambda w: not_above(w["funding_ratio"], w.base["funding_ratio"]),
        "asks_much",
    ),
    Statement(
        "no_delivery_no_works",
        Text("不落地就没有管网和公共资本的增加", "nothing delivered, nothing built"),
        lambda w: (
            (np.abs(w["pipeline_starts"]) <= EXACT)[:, 1:]
            & never_rises("public_capital")(w)
            & (np.abs(w["coal_upgrade_starts"]) <= EXACT)[:, 1:]
        ),
        "no_delivery",
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
)

STATEMENTS = (*BASE, *STEPS, *LEVERS, *COAL, *METHANE, *TOURISM, *PEOPLE, *MONEY)
