"""Errors of the stages name options of `compare`; where a plan was written, they name the plan's keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from assay.base.errors import AssayError

KEYS = {
    "on": ("data.id", ""),
    "target": ("data.target", ""),
    "unit": ("data.unit", ""),
    "slice": ("data.slices", ""),
    "positive": ("data.positive", ""),
    "threshold": ("data.threshold", ""),
    "labels": ("data.labels", ""),
    "seed-column": ("data.seed", ""),
    "repeat": ("data.repeat", ""),
    "query": ("data.query", ""),
    "qrels": ("data.qrels", ""),
    "missing": ("missing", ""),
    "level": ("level", ""),
    "seed": ("seed", ""),
    "score": ("score", " of the model"),
    "metric": ("metric", " of the claim"),
    "about": ("about", " of the claim"),
    "baseline": ("baseline", ""),
    "candidate": ("candidates", ""),
}
"""Option of `compare` -> the plan's key, and whose key it is where many have it."""
_OPTION = re.compile(r"--([a-z]+(?:-[a-z]+)*)(?: ([A-Z]+\b|[a-z_0-9]+@\S+|refuse|exclude|failure|bounds))?")


def in_plan(text: str) -> str:
    """Options as keys of a plan.

    >>> in_plan("--missing exclude or refuse, or name another --target")
    '`missing: exclude` or refuse, or name another `data.target`'
    """

    def key(found: re.Match[str]) -> str:
        if found[1] not in KEYS:
            return found[0]
        name, of = KEYS[found[1]]
        return f"`{name}: {found[2]}`{of}" if found[2] else f"`{name}`{of}"

    return _OPTION.sub(key, text)


@contextmanager
def plan_words() -> Iterator[None]:
    """Raise what is raised inside in the words of a plan; use it where a plan enters, as a context or a decorator."""
    try:
        yield
    except AssayError as error:
        rule, fix = in_plan(error.rule), in_plan(error.fix)
        if (rule, fix) == (error.rule, error.fix):
            raise
        raise type(error)(error.what, rule=rule, fix=fix, where=error.where) from error
