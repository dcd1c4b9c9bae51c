"""A run's folder: written whole or not at all, and read back."""

import errno
import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import xarray as xr

from sim.text import Refused, Text, why

LATEST, MANIFEST = "latest", "manifest.json"
STAMP = re.compile(r"(\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d)(?:-(\d+))?")
"""The name of a result's folder: when it began, and a number where that name was taken."""


@contextmanager
def whole(folder: Path) -> Iterator[Path]:
    """A scratch folder that becomes `folder` when the block ends well, and vanishes if not.

    Raises Refused where the disk is full or cannot be written. `folder` must not exist yet.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=folder.parent))
    except OSError as error:
        raise unwritable(folder, error) from error
    try:
        yield scratch
        scratch.chmod(0o755)  # mkdtemp's folders are for their owner alone
        scratch.rename(folder)
    except OSError as error:
        raise unwritable(folder, error) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def unused(folder: Path) -> Path:
    """`folder`, or the first name after it that is free: a run never overwrites another."""
    number, free = 2, folder
    while free.exists():
        free = folder.with_name(f"{folder.name}-{number}")
        number += 1
    return free


def unwritable(folder: Path, error: OSError) -> Refused:
    """The refusal of a place that cannot be written."""
    if error.errno == errno.ENOSPC:
        return Refused(
            Text(
                f"磁盘已满，结果未能写入 {folder}；请清理磁盘，或用 output=其他位置",
                f"the disk is full, nothing was written to {folder}; make room, or set output=",
            )
        )
    return Refused(
        Text(
            f"无法写入 {folder}（{why(error).zh}）；请用 output=另选一个可写的位置",
            f"{folder} cannot be written ({why(error).en}); set output= elsewhere",
        )
    )


SLASH = "\N{DIVISION SLASH}"
"""What stands for a slash in the names of a file of netCDF, which takes it for a folder's."""


def as_stored(table: xr.Dataset) -> xr.Dataset:
    """A table under the names that it has in a file of netCDF."""
    return _renamed(table, "/", SLASH)


def as_named(table: xr.Dataset) -> xr.Dataset:
    """A table of a file of netCDF under its own names."""
    return _renamed(table, SLASH, "/")


def _renamed(table: xr.Dataset, old: str, new: str) -> xr.Dataset:
    names = {str(name) for name in (*table.variables, *table.dims)}
    return table.rename({name: name.replace(old, new) for name in names if old in name})


def write_table(table: xr.Dataset, file: Path) -> None:
    """Writes a table as netCDF 4; equal tables give equal bytes."""
    as_stored(table).to_netcdf(file, engine="netcdf4", format="NETCDF4")


def read_table(file: Path) -> xr.Dataset:
    """A table as it was written, in memory."""
    with open_table(file) as table:
        return table.load()


def open_table(file: Path) -> xr.Dataset:
    """A table as it was written, read where it is used."""
    if not file.is_file():
        raise Refused(
            Text(
                f"{file.parent} 不是完整的结果文件夹：缺少 {file.name}",
                f"{file.parent} is no complete run: {file.name} is missing",
            )
        )
    # times are numbers in the model's unit: of "days" xarray would make durations
    return as_named(xr.open_dataset(file, engine="netcdf4", decode_times=False))


def write_manifest(folder: Path, facts: dict[str, Any]) -> None:
    """Writes what is needed to trace and repeat a run."""
    text = json.dumps(facts, ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> dict[str, Any]:
    """What a run's folder says of itself; Refused where it is no run."""
    try:
        facts = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refused(
            Text(
                f"{folder} 不是 sim run 的结果文件夹（没有可读的 manifest.json）",
                f"{folder} is no folder of sim run (no readable manifest.json)",
            )
        ) from error
    if not isinstance(facts, dict):
        raise Refused(Text(f"{folder / MANIFEST} 已损坏", f"{folder / MANIFEST} is damaged"))
    return facts


def checksum(files: Iterable[Path]) -> str:
    """The SHA-256 of the files' names and contents, in order of their names."""
    digest = hashlib.sha256()
    for file in sorted(files, key=lambda file: file.name):
        digest.update(file.name.encode() + b"\0")
        digest.update(file.read_bytes())
    return digest.hexdigest()


def point_latest(outputs: Path, folder: Path) -> None:
    """Makes `outputs/latest` name the newest result: a line of text, which Windows allows too."""
    (outputs / LATEST).write_text(folder.relative_to(outputs).as_posix() + "\n", encoding="utf-8")


def kind_of(manifest: Mapping[str, Any]) -> str:
    """The command that a result is of: run, sweep, sensitivity …"""
    return str(manifest.get("kind", "run"))


Found = tuple[Path, dict[str, Any]]
"""The folder of a result, and what it says of itself."""


def find_result(name: str, outputs: Path, kinds: Collection[str]) -> Found:
    """A result: in the folder of that name, or for "latest" the newest of one of `kinds`.

    Raises Refused where there is no such folder, or no such result yet, and for a folder of
    another kind.
    """
    if name == LATEST:
        return _newest(outputs, kinds)
    folder = Path(name)
    if not folder.is_dir():
        raise Refused(Text(f"没有文件夹 {folder}", f"there is no folder {folder}"))
    manifest = read_manifest(folder)
    kind = kind_of(manifest)
    if kind in kinds:
        return folder, manifest
    own = manifest.get("command", f"sim {kind}")
    raise Refused(
        Text(
            f"{folder} 是 sim {kind} 的结果，它的图表已在其中；这里要的是 "
            f"{'、'.join(f'sim {wanted}' for wanted in kinds)} 的结果（latest 即最近一次）。"
            f"再算一遍：{own}",
            f"{folder} is a result of `sim {kind}` and holds its own figures and tables; what is "
            f"wanted here is one of {', '.join(f'`sim {wanted}`' for wanted in kinds)} (latest is "
            f"the newest). To run it again: {own}",
        )
    )


def results(outputs: Path, kinds: Collection[str]) -> list[Path]:
    """The folders of results of these kinds, the newest first, as their names say."""
    stamped = [
        (stamp[1], int(stamp[2] or 1), file.parent)
        for wanted in kinds
        for file in (outputs / wanted).glob(f"*/*/{MANIFEST}")
        if (stamp := STAMP.fullmatch(file.parent.name))
    ]
    return [folder for _, _, folder in sorted(stamped, reverse=True)]


def _newest(outputs: Path, kinds: Collection[str]) -> Found:
    """The result that `outputs/latest` names; where that is of another kind, the newest by name."""
    pointer, kind = outputs / LATEST, ""
    named = outputs / pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else None
    if named and (named / MANIFEST).is_file():
        manifest = read_manifest(named)
        kind = kind_of(manifest)
        if kind in kinds:
            return named, manifest
    if found := results(outputs, kinds):
        return found[0], read_manifest(found[0])
    first = next(iter(kinds))
    if kind:
        raise Refused(
            Text(
                f"{outputs} 中最近一次结果 {named} 是 sim {kind} 的，还没有 sim {first} 的结果；"
                f"先用 sim {first}",
                f"the newest result in {outputs}, {named}, is of `sim {kind}`, and there is none "
                f"of `sim {first}` yet; sim {first} first",
            )
        )
    raise Refused(
        Text(
            f"{outputs} 中还没有结果；先用 sim {first}",
            f"{outputs} holds no result yet; sim {first} first",
        )
    )
