"""Models as others write and save them: all at once that the other tests ask for one by one."""

import numpy as np
import pytest

import sim

WATER = r"""{GB2312}
********************************************************
	.水资源
********************************************************~
		组的说明，含 (括号) 和 "引号"
	|
乡镇: 郑庄, 端氏
	~	~	乡镇	|
地类: 耕地,林地,建设 -> 用途 ~~|
用途: 农业用, 生态用, 城建用 ~~|
人均用水[乡镇]:RAW::=
	GET XLS DATA('数据.xlsx', '用水' , '1' , 'B2' )
	~	m**3/(person*year) [0,?]	~	原始数据	|
取水[乡镇]:INTERPOLATE::=
	GET DIRECT DATA('数据.xlsx','用水','1','B2')	~	万m3/年	~	:SUPPLEMENTARY	|
面积[乡镇,地类]=
	GET XLS CONSTANTS('数据.xlsx','面积','B2')	~	公顷	~	|
各用途面积[用途]= SUM(面积[乡镇!,地类]) ~~|
"亩/人 (\"净\")"[乡镇]= 面积[乡镇,耕地]*1.5e1 - -.5^2 ~	1 ~ 名字中有引号 ~ :SUP |
总取水 = \
		SUM(取水[乡镇!]) + \
		0*VMAX(面积[乡镇!,耕地]) ~~|
水位= INTEG (
	总取水*.1 + 5. - 蒸发,
		初始水位) ~ 万m3 ~ |
初始水位=5e2~~|
蒸发= 水位*IF THEN ELSE(水位>100:AND:Time>2016:OR:水位<0, 0.05 , 1e-2)~~|
矩阵[乡镇,地类]= TABBED ARRAY(
	1	2	3
	4	5	-9.5
	) ~~|
断水 :TEST INPUT: 总取水 = 0 ~~|
不会干 :THE CONDITION: 断水 :IMPLIES: 水位 > 0 ~~|
INITIAL TIME  = 2015 ~ year ~	|
FINAL TIME  = 2018 ~ year ~	|
SAVEPER  =
        TIME STEP ~ year [0,?] ~	|
TIME STEP  = 1 ~ year [0,?] ~	|

\\\---/// Sketch information - do not modify anything except names
V300  Do not put anything below this section - it will be ignored
*视图 1
10,1,水位,200,100,40,20,3,3,0,0,0,0,0,0
///---\\\
:L<%^E!@
1:Current.vdf
15:0,0,0,0,0,0
"""


@pytest.fixture
def water(tmp_path):
    """A model of another county, saved by Vensim on a Chinese Windows, and its workbook."""
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["年份", 2015, 2016, 2018], ["郑庄", 1, 2, 4], ["端氏", 2, None, 5]):
        book.active.append(row)
    book.active.title = "用水"
    for row in (["", "耕地", "林地", "建设"], ["郑庄", 10, 20, 3], ["端氏", 11, 21, 4]):
        (book["面积"] if "面积" in book.sheetnames else book.create_sheet("面积")).append(row)
    book.save(tmp_path / "数据.xlsx")
    file = tmp_path / "水.mdl"
    file.write_bytes(WATER.replace("\n", "\r\n").encode("gbk"))
    return sim.load_model(file)


def test_another_county_s_model_gives_what_can_be_worked_out_by_hand(water):
    runs = sim.simulate(water)
    assert runs["取水"].values[0].tolist() == [[1, 2], [2, 3], [3, 4], [4, 5]]
    raw = runs["人均用水"].values[0]
    np.testing.assert_array_equal(raw, [[1, 2], [2, np.nan], [np.nan, np.nan], [4, 5]])
    assert runs["各用途面积"].values[0, 0].tolist() == [21, 41, 7]
    assert runs['亩/人_("净")'].values[0, 0].tolist() == [150.25, 165.25]
    assert runs["矩阵"].values[0, 0].tolist() == [[1, 2, 3], [4, 5, -9.5]]
    # 500 + 0.3 + 5 - 5, + 0.5 + 5 - 5.003, then 5 % evaporate: + 0.7 + 5 - 25.03985
    assert runs["水位"].values[0].tolist() == pytest.approx([500, 500.3, 500.797, 481.45715])
    level = water.variables["水位"]
    assert level.group == "水资源"
    assert WATER.splitlines()[level.line - 1] == "水位= INTEG ("


CHAIN = """{UTF-8}
:MACRO: TANK(inflow, time)
TANK = LV/time ~~|
LV = INTEG(inflow-TANK, inflow*time) ~~|
:END OF MACRO:
age: (a1-a4) -> (group: kids, grown, grown, old) ~~|
group: kids, grown, old ~~|
young: a1,a2,a3 ~~|
next: a2,a3,a4 -> young ~~|
sex: male, female ~~|
area <-> sex ~~|
People[sex,a1] = INTEG(births[sex]-ageing[sex,a1]-deaths[sex,a1], start[sex,a1]) ~ persons ~|
People[sex,next] = INTEG(ageing[sex,young]-deaths[sex,next], start[sex,next]) ~ persons ~|
start[male,age] = 10,20,30,40 ~~|
start[female,age] = 11,21,31,41 ~~|
ageing[sex,young] = People[sex,young]/width[young] ~~|
width[young] = 5, 10, 20 ~~|
deaths[sex,age] = People[sex,age]*rate[sex,group] ~~|
rate[sex,group] = 0.01,0.005,0.05; 0.009,0.004,0.04; ~~|
births[sex] = TANK(0.5*SUM(fertility[age!]*People[female,age!]), 3) ~~|
fertility[age] :EXCEPT: [a1], [a4] = 0.1 ~~|
fertility[a1] = 0 ~~|
fertility[a4] = 0 ~~|
double[area] = People[sex,a1]*2 ~~|
INITIAL TIME = 0 ~~|
FINAL TIME = 1 ~~|
TIME STEP = 1 ~~|
SAVEPER = 1 ~~|
"""


def test_an_ageing_chain_gives_what_can_be_worked_out_by_hand(tmp_path):
    (tmp_path / "chain.mdl").write_text(CHAIN, encoding="utf-8")
    runs = sim.simulate(sim.load_model(tmp_path / "chain.mdl"))
    men, women = runs["people"].values[0, 1]
    # births are 0.5*0.1*(21 + 31); who grows older leaves, but the oldest
    assert men.tolist() == pytest.approx(
        [10 + 2.6 - 2 - 0.1, 20 + 2 - 0.1, 30 + 2 - 0.15, 40 + 1.5 - 2]
    )
    assert women[3] == pytest.approx(41 + 31 / 20 - 41 * 0.04)
    assert runs["double"].values[0, 0].tolist() == [20, 22]
