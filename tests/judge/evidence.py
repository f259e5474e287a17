"""Small pieces of evidence for the tests of the judge."""

from __future__ import annotations

from typing import Any, Literal

from assay.records.comparison import Alignment, Comparison
from assay.records.estimate import Estimate
from assay.records.metric import Family, Metric
from assay.records.plan import Claim, DataSpec, ModelSpec, Plan
from assay.records.verdict import Status, Verdict

AUC, LOSS = "auc", "log_loss"


def metric(name: str = AUC, direction: Literal["higher", "lower"] = "higher", unit: str = "1") -> Metric:
    return Metric(name, {}, Family.MEAN, "score", direction, 0.0, None, unit, "", "", "", label=name)


HIGHER = metric()
LOWER = metric(LOSS, "lower", "nats")


def estimate(bounds: tuple[float, float] | None, **more: Any) -> Estimate:
    value = None if bounds is None else sum(bounds) / 2
    fields: dict[str, Any] = {"level": 0.95, "method": "t", "units": 100, "rows": 100, "decision_interval": bounds}
    return Estimate(value, bounds, **{**fields, **more})


def comparison(difference: Estimate, of: Metric = HIGHER, candidate: Estimate | None = None) -> Comparison:
    one = estimate((0.7, 0.8))
    return Comparison(of, {}, "base", "cand", Alignment(100, 100, 100.0), one, candidate or one, difference)


def claim(kind: Any = "better", name: str = "main", **more: Any) -> Claim:
    return Claim(name, AUC, kind, **more)


def verdict(status: Status, name: str = "main", guardrail: bool = False, primary: bool = True) -> Verdict:
    return Verdict(claim(name=name, guardrail=guardrail, primary=primary), "cand", status, f"{name} is {status}")


def plan(**more: Any) -> Plan:
    fields: dict[str, Any] = {
        "name": "plan",
        "question": "q",
        "hypothesis": "h",
        "owner": "o",
        "data": DataSpec("test", ("id",), "y"),
        "baseline": ModelSpec("base", "b.csv"),
        "candidates": (ModelSpec("cand", "c.csv"),),
        "claims": (claim(),),
    }
    return Plan(**{**fields, **more})
