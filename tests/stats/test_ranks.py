from __future__ import annotations

import numpy as np
import pytest

from assay.records.sample import Rows
from assay.stats.auc import auc_difference, auc_replicates, delong, single_auc
from assay.stats.choose import infer
from assay.stats.domain import within
from assay.stats.estimates import facts
from assay.stats.options import InferenceOptions
from assay.stats.procedures import Descriptive, Undefined
from tests.stats.samples import AUC, clustered, flat

OPTIONS = InferenceOptions()
RNG = np.random.default_rng(0)
TARGET = RNG.integers(0, 2, 120)
SCORES = TARGET + RNG.standard_normal((6, 120))
TARGET_LEAST = int(min(TARGET.sum(), 120 - TARGET.sum()))
UNIT = np.arange(120) // 4


def test_difference_is_delongs() -> None:
    found = infer(AUC, Rows(TARGET, SCORES[:2]), flat(120), OPTIONS).difference
    reference = delong(TARGET, SCORES[:2])
    c = reference.covariance
    assert found.method == "delong-paired"
    assert found.value == pytest.approx(reference.values[1] - reference.values[0])
    assert found.se == pytest.approx(np.sqrt(c[0, 0] + c[1, 1] - 2 * c[0, 1]))


def test_single_follows_its_own_rule() -> None:
    found = infer(AUC, Rows(TARGET, SCORES[:2]), flat(120), OPTIONS)
    fit = delong(TARGET, SCORES[:2])
    assert found.baseline == single_auc(fit, (0,))
    assert found.candidate == single_auc(fit, (1,))
    assert found.difference == auc_difference(fit, (0,), (1,))


def test_clusters_by_exact_replicates() -> None:
    found = infer(AUC, Rows(TARGET, SCORES[:2], UNIT, UNIT), clustered(np.full(30, 4)), OPTIONS).difference
    values, reps = auc_replicates(TARGET, SCORES[:2], UNIT)
    d = (reps[:, 1] - reps[:, 0]) - (values[1] - values[0])
    assert found.method == "auc-jackknife"
    classes = [np.bincount(UNIT[c == TARGET]).astype(float) for c in (0, 1)]
    assert found.df == pytest.approx(min(29, *(n.sum() ** 2 / (n * n).sum() - 1 for n in classes)))
    assert found.se == pytest.approx(np.sqrt(29 / 30 * (d * d).sum()))


def test_nearly_perfect_ranks_of_clusters_are_outside_the_domain_and_their_differences_inside() -> None:
    # With an AUC of 0.998 and 60 units of 5 rows it covers 88 %: too few rows are ranked wrong to see a variance.
    rng = np.random.default_rng(5)
    unit = np.repeat(np.arange(60), 5)
    target = rng.integers(0, 2, 300)
    scores = 4 * target + rng.standard_normal((2, 300))
    design = clustered(np.full(60, 5))
    found = infer(AUC, Rows(target, scores, unit, unit), design, OPTIONS)
    missed = found.candidate.diagnostics["misranked"]
    assert missed == pytest.approx((1 - found.candidate.value) * min(target.sum(), 300 - target.sum()))
    assert 0 < missed < 1
    inside, why = within("auc-jackknife", facts(found.candidate, design, 0.95))
    assert not inside
    assert "rows of the smaller class ranked wrong" in why
    assert within("auc-jackknife", facts(found.difference, design, 0.95))[0]


def test_codes_with_holes_are_the_same_groups() -> None:
    one = infer(AUC, Rows(TARGET, SCORES[:2], UNIT, UNIT), clustered(np.full(30, 4)), OPTIONS)
    other = infer(AUC, Rows(TARGET, SCORES[:2], UNIT, UNIT * 7 + 3), clustered(np.full(30, 4)), OPTIONS)
    assert one.candidate.interval(0.95) == other.candidate.interval(0.95)


@pytest.mark.parametrize("unit", [None, UNIT])
def test_seeds_widen(unit: np.ndarray | None) -> None:
    arms = {"baseline": (0, 1, 2), "candidate": (3, 4, 5)}
    make = flat(120, **arms) if unit is None else clustered(np.full(30, 4), **arms)
    about = flat(120, about="method", **arms) if unit is None else clustered(np.full(30, 4), about="method", **arms)
    model = infer(AUC, Rows(TARGET, SCORES, unit, unit), make, OPTIONS).difference
    method = infer(AUC, Rows(TARGET, SCORES, unit, unit), about, OPTIONS).difference
    assert method.value == pytest.approx(model.value)
    assert method.method == "seeds-satterthwaite"
    assert method.se > model.se


def test_one_class_is_undefined() -> None:
    found = infer(AUC, Rows(np.ones(9), SCORES[:2, :9]), flat(9), OPTIONS)
    again = infer(AUC, Rows(np.ones(8), SCORES[:2, :8], UNIT[:8], UNIT[:8]), clustered(np.full(2, 4)), OPTIONS)
    assert isinstance(found.difference, Undefined)
    assert isinstance(again.baseline, Undefined)


def test_perfect_or_equal_ranking_shows_no_variance() -> None:
    perfect = infer(AUC, Rows(TARGET, np.stack([TARGET, TARGET]) * 1.0), flat(120), OPTIONS)
    assert perfect.baseline.interval(0.95) == (pytest.approx(0.025 ** (1 / TARGET_LEAST)), 1.0)
    assert perfect.baseline.value == 1.0
    assert isinstance(perfect.difference, Descriptive)
    assert "alike" in perfect.difference.reason
