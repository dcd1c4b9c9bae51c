"""Runs a numba kernel; kernels that were compiled before lie in the cache, as machine code."""

import hashlib
import importlib.util
import sys
import tempfile
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.cache import cache_folder, used, written
from sim.engine.functions import points_of_step


def march(
    source: str,
    inputs: dict[str, Any],
    grid: tuple[NDArray[np.float64], NDArray[np.float64]],
    lengths: NDArray[np.float64],
    rows: NDArray[np.int64],
    dt: float,
    saved: NDArray[np.float64],
) -> None:
    """Fills `saved` (kept, saved times, members) with the trajectories of a block of members.

    grid: the times at which the steps compute, and those at which these steps began (`Clock.grid`).
    lengths: of the steps. rows: for each step the row of `saved`, or -1.
    """
    module = _module(source)
    members = saved.shape[2]
    times, held = grid
    points = points_of_step(held)
    handed, fixed = module.setup(members, inputs, times, held, dt)
    for row, value in fixed.items():
        by_time = np.ndim(value) == 2
        saved[row] = value[::points][rows >= 0] if by_time else value
    steps = module.rk4 if points > 1 else module.euler
    steps(0, members, times, lengths, dt, rows, *handed, saved, module.LANES)


def is_compiled(source: str, method: str) -> bool:
    """Whether the machine code of a kernel is in the cache, that of a method of integration."""
    file = _file(source)
    return any((file.parent / "__pycache__").glob(f"{file.stem}.{method}-*.nbi"))


@lru_cache(maxsize=16)
def _module(source: str) -> ModuleType:
    """The module that a kernel's source defines: numba caches code beside a file only."""
    file = _file(source)
    if not used(file).exists() and not written(file, source.encode()):
        file = Path(tempfile.mkdtemp()) / file.name
        file.write_text(source, encoding="utf-8")
    specification = importlib.util.spec_from_file_location(file.stem, file)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[file.stem] = module  # by this name numba finds it when it loads cached code
    specification.loader.exec_module(module)
    return module


def _file(source: str) -> Path:
    """Where a kernel lies: by the checksum of its source and of what it calls."""
    digest = hashlib.sha256(sys.version.encode() + source.encode())
    for name in ("kernel.py", "scalars.py", "functions.py", "tables.py"):
        digest.update((Path(__file__).parent / name).read_bytes())
    return cache_folder() / "kernels" / f"kernel_{digest.hexdigest()[:32]}.py"
