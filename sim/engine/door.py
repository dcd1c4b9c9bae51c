"""The door to model files: which reader a file is for."""

from pathlib import Path

from sim.engine.model import Model
from sim.engine.reader import Examined

XMILE = (".xmile", ".xml", ".stmx", ".itmx")
"""What files of XMILE are called; all others are taken for Vensim's."""


def read_file(path: Path | str) -> Model:
    """The model in a file; raises Refused for a file that cannot be used as it is."""
    return examine(path).sound()


def examine(path: Path | str) -> Examined:
    """A model file as far as it can be read, and what is wrong with it."""
    file = Path(path)
    if file.suffix.lower() in XMILE:
        from sim.engine.xmile import examine_xmile

        return examine_xmile(file)
    from sim.engine.vensim import examine_mdl

    return examine_mdl(file)
