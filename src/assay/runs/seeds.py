"""Setting the seeds of what is loaded: Python, NumPy, PyTorch, JAX has none to set."""

from __future__ import annotations

import random
import sys

from assay.base.errors import InputError


def set_seeds(seed: int | None) -> tuple[str, ...]:
    """Seed the global generators of Python, NumPy and PyTorch where they are loaded; returns whose were set.

    JAX has no global generator: its keys are made from the seed by the program, `jax.random.key(run.start.seed)`.

    Raises:
        InputError: no seed, or one that NumPy does not take.
    """
    if seed is None or not 0 <= seed < 2**32:
        raise InputError(f"the seed is {seed}", rule="seeds that are set lie in [0, 2^32)", fix="seed=1")
    random.seed(seed)
    done = ["python"]
    # The global generators are the user's programs' own; Assay draws from none of them.
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed)
        done.append("numpy")
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed)
        done.append("torch")
    return tuple(done)
