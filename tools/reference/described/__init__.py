"""What the pages of methods say in words, one room by subject; figures come from the code and the kept tables.

A method of `assay.stats.domain.DOMAINS` has a line in `tools.reference.methods.METHODS` and a `Described` in one of
these rooms; a test fails without. Every module here with a dict `DESCRIBED` is a room, in the order of their names:

    DESCRIBED = {
        "tango": Described(
            purpose="Whether the candidate gets more rows right than the baseline, both read on the same rows.",
            assumptions=("Rows are units: drawn independently.",),
            formula="S(d) = (b - c - nd) / sqrt(n (2q + d (1 - d)));  all d with |S(d)| <= z",
            chosen="The difference of a proportion with one row per unit.",
            cost="Constant.",
            limits=("What a referee would ask, and the answer, a line each.",),
            code=("assay.stats.proportions",),         # its tests' `# source:` lines are shown on the page
            benchmark=("10 million rows x 235 slices",),  # first words of rows of docs/benchmarks.json; may be left out
        ),
    }

A procedure without a domain (an adjustment, a boundary) also gives `what` and `source`, and gets a page too.
Published values go to `tests/known`.
"""

import pkgutil
from importlib import import_module

from tools.reference.described.declared import Described

__all__ = ["DESCRIBED", "Described"]

_ROOMS = sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name != "declared")

DESCRIBED: dict[str, Described] = {
    name: said for room in _ROOMS for name, said in import_module(f"{__name__}.{room}").DESCRIBED.items()
}
