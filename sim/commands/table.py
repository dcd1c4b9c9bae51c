"""`sim table`: the numbers of a run for Excel, R, Stata, LaTeX, and other models' tools."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands.asked import Asked, asked, chosen
from sim.text import Refused, Text

if TYPE_CHECKING:
    from sim.report.record import Record

DEFAULTS = {
    "run": "latest",
    "variables": "",
    "format": "xlsx,csv",
    "output": "",
    "outputs": "outputs",
}
FORMATS = ("xlsx", "csv", "md", "tex", "long", "iamc")
WRITING = Text("正在写表", "writing the tables")


def main(arguments: Sequence[str], lang: str) -> int:
    """Writes the tables and prints where they are."""
    given = asked(arguments, DEFAULTS, "table")
    if given.words:
        raise Refused(
            Text(
                f"看不懂 sim table {' '.join(given.words)}；写法为 sim table format=xlsx,csv",
                f"`sim table {' '.join(given.words)}` is not understood; it is "
                "`sim table format=xlsx,csv`",
            )
        )
    formats = [chosen(name, FORMATS, Text("格式", "format")) for name in given.names("format")]
    from sim.commands.opened import open_records
    from sim.commands.progress import progress_bar
    from sim.report.output import put

    records = open_records(given.values["run"], Path(given.values["outputs"]))
    folder = Path(given.values["output"] or records[0].folder / "tables")
    with progress_bar(lang, WRITING):
        files = tables(records, given, formats, lang)
    for name, content in files.items():
        print(put(folder / name, content))
    return 0


def tables(
    records: "Sequence[Record]", given: Asked, formats: Sequence[str], lang: str
) -> dict[str, bytes]:
    """File name → content, for each of the formats."""
    from sim.report import grid_files as write
    from sim.report import grids

    targets = grids.targets_grid(records, lang)
    series = grids.series_grid(records, given.names("variables"), lang)
    found = (targets, series, grids.drivers_grid(records[0], lang))
    files: dict[str, bytes] = {}
    for form in formats:
        match form:
            case "xlsx":
                files["tables.xlsx"] = write.as_xlsx(found, lang, about(records, lang))
            case "csv":
                files |= {f"{grid.name}.csv": write.as_csv(grid, lang) for grid in found}
            case "md":
                files |= {f"{grid.name}.md": write.as_markdown(grid, lang) for grid in found}
            case "tex":
                files |= {f"{grid.name}.tex": write.as_latex(grid, lang) for grid in found}
            case "long":
                content = write.as_csv(grids.long_grid(series, targets), lang, names=True)
                files["long.csv"] = content
            case "iamc":
                files["iamc.csv"] = write.as_csv(grids.iamc_grid(series), lang, names=True)
    return files


def about(records: "Sequence[Record]", lang: str) -> list[tuple[str, str]]:
    """Where the numbers come from: each run's folder, command, draws, seed and version."""
    words = {
        "run": Text("运行", "Run"),
        "command": Text("命令", "Command"),
        "draws": Text("抽样次数", "Draws"),
        "seed": Text("随机种子", "Seed"),
        "commit": Text("程序版本", "Version"),
    }
    lines = []
    for record in records:
        facts = {
            "run": "/".join(record.folder.parts[-2:]),
            **{key: str(record.manifest.get(key) or "") for key in words if key != "run"},
        }
        lines += [(words[key].of(lang), text) for key, text in facts.items()]
    return lines
