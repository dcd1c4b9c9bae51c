"""The figures that `sim plot` and `sim report` draw, by kind."""
