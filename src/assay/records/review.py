"""What people say who have read judged evidence: they approve of it or object to it, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assay.base.canonical import plain

APPROVE, OBJECT = "approve", "object"
OPINIONS = (APPROVE, OBJECT)
LONGEST = 2000
"""Characters of a reason."""


@dataclass(frozen=True, slots=True)
class Review:
    """What one person says of evidence.

    Attributes:
        opinion: `approve` or `object`.
        at: When, ISO 8601.
        own: Whether whoever says it has judged the evidence.
    """

    by: str
    opinion: str
    why: str
    at: str
    own: bool


@dataclass(frozen=True, slots=True)
class Reviews:
    """Evidence with who judged it, and what each person last said of it.

    Attributes:
        evidence: The bundle's digest.
        plan: Name of the plan that was judged.
        version: Of that plan.
        judged_by: Whom the ledger names.
        reviews: The last of each person, oldest first.
        team: Whether the lab has users, so that who judged it may not review it.
    """

    evidence: str
    plan: str
    version: int
    recommendation: str
    judged_by: tuple[str, ...]
    reviews: tuple[Review, ...]
    team: bool

    def to_json(self) -> dict[str, Any]:
        """As JSON holds it."""
        return dict(plain(self))
