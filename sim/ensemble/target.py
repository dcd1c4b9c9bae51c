"""The plan's targets and their file: those that the model computes, and those it does not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from sim.data import read_yaml
from sim.ensemble.entries import choice, known_keys, lacks, mapping, number, text_of
from sim.text import Refused, Text

SENSES = ("at_least", "at_most", "about", "above", "below")
NATURES = ("expected", "binding")
WATCHED = "watched"
"""The sense of what is no target: a quantity that is asked about as one is, with no value that it
should have."""
GROUPS = (
    *("coal", "methane", "tourism", "town", "industry", "agriculture", "people", "environment"),
    "whole",
)
"""The chapters under which targets are shown and judged together."""
BASES = ("physical", "current_prices", "prices_2020", "ratio")
MEASURES = ("level", "change", "mean_growth")


@dataclass(frozen=True, kw_only=True)
class Aim:
    """What every target of the plan says: which indicator, by when, in which sense.

    `nature` is 预期性 (expected) or 约束性 (binding); `basis` what the number counts: things,
    money at current prices or at those of 2020, or a ratio.
    """

    name: str
    title: Text
    clause: str
    year: int
    unit: str
    sense: str
    nature: str
    group: str
    basis: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Target(Aim):
    """A target that the model computes.

    `measure` says what of the variable is meant: its "level" in `year`; its "change" since
    `since`; or its "mean_growth", compound, a year. `band` is the share of the value by which a
    target of "about" may be missed; `thresholds` are other values whose probability is asked for.
    `reported_to` is the step, in the target's unit, to which the figure is published (1: whole per
    cent): what is computed is rounded to it, half a step upwards. `time_unit` is the one in
    which the model counts time, and so `year`.
    """

    variable: str
    value: float
    band: float = 0.0
    reported_to: float = 0.0
    since: int | None = None
    measure: str = "level"
    thresholds: tuple[float, ...] = ()
    time_unit: str = "Year"

    @property
    def judged(self) -> bool:
        """Whether there is anything to attain."""
        return self.sense != WATCHED


def targets_called(words: Iterable[str], known: Mapping[str, Target]) -> list[str]:
    """The names of targets that a person has named by name or by title; other words as they are.
    A title that several have, of several years, means them all."""
    found: list[str] = []
    for word in words:
        titled = [name for name, one in known.items() if word.strip() in one.title]
        found += [word] if word in known or not titled else titled
    return list(dict.fromkeys(found))


def watched(variable: str, title: Text, year: int, unit: str, time_unit: str) -> Target:
    """What a variable comes to in a year, to be asked about as a target is."""
    return Target(
        name=variable,
        title=title,
        clause="",
        year=year,
        unit=unit,
        sense=WATCHED,
        nature="expected",
        group="whole",
        basis="physical",
        variable=variable,
        value=float("nan"),
        time_unit=time_unit,
    )


@dataclass(frozen=True, kw_only=True)
class Tracked(Aim):
    """A target that the model does not compute, its value as the plan writes it, and why not."""

    value: str
    reason: Text


class Targets(NamedTuple):
    """All targets of the plan, by name."""

    simulated: dict[str, Target]
    tracked: dict[str, Tracked]


def read_targets(file: Path) -> Targets:
    """The plan's targets in `file`; refuses all that is wrong with them at once."""
    problems: list[Text] = []
    found = Targets({}, {})
    for name, entry in read_yaml(file).items():
        match _aim(str(name), mapping(entry, file, str(name), problems), file, problems):
            case Target() as target:
                found.simulated[target.name] = target
            case Tracked() as tracked:
                found.tracked[tracked.name] = tracked
    if problems:
        raise Refused(*problems)
    return found


SHARED = ("title", "clause", "year", "value", "unit", "sense", "nature", "group", "basis")
OF_TARGET = ("variable", "band", "reported_to", "since", "measure", "thresholds")


def some(targets: tuple[Target, ...]) -> tuple[Target, ...]:
    """The targets that something is asked about; raises Refused where there are none."""
    if targets:
        return targets
    raise Refused(
        Text(
            "这个模型没有规划目标，而这里问的正是目标；请在模型旁写 targets.yaml"
            "（写法见 sim model check 模型文件）",
            "this model has no targets, and they are what is asked about here; write targets.yaml "
            "beside the model (sim model check FILE shows how)",
        )
    )


def _aim(
    name: str, entry: Mapping[Any, Any], file: Path, problems: list[Text]
) -> Target | Tracked | None:
    """A target with its variable, or with the reason why it has none."""
    if ("variable" in entry) == ("reason" in entry):
        problems.append(
            Text(
                f"{file}: {name} 应写明 variable（由模型计算）或 reason（为何不计算），二者取一",
                f"{file}: {name} gives either its variable, or the reason why the model does not "
                "compute it",
            )
        )
    known_keys(entry, {*SHARED, *OF_TARGET, "reason", "note"}, file, name, problems)
    if lacks(entry, SHARED, file, name, problems):
        return None
    for key, choices in (
        ("sense", SENSES),
        ("nature", NATURES),
        ("group", GROUPS),
        ("basis", BASES),
    ):
        choice(entry[key], choices, file, f"{name}.{key}", problems)
    shared: dict[str, Any] = {
        key: str(entry[key]) for key in SHARED if key not in ("title", "year", "value")
    }
    shared["note"] = str(entry.get("note") or "")
    shared["title"] = text_of(entry["title"], file, f"{name}.title", problems)
    shared["year"] = int(number(entry["year"], file, f"{name}.year", problems))
    if "variable" in entry:
        return Target(name=name, **shared, **_computed(name, entry, file, problems))
    reason = text_of(entry.get("reason"), file, f"{name}.reason", problems)
    return Tracked(name=name, value=str(entry["value"]), reason=reason, **shared)


def _computed(
    name: str, entry: Mapping[Any, Any], file: Path, problems: list[Text]
) -> dict[str, Any]:
    """What a target that the model computes says of its own."""
    numbers = {
        key: number(entry.get(key) or 0, file, f"{name}.{key}", problems)
        for key in ("value", "band", "reported_to", "since")
    }
    measure = entry.get("measure", "level")
    choice(measure, MEASURES, file, f"{name}.measure", problems)
    if (measure == "level") == ("since" in entry):
        problems.append(
            Text(
                f"{file}: {name} 的 since 与 measure（change 或 mean_growth）须同时写明",
                f"{file}: {name}: since and measure (change or mean_growth) belong together",
            )
        )
    if entry["sense"] == "about" and not numbers["band"] > 0:
        problems.append(
            Text(
                f"{file}: {name} 为 about，须写明幅度 band（如 0.05）",
                f"{file}: {name} is `about`: it needs its band, such as 0.05",
            )
        )
    if numbers["reported_to"] < 0:
        problems.append(
            Text(
                f"{file}: {name} 的 reported_to 是公布数字的最小间隔（如 1），不能小于零",
                f"{file}: {name}: reported_to is the step to which the figure is published, such "
                "as 1; it cannot be below zero",
            )
        )
    if "since" in entry and not numbers["since"] < entry["year"]:
        problems.append(
            Text(f"{file}: {name} 的 since 须早于 year", f"{file}: {name}: since is before year")
        )
    thresholds = entry.get("thresholds") or []
    return {
        "variable": str(entry["variable"]),
        "value": numbers["value"],
        "band": numbers["band"],
        "reported_to": numbers["reported_to"],
        "since": int(numbers["since"]) if "since" in entry else None,
        "measure": str(measure),
        "thresholds": tuple(
            number(one, file, f"{name}.thresholds", problems)
            for one in (thresholds if isinstance(thresholds, list) else [thresholds])
        ),
    }
