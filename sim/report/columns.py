"""CSV files of what was learnt from observations: heads in words, numbers in full."""

import csv
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.report.words import say, time_head, unit_in_words

BEFORE, AFTER = "_before", "_after"
"""What the name of a column ends with that stands there twice."""
HEADS = {
    "above": "高于界限为好",
    "after": "此后",
    "backtest_came_true": "其中应验",
    "backtest_events": "回测同等概率的事件数",
    "before": "此前",
    "change": "概率变化",
    "change_standard_error": "变化的标准误",
    "crps": "CRPS（占实际值）",
    "error": "标准误",
    "error_bad": "未出现时概率的标准误",
    "error_good": "出现时概率的标准误",
    "expected": "此前预计",
    "false_alarms": "误报率",
    "farther": "同样偏或更偏的概率",
    "growth": "按上一增速的误差",
    "if_bad": "未出现时达标概率",
    "if_good": "出现时达标概率",
    "inside": "在 90% 区间内",
    "inside_half": "在 50% 区间内",
    "inside_ninety": "在 90% 区间内",
    "judgement": "判断",
    "kind": "用途",
    "label": "名称",
    "last": "沿用上一值的误差",
    "median": "中位数",
    "members": "相当于独立抽样次数",
    "missed_alarms": "漏报率",
    "narrowed": "剩余不确定性",
    "observation": "观测代码",
    "observed": "观测值",
    "p05": "5% 分位数",
    "p95": "95% 分位数",
    "parameter": "参数代码",
    "posterior_median": "后验中位数",
    "posterior_p05": "后验 5% 分位数",
    "posterior_p95": "后验 95% 分位数",
    "prior_median": "先验中位数",
    "prior_p05": "先验 5% 分位数",
    "prior_p95": "先验 95% 分位数",
    "probability": "达标概率",
    "rank": "观测值在此前预计中的分位",
    "required": "规划路径要求",
    "role": "类别",
    "sector": "部门",
    "shift": "移动（先验标准差）",
    "sign": "信号",
    "source": "来源",
    "standard_error": "概率的标准误",
    "target": "目标代码",
    "threshold": "界限",
    "title": "指标",
    "told": "得到数据的信息",
    "unit": "单位",
    "units": "单位",
    "variable": "模型变量",
    "wanted": "目标值",
}
TIMES = {"year": "", "years": "", "frozen": "已知到"}
"""Columns of times, in the model's unit; those with a head of their own."""


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
    """What stands over a column: in English its name."""
    if lang == "en":
        return name
    if name in TIMES:
        return TIMES[name] or time_head(unit, lang)
    for ending in (BEFORE, AFTER):
        if name.endswith(ending):
            return f"{HEADS[name.removesuffix(ending)]}：{HEADS[ending[1:]]}"
    return HEADS[name]


def _cell(name: str, value: object, lang: str) -> object:
    """A cell as a reader meets it: units and roles in words, nothing where there is no number."""
    value = value.item() if isinstance(value, np.generic) else value
    match name, value:
        case (("unit" | "units"), str()):
            return unit_in_words(value, lang)
        case "role", str():
            return say(value, lang)
        case _, bool() if lang == "zh":
            return "是" if value else "否"
        case _, float() if not math.isfinite(value):
            return ""
    return value
