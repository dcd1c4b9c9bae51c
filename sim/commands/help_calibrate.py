"""What `sim calibrate --help` says."""

from sim.text import Text

CALIBRATE = Text(
    """\
sim calibrate：用历史观测校准不确定参数，得到后验抽样，供其他命令使用。

用法：sim calibrate [键=值 …]

例子
  sim calibrate                              用全部历史观测校准
  sim calibrate until=2017                   只用 2017 年及以前的观测
  sim calibrate method=particles             换一种抽样方法核对（慢数倍）
  sim run scenario=high_methane draws=calibrated
                                             用最近一次校准的后验抽样运行情景
                                             （另一次的：draws=outputs/calibrate/baseline/<时间>）
  sim calibrate resume=文件夹.unfinished     被中断的校准从断处继续（只可再写 workers=、lang=）

观测
  observations=文件夹  观测所在的 CSV 文件夹                           默认 conf/history
  vintage=版本         latest、first、revised 或 census                默认 latest
                       （CSV 中加一列“版本”：初次公布 first、修订 revised、普查后修订 census 的数
                       逐行并存，不必覆盖旧数；没有所选版本的，取更早的，再没有取更晚的）
  until=年份           不用这一年以后的观测                            默认 全部
  discrepancy=占比     模型自身对每个观测的误差（假定）                默认 0.01

抽样
  method=方法          importance（加权，最快）、particles（逐级升温的粒子）或 walkers（链，最慢），
                       互相核对                                        默认 importance
                       （加权在观测很多、很精确时会失效；命令会发现，不给结果，请改用 particles）
  members=个数         后验抽样数                                      默认 4000
  steps=步数           每条链的步数，只用于 walkers                    默认 4000
  scenario= levers. assumptions. parameters. seed= integrator= block= workers= model=
  figures= output= lang=                      与 sim run 相同

结果在 <output>/calibrate/<情景>/<时间>/：posterior.nc（后验抽样）、parameters.csv（每个参数的
先验与后验）、observations.csv（每个观测与模型）、summary_zh.md、summary_en.md、figures/。
没有收敛的抽样（particles、walkers 可能如此，摘要中写明），sim run 不予采用。
“剩余不确定性”在 80% 以上的参数，数据对它几乎没有说明。
""",
    """\
sim calibrate: history teaches the uncertain parameters; the result is draws that runs can take.

Usage: sim calibrate [key=value …]

Examples
  sim calibrate                              on all of history
  sim calibrate until=2017                   on observations up to 2017 alone
  sim calibrate method=particles             checked by another method (several times slower)
  sim run scenario=high_methane draws=calibrated
                                             a scenario with the draws of the newest calibration
                                             (another: draws=outputs/calibrate/baseline/<time>)
  sim calibrate resume=FOLDER.unfinished     goes on with one that was interrupted (beside it only
                                             workers= and lang=)

Observations
  observations=FOLDER  CSV files of observations                      default conf/history
  vintage=WORD         latest, first, revised or census               default latest
                       (a column `vintage` in the CSV: figures as first published, revised and
                       revised after a census stand side by side, nothing is overwritten; for want
                       of the one chosen the next earlier one serves, else the next later one)
  until=YEAR           no observation after it                        default all
  discrepancy=SHARE    how wrong the model itself may be (assumed)    default 0.01

Sample
  method=WORD          importance (weights, the fastest), particles (tempered) or walkers (chains,
                       the slowest): each checks the others           default importance
                       (weights fail where figures are very many or very precise; the command
                       notices, gives no result, and asks for particles)
  members=NUMBER       draws of the posterior                         default 4000
  steps=NUMBER         of every chain, with walkers                   default 4000
  scenario= levers. assumptions. parameters. seed= integrator= block= workers= model=
  figures= output= lang=                      as for sim run

Results are in <output>/calibrate/<scenario>/<time>/: posterior.nc (the draws), parameters.csv
(prior and posterior of each), observations.csv (each, and the model), summary_zh.md,
summary_en.md, figures/. Of a parameter with more than 80% of its spread left the data say next
to nothing. Draws that have not settled (of particles or walkers; the summary says so) sim run
refuses.
""",
)
