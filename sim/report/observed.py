"""How an observed figure is called: the variable, what of it was measured, and its years."""

from sim.text import Text

MEASURE = {
    "change": Text("变化", "change"),
    "ratio": Text("倍数", "ratio"),
    "mean_growth": Text("年均增速", "mean growth"),
}


def figure_name(label: str, measure: str, lang: str) -> str:
    """The variable, and what of it is observed where that is not its level."""
    if measure not in MEASURE:
        return label
    return f"{label}{'，' if lang == 'zh' else ', '}{MEASURE[measure].of(lang)}"


def figure_years(since: float | None, year: float) -> str:
    """One year, or the two between which a change is measured."""
    return f"{year:g}" if since is None else f"{since:g}–{year:g}"
