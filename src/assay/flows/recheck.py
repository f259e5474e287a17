"""The check of evidence, offline: the cells follow from the scores, and the judgement from the cells."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from assay.base.canonical import canonical_json, plain
from assay.evaluate.flips import Flips
from assay.evaluate.request import Cell
from assay.flows.bundle import JUDGEMENT, Bundle, aligned_facts, judged_again
from assay.flows.cellfile import pack
from assay.flows.estimates import Setting
from assay.flows.judge import Conclusion, conclude
from assay.flows.nearness import array_gap, compared, sums_compared
from assay.flows.reading import Again


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

    def __repr__(self) -> str:
        held = "the verdict follows" if self.ok else f"{len(self.differences)} differences"
        advice = ", ".join(f"{r.candidate} {r.action}" for r in self.conclusion.judgement.recommendations)
        return f"<Recheck: {held}; {advice}>"


def recheck(bundle: Bundle, again: Again) -> Recheck:
    """Recompute the judgement from the stored cells, and compare all else with what the stored scores give.

    Args:
        again: What the stored scores give.
    """
    conclusion = judged_again(bundle)
    recomputed = canonical_json(conclusion.to_json())
    differences: list[str] = []
    largest = [compared(bundle.judgement, json.loads(recomputed), "judgement", differences)]
    manifest, case, aligned = bundle.manifest, bundle.case, again.aligned
    follows = {
        "aligned": aligned_facts(aligned),
        "setting": Setting(aligned.columns, aligned.counts, case.plan.seed),
        "seeds": {m.name: len(m.seeds) for m in aligned.models},
    }
    for part, found in follows.items():
        largest.append(compared(manifest[part], plain(found), part, differences))
    largest.append(compared(*_examples(case.flips, again.flips), "flips", differences))
    largest.append(sums_compared(again.held, again.sums, again.sizes, differences))
    index, arrays = pack(case.cells)
    index_again, arrays_again = pack(again.cells)
    largest.append(compared(index, index_again, "cells", differences))
    if arrays != arrays_again:
        largest.append(_arrays(case.cells, again.cells, differences))
        # What is within rounding in a cell may still not be without effect on the judgement.
        anew = json.loads(canonical_json(conclude(replace(case, cells=again.cells)).to_json()))
        largest.append(compared(bundle.judgement, anew, "judgement from the scores", differences))
    same = recomputed == (bundle.folder / JUDGEMENT).read_bytes()
    return Recheck(same, tuple(differences), max(largest), conclusion)


def _examples(stored: Flips, found: Flips) -> tuple[Any, Any]:
    """Both as JSON; evidence of earlier versions holds those of the first candidate alone."""
    return plain(stored.to_json()), plain((found if stored.more else replace(found, more={})).to_json())


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
                gap, beyond = array_gap(name, x, y, second)
                largest = max(largest, gap)
                if beyond:
                    differences.append(f"cells[{place}].{name}: differs by {gap:g} from what the stored scores give")
    return largest
