"""Seeds and units as parts of a variance, in words and as a table: which of them an interval is wide for."""

from __future__ import annotations

from collections.abc import Sequence

from assay.base.wording import counted, figure
from assay.records.estimate import Estimate
from assay.report.blocks import Block, Column, Details, Inline, Paragraph, Table
from assay.stats.components import Components, components

WHENCE = (
    "The variance of an estimate about a method is that over units plus that over training seeds, s² / S of each model;"
    " both are parts of the interval that decides. Twice the seeds, or twice the units, would make it about as much"
    " narrower as said."
)
_HEADS = ("Comparison", "Variance", "From units", "From seeds", "Twice the units", "Twice the seeds", "What helps more")


def variance_words(estimate: Estimate) -> str:
    """Both parts in one sentence; empty where the estimate knows no seeds."""
    found = components(estimate)
    if found is None:
        return ""
    helps = "either helps as much" if found.more == "either" else f"more {found.more} help more"
    return (
        f"variance: {_percent(1 - found.seed_share)} from {_units(estimate)}, {_percent(found.seed_share)} from"
        f" {_seeds(estimate)}; twice the units: {_narrower(found.twice_units)}, twice the seeds:"
        f" {_narrower(found.twice_seeds)}: {helps}"
    )


def variance_blocks(named: Sequence[tuple[str, Estimate]]) -> list[Block]:
    """A table of the parts, a row for each estimate that has them; nothing where none has."""
    rows = tuple(_row(name, e, found) for name, e in named if (found := components(e)) is not None)
    if not rows:
        return []
    table = Table(tuple(Column(head, 0 < i < 6) for i, head in enumerate(_HEADS)), rows)
    return [Details("How much of the variance is from seeds, how much from units", (Paragraph(WHENCE), table))]


def _row(name: str, estimate: Estimate, found: Components) -> tuple[Inline, ...]:
    return (
        name,
        figure(found.total, 3),
        f"{figure(found.unit, 3)} ({_percent(1 - found.seed_share)}, {_units(estimate)})",
        f"{figure(found.seed, 3)} ({_percent(found.seed_share)}, {_seeds(estimate)})",
        _narrower(found.twice_units),
        _narrower(found.twice_seeds),
        found.more,
    )


def _units(estimate: Estimate) -> str:
    return counted(estimate.units, "unit")


def _seeds(estimate: Estimate) -> str:
    """How many seeds; the fewest of the models that vary."""
    seeds = estimate.diagnostics.get("seeds")
    return f"{counted(seeds, 'seed')} a model" if isinstance(seeds, int) else "seeds"


def _narrower(width: float) -> str:
    return f"{_percent(1 - width)} narrower" if width < 1 else "no narrower"


def _percent(share: float) -> str:
    return "< 1%" if 0 < share < 0.005 else "> 99%" if 0.995 <= share < 1 else f"{share:.0%}"
