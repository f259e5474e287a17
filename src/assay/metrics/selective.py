"""Answer or abstain: what a model risks when it answers only where it is sure.

Confidence is the probability of the class that is predicted, max(p, 1 - p); the predicted class is the positive one
from p = 0.5 on; an error is a predicted class that is not the target.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from assay.base.errors import MetricError
from assay.base.registry import Registry
from assay.metrics.curves import mean_of_shares, ranking, undefined
from assay.metrics.registry import Definition
from assay.records.metric import Array, Family, Floats, Influence, Metric

_GEIFMAN = "Geifman & El-Yaniv (2017), NeurIPS 30; Geifman, Uziel & El-Yaniv (2019), ICLR"


def errors_and_confidence(target: Array, p: Floats) -> tuple[Array, Floats]:
    """Whether each row is wrong, and how sure the model was of it."""
    p = np.asarray(p, dtype=float)
    return (p >= 0.5) != (np.asarray(target) > 0), np.maximum(p, 1 - p)


def aurc_influence(target: Array, p: Floats) -> Influence:
    """Area under the risk-coverage curve, exact without each row."""
    wrong, confidence = errors_and_confidence(target, p)
    if len(wrong) < 2:
        return undefined(len(wrong), "fewer than two rows")
    value, moved = mean_of_shares(confidence, wrong, np.ones(len(wrong), dtype=np.int64))
    return Influence(value, moved, facts=_events(wrong))


def _events(wrong: Array) -> dict[str, int]:
    return {"wrong_rows": int(np.count_nonzero(wrong))}


def selective_influence(coverage: float, right: bool, target: Array, p: Floats) -> Influence:
    """Share of errors (or of right rows) among the most confident rows.

    The cut moves with the sample: a row that is taken away lets another one in, whose risk is the one at the cut. It
    is read off the rows whose rank is near.

    Args:
        coverage: The share of rows that is answered.
        right: Whether right rows are counted, not errors.
    """
    wrong, confidence = errors_and_confidence(target, p)
    n = len(wrong)
    if n < 2:
        return undefined(n, "fewer than two rows")
    ranks = ranking(confidence)
    answered = coverage * n
    begun = ranks.ends - ranks.within(np.ones(n))
    # The block of tied rows that the cut runs through is answered in part, as many errors as any of its rows.
    share = np.clip((answered - begun) / (ranks.ends - begun), 0.0, 1.0)
    risk = float(share @ ranks.within(wrong)) / answered
    at_cut = risk_at(answered, wrong[ranks.order], ranks.ends)
    moved = (wrong - at_cut) * share[ranks.block] - coverage * (risk - at_cut)
    moved = moved / (coverage * max(n - 1, 1))
    held = {"wrong_answered": risk * answered, "right_answered": (1 - risk) * answered}
    return Influence(1 - risk, -moved, facts=held) if right else Influence(risk, moved, facts=held)


def risk_at(place: float, wrong: Array, ends: Array) -> float:
    """Share of errors among the n^(2/3) rows on either side of a rank, tied rows taken whole.

    Args:
        place: The rank, possibly between two rows.
        wrong: [n], by rank.
        ends: [B], rows down to the end of each block of tied rows.
    """
    n = len(wrong)
    reach = float(np.ceil(n ** (2 / 3)))
    stops = np.concatenate([[0], ends])
    low = int(stops[int(np.searchsorted(stops, max(place - reach, 0.0), side="right")) - 1])
    high = int(stops[min(int(np.searchsorted(stops, min(place + reach, float(n)))), len(stops) - 1)])
    return float(np.count_nonzero(wrong[low:high])) / max(high - low, 1)


def aurc() -> Metric:
    """Area under the risk-coverage curve."""
    return Metric(
        name="aurc",
        parameters={},
        family=Family.FUNCTIONAL,
        reads="probability",
        direction="lower",
        lower=0.0,
        upper=1.0,
        unit="1",
        summary="Mean, over all rows, of the share of errors among the rows of no lower confidence: the risk of "
        "abstaining, averaged over coverages. Rows of one confidence are answered together.",
        formula="mean_i (errors with k_j >= k_i) / (rows with k_j >= k_i), k = max(p, 1 - p)",
        citation=_GEIFMAN,
        undefined="fewer than two rows",
        influence=aurc_influence,
        label="aurc",
    )


def _selective(name: str, coverage: float, right: bool, summary: str, formula: str) -> Metric:
    if not 0 < coverage <= 1:
        raise MetricError(f"coverage is {coverage}", rule="coverage lies in (0, 1]", fix=f"{name}@0.8")
    return Metric(
        name=name,
        parameters={"coverage": coverage},
        family=Family.FUNCTIONAL,
        reads="probability",
        direction="higher" if right else "lower",
        lower=0.0,
        upper=1.0,
        unit="1",
        summary=f"{summary} among the {coverage:.3g} of the rows of which the model is surest.",
        formula=formula,
        citation=_GEIFMAN,
        undefined="fewer than two rows",
        influence=partial(selective_influence, coverage, right),
        label=name,
    )


def selective_risk(coverage: float = 0.8) -> Metric:
    """Share of errors among the rows of which the model is surest."""
    formula = "errors among the coverage x n rows of the highest max(p, 1 - p) / (coverage x n)"
    return _selective("selective_risk", coverage, False, "Share of errors", formula)


def selective_accuracy(coverage: float = 0.8) -> Metric:
    """Accuracy among the rows of which the model is surest."""
    return _selective("selective_accuracy", coverage, True, "Share of right rows", "1 - selective risk")


def register(registry: Registry[Definition]) -> None:
    """Add the metrics of this room."""
    registry.add("aurc", Definition("aurc", aurc, "", "aurc"))
    for build in (selective_risk, selective_accuracy):
        registry.add(build.__name__, Definition(build.__name__, build, "coverage", f"{build.__name__}@0.8"))
