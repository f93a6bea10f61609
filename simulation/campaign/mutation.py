"""New runs out of kept ones: the bytes of a run changed a little."""

from collections.abc import Sequence
from random import Random

MAX_CHANGED_BYTES = 8


def mutate(parents: Sequence[bytes], length: int, random: Random) -> bytes:
    """Bytes of `length` at most that begin like one of `parents`, or differ from it in a few places.

    Bytes are decoded one after the other, so a run with the same beginning gets to the same state, and on from there.
    """
    parent = random.choice(parents)
    kind = random.randrange(3)
    if kind == 0:
        changed = _continue(parent, length, random)
    elif kind == 1:
        changed = _splice(parent, random.choice(parents), random)
    else:
        changed = _change_bytes(parent, random)
    return changed[:length]


def _continue(parent: bytes, length: int, random: Random) -> bytes:
    """The beginning of a run, and something else after it; late cuts are the likelier ones."""
    cut = max(random.randrange(len(parent) + 1), random.randrange(len(parent) + 1))
    return parent[:cut] + random.randbytes(max(0, length - cut))


def _splice(parent: bytes, other: bytes, random: Random) -> bytes:
    """The beginning of one run and the end of another."""
    return parent[: random.randrange(len(parent) + 1)] + other[random.randrange(len(other) + 1) :]


def _change_bytes(parent: bytes, random: Random) -> bytes:
    changed = bytearray(parent)
    for _ in range(min(len(changed), random.randint(1, MAX_CHANGED_BYTES))):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)
