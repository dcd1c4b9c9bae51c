"""What `sim sweep --help` says."""

from sim.text import Text

SWEEP = Text(
    """\
sim sweep：把政策手段、外部假设或参数取许多值，逐点给出达标概率：在哪里越过 50%、80%、90%。

用法：sim sweep [键=值 …]          中断后继续：sim sweep resume=文件夹

例子
  sim sweep levers.coal_cap=3500,4000,4500,5000            一条曲线
  sim sweep "levers.coal_cap=range(3500,5001,100)"         同上，写成范围（含括号须加引号）
  sim sweep levers.coal_cap=3500,4500 \\
    "levers.methane_drilling_permits={times: [0.8, 1, 1.2], since: 2021}"   两项组合：热力图
  sim sweep design=oat                                     不确定参数逐项取 5%、95% 分位：龙卷风图
  sim sweep design=lhs points=200 "levers.coal_cap=interval(3500,5000)"     随机取点
  sim sweep design=file file=我的.csv                      自己的点：每列一项，每行一个点

轴
  levers.名称=值,值,…  assumptions.名称=…  parameters.名称=…
                       值的列表、range(起,止,步长)（不含止）、interval(下,上)；
                       逐年路径用倍数 "{times: [0.8, 1.2], since: 2021}"；只有一个值的不算轴
  design=方式          grid、oat、random、lhs、sobol_sequence、file       默认 grid
  points=个数          random、lhs、sobol_sequence 的点数                默认 100
  percentiles=[下,上]  oat 不写轴时，不确定参数取的分位                  默认 [5,95]
  file=文件            CSV；列名可带单位，如 coal_cap [万吨/Year]

每点的抽样与结果
  draws=次数           每个点的抽样次数，各点共用同一组抽样              默认 1000
  draws=calibrated     各点都用最近一次 sim calibrate 的抽样（或写其结果文件夹）
  until="stderr<0.01"  每个点的每个概率都达到这一标准误为止，至多 draws 次（请给足，如 draws=20000）
  scenario= targets= seed= sampling= method= block= workers= model= figures= output= lang=
                       与 sim run 相同
  confirm=true         次数很多时确认

边算边存：中断（断电也不要紧）后用 resume= 继续，已算的不再算，结果与不中断时相同。
结果在 <output>/sweep/<情景>/<时间>/：sweep.csv、sweep.nc、summary_zh.md、summary_en.md、figures/。
""",
    """\
sim sweep: many values of levers, assumptions or parameters; the odds of every target at each
point, and where they pass 50, 80 and 90 %.

Usage: sim sweep [key=value …]          to go on after an interruption: sim sweep resume=FOLDER

Examples
  sim sweep levers.coal_cap=3500,4000,4500,5000            a curve
  sim sweep "levers.coal_cap=range(3500,5001,100)"         a range (brackets want quotes)
  sim sweep levers.coal_cap=3500,4500 \\
    "levers.methane_drilling_permits={times: [0.8, 1, 1.2], since: 2021}"   two: a heat map
  sim sweep design=oat                     every uncertain parameter at its 5 % and 95 %: tornado
  sim sweep design=lhs points=200 "levers.coal_cap=interval(3500,5000)"     points between
  sim sweep design=file file=my.csv        points of one's own: a column each, a row per point

Axes
  levers.NAME=VALUE,…  assumptions.NAME=…  parameters.NAME=…
                       values, range(start,stop,step) (stop left out), interval(low,high);
                       a path by year by multiples "{times: [0.8, 1.2], since: 2021}"; a single
                       value is no axis
  design=WORD          grid, oat, random, lhs, sobol_sequence, file       default grid
  points=NUMBER        of random, lhs, sobol_sequence                     default 100
  percentiles=[LOW,HIGH]  of oat without axes                             default [5,95]
  file=FILE            a CSV; a head may have its unit: coal_cap [万吨/Year]

The ensemble at each point, and results
  draws=NUMBER         draws at each point, the same at all               default 1000
  draws=calibrated     those of the newest sim calibrate at each point (or name its folder)
  until="stderr<0.01"  draws until every probability at every point is that sure, at most draws=
                       (give it room: draws=20000)
  scenario= targets= seed= sampling= method= block= workers= model= figures= output= lang=
                       as for sim run
  confirm=true         yes, that many members

Parts are written as they are finished: after an interruption (a power cut too) resume= goes on,
computes nothing twice, and ends with the same files.
Results are in <output>/sweep/<scenario>/<time>/: sweep.csv, sweep.nc, summary_zh.md,
summary_en.md, figures/.
""",
)
