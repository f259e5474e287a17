"""Named random streams: the same seed and name give the same numbers, whatever else was drawn before."""

from __future__ import annotations

import hashlib

import numpy as np


def stream(seed: int, *names: str | int) -> np.random.Generator:
    """A generator that depends on the seed and the names alone.

    Args:
        seed: The seed of the whole analysis.
        names: What the stream is for, e.g. `"dirichlet", "region=north"`.

    >>> int(stream(0, "a").integers(1000)) == int(stream(0, "a").integers(1000))
    True
    """
    key = hashlib.sha256("\x1f".join(str(n) for n in names).encode()).digest()[:16]
    return np.random.Generator(np.random.PCG64([seed, int.from_bytes(key, "little")]))
