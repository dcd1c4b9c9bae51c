"""What stands for a figure to those who cannot see it, in both languages."""

import xarray as xr

from sim.report.fan import compared, fans_of
from sim.report.figures.words import say
from sim.report.numbers import decimals, quantity
from sim.report.rows import target_rows
from sim.report.words import say as word
from sim.report.words import target_name, time_unit, unit_in_words, when
from sim.text import Text


def fan_title(runs: xr.Dataset, variable: str, lang: str) -> str:
    """What a fan chart shows, in words: indicator and scenarios."""
    titles = [str(title) for title in runs[f"title_{lang}"].values]
    label = str(runs[variable].attrs.get(f"label_{lang}") or variable)
    return label + word("colon", lang) + compared(titles, lang)


def of_fan(runs: xr.Dataset, variable: str) -> Text:
    """The alternative text of a fan chart: where the first scenario ends."""

    def text(lang: str) -> str:
        attrs = runs[variable].attrs
        one = fans_of(variable, runs, lang)[0]
        low, median, high = (float(one.quantiles[level, -1]) for level in (0, 2, 4))
        digits = decimals([low, median, high])
        unit = unit_in_words(str(attrs.get("units", "")), lang)
        return say(
            "alt_fan",
            lang,
            label=attrs.get(f"label_{lang}") or variable,
            scenario=one.title,
            year=when(int(runs["time"].values[-1]), time_unit(runs), lang),
            median=quantity(median, digits),
            low=quantity(low, digits),
            high=quantity(high, digits),
            unit=f" {unit}" if unit else "",
        )

    return Text(text("zh"), text("en"))


def of_bars(attainment: xr.Dataset) -> Text:
    """The alternative text of the bars of attainment: the surest and the least sure target."""
    share, unit = attainment["probability"].values[0], str(attainment["time_unit"].values[0])

    def text(lang: str) -> str:
        rows = target_rows(attainment, lang)
        best, worst = rows[int(share.argmax())], rows[int(share.argmin())]
        return say(
            "alt_bars",
            lang,
            count=len(rows),
            best=target_name(best.title, best.year, lang, unit),
            high=best.probabilities[0],
            worst=target_name(worst.title, worst.year, lang, unit),
            low=worst.probabilities[0],
        )

    return Text(text("zh"), text("en"))
