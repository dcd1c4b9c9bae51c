"""Whether there is room for what is asked: in this machine's memory, or on its disk."""

import os
import shutil
from pathlib import Path

from sim.text import Refused, Text


def refuse_memory(draws: int, bytes_per_draw: int) -> None:
    """Refuses a run whose members would not fit into this machine's memory."""
    _refuse(draws, bytes_per_draw, memory(), Text("内存", "memory"))


def refuse_disk(draws: int, bytes_per_draw: int, folder: Path) -> None:
    """Refuses a run whose members would not fit on the disk that holds `folder`."""
    there = next(place for place in (folder, *folder.absolute().parents) if place.is_dir())
    _refuse(draws, bytes_per_draw, shutil.disk_usage(there).free, Text("磁盘", "disk"))


def _refuse(draws: int, bytes_per_draw: int, there: int, what: Text) -> None:
    needed = draws * bytes_per_draw
    if needed <= there * 0.8:
        return
    most = max(1, int(there * 0.5 / bytes_per_draw))
    raise Refused(
        Text(
            f"draws = {draws:,} 保存全部成员约需 {_size(needed)} {what.zh}，只有 {_size(there)}；"
            f"请用 store=summary（不保存成员，汇总结果相同），或减少抽样次数（至多约 {most:,}）",
            f"draws = {draws:,} would take about {_size(needed)} of {what.en} for all members; "
            f"there are {_size(there)}: use store=summary (the same tables, no members), or ask "
            f"for fewer (at most about {most:,})",
        )
    )


def memory() -> int:
    """The memory of this machine, or of the container that we are in, in bytes."""
    if not hasattr(os, "sysconf"):
        return _windows_memory()
    whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        return min(whole, int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")))
    except (OSError, ValueError):  # no container, or one that says "max"
        return whole


def _windows_memory() -> int:
    """As GlobalMemoryStatusEx says it (learn.microsoft.com, sysinfoapi.h, MEMORYSTATUSEX)."""
    import ctypes
    import struct

    layout = "=LL7Q"
    status = ctypes.create_string_buffer(
        struct.pack(layout, struct.calcsize(layout), *[0] * 8), struct.calcsize(layout)
    )
    ctypes.windll.kernel32.GlobalMemoryStatusEx(status)  # type: ignore[attr-defined]
    return int(struct.unpack(layout, status.raw)[2])


def _size(number: float) -> str:
    for unit in ("B", "KB", "MB", "GB", "TB", "PB"):
        if number < 1000:
            return f"{number:.3g} {unit}"
        number /= 1000
    return f"{number:.3g} EB"
