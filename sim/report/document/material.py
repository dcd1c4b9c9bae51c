"""What a report is written from: runs, language, date; and the figures it shows."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from sim.ensemble.sectors import Sector, read_sectors
from sim.ensemble.target import Target, Tracked
from sim.report.document.tree import Figure, Line, Reference, numbered
from sim.report.document.words import say
from sim.report.figures.frame import Picture, Subject
from sim.report.figures.kinds import pictures
from sim.report.record import Record
from sim.report.rows import TargetRow, target_rows
from sim.report.sheet import CM, FULL_PAGE, WIDTH, Sheet, rendered
from sim.report.words import time_head, time_unit

DPI = 200
TITLE_ROOM = 0.75  # cm at the top of a sheet, where its title stands


@dataclass(frozen=True)
class Material:
    """Runs (the first is the report's own), language, and the date on the cover.

    `drawn`: whether figures are rendered; a report that is only checked needs none.
    """

    records: tuple[Record, ...]
    lang: str
    date: datetime.date
    drawn: bool = True

    @property
    def record(self) -> Record:
        """The run that the report is about."""
        return self.records[0]

    @cached_property
    def titles(self) -> list[str]:
        """The titles of its scenarios."""
        return [scenario.title.of(self.lang) for scenario in self.record.scenarios]

    @cached_property
    def targets(self) -> list[Target]:
        """The targets, the binding ones first; otherwise as the plan has them."""
        return sorted(self.record.targets, key=lambda target: target.nature != "binding")

    @cached_property
    def tracked(self) -> list[Tracked]:
        """The plan's targets that are not simulated."""
        return list(self.record.settings.home.targets().tracked.values())

    @cached_property
    def rows(self) -> dict[str, TargetRow]:
        """Every target as a reader meets it."""
        names = [str(name) for name in self.record.attainment["target"].values]
        rows = target_rows(self.record.attainment, self.lang)
        return dict(zip(names, rows, strict=True))

    @cached_property
    def sectors(self) -> dict[str, Sector]:
        """What each sector of the county's model is for; none of another model, whose files say
        what they like."""
        home = self.record.settings.home
        return read_sectors(home.folder / "sector") if home.county else {}

    def reference(
        self, statistic: str, target: Target | None = None, scenario: int = 0
    ) -> Reference:
        """What a number of this report is."""
        return Reference(
            statistic,
            self.record.scenarios[scenario].name,
            target.name if target else "",
            target.variable if target else "",
            str(target.year) if target else "",
            "/".join(self.record.folder.parts[-2:]),
        )

    def cell(
        self, text: str, statistic: str, target: Target | None = None, scenario: int = 0
    ) -> Line:
        """`text`, its numbers known as `statistic` of a target in a scenario.

        A number after ± is the standard error; the two of a "range" are its ends.
        """
        parts = list(numbered(text, self.reference(statistic, target, scenario)))
        second = "p95" if statistic == "range" else f"{statistic}_standard_error"
        for place, part in enumerate(parts):
            if isinstance(part, str):
                continue
            after = "".join(one for one in parts[:place] if isinstance(one, str))
            name = second if place and ("±" in after or "–" in after) else statistic
            name = "p05" if name == "range" else name
            parts[place] = part._replace(reference=part.reference._replace(statistic=name))
        return tuple(parts)

    def head(self, *names: str) -> tuple[str, ...]:
        """What stands over columns; over times with the unit in which the model counts them."""
        times = time_head(time_unit(self.record.attainment), self.lang)
        return tuple(times if name == "year" else say(name, self.lang) for name in names)

    @property
    def tested(self) -> bool:
        """Whether back-tests say what probabilities are worth."""
        return "band_low" in self.record.attainment

    def figures(self, kind: str, only: Iterable[str] = ()) -> list[Figure]:
        """The figures of a kind, without their own title: the caption says it."""
        records = self.records if kind == "heat" else self.records[:1]  # of which the report is
        subject = Subject(records, self.lang, tuple(only))
        return [self._figure(picture) for picture in pictures(kind, subject)]

    def _figure(self, picture: Picture) -> Figure:
        width, height = (CM * float(side) for side in picture.sheet.get_size_inches())
        png = untitled(picture.sheet) if self.drawn else b""
        height -= TITLE_ROOM
        scale = min(1.0, WIDTH / width, (FULL_PAGE - TITLE_ROOM) / height)
        return Figure(numbered(picture.title), png, scale * width, scale * height, picture.alt)


def untitled(sheet: Sheet) -> bytes:
    """The PNG of a sheet without its title and the room that it takes."""
    from matplotlib.transforms import Bbox

    for title in sheet.findobj(lambda artist: artist.get_gid() == "title"):
        title.remove()
    width, height = sheet.get_size_inches()
    box = Bbox([[0, 0], [width, height - TITLE_ROOM / CM]])
    return rendered(sheet, "png", DPI, box)
