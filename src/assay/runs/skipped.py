"""Folders that tools make in a project and that are no code of it: told by what they hold where a name may deceive."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

# Made again from what is kept; nobody misses them, so that they are not named.
_CACHES = re.compile(r"\.(git|assay|ipynb_checkpoints|(mypy|ruff|pytest)_cache)|__pycache__")
_TOOLS = {
    ".venv": "a virtual environment", ".tox": "virtual environments", ".nox": "virtual environments",
    "node_modules": "packages", "site-packages": "packages", "mlruns": "runs of MLflow", "wandb": "runs of W&B",
}  # fmt: skip
_EGG = re.compile(r".*\.egg-info")
# Common names of virtual environments and of what is built, and of packages that people write.
_ASKED = frozenset({"venv", "env", "build", "dist"})
_ENVIRONMENT = ("conda-meta", "bin/activate", "Scripts/activate")
_BUILT = ("CMakeCache.txt", "build.ninja", "meson-info", ".buildinfo")
_SETUPTOOLS = re.compile(r"lib|(lib|bdist|temp|scripts)[.-].+")
_PROJECT = ("pyproject.toml", "setup.py", "setup.cfg")
MOST_NAMED = 5


def made_by_tools(folder: Path) -> str:
    """What a folder is that tools have made, in words; empty for one that may hold code.

    A folder called `env`, `venv`, `build` or `dist` is looked into: in projects of reinforcement learning, for
    example, `env` is a package.
    """
    name = folder.name
    if _CACHES.fullmatch(name):
        return "a cache"
    if name in _TOOLS:
        return _TOOLS[name]
    if _EGG.fullmatch(name):
        return "an installed project"
    # What may not be looked into is no virtual environment of this user.
    if os.path.exists(folder / "pyvenv.cfg"):
        return "a virtual environment"
    return _found_out(folder) if name in _ASKED else ""


def may_be_built(path: str) -> bool:
    """Whether a file lies in a folder that is called as those are that tools make."""
    return not _ASKED.isdisjoint(path.split("/")[:-1])


def _found_out(folder: Path) -> str:
    if any((folder / sign).exists() for sign in _ENVIRONMENT):
        return "a virtual environment"
    if any((folder / sign).exists() for sign in _BUILT):
        return "what was built"
    try:
        held = [path.name for path in folder.iterdir()]
    except OSError:
        return ""
    # `python -m build` copies the packages to build/lib, beside what it was told by.
    copied = bool(held) and all(_SETUPTOOLS.fullmatch(name) for name in held)
    return "what was built" if copied and any((folder.parent / sign).exists() for sign in _PROJECT) else ""


class Skipped:
    """Folders of a root that tools have made; each is looked at once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[str, str] = {}

    def inside(self, path: str) -> bool:
        """Whether a file lies in such a folder."""
        at, parents = "", path.split("/")[:-1]
        for part in parents:
            at = f"{at}/{part}" if at else part
            if at not in self._known:
                self._known[at] = made_by_tools(self._root / at)
            if self._known[at]:
                return True
        return False

    def notes(self) -> list[str]:
        """The folders that were left out, in one line; caches are made again and are not named."""
        named = [
            f"{at} ({what})"
            for at, what in sorted(self._known.items())
            if what and not _CACHES.fullmatch(at.rpartition("/")[2])
        ]
        return [f"left out: {_several(named)}"] if named else []


def _several(names: Iterable[str]) -> str:
    held = list(names)
    more = len(held) - MOST_NAMED
    return ", ".join(held[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
