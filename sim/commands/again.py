"""`sim again`: a result is run again from its own record, and the numbers are compared."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.columns import show
from sim.text import Refused, Text

if TYPE_CHECKING:
    import xarray as xr

SAME, DIFFERENT = 0, 1
"""The exit statuses."""
OF_THE_MOMENT = ("command", "seconds")
"""What a manifest says that is of one run alone."""
CALLED = {
    "commit": Text("程序版本", "version of the program"),
    "kernel": Text("计算方式", "kernel"),
    "method": Text("求解方法", "method of integration"),
    "checksums.model": Text("模型", "model"),
    "checksums.parameters": Text("参数表", "parameter table"),
    "checksums.targets": Text("目标", "targets"),
    "checksums.history": Text("历史数据", "history"),
    "checksums.posterior": Text("校准结果", "calibration"),
}


@dataclass(frozen=True)
class Difference:
    """How far a variable of the second run is from the first, at its farthest."""

    variable: str
    before: float
    after: float
    where: str

    @property
    def relative(self) -> float:
        """The distance as a share of the larger of the two."""
        return abs(self.after - self.before) / (max(abs(self.before), abs(self.after)) or 1.0)


def main(arguments: Sequence[str], lang: str) -> int:
    """Runs a result again, prints whether the numbers are the same, and returns 0 if they are."""
    if len(arguments) != 1:
        raise Refused(
            Text(
                "要重新运行哪次结果？sim again latest 或 sim again 结果文件夹",
                "which result is to run again? `sim again latest` or `sim again FOLDER`",
            )
        )
    from sim.ensemble.store import find_result, kind_of

    folder, manifest = find_result(arguments[0], Path("outputs"), AGAIN)
    again = AGAIN[kind_of(manifest)]
    print(Text(f"重新运行 {folder} …", f"running {folder} again …").of(lang), flush=True)
    found, variables, made = again(folder, manifest)
    show(report(found, changes(manifest, made), variables, lang))
    return DIFFERENT if found else SAME


Manifest = Mapping[str, Any]
Again = tuple[list["Text | Difference"], int, dict[str, Any]]
"""What a second run says otherwise, of how many variables, and its manifest."""


def _run(folder: Path, manifest: Manifest) -> Again:
    """Compares the tables of a run, and its members, block by block as they come."""
    from sim.commands.facts import as_then, facts
    from sim.commands.progress import progress_bar
    from sim.commands.result import execute
    from sim.config import RUN
    from sim.ensemble.workers import crew

    settings = as_then(folder, RUN, manifest)
    names = [n for n in ("attainment", "fans", "means") if (folder / f"{n}.nc").is_file()]
    before = earlier(folder, *names)
    members = Members(folder / "runs.nc") if settings.store == "full" else None
    keep = None if members is None else members.keep
    with (
        crew("processes", None, settings.processes) as workers,
        progress_bar(settings.lang) as progress,
    ):
        after = execute(settings, workers, progress, keep)
    found, variables = compared(before, {name: getattr(after, name) for name in names})
    if members is not None:
        found += members.found()
        variables += len(members.before.data_vars)
    return found, variables, facts(settings, 0.0) | {"kernel": after.kernel}


def _sensitivity(folder: Path, then: Manifest) -> Again:
    from sim.commands.facts import as_then, facts
    from sim.commands.influence import execute, prepare
    from sim.config.sensitivity import SENSITIVITY

    before, settings = earlier(folder, "sensitivity"), as_then(folder, SENSITIVITY, then)
    prepared = prepare(settings)
    found = compared(before, {"sensitivity": execute(prepared).table})
    made = {"kernel": prepared.response.system.kernel}
    return *found, facts(settings.run, 0.0, "sensitivity") | made


def _sweep(folder: Path, then: Manifest) -> Again:
    from sim.commands.facts import as_then
    from sim.commands.sweeping import manifest, prepare, table_of
    from sim.config.sweep import SWEEP

    before, prepared = earlier(folder, "sweep"), prepare(as_then(folder, SWEEP, then))
    found = compared(before, {"sweep": table_of(prepared)})
    return *found, manifest(prepared, prepared.settings.run)


def _reach(folder: Path, then: Manifest) -> Again:
    from sim.commands.facts import as_then, facts
    from sim.commands.progress import progress_bar
    from sim.commands.reach import crew_of
    from sim.commands.reaching import TABLES, execute, prepare, tables, told
    from sim.config.reach import REACH

    before, settings = earlier(folder, *TABLES), as_then(folder, REACH, then)
    prepared = prepare(settings)
    with (
        crew_of(settings) as workers,
        progress_bar(settings.run.lang) as progress,
    ):
        after = execute(prepared, workers, progress)
    return *compared(before, tables(after)), facts(settings.run, 0.0, "reach") | told(after)


AGAIN = {"run": _run, "reach": _reach, "sensitivity": _sensitivity, "sweep": _sweep}


Tables = Mapping[str, "xr.Dataset"]


def earlier(folder: Path, *names: str) -> Tables:
    """The tables of these names in the folder of a result."""
    from sim.ensemble.store import read_table

    return {name: read_table(folder / f"{name}.nc") for name in names}


def compared(before: Tables, after: Tables) -> tuple[list["Text | Difference"], int]:
    """What tables say otherwise than earlier ones, and how many variables these have."""
    found: list[Text | Difference] = []
    for name, old in before.items():
        found += [*missing(old, after[name]), *differences(old, after[name])]
    return found, sum(len(table.data_vars) for table in before.values())


class Members:
    """The members of an earlier run, to hold those of a second against, block by block."""

    def __init__(self, file: Path) -> None:
        from sim.ensemble.store import open_table

        self.before = open_table(file)
        self._missing: dict[Text, None] = {}
        self._farthest: dict[str, Difference] = {}

    def keep(self, inputs: "xr.Dataset", runs: "xr.Dataset") -> None:
        """Compares the runs of a block."""
        draws = runs["draw"].values
        before = self.before.isel(draw=slice(int(draws[0]), int(draws[-1]) + 1)).load()
        self._missing |= dict.fromkeys(missing(before, runs))
        for one in differences(before, runs):
            other = self._farthest.get(one.variable)
            if other is None or one.relative > other.relative:
                self._farthest[one.variable] = one

    def found(self) -> list[Text | Difference]:
        """What is not the same, the farthest apart first."""
        self.before.close()
        return [*self._missing, *sorted(self._farthest.values(), key=lambda one: -one.relative)]


def missing(before: "xr.Dataset", after: "xr.Dataset") -> list[Text]:
    """What cannot be compared: variables of one run alone, and other members or times."""
    found = [
        Text(f"{name}：只在其中一次结果里", f"{name}: in one of the two results only")
        for name in sorted(set(map(str, before)) ^ set(map(str, after)))
    ]
    if before.sizes != after.sizes:
        old, new = dict(before.sizes), dict(after.sizes)
        found.append(Text(f"大小不同：{old} 与 {new}", f"the sizes differ: {old} and {new}"))
    return found


def differences(before: "xr.Dataset", after: "xr.Dataset") -> list[Difference]:
    """The variables whose bits are not the same, the farthest apart first."""
    import numpy as np

    found = []
    for name in before.data_vars:
        if name not in after or before[name].shape != after[name].shape:
            continue
        old, new = before[name].values, after[name].values
        if old.tobytes() == new.tobytes():
            continue
        old, new = old.astype(float), new.astype(float)
        apart = np.abs(new - old)
        # one finite and the other not is farther than any distance
        apart = np.where(np.isfinite(old) & np.isfinite(new), apart, np.inf)
        apart = np.where(np.isnan(old) & np.isnan(new), 0.0, apart)
        at = np.unravel_index(int(np.argmax(apart)), apart.shape)
        where = ", ".join(
            f"{dim} {before[dim].values[i]}" for dim, i in zip(before[name].dims, at, strict=True)
        )
        found.append(Difference(str(name), float(old[at]), float(new[at]), where))
    return sorted(found, key=lambda difference: -difference.relative)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """What two manifests say differently of how a run came about: versions, checksums, commit."""
    old, new = dict(_flat(before)), dict(_flat(after))
    return [
        (key, old.get(key, "-"), new.get(key, "-"))
        for key in {**old, **new}
        if old.get(key) != new.get(key) and key.split(".")[0] not in OF_THE_MOMENT
    ]


def _flat(facts: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in facts.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def report(
    found: Sequence[Text | Difference],
    changed: Sequence[tuple[str, Any, Any]],
    variables: int,
    lang: str,
) -> list[str]:
    """The lines that say whether the numbers are the same, and if not, what has changed."""
    if found:
        lines = [Text("数字不同：", "The numbers differ:").of(lang)]
        lines += [f"  {_said(one, lang)}" for one in found[:10]]
        if len(found) > 10:
            count = len(found) - 10
            lines.append(Text(f"  另有 {count} 个变量", f"  and {count} more variables").of(lang))
    else:
        lines = [
            Text(
                f"数字完全相同：{variables} 个变量逐位一致。",
                f"The numbers are the same: {variables} variables, bit for bit.",
            ).of(lang)
        ]
    if changed:
        lines.append(Text("与当时相比的变化：", "What has changed since:").of(lang))
        colon = Text("：", ": ").of(lang)
        lines += [
            f"  {CALLED.get(key, Text(key, key)).of(lang)}{colon}{_short(old)} → {_short(new)}"
            for key, old, new in changed
        ]
    elif found:
        unknown = Text(
            "记录中的版本、模型与数据都没有变化；请检查机器与数值库。",
            "Versions, model and data in the record are the same; look at machine and libraries.",
        )
        lines.append(unknown.of(lang))
    return lines


def _short(fact: Any) -> str:
    """A fact of a manifest; of a checksum or commit what tells two apart."""
    return re.sub(r"\b([0-9a-f]{12})[0-9a-f]{28,}", r"\1", str(fact))


def _said(one: Text | Difference, lang: str) -> str:
    if isinstance(one, Text):
        return one.of(lang)
    most = Text("最大差异", "largest difference").of(lang)
    return (
        f"{one.variable}: {most} {one.relative:.3g} ({one.before:.10g} → {one.after:.10g}; "
        f"{one.where})"
    )
