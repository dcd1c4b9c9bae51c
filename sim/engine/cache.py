"""What was read or compiled before is not made again: models and code on disk, by checksum."""

import contextlib
import hashlib
import os
import pickle
import sys
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from sim.engine.model import Model

T = TypeVar("T")
KEPT = 64
"""Files of one kind in the cache; those that were not used for longest go."""


def load_model(path: Path | str) -> Model:
    """The model in a file; parsed once, then taken from the cache while nothing changes.

    Raises Refused for a file that cannot be read as a model.
    """
    file = Path(path)
    cached = cache_folder() / f"{_digest(file)}.model" if file.is_file() else None
    if cached is not None and (model := _recalled(cached, file.parent)) is not None:
        return model
    from sim.engine.door import read_file

    content = pickle.dumps(read_file(file))
    if cached is not None:
        written(cached, content)
    model = pickle.loads(content)  # the very object that later processes get, byte for byte
    assert isinstance(model, Model)
    return model


def remembered(kind: str, key: bytes, make: Callable[[], T], codec: ModuleType = pickle) -> T:
    """What `make` gives; of what was made before with this key and code, what lies in the cache.

    `codec` is the module whose `dumps` and `loads` turn it into bytes and back.
    """
    digest = hashlib.sha256(_engine() + key).hexdigest()
    file = cache_folder() / kind / digest[:32]
    with contextlib.suppress(Exception):  # missing, or damaged: made anew
        found: T = codec.loads(used(file).read_bytes())
        return found
    made = make()
    written(file, codec.dumps(made))
    return made


def used(file: Path) -> Path:
    """A file of the cache, which counts as new again."""
    with contextlib.suppress(OSError):
        os.utime(file)
    return file


def _forget_oldest(like: Path) -> None:
    """Deletes all but the newest of the files that are of one's kind and beside it, each with the
    machine code that numba keeps of it."""
    folder = like.parent
    with contextlib.suppress(OSError):
        files = sorted(folder.glob(f"*{like.suffix}"), key=lambda file: file.stat().st_mtime)
        for file in files[:-KEPT]:
            for gone in (file, *folder.glob(f"__pycache__/{file.stem}.*")):
                gone.unlink()


def cache_folder() -> Path:
    """Where parsed models lie: $SIM_CACHE, else the user's own place for caches."""
    if own := os.environ.get("SIM_CACHE"):
        return Path(own)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "qinshui-sim"


def _digest(file: Path) -> str:
    """The checksum of a model file, of the code that reads it, and of which data files lie beside
    it: one that comes later may be read instead of another."""
    from sim.engine.beside import data_files  # NumPy, as a model brings it

    there = [name for name in data_files(file.stem) if (file.parent / name).is_file()]
    return hashlib.sha256(_engine() + "\0".join(there).encode() + file.read_bytes()).hexdigest()


@lru_cache(maxsize=1)
def _engine() -> bytes:
    """The checksum of the code that reads and compiles."""
    digest = hashlib.sha256(sys.version.encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.digest()


def _recalled(cached: Path, folder: Path) -> Model | None:
    """The model that was read before, if the data files in `folder` are still the same."""
    try:
        found = pickle.loads(used(cached).read_bytes())
        for name, checksum in found.files:
            data = (folder / name.replace("\\", "/")).read_bytes()
            if hashlib.sha256(data).hexdigest() != checksum:
                return None
    except Exception:  # a cache that is missing, damaged or of another version is no cache
        return None
    return found if isinstance(found, Model) else None


def written(file: Path, content: bytes) -> bool:
    """Whether the file could be written, whole; what cannot be is done without."""
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.replace(name, file)
        _forget_oldest(file)
    return file.exists()
