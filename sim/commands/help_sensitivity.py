"""What `sim sensitivity --help` says."""

from sim.text import Text

SENSITIVITY = Text(
    """\
sim sensitivity：哪些不确定因素决定各项目标，影响多大，这个判断有多可靠。

用法：sim sensitivity [键=值 …]

例子
  sim sensitivity                                          基准情景，Sobol 指数，全部目标
  sim sensitivity scenario=high_methane targets=cbm_output 只看一项目标
  sim sensitivity method=morris                            先筛选：十几秒，看哪些因素不必再管
  sim sensitivity method=regional                          达标与未达标的世界差在哪里
  sim sensitivity method=regional draws=calibrated         同上，只看与历史观测相符的世界
  sim sensitivity factors.coal_cap=[3500,5000]             加上一项政策手段，与不确定性分开列表
  sim sensitivity groups=sector                            按部门合并

方法（method=）
  sobol             方差中有多少来自该因素：单独、连同相互作用；second_order=true 加上两两相互作用
  shapley           方差在各因素间公平分摊，合计为 1
  morris            单独变动该因素时指标平均变多少（筛选用，最省）
  rank_correlation  偏秩相关：方向与单调关系
  regional          蒙特卡罗过滤：达标的世界里该因素有何不同
  pawn, delta       整个分布（不只是方差）受该因素影响多少

问什么
  scenario=名称        情景                                           默认 baseline
  targets=名称,…       只看这些目标                                   默认 all
  about=什么           value 数值、shortfall 差额、attainment 是否达标  默认 auto（由方法定）
  uncertain=名称,…     哪些不确定参数变动；none 表示都取定值          默认 all
  factors.名称=[下,上] 让一项政策手段或外部假设在范围内变动；逐年路径用倍数：
                       "factors.名称={times: [0.8, 1.2], since: 2021}"
  groups=方式          none、sector、role，或 "{名称: [因素, …]}"：合成一组给一个指数
  second_order=true    两因素相互作用（method=sobol）；模拟次数加倍   默认 false
  by_year=true|false   每一年的指数                                   默认 auto
  levers. assumptions. parameters.   与 sim run 相同

计算与结果
  base=个数            基础样本；结果会说明是否足够、还差多少         默认 auto（由方法定）
  draws=calibrated     样本取自最近一次 sim calibrate（或写其结果文件夹）；只用于不要求因素独立的
                       rank_correlation、regional、pawn、delta
  seed= integrator= block= workers= model= figures= output= lang=     与 sim run 相同
  confirm=true         次数很多时确认

结果在 <output>/sensitivity/<情景>/<时间>/：sensitivity.csv、sensitivity.nc、summary_zh.md、
summary_en.md、figures/。区间为 95%，由重抽样得出。
""",
    """\
sim sensitivity: which uncertain inputs decide the targets, by how much, and how sure that is.

Usage: sim sensitivity [key=value …]

Examples
  sim sensitivity                                          baseline, Sobol indices, all targets
  sim sensitivity scenario=high_methane targets=cbm_output one target
  sim sensitivity method=morris                            screening: what need not be looked at
  sim sensitivity method=regional                          how worlds that meet a target differ
  sim sensitivity method=regional draws=calibrated         the same, of worlds that fit history
  sim sensitivity factors.coal_cap=[3500,5000]             with a lever, in a table of its own
  sim sensitivity groups=sector                            one index for each sector

Methods (method=)
  sobol             share of the variance: alone, with interactions; second_order=true: pairs too
  shapley           the variance shared out fairly; the sum is one
  morris            how far a target moves with this factor alone (screening, cheapest)
  rank_correlation  partial rank correlation: direction, monotone relation
  regional          Monte Carlo filtering: how worlds that meet the target differ
  pawn, delta       how the whole distribution, not its variance alone, moves

What is asked
  scenario=NAME          the scenario                                 default baseline
  targets=NAME,…         these targets only                           default all
  about=WORD             value, shortfall or attainment               default auto (by method)
  uncertain=NAME,…       which uncertain parameters vary; none        default all
  factors.NAME=[LOW,HIGH]  lets a lever or assumption vary too; a path by year by multiples:
                         "factors.NAME={times: [0.8, 1.2], since: 2021}"
  groups=WORD            none, sector, role, or "{NAME: [FACTOR, …]}": one index for each group
  second_order=true      interactions of pairs (method=sobol): twice the members
  by_year=true|false     indices in every year                        default auto
  levers. assumptions. parameters.   as for sim run

Computation and results
  base=NUMBER            the base sample; the result says whether it was enough
  draws=calibrated       the draws of the newest sim calibrate (or name its folder); for methods
                         that want no independent factors: rank_correlation, regional, pawn, delta
  seed= integrator= block= workers= model= figures= output= lang=     as for sim run
  confirm=true           yes, that many members

Results are in <output>/sensitivity/<scenario>/<time>/: sensitivity.csv, sensitivity.nc,
summary_zh.md, summary_en.md, figures/. Intervals are of 95 %, from resampling.
""",
)
