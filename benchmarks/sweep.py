"""What a large sweep costs: time and memory of so many members, and of half as many.

python benchmarks/sweep.py [members]
"""

import subprocess
import sys
import tempfile
import time

DRAWS = 1000
CODE = """
import resource, sys
from sim.__main__ import main
status = main(sys.argv[1:])
own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(own, workers, file=sys.stderr)
sys.exit(status)
"""


def cost(members: int) -> tuple[float, int]:
    """Seconds, and the peak memory in KB of the command and of its largest worker together."""
    points = members // DRAWS
    axis = f"levers.coal_cap=range(3500,{3500 + points},1)"
    with tempfile.TemporaryDirectory() as output:
        words = ["sweep", axis, f"draws={DRAWS}", "figures=false", f"output={output}"]
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", CODE, *words], capture_output=True, text=True, check=True
        )
        own, worker = (int(number) for number in done.stderr.split()[-2:])
        return time.perf_counter() - began, own + 2 * worker


def main() -> None:
    """Prints the cost of half the members and of all."""
    members = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    half, whole = cost(members // 2), cost(members)
    for count, (seconds, memory) in ((members // 2, half), (members, whole)):
        print(f"{count:>10,} members: {seconds:7.1f} s, {memory / 1e6:.2f} GB at the peak")
    print(f"twice the members: {whole[0] / half[0]:.2f} times the time")


if __name__ == "__main__":
    main()
