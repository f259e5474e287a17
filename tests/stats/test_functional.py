from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import expit, logit

from assay.metrics import parse
from assay.records.sample import Design, Rows
from assay.stats.choose import infer
from assay.stats.domain import within
from assay.stats.estimates import facts
from assay.stats.functional import carrying, moves
from assay.stats.options import InferenceOptions
from assay.stats.procedures import Descriptive, LogitT, StudentT, Undefined
from assay.stats.together import joint

OPTIONS = InferenceOptions()
NOTATIONS = ["average_precision", "partial_auc@0.2", "aurc", "selective_risk@0.7", "calibration_slope"]


def rows(seed, n=300, per=1, share=0.4):
    rng = np.random.default_rng(seed)
    unit = np.repeat(np.arange(n), per)
    target = (rng.random(n * per) < share).astype(np.int64)
    shared = rng.normal(size=n)[unit]
    scores = [expit(1.2 * target - 0.6 + 0.7 * shared + rng.normal(size=n * per)) for _ in range(2)]
    codes = None if per == 1 else unit
    return Rows(target, np.stack(scores), codes, codes), Design(n * per, n, float(n), per > 1)


@pytest.mark.parametrize("notation", NOTATIONS)
def test_a_difference_is_candidate_minus_baseline_with_the_variance_of_its_moves(notation):
    sample, design = rows(1)
    metric = parse(notation)
    found = infer(metric, sample, design, OPTIONS)
    one, two = (metric.influence(sample.target, s) for s in sample.scores)
    assert isinstance(found.difference, StudentT)
    assert found.difference.value == pytest.approx(two.value - one.value)
    spread = ((two.moved - one.moved) ** 2).sum() * 299 / 300
    assert found.difference.se == pytest.approx(np.sqrt(spread))
    assert found.difference.method == "influence-jackknife-paired"


@pytest.mark.parametrize("notation", NOTATIONS)
def test_units_of_one_row_are_rows(notation):
    sample, design = rows(2)
    codes = np.arange(300)
    metric = parse(notation)
    plain = infer(metric, sample, design, OPTIONS)
    clustered = infer(metric, Rows(sample.target, sample.scores, codes, codes), design, OPTIONS)
    for side in ("baseline", "candidate", "difference"):
        assert getattr(clustered, side).interval(0.95) == pytest.approx(getattr(plain, side).interval(0.95))


@pytest.mark.parametrize("notation", ["average_precision", "aurc", "partial_auc@0.2", "calibration_slope"])
def test_units_move_the_value_as_if_they_were_left_out(notation):
    sample, _ = rows(3, n=120, per=6)
    metric = parse(notation)
    found = moves(metric, sample)
    left = []
    for unit in range(120):
        kept = sample.unit != unit
        left.append(metric.influence(sample.target[kept], sample.scores[0][kept]).value)
    exact = found.values[0] - np.array(left)
    assert np.abs(found.moved[0] - exact).max() < 0.06 * np.abs(exact).max()
    assert (found.moved[0] ** 2).sum() == pytest.approx((exact**2).sum(), rel=0.05)


@pytest.mark.parametrize("notation", ["average_precision", "aurc", "partial_auc@0.2"])
def test_two_metrics_models_together_vary_as_their_difference_does(notation):
    sample, design = rows(5, n=90, per=4)
    metric = parse(notation)
    alone = infer(metric, sample, design, OPTIONS).difference
    assert isinstance(alone, StudentT)
    both = joint(metric, sample, design, [(0,), (1,)])
    contrast = np.array([-1.0, 1.0])
    assert contrast @ both.values == pytest.approx(alone.value)
    assert np.sqrt(contrast @ both.covariance @ contrast) == pytest.approx(alone.se)
    assert both.df == pytest.approx(alone.df)
    said, own = both.about(contrast), alone.diagnostics
    assert {k: said[k] for k in own if k in said} == pytest.approx({k: own[k] for k in own if k in said})


def test_few_units_at_the_top_of_a_ranking_lie_outside_the_domain():
    """Twenty units hold all high scores, positive and negative alike: they alone move the value."""
    rng = np.random.default_rng(0)
    unit = np.repeat(np.arange(200), 10)
    target = (rng.random(2000) < 0.2).astype(np.int64)
    score = np.where(unit < 6, 5.0, 0.0) + rng.normal(size=200)[unit] * np.where(unit < 6, 1, 0.1)
    arms = np.stack([expit(score + 0.5 * target + 0.1 * rng.normal(size=2000)) for _ in range(2)])
    design = Design(2000, 200, 200.0, True)
    found = infer(parse("average_precision"), Rows(target, arms, unit, unit), design, OPTIONS).candidate
    assert found.diagnostics["carrying_units"] < 15
    inside, why = within(found.method, facts(found, design, 0.95))
    assert not inside
    assert "units that carry the variance" in why


def test_units_that_move_the_value_alike_all_carry_it():
    assert carrying(np.array([1.0, -1.0, 1.0, -1.0])) == pytest.approx(4)
    assert carrying(np.array([1.0, 0.0, 0.0])) == pytest.approx(1)
    assert carrying(np.zeros(3)) == 0


def test_the_slope_of_clusters_has_the_sandwich_of_a_peer():
    sample, design = rows(4, n=400, per=5)
    x = logit(sample.scores[0])
    model = sm.GLM(sample.target, sm.add_constant(x), family=sm.families.Binomial())
    # source: statsmodels 0.15, GLM(...).fit(cov_type="cluster", cov_kwds={"groups": unit}), standard error
    peer = model.fit(cov_type="cluster", cov_kwds={"groups": sample.unit}).bse[1]
    found = infer(parse("calibration_slope"), sample, design, OPTIONS).baseline
    assert isinstance(found, StudentT)
    assert found.se == pytest.approx(peer, rel=0.05)


def test_single_values_of_a_bounded_metric_stay_in_their_range():
    sample, design = rows(5, n=40)
    found = infer(parse("average_precision"), sample, design, OPTIONS).baseline
    assert isinstance(found, LogitT)
    low, high = found.interval(0.999)
    assert 0 < low < found.value < high < 1


def test_perfect_ranking_has_a_value_and_no_interval():
    sample, design = rows(6, n=100)
    perfect = sample.target + np.linspace(0, 0.5, 100)
    found = infer(parse("average_precision"), Rows(sample.target, np.stack([perfect, perfect])), design, OPTIONS)
    assert isinstance(found.candidate, Descriptive)
    assert found.candidate.value == 1.0
    assert isinstance(found.difference, Descriptive)


def test_the_reason_of_the_arm_that_is_undefined_is_given():
    sample, design = rows(7)
    scores = np.stack([sample.scores[0], np.where(sample.scores[1] > 0.5, 1.0, sample.scores[1])])
    found = infer(parse("calibration_slope"), Rows(sample.target, scores), design, OPTIONS)
    assert isinstance(found.baseline, StudentT)
    for side in (found.candidate, found.difference):
        assert isinstance(side, Undefined)
        assert "exactly 0 or 1" in side.reason


def test_one_positive_row_has_a_value_without_an_interval():
    sample, design = rows(8, n=50)
    target = (np.arange(50) == 3).astype(np.int64)
    found = infer(parse("average_precision"), Rows(target, sample.scores), design, OPTIONS)
    assert isinstance(found.baseline, Descriptive)
    assert found.baseline.value > 0


def test_all_rows_of_one_unit_say_nothing_of_units():
    sample, _ = rows(9, n=60)
    codes = np.zeros(60, dtype=np.int64)
    found = infer(
        parse("average_precision"), Rows(sample.target, sample.scores, codes, codes), Design(60, 1, 1.0, True), OPTIONS
    )
    assert isinstance(found.difference, Descriptive)
    assert "one unit" in found.difference.reason


@pytest.mark.parametrize(
    ("notation", "share", "words"),
    [
        ("average_precision", 0.1, "whose precision is averaged"),
        ("partial_auc@0.01", 0.4, "part of the curve"),
        ("calibration_slope", 0.05, "rows of the positive class"),
    ],
)
def test_few_events_lie_outside_the_domain(notation, share, words):
    sample, design = rows(10, share=share)
    found = infer(parse(notation), sample, design, OPTIONS).difference
    inside, said = within(found.method, facts(found, design, 0.95))
    assert not inside
    assert words in said


def test_seeds_are_averaged_and_add_their_variance():
    rng = np.random.default_rng(11)
    sample, _ = rows(11)
    arms = np.stack([expit(logit(sample.scores[i // 3]) + 0.2 * rng.normal(size=300)) for i in range(6)])
    shared = {"rows": 300, "units": 300, "effective_units": 300.0, "clustered": False}
    design = Design(**shared, baseline=(0, 1, 2), candidate=(3, 4, 5), about="method")
    found = infer(parse("average_precision"), Rows(sample.target, arms), design, OPTIONS).difference
    values = [parse("average_precision").influence(sample.target, a).value for a in arms]
    assert found.value == pytest.approx(np.mean(values[3:]) - np.mean(values[:3]))
    assert found.method == "seeds-satterthwaite"


def test_classes_do_not_bind_what_does_not_tell_them_apart():
    sample, design = rows(12, n=120)
    target = np.ones(120, dtype=np.int64)
    found = infer(parse("aurc"), Rows(target, sample.scores), design, OPTIONS).difference
    assert isinstance(found, StudentT)
    assert "class_units" not in found.diagnostics
    alone = infer(parse("average_precision"), Rows(target, sample.scores), design, OPTIONS).candidate
    assert isinstance(alone, Descriptive)
    assert "one class" in alone.reason
