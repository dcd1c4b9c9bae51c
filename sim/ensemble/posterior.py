"""Draws that history has taught: places in the unit cube, by parameter, kept in a file.

A run takes them instead of draws of its own, for the parameters that the file has.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from sim.ensemble import store
from sim.ensemble.sampling import Floats
from sim.ensemble.scenario import Parameter
from sim.text import Refused, Text

KIND = "posterior"
NEWEST = "calibrated"
"""What `draws` says for the newest calibration that fits the parameter table."""


@dataclass(frozen=True)
class Posterior:
    """Places in the unit cube: `points` by parameter, (draws,) each; `prior` the distributions
    that they are places of, in words."""

    points: Mapping[str, Floats]
    prior: Mapping[str, str]
    file: Path

    @property
    def draws(self) -> int:
        """How many draws there are."""
        return len(next(iter(self.points.values())))

    def differs_from(self, table: Mapping[str, Parameter]) -> list[Text]:
        """What has changed since the calibration, so that its draws mean something else."""
        changed = [
            name
            for name, words in self.prior.items()
            if name not in table
            or not table[name].distribution
            or prior_words(table[name]) != words
        ]
        if not changed:
            return []
        names = ", ".join(changed[:8]) + (" …" if len(changed) > 8 else "")
        return [
            Text(
                f"{self.file}：{len(changed)} 个参数的分布在校准之后改过（{names}）；"
                "请重新运行 sim calibrate",
                f"{self.file}: the distributions of {len(changed)} parameters have changed since "
                f"({names}); run sim calibrate again",
            )
        ]


def newest(output: Path, table: Mapping[str, Parameter]) -> Path:
    """The folder of the newest calibration in a folder of results that fits the table."""
    for folder in store.results(output, ["calibrate"]):
        if not read_posterior(folder).differs_from(table):
            return folder
    raise Refused(
        Text(
            f"draws={NEWEST}：{output / 'calibrate'} 中没有与当前参数表相符的校准结果；"
            "请先运行 sim calibrate（约十秒），或写明 draws=校准结果文件夹",
            f"draws={NEWEST}: no calibration in {output / 'calibrate'} fits the parameter table as "
            "it is; run sim calibrate first (some ten seconds), or name one: draws=FOLDER",
        )
    )


def prior_words(parameter: Parameter) -> str:
    """A distribution in words: equal words, equal distributions."""
    entries = sorted((parameter.distribution or {}).items(), key=lambda entry: entry[0])
    return ", ".join(f"{key} {value}" for key, value in entries) + f"; bounds {parameter.bounds}"


def write_posterior(
    points: Mapping[str, Floats], table: Mapping[str, Parameter], file: Path
) -> None:
    """Writes the draws, with the distributions that they are places of."""
    columns = {
        name: ("draw", own, {"prior": prior_words(table[name]), "sector": table[name].sector})
        for name, own in points.items()
    }
    dataset = xr.Dataset(columns, attrs={"kind": KIND, "title": "places in the unit cube"})
    store.write_table(dataset, file)


def read_posterior(file: Path) -> Posterior:
    """The draws of a file, or of the folder of `sim calibrate` that holds one."""
    path = file / "posterior.nc" if file.is_dir() else file
    if not path.is_file():
        raise Refused(
            Text(
                f"draws={file}：没有这个文件；draws 是抽样次数、{NEWEST}（最近一次校准），"
                "或 sim calibrate 的结果文件夹",
                f"draws={file}: there is no such file; draws is a number, {NEWEST} (the newest "
                "calibration), or a folder of sim calibrate",
            )
        )
    try:
        dataset = xr.load_dataset(path, engine="netcdf4")
    except (OSError, ValueError) as error:
        raise _no_posterior(path) from error
    if dataset.attrs.get("kind") != KIND or "draw" not in dataset.sizes:
        raise _no_posterior(path)
    points = {str(name): np.asarray(own.values, float) for name, own in dataset.data_vars.items()}
    prior = {str(name): str(own.attrs["prior"]) for name, own in dataset.data_vars.items()}
    return Posterior(points, prior, path)


def _no_posterior(path: Path) -> Refused:
    return Refused(
        Text(f"{path} 不是 sim calibrate 写的抽样文件", f"{path} was not written by sim calibrate")
    )
