"""Draws that history has taught: places in the unit cube, by parameter, kept in a file.

A run takes them instead of draws of its own, for the parameters that the file has.
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import xarray as xr

from sim.ensemble import store
from sim.ensemble.blocks import Draws
from sim.ensemble.sampling import Floats
from sim.ensemble.scenario import Parameter
from sim.text import Refused, Text

KIND, FILE = "posterior", "posterior.nc"
NEWEST = "calibrated"
"""What `draws` says for the newest calibration that fits the parameter table."""
LISTED = 3
"""Calibrations that were passed over, the newest, of which it is said why."""


@dataclass(frozen=True)
class Posterior:
    """Places in the unit cube: `points` by parameter, (draws,) each; `prior` the distributions
    that they are places of, in words; `independent`, how many independent draws they are worth;
    whether their sampler has `settled`; the names of the observations that they have `seen`, None
    in a file of an earlier version.

    `passed_over`: newer calibrations that could not be used, and why, where the newest was wanted.
    """

    points: Mapping[str, Floats]
    prior: Mapping[str, str]
    file: Path
    independent: float
    settled: bool
    seen: frozenset[str] | None
    passed_over: tuple[Text, ...] = ()

    @property
    def draws(self) -> int:
        """How many draws there are."""
        return len(next(iter(self.points.values())))

    def some(self, some: Draws) -> "Posterior":
        """Some of the draws alone, which are worth their share of the independent ones."""
        points = {name: own[some.members] for name, own in self.points.items()}
        return replace(self, points=points, independent=self.independent * some.count / self.draws)

    def kept_in(self, folder: Path) -> "Posterior":
        """The same, its file copied into a folder, so that this can be read without the other."""
        return replace(self, file=Path(shutil.copyfile(self.file, folder / FILE)))

    def problems(self, table: Mapping[str, Parameter]) -> list[Text]:
        """Why no probability can come from the draws: they have not settled, they do not say what
        they have seen, or the table has changed since the calibration, so that they mean something
        else."""
        if self.seen is None:
            return [*_no_posterior(self.file).problems]
        return [*self._unsettled(), *self._differs_from(table)]

    def _unsettled(self) -> list[Text]:
        if self.settled:
            return []
        return [
            Text(
                f"{self.file.parent}：这次校准的抽样没有收敛，不能用来算概率；请增大 members"
                "（或 steps）重新运行 sim calibrate，或用其默认方法",
                f"{self.file.parent}: this calibration has not settled, and no probability can "
                "come from its draws; run sim calibrate again with more members (or steps), or by "
                "its default method",
            )
        ]

    def _differs_from(self, table: Mapping[str, Parameter]) -> list[Text]:
        changed = [
            name
            for name, words in self.prior.items()
            if name not in table
            or not table[name].distribution
            or prior_words(table[name]) != words
        ]
        if not changed:
            return []
        if not self.prior.keys() & table.keys():
            return [
                Text(
                    f"{self.file.parent}：这是另一个模型的校准",
                    f"{self.file.parent}: this is a calibration of another model",
                )
            ]
        names = ", ".join(changed[:8]) + (" …" if len(changed) > 8 else "")
        return [
            Text(
                f"{self.file.parent}：{len(changed)} 个参数的分布在校准之后改过（{names}）；"
                "请重新运行 sim calibrate",
                f"{self.file.parent}: the distributions of {len(changed)} parameters have changed "
                f"since ({names}); run sim calibrate again",
            )
        ]


def newest(output: Path, table: Mapping[str, Parameter]) -> Posterior:
    """The newest calibration in a folder of results whose draws can be used with the table; it
    says which newer ones were passed over, and why."""
    passed: list[Text] = []
    for folder in store.results(output, ["calibrate"]):
        try:
            found = read_posterior(folder)
            problems: Sequence[Text] = found.problems(table)
        except Refused as refusal:
            problems = refusal.problems
        if not problems:
            return replace(found, passed_over=tuple(passed))
        passed += problems
    raise Refused(
        Text(
            f"draws={NEWEST}：{output / 'calibrate'} 中没有已收敛、且与当前参数表相符的校准结果；"
            "请先运行 sim calibrate（约十秒），或写明 draws=校准结果文件夹",
            f"draws={NEWEST}: no calibration in {output / 'calibrate'} has settled and fits the "
            "parameter table as it is; run sim calibrate first (some ten seconds), or name one: "
            "draws=FOLDER",
        ),
        *passed[:LISTED],
    )


def prior_words(parameter: Parameter) -> str:
    """A distribution in words: equal words, equal distributions."""
    entries = sorted((parameter.distribution or {}).items(), key=lambda entry: entry[0])
    return ", ".join(f"{key} {value}" for key, value in entries) + f"; bounds {parameter.bounds}"


def write_posterior(
    points: Mapping[str, Floats],
    table: Mapping[str, Parameter],
    independent: float,
    settled: bool,
    seen: Sequence[str],
    file: Path,
) -> None:
    """Writes the draws, with the distributions that they are places of; for the rest see
    `Posterior`."""
    columns = {
        name: ("draw", own, {"prior": prior_words(table[name]), "sector": table[name].sector})
        for name, own in points.items()
    }
    about = {
        "kind": KIND,
        "title": "places in the unit cube",
        "independent": independent,
        "settled": int(settled),
        "seen": "\n".join(seen),
    }
    store.write_table(xr.Dataset(columns, attrs=about), file)


def read_posterior(file: Path) -> Posterior:
    """The draws of a file, or of the folder that holds one: of `sim calibrate`, or of a run that
    took them."""
    path = file / FILE if file.is_dir() else file
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
        dataset = store.as_named(xr.load_dataset(path, engine="netcdf4"))
    except (OSError, ValueError) as error:
        raise _no_posterior(path) from error
    about = dataset.attrs
    if about.get("kind") != KIND or "draw" not in dataset.sizes or "settled" not in about:
        raise _no_posterior(path)
    points = {str(name): np.asarray(own.values, float) for name, own in dataset.data_vars.items()}
    prior = {str(name): str(own.attrs["prior"]) for name, own in dataset.data_vars.items()}
    seen = frozenset(about["seen"].split("\n")) if "seen" in about else None
    return Posterior(points, prior, path, float(about["independent"]), bool(about["settled"]), seen)


def _no_posterior(path: Path) -> Refused:
    return Refused(
        Text(
            f"{path} 不是本版本 sim calibrate 写的抽样文件；请重新运行 sim calibrate",
            f"{path} was not written by sim calibrate of this version; run sim calibrate again",
        )
    )
