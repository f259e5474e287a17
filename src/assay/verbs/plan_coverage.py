"""`plan coverage`: which cells of a plan's matrix are there, and which miss."""

from __future__ import annotations

from pathlib import Path

from assay.base.errors import StoreError
from assay.readers.planfile import read_plan
from assay.records.sweep import Coverage
from assay.verbs.kept import coverage
from assay.verbs.where import LabPlace, existing_lab


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
    return coverage(plan, path.parent, found).coverage
