"""What `sim backtest --help` says."""

from sim.text import Text

BACKTEST = Text(
    """\
sim backtest：把知识冻结在某一年，用当时已知的观测校准，再预测之后的数字，看准不准。

用法：sim backtest [键=值 …]

例子
  sim backtest                     冻结在 2017 年和 2020 年
  sim backtest years=[2017]        只冻结在 2017 年
  sim backtest given=prices        假如当年就知道后来的煤价、气价

冻结之后，煤价向已知各年的均值回归（reverting=），煤价、气价按当年估得的波动随机变动（prices=），
农产品和工业品价格随一般物价（following=），物价、收入和市场规模按此前的平均增速延续（trends=），
政策和其余路径保持在那一年的水平；由校准得到的抽样预测后来的每个观测。报告误差、50% 和 90% 区间的
覆盖、CRPS、与沿用上一值和按上一增速外推的比较，“说了多大把握，应验了多少”，落在区间之外的当年缺
什么，以及价格过程从过去每一年出发预测得如何。

键
  years=[年份,…]       在哪些年份冻结                                 默认 [2017, 2020]
  trends=[路径,…]      冻结后按平均增速延续的路径                     默认 见 conf/backtest.yaml
  prices=[路径,…]      按当年已知价格估计其波动的路径                 默认 煤价、气价
  reverting=[路径,…]   冻结后向已知各年均值回归的路径                 默认 [coal_price]
  following.甲=乙      冻结后甲与乙同比例变动                         默认 见 conf/backtest.yaml
  given=名称,…         按后来的实际给定：prices、assumptions、levers 或路径名
  members=个数         每次校准的后验抽样数                           默认 2000
  observations= vintage= discrepancy=         与 sim calibrate 相同
  scenario= levers. assumptions. parameters. seed= integrator= block= workers= model= output=
  lang=                                       与 sim run 相同

结果在 <output>/backtest/<情景>/<时间>/：forecasts.csv、prices.csv、summary_zh.md、
summary_en.md。
""",
    """\
sim backtest: knowledge is frozen in a year, the model calibrated on what was known then, and what
came later is forecast and scored.

Usage: sim backtest [key=value …]

Examples
  sim backtest                     frozen in 2017 and in 2020
  sim backtest years=[2017]        frozen in 2017 alone
  sim backtest given=prices        had the later prices of coal and gas been known

From the frozen year on the coal price reverts to the mean of the years known (reverting=); the
prices of coal and gas have a noise as it was estimated then (prices=); farm and factory prices
follow the price level (following=), which grows on as it had, as do incomes and markets (trends=);
policies and all other paths are held. Reported are errors, the coverage of the 50 and 90% bands,
the CRPS, naive forecasts (last value, last growth), how often events came true beside what was
stated, what was lacking where a figure lay outside, and how the process of prices would have
forecast from every past year.

Keys
  years=[YEAR,…]       in which years knowledge is frozen             default [2017, 2020]
  trends=[PATH,…]      paths that grow on at their mean growth        default in conf/backtest.yaml
  prices=[PATH,…]      paths whose noise is estimated from the known  default coal and gas prices
  reverting=[PATH,…]   paths that go back to their known mean         default [coal_price]
  following.ONE=OTHER  ONE keeps its ratio to OTHER                   default in conf/backtest.yaml
  given=NAME,…         taken as it came: prices, assumptions, levers, or a path
  members=NUMBER       draws of each posterior                        default 2000
  observations= vintage= discrepancy=         as for sim calibrate
  scenario= levers. assumptions. parameters. seed= integrator= block= workers= model= output=
  lang=                                       as for sim run

Results are in <output>/backtest/<scenario>/<time>/: forecasts.csv, prices.csv, summary_zh.md,
summary_en.md.
""",
)
