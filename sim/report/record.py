"""A run's folder read back: everything that figures, tables and reports are made from."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import xarray as xr

from sim.analysis.attainment import attainment
from sim.analysis.drivers import drivers
from sim.analysis.early_signs import Sign, early_signs
from sim.analysis.fans import fans
from sim.analysis.measure import check_targets
from sim.analysis.reliability import read_bands, with_skill
from sim.analysis.signposts import signposts
from sim.analysis.sums import means
from sim.engine.method import Method
from sim.ensemble.scenario import Parameter, Scenario
from sim.ensemble.store import checksum, read_table
from sim.ensemble.target import Target, Targets
from sim.text import Refused, Text, near, why

LACKING = "independent_members"
"""What the odds of a run made by an earlier version lack."""


class Home(Protocol):
    """Where the files of a run's model lie; whether it is the county's or a version of it."""

    @property
    def county(self) -> bool: ...
    @property
    def folder(self) -> Path: ...
    def targets(self) -> Targets: ...


class Settings(Protocol):
    """Of a run's settings, what reports need; the command's own (sim/config) have it."""

    @property
    def scenarios(self) -> tuple[Scenario, ...]: ...
    @property
    def targets(self) -> tuple[Target, ...]: ...
    @property
    def sources(self) -> Mapping[str, list[Path]]: ...
    @property
    def history(self) -> Path: ...
    @property
    def skill(self) -> Path: ...
    @property
    def home(self) -> Home: ...
    @property
    def wholes(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]: ...
    @property
    def table(self) -> Mapping[str, Parameter]: ...
    @property
    def draws(self) -> int: ...
    @property
    def seed(self) -> int: ...
    @property
    def drawn(self) -> str: ...
    @property
    def independent(self) -> float: ...
    @property
    def integration(self) -> Method: ...
    @property
    def model(self) -> Path: ...


@dataclass(frozen=True)
class Record:
    """One run: its folder, its manifest and settings; its tables are read when asked for."""

    folder: Path
    manifest: Mapping[str, Any] = field(repr=False)
    settings: Settings = field(repr=False)

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenario asked for, then the one it is held against, if any."""
        return self.settings.scenarios

    @property
    def targets(self) -> tuple[Target, ...]:
        """The targets that the run was judged by."""
        return self.settings.targets

    @cached_property
    def runs(self) -> xr.Dataset:
        """Dims (scenario, draw, time); every target's variable is in it."""
        self.has_members()
        runs = _table(self.folder, "runs.nc")
        units = {str(name): str(column.attrs.get("units", "")) for name, column in runs.items()}
        try:
            check_targets(self.targets, units, [float(year) for year in runs["time"].values])
        except Refused as refusal:
            raise Refused(*(_in_folder(p, self.folder) for p in refusal.problems)) from None
        return runs

    @cached_property
    def fans(self) -> xr.Dataset:
        """Quantiles of the headline variables, and of a target's: (scenario, quantile, time)."""
        if (self.folder / "fans.nc").is_file():
            return _table(self.folder, "fans.nc")
        return fans(self.runs, [str(name) for name in self.runs.data_vars])

    def fans_of(self, variables: Sequence[str]) -> xr.Dataset:
        """Quantiles of these variables; refuses those that the run does not hold."""
        self.holds(variables)
        if set(variables) <= set(map(str, self.fans.data_vars)):
            return self.fans[list(variables)]
        return fans(self.runs, variables)

    def means_of(self, variables: Sequence[str]) -> xr.Dataset:
        """The means of these variables: (scenario, time); refuses those that are not there."""
        file = self.folder / "means.nc"
        kept = _table(self.folder, file.name) if file.is_file() else xr.Dataset()
        if set(variables) <= set(map(str, kept.data_vars)):
            return kept[list(variables)]
        self.holds(variables)
        return means(self.runs, variables)

    @cached_property
    def inputs(self) -> xr.Dataset:
        """What each input was: dims (scenario, draw, step) where it varies by them."""
        self.has_members()
        return _table(self.folder, "inputs.nc")

    @cached_property
    def attainment(self) -> xr.Dataset:
        """The odds of every target: those that the run wrote, computed again from the members
        where these, or the targets, are of a later time."""
        members, written = self.folder / "runs.nc", self.folder / "attainment.nc"
        if not members.is_file():
            found = _table(self.folder, written.name)
            if LACKING not in found:
                raise Refused(
                    Text(
                        f"{self.folder} 由较早的 sim 生成，没有保存成员，无法重新统计；"
                        f"请重新运行：{self.command}",
                        f"{self.folder} was made by an earlier sim and kept no members to count "
                        f"anew; run it again: {self.command}",
                    )
                )
            return found
        later = not written.is_file() or members.stat().st_mtime > written.stat().st_mtime
        if later or "targets" in self.stale:
            found = attainment(self.runs, self.targets, self.settings.independent)
        else:
            found = _table(self.folder, written.name)
            names = [target.name for target in self.targets]
            if LACKING not in found or list(found["target"].values) != names:
                found = attainment(self.runs, self.targets, self.settings.independent)
        return with_skill(found, read_bands(self.settings.skill))

    @cached_property
    def drivers(self) -> xr.Dataset:
        """The inputs that go most with each target."""
        return drivers(self.inputs, self.runs, self.targets, self.settings.independent)

    def signs_of(self, targets: Sequence[Target]) -> dict[str, xr.Dataset]:
        """Target → its odds where one of its strongest inputs is low, and high; of these targets,
        and of those asked for before."""
        if new := [target for target in targets if target.name not in self._signs]:
            independent = self.settings.independent
            self._signs.update(signposts(self.inputs, self.runs, new, independent=independent))
        return self._signs

    @cached_property
    def _signs(self) -> dict[str, xr.Dataset]:
        return {}

    def early_signs(self, targets: Sequence[Target]) -> list[Sign]:
        """What to watch, by when: headline variables in the years after the last observation, the
        surest sign of each target."""
        names = [str(name) for name in self.fans.data_vars if name in self.runs]
        years = [float(year) for year in self.runs["time"].values if year > self.last_seen]
        found = early_signs(self.runs, targets, names, years, self.settings.independent)
        return [sign for sign in found if sign.kind == "surest"]

    @property
    def last_seen(self) -> float:
        """The last year of which the history holds an observation."""
        from sim.ensemble.observations import read_history

        seen = read_history(self.settings.history)
        return max((float(one.year) for one in seen), default=0.0)

    @cached_property
    def stale(self) -> tuple[str, ...]:
        """What has changed since the run: of model, parameters, targets, history, calibration."""
        sources = self.settings.sources
        then = self.manifest.get("checksums", {})
        return tuple(name for name, files in sources.items() if then.get(name) != checksum(files))

    def has_members(self) -> None:
        """Refuses a run that kept its summary alone, for what is made from members."""
        if self.manifest.get("store") == "summary":
            raise Refused(
                Text(
                    f"{self.folder} 没有保存成员（store=summary），这里需要成员；"
                    f"请重新运行：{self.command} store=full",
                    f"{self.folder} kept no members (store=summary), which are needed here; run "
                    f"it again: {self.command} store=full",
                )
            )

    def holds(self, variables: Sequence[str]) -> None:
        """Refuses where the run did not keep one of `variables`, with the way to get it."""
        kept = [str(name) for name in self.fans.data_vars]
        if not set(variables) <= set(kept) and self.manifest.get("store") != "summary":
            kept = [str(name) for name in self.runs.data_vars]
        absent = [name for name in variables if name not in kept]
        if not absent:
            return
        hint = near(absent[0], kept) if len(absent) == 1 else Text("", "")
        again = f'{self.command} "keep=[{",".join(absent)}]"'
        raise Refused(
            Text(
                f"{self.folder} 没有保存变量 {'、'.join(absent)}{hint.zh}；"
                f"需要时请重新运行：{again}",
                f"{self.folder} does not hold {', '.join(absent)}{hint.en}; "
                f"to have them, run again: {again}",
            )
        )

    @property
    def command(self) -> str:
        """The command that made the run, without its settings of what to keep."""
        command = str(self.manifest.get("command", "sim run"))
        return re.sub(r'\s+("?)(keep|store)=(\[[^\]]*\]|[^\s"]+)\1', "", command)


def _table(folder: Path, name: str) -> xr.Dataset:
    try:
        return read_table(folder / name)
    except OSError as error:
        raise Refused(
            Text(
                f"{folder / name} 已损坏（{why(error).zh}）；请重新运行 sim run",
                f"{folder / name} is damaged ({why(error).en}); run it again",
            )
        ) from error


def _in_folder(problem: Text, folder: Path) -> Text:
    return Text(
        f"{folder}：{problem.zh}（目标文件在运行后改过？请重新运行 sim run）",
        f"{folder}: {problem.en} (have the targets changed since? run it again)",
    )
