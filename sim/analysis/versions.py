"""How two versions of a model differ: in their equations, and in their numbers."""

import re
from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim.engine.model import Model


@dataclass(frozen=True)
class Change:
    """A variable whose equation or unit is not the same in both; empty where there is none."""

    name: str
    before: str
    after: str

    @property
    def kind(self) -> str:
        """added, removed or changed."""
        if not self.before:
            return "added"
        return "changed" if self.after else "removed"


@dataclass(frozen=True)
class Gap:
    """Where the runs of a variable lie furthest apart: when, and its value in both.

    `share` is the difference over the larger of the two.
    """

    name: str
    time: float
    before: float
    after: float
    share: float
    unit: str = ""


def equation_changes(before: Model, after: Model) -> list[Change]:
    """What was added, removed and changed, in the order of the files; blanks do not count."""
    old, new = _texts(before), _texts(after)
    names = [*old, *(name for name in new if name not in old)]
    return [
        Change(name, old.get(name, ""), new.get(name, ""))
        for name in names
        if _plain(old.get(name, "")) != _plain(new.get(name, ""))
    ]


def _texts(model: Model) -> dict[str, str]:
    """The equations of each variable with its unit, those of an array one above the other."""
    found: dict[str, dict[str, None]] = {}
    for variable in model.variables.values():
        if not variable.owner:
            unit = f"  [{variable.units}]" if variable.units else ""
            equations = found.setdefault(variable.array or variable.name, {})
            equations[variable.equation + unit] = None
    return {name: "\n".join(equations) for name, equations in found.items()}


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text).lower()


def number_changes(before: xr.Dataset, after: xr.Dataset, least: float = 1e-9) -> list[Gap]:
    """Where the first members of two runs differ by more than the share `least`, the largest
    difference first; variables, elements and times that only one has are left out."""
    found = []
    times = sorted(set(before["time"].values) & set(after["time"].values))
    for name in before.data_vars:
        if name in after and before[name].dims == after[name].dims and times:
            gap = _gap(str(name), before[name], after[name], times)
            if gap is not None and gap.share > least:
                found.append(gap)
    return sorted(found, key=lambda gap: -gap.share)


def _gap(name: str, before: xr.DataArray, after: xr.DataArray, times: list[float]) -> Gap | None:
    old, new = xr.align(before.isel(member=0), after.isel(member=0), join="inner")
    if not old.size:
        return None
    a, b = old.values, new.values
    with np.errstate(all="ignore"):
        share = np.abs(a - b) / np.maximum(np.abs(a), np.abs(b))
    one_is_none = np.isnan(a) != np.isnan(b)
    share = np.where(one_is_none, np.inf, np.where(a == b, 0.0, np.nan_to_num(share, nan=0.0)))
    place = np.unravel_index(int(np.argmax(share)), share.shape)
    at = {dim: old[dim].values[each] for dim, each in zip(old.dims, place, strict=True)}
    time = float(at.pop("time"))
    elements = f"[{','.join(map(str, at.values()))}]" if at else ""
    unit = str(before.attrs.get("units", ""))
    return Gap(name + elements, time, float(a[place]), float(b[place]), float(share[place]), unit)
