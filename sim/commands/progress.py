"""A bar for what takes longer than two seconds; nothing where nobody watches."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sim.text import Text

if TYPE_CHECKING:
    from sim.ensemble.simulate import Progress

PATIENCE = 2.0
LABEL = Text("模拟中", "simulating")


@contextmanager
def progress_bar(lang: str, label: Text = LABEL) -> Iterator["Progress | None"]:
    """A function to call with (done, total). The bar shows once it takes long, whether or not
    anything is done by then."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    bar = Bar(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(label.of(lang), total=None)
    timer = threading.Timer(PATIENCE, bar.start)
    timer.daemon = True
    timer.start()

    def report(done: int, total: int) -> None:
        bar.update(task, completed=done, total=total)

    try:
        yield report
    finally:
        timer.cancel()
        timer.join()
        bar.stop()


def long_time(hours: float) -> Text:
    """A long time in the unit in which people think of it."""
    if hours < 48:
        return Text(f"{hours:.1f} 小时", f"{hours:.1f} hours")
    days = hours / 24
    if days < 730:
        return Text(f"{days:.0f} 天", f"{days:.0f} days")
    return Text(f"{days / 365.25:,.0f} 年", f"{days / 365.25:,.0f} years")
