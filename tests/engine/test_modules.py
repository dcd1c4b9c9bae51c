"""Files of XMILE of several models, and of the shapes in which older programs write them."""

import numpy as np
import pytest

import sim

HEAD = """<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<sim_specs method="Euler"><start>0</start><stop>12</stop><dt>0.5</dt></sim_specs>
"""
HARES = (
    HEAD
    + r"""<model><variables>
<module name="hares"><connect to="area" from=".area"/>
<connect to="lynxes" from="lynxes.lynxes"/></module>
<module name="lynxes"><connect to="hare_density" from="hares.hare_density"/></module>
<aux name="area" access="output"><eqn>1000</eqn></aux>
<aux name="one\nharvest" access="output"><eqn>100</eqn></aux>
</variables><views><view><module name="hares" x="1" y="2"/></view></views></model>
<model name="hares"><variables>
<stock name="hares"><eqn>50000</eqn><inflow>births</inflow><outflow>deaths</outflow></stock>
<flow name="births"><eqn>hares * birth_fraction {of hares}</eqn></flow>
<flow name="deaths"><eqn>lynxes.lynxes * killed</eqn></flow>
<aux name="birth fraction"><eqn>1.25</eqn></aux>
<aux name="area" access="input"><eqn>{Enter equation}</eqn></aux>
<aux name="hare density" access="output"><eqn>hares / area</eqn></aux>
<stock name="lynxes" access="input"><eqn>{Enter equation}</eqn></stock>
<aux name="killed"><eqn>hare_density</eqn><gf><xpts>0,500</xpts><ypts>0,500</ypts></gf></aux>
</variables></model>
<model name="lynxes"><variables>
<stock name="lynxes" access="output"><eqn>1250</eqn><inflow>births</inflow>
<outflow>deaths</outflow><outflow>harvest</outflow></stock>
<flow name="births"><eqn>lynxes * birth_fraction</eqn></flow>
<flow name="deaths"><eqn>EXP(-hares.hare_density/20) * lynxes</eqn></flow>
<aux name="hare density" access="input"><eqn>{Enter equation}</eqn></aux>
<aux name="birth fraction"><eqn>.25</eqn></aux>
<flow name="harvest"><eqn>PULSE( .one_harvest , 4 , 0 )</eqn></flow>
</variables></model></xmile>
"""
)


def model_of(folder, text):
    (folder / "model.stmx").write_text(text, encoding="utf-8")
    return sim.load_model(folder / "model.stmx")


def test_modules_of_stella_give_what_their_equations_say(tmp_path):
    model = model_of(tmp_path, HARES)
    assert model.variables["hares.deaths"].equation == "hares.deaths = lynxes.lynxes * killed"
    hares, lynxes = 50000.0, 1250.0
    expected = [(hares, lynxes)]
    for step in range(24):
        harvest = 200 if step == 8 else 0
        change = 0.25 * lynxes - np.exp(-hares / 1000 / 20) * lynxes - harvest
        hares += 0.5 * (1.25 * hares - lynxes * hares / 1000)
        lynxes += 0.5 * change
        expected.append((hares, lynxes))
    runs = sim.simulate(model)
    found = np.array([runs["hares.hares"].values[0], runs["lynxes.lynxes"].values[0]]).T
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    fewer = sim.simulate(model, {"area": [2000.0], "hares.birth_fraction": [0.0]})
    assert fewer["hares.hares"].values[0, 1] == 50000 - 0.5 * 1250 * 25


NESTED = (
    HEAD
    + """<model><variables>
<module name="Outer One"><connect to="Outer_One.given" from="beds"/></module>
<aux name="beds"><eqn>10</eqn></aux>
<aux name="all"><eqn>Outer_One.Inner.y + Outer_One.x + beds</eqn></aux>
</variables></model>
<model name="Outer One"><variables>
<module name="Inner"><connect to="Inner.z" from="given"/></module>
<aux name="given" access="input"><eqn>1</eqn></aux>
<aux name="x"><eqn>Inner.y*2 + given</eqn></aux>
</variables></model>
<model name="Inner"><variables>
<aux name="z" access="input"><eqn>1</eqn></aux>
<aux name="y"><eqn>curve(z^2) + beds</eqn></aux>
<aux name="curve"><gf><xpts>0,200</xpts><ypts>0,200</ypts></gf></aux>
<aux name="beds"><eqn>.5</eqn></aux>
</variables></model></xmile>
"""
)


def test_modules_within_modules_look_outwards_for_what_is_connected(tmp_path):
    runs = sim.simulate(model_of(tmp_path, NESTED))
    assert runs["outer_one.inner.y"].values[0, 0] == 100.5
    assert runs["outer_one.x"].values[0, 0] == 211
    assert runs["all"].values[0, 0] == 100.5 + 211 + 10
    alone = NESTED.replace('<connect to="Outer_One.given" from="beds"/>', "")
    assert sim.simulate(model_of(tmp_path, alone))["outer_one.x"].values[0, 0] == 4


OUTPUT = (
    HEAD
    + """<model><!-- of the standard's examples --><variables>
<module name="Sub_Model"><connect to="Input" from=".Root_Output"/>
<connect to=".Root_Input" from="Sub_Model.Output"/></module>
<aux name="Root Output" access="output"><eqn>3</eqn></aux>
<!-- what comes back --><aux name="Root Input" access="input"/>
<aux name="y"><eqn>Root_Input*10 + Root_Output</eqn></aux>
</variables></model>
<model name="Sub_Model"><variables><aux name="Input" access="input"/><!-- another -->
<aux name="Output" access="output"><eqn>Input + 1</eqn></aux></variables></model>
<macro filter="flow" name="non_negative"><parm>flow</parm><eqn>MAX(flow, 0)</eqn></macro></xmile>
"""
)


def test_what_a_module_gives_may_be_connected_to_the_model_around_it(tmp_path):
    assert sim.simulate(model_of(tmp_path, OUTPUT))["y"].values[0, 0] == 43


OLD = """<xmile version="1.0" level="3" xmlns="http://www.systemdynamics.org/XMILE">
<sim_specs method="Euler"><start>0</start><stop>2</stop><dt>1</dt></sim_specs>
<model><stock name="s"><eqn>0</eqn><inflow>rate</inflow><display x="2" y="1"/></stock>
<flow name="rate"><eqn>table(time)</eqn><display x="1" y="1"><pts><pt x="1" y="1"/></pts></display>
</flow><aux name="table"><gf><xscale min="0" max="2"/><ypts>1,5</ypts></gf></aux>
<display><connector><from>table</from><to>rate</to></connector></display></model></xmile>
"""
XMUTIL = """<xmile xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0" version="1.0">
<isee:prefs show_module_prefix="true" layer="model"/>
<header><vendor>Ventana Systems, xmutil</vendor></header>
<sim_specs isee:simulation_delay="0" method="Euler"><start>0</start><stop>2</stop><dt>1</dt>
</sim_specs><dimensions/><model><variables>
<aux name="TIME STEP"><eqn>1</eqn></aux><aux name="INITIAL TIME"><eqn>0</eqn></aux>
<aux name="FINAL TIME"><eqn>2</eqn></aux><aux name="SAVEPER"><eqn>TIME_STEP</eqn></aux>
<stock name="s"><eqn>0</eqn><inflow>rate</inflow></stock>
<flow name="rate"><eqn>1 + 2*TIME + 0*TIME_STEP</eqn></flow></variables></model></xmile>
"""


@pytest.mark.parametrize("text", [OLD, XMUTIL])
def test_files_of_stella_10_and_of_xmutil_are_read(tmp_path, text):
    assert sim.simulate(model_of(tmp_path, text))["s"].values[0].tolist() == [0, 1, 4]


def test_modules_that_cannot_be_joined_and_a_file_without_variables_are_refused(tmp_path):
    with pytest.raises(sim.Refused, match=r"\(line 6 lynxes\): it is in another file"):
        model_of(tmp_path, HARES.replace('<model name="lynxes">', '<model name="wolves">'))
    own = '<model name="hares"><sim_specs><dt>1</dt></sim_specs>'
    with pytest.raises(sim.Refused, match=r"\(line 4 hares\): it has dimensions or a clock"):
        model_of(tmp_path, HARES.replace('<model name="hares">', own))
    with pytest.raises(sim.Refused, match="holds no variable"):
        model_of(tmp_path, HEAD + "<model><variables/></model></xmile>")
