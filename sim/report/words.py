"""The words that reports say in their own voice, each in both languages; and units in words."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import data
from sim.ensemble.scenario import Level
from sim.report.influence_words import INFLUENCE
from sim.report.numbers import exact
from sim.report.svg import PIECES
from sim.report.sweep_words import SWEEPS
from sim.text import Text

if TYPE_CHECKING:
    import xarray as xr

LANGUAGES = ("zh", "en")
POINTS = Text("百分点", "points")
"""The unit of what is missing of a share."""

WORDS: dict[str, Text] = {
    # signs of speech
    "colon": Text("：", ": "),
    "semicolon": Text("；", "; "),
    "comma": Text("，", ", "),
    "open": Text("（", " ("),
    "close": Text("）", ")"),
    # figures
    "versus": Text("{scenario}与{reference}", "{scenario} versus {reference}"),
    "fan": Text("{scenario}：中位数，50%、90% 区间", "{scenario}: median, 50% and 90% range"),
    "several": Text("{count} 个情景", "{count} scenarios"),
    "median_of": Text("{scenario}：中位数", "{scenario}: median"),
    "outline": Text("{scenario}：中位数，90% 区间", "{scenario}: median, 90% range"),
    "observed": Text("实测值（±1 个标准误）", "observed (±1 standard error)"),
    "plan_target": Text("规划目标", "target of the plan"),
    "year": Text("年份", "Year"),
    "time": Text("时间", "Time"),
    "in_year": Text("{time} 年", "{time}"),
    "at_time": Text("第 {time} {unit}", "{unit} {time}"),
    "at_a_time": Text("时间 {time}", "time {time}"),
    "as_reported": Text("（取整）", " (rounded)"),
    "target_in_year": Text("{year} {wanted}", "{year}: {wanted}"),
    "target_of_change": Text("{year}比 {since}变化 {wanted}", "change {since} to {year}: {wanted}"),
    "target_of_mean_growth": Text(
        "{since}—{year}年均增长 {wanted}", "mean growth {since} to {year}: {wanted}"
    ),
    "simulated": Text(
        "模拟：系统动力学模型，每个情景抽样 {draws} 次",
        "Simulated: stock-flow model, {draws} draws for each scenario",
    ),
    "left_out": Text(
        "，其中 {failed} 次发散未计入", ", {failed} of which diverged and are left out"
    ),
    "observations_from": Text("实测：{sources}", "Observed: {sources}"),
    "no_observations": Text("实测：无", "Observed: none"),
    "attainment_title": Text("各项规划目标的达标概率", "Probability of attaining each target"),
    "attainment_axis": Text("达标概率（%）", "Probability of attainment (%)"),
    "bars_note": Text(
        "短线为 ±1 个标准误；概率为达标抽样所占比例",
        "Whiskers: ±1 standard error; probability: share of draws that meet the target",
    ),
    # tables
    "against": Text("对照情景：{reference}", "Held against: {reference}"),
    "indicator": Text("指标", "Indicator"),
    "target": Text("目标", "Target"),
    "median": Text("中位数", "Median"),
    "range": Text("5%–95%", "5–95%"),
    "difference": Text("差（百分点）", "Difference (points)"),
    "targets_title": Text(
        "规划目标达标概率（±标准误）", "Attainment of targets (± standard error)"
    ),
    "joint_sentence": Text(
        "{count} 项目标同时达标的概率：{parts}。",
        "Probability that all {count} targets are met together: {parts}.",
    ),
    "skill": Text(
        "概率在回测中应验多少（{events} 次预测，见 docs/evidence/backtest.md）：{bands}。",
        "What stated probabilities were worth in back-tests ({events} events, see "
        "docs/evidence/backtest.md): {bands}.",
    ),
    "skill_short": Text("回测应验（次）：{bands}", "Came true in back-tests: {bands}"),
    "skill_short_band": Text(
        "概率 {low}–{high} 为 {true}/{events}", "{true} of {events} at {low}–{high}"
    ),
    "skill_band": Text(
        "概率为 {low}–{high} 的 {events} 次应验 {true} 次",
        "of {low}–{high}, {true} of {events} came true",
    ),
    "group_coal": Text("煤炭", "Coal"),
    "group_methane": Text("煤层气", "Coal-bed methane"),
    "group_tourism": Text("文旅康养", "Tourism and wellness"),
    "group_town": Text("城镇与县城", "Towns and the county seat"),
    "group_industry": Text("产业与创新", "Industry and innovation"),
    "group_agriculture": Text("农业", "Agriculture"),
    "group_people": Text("人民生活", "People"),
    "group_environment": Text("资源环境", "Resources and environment"),
    "group_whole": Text("全县", "The county as a whole"),
    "group_title": Text("分组同时达标的概率", "Targets of a group met together"),
    "group": Text("组", "Group"),
    "group_size": Text("目标数", "Targets"),
    "group_all": Text("全部", "All"),
    "all_of_group": Text("同时达标", "all together"),
    "misses_title": Text("差多少，何时达标", "By how much missed, and by when met"),
    "missed": Text("未达标", "Missed"),
    "shortfall": Text("未达标时的差距（5%–95%）", "Missing where missed (5–95%)"),
    "first_year": Text("半数模拟首次达标", "Half have met it by"),
    "ever": Text("到 {year}曾达标", "Met by {year}"),
    "misses_note": Text(
        "情景：{scenario}。差距是未达标的模拟距目标的差额；首次达标指模拟期内第一次满足目标要求的"
        "时间，不论目标定在何时。",
        "Scenario: {scenario}. What is missing is that of the members that miss; first met is the "
        "first time at which what the target asks for holds, whatever that of the target.",
    ),
    "pairs_title": Text("容易一起落空的目标：", "Targets that tend to fail together:"),
    "pair": Text(
        "{one}与{other}：同时未达标 {both}，若互不相关应为 {chance}",
        "{one} and {other}: both missed {both}; unrelated, it would be {chance}",
    ),
    "thresholds": Text(
        "{title}取不同门槛时的达标概率（{scenarios}）：{parts}。",
        "{title}, odds at other thresholds ({scenarios}): {parts}.",
    ),
    "drivers_title": Text(
        "对各指标影响最大的三项不确定因素（等级相关系数）",
        "The three uncertain inputs that matter most (rank correlation)",
    ),
    "drivers_note": Text(
        "+ 因素越大指标越高，− 因素越大指标越低；相关系数在 ±{chance} 以内的可能只是偶然，不列；"
        "情景：{scenario}。",
        "+ a larger input raises the indicator, − it lowers it; correlations within ±{chance} may "
        "be chance and are left out; scenario: {scenario}.",
    ),
    "rank": Text("第 {rank} 位", "No. {rank}"),
    "failed": Text(
        "{scenario}：{members} 次模拟中有 {failed} 次发散，已标记并排除在外",
        "{scenario}: {failed} of {members} members diverged; they are marked and left out",
    ),
    "saved": Text("结果保存在：{folder}", "Results are in: {folder}"),
    # columns of attainment.csv
    "csv_scenario": Text("情景代码", "scenario"),
    "csv_scenario_title": Text("情景", "scenario_title"),
    "csv_target": Text("目标代码", "target"),
    "csv_title": Text("指标", "indicator"),
    "csv_clause": Text("规划条款", "clause"),
    "csv_nature": Text("属性", "nature"),
    "csv_variable": Text("模型变量", "variable"),
    "csv_year": Text("年份", "year"),
    "csv_sense": Text("要求", "sense"),
    "csv_wanted": Text("目标值", "wanted"),
    "csv_unit": Text("单位", "unit"),
    "csv_median": Text("中位数", "median"),
    "csv_p05": Text("5% 分位数", "p05"),
    "csv_p95": Text("95% 分位数", "p95"),
    "csv_probability": Text("达标概率", "probability"),
    "csv_standard_error": Text("概率的标准误", "standard_error"),
    "csv_difference": Text("与对照情景之差", "difference"),
    "csv_difference_standard_error": Text("差的标准误", "difference_standard_error"),
    "csv_group": Text("组", "group"),
    "csv_basis": Text("口径", "basis"),
    "physical": Text("实物量", "physical"),
    "current_prices": Text("现价", "current prices"),
    "prices_2020": Text("2020年价", "2020 prices"),
    "ratio": Text("比率", "ratio"),
    "csv_shortfall_mean": Text("未达标差距：平均", "shortfall_mean"),
    "csv_shortfall_p05": Text("未达标差距：5% 分位数", "shortfall_p05"),
    "csv_shortfall_median": Text("未达标差距：中位数", "shortfall_median"),
    "csv_shortfall_p95": Text("未达标差距：95% 分位数", "shortfall_p95"),
    "csv_ever": Text("模拟期内曾达标的概率", "ever_met"),
    "csv_group_probability": Text("同组目标同时达标概率", "group_probability"),
    "csv_group_standard_error": Text("同组概率的标准误", "group_standard_error"),
    "csv_joint_probability": Text("全部目标同时达标概率", "joint_probability"),
    "csv_joint_standard_error": Text("同时达标概率的标准误", "joint_standard_error"),
    "csv_input": Text("参数代码", "input"),
    "csv_input_title": Text("参数", "input_title"),
    "csv_role": Text("类别", "role"),
    "csv_sector": Text("部门", "sector"),
    "csv_kind": Text("来源性质", "kind"),
    "csv_mean": Text("平均数", "mean"),
    "csv_members": Text("模拟次数", "members"),
    "csv_failed_members": Text("发散次数", "failed_members"),
    "csv_independent_members": Text("相当于独立抽样次数", "independent_members"),
    "csv_backtest_events": Text("回测同等概率的事件数", "backtest_events"),
    "csv_backtest_came_true": Text("其中应验", "backtest_came_true"),
    # senses and natures of a target, roles of an input
    "at_least": Text("不低于", "at least"),
    "at_most": Text("不高于", "at most"),
    "about": Text("约", "about"),
    "above": Text("高于", "above"),
    "below": Text("低于", "below"),
    "expected": Text("预期性", "expected"),
    "binding": Text("约束性", "binding"),
    # summary.md
    "summary_title": Text("{scenario}：规划目标达标情况", "{scenario}: attainment of the plan"),
    "findings": Text("主要结果", "Findings"),
    "likely": Text(
        "{count} 项目标中，达标概率不低于一半的有 {likely} 项，其余 {unlikely} 项低于一半。",
        "Of {count} targets, {likely} are met with a probability of at least one half; "
        "{unlikely} are not.",
    ),
    "surest": Text(
        "把握最大的是{title}（{year}，{probability}），最小的是{last}（{last_year}，{lowest}）。",
        "The surest is {title} ({year}, {probability}); the least sure is {last} "
        "({last_year}, {lowest}).",
    ),
    "raised": Text(
        "与{reference}相比，达标概率明显提高的有 {count} 项：{titles}。",
        "Against {reference}, the probability is clearly higher for {count}: {titles}.",
    ),
    "lowered": Text(
        "与{reference}相比，达标概率明显降低的有 {count} 项：{titles}。",
        "Against {reference}, the probability is clearly lower for {count}: {titles}.",
    ),
    "change": Text(
        "{title}（{year}，{difference} 个百分点）", "{title} ({year}, {difference} points)"
    ),
    "unchanged": Text(
        "与{reference}相比，没有一项目标的达标概率有明显变化。",
        "Against {reference}, no target's probability changes clearly.",
    ),
    "clearly": Text(
        "“明显”指差别超过 1 个百分点，且超过其标准误的 2 倍。",
        '"Clearly" means by more than one point and more than twice the standard error.',
    ),
    "settings_title": Text("情景设定", "What the scenarios set"),
    "levers_of": Text(
        "{scenario}：政策手段（由县里决定）", "{scenario}: levers (what the county decides)"
    ),
    "assumptions_of": Text(
        "{scenario}：外部假设（由外部环境决定）",
        "{scenario}: assumptions (what the world decides)",
    ),
    "so_many_points": Text(" 个百分点", " points"),
    "input": Text("项目", "Input"),
    "level": Text("取值", "Level"),
    "reason": Text("理由", "Reason"),
    "as_table": Text(
        "与参数表相同，没有另行设定。", "As in the parameter table; nothing is set here."
    ),
    "drivers_heading": Text("影响最大的因素", "What matters most"),
    "method": Text("方法说明", "Method"),
    "method_draws": Text(
        "每个情景抽样 {draws} 次（{sampling}，随机种子 {seed}）；各情景使用同一组抽样，"
        "因此情景之差反映政策与假设，而不是偶然。",
        "{draws} draws for each scenario ({sampling}, seed {seed}); all scenarios share the draws, "
        "so that differences are policy and assumptions, not luck.",
    ),
    "method_integration": Text(
        "模型用{integrator}求解，时间步长 {time_step}。",
        "The model is integrated by {integrator} with a time step of {time_step}.",
    ),
    "method_instead": Text(
        "模型文件要求用 {wanted} 求解，这里没有这种方法，以步长固定的{integrator}代替；"
        "请用 time_step= 减小步长，看结果是否改变。",
        "The model file asks for {wanted}, which there is not; {integrator} with a fixed step "
        "stands in for it. Set a smaller time_step= and see whether the results move.",
    ),
    "no_targets": Text(
        "模型旁没有 targets.yaml，故只给出走势；目标和参数的写法见 sim model check 模型文件。",
        "There is no targets.yaml beside the model, so its course is all there is; sim model check "
        "FILE shows how targets and uncertain parameters are written.",
    ),
    "method_probability": Text(
        "达标概率 = 达到目标的模拟次数 ÷ 有效模拟次数。"
        "它反映的是已列入参数表的不确定性，不包括模型结构本身的误差。",
        "Probability of attainment = members that meet the target ÷ members that stayed finite. It "
        "speaks of the uncertainty in the parameter table, not of errors in the model's structure.",
    ),
    "method_error": Text(
        "±后为标准误，只反映抽样次数有限造成的误差；“<”表示在全部抽样中几乎没有出现。",
        "The figure after ± is the standard error, from the finite number of draws alone; "
        '"<" means that it hardly occurs among the draws.',
    ),
    "method_stream": Text(
        "概率是精确计数；分位数按分组计数求得，相对误差不超过 {error}；"
        "影响因素按前 {sample} 次抽样计算。",
        "Probabilities are exact counts; quantiles come from counts in bins and are off by at most "
        "{error} of their value; what matters most is judged by the first {sample} draws.",
    ),
    "method_range": Text(
        "5%–95% 指有 90% 的模拟落在其中的区间；约数目标按目标文件规定的幅度判断。",
        "5–95% is the range that holds 90% of members; a target of 'about' is judged by the band "
        "that the file of targets gives.",
    ),
    "calibrated": Text("取自历史校准", "from a calibration to history"),
    "method_calibrated": Text(
        "不确定参数取自历史校准（{calibration}）：合起来与历史观测相符；默认的抽样按参数表抽取，"
        "只计入写明的相关。这些抽样相当于 {independent} 次独立抽样，标准误按此计算。",
        "Uncertain parameters come from a calibration to history ({calibration}): together they "
        "fit what was observed; by default each is drawn as the parameter table says, with the "
        "correlations that are written down. The draws are worth {independent} independent ones, "
        "by which standard errors go.",
    ),
    "set_alone": Text(
        "近似：命令中另设的参数与其他参数相关，其他参数不随之变动：{names}。",
        "An approximation: parameters that the command sets go together with others, which do not "
        "follow them: {names}.",
    ),
    "lhs": Text("拉丁超立方抽样", "Latin hypercube"),
    "sobol": Text("扰动 Sobol 序列", "scrambled Sobol"),
    "random": Text("简单随机抽样", "simple random"),
    "euler": Text("欧拉法", "Euler's method"),
    "rk4": Text("四阶龙格—库塔法", "the fourth-order Runge-Kutta method"),
}
WORDS |= INFLUENCE | SWEEPS
PARAMETER_KINDS = {
    "observed": Text("观测", "observed"),
    "estimated": Text("估计", "estimated"),
    "assumed": Text("假定", "assumed"),
    "plan": Text("规划", "plan"),
}

UNITS: dict[str, Text] = {  # longest first, so that 亿立方米 is not read as 亿 and 立方米
    "亿立方米": Text("亿立方米", "10⁸ m³"),
    "万立方米": Text("万立方米", "10⁴ m³"),
    "平方公里": Text("平方公里", "km²"),
    "万平方米": Text("万平方米", "10⁴ m²"),
    "吨标准煤": Text("吨标准煤", "t of coal equivalent"),
    POINTS.zh: POINTS,
    "万人次": Text("万人次", "10⁴ visits"),
    "立方米": Text("立方米", "m³"),
    "平方米": Text("平方米", "m²"),
    "年价": Text("年价", " prices, "),
    "人次": Text("人次", "visits"),
    "美元": Text("美元", "US dollars"),
    "亿元": Text("亿元", "10⁸ yuan"),
    "万元": Text("万元", "10⁴ yuan"),
    "万吨": Text("万吨", "10⁴ t"),
    "万人": Text("万人", "10⁴ people"),
    "万亩": Text("万亩", "10⁴ mu"),
    "万张": Text("万张", "10⁴ beds"),
    "万户": Text("万户", "10⁴ households"),
    "万套": Text("万套", "10⁴ dwellings"),
    "公里": Text("公里", "km"),
    "公斤": Text("公斤", "kg"),
    "公顷": Text("公顷", "ha"),
    "千瓦": Text("千瓦", "kW"),
    "*": Text("·", "·"),
    "Dmnl": Text("", ""),
    "吨": Text("吨", "t"),
    "元": Text("元", "yuan"),
    "人": Text("人", "person"),
    "口": Text("口", "wells"),
    "家": Text("家", "firms"),
    "座": Text("座", "mines"),
    "张": Text("张", "beds"),
    "户": Text("户", "households"),
    "亩": Text("亩", "mu"),
    "个": Text("个", ""),
    "季度": Text("季度", "quarter"),
    "小时": Text("小时", "hour"),
    "年": Text("年", "year"),
    "月": Text("月", "month"),
    "周": Text("周", "week"),
    "天": Text("天", "day"),
    "亿": Text("亿", "10⁸"),
    "万": Text("万", "10⁴"),
}

PURE = ("1", "unitless", "dimensionless")
"""What files of XMILE call a number without a unit."""

TIMES = {
    "year": Text("年", "year"),
    "quarter": Text("季度", "quarter"),
    "month": Text("月", "month"),
    "week": Text("周", "week"),
    "day": Text("天", "day"),
    "hour": Text("小时", "hour"),
    "minute": Text("分钟", "minute"),
    "second": Text("秒", "second"),
}
ONE_OR_MORE = {
    "person": ("person", "people"),
    "US dollars": ("US dollar", "US dollars"),
    "visits": ("visit", "visits"),
    "wells": ("well", "wells"),
    "firms": ("firm", "firms"),
    "mines": ("mine", "mines"),
    "beds": ("bed", "beds"),
    "households": ("household", "households"),
} | {one.en: (one.en, f"{one.en}s") for one in TIMES.values()}
"""English units that are counted: what one is called, and what several are."""

EACH = Text("每", "per ")
"""What stands before the unit of time of a rate without a unit of its own."""

SPREADS = {
    "normal": Text("正态分布", "normal"),
    "lognormal": Text("对数正态分布", "lognormal"),
    "uniform": Text("均匀分布", "uniform"),
    "triangular": Text("三角分布", "triangular"),
    "beta": Text("贝塔分布", "beta"),
    "noise": Text("标准正态白噪声", "standard normal white noise"),
    "low": Text("最低", "lowest"),
    "mode": Text("最可能", "likeliest"),
    "high": Text("最高", "highest"),
    "mean": Text("均值", "mean"),
    "sd": Text("标准差", "standard deviation"),
    "median": Text("中位数", "median"),
    "sigma": Text("对数标准差", "standard deviation of the logarithm"),
    "p5": Text("5% 分位数", "5% quantile"),
    "p95": Text("95% 分位数", "95% quantile"),
    "a": Text("参数 a", "a"),
    "b": Text("参数 b", "b"),
    "truncate": Text("截取", "cut to"),
}
"""Distributions and what describes them, as in conf/sector/*.yaml."""

A_TIME = re.compile(rf"\b({'|'.join(TIMES)})s?\b", re.IGNORECASE)
"""Units of time, as models write them in English."""

SENSES = {"at_least": "≥", "at_most": "≤", "about": "≈", "above": ">", "below": "<"}


def say(word: str, lang: str, **values: object) -> str:
    """The report's own text for `word`, with `values` filled in."""
    return WORDS[word].of(lang).format(**values)


def spoken(cell: str, lang: str) -> str:
    """What a cell of a table says, as a sentence says it: 不低于 60% for ≥ 60%."""
    for name, sign in SENSES.items():
        if cell.startswith(sign):
            cell = f"{say(name, lang)} {cell.removeprefix(sign).lstrip()}"
    return cell.replace(f" {POINTS.of(lang)}", say("so_many_points", lang))


def unit_in_words(unit: str, lang: str) -> str:
    """A unit of the model as a reader writes it: 万吨/Year → 万吨/年, or 10⁴ t/year."""
    number, _, each = unit.partition("/")
    if number in ("1", "Dmnl") and (time := A_TIME.fullmatch(each)):
        return EACH.of(lang) + TIMES[time[1].lower()].of(lang)
    if unit.lower() in PURE:
        return ""
    unit = A_TIME.sub(lambda time: TIMES[time[1].lower()].of(lang), unit)
    for part, text in UNITS.items():
        unit = unit.replace(part, text.of(lang))
    return unit


def with_unit(text: str, unit: str, lang: str) -> str:
    """A quantity with its unit behind it: 4,500 万吨/年, 80%, 60 × 10⁸ m³/year, 5.6 years."""
    words = unit_in_words(unit, lang)
    if not words or words.startswith("%"):
        return text + words
    if words.startswith(EACH.zh):
        return f"{words} {text}"
    counted, each, rest = words.partition("/")
    words = ONE_OR_MORE.get(counted, (counted,) * 2)[text != "1"] + each + rest
    return f"{text} × {words}" if words.startswith("10") else f"{text} {words}"


def amount(value: float, unit: str, lang: str) -> str:
    """A number with its unit; a year of the calendar as a year: 2025 年, not 2,025 年."""
    if is_calendar(value, unit):
        return when(f"{value:g}", unit, lang)
    return with_unit(exact(value), unit, lang)


def is_calendar(value: float, unit: str) -> bool:
    """Whether a number of years is a year of the calendar rather than a duration."""
    return is_year(unit) and 1000 < value < 3000


def level_in_words(level: Level, unit: str, lang: str) -> str:
    """A level with its unit; a path by time as 2025: 40；2030: 60 万吨/年."""
    if not isinstance(level, dict):
        return amount(level, unit, lang)
    steps = (f"{exact(time).replace(',', '')}: {exact(value)}" for time, value in level.items())
    path = say("semicolon", lang).join(steps)
    words = unit_in_words(unit, lang)
    return label_in(path, unit, lang) if words.startswith(EACH) else with_unit(path, unit, lang)


def spread_in_words(distribution: Mapping[str, Any], lang: str) -> str:
    """A distribution in a line: 三角分布，最低 0.3，最可能 0.42，最高 0.55."""
    kind = SPREADS[str(distribution["kind"])].of(lang)
    told = [
        f"{SPREADS[key].of(lang)} {exact(value)}"
        for key, value in distribution.items()
        if key in SPREADS and isinstance(value, int | float)
    ]
    cut = distribution.get("truncate")
    if cut:
        told.append(f"{SPREADS['truncate'].of(lang)} {' – '.join(map(exact, cut))}")
    return say("comma", lang).join([kind, *told])


def model_name(file: Path) -> Text:
    """What a model is called where numbers come from it."""
    if is_county(file):
        return Text("沁水县系统动力学模型", "stock-flow model of Qinshui")
    return Text(f"模型“{file.stem}”", f"model {file.stem}")


def is_county(file: Path) -> bool:
    """Whether a model file is called as the county's is."""
    return file.name == data.model_file().name


def label_in(label: str, unit: str, lang: str) -> str:
    """A label with its unit in brackets: 原煤产量（万吨/年）."""
    words = unit_in_words(unit, lang)
    return label + say("open", lang) + words + say("close", lang) if words else label


def is_year(unit: str) -> bool:
    """Whether a model that counts time in this unit counts years."""
    return unit.strip().lower() in ("year", "years", TIMES["year"].zh)


def when(time: object, unit: str, lang: str) -> str:
    """A time in words: 2025 年; of a model that does not count years 第 24 月, month 24."""
    words = unit_in_words(unit, lang)
    how = "in_year" if is_year(unit) else "at_time" if words else "at_a_time"
    return say(how, lang, time=time, unit=words)


def time_head(unit: str, lang: str) -> str:
    """What stands over times, and along an axis of them: 年份; 时间（月）."""
    return say("year", lang) if is_year(unit) else label_in(say("time", lang), unit, lang)


def csv_head(column: str, unit: str, lang: str) -> str:
    """What stands over a column of a CSV; over times their unit, where that is no year."""
    if column == "year" and not is_year(unit):
        return time_head(unit, lang)
    return WORDS[f"csv_{column}"].of(lang)


def time_unit(table: "xr.Dataset") -> str:
    """The unit in which the model of a table counts time."""
    return str(table["time"].attrs.get("units", "Year"))


def target_name(title: str, year: int, lang: str, unit: str) -> str:
    """A target's title with its year, as two of one title are told apart: 县城常住人口（2025）."""
    time = str(year) if is_year(unit) else when(year, unit, lang)
    return title + say("open", lang) + time + say("close", lang)


def display_width(text: str) -> int:
    """How wide `text` is in Latin letters: a Chinese one is two."""
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)


def fit(text: str, width: int) -> str:
    """`text`, cut with … where it is wider than `width` Latin letters."""
    if display_width(text) <= width:
        return text
    while display_width(text) >= width:
        text = text[:-1]
    return text.rstrip() + "…"


def folded(text: str, width: int) -> str:
    """`text` on one line, or on two that are each at most `width` Latin letters wide.

    Broken where the lines are most alike, or before a bracket where that is nearly so; cut with …
    only where two lines are too few.
    """
    if display_width(text) <= width:
        return text
    parts = PIECES.findall(text)
    breaks = [("".join(parts[:k]).strip(), "".join(parts[k:])) for k in range(1, len(parts))]
    if not breaks:
        return fit(text, width)

    def worse(lines: tuple[str, str]) -> tuple[bool, float]:
        longest = max(map(display_width, lines))
        return longest > width, longest * (0.8 if lines[1].startswith(("(", "（")) else 1.0)

    return "\n".join(fit(line, width) for line in min(breaks, key=worse))
