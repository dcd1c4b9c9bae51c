"""How a model is integrated: the methods that there are, and which one a model file asks for."""

import re
from dataclasses import dataclass

from sim.text import Refused, Text, near

METHODS = ("euler", "rk4")


@dataclass(frozen=True)
class Method:
    """A method of integration: its name, of METHODS, and what the model file calls the one in
    whose place it stands; empty where it is the file's own, or the file names none."""

    name: str = METHODS[0]
    instead_of: str = ""

    def __str__(self) -> str:
        return f"{self.name} (instead of {self.instead_of})" if self.instead_of else self.name


EULER = Method()


def method_named(name: str) -> Method:
    """The method of a name; raises Refused where there is none."""
    if name in METHODS:
        return Method(name)
    hint, known = near(name, METHODS), ", ".join(METHODS)
    raise Refused(
        Text(
            f"没有名为 {name} 的积分方法（有 {known}）{hint.zh}",
            f"no method of integration is called {name}, but {known}{hint.en}",
        )
    )


OF_VENSIM = {
    "1": Method("rk4", "RK4 Auto"),
    "2": Method("euler", "Diff"),
    "3": Method("rk4", "RK2 Fixed"),
    "4": Method("rk4", "RK2 Auto"),
    "5": Method("rk4"),
}
"""What Vensim's numbers of methods mean; 0 is Euler's. Its manual lists the methods (Selecting an
Integration Technique) but not their numbers: these are those by which xmutil, written by one of
Vensim's authors, and Simlin read them, fixed and automatic steps in the order of Vensim's menu."""
SETTING = re.compile(r"^15:\s*\d+,\s*\d+,\s*\d+,\s*(\d+)", re.M)
"""The line of Vensim's settings whose fourth number is the method."""

NEAREST = {"rk2": "rk4", "rk45": "rk4", "gear": "rk4"}
"""What stands in for methods of XMILE (OASIS, XMILE 1.0, 2015, 2.3) that the engine lacks."""


def method_of_vensim(settings: str) -> Method:
    """The method that the settings behind the sketch of a Vensim file name."""
    found = SETTING.search(settings)
    return OF_VENSIM.get(found[1], EULER) if found else EULER


def method_of_xmile(written: str) -> Method:
    """The method that a file of XMILE names; of several, as preferred, the first that there is."""
    names = [name.strip() for name in written.split(",") if name.strip()]
    for name in names:
        if name.lower() in METHODS:
            return Method(name.lower(), "" if name == names[0] else names[0])
    return Method(NEAREST.get(names[0].lower(), METHODS[0]), names[0]) if names else EULER
