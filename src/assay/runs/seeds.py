"""Setting the seeds of Python, NumPy and PyTorch, of what is imported later at its import; JAX has none to set."""

from __future__ import annotations

import importlib.util
import random
import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from assay.base.errors import InputError

# The global generators are the user's programs' own; Assay draws from none of them.
_SEED: dict[str, Callable[[Any, int], object]] = {
    "numpy": lambda module, seed: module.random.seed(seed),
    "torch": lambda module, seed: module.manual_seed(seed),
}
JAX = "jax has no seed to set: the program makes its keys, e.g. jax.random.key(run.start.seed)"


def set_seeds(seed: int | None) -> tuple[str, ...]:
    """Seed the global generators of Python, NumPy and PyTorch; of those not imported yet at their import.

    JAX has no global generator: its keys are made from the seed by the program, `jax.random.key(run.start.seed)`.

    Returns:
        What was set, in words for the run's notes.

    Raises:
        InputError: no seed, or one that NumPy does not take.
    """
    if seed is None or not 0 <= seed < 2**32:
        raise InputError(f"the seed is {seed}", rule="seeds that are set lie in [0, 2^32)", fix="seed=1")
    random.seed(seed)
    there = [name for name in _SEED if name in sys.modules]
    for name in there:
        _SEED[name](sys.modules[name], seed)
    later = [name for name in _SEED if name not in there]
    _wait(dict.fromkeys(later, seed))
    told = f"seeds were set: {', '.join(('python', *there))}"
    return (told + (f"; at their import: {', '.join(later)}" if later else ""), *([JAX] if _has_jax() else []))


def _has_jax() -> bool:
    """Whether JAX is imported, or can be."""
    try:
        return "jax" in sys.modules or importlib.util.find_spec("jax") is not None
    except (ImportError, ValueError):
        return False


def _wait(seeds: dict[str, int]) -> None:
    for finder in [f for f in sys.meta_path if isinstance(f, _Finder)]:
        sys.meta_path.remove(finder)
    if seeds:
        sys.meta_path.insert(0, _Finder(seeds))


class _Finder(MetaPathFinder):
    """Finds nothing itself: of the modules that wait for their seed it hands on what the others find."""

    def __init__(self, seeds: dict[str, int]) -> None:
        self._seeds = seeds

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self._seeds:
            return None
        for finder in [f for f in sys.meta_path if f is not self]:
            find = getattr(finder, "find_spec", None)
            spec: ModuleSpec | None = find(fullname, path, target) if find is not None else None
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = _Seeding(spec.loader, self._seeds)
                return spec
        return None


class _Seeding(Loader):
    """Loads a module as its own loader does, then seeds it, once."""

    def __init__(self, inner: Loader, seeds: dict[str, int]) -> None:
        self._inner, self._seeds = inner, seeds

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._inner.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        # The module sees its own loader: whoever asks it for files or sources finds them.
        module.__loader__ = self._inner
        if module.__spec__ is not None:
            module.__spec__.loader = self._inner
        self._inner.exec_module(module)
        seed = self._seeds.pop(module.__name__, None)
        if seed is not None:
            _SEED[module.__name__](module, seed)
