"""What `sim reach --help` says."""

from sim.text import Text

REACH = Text(
    """\
sim reach：要以多大把握达到哪些目标，政策手段最少要动多少。

用法：sim reach targets=目标 [键=值 …]

例子
  sim reach targets=urbanisation probability=0.45          城镇化率达标的把握提高到 45%，需要做什么
  sim reach targets=cbm_output,urbanisation probability=0.4    两项各有四成把握
  sim reach targets=cbm_output probability=0.4 scenario=gas_price_collapse   气价大跌时需要做什么
  sim reach targets=cbm_output probability=0.4 save=我的方案   并存为情景：sim run scenario=我的方案

每项手段从 scenario 的取值出发，最多用到 toward 的取值；“力度”是走完这段路的百分之几。求出力度之和
最小、又使每项目标的达标概率都不低于 probability 的一组；达不到时给出最接近的一组，并说明一齐用足
能到多少。求得的情景再用另一组抽样检验，并列出其他目标因此有何变化。

键
  targets=名称,…       要达到的目标（必填）
  probability=概率     每项目标至少多大把握                            默认 0.8
  scenario=名称        从哪个情景出发                                  默认 baseline
  toward=名称          每项手段至多用到哪个情景的取值                  默认 all_levers_at_limit
  change=名称,…        只动这些手段                                    默认 all
  save=名称            把求得的情景存为 scenarios/<名称>.yaml
  levers. assumptions. parameters.            在出发的情景上另作的改动，与 sim run 相同
  draws=次数           搜索所用的抽样次数，检验用其四倍                默认 1000
  seed= sampling= method= block= workers= engine= model= output= lang=    与 sim run 相同

结果在 <output>/reach/<情景>/<时间>/：summary_zh.md、summary_en.md、levers.csv、attainment.csv 和
情景文件（.yaml）。
""",
    """\
sim reach: the least change of levers with which targets are met as surely as you want.

Usage: sim reach targets=TARGET [key=value …]

Examples
  sim reach targets=urbanisation probability=0.45          what an urbanisation of 45% odds takes
  sim reach targets=cbm_output,urbanisation probability=0.4    two targets, each with 40%
  sim reach targets=cbm_output probability=0.4 scenario=gas_price_collapse   with cheap gas
  sim reach targets=cbm_output probability=0.4 save=my_plan    for sim run scenario=my_plan

Each lever starts from where `scenario` has it and goes no farther than `toward` has it; how far is
told in percent of that way. Found are the levers whose ways have the least sum and with which each
target is met with `probability` at least; where that cannot be, what comes nearest, and what all
levers together can do. The scenario found is checked with other draws, and what it does to the
other targets is said.

Keys
  targets=NAME,…       the targets to be met (must be given)
  probability=P        how surely each is to be met, at least         default 0.8
  scenario=NAME        where levers start                             default baseline
  toward=NAME          where each lever may go, at most               default all_levers_at_limit
  change=NAME,…        only these levers                              default all
  save=NAME            puts the scenario into scenarios/<NAME>.yaml
  levers. assumptions. parameters.            own changes of the first scenario, as for sim run
  draws=NUMBER         draws of the search; four times as many check  default 1000
  seed= sampling= method= block= workers= engine= model= output= lang=    as for sim run

Results are in <output>/reach/<scenario>/<time>/: summary_zh.md, summary_en.md, levers.csv,
attainment.csv and the scenario's file (.yaml).
""",
)
