"""The statements about the county that must hold in every sampled world, a module per sector.

Each stands in the baseline or in a trial of `trials.py`. A name that the model no longer has
does not stop the others: the statement is reported as one that cannot be judged.
"""

from sim.analysis.reality import Statement
from sim.analysis.statements import (
    agriculture,
    coal,
    county_seat,
    environment,
    methane,
    population,
    public_finance,
    tourism,
    utilities,
    whole,
)
from sim.analysis.statements.forms import SIGNED_STOCKS

__all__ = ["SIGNED_STOCKS", "STATEMENTS"]

STATEMENTS: tuple[Statement, ...] = (
    *whole.STATEMENTS,
    *coal.STATEMENTS,
    *methane.STATEMENTS,
    *tourism.STATEMENTS,
    *population.STATEMENTS,
    *county_seat.STATEMENTS,
    *public_finance.STATEMENTS,
    *agriculture.STATEMENTS,
    *environment.STATEMENTS,
    *utilities.STATEMENTS,
)
