"""Records by hand, shaped like the flights demo: two models, days as units, slices by carrier and origin.

The numbers are made up around those that the demo gives; nothing is computed here, so that the pages can be looked at
without the rest of the product.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from assay.records.comparison import Alignment, Comparison, ComparisonSet, Flip, InputFile
from assay.records.estimate import Estimate
from assay.records.metric import Direction, Family, Metric
from assay.records.plan import Claim, DataSpec, Looks, ModelSpec, Plan, Reuse
from assay.records.verdict import Judgement, LookState, Recommendation, Verdict

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>`|*_[x](javascript:alert(3))\x1b[31m\u202e&amp;"
DIGEST = "sha256:" + "3f9c" * 16
CARRIERS = (
    ("EV", -0.031, 0.021, 8102, 61),
    ("F9", 0.062, 0.09, 113, 58),
    ("HA", None, 0.0, 46, 46),
    ("YV", 0.048, 0.07, 112, 60),
    ("FL", 0.021, 0.024, 489, 61),
    ("MQ", 0.013, 0.011, 4310, 61),
    ("WN", -0.006, 0.017, 2012, 61),
    ("9E", -0.0125, 0.012, 3024, 61),
    ("B6", -0.014, 0.018, 8421, 61),
    ("AA", -0.0034, 0.014, 5181, 61),
    ("UA", -0.009, 0.011, 9480, 61),
    ("DL", -0.0223, 0.0125, 7911, 61),
    ("US", -0.018, 0.0131, 3402, 61),
    ("VX", -0.0271, 0.03, 871, 61),
    ("AS", -0.04, 0.062, 122, 61),
    ("OO", -0.2, 0.9, 20, 12),
)
ORIGINS = (
    ("EWR", -0.0142, 0.019, 18_920, 61),
    ("JFK", -0.0071, 0.0222, 17_204, 61),
    ("LGA", -0.0123, 0.017, 16_021, 61),
)


def metric(
    name: str, direction: Direction = "higher", family: Family = Family.MEAN, unit: str = "1", label: str = ""
) -> Metric:
    """A declaration without its formulas."""
    return Metric(name, {}, family, "probability", direction, None, None, unit, "", "", "", label=label or name)


LOG_LOSS = metric("log_loss", "lower", unit="nats")
AUC = metric("auc", "higher", Family.RANK)
LATENCY = metric("quantile", "lower", Family.QUANTILE, "ms", "quantile(latency, q=0.95)")


def estimate(value: float | None, half: float, **more: Any) -> Estimate:
    """A symmetric interval; None is undefined."""
    if value is None:
        reason = "one class only: no delayed flight in this slice"
        return Estimate(None, None, 0.95, "none", undefined=reason, **more)
    bounds = (value - half, value + half)
    return Estimate(value, bounds, 0.95, more.pop("method", "jackknife-t"), decision_interval=bounds, **more)


def comparison(
    which: Metric,
    difference: Estimate,
    rows: int = 52_145,
    units: int = 61,
    where: dict[str, Any] | None = None,
    base: float = 0.412,
    names: tuple[str, str] = ("logistic", "boosting"),
) -> Comparison:
    """A comparison whose candidate is the baseline plus the difference."""
    shift = difference.value
    lone = estimate(base, 0.05 * base)
    after = estimate(None if shift is None else base + shift, 0.05 * base)
    pairing = Alignment(rows, units, units * 0.96, dropped=12 if not where else 0)
    return Comparison(which, where or {}, *names, pairing, lone, after, difference)


def claim_evidence(names: tuple[str, str] = ("logistic", "boosting")) -> tuple[Comparison, Comparison, Comparison]:
    """Log loss, AUC and latency over all data."""
    reason = "days share weather, so days are resampled: delete-one-day jackknife, t with 58.6 degrees of freedom"
    loss = Estimate(
        -0.0115, (-0.031, 0.008), 0.95, "jackknife-t", reason, (-0.0341, 0.0111), 0.975, 0.2416, rows=52_145, units=61
    )
    auc = Estimate(
        -0.0187, (-0.0262, -0.0112), 0.95, "delong-clustered", reason, (-0.0265, -0.0109), 0.975, 1.2e-6, margin=0.01
    )
    slow = Estimate(1.8, (0.9, 2.7), 0.95, "woodruff", "quantile with clusters", (0.8, 2.8), 0.975, 0.0001, exact=False)
    return (
        comparison(LOG_LOSS, loss, names=names),
        comparison(AUC, auc, base=0.7312, names=names),
        comparison(LATENCY, slow, base=41.2, names=names),
    )


def slices(which: Metric = LOG_LOSS, names: tuple[str, str] = ("logistic", "boosting")) -> tuple[Comparison, ...]:
    """Sixteen carriers, three origins and a cross; one undefined, two too small, one very wide."""
    made = [_slice(which, {"carrier": c}, v, h, r, u, names) for c, v, h, r, u in CARRIERS]
    made += [_slice(which, {"origin": o}, v, h, r, u, names) for o, v, h, r, u in ORIGINS]
    made += [
        _slice(which, {"origin": o, "carrier": "EV"}, -0.02 + i / 90, 0.03, 2_600 + i, 61, names)
        for i, (o, *_) in enumerate(ORIGINS)
    ]
    return tuple(made)


def _slice(
    which: Metric,
    where: dict[str, Any],
    value: float | None,
    half: float,
    rows: int,
    units: int,
    names: tuple[str, str],
) -> Comparison:
    small = rows < 115
    domain = f"needs 30 events in each class; there are {rows // 8}" if small else ""
    # Two-sided normal p-value of an interval at 99.74 % (z = 3.01).
    p = None if value is None else math.erfc(abs(value) / half * 3.01 / math.sqrt(2))
    shown = estimate(value, half, p_value=p, inside_domain=not small, domain=domain)
    return comparison(which, replace(shown, decision_level=0.9974), rows, units, where, names=names)


def plan() -> Plan:
    """A frozen plan in its second version."""
    return Plan(
        name="late-flights",
        question="Does gradient boosting predict late arrivals better than the logistic model, and is it safe?",
        hypothesis="Boosting finds interactions of hour and destination that a linear model misses.",
        owner="ann@example.org",
        data=DataSpec(
            "flights-2013-09-10",
            ("date", "carrier", "flight", "origin", "sched_dep_time"),
            "late",
            unit="day",
            slices=("carrier", "origin", "origin*carrier"),
            time="date",
            split="trained on January to August, tested on September and October",
            population="flights from New York that arrived; 9,430 that never arrived are left out",
        ),
        baseline=ModelSpec("logistic", "base.parquet", "p_late", why="in production since March"),
        candidates=(ModelSpec("boosting", "cand.parquet", "p_late", why="interactions of hour and destination"),),
        claims=(BETTER,),
        guardrails=(NO_HARM, FAST, CALM),
        user_impact="Fewer travellers are told too late that they will miss a connection.",
        seeds=5,
        looks=Looks(2, 90),
        reuse=Reuse(3, "full"),
        missing="exclude",
        stop_rules=("stop when log loss is worse by any amount at a planned look",),
        change_my_mind="A log loss better by 0.01 on the winter months, with AUC unharmed.",
        version=2,
        parent="sha256:" + "ab12" * 16,
        deviation="September had a day without flights; the unit stays the day.",
    )


BETTER = Claim("Fewer surprises", "log_loss", "better", minimal_effect=0.01)
NO_HARM = Claim("Ranking unharmed", "auc", "not_worse", margin=0.01, guardrail=True, minimal_effect=0.005)
FAST = Claim("Fast enough", "quantile(latency, q=0.95)", "at_most", threshold=50.0, guardrail=True)
CALM = Claim("Calibrated at JFK", "ece", "at_most", threshold=0.02, guardrail=True, slice={"origin": "JFK"})


def verdicts(names: tuple[str, str] = ("logistic", "boosting")) -> tuple[Verdict, ...]:
    """One of each status."""
    loss, auc, slow = claim_evidence(names)
    return (
        Verdict(BETTER, names[1], "inconclusive", "the interval [−0.0341, 0.0111] holds 0", loss, 148),
        Verdict(NO_HARM, names[1], "refuted", "the whole interval [−0.0265, −0.0109] lies below −0.01", auc),
        Verdict(FAST, names[1], "supported", "the upper bound 43.0 ms is below 50 ms", slow),
        Verdict(CALM, names[1], "invalid", "expected calibration error has no interval; claim Brier score or log loss"),
    )


def judgement() -> Judgement:
    """Hold, with slices."""
    why = "log loss may be better but 61 days do not settle it, and the ranking may be harmed by more than 0.01."
    advice = Recommendation("boosting", "hold", why, verdicts())
    state = LookState(1, 2, 1, 3, 0.0125)
    return Judgement(DIGEST, (advice,), slices(), state, ("3 days in October have fewer than 700 flights.",))


def results() -> ComparisonSet:
    """The evidence of the judgement, with flips."""
    won = tuple(
        Flip({"date": f"2013-09-{d:02}", "carrier": "EV", "flight": 4_100 + d}, 1, 0.22, 0.71) for d in range(1, 9)
    )
    lost = tuple(
        Flip({"date": f"2013-10-{d:02}", "carrier": "MQ", "flight": 3_200 + d}, 0, 0.31, 0.64) for d in range(1, 4)
    )
    inputs = (InputFile("base.parquet", DIGEST, 52_157), InputFile("cand.parquet", "sha256:" + "77e0" * 16, 52_145))
    notes = {"won": 2_114, "lost": 1_876, "by": "accuracy", "reads": "all"}
    warnings = ("12 rows of base.parquet have no partner and were left out.",)
    return ComparisonSet("0.1.0", 0, inputs, (*claim_evidence(), *slices()), warnings, won, lost, notes)


def several() -> tuple[Judgement, ComparisonSet]:
    """Two candidates on the same units."""
    first, data = judgement(), results()
    names = ("logistic", "forest")
    more = Recommendation("forest", "stop", "log loss is worse.", (replace(verdicts(names)[0], status="refuted"),))
    both = replace(first, recommendations=(*first.recommendations, more), slices=(*first.slices, *slices(AUC, names)))
    return both, replace(data, comparisons=(*data.comparisons, *claim_evidence(names), *slices(names=names)))


PROVENANCE = {
    "Evidence": DIGEST,
    "Python": "3.11.7",
    "NumPy": "2.1.3",
    "frozen": "2026-11-19T09:12:44.000000+00:00 by ann",
    "judged": "2026-11-20",
    "changed": "guardrails[0].margin was '0.02' and is '0.01'",
}


def hostile() -> tuple[Plan, Judgement, ComparisonSet, dict[str, str]]:
    """The demo with an attack in every string that a user or a file can set."""
    h = HOSTILE
    names = (f"base{h}", f"cand{h}")
    evil = [replace(v, reason=h, claim=replace(v.claim, name=h, metric=h, slice={h: h})) for v in verdicts(names)]
    spec = replace(
        plan(),
        name=h,
        question=h,
        hypothesis=h,
        owner=h,
        user_impact=h,
        change_my_mind=h,
        stop_rules=(h,),
        deviation=h,
        parent=h,
        baseline=ModelSpec(h, h, why=h),
        candidates=(ModelSpec(h, h, why=h),),
        data=replace(plan().data, name=h, unit=h, slices=(h,), split=h, population=h),
    )
    cut = tuple(replace(c, slice={h: h}, metric=replace(c.metric, label=h, unit=h)) for c in slices(names=names))
    bad = Estimate(None, None, 0.95, h, h, undefined=h, inside_domain=False, domain=h)
    cut += (
        replace(cut[0], slice={h: 1}, difference=bad, baseline=bad),
        replace(cut[1], slice={}, difference=replace(bad, undefined=None)),
    )
    judged = Judgement(h, (Recommendation(names[1], "hold", h, tuple(evil)),), cut, judgement().look, (h,))
    flip = Flip({h: h}, h, h, h)
    found = ComparisonSet(h, 0, (InputFile(h, h, 1),), (*cut, *claim_evidence(names)), (h,), (flip,) * 7, (flip,))
    return spec, judged, found, {h: h, "Digest": f"sha256:{h}"}
