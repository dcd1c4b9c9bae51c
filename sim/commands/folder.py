"""The folder of a study: written whole or not at all, with what is needed to repeat it."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sim.commands.facts import facts
from sim.config import RunSettings
from sim.ensemble import store

Fill = Callable[[Path], Mapping[str, Any]]
"""Writes what was found into a folder; returns what the manifest says of it beside the rest."""


def write_folder(
    run: RunSettings, word: str, began: float, fill: Fill, folder: Path | None = None
) -> Path:
    """<output>/<word>/<scenario>/<time>/, with what `fill` writes, `.hydra/` and the manifest.

    `word` is the command, `began` when it began (time.perf_counter); `folder` another place.
    Raises Refused where the folder cannot be written; then nothing is.
    """
    folder = folder or new_folder(run, word)
    with store.whole(folder) as scratch:
        about = fill(scratch)
        write_texts(scratch / ".hydra", run.record)
        found = facts(run.kept_in(scratch), time.perf_counter() - began, word)
        store.write_manifest(scratch, {**found, **about})
    store.point_latest(run.output, folder)
    return folder


def new_folder(run: RunSettings, word: str) -> Path:
    """A name for a result of `sim <word>` that is free."""
    stamp = time.strftime("%Y-%m-%d_%H-%M-%S")
    return store.unused(run.output / word / run.scenarios[0].name / stamp)


def write_texts(folder: Path, texts: Mapping[str, str]) -> None:
    """Writes texts, by the names of their files, in UTF-8."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
