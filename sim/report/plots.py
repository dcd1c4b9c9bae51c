"""The figures of a run: a fan chart per variable and the bars of attainment, as files."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from functools import partial
from pathlib import Path

import xarray as xr

from sim.ensemble.observations import Observation
from sim.ensemble.target import Target


def save_figures(
    fans: xr.Dataset,
    attainment: xr.Dataset,
    targets: Sequence[Target],
    observations: Sequence[Observation],
    folder: Path,
    lang: str = "zh",
    variables: Iterable[str] | None = None,
    dpi: int = 150,
    executor: Executor | None = None,
) -> Iterator[Path]:
    """The files written into `folder`: `<variable>.png` for each variable, and `attainment.png`.

    `variables` defaults to all of `fans`. Drawn here, each as it is asked for; or by `executor`,
    which begins at once, and once they are asked for here as well: then they come in any order.
    """
    folder.mkdir(parents=True, exist_ok=True)
    figures: list[Callable[[], Path]] = []
    if targets:
        figures.append(partial(save_bars, attainment, folder / "attainment.png", lang, dpi))
    for name in map(str, fans.data_vars if variables is None else variables):
        own = [target for target in targets if target.variable == name]
        seen = [observation for observation in observations if observation.variable == name]
        file = folder / f"{name}.png"
        figures.append(partial(save_fan, name, fans[[name]], own, seen, file, lang, dpi))
    return map(_drawn, figures) if executor is None else _side_by_side(figures, executor)


def _side_by_side(figures: Sequence[Callable[[], Path]], executor: Executor) -> Iterator[Path]:
    """The figures as others draw them from the first on, and we from the last."""
    begun = [(figure, executor.submit(_drawn, figure)) for figure in figures]
    return (figure() if there.cancel() else there.result() for figure, there in reversed(begun))


def save_bars(attainment: xr.Dataset, file: Path, lang: str, dpi: int) -> Path:
    """The file with the bars of attainment."""
    from sim.report.bars import attainment_bars  # matplotlib: where the drawing is done
    from sim.report.sheet import save

    return save(attainment_bars(attainment, lang), file, dpi)


def save_fan(
    variable: str,
    fans: xr.Dataset,
    targets: Sequence[Target],
    observations: Sequence[Observation],
    file: Path,
    lang: str,
    dpi: int,
) -> Path:
    """The file with the fan chart of a variable."""
    from sim.report.fan import fan_chart
    from sim.report.sheet import save

    return save(fan_chart(variable, fans, targets, observations, lang), file, dpi)


def _drawn(figure: Callable[[], Path]) -> Path:
    return figure()
