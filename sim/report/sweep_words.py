"""The words of sweeps, in both languages."""

from sim.text import Text

SWEEPS: dict[str, Text] = {
    "sweep_title": Text(
        "{scenario}：在 {points} 个点上的达标概率", "{scenario}: attainment at {points} points"
    ),
    "sweep_title_watched": Text(
        "{scenario}：主要变量在 {points} 个点上的结果",
        "{scenario}: main variables at {points} points",
    ),
    "no_targets_asked": Text(
        "模型旁没有 targets.yaml，故说的是主要变量的数值，而不是达标概率；目标的写法见 "
        "sim model check 模型文件。",
        "There is no targets.yaml beside the model, so this is what its main variables come to, "
        "not how likely targets are; sim model check FILE shows how targets are written.",
    ),
    "sweep_grid": Text("全部组合", "every combination"),
    "sweep_oat": Text("逐项变动", "one at a time"),
    "sweep_random": Text("随机取点", "points at random"),
    "sweep_lhs": Text("拉丁超立方取点", "points of a Latin hypercube"),
    "sweep_sobol_sequence": Text("Sobol 序列取点", "points of a Sobol sequence"),
    "sweep_file": Text("文件给出的点", "points of a file"),
    "sweep_method": Text(
        "取点方式：{design}；每点 {draws} 次抽样，各点使用同一组抽样（随机种子 {seed}），"
        "点与点之差来自所变动的量，而不是偶然。",
        "Points: {design}; {draws} draws at each, the same at all (seed {seed}), so that "
        "differences are what was changed, not luck.",
    ),
    "sweep_method_once": Text(
        "取点方式：{design}；没有不确定的参数，每点模拟一次。",
        "Points: {design}; nothing is uncertain, one run at each.",
    ),
    "sweep_axis": Text("{label}（{role}）", "{label} ({role})"),
    "sweep_multiple": Text("{label}，倍数", "{label}, multiple"),
    "sweep_lowest": Text("概率最低", "lowest probability"),
    "sweep_lowest_watched": Text("最低", "lowest"),
    "sweep_highest": Text("概率最高", "highest probability"),
    "sweep_highest_watched": Text("最高", "highest"),
    "sweep_where": Text("所在的点", "at"),
    "sweep_usual": Text("不变", "as it is"),
    "sweep_best": Text(
        "{target}：达标概率最低 {low}（{low_at}），最高 {high}（{high_at}）。",
        "{target}: from {low} ({low_at}) to {high} ({high_at}).",
    ),
    "sweep_best_watched": Text(
        "{target}：最低 {low}（{low_at}），最高 {high}（{high_at}）。",
        "{target}: from {low} ({low_at}) to {high} ({high_at}).",
    ),
    "sweep_from_to": Text("{low} 至 {high}", "{low} to {high}"),
    "sweep_rest": Text(
        "{count} 项看不出随所变动的量而变（各点相差不到两个标准误）：{listed}。",
        "Of {count} no change is to be seen (points differ by less than two standard errors): "
        "{listed}.",
    ),
    "sweep_crossing": Text(
        "达标概率在{axis}约 {places}处越过 {level}%。",
        "The probability passes {level}% at {axis} about {places}.",
    ),
    "sweep_overall": Text(
        "{count} 项目标中，{moved} 项的达标概率随所变动的量而变，{same} 项不变。",
        "What was changed moves the probability of {moved} of {count} targets, not of the other "
        "{same}.",
    ),
    "sweep_joint": Text(
        "全部目标同时达标的概率最高 {odds}（{at}）。",
        "All are met together with at most {odds} ({at}).",
    ),
    "sweep_never_joint": Text(
        "没有一个点上全部目标在任何一次模拟中同时达标。",
        "At no point were all met together in any member.",
    ),
    "sweep_alone": Text(
        "近似：所变动的参数中与其他参数相关的（conf/dependence.yaml）共 {count} 个，扫描时单独"
        "取值，其他不随之变动：{names}。",
        "An approximation: parameters that are tied to others (conf/dependence.yaml), {count} in "
        "all, are set here without moving those: {names}.",
    ),
    "sweep_apart": Text(
        "近似：校准得到的抽样彼此关联，{names} 在扫描时单独取值，其他不随之变动。",
        "An approximation: calibrated draws hang together, and {names} is set here without moving "
        "the others.",
    ),
    "sweep_within": Text(
        "差别未超过其标准误的 2 倍的，按“相同”看待。",
        "Differences within twice their standard error count as none.",
    ),
    "sweep_within_watched": Text(
        "括号内为 5%–95% 区间（只在有不确定参数时）。",
        "In brackets: 5–95% (where parameters are uncertain).",
    ),
    "sweep_tornado": Text(
        "{target}：影响最大的是{axes}。",
        "{target}: moved most by {axes}.",
    ),
    "sweep_swing": Text(
        "{label}（中位数 {median}，概率 {odds}）",
        "{label} (median {median}, probability {odds})",
    ),
    "sweep_swing_watched": Text("{label}（{median}）", "{label} ({median})"),
    "sweep_probability": Text("达标概率（%）", "Probability of attainment (%)"),
    "sweep_median": Text("中位数与 5%–95% 区间", "median, 5–95%"),
    "sweep_medians": Text("中位数", "median"),
    "sweep_threshold": Text("规划目标", "target of the plan"),
    "sweep_note": Text(
        "左：阴影为 ±1 个标准误，灰线为 50%、80%、90%，菱形为越过处；右：红虚线为规划目标",
        "Left: band ±1 standard error, grey lines at 50, 80, 90%, diamonds where they are passed; "
        "right: dashed line, target of the plan",
    ),
    "sweep_note_watched": Text("阴影为 5%–95% 区间", "Band: 5–95%"),
    "sweep_map_note": Text(
        "线：概率 50%、80%、90%（左），规划目标（右）",
        "Lines: probability of 50, 80, 90% (left), target of the plan (right)",
    ),
    "sweep_map_note_watched": Text("颜色为中位数", "Colours: median"),
    "sweep_scatter_note": Text(
        "每点为一种组合；线为分段平均", "Each dot is one combination; line: mean by section"
    ),
    "sweep_scatter_note_watched": Text(
        "每点为一种组合的中位数；线为分段平均",
        "Each dot is the median of one combination; line: mean by section",
    ),
    "sweep_tornado_note": Text(
        "深色：取上端；斜线：取下端；竖线：不变动时；其余照常抽样",
        "Solid: at its upper end; hatched: at its lower end; line: nothing changed; all else is "
        "drawn as ever",
    ),
    "sweep_overview_note": Text(
        "两端：各点中最低、最高的概率；竖线：50%、80%、90%",
        "From the lowest to the highest probability of all points; lines at 50, 80, 90%",
    ),
    "sweep_source": Text(
        "来源：{model}模拟，{scenario}；每点 {draws} 次抽样，随机种子 {seed}",
        "Source: {model}, {scenario}; {draws} draws at each point, seed {seed}",
    ),
    "sweep_source_once": Text(
        "来源：{model}模拟，{scenario}；没有不确定的参数，每点模拟一次",
        "Source: {model}, {scenario}; nothing is uncertain: one run at each point",
    ),
    "sweep_overview": Text("达标概率在各点之间的范围", "Range of the probability over the points"),
    "sweep_failed": Text(
        "{members} 次模拟中有 {failed} 次发散，未计入。",
        "{failed} of {members} members diverged and are left out.",
    ),
    "csv_point": Text("点", "point"),
}
