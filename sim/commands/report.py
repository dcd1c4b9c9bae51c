"""`sim report`: a run's folder becomes a report as Word, HTML and PDF."""

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands.asked import asked, chosen
from sim.text import Refused, Text

if TYPE_CHECKING:
    from sim.report.record import Record

DEFAULTS = {
    "run": "latest",
    "format": "docx,html,pdf",
    "template": "",
    "date": "",
    "output": "",
    "outputs": "outputs",
}
FORMATS = ("docx", "html", "pdf")
WRITING = Text("正在写报告", "writing the report")


def main(arguments: Sequence[str], lang: str) -> int:
    """Writes the report and prints where its files are."""
    given = asked(arguments, DEFAULTS, "report")
    if given.words:
        raise Refused(
            Text(
                f"看不懂 sim report {' '.join(given.words)}；写法为 sim report run=latest",
                f"`sim report {' '.join(given.words)}` is not understood; it is "
                "`sim report run=latest`",
            )
        )
    formats = [chosen(name, FORMATS, Text("格式", "format")) for name in given.names("format")]
    date = _date(given.values["date"])
    template = Path(given.values["template"]) if given.values["template"] else None
    from sim.commands.opened import open_records
    from sim.ensemble.target import some

    records = open_records(given.values["run"], Path(given.values["outputs"]))
    some(records[0].targets)
    folder = Path(given.values["output"] or records[0].folder)
    from sim.commands.progress import progress_bar
    from sim.report.output import put

    with progress_bar(lang, WRITING):
        files = report(records, lang, date, formats, template)

    for name, content in files.items():
        print(put(folder / name, content))
    return 0


def report(
    records: "Sequence[Record]",
    lang: str,
    date: datetime.date,
    formats: Sequence[str] = FORMATS,
    template: Path | None = None,
) -> dict[str, bytes]:
    """File name → content of the report in each of `formats`, all from one document."""
    from sim.report.document.chapters import document
    from sim.report.document.hidden import as_json, as_xml, content
    from sim.report.document.material import Material
    from sim.report.document.pdf import write_pdf
    from sim.report.figures.kinds import missing_character

    try:
        tree = document(Material(tuple(records), lang, date))
    except UserWarning as error:
        raise missing_character(error) from error
    facts = content(tree, *sources(records), date.isoformat())
    files: dict[str, bytes] = {}
    # the pages of the contents come from the PDF, which is set in the same measures
    pdf, pages = write_pdf(tree) if {"docx", "pdf"} & set(formats) else (b"", [])
    if "docx" in formats:
        from sim.report.document.docx import write_docx

        files["report.docx"] = write_docx(tree, as_xml(facts), pages, template)
    if "html" in formats:
        from sim.report.document.html import write_html

        files["report.html"] = write_html(tree, as_json(facts))
    if "pdf" in formats:
        files["report.pdf"] = pdf
    return files


def sources(records: "Sequence[Record]") -> tuple[list[str], list[str]]:
    """The folders of the runs as they were named, and the checksums of their manifests."""
    from sim.ensemble.store import checksum

    return (
        [record.folder.as_posix() for record in records],
        [checksum([record.folder / "manifest.json"]) for record in records],
    )


def _date(value: str) -> datetime.date:
    if not value:
        return datetime.date.today()
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        raise Refused(
            Text(
                f"date={value}：日期应写作 2026-01-31", f"date={value}: write a date as 2026-01-31"
            )
        ) from None
