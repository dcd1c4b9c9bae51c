"""Files of XMILE give the numbers of PySD and of simlin, or are refused with line and reason."""

import shutil
import sys
import warnings
from pathlib import Path

import generated
import numpy as np
import pytest

import sim
from sim.engine.model import canonical

TOWN = Path(__file__).parents[1] / "golden" / "xmile" / "town.stmx"


def ours(file):
    runs = sim.simulate(sim.load_model(file))
    return {name: runs[name].values[0] for name in runs.data_vars if runs[name].ndim == 2}


def test_a_file_of_xmile_gives_the_numbers_of_pysd(tmp_path):
    copy = tmp_path / "town.stmx"  # PySD writes a Python file beside the model
    shutil.copy(TOWN, copy)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pysd

        table = pysd.read_xmile(str(copy)).run()
    theirs = {canonical(name): table[name].to_numpy(float) for name in table}
    assert len(theirs.keys() & ours(TOWN).keys()) >= 12
    assert generated.differences(ours(TOWN), theirs) == {}
    used = sim.simulate(sim.load_model(TOWN))["used_plots"]
    assert used.dims == ("member", "time", "side")
    assert used.sel(side="west").values[0, 0] == pytest.approx(3.5 * 0.07)


@pytest.mark.skipif(sys.platform != "linux", reason="simlin is installed on Linux alone")
def test_a_file_of_xmile_gives_the_numbers_of_simlin():
    theirs = generated.of_simlin(TOWN)
    both = theirs.keys() & ours(TOWN).keys()
    assert len(both) >= 10
    mine = {name: ours(TOWN)[name] for name in both - {"jolt"}}  # its PULSE has another step
    assert generated.differences(mine, theirs) == {}


def test_lines_names_units_and_comments_are_the_file_s_own():
    homes = sim.load_model(TOWN).variables["homes"]
    assert (homes.units, homes.label) == ("homes", ("住房", "homes"))
    assert "<stock" in TOWN.read_text(encoding="utf-8").split("\n")[homes.line - 1]


def test_a_stock_that_may_not_be_negative_stops_at_zero(tmp_path):
    text = TOWN.read_text(encoding="utf-8").replace(
        "<units>homes</units></stock>", "<non_negative/></stock>"
    )
    text = text.replace("homes / life", "homes / life + 40")
    (tmp_path / "town.xmile").write_text(text, encoding="utf-8")
    homes = ours(tmp_path / "town.xmile")["homes"]
    assert homes.min() == pytest.approx(0, abs=1e-12)
    assert np.isfinite(homes).all()


SIDES = """<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<sim_specs method="Euler"><start>0</start><stop>2</stop><dt>1</dt></sim_specs>
<dimensions><dim name="区域"><elem name="东"/><elem name="西"/></dim></dimensions>
<model><variables>
<stock name="人口"><dimensions><dim name="区域"/></dimensions><eqn>100</eqn>
<inflow>出生</inflow></stock>
<flow name="出生"><dimensions><dim name="区域"/></dimensions>
<eqn>人口*出生率[区域] {每年}</eqn></flow>
<aux name="出生率"><dimensions><dim name="区域"/></dimensions>
<element subscript="东"><eqn>0.1</eqn></element>
<element subscript="西"><eqn>0.2</eqn></element></aux>
</variables></model></xmile>
"""


def test_subscripts_may_be_left_out_in_the_equation_of_an_array(tmp_path):
    (tmp_path / "sides.xmile").write_text(SIDES, encoding="utf-8")
    people = sim.simulate(sim.load_model(tmp_path / "sides.xmile"))["人口"].values[0]
    np.testing.assert_allclose(people, [[100, 100], [110, 120], [121, 144]])


def test_a_file_in_another_encoding_is_read(tmp_path):
    text = TOWN.read_text(encoding="utf-8").replace('encoding="utf-8"', 'encoding="gbk"')
    (tmp_path / "town.stmx").write_bytes(text.encode("gbk"))
    assert sim.load_model(tmp_path / "town.stmx").variables["homes"].label[0] == "住房"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("</xmile>", "", "line 22: this is no whole XML"),
        ("homes / life", "homes / (life", "line 9, variable decay: the equation"),
        ("homes / life", "homes / lif", "line 9, variable decay: lif is not defined; did you"),
        ("SMTH1(homes, 3.5)", "QUEUE(homes)", "smooth homes: QUEUE is not supported"),
        ("<stop>2025</stop>", "", "this is no XMILE model"),
        ("<xmile", "<other", "this is no whole XML"),
        (
            "</variables>",
            '<module name="m"/>\n<module name="n"/>\n<stock name="s"><conveyor/></stock>'
            "</variables>",
            "<module> is not supported (line 20 m, line 21 n); join the modules in one model. "
            "<conveyor> is not supported (line 22 s); DELAYN",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(tmp_path, old, new, said):
    text = TOWN.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "town.stmx").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(sim.Refused) as caught:
        sim.load_model(tmp_path / "town.stmx")
    assert said in str(caught.value)


def test_a_range_without_elements_is_refused_with_its_line(tmp_path):
    text = SIDES.replace("</dimensions>\n<model>", '\n<dim name="空"></dim></dimensions>\n<model>')
    (tmp_path / "sides.xmile").write_text(text, encoding="utf-8")
    with pytest.raises(sim.Refused, match="line 4, variable 空: the range has no elements"):
        sim.load_model(tmp_path / "sides.xmile")
