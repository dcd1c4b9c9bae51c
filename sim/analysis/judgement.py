"""How a target stands, in the words of a mid-term review, by one rule on its probability."""

LIKELY, UNLIKELY = 2 / 3, 1 / 3
"""The bounds of "likely" and "unlikely" in the calibrated language of the IPCC (Mastrandrea and
others 2010, Guidance Note on Consistent Treatment of Uncertainties, table 1: 66 % and 33 %)."""

WORDS = ("on_track", "as_expected", "behind")


def judgement(probability: float) -> str:
    """ "on_track", "as_expected" or "behind": likely, about as likely as not, or unlikely."""
    if probability >= LIKELY:
        return "on_track"
    return "as_expected" if probability >= UNLIKELY else "behind"


def close_call(probability: float, error: float) -> bool:
    """Whether the judgement could be another within two standard errors of the probability."""
    return any(
        judgement(probability + side * 2 * error) != judgement(probability) for side in (-1, 1)
    )
