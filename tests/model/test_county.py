"""What must hold of the county's model, whatever its parameters."""

import runpy

import numpy as np
import pytest

from sim import data
from sim.analysis.drivers import correlations, ranks
from sim.analysis.statements import SIGNED_STOCKS
from sim.commands.result import execute
from sim.config import compose
from sim.engine.model import Constant, Path, Stock, references
from sim.engine.units import factor
from sim.ensemble.dependence import read_dependence
from sim.ensemble.inputs import check_table
from sim.ensemble.observations import read_history
from sim.ensemble.scenario import read_parameters
from sim.ensemble.simulate import simulate_members
from sim.ensemble.target import read_targets

from .conftest import HEADLINE, SCENARIOS

CLOCK = {"initial_time", "final_time", "time_step", "saveper"}


def test_the_table_and_the_model_hold_the_same_numbers_in_the_same_units(model, table):
    assert check_table(table, model) == []
    assert set(table) == set(model.inputs) - CLOCK
    for name, parameter in table.items():
        definition = model.variables[name].definition
        if isinstance(definition, Constant):
            assert parameter.value == definition.value, name
        else:
            assert isinstance(definition, Path)
            assert dict(definition.points) == parameter.value, name


def test_every_parameter_says_where_it_comes_from_and_what_is_assumed_is_uncertain(table):
    for parameter in table.values():
        assert parameter.source, parameter.name
        assert len(parameter.reason) >= 3, parameter.name  # Chinese is short
        assert not (parameter.role == "lever" and parameter.distribution), parameter.name
        if parameter.distribution and parameter.distribution["kind"] != "noise":
            assert parameter.kind in ("assumed", "estimated"), parameter.name
    uncertain = [p for p in table.values() if p.distribution]
    assert len(uncertain) >= 35


def test_every_variable_has_a_unit_and_a_name_in_both_languages(model):
    for variable in model.variables.values():
        if variable.owner:
            continue
        assert variable.units, variable.name
        zh, en = variable.label
        assert any("\u4e00" <= character <= "\u9fff" for character in zh), variable.name
        assert en.isascii(), variable.name


def test_the_headline_variables_are_there(model):
    assert set(HEADLINE) <= set(model.results)
    assert len(model.stocks) >= 25
    assert (
        sum(not isinstance(v.definition, Constant | Path) for v in model.variables.values()) >= 150
    )


def test_nothing_stands_in_the_model_that_nothing_reads(model):
    read = {n for v in model.variables.values() for p in _parts(v) for n in references(p)}
    results = set(HEADLINE) | {
        t.variable for t in read_targets(data.targets_file()).simulated.values()
    }
    observed = {one.variable for one in read_history(data.history_folder())}
    observed |= {"carbon_dioxide", "vented_methane_equivalent"}  # shown, not fed back
    unread = {n for n in model.variables if n not in read} - results - observed - CLOCK
    assert unread == set()


def _parts(variable):
    from sim.engine.model import parts

    return parts(variable.definition)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_no_stock_turns_negative_and_no_member_fails_in_any_sampled_world(
    scenario, ensemble, model
):
    runs = ensemble(scenario).runs
    assert runs["finite"].all()
    for name in model.stocks:
        if name in runs and name not in SIGNED_STOCKS:
            assert float(runs[name].min()) >= 0, name


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_parts_add_up_in_every_sampled_world(scenario, ensemble):
    r = ensemble(scenario).runs
    ages = r.children_population + r.working_age_population + r.elderly_population
    places = r.county_seat_population + r.town_population + r.village_population
    nominal = r.secondary_nominal + r.services_nominal + r.agriculture_nominal
    real = (
        r.coal_value_added_real + r.methane_value_added_real + r.other_industry_real
        + r.construction_real + r.services + r.agriculture_real
    )  # fmt: skip
    for whole, parts in (
        (r.population, ages),
        (r.population, places),
        (r.gdp_nominal, nominal),
        (r.gdp_real, real),
    ):
        np.testing.assert_allclose(parts.values, whole.values, rtol=1e-9)
    urban = 1 - r.village_population / r.population
    np.testing.assert_allclose(r.urbanisation_rate.values, urban.values, rtol=1e-9)
    assert ((r.cbm_utilisation > 0) & (r.cbm_utilisation <= 1)).all()
    assert (r.funding_ratio <= 1 + 1e-9).all()
    assert (r.coal_output <= r.permitted_coal_output * (1 + 1e-9)).all()


def test_coal_taken_out_leaves_the_reserves(model):
    """Reserves fall by what is mined over the recovery rate: Euler's own sum, step by step."""
    runs = simulate_members(model, {"saveper": 0.125})
    fall = (
        runs.recoverable_coal_reserves.values[0, 0] - runs.recoverable_coal_reserves.values[0, -1]
    )
    mined = (runs.coal_output / runs.coal_recovery_rate).values[0, :-1].sum() * 0.125
    assert fall == pytest.approx(mined, rel=1e-9)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_halving_the_time_step_moves_no_headline_variable_by_more_than_one_percent(scenario, model):
    settings = {
        n: s.value for n, s in compose(scenario=scenario, draws=1).scenarios[0].settings.items()
    }
    whole = simulate_members(model, settings, HEADLINE)
    half = simulate_members(model, {**settings, "time_step": 0.0625}, HEADLINE)
    for name in HEADLINE:
        end, finer = float(whole[name][0, -1]), float(half[name][0, -1])
        assert finer == pytest.approx(end, rel=0.01), name


def test_no_constant_of_the_model_is_a_target_save_the_cap_on_coal(model):
    """A target of the plan stands in no equation; the cap is an instrument, and a lever."""
    targets = read_targets(data.targets_file()).simulated.values()
    for name, variable in model.variables.items():
        if not isinstance(variable.definition, Constant) or name == "coal_cap":
            continue
        for target in targets:
            if target.value == 0 or variable.units == "Year":
                continue
            try:
                wanted = target.value / factor(variable.units, target.unit)
            except ValueError:
                continue
            if variable.definition.value == pytest.approx(wanted, rel=1e-6):
                assert target.unit == "%", f"{name} equals the target {target.name}"


def test_trajectories_do_not_know_the_targets():
    one = execute(compose(draws=200, targets=["coal_output"])).runs
    other = execute(compose(draws=200, targets=["seat_area_2030", "cbm_output"])).runs
    for name in HEADLINE:
        assert np.array_equal(one[name], other[name])


def test_outcomes_do_not_pile_up_at_a_target():
    """Structure note, test 53b: the share within 1 % of a target against its neighbourhood."""
    from sim.analysis.measure import quantity

    result = execute(compose(draws=10_000, seed=2))
    for target in result.targets:
        if target.value == 0 or target.reported_to:
            continue  # all of the sewage and all of the waste: a ceiling of nature, not of the plan
        values = quantity(result.runs, target).values[0] / target.value
        at = (abs(values - 1) <= 0.01).mean()
        around = [(abs(values - 1 - shift) <= 0.01).mean() for shift in (-0.04, -0.02, 0.02, 0.04)]
        assert at <= max(3 * np.mean(around), 0.005), target.name


def test_starts_that_differ_still_show_ten_years_later(model):
    """No variable with a target is pulled to it: a start moved by 20 % is not forgotten.

    Gas coverage is: it fills up to all homes, as its loop (the last homes) says, not to 98 %.
    """
    for start, variable in (
        ("initial_visits", "tourism_revenue"),
        ("initial_seat_area", "county_seat_area"),
        ("initial_methane_capacity", "cbm_output"),
        ("initial_grain_area", "grain_area"),
        ("initial_grain_yield", "grain_output"),
        ("initial_certified_share", "organic_share"),
        ("initial_sewage_collection", "sewage_collection_rate"),
        ("initial_heating_coverage", "heating_coverage"),
        ("initial_health_management", "health_management_rate"),
    ):
        value = model.variables[start].definition.value
        runs = simulate_members(model, {start: np.array([value, 0.8 * value])}, [variable])
        gap = (1 - runs[variable][1] / runs[variable][0]).sel(time=[2015, 2025]).values
        assert gap[0] > 0.05, start
        assert gap[1] > 0.1 * gap[0], start


def test_a_programme_that_starts_a_year_later_arrives_later(model):
    def permits(year):
        return {2015: 650.0, float(year): 650.0, year + 1.0: 1500.0}

    early = simulate_members(model, {"methane_drilling_permits": permits(2020)}, ["cbm_output"])
    late = simulate_members(model, {"methane_drilling_permits": permits(2021)}, ["cbm_output"])
    gap = (early.cbm_output - late.cbm_output).values[0]
    times = early["time"].values
    assert (gap[times <= 2020] == 0).all()
    assert (gap[(times >= 2022) & (times <= 2026)] > 0).all()


def test_sewers_that_are_paid_for_a_year_later_carry_sewage_later(model):
    def money(year):
        return {2015: 0.1, float(year): 0.1, year + 1.0: 0.8}

    rate = "sewage_collection_rate"
    early = simulate_members(model, {"sewage_programme": money(2020)}, [rate])[rate]
    late = simulate_members(model, {"sewage_programme": money(2021)}, [rate])[rate]
    gap, times = (early - late).values[0], early["time"].values
    assert (gap[times <= 2020] == 0).all()
    assert (gap[(times >= 2022) & (times <= 2026)] > 0).all()


def test_money_for_a_mine_adds_nothing_within_two_years(model):
    base = model.variables["new_mine_applications"].definition
    more = {**dict(base.points), 2022.75: 0.0, 2023.0: 800.0, 2024.0: 0.0, 2035.0: 0.0}
    rest = {**dict(base.points), 2022.75: 0.0, 2023.0: 0.0, 2024.0: 0.0, 2035.0: 0.0}
    values = {"mine_construction_time": 6.0}
    runs = [
        simulate_members(
            model, {**values, "new_mine_applications": dict(sorted(p.items()))}, ["coal_output"]
        )
        for p in (more, rest)
    ]
    gain = (runs[0].coal_output / runs[1].coal_output - 1).values[0]
    times = runs[0]["time"].values
    assert abs(gain[times == 2025][0]) < 0.02
    assert gain[times == 2031][0] > 0.02


@pytest.mark.parametrize(
    ("values", "variable", "year", "low", "high"),
    [
        ({"coal_price": 60.0}, "coal_output", 2020, 0, 250),
        ({"methane_drilling_permits": 0.0}, "wells_drilled", 2016, 0, 1e-6),
        (
            {"initial_well_peak_rate": 0.0, "initial_methane_capacity": 0.0},
            "methane_used",
            2030,
            0,
            1e-6,
        ),
        (
            {"initial_beds": 1e-6, "initial_beds_under_construction": 0.0, "bed_programme": 0.0},
            *("overnight_visits", 2030, 0, 0.5),
        ),
        ({"mobility": {2016: 1.0, 2017: 0.0}}, "tourism_revenue", 2030, 0, 1e-9),
        ({"land_quota": 0.0}, "county_seat_area", 2035, 0, 6.5),
        ({"coal_cap": 1000.0}, "coal_output", 2030, 0, 1500),
        ({"initial_coal_reserves": 4000.0}, "coal_output", 2026, 0, 400),
    ],
)
def test_extreme_conditions_have_extreme_consequences(model, values, variable, year, low, high):
    value = float(simulate_members(model, values, [variable])[variable].sel(time=year)[0])
    assert low <= value <= high


def test_ten_times_the_coal_price_does_not_mine_beyond_capacity(model):
    runs = simulate_members(
        model, {"coal_price": 6000.0}, ["coal_output", "operating_coal_capacity"]
    )
    assert (runs.coal_output <= 1.3 * runs.operating_coal_capacity).all()


def test_the_price_of_coal_moves_value_and_not_volume_at_once(model):
    base = {**dict(model.variables["coal_price"].definition.points)}
    double = {y: v * (2 if y >= 2027 else 1) for y, v in base.items()}
    kept = ["gdp_nominal", "gdp_real", "coal_output"]
    runs = [simulate_members(model, {"coal_price": path}, kept) for path in (base, double)]
    ratio = {name: float((runs[1][name] / runs[0][name]).sel(time=2027)[0]) for name in kept}
    assert ratio["gdp_nominal"] > 1.3
    assert abs(ratio["gdp_real"] - 1) < 0.03
    assert abs(ratio["coal_output"] - 1) < 0.05


def test_every_stock_moves(model, ensemble):
    """A stock that never changes is a constant in disguise."""
    runs = ensemble("baseline").runs
    for name in (n for n in model.stocks if n in runs):
        assert isinstance(model.variables[name].definition, Stock)
        assert float(runs[name].std("time").max()) > 0, name


@pytest.fixture(scope="module")
def calibrated():
    from sim.commands.calibrate import calibrate

    return calibrate(members=500)


def test_what_history_ties_together_is_what_a_calibration_finds(calibrated):
    """Rank correlations within four standard errors of 500 draws; those that are left out of the
    file join no parameter that others follow, or are too weak to tell from none."""
    tables = read_parameters(data.sector_folder())
    table = read_dependence(data.dependence_file(), tables)
    rules = runpy.run_path(str(data.data_folder() / "model/evidence.py"))
    ranked = {
        name: ranks(own) for name, own in zip(calibrated.names, calibrated.positions, strict=True)
    }
    error = 4 / np.sqrt(min(calibrated.diagnosis["independent"], 500))
    for follower in rules["SHOWN"]:
        found = correlations(ranked[follower], ranked)
        tied = {name: tie.rank_correlation for name, tie in table[follower].tied.items()}
        assert table[follower].prior, follower
        assert tied, follower
        for name in set(found) - {follower}:
            assert found[name] == pytest.approx(tied.get(name, 0.0), abs=error), (follower, name)
    for name, one in table.items():
        for other, tie in one.tied.items():
            assert {name, other} & set(rules["SHOWN"]), (name, other)
            assert abs(tie.rank_correlation) >= rules["LEAST"], (name, other)
            assert round(tie.rank_correlation, 2) == tie.rank_correlation, (name, other)
            assert "sim calibrate method=" in tie.calibration, (name, other)


def test_what_was_estimated_is_what_a_calibration_finds(calibrated):
    """Medians within half a standard deviation of the posterior: what 500 draws leave."""
    table = read_parameters(data.sector_folder())
    estimated = {name: one for name, one in table.items() if one.prior}
    for name, one in estimated.items():
        row = calibrated.told.sel(parameter=name)
        spread = float(row["posterior_p95"] - row["posterior_p05"]) / 3.29
        assert float(row["posterior_median"]) == pytest.approx(one.value, abs=0.5 * spread), name
        assert one.kind == "estimated", name
        assert "sim calibrate method=" in one.calibration, name
