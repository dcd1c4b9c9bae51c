"""What a planner may put beside a model of one's own, in its words: a target, a parameter."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from sim.config.home import Home
from sim.engine.model import Model
from sim.text import Text

if TYPE_CHECKING:
    import xarray as xr

TARGETS, TABLE = "targets.yaml", "sector/parameters.yaml"


def drafts(home: Home, model: Model, runs: "xr.Dataset", lang: str) -> dict[str, str]:
    """The files that are not beside a model yet, by name: what each would hold, to be changed.

    Empty for the county's model, whose files lie in conf/.
    """
    found: dict[str, str] = {}
    if home.county:
        return found
    main = home.headline(model)
    if main and not home.targets().simulated:
        found[TARGETS] = target_draft(main[0], model, runs, lang)
    known = [name for name, entry in home.table().items() if entry.distribution is not None]
    free = [
        n for n, entry in home.table().items() if isinstance(entry.value, float) and entry.value
    ]
    if not known and free:
        found[TABLE] = parameter_draft(free[0], model, home, lang)
    return found


def target_draft(name: str, model: Model, runs: "xr.Dataset", lang: str) -> str:
    """A target of a variable at the last time: the value that it reaches now, to be changed."""
    array, _, inside = name.partition("[")
    values = runs[array] if inside else runs[name]
    for element, side in zip(
        model.variables[name].elements, model.arrays.get(array, ()), strict=False
    ):
        values = values.isel({side.name: side.places()[element]})
    last = float(values.isel(member=0, time=-1))
    variable, year = model.variables[name], int(runs["time"].values[-1])
    zh, en = variable.label
    own = Text(
        "模型原样所达到的；改为目标值", "what the model reaches as it is; write what is wanted"
    )
    return f"""{re.sub(r"[^0-9A-Za-z_一-鿿]+", "_", name).strip("_")}_{year}:
  title: {{zh: {quoted(zh)}, en: {quoted(en)}}}
  clause: {quoted(Text("规划的章节", "the clause of the plan").of(lang))}
  variable: {quoted(name)}
  year: {year}
  value: {last:.6g}  # {own.of(lang)}
  unit: {quoted(variable.units)}
  sense: at_least  # at_most, about, above, below
  nature: expected  # binding
  group: whole
  basis: physical  # ratio, current_prices, prices_2020
"""


def parameter_draft(name: str, model: Model, home: Home, lang: str) -> str:
    """A constant of the model as an uncertain parameter, by a tenth to either side: an example."""
    value = home.table()[name].value
    assert isinstance(value, float)
    low, high = sorted((0.9 * value, 1.1 * value))
    example = Text(
        "上下一成只是示例；请按证据改", "a tenth to either side: an example, not evidence"
    )
    return f"""assumptions:  # levers, parameters
  {name}:
    value: {value:.6g}
    unit: {quoted(model.variables[name].units)}
    kind: assumed  # observed, estimated, plan
    source: {quoted(Text("来源", "where it is from").of(lang))}
    reason: {quoted(Text("理由", "why").of(lang))}
    distribution: {{kind: uniform, low: {low:.6g}, high: {high:.6g}}}  # {example.of(lang)}
"""


def quoted(text: str) -> str:
    """A text as YAML reads it in any place."""
    return json.dumps(text, ensure_ascii=False)


def heading(file: str, folder: Path) -> Text:
    """What stands above a draft."""
    what = {
        TARGETS: Text(
            "要问目标能否达到（达标概率、扫描、敏感性、报告）",
            "to ask about targets: odds, sweeps, sensitivity, reports",
        ),
        TABLE: Text(
            "要让参数不确定（区间、概率、影响因素）",
            "to make a parameter uncertain: ranges, odds, what matters",
        ),
    }[file]
    return Text(
        f"{what.zh}，写 {folder / file}，如：", f"{what.en}: write {folder / file}, such as"
    )
