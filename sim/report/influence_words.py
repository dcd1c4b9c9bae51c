"""The words of studies of sensitivity, in both languages."""

from sim.text import Text

INFLUENCE: dict[str, Text] = {
    "infl_title": Text("{scenario}：指标由什么决定", "{scenario}: what decides the outcomes"),
    "infl_of": Text("{title}（{year}）", "{title} ({year})"),
    "infl_about_value": Text("数值", "the value"),
    "infl_about_shortfall": Text("差额", "the shortfall"),
    "infl_about_attainment": Text("是否达标", "attainment"),
    "infl_lever": Text("政策手段（由县里决定）", "Levers (what the county decides)"),
    "infl_assumption": Text("外部假设（由外部环境决定）", "Assumptions (what the world decides)"),
    "infl_parameter": Text("不确定参数", "Uncertain parameters"),
    # methods
    "infl_sobol": Text("Sobol 方差分解", "Sobol's decomposition of variance"),
    "infl_shapley": Text("Shapley 效应", "Shapley effects"),
    "infl_morris": Text("Morris 基本效应", "Morris's elementary effects"),
    "infl_rank_correlation": Text("偏秩相关", "partial rank correlation"),
    "infl_regional": Text("蒙特卡罗过滤", "Monte Carlo filtering"),
    "infl_pawn": Text("PAWN 分布法", "PAWN"),
    "infl_delta": Text("Borgonovo δ", "Borgonovo's delta"),
    # indices
    "infl_index_total": Text("总效应（含相互作用）", "total effect (with interactions)"),
    "infl_index_first": Text("单独效应", "effect alone"),
    "infl_index_second": Text("两因素的相互作用", "interaction of two"),
    "infl_index_shapley": Text("占方差的份额", "share of the variance"),
    "infl_index_mu_star": Text("平均变动幅度 μ*", "mean size of the change, mu*"),
    "infl_index_mu": Text("平均变动 μ", "mean change, mu"),
    "infl_index_sigma": Text("变动的离散 σ", "spread of the change, sigma"),
    "infl_index_prcc": Text("偏秩相关系数", "partial rank correlation"),
    "infl_index_ks": Text("达标与未达标的分布距离", "distance of met from missed"),
    "infl_index_shift": Text("达标时的平均分位移动", "shift of the mean quantile where met"),
    "infl_index_pawn": Text("分布的移动", "shift of the distribution"),
    "infl_index_delta": Text("密度的移动", "shift of the density"),
    # sentences
    "infl_leads": Text(
        "{target}的{about}主要取决于{factors}。",
        "{target}: {about} depends above all on {factors}.",
    ),
    "infl_factor": Text("{label}（{value}）", "{label} ({value})"),
    "infl_alone": Text(
        "各因素单独作用合计解释 {share}% 的方差，其余来自相互作用（误差约 ±{half}%）。",
        "All factors alone explain {share}% of the variance; the rest are interactions (±{half}%).",
    ),
    "infl_additive": Text(
        "各因素单独作用合计解释 {share}% 的方差，看不出相互作用（误差约 ±{half}%）。",
        "All factors alone explain {share}% of the variance; no interactions can be told from "
        "none (±{half}%).",
    ),
    "infl_overall": Text(
        "{count} 项指标中居首位次数最多的因素：{leaders}。",
        "What leads most often among {count} outcomes: {leaders}.",
    ),
    "infl_leader": Text("{label}（{count} 项）", "{label} ({count})"),
    "infl_few": Text(
        "至少在一项指标上超过 {limit} 的因素有 {few} 个；其余 {rest} 个各自取定值，"
        "对任何一项指标都影响甚微。",
        "{few} factors are above {limit} for at least one outcome; each of the other {rest} could "
        "be held fixed and hardly move any.",
    ),
    "infl_all": Text(
        "{few} 个因素都至少在一项指标上超过 {limit}。",
        "All {few} factors are above {limit} for at least one outcome.",
    ),
    "infl_constant": Text(
        "{target}的{about}在所有模拟中相同，无从归因。",
        "{target}: {about} is the same in all members; there is nothing to explain.",
    ),
    "infl_enough": Text(
        "样本足够：{count} 项指标的 95% 区间都不宽于 ±{tolerance}。",
        "The sample is enough: for all {count} outcomes the 95% intervals are within ±{tolerance}.",
    ),
    "infl_not_enough": Text(
        "样本不够：{count} 项指标中有 {wide} 项的 95% 区间宽于 ±{tolerance}（最宽 ±{widest}）；"
        "基础样本应从 {base} 增加到约 {more}。",
        "The sample is not enough: for {wide} of {count} outcomes a 95% interval is wider than "
        "±{tolerance} (the widest ±{widest}); the base sample should grow from {base} to about "
        "{more}.",
    ),
    "infl_more": Text("{needed}（base={needed}）", "{needed} (base={needed})"),
    "infl_more_calibrated": Text(
        "{needed}（sim calibrate members={needed}）", "{needed} (sim calibrate members={needed})"
    ),
    "infl_calibrated": Text(
        "校准得到的抽样彼此关联：各因素的指数也包含随之变动的部分。",
        "Calibrated draws hang together: the index of a factor holds what moves with it, too.",
    ),
    "infl_order": Text(
        "前 {count} 位的次序可靠（区间互不重叠）。",
        "The order of the first {count} is sure (their intervals do not overlap).",
    ),
    "infl_relative": Text("（占最大者的份额）", " (as a share of the largest)"),
    "infl_failed": Text(
        "{members} 次模拟中有 {failed} 次发散，相关样本已剔除。",
        "{failed} of {members} members diverged; the samples that they belong to are left out.",
    ),
    "infl_noise_factor": Text(
        "逐年价格波动（白噪声）作为一个因素：抽到哪一条路径。",
        "A noise by year is one factor: which of its paths is drawn.",
    ),
    "infl_noise_fixed": Text(
        "逐年价格波动（白噪声）固定为零：基本效应要求因素有大小之分。",
        "Noises are held at zero: an elementary effect wants a factor that is more or less.",
    ),
    "infl_noise_varies": Text(
        "逐年价格波动（白噪声）照常变动，但不给指数：路径没有大小之分。",
        "Noises vary as ever and have no index: a path is not more or less.",
    ),
    "infl_tied_own": Text(
        "随其他参数变动的参数（{names}；见 conf/dependence.yaml）：指数只算其自身的部分，"
        "随动的部分计入所随的参数。",
        "Parameters that follow others ({names}; see conf/dependence.yaml): the index of each is "
        "of what is its own; what moves with others is counted with those.",
    ),
    "infl_tied": Text(
        "随其他参数变动的参数（{names}；见 conf/dependence.yaml），以及它们所随的参数："
        "各自的指数也包含一起变动的部分。",
        "Parameters that follow others ({names}; see conf/dependence.yaml), and those that they "
        "follow: the index of each holds what moves with it, too.",
    ),
    "infl_method": Text(
        "方法：{method}，基础样本 {base}，共 {members} 次模拟，随机种子 {seed}；"
        "区间由重抽样得出，覆盖率 95%。",
        "Method: {method}, base sample {base}, {members} members, seed {seed}; intervals of 95% "
        "from resampling.",
    ),
    "infl_means_total": Text(
        "总效应：固定该因素后方差平均减少的份额。份额之和大于 1 表示有相互作用。",
        "Total effect: the share of the variance that would be lost, on average, with this factor "
        "known and all its interactions; the sum is above 1 where factors interact.",
    ),
    "infl_means_shapley": Text(
        "Shapley 效应：方差在各因素间的公平分摊，合计为 1。",
        "Shapley effects: the variance shared out fairly among the factors; the sum is 1.",
    ),
    "infl_means_mu_star": Text(
        "μ*：该因素单独从 1% 分位变到 99% 分位时指标的平均变动幅度，单位与指标相同；"
        "σ 大于 μ* 的因素有明显的非线性或相互作用。",
        "mu*: the mean size of the change when this factor alone goes from its 1% to its 99% "
        "quantile, in the unit of the target; a sigma above mu* tells of thresholds or "
        "interactions.",
    ),
    "infl_means_prcc": Text(
        "偏秩相关：扣除其他因素后的单调关系，−1 至 1；正号表示因素越大指标越高。",
        "Partial rank correlation: the monotone relation with all others taken out, -1 to 1; "
        "positive where a larger factor raises the target.",
    ),
    "infl_means_ks": Text(
        "距离：达标与未达标两组世界中该因素累积分布的最大差距（0 至 1）；"
        "移动为正表示达标的世界里该因素较大。",
        "Distance: the largest gap of the factor's cumulative distributions between worlds that "
        "meet the target and worlds that miss it (0 to 1); a positive shift: the factor is larger "
        "where the target is met.",
    ),
    "infl_means_pawn": Text(
        "PAWN：把该因素限定在一小段时指标分布移动的中位距离（0 至 1）。样本有限时不相干的因素"
        "也略大于 0。",
        "PAWN: the median distance by which the target's distribution moves with the factor held "
        "in a slice (0 to 1); with a finite sample somewhat above 0 for an idle factor too.",
    ),
    "infl_means_delta": Text(
        "δ：已知该因素时指标概率密度平均改变的份额（0 至 1）。密度经平滑估计，强因素约偏小"
        "一至两成，区间只含抽样误差：宜用来排序。",
        "Delta: the share of the target's probability density that moves, on average, when the "
        "factor is known (0 to 1). Densities are smoothed, which takes a tenth or two from strong "
        "factors, and the interval is that of chance alone: it ranks.",
    ),
    "infl_findings": Text("结论", "Findings"),
    "infl_sample": Text("样本是否足够", "Was the sample enough"),
    "infl_factor_column": Text("因素", "Factor"),
    "infl_overview": Text("各因素对各项指标的影响", "What matters for which outcome"),
    "infl_rest": Text(
        "另有 {count} 个因素，均不超过 {most}", "{count} more factors, none above {most}"
    ),
    "infl_by_year": Text(
        "随时间：各因素单独解释的方差份额", "Over time: the variance that each explains"
    ),
    "infl_by_year_prcc": Text("随时间：偏秩相关系数", "Over time: partial rank correlation"),
    "infl_of_variance": Text("占方差的份额", "share of the variance"),
    "infl_others": Text("另外 {count} 个因素合计", "the other {count} together"),
    "infl_mu_sigma": Text(
        "Morris 基本效应：平均幅度 μ* 与离散 σ（线：σ = μ*）",
        "Elementary effects: mean size mu* and spread sigma (line: equal)",
    ),
    "infl_mu_sigma_note": Text(
        "μ*：该因素单独从 1% 分位变到 99% 分位时指标的平均变幅；σ 大于 μ* 表示非线性或相互作用",
        "mu*: mean size of the change from the factor's 1% to its 99% quantile; a sigma above it: "
        "thresholds or interactions",
    ),
    "infl_interactions": Text("相互作用及其余", "interactions and the rest"),
    "infl_scatter": Text(
        "影响最大的因素与指标（蓝点：达标；灰点：未达标）",
        "The leading factors and the target (blue: met; grey: missed)",
    ),
    "infl_scatter_watched": Text("影响最大的因素与指标", "The leading factors and the outcome"),
    "infl_bars_note": Text("短线为 95% 区间", "Whiskers: 95% interval"),
    "infl_overview_note": Text(
        "格内为{index}×100；空白小于 {least}",
        "In the cells: {index} × 100; blank below {least}",
    ),
    "infl_source": Text(
        "来源：{model}模拟，{scenario}；{method}，{members} 次模拟，随机种子 {seed}",
        "Source: {model}, {scenario}; {method}, {members} members, seed {seed}",
    ),
    # columns of sensitivity.csv
    "csv_index": Text("指数", "index"),
    "csv_factor": Text("因素代码", "factor"),
    "csv_factor_2": Text("第二因素代码", "factor_2"),
    "csv_label": Text("因素", "factor_label"),
    "csv_role": Text("类别", "role"),
    "csv_sector": Text("部门", "sector"),
    "csv_value": Text("值", "value"),
    "csv_low": Text("95% 区间下限", "low"),
    "csv_high": Text("95% 区间上限", "high"),
    "lever": Text("政策手段", "lever"),
    "assumption": Text("外部假设", "assumption"),
    "parameter": Text("参数", "parameter"),
}
