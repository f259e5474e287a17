"""Reads of data that a lab knows, besides judgements: each is an event of its ledger, with who, what and why.

Data are known by content: versions that were named (`assay data add`), files that a frozen plan is judged on, and rows
(keys and targets) that were judged, whatever file they came in. A read of anything else is nobody's business, and where
there is no lab nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from assay.base.errors import StoreError
from assay.data.request import Aligned
from assay.records.access import Principal
from assay.records.comparison import InputFile
from assay.records.protocols import Engine
from assay.remote.address import LabPlace
from assay.verbs.where import existing_lab

if TYPE_CHECKING:
    from assay.flows.runs import Reader

Place = tuple[LabPlace | None, Principal | None]


def enter(
    verb: str,
    files: Sequence[InputFile],
    metrics: Sequence[str],
    rows: Callable[[], str] | None = None,
    place: Place = (None, None),
) -> tuple[str, ...]:
    """Enter a read in the ledger where the lab knows what was read; call it before anything is shown.

    Returns:
        A warning, where the lab here cannot be opened, so that nobody can tell whether it knows the data.

    Args:
        verb: One of `known.WHY`.
        files: What was read, with digests; tables in memory have none.
        metrics: What was computed on it.
        rows: Digest of keys and targets; asked for only where the lab has judged something.
        place: The lab, by default the nearest from the working folder upwards, if there is one; and who asks over HTTP.

    Raises:
        StoreError: the lab knows the data, and the read cannot be entered.
    """
    lab, by = place
    try:
        existing_lab(lab)
    except StoreError:
        return ()
    # The store takes longer to load than most comparisons to make.
    from assay.verbs.known import record

    return record(lab, by, verb, files, metrics, rows)


def enter_runs(lab: LabPlace | None, readers: Sequence[Reader]) -> None:
    """Enter what runs have read, once each and where the lab knows it.

    A run writes files alone; its reads are entered by whoever first lists it after its end, or by `assay reindex`.

    Raises:
        StoreError: they cannot be entered.
    """
    if readers:
        from assay.verbs.known import record_runs

        record_runs(lab, readers)


def rows_of(engine: Engine, aligned: Aligned) -> Callable[[], str] | None:
    """The digest by which a judgement of these rows would be counted; None for rows that have no key."""
    if not aligned.keys:
        return None
    target = ["y"] if "y" in aligned.table.columns else []
    return lambda: engine.fingerprint(aligned.table, [*aligned.keys, *target])
