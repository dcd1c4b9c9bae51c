"""A small ensemble with known numbers, shaped exactly like the project's tables."""

import numpy as np
import pytest
import xarray as xr

from sim.analysis.fans import fans as fans_of
from sim.ensemble.observations import Observation
from sim.ensemble.scenario import Scenario, Setting
from sim.ensemble.target import Target
from sim.text import Text

YEARS = np.arange(2015.0, 2036.0)
VARIABLES = {  # name: (zh, en, unit, level in 2015, growth, spread)
    "coal_output": ("原煤产量", "Raw coal output", "万吨/Year", 2400.0, 90.0, 260.0),
    "cbm_output": ("煤层气产量", "Coal-bed methane output", "亿立方米/Year", 18.0, 2.6, 5.0),
    "cbm_utilisation": ("煤层气利用率", "Coal-bed methane utilisation", "Dmnl", 0.70, 0.011, 0.02),
    "urbanisation_rate": ("常住人口城镇化率", "Urbanisation rate", "Dmnl", 0.46, 0.009, 0.012),
    "county_seat_population": ("县城常住人口", "County seat population", "万人", 5.2, 0.2, 0.3),
    "noncoal_share": ("非煤工业占比", "Share of non-coal industry", "Dmnl", 0.12, 0.002, 0.01),
}
PLAN = [  # name, title, variable, year, value, unit, sense, band, since
    (
        "coal_output",
        ("原煤产量", "Raw coal output"),
        2025,
        4500.0,
        "万吨/Year",
        "about",
        0.05,
        None,
    ),
    (
        "cbm_output",
        ("煤层气产量", "Coal-bed methane output"),
        2025,
        60.0,
        "亿立方米/Year",
        "at_least",
        0,
        None,
    ),
    (
        "cbm_utilisation",
        ("煤层气利用率", "Methane utilisation"),
        2025,
        95.0,
        "%",
        "at_least",
        0,
        None,
    ),
    (
        "urbanisation_rate",
        ("常住人口城镇化率", "Urbanisation rate"),
        2025,
        60.0,
        "%",
        "at_least",
        0,
        None,
    ),
    (
        "seat_2025",
        ("县城常住人口", "County seat population"),
        2025,
        8.0,
        "万人",
        "at_least",
        0,
        None,
    ),
    (
        "seat_2030",
        ("县城常住人口", "County seat population"),
        2030,
        10.0,
        "万人",
        "at_least",
        0,
        None,
    ),
    (
        "noncoal_share",
        ("非煤工业增加值占GDP比重变化", "Change in non-coal industry's share"),
        2025,
        0.0,
        "%",
        "above",
        0,
        2020,
    ),
]
TITLES = [Text("高甲烷", "High methane"), Text("基准（规划）", "Baseline (the plan)")]


def members(draws: int = 400, seed: int = 1) -> xr.Dataset:
    """Runs of two scenarios: `draws` members, of which number 3 of the first diverged."""
    rng = np.random.default_rng(seed)
    runs = xr.Dataset(
        coords={
            "scenario": ["high_methane", "baseline"],
            "title_zh": ("scenario", [title.zh for title in TITLES]),
            "title_en": ("scenario", [title.en for title in TITLES]),
            "draw": np.arange(draws),
            "time": YEARS,
            "finite": (("scenario", "draw"), np.ones((2, draws), bool)),
        }
    )
    for name, (zh, en, unit, level, growth, spread) in VARIABLES.items():
        luck = rng.normal(size=(1, draws, 1)) * np.sqrt(np.arange(21)) * spread / 2
        tilt = np.array([1.35, 1.0])[:, None, None] if name.startswith("cbm") else 1.0
        values = level + (growth * np.arange(21)) * tilt + luck * np.ones((2, 1, 1))
        attrs = {"units": unit, "label_zh": zh, "label_en": en}
        runs[name] = (("scenario", "draw", "time"), values, attrs)
    runs["finite"].values[0, 3] = False
    for name in VARIABLES:
        runs[name].values[0, 3] = np.nan
    return runs


def plan() -> list[Target]:
    """The targets of a small plan: of all kinds of sense that the figures mark."""
    variables = {"seat_2025": "county_seat_population", "seat_2030": "county_seat_population"}
    return [
        Target(
            name=name, title=Text(*title), clause="第四章第二节", nature="expected",
            group="whole", basis="physical",
            variable=variables.get(name, name), year=year, value=value, unit=unit, sense=sense,
            band=band, since=since, measure="level" if since is None else "change",
        )
        for name, title, year, value, unit, sense, band, since in PLAN
    ]  # fmt: skip


def seen() -> list[Observation]:
    """A short history of two variables, one of them in %."""
    return [
        Observation(
            "coal_output", year, 2380 + 80 * (year - 2015), "万吨/Year", 60, "晋城市统计年鉴"
        )
        for year in range(2016, 2022)
    ] + [Observation("urbanisation_rate", 2020, 51.2, "%", 0.8, "第七次全国人口普查公报")]


PROBABILITIES = [[0.372, 0.215], [0.4381, 0.1207], [0.0, 0.0], [0.0016, 0.0021], [0.61, 0.612],
                 [0.118, 0.119], [1.0, 0.9987]]  # fmt: skip


def chances(draws: int = 10_000) -> xr.Dataset:
    """Attainment of the small plan in both scenarios, with probabilities known beforehand."""
    aims = plan()
    probability = np.array(PROBABILITIES).T
    error = np.sqrt(probability * (1 - probability) / draws)
    wanted = np.array([aim.value for aim in aims])
    median = np.stack([wanted * 0.97 + 0.4, wanted * 0.9 + 0.3])
    both = ("scenario", "target")
    columns = {
        "title_zh": [aim.title.zh for aim in aims],
        "title_en": [aim.title.en for aim in aims],
        "unit": [aim.unit for aim in aims],
        "year": [aim.year for aim in aims],
        "time_unit": [aim.time_unit for aim in aims],
        "sense": [aim.sense for aim in aims],
        "wanted": wanted,
        "clause": [aim.clause for aim in aims],
        "nature": [aim.nature for aim in aims],
        "variable": [aim.variable for aim in aims],
        "group_of": ["coal", "methane", "methane", "town", "town", "town", "industry"],
        "basis": ["physical"] * len(aims),
    }
    missed = 1 - probability
    by = np.clip(probability[:, :, None] * np.linspace(0, 1.2, len(YEARS)), 0, 1)
    return xr.Dataset(
        {
            "probability": (both, probability),
            "standard_error": (both, error),
            "median": (both, median),
            "p05": (both, median * 0.8 - 0.1),
            "p95": (both, median * 1.2 + 0.1),
            "difference": ("target", probability[0] - probability[1]),
            "difference_standard_error": ("target", np.hypot(*error)),
            "group_probability": (("scenario", "group"), [[0.37, 0.0, 0.1, 1.0], [0.2, 0, 0.1, 1]]),
            "group_standard_error": (("scenario", "group"), np.full((2, 4), 0.002)),
            "shortfall_mean": (both, wanted * missed * 0.1 + 0.1),
            "shortfall_p05": (both, wanted * missed * 0.01),
            "shortfall_median": (both, wanted * missed * 0.09 + 0.1),
            "shortfall_p95": (both, wanted * missed * 0.3 + 0.2),
            "attained_by": ((*both, "time"), by),
            "both_missed": (
                (*both, "other"),
                np.minimum(missed[:, :, None], missed[:, None, :]) * 0.98,
            ),
            "threshold_probability": (("scenario", "threshold"), [[0.6, 0.4], [0.5, 0.1]]),
            "joint_probability": ("scenario", [0.0123, 0.0041]),
            "joint_standard_error": ("scenario", [0.0011, 0.0006]),
            "members": ("scenario", [draws, draws]),
            "failed_members": ("scenario", [3, 0]),
            "independent_members": ("scenario", [draws - 3, draws]),
        },
        coords={
            "scenario": ["high_methane", "baseline"],
            "title_zh_scenario": ("scenario", [title.zh for title in TITLES]),
            "title_en_scenario": ("scenario", [title.en for title in TITLES]),
            "target": [aim.name for aim in aims],
            "other": [aim.name for aim in aims],
            "time": YEARS,
            "group": ["coal", "methane", "town", "industry"],
            "threshold_target": ("threshold", ["cbm_output"] * 2),
            "threshold_value": ("threshold", [50.0, 60.0]),
            **{name: ("target", values) for name, values in columns.items()},
        },
    )


def causes() -> xr.Dataset:
    """The drivers of each target, all known; the last target has two alone."""
    count = len(PLAN)
    dims = ("target", "rank")
    causes = xr.Dataset(
        {
            "input": (dims, [["well_decline", "coal_price_drift", "gas_content"]] * count),
            "label_zh": (dims, [["老井产量递减率", "煤炭价格长期趋势", "煤层含气量"]] * count),
            "label_en": (dims, [["Decline of old wells", "Coal price", "Gas content"]] * count),
            "role": (dims, [["parameter", "assumption", "parameter"]] * count),
            "correlation": (dims, [[-0.62, 0.31, 0.084]] * count),
        },
        coords={"target": [row[0] for row in PLAN], "rank": [1, 2, 3]},
        attrs={"by_chance": 0.04},
    )
    for name in ("input", "label_zh", "label_en", "role"):
        causes[name].values[-1, -1] = ""
    causes["correlation"].values[-1, -1] = np.nan
    return causes


def stories() -> list[Scenario]:
    """The two scenarios: one that sets a lever by year and an assumption, and the baseline."""
    permits = Setting({2021.0: 400.0, 2026.0: 700.0}, Text("加快审批", "Faster approval"))
    price = Setting(2.1, Text("气价走高", "Dearer gas"))
    return [
        Scenario(
            "high_methane", TITLES[0], Text("加大煤层气开发力度。", "More methane is drilled for."),
            levers={"methane_drilling_permits": permits}, assumptions={"gas_price": price},
        ),
        Scenario("baseline", TITLES[1], Text("按规划执行。", "The plan as written.")),
    ]  # fmt: skip


def knobs() -> xr.Dataset:
    """The inputs that the scenarios set, with labels and units."""
    return xr.Dataset(
        {
            "methane_drilling_permits": (
                ("scenario", "time"), np.full((2, 21), 400.0),
                {"units": "口/Year", "label_zh": "煤层气钻井审批数", "label_en": "Drilling permits",
                 "role": "lever"},
            ),
            "gas_price": (
                "scenario", [2.1, 1.8],
                {"units": "元/立方米", "label_zh": "气价", "label_en": "Gas price",
                 "role": "assumption"},
            ),
        }
    )  # fmt: skip


@pytest.fixture(scope="session")
def runs() -> xr.Dataset:
    return members()


@pytest.fixture(scope="session")
def fans(runs: xr.Dataset) -> xr.Dataset:
    return fans_of(runs, list(VARIABLES))


@pytest.fixture
def targets() -> list[Target]:
    return plan()


@pytest.fixture
def observations() -> list[Observation]:
    return seen()


@pytest.fixture
def attainment() -> xr.Dataset:
    return chances()


@pytest.fixture
def drivers() -> xr.Dataset:
    return causes()


@pytest.fixture
def scenarios() -> list[Scenario]:
    return stories()


@pytest.fixture
def inputs() -> xr.Dataset:
    return knobs()
