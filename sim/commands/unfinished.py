"""Work that was cut short: what its folder must be, and what may be told anew, to go on with it."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sim.commands.folder import new_folder, write_texts
from sim.config import RunSettings
from sim.ensemble import store
from sim.ensemble.parts import UNFINISHED
from sim.text import Refused, Text

SAME = ("checksums", "versions", "points")
"""What of a manifest must be as it was for work to go on."""
NUMBERS = ("sim", "numpy", "scipy")
"""Packages whose version the numbers may hang on."""


def begin(
    run: RunSettings,
    word: str,
    manifest: Callable[[RunSettings], dict[str, Any]],
    texts: dict[str, str],
) -> Path:
    """A new folder for what is computed, with the record that is needed to go on with it."""
    final = new_folder(run, word)
    folder = store.unused(final.with_name(final.name + UNFINISHED))
    with store.whole(folder) as scratch:
        write_texts(scratch / ".hydra", run.record)
        write_texts(scratch, texts)
        store.write_manifest(scratch, manifest(run.kept_in(scratch)))
    return folder


def final_of(folder: Path) -> Path:
    """Where what is finished goes."""
    return folder.with_name(folder.name.replace(UNFINISHED, ""))


def told_anew(arguments: Sequence[str], anew: Sequence[str]) -> tuple[Path, dict[str, str]]:
    """The folder after resume=, and what stands beside it; refuses all but `anew`."""
    resumed = [each for each in arguments if each.startswith("resume=")]
    others = [each for each in arguments if each not in resumed]
    wrong = [each for each in others if each.partition("=")[0] not in anew]
    if wrong or len(resumed) > 1:
        names = [f"{name}=" for name in anew]
        raise Refused(
            Text(
                f"resume= 之外只能再写 {'、'.join(names[:-1])} 和 {names[-1]}，而不是 "
                f"{' '.join(wrong or resumed)}；其余设置都取自当时的记录",
                f"beside resume= only {', '.join(names[:-1])} and {names[-1]} may stand, not "
                f"{' '.join(wrong or resumed)}; all else is as it was recorded",
            )
        )
    return Path(resumed[0].removeprefix("resume=")), dict(each.split("=", 1) for each in others)


def workers_in(text: str) -> int:
    """The number of processes, 0 for auto; refuses what is neither."""
    if text == "auto":
        return 0
    if text.isdigit() and int(text):
        return int(text)
    raise Refused(
        Text(
            f"workers 应为 auto 或正整数，而不是 {text}",
            f"workers is auto or a whole number, not {text}",
        )
    )


def refuse_finished(folder: Path, name: Text, result: str) -> None:
    """Refuses a folder that is no unfinished one; `result` lies in those that are finished."""
    if UNFINISHED in folder.name and folder.is_dir():
        return
    ended = folder.with_name(folder.name + UNFINISHED)
    hint = Text(f"，是否想写 {ended}？", f"; did you mean {ended}?") if ended.is_dir() else None
    done = Text(f"；这次{name.zh}已经完成", f"; this {name.en} is finished")
    there = hint or (done if (folder / result).is_file() else Text("", ""))
    raise Refused(
        Text(
            f"{folder} 不是未完成的{name.zh}（名称以 {UNFINISHED} 结尾）{there.zh}",
            f"{folder} is no unfinished {name.en} (its name ends with {UNFINISHED}){there.en}",
        )
    )


def refuse_changed(folder: Path, now: dict[str, Any]) -> None:
    """Refuses to go on with what another version of model, parameters or program began.

    What was computed then and what would be now would not belong together.
    """
    before = store.read_manifest(folder)
    changed = [key for key in SAME if _of_numbers(before.get(key)) != _of_numbers(now.get(key))]
    if changed:
        raise Refused(
            Text(
                f"{folder} 是用另一版本算的（已变化：{'、'.join(changed)}），不能继续，"
                "否则各部分互不相容；请恢复当时的版本，或重新开始",
                f"{folder} was computed by another version (changed: {', '.join(changed)}); its "
                "parts and new ones would not belong together: go back to that version, or begin "
                "anew",
            )
        )


def _of_numbers(entry: Any) -> Any:
    """Of versions, those that numbers may hang on."""
    if isinstance(entry, dict) and "numpy" in entry:
        return {name: entry.get(name) for name in NUMBERS}
    return json.loads(json.dumps(entry))


def way_on(word: str, folder: Path | None) -> list[Text]:
    """What to type to go on with what has been begun."""
    if folder is None:
        return []
    return [
        Text(
            f"已完成的部分保存在 {folder}；继续：sim {word} resume={folder}",
            f"what is done is kept in {folder}; to go on: sim {word} resume={folder}",
        )
    ]
