"""What stands around a variable, for `sim explain`: upstream, loops, targets, statements, page."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from sim import data
from sim.commands.columns import columns
from sim.engine.graph import Names, distances
from sim.engine.model import CONTROL, Model
from sim.ensemble.loops import Loop, read_loops
from sim.ensemble.scenario import Parameter
from sim.ensemble.target import Target
from sim.report.numbers import exact
from sim.report.words import PARAMETER_KINDS, SENSES, fit, level_in_words, with_unit
from sim.text import Text

ROLE_WORDS = {
    "lever": Text("政策手段", "levers"),
    "assumption": Text("外部假设", "assumptions"),
    "parameter": Text("参数", "parameters"),
}
POLARITY = {1: Text("增强", "reinforcing"), -1: Text("平衡", "balancing")}
SIGNS = {1: " +→ ", -1: " −→ "}
WORLDS, YEARS = 2, range(2015, 2036)
"""What statements are shown while they are watched for what they look at."""


def upstream(
    name: str, needs: Names, table: Mapping[str, Parameter], lang: str, every: bool
) -> Iterator[str]:
    """How much lies upstream of a variable; all of it, step by step, where `every` is wanted."""
    steps = {n: step for n, step in distances(name, needs).items() if n not in CONTROL and step}
    inputs = [table[n] for n in steps if n in table]
    roles = Counter(one.role for one in inputs)
    drawn = sum(one.distribution is not None for one in inputs)
    counted = (
        Text("、", ", ")
        .of(lang)
        .join(f"{ROLE_WORDS[role].of(lang)} {count}" for role, count in roles.items())
    )
    deepest = max(steps.values(), default=0)
    told = Text(
        f"上游共 {len(steps)} 个变量，最远 {deepest} 步；其中输入 {len(inputs)} 个（{counted}），"
        f"{drawn} 个带分布",
        f"{len(steps)} variables lie upstream, the farthest {deepest} steps away; {len(inputs)} of "
        f"them are inputs ({counted}), {drawn} drawn from distributions",
    )
    yield told.of(lang)
    if not every:
        return
    for step in range(1, deepest + 1):
        here = [n for n in steps if steps[n] == step]
        yield Text(f"第 {step} 步", f"step {step}").of(lang)
        rows = [(f"  {n}", *_input(table.get(n), lang)) for n in here]
        yield from columns(rows)


def _input(one: Parameter | None, lang: str) -> tuple[str, str]:
    """Value and source of an input; nothing for what is computed."""
    if one is None:
        return "", ""
    kind = PARAMETER_KINDS[one.kind].of(lang) if one.kind else ""
    return (
        fit(level_in_words(one.value, one.unit, lang), 40),
        f"{kind}{Text('：', ': ').of(lang)}{fit(' '.join(one.source.split()), 60)}",
    )


def loops(name: str, lang: str, every: bool) -> Iterator[str]:
    """The named feedback loops that a variable is part of."""
    own = [one for one in _loops() if name in one.chain]
    if not own:
        return
    yield Text("所在回路", "Feedback loops").of(lang)
    for one in own if every else own[:8]:
        yield f"  {'R' if one.polarity > 0 else 'B'} {one.title.of(lang)}" + (
            f"（{POLARITY[one.polarity].zh}）"
            if lang == "zh"
            else f" ({POLARITY[one.polarity].en})"
        )
        if every:
            chain = "".join(n + SIGNS[s] for n, s in zip(one.chain, one.signs, strict=True))
            yield f"    {chain}{one.chain[0]}"
    yield from _more(len(own), 8, every, lang)
    yield ""


def _loops() -> Sequence[Loop]:
    file = data.loops_file()
    return list(read_loops(file).named.values()) if file.is_file() else []


def _more(count: int, shown: int, every: bool, lang: str) -> Iterator[str]:
    if count > shown and not every:
        rest = count - shown
        yield Text(f"  还有 {rest} 条", f"  and {rest} more").of(lang)


def targets(
    name: str, needs: Names, known: Mapping[str, Target], lang: str, every: bool
) -> Iterator[str]:
    """The targets of the plan that are read off a variable, and those it acts on."""
    reads = [one for one in known.values() if one.variable == name]
    acts = [
        one
        for one in known.values()
        if one.variable != name and name in distances(one.variable, needs)
    ]
    if reads:
        yield Text("读取它的规划指标", "Targets read off it").of(lang)
        yield from (f"  {target_text(one, lang)}" for one in reads)
    if acts:
        names = Text("、", ", ").of(lang).join(one.title.of(lang) for one in acts)
        count = len(acts)
        told = Text(f"影响到 {count} 项规划指标", f"It acts on {count} targets").of(lang)
        yield told + (f"{Text('：', ': ').of(lang)}{names}" if every or count <= 6 else "")
    if reads or acts:
        yield ""


def target_text(one: Target, lang: str) -> str:
    """A target in a line."""
    aim = f"{SENSES[one.sense]} {with_unit(exact(one.value), one.unit, lang)}"
    return f"{one.title.of(lang)}  {one.year}  {aim}  {one.clause}"


def statements(model: Model, table: Mapping[str, Parameter], name: str, lang: str) -> Iterator[str]:
    """The statements of `sim check reality` that look at a variable."""
    from sim.analysis.concerns import concerns  # runs the model, so only where all is wanted
    from sim.analysis.signs import sample
    from sim.analysis.statements import STATEMENTS
    from sim.ensemble.scenario import read_scenario

    baseline = read_scenario("baseline", data.scenario_folders())
    worlds = sample(model, table, baseline, WORLDS, 1, YEARS)
    own = [one for one in STATEMENTS if name in concerns(one, worlds, model.stocks)]
    if own:
        yield Text("必须成立的论断（sim check reality）", "Statements of sim check reality").of(
            lang
        )
        yield from (f"  {one.title.of(lang)}" for one in own)
        yield ""
