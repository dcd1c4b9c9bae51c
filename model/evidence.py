"""What history says, by one command: estimates, their fit, and how good forecasts would have been.

    python model/evidence.py

Calibrates the county's model from what was believed before history was seen (`prior` in
conf/sector/*.yaml), writes the posterior of every parameter that has such a prior into
conf/sector/*.yaml and qinshui.mdl, back-tests, and writes docs/evidence/ and conf/skill.csv, which
stands beside every probability. Half a minute; run `sim docs` after it.

A parameter has a `prior` where history tells something of it: in a first calibration its mean moved
by at least 0.15 standard deviations of the prior, or at most 88 % of the spread was left.
"""

import re
import time
from pathlib import Path

import numpy as np
import xarray as xr

from sim import data
from sim.analysis.reliability import Band, write_bands
from sim.commands import hindcast, learning
from sim.commands.calibrate import processes
from sim.commands.progress import progress_bar
from sim.config import compose_for
from sim.config.backtest import BACKTEST
from sim.config.calibration import CALIBRATE
from sim.ensemble.scenario import Parameter, read_parameters
from sim.ensemble.workers import pool
from sim.report.backtesting import backtest_markdown
from sim.report.beliefs import calibration_markdown

GENERATED = (
    "<!-- 由 model/evidence.py 生成，请勿手改 · written by model/evidence.py; do not edit -->\n"
)


def main() -> None:
    """All of it, in order; what is printed is where it went."""
    calibration = learning.prepare(compose_for(CALIBRATE, scenario="baseline"))
    with pool(processes(calibration.settings)) as executor, progress_bar("en") as progress:
        learnt = learning.execute(calibration, executor, progress)
        back = hindcast.prepare(compose_for(BACKTEST, scenario="baseline"))
        found = hindcast.execute(back, executor, progress)
    for file in take_estimates(learnt.told, run_of(calibration)):
        print(file)
    pages = {
        "calibration.md": [
            calibration_markdown(learnt.told, learnt.seen, learnt.diagnosis, lang)
            for lang in ("zh", "en")
        ],
        "backtest.md": [backtest_markdown(found, lang) for lang in ("zh", "en")],
    }
    for name, texts in pages.items():
        print(written(Path("docs/evidence") / name, "\n".join([GENERATED, *texts])))
    bands = [Band(*band) for band in found.skill.reliability]
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
