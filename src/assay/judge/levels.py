"""The error on each side that a claim may spend, after looks, reuse and several claims.

A level is always turned into an interval, and the verdict is read off that interval; no p-value is compared here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assay.records.plan import Claim, Plan

Spend = Callable[[float], float]
"""The whole error of one side -> what this look may use of it."""
Supports = Callable[[str, float], bool]
"""(name, error on each side) -> whether the interval at that error supports it. Monotone: more error, more support."""


def at_once(alpha: float) -> float:
    """The spending of a single look: everything."""
    return alpha


def own_alpha(claim: Claim, plan: Plan) -> float:
    """The claim's error on each side before any adjustment: its own, or what the plan's level leaves (0.95: 0.025)."""
    return claim.alpha if claim.alpha is not None else (1 - plan.level) / 2


def decision_level(alpha: float) -> float:
    """The two-sided level whose interval has that error on each side.

    >>> decision_level(0.025)
    0.95
    """
    return 1 - 2 * alpha


def claim_alphas(plan: Plan, claims: Sequence[Claim], supports: Supports, spend: Spend = at_once) -> dict[str, float]:
    """The error on each side at which each claim of one candidate is decided.

    Every claim is divided by the candidates that may be read on the same units. Under `all-of` each claim, like each
    guardrail, is tested at its level (intersection-union: Berger 1982, Technometrics 24). Under `any-of` the primary
    claims share the error by Holm (1979, Scandinavian Journal of Statistics 6).

    Args:
        plan: Level, reuse and `decide`.
        claims: The candidate's claims and guardrails.
        supports: Whether a claim is supported at an error on each side, looks already spent.
        spend: What this look may use.
    """
    reuse = plan.reuse.candidates
    alphas = {c.name: spend(own_alpha(c, plan) / reuse) for c in claims}
    if plan.decide == "any-of":
        family = [c.name for c in claims if c.primary and not c.guardrail]
        alphas.update(holm(family, (1 - plan.level) / 2 / reuse, supports, spend))
    return alphas


def holm(names: Sequence[str], alpha: float, supports: Supports, spend: Spend = at_once) -> dict[str, float]:
    """Holm's step-down on intervals: the error on each side at which each name ends.

    With k names left, each is tried at alpha / k; those supported leave with that level, until none is. What is left
    is decided at the last level tried. The names supported are those that Holm's procedure on p-values rejects.
    """
    left, alphas = list(names), {}
    while left:
        share = spend(alpha / len(left))
        alphas.update(dict.fromkeys(left, share))
        gone = [name for name in left if supports(name, share)]
        if not gone:
            break
        left = [name for name in left if name not in gone]
    return alphas
