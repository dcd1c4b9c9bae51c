"""What all figures share: a picture with its alternative text, title above and sources below."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from matplotlib.axes import Axes

from sim.ensemble.target import Target, some
from sim.report.figures.words import say
from sim.report.record import Record
from sim.report.sheet import GREY, Sheet, new_sheet, styled
from sim.report.words import fit, target_name
from sim.text import Refused, Text, near

WIDTH = 15.6  # cm: the text block of a government document (GB/T 9704-2012, 5.2.1)
FULL_PAGE = 21.5  # cm of its 22.5, which leaves room for the caption
TITLE, SOURCE = 11.5, 7  # pt
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
class Subject:
    """What is to be drawn: runs, and of them the targets and variables that were asked for."""

    records: tuple[Record, ...]
    lang: str = "zh"
    only: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()

    @property
    def record(self) -> Record:
        """The first of the runs, which most figures are about."""
        return self.records[0]

    @property
    def targets(self) -> list[Target]:
        """The targets asked for, or all; refuses names that the run does not know."""
        known = {target.name: target for target in some(self.record.targets)}
        absent = [name for name in self.only if name not in known]
        if absent:
            raise Refused(*(_unknown(name, list(known), self.record) for name in absent))
        return [known[name] for name in self.only] or list(known.values())

    def titles(self) -> list[str]:
        """The titles of the scenarios of the first run."""
        return [scenario.title.of(self.lang) for scenario in self.record.scenarios]


def _unknown(name: str, names: Sequence[str], record: Record) -> Text:
    hint = near(name, names)
    return Text(
        f"{record.folder} 没有目标 {name}{hint.zh or '；有：' + '、'.join(names)}",
        f"{record.folder} has no target {name}{hint.en or '; it has ' + ', '.join(names)}",
    )


def titled_sheet(height: float, title: str, notes: Sequence[str]) -> Sheet:
    """A sheet `WIDTH` × `height` cm with its title at the top and `notes` at the bottom."""
    sheet = new_sheet(WIDTH, height)
    with styled():
        sheet.text(0.012, 1 - 0.25 / height, fit(title, 78), fontsize=TITLE, va="top", gid="title")
        for place, note in enumerate(reversed(notes)):
            line = (0.15 + 0.4 * place) / height
            sheet.text(0.012, line, fit(note, LETTERS), fontsize=SOURCE, color=GREY, gid="source")
    return sheet


def room(height: float, left: float, right: float, top: float, bottom: float) -> Box:
    """The rectangle of axes that leave these margins, all in cm, in shares of the sheet."""
    return (
        left / WIDTH,
        bottom / height,
        (WIDTH - left - right) / WIDTH,
        (height - top - bottom) / height,
    )


def source(record: Record, lang: str) -> str:
    """The line that says where a figure's numbers come from."""
    table = record.attainment
    text = say(
        "source",
        lang,
        draws=f"{int(table['members'][0]):,}",
        seed=record.settings.seed,
        run="/".join(record.folder.parts[-2:]),
    )
    failed = int(table["failed_members"].sum())
    return text + (say("failed", lang, failed=f"{failed:,}") if failed else "")


def name_rows(axes: Axes, names: Sequence[str], width: int, size: float = 8.0) -> None:
    """Row `i`'s name at the left of y = i, first row on top."""
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(range(len(names)), [fit(name, width) for name in names], fontsize=size)
    axes.tick_params(axis="y", length=0)


def year_ticks(first: float, last: float, step: int = 5) -> list[float]:
    """Every `step`-th whole year between two times."""
    return [float(y) for y in np.arange(np.ceil(first / step) * step, last + 0.5, step)]


def mark_years(axes: Axes, first: float, last: float, step: int, size: float = 8.0) -> None:
    """Named years along the bottom; those at the edges stay inside, clear of the next panel."""
    ticks = year_ticks(first, last, step)
    axes.set_xlim(first, last)
    axes.set_xticks(ticks, [f"{tick:.0f}" for tick in ticks], fontsize=size)
    for tick, text in zip(ticks, axes.get_xticklabels(), strict=True):
        text.set_horizontalalignment(
            "left" if tick == first else "right" if tick == last else "center"
        )


def row_name(target: Target, lang: str, width: int = 200) -> str:
    """A target's title with its year, the title cut to fit: 县城常住人口（2025）."""
    room_for = width - 8 if lang == "zh" else round(1.02 * width) - 7  # Latin letters are narrower
    return target_name(fit(target.title.of(lang), room_for), target.year, lang)
