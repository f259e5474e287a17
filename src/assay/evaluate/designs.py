"""The design of a sample: rows, units and effective units of one slice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from assay.evaluate.request import Material, Pair
from assay.records.metric import Ints
from assay.records.protocols import By
from assay.records.sample import Design, GroupedCounts, GroupedSums, Rows, Sample

UnitCounts = Mapping[By, Mapping[tuple[Any, ...], int]]


def unit_counts(material: Material) -> UnitCounts:
    """Distinct units of each slice, asked for only where groups hold several units each."""
    if material.groups and material.units > material.groups:
        return material.engine.units(material.table, material.unit, [s for s in material.sets if s])
    return {}


def design(material: Material, pair: Pair, read: str, rows_by_group: Ints, known_units: int | None = None) -> Design:
    """The design of one slice.

    Args:
        rows_by_group: [G] rows; [1] where each row is a unit.
        known_units: Distinct units where groups hold several of them.
    """
    rows = int(rows_by_group.sum())
    arms = len(pair.baseline.arms[read])
    shared: dict[str, Any] = {
        "rows": rows,
        "clustered": material.clustered,
        "baseline": tuple(range(arms)),
        "candidate": tuple(range(arms, arms + len(pair.candidate.arms[read]))),
        "seeds_paired": pair.seeds_paired,
        "about": pair.about,
    }
    if not material.clustered:
        return Design(units=rows, effective_units=float(rows), **shared)
    held = rows_by_group[rows_by_group > 0].astype(float)
    effective = float(held.sum() ** 2 / np.sum(held**2)) if rows else 0.0
    units = len(held)
    if material.units > material.groups:
        units = max(units, known_units or 0)
        if known_units is None:
            units, effective = material.units, material.effective_units
    return Design(units=units, effective_units=effective, **shared)


def together(material: Material, pair: Pair, read: str, samples: Sequence[Sample], designs: Sequence[Design]) -> Design:
    """The design of several samples as one, where units may have rows in several of them."""
    rows = np.zeros(max(material.groups, 1), dtype=np.int64)
    for sample, made in zip(samples, designs, strict=True):
        if isinstance(sample, GroupedCounts):
            rows += sample.counts[:, 0].sum(axis=(-2, -1))
        elif isinstance(sample, GroupedSums):
            rows += sample.n
        elif isinstance(sample, Rows) and sample.group is not None:
            rows += np.bincount(sample.group, minlength=len(rows))
        else:
            rows[0] += made.rows
    return design(material, pair, read, rows)
