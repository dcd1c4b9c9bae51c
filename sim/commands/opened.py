"""Runs opened by name: their folders looked through, so that nothing is drawn from half a run."""

from pathlib import Path

import sim
from sim.config import RUN, recorded
from sim.ensemble.store import LATEST, find_result
from sim.report.record import Record
from sim.text import Refused, Text


def open_record(name: str, outputs: Path) -> Record:
    """The run in a folder, or the newest for "latest"; refuses what is no whole run of ours."""
    folder, manifest = find_result(name, outputs, ["run"])
    made_by = str((manifest.get("versions") or {}).get("sim", "?"))
    if made_by != sim.__version__:
        again = manifest.get("command", "sim run")
        raise Refused(
            Text(
                f"{folder} 由 sim {made_by} 生成，现在是 sim {sim.__version__}，两者的内容不通用；"
                f"请重新运行：{again}",
                f"{folder} was made by sim {made_by}, this is sim {sim.__version__}: the contents "
                f"differ; run it again: {again}",
            )
        )
    summary = manifest.get("store") == "summary"
    parts = ("attainment.nc", "fans.nc") if summary else ("runs.nc", "inputs.nc")
    absent = [n for n in (*parts, ".hydra/config.yaml") if not (folder / n).is_file()]
    if absent:
        raise Refused(
            Text(
                f"{folder} 不是完整的结果文件夹：缺少 {'、'.join(absent)}；请重新运行 sim run",
                f"{folder} is no complete run: it lacks {', '.join(absent)}; run it again",
            )
        )
    return Record(folder, manifest, recorded(folder, RUN))


def open_records(names: str, outputs: Path) -> list[Record]:
    """The runs that a list such as `latest` or `outputs/run/a/1,outputs/run/b/1` names."""
    problems: list[Text] = []
    records = []
    for name in dict.fromkeys(filter(None, (part.strip() for part in names.split(",")))):
        try:
            records.append(open_record(name, outputs))
        except Refused as refusal:
            problems += refusal.problems
    if problems:
        raise Refused(*problems)
    return records


def report_file(name: str) -> Path:
    """The report of a name: a file, or else what the newest run has of that name."""
    file = Path(name)
    if file.is_file() or file.name != name:
        return file
    try:
        newest, _ = find_result(LATEST, Path("outputs"), ["run"])
    except Refused:
        return file
    own = newest / name
    return own if own.is_file() else file
