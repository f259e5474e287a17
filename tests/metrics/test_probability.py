"""Log loss, Brier and AUC against scikit-learn; the calibration error against its own definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn import metrics as sk

from assay.base.errors import MetricError
from assay.metrics import parse
from assay.metrics.probability import brier_rows, debiased_ece, log_loss_rows

rows = st.lists(st.tuples(st.integers(0, 1), st.floats(0.001, 0.999)), min_size=1, max_size=50)


@settings(max_examples=30)
@given(rows)
def test_log_loss_and_brier_are_those_of_scikit_learn(given_rows: list[tuple[int, float]]) -> None:
    y, p = (np.array(v) for v in zip(*given_rows, strict=True))
    assert log_loss_rows(y, p, 0.0)[0].mean() == pytest.approx(sk.log_loss(y, p, labels=[0, 1]), rel=1e-12)
    assert brier_rows(y, p, 0.0)[0].mean() == pytest.approx(float(np.mean((p - y) ** 2)), rel=1e-12)


def test_certainty_is_finite_and_right_certainty_is_free() -> None:
    loss = log_loss_rows(np.array([1, 0, 1, 0]), np.array([1.0, 0.0, 0.0, 1.0]), 0.0)[0]
    assert loss[:2] == pytest.approx([0, 0], abs=1e-14)
    assert loss[2:] == pytest.approx(-np.log(1e-15), rel=1e-2)
    assert np.all(loss >= 0)


def test_the_calibration_error_of_one_bin_by_hand() -> None:
    # 2 |gap| - E|N(gap, y(1-y)/n)|; scipy's folded normal is the independent computation
    y, p = np.array([1, 1, 1, 0] * 5), np.full(20, 0.5)
    sd = np.sqrt(0.75 * 0.25 / 20)
    folded = stats.foldnorm.mean(0.25 / sd, scale=sd)
    assert debiased_ece(1, y, p) == pytest.approx(2 * 0.25 - folded, rel=1e-9)


def test_a_calibrated_model_has_far_less_calibration_error_than_the_plug_in_says() -> None:
    rng = np.random.default_rng(0)
    ours, plain = [], []
    for _ in range(50):
        p = rng.uniform(0, 1, 400)
        y = (rng.uniform(0, 1, 400) < p).astype(float)
        ours.append(debiased_ece(15, y, p))
        order = np.argsort(p)
        parts = np.array_split(order, 15)
        plain.append(sum(len(b) / 400 * abs(y[b].mean() - p[b].mean()) for b in parts))
    assert np.mean(ours) < 0.6 * np.mean(plain)


@settings(max_examples=30)
@given(rows, st.integers(2, 20))
def test_the_calibration_error_lies_in_its_range(given_rows: list[tuple[int, float]], bins: int) -> None:
    y, p = (np.array(v, dtype=float) for v in zip(*given_rows, strict=True))
    found = debiased_ece(bins, y, p)
    assert 0 <= found <= 1


@settings(max_examples=30)
@given(st.lists(st.floats(0.01, 0.99), min_size=2, max_size=30, unique=True), st.randoms(use_true_random=False))
def test_the_calibration_error_does_not_depend_on_the_order_of_distinct_scores(scores: list[float], random) -> None:  # type: ignore[no-untyped-def]
    pairs = [(s, i % 2) for i, s in enumerate(scores)]
    shuffled = random.sample(pairs, len(pairs))
    one, two = (debiased_ece(5, np.array([y for _, y in x]), np.array([s for s, _ in x])) for x in (pairs, shuffled))
    assert one == two


@pytest.mark.parametrize("notation", ["ece@1", "ece@1001", "ece@0", "ece@2.5", "ece@x"])
def test_a_wrong_number_of_bins_is_refused(notation: str) -> None:
    with pytest.raises(MetricError, match="bins"):
        parse(notation)
