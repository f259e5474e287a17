"""Which files of a served lab those see who may only read: what a run or plan shows, and nothing that one withholds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from assay.base.errors import MissingError
from assay.records.access import WRITE, Principal
from assay.records.plan import Plan
from assay.records.runs import RunStart
from assay.runs.folder import RUNS, read_record, run_folders
from assay.runs.reading import read_contents
from assay.store import LocalStore
from assay.verbs.frozen import frozen_plan
from assay.verbs.models import specs


def check_shown(digests: Iterable[str], who: Principal, lab: Path, run: str = "") -> None:
    """Refuse files that somebody is not shown.

    Whoever may write sees every file, as they judge on them. Whoever may only read sees what a frozen plan names that
    releases its numbers, and what the run keeps that they ask for it by. What a plan names that releases its verdict
    alone is withheld, whatever else shows it: with it, everybody could compute the numbers.

    Args:
        digests: What is asked for.
        who: Who asks.
        lab: The folder of the lab.
        run: The run that keeps it, where it is asked for as a run's.

    Raises:
        MissingError: one that is not shown, in the words of one that is not there.
    """
    asked = set(digests)
    if WRITE in who.may or not asked:
        return
    with LocalStore.open(lab) as store:
        shown, withheld = _by_plans(store)
        if run:
            shown |= _kept(store.folder / RUNS, run)
    for digest in sorted(asked):
        if digest in withheld or digest not in shown:
            raise MissingError(
                f"no file {digest[:19]!r}… is shown",
                rule="whoever may read sees files of runs, and of plans that release their numbers",
                fix="check the digest, or ask who uploaded it",
            )


def plan_digests(plan: Plan) -> set[str]:
    """The digests of every file that a frozen plan names."""
    return {d for d in (*(m.digest for m in specs(plan)), plan.data.qrels_digest) if d}


def _by_plans(store: LocalStore) -> tuple[set[str], set[str]]:
    """What frozen plans show, and what they withhold."""
    shown: set[str] = set()
    withheld: set[str] = set()
    with store.snapshot() as session:
        plans = {frozen.digest: frozen_plan(store, frozen) for frozen in session.plans.all()}
        silent = {digest for digest, plan in plans.items() if plan.reuse.release != "full"}
        manifests = [one.manifest for one in session.evidence.all() if one.plan in silent]
    for digest, plan in plans.items():
        (withheld if digest in silent else shown).update(plan_digests(plan))
    runs = {run for digest in silent for model in specs(plans[digest]) for run in model.runs}
    for manifest in manifests:
        said = json.loads(store.blobs.read(manifest)).get("runs", {})
        runs |= {run for seeds in said.values() for run in seeds.values()}
    known = set(run_folders(store.folder / RUNS)) if runs else set()
    for run in runs & known:
        found = read_contents(store.folder / RUNS / run).of("predictions")
        withheld |= {str(one["digest"]) for one in found}
    return shown, withheld


def _kept(root: Path, run: str) -> set[str]:
    """The digests of all that a run keeps."""
    if run not in run_folders(root):
        return set()
    return set(_of_run(root / run))


def _of_run(folder: Path) -> Iterator[str]:
    start, _ = read_record(folder, RunStart)
    if start is not None:
        yield from (start.code, start.environment)
    found = read_contents(folder)
    for content in (*(c for _, c in found.notes), *(one.content for one in found.others)):
        if isinstance(content, dict) and "digest" in content:
            yield str(content["digest"])
