"""What it would take, drawn: the odds where all levers go together, and the least change beside."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from sim.ensemble.target import Target
from sim.report.numbers import share
from sim.report.reaching import Reached, say, wanted_names
from sim.report.rows import sound_members
from sim.report.sheet import (
    GOLD,
    GREY,
    INK,
    LOOKS,
    PALER,
    SMALLEST,
    Sheet,
    new_sheet,
    save,
    styled,
    write_notes,
)
from sim.report.words import fit, folded, model_name, target_name
from sim.text import Text

Floats = NDArray[np.float64]

FILE = "along.png"
NAMED = 6
"""Other targets that are named, at most: those whose odds move most."""
MOVED = 0.05
"""Of a target that moves less nobody asks what it is called."""
APART = 9.0
"""Percentage points between the names of two lines, each on two lines."""
LINE, ABOVE = 5.0, 4.0
"""Percentage points between numbers, and how far these stand above their marks: clear of lines."""
FAR = 80.0
"""From here on numbers stand at the left of their mark."""
NAME = 34
"""Latin letters of a name on one line."""
WANTED: dict[str, Any] = {"color": INK, "linestyle": (0, (7, 3)), "linewidth": 0.9}
THIN = "#B9C0C8"
"""Of lines that are there to be seen, not to be read."""
WORDS = {
    "title": Text(
        "达标概率：全部手段一齐用力，与最小的改动",
        "Odds: all levers together, and the least change",
    ),
    "asked": Text(
        "要求：{targets}不低于 {odds}", "Wanted: {targets} at {odds} or more"
    ),
    "way": Text(
        "走过的路程（%）：各项手段力度的平均，100% 即全部用足",
        "How far (%): mean of the ways of all levers; 100% is all at their limits",
    ),
    "way_by_effort": Text(
        "走过的路程（%）：各项手段力度按难度加权的平均，100% 即全部用足",
        "How far (%): mean of the ways of all levers, by effort; 100% is all at their limits",
    ),
    "odds": Text("达标概率（%）", "Probability of attainment (%)"),
    "wanted": Text("要求 {odds}", "wanted {odds}"),
    "line": Text("全部手段一齐走（±1 个标准误）", "all levers together (±1 standard error)"),
    "others": Text("其他目标", "other targets"),
    "mark": Text("求得的最小改动：{count} 项手段", "least change found, levers: {count}"),
    "nearest": Text("最接近的一组：{count} 项手段", "what comes nearest, levers: {count}"),
    "lines": Text(
        "线：{levers} 项手段从“{start}”向“{toward}”走同样的比例，{draws} 次抽样",
        "Lines: {levers} levers, all by the same share from “{start}” to “{toward}”, {draws} draws",
    ),
    "marks": Text(
        "菱形：只动求得的手段，由另外 {checked} 次抽样检验，短线为 ±1 个标准误",
        "Diamonds: the levers found alone, checked with another {checked} draws; whiskers: ±1 "
        "standard error",
    ),
    "moved": Text(
        "写出名称的其他目标：变化最大的（超过 {least} 个百分点）",
        "Other targets are named where they move most (by more than {least} points)",
    ),
    "source": Text(
        "来源：{model}模拟，随机种子 {seed}", "Source: {model}, seed {seed}"
    ),
}  # fmt: skip


def save_along(found: Reached, folder: Path, lang: str, dpi: int = 150) -> Path:
    """The file written into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    return save(along_sheet(found, lang), folder / FILE, dpi)


def along_sheet(found: Reached, lang: str) -> Sheet:
    """A sheet with the odds of the wanted targets over how far all levers have gone, what is
    wanted, and the least change; the other targets thinly."""
    height = 11.3
    sheet = new_sheet(16, height)
    with styled():
        axes = sheet.add_axes((0.085, 2.85 / height, 0.565, 1 - 4.9 / height))
        _frame(axes, found, lang)
        others = [one for one in found.settings.run.targets if one not in found.settings.wanted]
        for target in others:
            axes.plot(*_line(found, target), color=THIN, linewidth=0.7, gid="other")
        for place, target in enumerate(found.settings.wanted):
            _draw(axes, found, target, place)
        if found.ways:
            _mark(axes, found)
        named = _most_moved(found, others)
        _names(axes, found, named, lang)
        _margins(sheet, found, bool(named), lang)
    return sheet


def _line(found: Reached, target: Target) -> tuple[Floats, Floats]:
    """How far, and the odds of a target there, in percent."""
    along = found.along
    return 100 * along["share"].values, 100 * along["probability"].sel(target=target.name).values


def _frame(axes: Axes, found: Reached, lang: str) -> None:
    settings = found.settings
    axes.set_xlim(0, 100)
    axes.set_ylim(-2, 102)
    axes.set_yticks(range(0, 101, 20))
    axes.grid(axis="y")
    axes.set_xlabel(WORDS["way_by_effort" if settings.efforts else "way"].of(lang), fontsize=7.5)
    axes.set_ylabel(WORDS["odds"].of(lang), fontsize=7.5)
    axes.axhline(100 * settings.probability, gid="wanted", **WANTED)


def _draw(axes: Axes, found: Reached, target: Target, place: int) -> None:
    """The odds of a wanted target, with their error."""
    look = LOOKS[place % len(LOOKS)]
    x, percent = _line(found, target)
    error = 100 * found.along["standard_error"].sel(target=target.name).values
    axes.fill_between(x, percent - error, percent + error, color=PALER, linewidth=0)
    axes.plot(
        x, percent, color=look.ink, linestyle=look.dash, linewidth=1.7, gid=f"odds-{target.name}"
    )  # fmt: skip


def _mark(axes: Axes, found: Reached) -> None:
    """Where the wanted targets are with the least change, and their odds in numbers beside."""
    x, names = 100 * found.gone, [target.name for target in found.settings.wanted]
    own = found.attainment.isel(scenario=0).sel(target=names)
    odds, errors = own["probability"].values, own["standard_error"].values
    sound, side = sound_members(found.attainment)[0], 1 if x < FAR else -1
    order = np.argsort(odds)
    beside = dict(zip(order, apart(100 * odds[order] + ABOVE, LINE), strict=True))
    for place, (chance, error) in enumerate(zip(odds, errors, strict=True)):
        ink = LOOKS[place % len(LOOKS)].ink
        axes.errorbar(
            [x], [100 * chance], yerr=[100 * error], fmt="D", color=GOLD, markeredgecolor=ink,
            markersize=6, ecolor=ink, elinewidth=0.9, capsize=2, zorder=5, clip_on=False,
            gid=f"found-{names[place]}",
        )  # fmt: skip
        axes.text(
            x + 2.5 * side, beside[place], share(float(chance), float(error), sound), color=ink,
            fontsize=7.5, va="center", ha="left" if side > 0 else "right", zorder=6,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.6},
        )  # fmt: skip


def _most_moved(found: Reached, others: Sequence[Target]) -> list[Target]:
    """The other targets whose odds move most along the way."""
    ranges = {one: float(np.ptp(_line(found, one)[1])) for one in others}
    moved = [one for one in others if ranges[one] > 100 * MOVED]
    return sorted(moved, key=lambda one: -ranges[one])[:NAMED]


def _names(axes: Axes, found: Reached, named: Sequence[Target], lang: str) -> None:
    """The names of lines, beside their ends, apart from each other."""
    wanted = list(found.settings.wanted)
    shown = [*wanted, *named]
    ends = np.array([_line(found, target)[1][-1] for target in shown])
    shown = [shown[place] for place in np.argsort(ends)]
    ends = np.sort(ends)
    for target, end, height in zip(shown, ends, apart(ends), strict=True):
        ours = target in wanted
        look = LOOKS[wanted.index(target) % len(LOOKS)] if ours else None
        colour, size = (look.ink, 7.5) if look else (GREY, SMALLEST)
        name = target_name(target.title.of(lang), target.year, lang, target.time_unit)
        axes.plot([100, 103, 105], [end, height, height], color=colour if ours else THIN,
                  linewidth=0.6, clip_on=False)  # fmt: skip
        axes.text(
            106, height, folded(name, NAME), fontsize=size, color=colour, va="center",
            linespacing=1.0, gid="name",
        )  # fmt: skip


def apart(heights: Floats, gap: float = APART) -> Floats:
    """Rising heights moved as little as can be so that there is a gap between them, between 0 and
    100."""
    steps = gap * np.arange(len(heights))
    moved = heights - steps  # to be rising is then to be apart
    up, down = np.maximum.accumulate(moved), np.minimum.accumulate(moved[::-1])[::-1]
    placed: Floats = np.clip((up + down) / 2, 0.0, max(100.0 - steps[-1], 0.0)) + steps
    return placed


def _margins(sheet: Sheet, found: Reached, named: bool, lang: str) -> None:
    """Title, what was asked and the legend above; draws and their errors below."""
    settings, height = found.settings, 2.54 * sheet.get_size_inches()[1]
    facts = {
        "targets": say("comma", lang).join(wanted_names(found, lang)),
        "odds": f"{settings.probability:.0%}",
        "start": settings.run.scenarios[0].title.of(lang),
        "toward": settings.toward.title.of(lang),
        "levers": len(settings.axes),
        "draws": f"{settings.search.draws:,}",
        "checked": f"{settings.check.draws:,}",
        "least": f"{100 * MOVED:g}",
        "model": model_name(settings.run.model).of(lang),
        "seed": settings.run.seed,
    }
    sheet.text(
        0.015, 1 - 0.25 / height, WORDS["title"].of(lang), fontsize=11.5, va="top", gid="title"
    )
    asked = fit(WORDS["asked"].of(lang).format(**facts), 118)
    sheet.text(0.015, 1 - 0.82 / height, asked, fontsize=8, va="top", color=GREY)
    _legend(sheet, found, str(facts["odds"]), lang)
    words = ("lines", *["marks"] * bool(found.ways), *["moved"] * named)
    notes = [WORDS[word].of(lang).format(**facts) for word in words]
    write_notes(sheet, [*notes, WORDS["source"].of(lang).format(**facts)])


def _legend(sheet: Sheet, found: Reached, odds: str, lang: str) -> None:
    look, height = LOOKS[0], 2.54 * sheet.get_size_inches()[1]
    rows: list[tuple[str, Line2D]] = [
        ("line", Line2D([], [], color=look.ink, linewidth=1.7)),
        ("wanted", Line2D([], [], **WANTED)),
        ("others", Line2D([], [], color=THIN, linewidth=0.9)),
    ]
    if found.ways:
        diamond = Line2D([], [], color=GOLD, marker="D", markeredgecolor=INK, linestyle="none")
        rows.insert(1, ("mark" if found.met else "nearest", diamond))
    labels = [WORDS[word].of(lang).format(odds=odds, count=len(found.ways)) for word, _ in rows]
    sheet.legend(
        [handle for _, handle in rows], labels, loc="upper left",
        bbox_to_anchor=(0.005, 1 - 1.2 / height), ncols=4, frameon=False, columnspacing=1.4,
        handlelength=2.2, borderpad=0.2, fontsize=7.5,
    )  # fmt: skip
