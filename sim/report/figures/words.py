"""The words on figures, in both languages."""

from sim.text import Text

WORDS: dict[str, Text] = {
    # titles
    "timeline_title": Text(
        "达到目标值的概率：随时间变化", "Probability of reaching the target, over time"
    ),
    "shortfall_title": Text(
        "离目标还差多少：各项目标的余量分布", "How far from the target: margin of each"
    ),
    "joint_title": Text(
        "哪些目标一起落空：{scenario}", "Which targets are missed together: {scenario}"
    ),
    "tornado_title": Text(
        "什么最影响{target}（{year}）：{scenario}", "What moves {target} ({year}): {scenario}"
    ),
    "heat_title": Text(
        "各情景下各项目标的达标概率（%）", "Probability of each target by scenario (%)"
    ),
    "gdp_title": Text("分行业地区生产总值（2020 年价）", "GDP by sector (2020 prices)"),
    "population_title": Text("常住人口", "Residents"),
    "stock_flow_title": Text("{sector}：存量流量图", "{sector}: stocks and flows"),
    "stock_flow_note": Text(
        "方框：存量；双线与阀门：流量，云：部门之外；箭头：影响及其方向；括号：来自部门之外的影响",
        "Box: stock; double line with valve: flow, cloud: outside of the sector; arrow: what acts "
        "on what, and which way; in brackets: what acts from outside",
    ),
    "model_source": Text("来源：模型 {model}；运行 {run}", "Source: model {model}; run {run}"),
    "alt_stock_flow": Text(
        "存量流量图：{sector}，{stocks} 个存量，{flows} 条流量，{links} 条影响关系。",
        "Stock-flow diagram of {sector}: {stocks} stocks, {flows} flows, {links} causal links.",
    ),
    "multiples_title": Text("主要指标一览：{title}", "Headline indicators: {title}"),
    # axes
    "percent_axis": Text("概率（%）", "Probability (%)"),
    "margin_axis": Text("余量（占目标值的 %）", "Margin (% of the target)"),
    "missed": Text("← 未达标", "← missed"),
    "met": Text("达标 →", "met →"),
    "value_axis": Text("中位数：{label}", "median: {label}"),
    "low_third": Text("该因素处于最低三分之一时", "input in its lowest third"),
    "high_third": Text("该因素处于最高三分之一时", "input in its highest third"),
    "all_draws": Text("全部抽样的中位数", "median of all draws"),
    "all_odds": Text("全部抽样的达标概率", "probability in all draws"),
    "by_age": Text("按年龄", "By age"),
    "by_place": Text("按居住地", "By place"),
    "plan_year": Text("目标时间", "time of the target"),
    "median": Text("中位数", "median"),
    "box_and_line": Text("框：50% 区间；线：90% 区间", "box: 50% range; line: 90% range"),
    "band": Text("±2 个标准误", "±2 standard errors"),
    # notes under the figure
    "source": Text(
        "来源：{model}模拟；每个情景抽样 {draws} 次，随机种子 {seed}",
        "Source: {model}; {draws} draws a scenario, seed {seed}",
    ),
    "runs": Text("运行 {runs}", "run {runs}"),
    "failed": Text("；{failed} 次发散未计入", "; {failed} members diverged and are left out"),
    "timeline_note": Text(
        "同一目标值在各时间判断；竖线为规划要求的时间",
        "One target value held against every time; the vertical line is the time of the target",
    ),
    "margin_note": Text(
        "余量按规划要求的方向计算，零以左为未达标；“约”类目标为允许幅度的剩余",
        "Margins point the way that the plan wants; left of zero is missed; for 'about', what is "
        "left of the band",
    ),
    "margin_left_out": Text(
        "目标值为零的 {count} 项不能用百分比表示，未列入",
        "{count} with a target of zero have no percentage and are left out",
    ),
    "margin_capped": Text("箭头表示超出图幅", "Arrows go beyond the figure"),
    "joint_note": Text(
        "格中数字：两项目标同时未达标的概率（%）；对角线：该项未达标的概率",
        "In each cell: probability (%) that both are missed; on the diagonal: that the one is",
    ),
    "joint_left_out": Text(
        "几乎必达或必落空（达标或未达标的概率低于 0.5%）的 {count} 项未列入",
        "{count} that are met, or missed, with a probability under 0.5% are left out",
    ),
    "joint_none": Text(
        "各项目标不是必达就是必落空", "Every target is met in all draws or missed in all"
    ),
    "tornado_note": Text(
        "条形两端为该因素处于其分布最低、最高三分之一的抽样的中位数；括号内为等级相关系数",
        "Each bar ends at the medians of the draws with the input in its lowest and highest third; "
        "in brackets: rank correlation",
    ),
    "tornado_odds_note": Text(
        "条形两端为该因素处于最低、最高三分之一时的达标概率（中位数多在限值）；括号内为等级相关系数",
        "Bars: probability with the input in its lowest and highest third (medians are at a limit);"
        " in brackets: rank correlation",
    ),
    "no_inputs": Text(
        "抽样中看不出哪个不确定因素影响它", "No uncertain input can be told to move it"
    ),
    "stack_note": Text(
        "各层为抽样均值（均值可以相加）", "Layers are means over draws (means add up)"
    ),
    "multiples_note": Text(
        "实线、深浅带：{scenario}的中位数、50% 与 90% 区间",
        "Solid line, bands: median, 50% and 90% range of {scenario}",
    ),
    "multiples_reference": Text("{dash}：{reference}的中位数", "{dash}: median of {reference}"),
    "multiples_outline": Text("细点线：其 90% 区间", "dotted: its 90% range"),
    "multiples_marks": Text(
        "圆点：实测值；带边的三角、菱形：规划目标",
        "Dots: observed; triangles and diamonds: targets of the plan",
    ),
    "--": Text("虚线", "dashed"),
    "-.": Text("点划线", "dash-dot"),
    ":": Text("点线", "dotted"),
    "heat_note": Text(
        "深色为概率高；数字为达标概率（%）", "Dark is likely; numbers are probabilities (%)"
    ),
    # alternative text
    "alt_fan": Text(
        "扇形图：{label}，{scenario}。{year}中位数 {median}，90% 区间 {low} 至 {high}{unit}。",
        "Fan chart of {label}, {scenario}. In {year} the median is {median}, the 90% range {low} "
        "to {high}{unit}.",
    ),
    "alt_bars": Text(
        "条形图：{count} 项目标的达标概率。最高的是{best}（{high}），最低的是{worst}（{low}）。",
        "Bar chart: probability of {count} targets. Highest: {best} ({high}); lowest: {worst} "
        "({low}).",
    ),
    "alt_timeline": Text(
        "小图组：{count} 项目标达到目标值的概率随时间变化，每图一项。",
        "Panels: the probability of reaching each of {count} targets, over time.",
    ),
    "alt_shortfall": Text(
        "区间图：{count} 项目标的余量分布；中位数低于零（多半落空）的有 {missed} 项。",
        "Ranges: margin of {count} targets; for {missed} the median is below zero: missed more "
        "often than not.",
    ),
    "alt_joint": Text(
        "矩阵图：{count} 项目标两两同时落空的概率；最大的一对是{one}与{other}（{chance}）。",
        "Matrix: probability that two of {count} targets are missed together; the largest is {one} "
        "with {other} ({chance}).",
    ),
    "alt_none": Text("图中没有内容：{why}。", "Nothing to show: {why}."),
    "alt_tornado": Text(
        "龙卷风图：影响{target}的 {count} 项因素；最大的是{first}。",
        "Tornado chart: {count} inputs that move {target}; the strongest is {first}.",
    ),
    "alt_heat": Text(
        "热力图：{rows} 项目标在 {columns} 个情景下的达标概率。",
        "Heat map: probability of {rows} targets in {columns} scenarios.",
    ),
    "alt_stack": Text(
        "堆积面积图：{title}；{year}最大的一层是{largest}。",
        "Stacked areas: {title}; the largest layer in {year} is {largest}.",
    ),
    "alt_multiples": Text(
        "小图组：{count} 项主要指标从 {first} 到 {last}的中位数与区间。",
        "Panels: medians and ranges of {count} indicators, {first} to {last}.",
    ),
}


def say(word: str, lang: str, **values: object) -> str:
    """The figures' own text for `word`, with `values` filled in."""
    return WORDS[word].of(lang).format(**values)
