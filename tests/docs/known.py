"""What the program and the repository have to offer, read off themselves."""

from __future__ import annotations

import re
from functools import cache

from tools.pages import ROOT
from tools.reference import cli


@cache
def make_targets() -> frozenset[str]:
    """The targets of the Makefile."""
    text = (ROOT / "Makefile").read_text("utf-8")
    return frozenset(re.findall(r"^([a-z]+):", text, re.MULTILINE))


@cache
def command_paths() -> tuple[str, ...]:
    """Every command, as users type it."""
    return tuple(path for path, _, _ in cli.commands())
