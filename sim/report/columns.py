"""CSV files of what was learnt from observations: heads in words, numbers in full."""

import csv
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.report.words import is_year, say, time_head, unit_in_words
from sim.text import Text

BEFORE, AFTER = "_before", "_after"
"""What the name of a column ends with that stands there twice."""
HEADS = {
    "above": Text("高于界限为好", "above"),
    "after": Text("此后", "after"),
    "backtest_came_true": Text("其中应验", "backtest_came_true"),
    "backtest_events": Text("回测同等概率的事件数", "backtest_events"),
    "before": Text("此前", "before"),
    "change": Text("概率变化", "change"),
    "change_standard_error": Text("变化的标准误", "change_standard_error"),
    "crps": Text("CRPS（占实际值）", "crps"),
    "error": Text("标准误", "error"),
    "error_bad": Text("未出现时概率的标准误", "error_bad"),
    "error_good": Text("出现时概率的标准误", "error_good"),
    "expected": Text("此前预计", "expected"),
    "false_alarms": Text("误报率", "false_alarms"),
    "farther": Text("同样偏或更偏的概率", "farther"),
    "frozen": Text("已知到", "frozen"),
    "growth": Text("按上一增速的误差", "growth"),
    "if_bad": Text("未出现时达标概率", "if_bad"),
    "if_good": Text("出现时达标概率", "if_good"),
    "inside": Text("在 90% 区间内", "inside"),
    "inside_half": Text("在 50% 区间内", "inside_half"),
    "inside_ninety": Text("在 90% 区间内", "inside_ninety"),
    "judgement": Text("判断", "judgement"),
    "kind": Text("用途", "kind"),
    "label": Text("名称", "label"),
    "last": Text("沿用上一值的误差", "last"),
    "median": Text("中位数", "median"),
    "members": Text("相当于独立抽样次数", "members"),
    "missed_alarms": Text("漏报率", "missed_alarms"),
    "narrowed": Text("剩余不确定性", "narrowed"),
    "observation": Text("观测代码", "observation"),
    "observed": Text("观测值", "observed"),
    "p05": Text("5% 分位数", "p05"),
    "p95": Text("95% 分位数", "p95"),
    "parameter": Text("参数代码", "parameter"),
    "posterior_median": Text("后验中位数", "posterior_median"),
    "posterior_p05": Text("后验 5% 分位数", "posterior_p05"),
    "posterior_p95": Text("后验 95% 分位数", "posterior_p95"),
    "prior_median": Text("先验中位数", "prior_median"),
    "prior_p05": Text("先验 5% 分位数", "prior_p05"),
    "prior_p95": Text("先验 95% 分位数", "prior_p95"),
    "probability": Text("达标概率", "probability"),
    "rank": Text("观测值在此前预计中的分位", "rank"),
    "required": Text("规划路径要求", "required"),
    "role": Text("类别", "role"),
    "sector": Text("部门", "sector"),
    "shift": Text("移动（先验标准差）", "shift"),
    "sign": Text("信号", "sign"),
    "source": Text("来源", "source"),
    "standard_error": Text("概率的标准误", "standard_error"),
    "target": Text("目标代码", "target"),
    "threshold": Text("界限", "threshold"),
    "title": Text("指标", "title"),
    "told": Text("得到数据的信息", "told"),
    "unit": Text("单位", "unit"),
    "units": Text("单位", "units"),
    "variable": Text("模型变量", "variable"),
    "wanted": Text("目标值", "wanted"),
}
TIMES = ("year", "years")
"""Columns of times, over which their unit stands."""
TWICE = Text("{column}：{stage}", "{column}_{stage}")
TRUTH = {True: Text("是", "True"), False: Text("否", "False")}


def write_columns(
    file: Path, columns: Mapping[str, Sequence[object]], unit: str, lang: str
) -> None:
    """`file`: a column for each name, its head in words; UTF-8 with BOM, for Excel.

    `unit` is what the model counts time in.
    """
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([head(name, unit, lang) for name in columns])
        cells = [[_cell(name, value, lang) for value in own] for name, own in columns.items()]
        writer.writerows(zip(*cells, strict=True))


def labelled_columns(table: xr.Dataset, lang: str) -> dict[str, Any]:
    """The columns of a labelled table with one dimension: what it is of, its name, its years and
    its unit first."""
    (dim,) = table.sizes
    columns: dict[str, Any] = {
        str(dim): table[dim].values,
        "label": table[f"label_{lang}"].values,
    }
    rest = [str(name) for name in table.data_vars if not str(name).startswith("label_")]
    first = [name for name in ("years", "units") if name in rest]
    return columns | {name: table[name].values for name in dict.fromkeys([*first, *rest])}


def head(name: str, unit: str, lang: str) -> str:
    """What stands over a column: in English its name, but for times."""
    if name in TIMES:
        return time_head(unit, lang) if lang == "zh" or not is_year(unit) else name
    for ending in (BEFORE, AFTER):
        if name.endswith(ending):
            column, stage = name.removesuffix(ending), ending[1:]
            return TWICE.of(lang).format(column=HEADS[column].of(lang), stage=HEADS[stage].of(lang))
    return HEADS[name].of(lang)


def _cell(name: str, value: object, lang: str) -> object:
    """A cell as a reader meets it: units and roles in words, nothing where there is no number."""
    value = value.item() if isinstance(value, np.generic) else value
    match name, value:
        case (("unit" | "units"), str()):
            return unit_in_words(value, lang)
        case "role", str():
            return say(value, lang)
        case _, bool():
            return TRUTH[value].of(lang)
        case _, float() if not math.isfinite(value):
            return ""
    return value
