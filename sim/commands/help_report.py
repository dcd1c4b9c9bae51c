"""What --help says of figures, tables and reports."""

from sim.text import Text

PLOT = Text(
    """\
sim plot：由一次运行的结果文件夹画图，可直接放进报告；不写图名时列出全部图。

用法：sim plot 图名… [键=值 …]

图名
  fan         扇形图：历史、区间与规划目标       bars        达标概率及标准误，与对照情景
  timeline    达标概率逐年变化                   shortfall   离目标还差多少
  joint       哪些目标一起落空                   tornado     什么最影响某项目标
  heat        情景 × 目标热力图                  gdp         分行业地区生产总值
  population  人口按年龄与居住地                 multiples   主要指标一页总览
  stock_flow  部门的存量流量图                   all         全部

设置
  run=文件夹,…      哪次运行；可以是几次，同一张图中比较（最多四次；
                    热力图不限；joint、tornado 每次一张）          默认 latest
  targets=名称,…    只画这些目标                                   默认全部
  variables=名称,…  只画这些变量（fan、multiples）                 默认主要指标
  sector=名称,…     只画这些部门（stock_flow）                     默认全部
  format=png,svg,pdf  文件格式                                     默认 png
  width=厘米        印出来的宽度，如 15.6cm（字号不变，图面相应收放）  默认 各图自定
  height=厘米       印出来的高度                                   默认 各图自定
  dpi=整数          PNG 的分辨率                                   默认 300
  output=文件夹     图放在哪里                                     默认 结果文件夹的 figures
  outputs=文件夹    latest 在哪里找                                默认 outputs

例子
  sim plot bars
  sim plot fan variables=coal_output format=svg
  sim plot fan variables=coal_output width=12cm height=8cm
  sim plot stock_flow sector=coal
  sim plot bars fan run=outputs/run/high_methane/…,outputs/run/stagnation/…
  sim plot heat run=outputs/run/high_methane/…,outputs/run/stagnation/… lang=en

用几次运行画图时，图中是每次运行所问的情景，不再画对照情景；各图在黑白打印时也能分清。
""",
    """\
sim plot: figures of a run's folder, ready for a report; without a kind, it lists them.

Usage: sim plot KIND… [key=value …]

Kinds
  fan         history, ranges and targets        bars        odds with errors, both scenarios
  timeline    odds by year                       shortfall   how far from each target
  joint       which targets are missed together  tornado     what moves a target
  heat        scenarios × targets                gdp         GDP by sector
  population  residents by age and place         multiples   all headline variables
  stock_flow  stocks and flows of a sector       all         every one

Settings
  run=FOLDER,…      which run; several are compared in one figure (four at most, the heat
                    map any number; joint, tornado: one each)      default latest
  targets=NAME,…    these targets only                             default all
  variables=NAME,…  these variables only (fan, multiples)          default headline
  sector=NAME,…     these sectors only (stock_flow)                default all
  format=png,svg,pdf  of the files                                 default png
  width=CM          how wide it is printed, such as 15.6cm: letters stay as large, panels give
                    way                                            default each its own
  height=CM         how high it is printed                         default each its own
  dpi=NUMBER        resolution of a PNG                            default 300
  output=FOLDER     where the files go                             default figures in the run
  outputs=FOLDER    where `latest` is looked for                   default outputs

Examples
  sim plot bars
  sim plot fan variables=coal_output format=svg
  sim plot fan variables=coal_output width=12cm height=8cm
  sim plot stock_flow sector=coal
  sim plot bars fan run=outputs/run/high_methane/…,outputs/run/stagnation/…
  sim plot heat run=outputs/run/high_methane/…,outputs/run/stagnation/… lang=en

A figure of several runs shows the scenario that each was asked for, not what it is held against.
All figures can be read in black and white.
""",
)
TABLE = Text(
    """\
sim table：由一次运行的结果出表：各项目标、主要指标逐年、影响因素。

用法：sim table [键=值 …]

设置
  run=文件夹,…      哪次运行；几次运行的情景并列                   默认 latest
  format=名称,…     xlsx  Excel：数字格式、单位、冻结表头
                    csv   逗号分隔，Excel 可直接打开
                    md    Markdown        tex   LaTeX（longtable）
                    long  一行一个数字，供 R、Stata 使用
                    iamc  IAMC 宽表，供情景数据库和 pyam 使用      默认 xlsx,csv
  variables=名称,…  逐年表中的变量                                 默认全部
  output=文件夹     表放在哪里                                     默认 结果文件夹的 tables
  outputs=文件夹    latest 在哪里找                                默认 outputs

例子
  sim table
  sim table format=long,iamc lang=en
""",
    """\
sim table: tables of a run: targets, indicators by year, what matters most.

Usage: sim table [key=value …]

Settings
  run=FOLDER,…      which run; the scenarios of several in one      default latest
  format=NAME,…     xlsx  Excel: number formats, units, frozen header
                    csv   opens in Excel as it is
                    md    Markdown        tex   LaTeX (longtable)
                    long  one number a row, for R and Stata
                    iamc  the IAMC's wide format, for pyam          default xlsx,csv
  variables=NAME,…  of the table by year                            default all
  output=FOLDER     where the files go                              default tables in the run
  outputs=FOLDER    where `latest` is looked for                    default outputs

Examples
  sim table
  sim table format=long,iamc lang=en
""",
)
REPORT = Text(
    """\
sim report：由一次运行的结果写一份报告：Word（公文版式）、网页和 PDF，三者内容相同。

用法：sim report [键=值 …]

设置
  run=文件夹,…        哪次运行；第一次为主，其余进入情景热力图     默认 latest
  format=docx,html,pdf  写哪几种                                   默认 三种
  template=文件.docx  自己的 Word 模板：其中一个段落只写 {{report}}，报告放在那里；
                      样式、页眉页脚以模板为准
  date=2026-01-31     封面日期                                     默认 今天
  output=文件夹       报告放在哪里                                 默认 结果文件夹
  outputs=文件夹      latest 在哪里找                              默认 outputs

例子
  sim report
  sim report run=outputs/run/high_methane/… template=单位模板.docx

报告中的每个数字都带有隐藏的出处：sim verify 核对，sim trace 追溯。
""",
    """\
sim report: a report of a run as Word (laid out as a government document), HTML and PDF.

Usage: sim report [key=value …]

Settings
  run=FOLDER,…        which run; the first is the report's, others join the heat map
                                                                   default latest
  format=docx,html,pdf  which of them                              default all three
  template=FILE.docx  your own Word template: a paragraph of it says {{report}} and nothing
                      else, there the report goes; styles and headers are the template's
  date=2026-01-31     on the cover                                 default today
  output=FOLDER       where the files go                           default the run's folder
  outputs=FOLDER      where `latest` is looked for                 default outputs

Examples
  sim report
  sim report run=outputs/run/high_methane/… template=ours.docx

Every number of a report knows where it is from: `sim verify` checks it, `sim trace` tells it.
""",
)
VERIFY = Text(
    """\
sim verify：逐个核对报告中的数字：哪些被手工改动，哪些与运行结果不符（过时）。

用法：sim verify 报告.docx|报告.html [run=文件夹]

运行的文件夹移动过时，用 run= 指出。全部相符时退出码为 0，否则为 1。您自己加写的文字不受影响。
""",
    """\
sim verify: every number of a report, whether it was changed by hand or is stale.

Usage: sim verify REPORT.docx|REPORT.html [run=FOLDER]

Say run= where the run's folder has moved. The exit status is 0 where all is as it should be, else
1. Text of your own that you add is not touched.
""",
)
TRACE = Text(
    """\
sim trace：从报告中的一张表或一个数字，走到模型的方程、参数和来源。

用法
  sim trace 报告.docx 2      第 2 张表的全部数字
  sim trace 报告.docx 2.3    第 2 张表第 3 行
  sim trace 报告.docx 37.4   文中写作 37.4 的数字
""",
    """\
sim trace: from a table or a number of a report to equations, parameters and sources.

Usage
  sim trace report.docx 2      all numbers of table 2
  sim trace report.docx 2.3    row 3 of table 2
  sim trace report.docx 37.4   the numbers that read 37.4
""",
)
REPORTS = {"plot": PLOT, "table": TABLE, "report": REPORT, "verify": VERIFY, "trace": TRACE}
