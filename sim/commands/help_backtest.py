"""What `sim backtest --help` says."""

from sim.text import Text

BACKTEST = Text(
    """\
sim backtest：把知识冻结在某一年，用当时已知的观测校准，再预测之后的数字，看准不准。

用法：sim backtest [键=值 …]

例子
  sim backtest                     冻结在 2017 年和 2020 年
  sim backtest years=[2017]        只冻结在 2017 年

冻结之后，价格和政策的路径保持在那一年的水平，物价、收入和市场规模按此前的平均增速延续
（trends= 所列）；由校准得到的抽样预测后来的每个观测。报告误差、50% 和
90% 区间的覆盖、CRPS、与沿用上一值和按上一增速外推的比较，以及“说了多大把握，应验了多少”。

键
  years=[年份,…]       在哪些年份冻结                                 默认 [2017, 2020]
  trends=[路径,…]      冻结后按平均增速延续的路径                     默认 见 conf/backtest.yaml
  members=个数         每次校准的后验抽样数                           默认 2000
  observations= vintage= discrepancy=         与 sim calibrate 相同
  scenario= levers. assumptions. parameters. seed= integrator= block= workers= model= output=
  lang=                                       与 sim run 相同

结果在 <output>/backtest/<情景>/<时间>/：forecasts.csv、summary_zh.md、summary_en.md。
""",
    """\
sim backtest: knowledge is frozen in a year, the model calibrated on what was known then, and what
came later is forecast and scored.

Usage: sim backtest [key=value …]

Examples
  sim backtest                     frozen in 2017 and in 2020
  sim backtest years=[2017]        frozen in 2017 alone

From the frozen year on, paths of prices and policies are held where they were; the price level,
incomes and markets (trends=) grow on as they had on average until then. Reported are
errors, the coverage of the 50 and 90% bands, the CRPS, naive forecasts (last value, last growth),
and how often events came true beside what was stated.

Keys
  years=[YEAR,…]       in which years knowledge is frozen             default [2017, 2020]
  trends=[PATH,…]      paths that grow on at their mean growth        default in conf/backtest.yaml
  members=NUMBER       draws of each posterior                        default 2000
  observations= vintage= discrepancy=         as for sim calibrate
  scenario= levers. assumptions. parameters. seed= integrator= block= workers= model= output=
  lang=                                       as for sim run

Results are in <output>/backtest/<scenario>/<time>/: forecasts.csv, summary_zh.md, summary_en.md.
""",
)
