"""What decides coal-bed methane output, and where a lever tips it: a worked example.

    python docs/examples/what_decides_methane.py [base] [draws]

First which of the uncertain numbers matter (Sobol indices with 95 % intervals), then how the odds
of the plan's target move when drilling permits are scaled from 2021 on. Larger `base` and `draws`
give narrower intervals; the attrs of the tables say how they were made.
"""

import sys

import numpy as np

import sim

TARGET = "cbm_output"


def main(base: int = 256, draws: int = 1000) -> None:
    """Prints the leading parameters, and the odds along the lever."""
    found = sim.sensitivity(method="sobol", base=base, targets=[TARGET], by_year=False)
    total = found["total"].sel(target=TARGET)
    half = found["total_half"].sel(target=TARGET)
    print(f"{found.attrs['members']:,} members; share of the variance, with interactions:")
    for place in np.argsort(-total.values)[:5]:
        label = found["label_en"].values[place]
        print(f"  {label:40} {total.values[place]:.2f} ± {half.values[place]:.2f}")
    if not bool(found["enough"].sel(target=TARGET)):
        print(f"  intervals within ±0.05 want base={int(found['needed'].sel(target=TARGET))}")

    multiples = {"times": [0.6, 0.8, 1.0, 1.2, 1.4], "since": 2021}
    levers = {"methane_drilling_permits": multiples}
    swept = sim.sweep(levers=levers, draws=draws, targets=[TARGET])
    odds, error = (swept[name].sel(target=TARGET) for name in ("probability", "standard_error"))
    print("drilling permits from 2021, as multiples of the plan → probability of the target:")
    for multiple, share, spread in zip(
        swept["methane_drilling_permits"].values, odds.values, error.values, strict=True
    ):
        print(f"  × {multiple:.1f}   {share:.1%} ± {spread:.1%}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
