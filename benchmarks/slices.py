"""Long checks in slices: each goes on where the last one ended, and all of them make one page.

python benchmarks/generated.py 10000 --minutes 5    # at most five minutes more towards 10,000
python benchmarks/fuzz.py 20000 --minutes 5
python benchmarks/slices.py                         # the page anew from what is recorded
"""

import collections
import json
import subprocess
import time
from pathlib import Path

RECORD = Path(__file__).with_suffix(".jsonl")
PAGE = Path(__file__).with_name("language.md")


def recorded(check=None, seed=None):
    """The slices of a check and seed, or all."""
    lines = RECORD.read_text(encoding="utf-8").splitlines() if RECORD.exists() else []
    slices = [json.loads(line) for line in lines]
    return [s for s in slices if check in (None, s["check"]) and seed in (None, s["seed"])]


def first_undone(check, seed):
    """The case at which a check goes on."""
    return max((s["first"] + s["cases"] for s in recorded(check, seed)), default=0)


def within(cases, minutes):
    """Cases until the minutes are over; all of them where minutes is None."""
    until = time.perf_counter() + 60 * minutes if minutes else float("inf")
    for case in cases:
        if time.perf_counter() > until:
            return
        yield case


def keep(check, seed, first, counts, seconds, **most):
    """Records a slice, and writes the page anew."""
    git = ["git", "-C", str(RECORD.parent), "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()
    one = {"check": check, "seed": seed, "first": first, "cases": sum(counts.values())}
    one |= {"counts": dict(counts), "seconds": round(seconds, 1), "commit": commit, **most}
    with RECORD.open("a", encoding="utf-8") as file:
        file.write(json.dumps(one) + "\n")
    write_page()


def write_page():
    from generated import DIFFERENT  # which imports this module

    checks = dict.fromkeys((s["check"], s["seed"]) for s in recorded())
    rows = "\n".join(row(recorded(*each)) for each in sorted(checks))
    faults = "\n".join(f"| `{what}` | {why} |" for what, why in DIFFERENT.items())
    PAGE.write_text(PAGE_TEXT.format(rows=rows, faults=faults), encoding="utf-8")


def row(slices):
    """A check in one line of the page."""
    counts = collections.Counter()
    for each in slices:
        counts.update(each["counts"])
    kinds = ", ".join(f"{kind} {number:,}" for kind, number in counts.most_common())
    slowest = max(s.get("slowest", 0) for s in slices)
    memory = max(s.get("memory", 0) for s in slices)
    most = f"{slowest:.1f} s, {memory / 2**20:.0f} MB" if memory else "—"
    commits = ", ".join(dict.fromkeys(s["commit"] for s in slices))
    minutes = sum(s["seconds"] for s in slices) / 60
    head = f"| `{slices[0]['check']}` | {slices[0]['seed']} | {sum(counts.values()):,} "
    return f"{head}| {kinds} | {most} | {minutes:.0f} | {commits} |"


PAGE_TEXT = """\
# Generated and damaged models, counted

Written by `benchmarks/slices.py` from `benchmarks/slices.jsonl`, to which the two scripts add what
each slice found. Cases are numbered from 0 without a gap; a case depends on seed and number alone.

| check | seed | cases | outcomes | most of one case | minutes | commits |
| --- | --- | --- | --- | --- | --- | --- |
{rows}

* `generated.py` (PySD, simlin): *same* is equal to 1e-9 in every variable at every saved time;
  *shaky*: numbers differ, but so do they when the model's own literals are nudged by 1e-13;
  *known fault*: one of the peer's, listed in `DIFFERENT` of the script. All else makes it fail.
* `fuzz.py`: *simulated* or *refused* with a message in both languages; a hang (30 s of a
  processor), a traceback, a silent refusal or a lack of memory (1 GB) makes it fail.

## What PySD and simlin do otherwise than Vensim's manual says

None of it is generated, but for the *known fault*, on which PySD fails now and then.

| what | why |
| --- | --- |
{faults}
"""

if __name__ == "__main__":
    write_page()
