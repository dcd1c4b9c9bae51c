"""What --help says, for planners who do not program."""

from sim.commands.help_assess import ASSESS
from sim.commands.help_backtest import BACKTEST
from sim.commands.help_calibrate import CALIBRATE
from sim.commands.help_reach import REACH
from sim.commands.help_report import REPORTS
from sim.commands.help_sensitivity import SENSITIVITY
from sim.commands.help_sweep import SWEEP
from sim.text import Text

GENERAL = Text(
    """\
sim：县域规划情景模拟。输入一个情景，回答规划目标能否达到、有多大把握、
与基准相差多少。

用法：sim <命令> [参数…]

命令
  run          运行一个情景，并与基准对照    sim run scenario=high_methane
  reach        要有多大把握达标，需要做什么  sim reach targets=cbm_output
  sweep        手段取许多值，达标概率如何变  sim sweep levers.coal_cap=4000,5000
  sensitivity  目标由哪些不确定因素决定      sim sensitivity method=sobol
  calibrate    用历史观测校准不确定参数      sim calibrate
  assess       新数据使达标概率怎样变化      sim assess 新数据.csv
  backtest     当年能预测得多准              sim backtest
  scenarios    列出情景；查看某一情景的内容  sim scenarios show high_methane
  explain      解释模型中的一个变量          sim explain coal_output
  check        核对模型、参数、目标、情景    sim check
  model        查看模型文件；比较两个版本    sim model check 模型.mdl
  docs         由模型和参数表生成模型文档    sim docs
  again        重新运行一次结果，核对数字    sim again latest
  plot         画图（PNG、SVG、PDF）         sim plot bars
  table        出表（Excel、CSV 等）         sim table
  report       写报告（Word、网页、PDF）     sim report
  verify       核对报告中的数字是否被改动    sim verify report.docx
  trace        追溯报告中的数字从何而来      sim trace report.docx 2
  completion   让终端能用 Tab 键补全         sim completion bash

选项
  --help       显示本说明；sim run --help 显示某一命令的说明
  --version    显示版本
  lang=en      in English（也可设环境变量 SIM_LANG=en）

从这里开始：sim run scenario=high_methane
""",
    """\
sim: scenarios for a county's plan. Give it a scenario; it says which targets
are met, how surely, and how that differs from the baseline.

Usage: sim <command> [arguments…]

Commands
  run          a scenario and the baseline   sim run scenario=high_methane
  reach        what targets would take       sim reach targets=cbm_output
  sweep        odds at levels of a lever     sim sweep levers.coal_cap=4000,5000
  sensitivity  what decides the targets      sim sensitivity method=sobol
  calibrate    learn from history            sim calibrate
  assess       what new figures change       sim assess new.csv
  backtest     how good forecasts were       sim backtest
  scenarios    list them; show one           sim scenarios show high_methane
  explain      a variable of the model       sim explain coal_output
  check        check the model and its data  sim check
  model        any model file; two of them   sim model check other.mdl
  docs         write the pages of the model  sim docs
  again        run a result again, compare   sim again latest
  plot         figures: PNG, SVG, PDF        sim plot bars
  table        tables: Excel, CSV, others    sim table
  report       Word, HTML and PDF            sim report
  verify       numbers changed in a report   sim verify report.docx
  trace        where numbers come from       sim trace report.docx 2
  completion   complete with the Tab key     sim completion bash

Options
  --help       this text; `sim run --help` for one command
  --version    the version
  lang=zh      中文 (or set SIM_LANG)

Begin with: sim run scenario=high_methane lang=en
""",
)

RUN = Text(
    """\
sim run：运行一个情景，与对照情景使用同一组抽样，报告各项规划目标的达标概率。

用法：sim run [键=值 …]

例子
  sim run scenario=high_methane                        高甲烷情景，与基准对照
  sim run scenario=high_methane levers.coal_cap=5000   同上，另把煤炭产量上限改为 5000
  sim run -m scenario=baseline,stagnation draws=2000   依次运行两个情景，各抽样 2000 次
  sim run scenario=high_methane draws=calibrated       抽样与历史观测相符（先运行 sim calibrate）

情景
  scenario=名称        要运行的情景；sim scenarios 列出全部            默认 baseline
  against=名称         与之对照的情景；none 表示不对照                 默认 baseline
  levers.名称=值       改变一项政策手段：一个数，或逐年路径 "{2025: 40, 2030: 60}"
  assumptions.名称=值  改变一项外部假设，写法同上
  parameters.名称=值   固定一个参数，或另给分布 "{kind: uniform, low: 1, high: 2}"
                       （带大括号的值请加引号；名称可用 sim explain 查看）

计算
  draws=次数           不确定参数的抽样次数                            默认 10000
  draws=calibrated     取自最近一次 sim calibrate（与历史观测相符）；另一次的：draws=结果文件夹
  until="stderr<0.01"  抽到每个概率的标准误都小于此值为止，至多 draws 次
  seed=整数            随机种子；种子相同则结果完全相同                默认 1
  sampling=方式        lhs、sobol 或 random                            默认 lhs
  method=方法          euler 或 rk4                    默认 auto：模型文件所写，没写则 euler
  workers=个数         并行进程数，不影响结果                          默认 auto
  block=个数           每块成员数，不影响结果                          默认 5000
  engine=方式          auto、numpy、numba，或 dask（多台机器：         默认 auto
                       engine=dask engine.address=tcp://主机:8786）；不影响结果
  model=文件           另一个模型（.mdl、.xmile、.stmx）：其常数即参数；同一文件夹中的
                       scenarios/、sector/*.yaml、targets.yaml 属于它  默认 沁水县模型
  final_time=年份      模型的终点                                      默认 模型所写
  time_step=步长       积分的步长，单位与模型的时间相同                默认 模型所写
  saveper=间隔         结果的时间间隔                                  默认 模型所写

结果
  targets=名称,…       只看这些目标                                    默认 all
  store=方式           full 保存全部成员；summary 只存表格和图         默认 full
                       （抽样可达千万次，数字相同）；none 不写文件
  keep=名称,…          保存哪些变量：headline、all 或列出名称          默认 headline
  figures=true|false   是否画图                                        默认 true
  output=文件夹        结果写入 <文件夹>/run/<情景>/<时间>/            默认 outputs
  lang=zh|en           语言                                            默认 zh

Hydra 选项
  -m, --multirun       用逗号分隔的值逐一运行
  --cfg job            只显示合成后的设置，不运行
  --info               显示设置从何而来
  --hydra-help         Hydra 的全部选项
""",
    """\
sim run: runs a scenario and the one it is held against with the same draws, and says how
likely each target of the plan is met.

Usage: sim run [key=value …]

Examples
  sim run scenario=high_methane                        high methane, against the baseline
  sim run scenario=high_methane levers.coal_cap=5000   the same with a coal cap of 5000
  sim run -m scenario=baseline,stagnation draws=2000   two scenarios in turn, 2000 draws each
  sim run scenario=high_methane draws=calibrated       with draws that fit history (sim calibrate)

Scenario
  scenario=NAME           the scenario; `sim scenarios` lists them all   default baseline
  against=NAME            held against; none for no comparison           default baseline
  levers.NAME=VALUE       changes a lever: a number, or a path "{2025: 40, 2030: 60}"
  assumptions.NAME=VALUE  changes an assumption, likewise
  parameters.NAME=VALUE   fixes a parameter, or redraws it: "{kind: uniform, low: 1, high: 2}"
                          (quote a value with braces; `sim explain` tells the names)

Computation
  draws=NUMBER            joint samples of what is uncertain             default 10000
  draws=calibrated        those of the newest sim calibrate, which fit history; draws=FOLDER: of
                          another one
  until="stderr<0.01"     draws until every standard error is below, `draws` at most
  seed=NUMBER             the same seed gives the same numbers           default 1
  sampling=WORD           lhs, sobol or random                           default lhs
  method=WORD             euler or rk4               default auto: as the model file says, or euler
  workers=NUMBER          processes; no number depends on it             default auto
  block=NUMBER            members per block; no number depends on it     default 5000
  engine=WORD             auto, numpy, numba, or dask (many machines:    default auto
                          engine=dask engine.address=tcp://HOST:8786)
  model=FILE              another model (.mdl, .xmile, .stmx): its constants are its parameters;
                          scenarios/, sector/*.yaml and targets.yaml beside it are its own
                                                                         default the county's
  final_time=YEAR         where it ends                                  default as it says
  time_step=STEP          of the integration                             default as it says
  saveper=INTERVAL        between saved results                          default as it says

Results
  targets=NAME,…          these targets only                             default all
  store=WORD              full: every member; summary: tables, figures   default full
                          (the same numbers, for millions of draws); none
  keep=NAME,…             variables to keep: headline, all, or names     default headline
  figures=true|false      whether to draw figures                        default true
  output=FOLDER           results go to <FOLDER>/run/<scenario>/<time>/  default outputs
  lang=zh|en              the language                                   default zh

Options of Hydra
  -m, --multirun          runs every combination of values given with commas
  --cfg job               shows the composed settings instead of running
  --info                  shows where the settings come from
  --hydra-help            all of Hydra's options
""",
)

SCENARIOS = Text(
    """\
sim scenarios：列出全部情景，或查看其中一个。

用法
  sim scenarios               名称、标题与一句话说明
  sim scenarios show 名称     与基准的不同之处：政策手段、外部假设及其理由
  … model=文件                另一个模型的情景（模型旁的 scenarios/）

情景文件依次在 ./scenarios、$SIM_SCENARIOS 和项目自带的 scenarios/ 中查找，先找到者为准。
""",
    """\
sim scenarios: lists the scenarios, or shows one.

Usage
  sim scenarios               names, titles, and a sentence on each
  sim scenarios show NAME     what differs from the baseline: levers, assumptions, and why
  … model=FILE                those of another model (scenarios/ beside it)

Scenario files are looked for in ./scenarios, $SIM_SCENARIOS and the project's scenarios/; the
first one found counts.
""",
)

EXPLAIN = Text(
    """\
sim explain：从一个结果走到方程、参数和来源。可以是模型的变量、规划指标，或 attainment.csv 的一列。

用法
  sim explain 名称         单位、方程、上下游、参数的取值与来源、所在回路、读取它的指标
  sim explain 名称 all     另列全部上游（逐步）、回路的链、必须成立的论断
  sim explain 名称 model=文件   另一个模型的变量：单位、方程、上下游、背后的常数

名称可以是规范名、模型中的写法、中文名或英文名。

例子
  sim explain coal_output
  sim explain "coal output" all
  sim explain 原煤产量
  sim explain probability
""",
    """\
sim explain: walks from a result to equations, parameters and sources. It takes a variable of
the model, a target of the plan, or a column of attainment.csv.

Usage
  sim explain NAME         unit, equation, neighbours, the parameters behind it with their
                           sources, the feedback loops it is in, the targets read off it
  sim explain NAME all     with all that lies upstream, step by step, the chains of the loops,
                           and the statements that must hold for it
  sim explain NAME model=FILE   a variable of another model: unit, equation, neighbours, constants

A name is the canonical one, the one in the model, the 中文名 or the English name.

Examples
  sim explain coal_output
  sim explain "coal output" all
  sim explain probability lang=en
""",
)

CHECK = Text(
    """\
sim check：核对模型及其数据是否站得住脚；全部成立时退出码为 0，有不成立的为 1。

用法：sim check [部分 …] [draws=次数] [seed=整数]        不写部分即全部核对

部分
  units        单位：每个方程两边量纲一致，换算写明
  parameters   参数：与模型同值，有来源和理由，分布在物理范围内，取值不离谱
  targets      目标：规划的每项指标，或有模拟，或写明不模拟的理由
  scenarios    情景：可读、名称无误、在范围内、分组正确、与基准不同
  loops        回路：已命名的反馈回路在方程中闭合，每条联系的符号与极性相符
  history      历史：与每个观测点比较，误差与区间，并与朴素预测对照
  reality      现实：必须成立的论断，在每个抽样世界和极端情形下

  draws=次数   history 与 reality 抽样的世界数                  默认 1000
  seed=整数    随机种子                                         默认 1

不成立的论断附最小反例，存于 outputs/check/，可用 sim run 重现。

例子
  sim check
  sim check units parameters
  sim check reality draws=10000
""",
    """\
sim check: does the model with its data hold together? The exit status is 0 where all holds, 1
where something does not.

Usage: sim check [part …] [draws=NUMBER] [seed=NUMBER]   all parts, if none is named

Parts
  units        both sides of every equation measure the same, conversions written out
  parameters   as in the model, with source and reason, distributions within physical bounds
  targets      every indicator of the plan is simulated, or listed with the reason why not
  scenarios    readable, names known, within bounds, in the right group, unlike the baseline
  loops        named feedback loops: closed in the equations, signs and polarity as stated
  history      every observed point: errors, bands, and naive forecasts
  reality      what must hold in every sampled world, and under extreme inputs

  draws=NUMBER sampled worlds for history and reality            default 1000
  seed=NUMBER  of the samples                                    default 1

A statement that is broken comes with its smallest counter-example in outputs/check/, for sim run.

Examples
  sim check
  sim check units parameters
  sim check reality draws=10000
""",
)

DOCS = Text(
    """\
sim docs：由模型、参数表、回路表和规划目标生成模型文档与图，写入当前文件夹的 docs/model/；
同时把各部门的示意图写进 model/qinshui.mdl 末尾，Vensim 打开即见。

用法
  sim docs         生成各部门的页面（图、方程、参数与来源、回路、检验）
  sim docs check   只核对现有页面是否与模型一致；不一致时退出码为 1

页面不手工修改：部门的目的与边界写在 conf/sector/*.yaml 开头，回路写在 conf/loops.yaml。
""",
    """\
sim docs: writes the pages and diagrams of the model into docs/model/ below the working folder,
from the model, the parameter tables, the table of loops and the targets; and a view per sector
at the end of model/qinshui.mdl, for Vensim.

Usage
  sim docs         a page per sector: diagrams, equations, parameters and sources, loops, tests
  sim docs check   only says whether the pages are up to date; the exit status is 1 if not

Pages are not edited: purpose and limits of a sector stand at the head of conf/sector/*.yaml,
loops in conf/loops.yaml.
""",
)

AGAIN = Text(
    """\
sim again：按结果文件夹中的记录重新运行，并说明数字是否相同；不同则说明差多少、什么变了。

用法
  sim again latest                                        最近一次 run、sweep、reach 或 sensitivity
  sim again outputs/run/high_methane/2025-01-01_12-00-00  指定的结果文件夹

数字相同时退出码为 0，不同时为 1。
""",
    """\
sim again: runs a result again from the record in its folder and says whether the numbers are
the same; if not, by how much they differ and what has changed.

Usage
  sim again latest                                        the newest run, sweep, reach, sensitivity
  sim again outputs/run/high_methane/2025-01-01_12-00-00  the result in a folder

The exit status is 0 where the numbers are the same, 1 where they differ.
""",
)

COMPLETION = Text(
    """\
sim completion：让终端能用 Tab 键补全命令、情景和设置项。把对应的一行写入启动文件：

  bash        ~/.bashrc                      eval "$(sim completion bash)"
  zsh         ~/.zshrc（在 compinit 之后）   eval "$(sim completion zsh)"
  fish        ~/.config/fish/config.fish     sim completion fish | source
  PowerShell  $PROFILE                       sim completion powershell | Out-String | iex
""",
    """\
sim completion: completion of commands, scenarios and settings with the Tab key. Put the line
for your shell into its start-up file:

  bash        ~/.bashrc                      eval "$(sim completion bash)"
  zsh         ~/.zshrc (after compinit)      eval "$(sim completion zsh)"
  fish        ~/.config/fish/config.fish     sim completion fish | source
  PowerShell  $PROFILE                       sim completion powershell | Out-String | iex
""",
)

MODEL = Text(
    """\
sim model：查看任一 Vensim 模型文件，或比较两个版本。

用法：sim model check 文件
      sim model compare 文件甲 文件乙

check    有哪些存量、方程、常数、下标；能否运行；单位是否一致；
         用了哪些不支持的函数、在哪一行。可以运行时退出码为 0，否则为 2
compare  新增、删去、改动了哪些方程（并列两边原文）；
         各自运行一次，哪些变量的数值不同、何时相差最大

例子
  sim model check 我的模型.mdl
  sim model compare model/qinshui.mdl 我的模型.mdl

运行任一模型：sim run model=我的模型.mdl；支持的函数见 docs/language.md
""",
    """\
sim model: what is in a Vensim model file, or how two versions of one differ.

Usage: sim model check FILE
       sim model compare FILE OTHER

check    its stocks, equations, constants and subscripts; whether it runs; whether units match;
         which functions are not supported, and in which line. The exit status is 0 where it can
         be run, else 2
compare  which equations were added, removed or changed, with both texts; and, each run once,
         which variables differ in their numbers, and when most

Examples
  sim model check other.mdl
  sim model compare model/qinshui.mdl other.mdl

To run any model: `sim run model=other.mdl`; docs/language.md lists the functions
""",
)

TEXTS = {
    "sensitivity": SENSITIVITY,
    "calibrate": CALIBRATE,
    "reach": REACH,
    "sweep": SWEEP,
    "assess": ASSESS,
    "backtest": BACKTEST,
    "": GENERAL,
    "run": RUN,
    "scenarios": SCENARIOS,
    "explain": EXPLAIN,
    "check": CHECK,
    "model": MODEL,
    "docs": DOCS,
    "again": AGAIN,
    **REPORTS,
    "completion": COMPLETION,
}


def help_of(word: str) -> Text:
    """The help of a command; of `sim` itself for the empty word."""
    text = TEXTS[word]
    return Text(text.zh.rstrip("\n"), text.en.rstrip("\n"))
