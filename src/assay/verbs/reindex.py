"""`reindex`: make the index of runs anew from their folders."""

from __future__ import annotations

from assay.base.progress import Progress, Silent
from assay.flows import runs as flow
from assay.records.access import WRITE
from assay.records.runlist import Column, RunFilter, RunPage, RunQuery
from assay.remote.address import LabPlace
from assay.store.runindex import RunIndex
from assay.verbs.reads import enter_runs
from assay.verbs.served import served
from assay.verbs.where import adopted_lab


@served(WRITE)
def run(lab: LabPlace | None, progress: Progress | None = None) -> tuple[int, RunPage]:
    """Read every run folder; returns how many there are, and those with faults.

    Runs are the truth: where they lie without the database of a lab, that is made anew too.

    Raises:
        StoreError: when there is no lab, or the disk fails.
    """
    folder = adopted_lab(lab)
    with RunIndex.open(folder) as index:
        many, readers = flow.reindex(index, folder, progress or Silent())
        enter_runs(lab, readers)
        bad = RunFilter(Column("field", "faults"), ">", "0")
        return many, index.page(RunQuery(filters=(bad,), limit=100))
