"""The words of a report, in both languages."""

from sim.report import words
from sim.report.document.tree import Line, filled
from sim.text import Text

AS_ELSEWHERE = (
    *("colon", "semicolon", "indicator", "median", "range", "difference", "input", "level"),
    *("reason", "lever", "assumption", "parameter", "change", "unchanged"),
)
WORDS: dict[str, Text] = {
    **{word: words.WORDS[word] for word in AS_ELSEWHERE},
    "report_title": Text(
        "沁水县规划目标达标前景评估报告", "Will Qinshui meet its plan? An assessment"
    ),
    "report_title_other": Text(
        "{model}：目标达标前景评估报告", "Will the targets be met? An assessment with the {model}"
    ),
    "cover_scenario": Text("情景：{scenario}", "Scenario: {scenario}"),
    "cover_reference": Text("对照：{reference}", "Held against: {reference}"),
    "cover_date": Text("{year} 年 {month} 月 {day} 日", "{year}-{month}-{day}"),
    "contents": Text("目  录", "Contents"),
    "kinds_caption": Text("参数表的构成（项数）", "What the parameter table holds (entries)"),
    "certain": Text("取定值", "Taken as known"),
    "uncertain": Text("按分布抽样", "Drawn"),
    "run_step": Text("时间步长", "Time step"),
    "run_years": Text("起止时间", "From and to"),
    "table": Text("表", "Table "),
    "figure": Text("图", "Figure "),
    "part": Text("（{part}/{of}）", " ({part} of {of})"),
    "comma": Text("、", ", "),
    # chapters
    "summary": Text("摘要", "Summary"),
    "targets": Text("各项目标的达标前景", "The targets and their odds"),
    "binding": Text("约束性目标", "Binding targets"),
    "expected": Text("预期性目标", "Expected targets"),
    "figures_of_targets": Text("达标概率与差距", "Odds and margins"),
    "tracked": Text("未纳入模拟的目标", "Targets that are not simulated"),
    "comparison": Text("情景比较", "Comparison of scenarios"),
    "odds_compared": Text("达标概率比较", "Odds compared"),
    "levers": Text("政策手段（由县里决定）", "Levers (what the county decides)"),
    "assumptions": Text("外部假设（由外部环境决定）", "Assumptions (what the world decides)"),
    "course": Text("主要指标走势", "The course of the headline indicators"),
    "matters": Text("影响最大的因素", "What matters most"),
    "risks": Text("风险与早期信号", "Risks and early signs"),
    "sources": Text("假设与数据来源", "Assumptions and sources"),
    "model": Text("模型说明", "The model"),
    "repeat": Text("如何重现本报告", "How to repeat this report"),
    # judgements
    "on_track": Text("进展顺利", "on track"),
    "as_expected": Text("基本符合预期", "about as expected"),
    "behind": Text("滞后", "behind"),
    "close": Text("{judgement}*", "{judgement}*"),
    "rule": Text(
        "判断规则：达标概率不低于三分之二为“进展顺利”，"
        "不低于三分之一而低于三分之二为“基本符合预期”，"
        "低于三分之一为“滞后”（分界取自政府间气候变化专门委员会的可能性用语）。带 * "
        "的判断在两个标准误之内"
        "可能改变。",
        "The rule: a probability of at least two thirds is 'on track', of one to two thirds 'about "
        "as expected', below one third 'behind' (the bounds of the IPCC's likelihood scale). Where "
        "a judgement has a *, another lies within two standard errors.",
    ),
    # columns
    "group": Text("领域", "Field"),
    "all_groups": Text("合计", "All"),
    "wanted": Text("目标值", "Target"),
    "probability": Text("达标概率", "Probability"),
    "judgement": Text("判断", "Judgement"),
    "came_true": Text("回测应验", "Came true"),
    "came_true_note": Text(
        "“回测应验”：回测中概率与该项同档的预测，应验次数 / 总次数。",
        '"Came true": of the forecasts of like probability in back-tests, those that came true / '
        "all.",
    ),
    "skill_of_odds": Text(
        "这些概率在回测中应验多少，见摘要中的说明；多项目标同时达标的概率没有经过回测。",
        "What probabilities like these were worth in back-tests stands in the summary; those that "
        "several targets are met together were not tested so.",
    ),
    "skill_of": Text(
        "（回测中同档的 {events} 次预测应验 {true} 次）",
        " (in back-tests {true} of {events} like it came true)",
    ),
    "why_not": Text("未模拟的原因", "Why it is not simulated"),
    "rank": Text("第{rank}位", "No. {rank}"),
    "low_odds": Text("该因素偏低时的达标概率", "Odds where it is low"),
    "high_odds": Text("该因素偏高时的达标概率", "Odds where it is high"),
    "sign": Text("最相关的因素", "Strongest input"),
    "early_sign": Text("信号", "Sign"),
    "if_good": Text("出现时达标概率", "Odds with it"),
    "if_bad": Text("未出现时达标概率", "Odds without it"),
    "alarms": Text("漏报 / 误报", "Missed / false alarms"),
    "owner": Text("性质", "Nature"),
    "value": Text("取值", "Value"),
    "kind": Text("依据", "Basis"),
    "source": Text("来源", "Source"),
    "sector": Text("部门", "Sector"),
    "purpose": Text("模拟什么", "What it is for"),
    "left_out": Text("没有包括什么", "What it leaves out"),
    "item": Text("事项", "Item"),
    "content": Text("内容", "Content"),
    "together": Text("全部目标同时达标", "All targets together"),
    # groups
    "coal": Text("煤炭", "Coal"),
    "methane": Text("煤层气", "Coal-bed methane"),
    "tourism": Text("文旅康养", "Tourism and wellness"),
    "town": Text("城镇与县城", "Towns and county seat"),
    "industry": Text("产业与创新", "Industry and innovation"),
    "agriculture": Text("农业", "Agriculture"),
    "people": Text("人民生活", "People's lives"),
    "environment": Text("资源环境", "Resources and environment"),
    "whole": Text("全县", "The county as a whole"),
    # roles and kinds of an input
    "observed": Text("观测", "observed"),
    "estimated": Text("估计", "estimated"),
    "assumed": Text("假定", "assumed"),
    "plan": Text("规划", "plan"),
    # captions
    "groups_caption": Text("各领域目标的判断（项数）", "Judgements by field (number of targets)"),
    "targets_caption": Text("{nature}达标前景：{scenario}", "{nature}, odds under {scenario}"),
    "tracked_caption": Text("未纳入模拟的目标及原因", "Targets that are not simulated, and why"),
    "compared_caption": Text("达标概率：各情景", "Odds by scenario"),
    "levers_caption": Text("{scenario}：政策手段", "{scenario}: levers"),
    "assumptions_caption": Text("{scenario}：外部假设", "{scenario}: assumptions"),
    "drivers_caption": Text(
        "对各项目标影响最大的三项不确定因素（等级相关系数）",
        "The three uncertain inputs that matter most (rank correlation)",
    ),
    "risks_caption": Text(
        "风险：最相关因素偏低、偏高时的达标概率",
        "Risks: odds where the strongest input is low, high",
    ),
    "signs_caption": Text(
        "早期信号：何时看什么，出现与否的达标概率",
        "Early signs: what to watch by when, and the odds with and without it",
    ),
    "sources_caption": Text(
        "影响最大的因素：取值与来源", "The inputs that matter most: value and source"
    ),
    "sectors_caption": Text("模型的部门", "The sectors of the model"),
    "repeat_caption": Text("本报告所依据的运行", "The run that this report is made from"),
    # sentences
    "counts": Text(
        "规划中可模拟的 {count} 项目标里，{on_track} 项进展顺利，{as_expected} 项基本符合预期，"
        "{behind} 项滞后（见表1）。",
        "Of the {count} targets that can be simulated, {on_track} are on track, {as_expected} are "
        "about as expected and {behind} are behind (Table 1).",
    ),
    "best": Text(
        "把握最大的是{title}（{year}，目标{wanted}）：达标概率{probability}{skill}，中位数 "
        "{median}。",
        "The surest is {title} ({year}, target {wanted}): probability {probability}{skill}, "
        "median {median}.",
    ),
    "worst": Text(
        "把握最小的是{title}（{year}，目标{wanted}）：达标概率{probability}{skill}，中位数 "
        "{median}。",
        "The least sure is {title} ({year}, target {wanted}): probability {probability}{skill}, "
        "median {median}.",
    ),
    "raised": Text(
        "与{reference}相比，达标概率明显提高的有 {count} 项{among}：{titles}。",
        "Against {reference}, {count} are clearly more probable{among}: {titles}.",
    ),
    "lowered": Text(
        "与{reference}相比，达标概率明显降低的有 {count} 项{among}：{titles}。",
        "Against {reference}, {count} are clearly less probable{among}: {titles}.",
    ),
    "largest": Text("，变化最大的依次为", ", the largest changes being"),
    "clearly": Text(
        "“明显”指差别超过一个百分点，且超过其标准误的两倍。",
        '"Clearly" means by more than one point, and more than two standard errors.',
    ),
    "joint": Text(
        "{count} 项目标同时达标的概率：{probability}。",
        "The probability that all {count} targets are met together is {probability}.",
    ),
    "no_binding": Text(
        "规划没有标明约束性指标；除另有说明外，全部目标按预期性处理。",
        "The plan marks no target as binding; unless said otherwise, all are taken as expected.",
    ),
    "levers_as_table": Text(
        "{scenario}的政策手段与参数表相同，没有另行设定。",
        "The levers of {scenario} are as in the parameter table; nothing is set.",
    ),
    "assumptions_as_table": Text(
        "{scenario}的外部假设与参数表相同，没有另行设定。",
        "The assumptions of {scenario} are as in the parameter table; nothing is set.",
    ),
    "paths_note": Text(
        "写成“时间: 数值”的取值，在所列时间之间按直线变化，最早之前、最晚之后不变。",
        "A level written as time: value moves in a straight line between the times given, and "
        "stands still before the first and after the last.",
    ),
    "same_settings": Text(
        "与{reference}相同的设定不再列出。", "What is set as in {reference} is not repeated."
    ),
    "no_difference": Text("本次运行没有对照情景。", "The run has no scenario to be held against."),
    "risk": Text(
        "{title}（{year}）{judgement}，最受“{input}”左右："
        "该因素处于最低三分之一时达标概率 {low}，"
        "处于最高三分之一时 {high}。{watch}",
        "{title} ({year}) is {judgement} and hangs most on '{input}': the odds are {low} "
        "where it is "
        "in its lowest third, {high} in its highest. {watch}",
    ),
    "watch_lever": Text("这由县里决定，应优先保证。", "The county decides it: see to it first."),
    "watch_assumption": Text(
        "这由外部环境决定，应逐季监测、备好预案。",
        "The world decides it: watch it every quarter and have a plan ready.",
    ),
    "watch_parameter": Text(
        "这是尚不确知的县情，应尽早测准。",
        "It is a fact of the county not yet known well: measure it soon.",
    ),
    "no_risk": Text("没有滞后或临界的目标。", "No target is behind or close to it."),
    "signs_note": Text(
        "每项取最能区分成败的信号，从主要指标和该项指标在目标时间之前的数值中选出；没有可靠信号的"
        "目标不列。漏报：未达标的情形中信号仍然出现的比例；误报：达标的情形中信号没有出现的比例。",
        "For each target the sign that tells best, among the headline indicators and its "
        "own at times before; targets without one are left out. Missed alarms: of the futures "
        "that fail, the share that show the sign; false alarms: of those that attain, the share "
        "that do not.",
    ),
    "at_least": Text("{year}{label}不低于 {value}", "{label} of at least {value} in {year}"),
    "at_most": Text("{year}{label}不高于 {value}", "{label} of at most {value} in {year}"),
    "risks_note": Text(
        "偏低、偏高指该因素处于全部抽样的最低、最高三分之一；± 后为标准误。",
        "Low and high are the lowest and the highest third of all draws; after ± the "
        "standard error.",
    ),
    "sources_intro": Text(
        "参数表共 {count} 项：观测 {observed} 项、估计 {estimated} 项、假定 {assumed} 项、"
        "规划 {plan} 项；"
        "其中 {uncertain} 项不确定，按分布抽样。下表列出本报告中影响最大的各项，"
        "全表见{place}。",
        "The parameter table has {count} entries: {observed} observed, {estimated} estimated, "
        "{assumed} assumed, {plan} of the plan; {uncertain} are uncertain and drawn. The "
        "table lists "
        "those that matter most here; the whole is in {place}.",
    ),
    "sources_note": Text(
        "来源中所写的 priors_energy.csv、literature.csv 等文件及其中各项，见项目的 docs/sources；"
        "每篇文献读了什么、说了什么，见其中的 literature.csv。",
        "The sources are as the parameter table has them, partly in Chinese; priors_energy.csv, "
        "literature.csv and other files that they name are in docs/sources of the project; what "
        "was read of each publication, and what it says, is in literature.csv.",
    ),
    "table_of_county": Text("项目的 conf/sector", "conf/sector of the project"),
    "table_of_own": Text("模型旁的 sector 文件夹", "the folder sector beside the model"),
    "model_intro": Text(
        "结果来自{model}（存量—流量模型），用{integrator}求解，时间步长 {step}，"
        "从 {first}到 {last}；每个情景抽样 {draws} 次（{sampling}，随机种子 {seed}），"
        "各情景使用同一组抽样，因此情景之差"
        "反映政策与假设，而不是偶然。",
        "The results come from the {model}, integrated by {integrator} "
        "with a step "
        "of {step} from {first} to {last}; {draws} draws for each scenario ({sampling}, seed "
        "{seed}). All scenarios share the draws, so that differences are policy and "
        "assumptions, not "
        "luck.",
    ),
    "model_calibrated": Text(
        "不确定参数取自历史校准，合起来与历史观测相符；这些抽样相当于 {independent} 次独立抽样，"
        "标准误按此计算。",
        "Uncertain parameters come from a calibration to history, so that together they fit what "
        "was observed; the draws are worth {independent} independent ones, by which standard "
        "errors go.",
    ),
    "model_limits": Text(
        "达标概率反映已列入参数表的不确定性，不包括模型结构本身的误差；± "
        "后的标准误只反映抽样次数有限。",
        "Probabilities speak of the uncertainty in the parameter table, not of errors in the "
        "structure; the standard error after ± is from the finite number of draws alone.",
    ),
    "failed": Text(
        "{scenario}：{members} 次模拟中有 {failed} 次发散，已排除在外。",
        "{scenario}: {failed} of {members} members diverged and are left out.",
    ),
    "stale": Text(
        "注意：运行之后下列内容已有改动：{what}；如需最新结果请重新运行。",
        "Note: since the run these have changed: {what}; run it again for results of today.",
    ),
    "stale_model": Text("模型", "the model"),
    "stale_parameters": Text("参数表", "the parameter table"),
    "stale_targets": Text("目标", "the targets"),
    "stale_history": Text("历史数据", "the history"),
    "stale_posterior": Text("校准结果", "the calibration"),
    "repeat_intro": Text(
        "用下列命令可重新得到同样的数字，并检查本文件中的数字是否被改动。",
        "These commands give the same numbers again, and check the numbers of this file.",
    ),
    "verify_line": Text(
        "核对本报告：sim verify report.docx", "Verify this report: sim verify report.docx"
    ),
    "trace_line": Text(
        "追溯一张表的来历：sim trace report.docx 表号",
        "Trace a table: sim trace report.docx NUMBER",
    ),
    "run_folder": Text("运行", "Run"),
    "run_command": Text("命令", "Command"),
    "run_commit": Text("程序版本", "Version"),
    "run_seed": Text("随机种子", "Seed"),
    "run_draws": Text("抽样次数", "Draws"),
    "run_checksums": Text("校验和（{what}）", "Checksum ({what})"),
    "page": Text("— {page} —", "{page}"),
    # verify and trace
    "statistic": Text("统计量", "statistic"),
}


def say(word: str, lang: str, **values: object) -> str:
    """The report's own text for `word`, with `values` filled in."""
    return WORDS[word].of(lang).format(**values)


def sentence(word: str, lang: str, **values: "str | Line") -> Line:
    """A sentence as a line: its values keep what they know of their numbers."""
    return filled(WORDS[word].of(lang), values)
