"""`sim docs`: writes the pages and diagrams of the model, or says whether they are up to date."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from sim import data
from sim.analysis.concerns import concerns
from sim.analysis.signs import link_signs, sample
from sim.analysis.statements import STATEMENTS
from sim.commands.progress import progress_bar
from sim.config.home import home_of
from sim.engine.cache import load_model
from sim.ensemble.loops import read_loops
from sim.ensemble.scenario import read_scenario
from sim.ensemble.sectors import read_sectors
from sim.ensemble.target import read_targets
from sim.report.pages import Material, pages
from sim.report.sketch import with_sketch
from sim.text import Refused, Text

FOLDER, MODEL = Path("docs/model"), Path("model/qinshui.mdl")
UP_TO_DATE, OUT_OF_DATE = 0, 1
"""The exit statuses."""
DRAWING = Text("绘制文档", "drawing pages")
DRAWS, SEED = 200, 1
"""The worlds in which the signs of links are found."""


def main(arguments: Sequence[str], lang: str) -> int:
    """Writes docs/model below the working folder, and the views of the model that lies there;
    with `check` only compares."""
    wrong = [word for word in arguments if word != "check"]
    if wrong:
        raise Refused(
            Text(
                f"看不懂 sim docs {wrong[0]}；可写 sim docs 或 sim docs check",
                f"`sim docs {wrong[0]}` is not understood; there are `sim docs`, `sim docs check`",
            )
        )
    with progress_bar(lang, DRAWING) as progress:
        made = material()
        wanted = pages(made, progress)
    sketched = sketch(made) if MODEL.is_file() else None
    if arguments:
        return compared(FOLDER, wanted, sketched, lang)
    write(FOLDER, wanted)
    if sketched is not None:
        MODEL.write_text(sketched, encoding="utf-8", newline="\n")
    told = Text(f"已写入 {FOLDER}：{len(wanted)} 个文件", f"{len(wanted)} files in {FOLDER}")
    print(told.of(lang))
    return UP_TO_DATE


def sketch(made: Material) -> str:
    """The text of the model below the working folder, with its diagrams as Vensim keeps them."""
    text = MODEL.read_text(encoding="utf-8")
    return with_sketch(text, made.model, made.sectors, made.table, made.signs)


def material() -> Material:
    """All that the pages are made of, read and sampled."""
    model = load_model(data.model_file())
    table = home_of("").table()
    baseline = read_scenario("baseline", data.scenario_folders())
    years = range(2015, 2036)
    worlds = sample(model, table, baseline, DRAWS, SEED, years)
    sectors = read_sectors(data.sector_folder())
    order = dict.fromkeys(v.group for v in model.variables.values())
    statements: dict[str, list[Text]] = {}
    for statement in STATEMENTS:
        groups = {
            model.variables[name].group
            for name in concerns(statement, worlds, model.stocks)
            if name in model.variables
        }
        for group in sorted(groups & set(sectors)) or [""]:
            statements.setdefault(group, []).append(statement.title)
    return Material(
        model,
        table,
        {name: sectors[name] for name in order if name in sectors},
        read_loops(data.loops_file()),
        link_signs(model, worlds),
        read_targets(data.targets_file()).simulated,
        statements,
    )


def write(folder: Path, wanted: Mapping[str, str]) -> None:
    """Writes every file, and takes away those that are made no more."""
    for path in stale(folder, wanted):
        path.unlink()
    for name, text in wanted.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")


def stale(folder: Path, wanted: Mapping[str, str]) -> list[Path]:
    """The files in the folder that no page or figure is."""
    there = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return [path for path in there if path.relative_to(folder).as_posix() not in wanted]


def compared(folder: Path, wanted: Mapping[str, str], sketched: str | None, lang: str) -> int:
    """Says which files differ from what they should be; `sketched` is the model with its views."""
    differ = [
        name
        for name, text in wanted.items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]
    differ += [path.relative_to(folder).as_posix() for path in stale(folder, wanted)]
    if sketched is not None and MODEL.read_text(encoding="utf-8") != sketched:
        differ.append(MODEL.as_posix())
    if not differ:
        print(Text("文档与模型一致。", "The pages are up to date.").of(lang))
        return UP_TO_DATE
    named = ", ".join(differ[:5]) + (" …" if len(differ) > 5 else "")
    told = Text(
        f"文档与模型不一致（{len(differ)} 个文件：{named}）；运行 make docs",
        f"{len(differ)} files are out of date ({named}); run `make docs`",
    )
    print(told.of(lang))
    return OUT_OF_DATE
