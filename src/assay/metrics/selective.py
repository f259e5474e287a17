"""Answer or abstain: what a model risks when it answers only where it is sure.

Confidence is the probability of the class that is predicted. Of two classes it is max(p, 1 - p), and the predicted one
is the positive one from p = 0.5 on; of several, whose probabilities stand in a vector, it is the largest of them, and
a class that shares it with another is not told apart, which is an error.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial

import numpy as np

from assay.base.errors import MetricError
from assay.base.registry import Registry
from assay.metrics.classlists import scores_of_truth
from assay.metrics.curves import mean_of_shares, ranking, undefined
from assay.metrics.registry import Definition
from assay.records.metric import Array, Family, Floats, Influence, Metric

SOURCES = ("probability", "scores")
_GEIFMAN = "Geifman & El-Yaniv (2017), NeurIPS 30; Geifman, Uziel & El-Yaniv (2019), ICLR"


def errors_and_confidence(target: Array, p: Floats) -> tuple[Array, Floats]:
    """Whether each row is wrong, and how sure the model was of it."""
    p = np.asarray(p, dtype=float)
    return (p >= 0.5) != (np.asarray(target) > 0), np.maximum(p, 1 - p)


def signed_errors(target: Array, signed: Floats) -> tuple[Array, Floats]:
    """The same of several classes, from confidences that are negative where the row is wrong."""
    return np.signbit(signed), np.abs(signed)


def signed_confidence(label: str, labels: tuple[str, ...], target: Array, prediction: Floats) -> Floats:
    """The largest probability of each row [n], negative where it is not that of the row's class alone.

    Args:
        label: The metric, for messages.
        labels: The classes, in the order of the probabilities.
        target: [n], classes.
        prediction: [n, k], probabilities.

    Raises:
        MetricError: what is no probability, or classes that do not fit.
    """
    own = scores_of_truth(label, labels, target, prediction)
    if ((prediction < 0) | (prediction > 1)).any():
        odd = float(prediction[(prediction < 0) | (prediction > 1)][0])
        raise MetricError(
            f"{label} needs probabilities and a vector holds {odd:g}",
            rule="a probability lies in [0, 1]",
            fix="turn scores into probabilities (softmax): confidence is compared between rows",
        )
    right = np.count_nonzero(prediction >= own[:, None], axis=1) == 1
    most = prediction.max(axis=1)
    return np.asarray(np.where(right, most, -most), dtype=float)


Errors = Callable[[Array, Floats], tuple[Array, Floats]]


def aurc_influence(target: Array, p: Floats, errors: Errors = errors_and_confidence) -> Influence:
    """Area under the risk-coverage curve, exact without each row."""
    wrong, confidence = errors(target, p)
    if len(wrong) < 2:
        return undefined(len(wrong), "fewer than two rows")
    value, moved = mean_of_shares(confidence, wrong, np.ones(len(wrong), dtype=np.int64))
    return Influence(value, moved, facts=_events(wrong))


def _events(wrong: Array) -> dict[str, int]:
    return {"wrong_rows": int(np.count_nonzero(wrong))}


def selective_influence(
    coverage: float, right: bool, target: Array, p: Floats, errors: Errors = errors_and_confidence
) -> Influence:
    """Share of errors (or of right rows) among the most confident rows.

    The cut moves with the sample: a row that is taken away lets another one in, whose risk is the one at the cut. It
    is read off the rows whose rank is near.

    Args:
        coverage: The share of rows that is answered.
        right: Whether right rows are counted, not errors.
        errors: Which rows are wrong, and how sure the model was.
    """
    wrong, confidence = errors(target, p)
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


def _read(base: Metric, from_: str, by_classes: Callable[[Array, Floats], Influence]) -> Metric:
    """The metric as it is of one probability a row, or of a vector with one for each class."""
    if from_ not in SOURCES:
        raise MetricError(
            f"from is {from_!r}", rule=f"from is one of {', '.join(SOURCES)}", fix=f"{base.label}(from=scores)"
        )
    if from_ == "probability":
        return base
    vectors = dataclasses.replace(base, reads="class scores", influence=by_classes)
    return dataclasses.replace(vectors, bind=partial(_bound, vectors))


def _bound(base: Metric, labels: tuple[str, ...]) -> Metric:
    def scorer(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
        return (signed_confidence(base.label, labels, target, prediction),)

    return dataclasses.replace(base, scorer=scorer)


def aurc(from_: str = "probability") -> Metric:
    """Area under the risk-coverage curve."""
    base = Metric(
        name="aurc",
        parameters={},
        family=Family.FUNCTIONAL,
        reads="probability",
        direction="lower",
        lower=0.0,
        upper=1.0,
        unit="1",
        summary="Mean, over all rows, of the share of errors among the rows of no lower confidence: the risk of "
        "abstaining, averaged over coverages. Rows of one confidence are answered together. With `from=scores` of "
        "several classes, from a vector with the probability of each, in the order of `--labels`.",
        formula="mean_i (errors with k_j >= k_i) / (rows with k_j >= k_i), k = max(p, 1 - p), or the largest of p",
        citation=_GEIFMAN,
        undefined="fewer than two rows",
        influence=aurc_influence,
        label="aurc",
    )
    return _read(base, from_, partial(aurc_influence, errors=signed_errors))


def _selective(name: str, coverage: float, right: bool, from_: str, words: tuple[str, str]) -> Metric:
    if not 0 < coverage <= 1:
        raise MetricError(f"coverage is {coverage}", rule="coverage lies in (0, 1]", fix=f"{name}@0.8")
    summary, formula = words
    base = Metric(
        name=name,
        parameters={"coverage": coverage},
        family=Family.FUNCTIONAL,
        reads="probability",
        direction="higher" if right else "lower",
        lower=0.0,
        upper=1.0,
        unit="1",
        summary=f"{summary} among the {coverage:.3g} of the rows of which the model is surest; `from=scores` as for "
        "`aurc`.",
        formula=formula,
        citation=_GEIFMAN,
        undefined="fewer than two rows",
        influence=partial(selective_influence, coverage, right),
        label=name,
    )
    return _read(base, from_, partial(selective_influence, coverage, right, errors=signed_errors))


def selective_risk(coverage: float = 0.8, from_: str = "probability") -> Metric:
    """Share of errors among the rows of which the model is surest."""
    formula = "errors among the coverage x n rows of the highest max(p, 1 - p) / (coverage x n)"
    return _selective("selective_risk", coverage, False, from_, ("Share of errors", formula))


def selective_accuracy(coverage: float = 0.8, from_: str = "probability") -> Metric:
    """Accuracy among the rows of which the model is surest."""
    return _selective("selective_accuracy", coverage, True, from_, ("Share of right rows", "1 - selective risk"))


def register(registry: Registry[Definition]) -> None:
    """Add the metrics of this room."""
    registry.add("aurc", Definition("aurc", aurc, "", "aurc"))
    for build in (selective_risk, selective_accuracy):
        registry.add(build.__name__, Definition(build.__name__, build, "coverage", f"{build.__name__}@0.8"))
