"""`plan list`, `plan show`: the frozen plans of a lab, what was judged on them, and what was recommended."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.base.canonical import plain
from assay.base.errors import EvidenceError, PlanError
from assay.records.plan import Plan
from assay.store import FrozenPlan, KeptEvidence, LocalStore, Session
from assay.verbs.frozen import frozen_plan
from assay.verbs.shelf import Shelf
from assay.verbs.where import open_lab


@dataclass(frozen=True, slots=True)
class PlanState:
    """A plan with its versions and the evidence that came of them.

    Attributes:
        plan: The latest frozen version.
        versions: Every version, oldest first.
        evidence: What was judged, oldest first.
    """

    plan: Plan
    versions: tuple[FrozenPlan, ...]
    evidence: tuple[KeptEvidence, ...]

    @property
    def latest(self) -> FrozenPlan:
        """The version that holds."""
        return self.versions[-1]

    @property
    def judged(self) -> KeptEvidence | None:
        """The last evidence of the version that holds; None while it waits to be judged."""
        return next((e for e in reversed(self.evidence) if e.plan == self.latest.digest), None)

    @property
    def state(self) -> str:
        """`frozen` until it is judged, then what is recommended: `adopt`, `iterate`, `stop` or `hold`."""
        return self.judged.recommendation if self.judged else "frozen"

    def to_json(self) -> dict[str, Any]:
        """The plan in brief, for lists."""
        return {
            "name": self.plan.name,
            "question": self.plan.question,
            "owner": self.plan.owner,
            "risk_tier": self.plan.risk_tier,
            "state": self.state,
            "version": self.latest.version,
            "digest": self.latest.digest,
            "frozen_at": self.latest.frozen_at,
            "frozen_by": self.latest.frozen_by,
            "evidence": self.judged.id if self.judged else None,
            "judged_at": self.judged.created_at if self.judged else None,
            "milestones": plain(self.plan.milestones),
        }

    def details(self) -> dict[str, Any]:
        """The plan in full."""
        return {
            **self.to_json(),
            "plan": plain(self.plan),
            "versions": [{k: v for k, v in plain(version).items() if k != "content"} for version in self.versions],
            "judged": [{k: v for k, v in plain(e).items() if k not in ("manifest", "folder")} for e in self.evidence],
        }


def plans(lab: Path | None, after: str = "", limit: int = 100) -> tuple[PlanState, ...]:
    """Plans by name.

    Args:
        lab: The folder of the lab; by default the nearest from the working folder upwards.
        after: The name after which the page begins.
        limit: Plans at most.
    """
    with open_lab(lab) as store, store.snapshot() as session:
        by_name = _by_name(session)
        names = sorted(name for name in by_name if name > after)[:limit]
        return tuple(_state(store, session, by_name[name]) for name in names)


def plan(lab: Path | None, name: str) -> PlanState:
    """One plan.

    Raises:
        PlanError: there is none of that name.
    """
    with open_lab(lab) as store, store.snapshot() as session:
        by_name = _by_name(session)
        if name not in by_name:
            near = difflib.get_close_matches(name, by_name, n=1)
            raise PlanError(
                f"no plan {name!r} is frozen in this lab",
                rule="a plan is known by its name once it is frozen",
                fix=f"did you mean {near[0]!r}?" if near else "`assay plan list` shows them",
            )
        return _state(store, session, by_name[name])


def evidence_folder(lab: Path | None, identity: str) -> Path:
    """Where the bundle of that digest lies, or of the digest that begins so.

    Raises:
        EvidenceError: there is none, or it is gone from the disk.
    """
    with open_lab(lab) as store, store.snapshot() as session:
        found = [e for e in session.evidence.all() if e.id == identity or _short(e.id).startswith(_short(identity))]
        if len(found) != 1 or len(_short(identity)) < 6:
            raise EvidenceError(
                f"{identity!r} names {len(found)} bundles of this lab",
                rule="evidence is named by its digest, or by six or more of its first digits",
                fix="`assay plan list` shows the digests",
            )
        return Shelf(store.folder).stored(found[0].folder, found[0].id)


def _short(identity: str) -> str:
    return identity.removeprefix("sha256:")


def _by_name(session: Session) -> Mapping[str, tuple[FrozenPlan, ...]]:
    found: dict[str, tuple[FrozenPlan, ...]] = {}
    for version in session.plans.all():
        found[version.name] = (*found.get(version.name, ()), version)
    return found


def _state(store: LocalStore, session: Session, versions: tuple[FrozenPlan, ...]) -> PlanState:
    evidence = [e for v in versions for e in session.evidence.all(v.digest)]
    return PlanState(
        frozen_plan(store, versions[-1]), versions, tuple(sorted(evidence, key=lambda e: (e.created_at, e.id)))
    )
