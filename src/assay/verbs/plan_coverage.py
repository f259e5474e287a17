"""`plan coverage`: which cells of a plan's matrix are there, and which miss."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from assay.base.errors import StoreError
from assay.readers.planfile import read_plan
from assay.records.access import READ
from assay.records.plan import Plan
from assay.records.sweep import Coverage
from assay.verbs import portfolio
from assay.verbs.frozen import frozen_plan
from assay.verbs.kept import AS_FROZEN, coverage
from assay.verbs.models import specs
from assay.verbs.served import served
from assay.verbs.where import LabPlace, existing_lab, open_lab

_LATER: Mapping[str, Any] = {
    "state": "waiting",
    "why": "was not there when the plan was frozen",
}


@served(READ, path="plan")
def run(path: Path, lab: LabPlace | None = None) -> Coverage:
    """The matrix of baseline, candidates and ablations by seed; no prediction is read, so that it is no look.

    Args:
        path: The plan file; it may be frozen or not.
        lab: The folder of the lab; by default the nearest from the working folder upwards, if there is one.

    Raises:
        PlanError: a plan with problems.
        StoreError: a run that the plan names and the lab does not have.
    """
    plan = read_plan(path)
    try:
        found = existing_lab(lab)
    except StoreError:
        if lab is not None:
            raise
        found = None
    return anecdotes(plan, coverage(plan, path.parent, found).coverage)


@served(READ)
def of_frozen(name: str, lab: LabPlace | None = None) -> Coverage:
    """The matrix of the latest frozen version of a plan; files that it names are not opened.

    Raises:
        MissingError: there is no plan of that name.
        StoreError: a run that the plan names and the lab does not have.
    """
    judged = portfolio.plan(lab, name).judged is not None
    with open_lab(lab) as store:
        with store.snapshot() as session:
            plan = frozen_plan(store, session.plans.versions(name)[-1])
        found = coverage(plan, None, store.folder).coverage
    # What the first reading has fixed is there, though the frozen plan itself does not say so.
    pending = set() if judged else {m.name for m in specs(plan) if m.file and not m.digest}
    found = replace(found, cells=tuple(replace(c, **_LATER) if c.model in pending else c for c in found.cells))
    if any(c.seed == AS_FROZEN for c in found.cells):
        said = "predictions in files are as they were frozen: their seeds are counted when the plan is judged"
        found = replace(found, notes=(*found.notes, said))
    return anecdotes(plan, found)


def anecdotes(plan: Plan, found: Coverage) -> Coverage:
    """The matrix with a note on each model that has one seed alone, unless it is deterministic."""
    there = [c for c in found.cells if c.state == "finished" and c.seed != AS_FROZEN]
    alone = [m for m, many in Counter(c.model for c in there).items() if many == 1]
    alone = [m for m in alone if not (m == plan.baseline.name and plan.baseline.deterministic)]
    said = "one seed, anecdotal: nothing is known of how training varies"
    return replace(found, notes=(*found.notes, *(f"{m} has {said}" for m in alone)))
