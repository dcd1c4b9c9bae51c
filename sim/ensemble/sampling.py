"""Random numbers of any block of draws: by seed, name and number of the draw, and nothing else.

Nothing here depends on how the draws are cut into blocks, so that blocks can be drawn where they
are computed, in any order, and ten million draws never lie in memory at once.
"""

import hashlib
import warnings
from collections.abc import Callable, Sequence
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.blocks import Draws

Floats = NDArray[np.float64]
Words = NDArray[np.uint32]

ROUNDS = 6
ROW = 256
"""Draws that share one stream of normal numbers."""
AT_ONCE = 2**17
"""Places of permutations that are computed at one time: few enough to stay near the processor."""
BELOW_ONE = 1 - 1e-12


def generator(seed: int, name: str) -> np.random.Generator:
    """The random numbers that belong to one seed and one name."""
    digest = hashlib.sha256(f"{seed}\n{name}".encode()).digest()
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(int.from_bytes(digest))))


def uniforms(
    names: Sequence[str], draws: int, seed: int, sampling: str, some: Draws | None = None
) -> dict[str, Floats]:
    """Numbers in (0, 1), by name: (count,) each, for `some` of the `draws`, or for all.

    "lhs": Latin hypercube (McKay, Beckman, Conover 1979, 10.2307/1268522), each name with
    strata and jitter of its own. "random": independent; a longer sample begins with the shorter.
    "sobol": scrambled Sobol points (Owen 1998, 10.1006/jcom.1998.0487) whose dimensions follow
    the sorted names, so that here a new name does move other draws.
    """
    some = some or Draws(0, draws)
    if not names:
        return {}
    if sampling == "sobol":
        points = np.clip(_sobol_points(tuple(sorted(names)), seed, some), 1e-12, BELOW_ONE)
        return {name: points[:, column] for column, name in enumerate(sorted(names))}
    found = {name: 1.0 - _uniform(seed, name, some) for name in names}
    if sampling == "random":
        return found
    for own, stratum in zip(found.values(), shuffled(names, draws, seed, some), strict=True):
        own += stratum
        own /= draws
        np.minimum(own, BELOW_ONE, out=own)
    return found


def normals(seed: int, name: str, width: int, some: Draws) -> Floats:
    """Standard normal numbers, independent: (count, width)."""
    return _by_row(seed, name, width, some, lambda stream, row: stream.standard_normal(out=row))


def noises(seed: int, name: str, width: int, some: Draws) -> Floats:
    """Numbers between 0 and 1, independent: (count, width); for RANDOM functions of a model."""
    return _by_row(seed, name, width, some, lambda stream, row: stream.random(out=row))


def _by_row(
    seed: int,
    name: str,
    width: int,
    some: Draws,
    fill: Callable[[np.random.Generator, Floats], Any],
) -> Floats:
    """Numbers of which each ROW draws have a stream of their own: (count, width)."""
    first, last = some.first // ROW, -(-(some.first + some.count) // ROW)
    found = np.empty((last - first, ROW, width))
    for number, row in enumerate(found, first):
        fill(generator(seed, f"{name}\n{number}"), row)
    start = some.first - first * ROW
    return found.reshape(-1, width)[start : start + some.count]


def _uniform(seed: int, name: str, some: Draws) -> Floats:
    """Numbers `first` and following of the name's own stream, without those before them."""
    stream = generator(seed, name)
    steps, ahead = divmod(some.first, 4)  # Philox makes four numbers at each step of its counter
    stream.bit_generator.advance(steps)  # type: ignore[attr-defined]
    return stream.random(ahead + some.count)[ahead:]


def shuffled(names: Sequence[str], size: int, seed: int, some: Draws) -> Words:
    """Where `some` of 0 … size-1 stand in each name's own permutation of them: (names, count).

    A permutation that is computed place by place, and never held: a Feistel network (Luby,
    Rackoff 1988, 10.1137/0217022) over the next power of two, walked until it falls below
    `size` (Black, Rogaway 2002, 10.1007/3-540-45760-7_9).
    """
    if size > 2**32:
        raise NotImplementedError(f"a Latin hypercube of {size} draws")
    found = np.empty((len(names), some.count), dtype=np.uint32)
    rows = max(1, AT_ONCE // max(1, some.count))
    for first in range(0, len(names), rows):
        part = slice(first, first + rows)
        keys = np.stack([_keys(seed, name) for name in names[part]], axis=1)
        found[part] = _permuted(keys, size, some)
    return found


def _permuted(keys: Words, size: int, some: Draws) -> Words:
    """The places of `some` in the permutations that `keys` (ROUNDS, names) make."""
    bits = max(2, (size - 1).bit_length())
    index = np.arange(some.first, some.first + some.count, dtype=np.uint32)
    places = _feistel(index, keys[..., None], bits).reshape(-1)
    on = np.flatnonzero(places >= size)
    while len(on):  # of all names at one time, for soon there are few
        walked = _feistel(places[on], keys[:, on // some.count], bits)
        places[on] = walked
        on = on[walked >= size]
    return places.reshape(-1, some.count)


@lru_cache(maxsize=1024)
def _keys(seed: int, name: str) -> Words:
    return generator(seed, f"{name}\norder").integers(0, 2**32, ROUNDS, dtype=np.uint32)


def _feistel(index: Words, keys: Words, bits: int) -> Words:
    """A permutation of the numbers of so many bits; keys: (ROUNDS, …)."""
    narrow = bits // 2
    wide = bits - narrow
    left, right = index >> np.uint32(narrow), index & np.uint32(2**narrow - 1)
    for step, key in enumerate(keys):  # an even number: the halves, unequal, change places
        mask = np.uint32(2 ** (wide if step % 2 == 0 else narrow) - 1)
        mixed = _mixed(right ^ key)
        mixed &= mask
        mixed ^= left
        left, right = right, mixed
    return (left << np.uint32(narrow)) | right


def _mixed(words: Words) -> Words:
    """`words`, changed so that each bit hangs on all (the finalizer of MurmurHash3)."""
    shifted = words >> np.uint32(16)
    words ^= shifted
    words *= np.uint32(0x85EBCA6B)
    words ^= np.right_shift(words, np.uint32(13), out=shifted)
    words *= np.uint32(0xC2B2AE35)
    words ^= np.right_shift(words, np.uint32(16), out=shifted)
    return words


_ENGINE = Lock()


def _sobol_points(names: tuple[str, ...], seed: int, some: Draws) -> Floats:
    """Points `first` and following: (count, names)."""
    with _ENGINE, warnings.catch_warnings():
        # the balance of 2^m points is lost otherwise: documented
        warnings.simplefilter("ignore", UserWarning)
        engine = _sobol(names, seed)
        if engine.num_generated > some.first:
            engine.reset()
        if engine.num_generated < some.first:
            engine.fast_forward(some.first - engine.num_generated)
        points: Floats = engine.random(some.count)
    return points


@lru_cache(maxsize=4)
def _sobol(names: tuple[str, ...], seed: int) -> Any:
    """The sequence, which goes on where the last block of this process ended."""
    from scipy.stats import qmc  # 0.5 s, and Latin hypercube is the default

    return qmc.Sobol(len(names), scramble=True, rng=generator(seed, "sobol"))
