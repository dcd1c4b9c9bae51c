"""`sim plot`: figures of a run's folder, as PNG, SVG or PDF."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands.asked import Asked, asked, chosen
from sim.text import Refused, Text

if TYPE_CHECKING:
    from sim.report.figures.frame import Picture
    from sim.report.record import Record
    from sim.report.stockflow import LinkSigns

DEFAULTS = {
    "run": "latest",
    "targets": "",
    "variables": "",
    "sector": "",
    "format": "png",
    "width": "",
    "height": "",
    "dpi": "300",
    "output": "",
    "outputs": "outputs",
}
FORMATS = ("png", "svg", "pdf")
SIGNS = Text("判断影响的方向", "finding which way causes act")
WORLDS, WORLD_YEARS = 200, range(2015, 2036)
"""The worlds in which the signs of links are found, as those of the pages are."""
EVERY = "all"
SMALLEST, LARGEST = 4.0, 120.0
"""cm: a stamp, and more than a poster."""
MOST_PIXELS = 100_000_000


def main(arguments: Sequence[str], lang: str) -> int:
    """Draws the kinds that are named (`all` for every one) and prints where the files are."""
    given = asked(arguments, DEFAULTS, "plot")
    formats = [chosen(name, FORMATS, Text("格式", "format")) for name in given.names("format")]
    dpi = _dpi(given.values["dpi"])
    size = _cm("width", given.values["width"]), _cm("height", given.values["height"])
    kinds = _kinds(given.words)
    if not kinds:
        print("\n".join(_listing(lang)))
        return 0
    from sim.commands.opened import open_records
    from sim.report.figures.kinds import missing_character

    records = open_records(given.values["run"], Path(given.values["outputs"]))
    folder = (
        Path(given.values["output"]) if given.values["output"] else records[0].folder / "figures"
    )
    try:
        return _draw(kinds, tuple(records), given, formats, size, dpi, folder, lang)
    except UserWarning as error:
        raise missing_character(error) from error


def _draw(
    kinds: Sequence[str],
    records: "tuple[Record, ...]",
    given: Asked,
    formats: Sequence[str],
    size: tuple[float | None, float | None],
    dpi: int,
    folder: Path,
    lang: str,
) -> int:
    from sim.report.figures.frame import Subject
    from sim.report.figures.kinds import pictures
    from sim.report.output import put
    from sim.report.sheet import rendered

    sectors = given.names("sector")
    signs = signs_of(records[0], lang) if "stock_flow" in kinds else {}
    subject = Subject(
        records, lang, given.names("targets"), given.names("variables"), sectors, signs
    )
    left_out: list[Text] = []
    for kind in kinds:
        try:
            drawn = pictures(kind, subject)
            for picture in drawn:
                _sized(kind, picture, size, dpi)
        except Refused as refusal:
            if len(kinds) == 1:
                raise
            left_out += [Text(f"{kind}：{p.zh}", f"{kind}: {p.en}") for p in refusal.problems]
            continue
        for picture in drawn:
            for suffix in formats:
                file = folder / f"{picture.name}.{suffix}"
                print(put(file, rendered(picture.sheet, suffix, dpi)), flush=True)
    if left_out and EVERY not in given.words:
        raise Refused(*left_out)
    for text in left_out:
        print(Text(f"没有画 {text.zh}", f"not drawn: {text.en}").of(lang))
    return 0


def signs_of(record: "Record", lang: str) -> "LinkSigns":
    """The signs of the model's links in the worlds of a run; found once for each model."""
    import pickle

    import numpy as np

    from sim.analysis.signs import link_signs, sample
    from sim.commands.progress import progress_bar
    from sim.engine.cache import load_model, remembered
    from sim.report.stockflow import clear_sign

    settings = record.settings
    model, scenario = load_model(settings.model), record.scenarios[0]

    def found() -> "LinkSigns":
        with progress_bar(lang, SIGNS):
            worlds = sample(model, settings.table, scenario, WORLDS, 1, WORLD_YEARS)
            signs = link_signs(model, worlds)
        return {link: np.array([clear_sign(own)], np.int8) for link, own in signs.items()}

    return remembered("signs", pickle.dumps((model, dict(settings.table), scenario)), found)


def _kinds(words: Sequence[str]) -> list[str]:
    from sim.report.figures.kinds import KINDS

    choices = (*KINDS, EVERY)
    wanted = [word for listed in words for word in listed.split(",") if word]
    named = [chosen(word, choices, Text("图", "figure")) for word in wanted]
    return list(KINDS) if EVERY in named else list(dict.fromkeys(named))


def _listing(lang: str) -> list[str]:
    from sim.commands.columns import columns
    from sim.report.figures.kinds import KINDS

    rows = [(f"  sim plot {name}", kind.title.of(lang)) for name, kind in KINDS.items()]
    return [Text("可以画：", "It draws:").of(lang), *columns(rows)]


def _sized(
    kind: str, picture: "Picture", size: tuple[float | None, float | None], dpi: int
) -> None:
    """Makes a picture as wide and as high as was asked for; refuses what could not be drawn."""
    from sim.report.figures.size import resize
    from sim.report.sheet import CM

    if any(size):
        if kind == "stock_flow":
            raise Refused(
                Text(
                    "存量流量图的大小由部门决定，不能指定 width、height；"
                    "可用 format=svg，在文档中缩放",
                    "the diagram of a sector has the size that it needs: leave width and height "
                    "out, and scale it in your document (format=svg)",
                )
            )
        resize(picture.sheet, *size)
    inches = picture.sheet.get_size_inches()
    if inches.prod() * dpi**2 > MOST_PIXELS:
        wide, high = CM * inches
        raise Refused(
            Text(
                f"{wide:.1f} × {high:.1f} 厘米、dpi={dpi} 的图超过 "
                f"{MOST_PIXELS // 10**8} 亿个像素；请减小 dpi 或尺寸",
                f"{wide:.1f} × {high:.1f} cm at dpi={dpi} are more than "
                f"{MOST_PIXELS // 10**6} million pixels; choose a smaller dpi or size",
            )
        )


def _cm(key: str, value: str) -> float | None:
    """A length such as 12 or 12cm, in cm; None where none is given."""
    if not value:
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(?:cm|厘米)?", value.strip())
    if match and SMALLEST <= float(match[1]) <= LARGEST:
        return float(match[1])
    raise Refused(
        Text(
            f"{key}={value}：应为 {SMALLEST:g} 到 {LARGEST:g} 厘米，如 {key}=15.6cm",
            f"{key}={value}: from {SMALLEST:g} to {LARGEST:g} cm, such as {key}=15.6cm",
        )
    )


def _dpi(value: str) -> int:
    if value.isdigit() and 30 <= int(value) <= 1200:
        return int(value)
    raise Refused(
        Text(f"dpi={value}：应为 30 到 1200 的整数", f"dpi={value}: a whole number from 30 to 1200")
    )
