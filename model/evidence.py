"""What history says, by one command: estimates, their fit, and how good forecasts would have been.

    python model/evidence.py

Calibrates the county's model from what was believed before history was seen (`prior` in
conf/sector/*.yaml), writes the posterior of every parameter that has such a prior into
conf/sector/*.yaml and qinshui.mdl, likewise the volatility and reversion time of prices that all
prices known today tell, and which parameters go together in it into conf/dependence.yaml;
back-tests, and writes docs/evidence/ and conf/skill.csv, which stands beside every probability. A
minute or two; run `sim docs` after it.

A parameter has a `prior` where history tells something of it: in a first calibration its mean moved
by at least 0.15 standard deviations of the prior, or at most 88 % of the spread was left.
"""

import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import xarray as xr

from sim import data
from sim.analysis.calibration import points_of
from sim.analysis.drivers import correlations, ranks
from sim.analysis.prices import history_of, process_of, read_prices, with_process
from sim.analysis.reliability import Band, write_bands
from sim.commands import hindcast, learning
from sim.commands.calibrate import processes
from sim.commands.progress import progress_bar
from sim.config import compose_for
from sim.config.backtest import BACKTEST
from sim.config.calibration import CALIBRATE
from sim.ensemble.dependence import read_dependence
from sim.ensemble.scenario import Parameter, read_parameters
from sim.ensemble.workers import pool
from sim.report.backtesting import backtest_markdown, knowing_markdown
from sim.report.beliefs import calibration_markdown
from sim.text import Text

GENERATED = (
    "<!-- 由 model/evidence.py 生成，请勿手改 · written by model/evidence.py; do not edit -->\n"
)
KNOWING = (
    (),
    ("prices",),
    ("coal_supply_mandate",),
    ("total_fertility",),
    ("levers",),
    ("prices", "coal_supply_mandate", "total_fertility"),
    ("assumptions",),
    ("assumptions", "levers"),
)
"""What back-tests are given as it came, to tell the model's own errors from those of its inputs."""

SHOWN = {
    "initial_graduations": (
        Text("2015—2020年规上工业企业净增户数", "the net growth of industrial firms 2015–2020"),
        "growth.csv",
    ),
    "certification_rate": (
        Text("2020年高新技术企业数", "the number of high-tech firms in 2020"),
        "firms.csv",
    ),
    "initial_well_peak_rate": (
        Text("2015—2020年煤层气增加值的增长", "the growth of methane value added 2015–2020"),
        "growth.csv",
    ),
    "poultry_growth": (
        Text("2017、2022年农业增加值", "farm value added in 2017 and 2022"),
        "sectors.csv",
    ),
    "base_out_migration_rate": (
        Text("2021、2022年常住人口", "resident population in 2021 and 2022"),
        "population.csv",
    ),
    "services_demand_elasticity": (
        Text("2022年服务业增加值", "value added of services in 2022"),
        "sectors.csv",
    ),
}
"""Parameters that default draws tie to others: what history shows of them only together with those,
and in which file of conf/history. They have the strongest correlations of the posterior, one for
each figure; odds that hang on them are said in docs/decisions/0020."""
LEAST = 0.1
"""The rank correlation from which on two are tied: six standard errors of the calibration's."""
HISTORY = "# 以下由 model/evidence.py 生成，请勿手改 · below: by model/evidence.py; do not edit\n"


def main() -> None:
    """All of it, in order; what is printed is where it went."""
    calibration = learning.prepare(compose_for(CALIBRATE, scenario="baseline"))
    with pool(processes(calibration.settings)) as executor, progress_bar("en") as progress:
        learnt = learning.execute(calibration, executor, progress)
        back = [
            hindcast.prepare(compose_for(BACKTEST, scenario="baseline", given=list(given)))
            for given in KNOWING
        ]
        hindcasts = [hindcast.execute(one, executor, progress) for one in back]
    run = run_of(calibration)
    files = [*take_estimates(learnt.told, run), take_ties(calibration, learnt, run)]
    for file in [*files, *take_processes(back[0].settings.prices)]:
        print(file)
    pages = {
        "calibration.md": [
            calibration_markdown(learnt.told, learnt.seen, learnt.diagnosis, lang)
            for lang in ("zh", "en")
        ],
        "backtest.md": [
            f"{backtest_markdown(hindcasts[0], lang)}\n{knowing_markdown(hindcasts, lang)}"
            for lang in ("zh", "en")
        ],
    }
    for name, texts in pages.items():
        print(written(Path("docs/evidence") / name, "\n".join([GENERATED, *texts])))
    bands = [Band(*band) for band in hindcasts[0].skill.reliability]
    print(write_bands(bands, data.conf_folder() / "skill.csv"))


def run_of(prepared: learning.Prepared) -> str:
    """The command that estimates, in words."""
    settings = prepared.settings
    last = max(one.year for one in prepared.observations)
    return (
        f"sim calibrate method={settings.method} seed={settings.run.seed} "
        f"members={settings.members}, {time.strftime('%Y-%m-%d')}, "
        f"{len(prepared.observations)} observations to {last:g}"
    )


def take_estimates(told: xr.Dataset, run: str) -> list[Path]:
    """Writes the posterior of what was estimated into the tables and the model; the files."""
    table = read_parameters(data.sector_folder())
    learnt = {name: told.sel(parameter=name) for name, one in table.items() if one.prior}
    model = data.model_file()
    text = model.read_text(encoding="utf-8")
    changed = []
    for sector in sorted({table[name].sector for name in learnt}):
        file = data.sector_folder() / f"{sector}.yaml"
        own = file.read_text(encoding="utf-8")
        for name, row in learnt.items():
            if table[name].sector == sector:
                value, words = estimate(table[name], row)
                own = in_table(own, name, value, words, f"{run}, {narrowed(row)}")
                text = in_model(text, name, value)
        changed.append(written(file, own))
    return [*changed, written(model, text)]


def take_processes(prices: Sequence[str]) -> list[Path]:
    """Writes what all prices known today tell of their processes into the tables and the model."""
    table = read_parameters(data.sector_folder())
    earlier = read_prices(data.conf_folder() / "prices.csv")
    until = float(table["last_observed_price_year"].value)
    model = data.model_file()
    text = model.read_text(encoding="utf-8")
    changed = []
    for price in prices:
        estimated = with_process(table, price, history_of(table, price, earlier, until))
        file = data.sector_folder() / f"{table[price].sector}.yaml"
        own = file.read_text(encoding="utf-8")
        for name in process_of(price):
            value, drawn = rounded(estimated[name].value), estimated[name].distribution
            words = f"{{kind: lognormal, p5: {drawn['p5']:g}, p95: {drawn['p95']:g}}}"
            own, text = in_table(own, name, value, words, ""), in_model(text, name, value)
        changed.append(written(file, own))
    return [*changed, written(model, text)]


def estimate(parameter: Parameter, row: xr.Dataset) -> tuple[float, str]:
    """The median, and a distribution around it with the posterior's 90 % range: lognormal where
    the prior was, else normal."""
    assert parameter.prior is not None
    logarithm = parameter.prior["kind"] == "lognormal"
    low, middle, high = (float(row[f"posterior_{name}"]) for name in ("p05", "median", "p95"))
    if logarithm:
        half = np.sqrt(high / low)
        low, high = middle / half, middle * half
    else:
        half = (high - low) / 2
        low, high = middle - half, middle + half
    kind = "lognormal" if logarithm else "normal"
    return rounded(middle), f"{{kind: {kind}, p5: {rounded(low):g}, p95: {rounded(high):g}}}"


def take_ties(calibration: learning.Prepared, learnt: learning.Learnt, run: str) -> Path:
    """Writes which parameters history ties together, below what stands in the file by hand; the
    file. Refuses correlations that cannot be together."""
    file = data.dependence_file()
    text = file.read_text(encoding="utf-8").split(HISTORY)[0] + HISTORY
    variables = calibration.study.model.variables
    labels = {name: Text(*variables[name].label) for name in learnt.names}
    for one, follower, value in ties_of(calibration, learnt):
        text += tie_entry(one, follower, value, labels, run)
    with tempfile.TemporaryDirectory() as folder:
        tried = written(Path(folder) / file.name, text)
        read_dependence(tried, read_parameters(data.sector_folder()))
    return written(file, text)


def ties_of(
    calibration: learning.Prepared, learnt: learning.Learnt
) -> Iterator[tuple[str, str, float]]:
    """Who goes with whom of those in `SHOWN`, and the rank correlation, in order of names."""
    points = points_of(calibration.witness.factors, learnt.positions).T
    ranked = {name: ranks(own) for name, own in zip(learnt.names, points, strict=True)}
    for place, follower in enumerate(SHOWN):
        found = correlations(ranked[follower], ranked)
        for one in sorted(found.keys() - set(list(SHOWN)[: place + 1])):
            if abs(found[one]) >= LEAST:
                yield one, follower, found[one]


def tie_entry(one: str, follower: str, value: float, labels: dict[str, Text], run: str) -> str:
    """What conf/dependence.yaml says of a pair; the reason for one who knows no correlation."""
    shown, source = SHOWN[follower]
    other, own = labels[one], labels[follower]
    way = Text("大", "larger") if value > 0 else Text("小", "smaller")
    english = f"history shows only {shown.en}: "
    english += f"a larger “{other.en}” goes with a {way.en} “{own.en}”"
    return f"""\
{one}_and_{follower}:
  parameters: [{one}, {follower}]
  rank_correlation: {value:.2f}
  kind: estimated
  source: conf/history/{source}
  calibration: '{run}'
  reason:
    zh: 历史只给出{shown.zh}：“{other.zh}”越大，“{own.zh}”就得越{way.zh}，才与之相符
    en: '{english.replace("'", "''")}'
"""


def rounded(value: float) -> float:
    return float(f"{value:.4g}")


def narrowed(row: xr.Dataset) -> str:
    return f"{float(row['narrowed']):.0%} of the prior spread left"


def in_table(text: str, name: str, value: float, distribution: str, run: str) -> str:
    """The text of a parameter table with one estimate in it."""
    start = text.index(f"\n  {name}:\n") + 1
    end = re.search(r"\n(?=  \w|\w)", text[start + len(name) + 4 :])
    stop = len(text) if end is None else start + len(name) + 4 + end.start()
    entry = text[start:stop]
    entry = re.sub(r"(\n    value: )[^\n]*", rf"\g<1>{value:g}", entry)
    entry = re.sub(r"(\n    distribution: )[^\n]*", rf"\g<1>{distribution}", entry)
    entry = re.sub(r"(\n    calibration: )[^\n]*", rf"\g<1>'{run}'", entry)
    return text[:start] + entry + text[stop:]


def in_model(text: str, name: str, value: float) -> str:
    """The text of the model with one constant at its estimate."""
    head = re.escape(name.replace("_", " "))
    found, count = re.subn(rf"(\n{head} =\n\s+)[-\d.eE]+(\n)", rf"\g<1>{value:g}\g<2>", text)
    if count != 1:
        raise ValueError(f"{name} is no constant of {data.model_file().name}")
    return found


def written(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")
    return file


if __name__ == "__main__":
    main()
