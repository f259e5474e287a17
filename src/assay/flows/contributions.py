"""What each component contributes: the candidate against itself without the component, on the same rows.

A plan's ablations are judged by nobody: their comparisons are made as those of claims are, from cells kept in evidence,
and all ablations of one metric share the error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assay.evaluate.request import Cell, Pair
from assay.flows.estimates import Levels, Setting, infer_cell
from assay.judge.levels import decision_level
from assay.records.comparison import Alignment, Comparison
from assay.records.plan import Plan


def ablated(plan: Plan) -> frozenset[str]:
    """Names of the ablations that the plan has predictions of."""
    return frozenset(a.model.name for a in plan.ablations if a.model is not None)


def pairs_without(plan: Plan, pairs: Sequence[Pair]) -> list[Pair]:
    """The first candidate beside each of its ablations, which stands as the baseline.

    Args:
        plan: Whose ablations.
        pairs: Every model beside the baseline.
    """
    sides = {p.candidate.name: p.candidate for p in pairs}
    full = sides[plan.candidates[0].name]
    return [Pair(sides[name], full, "model", plan.seeds_paired) for name in sides if name in ablated(plan)]


def parted(plan: Plan, cells: Sequence[Cell]) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    """Cells of claims and slices, and those of contributions."""
    names = ablated(plan)
    own = tuple(c for c in cells if c.pair.baseline.name in names)
    return tuple(c for c in cells if c.pair.baseline.name not in names), own


def contributions(plan: Plan, cells: Sequence[Cell], setting: Setting) -> tuple[Comparison, ...]:
    """Every component's contribution to every metric: with it less without it.

    About the method where both have several seeds, as a claim about a method is judged; else about these models.

    Args:
        plan: Whose ablations.
        cells: Those of contributions.
        setting: What every inference of the reading shares.
    """
    many = len({c.pair.baseline.name for c in cells})
    levels = Levels(plan.level, decision_level((1 - plan.level) / 2 / max(1, many)))
    found = []
    for cell in cells:
        for inferred in infer_cell(_about(cell), setting):
            # What alignment counted is of the baseline and the candidate, not of these two.
            found.append(replace(inferred, alignment=Alignment(0, 0, 0.0)).at(levels))
    order = list(dict.fromkeys(c.metric.label for c in found))
    return tuple(sorted(found, key=lambda c: order.index(c.metric.label)))


def _about(cell: Cell) -> Cell:
    """The cell with the design of a claim about a method, where there are seeds for one."""
    several = all(min(len(d.baseline), len(d.candidate)) > 1 for d in cell.designs)
    about = "method" if several else "model"
    whole = replace(cell.whole, about=about) if cell.whole else None
    return replace(cell, designs=tuple(replace(d, about=about) for d in cell.designs), whole=whole)
