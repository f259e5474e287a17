from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.base.errors import PlanError
from assay.stats.multiplicity import (
    ADJUSTMENTS,
    bonferroni_alpha,
    holm,
    holm_alphas,
)

families = st.lists(st.floats(0, 1), min_size=1, max_size=12)


@given(families, st.sampled_from(sorted(ADJUSTMENTS)), st.randoms(use_true_random=False))
def test_adjustments_follow_their_claims_and_never_shrink_p(p, name, random):
    order = random.sample(range(len(p)), len(p))
    adjusted = ADJUSTMENTS[name](p)
    assert ADJUSTMENTS[name]([p[i] for i in order]) == pytest.approx(adjusted[order])
    assert (adjusted >= np.array(p) - 1e-12).all()
    assert (adjusted <= 1).all()


@given(families)
def test_methods_stand_in_their_order_of_strictness(p):
    value = {name: adjust(p) for name, adjust in ADJUSTMENTS.items()}
    for loose, strict in [
        ("holm", "bonferroni"),
        ("holm-sidak", "holm"),
        ("hochberg", "holm"),
        ("benjamini-hochberg", "hochberg"),
        ("benjamini-hochberg", "benjamini-yekutieli"),
    ]:
        assert (value[loose] <= value[strict] + 1e-12).all()


@given(families, st.floats(0.001, 0.2))
def test_reading_at_holms_levels_gives_holms_verdicts(p, alpha):
    adjusted, levels = holm(p), holm_alphas(p, alpha)
    clear = np.abs(adjusted - alpha) > 1e-9
    np.testing.assert_array_equal((np.array(p) <= levels)[clear], (adjusted <= alpha)[clear])
    assert levels.min() >= alpha / len(p) * (1 - 1e-12)


def test_undefined_counts_in_the_family():
    assert holm([0.02, float("nan")]) == pytest.approx([0.04, 1.0])


def test_bonferroni_level():
    assert bonferroni_alpha(0.05, 5) == pytest.approx(0.01)
    assert bonferroni_alpha(0.05, 0) == 0.05


def test_what_is_no_p_value_is_refused():
    with pytest.raises(PlanError, match=r"\[0, 1\]"):
        holm([0.5, 1.5])


def test_an_empty_family_is_empty():
    assert holm([]).size == 0
    assert holm_alphas([], 0.05).size == 0
