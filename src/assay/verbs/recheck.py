"""`recheck`: does the verdict follow from the evidence, and has the lab counted its look? Offline."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from assay.base.progress import Progress, Silent
from assay.base.version import VERSION
from assay.data.request import ModelArms
from assay.engine import DuckEngine
from assay.flows.bundle import SCORES, Bundle, read_bundle, sound
from assay.flows.contributions import parted
from assay.flows.judge import released
from assay.flows.reading import aggregate, sight_of
from assay.flows.recheck import Recheck, recheck
from assay.readers.planfile import plan_from_content
from assay.records.access import READ
from assay.remote.address import LabPlace
from assay.verbs.counted import lab_of, uncounted
from assay.verbs.documents import changed_memos, provenance
from assay.verbs.served import served


@served(READ, long=True, folder="folder")
def run(
    folder: Path, lab: LabPlace | None = None, progress: Progress | None = None, threads: int | None = None
) -> Recheck:
    """Align and aggregate the stored scores again, compare the cells, and recompute the judgement and its memo.

    Earlier looks are not in a bundle: they are compared with the ledger of the lab.

    Args:
        folder: The evidence.
        lab: The folder of the lab; by default the one that the evidence lies in, if it does.
        progress: Hears of the steps.
        threads: Of the engine; results do not depend on it.

    Raises:
        EvidenceError: a bundle that is incomplete or was changed.
        StoreError: the lab that is named cannot be opened.
    """
    progress = progress or Silent()
    progress.step("digests", None)
    bundle = read_bundle(folder, plan_from_content)
    store, unchecked = lab_of(folder, lab)
    with ExitStack() as stack:
        engine = stack.enter_context(DuckEngine(threads))
        if store is not None:
            stack.enter_context(store)
        stack.enter_context(sound(folder))
        table = engine.scan(folder / SCORES, ".parquet")
        held = bundle.manifest["aligned"]["models"]
        models = [ModelArms(m["name"], {k: tuple(v) for k, v in m["arms"].items()}, tuple(m["seeds"])) for m in held]
        plan = bundle.case.plan
        again = aggregate(engine, plan, models, table, progress, bool(parted(plan, bundle.case.cells)[1]))
        progress.step("infer and judge", None)
        found = recheck(bundle, again)
        counted = uncounted(engine, store, bundle, sight_of(engine, again.aligned)) if store else []
        memos = _memos(bundle, found)
        return replace(found, differences=(*found.differences, *memos, *counted), unchecked=unchecked)


def _memos(bundle: Bundle, found: Recheck) -> list[str]:
    """Where the memos beside the evidence say something else; another version of Assay may word them otherwise."""
    if bundle.manifest["assay"] != VERSION:
        return []
    plan = bundle.case.plan
    told = provenance(plan, bundle.manifest, bundle.id)
    return changed_memos(bundle.folder, plan, released(found.conclusion, plan), told, found.identical)
