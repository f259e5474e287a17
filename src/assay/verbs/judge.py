"""`judge`: a frozen plan and its predictions become a recommendation, with evidence that can be checked again."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.base.canonical import canonical_json, digest_json
from assay.base.errors import FrozenError, StoreError
from assay.base.progress import Progress, Silent
from assay.engine import DuckEngine
from assay.flows.bundle import place_bundle, read_bundle, write_bundle
from assay.flows.judge import Case, Conclusion, conclude
from assay.flows.reading import Seen, inputs_digest, see
from assay.judge.looks import PastLook, Reading, state
from assay.readers.planfile import plan_from_content, read_plan
from assay.records.plan import Plan
from assay.records.verdict import LookState
from assay.store import FrozenPlan, LocalStore, Session
from assay.verbs.documents import write_memos
from assay.verbs.frozen import difference, frozen_plan
from assay.verbs.models import model_inputs
from assay.verbs.where import open_lab

EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Judged:
    """What `judge` did.

    Attributes:
        folder: The evidence, with its memo.
        stored: The same plan, data and predictions were judged before: nothing new was read.
    """

    conclusion: Conclusion
    folder: Path
    evidence: str
    stored: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A frozen plan among its versions.

    Attributes:
        root: Digest of the first version: the lineage.
    """

    frozen: FrozenPlan
    plan: Plan
    root: str
    lineage: frozenset[str]


def run(path: Path, lab: Path | None, progress: Progress | None = None, threads: int | None = None) -> Judged:
    """Judge a plan.

    Raises:
        AssayError: the plan is not frozen or was edited, its data changed, a look is not allowed, or the input is bad;
            nothing is written then.
    """
    progress = progress or Silent()
    given = read_plan(path)
    with open_lab(lab) as store, DuckEngine(threads) as engine:
        standing = _standing(store, given, path)
        models, inputs = model_inputs(engine, standing.plan, path.parent)
        seen = see(engine, standing.plan, models, progress)
        key = inputs_digest(seen)
        with store.snapshot() as session:
            known = session.evidence.find(standing.frozen.digest, key)
            if known is not None and known.folder is not None:
                bundle = read_bundle(store.folder / known.folder, plan_from_content)
                return Judged(conclude(bundle.case), bundle.folder, known.id, True)
            look, units = _look(store, session, standing, seen)
        case = Case(
            standing.plan,
            standing.frozen.digest,
            seen.cells,
            seen.setting,
            look,
            _fractions(standing.plan, look, [*units, seen.aligned.units]),
            seen.seeds,
            inputs,
            seen.flips,
        )
        progress.step("judge", None)
        conclusion = conclude(case)
        progress.step("write evidence", None)
        return _keep(store, engine, standing, seen, case, conclusion, key)


def _standing(store: LocalStore, given: Plan, path: Path) -> Standing:
    with store.snapshot() as session:
        versions = session.plans.versions(given.name)
    if not versions:
        raise FrozenError(
            f"the plan {given.name!r} is not frozen",
            rule="a plan is frozen before its data are read",
            fix=f"assay plan freeze {path}",
            where=path.name,
        )
    latest = versions[-1]
    plan = frozen_plan(store, latest)
    changed = difference(plan, given)
    if changed:
        raise FrozenError(
            f"was edited after it was frozen: {'; '.join(changed[:5])}",
            rule="a frozen plan does not change; a deviation is a new version that says why",
            fix=f"undo the edit, or assay plan freeze {path} --deviation 'why'",
            where=path.name,
        )
    return Standing(latest, plan, versions[0].digest, frozenset(v.digest for v in versions))


def _look(store: LocalStore, session: Session, standing: Standing, seen: Seen) -> tuple[LookState, list[int]]:
    """Where this reading stands, and the units of the earlier looks of this plan."""
    now = Reading(
        plan=standing.root,
        dataset=seen.dataset,
        lineage=standing.root,
        candidates=tuple((seen.scores[c.name], seen.scores[c.name]) for c in standing.plan.candidates),
        frozen_at=standing.frozen.frozen_at,
    )
    looks = {*session.looks.on_dataset(seen.dataset), *session.looks.on_lineage(standing.root)}
    evidence = {e.id: e for e in session.evidence.all()}
    past, units = [], {}
    for look in sorted(looks, key=lambda x: (x.read_at, x.candidate)):
        kept = evidence[look.evidence]
        manifest = json.loads(store.blobs.read(kept.manifest))
        own = look.plan in standing.lineage and look.dataset != seen.dataset
        earlier = session.plans.get(look.plan)
        plan = frozen_plan(store, earlier) if earlier else standing.plan
        past.append(
            PastLook(
                plan=standing.root if own or look.plan == standing.frozen.digest else look.plan,
                dataset=look.dataset,
                lineage=look.lineage,
                candidate=look.candidate,
                scores=look.scores,
                evidence=look.evidence,
                read_at=look.read_at,
                adopted=kept.recommendation == "adopt",
                candidates_allowed=plan.reuse.candidates,
                release=plan.reuse.release,
            )
        )
        if own:
            units[look.dataset] = int(manifest["aligned"]["units"])
    return state(now, past, standing.plan), sorted(units.values())


def _fractions(plan: Plan, look: LookState, units: list[int]) -> tuple[float, ...]:
    """Information of each look; the last planned look spends all that is left, whatever its units."""
    if plan.looks.planned == 1:
        return (1.0,)
    last = look.look == plan.looks.planned
    whole = units[-1] if last else max(plan.looks.units or units[-1], units[-1])
    return tuple(n / whole for n in units)


def _keep(
    store: LocalStore,
    engine: DuckEngine,
    standing: Standing,
    seen: Seen,
    case: Case,
    conclusion: Conclusion,
    key: str,
) -> Judged:
    """Write the bundle, then its records in one transaction; a failure leaves nothing behind."""
    shelf = store.folder / EVIDENCE
    try:
        shelf.mkdir(exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=shelf))
    except OSError as error:
        raise _full(error, shelf) from error
    try:
        content = store.blobs.read(standing.frozen.content)
        manifest = write_bundle(engine, draft, case, conclusion, content, seen.aligned, seen.scored)
        identity = digest_json(manifest)
        write_memos(draft, standing.plan, conclusion, provenance(standing.frozen, manifest, identity))
        final = shelf / f"{_slug(standing.plan.name)}-{identity.removeprefix('sha256:')[:12]}"
        blob = store.blobs.put(canonical_json(manifest))
        place_bundle(draft, final)
        _record(store, standing, seen, conclusion, (identity, blob, key, final))
    except OSError as error:
        raise _full(error, shelf) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Judged(conclusion, final, identity, False)


def _full(error: OSError, shelf: Path) -> StoreError:
    return StoreError(f"cannot be written: {error.strerror}", fix="make room on the disk", where=str(shelf))


def _record(
    store: LocalStore, standing: Standing, seen: Seen, conclusion: Conclusion, kept: tuple[str, str, str, Path]
) -> None:
    identity, blob, key, folder = kept
    actions = [r.action for r in conclusion.judgement.recommendations]
    action = "adopt" if "adopt" in actions else actions[0]
    with store.transaction() as session:
        session.evidence.keep(
            identity, standing.frozen.digest, key, blob, action, str(folder.relative_to(store.folder))
        )
        for candidate in standing.plan.candidates:
            session.looks.record(
                plan=standing.frozen.digest,
                dataset=seen.dataset,
                lineage=standing.root,
                candidate=seen.scores[candidate.name],
                scores=seen.scores[candidate.name],
                evidence=identity,
            )


def provenance(frozen: FrozenPlan, manifest: Mapping[str, Any], identity: str) -> dict[str, str]:
    """Where every number comes from, for the memo."""
    made = manifest["environment"]
    return {
        "evidence": identity,
        "plan": f"{frozen.name} version {frozen.version}, {frozen.digest}",
        "frozen": f"{frozen.frozen_at} by {frozen.frozen_by}",
        **({"deviation": f"{frozen.reason} (from {frozen.parent})"} if frozen.parent else {}),
        "assay": manifest["assay"],
        "computed with": ", ".join(f"{k} {v}" for k, v in made.items()),
    }


def _slug(name: str) -> str:
    kept = "".join(c if c.isalnum() and c.isascii() else "-" for c in name.lower())
    return "-".join(p for p in kept.split("-") if p)[:40] or "plan"
