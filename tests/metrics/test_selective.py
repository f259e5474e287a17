from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.base.errors import MetricError
from assay.metrics import parse


def value(notation, target, p):
    return parse(notation).influence(np.asarray(target), np.asarray(p, dtype=float)).value


@pytest.mark.parametrize(
    ("target", "p", "expected"),
    [
        # source: torch-uncertainty tests, TestAURC.test_compute_zero_binary (all right: 0)
        ([0, 0, 0, 0, 0], [0.1, 0.2, 0.3, 0.4, 0.2], 0.0),
        # source: Geifman & El-Yaniv (2017), definition, worked by hand: risks 0, 0, 1/3, 1/4
        ([1, 0, 1, 0], [0.95, 0.1, 0.3, 0.4], (0 + 0 + 1 / 3 + 1 / 4) / 4),
        # source: the same, every row wrong
        ([1, 0, 1, 0], [0.1, 0.9, 0.2, 0.8], 1.0),
        # source: the same, one confidence: no row can be answered alone
        ([1, 0, 1, 1], [0.7, 0.7, 0.7, 0.7], 0.25),
    ],
)
def test_area_under_the_risk_coverage_curve(target, p, expected):
    assert value("aurc", target, p) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("coverage", "expected"),
    [(0.25, 0.0), (0.5, 0.0), (0.75, 1 / 3), (1.0, 0.25), (0.625, 0.2)],
)
def test_selective_risk_by_hand(coverage, expected):
    """Rows by confidence: right, right, wrong, right; 2.5 rows hold half an error."""
    target, p = [1, 0, 1, 0], [0.95, 0.1, 0.3, 0.4]
    assert value(f"selective_risk@{coverage}", target, p) == pytest.approx(expected)
    assert value(f"selective_accuracy@{coverage}", target, p) == pytest.approx(1 - expected)


tables = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 8)), min_size=4, max_size=30)


@given(tables)
def test_aurc_without_each_row_is_exact(rows):
    target, p = np.array([r[0] for r in rows]), np.array([r[1] / 8 for r in rows])
    metric = parse("aurc")
    found = metric.influence(target, p)
    for i in range(len(target)):
        left = metric.influence(np.delete(target, i), np.delete(p, i)).value
        assert found.value - found.moved[i] == pytest.approx(left, abs=1e-12)


@given(tables)
def test_at_full_coverage_the_risk_is_the_error_rate(rows):
    target, p = np.array([r[0] for r in rows]), np.array([r[1] / 8 for r in rows])
    error = ((p >= 0.5) != target).mean()
    found = parse("selective_risk@1").influence(target, p)
    assert found.value == pytest.approx(error)
    n = len(rows)
    assert found.moved == pytest.approx((((p >= 0.5) != target) - error) / (n - 1), abs=1e-12)


def test_moves_of_the_selective_risk_say_its_variance():
    """Against the variance over samples, which a cut taken as fixed misses."""
    rng = np.random.default_rng(1)
    metric = parse("selective_risk@0.7")
    found = []
    for _ in range(1500):
        p = rng.random(400)
        y = (rng.random(400) < p).astype(int)
        one = metric.influence(y, p)
        found.append((one.value, (one.moved**2).sum()))
    values, variances = np.array(found).T
    assert variances.mean() == pytest.approx(values.var(), rel=0.1)


def test_probabilities_of_exactly_0_and_1_are_answered_first():
    assert value("selective_risk@0.5", [0, 1, 1, 0], [0.0, 1.0, 0.4, 0.6]) == 0.0


@pytest.mark.parametrize("notation", ["selective_risk@0", "selective_accuracy@1.5", "selective_risk@-0.1"])
def test_a_coverage_out_of_range_is_refused(notation):
    with pytest.raises(MetricError, match="coverage lies in"):
        parse(notation)


CLASSES = ("a", "b", "c")


def of_classes(notation, target, vectors):
    metric = parse(notation).bind(CLASSES)
    rows = np.array(target, dtype=object)
    signed = metric.scorer(rows, np.array(vectors, dtype=float), 0.0)[0]
    return metric.influence(np.zeros(len(rows)), signed).value


def test_several_classes_by_hand():
    """Confidences 0.9 right, 0.6 wrong, 0.5 right, 0.4 shared by two classes, which tells neither apart."""
    vectors = [[0.9, 0.1, 0], [0.6, 0.3, 0.1], [0.2, 0.5, 0.3], [0.4, 0.4, 0.2]]
    target = ["a", "b", "b", "a"]
    # source: Geifman & El-Yaniv (2017), definition, worked by hand: risks 0, 1/2, 1/3, 1/2
    assert of_classes("aurc(from=scores)", target, vectors) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)
    assert of_classes("selective_risk@0.5(from=scores)", target, vectors) == pytest.approx(1 / 2)
    assert of_classes("selective_accuracy@0.75(from=scores)", target, vectors) == pytest.approx(2 / 3)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 8).filter(lambda k: k != 4)), min_size=2, max_size=30))
def test_two_classes_are_read_alike_from_a_vector_and_from_one_probability(rows):
    p = np.array([r[1] / 8 for r in rows])
    pairs = np.stack([1 - p, p, np.zeros(len(p))], axis=1)
    for notation in ("aurc", "selective_risk@0.6"):
        single = value(notation, [r[0] for r in rows], p)
        assert of_classes(f"{notation}(from=scores)", ["ab"[r[0]] for r in rows], pairs) == pytest.approx(single)


@pytest.mark.parametrize(
    ("vectors", "target", "said"),
    [
        ([[0.5, 0.5], [1, 0]], ["a", "b"], "a vector has 2 scores, and 3 classes are named"),
        ([[2, -1, 0], [1, 0, 0]], ["a", "b"], "a vector holds 2"),
        ([[1, 0, 0], [1, 0, 0]], ["a", "z"], "the class 'z' is not among the labels"),
    ],
)
def test_vectors_that_are_no_probabilities_of_the_classes_are_refused(vectors, target, said):
    with pytest.raises(MetricError, match=said):
        of_classes("aurc(from=scores)", target, vectors)


def test_an_unknown_source_is_refused():
    with pytest.raises(MetricError, match="from is one of probability, scores"):
        parse("aurc(from=logits)")
