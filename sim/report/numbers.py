"""Numbers as readers meet them: shares with their error, quantities with fitting digits."""

import math
from collections.abc import Iterable, Sequence

ABSENT = "—"
MINUS = "−"


def signed(text: str) -> str:
    """`text` with a typographer's minus."""
    return text.replace("-", MINUS)


def share(probability: float, error: float, members: int) -> str:
    """A probability in percent with its standard error: 37.2% ± 0.5.

    What rounds to nothing or to everything is said as a limit: <0.1%, or, with few members,
    the limit at 95 % confidence of an event that was never seen (3 / members). A member or a few
    put no limit: all of them or none.
    """
    if not math.isfinite(probability):
        return ABSENT
    percent, spread = 100 * probability, 100 * error
    limit = max(0.1, 300 / max(members, 1))
    if min(percent, 100 - percent) < 0.05:
        if limit >= 50:
            return f"{percent:.0f}%"
        bound = f"{limit:.1f}" if limit < 10 else f"{limit:.0f}"
        return f"<{bound}%" if percent < 50 else f">{100 - float(bound):.{'.' in bound:d}f}%"
    digits = _digits_of_error(spread)
    return f"{percent:.{digits}f}% ± {spread:.{digits}f}"


def points(difference: float, error: float) -> str:
    """A difference of probabilities in percentage points with its error: +12.3 ± 0.7."""
    if not math.isfinite(difference):
        return ABSENT
    digits = _digits_of_error(100 * error)
    text = f"{100 * difference:+.{digits}f}"
    if float(text) == 0:
        text = text[1:]
    return signed(f"{text} ± {100 * error:.{digits}f}")


def _digits_of_error(spread: float) -> int:
    """Decimals that show one digit of an error in percent: 0, 1 or 2."""
    if not 0 < spread < math.inf:
        return 1
    return min(max(-math.floor(math.log10(spread)), 0), 2)


def decimals(values: Iterable[float]) -> int:
    """Decimals that show about three digits of the largest of `values`."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    if largest == 0:
        return 0
    return min(max(2 - math.floor(math.log10(largest)), 0), 4)


def quantity(value: float, digits: int) -> str:
    """`value` with `digits` decimals and thousands marked: 4,321."""
    if not math.isfinite(value):
        return ABSENT
    text = f"{value:,.{digits}f}"
    return signed(text[1:] if text.startswith("-") and not text.strip("-0.,") else text)


def along_axis(ticks: Sequence[float]) -> list[str]:
    """Numbers along an axis, all with the decimals that one of them needs: 0.0, 0.5, 1.0."""
    digits = max((len(f"{tick:.6f}".rstrip("0").partition(".")[2]) for tick in ticks), default=0)
    return [quantity(float(tick), digits) for tick in ticks]


def significant(value: float, count: int) -> str:
    """`value` with about `count` digits, none of those before the point rounded away: 12,346."""
    if not 1e-4 <= abs(value) < 1e15:
        return signed(f"{value:.{count}g}")
    digits = max(count - 1 - math.floor(math.log10(abs(value))), 0)
    text = quantity(value, digits)
    return text.rstrip("0").rstrip(".") if digits else text


def exact(value: float) -> str:
    """A number that somebody wrote down, as it was written: 4,500 or 1.88."""
    text = f"{value:,.10f}".rstrip("0").rstrip(".")
    return signed(text) if abs(value) >= 1e-6 or value == 0 else signed(f"{value:g}")
