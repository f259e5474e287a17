"""`recheck`: does the verdict follow from the evidence? Offline, without a lab."""

from __future__ import annotations

from pathlib import Path

from assay.base.progress import Progress, Silent
from assay.data.request import ModelArms
from assay.engine import DuckEngine
from assay.flows.bundle import SCORES, read_bundle, sound
from assay.flows.reading import aggregate
from assay.flows.recheck import Recheck, recheck
from assay.readers.planfile import plan_from_content


def run(folder: Path, progress: Progress | None = None, threads: int | None = None) -> Recheck:
    """Align and aggregate the stored scores again, compare the cells, and recompute the judgement.

    Raises:
        EvidenceError: a bundle that is incomplete or was changed.
    """
    progress = progress or Silent()
    progress.step("digests", None)
    bundle = read_bundle(folder, plan_from_content)
    with DuckEngine(threads) as engine, sound(folder):
        table = engine.scan(folder / SCORES, ".parquet")
        held = bundle.manifest["aligned"]["models"]
        models = [ModelArms(m["name"], {k: tuple(v) for k, v in m["arms"].items()}, tuple(m["seeds"])) for m in held]
        again = aggregate(engine, bundle.case.plan, models, table, progress)
        progress.step("infer and judge", None)
        return recheck(bundle, again)
