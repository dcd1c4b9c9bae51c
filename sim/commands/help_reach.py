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
  sim reach targets=cbm_output probability=0.4 draws=calibrated    只用与历史观测相符的抽样
  sim reach targets=cbm_output probability=0.4 effort.pipeline_programme=3   管网比别的难动两倍

每项手段从 scenario 的取值出发，最多用到 toward 的取值；“力度”是走完这段路的百分之几。求出力度之和
最小、又使每项目标的达标概率都不低于 probability 的一组；达不到时给出最接近的一组，并说明一齐用足
能到多少。搜索从两处出发（全部用足处、途中首次达标处），取动得最少的，并说明是否一致。求得的情景
再用另一组抽样检验，并列出其他目标因此有何变化。

键
  targets=名称,…       要达到的目标（必填）
  probability=概率     每项目标至少多大把握                            默认 0.8
  scenario=名称        从哪个情景出发                                  默认 baseline
  toward=名称          每项手段至多用到哪个情景的取值                  默认 all_levers_at_limit
  change=名称,…        只动这些手段                                    默认 all
  effort.手段=难度     这项手段有多难动（2 抵两项一般的手段，0.5 抵半项）；求的是“力度×难度”
                       之和最小，难度由您给定，不是费用                默认各为 1
  save=名称            把求得的情景存为 scenarios/<名称>.yaml
  levers. assumptions. parameters.            在出发的情景上另作的改动，与 sim run 相同
  draws=次数           搜索所用的抽样次数，检验用其四倍                默认 1000
  draws=calibrated     最近一次 sim calibrate 的抽样（或写其结果文件夹），五分之一搜索，其余检验
  seed= sampling= method= block= workers= engine= model= figures= output= lang=    与 sim run 相同

结果在 <output>/reach/<情景>/<时间>/：summary_zh.md、summary_en.md、levers.csv、attainment.csv、
figures/along.png（全部手段一齐用力时各项目标的达标概率，与求得的一组对照）、情景文件（.yaml），以及
同样内容的 levers.nc、along.nc、attainment.nc。sim again 重新求一遍，并说明答案是否相同。
""",
    """\
sim reach: the least change of levers with which targets are met as surely as you want.

Usage: sim reach targets=TARGET [key=value …]

Examples
  sim reach targets=urbanisation probability=0.45          what an urbanisation of 45% odds takes
  sim reach targets=cbm_output,urbanisation probability=0.4    two targets, each with 40%
  sim reach targets=cbm_output probability=0.4 scenario=gas_price_collapse   with cheap gas
  sim reach targets=cbm_output probability=0.4 save=my_plan    for sim run scenario=my_plan
  sim reach targets=cbm_output probability=0.4 draws=calibrated    with draws that fit history
  sim reach targets=cbm_output probability=0.4 effort.pipeline_programme=3   three times as hard

Each lever starts from where `scenario` has it and goes no farther than `toward` has it; how far is
told in percent of that way. Found are the levers whose ways have the least sum and with which each
target is met with `probability` at least; where that cannot be, what comes nearest, and what all
levers together can do. The search begins at two points (all levers at their limits, and where on
the way there the targets are met first), keeps the least change, and says whether both agree. The
scenario found is checked with other draws, and what it does to the other targets is said.

Keys
  targets=NAME,…       the targets to be met (must be given)
  probability=P        how surely each is to be met, at least         default 0.8
  scenario=NAME        where levers start                             default baseline
  toward=NAME          where each lever may go, at most               default all_levers_at_limit
  change=NAME,…        only these levers                              default all
  effort.LEVER=NUMBER  how hard a lever is to move: 2 is as hard as two others, 0.5 half as hard;
                       least is the sum of way times effort, which is yours, not a cost
                                                                      default 1 each
  save=NAME            puts the scenario into scenarios/<NAME>.yaml
  levers. assumptions. parameters.            own changes of the first scenario, as for sim run
  draws=NUMBER         draws of the search; four times as many check  default 1000
  draws=calibrated     those of the newest sim calibrate (or name its folder): a fifth for the
                       search, the others to check
  seed= sampling= method= block= workers= engine= model= figures= output= lang=    as for sim run

Results are in <output>/reach/<scenario>/<time>/: summary_zh.md, summary_en.md, levers.csv,
attainment.csv, figures/along.png (the odds where all levers go together, and the least change
beside), the scenario's file (.yaml), and the same as levers.nc, along.nc, attainment.nc. sim again
computes it again, and says whether the answer is the same.
""",
)
