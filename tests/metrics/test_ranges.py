from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import assay
from assay.base.errors import AssayError, MetricError
from assay.metrics import parse
from assay.metrics.ranges import BIASES, CARDINALITIES, coverage, parsed, ranges

REAL = [0, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 1, 0]
SAID = [0, 0, 1, 1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 0]


def value(notation, real, said):
    metric = parse(notation)
    columns = metric.scorer(np.array([ranges(real)], dtype=object), np.array([ranges(said)], dtype=object), 0.0)
    return float(metric.value(np.array([c[0] for c in columns])))


@pytest.mark.parametrize(
    ("notation", "real", "said", "expected"),
    [
        ("range_recall", [1, 1, 0, 0, 0], [1, 1, 1, 1, 0], 1.0),  # source: prts tests, test_recall_function
        ("range_precision", [1, 1, 0, 0, 0], [0, 1, 0, 0, 0], 1.0),  # source: prts tests, test_precision_function
        ("range_precision", [1, 1, 0, 0, 0], [0, 0, 1, 1, 1], 0.0),  # source: prts tests, test_precision_function
        # source: prts tests, test_precision_function_with_all_ones
        ("range_precision", [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], 1.0),
        # source: prts 1.0.0.3, ts_precision(REAL, SAID, bias="flat")
        ("range_precision", REAL, SAID, 0.625),
        # source: prts 1.0.0.3, ts_precision(REAL, SAID, bias="front")
        ("range_precision(bias=front)", REAL, SAID, 0.5833333333333333),
        # source: prts 1.0.0.3, ts_precision(REAL, SAID, bias="back")
        ("range_precision(bias=back)", REAL, SAID, 0.6666666666666666),
        # source: prts 1.0.0.3, ts_recall(REAL, SAID, alpha=0.3, bias="flat")
        ("range_recall@0.3", REAL, SAID, 0.3944444444444444),
        # source: prts 1.0.0.3, ts_recall(REAL, SAID, alpha=0.3, cardinality="one", bias="flat")
        ("range_recall(alpha=0.3, cardinality=one)", REAL, SAID, 0.47222222222222215),
        # source: prts 1.0.0.3, ts_recall(REAL, SAID, alpha=0.3, bias="middle")
        ("range_recall(alpha=0.3, bias=middle)", REAL, SAID, 0.4138888888888889),
        # source: prts 1.0.0.3, ts_fscore: the harmonic mean of 0.625 and 0.3944…
        ("range_f1@0.3", REAL, SAID, 2 * 0.625 * 0.3944444444444444 / (0.625 + 0.3944444444444444)),
    ],
)
def test_ranges_meet_published_and_peer_values(notation, real, said, expected):
    assert value(notation, real, said) == pytest.approx(expected, abs=1e-14)


def _by_definition(own, others, bias, cardinality, alpha):
    """Tatbul et al. (2018), figure 2: position by position."""
    first, last = own
    length = last - first + 1
    delta = {
        "flat": lambda i: 1,
        "front": lambda i: length - i + 1,
        "back": lambda i: i,
        "middle": lambda i: i if i <= length / 2 else length - i + 1,
    }[bias]
    touching = [o for o in others if o[0] <= last and o[1] >= first]
    if not touching:
        return 0.0
    total = sum(delta(i) for i in range(1, length + 1))
    held = sum(delta(i) for i in range(1, length + 1) if any(a <= first + i - 1 <= b for a, b in touching))
    factor = 1 / len(touching) if cardinality == "reciprocal" else 1
    return alpha + (1 - alpha) * factor * held / total


labels = st.lists(st.integers(0, 1), min_size=1, max_size=40)


@given(labels, labels, st.sampled_from(BIASES), st.sampled_from(CARDINALITIES), st.sampled_from([0.0, 0.4, 1.0]))
def test_coverage_is_the_definition(real, said, bias, cardinality, alpha):
    for own in parsed(ranges(real)):
        others = parsed(ranges(said))
        assert coverage(own, others, bias, cardinality, alpha) == pytest.approx(
            _by_definition(own, others, bias, cardinality, alpha)
        )


@given(labels)
def test_text_keeps_every_label(flags):
    kept = np.zeros(len(flags), dtype=int)
    for first, last in parsed(ranges(flags)):
        kept[first : last + 1] = 1
    assert kept.tolist() == flags


@pytest.mark.parametrize("text", ["", "3-", "a", "5-3", "3-7 7-9", "9 3", "1-2,4", "-3", "1.5"])
def test_what_holds_no_ranges_is_refused(text):
    with pytest.raises(MetricError, match="holds no ranges"):
        parsed(text)


@pytest.mark.parametrize("notation", ["range_recall@2", "range_f1(bias=side)", "range_precision(cardinality=two)"])
def test_parameters_out_of_range_are_refused(notation):
    with pytest.raises(MetricError):
        parse(notation)


def series(seed, size=60):
    rng = np.random.default_rng(seed)
    table = {"id": range(size), "y": [], "a": [], "b": []}
    for _ in range(size):
        y = np.zeros(200, dtype=int)
        for start in rng.choice(180, rng.integers(0, 4), replace=False):
            y[start : start + rng.integers(3, 20)] = 1
        table["y"].append(ranges(y))
        for name, miss in (("a", 0.4), ("b", 0.1)):
            kept = np.repeat(rng.random(20) > miss, 10)
            table[name].append(ranges((y & kept) | (rng.random(200) < 0.003)))
    return table


def test_series_are_compared_through_the_public_door():
    table = series(1)
    metrics = ["range_recall", "range_precision", "range_f1(alpha=0.2)"]
    found = assay.compare(table, on="id", target="y", baseline="a", candidates="b", metrics=metrics)
    real, said = ([r for t in table[c] for r in [parsed(t)]] for c in ("y", "b"))
    every = [coverage(own, p, "flat", "reciprocal", 0.0) for r, p in zip(real, said, strict=True) for own in r]
    assert found[0].candidate.value == pytest.approx(np.mean(every))
    assert found[0].difference.interval[0] > 0
    for comparison in found:
        low, high = comparison.difference.interval
        assert low < comparison.difference.value < high
        assert comparison.difference.units == 60


def test_no_ranges_anywhere_is_undefined():
    table = {"id": range(40), "y": ["none"] * 40, "a": ["none"] * 40, "b": ["1-2"] * 40}
    found = assay.compare(table, on="id", target="y", baseline="a", candidates="b", metrics=["range_recall"])
    assert found[0].baseline.value is None
    assert "no series has a range" in found[0].difference.undefined


@pytest.mark.parametrize("bad", [[0.5] * 40, ["1-2"] * 39 + ["oops"]])
def test_what_is_no_text_of_ranges_is_refused_in_one_line(bad):
    table = {"id": range(40), "y": ["1-2"] * 40, "a": ["1-2"] * 40, "b": bad}
    with pytest.raises(AssayError) as caught:
        assay.compare(table, on="id", target="y", baseline="a", candidates="b", metrics=["range_recall"])
    assert "ranges" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_single_positions_may_be_read_as_numbers():
    table = {"id": range(40), "y": [5] * 40, "a": [5, 6] * 20, "b": [5] * 40}
    found = assay.compare(table, on="id", target="y", baseline="a", candidates="b", metrics=["range_recall"])
    assert (found[0].baseline.value, found[0].candidate.value) == (0.5, 1.0)


def test_every_bias_weighs_a_whole_range_alike():
    for bias, cardinality in itertools.product(BIASES, CARDINALITIES):
        assert coverage((3, 9), [(0, 20)], bias, cardinality, 0.0) == pytest.approx(1.0)


@pytest.mark.parametrize("notation", ["range_precision", "range_recall", "range_f1"])
def test_scores_are_of_each_series_alone_and_a_perfect_prediction_is_1(notation):
    metric = parse(notation)
    table = series(2)
    real, said = (np.array(table[c], dtype=object) for c in ("y", "a"))
    order = np.random.default_rng(3).permutation(60)
    whole = metric.scorer(real, said, 0.0)
    assert len(whole) == len(metric.columns)
    for column, shuffled in zip(whole, metric.scorer(real[order], said[order], 0.0), strict=True):
        assert np.array_equal(column[order], shuffled)
    means = np.array([c.mean() for c in metric.scorer(real, real, 0.0)])
    assert metric.value(means) == pytest.approx(1.0)
