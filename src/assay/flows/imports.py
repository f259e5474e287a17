"""Everything that another tracker holds becomes runs of a lab; at the end what is there and what is here is counted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assay.base.canonical import canonical_json
from assay.base.progress import Progress
from assay.records.imports import Account, ForeignRun, ForeignStore, Imported
from assay.records.runs import BlobKeeper
from assay.runs.foreign import as_json, run_name, write_foreign

_NAMED = {
    "experiments": ("experiments", ("experiment_id", "name")),
    "models": ("registered_models", ("name",)),
    "model versions": ("model_versions", ("name", "version")),
}
MOST_NAMED = 1000


def import_all(
    source: ForeignStore, system: str, runs: Path, blobs: BlobKeeper, before: str, deleted: bool, progress: Progress
) -> Imported:
    """Import every run, and what belongs to none.

    Args:
        source: An open reader.
        system: The tracker's name.
        runs: The lab's folder of runs.
        before: Digest of the catalogue of an earlier import; empty if there was none.
        deleted: Whether runs in the bin are taken too.
        progress: Hears of runs.

    Raises:
        AssayError: when the source cannot be read on; whole runs that were written by then stay.
        OSError: when the disk refuses.
    """
    account = Account()
    names: dict[str, str] = {}
    changed: list[str] = []
    expected = dict(source.counts())
    progress.step("importing runs", expected.get("runs"))
    for run in source.runs():
        account.add(account.there, run.counts())
        account.add(account.there, run.lost)
        account.add(account.left, run.lost)
        if run.deleted and not deleted:
            _leave(account, run, "was deleted there; --deleted takes it too")
        else:
            _take(account, names, changed, (runs, system, run, blobs))
        progress.advance()
    catalogue = _catalogue(account, source, blobs, before)
    account.there.update(expected)
    for thing in expected.keys() & {"traces"}:
        account.left[thing] = expected[thing]
    refused = tuple(account.refused)
    return Imported(system, source.where, account.lines(), tuple(changed), refused, catalogue)


def _take(
    account: Account, names: dict[str, str], changed: list[str], given: tuple[Path, str, ForeignRun, BlobKeeper]
) -> None:
    runs, system, run, blobs = given
    try:
        names[run.id] = run_name(system, run)
    except ValueError as error:
        _leave(account, run, str(error))
        return
    done = write_foreign(runs, system, run, blobs, names.get(run.parent, ""))
    account.refused += [f"{run.id}: {why}" for why in run.refusals()]
    account.add(account.left, {"artifacts": sum(bool(f.refused) for f in run.files)})
    account.add(account.known, done.before)
    account.add(account.imported, {k: many - done.before.get(k, 0) for k, many in done.counts.items()})
    if done.state != "known":
        changed.append(done.run)


def _leave(account: Account, run: ForeignRun, why: str) -> None:
    account.add(account.left, run.counts())
    account.refused.append(f"{run.id}: {why}")


def _catalogue(account: Account, source: ForeignStore, blobs: BlobKeeper, before: str) -> str:
    """Keep what belongs to no run; returns its digest."""
    made = as_json(source.catalogue())
    kept = blobs.put(canonical_json(made))
    held = json.loads(blobs.read(kept))
    earlier = json.loads(blobs.read(before)) if before else {}
    for thing, (table, keys) in _NAMED.items():
        now, then = _identities(held, table, keys), _identities(earlier, table, keys)
        account.there[thing] = len(source_rows(made, table))
        account.known[thing] = len(now & then)
        account.imported[thing] = len(now - then)
    return kept


def source_rows(catalogue: Mapping[str, Any], table: str) -> list[Any]:
    """One table of a catalogue."""
    return list(catalogue.get(table, []))


def _identities(catalogue: Mapping[str, Any], table: str, keys: tuple[str, ...]) -> set[str]:
    return {json.dumps([row.get(k) for k in keys]) for row in source_rows(catalogue, table)}
