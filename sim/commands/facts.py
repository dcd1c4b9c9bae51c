"""What a run's folder says about how it came about: enough to trace and to repeat it."""

import platform
import re
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, cast

import sim
from sim import data
from sim.config import Face, RunSettings, recorded
from sim.config.composition import S
from sim.ensemble.store import checksum

PACKAGES = ("numpy", "scipy", "xarray", "netCDF4", "matplotlib", "hydra-core", "pysd")
ODD = re.compile(r"[\s{}()\[\]<>|&;*?$]")
"""What shells do not take as it stands."""


def facts(settings: RunSettings, seconds: float, word: str = "run") -> dict[str, Any]:
    """The manifest of a result of `sim <word>`: versions, commit, seed, checksums, seconds."""
    return {
        "kind": word,
        "command": command(settings, word),
        "scenarios": [scenario.name for scenario in settings.scenarios],
        "draws": settings.draws,
        "seed": settings.seed,
        "sampling": settings.sampling,
        "method": str(settings.integration),
        "store": settings.store,
        "versions": versions(),
        "commit": commit(),
        "checksums": checksums(settings),
        "seconds": round(seconds, 3),
    }


def as_then(folder: Path, face: Face[S], manifest: Mapping[str, Any]) -> S:
    """The settings in the record of a result, with the kernel that its manifest names.

    "auto" might choose otherwise today, and the last bits of two kernels are not the same.
    """
    settings = recorded(folder, face)
    engine = settings.run.engine
    pinned = replace(engine, kernel=str(manifest.get("kernel", engine.kernel)))
    run = replace(settings.run, engine=pinned)
    return cast(S, run if settings is settings.run else replace(cast(Any, settings), run=run))


def command(settings: RunSettings, word: str = "run") -> str:
    """What was typed, or would have been, from the overrides that Hydra recorded; quoted where a
    shell would read something else."""
    import yaml

    overrides = yaml.safe_load(settings.record.get("overrides.yaml", "")) or []
    return " ".join([f"sim {word}", *(_typed(str(override)) for override in overrides)])


def _typed(override: str) -> str:
    if left_out := re.fullmatch(r"~scenario@(\w+)", override):
        return f"{left_out[1]}=none"
    words = override.lstrip("+").removeprefix("scenario@")
    return f'"{words}"' if ODD.search(words) else words


def versions() -> dict[str, str]:
    """The versions of Python, of this package, and of what its numbers come from."""
    found = {"python": platform.python_version(), "sim": sim.__version__}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "?"
    return found


def commit() -> str | None:
    """The commit of the checkout, with -dirty where it was changed; None for a wheel."""
    if not (data.data_folder() / ".git").exists():
        return None
    command = [
        "git",
        "-C",
        str(data.data_folder()),
        "describe",
        "--always",
        "--dirty",
        "--abbrev=40",
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None


def checksums(settings: RunSettings) -> dict[str, str]:
    """SHA-256 of what the numbers depend on: model, parameter table, targets, history."""
    return {name: checksum(files) for name, files in settings.sources.items()}
