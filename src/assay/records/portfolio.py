"""The frozen plans of a lab, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assay.base.canonical import plain
from assay.records.plan import Plan
from assay.records.review import Review


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """One frozen version.

    Attributes:
        reason: Why it departs from the one before.
        changed: What it has other than the one before; empty for a first version.
    """

    version: int
    digest: str
    parent: str | None
    reason: str | None
    frozen_at: str
    frozen_by: str
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DatedStep:
    """A milestone of a plan, and whether somebody said that it is done.

    Attributes:
        done_by: Who said so; empty while it is open.
        done_at: When, ISO 8601; empty while it is open.
        note: What they said of it.
    """

    date: str
    what: str
    done_by: str = ""
    done_at: str = ""
    note: str = ""

    @property
    def done(self) -> bool:
        """Whether somebody said that it is done."""
        return bool(self.done_at)


@dataclass(frozen=True, slots=True)
class StepDone:
    """What saying that a milestone is done did; `fresh` is False where that was said before."""

    plan: str
    step: DatedStep
    fresh: bool


@dataclass(frozen=True, slots=True)
class JudgedOnce:
    """One evidence bundle.

    Attributes:
        plan: Digest of the version that was judged.
        judged_by: Whom the ledger names.
        reviews: What people last said of it, oldest first.
    """

    id: str
    plan: str
    recommendation: str
    created_at: str
    judged_by: tuple[str, ...] = ()
    reviews: tuple[Review, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanState:
    """A plan with its versions and the evidence that came of them.

    Attributes:
        plan: The latest frozen version.
        versions: Every version, oldest first.
        evidence: What was judged, oldest first.
        steps: The milestones of that version, as they stand in it.
    """

    plan: Plan
    versions: tuple[PlanVersion, ...]
    evidence: tuple[JudgedOnce, ...]
    steps: tuple[DatedStep, ...]

    @property
    def latest(self) -> PlanVersion:
        """The version that holds."""
        return self.versions[-1]

    @property
    def judged(self) -> JudgedOnce | None:
        """The last evidence of the version that holds; None while it waits to be judged."""
        return next((e for e in reversed(self.evidence) if e.plan == self.latest.digest), None)

    @property
    def readings(self) -> int:
        """How often the version that holds was judged; each time is a look."""
        return sum(e.plan == self.latest.digest for e in self.evidence)

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
            "judged_by": plain(self.judged.judged_by) if self.judged else [],
            "reviews": plain(self.judged.reviews) if self.judged else [],
            "milestones": plain(self.steps),
            "deviation": self.latest.reason or "",
            "looks": self.plan.looks.planned,
            "readings": self.readings,
        }

    def details(self) -> dict[str, Any]:
        """The plan in full."""
        return {
            **self.to_json(),
            "plan": plain(self.plan),
            "versions": plain(self.versions),
            "judged": plain(self.evidence),
        }
