"""The bar: whatever takes long shows one, also before anything is done."""

import io
import re
import sys
import time

from sim.commands import progress
from sim.commands.progress import progress_bar


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def watched(monkeypatch):
    """What a person at a terminal sees."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    return stream


def test_the_bar_shows_though_nothing_is_done_yet(monkeypatch):
    terminal = watched(monkeypatch)
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    with progress_bar("zh"):
        until = time.monotonic() + 30
        while "模拟中" not in terminal.getvalue() and time.monotonic() < until:
            time.sleep(0.01)
    assert "模拟中" in terminal.getvalue()


def test_what_is_done_soon_shows_nothing(monkeypatch):
    terminal = watched(monkeypatch)
    monkeypatch.setattr(progress, "PATIENCE", 3600.0)
    with progress_bar("en") as report:
        report(1, 2)
    assert not re.search(r"\w", terminal.getvalue().replace("\x1b", ""))


def test_nobody_watches_a_file(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with progress_bar("zh") as report:
        assert report is None
