"""Model files that were damaged at random are simulated or refused, every one of them.

    python benchmarks/fuzz.py 20000 --minutes 5   # five minutes' worth of them, from where the
                                                  # last such slice ended
    python benchmarks/fuzz.py 1 --first 4711      # one case again; fuzz-4711.mdl is its file

Case `i` is the same on every machine: which file is taken, and what happens to it, depends on the
seed and on `i` alone. They run in a worker beside this process, which watches the seconds of a
processor and the bytes that it takes, and ends it where a case takes more than LIMIT or MEMORY.
"""

import argparse
import collections
import multiprocessing
import random
import re
import shutil
import sys
import tempfile
import time
import traceback
from functools import lru_cache
from pathlib import Path

import psutil
import slices
from measure import MB, peak_memory

ROOT = Path(__file__).parents[1]
LIMIT = 30.0
MEMORY = 2**30
LIFE = 1000
"""Cases of one worker: what its caches hold after them is no case's own."""
GLANCE = 0.25
"""Seconds between two looks at the worker."""
STEPS = 60
"""How far a clock is let run: the question is whether it runs at all."""

COUNTY = ROOT / "model" / "qinshui.mdl"
FOLDERS = (ROOT / "tests" / "golden", ROOT.parent / "shared" / "conformance")


@lru_cache
def corpus():
    """The sound files, in the order of their names; the county's counts once."""
    found = [
        file
        for folder in FOLDERS
        for file in sorted(folder.glob("*/*"))
        if file.suffix in (".mdl", ".stmx")
    ]
    return (*found, COUNTY)


# --- what may happen to a file


def flip_bytes(rng, raw):
    spoilt = bytearray(raw)
    for _ in range(rng.randint(1, 8)):
        spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
    return bytes(spoilt)


def cut_bytes(rng, raw):
    start = rng.randrange(len(raw))
    return raw[:start] + raw[start + rng.randint(1, 40) :]


def break_off(rng, raw):
    return raw[: rng.randrange(len(raw))]


def insert_bytes(rng, raw):
    place = rng.randrange(len(raw))
    some = rng.choice([b"\0", b"\xff\xfe", b"\xc3", b"\x1a", b"\\", b"{", b"}", b'"', b"'", b"|"])
    return raw[:place] + some * rng.randint(1, 4) + raw[place:]


def recode(rng, raw):
    text = raw.decode("utf-8", errors="replace")
    code = rng.choice(["gbk", "utf-16", "utf-16-be", "utf-8-sig", "cp1252", "big5", "utf-32"])
    return text.encode(code, errors="replace")


def words_of(text):
    return [m for m in re.finditer(r"[\w ]*\w|[^\w\s]|\n", text)] or [re.match("", text)]


def replace_words(rng, text):
    for _ in range(rng.randint(1, 4)):
        words = words_of(text)
        word = rng.choice(words)
        other = rng.choice(words)[0] if rng.random() < 0.4 else rng.choice(VOCABULARY)
        text = text[: word.start()] + other + text[word.end() :]
    return text


def drop_word(rng, text):
    word = rng.choice(words_of(text))
    return text[: word.start()] + text[word.end() :]


def double_word(rng, text):
    word = rng.choice(words_of(text))
    return text[: word.end()] + word[0] * rng.randint(1, 3) + text[word.end() :]


def lines_changed(rng, text):
    lines = text.split("\n")
    a, b = rng.randrange(len(lines)), rng.randrange(len(lines))
    kind = rng.randrange(4)
    if kind == 0:
        del lines[a]
    elif kind == 1:
        lines.insert(b, lines[a])
    elif kind == 2:
        lines[a], lines[b] = lines[b], lines[a]
    else:
        lines[a : a + 2] = ["".join(lines[a : a + 2])]
    return "\n".join(lines)


def entries_changed(rng, text):
    entries = text.split("|")
    a, b = rng.randrange(len(entries)), rng.randrange(len(entries))
    kind = rng.randrange(4)
    if kind == 0:
        del entries[a]
    elif kind == 1:
        entries.insert(b, entries[a])
    elif kind == 2:
        head, equals, tail = entries[a].partition("=")
        entries[a] = head + equals + entries[b].partition("=")[2] or tail
    else:
        entries[a] = f"\n:MACRO: M{rng.randrange(3)}(a, b)\n{entries[a]}|\n:END OF MACRO:\n"
    return "|".join(entries)


def number_changed(rng, text):
    numbers = list(re.finditer(r"(?<![\w.])\d+\.?\d*", text))
    if not numbers:
        return text
    one = rng.choice(numbers)
    return text[: one.start()] + rng.choice(NUMBERS) + text[one.end() :]


def wrapped(rng, text):
    """An equation's right side within many brackets, signs or calls."""
    sides = list(re.finditer(r"=([^~|=]+)~", text))
    if not sides:
        return text
    side = rng.choice(sides)
    before, after = rng.choice(WRAPS)
    times = rng.choice([1, 3, 12, 35, 60, 300])
    inner = before * times + side[1].strip() + after * times
    return text[: side.start(1)] + " " + inner + " " + text[side.end(1) :]


def lengthened(rng, text):
    """An equation's right side many times over."""
    sides = list(re.finditer(r"=([^~|=]+)~", text))
    if not sides:
        return text
    side = rng.choice(sides)
    joint = rng.choice(["+", "-", "*", "/", "^", ",", ":AND:", ":OR:", " "])
    inner = joint.join([side[1].strip()] * rng.choice([2, 10, 100, 400]))
    return text[: side.start(1)] + inner + text[side.end(1) :]


def added(rng, text):
    """A statement more, in front: ranges of any size, circles, data, controls once again."""
    return text.replace("\n", f"\n{rng.choice(STATEMENTS)} ~ ~ |\n", 1)


def control_changed(rng, text):
    name = rng.choice(["INITIAL TIME", "FINAL TIME", "TIME STEP", "SAVEPER"])
    value = rng.choice([*NUMBERS, *CONTROLS])
    return re.sub(rf"({name}\s*=)[^~|]*~", lambda m: f"{m[1]} {value} ~", text, flags=re.I)


def spliced(rng, text):
    other = rng.choice(corpus()[:-1]).read_bytes().decode("utf-8", errors="replace")
    place, cut = rng.randrange(len(text) or 1), rng.randrange(len(other) or 1)
    return text[:place] + other[cut:]


NUMBERS = [
    *("0", "-1", "1e-9", "1e9", "1e308", "1e999", "0.1", "1e-320", "-1e300", "007", ":NA:", "3.7"),
    *("99999999999999999999", "1000000", "0.0000001", "2147483648", ".5", "5.", "1e", "0x10"),
]
CONTROLS = ["Time", "TIME STEP", "FINAL TIME", "IF THEN ELSE(Time<1,1,0)", "1/0", "Time+1", "x"]
VOCABULARY = """IF THEN ELSE|INTEG|DELAY3|DELAY1I|SMOOTH3I|SMOOTH N|DELAY N|DELAY FIXED|INITIAL
GET XLS DATA|GET DIRECT CONSTANTS|GET TIME VALUE|SUM|PROD|VMIN|ELMCOUNT|VECTOR SELECT|INVERT MATRIX
VECTOR SORT ORDER|VECTOR ELM MAP|VECTOR REORDER|ALLOCATE AVAILABLE|ALLOCATE BY PRIORITY|WITH LOOKUP
LOOKUP FORWARD|LOOKUP EXTRAPOLATE|TABBED ARRAY|TREND|FORECAST|NPV|SAMPLE IF TRUE|ACTIVE INITIAL|GAME
PULSE TRAIN|PULSE|STEP|RAMP|MODULO|QUANTUM|XIDZ|ZIDZ|LN|EXP|SQRT|POWER|RANDOM UNIFORM|RANDOM NORMAL
RANDOM POISSON|GAMMA LN|MIN|MAX|Time|TIME STEP$|:EXCEPT:|:RAW:|:AND:|:OR:|:NOT:|:NA:|:MACRO:
:END OF MACRO:|->|<->|:=|==|:|~|!|(|)|[|]|,|;|{|}|"|'|\\|^|<>|1e999|0|-1
沁水|（|）|×|％|\n|\t|.| |$|*|@
""".replace("\n", "|").split("|")
WRAPS = [
    ("(", ")"),
    ("-(", ")"),
    ("1+(", ")"),
    ("SMOOTH(", ",2)"),
    ("DELAY3(", ",3)"),
    ("MAX(0,", ")"),
    ("IF THEN ELSE(1>0,", ",0)"),
    ("EXP(", ")"),
    ("2^(", ")"),
    ("SUM(", ")"),
    ("INITIAL(", ")"),
    (":NOT: (", ")"),
    ("{", "}"),
    ('"', '"'),
    ("[", "]"),
    ("INTEG(", ",1)"),
]
STATEMENTS = [
    "huge: (h1-h1000000000)",
    "wide: (w1-w9000)\n~ ~ |\narea[wide,wide] = 1",
    "wide: (w1-w900)\n~ ~ |\nrow[wide] = Time ~ ~ |\ncells[wide] = SUM(row[wide!]) + row[wide]",
    "a: b ~ ~ |\nb: a ~ ~ |\nc[a] = 1",
    "a1: x1, y1 ~ ~ |\na2: a1, b1 ~ ~ |\nb1: a1 ~ ~ |\nq[a2] = 1",
    "data without keyword",
    "TIME STEP = 2",
    "loop one = loop two ~ ~ |\nloop two = loop one",
    "f((0,0),(0,1),(1,1)) ~ ~ |\ng = f(Time)",
    "f() ~ ~ |\ng = f(1)",
    "late = DELAY N(Time, 1e9, 0, 900)",
    "late = DELAY FIXED(Time, 1e12, 0)",
    "late = SMOOTH N(Time, 2, 0, 1e6)",
    "x, y = 3",
    "grows = INTEG(grows^3, 1e100)",
    "folded = 10^10^10^10",
    "macro = M(1, 2)",
    "m: (m1-m30) ~ ~ |\na[m] = 1 ~ ~ |\nb[m] = a[m] ~ ~ |\nc[m,m] = INVERT MATRIX(a[m],30)",
    "file = GET DIRECT CONSTANTS('/etc/passwd', ',', 'A1')",
    "file = GET XLS DATA('../../x.xlsx', 'a', 'A', 'B2')",
    "subs: GET XLS SUBSCRIPT('none.xlsx', 'a', 'A1', 'A9', '')",
    "q = TABBED ARRAY(1 2 3)",
    "r: a, b ~ ~ |\nq[r] = 1, 2, 3",
    "many = " + " + ".join(f"name {i}" for i in range(300)),
    "****\n.group\n****~\n |\nz = 1",
    "\n~ ~ |\n".join(f"v{i} = v{i - 1} + 1" if i else "v0 = 1" for i in range(1500)),
]

BYTES = (flip_bytes, cut_bytes, break_off, insert_bytes, recode)
TEXT = (
    *(replace_words, replace_words, drop_word, double_word, lines_changed, entries_changed),
    *(number_changed, wrapped, lengthened, added, control_changed, spliced),
)


def damaged(seed, case):
    """The file that a case begins with, and its bytes after one to three mishaps."""
    rng = random.Random(f"{seed}:{case}")
    files = corpus()
    file = files[-1] if rng.random() < 0.02 else rng.choice(files[:-1])
    raw = file.read_bytes()
    for _ in range(rng.choice([1, 1, 2, 3])):
        change = rng.choice(BYTES if rng.random() < 0.25 else TEXT)
        if change in BYTES:
            raw = change(rng, raw) if raw else raw
        else:
            text = raw.decode("utf-8", errors="surrogateescape")
            raw = change(rng, text).encode("utf-8", errors="surrogateescape")
    return file, raw


# --- what becomes of it


def outcome(file):
    """ "simulated", "refused", or what went wrong, with the words for it."""
    from sim.engine.dimensions import wrong_units
    from sim.engine.door import read_file
    from sim.engine.integrate import clock_of
    from sim.ensemble.simulate import simulate_members
    from sim.text import Refused

    try:
        model = read_file(file)
        clock = clock_of(model)
        short = {}
        if clock.steps > STEPS:
            short = {"final_time": clock.start + STEPS * clock.dt}
            if clock_of(model, short).steps > STEPS:
                return "simulated", "a clock that cannot be cut short"
        wrong_units(model)
        runs = simulate_members(model, short)
        return "simulated", f"{len(runs.data_vars)} variables"
    except Refused as refused:
        said = "\n".join(problem.en for problem in refused.problems)
        whole = all(problem.zh and problem.en for problem in refused.problems)
        return ("refused" if whole and said else "silent"), said[:300]
    except MemoryError:
        return "memory", traceback.format_exc(limit=-4)
    except Exception:
        return "traceback", traceback.format_exc(limit=-6)


def work(pipe, seed):
    """Answers case numbers with their outcomes until there are no more."""
    with tempfile.TemporaryDirectory() as folder:
        for case in iter(pipe.recv, None):
            began = time.process_time()
            found = outcome(placed(Path(folder), *damaged(seed, case)))
            pipe.send((*found, time.process_time() - began, peak_memory() * MB))


def placed(folder, file, raw):
    """The damaged file, beside the data files of the sound one."""
    home = folder / file.parent.name
    if not home.is_dir():
        shutil.copytree(file.parent, home)
    copy = home / f"damaged{file.suffix}"
    copy.write_bytes(raw)
    return copy


class Worker:
    """A process that tries cases one after the other, and what it may take for each."""

    def __init__(self, seed):
        self.pipe, other = CONTEXT.Pipe()
        self.process = CONTEXT.Process(target=work, args=(other, seed), daemon=True)
        self.process.start()
        other.close()
        self.watched, self.cases = psutil.Process(self.process.pid), 0

    def outcome(self, case):
        """What becomes of a case, the words for it, its seconds and the most memory so far."""
        self.cases += 1
        began = self.seconds()
        try:
            self.pipe.send(case)
            while not self.pipe.poll(GLANCE):
                seconds, memory = self.seconds() - began, self.watched.memory_info().rss
                if seconds > LIMIT or memory > MEMORY:
                    self.end()
                    return "hang" if seconds > LIMIT else "memory", "", seconds, memory
            kind, said, seconds, memory = self.pipe.recv()
        except (EOFError, OSError, psutil.Error):
            self.end()
            return "died", "", 0.0, 0
        return "memory" if memory > MEMORY else kind, said, seconds, memory

    def seconds(self):
        times = self.watched.cpu_times()
        return times.user + times.system

    @property
    def is_spent(self):
        return self.cases >= LIFE or not self.process.is_alive()

    def end(self):
        self.process.kill()
        self.process.join()
        self.pipe.close()


def run(cases, seed=1, say=print):
    """The outcomes of cases, in order: number, kind, words, seconds, bytes."""
    worker = Worker(seed)
    for case in cases:
        if worker.is_spent:
            worker.end()
            worker = Worker(seed)
        found = worker.outcome(case)
        if found[0] not in ("simulated", "refused"):
            say(f"case {case}: {found[0]} ({damaged(seed, case)[0].name})\n{found[1]}")
        yield case, *found
    worker.end()


CONTEXT = multiprocessing.get_context("spawn")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("cases", type=int, nargs="?", default=500)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float)
    given = parser.parse_args()
    if given.cases == 1:
        file, raw = damaged(given.seed, given.first)
        Path(f"fuzz-{given.first}.mdl").write_bytes(raw)
        print(f"from {file}")
    first, end = given.first, given.first + given.cases
    if given.minutes:
        first, end = slices.first_undone("damaged", given.seed), given.cases
    counts, most, slowest, began = collections.Counter(), 0, (0.0, 0), time.perf_counter()
    for case, kind, said, seconds, memory in run(
        slices.within(range(first, end), given.minutes), given.seed
    ):
        counts[kind] += 1
        most, slowest = max(most, memory), max(slowest, (seconds, case))
        if given.cases == 1:
            print(kind, said)
    seconds = time.perf_counter() - began
    if given.minutes and counts:
        slices.keep("damaged", given.seed, first, counts, seconds, slowest=slowest[0], memory=most)
    print(
        f"{sum(counts.values())} damaged files, seed {given.seed}, from {first}: {dict(counts)}; "
        f"slowest {slowest[0]:.1f} s (case {slowest[1]}), most memory {most / 2**20:.0f} MB, "
        f"{seconds:.0f} s in all"
    )
    return 0 if set(counts) <= {"simulated", "refused"} else 1


if __name__ == "__main__":
    sys.exit(main())
