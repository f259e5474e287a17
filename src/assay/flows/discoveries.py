"""Slices by the share of false findings among them: p-values of one metric's slices, adjusted together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assay.base.wording import counted
from assay.records.comparison import Beside, Comparison, Discovery
from assay.stats.multiplicity import adjust

HOLM, SHARE, ANY = "holm", "benjamini-hochberg", "benjamini-yekutieli"


def with_discoveries(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """Every slice with what its p-value says among all slices of its metric and candidate; the rest as it is.

    A slice whose p-value is undefined, or whose method is outside its domain, has none that holds: it counts among
    the slices, as it does for the level of their intervals, and cannot be found.
    """
    families: dict[tuple[str, str], list[int]] = {}
    for place, c in enumerate(comparisons):
        if c.slice:
            families.setdefault((c.metric.label, c.candidate_name), []).append(place)
    found = list(comparisons)
    for places in families.values():
        for place, made in zip(places, _family([comparisons[p] for p in places]), strict=True):
            found[place] = made
    return found


def _family(slices: Sequence[Comparison]) -> list[Comparison]:
    p = [c.difference.p_value if c.difference.inside_domain else None for c in slices]
    many = len(p)
    holm, share, whatever = (adjust(p, how, many).tolist() for how in (HOLM, SHARE, ANY))
    each = zip(slices, p, holm, share, whatever, strict=True)
    return [_beside(c, None if own is None else Discovery(own, h, q, b, many), many) for c, own, h, q, b in each]


def _beside(comparison: Comparison, found: Discovery | None, many: int) -> Comparison:
    beside = comparison.beside or Beside()
    if found is None:
        lacks = "no p-value" if comparison.difference.p_value is None else "outside the domain of its method"
        why = f"{lacks}: it counts among the {counted(many, 'slice')}, and is none"
        return replace(comparison, beside=replace(beside, notes={**beside.notes, "discovery": why}))
    return replace(comparison, beside=replace(beside, discovery=found))
