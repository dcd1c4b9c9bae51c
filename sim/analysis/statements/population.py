"""Statements about people."""

import numpy as np

from sim.analysis.reality import Floats, Statement, World
from sim.analysis.statements.forms import (
    EXACT,
    accumulates,
    between,
    close,
    never_rises,
    no_stock_negative,
    sums,
)
from sim.analysis.trials import EVERY_STEP
from sim.text import Text


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


STATEMENTS = (
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
        "people_conserved",
        Text("人口变化等于生死与迁移", "people change by births, deaths and moves alone"),
        accumulates(lambda w: w["population"], people_conserved),
        EVERY_STEP,
    ),
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
)
