"""Verdicts on claims, and the recommendation that follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assay.records.comparison import Comparison
from assay.records.looks import Monitored
from assay.records.plan import Claim

Status = Literal["supported", "refuted", "inconclusive", "invalid"]
Action = Literal["adopt", "iterate", "stop", "hold"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the evidence says of one claim.

    Attributes:
        reason: One sentence: the deciding interval against the bound.
        comparison: The evidence; None where the claim is invalid before anything was estimated.
        units_needed: Units that the plan's power would need at the claim's declared minimal effect and the observed
            variance; None where it is decided or no minimal effect is declared.
    """

    claim: Claim
    candidate: str
    status: Status
    reason: str
    comparison: Comparison | None = None
    units_needed: int | None = None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What the policy recommends for one candidate; a person decides.

    Attributes:
        why: One sentence that names the deciding claims.
    """

    candidate: str
    action: Action
    why: str
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class LookState:
    """Where a reading stands among the looks allowed.

    Attributes:
        look: 1 for the first reading of this plan.
        planned: Looks planned; 0 where any number is allowed.
        candidates_read: Candidates already read on this dataset version by any plan of the lab, these not counted.
        candidates_allowed: The plan's reuse budget m.
        alpha: Error of each side, after reuse; several planned looks share it.
    """

    look: int = 1
    planned: int = 1
    candidates_read: int = 0
    candidates_allowed: int = 1
    alpha: float = 0.025


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that `judge` concludes from one reading.

    Attributes:
        monitored: Where each claim stands after this look; empty for a single look.
        ablations: What each component contributes: the first candidate beside itself without it.
    """

    plan_digest: str
    recommendations: tuple[Recommendation, ...]
    slices: tuple[Comparison, ...]
    look: LookState
    warnings: tuple[str, ...] = ()
    monitored: tuple[Monitored, ...] = ()
    ablations: tuple[Comparison, ...] = ()
