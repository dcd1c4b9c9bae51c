"""What of Vensim's language the engine reads, by function, and what it refuses: docs/language.md.

python -m sim.engine.language > docs/language.md
"""

from collections.abc import Iterable

from sim.engine.arrays import ARRAY_FUNCTIONS
from sim.engine.equation import TABLE_FUNCTIONS
from sim.engine.outputs import OF_VENSIM
from sim.engine.readings import READ_FROM_DATA, READ_FROM_TABLES
from sim.engine.schedules import SCHEDULES
from sim.engine.stages import WRITTEN_OUT
from sim.engine.variates import VARIATES
from sim.engine.vocabulary import INSTEAD, PLAIN
from sim.engine.xmile_functions import XMILE_FUNCTIONS, XMILE_NAMES

PARSED = {
    "SmoothStructure": "SMOOTH SMOOTHI SMOOTH3 SMOOTH3I",
    "SmoothNStructure": "SMOOTH_N",
    "DelayStructure": "DELAY1 DELAY1I DELAY3 DELAY3I",
    "DelayNStructure": "DELAY_N",
    "TrendStructure": "TREND",
    "ForecastStructure": "FORECAST",
    "SampleIfTrueStructure": "SAMPLE_IF_TRUE",
    "AllocateAvailableStructure": "ALLOCATE_AVAILABLE",
    "AllocateByPriorityStructure": "ALLOCATE_BY_PRIORITY",
}
"""What Vensim calls what the parser has a word of its own for."""
DIRECT = ("integ", "delay_fixed", "initial", "active_initial", "game", "with_lookup")
"""Functions that become a stock, a pipeline, an initial value or a table."""
FILES = tuple(
    f"get_{source}_{what}"
    for source in ("direct", "xls")
    for what in ("constants", "data", "lookups", "subscript")
)

HEAD = """\
# 支持的 Vensim 语言 · Vensim's language, as far as it is read

本页由 `python -m sim.engine.language` 生成；
`sim model check 文件` 列出一个模型用到而不支持的函数及行号。

This page is written by `python -m sim.engine.language`; `sim model check FILE` names what a model
uses that is not supported, with its line.

**文件**：`.mdl`，编码 UTF-8、GBK、GB18030 或 UTF-16，有无 BOM 均可；草图略过。宏（可有多个输出）、
分组、下标范围（子范围、`(a1-a9)`、映射、`<->`）、`:EXCEPT:`、分段定义、`{注释}`、`:NA:`、`==`、
GET … 数据变量、没有方程的数据变量（值在模型旁的同名或名为 data 的 CSV、XLSX 中，一列一个变量，
首列为时间）、随时间变化的 TIME STEP、FINAL TIME、SAVEPER 均可读；
现实检验语句略过。

**Files**: `.mdl` in UTF-8, GBK, GB18030 or UTF-16; the sketch is left out. Macros (with
outputs), groups, ranges (subranges, `(a1-a9)`, mappings, `<->`), `:EXCEPT:`, partial definitions,
`{comments}`, `:NA:`, `==`, GET … data variables, data variables without an equation (values in a
CSV or XLSX of the model's name or called data beside it, a column each, the first of times) and a
changing TIME STEP, FINAL TIME, SAVEPER are read; reality checks are left out.

**XMILE**（`.xmile`、`.xml`、`.stmx`、`.itmx`）：存量、流量、图形函数（连续、外推、阶梯；逐元素）、维度（列出元素
或只给个数）、`x[*]`、不得为负的存量（流出量按所列次序以现有量和流入量为限）和流量、
嵌套的 IF、`//`、`init_eqn`、同一文件中的模块（其变量名为 `模块.变量`）；
传送带、队列和炉连同行号被拒绝。
**XMILE** (`.xmile`, `.xml`, `.stmx`, `.itmx`): stocks, flows, graphical functions (continuous,
extrapolated, discrete; by element), dimensions (of named elements, or of a size), `x[*]`, stocks
that may not be negative (what flows out, in the order written, is no more than is there and flows
in), flows that may not, IF within IF, `//`, `init_eqn`, modules in the same file (their variables
are `module.variable`); conveyors, queues and ovens are refused.

**积分方法**用模型文件所写的：Vensim 的设置（草图之后 `15:` 行的第四个数）、XMILE 的
`sim_specs method`；没有写的用欧拉法，命令中的 `method=euler`、`method=rk4` 优先。没有的方法以最接近
的代替，并在 `sim model check` 和结果中说明：RK2、RK4 Auto、RK45、Gear 代以定步长的四阶龙格—库塔法，
Diff 代以欧拉法（各变量记其当时的值）。用龙格—库塔法时，STEP、PULSE、RAMP、数据、随机数和
DELAY FIXED 一类的延迟在一步之内不变，同 Vensim 一样；Time 和以 Time 为自变量的表函数则随之变化。
**The method of integration** is the model file's own: that of Vensim's settings (the fourth number
of the line `15:` behind the sketch), of XMILE's `sim_specs method`; Euler's where it names none.
`method=euler` and `method=rk4` on the command line come first. The nearest stands in for a method
that there is not, and `sim model check` and the results say so: the fourth-order Runge-Kutta method
with a fixed step for RK2, RK4 Auto, RK45 and Gear, Euler's for Diff (every variable is recorded as
it is at the time). With Runge and Kutta STEP, PULSE, RAMP, data, random numbers and delays such as
DELAY FIXED stay as they are within a step, as Vensim holds them; Time and tables of Time go on.

**数据在别的时间的值**（GET DATA …、TIME SHIFT）取自数据文件，被这样读取的变量不再是可替换的输入。
手册没有说定之处：折旧的财务期从 INITIAL TIME 起算，
DELAY PROFILE 的每一步得到曲线上前后各半步的份额。SHIFT IF TRUE 在一步之内何时改写存量、
INTERNAL RATE OF RETURN 怎样算未满的财务期、Stella 的 COUNTER 从何时数起，没有说定，因此不支持。
**Data at other times** (GET DATA …, TIME SHIFT) are those of the data file: a variable that is read
so is no input any more. Where the manual leaves it open: fiscal periods of depreciation are counted
from INITIAL TIME; in a DELAY PROFILE a step has the share from half a step before to half a step
after. Refused, since it is left open, are SHIFT IF TRUE (when in a step it rewrites the stocks),
INTERNAL RATE OF RETURN (what it makes of a fiscal period that has not ended) and, of Stella,
COUNTER (from when it counts).

**数组**展开为每个元素一个变量（`x[a,b]`）；全模型至多 10 万个元素、30 万个运算。
**Arrays** become one variable per element (`x[a,b]`); at most 100,000 elements and 300,000
operations in all.

**随机函数**的数只取决于运行的种子、变量名、方程中写的种子、成员和时间步，
与分块和进程数无关。XMILE 的 POISSON、MONTECARLO 同 Stella 一样以单位时间计，
LOGNORMAL 的均值和标准差是其对数的。
The numbers of **random functions** depend on the run's seed, the variable's name, the seed in the
equation, the member and the step, neither on blocks nor on workers. POISSON and MONTECARLO of
XMILE are of a unit of time, as in Stella; mean and deviation of LOGNORMAL are its logarithm's.
"""


def names_of(keys: Iterable[str]) -> list[str]:
    """The names of functions as Vensim writes them."""
    words = " ".join(PARSED.get(key, key.upper()) for key in keys).split()
    return sorted(word.replace("_", " ") for word in words)


def supported() -> dict[str, list[str]]:
    """The functions that are read, by kind."""
    numbers = [n for n in WRITTEN_OUT if n.startswith("random")]
    elsewhere = {*numbers, "get_time_value", "time_base", "modulo", "xramp"}
    return {
        "每步计算 · computed at each step": names_of(
            [*PLAIN, "get_time_value", "modulo", "time_base"]
        ),
        "存量、延迟、平滑 · stocks, delays, smooths": names_of(
            [
                *DIRECT,
                *SCHEDULES,
                *OF_VENSIM,
                *(name for name in WRITTEN_OUT if name not in elsewhere),
            ]
        ),
        "数组 · over arrays": names_of([*ARRAY_FUNCTIONS, "tabbed_array", "vector_lookup"]),
        "表函数 · table functions": names_of([*TABLE_FUNCTIONS, *READ_FROM_TABLES]),
        "数据变量 · data variables": names_of(READ_FROM_DATA),
        "数据文件（CSV、XLSX） · data files": names_of(FILES),
        "随机 · random": names_of([*VARIATES, *numbers, "random_lookup"]),
        "XMILE 独有 · in XMILE alone": sorted(
            [*(name.removeprefix("x_").upper() for name in XMILE_FUNCTIONS), "SELF"]
            + [name.upper() for name in XMILE_NAMES]
        ),
    }


def page() -> str:
    """The page, in Markdown."""
    lines = [HEAD, "## 支持 · Supported", "", "| 类别 · kind | 函数 · functions |", "| --- | --- |"]
    lines += [f"| {kind} | {', '.join(names)} |" for kind, names in supported().items()]
    lines += ["", "## 不支持 · Refused, with the line, before anything runs", ""]
    lines += ["| 函数 · function | 替代办法 · instead |", "| --- | --- |"]
    for name, (zh, en) in sorted(INSTEAD.items()):
        lines.append(f"| {name.upper().replace('_', ' ')} | {f'{zh} · {en}' if zh else '—'} |")
    lines += ["", "其他未列出的函数同样被拒绝。So is every function that is not listed."]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(page(), end="")
