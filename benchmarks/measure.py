"""What commands and processes cost: seconds of two commands in turn, and peak memory; and pages
that hold what several machines gave."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

MB = 1024**2


def wall(command: Sequence[str]) -> float:
    """Seconds that a person waits for a command."""
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def processor(command: Sequence[str]) -> float:
    """Processor seconds of a command and what it starts: steadier where a machine is shared."""
    before = os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return sum(after[2:4]) - sum(before[2:4])


def compared(
    command: Sequence[str],
    reference: Sequence[str],
    rounds: int,
    seconds: Callable[[Sequence[str]], float],
    of: Callable[[Sequence[float]], float],
) -> tuple[float, float]:
    """`of` (min, median …) the seconds of both, in turn after one run of each that counts not."""
    seconds(command), seconds(reference)
    turns = [(seconds(command), seconds(reference)) for _ in range(rounds)]
    ours, theirs = zip(*turns, strict=True)
    return of(ours), of(theirs)


def peak_memory(started: bool = False, of: int | str = "self") -> float:
    """The most memory that this process has had, or that with the number `of`, in MB; with
    `started` the most that any that it has started and seen end had; NaN where the system does
    not tell."""
    status = Path(f"/proc/{of}/status")
    if status.exists() and not started:  # getrusage counts what the one that started it had, too
        (line,) = (row for row in status.read_text().splitlines() if row.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / MB
    if of != "self":
        return float("nan")
    try:
        import resource
    except ImportError:  # Windows, whose own count psutil gives
        import psutil

        return float("nan") if started else psutil.Process().memory_info().peak_wset / MB
    who = resource.RUSAGE_CHILDREN if started else resource.RUSAGE_SELF
    return resource.getrusage(who).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / MB


def write_rows(page: Path, introduction: str, rows: Iterable[str]) -> None:
    """Writes a page of rows once all are there; each is shown as it comes."""
    lines = [introduction]
    for line in rows:
        print(line, flush=True)
        lines.append(line)
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_section(page: Path, introduction: str, machine: str, text: str) -> None:
    """Writes a page with what this machine gave first; what others gave stays as it is."""
    before = page.read_text(encoding="utf-8") if page.exists() else ""
    section = re.compile(r"^## (.+?)\n\n(.*?)\n*(?=^## |\Z)", re.DOTALL | re.MULTILINE)
    others = {name: body for name, body in section.findall(before) if name != machine}
    sections = {machine: text.strip("\n")} | others
    parts = [f"## {name}\n\n{body}" for name, body in sections.items()]
    parts = [introduction.strip("\n"), *parts]
    page.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
