"""The trials in which statements must hold: extreme inputs, and the baseline said otherwise.

Extreme inputs lie within the physical bounds of the parameter table, so that each trial is a
world that `sim run` takes too. Where a bound of zero would divide by zero (a county without a
single mine or bed), next to nothing stands for nothing.
"""

from collections.abc import Callable

import numpy as np

from sim.analysis.reality import BASELINE, Table, Trial
from sim.ensemble.scenario import Level
from sim.text import Text

EVERY_STEP = "every_step"

Levels = Callable[[Table], dict[str, Level]]


def fixed(**levels: Level) -> Levels:
    """These levels, whatever the table says."""
    return lambda table: dict(levels)


def scaled_after(year: float, factor: float, *names: str) -> Levels:
    """The table's own levels, times `factor` from `year` on, at once."""
    return lambda table: {name: _bent(table[name].value, year, factor) for name in names}


def _bent(level: Level, year: float, factor: float) -> Level:
    path = level if isinstance(level, dict) else {year: level}
    years, values = list(path), list(path.values())
    before = {at: value for at, value in path.items() if at < year - 0.001}
    before[year - 0.001] = float(np.interp(year - 0.001, years, values))
    after = {year: factor * float(np.interp(year, years, values))}
    after |= {at: factor * value for at, value in path.items() if at > year}
    return before | after


def level_from(year: float, level: float, name: str) -> Levels:
    """The table's own path up to the year before, and one level from `year` on.

    The past is left as it was: the model scales coal to the published GDP of its first year.
    """

    def levels(table: Table) -> dict[str, Level]:
        usual = _bent(table[name].value, year - 1, 1.0)
        assert isinstance(usual, dict)
        return {name: {at: v for at, v in usual.items() if at < year} | {year: level}}

    return levels


def levers(change: Callable[[Level], Level], but: tuple[str, ...] = ()) -> Levels:
    """Every lever of the table, changed."""
    return lambda table: {
        name: change(parameter.value)
        for name, parameter in table.items()
        if parameter.role == "lever" and name not in but
    }


def _written_out(level: Level) -> Level:
    """The same level, said with more years."""
    path = level if isinstance(level, dict) else {2015.0: level, 2035.0: level}
    years, values = list(path), list(path.values())
    more = sorted({*years, *np.arange(2015.5, 2035.0)})
    return {float(year): float(np.interp(year, years, values)) for year in more}


TRIALS = (
    Trial(BASELINE, Text("基准", "the baseline")),
    Trial(EVERY_STEP, Text("基准，逐步核对", "the baseline, step by step"), every_step=True),
    Trial(
        "same_levers",
        Text("政策手段按基准值重写一遍", "levers at their baseline values, written out"),
        levers(_written_out),
    ),
    Trial(
        "later_levers",
        Text("政策手段自2027年起减两成", "levers 20 % lower from 2027"),
        lambda table: {
            name: _bent(parameter.value, 2027.001, 0.8)
            for name, parameter in table.items()
            if parameter.role == "lever"
        },
    ),
    Trial(
        "no_plan",
        Text("除煤炭核定外全部政策手段为零", "all levers but the coal cap at zero"),
        levers(lambda level: 0.0, but=("coal_cap",)),
    ),
    Trial(
        "tight_cap",
        Text("煤炭核定100万吨", "a coal cap of 1 Mt"),
        fixed(coal_cap=100),
    ),
    Trial(
        "no_mines",
        Text("没有煤矿产能，也不再新建", "no coal capacity, and none to come"),
        fixed(
            initial_advanced_coal_capacity=0.001,
            initial_outdated_coal_capacity=0.001,
            initial_coal_capacity_under_construction=0,
            initial_coal_capacity_in_upgrade=0,
            new_mine_applications=0,
        ),
    ),
    Trial(
        "no_coal_left",
        Text("可采储量只够约一年", "coal reserves of about a year"),
        fixed(initial_coal_reserves=4000),
    ),
    Trial(
        "no_new_mines",
        Text("不新建、不改造煤矿", "no mine built and none upgraded"),
        fixed(
            new_mine_applications=0,
            coal_upgrade_programme=0,
            initial_coal_capacity_under_construction=0,
            initial_coal_capacity_in_upgrade=0,
        ),
    ),
    Trial(
        "cheap_coal",
        Text("2022年起煤价每吨50元", "coal at 50 yuan a tonne from 2022"),
        level_from(2022, 50, "coal_price"),
    ),
    Trial(
        "dear_coal", Text("煤价每吨5000元", "coal at 5,000 yuan a tonne"), fixed(coal_price=5000)
    ),
    Trial(
        "price_doubles",
        Text("2027年初煤价翻倍", "the coal price doubles at the start of 2027"),
        scaled_after(2027, 2, "coal_price"),
    ),
    Trial(
        "prices_rise",
        Text("2027年初一般物价涨五成", "general prices rise by half at the start of 2027"),
        scaled_after(2027, 1.5, "general_price_index"),
    ),
    Trial(
        "no_permits",
        Text("不批煤层气井", "no permits for wells"),
        fixed(methane_drilling_permits=0),
    ),
    Trial("no_success", Text("没有一口井成功", "no well succeeds"), fixed(well_success_rate=0)),
    Trial("all_succeed", Text("每口井都成功", "every well succeeds"), fixed(well_success_rate=1)),
    Trial(
        "no_pipelines",
        Text("不建管网", "no pipelines are built"),
        fixed(pipeline_programme=0, initial_pipelines_under_construction=0),
    ),
    Trial(
        "closed",
        Text("2021年起景区关闭、无人出行", "nobody travels from 2021"),
        fixed(mobility={2015: 1, 2020: 1, 2021: 0, 2035: 0}),
    ),
    Trial(
        "no_beds",
        Text("几乎没有床位", "next to no beds"),
        fixed(
            initial_beds=0.01,
            initial_beds_under_construction=0,
            bed_programme=0,
            bed_expansion_rate=0,
        ),
    ),
    Trial(
        "full_marketing", Text("营销加到极限", "marketing at its limit"), fixed(tourism_marketing=1)
    ),
    Trial(
        "no_sites_built",
        Text("景区没有任何投资", "nothing is invested in attractions"),
        fixed(attraction_programme=0, private_attraction_share=0),
    ),
    Trial("no_births", Text("没有人生育", "nobody is born"), fixed(total_fertility=0)),
    Trial(
        "open_villages",
        Text("乡村人口以最快速度迁出", "villagers leave as fast as they can"),
        fixed(base_village_to_seat_rate=0.3, base_village_to_town_rate=0.3),
    ),
    Trial(
        "closed_county",
        Text("无人迁入迁出", "nobody moves in or out"),
        fixed(base_in_migration_rate=0, base_out_migration_rate=0),
    ),
    Trial(
        "no_homes",
        Text("不建住房", "no homes are built"),
        fixed(
            private_housing_start_rate=0,
            public_housing_programme=0,
            initial_housing_under_construction=0,
        ),
    ),
    Trial(
        "no_land",
        Text("没有用地指标", "no land quota"),
        fixed(land_quota=0, initial_land_under_development=0),
    ),
    Trial("no_bonds", Text("没有债券额度", "no bond quota"), fixed(bond_quota=0)),
    Trial(
        "no_transfers", Text("没有转移支付", "no transfers from above"), fixed(upper_transfers=0)
    ),
    Trial(
        "no_works",
        Text("基础设施零投资", "nothing is spent on infrastructure"),
        fixed(infrastructure_programme=0),
    ),
    Trial(
        "asks_much",
        Text("基础设施申请每年200亿元", "20 billion yuan a year is asked for infrastructure"),
        fixed(infrastructure_programme=200),
    ),
    Trial(
        "no_delivery",
        Text("项目全部不落地", "no programme is delivered"),
        fixed(delivery_conditions=0, initial_industrial_projects=0),
    ),
    Trial(
        "no_industry_investment",
        Text("其他工业零投资", "nothing is invested in other industry"),
        fixed(
            **dict.fromkeys(("industry_investment_rate", "transition_share", "zone_promotion"), 0),
            **dict.fromkeys(("initial_industrial_projects", "initial_zone_projects"), 0),
            initial_zone_backlog=0,
        ),
    ),
    Trial(
        "endless_reserves",
        Text("煤炭储量用不完", "coal without end"),
        fixed(initial_coal_reserves=5000000),
    ),
    Trial(
        "all_upgraded",
        Text("2027年起非先进产能全部停产改造", "all outdated capacity is rebuilt from 2027"),
        level_from(2027, 1, "coal_upgrade_programme"),
    ),
    Trial(
        "barren",
        Text("新井几乎不产气", "new wells give next to no gas"),
        fixed(initial_well_peak_rate=0.0005),
    ),
    Trial(
        "ruined_land",
        Text(
            "损毁土地的损害极大，又无从恢复",
            "damaged land ruins the landscape, and nothing heals it",
        ),
        fixed(harm_of_damaged_land=0.1, environment_recovery_time=40, remediation_programme=0),
    ),
    Trial(
        "no_taxes",
        Text("几乎没有自有收入", "next to no revenue of the county's own"),
        fixed(
            coal_tax_share=1e-4,
            coal_profit_tax_share=1e-4,
            methane_tax_share=1e-4,
            general_tax_share=1e-4,
        ),
    ),
    Trial(
        "dear_grain",
        Text("2027年初粮价翻倍", "the grain price doubles at the start of 2027"),
        scaled_after(2027, 2, "grain_price"),
    ),
    Trial(
        "nothing_mended",
        Text(
            "农田、绿色、清洁取暖、公用设施、复垦、卫生人员一概不投入",
            "nothing for farmland, green farming, clean heating, utilities, reclamation or care",
        ),
        fixed(
            organic_programme=0,
            neighbour_adoption_rate=0,
            high_standard_programme=0,
            initial_high_standard_under_way=0,
            farmland_recovery_programme=0,
            clean_heating_programme=0,
            remediation_programme=0,
            mine_restoration_rate=0,
            sewage_programme=0,
            heating_programme=0,
            gas_network_programme=0,
            waste_programme=0,
            new_home_heating_share=0,
            new_home_gas_share=0,
            care_training_programme=0,
        ),
    ),
    Trial(
        "more_sewers",
        Text("2017年起污水投资申请三倍", "three times the money is asked for sewage from 2017"),
        scaled_after(2017, 3, "sewage_programme"),
    ),
    Trial("immortal", Text("老人不去世", "the elderly do not die"), fixed(elderly_death_rate=0)),
)
