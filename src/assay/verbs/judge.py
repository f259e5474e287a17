"""`judge`: a frozen plan and its predictions become a recommendation, with evidence that can be checked again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from assay.base import clock
from assay.base.canonical import canonical_json, digest_json
from assay.base.errors import EvidenceError, StoreError
from assay.base.progress import Progress, Silent
from assay.engine import DuckEngine
from assay.flows.bundle import judged_again, read_bundle, write_bundle
from assay.flows.judge import Case, Conclusion, conclude, released
from assay.flows.reading import Seen, inputs_digest, see, tests_of
from assay.readers.planfile import plan_from_content, read_plan
from assay.records.access import WRITE, Principal
from assay.records.comparison import InputFile
from assay.remote.address import LabPlace
from assay.store import KeptEvidence, LocalStore, Session
from assay.verbs import portfolio
from assay.verbs.documents import provenance, write_memos
from assay.verbs.history import history
from assay.verbs.models import model_inputs
from assay.verbs.reviewed import JUDGED
from assay.verbs.served import served
from assay.verbs.shelf import Shelf
from assay.verbs.standing import Place, Standing, check_current, check_grown, overlapping, place_of, standing_of
from assay.verbs.where import open_lab

TRIES, MOST_EVENTS = 20, 1_000_000
ALIKE = ("reproduced", "within noise")


@dataclass(frozen=True, slots=True)
class Judged:
    """What `judge` did.

    Attributes:
        conclusion: What the plan releases of it.
        folder: The evidence, with its memo.
        stored: The same plan, data and predictions were judged before: nothing new was read.
        known: Where it comes from, for the memo.
    """

    conclusion: Conclusion
    folder: Path
    evidence: str
    stored: bool
    known: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Read:
    """One reading of the data for a standing plan.

    Attributes:
        key: Digest of all that went in besides the plan.
        stop_rules: The plan's stop rules that a person says are met.
    """

    standing: Standing
    seen: Seen
    inputs: tuple[InputFile, ...]
    key: str
    stop_rules: tuple[str, ...] = ()
    runs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    reproduced: tuple[tuple[str, str], ...] = ()

    def case(self, place: Place) -> Case:
        """What is judged, at a place among the lab's readings."""
        s = self.seen
        plan, digest = self.standing.plan, self.standing.frozen.digest
        shared = (s.cells, s.setting, place.look, place.fractions, s.seeds, self.inputs, s.flips)
        case = Case(plan, digest, *shared, stop_rules_met=self.stop_rules, past=place.past, runs=self.runs)
        return replace(case, reproduced=self.reproduced)


@served(WRITE, long=True, path="plan")
def run(
    path: Path,
    lab: LabPlace | None,
    progress: Progress | None = None,
    threads: int | None = None,
    stop_rules: Sequence[str] = (),
    by: Principal | None = None,
) -> Judged:
    """Judge a plan.

    Args:
        path: The plan file; its frozen version is judged.
        lab: The folder of the lab; by default the nearest from the working folder upwards.
        progress: Hears of the steps.
        threads: Of the engine; results do not depend on it.
        stop_rules: Stop rules of the plan, in its words, that a person has found to be met.
        by: Who reads the data, where that is asked over HTTP.

    Raises:
        AssayError: the plan is not frozen or was edited, its data changed, a look is not allowed, or the input is bad;
            nothing is written then.
    """
    given = read_plan(path)
    with open_lab(lab, by) as store:
        return _judged(store, standing_of(store, given, path), path.parent, progress or Silent(), threads, stop_rules)


def of_frozen(
    name: str,
    folder: Path,
    lab: LabPlace | None,
    progress: Progress | None = None,
    stop_rules: Sequence[str] = (),
    by: Principal | None = None,
) -> Judged:
    """Judge the version of a plan that holds, as the lab keeps it; other arguments and errors as of `run`.

    Args:
        name: The plan's.
        folder: Where the files lie that it names.
    """
    holds = portfolio.plan(lab, name).plan
    with open_lab(lab, by) as store:
        standing = standing_of(store, holds, Path(f"{name}.yaml"))
        return _judged(store, standing, folder, progress or Silent(), None, stop_rules)


def _judged(
    store: LocalStore,
    standing: Standing,
    folder: Path,
    progress: Progress,
    threads: int | None,
    stop_rules: Sequence[str],
) -> Judged:
    with DuckEngine(threads) as engine:
        inputs = model_inputs(engine, standing.plan, folder, store.folder)
        seen = see(engine, standing.plan, inputs.models, progress, inputs.qrels)
        met = tuple(dict.fromkeys(stop_rules))
        went_in = inputs_digest(seen.sight)
        key = digest_json([went_in, *met]) if met else went_in
        again = _reproduced(store, standing, went_in)
        key = digest_json([key, "reproduced", *again]) if again else key
        read = Read(standing, seen, inputs.files, key, met, inputs.runs, again)
        for _ in range(TRIES):
            done = _once(store, engine, read, progress)
            if done is not None:
                return done
    raise StoreError(
        "other processes judge on the same data all the time",
        rule="each reading is counted before it is shown",
        fix="run again when they are done",
    )


def _reproduced(store: LocalStore, standing: Standing, went_in: str) -> tuple[tuple[str, str], ...]:
    """Claims and candidates that were reproduced from evidence on the same plan and data, where the plan demands it."""
    if standing.plan.reproduction != "required":
        return ()
    with store.snapshot() as session:
        known = session.evidence.find(standing.frozen.digest, went_in)
        events = session.ledger.entries(MOST_EVENTS, 0, "claim.reproduced") if known is not None else ()
    said = [entry.content() for entry in events]
    mine = [s for s in said if s and known is not None and s["evidence"] == known.id and s["outcome"] in ALIKE]
    return tuple(sorted({(str(s["claim"]), str(s["candidate"])) for s in mine}))


def _once(store: LocalStore, engine: DuckEngine, read: Read, progress: Progress) -> Judged | None:
    """Judge and record; None when another process has read the same data meanwhile, so that levels may differ."""
    digest = read.standing.frozen.digest
    with store.snapshot() as session:
        known = session.evidence.find(digest, read.key)
        if known is not None:
            return _stored(store, known)
        shared = overlapping(engine, store, session, read.standing, read.seen.sight)
        place = place_of(store, session, read.standing, read.seen.sight, shared)
        known_besides = history(store, session, read.standing.frozen, clock.now())
    check_grown(engine, store, read.seen.sight, place)
    case = read.case(place)
    conclusion = conclude(case, progress)
    progress.step("write evidence", None)
    shelf = Shelf(store.folder)
    with shelf.draft() as draft:
        content = store.blobs.read(read.standing.frozen.content)
        aligned, scored = read.seen.sight.aligned, read.seen.scored
        manifest = write_bundle(engine, draft, case, conclusion, content, aligned, scored, known_besides)
        identity = digest_json(manifest)
        shown = released(conclusion, read.standing.plan)
        told = provenance(read.standing.plan, manifest, identity)
        write_memos(draft, read.standing.plan, shown, told)
        blob = store.blobs.put(canonical_json(manifest))
        name = f"{_slug(read.standing.plan.name)}-{identity.removeprefix('sha256:')[:12]}"
        kept = (identity, blob, f"{shelf.folder.name}/{name}")
        with shelf.placing(name) as place_it, store.transaction() as session:
            if not _record(store, session, read, place, conclusion, kept, shared):
                return None
            place_it(draft)
    return Judged(shown, shelf.folder / name, identity, False, told)


def _record(
    store: LocalStore,
    session: Session,
    read: Read,
    place: Place,
    conclusion: Conclusion,
    kept: tuple[str, str, str],
    shared: frozenset[str],
) -> bool:
    """Count the looks under the write lock; False when the lab has changed since they were counted."""
    standing, seen = read.standing, read.seen.sight
    check_current(session, standing)
    digest = standing.frozen.digest
    if session.evidence.find(digest, read.key) is not None or place_of(store, session, standing, seen, shared) != place:
        return False
    actions = [r.action for r in conclusion.judgement.recommendations]
    identity, blob, folder = kept
    session.evidence.keep(identity, digest, read.key, blob, "adopt" if "adopt" in actions else actions[0], folder)
    looks = [
        session.looks.record(
            plan=digest,
            dataset=seen.dataset,
            lineage=standing.root,
            candidate=candidate,
            scores=scores,
            evidence=identity,
        )
        for candidate, scores in tests_of(seen, standing.plan).values()
    ]
    # A reading that was counted before names who took it then; whoever judges it anew is named apart.
    if all(look.evidence != identity for look in looks):
        session.ledger.append(JUDGED, {"evidence": identity, "plan": digest, "by": store.user})
    return True


def _stored(store: LocalStore, known: KeptEvidence) -> Judged:
    folder = Shelf(store.folder).stored(known.folder, known.id)
    bundle = read_bundle(folder, plan_from_content)
    if bundle.id != known.id:
        raise EvidenceError(
            f"was replaced: it is {bundle.id[:19]}…, and the lab has recorded {known.id[:19]}…",
            rule="evidence never changes",
            fix="restore the folder from a backup",
            where=str(folder),
        )
    plan = bundle.case.plan
    told = provenance(plan, bundle.manifest, known.id)
    return Judged(released(judged_again(bundle), plan), folder, known.id, True, told)


def _slug(name: str) -> str:
    kept = "".join(c if c.isalnum() and c.isascii() else "-" for c in name.lower())
    return "-".join(p for p in kept.split("-") if p)[:40] or "plan"
