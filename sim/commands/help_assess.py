"""What `sim assess --help` says."""

from sim.text import Text

ASSESS = Text(
    """\
sim assess：把新公布的数字填进一个小表，立即看到各项目标的达标概率怎样变化、为什么。

用法：sim assess 新数据.csv [键=值 …]

表格（Excel 另存为 CSV 即可，UTF-8 或 GBK 均可），一行一个数字：
  指标,年份,数值,单位
  原煤产量,2026,4380,万吨/Year
可再加列：误差（标准误，同单位）、来源、版本（first、revised、census）。
指标可写规划指标的名称、模型变量的中文名或代码；不写误差时按 conf/measurement.yaml 的假定。

例子
  sim assess 新数据.csv                        基准情景
  sim assess 新数据.csv scenario=high_methane  高甲烷情景
  sim assess 新数据.csv targets=cbm_output     只看一项目标

键
  scenario=名称        在哪个情景下评估                                默认 baseline
  vintage=版本         同一数字有几个版本时取哪一个                    默认 latest
  since=年份           规划路径从哪一年的模型中位数画起                默认 2020
  discrepancy=占比     模型自身对每个数字的误差（假定）                默认 0.01
  least=次数           加权后至少应相当于多少次等权抽样；不足则自动重新校准   默认 400
  draws=次数           抽样次数                                        默认 10000
  draws=calibrated     此前的认识取自最近一次 sim calibrate（或其结果文件夹）；新数据须是它没用过的
  seed= sampling= targets= levers. assumptions. parameters. integrator= block= workers=
  model= output= lang=                         与 sim run 相同

结果在 <output>/assess/<情景>/<时间>/：odds.csv（各目标此前与此后）、observations.csv、beliefs.csv、
early_signs.csv（哪一年看哪个数字，最能预示成败；另有较早而几乎同样准的）、summary_zh.md、summary_en.md。
""",
    """\
sim assess: type new figures into a small table and see how the odds of every target move, and why.

Usage: sim assess new.csv [key=value …]

The table (CSV as Excel saves it, UTF-8 or GBK), one figure a row:
  series,year,value,unit
  coal_output,2026,4380,万吨/Year
More columns may follow: error (a standard error, same unit), source, vintage (first, revised,
census). A series is the name of a target, or a variable's name or label; where no error is given
that of conf/measurement.yaml is assumed.

Examples
  sim assess new.csv                           in the baseline
  sim assess new.csv scenario=high_methane     in another scenario
  sim assess new.csv targets=cbm_output        one target

Keys
  scenario=NAME        in which scenario                              default baseline
  vintage=WORD         which of several versions of a figure          default latest
  since=YEAR           where the plan's required path starts          default 2020
  discrepancy=SHARE    how wrong the model itself may be (assumed)    default 0.01
  least=NUMBER         equal draws that the weighted ones must be worth; below, the ensemble is
                       calibrated anew                                default 400
  draws=NUMBER         joint samples of what is uncertain             default 10000
  draws=calibrated     what was believed before comes from the newest sim calibrate (or name its
                       folder); it must not have used the new figures
  seed= sampling= targets= levers. assumptions. parameters. integrator= block= workers=
  model= output= lang=                         as for sim run

Results are in <output>/assess/<scenario>/<time>/: odds.csv (every target before and after),
observations.csv, beliefs.csv, early_signs.csv (which figure of which year tells best whether a
target will be met, and an earlier one that is nearly as good), summary_zh.md, summary_en.md.
""",
)
