"""The check of evidence, offline: the cells follow from the scores, and the judgement from the cells."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assay.base.canonical import canonical_json, plain
from assay.evaluate.request import Cell
from assay.flows.bundle import JUDGEMENT, Bundle, aligned_facts, judged_again
from assay.flows.cellfile import pack
from assay.flows.estimates import Setting
from assay.flows.judge import Conclusion
from assay.flows.reading import Again
from assay.records.metric import Array

TOLERANCE = 1e-9
SUMS = 1e-12


@dataclass(frozen=True, slots=True)
class Recheck:
    """What a recheck found.

    Attributes:
        identical: The recomputed judgement has the stored one's bytes.
        differences: Where it differs beyond 1e-9 or in a status; empty when it holds.
        largest: The largest difference between numbers.
        conclusion: The judgement, recomputed.
        unchecked: Why looks and ledger were not checked; empty where they were.
    """

    identical: bool
    differences: tuple[str, ...]
    largest: float
    conclusion: Conclusion
    unchecked: str = ""

    @property
    def ok(self) -> bool:
        """Whether the verdict follows from the evidence, and agrees with the ledger where that was checked."""
        return not self.differences

    def __bool__(self) -> bool:
        return self.ok


def recheck(bundle: Bundle, again: Again) -> Recheck:
    """Recompute the judgement from the stored cells, and compare all else with what the stored scores give.

    Args:
        again: What the stored scores give.
    """
    conclusion = judged_again(bundle)
    recomputed = canonical_json(conclusion.to_json())
    differences: list[str] = []
    largest = [_differ(bundle.judgement, json.loads(recomputed), "judgement", differences)]
    manifest, case, aligned = bundle.manifest, bundle.case, again.aligned
    follows = {
        "aligned": aligned_facts(aligned),
        "setting": Setting(aligned.columns, aligned.counts, case.plan.seed),
        "seeds": {m.name: len(m.seeds) for m in aligned.models},
    }
    for part, found in follows.items():
        largest.append(_differ(manifest[part], plain(found), part, differences))
    largest.append(_differ(plain(case.flips), plain(again.flips), "flips", differences))
    largest.append(_differ(plain(again.held), plain(again.sums), "scores", differences))
    index, arrays = pack(case.cells)
    index_again, arrays_again = pack(again.cells)
    largest.append(_differ(index, index_again, "cells", differences))
    if arrays != arrays_again:
        largest.append(_arrays(case.cells, again.cells, differences))
    same = recomputed == (bundle.folder / JUDGEMENT).read_bytes()
    return Recheck(same, tuple(differences), max(largest), conclusion)


def _differ(stored: Any, found: Any, where: str, differences: list[str]) -> float:
    """Compare JSON values; numbers to 1e-9 of their size, all else exactly. Returns the largest difference."""
    if isinstance(stored, dict) and isinstance(found, dict) and stored.keys() == found.keys():
        return max((_differ(stored[k], found[k], f"{where}.{k}", differences) for k in stored), default=0.0)
    if isinstance(stored, list) and isinstance(found, list) and len(stored) == len(found):
        pairs = enumerate(zip(stored, found, strict=True))
        return max((_differ(a, b, f"{where}[{i}]", differences) for i, (a, b) in pairs), default=0.0)
    if isinstance(stored, float) and isinstance(found, (int, float)) and math.isfinite(stored):
        gap = abs(stored - found)
        if gap > TOLERANCE * max(1.0, abs(stored)):
            differences.append(f"{where}: {stored!r} is stored, {found!r} follows")
        return gap
    if plain(stored) != plain(found):
        differences.append(f"{where}: {str(stored)[:80]!r} is stored, {str(found)[:80]!r} follows")
    return 0.0


def _arrays(stored: Sequence[Cell], found: Sequence[Cell], differences: list[str]) -> float:
    largest = 0.0
    for place, (a, b) in enumerate(zip(stored, found, strict=False)):
        for first, second in zip(a.samples, b.samples, strict=False):
            for name in type(first).__dataclass_fields__:
                x, y = getattr(first, name), getattr(second, name, None)
                if not isinstance(x, np.ndarray):
                    continue
                if not isinstance(y, np.ndarray) or x.shape != y.shape:
                    differences.append(f"cells[{place}].{name}: the stored scores give another shape")
                    continue
                gap, scale = _gap(x, y)
                largest = max(largest, gap)
                if gap > scale:
                    differences.append(f"cells[{place}].{name}: differs by {gap:g} from what the stored scores give")
    return largest


def _gap(x: Array, y: Array) -> tuple[float, float]:
    """The largest difference of two arrays, and the one that is allowed; a NaN equals only a NaN."""
    if np.array_equal(x, y, equal_nan=x.dtype.kind == "f" and y.dtype.kind == "f"):
        return 0.0, 0.0
    x, y = x.astype(float), y.astype(float)
    known = np.isfinite(x) & np.isfinite(y)
    if not np.array_equal(x[~known], y[~known], equal_nan=True):
        return math.inf, 0.0
    return float(np.abs(x[known] - y[known]).max(initial=0.0)), SUMS * max(
        1.0, float(np.abs(x[known]).max(initial=0.0))
    )
