"""What a lab knows of data by content, and the ledger's entry of a read of it: the second half of `reads`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from assay.base.errors import StoreError
from assay.records.access import Principal
from assay.records.comparison import InputFile
from assay.remote.address import LabPlace
from assay.store import LocalStore, Session
from assay.verbs.data import ADDED
from assay.verbs.frozen import frozen_plan
from assay.verbs.models import specs
from assay.verbs.where import open_lab

if TYPE_CHECKING:
    from assay.flows.runs import Reader

READ = "data.read"
WHY = {
    "compare": "a comparison without a plan",
    "candidates": "models ranked without a plan",
    "ablation": "an ablation study without a plan",
    "power": "a pilot",
    "agreement": "agreement of raters",
    "preferences": "models ranked by votes",
    "run": "a run",
}


def record(
    lab: LabPlace | None,
    by: Principal | None,
    verb: str,
    files: Sequence[InputFile],
    metrics: Sequence[str],
    rows: Callable[[], str] | None,
) -> tuple[str, ...]:
    """Enter a read in the ledger of a lab that is there, where it knows the data; arguments as of `reads.enter`.

    Raises:
        StoreError: it cannot be entered.
    """
    try:
        store = open_lab(lab, by)
    except StoreError as error:
        return (f"the lab here cannot be opened ({error.what}): whether it knows these data was not looked up",)
    with store:
        with store.snapshot() as session:
            names = _known(store, session)
            held = rows() if rows is not None and session.evidence.all() else ""
            looks = session.looks.on_dataset(held) if held else ()
            found = {name for f in files for name in names.get(f.digest, ())}
            found |= _named(store, session, [look.plan for look in looks])
        if found:
            said = {
                "verb": verb,
                "why": WHY[verb],
                "by": store.user,
                "data": sorted(found),
                "dataset": held if looks else "",
                "files": [{"name": f.name, "digest": f.digest} for f in files if f.digest],
                "metrics": list(metrics),
            }
            store.append(READ, said)
    return ()


def record_runs(lab: LabPlace | None, readers: Sequence[Reader]) -> None:
    """Enter what runs have read, where the lab knows it; a run that is in the ledger already is left.

    Raises:
        StoreError: they cannot be entered.
    """
    with open_lab(lab) as store:
        with store.snapshot() as session:
            names = _known(store, session)
            told = [r for r in readers if any(digest in names for _, digest in r.reads)]
            entered = {e.content().get("run") for e in session.ledger.entries(1 << 30, kind=READ)} if told else set()
        for reader in told:
            if reader.run in entered:
                continue
            files = [{"name": name, "digest": digest} for name, digest in reader.reads if digest in names]
            data = sorted({name for f in files for name in names[f["digest"]]})
            said = {"verb": "run", "why": WHY["run"], "by": reader.user, "run": reader.run, "data": data}
            store.append(READ, {**said, "dataset": "", "files": files, "metrics": []})


def _known(store: LocalStore, session: Session) -> dict[str, set[str]]:
    """Digest of each file that the lab knows -> what its data are called."""
    found: dict[str, set[str]] = {}
    for entry in session.ledger.entries(1 << 30, kind=ADDED):
        said = entry.content()
        if isinstance(said, dict):
            found.setdefault(str(said.get("digest")), set()).add(str(said.get("name")))
    for frozen in session.plans.all():
        plan = frozen_plan(store, frozen)
        for digest in (plan.data.qrels_digest, *(s.digest for s in specs(plan))):
            found.setdefault(digest, set()).add(plan.data.name)
    found.pop("", None)
    return found


def _named(store: LocalStore, session: Session, plans: Sequence[str]) -> set[str]:
    """What plans call their data."""
    held = [session.plans.get(digest) for digest in dict.fromkeys(plans)]
    return {frozen_plan(store, frozen).data.name for frozen in held if frozen is not None}
