"""What all figures share: a picture with its alternative text, title above and sources below."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from sim.ensemble.target import Target, some, targets_called
from sim.report.fan import tick_step
from sim.report.figures.words import say
from sim.report.record import Record
from sim.report.sheet import (
    GREY,
    LOOKS,
    NOTE,
    SMALLEST,
    WIDTH,
    Sheet,
    name_ticks,
    new_sheet,
    styled,
)
from sim.report.words import display_width, fit, folded, model_name, target_name
from sim.report.words import say as word
from sim.text import Refused, Text, near

if TYPE_CHECKING:
    from sim.report.stockflow import LinkSigns

TITLE, SOURCE = 11.5, 7  # pt
MARGIN = 0.012  # of the width, on either side of a title
COLUMNS = (
    *("probability", "standard_error", "median", "p05", "p95"),
    *("members", "failed_members", "independent_members"),
)
"""Of the odds of a run what figures of several show."""
Box = tuple[float, float, float, float]
LETTERS = 124  # of the size of a source line that fit across


@dataclass(frozen=True)
class Picture:
    """A figure: `name` for its file, its title in words, and what stands for it unseen."""

    name: str
    sheet: Sheet = field(repr=False)
    title: str
    alt: Text


@dataclass(frozen=True)
class Case:
    """A scenario that a figure shows: of which run, at which place in it, and what it is called."""

    record: Record
    place: int
    title: Text

    def own(self, table: xr.Dataset) -> xr.Dataset:
        """Of a table of its run what is its own, dims as they were."""
        return table.isel(scenario=[self.place])


@dataclass(frozen=True)
class Subject:
    """What is to be drawn: runs, and of them the targets, variables and sectors asked for.

    `signs` of the model's links (see `sim.analysis.signs`) are for diagrams alone.
    """

    records: tuple[Record, ...]
    lang: str = "zh"
    only: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    signs: "LinkSigns" = field(default_factory=dict, repr=False)

    @property
    def record(self) -> Record:
        """The first of the runs, whose targets and units figures have."""
        return self.records[0]

    @property
    def cases(self) -> list[Case]:
        """The scenarios side by side: of one run its own and the one it is held against, of
        several runs the one that each was asked for. Refuses more than can be told apart."""
        if len(self.records) == 1:
            scenarios = self.record.scenarios
            return [Case(self.record, place, s.title) for place, s in enumerate(scenarios)]
        if len(self.records) > len(LOOKS):
            raise Refused(
                Text(
                    f"一张图最多并列 {len(LOOKS)} 次运行，这里有 {len(self.records)} 次；"
                    "更多的情景请用 sim plot heat",
                    f"a figure shows at most {len(LOOKS)} runs side by side, here are "
                    f"{len(self.records)}; for more use sim plot heat",
                )
            )
        titles = [record.scenarios[0].title for record in self.records]
        return [
            Case(record, 0, title if titles.count(title) == 1 else _dated(title, record))
            for record, title in zip(self.records, titles, strict=True)
        ]

    def fans_of(self, variables: Sequence[str]) -> xr.Dataset:
        """The quantiles of these variables in every case: (scenario, quantile, time)."""
        if len(self.records) == 1:
            return self.record.fans_of(variables)
        parts: list[xr.Dataset] = []
        for case in self.cases:
            own = case.own(case.record.fans_of(variables))
            titles = {f"title_{o}": ("scenario", [case.title.of(o)]) for o in ("zh", "en")}
            parts.append(own.assign_coords({"scenario": [len(parts)], **titles}))
        return xr.concat(parts, "scenario", join="outer", combine_attrs="override")

    def file(self, stem: str, alone: bool) -> str:
        """The name of a figure of one run; several runs' are told apart by their scenarios."""
        if alone:
            return stem
        return f"{stem}-{self.record.scenarios[0].name}-{self.record.folder.name}"

    def apart(self) -> "list[Subject]":
        """A subject for each run: of figures that can show but one."""
        return [replace(self, records=(record,)) for record in self.records]

    def attainment(self) -> xr.Dataset:
        """The odds of the targets asked for in every case; NaN where a run was not judged by one.

        Dims (scenario, target), as the table of a run has them.
        """
        names = [target.name for target in self.targets]
        like = self.record.attainment.sel(target=names)
        if len(self.records) == 1:
            return like
        parts = []
        for case in self.cases:
            odds = case.own(case.record.attainment)[list(COLUMNS)]
            parts.append(odds.reindex(target=names).reset_coords(drop=True))
        whole = xr.concat(parts, "scenario").assign_coords(
            {name: own for name, own in like.coords.items() if own.dims == ("target",)}
        )
        whole = whole.assign({str(n): own for n, own in like.items() if own.dims == ("band",)})
        titles = {
            f"title_{lang}_scenario": ("scenario", [case.title.of(lang) for case in self.cases])
            for lang in ("zh", "en")
        }
        return whole.assign_coords(titles)

    @property
    def targets(self) -> list[Target]:
        """The targets asked for, or all; refuses names that the run does not know."""
        known = {target.name: target for target in some(self.record.targets)}
        wanted = targets_called(self.only, known)
        absent = [name for name in wanted if name not in known]
        if absent:
            raise Refused(*(_unknown(name, known, self.record) for name in absent))
        return [known[name] for name in wanted] or list(known.values())

    def titles(self) -> list[str]:
        """What the cases are called."""
        return [case.title.of(self.lang) for case in self.cases]


def _dated(title: Text, record: Record) -> Text:
    """The title of a scenario that another run has too: with the name of the run's folder."""
    name = record.folder.name
    return Text(f"{title.zh}（{name}）", f"{title.en} ({name})")


def _unknown(name: str, names: Mapping[str, Target], record: Record) -> Text:
    hint = near(name, names, {own: target.title for own, target in names.items()})
    return Text(
        f"{record.folder} 没有目标 {name}{hint.zh or '；有：' + '、'.join(names)}",
        f"{record.folder} has no target {name}{hint.en or '; it has ' + ', '.join(names)}",
    )


def titled_sheet(height: float, title: str, notes: Sequence[str]) -> Sheet:
    """A sheet `WIDTH` × `height` cm with its title at the top and `notes` at the bottom."""
    sheet = new_sheet(WIDTH, height)
    with styled():
        head = sheet.text(MARGIN, 1 - 0.25 / height, title, fontsize=TITLE, va="top", gid="title")
        across = head.get_window_extent().width / sheet.bbox.width
        head.set_fontsize(TITLE * min(1.0, (1 - 2 * MARGIN) / across))
        for place, note in enumerate(reversed(notes)):
            line = (0.15 + NOTE * place) / height
            sheet.text(MARGIN, line, fit(note, LETTERS), fontsize=SOURCE, color=GREY, gid="source")
    return sheet


def room(height: float, left: float, right: float, top: float, bottom: float) -> Box:
    """The rectangle of axes that leave these margins, all in cm, in shares of the sheet."""
    return (
        left / WIDTH,
        bottom / height,
        (WIDTH - left - right) / WIDTH,
        (height - top - bottom) / height,
    )


def source(subject: Subject) -> tuple[str, ...]:
    """The lines that say where a figure's numbers come from; several runs have a line of theirs."""
    lang, records = subject.lang, subject.records
    tables = [record.fans for record in records]  # quicker to read than what they are made from
    runs = dict.fromkeys("/".join(record.folder.parts[-2:]) for record in records)
    text = say(
        "source",
        lang,
        model=_each(model_name(record.settings.model).of(lang) for record in records),
        draws=_each(f"{int(table['members'][0]):,}" for table in tables),
        seed=_each(str(record.settings.seed) for record in records),
    )
    failed = sum(int(table["failed_members"].sum()) for table in tables)
    text += say("failed", lang, failed=f"{failed:,}") if failed else ""
    names = list(runs)
    lines = [names[place : place + 3] for place in range(0, len(names), 3)]  # that many fit across
    named = [say("runs", lang, runs=word("semicolon", lang).join(line)) for line in lines]
    if len(names) == 1:
        return (text + word("semicolon", lang) + named[0],)
    return text, *named


def _each(values: Iterable[str]) -> str:
    return " / ".join(dict.fromkeys(values))


def name_rows(axes: Axes, names: Sequence[str], width: int, size: float = 8.0) -> None:
    """Row `i`'s name at the left of y = i, first row on top."""
    axes.set_ylim(len(names) - 0.5, -0.5)
    name_ticks(axes.yaxis, names, width, size)
    axes.tick_params(axis="y", length=0)


def year_ticks(first: float, last: float, step: int = 5) -> list[float]:
    """Every `step`-th whole year between two times."""
    return [float(y) for y in np.arange(np.ceil(first / step) * step, last + 0.5, step)]


def mark_years(axes: Axes, first: float, last: float, step: int, size: float = 8.0) -> None:
    """Named years along the bottom, every `step`-th of two decades; those at the edges stay
    inside, clear of the next panel."""
    ticks = year_ticks(first, last, max(1, tick_step(first, last) * step // 5))
    axes.set_xlim(first, last)
    axes.set_xticks(ticks, [f"{tick:.0f}" for tick in ticks], fontsize=size)
    for tick, text in zip(ticks, axes.get_xticklabels(), strict=True):
        text.set_horizontalalignment(
            "left" if tick == first else "right" if tick == last else "center"
        )


def name_panel(axes: Axes, name: str, x: float = 0.0) -> None:
    """The name of a small panel above it, on two lines of smaller letters where it is long."""
    size = 7.5 if display_width(name) <= 34 else SMALLEST
    text = folded(name, 36)
    axes.set_title(text, fontsize=size, linespacing=1.1, loc="left", x=x, pad=3, gid="panel")


def row_name(target: Target, lang: str) -> str:
    """A target's title with its year: 县城常住人口（2025）."""
    return target_name(target.title.of(lang), target.year, lang, target.time_unit)
